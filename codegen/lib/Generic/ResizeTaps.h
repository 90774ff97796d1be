//===- ResizeTaps.h - What a resized axis reads -----------------*- C++ -*-===//
#ifndef MLOPT_LIB_GENERIC_RESIZETAPS_H
#define MLOPT_LIB_GENERIC_RESIZETAPS_H

#include "ElementAt.h"

namespace mlopt {

/// The taps of one axis: input positions (i64) with their weights (f64).
struct ResizeTaps {
  llvm::SmallVector<mlir::Value> positions, weights;
  mlir::Value outside; ///< i1, tf_crop_and_resize beyond the input; null where it cannot be
};
/// Taps of output position `out` of an axis.
ResizeTaps resizeTapsOf(ElementAt &e, ResizeOp op, unsigned axis, mlir::Value out);
/// Input elements on each side of a position that an axis interpolates between (0: the nearest).
int64_t resizeReach(ResizeOp op, unsigned axis);
/// Whether positions along the axis differ between input and result.
bool isResized(ResizeOp op, unsigned axis, ShapeAnalysis &shapes);

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_RESIZETAPS_H
