//===- IndexingOps.cpp - Inference of gathers and scatters ----------------===//
#include "mlopt/IR/Mlopt.h"

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
