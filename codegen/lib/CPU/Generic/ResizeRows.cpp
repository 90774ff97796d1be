//===- ResizeRows.cpp - Interpolation by rows -----------------------------===//
#include "ResizeRows.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

/// Antialiasing of strong reductions has more taps than are worth writing out.
static constexpr int64_t kMaxTaps = 16;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static YieldOp yieldOf(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator());
}

std::optional<ResizeRows> mlopt::planResizeRows(KernelOp kernel, ShapeAnalysis &shapes,
                                                const TargetDescription &target) {
  auto op = dyn_cast_or_null<ResizeOp>(kernel.getHeroOp());
  YieldOp yield = yieldOf(kernel);
  if (!op || yield.getValues().size() != 1 ||
      op.getCoordinate() == CoordinateMode::tf_crop_and_resize)
    return std::nullopt;
  if (ArrayAttr layouts = kernel.getLayoutsAttr())
    if (llvm::any_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); }))
      return std::nullopt;
  SymShape in = shapes.shapeOf(op.getInput()), out = shapes.shapeOf(op.getResult());
  int64_t lanes = lanesOf(kernel, target), rank = out.size();
  Type element = elementOf(op.getInput());
  if (rank == 0 || lanes < 2 || !readInPlace(op.getResult(), out, shapes))
    return std::nullopt;
  SymExpr one = SymExpr::constant(kernel.getContext(), 1);
  ResizeRows plan{op, lanes, 1, isResized(op, rank - 1, shapes), {}, {}, {}, one};
  int64_t outer = 1;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t taps = isResized(op, i, shapes) ? std::max<int64_t>(1, 2 * resizeReach(op, i)) : 1;
    if (i + 1 == rank) {
      plan.taps = taps;
    } else {
      outer *= taps;
      plan.units = plan.units * out[i];
    }
  }
  if (plan.taps > kMaxTaps || outer > kMaxTaps)
    return std::nullopt;
  Builder b(kernel.getContext());
  bool exact = element.isF64() || isa<IntegerType>(element);
  plan.sum = op.getMode() == ResizeMode::nearest ? computeType(element)
             : exact                             ? Type(b.getF64Type())
                                                 : Type(b.getF32Type());
  plan.outPadded = out.back().ceilDiv(lanes) * lanes;
  plan.inPadded = in.back().ceilDiv(lanes) * lanes;
  return plan;
}

SymExpr mlopt::resizeRowsScratch(const ResizeRows &plan) {
  int64_t bytes = getElementBytes(plan.sum);
  // A position and a weight for each tap of each element, and the weighted row.
  return plan.outPadded * (plan.taps * 16) + plan.inPadded * bytes;
}

namespace {
class ResizeRowEmitter {
public:
  ResizeRowEmitter(const ResizeRows &plan, ElementAt &e)
      : plan(plan), op(plan.op), e(e), k(e.k), m(e.scalarMath()), element(elementOf(op.getInput())),
        in(e.sizesOf(op.getInput())), out(e.sizesOf(op.getResult())), last(in.size() - 1) {
    outPadded = k.size(plan.outPadded);
    positions = k.threadScratch();
    weights = k.bytePtr(positions, k.mul(outPadded, plan.taps * 8));
    line = k.bytePtr(weights, k.mul(outPadded, plan.taps * 8));
  }

  LogicalResult run() {
    SmallVector<Value> outer(out.begin(), out.end() - 1);
    Value units = k.index(1);
    for (Value s : outer)
      units = k.mul(units, s);
    auto [begin, end] = k.share(units);
    Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, begin, end);
    k.ifThen(some, [&, begin = begin, end = end] {
      ElementAt::Scope scope(e);
      if (plan.lastResized)
        prepare();
      k.forLoop(begin, end, 1, [&](Value unit) {
        ElementAt::Scope inner(e);
        Coords index;
        for (Value v : outer.empty() ? SmallVector<Value>() : e.delinearize(unit, outer))
          index.push_back({v, 0});
        index.push_back({k.index(0), 0});
        row(index);
      });
    });
    return result;
  }

private:
  bool isNearest() { return op.getMode() == ResizeMode::nearest; }

  Value weight(Value f64) {
    return plan.sum.isF32() ? arith::TruncFOp::create(k.b, k.loc, plan.sum, f64).getResult() : f64;
  }

  /// Positions and weights of the last axis, tap after tap.
  void prepare() {
    k.forLoop(k.index(0), out[last], 1, [&](Value o) {
      ElementAt::Scope scope(e);
      ResizeTaps taps = resizeTapsOf(e, op, last, o);
      for (int64_t t = 0; t < plan.taps; ++t) {
        Value slot = k.add(k.mul(outPadded, t), o);
        k.store(taps.positions[t], positions, slot);
        if (!isNearest())
          k.store(weight(taps.weights[t]), weights, slot);
      }
    });
  }

