//===- SimplifyRequantization.cpp - One multiplier behind integer sums ----===//
//
// Between the sums of a product and the integers that follow stand, as the model
// wrote them, a bias, the scales of both operands, an activation, and the scale of
// the result. Constants move towards the sums until one multiplier is left. They are
// joined in double and rounded once.
//
//===----------------------------------------------------------------------===//
#include "Quantized.h"
#include "mlopt/Passes/Quantization/Quantization.h"
#include <cmath>

namespace mlopt {
#define GEN_PASS_DEF_SIMPLIFYREQUANTIZATIONPASS
#include "mlopt/Passes/Quantization/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

/// Constants of at most so many elements are joined here: parameters of layers, not data.
constexpr int64_t maxElements = 1 << 20;
/// Operations between a product and the multiplier that takes it in.
constexpr unsigned maxDepth = 16;

static std::optional<HostTensor> factorOf(Value v, GraphRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() > maxElements || !isConstant(v))
    return std::nullopt;
  return rewriter.constantOf(v);
}

/// Operand of a commutative operation that is a factor, and the other one.
static std::optional<std::pair<HostTensor, unsigned>> constantOperand(Operation *op,
                                                                      GraphRewriter &rewriter) {
  for (unsigned i = 0; i < 2; ++i)
    if (std::optional<HostTensor> constant = factorOf(op->getOperand(1 - i), rewriter))
      return std::pair(*constant, i);
  return std::nullopt;
}

/// Whether broadcasting the constant against `shape` leaves that shape.
static bool fits(ArrayRef<int64_t> constant, ArrayRef<SymExpr> shape) {
  if (constant.size() > shape.size())
    return false;
  for (size_t i = 0; i < constant.size(); ++i)
    if (int64_t size = constant[constant.size() - 1 - i];
        size != 1 && !shape[shape.size() - 1 - i].isConstant(size))
      return false;
  return true;
}

static bool isPositive(const HostTensor &tensor) {
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    if (!(tensor.getDouble(i) > 0))
      return false;
  return true;
}

static bool isFiniteTensor(const HostTensor &tensor, double factor = 1) {
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    if (!(std::fabs(tensor.getDouble(i) * factor) < 1e30))
      return false;
  return true;
}

namespace {
/// Takes a constant factor into what computes a value.
class Absorber {
public:
  Absorber(const HostTensor &factor, GraphRewriter &rewriter)
      : factor(factor), rewriter(rewriter), positive(isPositive(factor)) {}

  /// Whether v * factor costs nothing more than v.
  bool takes(Value v, unsigned depth = 0) {
    Operation *op = v.getDefiningOp();
    if (!op || depth > maxDepth || !isWideFloat(v) || !fits(factor.getShape(), rewriter.shapeOf(v)))
      return false;
    if (isConstant(v))
      return takesConstant(v);
    if (auto dequantize = dyn_cast<DequantizeOp>(op))
      return takesConstant(dequantize.getScale()) &&
             fits(factor.getShape(), rewriter.shapeOf(dequantize.getInput()));
    if (!v.hasOneUse())
      return false;
    if (isa<MulOp>(op)) {
      auto constant = constantOperand(op, rewriter);
      return constant && !growsTogether(constant->first.getShape(), factor.getShape()) &&
             rewriter.shapeOf(op->getOperand(constant->second)) == rewriter.shapeOf(v);
    }
    if (isa<AddOp, SubOp>(op))
      return takesAll(op, depth);
    if (isa<MaxOp, MinOp>(op))
      return positive && takesAll(op, depth);
    return false;
  }

