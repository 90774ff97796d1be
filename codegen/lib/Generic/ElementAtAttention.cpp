//===- ElementAtAttention.cpp - Elements of an attention ------------------===//
//
// The definition, for element types that the attention emitter does not take:
// scores are computed anew for the maximum, the sum and the weighted values.
//
//===----------------------------------------------------------------------===//
#include "ElementAt.h"

using namespace mlir;
using namespace mlopt;

Value ElementAt::attentionAt(AttentionOp op, ArrayRef<Coord> index, int64_t lanes) {
  // Lanes run over the values' last axis only.
  for (Coord c : index.drop_back())
    if (lanes > 1 && c.step)
      return perLane(op.getResult(), index, lanes);
  ScalarMath m = scalarMath();
  Type element = cast<RankedTensorType>(op.getQuery().getType()).getElementType();
  auto headAxis = [&](unsigned which) { return op.isSequenceMajor(which) ? 2 : 1; };
  auto sequenceAxis = [&](unsigned which) { return op.isSequenceMajor(which) ? 1 : 2; };
  SmallVector<Value> q = sizesOf(op.getQuery()), kk = sizesOf(op.getKey());
  Value batch = index[0].base, head = index[headAxis(3)].base, row = index[sequenceAxis(3)].base;
  Value keyHead = k.floorDiv(k.mul(head, kk[headAxis(1)]), q[headAxis(0)]);
  Value queries = q[sequenceAxis(0)], keys = kk[sequenceAxis(1)];
  auto at4 = [&](Value tensor, unsigned which, Value h, Value s, Coord d, int64_t l) {
    Coords c(4);
    c[0] = {batch, 0};
    c[headAxis(which)] = {h, 0};
    c[sequenceAxis(which)] = {s, 0};
    c[3] = d;
    return at(tensor, c, l);
  };
  auto minusInfinity = [&] { return reductionNeutral(m, ReduceKind::max, element, 1); };
  auto score = [&](Value key) -> Value {
    Value sum = loop(k.index(0), q[3], reductionNeutral(m, ReduceKind::sum, element, 1),
                     [&](Value d, ValueRange c) -> SmallVector<Value> {
      Value a = at4(op.getQuery(), 0, head, row, {d, 0}, 1), b = at4(op.getKey(), 1, keyHead, key, {d, 0}, 1);
      return {m.fma(a, b, c[0])};
    })[0];
    sum = m.mul(sum, m.constF(sum, op.getScale().convertToDouble()));
    if (auto type = dyn_cast<RankedTensorType>(op.getMask().getType())) {
      SymShape shape = k.shapes.shapeOf(op.getMask());
      Value full[] = {batch, head, row, key};
      Coords c;
      for (size_t i = 0; i < shape.size(); ++i) {
        Value here = full[i + 4 - shape.size()];
        Value one = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(shape[i]), k.index(1));
        c.push_back({shape[i].isConstant(1) ? k.index(0)
                                            : arith::SelectOp::create(k.b, k.loc, one, k.index(0), here).getResult(), 0});
      }
      Value mask = at(op.getMask(), c, 1);
      if (type.getElementType().isInteger(1))
        sum = m.select(mask, sum, minusInfinity());
      else
        sum = m.add(sum, emitCast(m, mask, type.getElementType(), element));
    }
    if (op.getCausal()) {
      Value last = k.add(row, k.sub(keys, queries));
      Value seen = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle, key, last);
      sum = m.select(seen, sum, minusInfinity());
    }
    return sum;
  };
  Value top = loop(k.index(0), keys, minusInfinity(), [&](Value key, ValueRange c) -> SmallVector<Value> {
    return {m.maxF(c[0], score(key))};
  })[0];
  Value zeroSum = reductionNeutral(m, ReduceKind::sum, element, 1);
  Value zero = reductionNeutral(m, ReduceKind::sum, element, lanes);
  Coord column = index[3];
  SmallVector<Value> r = loop(k.index(0), keys, ValueRange{zeroSum, zero}, [&](Value key, ValueRange c) -> SmallVector<Value> {
    Value p = m.exp(m.sub(score(key), top));
    Value v = at4(op.getValue(), 2, keyHead, key, column, lanes);
    return {m.add(c[0], p), m.fma(k.splat(p, lanes), v, c[1])};
  });
  Value result = m.div(r[1], k.splat(r[0], lanes));
  if (!op.getZeroMaskedRows())
    return result;
  // A row that sees no key has NaN probabilities, which count as 0.
  return m.select(m.isNan(k.splat(r[0], lanes)), zero, result);
}
