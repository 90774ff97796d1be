//===- ElementwiseRules.cpp - Gradients of elementwise operations ---------===//
//
// Forms and values at kinks are PyTorch's. Where a derivative can be had from the result, it is:
// the operand need not be kept then.
//
//===----------------------------------------------------------------------===//
#include "mlir/IR/Matchers.h"
#include "mlopt/Passes/Autodiff/Adjoint.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

namespace {

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

Value square(Adjoint &a, Value v) { return a.mul(v, v); }
/// number - v.
Value subtractFrom(Adjoint &a, double number, Value v) {
  return v ? a.sub(a.scalar(a.elementOf(v), number), v) : v;
}

LogicalResult absRule(AbsOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.create<SignOp>(op.getInput())));
}

LogicalResult negRule(NegOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.create<NegOp>(a.gradient()));
}

LogicalResult sqrtRule(SqrtOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.div(a.gradient(), a.mulScalar(op.getResult(), 2)));
}

LogicalResult expRule(ExpOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), op.getResult()));
}

LogicalResult logRule(LogOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.div(a.gradient(), op.getInput()));
}

LogicalResult sinRule(SinOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.create<CosOp>(op.getInput())));
}

LogicalResult cosRule(CosOp op, Adjoint &a) {
  Value slope = a.create<NegOp>(a.create<SinOp>(op.getInput()));
  return a.contribute(op.getInput(), a.mul(a.gradient(), slope));
}

LogicalResult tanRule(TanOp op, Adjoint &a) {
  Value slope = a.addScalar(square(a, op.getResult()), 1);
  return a.contribute(op.getInput(), a.mul(a.gradient(), slope));
}

/// 1 / sqrt(1 - x^2).
LogicalResult asinRule(AsinOp op, Adjoint &a) {
  Value root = a.create<SqrtOp>(subtractFrom(a, 1, square(a, op.getInput())));
  return a.contribute(op.getInput(), a.div(a.gradient(), root));
}

LogicalResult acosRule(AcosOp op, Adjoint &a) {
  Value root = a.create<SqrtOp>(subtractFrom(a, 1, square(a, op.getInput())));
  return a.contribute(op.getInput(), a.create<NegOp>(a.div(a.gradient(), root)));
}

LogicalResult atanRule(AtanOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.div(a.gradient(), a.addScalar(square(a, op.getInput()), 1)));
}

LogicalResult sinhRule(SinhOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.create<CoshOp>(op.getInput())));
}

LogicalResult coshRule(CoshOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.create<SinhOp>(op.getInput())));
}

LogicalResult tanhRule(TanhOp op, Adjoint &a) {
  Value slope = subtractFrom(a, 1, square(a, op.getResult()));
  return a.contribute(op.getInput(), a.mul(a.gradient(), slope));
}

LogicalResult asinhRule(AsinhOp op, Adjoint &a) {
  Value root = a.create<SqrtOp>(a.addScalar(square(a, op.getInput()), 1));
  return a.contribute(op.getInput(), a.div(a.gradient(), root));
}

LogicalResult acoshRule(AcoshOp op, Adjoint &a) {
  Value root = a.create<SqrtOp>(a.addScalar(square(a, op.getInput()), -1));
  return a.contribute(op.getInput(), a.div(a.gradient(), root));
}

LogicalResult atanhRule(AtanhOp op, Adjoint &a) {
  return a.contribute(op.getInput(),
                      a.div(a.gradient(), subtractFrom(a, 1, square(a, op.getInput()))));
}

/// 2 / sqrt(pi) * exp(-x^2).
LogicalResult erfRule(ErfOp op, Adjoint &a) {
  Value bell = a.create<ExpOp>(a.create<NegOp>(square(a, op.getInput())));
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.mulScalar(bell, 2 / std::sqrt(M_PI))));
}

