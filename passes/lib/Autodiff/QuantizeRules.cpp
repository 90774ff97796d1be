//===- QuantizeRules.cpp - Gradients through stored integers --------------===//
//
// The straight-through estimate (Bengio et al., 2013, arXiv 1308.3432), as PyTorch's
// fake_quantize has it: `dequantize` of `quantize` with the same parameters passes the gradient
// where nothing saturated, and no gradient elsewhere.
//
//===----------------------------------------------------------------------===//
#include "mlir/IR/Matchers.h"
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;
using namespace mlopt;

/// The same value, or equal constants.
static bool areSame(Value a, Value b) {
  Attribute x, y;
  return a == b || (isa<NoneType>(a.getType()) && isa<NoneType>(b.getType())) ||
         (matchPattern(a, m_Constant(&x)) && matchPattern(b, m_Constant(&y)) && x == y);
}

static LogicalResult dequantizeRule(DequantizeOp op, Adjoint &a) {
  if (a.needs(op.getScale()))
    return a.refuse("its scale depends on what is trained; expected a scale that does not");
  if (!a.needs(op.getInput()))
    return success();
  auto quantize = op.getInput().getDefiningOp<QuantizeOp>();
  if (!quantize)
    return a.refuse("integers that were computed from quantized ones have no gradient; expected "
                    "'mlopt.dequantize' "
                    "right behind 'mlopt.quantize'");
  if (!areSame(op.getScale(), quantize.getScale()) || !areSame(op.getZero(), quantize.getZero()))
    return a.refuse("it and the 'mlopt.quantize' before it have different scales or zero points");
  Value x = quantize.getInput(), scale = quantize.getScale();
  Type element = a.elementOf(scale);
  Value steps = a.create<RoundOp>(a.div(a.cast(x, element), scale));
  if (!isa<NoneType>(quantize.getZero().getType()))
    steps = a.add(steps, a.cast(quantize.getZero(), element));
  auto to = cast<IntegerType>(quantize.getTo());
  double values = double(int64_t(1) << to.getWidth()), low = to.isUnsigned() ? 0 : -values / 2;
  Value inside =
      a.create<AndOp>(a.compare(ComparePredicate::ge, steps, a.scalar(element, low)),
                      a.compare(ComparePredicate::le, steps, a.scalar(element, low + values - 1)));
  return a.contribute(x, a.cast(a.keepWhere(inside, a.gradient()), a.elementOf(x)));
}

void mlopt::attachQuantizeGradients(MLIRContext *context) {
  attachGradientRule<DequantizeOp, dequantizeRule>(context);
}
