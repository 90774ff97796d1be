//===- Normalization.cpp - Normalizations ----------------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

namespace {
/// Mean and biased variance.
struct Moments {
  double mean = 0, variance = 0;
};
} // namespace

static Moments momentsOf(ArrayRef<double> x) {
  Moments m;
  for (double v : x)
    m.mean += v;
  m.mean /= x.size();
  for (double v : x)
    m.variance += (v - m.mean) * (v - m.mean);
  m.variance /= x.size();
  return m;
}

/// result = result * scale + bias, each broadcast to the result or none.
static LogicalResult applyScaleAndBias(Evaluation &e, HostTensor &y, const HostTensor &scale,
                                       const HostTensor *bias) {
  for (const HostTensor *t : {&scale, bias}) {
    if (!t || t->isNone())
      continue;
    FailureOr<Shape> both = broadcastShape(t->getShape(), y.getShape());
    if (failed(both) || ArrayRef<int64_t>(*both) != y.getShape())
      return e.fail("shape " + toString(t->getShape()) + " does not broadcast to " +
                    toString(y.getShape()));
    ArrayRef<double> values = t->doubles();
    MutableArrayRef<double> out = y.mutableDoubles();
    walk<1>(y.getShape(), {broadcastStrides(t->getShape(), y.getShape())},
            [&](int64_t i, const std::array<int64_t, 1> &at) {
              out[i] = t == &scale ? out[i] * values[at[0]] : out[i] + values[at[0]];
            });
  }
  return success();
}

static LogicalResult evalBatchNorm(BatchNormOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  HostTensor *y = e.allocate(0, x.getShape());
  if (!y)
    return failure();
  ArrayRef<double> scale = e[op.getScale()].doubles(), bias = e[op.getBias()].doubles(),
                   mean = e[op.getMean()].doubles(), variance = e[op.getVariance()].doubles();
  double epsilon = op.getEpsilon().convertToDouble();
  AxisView view(x.getShape(), 1);
  for (int64_t n = 0; n < view.outer; ++n)
    for (int64_t c = 0; c < view.size; ++c)
      for (int64_t i = 0; i < view.inner; ++i) {
        int64_t at = view.at(n, c, i);
        y->mutableDoubles()[at] =
            (x.doubles()[at] - mean[c]) / std::sqrt(variance[c] + epsilon) * scale[c] + bias[c];
      }
  return success();
}

static LogicalResult evalLayerNorm(LayerNormOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  HostTensor *y = e.allocate(0, x.getShape());
  if (!y)
    return failure();
  int64_t rows = product(x.getShape().take_front(op.getAxis()));
  int64_t size = product(x.getShape().drop_front(op.getAxis()));
  double epsilon = op.getEpsilon().convertToDouble();
  for (int64_t row = 0; row < rows; ++row) {
    ArrayRef<double> in = x.doubles().slice(row * size, size);
    Moments m = momentsOf(in);
    for (int64_t i = 0; i < size; ++i)
      y->mutableDoubles()[row * size + i] = (in[i] - m.mean) / std::sqrt(m.variance + epsilon);
  }
  return applyScaleAndBias(e, *y, e[op.getScale()], &e[op.getBias()]);
}

static LogicalResult evalRmsNorm(RmsNormOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  HostTensor *y = e.allocate(0, x.getShape());
  if (!y)
    return failure();
  int64_t rows = product(x.getShape().take_front(op.getAxis()));
  int64_t size = product(x.getShape().drop_front(op.getAxis()));
  double epsilon = op.getEpsilon().convertToDouble();
  for (int64_t row = 0; row < rows; ++row) {
    ArrayRef<double> in = x.doubles().slice(row * size, size);
    double squares = 0;
    for (double v : in)
      squares += v * v;
    for (int64_t i = 0; i < size; ++i)
      y->mutableDoubles()[row * size + i] = in[i] / std::sqrt(squares / size + epsilon);
  }
  return applyScaleAndBias(e, *y, e[op.getScale()], nullptr);
}

static LogicalResult evalGroupNorm(GroupNormOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &scale = e[op.getScale()], &bias = e[op.getBias()];
  HostTensor *y = e.allocate(0, x.getShape());
  if (!y)
    return failure();
  int64_t channels = x.getShape()[1], groups = op.getGroups() == 0 ? channels : op.getGroups();
  if (channels == 0)
    return success();
  if (channels % groups)
    return e.fail(Twine(groups) + " groups do not divide " + Twine(channels) + " channels");
  double epsilon = op.getEpsilon().convertToDouble();
  // A group of a sample is contiguous.
  int64_t plane = product(x.getShape().drop_front(2)), size = channels / groups * plane;
  for (int64_t g = 0; g < x.getShape()[0] * groups; ++g) {
    ArrayRef<double> in = x.doubles().slice(g * size, size);
    Moments m = momentsOf(in);
    for (int64_t i = 0; i < size; ++i) {
      int64_t c = (g * size + i) / plane % channels;
      double value = (in[i] - m.mean) / std::sqrt(m.variance + epsilon);
      if (!scale.isNone())
        value *= scale.doubles()[c];
      if (!bias.isNone())
        value += bias.doubles()[c];
      y->mutableDoubles()[g * size + i] = value;
    }
  }
  return success();
}

static LogicalResult evalLrn(LrnOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  HostTensor *y = e.allocate(0, x.getShape());
  if (!y)
    return failure();
  int64_t size = op.getSize(), before = (size - 1) / 2, after = size - 1 - before;
  double alpha = op.getAlpha().convertToDouble(), beta = op.getBeta().convertToDouble(),
         bias = op.getBias().convertToDouble();
  AxisView view(x.getShape(), 1);
  for (int64_t n = 0; n < view.outer; ++n)
    for (int64_t c = 0; c < view.size; ++c)
      for (int64_t i = 0; i < view.inner; ++i) {
        double squares = 0;
        for (int64_t other = std::max<int64_t>(0, c - before);
             other <= std::min(view.size - 1, c + after); ++other)
          squares += x.doubles()[view.at(n, other, i)] * x.doubles()[view.at(n, other, i)];
        int64_t at = view.at(n, c, i);
        y->mutableDoubles()[at] = x.doubles()[at] / std::pow(bias + alpha / size * squares, beta);
      }
  return success();
}

void reference::registerNormalization(Registry &r) {
  r.add<BatchNormOp>(evalBatchNorm);
  r.add<LayerNormOp>(evalLayerNorm);
  r.add<RmsNormOp>(evalRmsNorm);
  r.add<GroupNormOp>(evalGroupNorm);
  r.add<LrnOp>(evalLrn);
}