/// s (1 - s).
LogicalResult sigmoidRule(SigmoidOp op, Adjoint &a) {
  Value s = op.getResult();
  return a.contribute(op.getInput(), a.mul(a.mul(a.gradient(), s), subtractFrom(a, 1, s)));
}

LogicalResult softplusRule(SoftplusOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.mul(a.gradient(), a.create<SigmoidOp>(op.getInput())));
}

LogicalResult geluRule(GeluOp op, Adjoint &a) {
  Value x = op.getInput(), slope;
  if (op.getTanhApproximation()) {
    // t = tanh(k (x + c x^3)); (1 + t) / 2 + x / 2 (1 - t^2) k (1 + 3 c x^2)
    double k = std::sqrt(2 / M_PI), c = 0.044715;
    Value squared = square(a, x);
    Value inner = a.mul(x, a.addScalar(a.mulScalar(squared, k * c), k));
    Value t = a.create<TanhOp>(inner);
    Value change = a.addScalar(a.mulScalar(squared, 1.5 * k * c), 0.5 * k);
    slope = a.add(a.addScalar(a.mulScalar(t, 0.5), 0.5),
                  a.mul(a.mul(x, subtractFrom(a, 1, square(a, t))), change));
  } else {
    // Phi(x) + x phi(x)
    Value phi =
        a.mulScalar(a.create<ExpOp>(a.mulScalar(square(a, x), -0.5)), 1 / std::sqrt(2 * M_PI));
    Value below = a.addScalar(a.mulScalar(a.create<ErfOp>(a.mulScalar(x, M_SQRT1_2)), 0.5), 0.5);
    slope = a.add(below, a.mul(x, phi));
  }
  return a.contribute(x, a.mul(a.gradient(), slope));
}

LogicalResult castRule(CastOp op, Adjoint &a) {
  // Only quantized values make integers depend on a variable.
  if (!isa<FloatType>(a.elementOf(op.getInput())))
    return a.needs(op.getInput()) ? a.refuse("integers that were computed from quantized ones have no gradient")
                                  : success();
  return a.contribute(op.getInput(), a.cast(a.gradient(), a.elementOf(op.getInput())));
}

LogicalResult checkFiniteRule(CheckFiniteOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.gradient());
}

//===----------------------------------------------------------------------===//
// Two and three operands
//===----------------------------------------------------------------------===//

LogicalResult addRule(AddOp op, Adjoint &a) {
  return failure(failed(a.contribute(op.getLhs(), a.gradient())) ||
                 failed(a.contribute(op.getRhs(), a.gradient())));
}

LogicalResult subRule(SubOp op, Adjoint &a) {
  if (failed(a.contribute(op.getLhs(), a.gradient())))
    return failure();
  if (!a.needs(op.getRhs()))
    return success();
  // Summed over broadcast axes before the sign changes: fewer elements.
  Value sum = a.unbroadcast(a.gradient(), a.shapeOf(op.getRhs()));
  return a.contribute(op.getRhs(), a.create<NegOp>(sum));
}

LogicalResult mulRule(MulOp op, Adjoint &a) {
  if (a.needs(op.getLhs()) && failed(a.contribute(op.getLhs(), a.mul(a.gradient(), op.getRhs()))))
    return failure();
  if (!a.needs(op.getRhs()))
    return success();
  return a.contribute(op.getRhs(), a.mul(a.gradient(), op.getLhs()));
}

LogicalResult divRule(DivOp op, Adjoint &a) {
  Value quotient = a.div(a.gradient(), op.getRhs());
  if (failed(a.contribute(op.getLhs(), quotient)))
    return failure();
  if (!a.needs(op.getRhs()))
    return success();
  return a.contribute(op.getRhs(), a.create<NegOp>(a.mul(quotient, op.getResult())));
}

