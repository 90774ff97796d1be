//===- Reduction.cpp - Reductions, softmax, scans, sorting -----------------===//
#include "Evaluation.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

//===----------------------------------------------------------------------===//
// reduce
//===----------------------------------------------------------------------===//

static double reduceFloats(ReduceKind kind, double a, double b) {
  switch (kind) {
  case ReduceKind::sum:
  case ReduceKind::mean:
    return a + b;
  case ReduceKind::prod:
    return a * b;
  case ReduceKind::max:
    return std::isnan(a) || std::isnan(b) ? NAN : std::max(a, b);
  case ReduceKind::min:
    return std::isnan(a) || std::isnan(b) ? NAN : std::min(a, b);
  }
  llvm_unreachable("all kinds are above");
}

static int64_t reduceIntegers(ReduceKind kind, int64_t a, int64_t b, bool isUnsigned) {
  uint64_t ua = a, ub = b;
  bool less = isUnsigned ? ua < ub : a < b;
  switch (kind) {
  case ReduceKind::sum:
  case ReduceKind::mean:
    return ua + ub;
  case ReduceKind::prod:
    return ua * ub;
  case ReduceKind::max:
    return less ? b : a;
  case ReduceKind::min:
    return less ? a : b;
  }
  llvm_unreachable("all kinds are above");
}

static double startOfFloats(ReduceKind kind) {
  return kind == ReduceKind::prod  ? 1
         : kind == ReduceKind::max ? -INFINITY
         : kind == ReduceKind::min ? INFINITY
                                   : 0;
}

static int64_t startOfIntegers(ReduceKind kind, Type type) {
  unsigned bits = type.getIntOrFloatBitWidth();
  if (kind == ReduceKind::prod)
    return 1;
  bool isUnsigned = type.isUnsignedInteger() || bits == 1;
  int64_t allOnes = static_cast<int64_t>(~uint64_t(0) >> (64 - bits));
  int64_t largestSigned = static_cast<int64_t>((~uint64_t(0) >> (64 - bits)) >> 1);
  if (kind == ReduceKind::max)
    return isUnsigned ? 0 : -largestSigned - 1;
  if (kind == ReduceKind::min)
    return isUnsigned ? allOnes : largestSigned;
  return 0;
}

static LogicalResult evalReduce(ReduceOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  ReduceKind kind = op.getKind();
  // The result with all axes kept; the reduced ones have stride 0.
  Shape kept(in.getShape()), shape;
  int64_t count = 1;
  for (int64_t axis : op.getAxes()) {
    count *= kept[axis];
    kept[axis] = 1;
  }
  for (int64_t d = 0; d < in.getRank(); ++d)
    if (op.getKeepdims() || !llvm::is_contained(op.getAxes(), d))
      shape.push_back(kept[d]);
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  Shape strides = broadcastStrides(kept, in.getShape());
  for (int64_t axis : op.getAxes())
    strides[axis] = 0;

  if (in.isFloat()) {
    ArrayRef<double> from = in.doubles();
    MutableArrayRef<double> to = out->mutableDoubles();
    llvm::fill(to, startOfFloats(kind));
    walk<1>(in.getShape(), {strides}, [&](int64_t i, const std::array<int64_t, 1> &at) {
      to[at[0]] = reduceFloats(kind, to[at[0]], from[i]);
    });
    if (kind == ReduceKind::mean)
      for (double &x : to)
        x = count ? x / count : NAN;
    return success();
  }
  ArrayRef<int64_t> from = in.integers();
  MutableArrayRef<int64_t> to = out->mutableIntegers();
  llvm::fill(to, startOfIntegers(kind, in.getElementType()));
  walk<1>(in.getShape(), {strides}, [&](int64_t i, const std::array<int64_t, 1> &at) {
    to[at[0]] = reduceIntegers(kind, to[at[0]], from[i], in.isUnsigned());
  });
  if (kind == ReduceKind::mean) // truncated, as the quotient of integers
    for (int64_t &x : to)
      x = !count            ? 0
          : in.isUnsigned() ? static_cast<int64_t>(static_cast<uint64_t>(x) / count)
                            : x / count;
  return success();
}

//===----------------------------------------------------------------------===//
// arg_reduce, top_k
//===----------------------------------------------------------------------===//

/// Whether element i is larger than element j; NaN is larger than every number.
static bool isLarger(const HostTensor &t, int64_t i, int64_t j) {
  if (t.isFloat()) {
    double a = t.doubles()[i], b = t.doubles()[j];
    return std::isnan(a) ? !std::isnan(b) : a > b;
  }
  int64_t a = t.integers()[i], b = t.integers()[j];
  return t.isUnsigned() ? static_cast<uint64_t>(a) > static_cast<uint64_t>(b) : a > b;
}

