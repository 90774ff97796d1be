//===- StridedBody.cpp - Values of a strided kernel at one position -------===//
#include "StridedBody.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

static Type elementOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getElementType(); }

/// The value of a splat constant in compute type.
static Value constantValue(GpuBuilder &g, ConstantOp op) {
  Type element = elementOf(op.getResult()), compute = computeType(element);
  auto dense = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!dense || !dense.isSplat()) {
    op.emitError("expects constants inside a kernel to be splats");
    return {};
  }
  if (auto f = dyn_cast<FloatType>(element)) {
    APFloat v = dense.getSplatValue<APFloat>();
    bool lost;
    v.convert(cast<FloatType>(compute).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
    return arith::ConstantOp::create(g.b, g.loc, FloatAttr::get(compute, v));
  }
  APInt v = dense.getSplatValue<APInt>();
  unsigned bits = compute.getIntOrFloatBitWidth();
  v = element.isUnsignedInteger() || element.isInteger(1) ? v.zextOrTrunc(bits) : v.sextOrTrunc(bits);
  return arith::ConstantOp::create(g.b, g.loc, IntegerAttr::get(compute, v));
}

bool cuda::usesDoubles(Operation *op) {
  auto isDouble = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getElementType().isF64();
  };
  return llvm::any_of(op->getOperandTypes(), isDouble) || llvm::any_of(op->getResultTypes(), isDouble);
}

static Value evaluate(GpuBuilder &g, const StridedNode &node, ArrayRef<Value> operands, const MathOptions &math) {
  if (auto constant = dyn_cast<ConstantOp>(node.op))
    return constantValue(g, constant);
  auto vector = operands[0] ? dyn_cast<VectorType>(operands[0].getType()) : VectorType();
  if (vector && usesDoubles(node.op)) {
    SmallVector<Value> parts;
    for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
      SmallVector<Value> scalars;
      for (Value v : operands)
        scalars.push_back(v ? vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{lane}).getResult() : v);
      parts.push_back(evaluate(g, node, scalars, math));
      if (!parts.back())
        return {};
    }
    return vector::FromElementsOp::create(g.b, g.loc, g.vectorOf(parts[0].getType(), parts.size()), parts);
  }
  FailureOr<Value> value = emitScalarOp(g.b, g.loc, node.op, operands, math);
  return failed(value) ? Value() : *value;
}

StridedBody::StridedBody(GpuBuilder &g, const StridedKernel &kernel)
    : g(g), kernel(kernel), math(mathOptionsOf(g.target)), uniform(kernel.nodes.size()) {
  ScalarMath m(g.b, g.loc, math);
  for (auto [i, node] : llvm::enumerate(kernel.nodes)) {
    if (!node.uniform)
      continue;
    if (node.read >= 0) {
      const StridedRead &r = kernel.reads[node.read];
      uniform[i] = fromStorage(m, load(node.read, g.size(r.offset), 1, 0), r.element);
      continue;
    }
    SmallVector<Value> operands;
    for (int o : node.operands)
      operands.push_back(o < 0 ? Value() : uniform[o]);
    uniform[i] = evaluate(g, node, operands, math);
  }
}

SmallVector<Value> StridedBody::compute(int64_t lanes, llvm::function_ref<Value(int)> read) {
  ScalarMath m(g.b, g.loc, math);
  SmallVector<Value> values(kernel.nodes.size());
  for (auto [i, node] : llvm::enumerate(kernel.nodes)) {
    if (node.uniform) {
      if (!uniform[i])
        return {};
      values[i] = g.splat(uniform[i], lanes);
    } else if (node.read >= 0) {
      values[i] = fromStorage(m, read(node.read), kernel.reads[node.read].element);
    } else {
      SmallVector<Value> operands;
      for (int o : node.operands)
        operands.push_back(o < 0 ? Value() : values[o]);
      values[i] = evaluate(g, node, operands, math);
    }
    if (!values[i])
      return {};
  }
  auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
  SmallVector<Value> results;
  for (auto [r, node] : llvm::enumerate(kernel.results))
    results.push_back(toStorage(m, values[node], elementOf(yield.getValues()[r])));
  return results;
}

Value StridedBody::load(int i, Value offset, int64_t lanes, int64_t step) {
  const StridedRead &read = kernel.reads[i];
  Type storage = storageType(read.element);
  Value ptr = g.operandPtr(read.operand);
  if (lanes == 1 || step == 0)
    return g.splat(g.load(ptr, offset, storage), lanes);
  assert(step == 1 && "lanes apart are loaded one by one");
  return g.loadAligned(g.elementPtr(ptr, offset, storage), storage, lanes);
}

void StridedBody::store(ArrayRef<Value> values, Value offset) {
  for (auto [r, value] : llvm::enumerate(values)) {
    Value ptr = g.resultPtr(r);
    if (isa<VectorType>(value.getType()))
      g.storeAligned(value, g.elementPtr(ptr, offset, getElementTypeOrSelf(value.getType())));
    else
      g.store(value, ptr, offset);
  }
}
