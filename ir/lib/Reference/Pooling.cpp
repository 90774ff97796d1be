//===- Pooling.cpp - Pooling -----------------------------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

namespace {
/// Geometry that both pooling operations share.
struct Pool {
  Shape input, output; // spatial sizes
  ArrayRef<int64_t> kernel, strides, padsBegin, padsEnd, extraEnd, dilations;
  int64_t planes = 1;

  template <typename OpT>
  Pool(OpT op, const HostTensor &x)
      : input(x.getShape().drop_front(2)), kernel(op.getKernel()), strides(op.getStrides()),
        padsBegin(op.getPadsBegin()), padsEnd(op.getPadsEnd()), extraEnd(op.getExtraEnd()),
        dilations(op.getDilations()), planes(x.getShape()[0] * x.getShape()[1]) {
    for (unsigned d = 0; d < input.size(); ++d) {
      int64_t room =
          input[d] + padsBegin[d] + padsEnd[d] + extraEnd[d] - ((kernel[d] - 1) * dilations[d] + 1);
      output.push_back(room < 0 ? 0 : room / strides[d] + 1);
    }
  }
  Shape resultShape(const HostTensor &x) const {
    Shape shape(x.getShape().take_front(2));
    shape.append(output);
    return shape;
  }

  /// Calls fn(flat position in the input's plane) for each element of the
  /// window of result `o` that lies in the input. Returns how many elements lie
  /// in the input or its padding (`extra_end` is neither).
  template <typename Fn> int64_t window(int64_t o, Fn fn) const {
    Shape at = coordinatesOf(o, output), inStrides = rowMajorStrides(input);
    int64_t inPadding = 0;
    for (int64_t k = 0, n = product(kernel); k < n; ++k) {
      Shape offset = coordinatesOf(k, kernel);
      int64_t flat = 0;
      bool inInput = true, inPads = true;
      for (unsigned d = 0; d < input.size(); ++d) {
        int64_t x = at[d] * strides[d] + offset[d] * dilations[d] - padsBegin[d];
        inInput &= x >= 0 && x < input[d];
        inPads &= x < input[d] + padsEnd[d];
        flat += x * inStrides[d];
      }
      inPadding += inPads;
      if (inInput)
        fn(flat);
    }
    return inPadding;
  }
};
} // namespace

/// Position of the maximum in a window's plane, the first one, or the first NaN; -1 without
/// elements.
static int64_t findMaximum(const Pool &pool, const HostTensor &x, int64_t base, int64_t o) {
  int64_t best = -1;
  pool.window(o, [&](int64_t flat) {
    bool larger;
    if (best < 0)
      larger = true;
    else if (x.isFloat())
      larger = !std::isnan(x.doubles()[base + best]) &&
               !(x.doubles()[base + flat] <= x.doubles()[base + best]);
    else if (x.isUnsigned())
      larger = x.words()[base + flat] > x.words()[base + best];
    else
      larger = x.integers()[base + flat] > x.integers()[base + best];
    if (larger)
      best = flat;
  });
  return best;
}

/// What a maximum over no elements is: -inf or the lowest integer.
static void setLowest(HostTensor &t, int64_t i) {
  if (t.isFloat())
    t.mutableDoubles()[i] = -INFINITY;
  else if (!t.isUnsigned())
    t.mutableIntegers()[i] =
        -static_cast<int64_t>(uint64_t(1) << (t.getElementType().getIntOrFloatBitWidth() - 1));
}

static LogicalResult evalPool(PoolOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  Pool pool(op, x);
  HostTensor *y = e.allocate(0, pool.resultShape(x));
  if (!y)
    return failure();
  int64_t inSize = product(pool.input), outSize = product(pool.output);
  for (int64_t plane = 0; plane < pool.planes; ++plane)
    for (int64_t o = 0; o < outSize; ++o) {
      int64_t base = plane * inSize, to = plane * outSize + o;
      if (op.getKind() == PoolKind::max) {
        int64_t best = findMaximum(pool, x, base, o);
        if (best < 0)
          setLowest(*y, to);
        else
          y->mutableWords()[to] = x.words()[base + best];
        continue;
      }
      double sum = 0, p = op.getP();
      int64_t inInput = 0;
      bool average = op.getKind() == PoolKind::average;
      int64_t inPadding = pool.window(o, [&](int64_t flat) {
        double value = x.doubles()[base + flat];
        sum += average ? value : std::pow(std::fabs(value), p);
        ++inInput;
      });
      y->mutableDoubles()[to] =
          average ? sum / (op.getCountIncludePad() ? inPadding : inInput) : std::pow(sum, 1 / p);
    }
  return success();
}

static LogicalResult evalMaxPoolWithIndices(MaxPoolWithIndicesOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()];
  Pool pool(op, x);
  Shape shape = pool.resultShape(x);
  HostTensor *y = e.allocate(0, shape), *indices = y ? e.allocate(1, shape) : nullptr;
  if (!indices)
    return failure();
  int64_t inSize = product(pool.input), outSize = product(pool.output);
  for (int64_t plane = 0; plane < pool.planes; ++plane)
    for (int64_t o = 0; o < outSize; ++o) {
      int64_t base = plane * inSize, to = plane * outSize + o;
      int64_t best = findMaximum(pool, x, base, o);
      if (best < 0) {
        setLowest(*y, to);
        continue;
      }
      y->mutableWords()[to] = x.words()[base + best];
      if (op.getColumnMajor()) {
        Shape at = coordinatesOf(best, pool.input);
        best = 0;
        for (int64_t d = static_cast<int64_t>(at.size()) - 1; d >= 0; --d)
          best = best * pool.input[d] + at[d];
      }
      indices->mutableIntegers()[to] = base + best;
    }
  return success();
}

void reference::registerPooling(Registry &r) {
  r.add<PoolOp>(evalPool);
  r.add<MaxPoolWithIndicesOp>(evalMaxPoolWithIndices);
}
