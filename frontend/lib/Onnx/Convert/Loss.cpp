//===- Loss.cpp - ONNX losses ---------------------------------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Loss of log probabilities x [N, C, d..] at labels target [N, d..]; null after an error.
Value negativeLogLikelihood(Node &n, Value x, Value target, Value weight) {
  std::optional<int64_t> ignored = n.optIntAttr("ignore_index");
  std::string reduction = n.stringAttr("reduction", "mean");
  if (reduction != "none" && reduction != "mean" && reduction != "sum") {
    (void)n.malformed("reduction is '" + reduction + "', expected none, mean or sum");
    return nullptr;
  }
  if (n.rankOf(x) < 2 || n.rankOf(target) != n.rankOf(x) - 1) {
    (void)n.malformed("the operands have ranks " + Twine(n.rankOf(x)) + " and " +
                      Twine(n.rankOf(target)));
    return nullptr;
  }
  Type element = n.elementOf(x), index = n.getBuilder().getI64Type();
  target = n.cast(target, index);
  Value isIgnored;
  if (ignored) {
    isIgnored = n.compare(ComparePredicate::eq, target, n.scalarInt(index, *ignored));
    target = n.select(isIgnored, n.scalarInt(index, 0), target); // any label that exists
  }
  Value picked =
      n.squeeze(n.create<GatherElementsOp>(x, n.unsqueeze(target, {1}), int64_t(1)), {1});
  Value loss = n.create<NegOp>(picked), factor;
  if (weight)
    factor = n.create<GatherOp>(weight, target, int64_t(0));
  if (isIgnored) {
    Value one = factor ? factor : n.scalar(element, 1);
    factor = n.select(isIgnored, n.scalar(element, 0), one);
    loss = n.select(isIgnored, n.scalar(element, 0), loss);
  }
  if (factor)
    loss = n.mul(loss, factor);
  if (!loss || reduction == "none")
    return loss;
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < n.rankOf(loss); ++i)
    axes.push_back(i);
  if (reduction == "mean" && factor)
    return n.div(n.reduce(loss, ReduceKind::sum, axes, false),
                 n.reduce(factor, ReduceKind::sum, axes, false));
  return n.reduce(loss, reduction == "mean" ? ReduceKind::mean : ReduceKind::sum, axes, false);
}

LogicalResult nllLoss(Node &n) {
  Value x = n.input(0), target = n.input(1), weight = n.has(2) ? n.input(2) : Value();
  if (!x || !target || (n.has(2) && !weight))
    return failure();
  return n.finish(negativeLogLikelihood(n, x, target, weight));
}

LogicalResult softmaxCrossEntropyLoss(Node &n) {
  Value x = n.input(0), target = n.input(1), weight = n.has(2) ? n.input(2) : Value();
  if (!x || !target || (n.has(2) && !weight))
    return failure();
  if (n.rankOf(x) < 2)
    return n.malformed("the scores have rank " + Twine(n.rankOf(x)) + ", expected at least 2");
  Value logits = n.create<SoftmaxOp>(x, int64_t(1), true);
  if (!logits)
    return failure();
  SmallVector<Value> results{negativeLogLikelihood(n, logits, target, weight)};
  if (n.getNumResults() > 1)
    results.push_back(logits);
  return n.finish(results);
}

const Entry entries[] = {
    {"NegativeLogLikelihoodLoss", 12, nllLoss},
    {"SoftmaxCrossEntropyLoss", 12, softmaxCrossEntropyLoss},
};

} // namespace

ArrayRef<Entry> getLossEntries() { return entries; }

} // namespace mlopt::onnx
