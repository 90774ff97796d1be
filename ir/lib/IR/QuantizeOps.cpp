//===- QuantizeOps.cpp - Inference of quantization and integer products ---===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/QuantizeOps.cpp.inc"

static InFlightDiagnostic error(ShapeSource &source, std::optional<Location> loc) {
  return ::mlopt::detail::emitInferenceError(source.getContext(), loc);
}

/// A zero point has the element type of what it belongs to.
static LogicalResult verifyZero(Operation *op, Value zero, Type expected) {
  if (isa<NoneType>(zero.getType()) || getElementTypeOrSelf(zero.getType()) == expected)
    return success();
  return op->emitOpError("expects a zero point of type ")
         << expected << ", got " << getElementTypeOrSelf(zero.getType());
}

/// `parameter` broadcasts to the shape of `input`, without changing it.
static LogicalResult checkParameter(Value parameter, const SymShape &input, StringRef what, ShapeSource &source,
                                    std::optional<Location> loc) {
  if (!isa<RankedTensorType>(parameter.getType()))
    return success();
  SymShape shape = source.shapeOf(parameter);
  if (shape.size() > input.size())
    return error(source, loc) << "the " << what << " has rank " << shape.size() << ", more than its operand ("
                              << input.size() << ")";
  for (size_t i = 0; i < shape.size(); ++i) {
    SymExpr size = shape[shape.size() - 1 - i], of = input[input.size() - 1 - i];
    if (size.isConstant(1) || size == of || !size.getConstant() || !of.getConstant())
      continue;
    return error(source, loc) << "the " << what << " has size " << size << " along axis " << input.size() - 1 - i
                              << " of its operand: expected 1 or " << of;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Between float and storage integers
//===----------------------------------------------------------------------===//

LogicalResult QuantizeOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                      SmallVectorImpl<SymShape> &shapes) {
  SymShape input = source.shapeOf(adaptor.getInput());
  if (failed(checkParameter(adaptor.getScale(), input, "scale", source, loc)) ||
      failed(checkParameter(adaptor.getZero(), input, "zero point", source, loc))) // (C3)
    return failure();
  shapes.push_back(input);
  return success();
}

LogicalResult QuantizeOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                            SmallVectorImpl<Type> &types) {
  types.assign(1, adaptor.getTo());
  return success();
}

LogicalResult QuantizeOp::verify() {
  auto to = dyn_cast<IntegerType>(getTo());
  if (!to || to.isSigned() || !llvm::is_contained({2u, 4u, 8u, 16u}, to.getWidth())) // (C1)
    return emitOpError("expects `to` to be an integer of 2, 4, 8 or 16 bits, got ") << getTo();
  return verifyZero(*this, getZero(), to); // (C2)
}

LogicalResult DequantizeOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                        SmallVectorImpl<SymShape> &shapes) {
  SymShape input = source.shapeOf(adaptor.getInput());
  if (failed(checkParameter(adaptor.getScale(), input, "scale", source, loc)) ||
      failed(checkParameter(adaptor.getZero(), input, "zero point", source, loc))) // (C2)
    return failure();
  shapes.push_back(input);
  return success();
}

LogicalResult DequantizeOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                              SmallVectorImpl<Type> &types) {
  types.assign(1, getElementTypeOrSelf(adaptor.getScale().getType()));
  return success();
}

LogicalResult DequantizeOp::verify() { // (C1)
  return verifyZero(*this, getZero(), getElementTypeOrSelf(getInput().getType()));
}

LogicalResult DequantizeBlockedOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                               SmallVectorImpl<SymShape> &shapes) {
  SymShape input = source.shapeOf(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), block = adaptor.getBlock();
  if (block <= 0 || axis < 0 || axis >= static_cast<int64_t>(input.size())) // (C3)
    return error(source, loc) << "expects a positive block and an axis of the input, got block " << block
                              << " and axis " << axis << " of rank " << input.size();
  SymShape expected = input;
  expected[axis] = (expected[axis] + (block - 1)).floorDiv(block);
  for (Value parameter : {adaptor.getScale(), adaptor.getZero()}) {
    if (!isa<RankedTensorType>(parameter.getType()))
      continue;
    SymShape shape = source.shapeOf(parameter);
    bool fits = shape.size() == expected.size();
    for (size_t i = 0; fits && i < shape.size(); ++i)
      fits = shape[i] == expected[i] || !shape[i].getConstant() || !expected[i].getConstant();
    if (!fits) // (C1)
      return error(source, loc) << "expects scale and zero point of the input's sizes, with one element per block of "
                                << block << " along axis " << axis;
  }
  shapes.push_back(input);
  return success();
}

LogicalResult DequantizeBlockedOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                                     SmallVectorImpl<Type> &types) {
  types.assign(1, getElementTypeOrSelf(adaptor.getScale().getType()));
  return success();
}

LogicalResult DequantizeBlockedOp::verify() { // (C2)
  return verifyZero(*this, getZero(), getElementTypeOrSelf(getInput().getType()));
}

