//===- NormalizationOps.cpp - Inference of normalizations -----------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/NormalizationOps.cpp.inc"

static LogicalResult sameShape(Value input, ShapeSource &source, int64_t minRank,
                               std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(input));
  if (static_cast<int64_t>(shapes[0].size()) >= minRank)
    return success();
  return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
         << "expects an input of rank " << minRank << " or more, got rank " << shapes[0].size();
}

LogicalResult BatchNormOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  return sameShape(adaptor.getInput(), source, 2, loc, shapes); // (C1)
}

LogicalResult BatchNormOp::verify() {
  int64_t channels = cast<RankedTensorType>(getInput().getType()).getDimSize(1);
  for (Value v : {getScale(), getBias(), getMean(), getVariance()}) { // (C2)
    auto type = cast<RankedTensorType>(v.getType());
    if (type.getRank() != 1 || (!type.isDynamicDim(0) && !ShapedType::isDynamic(channels) &&
                                type.getDimSize(0) != channels))
      return emitOpError("expects scale, bias, mean and variance with one element per channel (")
             << channels << "), got " << type;
  }
  return success();
}

/// (C1) of layer_norm and rms_norm.
static LogicalResult axisShape(Value input, int64_t axis, ShapeSource &source,
                               std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(input));
  if (axis >= 0 && axis < static_cast<int64_t>(shapes[0].size()))
    return success();
  return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
         << "axis " << axis << " lies outside a tensor of rank " << shapes[0].size();
}

LogicalResult LayerNormOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  return axisShape(adaptor.getInput(), adaptor.getAxis(), source, loc, shapes);
}

LogicalResult RmsNormOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                     std::optional<Location> loc,
                                     SmallVectorImpl<SymShape> &shapes) {
  return axisShape(adaptor.getInput(), adaptor.getAxis(), source, loc, shapes);
}

LogicalResult GroupNormOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  if (failed(sameShape(adaptor.getInput(), source, 2, loc, shapes))) // (C1)
    return failure();
  std::optional<int64_t> channels = shapes[0][1].getConstant();
  int64_t groups = adaptor.getGroups();
  if (groups < 0 || (channels && groups && *channels % groups)) // (C2)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << groups << " groups do not divide " << shapes[0][1] << " channels";
  return success();
}

LogicalResult LrnOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                 SmallVectorImpl<SymShape> &shapes) {
  if (adaptor.getSize() <= 0) // (C2)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects a positive size, got " << adaptor.getSize();
  return sameShape(adaptor.getInput(), source, 2, loc, shapes); // (C1)
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(BatchNormOp op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput());
  for (Value v : {op.getScale(), op.getBias(), op.getMean(), op.getVariance()})
    c.vectorOf(v, in[1], "lengths of a parameter and of the channels");
}

static void addConditions(GroupNormOp op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput());
  for (Value v : {op.getScale(), op.getBias()})
    c.vectorOf(v, in[1], "lengths of a parameter and of the channels");
  if (op.getGroups() > 0)
    c.equal(in[1].mod(c.constant(op.getGroups())), c.constant(0),
            "channels outside of the groups");
}

/// A scale or bias has the last sizes of the input, or the constant 1.
static void addParameter(Value input, Value parameter, SizeConditions &c) {
  SymShape in = c.shape(input), s = c.shape(parameter);
  for (size_t i = 1; i <= std::min(in.size(), s.size()); ++i)
    if (!s[s.size() - i].isConstant(1))
      c.equal(s[s.size() - i], in[in.size() - i], "sizes of the input and its scale or bias");
}

static void addConditions(LayerNormOp op, SizeConditions &c) {
  addParameter(op.getInput(), op.getScale(), c);
  addParameter(op.getInput(), op.getBias(), c);
}

static void addConditions(RmsNormOp op, SizeConditions &c) {
  addParameter(op.getInput(), op.getScale(), c);
}

void mlopt::detail::attachNormalizationChecks(MLIRContext *context) {
  attachRunTimeChecks<BatchNormOp, addConditions>(context);
  attachRunTimeChecks<GroupNormOp, addConditions>(context);
  attachRunTimeChecks<LayerNormOp, addConditions>(context);
  attachRunTimeChecks<RmsNormOp, addConditions>(context);
}
