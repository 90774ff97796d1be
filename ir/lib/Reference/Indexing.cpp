//===- Indexing.cpp - Gather and scatter -----------------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

/// Element `i` of `indices` as a position in [0, size), counted from the end if
/// negative; failure after an error that names the element.
static FailureOr<int64_t> resolve(Evaluation &e, const HostTensor &indices, int64_t i, int64_t size,
                                  int64_t axis) {
  int64_t index = indices.integers()[i];
  if (index >= -size && index < size)
    return index < 0 ? index + size : index;
  return e.fail("index " + Twine(index) + " at " + toString(coordinatesOf(i, indices.getShape())) +
                " of the indices lies outside axis " + Twine(axis) + " of size " + Twine(size) +
                ": expected a value in [" + Twine(-size) + ", " + Twine(size) + ")");
}

static LogicalResult evalGather(GatherOp op, Evaluation &e) {
  const HostTensor &data = e[op.getData()], &indices = e[op.getIndices()];
  int64_t axis = op.getAxis(), count = indices.getNumElements();
  Shape shape(data.getShape().take_front(axis));
  shape.append(indices.getShape().begin(), indices.getShape().end());
  shape.append(data.getShape().begin() + axis + 1, data.getShape().end());
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  AxisView view(data.getShape(), axis);
  for (int64_t n = 0; n < count; ++n) {
    FailureOr<int64_t> from = resolve(e, indices, n, view.size, axis);
    if (failed(from))
      return failure();
    for (int64_t o = 0; o < view.outer; ++o)
      llvm::copy(data.words().slice(view.at(o, *from, 0), view.inner),
                 out->mutableWords().begin() + (o * count + n) * view.inner);
  }
  return success();
}

static LogicalResult evalGatherElements(GatherElementsOp op, Evaluation &e) {
  const HostTensor &data = e[op.getData()], &indices = e[op.getIndices()];
  int64_t axis = op.getAxis();
  HostTensor *out = e.allocate(0, indices.getShape());
  if (!out)
    return failure();
  Shape strides = rowMajorStrides(data.getShape());
  for (int64_t i = 0, n = indices.getNumElements(); i < n; ++i) {
    FailureOr<int64_t> index = resolve(e, indices, i, data.getShape()[axis], axis);
    if (failed(index))
      return failure();
    Shape at = coordinatesOf(i, indices.getShape());
    at[axis] = *index;
    int64_t from = 0;
    for (int64_t d = 0; d < data.getRank(); ++d) {
      if (at[d] >= data.getShape()[d])
        return e.fail("indices of shape " + toString(indices.getShape()) +
                      " reach beyond data of shape " + toString(data.getShape()));
      from += at[d] * strides[d];
    }
    out->mutableWords()[i] = data.words()[from];
  }
  return success();
}

/// Position in `data` of the slice that tuple `n` of `indices` names; the tuple
/// addresses the axes from `firstAxis` on, `base` is where they start.
static FailureOr<int64_t> resolveTuple(Evaluation &e, const HostTensor &data,
                                       const HostTensor &indices, int64_t n, int64_t firstAxis,
                                       int64_t base) {
  int64_t length = indices.getShape().back();
  Shape strides = rowMajorStrides(data.getShape());
  for (int64_t t = 0; t < length; ++t) {
    int64_t axis = firstAxis + t;
    FailureOr<int64_t> index = resolve(e, indices, n * length + t, data.getShape()[axis], axis);
    if (failed(index))
      return failure();
    base += *index * strides[axis];
  }
  return base;
}

static LogicalResult evalGatherNd(GatherNdOp op, Evaluation &e) {
  const HostTensor &data = e[op.getData()], &indices = e[op.getIndices()];
  int64_t batchDims = op.getBatchDims(), length = indices.getShape().back();
  ArrayRef<int64_t> tuples = indices.getShape().drop_back();
  ArrayRef<int64_t> inner = data.getShape().drop_front(batchDims + length);
  if (indices.getShape().take_front(batchDims) != data.getShape().take_front(batchDims))
    return e.fail("batch sizes of data " + toString(data.getShape()) + " and indices " +
                  toString(indices.getShape()) + " differ");
  Shape shape(tuples);
  shape.append(inner.begin(), inner.end());
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  int64_t size = product(inner), perBatch = product(tuples.drop_front(batchDims));
  int64_t dataPerBatch = product(data.getShape().drop_front(batchDims));
  for (int64_t n = 0, count = product(tuples); n < count; ++n) {
    FailureOr<int64_t> from =
        resolveTuple(e, data, indices, n, batchDims, n / perBatch * dataPerBatch);
    if (failed(from))
      return failure();
    llvm::copy(data.words().slice(*from, size), out->mutableWords().begin() + n * size);
  }
  return success();
}

