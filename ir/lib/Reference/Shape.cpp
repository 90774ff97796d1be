//===- Shape.cpp - Views and data movement ---------------------------------===//
#include "Evaluation.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

static LogicalResult evalReshape(ReshapeOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape shape = e.mixed(op.getStaticSizes(), op.getSizes());
  if (llvm::any_of(shape, [](int64_t size) { return size < 0; }) ||
      product(shape) != in.getNumElements())
    return e.fail("cannot reshape " + toString(in.getShape()) + " to " + toString(shape) +
                  ": expected as many elements");
  return e.share(0, in.reshaped(shape));
}

static LogicalResult evalTranspose(TransposeOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape dense = rowMajorStrides(in.getShape()), shape, strides;
  for (int64_t axis : op.getPermutation()) {
    shape.push_back(in.getShape()[axis]);
    strides.push_back(dense[axis]);
  }
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  ArrayRef<uint64_t> from = in.words();
  MutableArrayRef<uint64_t> to = out->mutableWords();
  walk<1>(shape, {strides},
          [&](int64_t i, const std::array<int64_t, 1> &at) { to[i] = from[at[0]]; });
  return success();
}

static LogicalResult evalBroadcast(BroadcastOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape shape = e.mixed(op.getStaticSizes(), op.getSizes());
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  FailureOr<Shape> both = broadcastShape(in.getShape(), shape);
  if (failed(both) || *both != shape)
    return e.fail("cannot broadcast " + toString(in.getShape()) + " to " + toString(shape) +
                  ": expected equal sizes or 1");
  ArrayRef<uint64_t> from = in.words();
  MutableArrayRef<uint64_t> to = out->mutableWords();
  walk<1>(shape, {broadcastStrides(in.getShape(), shape)},
          [&](int64_t i, const std::array<int64_t, 1> &at) { to[i] = from[at[0]]; });
  return success();
}

static LogicalResult evalSlice(SliceOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape starts = e.mixed(op.getStaticStarts(), op.getStarts());
  Shape shape = e.mixed(op.getStaticSizes(), op.getSizes());
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  Shape strides = rowMajorStrides(in.getShape());
  int64_t begin = 0;
  for (int64_t d = 0; d < in.getRank(); ++d) {
    int64_t size = in.getShape()[d], last = starts[d] + (shape[d] - 1) * op.getStrides()[d];
    if (shape[d] > 0 && (starts[d] < 0 || starts[d] >= size || last < 0 || last >= size))
      return e.fail("start " + Twine(starts[d]) + ", size " + Twine(shape[d]) + ", stride " +
                    Twine(op.getStrides()[d]) + " leave axis " + Twine(d) + " of size " +
                    Twine(size));
    begin += starts[d] * strides[d];
    strides[d] *= op.getStrides()[d];
  }
  ArrayRef<uint64_t> from = in.words();
  MutableArrayRef<uint64_t> to = out->mutableWords();
  walk<1>(shape, {strides},
          [&](int64_t i, const std::array<int64_t, 1> &at) { to[i] = from[at[0]]; }, {begin});
  return success();
}

static LogicalResult evalConcat(ConcatOp op, Evaluation &e) {
  int64_t axis = op.getAxis();
  Shape shape(e.operand(0).getShape());
  for (const HostTensor &in : e.operands.drop_front()) {
    for (int64_t d = 0; d < in.getRank(); ++d)
      if (d != axis && in.getShape()[d] != shape[d])
        return e.fail("sizes " + Twine(shape[d]) + " and " + Twine(in.getShape()[d]) + " of axis " +
                      Twine(d) + " differ");
    shape[axis] += in.getShape()[axis];
  }
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  AxisView to(shape, axis);
  int64_t begin = 0;
  for (const HostTensor &in : e.operands) {
    AxisView from(in.getShape(), axis);
    for (int64_t o = 0; o < from.outer; ++o)
      llvm::copy(in.words().slice(from.at(o, 0, 0), from.size * from.inner),
                 out->mutableWords().begin() + to.at(o, begin, 0));
    begin += from.size;
  }
  return success();
}

/// Where in an axis of `size` elements the padding's position `x` reads from.
static int64_t sourceOf(PadMode mode, int64_t x, int64_t size) {
  if (x >= 0 && x < size)
    return x;
  switch (mode) {
  case PadMode::constant:
    return -1;
  case PadMode::edge:
    return x < 0 ? 0 : size - 1;
  case PadMode::wrap:
    return (x % size + size) % size;
  case PadMode::reflect: {
    // There and back again without repeating the ends.
    if (size == 1)
      return 0;
    int64_t period = 2 * (size - 1), r = (x % period + period) % period;
    return r < size ? r : period - r;
  }
  }
  llvm_unreachable("all modes are above");
}

static LogicalResult evalPad(PadOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape low = e.mixed(op.getStaticLow(), op.getLow());
  Shape high = e.mixed(op.getStaticHigh(), op.getHigh()), shape(in.getShape());
  for (int64_t d = 0; d < in.getRank(); ++d)
    shape[d] += low[d] + high[d];
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  if (op.getMode() != PadMode::constant && in.getNumElements() == 0 && out->getNumElements() != 0)
    return e.fail("pads a tensor without elements in a mode that repeats elements");
  // Source of each position along each axis, -1 for the padding value.
  std::vector<std::vector<int64_t>> sources;
  for (int64_t d = 0; d < in.getRank(); ++d) {
    sources.emplace_back();
    for (int64_t i = 0; i < shape[d]; ++i)
      sources.back().push_back(sourceOf(op.getMode(), i - low[d], in.getShape()[d]));
  }
  Shape strides = rowMajorStrides(in.getShape());
  uint64_t value = e[op.getValue()].words()[0];
  for (int64_t i = 0, n = out->getNumElements(); i < n; ++i) {
    Shape at = coordinatesOf(i, shape);
    int64_t from = 0;
    bool inside = true;
    for (int64_t d = 0; d < in.getRank(); ++d) {
      inside &= sources[d][at[d]] >= 0;
      from += sources[d][at[d]] * strides[d];
    }
    out->mutableWords()[i] = inside ? in.words()[from] : value;
  }
  return success();
}

static LogicalResult evalIota(IotaOp op, Evaluation &e) {
  HostTensor *out = e.allocate(0, e.mixed(op.getStaticSizes(), op.getSizes()));
  if (!out)
    return failure();
  AxisView view(out->getShape(), op.getAxis());
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t a = 0; a < view.size; ++a)
      for (int64_t i = 0; i < view.inner; ++i) {
        if (out->isFloat())
          out->mutableDoubles()[view.at(o, a, i)] = a;
        else
          out->mutableIntegers()[view.at(o, a, i)] = a;
      }
  return success();
}

void reference::registerShape(Registry &r) {
  r.add<ReshapeOp>(evalReshape);
  r.add<TransposeOp>(evalTranspose);
  r.add<BroadcastOp>(evalBroadcast);
  r.add<SliceOp>(evalSlice);
  r.add<ConcatOp>(evalConcat);
  r.add<PadOp>(evalPad);
  r.add<IotaOp>(evalIota);
}
