//===- Attention.cpp - Attention -------------------------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

namespace {
/// A rank-4 tensor addressed as [batch, head, sequence, depth] in either layout.
struct Heads {
  int64_t batch, heads, sequence, depth;
  bool sequenceMajor;

  Heads(ArrayRef<int64_t> shape, bool sequenceMajor)
      : batch(shape[0]), heads(shape[sequenceMajor ? 2 : 1]),
        sequence(shape[sequenceMajor ? 1 : 2]), depth(shape[3]), sequenceMajor(sequenceMajor) {}
  int64_t at(int64_t b, int64_t h, int64_t s) const {
    return (sequenceMajor ? (b * sequence + s) * heads + h : (b * heads + h) * sequence + s) *
           depth;
  }
};
} // namespace

static LogicalResult evalAttention(AttentionOp op, Evaluation &e) {
  const HostTensor &query = e[op.getQuery()], &key = e[op.getKey()], &value = e[op.getValue()],
                   &mask = e[op.getMask()];
  Heads q(query.getShape(), op.isSequenceMajor(0)), k(key.getShape(), op.isSequenceMajor(1)),
      v(value.getShape(), op.isSequenceMajor(2));
  if (k.heads == 0 || q.heads % k.heads || k.heads != v.heads || q.depth != k.depth ||
      k.sequence != v.sequence || q.batch != k.batch || q.batch != v.batch)
    return e.fail("sizes of query " + toString(query.getShape()) + ", key " +
                  toString(key.getShape()) + " and value " + toString(value.getShape()) +
                  " do not agree");
  Shape shape{q.batch, q.heads, q.sequence, v.depth};
  if (op.isSequenceMajor(3))
    std::swap(shape[1], shape[2]);
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  Heads y(shape, op.isSequenceMajor(3));
  Shape scoreShape{q.batch, q.heads, q.sequence, k.sequence}, maskStrides(4, 0);
  if (!mask.isNone()) {
    FailureOr<Shape> both = broadcastShape(mask.getShape(), scoreShape);
    if (failed(both) || *both != scoreShape)
      return e.fail("mask of shape " + toString(mask.getShape()) +
                    " does not broadcast to the scores " + toString(scoreShape));
    maskStrides = broadcastStrides(mask.getShape(), scoreShape);
  }
  double scale = op.getScale().convertToDouble();
  int64_t sharing = q.heads / k.heads; // query heads for each key head
  std::vector<double> scores(k.sequence);
  for (int64_t b = 0; b < q.batch; ++b)
    for (int64_t h = 0; h < q.heads; ++h)
      for (int64_t i = 0; i < q.sequence; ++i) {
        const double *row = query.doubles().data() + q.at(b, h, i);
        double largest = -INFINITY;
        for (int64_t j = 0; j < k.sequence; ++j) {
          const double *other = key.doubles().data() + k.at(b, h / sharing, j);
          double score = 0;
          for (int64_t d = 0; d < q.depth; ++d)
            score += row[d] * other[d];
          score *= scale;
          if (!mask.isNone()) {
            int64_t at =
                b * maskStrides[0] + h * maskStrides[1] + i * maskStrides[2] + j * maskStrides[3];
            if (mask.isFloat())
              score += mask.doubles()[at];
            else if (!mask.integers()[at])
              score = -INFINITY;
          }
          if (op.getCausal() && j > i + k.sequence - q.sequence)
            score = -INFINITY;
          scores[j] = score;
          largest = std::isnan(score) || std::isnan(largest) ? NAN : std::max(largest, score);
        }
        double sum = 0;
        for (double &score : scores)
          sum += score = std::exp(score - largest);
        double *result = out->mutableDoubles().data() + y.at(b, h, i);
        for (int64_t j = 0; j < k.sequence; ++j) {
          double probability = scores[j] / sum;
          if (op.getZeroMaskedRows() && std::isnan(probability))
            probability = 0;
          const double *other = value.doubles().data() + v.at(b, h / sharing, j);
          for (int64_t d = 0; d < v.depth; ++d)
            result[d] += probability * other[d];
        }
      }
  return success();
}

void reference::registerAttention(Registry &r) { r.add<AttentionOp>(evalAttention); }
