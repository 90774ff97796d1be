//===- ElementAtTraining.cpp - Unfolded and folded windows, finite checks -===//
//
// What gradients read: a window element of an image (unfold), the sum of the
// window elements that lie over an image element (fold, pulled: no two writers
// of one element), and the check of --check-finite.
//
//===----------------------------------------------------------------------===//
#include "ElementAt.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static Value compare(KernelBuilder &k, arith::CmpIPredicate p, Value a, Value b) {
  return arith::CmpIOp::create(k.b, k.loc, p, a, b);
}

static Value both(KernelBuilder &k, Value a, Value b) {
  return a ? arith::AndIOp::create(k.b, k.loc, a, b).getResult() : b;
}

/// Signed division by a positive constant, rounded up.
static Value ceilDiv(KernelBuilder &k, Value a, int64_t by) {
  return by == 1 ? a : arith::CeilDivSIOp::create(k.b, k.loc, a, k.index(by)).getResult();
}

//===----------------------------------------------------------------------===//
// Parts of a vector
//===----------------------------------------------------------------------===//

Value ElementAt::guardedAt(Value value, ArrayRef<Coord> index, int64_t lanes, Value inside, Value first, Value end) {
  Type type = k.vectorOf(computeType(elementOf(value)), lanes);
  auto choose = [&](Value condition, llvm::function_ref<Value()> then, llvm::function_ref<Value()> otherwise) -> Value {
    auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, condition, true);
    OpBuilder::InsertionGuard guard(k.b);
    for (bool holds : {true, false}) {
      k.b.setInsertionPointToStart(holds ? branch.thenBlock() : branch.elseBlock());
      Scope scope(*this);
      Value v = holds ? then() : otherwise();
      if (!v)
        return {};
      scf::YieldOp::create(k.b, k.loc, v);
    }
    return branch.getResult(0);
  };
  auto whole = [&] { return at(value, index, lanes); };
  auto zero = [&]() -> Value { return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)); };
  if (lanes == 1 || !first)
    return choose(inside, whole, zero);
  Value limit = laneLimit ? laneLimit : k.index(lanes);
  end = k.min(end, limit);
  auto part = [&]() -> Value {
    llvm::SaveAndRestore from(laneFirst, laneFirst ? k.max(laneFirst, first) : first), to(laneLimit, end);
    Value v = at(value, index, lanes);
    if (!v)
      return {};
    // Lanes that were not read hold anything once operations went over them.
    return arith::SelectOp::create(k.b, k.loc, k.firstLanes(lanes, end, first), v, zero());
  };
  Value any = both(k, inside, compare(k, arith::CmpIPredicate::slt, first, end));
  Value all = both(k, compare(k, arith::CmpIPredicate::sle, first, k.index(0)),
                   compare(k, arith::CmpIPredicate::sge, end, limit));
  return choose(any, [&] { return choose(all, whole, part); }, zero);
}

//===----------------------------------------------------------------------===//
// unfold
//===----------------------------------------------------------------------===//

Value ElementAt::unfoldAt(UnfoldOp op, ArrayRef<Coord> index, int64_t lanes) {
  SmallVector<Value> sizes = sizesOf(op.getInput());
  size_t spatial = sizes.size() - 2;
  Coords from = {index[0], index[1]};
  Value inside, first, end;
  for (size_t d = 0; d < spatial; ++d) {
    Coord place = index[2 + d], window = index[2 + spatial + d];
    int64_t stride = op.getStrides()[d], dilation = op.getDilations()[d];
    Value x = k.sub(k.add(k.mul(window.base, stride), k.mul(place.base, dilation)), k.index(op.getPadsBegin()[d]));
    int64_t step = lanes > 1 ? window.step * stride + place.step * dilation : 0;
    from.push_back({x, step});
    if (step == 0) {
      // One unsigned comparison covers negative places.
      inside = both(k, inside, compare(k, arith::CmpIPredicate::ult, x, sizes[2 + d]));
      continue;
    }
    if (first || step < 0)
      return perLane(op.getResult(), index, lanes);
    first = k.max(k.index(0), ceilDiv(k, k.sub(k.index(0), x), step));
    end = ceilDiv(k, k.sub(sizes[2 + d], x), step);
  }
  if (!inside)
    inside = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true));
  return guardedAt(op.getInput(), from, lanes, inside, first, end);
}

