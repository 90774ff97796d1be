//===- ReductionOps.cpp - Inference of reductions, scans, sorting ---------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/ReductionOps.cpp.inc"

/// Axis attributes are already non-negative; anything else is an error.
static LogicalResult checkAxis(int64_t axis, size_t rank, MLIRContext *context,
                               std::optional<Location> loc) {
  if (axis >= 0 && axis < static_cast<int64_t>(rank))
    return success();
  return ::mlopt::detail::emitInferenceError(context, loc)
         << "axis " << axis << " lies outside a tensor of rank " << rank
         << ": expected a value in [0, " << rank << ")";
}

LogicalResult ReduceOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                    std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput()), out;
  int64_t previous = -1;
  for (int64_t axis : adaptor.getAxes()) { // (C1)
    if (failed(checkAxis(axis, in.size(), source.getContext(), loc)))
      return failure();
    if (axis <= previous)
      return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
             << "axes of a reduction must be sorted and distinct";
    previous = axis;
  }
  for (auto [i, size] : llvm::enumerate(in)) {
    if (!llvm::is_contained(adaptor.getAxes(), static_cast<int64_t>(i)))
      out.push_back(size);
    else if (adaptor.getKeepdims())
      out.push_back(SymExpr::constant(source.getContext(), 1));
  }
  shapes.assign(1, out);
  return success();
}

LogicalResult ArgReduceOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  SymShape shape = source.shapeOf(adaptor.getInput());
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(axis, shape.size(), source.getContext(), loc))) // (C1)
    return failure();
  if (adaptor.getKeepdims())
    shape[axis] = SymExpr::constant(source.getContext(), 1);
  else
    shape.erase(shape.begin() + axis);
  shapes.assign(1, shape);
  return success();
}

LogicalResult ArgReduceOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                             SmallVectorImpl<Type> &types) {
  types.assign(1, IntegerType::get(adaptor.getInput().getContext(), 64));
  return success();
}

LogicalResult SoftmaxOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                     std::optional<Location> loc,
                                     SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getInput()));
  return checkAxis(adaptor.getAxis(), shapes[0].size(), source.getContext(), loc); // (C1)
}

LogicalResult CumulativeOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                        std::optional<Location> loc,
                                        SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getInput()));
  return checkAxis(adaptor.getAxis(), shapes[0].size(), source.getContext(), loc); // (C1)
}

LogicalResult TopKOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                  std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  SymShape shape = source.shapeOf(adaptor.getInput());
  int64_t axis = adaptor.getAxis(), k = adaptor.getStaticK();
  if (failed(checkAxis(axis, shape.size(), source.getContext(), loc))) // (C1)
    return failure();
  std::optional<int64_t> size = shape[axis].getConstant();
  if (!ShapedType::isDynamic(k) && (k < 0 || (size && k > *size))) // (C2)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "k = " << k << " lies outside the axis: expected a value in [0, " << size.value_or(-1)
           << "]";
  shape[axis] = ::mlopt::detail::mixedSizes({k}, adaptor.getDynamicK(), source)[0];
  shapes.assign(2, shape);
  return success();
}

LogicalResult TopKOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                        SmallVectorImpl<Type> &types) {
  types.assign({getElementTypeOrSelf(adaptor.getInput().getType()),
           IntegerType::get(adaptor.getInput().getContext(), 64)});
  return success();
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(ArgReduceOp op, SizeConditions &c) {
  c.lessEqual(c.constant(1), c.shape(op.getInput())[op.getAxis()],
              "the smallest size of the reduced axis", c.count(c.shape(op.getResult())));
}

static void addConditions(TopKOp op, SizeConditions &c) {
  SymExpr k = c.mixed({static_cast<int64_t>(op.getStaticK())}, op.getDynamicK())[0];
  c.lessEqual(c.constant(0), k, "the smallest k");
  c.lessEqual(k, c.shape(op.getInput())[op.getAxis()], "k");
}

void mlopt::detail::attachReductionChecks(MLIRContext *context) {
  attachRunTimeChecks<ArgReduceOp, addConditions>(context);
  attachRunTimeChecks<TopKOp, addConditions>(context);
}
