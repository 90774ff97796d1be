//===- ResizeRows.h - Interpolation by rows ---------------------*- C++ -*-===//
//
// Where a result position lies in the input depends on one axis at a time. The
// last axis' positions and weights are found once per thread; the other axes'
// once per row. A row's input rows are weighted into one row of scratch, with
// vectors, and the result's elements are picked from that.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_GENERIC_RESIZEROWS_H
#define MLOPT_LIB_CPU_GENERIC_RESIZEROWS_H

#include "Generic/ResizeTaps.h"

namespace mlopt {

struct ResizeRows {
  ResizeOp op;
  int64_t lanes;
  int64_t taps; ///< of the last axis
  bool lastResized;
  mlir::Type sum; ///< in which elements are weighted; the compute type for the nearest
  SymExpr outPadded, inPadded;
  SymExpr units; ///< rows of the result
};

/// Row-major resizes with elementwise operations after them; none where it would
/// take unreasonably many taps, or positions may lie outside the input.
std::optional<ResizeRows> planResizeRows(KernelOp kernel, ShapeAnalysis &shapes,
                                         const TargetDescription &target);
/// Bytes of scratch per thread.
SymExpr resizeRowsScratch(const ResizeRows &plan);
llvm::LogicalResult emitResizeRows(const ResizeRows &plan, ElementAt &e);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_RESIZEROWS_H
