//===- ResizeRule.cpp - Gradient of resizing ------------------------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

/// What a resize makes of the axis alone: [in, out], the resized identity.
static Value interpolation(Adjoint &a, ResizeOp op, int64_t axis, SymExpr in, SymExpr out) {
  Type element = a.elementOf(op.getInput()), i64 = a.getBuilder().getI64Type();
  Value identity = a.cast(
      a.compare(ComparePredicate::eq, a.iotaAlong(i64, in, 0, 2), a.iotaAlong(i64, in, 1, 2)),
      element);
  SmallVector<double> scales = {1.0, op.getScales()[axis]}, roi;
  if (int64_t rank = a.rankOf(op.getInput()); !op.getRoi().empty())
    roi = {0.0, op.getRoi()[axis], 1.0, op.getRoi()[rank + axis]};
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  a.mixed({in, out}, statics, dynamics);
  // What is outside of the crop depends on no element.
  return a.create<ResizeOp>(identity, dynamics, op.getMode(), op.getCoordinate(), op.getNearest(),
                            ArrayRef<double>(scales), ArrayRef<int64_t>(statics),
                            ArrayRef<double>(roi), op.getCubicCoeff(), op.getExcludeOutside(),
                            op.getAntialias(), APFloat(0.0));
}

/// Whether a nearest resize repeats each element `scale` times along the axis; 0 if not.
static int64_t repetition(ResizeOp op, int64_t axis, SymExpr in, SymExpr out) {
  int64_t scale = static_cast<int64_t>(op.getScales()[axis]);
  if (op.getMode() != ResizeMode::nearest || scale < 1 ||
      op.getScales()[axis] != static_cast<double>(scale) || out != in * scale)
    return 0;
  bool floors = op.getNearest() == NearestMode::floor,
       rounds = op.getNearest() == NearestMode::round_prefer_floor ||
                op.getNearest() == NearestMode::round_prefer_ceil;
  return (op.getCoordinate() == CoordinateMode::asymmetric && floors) ||
                 (op.getCoordinate() == CoordinateMode::half_pixel && rounds)
             ? scale
             : 0;
}

/// A resize is linear and goes axis by axis: its adjoint multiplies each axis by the transposed
/// matrix of that axis.
LogicalResult autodiff::resize(ResizeOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient();
  if (!a.needs(x))
    return success();
  SymShape in = a.shapeOf(x), shape = a.shapeOf(g);
  int64_t rank = in.size();
  for (int64_t axis = 0; axis < rank; ++axis) {
    bool cropped = op.getCoordinate() == CoordinateMode::tf_crop_and_resize &&
                   !op.getRoi().empty() &&
                   (op.getRoi()[axis] != 0 || op.getRoi()[rank + axis] != 1);
    if (op.getScales()[axis] == 1 && in[axis] == shape[axis] && !cropped)
      continue;
    SymExpr outer = product(a, ArrayRef<SymExpr>(shape).take_front(axis)),
            inner = product(a, ArrayRef<SymExpr>(shape).drop_front(axis + 1)), out = shape[axis];
    shape[axis] = in[axis];
    if (int64_t times = repetition(op, axis, in[axis], out)) {
      g = a.reduce(a.reshape(g, {outer, in[axis], a.size(times), inner}), ReduceKind::sum, {2},
                   false);
    } else {
      Value matrix = interpolation(a, op, axis, in[axis], out);
      g = axis == rank - 1
              ? a.create<MatmulOp>(a.reshape(g, {outer, out}), matrix, false, true)
              : a.create<MatmulOp>(matrix, a.reshape(g, {outer, out, inner}), false, false);
    }
    g = a.reshape(g, shape);
  }
  return a.contribute(x, g);
}
