//===- AttentionRules.cpp - Gradients of attention ------------------------===//
//
// With P = softmax(S), S = scale Q K^T + mask and O = P V:
//   dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)), dQ = scale dS K, dK = scale dS^T Q.
// The probabilities are made again rather than kept. The row sums stand for rowsum(P dP), over a
// head's depth in place of all keys (Dao et al., "FlashAttention", 2022, appendix B).
//
//===----------------------------------------------------------------------===//
#include "RuleParts.h"
#include <limits>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

namespace {
class AttentionAdjoint {
public:
  AttentionAdjoint(AttentionOp op, Adjoint &a) : op(op), a(a) {
    query = headMajor(op.getQuery(), 0);
    key = headMajor(op.getKey(), 1);
    value = headMajor(op.getValue(), 2);
    SymShape q = a.shapeOf(query), k = a.shapeOf(key);
    scores = {q[0], q[1], q[2], k[2]};
    // Query heads that share a key head are rows of one product with it.
    shared = {q[0], k[1],
              q[1] == k[1]         ? q[2]
              : k[1].getConstant() ? q[1].floorDiv(k[1]) * q[2]
                                   : SymExpr()};
  }

  LogicalResult build();

private:
  /// Axes 1 and 2 exchanged where the layout says so; that is its own inverse.
  Value headMajor(Value v, unsigned which) {
    return v && op.isSequenceMajor(which) ? a.transpose(v, {0, 2, 1, 3}) : v;
  }
  /// [B, H, Sq, X] as [B, Hk, H / Hk * Sq, X].
  Value grouped(Value v, SymExpr last) {
    return a.reshape(v, {shared[0], shared[1], shared[2], last});
  }
  Value multiply(Value lhs, Value rhs, bool transposeA, bool transposeB) {
    return a.create<MatmulOp>(lhs, rhs, transposeA, transposeB);
  }
  Value probabilities(Value q);
  Value visible();
  LogicalResult give(Value operand, Value derivative, unsigned which) {
    return a.contribute(operand, headMajor(derivative, which));
  }

  AttentionOp op;
  Adjoint &a;
  Value query, key, value; ///< [B, heads, sequence, depth]
  SymShape scores, shared;
};
} // namespace

/// Which keys a query sees in causal order, [Sq, Sk]: j <= i + Sk - Sq.
Value AttentionAdjoint::visible() {
  Type i64 = a.getBuilder().getI64Type();
  Value i = a.iotaAlong(i64, scores[2], 0, 2), j = a.iotaAlong(i64, scores[3], 1, 2);
  if (scores[2] != scores[3])
    i = a.add(i, a.sub(sizeScalar(a, scores[3], i64), sizeScalar(a, scores[2], i64)));
  return a.compare(ComparePredicate::le, j, i);
}

/// P as [B, H, Sq, Sk].
Value AttentionAdjoint::probabilities(Value q) {
  Value mask = op.getMask();
  Type element = a.elementOf(key);
  Value s = a.reshape(multiply(q, key, false, true), scores);
  s = a.mulScalar(s, op.getScale().convertToDouble());
  auto show = [&](Value where) {
    s = a.select(where, s, a.scalar(element, -std::numeric_limits<double>::infinity()));
  };
  if (auto type = dyn_cast<RankedTensorType>(mask.getType())) {
    if (type.getElementType().isInteger(1))
      show(mask);
    else
      s = a.add(s, mask);
  }
  if (op.getCausal())
    show(visible());
  Value p = a.create<SoftmaxOp>(s, int64_t(3), false);
  return op.getZeroMaskedRows() ? a.select(a.create<IsNanOp>(p), a.scalar(element, 0), p) : p;
}

LogicalResult AttentionAdjoint::build() {
  if (!shared[2])
    return a.refuse("the number of key heads must be known where it is not that of the queries");
  Value mask = op.getMask(), g = a.gradient();
  bool floatMask =
      !isa<NoneType>(mask.getType()) && isa<FloatType>(getElementTypeOrSelf(mask.getType()));
  SymExpr depth = a.shapeOf(query)[3], valueDepth = a.shapeOf(value)[3], keys = scores[3];
  Value q = grouped(query, depth), gradient = grouped(headMajor(g, 3), valueDepth);
  Value p = probabilities(q);
  if (a.needs(op.getValue()) &&
      failed(give(op.getValue(), multiply(grouped(p, keys), gradient, true, false), 2)))
    return failure();
  bool byMask = floatMask && a.needs(mask);
  if (!a.needs(op.getQuery()) && !a.needs(op.getKey()) && !byMask)
    return success();

  Value row = a.reduce(a.mul(g, op.getResult()), ReduceKind::sum, {3}, true);
  Value dp = a.reshape(multiply(gradient, value, false, true), scores);
  Value ds = a.mul(p, a.sub(dp, headMajor(row, 3)));
  if (byMask && failed(a.contribute(mask, ds)))
    return failure();
  ds = grouped(a.mulScalar(ds, op.getScale().convertToDouble()), keys);
  if (a.needs(op.getQuery()) &&
      failed(give(op.getQuery(), a.reshape(multiply(ds, key, false, false), a.shapeOf(query)), 0)))
    return failure();
  return a.needs(op.getKey()) ? give(op.getKey(), multiply(ds, q, true, false), 1) : success();
}

static LogicalResult attention(AttentionOp op, Adjoint &a) {
  return AttentionAdjoint(op, a).build();
}

void mlopt::attachAttentionGradients(MLIRContext *context) {
  attachGradientRule<AttentionOp, attention>(context);
}
