//===- Sampling.cpp - ONNX GridSample and MaxUnpool -----------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

enum class Padding { zeros, border, reflection };

/// One source position along an axis: index (i64) and weight, both [N, P, 1].
struct Tap {
  Value index, weight;
};

/// Samples along one axis.
class AxisSampler {
public:
  AxisSampler(Node &n, Type type, SymExpr length, Padding padding, bool alignCorners)
      : n(n), type(type), padding(padding), alignCorners(alignCorners) {
    Value size = n.reshape(n.fromSizes({length}), {});
    this->length = size ? n.cast(size, type) : size;
    last = n.addScalar(this->length, -1);
  }

  /// Taps for normalised coordinates in [-1, 1] ([N, P, 1]); empty for an unknown mode.
  SmallVector<Tap> sample(Value coordinate, StringRef mode) {
    Value shifted = n.addScalar(coordinate, 1);
    Value x = alignCorners ? n.mul(n.mulScalar(shifted, 0.5), last)
                           : n.mulScalar(n.addScalar(n.mul(shifted, length), -1), 0.5);
    if (mode == "nearest")
      return {tap(n.create<RoundOp>(x), n.scalar(type, 1))};
    Value base = n.create<FloorOp>(x), r = n.sub(x, base);
    if (mode == "linear")
      return {tap(base, n.sub(n.scalar(type, 1), r)), tap(n.addScalar(base, 1), r)};
    SmallVector<Tap> taps;
    for (int i = 0; i < 4; ++i)
      taps.push_back(tap(n.addScalar(base, i - 1), cubicWeight(r, i)));
    return taps;
  }

private:
  /// c0 + c1 v + c2 v^2 + c3 v^3.
  Value polynomial(Value v, double c0, double c1, double c2, double c3) {
    Value result = n.addScalar(n.mulScalar(v, c3), c2);
    result = n.addScalar(n.mul(result, v), c1);
    return n.addScalar(n.mul(result, v), c0);
  }
  /// Keys' cubic convolution with a = -0.75 at distance r from position 1 of 0..3.
  Value cubicWeight(Value r, int position) {
    const double a = -0.75;
    Value distance = position == 0   ? n.addScalar(r, 1)
                     : position == 1 ? r
                     : position == 2 ? n.sub(n.scalar(type, 1), r)
                                     : n.sub(n.scalar(type, 2), r);
    if (position == 1 || position == 2)
      return polynomial(distance, 1, 0, -(a + 3), a + 2);
    return polynomial(distance, -4 * a, 8 * a, -5 * a, a);
  }
  Value reflect(Value x) {
    Value low = n.scalar(type, alignCorners ? 0 : -0.5),
          high = alignCorners ? last : n.addScalar(length, -0.5);
    Value range = n.sub(high, low);
    Value isBelow = n.compare(ComparePredicate::lt, x, low),
          isAbove = n.compare(ComparePredicate::gt, x, high);
    Value distance = n.select(isBelow, n.sub(low, x), n.sub(x, high));
    Value times = n.create<FloorOp>(n.div(distance, range)),
          rest = n.sub(distance, n.mul(times, range));
    Value half = n.mulScalar(times, 0.5);
    Value isEven = n.compare(ComparePredicate::eq, half, n.create<FloorOp>(half));
    Value fromLow = n.add(low, rest), fromHigh = n.sub(high, rest);
    Value below = n.select(isEven, fromLow, fromHigh), above = n.select(isEven, fromHigh, fromLow);
    return n.create<TruncOp>(n.select(isBelow, below, n.select(isAbove, above, x)));
  }
  Tap tap(Value x, Value weight) {
    Value zero = n.scalar(type, 0);
    if (padding == Padding::zeros) {
      Value isInside = n.create<AndOp>(n.compare(ComparePredicate::ge, x, zero),
                                       n.compare(ComparePredicate::le, x, last));
      weight = n.select(isInside, weight, zero);
    } else if (padding == Padding::reflection) {
      x = reflect(x);
    }
    Value index = n.min(n.max(x, zero), last);
    return {index ? n.cast(index, n.getBuilder().getI64Type()) : index, weight};
  }

  Node &n;
  Type type;
  Padding padding;
  bool alignCorners;
  Value length, last;
};