static bool isNan(const HostTensor &t, int64_t i) {
  return t.isFloat() && std::isnan(t.doubles()[i]);
}

static LogicalResult evalArgReduce(ArgReduceOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  int64_t axis = op.getAxis();
  Shape shape(in.getShape());
  if (op.getKeepdims())
    shape[axis] = 1;
  else
    shape.erase(shape.begin() + axis);
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  AxisView view(in.getShape(), axis);
  if (view.size == 0 && out->getNumElements() != 0)
    return e.fail("takes an index along axis " + Twine(axis) + ", which has no elements");
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      int64_t best = 0;
      for (int64_t a = 1; a < view.size; ++a) {
        int64_t x = view.at(o, a, i), y = view.at(o, best, i);
        // As NumPy, NaN wins for the smallest, too.
        bool better = op.getKind() == ArgReduceKind::max ? isLarger(in, x, y)
                      : isNan(in, x) || isNan(in, y)     ? isNan(in, x) && !isNan(in, y)
                                                         : isLarger(in, y, x);
        bool equal = !isLarger(in, x, y) && !isLarger(in, y, x);
        if (better || (equal && op.getSelectLastIndex()))
          best = a;
      }
      out->mutableIntegers()[o * view.inner + i] = best;
    }
  return success();
}

static LogicalResult evalTopK(TopKOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  int64_t axis = op.getAxis(),
          k = e.mixed({static_cast<int64_t>(op.getStaticK())}, op.getDynamicK())[0];
  AxisView view(in.getShape(), axis);
  if (k < 0 || k > view.size)
    return e.fail("k = " + Twine(k) + " lies outside the axis: expected a value in [0, " +
                  Twine(view.size) + "]");
  Shape shape(in.getShape());
  shape[axis] = k;
  HostTensor *values = e.allocate(0, shape), *indices = values ? e.allocate(1, shape) : nullptr;
  if (!indices)
    return failure();
  AxisView to(shape, axis);
  std::vector<int64_t> order(view.size);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        int64_t x = view.at(o, a, i), y = view.at(o, b, i);
        return op.getLargest() ? isLarger(in, x, y) : isLarger(in, y, x);
      });
      for (int64_t a = 0; a < k; ++a) {
        values->mutableWords()[to.at(o, a, i)] = in.words()[view.at(o, order[a], i)];
        indices->mutableIntegers()[to.at(o, a, i)] = order[a];
      }
    }
  return success();
}

//===----------------------------------------------------------------------===//
// softmax, cumulative
//===----------------------------------------------------------------------===//

static LogicalResult evalSoftmax(SoftmaxOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  HostTensor *out = e.allocate(0, in.getShape());
  if (!out)
    return failure();
  AxisView view(in.getShape(), op.getAxis());
  ArrayRef<double> x = in.doubles();
  MutableArrayRef<double> y = out->mutableDoubles();
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      double largest = -INFINITY, sum = 0;
      for (int64_t a = 0; a < view.size; ++a)
        largest = reduceFloats(ReduceKind::max, largest, x[view.at(o, a, i)]);
      for (int64_t a = 0; a < view.size; ++a)
        sum += std::exp(x[view.at(o, a, i)] - largest);
      for (int64_t a = 0; a < view.size; ++a) {
        double shifted = x[view.at(o, a, i)] - largest;
        y[view.at(o, a, i)] = op.getLog() ? shifted - std::log(sum) : std::exp(shifted) / sum;
      }
    }
  return success();
}

static LogicalResult evalCumulative(CumulativeOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  HostTensor *out = e.allocate(0, in.getShape());
  if (!out)
    return failure();
  bool product = op.getKind() == CumulativeKind::prod;
  ReduceKind kind = product ? ReduceKind::prod : ReduceKind::sum;
  AxisView view(in.getShape(), op.getAxis());
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      double runningFloat = product;
      int64_t runningInteger = product;
      for (int64_t step = 0; step < view.size; ++step) {
        int64_t at = view.at(o, op.getReverse() ? view.size - 1 - step : step, i);
        if (in.isFloat()) {
          double before = runningFloat;
          runningFloat = reduceFloats(kind, runningFloat, in.doubles()[at]);
          out->mutableDoubles()[at] = op.getExclusive() ? before : runningFloat;
        } else {
          int64_t before = runningInteger;
          runningInteger = reduceIntegers(kind, runningInteger, in.integers()[at], false);
          out->mutableIntegers()[at] = op.getExclusive() ? before : runningInteger;
        }
      }
    }
  return success();
}

void reference::registerReduction(Registry &r) {
  r.add<ReduceOp>(evalReduce);
  r.add<ArgReduceOp>(evalArgReduce);
  r.add<SoftmaxOp>(evalSoftmax);
  r.add<CumulativeOp>(evalCumulative);
  r.add<TopKOp>(evalTopK);
}
