//===- QuantizedElementwise.cpp - ONNX Runtime's QLinear operators --------===//
//
// Each is its float operation between dequantize and quantize (domain com.microsoft); which of them
// run on integers is the phase `quantize`'s decision. The pools stand in Pooling.cpp.
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"
#include "mlopt/IR/Compose/Activation.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// A, its scale and zero point, B, its scale and zero point, the result's scale and zero point.
template <typename OpTy> LogicalResult binary(Node &n) {
  Value a = dequantizedInput(n, 0), b = a ? dequantizedInput(n, 3) : a;
  if (!b)
    return failure();
  return finishQuantized(n, n.create<OpTy>(a, b), 6, n.elementOf(n.input(0)));
}

/// X, its scale and zero point, the result's scale and zero point.
LogicalResult unary(Node &n, llvm::function_ref<Value(Value)> build) {
  Value x = dequantizedInput(n, 0);
  if (!x)
    return failure();
  return finishQuantized(n, build(x), 3, n.elementOf(n.input(0)));
}

LogicalResult sigmoid(Node &n) {
  return unary(n, [&](Value x) { return n.create<SigmoidOp>(x); });
}

LogicalResult leakyRelu(Node &n) {
  return unary(n, [&](Value x) { return compose::leakyRelu(n, x, n.floatAttr("alpha", 0.01)); });
}

LogicalResult softmax(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  // Before opset 13 of ONNX, which an attribute names, all axes from `axis` on were one.
  bool flattens = n.intAttr("opset", 13) < 13;
  int64_t rank = n.rankOf(x);
  auto axis = n.normalizeAxis(n.intAttr("axis", flattens ? 1 : -1), rank);
  if (!axis)
    return failure();
  return unary(n, [&](Value v) -> Value {
    if (!flattens || *axis == rank - 1)
      return n.create<SoftmaxOp>(v, *axis, false);
    SymShape shape = n.shapeOf(v), flat(shape.begin(), shape.begin() + *axis);
    flat.push_back(n.size(1));
    for (int64_t i = *axis; i < rank; ++i)
      flat.back() = flat.back() * shape[i];
    v = n.create<SoftmaxOp>(n.reshape(v, flat), *axis, false);
    return v ? n.reshape(v, shape) : v;
  });
}

/// The result's scale and zero point, then three operands for each part.
LogicalResult concat(Node &n) {
  if (n.getNumOperands() < 5 || n.getNumOperands() % 3 != 2)
    return n.malformed(
        "it has " + Twine(n.getNumOperands()) +
        " operands; expected a scale and a zero point, then a tensor, a scale and a zero "
        "point for each part");
  SmallVector<Value> parts;
  for (unsigned i = 2; i < n.getNumOperands(); i += 3) {
    parts.push_back(dequantizedInput(n, i));
    if (!parts.back())
      return failure();
  }
  auto axis = n.optIntAttr("axis");
  if (!axis)
    return n.malformed("the attribute axis is missing");
  auto normal = n.normalizeAxis(*axis, n.rankOf(parts[0]));
  if (!normal)
    return failure();
  return finishQuantized(n, n.concat(parts, *normal), 0, n.elementOf(n.input(2)));
}

const Entry entries[] = {
    {"QLinearAdd", 1, binary<AddOp>, "com.microsoft"},
    {"QLinearConcat", 1, concat, "com.microsoft"},
    {"QLinearLeakyRelu", 1, leakyRelu, "com.microsoft"},
    {"QLinearMul", 1, binary<MulOp>, "com.microsoft"},
    {"QLinearSigmoid", 1, sigmoid, "com.microsoft"},
    {"QLinearSoftmax", 1, softmax, "com.microsoft"},
};

} // namespace

ArrayRef<Entry> getQuantizedElementwiseEntries() { return entries; }

} // namespace mlopt::onnx
