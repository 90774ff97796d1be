//===- Plan.h - What the steps of the planner share -------------*- C++ -*-===//
//
// In order: readLaunches, collectChecks, collectSymbols, donate, sharePieces,
// tieOperands, donate, shareInPlace, computeRanges, findWaves, placeArena,
// computeDependences, buildProgram.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_LIB_MEMORY_PLAN_H
#define MLOPT_PASSES_LIB_MEMORY_PLAN_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlopt/RT/Mlrt.h"
#include "llvm/ADT/BitVector.h"

namespace mlopt::plan {

enum class Place { Input, Output, Weight, Arena };

/// Memory of one tensor, and after merging of all tensors that share it.
struct Storage {
  Place region = Place::Arena;
  unsigned index = 0; ///< number of the input or output
  SymExpr bytes;      ///< as stored in its layout, not rounded
  LayoutAttr layout;  ///< null: row-major
  bool scratch = false;
  bool donated = false; ///< place Input: a result of the function takes it over
  std::string name; ///< names of the nodes that write it, or of the input
  /// Place Weight: where the elements come from.
  mlir::StringAttr parameter;
  mlir::ElementsAttr constant;

  unsigned parent = 0; ///< union-find, see Plan::find
  SymExpr shift;       ///< bytes from the parent's begin; null: 0
  int64_t first = -1, last = -1;
  /// The range in which nothing else takes its place: `first` to `last`, or the
  /// waves around them (findWaves).
  int64_t keptFirst = -1, keptLast = -1;
  // Set by placement, for roots in the arena.
  SymExpr rounded; ///< bytes rounded up to 64: a constant, a symbol or a step
  SymExpr offset;
};

/// A launch, or a copy where `launch` is null.
struct Item {
  Item(mlopt::LaunchOp launch, KernelOp kernel, mlir::Location loc)
      : launch(launch), kernel(kernel), loc(loc) {}
  /// A copy.
  Item(unsigned source, unsigned target, mlir::Location loc)
      : loc(loc), ins({source}), outs({target}), insPart({false}), outsPart({false}) {}

  mlopt::LaunchOp launch;
  KernelOp kernel;
  mlir::Location loc;
  llvm::SmallVector<unsigned> ins, outs; ///< storages, in pointer order; a copy has one of each
  std::optional<unsigned> scratch;
  llvm::SmallVector<SymExpr> sizes;          ///< the kernel's symbols
  llvm::SmallVector<SymExpr> strides;        ///< outer strides in bytes
  SymExpr units;                             ///< of the partition; null: the kernel has none
  llvm::SmallVector<bool> insPart, outsPart; ///< touched only in the thread's own share
  int64_t phases = 1;
  SymExpr work; ///< picoseconds of one thread; null for a copy
  /// Bytes of scratch of each thread, where no scratch is shared; else null.
  SymExpr threadScratch;

  // Set by computeDependences.
  llvm::SmallVector<int64_t> afterOwn, afterAll;
  bool barrierBefore = false;
};

struct Check {
  SymExpr condition; ///< 0: refused
  std::string message;
};

struct Plan {
  mlir::func::FuncOp function;
  ShapeAnalysis &shapes;
  std::vector<Storage> storages;
  std::vector<Item> items;
  llvm::SmallVector<rt::SymbolAttr> symbols;
  llvm::SmallVector<rt::TensorAttr> inputs, outputs;
  /// Per result of the function the argument whose storage it takes, or -1.
  llvm::SmallVector<int64_t> donated;
  std::vector<std::pair<std::string, SymExpr>> steps;
  std::vector<Check> checks;
  SymExpr arenaBytes, lowerBound;
  /// Kernels find a piece of a tensor at a multiple of so many bytes from its begin.
  int64_t pieceAlignment = 1;
  /// Per root in the arena: what the order of placement puts below it.
  llvm::DenseMap<unsigned, llvm::BitVector> below;

