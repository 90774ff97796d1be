//===- Loss.cpp - Losses as compositions ----------------------------------===//
#include "mlopt/IR/Compose/Loss.h"
#include <limits>

using namespace mlir;

namespace mlopt::compose {

/// The float type that losses are computed in.
static Value widen(ComposeBuilder &b, Value x) {
  return x && b.elementOf(x).getIntOrFloatBitWidth() < 32 ? b.cast(x, b.getBuilder().getF32Type())
                                                          : x;
}

static Value reduceAll(ComposeBuilder &b, Value x, ReduceKind kind) {
  if (!x)
    return x;
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(b.rankOf(x)));
  return axes.empty() ? x : b.reduce(x, kind, axes, /*keepdims=*/false);
}

static Value meanAll(ComposeBuilder &b, Value x) {
  return b.cast(reduceAll(b, x, ReduceKind::mean), b.getBuilder().getF32Type());
}

/// 1 where the label is the class, in the logits' shape; labels that do not count are no class.
static Value oneHot(ComposeBuilder &b, Value logits, Value labels, Value valid) {
  Value known = b.select(valid, labels, b.scalarInt(b.elementOf(labels), -1));
  Value classes = b.iotaAlong(b.elementOf(labels), b.dimOf(logits, 1), 1, b.rankOf(logits));
  return b.compare(ComparePredicate::eq, b.unsqueeze(known, {1}), classes);
}

static Value isCounted(ComposeBuilder &b, Value labels, int64_t ignoreIndex) {
  return b.compare(ComparePredicate::ne, labels, b.scalarInt(b.elementOf(labels), ignoreIndex));
}

static Value countOf(ComposeBuilder &b, Value condition) {
  return reduceAll(b, b.cast(condition, b.getBuilder().getI64Type()), ReduceKind::sum);
}

Value crossEntropy(ComposeBuilder &b, Value logits, Value labels, int64_t ignoreIndex,
                   double smoothing) {
  logits = widen(b, logits);
  if (!logits || !labels)
    return nullptr;
  Type element = b.elementOf(logits), labelType = b.elementOf(labels);
  Value valid = isCounted(b, labels, ignoreIndex);
  Value hot = oneHot(b, logits, labels, valid);
  Value logp = b.create<SoftmaxOp>(logits, /*axis=*/1, /*log=*/true);
  Value zero = b.scalar(element, 0);
  // A choice, not a product: log p may be -inf where the weight is 0.
  Value picked = b.reduce(b.select(hot, logp, zero), ReduceKind::sum, {1}, /*keepdims=*/false);
  if (smoothing != 0) {
    Value all = b.reduce(logp, ReduceKind::sum, {1}, /*keepdims=*/false);
    Value classes = b.cast(b.reshape(b.fromSizes({b.dimOf(logits, 1)}), {}), element);
    Value share = b.div(b.scalar(element, smoothing), classes);
    picked = b.add(b.mulScalar(picked, 1 - smoothing), b.mul(all, share));
    picked = b.select(valid, picked, zero);
  }
  Value classes = b.reshape(b.fromSizes({b.dimOf(logits, 1)}), {});
  Value inRange =
      b.create<AndOp>(b.compare(ComparePredicate::ge, labels, b.scalarInt(labelType, 0)),
                      b.compare(ComparePredicate::lt, labels, b.cast(classes, labelType)));
  Value known = b.create<OrOp>(inRange, b.create<NotOp>(valid));
  picked = b.select(known, picked, b.scalar(element, std::numeric_limits<double>::quiet_NaN()));
  // Counted in i64: exact for any number of labels.
  Value sum = reduceAll(b, b.create<NegOp>(picked), ReduceKind::sum);
  return b.cast(b.div(sum, b.cast(countOf(b, valid), element)), b.getBuilder().getF32Type());
}

std::pair<Value, Value> countCorrect(ComposeBuilder &b, Value logits, Value labels,
                                     int64_t ignoreIndex) {
  if (!logits || !labels)
    return {};
  Value best = b.create<ArgReduceOp>(logits, ArgReduceKind::max, /*axis=*/1, /*keepdims=*/false,
                                     /*select_last_index=*/false);
  Value valid = isCounted(b, labels, ignoreIndex);
  Value right = b.compare(ComparePredicate::eq, best, b.cast(labels, b.getBuilder().getI64Type()));
  return {countOf(b, b.create<AndOp>(right, valid)), countOf(b, valid)};
}

Value bceWithLogits(ComposeBuilder &b, Value x, Value t) {
  x = widen(b, x);
  if (!x || !t)
    return nullptr;
  Type element = b.elementOf(x);
  // Smooth at 0, unlike max(x, 0) - x t + log(1 + exp(-|x|)).
  Value line = b.mul(b.sub(b.scalar(element, 1), b.cast(t, element)), x);
  return meanAll(b, b.add(line, b.create<SoftplusOp>(b.create<NegOp>(x))));
}

static Value difference(ComposeBuilder &b, Value x, Value t) {
  x = widen(b, x);
  return x && t ? b.sub(x, b.cast(t, b.elementOf(x))) : nullptr;
}

Value mse(ComposeBuilder &b, Value x, Value t) {
  Value d = difference(b, x, t);
  return d ? meanAll(b, b.mul(d, d)) : nullptr;
}

Value l1(ComposeBuilder &b, Value x, Value t) {
  Value d = difference(b, x, t);
  return d ? meanAll(b, b.create<AbsOp>(d)) : nullptr;
}

Value huber(ComposeBuilder &b, Value x, Value t, double delta) {
  Value d = difference(b, x, t);
  if (!d)
    return nullptr;
  Value size = b.create<AbsOp>(d);
  Value near = b.compare(ComparePredicate::le, size, b.scalar(b.elementOf(d), delta));
  Value far = b.mulScalar(b.addScalar(size, -0.5 * delta), delta);
  return meanAll(b, b.select(near, b.mulScalar(b.mul(d, d), 0.5), far));
}

} // namespace mlopt::compose
