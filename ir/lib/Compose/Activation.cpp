//===- Activation.cpp - Activations as compositions -----------------------===//
#include "mlopt/IR/Compose/Activation.h"

using namespace mlir;

namespace mlopt::compose {

Value relu(ComposeBuilder &b, Value x) { return x ? b.max(x, b.scalar(b.elementOf(x), 0)) : x; }

Value leakyRelu(ComposeBuilder &b, Value x, double alpha) {
  if (!x)
    return x;
  // At 0 both sides are 0; the derivative there is alpha, as in PyTorch.
  Value negative = b.compare(ComparePredicate::le, x, b.scalar(b.elementOf(x), 0));
  return b.select(negative, b.mulScalar(x, alpha), x);
}

Value expLinear(ComposeBuilder &b, Value x, double alpha, double gamma, double scale) {
  if (!x)
    return x;
  Value zero = b.scalar(b.elementOf(x), 0);
  // The exponential of min(x, 0) never overflows, in the gradient neither.
  Value low = b.min(x, zero);
  if (scale != 1)
    low = b.div(low, b.scalar(b.elementOf(x), scale));
  Value negative = b.addScalar(b.create<ExpOp>(low), -1);
  if (alpha != 1)
    negative = b.mulScalar(negative, alpha);
  Value result = b.add(b.max(x, zero), negative);
  return gamma == 1 ? result : b.mulScalar(result, gamma);
}

Value hardSigmoid(ComposeBuilder &b, Value x, double alpha, double beta) {
  if (!x)
    return x;
  Type element = b.elementOf(x);
  Value line = b.addScalar(b.mulScalar(x, alpha), beta);
  return b.max(b.min(line, b.scalar(element, 1)), b.scalar(element, 0));
}

Value swish(ComposeBuilder &b, Value x, double alpha) {
  if (!x)
    return x;
  return b.mul(x, b.create<SigmoidOp>(alpha == 1 ? x : b.mulScalar(x, alpha)));
}

Value mish(ComposeBuilder &b, Value x) {
  return x ? b.mul(x, b.create<TanhOp>(b.create<SoftplusOp>(x))) : x;
}

Value softsign(ComposeBuilder &b, Value x) {
  return x ? b.div(x, b.addScalar(b.create<AbsOp>(x), 1)) : x;
}

Value thresholdedRelu(ComposeBuilder &b, Value x, double alpha) {
  if (!x)
    return x;
  Type element = b.elementOf(x);
  return b.select(b.compare(ComparePredicate::gt, x, b.scalar(element, alpha)), x,
                  b.scalar(element, 0));
}

} // namespace mlopt::compose
