//===- Elementwise.cpp - Elementwise ONNX operators -----------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

template <typename OpTy> LogicalResult unary(Node &n) {
  return n.finish(n.create<OpTy>(n.input(0)));
}

template <typename OpTy> LogicalResult binary(Node &n) {
  return n.finish(n.create<OpTy>(n.input(0), n.input(1)));
}

template <ComparePredicate predicate> LogicalResult comparison(Node &n) {
  return n.finish(n.create<CompareOp>(n.input(0), n.input(1), predicate));
}

/// Sum, Max, Min of one or more operands.
template <typename OpTy> Value foldOperands(Node &n) {
  Value result = n.input(0);
  for (unsigned i = 1; i < n.getNumOperands() && result; ++i)
    result = n.create<OpTy>(result, n.input(i));
  return result;
}
template <typename OpTy> LogicalResult variadic(Node &n) { return n.finish(foldOperands<OpTy>(n)); }

LogicalResult mean(Node &n) {
  Value sum = foldOperands<AddOp>(n);
  if (!sum)
    return failure();
  if (n.getNumOperands() == 1)
    return n.finish(sum);
  return n.finish(n.div(sum, n.scalar(n.elementOf(sum), n.getNumOperands())));
}

LogicalResult reciprocal(Node &n) {
  Value x = n.input(0);
  return x ? n.finish(n.div(n.scalar(n.elementOf(x), 1), x)) : failure();
}

LogicalResult identity(Node &n) {
  if (auto sequence = n.sequenceInput(0))
    return n.finish(n.makeSequence(*sequence));
  return n.finish(n.input(0));
}

LogicalResult isInf(Node &n) {
  return n.finish(n.create<IsInfOp>(n.input(0), n.boolAttr("detect_negative", true),
                                    n.boolAttr("detect_positive", true)));
}

LogicalResult mod(Node &n) {
  Value a = n.input(0), b = n.input(1);
  if (!a || !b)
    return failure();
  bool fmod = n.boolAttr("fmod", false);
  if (!fmod && isa<FloatType>(n.elementOf(a)))
    return n.malformed("fmod must be 1 for floating point");
  return n.finish(n.create<ModOp>(a, b, fmod));
}

LogicalResult bitShift(Node &n) {
  std::string direction = n.stringAttr("direction", "");
  if (direction == "LEFT")
    return n.finish(n.create<ShiftLeftOp>(n.input(0), n.input(1)));
  if (direction == "RIGHT")
    return n.finish(n.create<ShiftRightOp>(n.input(0), n.input(1)));
  return n.malformed("direction is '" + direction + "', expected LEFT or RIGHT");
}

LogicalResult where(Node &n) {
  return n.finish(n.create<SelectOp>(n.input(0), n.input(1), n.input(2)));
}

/// PRelu: the slope broadcasts to x, never the other way round.
LogicalResult prelu(Node &n) {
  Value x = n.input(0), slope = n.input(1);
  if (!x || !slope)
    return failure();
  // Before opset 7 a slope of shape [C] belongs to axis 1, and ONNX's version converter leaves it
  // as it is.
  auto fits = [&](int64_t axis) {
    return n.dimOf(slope, 0).isConstant(1) || n.dimOf(slope, 0) == n.dimOf(x, axis);
  };
  if (n.rankOf(slope) == 1 && n.rankOf(x) > 2 && fits(1) &&
      (n.getOpset() < 7 ||
       (n.dimOf(x, -1 + n.rankOf(x)).getConstant() && !fits(n.rankOf(x) - 1)))) {
    SmallVector<int64_t> axes;
    for (int64_t axis = 1; axis + 1 < n.rankOf(x); ++axis)
      axes.push_back(axis);
    slope = n.unsqueeze(slope, axes);
  }
  if (n.rankOf(slope) > n.rankOf(x))
    return n.malformed("the slope has a higher rank than the input");
  // At 0 both sides are 0; the derivative there is the slope, as in PyTorch.
  Value negative = n.compare(ComparePredicate::le, x, n.scalar(n.elementOf(x), 0));
  return n.finish(n.select(negative, n.mul(x, slope), x));
}

Value castTo(Node &n, Value v, Type to) { return v ? n.cast(v, to) : v; }

LogicalResult castOp(Node &n) {
  auto to = n.optIntAttr("to");
  if (!to)
    return n.malformed("attribute 'to' is missing");
  Value x = n.input(0);
  if (!x)
    return failure();
  Type type = getElementType(n.getContext(), *to);
  if (!type)
    return n.unsupportedType("a cast to data type " + Twine(*to) +
                             " (strings, complex numbers and types below 8 bits have no kernels)");
  return n.finish(castTo(n, x, type));
}

