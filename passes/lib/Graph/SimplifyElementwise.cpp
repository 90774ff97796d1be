//===- SimplifyElementwise.cpp - Elementwise operations, matrix operands --===//
//
// Each rule keeps every bit of the result.
//
//===----------------------------------------------------------------------===//
#include "GraphRules.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

/// `value` in the shape of the operation's result.
static bool replaceBroadcast(Operation *op, GraphRewriter &rewriter, Value value) {
  ComposeBuilder b = rewriter.before(op);
  return rewriter.replace(op, b, b.broadcast(value, rewriter.shapeOf(op->getResult(0))));
}

/// select by a constant; select of equal values.
static bool simplifySelect(Operation *op, GraphRewriter &rewriter) {
  auto select = dyn_cast<SelectOp>(op);
  if (!select)
    return false;
  if (std::optional<double> condition = rewriter.splatOf(select.getCondition()))
    return replaceBroadcast(op, rewriter,
                            *condition != 0 ? select.getOnTrue() : select.getOnFalse());
  if (select.getOnTrue() == select.getOnFalse())
    return replaceBroadcast(op, rewriter, select.getOnTrue());
  return false;
}

/// and, or with a constant; x and x.
static bool simplifyLogic(Operation *op, GraphRewriter &rewriter) {
  if (!isa<AndOp, OrOp>(op) || !getElementTypeOrSelf(op->getResult(0).getType()).isInteger(1))
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    Value other = op->getOperand(1 - i);
    if (other == op->getOperand(i))
      return rewriter.replace(op, other);
    std::optional<double> value = rewriter.splatOf(op->getOperand(i));
    if (!value)
      continue;
    bool neutral = (*value != 0) == isa<AndOp>(op);
    return replaceBroadcast(op, rewriter, neutral ? other : op->getOperand(i));
  }
  return false;
}

static bool simplifyNot(Operation *op, GraphRewriter &rewriter) {
  auto outer = dyn_cast<NotOp>(op);
  auto inner = outer ? outer.getInput().getDefiningOp<NotOp>() : NotOp();
  return inner && rewriter.replace(op, inner.getInput());
}

/// Whether no element of an integer tensor can be negative.
static bool isNonNegative(Value v, GraphRewriter &rewriter, unsigned depth = 0) {
  Operation *def = v.getDefiningOp();
  if (!def || depth > 8)
    return false;
  if (isa<IotaOp>(def))
    return true;
  if (isa<ReshapeOp, BroadcastOp, TransposeOp, SliceOp>(def))
    return isNonNegative(def->getOperand(0), rewriter, depth + 1);
  std::optional<double> splat = rewriter.splatOf(v);
  return splat && *splat >= 0;
}

/// Comparisons of indices with 0 that always hold.
static bool simplifyCompare(Operation *op, GraphRewriter &rewriter) {
  auto compare = dyn_cast<CompareOp>(op);
  if (!compare || !getElementTypeOrSelf(compare.getLhs().getType()).isSignlessInteger() ||
      compare.getPredicate() != ComparePredicate::ge || rewriter.splatOf(compare.getRhs()) != 0.0 ||
      !isNonNegative(compare.getLhs(), rewriter))
    return false;
  ComposeBuilder b = rewriter.before(op);
  return replaceBroadcast(op, rewriter, b.scalarInt(rewriter.getBuilder().getI1Type(), 1));
}

/// x ^ 1 = x, x ^ 2 = x * x (one rounding each).
static bool simplifyPow(Operation *op, GraphRewriter &rewriter) {
  auto pow = dyn_cast<PowOp>(op);
  if (!pow || !isFloat(pow.getLhs()))
    return false;
  std::optional<double> exponent = rewriter.scalarOf(pow.getRhs());
  if (!exponent || rewriter.shapeOf(pow) != rewriter.shapeOf(pow.getLhs()))
    return false;
  if (*exponent == 1)
    return rewriter.replace(op, pow.getLhs());
  if (*exponent != 2)
    return false;
  ComposeBuilder b = rewriter.before(op);
  return rewriter.replace(op, b, b.mul(pow.getLhs(), pow.getLhs()));
}

