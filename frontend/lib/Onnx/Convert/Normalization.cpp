//===- Normalization.cpp - ONNX normalizations ----------------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// [C] reshaped to broadcast along axis 1 of a tensor of the given rank.
Value alongChannels(Node &n, Value v, int64_t rank) {
  if (!v)
    return v;
  SymShape shape(rank, n.size(1));
  shape[1] = n.dimOf(v, 0);
  return n.reshape(v, shape);
}

LogicalResult batchNorm(Node &n) {
  Value x = n.input(0), scale = n.input(1), bias = n.input(2), mean = n.input(3),
        variance = n.input(4);
  if (!x || !scale || !bias || !mean || !variance)
    return failure();
  if (n.rankOf(x) < 2)
    return n.malformed("the operand has rank " + Twine(n.rankOf(x)) + ", expected at least 2");
  if (n.getOpset() < 9 && n.intAttr("spatial", 1) == 0)
    return n.unsupported("spatial = 0");
  double epsilon = n.floatAttr("epsilon", 1e-5);
  Type element = n.elementOf(x);
  // Statistics may have another float type than the operand.
  for (Value *v : {&scale, &bias, &mean, &variance})
    *v = n.cast(*v, element);
  if (n.isTraining()) {
    // Which statistics count is for the functions that are made of the model to say, and updating
    // the running ones too.
    for (unsigned i = 1; i < n.getNumResults(); ++i)
      if (n.hasResult(i))
        return n.unsupported("running statistics that the model uses itself, in training");
    Value y = n.create<BatchNormOp>(x, scale, bias, mean, variance, APFloat(epsilon));
    if (y)
      y.getDefiningOp()->setAttr("mlopt.momentum",
                                 n.getBuilder().getF64FloatAttr(n.floatAttr("momentum", 0.9)));
    return n.finish(y);
  }
  bool usesBatch = n.boolAttr("training_mode", false) && !n.isInference();
  if (n.isInference())
    for (unsigned i = 1; i < n.getNumResults(); ++i)
      if (n.hasResult(i))
        return n.unsupported("running statistics that the model uses itself, in its inference form; "
                             "compile it without --inference and --load-weights");
  if (!usesBatch)
    return n.finish(n.create<BatchNormOp>(x, scale, bias, mean, variance, APFloat(epsilon)));
  // Training: the statistics of this batch, and running averages as results 1 and 2.
  SmallVector<int64_t> axes{0};
  for (int64_t i = 2; i < n.rankOf(x); ++i)
    axes.push_back(i);
  Value batchMean = n.reduce(x, ReduceKind::mean, axes, /*keepdims=*/false);
  Value centred = n.sub(x, alongChannels(n, batchMean, n.rankOf(x)));
  Value batchVariance =
      n.reduce(n.mul(centred, centred), ReduceKind::mean, axes, /*keepdims=*/false);
  if (!batchVariance)
    return failure();
  double momentum = n.floatAttr("momentum", 0.9);
  auto running = [&](Value old, Value now, unsigned like) {
    return n.cast(n.add(n.mulScalar(old, momentum), n.mulScalar(now, 1 - momentum)),
                  n.elementOf(n.input(like)));
  };
  SmallVector<Value> results{
      n.create<BatchNormOp>(x, scale, bias, batchMean, batchVariance, APFloat(epsilon))};
  if (n.getNumResults() > 1)
    results.push_back(running(mean, batchMean, 3));
  if (n.getNumResults() > 2)
    results.push_back(running(variance, batchVariance, 4));
  return n.finish(results);
}

LogicalResult instanceNorm(Node &n) {
  Value x = n.input(0), scale = n.input(1), bias = n.input(2);
  if (!x || !scale || !bias)
    return failure();
  return n.finish(
      n.create<GroupNormOp>(x, scale, bias, int64_t(0), APFloat(n.floatAttr("epsilon", 1e-5))));
}

LogicalResult groupNorm(Node &n) {
  Value x = n.input(0), scale = n.input(1), bias = n.input(2);
  if (!x || !scale || !bias)
    return failure();
  int64_t groups = n.intAttr("num_groups", 0);
  if (groups < 1 || n.rankOf(x) < 2)
    return n.malformed("num_groups is " + Twine(groups));
  if (n.getOpset() < 21) {
    // One scale per group: repeat it for its channels.
    SymExpr perGroup = n.dimOf(x, 1).floorDiv(groups);
    auto spread = [&](Value v) {
      return n.reshape(
          n.broadcast(n.reshape(v, {n.size(groups), n.size(1)}), {n.size(groups), perGroup}),
          {n.dimOf(x, 1)});
    };
    scale = spread(scale);
    bias = spread(bias);
  }
  return n.finish(
      n.create<GroupNormOp>(x, scale, bias, groups, APFloat(n.floatAttr("epsilon", 1e-5))));
}