//===----------------------------------------------------------------------===//
// Products: shapes of integer_matmul and integer_conv stand with those of the
// float operations, in ContractionOps.cpp and ConvolutionOps.cpp
//===----------------------------------------------------------------------===//

LogicalResult IntegerMatmulOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                                 SmallVectorImpl<Type> &types) {
  types.assign(1, IntegerType::get(adaptor.getLhs().getContext(), 32));
  return success();
}

LogicalResult IntegerMatmulOp::verify() { // (C2)
  if (failed(verifyZero(*this, getLhsZero(), getElementTypeOrSelf(getLhs().getType()))))
    return failure();
  return verifyZero(*this, getRhsZero(), getElementTypeOrSelf(getRhs().getType()));
}

LogicalResult IntegerConvOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                               SmallVectorImpl<Type> &types) {
  types.assign(1, IntegerType::get(adaptor.getInput().getContext(), 32));
  return success();
}

LogicalResult IntegerConvOp::verify() { // (C4)
  auto isVector = [](Value v, int64_t size) {
    auto type = dyn_cast<RankedTensorType>(v.getType());
    return !type || type.getRank() == 0 ||
           (size >= 0 && type.getRank() == 1 && (type.isDynamicDim(0) || type.getDimSize(0) == size));
  };
  int64_t outputs = cast<RankedTensorType>(getFilter().getType()).getDimSize(0);
  if (!isVector(getInputZero(), -1))
    return emitOpError("expects a scalar zero point of the input, got ") << getInputZero().getType();
  if (!isVector(getFilterZero(), outputs))
    return emitOpError("expects a zero point of the filter that is a scalar or has one element per output channel (")
           << outputs << "), got " << getFilterZero().getType();
  if (failed(verifyZero(*this, getInputZero(), getElementTypeOrSelf(getInput().getType()))))
    return failure();
  return verifyZero(*this, getFilterZero(), getElementTypeOrSelf(getFilter().getType()));
}

LogicalResult DequantizedMatmulOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                               SmallVectorImpl<SymShape> &shapes) {
  SymShape a = source.shapeOf(adaptor.getLhs()), w = source.shapeOf(adaptor.getWeights());
  if (a.size() < 2 || w.size() != 2) // (C1)
    return error(source, loc) << "expects a left operand of rank 2 or more and weights of rank 2, got ranks "
                              << a.size() << " and " << w.size();
  int64_t block = adaptor.getBlock();
  if (block <= 0) // (C4)
    return error(source, loc) << "expects a positive block, got " << block;
  SymExpr k = w[adaptor.getTransposeB() ? 1 : 0], n = w[adaptor.getTransposeB() ? 0 : 1];
  if (a.back().getConstant() && k.getConstant() && a.back() != k)
    return error(source, loc) << "contracted sizes differ: " << a.back() << " of the first operand and " << k
                              << " of the weights";
  SymExpr blocks = (k + (block - 1)).floorDiv(block);
  for (Value parameter : {adaptor.getScale(), adaptor.getZero()}) { // (C2)
    if (!isa<RankedTensorType>(parameter.getType()))
      continue;
    SymShape shape = source.shapeOf(parameter);
    bool fits = shape.size() == 2;
    if (fits && adaptor.getTransposeB())
      std::swap(shape[0], shape[1]);
    auto isOne = [](SymExpr size, SymExpr of) {
      return size == of || size.isConstant(1) || !size.getConstant() || !of.getConstant();
    };
    if (!fits || !isOne(shape[0], blocks) || !isOne(shape[1], n))
      return error(source, loc) << "expects scale and zero point with " << blocks << " blocks of " << block
                                << " and " << n << " columns";
  }
  a.back() = n;
  shapes.push_back(a);
  return success();
}

LogicalResult DequantizedMatmulOp::verify() { // (C3)
  return verifyZero(*this, getZero(), getElementTypeOrSelf(getWeights().getType()));
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(QuantizeOp op, SizeConditions &c) {
  for (Value parameter : op->getOperands().drop_front())
    if (isa<RankedTensorType>(parameter.getType()))
      c.broadcast(c.shape(op.getInput()), c.shape(parameter));
}

static void addConditions(DequantizeOp op, SizeConditions &c) {
  for (Value parameter : op->getOperands().drop_front())
    if (isa<RankedTensorType>(parameter.getType()))
      c.broadcast(c.shape(op.getInput()), c.shape(parameter));
}

static void addConditions(DequantizedMatmulOp op, SizeConditions &c) {
  SymShape w = c.shape(op.getWeights()), a = c.shape(op.getLhs());
  if (w.size() == 2 && a.size() >= 2)
    c.equal(a.back(), w[op.getTransposeB() ? 1 : 0]);
}

void mlopt::detail::attachQuantizeChecks(MLIRContext *context) {
  attachRunTimeChecks<QuantizeOp, addConditions>(context);
  attachRunTimeChecks<DequantizeOp, addConditions>(context);
  attachRunTimeChecks<DequantizedMatmulOp, addConditions>(context);
}