  /// v * factor, where `takes(v)`.
  Value absorb(Value v, ComposeBuilder &b) {
    Operation *op = v.getDefiningOp();
    if (isConstant(v))
      return multiplied(v, b);
    if (auto dequantize = dyn_cast<DequantizeOp>(op))
      return b.create<DequantizeOp>(dequantize.getInput(), multiplied(dequantize.getScale(), b),
                                    dequantize.getZero());
    if (isa<MulOp>(op)) {
      auto constant = constantOperand(op, rewriter);
      return b.mul(op->getOperand(constant->second),
                   multiplied(op->getOperand(1 - constant->second), b));
    }
    Value first = absorb(op->getOperand(0), b), second = absorb(op->getOperand(1), b);
    if (isa<AddOp>(op))
      return b.add(first, second);
    if (isa<SubOp>(op))
      return b.sub(first, second);
    return isa<MaxOp>(op) ? b.max(first, second) : b.min(first, second);
  }

private:
  static bool isWideFloat(Value v) {
    Type element = integersOf(v);
    return isa<FloatType>(element) && element.getIntOrFloatBitWidth() >= 32;
  }
  /// Whether the product is no larger than the larger one of both.
  bool takesConstant(Value v) {
    std::optional<HostTensor> constant = factorOf(v, rewriter);
    return constant && !growsTogether(constant->getShape(), factor.getShape());
  }
  bool takesAll(Operation *op, unsigned depth) {
    bool anyComputed = false;
    for (Value operand : op->getOperands()) {
      anyComputed |= !isConstant(operand);
      // An operand that is broadcast need not have the factor's shape.
      if (!(isConstant(operand) ? takesConstant(operand) : takes(operand, depth + 1)))
        return false;
    }
    return anyComputed;
  }
  Value multiplied(Value constant, ComposeBuilder &b) {
    HostTensor tensor = combine(*rewriter.constantOf(constant), factor, integersOf(constant),
                                [](double x, double y) { return x * y; });
    return write(tensor, constant, ".scaled", b, rewriter);
  }

  const HostTensor &factor;
  GraphRewriter &rewriter;
  bool positive;
};
} // namespace

/// (sums + c) + d, sums - c, with constants in i32.
static bool joinBiases(Operation *op, GraphRewriter &rewriter) {
  if (!isa<AddOp, SubOp>(op) || !integersOf(op->getResult(0)).isSignlessInteger(32))
    return false;
  auto constantAt = [&](Operation *what, unsigned i) {
    return factorOf(what->getOperand(i), rewriter).has_value();
  };
  if (isa<SubOp>(op)) {
    if (!constantAt(op, 1))
      return false;
    ComposeBuilder b = rewriter.before(op);
    Value minus = b.scalarInt(rewriter.getBuilder().getI32Type(), -1);
    Value negative = arithmetic(Arithmetic::Mul, op->getOperand(1), minus, b, rewriter);
    return rewriter.replace(op, b, b.add(op->getOperand(0), negative));
  }
  for (unsigned i = 0; i < 2; ++i) {
    auto inner = singleUse<AddOp>(op->getOperand(i));
    if (!inner || !constantAt(op, 1 - i) ||
        rewriter.shapeOf(inner) != rewriter.shapeOf(op->getResult(0)))
      continue;
    for (unsigned j = 0; j < 2; ++j)
      if (constantAt(inner, j) &&
          rewriter.shapeOf(inner->getOperand(1 - j)) == rewriter.shapeOf(inner)) {
        ComposeBuilder b = rewriter.before(op, {inner});
        Value joined =
            arithmetic(Arithmetic::Add, inner->getOperand(j), op->getOperand(1 - i), b, rewriter);
        return rewriter.replace(op, b, b.add(inner->getOperand(1 - j), joined));
      }
  }
  return false;
}

/// Whether a value comes from integers: sums of a product or a dequantized tensor.
static bool isMadeOfIntegers(Value v, unsigned depth = 0) {
  Operation *op = v.getDefiningOp();
  if (!op || depth > maxDepth)
    return false;
  if (isa<DequantizeOp>(op))
    return true;
  if (auto cast = dyn_cast<CastOp>(op))
    return integersOf(cast.getInput()).isSignlessInteger(32);
  return isa<AddOp, SubOp, MulOp, MaxOp, MinOp>(op) &&
         llvm::any_of(op->getOperands(),
                      [&](Value operand) { return isMadeOfIntegers(operand, depth + 1); });
}

/// f(sums * a) * b = f'(sums * (a b)) for constants.
static bool joinMultipliers(Operation *op, GraphRewriter &rewriter) {
  if (!isa<MulOp>(op) || !isFloat(op->getResult(0)))
    return false;
  auto constant = constantOperand(op, rewriter);
  if (!constant)
    return false;
  auto &[factor, i] = *constant;
  Value input = op->getOperand(i);
  if (isConstant(input) || !isMadeOfIntegers(input) || !isFiniteTensor(factor) ||
      rewriter.shapeOf(input) != rewriter.shapeOf(op->getResult(0)))
    return false;
  Absorber absorber(factor, rewriter);
  if (!absorber.takes(input))
    return false;
  ComposeBuilder b = rewriter.before(op, {input.getDefiningOp()});
  return rewriter.replace(op, b, absorber.absorb(input, b));
}

