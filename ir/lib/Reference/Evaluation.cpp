//===- Evaluation.cpp - What one operation's function sees -----------------===//
#include "Evaluation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

const HostTensor &Evaluation::operator[](Value operand) const {
  // The same value twice is the same tensor: the first place will do.
  for (auto [i, value] : llvm::enumerate(op->getOperands()))
    if (value == operand)
      return operands[i];
  llvm_unreachable("not an operand of the operation");
}

Shape Evaluation::mixed(ArrayRef<int64_t> statics, ValueRange dynamics) const {
  Shape sizes(statics.begin(), statics.end());
  size_t next = 0;
  for (int64_t &size : sizes)
    if (ShapedType::isDynamic(size) && next < dynamics.size())
      size = index(dynamics[next++]);
  return sizes;
}

LogicalResult Evaluation::checkShape(unsigned i, ArrayRef<int64_t> shape) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(i).getType());
  if (!type)
    return shape.empty() ? success() : fail("expected a scalar result, got " + toString(shape));
  int64_t elements = 1;
  for (int64_t size : shape) {
    if (size < 0)
      return fail("result has a negative size: " + toString(shape));
    if (size > 0 && elements > maxElements / size)
      return fail("result of shape " + toString(shape) + " has more than " + Twine(maxElements) +
                  " elements, the evaluator's limit");
    elements *= size;
  }
  bool compatible = type.getRank() == static_cast<int64_t>(shape.size());
  for (auto [expected, size] : llvm::zip(type.getShape(), shape))
    compatible &= ShapedType::isDynamic(expected) || expected == size;
  if (compatible)
    return success();
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return fail("result " + Twine(i) + " has shape " + toString(shape) + ", expected " + text);
}

HostTensor *Evaluation::allocate(unsigned i, ArrayRef<int64_t> shape) {
  if (failed(checkShape(i, shape)))
    return nullptr;
  results[i] = HostTensor::zeros(getElementTypeOrSelf(op->getResult(i).getType()), shape);
  return &results[i];
}

LogicalResult Evaluation::share(unsigned i, HostTensor tensor) {
  if (failed(checkShape(i, tensor.getShape())))
    return failure();
  results[i] = std::move(tensor);
  return success();
}

LogicalResult Evaluation::fail(const Twine &message) {
  if (error.empty())
    error = message.str();
  return failure();
}

const Registry::Function *Registry::find(StringRef name) const {
  auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second;
}

const Registry &Registry::get() {
  static const Registry registry = [] {
    Registry r;
    registerStructure(r);
    registerIndex(r);
    registerElementwise(r);
    registerReduction(r);
    registerContraction(r);
    registerConvolution(r);
    registerPooling(r);
    registerResize(r);
    registerNormalization(r);
    registerAttention(r);
    registerShape(r);
    registerIndexing(r);
    registerRecurrent(r);
    registerTraining(r);
    registerQuantize(r);
    return r;
  }();
  return registry;
}

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

int64_t reference::product(ArrayRef<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

Shape reference::rowMajorStrides(ArrayRef<int64_t> shape) {
  Shape strides(shape.size(), 1);
  for (int64_t d = static_cast<int64_t>(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

Shape reference::broadcastStrides(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  Shape dense = rowMajorStrides(from), strides(to.size(), 0);
  size_t shift = to.size() - from.size();
  for (size_t d = 0; d < from.size(); ++d)
    strides[d + shift] = from[d] == 1 ? 0 : dense[d];
  return strides;
}

FailureOr<Shape> reference::broadcastShape(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Shape out(a.begin(), a.end());
  size_t shift = a.size() - b.size();
  for (size_t d = 0; d < b.size(); ++d) {
    int64_t &size = out[d + shift];
    if (size == 1)
      size = b[d];
    else if (b[d] != 1 && b[d] != size)
      return failure();
  }
  return out;
}

std::string reference::toString(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "[";
  llvm::interleaveComma(shape, os);
  os << "]";
  return text;
}

Shape reference::coordinatesOf(int64_t flat, ArrayRef<int64_t> shape) {
  Shape at(shape.size(), 0);
  for (int64_t d = static_cast<int64_t>(shape.size()) - 1; d >= 0; --d) {
    at[d] = flat % shape[d];
    flat /= shape[d];
  }
  return at;
}
