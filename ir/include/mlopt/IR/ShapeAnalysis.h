//===- ShapeAnalysis.h - Symbolic sizes of every value ----------*- C++ -*-===//
#ifndef MLOPT_IR_SHAPEANALYSIS_H
#define MLOPT_IR_SHAPEANALYSIS_H

#include "mlopt/IR/ShapeInference.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace mlopt {

/// What a symbol is at run time.
struct SymbolSource {
  /// The block argument that defines the symbol (for a symbol made for one
  /// operation's result: that result).
  mlir::Value argument;
  /// Dimension of the argument, or -1 when `element` counts. Both -1: the
  /// argument is an `index` and the symbol is its value.
  int64_t axis = -1;
  /// Flat element of a small integer argument, or -1.
  int64_t element = -1;
};

/// Symbolic sizes of the values of one function, computed on demand and cached.
///
/// Arguments take their symbols from `mlopt.dims` (a dimension without a name
/// gets "<argument>.<axis>"); an element of a small (<= 16 elements) integer
/// argument is the symbol "<argument>[i]". In a kernel body (`mlopt.kernel`)
/// the `dims` attribute names them; its arguments are called arg0, arg1, ... and an
/// `index` argument without a name is "arg<i>[]" (a name that ends with "]" may be negative).
/// A size that nothing defines is a symbol "%<n>.<axis>" of its own. Valid until
/// the function changes.
class ShapeAnalysis : public ShapeSource {
public:
  /// `root`: a func.func or a mlopt.kernel.
  explicit ShapeAnalysis(mlir::Operation *root);
  mlir::MLIRContext *getContext() override;
  SymShape shapeOf(mlir::Value tensor) override;
  SymExpr sizeOf(mlir::Value index) override;
  /// Elements of a small (<= 16 elements, rank <= 1) integer tensor as
  /// expressions, followed through from_sizes, constants, gather, concat,
  /// slice, reshape, cast, select, compare, reduce and integer arithmetic;
  /// none if unknown.
  std::optional<llvm::SmallVector<SymExpr>> contentsOf(mlir::Value tensor);
  /// Source of a symbol; none for a name that no argument defines.
  std::optional<SymbolSource> getSymbol(llvm::StringRef name) const;
  /// All sizes' symbols in order of first appearance over the arguments. Elements
  /// of integer arguments are not listed; `getSymbol` finds them.
  llvm::ArrayRef<std::string> getSymbols() const { return order; }
  /// Builds an `index` value that computes `expr` (mlopt.dim / mlopt.element of
  /// the arguments and arith operations) at the builder's insertion point. A
  /// divisor that may be 0 counts as 1 then: code on the host must not trap.
  /// Null if a symbol of `expr` has no source here.
  mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc, SymExpr expr);

private:
  std::optional<llvm::SmallVector<SymExpr>> computeContents(mlir::Value tensor);
  SymShape computeShape(mlir::Value tensor);
  SymExpr computeSize(mlir::Value index);
  /// Caches all that `value` depends on, operands first, without recursion.
  void prepare(mlir::Value value);
  void addArgument(mlir::Value argument, llvm::StringRef name, mlir::ArrayAttr dims);
  SymExpr define(llvm::StringRef name, SymbolSource source);
  SymExpr fresh(mlir::Value value, int64_t axis);
  SymExpr launchSize(mlir::Operation *launch, llvm::StringRef local, mlir::Operation *kernel);
  std::optional<llvm::SmallVector<SymShape>> launchShapes(mlir::Operation *launch);

  mlir::Operation *root;
  llvm::DenseMap<mlir::Value, SymShape> shapes;
  llvm::DenseMap<mlir::Value, SymExpr> sizes;
  llvm::DenseMap<mlir::Value, std::optional<llvm::SmallVector<SymExpr>>> contents;
  llvm::DenseSet<mlir::Value> prepared;
  /// Result shapes of kernels in their local symbols.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<SymShape>> kernelShapes;
  mlir::SymbolTableCollection symbolTables;
  llvm::StringMap<SymbolSource> symbols;
  /// Symbols of operations' results, which no argument defines.
  llvm::StringMap<SymbolSource> locals;
  llvm::SmallVector<std::string> order;
  unsigned nextFresh = 0;
};

} // namespace mlopt

#endif // MLOPT_IR_SHAPEANALYSIS_H
