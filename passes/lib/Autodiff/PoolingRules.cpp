//===- PoolingRules.cpp - Gradients of pooling and resizing ---------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

namespace {
/// Windows of a pooling; `extra` is padding that does not count for averages.
struct Pooling {
  Windows windows;
  bool padded = false;

  template <typename OpTy> explicit Pooling(OpTy op) {
    windows.kernel.assign(op.getKernel().begin(), op.getKernel().end());
    windows.strides.assign(op.getStrides().begin(), op.getStrides().end());
    windows.dilations.assign(op.getDilations().begin(), op.getDilations().end());
    windows.padsBegin.assign(op.getPadsBegin().begin(), op.getPadsBegin().end());
    for (auto [end, extra] : llvm::zip_equal(op.getPadsEnd(), op.getExtraEnd()))
      windows.padsEnd.push_back(end + extra);
    for (auto [begin, end] : llvm::zip_equal(windows.padsBegin, windows.padsEnd))
      padded |= begin || end;
  }
};
} // namespace

namespace {
/// The elements of all windows as one tensor whose axes are the image's first two and, for each
/// spatial axis, the place in the window and the window. Windows that lie side by side have each
/// window's places behind it, so that the image is a view of them; others are folded.
class WindowAxes {
public:
  WindowAxes(Adjoint &a, Value image, const Windows &w)
      : a(a), image(a.shapeOf(image)), w(w), element(a.elementOf(image)) {}

  int64_t rank() const { return 2 + 2 * w.spatial(); }
  int64_t place(size_t axis) const { return w.tiled() ? 3 + 2 * axis : 2 + axis; }
  int64_t window(size_t axis) const { return w.tiled() ? 2 + 2 * axis : 2 + w.spatial() + axis; }

  /// A value [N, C, O1..Ok] of the windows, to broadcast over their places.
  Value perWindow(Value v) { return v ? a.reshape(v, shape(a.shapeOf(v), false)) : v; }

  /// Adds up in the image what its elements have in the windows [N, C, O1..Ok].
  Value toImage(Value v, ArrayRef<SymExpr> out) {
    v = a.broadcast(v, shape(out, true));
    if (!w.tiled())
      return fold(a, v, ArrayRef<SymExpr>(image).drop_front(2), w);
    SymShape covered(image.begin(), image.begin() + 2);
    SmallVector<SymExpr> low(image.size(), a.size(0)), high(2, a.size(0));
    for (size_t i = 0; i < w.spatial(); ++i) {
      covered.push_back(out[2 + i] * w.kernel[i]);
      high.push_back(image[2 + i] - covered.back());
    }
    return a.pad(a.reshape(v, covered), a.scalar(element, 0), low, high, PadMode::constant);
  }

  /// The shape of all elements of the windows [N, C, O..], or with size 1 for their places.
  SymShape shape(ArrayRef<SymExpr> out, bool places) {
    SymShape result(rank(), a.size(1));
    result[0] = out[0];
    result[1] = out[1];
    for (size_t i = 0; i < w.spatial(); ++i) {
      result[window(i)] = out[2 + i];
      if (places)
        result[place(i)] = a.size(w.kernel[i]);
    }
    return result;
  }

private:
  Adjoint &a;
  SymShape image;
  const Windows &w;
  Type element;
};
} // namespace

/// One value of each window, [N, C, O..], given to all of its elements.
static Value spread(Adjoint &a, Value perWindow, Value image, const Windows &w) {
  if (!perWindow)
    return perWindow;
  WindowAxes axes(a, image, w);
  SymShape out = a.shapeOf(perWindow);
  return axes.toImage(axes.perWindow(perWindow), out);
}

/// By how much the sum over each window is divided, as [1, 1, O..] or a scalar.
static Value divisor(Adjoint &a, PoolOp op, const Pooling &p) {
  Value x = op.getInput();
  int64_t full = 1;
  for (int64_t size : p.windows.kernel)
    full *= size;
  bool extra = llvm::any_of(op.getExtraEnd(), [](int64_t v) { return v != 0; });
  if (!p.padded || (op.getCountIncludePad() && !extra))
    return a.scalar(a.elementOf(x), full);
  // The sum of the windows of ones, in the padding too where it counts.
  SymShape shape = a.shapeOf(x);
  shape[0] = shape[1] = a.size(1);
  Windows w = p.windows;
  if (op.getCountIncludePad())
    for (size_t i = 0; i < w.spatial(); ++i) {
      shape[i + 2] = shape[i + 2] + (op.getPadsBegin()[i] + op.getPadsEnd()[i]);
      w.padsBegin[i] = 0;
      w.padsEnd[i] = op.getExtraEnd()[i];
    }
  Value ones = a.broadcast(a.scalar(a.elementOf(x), 1), shape);
  return a.reduce(unfold(a, ones, w), ReduceKind::sum,
                  llvm::to_vector(llvm::seq<int64_t>(2, 2 + w.spatial())), false);
}

