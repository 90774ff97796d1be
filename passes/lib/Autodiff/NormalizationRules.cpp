//===- NormalizationRules.cpp - Gradients of normalizations ---------------===//
//
// For xhat = (x - mean) rstd and u = dy * scale, with averages over what is normalized:
//   dx = rstd (u - mean(u) - xhat mean(u xhat)).
// The sums run over x - mean; rstd is multiplied to them afterwards.
//
//===----------------------------------------------------------------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

/// 1 / sqrt(v + epsilon).
static Value inverseRoot(Adjoint &a, Value v, const APFloat &epsilon) {
  Value root = a.create<SqrtOp>(a.addScalar(v, epsilon.convertToDouble()));
  return root ? a.div(a.scalar(a.elementOf(root), 1), root) : root;
}

static Value squared(Adjoint &a, Value v) { return a.mul(v, v); }

//===----------------------------------------------------------------------===//
// Batches
//===----------------------------------------------------------------------===//

/// With given statistics: affine in x.
static LogicalResult batchNorm(BatchNormOp op, Adjoint &a) {
  Value x = op.getInput(), scale = op.getScale(), mean = op.getMean(), variance = op.getVariance(),
        g = a.gradient();
  int64_t rank = a.rankOf(x);
  SmallVector<int64_t> axes = axesButChannel(rank);
  Value rstd = inverseRoot(a, variance, op.getEpsilon()), factor = a.mul(scale, rstd);
  if (a.needs(x) && failed(a.contribute(x, a.mul(g, alongChannel(a, factor, rank)))))
    return failure();
  if (a.needs(op.getBias()) || a.needs(mean)) {
    Value sum = a.reduce(g, ReduceKind::sum, axes, false);
    if (failed(a.contribute(op.getBias(), sum)) ||
        (a.needs(mean) && failed(a.contribute(mean, a.create<NegOp>(a.mul(sum, factor))))))
      return failure();
  }
  if (!a.needs(scale) && !a.needs(variance))
    return success();
  Value products = a.mul(g, a.sub(x, alongChannel(a, mean, rank)));
  Value slope = a.mul(a.reduce(products, ReduceKind::sum, axes, false), rstd);
  if (failed(a.contribute(scale, slope)))
    return failure();
  return a.needs(variance)
             ? a.contribute(variance, a.mulScalar(a.mul(slope, a.mul(factor, rstd)), -0.5))
             : success();
}

