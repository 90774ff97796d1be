//===- CancelPairs.cpp - quantize behind dequantize -----------------------===//
#include "Quantized.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

/// Whether dequantizing and quantizing with one scale gives back each integer of the type: the float
/// type holds all differences exactly, and no product leaves a narrow one.
static bool givesBack(Value scale, Type integers, GraphRewriter &rewriter) {
  auto type = cast<FloatType>(integersOf(scale));
  unsigned bits = integers.getIntOrFloatBitWidth();
  if (bits > type.getFPMantissaWidth())
    return false;
  if (type.getWidth() >= 32)
    return true;
  std::optional<HostTensor> numbers = rewriter.constantOf(scale);
  double largest =
      APFloat::getLargest(type.getFloatSemantics()).convertToDouble() / double(int64_t(1) << bits);
  for (int64_t i = 0; numbers && i < numbers->getNumElements(); ++i)
    if (!(std::fabs(numbers->getDouble(i)) < largest))
      return false;
  return numbers.has_value();
}

/// Whether two scales are so near to each other that no 8-bit integer changes: n steps of one are
/// less than n + 1/2 of the other, n <= 255. Narrow types round steps and products by more.
static bool areNear(Value a, Value b, GraphRewriter &rewriter) {
  constexpr double most = 1e-3;
  if (areEqual(a, b, rewriter))
    return true;
  for (Value scale : {a, b})
    if (integersOf(scale).getIntOrFloatBitWidth() < 32)
      return false;
  std::optional<double> x = rewriter.scalarOf(a), y = rewriter.scalarOf(b);
  return x && y && std::fabs(*x - *y) <= most * std::fabs(*y);
}

/// Whether zero points mean the same number, `a` of type `from` and `b` of type `to`, which may be
/// its counterpart of the other sign.
static bool isSameZero(Value a, Type from, Value b, Type to, GraphRewriter &rewriter) {
  if (from == to)
    return areEqual(a, b, rewriter);
  std::optional<HostTensor> x = a ? rewriter.constantOf(a) : std::nullopt,
                            y = b ? rewriter.constantOf(b) : std::nullopt;
  if ((a && (!x || x->getNumElements() != 1)) || (b && (!y || y->getNumElements() != 1)))
    return false;
  int64_t shift = to.isUnsignedInteger() ? 128 : -128;
  return (x ? x->getInteger(0) : 0) + shift == (y ? y->getInteger(0) : 0);
}

bool mlopt::cancelPair(Operation *op, GraphRewriter &rewriter) {
  auto quantize = dyn_cast<QuantizeOp>(op);
  if (!quantize)
    return false;
  Value zero = zeroOf(quantize.getZero());
  Type to = quantize.getTo();
  auto matches = [&](const Dequantized &x) {
    Type from = integersOf(x.integers);
    bool bytes = isByte(from) && isByte(to);
    return (from == to || bytes) && givesBack(x.scale, from, rewriter) &&
           (bytes ? areNear(x.scale, quantize.getScale(), rewriter)
                  : areEqual(x.scale, quantize.getScale(), rewriter)) &&
           isSameZero(x.zero, from, zero, to, rewriter) &&
           rewriter.shapeOf(x.integers) == rewriter.shapeOf(quantize);
  };
  if (std::optional<Dequantized> x = dequantizedOf(quantize.getInput())) {
    if (!matches(*x))
      return false;
    if (integersOf(x->integers) == to)
      return rewriter.replace(op, x->integers);
    ComposeBuilder b = rewriter.before(op, {quantize.getInput().getDefiningOp()});
    return rewriter.replace(op, b, flipSign(x->integers, /*force=*/true, b, rewriter));
  }
  Operation *clamp = quantize.getInput().getDefiningOp();
  std::optional<double> scale = rewriter.scalarOf(quantize.getScale());
  if (!isa_and_nonnull<MaxOp, MinOp>(clamp) || !clamp->hasOneUse() || !scale || !(*scale > 0))
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    std::optional<Dequantized> x = dequantizedOf(clamp->getOperand(i));
    std::optional<double> bound = rewriter.scalarOf(clamp->getOperand(1 - i));
    std::optional<HostTensor> offset = zero ? rewriter.constantOf(zero) : std::nullopt;
    if (!x || !bound || integersOf(x->integers) != to || !matches(*x) ||
        (zero && (!offset || offset->getNumElements() != 1)))
      continue;
    // Rounding keeps order: the clamp may as well come after it.
    auto [low, high] = rangeOf(to);
    double steps = roundToFloatType(*bound / *scale, integersOf(quantize.getScale()));
    double at = std::nearbyint(steps) + (offset ? offset->getDouble(0) : 0);
    ComposeBuilder b = rewriter.before(op, {clamp});
    Value limit = b.scalarInt(to, static_cast<int64_t>(std::clamp(at, double(low), double(high))));
    return rewriter.replace(
        op, b, isa<MaxOp>(clamp) ? b.max(x->integers, limit) : b.min(x->integers, limit));
  }
  return false;
}
