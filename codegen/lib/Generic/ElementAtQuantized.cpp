//===- ElementAtQuantized.cpp - Elements of products of storage integers --===//
//
// Plain loops over the definitions; what matters for speed has emitters of its
// own. Quantization of an element is a row of the scalar table.
//
//===----------------------------------------------------------------------===//
#include "ElementAt.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static bool isNone(Value value) { return !value || isa<NoneType>(value.getType()); }

/// A storage integer in compute type, as i32.
static Value widen(ScalarMath &m, Value v, Type element) {
  return element.isUnsignedInteger() ? m.extU(v, m.intType(32)) : m.extS(v, m.intType(32));
}

Value ElementAt::shiftedAt(Value value, Value zero, ArrayRef<Coord> index, int64_t lanes) {
  ScalarMath m = scalarMath();
  Value v = at(value, index, lanes);
  if (!v)
    return {};
  v = widen(m, v, elementOf(value));
  if (isNone(zero))
    return v;
  Value shift = broadcastAt(zero, k.shapes.shapeOf(value), index, lanes);
  return shift ? m.subI(v, widen(m, shift, elementOf(zero))) : Value();
}

Value ElementAt::dequantizeBlockedAt(DequantizeBlockedOp op, ArrayRef<Coord> index, int64_t lanes) {
  ScalarMath m = scalarMath();
  int64_t axis = op.getAxis(), block = op.getBlock();
  Coord along = index[axis];
  auto inOneBlock = [&]() -> Value {
    Coords in(index);
    in[axis] = {k.floorDiv(along.base, k.index(block)), 0};
    Value scale = at(op.getScale(), in, lanes),
          zero = isNone(op.getZero()) ? Value() : at(op.getZero(), in, lanes);
    Value q = at(op.getInput(), index, lanes);
    if (!scale || !q || (!zero && !isNone(op.getZero())))
      return {};
    Type element = elementOf(op.getInput());
    Value difference = widen(m, q, element);
    if (zero)
      difference = m.subI(difference, widen(m, zero, element));
    return m.mul(m.intToFloat(difference, ScalarBuilder::elementOf(scale)), scale);
  };
  if (lanes == 1 || !along.step)
    return inOneBlock();
  // Lanes along the blocked axis share a scale where they do not reach the next block.
  Value last = k.index(lanes - 1);
  if (laneLimit)
    last = k.min(last, k.sub(laneLimit, k.index(1)));
  last = k.add(k.rem(along.base, k.index(block)), k.mul(last, along.step));
  Value together =
      arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, last, k.index(block));
  Type type = k.vectorOf(computeType(elementOf(op.getResult())), lanes);
  auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, together, true);
  for (bool one : {true, false}) {
    OpBuilder::InsertionGuard guard(k.b);
    k.b.setInsertionPointToStart(one ? branch.thenBlock() : branch.elseBlock());
    Scope scope(*this);
    Value v = one ? inOneBlock() : perLane(op.getResult(), index, lanes);
    if (!v)
      return {};
    scf::YieldOp::create(k.b, k.loc, v);
  }
  return branch.getResult(0);
}

Value ElementAt::integerMatmulAt(IntegerMatmulOp op, ArrayRef<Coord> index, int64_t lanes) {
  SymShape a = k.shapes.shapeOf(op.getLhs()), b = k.shapes.shapeOf(op.getRhs());
  ScalarMath m = scalarMath();
  Value init = m.zero(k.vectorOf(k.b.getI32Type(), lanes));
  bool failed = false;
  Value sum = loop(
      k.index(0), k.size(a.back()), init, [&](Value kk, ValueRange carried) -> SmallVector<Value> {
        Value x = shiftedAt(op.getLhs(), op.getLhsZero(), matrixIndex(k, a, index, false, true, kk),
                            lanes);
        Value y = shiftedAt(op.getRhs(), op.getRhsZero(),
                            matrixIndex(k, b, index, op.getTransposeB(), false, kk), lanes);
        failed |= !x || !y;
        return {failed ? carried[0] : m.addI(carried[0], m.mulI(x, y))};
      })[0];
  return failed ? Value() : sum;
}

Value ElementAt::dequantizedMatmulAt(DequantizedMatmulOp op, ArrayRef<Coord> index, int64_t lanes) {
  Value lhs = op.getLhs(), weights = op.getWeights(), zero = op.getZero();
  SymShape a = k.shapes.shapeOf(lhs), w = k.shapes.shapeOf(weights);
  Type compute = computeType(elementOf(lhs)), weightElement = elementOf(weights);
  ScalarMath m = scalarMath();
  bool transposed = op.getTransposeB();
  Value size = k.size(a.back()), block = k.index(op.getBlock());
  Value blocks = k.floorDiv(k.add(size, op.getBlock() - 1), block);
  Value init = m.zero(k.vectorOf(compute, lanes));
  // Shape that scale and zero point broadcast to.
  SymShape grid = w;
  SymExpr &along = grid[transposed ? 1 : 0];
  along = along.ceilDiv(op.getBlock());
  bool failed = false;
  // A block's sum is multiplied by its scale.
  Value total = loop(k.index(0), blocks, init, [&](Value g, ValueRange sums) -> SmallVector<Value> {
    Coords at2 = matrixIndex(k, grid, index, transposed, false, g);
    Value scale = broadcastAt(op.getScale(), grid, at2, lanes);
    Value shift = isNone(zero) ? Value() : broadcastAt(zero, grid, at2, lanes);
    failed |= !scale || (!shift && !isNone(zero));
    if (failed)
      return {sums[0]};
    if (shift)
      shift = widen(m, shift, weightElement);
    Value begin = k.mul(g, block), end = k.min(k.add(begin, block), size);
    Value part = loop(begin, end, init, [&](Value kk, ValueRange carried) -> SmallVector<Value> {
      Value x = at(lhs, matrixIndex(k, a, index, false, true, kk), lanes);
      Value y = at(weights, matrixIndex(k, w, index, transposed, false, kk), lanes);
      failed |= !x || !y;
      if (failed)
        return {carried[0]};
      y = widen(m, y, weightElement);
      y = m.intToFloat(shift ? m.subI(y, shift) : y, compute);
      return {m.fma(x, y, carried[0])};
    })[0];
    scale = compute.isF64() ? m.toF64(scale) : m.toF32(scale);
    return {m.fma(part, scale, sums[0])};
  })[0];
  return failed ? Value() : total;
}
