//===- SimplifyIndexing.cpp - Gathers that are views ----------------------===//
#include "GraphRules.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

/// Shape of a gather's result with `inner` in place of the indices' axes.
static SymShape aroundIndices(GatherOp gather, ArrayRef<SymExpr> inner, GraphRewriter &rewriter) {
  SymShape data = rewriter.shapeOf(gather.getData());
  SymShape shape(data.begin(), data.begin() + gather.getAxis());
  llvm::append_range(shape, inner);
  shape.append(data.begin() + gather.getAxis() + 1, data.end());
  return shape;
}

/// gather at one constant position = slice (repeated where all indices are the same).
static bool gatherIsSlice(Operation *op, GraphRewriter &rewriter) {
  auto gather = dyn_cast<GatherOp>(op);
  std::optional<double> index = gather ? rewriter.splatOf(gather.getIndices()) : std::nullopt;
  if (!index)
    return false;
  SymShape data = rewriter.shapeOf(gather.getData()),
           indices = rewriter.shapeOf(gather.getIndices());
  uint64_t axis = gather.getAxis();
  int64_t position = static_cast<int64_t>(*index);
  SymExpr start = rewriter.size(position);
  if (position < 0)
    start = data[axis] + position;
  // A position that may lie outside is an error of the run.
  int64_t needed = position < 0 ? -position : position + 1;
  if (data[axis].getLowerBound().value_or(0) < needed)
    return false;
  ComposeBuilder b = rewriter.before(op);
  Value part = b.sliceAxis(gather.getData(), axis, start, rewriter.size(1));
  SymShape ones(indices.size(), rewriter.size(1));
  part = b.reshape(part, aroundIndices(gather, ones, rewriter));
  return rewriter.replace(op, b, b.broadcast(part, rewriter.shapeOf(gather)));
}

/// The axis whose coordinate each element of `v` is; none if there is none.
static std::optional<int64_t> coordinateAxis(Value v, GraphRewriter &rewriter, unsigned depth = 0) {
  Operation *def = v.getDefiningOp();
  if (!def || depth > 16)
    return std::nullopt;
  if (auto iota = dyn_cast<IotaOp>(def))
    return iota.getAxis();
  if (!isa<ReshapeOp, BroadcastOp, TransposeOp>(def)) {
    // A constant of one line, 0, 1, 2, ...
    std::optional<HostTensor> constant = rewriter.constantOf(v);
    if (!constant || constant->isFloat())
      return std::nullopt;
    std::optional<int64_t> axis;
    for (auto [i, size] : llvm::enumerate(constant->getShape()))
      if (size != 1) {
        if (axis)
          return std::nullopt;
        axis = i;
      }
    for (int64_t i = 0; i < constant->getNumElements(); ++i)
      if (constant->getInteger(i) != i)
        return std::nullopt;
    return axis;
  }
  std::optional<int64_t> axis = coordinateAxis(def->getOperand(0), rewriter, depth + 1);
  if (!axis)
    return std::nullopt;
  SymShape in = rewriter.shapeOf(def->getOperand(0)), out = rewriter.shapeOf(v);
  if (auto transpose = dyn_cast<TransposeOp>(def))
    return invert(transpose.getPermutation())[*axis];
  if (isa<BroadcastOp>(def)) {
    int64_t moved = *axis + static_cast<int64_t>(out.size() - in.size());
    return in[*axis] == out[moved] ? std::optional<int64_t>(moved) : std::nullopt;
  }
  SmallVector<int64_t> map;
  if (!isUnitReshape(in, out, &map) || map[*axis] < 0)
    return std::nullopt;
  return map[*axis];
}

/// gather at 0, 1, 2, ... (cut to a length) = slice.
static bool gatherIsPrefix(Operation *op, GraphRewriter &rewriter) {
  auto gather = dyn_cast<GatherOp>(op);
  if (!gather)
    return false;
  SymShape data = rewriter.shapeOf(gather.getData()),
           indices = rewriter.shapeOf(gather.getIndices());
  std::optional<int64_t> size = data[gather.getAxis()].getConstant();
  Value source = gather.getIndices();
  auto slice = source.getDefiningOp<SliceOp>();
  if (slice) {
    if (llvm::any_of(slice.getStaticStarts(), [](int64_t v) { return v != 0; }) ||
        llvm::any_of(slice.getStrides(), [](int64_t v) { return v != 1; }))
      return false;
    source = slice.getInput();
  }
  // The uncut indices must lie inside the table.
  SymShape whole = rewriter.shapeOf(source);
  std::optional<int64_t> axis = coordinateAxis(source, rewriter);
  std::optional<int64_t> bound = axis ? whole[*axis].getConstant() : std::nullopt;
  if (!size || !bound || *bound > *size)
    return false;
  for (size_t i = 0; i < indices.size(); ++i)
    if (static_cast<int64_t>(i) != *axis && !isUnit(indices[i]))
      return false;
  ComposeBuilder b = rewriter.before(op);
  Value part = b.sliceAxis(gather.getData(), gather.getAxis(), rewriter.size(0), indices[*axis]);
  return rewriter.replace(op, b, b.reshape(part, rewriter.shapeOf(gather)));
}

