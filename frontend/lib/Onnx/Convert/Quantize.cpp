//===- Quantize.cpp - ONNX quantization as compositions -------------------===//
#include "Conversion.h"
#include "mlopt/IR/Compose/Contraction.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Smallest and largest value of an integer type of 8 or 16 bits; none for others.
std::optional<std::pair<double, double>> getRange(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || (integer.getWidth() != 8 && integer.getWidth() != 16))
    return std::nullopt;
  double values = static_cast<double>(int64_t(1) << integer.getWidth());
  return integer.isUnsigned() ? std::pair(0.0, values - 1) : std::pair(-values / 2, values / 2 - 1);
}

/// A scale or zero point brought to broadcast against x: a scalar, one value per index of `axis`,
/// or blocks along it.
Value spreadParameter(Node &n, Value v, Value x) {
  if (!v || n.rankOf(v) == 0)
    return v;
  int64_t rank = n.rankOf(x);
  if (n.rankOf(v) == 1 && n.dimOf(v, 0).isConstant(1))
    return n.reshape(v, {});
  // An operand of rank 1 has one axis, whatever the default says.
  int64_t given = n.intAttr("axis", 1);
  if (rank == 1 && !n.optIntAttr("axis"))
    given = 0;
  auto axis = n.normalizeAxis(given, rank);
  if (!axis)
    return nullptr;
  int64_t block = n.intAttr("block_size", 0);
  if (n.rankOf(v) == 1 && block == 0) {
    SymShape shape(rank, n.size(1));
    shape[*axis] = n.dimOf(v, 0);
    return n.reshape(v, shape);
  }
  if (block < 1 || n.rankOf(v) != rank) {
    (void)n.malformed("a scale of rank " + Twine(n.rankOf(v)) +
                      " needs an operand of that rank and a block_size");
    return nullptr;
  }
  SymShape shape = n.shapeOf(v), wide = shape, flat = shape;
  shape.insert(shape.begin() + *axis + 1, n.size(1));
  wide.insert(wide.begin() + *axis + 1, n.size(block));
  flat[*axis] = flat[*axis] * block;
  Value repeated = n.reshape(n.broadcast(n.reshape(v, shape), wide), flat);
  return n.sliceAxis(repeated, *axis, n.size(0), n.dimOf(x, *axis));
}

/// round(value) + zero clamped to an integer type; `value` float, computed in its type or f32.
Value saturate(Node &n, Value value, Value zero, Type to) {
  auto range = getRange(to);
  if (!range || !value)
    return nullptr;
  Type type = n.elementOf(value);
  if (type.getIntOrFloatBitWidth() < 32)
    type = n.getBuilder().getF32Type();
  Value q = n.cast(n.create<RoundOp>(value), type);
  if (zero)
    q = n.add(q, n.cast(zero, type));
  if (!q)
    return q;
  q = n.min(n.max(q, n.scalar(type, range->first)), n.scalar(type, range->second));
  return n.cast(q, to);
}

LogicalResult quantize(Node &n) {
  Value x = n.input(0), scale = n.input(1), zero = n.has(2) ? n.input(2) : Value();
  if (!x || !scale || (n.has(2) && !zero))
    return failure();
  Type to = zero ? n.elementOf(zero) : Type(n.getBuilder().getIntegerType(8, false));
  if (int64_t dtype = n.intAttr("output_dtype", 0); dtype != 0 && !zero)
    to = getElementType(n.getContext(), dtype);
  if (!to || !getRange(to))
    return n.unsupportedType("quantization to a type other than integers of 8 and 16 bits");
  Type precision = n.elementOf(scale);
  if (int64_t dtype = n.intAttr("precision", 0); dtype != 0)
    precision = getElementType(n.getContext(), dtype);
  if (!precision || !isa<FloatType>(precision))
    return n.unsupportedType("a precision that is no float type of mlopt");
  scale = spreadParameter(n, scale, x);
  if (zero && !(zero = spreadParameter(n, zero, x)))
    return failure();
  if (!scale)
    return failure();
  return n.finish(saturate(n, n.div(n.cast(x, precision), n.cast(scale, precision)), zero, to));
}