LogicalResult gridSample(Node &n) {
  Value x = n.input(0), grid = n.input(1);
  if (!x || !grid)
    return failure();
  int64_t dims = n.rankOf(x) - 2;
  if (dims < 1 || n.rankOf(grid) != dims + 2)
    return n.malformed("the operands have ranks " + Twine(n.rankOf(x)) + " and " +
                       Twine(n.rankOf(grid)) + ", expected equal ranks of at least 3");
  if (dims > 3)
    return n.unsupported("more than three spatial axes");
  if (!isa<FloatType>(n.elementOf(x)) || !isa<FloatType>(n.elementOf(grid)))
    return n.unsupportedType("an operand that is no float tensor");
  SymShape in = n.shapeOf(x), points = n.shapeOf(grid);
  if (auto v = points.back().getConstant(); v && *v != dims)
    return n.malformed("the grid has " + Twine(*v) + " coordinates, expected " + Twine(dims));
  std::string mode = n.stringAttr("mode", "linear"),
              paddingName = n.stringAttr("padding_mode", "zeros");
  mode = mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode;
  if (mode != "linear" && mode != "cubic" && mode != "nearest")
    return n.malformed("mode is '" + mode + "', expected linear, cubic or nearest");
  if (paddingName != "zeros" && paddingName != "border" && paddingName != "reflection")
    return n.malformed("padding_mode is '" + paddingName +
                       "', expected zeros, border or reflection");
  Padding padding = paddingName == "zeros"    ? Padding::zeros
                    : paddingName == "border" ? Padding::border
                                              : Padding::reflection;
  Type type = n.elementOf(grid), index = n.getBuilder().getI64Type();
  if (type.getIntOrFloatBitWidth() < 32)
    type = n.getBuilder().getF32Type();

  // Channels last, positions flat.
  SmallVector<int64_t> toLast{0}, toFirst{0, dims + 1};
  for (int64_t i = 0; i < dims; ++i) {
    toLast.push_back(2 + i);
    toFirst.push_back(1 + i);
  }
  toLast.push_back(1);
  SymExpr count = numElements(n.getContext(), ArrayRef<SymExpr>(points).slice(1, dims));
  SymExpr pixels = numElements(n.getContext(), ArrayRef<SymExpr>(in).drop_front(2));
  Value data = n.reshape(n.transpose(x, toLast), {in[0], pixels, in[1]});
  Value flatGrid = n.reshape(n.cast(grid, type), {in[0], count, n.size(dims)});
  if (!data || !flatGrid)
    return failure();

  // All combinations of the axes' taps; the grid's last coordinate belongs to the first axis.
  SmallVector<Tap> combined;
  for (int64_t axis = 0; axis < dims; ++axis) {
    Value coordinate = n.sliceAxis(flatGrid, 2, n.size(dims - 1 - axis), n.size(1));
    SmallVector<Tap> taps =
        AxisSampler(n, type, in[2 + axis], padding, n.boolAttr("align_corners", false))
            .sample(coordinate, mode);
    if (axis == 0) {
      combined = taps;
      continue;
    }
    Value length = n.reshape(n.fromSizes({in[2 + axis]}), {});
    SmallVector<Tap> next;
    for (const Tap &outer : combined)
      for (const Tap &inner : taps)
        next.push_back(
            {n.add(n.mul(outer.index, length), inner.index), n.mul(outer.weight, inner.weight)});
    combined = next;
  }
  Type sumType = n.elementOf(x).getIntOrFloatBitWidth() < 32 ? Type(n.getBuilder().getF32Type())
                                                             : n.elementOf(x);
  Value sum;
  for (const Tap &t : combined) {
    if (!t.index || !t.weight)
      return failure();
    Value value = n.create<GatherNdOp>(data, n.cast(t.index, index), int64_t(1));
    if (!value)
      return failure();
    Value term = n.mul(n.cast(value, sumType), n.cast(t.weight, sumType));
    sum = sum ? n.add(sum, term) : term;
  }
  if (!sum)
    return failure();
  SymShape out{in[0]};
  out.append(points.begin() + 1, points.begin() + 1 + dims);
  out.push_back(in[1]);
  return n.finish(n.transpose(n.reshape(n.cast(sum, n.elementOf(x)), out), toFirst));
}

/// The maxima back at their places; the indices count in the tensor that the attributes imply.
LogicalResult maxUnpool(Node &n) {
  Value x = n.input(0), indices = n.input(1);
  if (!x || !indices)
    return failure();
  int64_t dims = n.rankOf(x) - 2;
  SmallVector<int64_t> kernel, strides, begin, end, extents(std::max<int64_t>(dims, 0), 1);
  if (dims < 1 || !n.intsAttr("kernel_shape"))
    return n.malformed("expected an operand of rank 3 or more and a kernel_shape");
  SymShape in = n.shapeOf(x), implied{in[0], in[1]};
  if (failed(spatialAttr(n, "kernel_shape", dims, 1, kernel)) ||
      failed(spatialAttr(n, "strides", dims, 1, strides)) ||
      failed(resolvePads(n, ArrayRef<SymExpr>(in).drop_front(2), extents, strides, begin, end)))
    return failure();
  for (int64_t i = 0; i < dims; ++i) {
    implied.push_back((in[2 + i] - 1) * strides[i] + (kernel[i] - begin[i] - end[i]));
    if (implied.back().getConstant().value_or(1) < 1)
      return n.malformed("the result would have no elements");
  }
  SymExpr total = numElements(n.getContext(), implied), count = numElements(n.getContext(), in);
  Value target = n.broadcast(n.scalarInt(n.elementOf(x), 0), {total});
  Value flat =
      n.create<ScatterElementsOp>(target, n.reshape(indices, {count}), n.reshape(x, {count}),
                                  int64_t(0), ScatterReduction::none);
  Value result = n.reshape(flat, implied);
  if (!n.has(2))
    return n.finish(result);
  auto wanted = n.sizesInput(2);
  if (!wanted)
    return n.unsupported("an output shape that is computed from data");
  if (wanted->size() != in.size())
    return n.malformed("the output shape has " + Twine(wanted->size()) + " sizes, expected " +
                       Twine(in.size()));
  SmallVector<SymExpr> low(in.size(), n.size(0)), high;
  for (auto [size, have] : llvm::zip_equal(*wanted, implied)) {
    high.push_back(size - have);
    if (high.back().getConstant().value_or(0) < 0)
      return n.malformed("the output shape is smaller than the attributes imply");
  }
  return n.finish(n.pad(result, n.scalarInt(n.elementOf(x), 0), low, high, PadMode::constant));
}

const Entry entries[] = {
    {"GridSample", 16, gridSample},
    {"MaxUnpool", 9, maxUnpool},
};

} // namespace

ArrayRef<Entry> getSamplingEntries() { return entries; }

} // namespace mlopt::onnx