/// x * (s * c) = (x * s) * c for a number s of the run: no kernel for one number.
static bool splitScalar(Operation *op, GraphRewriter &rewriter) {
  if (!isa<MulOp>(op) || !isFloat(op->getResult(0)))
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    Value x = op->getOperand(i);
    auto scalar = op->getOperand(1 - i).getDefiningOp<MulOp>();
    if (!scalar || !isOneElement(rewriter.shapeOf(scalar)) || isOneElement(rewriter.shapeOf(x)) ||
        !isMadeOfIntegers(x) || rewriter.shapeOf(x) != rewriter.shapeOf(op->getResult(0)))
      continue;
    auto constant = constantOperand(scalar, rewriter);
    if (!constant)
      continue;
    ComposeBuilder b = rewriter.before(op, {scalar});
    Value scaled = b.mul(x, reshaped(scalar->getOperand(1 - constant->second), {}, b, rewriter));
    return rewriter.replace(
        op, b, b.mul(scaled, reshaped(scalar->getOperand(constant->second), {}, b, rewriter)));
  }
  return false;
}

/// Whether a value is computed by a kernel, not read from memory as it came.
static bool isComputed(Value v) {
  while (isa_and_nonnull<ReshapeOp, SliceOp, TransposeOp>(v.getDefiningOp()))
    v = v.getDefiningOp()->getOperand(0);
  return v.getDefiningOp() && !isConstant(v);
}

/// quantize(x / scale) = quantize(x * (1 / scale)), the factor joined with those before.
static bool invertScale(Operation *op, GraphRewriter &rewriter) {
  auto quantize = dyn_cast<QuantizeOp>(op);
  if (!quantize)
    return false;
  Value x = quantize.getInput();
  Type element = integersOf(x);
  std::optional<HostTensor> scale = factorOf(quantize.getScale(), rewriter);
  if (!scale || !isComputed(x) || element.getIntOrFloatBitWidth() < 32 ||
      integersOf(quantize.getScale()) != element || rewriter.splatOf(quantize.getScale()) == 1.0)
    return false;
  HostTensor inverse = combine(*scale, *scale, element, [](double s, double) { return 1 / s; });
  if (!isFiniteTensor(inverse) || !isPositive(inverse))
    return false;
  ComposeBuilder b = rewriter.before(op);
  Absorber absorber(inverse, rewriter);
  Value scaled;
  if (isMadeOfIntegers(x) && absorber.takes(x))
    scaled = absorber.absorb(x, b);
  else
    scaled = b.mul(x, write(inverse, quantize.getScale(), ".inverse", b, rewriter));
  return rewriter.replace(
      op, b,
      b.create<QuantizeOp>(scaled, b.scalar(element, 1), quantize.getZero(), quantize.getTo()));
}

/// quantize(max(x, c)) = quantize(x) where c and all below give the lowest integer; minima
/// likewise.
static bool dropClamp(Operation *op, GraphRewriter &rewriter) {
  auto quantize = dyn_cast<QuantizeOp>(op);
  if (!quantize)
    return false;
  Operation *clamp = quantize.getInput().getDefiningOp();
  std::optional<double> scale = rewriter.splatOf(quantize.getScale());
  Value zero = zeroOf(quantize.getZero());
  std::optional<double> offset = zero ? rewriter.splatOf(zero) : std::optional<double>(0);
  if (!isa_and_nonnull<MaxOp, MinOp>(clamp) || !scale || !(*scale > 0) || !offset)
    return false;
  auto [low, high] = rangeOf(quantize.getTo());
  for (unsigned i = 0; i < 2; ++i) {
    std::optional<double> bound = rewriter.splatOf(clamp->getOperand(1 - i));
    Value x = clamp->getOperand(i);
    if (!bound || rewriter.shapeOf(x) != rewriter.shapeOf(op->getResult(0)))
      continue;
    double steps = roundToFloatType(*bound / *scale, integersOf(quantize.getScale()));
    double at = std::nearbyint(steps) + *offset;
    // NaN gives the lowest integer with and without the clamp.
    if (isa<MaxOp>(clamp) ? !(at <= double(low)) : !(at >= double(high)))
      continue;
    ComposeBuilder b = rewriter.before(op, {clamp});
    return rewriter.replace(
        op, b, b.create<QuantizeOp>(x, quantize.getScale(), quantize.getZero(), quantize.getTo()));
  }
  return false;
}

namespace {
struct SimplifyRequantization
    : mlopt::impl::SimplifyRequantizationPassBase<SimplifyRequantization> {
  void runOnOperation() override {
    applyRules(getOperation(),
               {cancelPair, joinBiases, splitScalar, joinMultipliers, dropClamp, invertScale});
  }
};
} // namespace
