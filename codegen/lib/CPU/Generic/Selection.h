//===- Selection.h - The first k of a line, in order ------------*- C++ -*-===//
//
// A candidate is one integer that orders as its element does, with the element's
// position below it: equal elements keep their order, and a comparison is one
// instruction. Candidates that beat the k-th so far are gathered; a full buffer
// is sorted by merging and cut to k. A few wanted ones are kept in order instead.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_GENERIC_SELECTION_H
#define MLOPT_LIB_CPU_GENERIC_SELECTION_H

#include "Generic/Candidate.h"

namespace mlopt {

/// Bytes of scratch per thread.
SymExpr selectionScratch(TopKOp op, ShapeAnalysis &shapes);

/// Code for one line after another; scratch is the thread's.
class Selection {
public:
  Selection(ElementAt &e, TopKOp op);
  /// Whether so few are wanted that they are kept in order, each put in its place as it comes.
  static bool inserts(TopKOp op, ShapeAnalysis &shapes);

  /// Writes the line's result. `valueAt` gives element i of the line in compute
  /// type, `store` takes position in the result and in the line.
  void line(llvm::function_ref<mlir::Value(mlir::Value)> valueAt,
            llvm::function_ref<void(mlir::Value, mlir::Value)> store);

private:
  /// Sorts `count` candidates of `from`; returns {where they lie then, the other buffer}.
  std::pair<mlir::Value, mlir::Value> sort(mlir::Value from, mlir::Value other, mlir::Value count);
  /// Sorts runs of eight in place; returns how many there are with those that fill
  /// up the last block.
  mlir::Value sortRuns(mlir::Value buffer, mlir::Value count);
  /// The wanted ones in order in the first buffer, by insertion.
  void insertAll(llvm::function_ref<mlir::Value(mlir::Value)> valueAt);
  /// The same by gathering and sorting; returns the buffer.
  mlir::Value gatherAll(llvm::function_ref<mlir::Value(mlir::Value)> valueAt);
  /// Merges the sorted runs [low, middle) and [middle, high).
  void merge(mlir::Value from, mlir::Value to, mlir::Value low, mlir::Value middle,
             mlir::Value high);
  void mergeEqual(mlir::Value from, mlir::Value to, mlir::Value low, mlir::Value middle,
                  mlir::Value high);
  void mergeAny(mlir::Value from, mlir::Value to, mlir::Value low, mlir::Value middle,
                mlir::Value high);
  mlir::Value compare(mlir::arith::CmpIPredicate p, mlir::Value a, mlir::Value b);

  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  TopKOp op;
  mlir::IntegerType type; ///< of a candidate
  mlir::Value size, wanted, capacity, buffers[2];
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_SELECTION_H
