//===- IndexingOps.cpp - Inference of gathers and scatters ----------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/IndexingOps.cpp.inc"

static LogicalResult checkAxis(int64_t axis, size_t rank, MLIRContext *context,
                               std::optional<Location> loc) {
  if (axis >= 0 && axis < static_cast<int64_t>(rank))
    return success();
  return ::mlopt::detail::emitInferenceError(context, loc)
         << "axis " << axis << " lies outside a tensor of rank " << rank;
}

LogicalResult GatherOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                    std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  SymShape data = source.shapeOf(adaptor.getData()), indices = source.shapeOf(adaptor.getIndices());
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(axis, data.size(), source.getContext(), loc))) // (C1)
    return failure();
  SymShape out(data.begin(), data.begin() + axis);
  out.append(indices.begin(), indices.end());
  out.append(data.begin() + axis + 1, data.end());
  shapes.assign(1, out);
  return success();
}

LogicalResult GatherElementsOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                            std::optional<Location> loc,
                                            SmallVectorImpl<SymShape> &shapes) {
  SymShape data = source.shapeOf(adaptor.getData());
  shapes.assign(1, source.shapeOf(adaptor.getIndices()));
  if (data.size() != shapes[0].size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects data and indices of the same rank, got " << data.size() << " and "
           << shapes[0].size();
  return checkAxis(adaptor.getAxis(), data.size(), source.getContext(), loc); // (C2)
}

LogicalResult GatherNdOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                      std::optional<Location> loc,
                                      SmallVectorImpl<SymShape> &shapes) {
  SymShape data = source.shapeOf(adaptor.getData()), indices = source.shapeOf(adaptor.getIndices());
  int64_t batch = adaptor.getBatchDims();
  if (batch < 0 || batch >= (int64_t)data.size() || batch >= (int64_t)indices.size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "batch_dims = " << batch << " is too large for ranks " << data.size() << " and "
           << indices.size();
  std::optional<int64_t> tuple = indices.back().getConstant();
  if (!tuple || *tuple < 1 || *tuple > (int64_t)data.size() - batch) // (C2)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects index tuples of a static length between 1 and " << data.size() - batch
           << ", got " << indices.back();
  SymShape out(indices.begin(), indices.end() - 1);
  out.append(data.begin() + batch + *tuple, data.end());
  shapes.assign(1, out);
  return success();
}

LogicalResult ScatterElementsOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                             std::optional<Location> loc,
                                             SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getData()));
  size_t rank = shapes[0].size();
  if (source.shapeOf(adaptor.getIndices()).size() != rank ||
      source.shapeOf(adaptor.getUpdates()).size() != rank) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects data, indices and updates of the same rank";
  return checkAxis(adaptor.getAxis(), rank, source.getContext(), loc);
}

LogicalResult ScatterNdOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getData()));
  SymShape indices = source.shapeOf(adaptor.getIndices());
  std::optional<int64_t> tuple =
      indices.empty() ? std::nullopt : indices.back().getConstant();
  if (!tuple || *tuple < 1 || *tuple > (int64_t)shapes[0].size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects index tuples of a static length between 1 and " << shapes[0].size();
  return success();
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

/// Axes other than the indexed one: the indices lie inside the data.
static void addIndexed(SymShape data, SymShape indices, int64_t axis, SizeConditions &c) {
  for (size_t i = 0; i < std::min(data.size(), indices.size()); ++i)
    if (static_cast<int64_t>(i) != axis)
      c.lessEqual(indices[i], data[i], "a size of the indices", c.count(indices));
}

static void addConditions(GatherElementsOp op, SizeConditions &c) {
  addIndexed(c.shape(op.getData()), c.shape(op.getIndices()), op.getAxis(), c);
}

static void addConditions(ScatterElementsOp op, SizeConditions &c) {
  SymShape indices = c.shape(op.getIndices());
  addIndexed(c.shape(op.getData()), indices, op.getAxis(), c);
  c.exactly(op.getUpdates(), indices, "sizes of the updates and of the indices");
}

static void addConditions(GatherNdOp op, SizeConditions &c) {
  SymShape data = c.shape(op.getData()), indices = c.shape(op.getIndices());
  for (size_t i = 0; i < static_cast<size_t>(op.getBatchDims()) && i < data.size() &&
                     i < indices.size();
       ++i)
    c.equal(data[i], indices[i], "batch sizes of the data and of the indices");
}

static void addConditions(ScatterNdOp op, SizeConditions &c) {
  SymShape data = c.shape(op.getData()), indices = c.shape(op.getIndices());
  if (indices.empty())
    return;
  int64_t tuple = indices.back().getConstant().value_or(-1);
  if (tuple < 0 || tuple > static_cast<int64_t>(data.size()))
    return;
  SymShape wanted(indices.begin(), indices.end() - 1);
  wanted.append(data.begin() + tuple, data.end());
  c.exactly(op.getUpdates(), wanted, "sizes of the updates and of what they replace");
}

void mlopt::detail::attachIndexingChecks(MLIRContext *context) {
  attachRunTimeChecks<GatherElementsOp, addConditions>(context);
  attachRunTimeChecks<ScatterElementsOp, addConditions>(context);
  attachRunTimeChecks<GatherNdOp, addConditions>(context);
  attachRunTimeChecks<ScatterNdOp, addConditions>(context);
}