/// The number that every element is, where it is a constant, with the rounding of the casts behind
/// it.
std::optional<double> splatOf(Value v) {
  SmallVector<FloatType> casts;
  while (Operation *op = v.getDefiningOp()) {
    if (!isa<BroadcastOp, ReshapeOp, CastOp>(op))
      break;
    if (isa<CastOp>(op)) {
      auto to = dyn_cast<FloatType>(getElementTypeOrSelf(v.getType()));
      if (!to) // takes the fraction away
        return std::nullopt;
      casts.push_back(to);
    }
    v = op->getOperand(0);
  }
  DenseElementsAttr value;
  if (!matchPattern(v, m_Constant(&value)) || !value.isSplat())
    return std::nullopt;
  APFloat number(0.0);
  if (isa<FloatType>(value.getElementType())) {
    number = value.getSplatValue<APFloat>();
  } else if (auto integer = dyn_cast<IntegerType>(value.getElementType())) {
    APInt bits = value.getSplatValue<APInt>();
    number = APFloat(bits.roundToDouble(!integer.isUnsigned()));
  } else {
    return std::nullopt;
  }
  bool loses;
  for (FloatType to : llvm::reverse(casts))
    number.convert(to.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
  return number.convertToDouble();
}

/// Base: y x^(y - 1), 0 where y = 0. Exponent: x^y log(x), 0 where x = 0 and y >= 0.
LogicalResult powRule(PowOp op, Adjoint &a) {
  Value x = op.getLhs(), g = a.gradient();
  if (a.needs(x)) {
    Type element = a.elementOf(x);
    Value slope;
    if (std::optional<double> exponent = splatOf(op.getRhs())) {
      if (*exponent == 0)
        return success();
      if (*exponent == 1)
        return a.contribute(x, g);
      if (*exponent == 2)
        slope = a.mulScalar(x, 2);
      else if (*exponent == 0.5)
        slope = a.div(a.scalar(element, 0.5), op.getResult());
      else
        slope = a.mulScalar(a.create<PowOp>(x, a.scalar(element, *exponent - 1)), *exponent);
      return a.contribute(x, a.mul(g, slope));
    }
    Value y = a.cast(op.getRhs(), element);
    slope = a.mul(y, a.create<PowOp>(x, a.addScalar(y, -1)));
    Value isZero = a.compare(ComparePredicate::eq, y, a.scalar(element, 0));
    if (failed(a.contribute(x, a.zeroWhere(isZero, a.mul(g, slope)))))
      return failure();
  }
  Value y = op.getRhs();
  if (!a.needs(y))
    return success();
  Type element = a.elementOf(x);
  if (!isa<FloatType>(element))
    return a.refuse("an integer base with an exponent that a derivative is taken by");
  Value flat = a.create<AndOp>(a.compare(ComparePredicate::eq, x, a.scalar(element, 0)),
                               a.compare(ComparePredicate::ge, y, a.scalar(a.elementOf(y), 0)));
  Value slope = a.zeroWhere(flat, a.mul(op.getResult(), a.create<LogOp>(x)));
  return a.contribute(y, a.cast(a.mul(g, slope), a.elementOf(y)));
}

bool isConstant(Value v) { return splatOf(v) || matchPattern(v, m_Constant()); }

/// Against a constant bound 0 where the operand is at or beyond it: relu, relu6 and hardtanh of
/// PyTorch (its clamp, which nothing tells from these, gives 1 exactly at a bound). Between two
/// tensors equal elements share the derivative, as torch.maximum.
LogicalResult extremumRule(Operation *op, Adjoint &a, ComparePredicate beyond,
                           ComparePredicate atOrBeyond) {
  Value g = a.gradient();
  for (unsigned i : {0u, 1u})
    if (isConstant(op->getOperand(i)) && !a.needs(op->getOperand(i))) {
      // The result is at the bound exactly where the operand is at or beyond it.
      Value bounded = a.compare(atOrBeyond, op->getResult(0), op->getOperand(i));
      return a.contribute(op->getOperand(1 - i), a.zeroWhere(bounded, g));
    }
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  Value shared = a.select(a.compare(ComparePredicate::eq, lhs, rhs), a.mulScalar(g, 0.5), g);
  if (a.needs(lhs) && failed(a.contribute(lhs, a.zeroWhere(a.compare(beyond, lhs, rhs), shared))))
    return failure();
  if (!a.needs(rhs))
    return success();
  return a.contribute(rhs, a.zeroWhere(a.compare(beyond, rhs, lhs), shared));
}

LogicalResult maxRule(MaxOp op, Adjoint &a) {
  return extremumRule(op, a, ComparePredicate::lt, ComparePredicate::le);
}

LogicalResult minRule(MinOp op, Adjoint &a) {
  return extremumRule(op, a, ComparePredicate::gt, ComparePredicate::ge);
}

/// x - n y, where n is the whole quotient.
LogicalResult modRule(ModOp op, Adjoint &a) {
  if (failed(a.contribute(op.getLhs(), a.gradient())))
    return failure();
  if (!a.needs(op.getRhs()))
    return success();
  Value quotient = a.div(op.getLhs(), op.getRhs());
  Value whole = op.getFmod() ? a.create<TruncOp>(quotient) : a.create<FloorOp>(quotient);
  return a.contribute(op.getRhs(), a.create<NegOp>(a.mul(a.gradient(), whole)));
}

LogicalResult selectRule(SelectOp op, Adjoint &a) {
  Value condition = op.getCondition(), g = a.gradient();
  if (a.needs(op.getOnTrue()) && failed(a.contribute(op.getOnTrue(), a.keepWhere(condition, g))))
    return failure();
  if (!a.needs(op.getOnFalse()))
    return success();
  return a.contribute(op.getOnFalse(), a.zeroWhere(condition, g));
}

} // namespace