/// x / c = x * (1 / c) where c is a power of two.
static bool divideByPowerOfTwo(Operation *op, GraphRewriter &rewriter) {
  auto div = dyn_cast<DivOp>(op);
  if (!div || !isFloat(div.getLhs()))
    return false;
  std::optional<double> divisor = rewriter.scalarOf(div.getRhs());
  int exponent;
  if (!divisor || *divisor == 0 || std::fabs(std::frexp(*divisor, &exponent)) != 0.5 ||
      std::abs(exponent) > 12 || rewriter.shapeOf(div) != rewriter.shapeOf(div.getLhs()))
    return false;
  ComposeBuilder b = rewriter.before(op);
  Value factor = b.scalar(b.elementOf(div.getLhs()), 1 / *divisor);
  return rewriter.replace(op, b, b.mul(div.getLhs(), factor));
}

/// x * 1, x / 1, x - 0, x + (-0) where shapes agree but types say less.
static bool dropNeutral(Operation *op, GraphRewriter &rewriter) {
  if (!isa<AddOp, SubOp, MulOp, DivOp>(op))
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    if (i == 0 && isa<SubOp, DivOp>(op))
      continue;
    Value other = op->getOperand(1 - i);
    std::optional<double> value = rewriter.splatOf(op->getOperand(i));
    if (!value || rewriter.shapeOf(other) != rewriter.shapeOf(op->getResult(0)))
      continue;
    bool neutral = isa<MulOp, DivOp>(op) ? *value == 1
                   : !isFloat(other)     ? *value == 0
                                         : *value == 0 && std::signbit(*value) == isa<AddOp>(op);
    if (neutral)
      return rewriter.replace(op, other);
  }
  return false;
}

/// A matrix operand whose last two axes are swapped: the product reads it so.
static bool transposedOperand(Operation *op, GraphRewriter &rewriter) {
  auto matmul = dyn_cast<MatmulOp>(op);
  if (!matmul)
    return false;
  for (OpOperand &operand : op->getOpOperands()) {
    auto transpose = operand.get().getDefiningOp<TransposeOp>();
    if (!transpose)
      continue;
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    int64_t rank = permutation.size();
    bool swapsLast =
        rank >= 2 && permutation[rank - 1] == rank - 2 && permutation[rank - 2] == rank - 1;
    for (int64_t i = 0; i + 2 < rank; ++i)
      swapsLast &= permutation[i] == i;
    if (!swapsLast)
      continue;
    operand.set(transpose.getInput());
    if (operand.getOperandNumber() == 0)
      matmul.setTransposeA(!matmul.getTransposeA());
    else
      matmul.setTransposeB(!matmul.getTransposeB());
    return true;
  }
  return false;
}

/// A cast to the type that is there; a cast back from a wider float.
static bool simplifyCast(Operation *op, GraphRewriter &rewriter) {
  auto cast = dyn_cast<CastOp>(op);
  if (!cast)
    return false;
  Type from = getElementTypeOrSelf(cast.getInput().getType());
  if (from == cast.getTo())
    return rewriter.replace(op, cast.getInput());
  auto inner = cast.getInput().getDefiningOp<CastOp>();
  if (!inner)
    return false;
  Type first = getElementTypeOrSelf(inner.getInput().getType());
  bool widens = isa<FloatType>(first) && isa<FloatType>(from) &&
                (from.isF64() || (from.isF32() && !first.isF64()));
  return widens && first == cast.getTo() && rewriter.replace(op, inner.getInput());
}

ArrayRef<GraphRule> mlopt::getElementwiseRules() {
  static const GraphRule rules[] = {simplifySelect,  simplifyLogic,     simplifyNot,
                                    simplifyCompare, simplifyPow,       divideByPowerOfTwo,
                                    dropNeutral,     transposedOperand, simplifyCast};
  return rules;
}