LogicalResult dequantize(Node &n) {
  Value x = n.input(0), scale = n.input(1), zero = n.has(2) ? n.input(2) : Value();
  if (!x || !scale || (n.has(2) && !zero))
    return failure();
  Type to = n.elementOf(scale);
  if (int64_t dtype = n.intAttr("output_dtype", 0); dtype != 0)
    to = getElementType(n.getContext(), dtype);
  if (!to || !isa<FloatType>(to))
    return n.unsupportedType("a result that is no float type of mlopt");
  scale = spreadParameter(n, scale, x);
  if (zero && !(zero = spreadParameter(n, zero, x)))
    return failure();
  if (!scale)
    return failure();
  // Differences of 8 and 16 bit integers are exact in f32.
  Type wide = to.getIntOrFloatBitWidth() < 32 ? Type(n.getBuilder().getF32Type()) : to;
  Value centred = n.cast(x, wide);
  if (zero)
    centred = n.sub(centred, n.cast(zero, wide));
  Value result = n.mul(centred, n.cast(scale, wide));
  return n.finish(result ? n.cast(result, to) : result);
}

LogicalResult dynamicQuantize(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  Type element = n.elementOf(x), u8 = n.getBuilder().getIntegerType(8, false);
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < n.rankOf(x); ++i)
    axes.push_back(i);
  Value zero = n.scalar(element, 0);
  Value high = n.max(n.reduce(x, ReduceKind::max, axes, false), zero),
        low = n.min(n.reduce(x, ReduceKind::min, axes, false), zero);
  Value scale = n.div(n.sub(high, low), n.scalar(element, 255));
  if (!scale)
    return failure();
  // All zeros: any divisor gives zero.
  Value divisor =
      n.select(n.compare(ComparePredicate::eq, scale, zero), n.scalar(element, 1), scale);
  Value zeroPoint = saturate(n, n.div(n.create<NegOp>(low), divisor), nullptr, u8);
  return n.finish({saturate(n, n.div(x, divisor), zeroPoint, u8), scale, zeroPoint});
}

/// Integers minus their zero point, as i32. A zero point of rank 1 belongs to the rows of a left
/// operand, the columns of a right one.
Value centre(Node &n, Value v, unsigned zeroPoint, bool isLeft) {
  Type wide = n.getBuilder().getI32Type();
  if (!v || !n.has(zeroPoint))
    return v ? n.cast(v, wide) : v;
  Value zero = n.input(zeroPoint);
  if (!zero)
    return zero;
  if (n.rankOf(zero) == 1 && n.dimOf(zero, 0).isConstant(1))
    zero = n.reshape(zero, {});
  else if (n.rankOf(zero) == 1 && isLeft && n.rankOf(v) > 1)
    zero = n.unsqueeze(zero, {1});
  return n.sub(n.cast(v, wide), n.cast(zero, wide));
}

LogicalResult matmulInteger(Node &n) {
  return n.finish(
      compose::matmul(n, centre(n, n.input(0), 2, true), centre(n, n.input(1), 3, false)));
}

/// A scale of rank 1 with one element is a scalar.
Value readScale(Node &n, unsigned i) {
  Value v = n.input(i);
  return v && n.rankOf(v) == 1 && n.dimOf(v, 0).isConstant(1) ? n.reshape(v, {}) : v;
}

LogicalResult qlinearMatmul(Node &n) {
  Value a = centre(n, n.input(0), 2, true), b = centre(n, n.input(3), 5, false);
  Value aScale = readScale(n, 1), bScale = readScale(n, 4), yScale = readScale(n, 6),
        yZero = readScale(n, 7);
  if (!a || !b || !aScale || !bScale || !yScale || !yZero)
    return failure();
  for (Value v : {aScale, yScale, yZero})
    if (n.rankOf(v) != 0)
      return n.unsupported("scales or zero points per row");
  Type f64 = n.getBuilder().getF64Type(), to = n.elementOf(yZero);
  Value product = compose::matmul(n, a, b);
  Value factor = n.div(n.mul(aScale, bScale), yScale);
  if (!product || !factor)
    return failure();
  Value exact = n.mul(n.cast(product, f64), n.cast(factor, f64));
  // ONNX adds the zero point before it rounds.
  Value shifted = n.add(exact, n.cast(yZero, f64));
  return n.finish(saturate(n, shifted, nullptr, to));
}

const Entry entries[] = {
    {"DequantizeLinear", 10, dequantize}, {"DynamicQuantizeLinear", 11, dynamicQuantize},
    {"MatMulInteger", 10, matmulInteger}, {"QLinearMatMul", 10, qlinearMatmul},
    {"QuantizeLinear", 10, quantize},
};

} // namespace

ArrayRef<Entry> getQuantizeEntries() { return entries; }

} // namespace mlopt::onnx