/// Derivative of (sum |x|^p)^(1/p): |x|^(p-1) sign(x) y^(1-p); 0 where all of a window is.
static Value norm(Adjoint &a, PoolOp op, const Pooling &pooling, Value g) {
  Value x = op.getInput(), y = op.getResult();
  Type element = a.elementOf(x);
  int64_t p = op.getP();
  auto power = [&](Value v, int64_t exponent) {
    return exponent == 1 ? v : a.create<PowOp>(v, a.scalar(element, exponent));
  };
  Value own = a.create<SignOp>(x);
  if (p != 1) {
    Value zero = a.scalar(element, 0);
    g = a.select(a.compare(ComparePredicate::eq, y, zero), zero, a.div(g, power(y, p - 1)));
    own = a.mul(own, power(a.create<AbsOp>(x), p - 1));
  }
  return a.mul(own, spread(a, g, x, pooling.windows));
}

/// Sum over axes of index * step + start, in the shape `sizes`, i64.
static Value positions(Adjoint &a, ArrayRef<SymExpr> sizes, ArrayRef<SymExpr> steps,
                       SymExpr start) {
  Type i64 = a.getBuilder().getI64Type();
  Value sum;
  for (auto [axis, size] : llvm::enumerate(sizes)) {
    if (size.isConstant(1))
      continue;
    Value part = a.mul(a.iota(i64, sizes, axis), sizeScalar(a, steps[axis], i64));
    sum = sum ? a.add(sum, part) : part;
  }
  if (!sum)
    return a.broadcast(sizeScalar(a, start, i64), sizes);
  return start.isConstant(0) ? sum : a.add(sum, sizeScalar(a, start, i64));
}

/// What flows to the first maximum of each window. `indices` holds its position in the whole of
/// the image: less that of the window's first element it is compared with the positions in a
/// window. Those outside of the image may equal others, but fold drops them.
static Value toMaximum(Adjoint &a, Value x, Value indices, Value g, const Pooling &pooling) {
  const Windows &w = pooling.windows;
  SymShape in = a.shapeOf(x), out = a.shapeOf(g);
  WindowAxes axes(a, x, w);
  // Elements from one window to the next, and from one place to the next, along each axis.
  SymShape windowSteps(in.size(), a.size(0)), placeSteps(axes.rank(), a.size(0)),
      places(axes.rank(), a.size(1));
  SymExpr inside = a.size(1), start = a.size(0);
  for (size_t i = w.spatial(); i-- > 0;) {
    windowSteps[2 + i] = inside * w.strides[i];
    placeSteps[axes.place(i)] = inside * w.dilations[i];
    places[axes.place(i)] = a.size(w.kernel[i]);
    start = start - inside * w.padsBegin[i];
    inside = inside * in[2 + i];
  }
  windowSteps[1] = inside;
  windowSteps[0] = inside * in[1];
  Value place = a.sub(indices, positions(a, out, windowSteps, start));
  Value windows = a.select(a.compare(ComparePredicate::eq, axes.perWindow(place),
                                     positions(a, places, placeSteps, a.size(0))),
                           axes.perWindow(g), a.scalar(a.elementOf(x), 0));
  return axes.toImage(windows, out);
}

/// Where the first maximum of each window is.
template <typename OpTy> static Value positionsOf(Adjoint &a, OpTy op) {
  return a.createAll<MaxPoolWithIndicesOp>(op.getInput(), op.getKernel(), op.getStrides(),
                                           op.getPadsBegin(), op.getPadsEnd(), op.getExtraEnd(),
                                           op.getDilations(), false)[1];
}

static LogicalResult pool(PoolOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient();
  if (!a.needs(x))
    return success();
  Pooling pooling(op);
  switch (op.getKind()) {
  case PoolKind::max:
    return a.contribute(x, toMaximum(a, x, positionsOf(a, op), g, pooling));
  case PoolKind::average:
    return a.contribute(x, spread(a, a.div(g, divisor(a, op, pooling)), x, pooling.windows));
  case PoolKind::lp:
    return a.contribute(x, norm(a, op, pooling, g));
  }
  llvm_unreachable("all kinds are above");
}

static LogicalResult maxPool(MaxPoolWithIndicesOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient(0);
  if (!g || !a.needs(x))
    return success();
  Value indices = op.getColumnMajor() ? positionsOf(a, op) : op.getIndices();
  return a.contribute(x, toMaximum(a, x, indices, g, Pooling(op)));
}

/// What a resize makes of the axis alone: [in, out], the resized identity.
static Value interpolation(Adjoint &a, ResizeOp op, int64_t axis, SymExpr in, SymExpr out) {
  Type element = a.elementOf(op.getInput()), i64 = a.getBuilder().getI64Type();
  Value identity = a.cast(a.compare(ComparePredicate::eq, a.iotaAlong(i64, in, 0, 2),
                                    a.iotaAlong(i64, in, 1, 2)),
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
static LogicalResult resize(ResizeOp op, Adjoint &a) {
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

void mlopt::attachPoolingGradients(MLIRContext *context) {
  attachGradientRule<PoolOp, pool>(context);
  attachGradientRule<MaxPoolWithIndicesOp, maxPool>(context);
  attachGradientRule<ResizeOp, resize>(context);
}
