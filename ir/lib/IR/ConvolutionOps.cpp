//===- ConvolutionOps.cpp - Inference of convolutions ---------------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/ConvolutionOps.cpp.inc"

template <typename OpTy>
static LogicalResult checkAttributes(typename OpTy::Adaptor adaptor, size_t rank, size_t filterRank,
                                     bool negativePads, MLIRContext *context,
                                     std::optional<Location> loc) {
  if (rank < 3 || filterRank != rank) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects input and filter of the same rank, 3 or more, got ranks " << rank << " and "
           << filterRank;
  size_t spatial = rank - 2;
  for (ArrayRef<int64_t> list : {adaptor.getStrides(), adaptor.getPadsBegin(), adaptor.getPadsEnd(),
                                 adaptor.getDilations()})
    if (list.size() != spatial) // (C2)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects one stride, pad and dilation per spatial axis (" << spatial << "), got "
             << list.size();
  for (size_t i = 0; i < spatial; ++i)
    if (adaptor.getStrides()[i] <= 0 || adaptor.getDilations()[i] <= 0 ||
        (!negativePads && (adaptor.getPadsBegin()[i] < 0 || adaptor.getPadsEnd()[i] < 0))) // (C2)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects positive strides and dilations and pads that are not negative";
  if (adaptor.getGroups() <= 0) // (C3)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects a positive number of groups, got " << adaptor.getGroups();
  return success();
}

template <typename OpTy>
static LogicalResult inferConvolution(typename OpTy::Adaptor adaptor, ShapeSource &source,
                                      std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  MLIRContext *context = source.getContext();
  SymShape in = source.shapeOf(adaptor.getInput()), filter = source.shapeOf(adaptor.getFilter());
  if (failed(checkAttributes<OpTy>(adaptor, in.size(), filter.size(), false, context, loc)))
    return failure();
  int64_t groups = adaptor.getGroups();
  std::optional<int64_t> channels = in[1].getConstant(), perGroup = filter[1].getConstant(),
                         outputs = filter[0].getConstant();
  if ((channels && perGroup && *channels != *perGroup * groups) ||
      (outputs && *outputs % groups)) // (C3)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "channels do not fit: the input has " << in[1] << ", the filter takes " << filter[1]
           << " times " << groups << " groups and gives " << filter[0];
  SymShape out = {in[0], filter[0]};
  for (size_t i = 2; i < in.size(); ++i) {
    SymExpr window = (filter[i] - 1) * adaptor.getDilations()[i - 2] + 1;
    SymExpr padded = in[i] + adaptor.getPadsBegin()[i - 2] + adaptor.getPadsEnd()[i - 2];
    out.push_back((padded - window).floorDiv(adaptor.getStrides()[i - 2]) + 1);
    if (std::optional<int64_t> size = out.back().getConstant(); size && *size < 0)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "the window of size " << window << " is larger than the padded input of size "
             << padded << " along spatial axis " << i - 2;
  }
  shapes.assign(1, out);
  return success();
}

LogicalResult ConvOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                  SmallVectorImpl<SymShape> &shapes) {
  return inferConvolution<ConvOp>(adaptor, source, loc, shapes);
}

LogicalResult IntegerConvOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                         SmallVectorImpl<SymShape> &shapes) {
  return inferConvolution<IntegerConvOp>(adaptor, source, loc, shapes);
}

/// Bias has shape [outputs].
static LogicalResult verifyBias(Operation *op, Value bias, int64_t outputs) {
  auto type = dyn_cast<RankedTensorType>(bias.getType());
  if (!type)
    return success();
  if (type.getRank() != 1 || (!type.isDynamicDim(0) && !ShapedType::isDynamic(outputs) &&
                              type.getDimSize(0) != outputs)) // (C4)
    return op->emitOpError("expects a bias with one element per output channel (")
           << outputs << "), got " << type;
  return success();
}

LogicalResult ConvOp::verify() {
  if (failed(::mlopt::detail::verifySameElementType(*this, {getInput(), getFilter()})))
    return failure();
  return verifyBias(*this, getBias(), cast<RankedTensorType>(getFilter().getType()).getDimSize(0));
}

LogicalResult ConvTransposeOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                           std::optional<Location> loc,
                                           SmallVectorImpl<SymShape> &shapes) {
  MLIRContext *context = source.getContext();
  SymShape in = source.shapeOf(adaptor.getInput()), filter = source.shapeOf(adaptor.getFilter());
  if (failed(checkAttributes<ConvTransposeOp>(adaptor, in.size(), filter.size(), true, context, loc)))
    return failure();
  if (adaptor.getOutputPadding().size() != in.size() - 2)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects one output padding per spatial axis";
  int64_t groups = adaptor.getGroups();
  std::optional<int64_t> channels = in[1].getConstant(), inputs = filter[0].getConstant();
  if (channels && inputs && (*channels != *inputs || *channels % groups)) // (C3)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "channels do not fit: the input has " << in[1] << ", the filter takes " << filter[0]
           << " in " << groups << " groups";
  SymShape out = {in[0], filter[1] * groups};
  for (size_t i = 2; i < in.size(); ++i)
    out.push_back((in[i] - 1) * adaptor.getStrides()[i - 2] + adaptor.getOutputPadding()[i - 2] +
                  (filter[i] - 1) * adaptor.getDilations()[i - 2] + 1 -
                  SymExpr::constant(context, adaptor.getPadsBegin()[i - 2] + adaptor.getPadsEnd()[i - 2]));
  shapes.assign(1, out);
  return success();
}

LogicalResult ConvTransposeOp::verify() {
  if (failed(::mlopt::detail::verifySameElementType(*this, {getInput(), getFilter()})))
    return failure();
  int64_t perGroup = cast<RankedTensorType>(getFilter().getType()).getDimSize(1);
  return verifyBias(*this, getBias(),
                    ShapedType::isDynamic(perGroup) ? perGroup : perGroup * (int64_t)getGroups());
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

template <typename OpTy>
static void addChannels(OpTy op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput()), filter = c.shape(op.getFilter());
  if (in.size() < 3 || filter.size() < 3)
    return;
  int64_t groups = op.getGroups();
  c.equal(in[1], filter[1] * groups, "channels of the input and of the filter");
  c.equal(filter[0].mod(c.constant(groups)), c.constant(0), "channels outside of the groups");
}

static void addConditions(ConvOp op, SizeConditions &c) {
  addChannels(op, c);
  if (SymShape filter = c.shape(op.getFilter()); filter.size() >= 3)
    c.vectorOf(op.getBias(), filter[0], "lengths of the bias and of the filter");
}

static void addConditions(IntegerConvOp op, SizeConditions &c) { addChannels(op, c); }

static void addConditions(ConvTransposeOp op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput()), filter = c.shape(op.getFilter());
  if (in.size() < 3 || filter.size() < 3)
    return;
  int64_t groups = op.getGroups();
  c.equal(in[1], filter[0], "channels of the input and of the filter");
  c.equal(in[1].mod(c.constant(groups)), c.constant(0), "channels outside of the groups");
  c.vectorOf(op.getBias(), filter[1] * groups, "lengths of the bias and of the filter");
}

void mlopt::detail::attachConvolutionChecks(MLIRContext *context) {
  attachRunTimeChecks<ConvOp, addConditions>(context);
  attachRunTimeChecks<IntegerConvOp, addConditions>(context);
  attachRunTimeChecks<ConvTransposeOp, addConditions>(context);
}
