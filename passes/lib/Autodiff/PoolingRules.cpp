//===- PoolingRules.cpp - Gradients of pooling ---------------------------===//
#include "RuleParts.h"
#include <limits>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

namespace {
/// Windows of a pooling, `extra_end` among the pads at their end.
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
/// The elements of all windows of an image, [N, C, K1.., O1..], and their sums in the image.
class WindowAxes {
public:
  WindowAxes(Adjoint &a, Value image, const Windows &w) : a(a), image(a.shapeOf(image)), w(w) {}

  int64_t rank() const { return 2 + 2 * w.spatial(); }
  int64_t place(size_t axis) const { return 2 + axis; }
  /// A value [N, C, O1..] of the windows, to broadcast over their places.
  Value perWindow(Value v) { return v ? a.reshape(v, shape(a.shapeOf(v), false)) : v; }
  /// Adds up in the image what its elements have in the windows [N, C, O1..].
  Value toImage(Value v, ArrayRef<SymExpr> out) {
    return fold(a, a.broadcast(v, shape(out, true)), ArrayRef<SymExpr>(image).drop_front(2), w);
  }

private:
  SymShape shape(ArrayRef<SymExpr> out, bool places) {
    SymShape result(out.begin(), out.begin() + 2);
    for (int64_t size : w.kernel)
      result.push_back(a.size(places ? size : 1));
    result.append(out.begin() + 2, out.end());
    return result;
  }

  Adjoint &a;
  SymShape image;
  const Windows &w;
};

/// What the image's elements take from the windows they lie in, in one elementwise pass. Behind the
/// padding at its begin the image's element i = stride * j + r is the place (stride * t + r) /
/// dilation of window j - t: for each t all elements [N, C, J1, r1, J2, r2..] take at once.
class WindowTerms {
public:
  static constexpr int64_t maxTerms = 16;

  WindowTerms(Adjoint &a, Value image, const Windows &w) : a(a), image(a.shapeOf(image)), w(w) {
    for (size_t i = 0; i < w.spatial(); ++i) {
      sizes.push_back(w.reach(i) / w.strides[i] + 1);
      count *= sizes.back();
    }
  }
  /// Whether the terms are few.
  bool few() const { return count <= maxTerms; }
  int64_t size() const { return count; }

  /// A value [N, C, O1..] of the windows with `fill` around it, for `of`.
  Value prepare(Value v, Value fill) {
    SymShape low(2, a.size(0)), high(2, a.size(0)), out = a.shapeOf(v);
    for (size_t i = 0; i < w.spatial(); ++i) {
      low.push_back(a.size(sizes[i] - 1));
      high.push_back(steps(i) - out[2 + i]);
    }
    return a.pad(v, fill, low, high, PadMode::constant);
  }
  /// What term `t` takes of a prepared value: [N, C, J1, 1, J2, 1..].
  Value of(Value prepared, int64_t t) {
    SymShape starts(2, a.size(0)), taken(image.begin(), image.begin() + 2), shape = taken;
    for (auto [i, step] : llvm::enumerate(split(t, sizes))) {
      starts.push_back(a.size(sizes[i] - 1 - step));
      taken.push_back(steps(i));
      shape.append({steps(i), a.size(1)});
    }
    return a.reshape(a.slice(prepared, starts, taken, SmallVector<int64_t>(taken.size(), 1)),
                     shape);
  }
  /// The places that term `t` takes, counted row-major, or -1 where it takes none.
  SmallVector<int32_t> places(int64_t t) {
    SmallVector<int32_t> result;
    SmallVector<int64_t> steps = split(t, sizes);
    for (int64_t at = 0; at < llvm::product_of(w.strides); ++at) {
      int64_t flat = 0;
      for (auto [i, r] : llvm::enumerate(split(at, w.strides))) {
        int64_t offset = w.strides[i] * steps[i] + r, place = offset / w.dilations[i];
        bool is = flat >= 0 && offset % w.dilations[i] == 0 && place < w.kernel[i];
        flat = is ? flat * w.kernel[i] + place : -1;
      }
      result.push_back(static_cast<int32_t>(flat));
    }
    return result;
  }
  /// Numbers in the shape [1, 1, 1, stride1, 1, stride2..], to broadcast with `of`.
  template <typename T> Value table(ArrayRef<T> values, Type element) {
    SmallVector<int64_t> shape(2, 1);
    for (int64_t stride : w.strides)
      shape.append({1, stride});
    return a.cast(a.constant(DenseElementsAttr::get(
                      RankedTensorType::get(shape, a.getBuilder().getIntegerType(32)), values)),
                  element);
  }
  /// The sum of the terms as the image.
  Value toImage(Value sum) {
    SymShape starts(2, a.size(0)), all(image.begin(), image.begin() + 2);
    for (size_t i = 0; i < w.spatial(); ++i) {
      starts.push_back(a.size(w.padsBegin[i]));
      all.push_back(steps(i) * w.strides[i]);
    }
    if (!sum)
      return sum;
    SymShape shape = a.shapeOf(sum);
    for (size_t i = 0; i < w.spatial(); ++i)
      shape[3 + 2 * i] = a.size(w.strides[i]);
    return a.slice(a.reshape(a.broadcast(sum, shape), all), starts, image,
                   SmallVector<int64_t>(image.size(), 1));
  }

private:
  /// Steps of j along an axis that reach the image's end.
  SymExpr steps(size_t axis) {
    return (image[2 + axis] + w.padsBegin[axis]).ceilDiv(w.strides[axis]);
  }
  static SmallVector<int64_t> split(int64_t at, ArrayRef<int64_t> sizes) {
    SmallVector<int64_t> index(sizes.size());
    for (size_t i = sizes.size(); i-- > 0; at /= sizes[i])
      index[i] = at % sizes[i];
    return index;
  }