  Plan(mlir::func::FuncOp function, ShapeAnalysis &shapes) : function(function), shapes(shapes) {}
  mlir::MLIRContext *getContext() { return shapes.getContext(); }
  unsigned addStorage(Storage storage);
  /// Root of what shares memory with `storage`.
  unsigned find(unsigned storage);
  /// Bytes from the begin of the root to the begin of `storage`.
  SymExpr shiftOf(unsigned storage);
  /// Whether `storage` takes up all of what it shares memory with.
  bool isWhole(unsigned storage);
  /// Makes `piece`, which must be whole and in the arena, lie inside of `storage`.
  void attach(unsigned piece, unsigned storage, SymExpr shift);
  /// Makes two storages of equal bytes one; one of them must be whole. The one
  /// outside of the arena, if any, says where.
  void merge(unsigned a, unsigned b);
  SymExpr constant(int64_t value) { return SymExpr::constant(getContext(), value); }
  /// A name for a size that is not a constant or a symbol already.
  SymExpr name(SymExpr value, llvm::StringRef prefix);

private:
  llvm::DenseMap<mlir::Attribute, SymExpr> named;
  llvm::StringMap<unsigned> counts;
};

/// What an item does to memory.
struct Access {
  unsigned storage;   ///< a root
  SymExpr begin, end; ///< bytes in it
  bool writes = false;
  bool scratch = false;
  /// Not null: the thread touches its own share only. For a tensor the number of
  /// equal units, for scratch the bytes of a thread.
  SymExpr share;
};
/// Per item; what cannot be written (inputs, weights) is left out.
std::vector<llvm::SmallVector<Access>> accessesOf(Plan &plan);
/// Estimated picoseconds of one thread for a launch of the kernel, in its symbols.
SymExpr estimateWork(KernelOp kernel);
/// The number of threads for which the work between barriers suffices, at least 1.
SymExpr usefulThreads(Plan &plan);
/// Whether a later item must follow an earlier one: not at all, each thread its
/// own part of it, or all threads.
enum class Order { None, Own, All };
/// Without `placed`, what the tensors alone ask for; else their places as well.
Order orderOf(Plan &plan, llvm::ArrayRef<Access> earlier, llvm::ArrayRef<Access> later,
              bool placed);

/// Names of the model's nodes in a location, joined by ", ".
std::string nodeNames(mlir::Location loc);
/// Rounded up to a multiple of 64.
SymExpr roundUp(SymExpr bytes);

/// What a plan is judged at: factors of the usual sizes, and threads. The usual
/// sizes and one thread come first.
struct Point {
  int64_t multiply, divide, threads;
};
constexpr Point points[] = {{1, 1, 1}, {1, 1, 2}, {1, 1, 16}, {1, 8, 1}, {8, 1, 1}, {8, 1, 16}};
/// The value of a size at a point, never negative.
int64_t evaluateAt(Plan &plan, SymExpr size, const Point &point);

/// The function's body as items and storages. Failure after a diagnostic.
llvm::LogicalResult readLaunches(Plan &plan);
/// Lets results that take the storage of an argument be written there, where nothing
/// needs the old value any more; the rest stays a copy at the end. `concats` false:
/// leaves those that a concatenation makes, whose parts may find their places first.
void donate(Plan &plan, bool concats);
/// Lets parts of a concatenation be written where they belong, and parts of a
/// tensor be read where they lie.
void sharePieces(Plan &plan);
/// Sets first and last of all roots.
void computeRanges(Plan &plan);
/// Merges `tied` operands with results, after a copy where the old value is needed later.
void tieOperands(Plan &plan);
/// Grants `may_overwrite` where the operand dies.
void shareInPlace(Plan &plan);
/// Sets keptFirst and keptLast, so that launches between which no data flows need
/// no barrier for the sake of memory.
void findWaves(Plan &plan);
/// Offsets and sizes in the arena, its total and its lower bound.
void placeArena(Plan &plan);
/// What each item must follow, and the barriers for it.
void computeDependences(Plan &plan);
/// Conditions on sizes that the kernels rely on.
void collectChecks(Plan &plan);
/// Symbols, inputs and outputs; failure after a diagnostic where a size has no source.
llvm::LogicalResult collectSymbols(Plan &plan);
/// Replaces the function by the program.
void buildProgram(Plan &plan);

} // namespace mlopt::plan

#endif // MLOPT_PASSES_LIB_MEMORY_PLAN_H
