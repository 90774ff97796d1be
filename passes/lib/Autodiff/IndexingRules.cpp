//===- IndexingRules.cpp - Gradients of gathers and scatters --------------===//
#include "mlir/IR/Matchers.h"
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// The first of constant indices that follow one another; none for others.
std::optional<int64_t> firstOfRun(Value indices) {
  DenseElementsAttr value;
  if (!matchPattern(indices, m_Constant(&value)) || value.empty())
    return std::nullopt;
  std::optional<int64_t> first;
  int64_t next = 0;
  for (const APInt &index : value.getValues<APInt>()) {
    if (first && index.getSExtValue() != next)
      return std::nullopt;
    if (!first)
      first = index.getSExtValue();
    next = index.getSExtValue() + 1;
  }
  // From -1 to 0 is the end and the beginning.
  return *first < 0 && next > 0 ? std::nullopt : first;
}

/// Embeddings too: rows that were picked several times get the sum.
LogicalResult gatherRule(GatherOp op, Adjoint &a) {
  if (std::optional<int64_t> first = firstOfRun(op.getIndices())) {
    // A part of the data, in whatever shape: zeros around it.
    int64_t axis = op.getAxis();
    SymShape data = a.shapeOf(op.getData()), part = data;
    SmallVector<SymExpr> low(data.size(), a.size(0)), high(data.size(), a.size(0));
    part[axis] = a.size(a.typeOf(op.getIndices()).getNumElements());
    low[axis] = *first < 0 ? data[axis] + *first : a.size(*first);
    high[axis] = data[axis] - low[axis] - part[axis];
    return a.contribute(op.getData(),
                        a.pad(a.reshape(a.gradient(), part), a.scalar(a.elementOf(op.getData()), 0),
                              low, high, PadMode::constant));
  }
  return a.contribute(op.getData(),
                      a.scatterAlong(op.getData(), op.getIndices(), a.gradient(), op.getAxis()));
}

LogicalResult gatherElementsRule(GatherElementsOp op, Adjoint &a) {
  return a.contribute(
      op.getData(), a.create<ScatterElementsOp>(a.filled(op.getData(), 0), op.getIndices(),
                                                a.gradient(), op.getAxis(), ScatterReduction::add));
}

LogicalResult gatherNdRule(GatherNdOp op, Adjoint &a) {
  Value tuples = op.getIndices();
  if (int64_t batchDims = op.getBatchDims()) {
    // The tuples name the batch positions too.
    SymShape column = a.shapeOf(tuples);
    int64_t last = column.size() - 1;
    column[last] = a.size(1);
    SmallVector<Value> parts;
    for (int64_t i = 0; i < batchDims; ++i)
      parts.push_back(a.iota(a.elementOf(tuples), column, i));
    parts.push_back(tuples);
    tuples = a.concat(parts, last);
  }
  return a.contribute(op.getData(), a.create<ScatterNdOp>(a.filled(op.getData(), 0), tuples,
                                                          a.gradient(), ScatterReduction::add));
}

/// Why a scatter has no rule, or empty.
StringRef whyNot(ScatterReduction reduction) {
  return reduction == ScatterReduction::none || reduction == ScatterReduction::add
             ? StringRef()
             : StringRef("only the reductions none and add have a gradient rule");
}

// With reduction none each written element takes its update's derivative from where it was written;
// which of several updates of one element stays is the caller's to keep distinct, as in PyTorch.

LogicalResult scatterElementsRule(ScatterElementsOp op, Adjoint &a) {
  Value g = a.gradient();
  if (StringRef reason = whyNot(op.getReduction()); !reason.empty())
    return a.refuse(reason);
  Value kept = g;
  if (op.getReduction() == ScatterReduction::none && a.needs(op.getData()))
    kept = a.create<ScatterElementsOp>(g, op.getIndices(), a.filled(op.getUpdates(), 0),
                                       op.getAxis(), ScatterReduction::none);
  if (failed(a.contribute(op.getData(), kept)))
    return failure();
  if (!a.needs(op.getUpdates()))
    return success();
  return a.contribute(op.getUpdates(),
                      a.create<GatherElementsOp>(g, op.getIndices(), op.getAxis()));
}

LogicalResult scatterNdRule(ScatterNdOp op, Adjoint &a) {
  Value g = a.gradient();
  if (StringRef reason = whyNot(op.getReduction()); !reason.empty())
    return a.refuse(reason);
  Value kept = g;
  if (op.getReduction() == ScatterReduction::none && a.needs(op.getData()))
    kept = a.create<ScatterNdOp>(g, op.getIndices(), a.filled(op.getUpdates(), 0),
                                 ScatterReduction::none);
  if (failed(a.contribute(op.getData(), kept)))
    return failure();
  if (!a.needs(op.getUpdates()))
    return success();
  return a.contribute(op.getUpdates(), a.create<GatherNdOp>(g, op.getIndices(), 0));
}

} // namespace

void mlopt::attachIndexingGradients(MLIRContext *context) {
  attachGradientRule<GatherOp, gatherRule>(context);
  attachGradientRule<GatherElementsOp, gatherElementsRule>(context);
  attachGradientRule<GatherNdOp, gatherNdRule>(context);
  attachGradientRule<ScatterElementsOp, scatterElementsRule>(context);
  attachGradientRule<ScatterNdOp, scatterNdRule>(context);
}