//===----------------------------------------------------------------------===//
// fold
//===----------------------------------------------------------------------===//

Value ElementAt::foldAt(FoldOp op, ArrayRef<Coord> index, int64_t lanes) {
  SmallVector<Value> sizes = sizesOf(op.getInput());
  size_t spatial = op.getStrides().size(), along = spatial;
  for (size_t d = 0; d < spatial; ++d)
    if (lanes > 1 && index[2 + d].step) {
      // Lanes a stride apart lie under the same places of neighbouring windows.
      if (along != spatial || index[2 + d].step != op.getStrides()[d])
        return perLane(op.getResult(), index, lanes);
      along = d;
    }
  ScalarMath m = scalarMath();
  Type element = elementOf(op.getInput());
  Coords from = {index[0], index[1]};
  from.resize(2 + 2 * spatial, {Value(), 0});
  Value first, end;
  bool failed = false;
  std::function<Value(size_t, Value, Value)> nest = [&](size_t d, Value inside, Value sum) -> Value {
    if (d == spatial) {
      if (!inside)
        inside = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true));
      Value v = guardedAt(op.getInput(), from, lanes, inside, first, end);
      failed |= !v;
      return v ? reductionStep(m, ReduceKind::sum, element, sum, v) : sum;
    }
    return loop(k.index(0), sizes[2 + d], sum, [&](Value place, ValueRange carried) -> SmallVector<Value> {
      // The window at o covers the element x = o * stride + place * dilation - pad.
      Value x = k.add(index[2 + d].base, k.index(op.getPadsBegin()[d]));
      Value distance = k.sub(x, k.mul(place, op.getDilations()[d]));
      int64_t stride = op.getStrides()[d];
      Value here = inside, window = distance;
      if (stride > 1) {
        window = arith::FloorDivSIOp::create(k.b, k.loc, distance, k.index(stride));
        here = both(k, here, compare(k, arith::CmpIPredicate::eq, k.mul(window, stride), distance));
      }
      Value count = sizes[2 + spatial + d];
      if (d == along) {
        first = k.max(k.index(0), k.sub(k.index(0), window));
        end = k.sub(count, window);
      } else {
        here = both(k, here, compare(k, arith::CmpIPredicate::ult, window, count));
      }
      from[2 + d] = {place, 0};
      from[2 + spatial + d] = {window, d == along ? int64_t(1) : int64_t(0)};
      return {nest(d + 1, here, carried[0])};
    })[0];
  };
  Value sum = nest(0, {}, reductionNeutral(m, ReduceKind::sum, element, lanes));
  return failed ? Value() : sum;
}

//===----------------------------------------------------------------------===//
// check_finite
//===----------------------------------------------------------------------===//

Value ElementAt::checkFiniteAt(CheckFiniteOp op, ArrayRef<Coord> index, int64_t lanes) {
  Value x = at(op.getInput(), index, lanes);
  if (!x)
    return {};
  ScalarMath m = scalarMath();
  // What counts is the stored element: a narrow type may overflow where its compute type does not.
  Type element = elementOf(op.getInput());
  Value stored = fromStorage(m, toStorage(m, x, element), element);
  Value bad = m.cmpF(arith::CmpFPredicate::UEQ, m.abs(stored), std::numeric_limits<double>::infinity());
  if (lanes > 1 && laneLimit)
    bad = arith::AndIOp::create(k.b, k.loc, bad, k.firstLanes(lanes, laneLimit, laneFirst));
  SmallVector<Value> sizes = sizesOf(op.getResult());
  k.ifThen(m.any(bad), [&] {
    SmallVector<Value> place;
    Value lane = k.index(0);
    if (lanes > 1) {
      Type bits = k.b.getIntegerType(lanes);
      Value mask = vector::BitCastOp::create(k.b, k.loc, VectorType::get({1}, bits), bad);
      mask = vector::ExtractOp::create(k.b, k.loc, mask, ArrayRef<int64_t>{0});
      mask = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), mask);
      lane = math::CountTrailingZerosOp::create(k.b, k.loc, mask);
    }
    for (Coord c : index)
      place.push_back(c.step ? k.add(c.base, k.mul(lane, c.step)) : c.base);
    k.recordError(arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true)), linearize(place, sizes));
  });
  return x;
}
