//===- PoolingOps.cpp - Inference of pooling and resizing -----------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/PoolingOps.cpp.inc"

template <typename Adaptor>
static LogicalResult inferPool(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                               SymShape &out) {
  MLIRContext *context = source.getContext();
  SymShape in = source.shapeOf(adaptor.getInput());
  if (in.size() < 3) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects an input of rank 3 or more, got rank " << in.size();
  size_t spatial = in.size() - 2;
  for (ArrayRef<int64_t> list : {adaptor.getKernel(), adaptor.getStrides(), adaptor.getPadsBegin(),
                                 adaptor.getPadsEnd(), adaptor.getExtraEnd(), adaptor.getDilations()})
    if (list.size() != spatial) // (C2)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects one value per spatial axis (" << spatial << ") in each attribute, got "
             << list.size();
  out = {in[0], in[1]};
  for (size_t i = 0; i < spatial; ++i) {
    int64_t window = (adaptor.getKernel()[i] - 1) * adaptor.getDilations()[i] + 1;
    if (adaptor.getKernel()[i] <= 0 || adaptor.getStrides()[i] <= 0 ||
        adaptor.getDilations()[i] <= 0 || adaptor.getPadsBegin()[i] < 0 ||
        adaptor.getPadsEnd()[i] < 0 || adaptor.getExtraEnd()[i] < 0) // (C2)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects positive kernel sizes, strides and dilations and pads that are not negative";
    SymExpr padded = in[i + 2] + (adaptor.getPadsBegin()[i] + adaptor.getPadsEnd()[i] +
                                  adaptor.getExtraEnd()[i]);
    out.push_back((padded - window).floorDiv(adaptor.getStrides()[i]) + 1);
    if (std::optional<int64_t> size = out.back().getConstant(); size && *size < 0)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "the window of size " << window << " is larger than the padded input of size "
             << padded << " along spatial axis " << i;
  }
  return success();
}

LogicalResult PoolOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                  SmallVectorImpl<SymShape> &shapes) {
  shapes.resize(1);
  return inferPool(adaptor, source, loc, shapes[0]);
}

LogicalResult PoolOp::verify() {
  if (getKind() != PoolKind::max && !isa<FloatType>(getElementTypeOrSelf(getType())))
    return emitOpError("expects floating point elements for an average or lp pooling");
  return success();
}

LogicalResult MaxPoolWithIndicesOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                                std::optional<Location> loc,
                                                SmallVectorImpl<SymShape> &shapes) {
  SymShape shape;
  if (failed(inferPool(adaptor, source, loc, shape)))
    return failure();
  shapes.assign(2, shape);
  return success();
}

LogicalResult MaxPoolWithIndicesOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                                      SmallVectorImpl<Type> &types) {
  types.assign({getElementTypeOrSelf(adaptor.getInput().getType()),
           IntegerType::get(adaptor.getInput().getContext(), 64)});
  return success();
}

LogicalResult MaxPoolWithIndicesOp::verify() { return success(); }

LogicalResult ResizeOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                    std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  size_t rank = source.shapeOf(adaptor.getInput()).size();
  if (adaptor.getScales().size() != rank || adaptor.getStaticSizes().size() != rank ||
      (!adaptor.getRoi().empty() && adaptor.getRoi().size() != 2 * rank)) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects one scale and one size per axis (" << rank << ")";
  SmallVector<SymExpr> sizes =
      ::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source);
  shapes.assign(1, SymShape(sizes.begin(), sizes.end()));
  return success();
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(MaxPoolWithIndicesOp op, SizeConditions &c) {
  SymExpr any = c.count(c.shape(op.getResult()));
  SymShape in = c.shape(op.getInput());
  for (SymExpr size : ArrayRef(in).drop_front(2))
    c.lessEqual(c.constant(1), size, "the smallest size of a pooled axis", any);
}

static void addConditions(ResizeOp op, SizeConditions &c) {
  SymExpr any = c.count(c.shape(op.getResult()));
  for (SymExpr size : c.shape(op.getInput()))
    c.lessEqual(c.constant(1), size, "the smallest size of a resized axis", any);
}

void mlopt::detail::attachPoolingChecks(MLIRContext *context) {
  attachRunTimeChecks<MaxPoolWithIndicesOp, addConditions>(context);
  attachRunTimeChecks<ResizeOp, addConditions>(context);
}
