//===- Activation.cpp - Activation ONNX operators -------------------------===//
#include "mlopt/IR/Compose/Activation.h"
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

template <typename OpTy> LogicalResult unary(Node &n) {
  return n.finish(n.create<OpTy>(n.input(0)));
}

LogicalResult relu(Node &n) { return n.finish(compose::relu(n, n.input(0))); }
LogicalResult leakyRelu(Node &n) {
  return n.finish(compose::leakyRelu(n, n.input(0), n.floatAttr("alpha", 0.01)));
}
LogicalResult elu(Node &n) {
  return n.finish(compose::expLinear(n, n.input(0), n.floatAttr("alpha", 1), 1, 1));
}
LogicalResult selu(Node &n) {
  return n.finish(compose::expLinear(n, n.input(0), n.floatAttr("alpha", 1.67326319217681884765625),
                                     n.floatAttr("gamma", 1.05070102214813232421875), 1));
}
LogicalResult celu(Node &n) {
  double alpha = n.floatAttr("alpha", 1);
  if (alpha == 0)
    return n.malformed("alpha is 0");
  return n.finish(compose::expLinear(n, n.input(0), alpha, 1, alpha));
}
LogicalResult hardSigmoid(Node &n) {
  return n.finish(
      compose::hardSigmoid(n, n.input(0), n.floatAttr("alpha", 0.2), n.floatAttr("beta", 0.5)));
}
LogicalResult hardSwish(Node &n) {
  Value x = n.input(0);
  return n.finish(x ? n.mul(x, compose::hardSigmoid(n, x, 1.0 / 6, 0.5)) : x);
}
LogicalResult swish(Node &n) {
  return n.finish(compose::swish(n, n.input(0), n.floatAttr("alpha", 1)));
}
LogicalResult mish(Node &n) { return n.finish(compose::mish(n, n.input(0))); }
LogicalResult softsign(Node &n) { return n.finish(compose::softsign(n, n.input(0))); }
LogicalResult thresholdedRelu(Node &n) {
  return n.finish(compose::thresholdedRelu(n, n.input(0), n.floatAttr("alpha", 1)));
}

LogicalResult shrink(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  double lambda = n.floatAttr("lambd", 0.5), bias = n.floatAttr("bias", 0);
  Type element = n.elementOf(x);
  if (isa<IntegerType>(element)) {
    if (bias != std::floor(bias) || element.isUnsignedInteger())
      return n.unsupported("a bias that is not an integer, or an unsigned type");
    // For integers x < -lambda is x < -floor(lambda), and x > lambda is x > floor(lambda).
    if (lambda < 0)
      return n.unsupported("a negative lambd for integers");
    lambda = std::floor(lambda);
  }
  Value low = n.compare(ComparePredicate::lt, x, n.scalar(element, -lambda));
  Value high = n.compare(ComparePredicate::gt, x, n.scalar(element, lambda));
  return n.finish(n.select(low, n.addScalar(x, bias),
                           n.select(high, n.addScalar(x, -bias), n.scalar(element, 0))));
}

LogicalResult gelu(Node &n) {
  std::string approximate = n.stringAttr("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return n.malformed("approximate is '" + approximate + "', expected none or tanh");
  return n.finish(n.create<GeluOp>(n.input(0), approximate == "tanh"));
}

const Entry entries[] = {
    {"Celu", 12, celu},
    {"Elu", 6, elu},
    {"Gelu", 20, gelu},
    {"Gelu", 1, gelu, "com.microsoft"},
    {"HardSigmoid", 6, hardSigmoid},
    {"HardSwish", 14, hardSwish},
    {"LeakyRelu", 6, leakyRelu},
    {"Mish", 18, mish},
    {"Relu", 6, relu},
    {"Selu", 6, selu},
    {"Shrink", 9, shrink},
    {"Sigmoid", 6, unary<SigmoidOp>},
    {"Softplus", 1, unary<SoftplusOp>},
    {"Softsign", 1, softsign},
    {"Swish", 24, swish},
    {"Tanh", 6, unary<TanhOp>},
    {"ThresholdedRelu", 10, thresholdedRelu},
};

} // namespace

ArrayRef<Entry> getActivationEntries() { return entries; }

} // namespace mlopt::onnx