/// The scale or bias of a normalisation over the last axes. It broadcasts to the input's sizes, where
/// the operation takes equal sizes or the constant 1: what may be 1 at run time is spread here.
Value alongAxes(Node &n, Value x, Value parameter) {
  if (!parameter || isa<NoneType>(parameter.getType()))
    return parameter;
  SymShape in = n.shapeOf(x), shape = n.shapeOf(parameter);
  bool mayBroadcast = false;
  for (size_t i = 1; i <= std::min(in.size(), shape.size()); ++i) {
    SymExpr size = shape[shape.size() - i];
    if (size.getConstant() || size == in[in.size() - i])
      continue;
    shape[shape.size() - i] = in[in.size() - i];
    mayBroadcast = true;
  }
  return mayBroadcast ? n.broadcast(parameter, shape) : parameter;
}

LogicalResult layerNorm(Node &n) {
  Value x = n.input(0), scale = n.inputOrNone(1), bias = n.inputOrNone(2);
  if (!x || !scale || !bias)
    return failure();
  scale = alongAxes(n, x, scale);
  bias = alongAxes(n, x, bias);
  auto axis = n.normalizeAxis(n.intAttr("axis", -1), n.rankOf(x));
  if (!axis)
    return failure();
  double epsilon = n.floatAttr("epsilon", 1e-5);
  SmallVector<Value> results{n.create<LayerNormOp>(x, scale, bias, *axis, APFloat(epsilon))};
  if (n.hasResult(1) || n.hasResult(2)) {
    // Mean and 1 / standard deviation, in the stash type.
    int64_t stash = n.intAttr("stash_type", 1);
    Type type = getElementType(n.getContext(), stash);
    if (!type || !isa<FloatType>(type))
      return n.unsupportedType("stash_type " + Twine(stash));
    SmallVector<int64_t> axes;
    for (int64_t i = *axis; i < n.rankOf(x); ++i)
      axes.push_back(i);
    Value wide = n.cast(x, type), mean = n.reduce(wide, ReduceKind::mean, axes, /*keepdims=*/true);
    Value centred = n.sub(wide, mean);
    Value variance = n.reduce(n.mul(centred, centred), ReduceKind::mean, axes, /*keepdims=*/true);
    results.push_back(mean);
    if (n.getNumResults() > 2)
      results.push_back(n.div(n.scalar(type, 1), n.create<SqrtOp>(n.addScalar(variance, epsilon))));
  }
  return n.finish(results);
}

LogicalResult rmsNorm(Node &n) {
  Value x = n.input(0), scale = n.inputOrNone(1);
  if (!x || !scale)
    return failure();
  scale = alongAxes(n, x, scale);
  auto axis = n.normalizeAxis(n.intAttr("axis", -1), n.rankOf(x));
  if (!axis)
    return failure();
  if (!isa<NoneType>(scale.getType()))
    scale = n.cast(scale, n.elementOf(x));
  return n.finish(n.create<RmsNormOp>(x, scale, *axis, APFloat(n.floatAttr("epsilon", 1e-5))));
}

/// x / norm along the axis; where the norm is 0 the result is 0.
LogicalResult lpNormalization(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", -1), n.rankOf(x));
  int64_t p = n.intAttr("p", 2);
  if (!axis)
    return failure();
  if (p != 1 && p != 2)
    return n.malformed("p is " + Twine(p) + ", expected 1 or 2");
  Value norm = n.reduce(p == 1 ? n.create<AbsOp>(x) : n.mul(x, x), ReduceKind::sum, {*axis},
                        /*keepdims=*/true);
  if (p == 2)
    norm = n.create<SqrtOp>(norm);
  if (!norm)
    return failure();
  Type element = n.elementOf(x);
  Value isZero = n.compare(ComparePredicate::eq, norm, n.scalar(element, 0));
  return n.finish(n.div(x, n.select(isZero, n.scalar(element, 1), norm)));
}

LogicalResult lrn(Node &n) {
  int64_t size = n.intAttr("size", 0);
  if (size < 1)
    return n.malformed("size is " + Twine(size));
  return n.finish(n.create<LrnOp>(n.input(0), size, APFloat(n.floatAttr("alpha", 1e-4)),
                                  APFloat(n.floatAttr("beta", 0.75)),
                                  APFloat(n.floatAttr("bias", 1))));
}

/// (x - E[x]) / (sqrt(E[x^2] - E[x]^2) + 1e-9), as ONNX's function says.
LogicalResult meanVarianceNormalization(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axes =
      n.normalizeAxes(n.intsAttr("axes").value_or(SmallVector<int64_t>{0, 2, 3}), n.rankOf(x));
  if (!axes)
    return failure();
  Value centred = n.sub(x, n.reduce(x, ReduceKind::mean, *axes, /*keepdims=*/true));
  Value variance = n.reduce(n.mul(centred, centred), ReduceKind::mean, *axes, /*keepdims=*/true);
  return n.finish(n.div(centred, n.addScalar(n.create<SqrtOp>(variance), 1e-9)));
}

const Entry entries[] = {
    {"BatchNormalization", 7, batchNorm},
    {"GroupNormalization", 18, groupNorm},
    {"InstanceNormalization", 6, instanceNorm},
    {"LRN", 1, lrn},
    {"LayerNormalization", 17, layerNorm},
    {"LpNormalization", 1, lpNormalization},
    {"MeanVarianceNormalization", 9, meanVarianceNormalization},
    {"RMSNormalization", 23, rmsNorm},
};

} // namespace

ArrayRef<Entry> getNormalizationEntries() { return entries; }

} // namespace mlopt::onnx