  Adjoint &a;
  SymShape image;
  const Windows &w;
  SmallVector<int64_t> sizes; ///< terms along each axis
  int64_t count = 1;
};
} // namespace

/// One value of each window, [N, C, O..], given to all of its elements.
static Value spread(Adjoint &a, Value perWindow, Value image, const Windows &w) {
  if (!perWindow)
    return perWindow;
  Type element = a.elementOf(image);
  WindowTerms terms(a, image, w);
  if (!terms.few()) {
    WindowAxes axes(a, image, w);
    SymShape out = a.shapeOf(perWindow);
    return axes.toImage(axes.perWindow(perWindow), out);
  }
  Value prepared = terms.prepare(perWindow, a.scalar(element, 0)), sum;
  for (int64_t t = 0; t < terms.size(); ++t) {
    SmallVector<int32_t> takes = terms.places(t);
    for (int32_t &place : takes)
      place = place >= 0;
    Value term = terms.of(prepared, t);
    if (llvm::is_contained(takes, 0))
      term = a.mul(term, terms.table<int32_t>(takes, element));
    sum = sum ? a.add(sum, term) : term;
  }
  return terms.toImage(sum);
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

/// What flows to the first maximum of each window, of windows of any size. `indices` holds its
/// position in the whole of the image: less that of the window's first element it is compared with
/// the positions in a window. Those outside of the image may equal others, but fold drops them.
static Value toPosition(Adjoint &a, Value x, Value indices, Value g, const Windows &w) {
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

/// The first place of each window that holds its maximum y, counted row-major, [N, C, O..]: each
/// place is a slice of the image, and the last one is what is left.
static Value firstMaximum(Adjoint &a, Value x, Value y, const Pooling &pooling) {
  const Windows &w = pooling.windows;
  Type i32 = a.getBuilder().getI32Type();
  SymShape low(2, a.size(0)), high(2, a.size(0)), sizes = a.shapeOf(y);
  SmallVector<int64_t> strides(2, 1);
  for (size_t i = 0; i < w.spatial(); ++i) {
    low.push_back(a.size(w.padsBegin[i]));
    high.push_back(a.size(w.padsEnd[i]));
    strides.push_back(w.strides[i]);
  }
  if (pooling.padded)
    x = a.pad(x, a.scalar(a.elementOf(x), -std::numeric_limits<double>::infinity()), low, high,
              PadMode::constant);
  int64_t last = llvm::product_of(w.kernel) - 1;
  Value place = a.scalarInt(i32, last);
  for (int64_t k = last - 1; k >= 0; --k) {
    SymShape starts(sizes.size(), a.size(0));
    int64_t rest = k;
    for (size_t i = w.spatial(); i-- > 0; rest /= w.kernel[i])
      starts[2 + i] = a.size(rest % w.kernel[i] * w.dilations[i]);
    Value is = a.compare(ComparePredicate::eq, a.slice(x, starts, sizes, strides), y);
    place = a.select(is, a.scalarInt(i32, k), place);
  }
  return a.broadcast(place, sizes);
}

/// Derivative of a pooling with the maxima y: the first of each window takes all.
template <typename OpTy> static LogicalResult toMaximum(Adjoint &a, OpTy op, Value y, Value g) {
  constexpr int64_t maxPlaces = 16;
  Value x = op.getInput();
  Pooling pooling(op);
  const Windows &w = pooling.windows;
  WindowTerms terms(a, x, w);
  if (llvm::product_of(w.kernel) > maxPlaces || !terms.few()) {
    Value indices = a.createAll<MaxPoolWithIndicesOp>(
        x, op.getKernel(), op.getStrides(), op.getPadsBegin(), op.getPadsEnd(), op.getExtraEnd(),
        op.getDilations(), false)[1];
    return a.contribute(x, toPosition(a, x, indices, g, w));
  }
  Type i32 = a.getBuilder().getI32Type();
  Value zero = a.scalar(a.elementOf(x), 0), first = firstMaximum(a, x, y, pooling), sum;
  if (!first)
    return failure();
  first = terms.prepare(first, a.scalarInt(i32, 0));
  g = terms.prepare(g, zero);
  for (int64_t t = 0; t < terms.size(); ++t) {
    Value places = terms.table<int32_t>(terms.places(t), i32);
    Value term =
        a.select(a.compare(ComparePredicate::eq, terms.of(first, t), places), terms.of(g, t), zero);
    sum = sum ? a.add(sum, term) : term;
  }
  return a.contribute(x, terms.toImage(sum));
}

static LogicalResult pool(PoolOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient();
  if (!a.needs(x))
    return success();
  Pooling pooling(op);
  switch (op.getKind()) {
  case PoolKind::max:
    return toMaximum(a, op, op.getResult(), g);
  case PoolKind::average:
    return a.contribute(x, spread(a, a.div(g, divisor(a, op, pooling)), x, pooling.windows));
  case PoolKind::lp:
    return a.contribute(x, norm(a, op, pooling, g));
  }
  llvm_unreachable("all kinds are above");
}

static LogicalResult maxPool(MaxPoolWithIndicesOp op, Adjoint &a) {
  Value g = a.gradient(0);
  return g && a.needs(op.getInput()) ? toMaximum(a, op, op.getResult(), g) : success();
}

void mlopt::attachPoolingGradients(MLIRContext *context) {
  attachGradientRule<PoolOp, pool>(context);
  attachGradientRule<MaxPoolWithIndicesOp, maxPool>(context);
  attachGradientRule<ResizeOp, autodiff::resize>(context);
}