void mlopt::attachElementwiseGradients(MLIRContext *context) {
  attachGradientRule<AbsOp, absRule>(context);
  attachGradientRule<NegOp, negRule>(context);
  attachGradientRule<SqrtOp, sqrtRule>(context);
  attachGradientRule<ExpOp, expRule>(context);
  attachGradientRule<LogOp, logRule>(context);
  attachGradientRule<SinOp, sinRule>(context);
  attachGradientRule<CosOp, cosRule>(context);
  attachGradientRule<TanOp, tanRule>(context);
  attachGradientRule<AsinOp, asinRule>(context);
  attachGradientRule<AcosOp, acosRule>(context);
  attachGradientRule<AtanOp, atanRule>(context);
  attachGradientRule<SinhOp, sinhRule>(context);
  attachGradientRule<CoshOp, coshRule>(context);
  attachGradientRule<TanhOp, tanhRule>(context);
  attachGradientRule<AsinhOp, asinhRule>(context);
  attachGradientRule<AcoshOp, acoshRule>(context);
  attachGradientRule<AtanhOp, atanhRule>(context);
  attachGradientRule<ErfOp, erfRule>(context);
  attachGradientRule<SigmoidOp, sigmoidRule>(context);
  attachGradientRule<SoftplusOp, softplusRule>(context);
  attachGradientRule<GeluOp, geluRule>(context);
  attachGradientRule<CastOp, castRule>(context);
  attachGradientRule<CheckFiniteOp, checkFiniteRule>(context);
  attachGradientRule<AddOp, addRule>(context);
  attachGradientRule<SubOp, subRule>(context);
  attachGradientRule<MulOp, mulRule>(context);
  attachGradientRule<DivOp, divRule>(context);
  attachGradientRule<PowOp, powRule>(context);
  attachGradientRule<MaxOp, maxRule>(context);
  attachGradientRule<MinOp, minRule>(context);
  attachGradientRule<ModOp, modRule>(context);
  attachGradientRule<SelectOp, selectRule>(context);
  attachNoGradient<SignOp, CeilOp, FloorOp, RoundOp, TruncOp, IsNanOp, IsInfOp, CompareOp, NotOp,
                   AndOp, OrOp, XorOp, ShiftLeftOp, ShiftRightOp>(context);
}
