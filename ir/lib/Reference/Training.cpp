//===- Training.cpp - Training forms and windows ---------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

static LogicalResult evalGradient(GradientOp, Evaluation &e) {
  return e.fail("a derivative is evaluated once 'mlopt-differentiate' has composed it of other operations");
}

/// Outside of a training step: the identity.
static LogicalResult evalDropout(DropoutOp op, Evaluation &e) { return e.share(0, e[op.getInput()]); }

static LogicalResult evalBatchNormTraining(BatchNormTrainingOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &scale = e[op.getScale()], &bias = e[op.getBias()];
  AxisView view(x.getShape(), 1);
  HostTensor *y = e.allocate(0, x.getShape()), *mean = y ? e.allocate(1, {view.size}) : nullptr,
             *variance = mean ? e.allocate(2, {view.size}) : nullptr;
  if (!variance)
    return failure();
  double count = static_cast<double>(view.outer * view.inner), epsilon = op.getEpsilon().convertToDouble();
  for (int64_t c = 0; c < view.size; ++c) {
    auto each = [&](auto fn) {
      for (int64_t o = 0; o < view.outer; ++o)
        for (int64_t i = 0; i < view.inner; ++i)
          fn(view.at(o, c, i));
    };
    double sum = 0, squares = 0;
    each([&](int64_t at) { sum += x.doubles()[at]; });
    double m = sum / count;
    each([&](int64_t at) { squares += (x.doubles()[at] - m) * (x.doubles()[at] - m); });
    double v = squares / count, s = scale.doubles()[c] / std::sqrt(v + epsilon);
    each([&](int64_t at) { y->mutableDoubles()[at] = (x.doubles()[at] - m) * s + bias.doubles()[c]; });
    mean->mutableDoubles()[c] = m;
    variance->mutableDoubles()[c] = v;
  }
  return success();
}

/// Calls fn(position in the image, position in the windows) for each window element that lies in
/// an image of shape [N, C, D1..Dk]; windows have the shape [N, C, K1..Kk, O1..Ok]. For one element
/// of the image in row-major order of its place in the window.
template <typename OpT, typename Fn>
static void eachWindowElement(OpT op, ArrayRef<int64_t> image, ArrayRef<int64_t> windows, Fn fn) {
  size_t spatial = image.size() - 2;
  ArrayRef<int64_t> sizes = image.drop_front(2);
  for (int64_t at = 0, n = product(windows); at < n; ++at) {
    Shape w = coordinatesOf(at, windows);
    int64_t to = w[0] * image[1] + w[1];
    bool inside = true;
    for (size_t d = 0; d < spatial; ++d) {
      int64_t x = w[2 + spatial + d] * op.getStrides()[d] + w[2 + d] * op.getDilations()[d] - op.getPadsBegin()[d];
      inside &= x >= 0 && x < sizes[d];
      to = to * sizes[d] + x;
    }
    if (inside)
      fn(to, at);
  }
}

static LogicalResult evalUnfold(UnfoldOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  ArrayRef<int64_t> in = x.getShape();
  Shape shape(in.take_front(2));
  shape.append(op.getKernel().begin(), op.getKernel().end());
  for (size_t d = 0; d + 2 < in.size(); ++d) {
    int64_t room = in[d + 2] + op.getPadsBegin()[d] + op.getPadsEnd()[d] -
                   ((op.getKernel()[d] - 1) * op.getDilations()[d] + 1);
    shape.push_back(room < 0 ? 0 : room / op.getStrides()[d] + 1);
  }
  HostTensor *y = e.allocate(0, shape);
  if (!y)
    return failure();
  eachWindowElement(op, in, shape, [&](int64_t from, int64_t to) { y->mutableDoubles()[to] = x.doubles()[from]; });
  return success();
}

static LogicalResult evalFold(FoldOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  Shape shape(x.getShape().take_front(2));
  shape.append(e.mixed(op.getStaticSizes(), op.getSizes()));
  HostTensor *y = e.allocate(0, shape);
  if (!y)
    return failure();
  eachWindowElement(op, shape, x.getShape(), [&](int64_t to, int64_t from) { y->mutableDoubles()[to] += x.doubles()[from]; });
  return success();
}

static LogicalResult evalCheckFinite(CheckFiniteOp op, Evaluation &e) { return e.share(0, e[op.getInput()]); }

void reference::registerTraining(Registry &r) {
  r.add<CheckFiniteOp>(evalCheckFinite);
  r.add<GradientOp>(evalGradient);
  r.add<DropoutOp>(evalDropout);
  r.add<BatchNormTrainingOp>(evalBatchNormTraining);
  r.add<UnfoldOp>(evalUnfold);
  r.add<FoldOp>(evalFold);
}