LogicalResult castLike(Node &n) {
  Value x = n.input(0), like = n.input(1);
  return x && like ? n.finish(castTo(n, x, n.elementOf(like))) : failure();
}

/// BitCast between integers of one width keeps the bits as a cast does; other pairs would need a
/// reinterpretation.
LogicalResult bitCast(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  Type from = n.elementOf(x), to = getElementType(n.getContext(), n.intAttr("to", 0));
  if (!to)
    return n.unsupportedType("a bit cast to data type " + Twine(n.intAttr("to", 0)));
  if (from == to)
    return n.finish(x);
  auto bits = [](Type t) { return t.isInteger(1) ? 8u : t.getIntOrFloatBitWidth(); };
  if (!isa<IntegerType>(from) || !isa<IntegerType>(to) || bits(from) != bits(to) || to.isInteger(1))
    return n.unsupportedType("a bit cast between floating point and integers");
  return n.finish(n.cast(x, to));
}

Value clamp(Node &n, Value x, Value low, Value high) {
  if (low)
    x = n.max(x, low);
  return high ? n.min(x, high) : x;
}

LogicalResult clip(Node &n) {
  Value x = n.input(0), low, high;
  if (!x)
    return failure();
  if (n.has(1) && !(low = n.scalarInput(1)))
    return failure();
  if (n.has(2) && !(high = n.scalarInput(2)))
    return failure();
  return n.finish(clamp(n, x, low, high));
}

LogicalResult clipAttributes(Node &n) {
  Value x = n.input(0), low, high;
  if (!x)
    return failure();
  if (auto v = n.optFloatAttr("min"))
    low = n.scalar(n.elementOf(x), *v);
  if (auto v = n.optFloatAttr("max"))
    high = n.scalar(n.elementOf(x), *v);
  return n.finish(clamp(n, x, low, high));
}

const Entry entries[] = {
    {"Abs", 1, unary<AbsOp>},
    {"Acos", 7, unary<AcosOp>},
    {"Acosh", 9, unary<AcoshOp>},
    {"Add", 7, binary<AddOp>},
    {"And", 7, binary<AndOp>},
    {"Asin", 7, unary<AsinOp>},
    {"Asinh", 9, unary<AsinhOp>},
    {"Atan", 7, unary<AtanOp>},
    {"Atanh", 9, unary<AtanhOp>},
    {"BitCast", 26, bitCast},
    {"BitShift", 11, bitShift},
    {"BitwiseAnd", 18, binary<AndOp>},
    {"BitwiseNot", 18, unary<NotOp>},
    {"BitwiseOr", 18, binary<OrOp>},
    {"BitwiseXor", 18, binary<XorOp>},
    {"Cast", 6, castOp},
    {"CastLike", 15, castLike},
    {"Ceil", 1, unary<CeilOp>},
    {"Clip", 6, clipAttributes},
    {"Clip", 11, clip},
    {"Cos", 7, unary<CosOp>},
    {"Cosh", 9, unary<CoshOp>},
    {"Div", 7, binary<DivOp>},
    {"Equal", 7, comparison<ComparePredicate::eq>},
    {"Erf", 9, unary<ErfOp>},
    {"Exp", 1, unary<ExpOp>},
    {"Floor", 1, unary<FloorOp>},
    {"Greater", 7, comparison<ComparePredicate::gt>},
    {"GreaterOrEqual", 12, comparison<ComparePredicate::ge>},
    {"Identity", 1, identity},
    {"IsInf", 10, isInf},
    {"IsNaN", 9, unary<IsNanOp>},
    {"Less", 7, comparison<ComparePredicate::lt>},
    {"LessOrEqual", 12, comparison<ComparePredicate::le>},
    {"Log", 1, unary<LogOp>},
    {"Max", 6, variadic<MaxOp>},
    {"Mean", 6, mean},
    {"Min", 6, variadic<MinOp>},
    {"Mod", 10, mod},
    {"Mul", 7, binary<MulOp>},
    {"Neg", 1, unary<NegOp>},
    {"Not", 1, unary<NotOp>},
    {"Or", 7, binary<OrOp>},
    {"PRelu", 1, prelu},
    {"Pow", 7, binary<PowOp>},
    {"Reciprocal", 1, reciprocal},
    {"Round", 11, unary<RoundOp>},
    {"Sign", 9, unary<SignOp>},
    {"Sin", 7, unary<SinOp>},
    {"Sinh", 9, unary<SinhOp>},
    {"Sqrt", 1, unary<SqrtOp>},
    {"Sub", 7, binary<SubOp>},
    {"Sum", 6, variadic<AddOp>},
    {"Tan", 7, unary<TanOp>},
    {"Where", 9, where},
    {"Xor", 7, binary<XorOp>},
};

} // namespace

ArrayRef<Entry> getElementwiseEntries() { return entries; }

} // namespace mlopt::onnx
