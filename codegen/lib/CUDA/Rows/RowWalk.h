//===- RowWalk.h - Visits rows and takes their statistics -------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_ROWS_ROWWALK_H
#define MLOPT_LIB_CUDA_ROWS_ROWWALK_H

#include "../GpuBuilder.h"
#include "Generic/ElementAt.h"
#include "RowPlan.h"

namespace mlopt {

/// The walk of one thread over its part of one row (or of `lanes` rows side by
/// side). All threads of a block call the same functions: statistics meet at
/// barriers and shuffles. The order of a sum depends on sizes only.
class RowWalk {
public:
  using Value = mlir::Value;
  /// Term of an element: its index, its lanes, its value (the input's element in compute type).
  using Term = llvm::function_ref<Value(llvm::ArrayRef<Coord>, Value)>;

  /// `lanes`: of each access. The row is the block's and thread's own; for a
  /// row beyond the last the last one is read and nothing written.
  RowWalk(const RowPlan &plan, ElementAt &e, GpuBuilder &g, int64_t lanes);

  /// Reduces over the row (its part, where rows are cut): a scalar along rows, `lanes` values across.
  Value statistic(ReduceKind kind, Term term);
  /// Calls `visit(index, lanes, x)` for every element of the row that this thread writes, `x` being
  /// the input's element.
  void forEach(llvm::function_ref<void(llvm::ArrayRef<Coord>, int64_t, Value)> visit);
  /// Runs `body` in the one thread of the row that writes its statistics.
  void onceInRow(llvm::function_ref<void()> body);
  /// A statistic as the lanes of an element see it.
  Value spread(Value v);

  /// Index of the row in the dimensions that stay.
  llvm::SmallVector<Coord> keptIndex;
  Value part;   ///< number of the part of the row (i64); null where rows are not cut
  Value number; ///< of the first row of this thread (i64), in the order of the kept dimensions

  ScalarMath m;
  const int64_t lanes;

private:
  void place();
  void hold();
  /// Index of element `j` (i64) of the row.
  Coords indexOf(Value j);
  Value read(llvm::ArrayRef<Coord> index) { return e.at(plan.input, index, lanes); }
  /// Element number of an access (i64), and whether it lies in the row (null: always).
  std::pair<Value, Value> turn(int64_t i);
  Value combineAlong(ReduceKind kind, Value v);
  Value combineAcross(ReduceKind kind, Value v);
  Value step(ReduceKind kind, Value a, Value b) { return reductionStep(m, kind, plan.element, a, b); }

  const RowPlan &plan;
  ElementAt &e;
  GpuBuilder &g;
  llvm::SmallVector<Value> sizes;  ///< of the input
  Value begin, end;                ///< elements of the row that the block's threads visit
  Value first, stride;             ///< of this thread's accesses
  Value inRange, own;              ///< i1: the row exists; this thread writes its statistics
  Value groupFirst, groupChannels; ///< group_norm: first channel and number of them
  llvm::SmallVector<Value> held;   ///< the elements that stay in registers
  llvm::SmallVector<std::pair<Coords, Value>> places; ///< their indices, and whether they exist
  int64_t slot = 0;                ///< of shared memory, for the next statistic
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ROWS_ROWWALK_H