/// target[to] meets updates[from].
static void combine(ScatterReduction kind, HostTensor &target, int64_t to,
                    const HostTensor &updates, int64_t from) {
  if (kind == ScatterReduction::none) {
    target.mutableWords()[to] = updates.words()[from];
    return;
  }
  if (target.isFloat()) {
    double &a = target.mutableDoubles()[to], b = updates.doubles()[from];
    bool nan = std::isnan(a) || std::isnan(b);
    switch (kind) {
    case ScatterReduction::add:
      a += b;
      break;
    case ScatterReduction::mul:
      a *= b;
      break;
    case ScatterReduction::max:
      a = nan ? NAN : std::max(a, b);
      break;
    default:
      a = nan ? NAN : std::min(a, b);
    }
    return;
  }
  int64_t &a = target.mutableIntegers()[to], b = updates.integers()[from];
  bool less = target.isUnsigned() ? static_cast<uint64_t>(a) < static_cast<uint64_t>(b) : a < b;
  // Bool: add is or, mul is and.
  bool isBool = target.getElementType().isInteger(1);
  switch (kind) {
  case ScatterReduction::add:
    a = isBool ? a | b : static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
    break;
  case ScatterReduction::mul:
    a = static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    break;
  case ScatterReduction::max:
    a = less ? b : a;
    break;
  default:
    a = less ? a : b;
  }
  a = wrapToIntegerType(a, target.getElementType());
}

/// Result 0 as a copy of `data`; null after an error.
static HostTensor *allocateCopy(Evaluation &e, const HostTensor &data) {
  HostTensor *out = e.allocate(0, data.getShape());
  if (out)
    llvm::copy(data.words(), out->mutableWords().begin());
  return out;
}

static LogicalResult evalScatterElements(ScatterElementsOp op, Evaluation &e) {
  const HostTensor &data = e[op.getData()], &indices = e[op.getIndices()],
                   &updates = e[op.getUpdates()];
  int64_t axis = op.getAxis();
  if (indices.getShape() != updates.getShape())
    return e.fail("indices " + toString(indices.getShape()) + " and updates " +
                  toString(updates.getShape()) + " differ in shape");
  HostTensor *out = allocateCopy(e, data);
  if (!out)
    return failure();
  Shape strides = rowMajorStrides(data.getShape());
  for (int64_t i = 0, n = indices.getNumElements(); i < n; ++i) {
    FailureOr<int64_t> index = resolve(e, indices, i, data.getShape()[axis], axis);
    if (failed(index))
      return failure();
    Shape at = coordinatesOf(i, indices.getShape());
    at[axis] = *index;
    int64_t to = 0;
    for (int64_t d = 0; d < data.getRank(); ++d) {
      if (at[d] >= data.getShape()[d])
        return e.fail("indices of shape " + toString(indices.getShape()) +
                      " reach beyond data of shape " + toString(data.getShape()));
      to += at[d] * strides[d];
    }
    combine(op.getReduction(), *out, to, updates, i);
  }
  return success();
}

static LogicalResult evalScatterNd(ScatterNdOp op, Evaluation &e) {
  const HostTensor &data = e[op.getData()], &indices = e[op.getIndices()],
                   &updates = e[op.getUpdates()];
  ArrayRef<int64_t> tuples = indices.getShape().drop_back();
  ArrayRef<int64_t> inner = data.getShape().drop_front(indices.getShape().back());
  Shape expected(tuples);
  expected.append(inner.begin(), inner.end());
  if (updates.getShape() != ArrayRef<int64_t>(expected))
    return e.fail("updates have shape " + toString(updates.getShape()) + ", expected " +
                  toString(expected));
  HostTensor *out = allocateCopy(e, data);
  if (!out)
    return failure();
  int64_t size = product(inner);
  for (int64_t n = 0, count = product(tuples); n < count; ++n) {
    FailureOr<int64_t> to = resolveTuple(e, data, indices, n, 0, 0);
    if (failed(to))
      return failure();
    for (int64_t i = 0; i < size; ++i)
      combine(op.getReduction(), *out, *to + i, updates, n * size + i);
  }
  return success();
}

void reference::registerIndexing(Registry &r) {
  r.add<GatherOp>(evalGather);
  r.add<GatherElementsOp>(evalGatherElements);
  r.add<GatherNdOp>(evalGatherNd);
  r.add<ScatterElementsOp>(evalScatterElements);
  r.add<ScatterNdOp>(evalScatterNd);
}
