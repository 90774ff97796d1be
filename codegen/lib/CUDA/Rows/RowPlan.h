//===- RowPlan.h - How GPU threads share rows -------------------*- C++ -*-===//
//
// A row is what one statistic (maximum, sum, mean) is taken over. Where the
// innermost dimension belongs to the row, the threads of a group (part of a
// warp, a warp or a block) lie along it; else they lie across rows, and slices
// of a block's threads share one row. A reduction with few results and long rows
// works in two phases: parts of rows, then the sums of the parts.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_ROWS_ROWPLAN_H
#define MLOPT_LIB_CUDA_ROWS_ROWPLAN_H

#include "mlopt/Codegen/GpuLaunch.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

struct RowPlan {
  mlir::Operation *hero = nullptr;
  mlir::Value input;
  mlir::Type element; ///< of the input's tensor
  SymShape shape;     ///< of the input

  llvm::SmallVector<int64_t> axes; ///< of a row, sorted
  llvm::SmallVector<int64_t> kept; ///< the others
  int64_t groupAxis = -1;          ///< group_norm: the axis that is cut into groups
  int64_t groups = 1;              ///< 0: as many as the axis has elements
  SymExpr length;                  ///< elements of a row
  SymExpr rows;

  bool across = false;  ///< threads lie across rows
  int64_t laneDim = -1; ///< the innermost dimension in memory
  int64_t lanes = 1;    ///< elements of one access, along `laneDim`
  /// `lanes` is used where the size of `laneDim` turns out to be a multiple of it; else one.
  bool lanesAtRunTime = false;
  bool merged = false; ///< the row axes are one run of memory and walked as one axis

  int64_t width = 32;   ///< threads of a row, or of `lanes` rows side by side where `across`
  int64_t height = 1;   ///< rows of a block, or slices of a row where `across`
  int64_t turns = 0;    ///< accesses of a thread that stay in registers; 0: a loop, read again each time
  int64_t part = 0;     ///< elements of a part of a row; 0: rows are not cut
  SymExpr parts;        ///< of a row, if cut

  int64_t threads() const { return width * height; }
  /// Elements of partial sums, those of part p from p * rows on.
  SymExpr partialElements() const { return parts * rows; }
  llvm::SmallVector<GpuLaunch> launches;
};

/// The plan of a kernel whose hero is a softmax, a norm or a reduction; none
/// with `reason` where the generic route must take it.
std::optional<RowPlan> planRows(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                std::string &reason);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ROWS_ROWPLAN_H
