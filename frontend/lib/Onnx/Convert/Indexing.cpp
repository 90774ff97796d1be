//===- Indexing.cpp - ONNX gather and scatter operators -------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Indices as i32 or i64; null after an error.
Value readIndices(Node &n, unsigned i) {
  Value indices = n.input(i);
  if (!indices)
    return indices;
  Type element = n.elementOf(indices);
  if (element.isInteger(32) || element.isInteger(64))
    return element.isUnsignedInteger() ? n.cast(indices, n.getBuilder().getI64Type()) : indices;
  if (!isa<IntegerType>(element)) {
    (void)n.malformed("the indices are no integers");
    return nullptr;
  }
  return n.cast(indices, n.getBuilder().getI64Type());
}

LogicalResult gather(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1);
  if (!data || !indices)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(data));
  return axis ? n.finish(n.create<GatherOp>(data, indices, *axis)) : failure();
}

LogicalResult gatherElements(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1);
  if (!data || !indices)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(data));
  return axis ? n.finish(n.create<GatherElementsOp>(data, indices, *axis)) : failure();
}

LogicalResult gatherNd(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1);
  if (!data || !indices)
    return failure();
  int64_t batch = n.intAttr("batch_dims", 0);
  if (batch < 0 || batch >= std::min(n.rankOf(data), n.rankOf(indices)))
    return n.malformed("batch_dims is " + Twine(batch));
  return n.finish(n.create<GatherNdOp>(data, indices, batch));
}

std::optional<ScatterReduction> readReduction(Node &n) {
  std::string name = n.stringAttr("reduction", "none");
  auto reduction = llvm::StringSwitch<std::optional<ScatterReduction>>(name)
                       .Case("none", ScatterReduction::none)
                       .Case("add", ScatterReduction::add)
                       .Case("mul", ScatterReduction::mul)
                       .Case("max", ScatterReduction::max)
                       .Case("min", ScatterReduction::min)
                       .Default(std::nullopt);
  if (!reduction)
    (void)n.malformed("reduction is '" + name + "', expected none, add, mul, max or min");
  return reduction;
}

LogicalResult scatterElements(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1), updates = n.input(2);
  auto reduction = readReduction(n);
  if (!data || !indices || !updates || !reduction)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(data));
  return axis ? n.finish(n.create<ScatterElementsOp>(data, indices, updates, *axis, *reduction))
              : failure();
}

LogicalResult scatterNd(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1), updates = n.input(2);
  auto reduction = readReduction(n);
  if (!data || !indices || !updates || !reduction)
    return failure();
  return n.finish(n.create<ScatterNdOp>(data, indices, updates, *reduction));
}

/// TensorScatter: update [B, .., S, ..] written into the cache [B, .., M, ..] from write_indices[b]
/// on along `axis`.
LogicalResult tensorScatter(Node &n) {
  Value cache = n.input(0), update = n.input(1);
  if (!cache || !update)
    return failure();
  int64_t rank = n.rankOf(cache);
  auto axis = n.normalizeAxis(n.intAttr("axis", -2), rank);
  if (!axis)
    return failure();
  std::string mode = n.stringAttr("mode", "linear");
  if (*axis == 0 || n.rankOf(update) != rank || (mode != "linear" && mode != "circular"))
    return n.malformed(
        "expected an axis other than the batch, equal ranks, and mode linear or circular");
  Type index = n.getBuilder().getI64Type();
  SymShape shape = n.shapeOf(update), perBatch(rank, n.size(1));
  perBatch[0] = shape[0];
  Value position = n.iotaAlong(index, shape[*axis], *axis, rank);
  if (n.has(2)) {
    Value start = n.input(2);
    if (!start)
      return failure();
    position = n.add(position, n.reshape(n.cast(start, index), perBatch));
  }
  if (mode == "circular")
    position =
        n.create<ModOp>(position, n.reshape(n.fromSizes({n.dimOf(cache, *axis)}), {}), false);
  return n.finish(n.create<ScatterElementsOp>(cache, n.broadcast(position, shape), update, *axis,
                                              ScatterReduction::none));
}

/// ArrayFeatureExtractor: columns of the last axis.
LogicalResult arrayFeatureExtractor(Node &n) {
  Value data = n.input(0), indices = readIndices(n, 1);
  if (!data || !indices)
    return failure();
  if (n.rankOf(data) < 1)
    return n.malformed("the operand is a scalar");
  SymExpr count = numElements(n.getContext(), n.shapeOf(indices));
  if (n.rankOf(data) == 1)
    data = n.unsqueeze(data, {0});
  Value result = n.create<GatherOp>(data, n.reshape(indices, {count}), n.rankOf(data) - 1);
  return n.finish(result);
}

const Entry entries[] = {
    {"ArrayFeatureExtractor", 1, arrayFeatureExtractor, "ai.onnx.ml"},
    {"Gather", 1, gather},
    {"GatherElements", 11, gatherElements},
    {"GatherND", 11, gatherNd},
    {"Scatter", 9, scatterElements},
    {"ScatterElements", 11, scatterElements},
    {"ScatterND", 11, scatterNd},
    {"TensorScatter", 24, tensorScatter},
};

} // namespace

ArrayRef<Entry> getIndexingEntries() { return entries; }

} // namespace mlopt::onnx