  void row(Coords index) {
    // Where the row lies along the other axes.
    SmallVector<std::pair<size_t, ResizeTaps>> resized;
    for (size_t i = 0; i < last; ++i)
      if (isResized(op, i, k.shapes)) {
        resized.push_back({i, resizeTapsOf(e, op, i, index[i].base)});
        for (Value &w : resized.back().second.weights)
          w = isNearest() ? w : weight(w);
      }
    Coords from = index;
    std::function<Value(size_t, int64_t)> weighted = [&](size_t depth, int64_t lanes) -> Value {
      if (depth == resized.size()) {
        Value v = e.at(op.getInput(), from, lanes);
        return v && !isNearest() && plan.sum != element ? emitCast(m, v, element, plan.sum) : v;
      }
      auto &[axis, taps] = resized[depth];
      Value total;
      for (auto [position, w] : llvm::zip_equal(taps.positions, taps.weights)) {
        from[axis] = {position, 0};
        Value v = weighted(depth + 1, lanes);
        if (!v)
          return {};
        if (isNearest())
          return v;
        Value factor = k.splat(w, lanes);
        total = total ? m.fma(v, factor, total) : m.mul(v, factor);
      }
      return total;
    };
    auto input = [&](Coord c, int64_t lanes) {
      from[last] = c;
      Value v = weighted(0, lanes);
      if (!v)
        result = failure();
      return v;
    };
    if (plan.lastResized)
      overRun(e, k.index(0), in[last], plan.lanes, [&](Coord c, int64_t lanes) {
        Value v = input(c, lanes);
        if (!v)
          return;
        if (Value limit = e.getLaneLimit())
          k.storeMasked(v, line, c.base, limit);
        else
          k.store(v, line, c.base);
      });
    e.setOverride(op.getResult(), [&](ArrayRef<Coord> at, int64_t lanes) -> Value {
      Value v = plan.lastResized ? picked(at.back().base, lanes) : input(at.back(), lanes);
      return v ? finished(v) : v;
    });
    Value yielded = yieldOf(k.kernel).getValues()[0];
    overRun(e, k.index(0), out[last], plan.lanes, [&](Coord c, int64_t lanes) {
      index[last] = c;
      if (Value v = e.at(yielded, index, lanes))
        e.storeResult(0, v, index, lanes);
      else
        result = failure();
    });
    e.clearOverride(op.getResult());
  }

  /// Result elements from `o` on, out of the weighted row. Lanes past the row's end
  /// pick its first element.
  Value picked(Value o, int64_t lanes) {
    Value total;
    Type i64 = k.b.getI64Type();
    for (int64_t t = 0; t < plan.taps; ++t) {
      Value slot = k.add(k.mul(outPadded, t), o), v;
      if (lanes == 1) {
        v = k.load(line, k.load(positions, slot, i64), plan.sum);
      } else {
        Value limit = e.getLaneLimit();
        Value where = limit ? k.loadMasked(positions, slot, i64, lanes, limit) : Value();
        v = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(plan.sum, lanes)));
        for (int64_t l = 0; l < lanes; ++l) {
          Value place =
              limit ? vector::ExtractOp::create(k.b, k.loc, where, ArrayRef<int64_t>{l}).getResult()
                    : k.load(positions, k.add(slot, l), i64);
          v = vector::InsertOp::create(k.b, k.loc, k.load(line, place, plan.sum), v,
                                       ArrayRef<int64_t>{l});
        }
      }
      if (isNearest())
        return v;
      Value limit = lanes > 1 ? e.getLaneLimit() : Value();
      Value w = limit ? k.loadMasked(weights, slot, plan.sum, lanes, limit)
                      : k.load(weights, slot, plan.sum, lanes);
      total = total ? m.fma(v, w, total) : m.mul(v, w);
    }
    return total;
  }

  Value finished(Value v) {
    if (isNearest() || plan.sum == element)
      return v;
    return emitCast(m, isa<IntegerType>(element) ? m.roundEven(v) : v, plan.sum, element);
  }

  const ResizeRows &plan;
  ResizeOp op;
  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  Type element;
  SmallVector<Value> in, out;
  size_t last;
  Value outPadded, positions, weights, line;
  LogicalResult result = success();
};
} // namespace

LogicalResult mlopt::emitResizeRows(const ResizeRows &plan, ElementAt &e) {
  return ResizeRowEmitter(plan, e).run();
}