/// Whether the index tuples count through data's leading axes in order.
static bool countsThrough(Value indices, ArrayRef<SymExpr> data, GraphRewriter &rewriter) {
  SymShape shape = rewriter.shapeOf(indices);
  std::optional<int64_t> length = shape.back().getConstant();
  if (!length || *length < 1 || *length > static_cast<int64_t>(data.size()))
    return false;
  if (std::optional<HostTensor> constant = rewriter.constantOf(indices)) {
    SmallVector<int64_t> next(*length, 0), sizes;
    int64_t tuples = 1;
    for (int64_t i = 0; i < *length; ++i) {
      if (!data[i].getConstant())
        return false;
      sizes.push_back(*data[i].getConstant());
      tuples *= sizes.back();
    }
    if (constant->getNumElements() != tuples * *length)
      return false;
    for (int64_t t = 0; t < tuples; ++t) {
      for (int64_t i = 0; i < *length; ++i)
        if (constant->getInteger(t * *length + i) != next[i])
          return false;
      for (int64_t i = *length - 1; i >= 0 && ++next[i] == sizes[i]; --i)
        next[i] = 0;
    }
    return true;
  }
  auto concat = indices.getDefiningOp<ConcatOp>();
  if (!concat || concat.getAxis() != shape.size() - 1 ||
      concat.getInputs().size() != static_cast<size_t>(*length))
    return false;
  int64_t last = -1;
  SmallVector<bool> counted(shape.size(), false);
  for (auto [i, input] : llvm::enumerate(concat.getInputs())) {
    std::optional<int64_t> axis = coordinateAxis(input, rewriter);
    if (!axis || *axis <= last || *axis == static_cast<int64_t>(shape.size()) - 1 ||
        shape[*axis] != data[i])
      return false;
    last = *axis;
    counted[last] = true;
  }
  for (size_t i = 0; i + 1 < shape.size(); ++i)
    if (!counted[i] && !isUnit(shape[i]))
      return false;
  return true;
}

/// gather_nd that takes everything in order = reshape.
static bool gatherNdIsReshape(Operation *op, GraphRewriter &rewriter) {
  auto gather = dyn_cast<GatherNdOp>(op);
  if (!gather || gather.getBatchDims() != 0 ||
      !countsThrough(gather.getIndices(), rewriter.shapeOf(gather.getData()), rewriter))
    return false;
  ComposeBuilder b = rewriter.before(op);
  return rewriter.replace(op, b, b.reshape(gather.getData(), rewriter.shapeOf(gather)));
}

/// gather_elements and gather from one value everywhere give that value; the
/// indices are a cut of a table that cannot go wrong.
static bool gatherOfSplat(Operation *op, GraphRewriter &rewriter) {
  if (!isa<GatherElementsOp, GatherOp>(op))
    return false;
  Value data = op->getOperand(0), indices = op->getOperand(1);
  std::optional<double> value = rewriter.splatOf(data);
  // Indices must be known to lie inside.
  while (auto slice = indices.getDefiningOp<SliceOp>())
    indices = slice.getInput();
  std::optional<HostTensor> known = rewriter.constantOf(indices);
  constexpr double exactIntegers = 9007199254740992.0; // 2^53
  if (!value || !known || (!isFloat(data) && std::fabs(*value) >= exactIntegers))
    return false;
  uint64_t axis =
      isa<GatherOp>(op) ? cast<GatherOp>(op).getAxis() : cast<GatherElementsOp>(op).getAxis();
  int64_t size = cast<RankedTensorType>(data.getType()).getDimSize(axis);
  for (int64_t i = 0; i < known->getNumElements(); ++i)
    if (int64_t index = known->getInteger(i); index < -size || index >= size)
      return false;
  ComposeBuilder b = rewriter.before(op);
  Type element = b.elementOf(data);
  Value scalar = isFloat(data) ? b.scalar(element, *value)
                               : b.scalarInt(element, static_cast<int64_t>(*value));
  return rewriter.replace(op, b, b.broadcast(scalar, rewriter.shapeOf(op->getResult(0))));
}

ArrayRef<GraphRule> mlopt::getIndexingRules() {
  static const GraphRule rules[] = {gatherIsSlice, gatherIsPrefix, gatherNdIsReshape,
                                    gatherOfSplat};
  return rules;
}