/// With the statistics of the batch, which are results too. A channel's dx is
/// dy * A + (x - mean) * B + D with coefficients that are made once per channel.
static LogicalResult batchNormTraining(BatchNormTrainingOp op, Adjoint &a) {
  Value x = op.getInput(), scale = op.getScale(), mean = op.getMean(), g = a.gradient(0),
        byMean = a.gradient(1), byVariance = a.gradient(2);
  int64_t rank = a.rankOf(x);
  SmallVector<int64_t> axes = axesButChannel(rank);
  SymShape shape = a.shapeOf(x);
  shape.erase(shape.begin() + 1);
  Value count = sizeScalar(a, product(a, shape), a.elementOf(x));
  auto plus = [&](Value sum, Value more) { return sum ? a.add(sum, more) : more; };
  Value slope, offset, centered = a.sub(x, alongChannel(a, mean, rank)), dx;
  if (g) {
    Value rstd = inverseRoot(a, op.getVariance(), op.getEpsilon()), factor = a.mul(scale, rstd);
    Value sum = a.reduce(g, ReduceKind::sum, axes, false);
    Value products = a.mul(a.reduce(a.mul(g, centered), ReduceKind::sum, axes, false), rstd);
    if (failed(a.contribute(op.getBias(), sum)) || failed(a.contribute(scale, products)))
      return failure();
    dx = a.mul(g, alongChannel(a, factor, rank));
    Value perElement = a.create<NegOp>(a.div(factor, count));
    slope = a.mul(perElement, a.mul(products, rstd));
    offset = a.mul(perElement, sum);
  }
  if (!a.needs(x))
    return success();
  if (byVariance)
    slope = plus(slope, a.div(a.mulScalar(byVariance, 2), count));
  if (byMean)
    offset = plus(offset, a.div(byMean, count));
  if (slope)
    dx = plus(dx, a.mul(centered, alongChannel(a, slope, rank)));
  if (offset)
    dx = plus(dx, alongChannel(a, offset, rank));
  return dx ? a.contribute(x, dx) : success();
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> axesFrom(int64_t axis, int64_t rank) {
  return llvm::to_vector(llvm::seq<int64_t>(axis, rank));
}

/// dy * scale, where there is a scale.
static Value scaled(Adjoint &a, Value g, Value scale) {
  return isa<NoneType>(scale.getType()) ? g : a.mul(g, scale);
}

namespace {
/// x - mean and 1 / sqrt(variance + epsilon) over some axes, made again from x.
struct Standardized {
  Value centered, rstd;
  SmallVector<int64_t> axes;

  Standardized(Adjoint &a, Value x, const APFloat &epsilon, SmallVector<int64_t> axes)
      : axes(std::move(axes)) {
    centered = a.sub(x, a.reduce(x, ReduceKind::mean, this->axes, true));
    rstd =
        inverseRoot(a, a.reduce(squared(a, centered), ReduceKind::mean, this->axes, true), epsilon);
  }

  /// dx for u = dy * scale.
  Value backward(Adjoint &a, Value u) const {
    Value mean = a.reduce(u, ReduceKind::mean, axes, true),
          slope = a.reduce(a.mul(u, centered), ReduceKind::mean, axes, true);
    slope = a.mul(slope, squared(a, rstd));
    return a.mul(a.sub(a.sub(u, mean), a.mul(centered, slope)), rstd);
  }
};
} // namespace

static LogicalResult layerNorm(LayerNormOp op, Adjoint &a) {
  Value x = op.getInput(), scale = op.getScale(), bias = op.getBias(), g = a.gradient();
  if (wants(a, bias) && failed(a.contribute(bias, g)))
    return failure();
  if (!a.needs(x) && !wants(a, scale))
    return success();
  Standardized s(a, x, op.getEpsilon(), axesFrom(op.getAxis(), a.rankOf(x)));
  if (wants(a, scale) && failed(a.contribute(scale, a.mul(g, a.mul(s.centered, s.rstd)))))
    return failure();
  return a.needs(x) ? a.contribute(x, s.backward(a, scaled(a, g, scale))) : success();
}

/// y = x r scale with r = 1 / sqrt(mean(x^2) + epsilon): dx = r (u - x r^2 mean(u x)).
static LogicalResult rmsNorm(RmsNormOp op, Adjoint &a) {
  Value x = op.getInput(), scale = op.getScale(), g = a.gradient();
  if (!a.needs(x) && !wants(a, scale))
    return success();
  SmallVector<int64_t> axes = axesFrom(op.getAxis(), a.rankOf(x));
  Value r = inverseRoot(a, a.reduce(squared(a, x), ReduceKind::mean, axes, true), op.getEpsilon());
  if (wants(a, scale) && failed(a.contribute(scale, a.mul(g, a.mul(x, r)))))
    return failure();
  if (!a.needs(x))
    return success();
  Value u = scaled(a, g, scale);
  Value slope = a.mul(a.reduce(a.mul(u, x), ReduceKind::mean, axes, true), squared(a, r));
  return a.contribute(x, a.mul(a.sub(u, a.mul(x, slope)), r));
}

/// As a layer normalization of [N, groups, C / groups, space] over the last two axes.
static LogicalResult groupNorm(GroupNormOp op, Adjoint &a) {
  Value x = op.getInput(), scale = op.getScale(), bias = op.getBias(), g = a.gradient();
  SymShape shape = a.shapeOf(x);
  SymExpr groups = op.getGroups() ? a.size(op.getGroups()) : shape[1],
          each = op.getGroups() ? shape[1].floorDiv(op.getGroups()) : a.size(1);
  SymShape split = {shape[0], groups, each, product(a, ArrayRef<SymExpr>(shape).drop_front(2))};
  g = a.reshape(g, split);
  auto toChannels = [&](Value v) {
    return a.reshape(a.reduce(v, ReduceKind::sum, {0, 3}, false), {shape[1]});
  };
  if (wants(a, bias) && failed(a.contribute(bias, toChannels(g))))
    return failure();
  if (!a.needs(x) && !wants(a, scale))
    return success();
  Standardized s(a, a.reshape(x, split), op.getEpsilon(), {2, 3});
  if (wants(a, scale) &&
      failed(a.contribute(scale, toChannels(a.mul(g, a.mul(s.centered, s.rstd))))))
    return failure();
  if (!a.needs(x))
    return success();
  Value u =
      isa<NoneType>(scale.getType()) ? g : a.mul(g, a.reshape(scale, {groups, each, a.size(1)}));
  return a.contribute(x, a.reshape(s.backward(a, u), shape));
}

//===----------------------------------------------------------------------===//
// Neighbouring channels
//===----------------------------------------------------------------------===//

/// y = x n^-beta with n = bias + alpha / size * (sum of x^2 over the window of a channel):
/// dx = dy n^-beta - 2 alpha beta / size * x * (sum of dy x n^(-beta - 1) over the channels whose
/// window the channel is in). Both sums are average poolings of the channels, taken as a spatial
/// axis, and the second has the pads of the first exchanged.
static LogicalResult lrn(LrnOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient();
  if (!a.needs(x))
    return success();
  SymShape shape = a.shapeOf(x);
  SymShape split = {shape[0], a.size(1), shape[1],
                    product(a, ArrayRef<SymExpr>(shape).drop_front(2))};
  int64_t size = op.getSize(), before = (size - 1) / 2, after = size - 1 - before;
  double alpha = op.getAlpha().convertToDouble(), beta = op.getBeta().convertToDouble();
  auto average = [&](Value v, int64_t begin, int64_t end) {
    return a.create<PoolOp>(v, PoolKind::average, ArrayRef<int64_t>({size, 1}),
                            ArrayRef<int64_t>({1, 1}), ArrayRef<int64_t>({begin, 0}),
                            ArrayRef<int64_t>({end, 0}), ArrayRef<int64_t>({0, 0}),
                            ArrayRef<int64_t>({1, 1}), true, int64_t(2));
  };
  x = a.reshape(x, split);
  g = a.reshape(g, split);
  Value n = a.addScalar(a.mulScalar(average(squared(a, x), before, after), alpha),
                        op.getBias().convertToDouble());
  if (!n)
    return failure();
  Value direct = a.mul(g, a.create<PowOp>(n, a.scalar(a.elementOf(n), -beta)));
  Value others = average(a.div(a.mul(direct, x), n), after, before);
  Value dx = a.sub(direct, a.mul(a.mulScalar(x, 2 * alpha * beta), others));
  return a.contribute(op.getInput(), a.reshape(dx, shape));
}

void mlopt::attachNormalizationGradients(MLIRContext *context) {
  attachGradientRule<BatchNormOp, batchNorm>(context);
  attachGradientRule<BatchNormTrainingOp, batchNormTraining>(context);
  attachGradientRule<LayerNormOp, layerNorm>(context);
  attachGradientRule<RmsNormOp, rmsNorm>(context);
  attachGradientRule<GroupNormOp, groupNorm>(context);
  attachGradientRule<LrnOp, lrn>(context);
}
