//===- RecurrentHeroes.cpp - LSTM, GRU and RNN layers ---------------------===//
//
// Two phases. The first multiplies the inputs of all time steps with the input
// weights, so that these are read a few times instead of once per step; threads
// divide the gates. In the second one unit is one direction of one batch item,
// whose steps run in order. Products are dot products along contiguous
// weights, by vectors. f32 layers with row-major inputs have an emitter of their
// own (Recurrent/RecurrentEmitter.cpp); this one takes the others.
//
//===----------------------------------------------------------------------===//
#include "RecurrentHeroes.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

SymExpr mlopt::recurrentUnits(Operation *hero, ShapeAnalysis &shapes) {
  return shapes.shapeOf(hero->getOperand(1))[0] * shapes.shapeOf(hero->getOperand(0))[1];
}

SymExpr mlopt::recurrentShared(Operation *hero, ShapeAnalysis &shapes) {
  SymShape x = shapes.shapeOf(hero->getOperand(0)), r = shapes.shapeOf(hero->getOperand(2));
  // Gates of every step from its input; 8 bytes cover f64.
  return r[0] * x[0] * x[1] * r[2] * (8 * recurrentGates(hero));
}

SymExpr mlopt::recurrentScratch(Operation *hero, ShapeAnalysis &shapes) {
  SymExpr hidden = shapes.shapeOf(hero->getOperand(2))[2];
  // Gates of the state, h, c, and r * h; 8 bytes cover f64.
  return hidden * (8 * (2 * recurrentGates(hero) + 3));
}

namespace {

class RecurrentEmitter {
public:
  RecurrentEmitter(ElementAt &e, RecurrentCell &cell)
      : e(e), k(e.k), m(e.scalarMath()), cell(cell), hero(k.kernel.getHeroOp()) {
    x = hero->getOperand(0);
    w = hero->getOperand(1);
    r = hero->getOperand(2);
    bias = hero->getOperand(3);
    lengths = hero->getOperand(4);
    initialH = hero->getOperand(5);
    if (isa<LstmOp>(hero)) {
      initialC = hero->getOperand(6);
      peepholes = hero->getOperand(7);
    }
    element = cast<RankedTensorType>(x.getType()).getElementType();
    compute = computeType(element);
    lanes = k.target.lanes(getElementBytes(compute));
    xs = e.sizesOf(x);
    hidden = e.sizesOf(r)[2];
    gates = recurrentGates(hero);
  }

  void run(int64_t phase) {
    shared = k.sharedScratch();
    if (phase == 0)
      return project();
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    for (auto [i, v] : llvm::enumerate(yield.getValues()))
      for (unsigned j = 0; j < hero->getNumResults(); ++j)
        if (v == hero->getResult(j))
          resultAt[j] = i;
    Value dirs = e.sizesOf(w)[0];
    auto [begin, end] = k.share(k.mul(dirs, xs[1]));
    Value scratch = k.threadScratch();
    auto region = [&](int64_t i) { return k.elementPtr(scratch, k.mul(hidden, i), compute); };
    gateH = region(gates);
    h = region(2 * gates);
    c = region(2 * gates + 1);
    reset = region(2 * gates + 2);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      direction = k.floorDiv(unit, xs[1]);
      item = k.rem(unit, xs[1]);
      oneItem();
    });
  }

private:
  static bool given(Value v) { return v && isa<RankedTensorType>(v.getType()); }
  static Coords coords(ArrayRef<Value> index) {
    Coords out;
    for (Value v : index)
      out.push_back({v, 0});
    return out;
  }
  Value zero() { return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(compute)); }

  void oneItem() {
    k.forLoop(k.index(0), hidden, 1, [&](Value j) {
      ElementAt::Scope scope(e);
      k.store(given(initialH) ? e.at(initialH, coords({direction, item, j}), 1) : zero(), h, j);
      if (initialC)
        k.store(given(initialC) ? e.at(initialC, coords({direction, item, j}), 1) : zero(), c, j);
    });
    Value length = xs[0];
    if (given(lengths)) {
      Value raw = e.at(lengths, coords({item}), 1);
      if (raw.getType() != k.b.getI64Type())
        raw = m.extS(raw, k.b.getI64Type());
      length = k.max(k.index(0), k.min(raw, xs[0]));
    }
    auto attr = hero->getAttrOfType<RecurrentDirectionAttr>("direction").getValue();
    k.forLoop(k.index(0), length, 1, [&](Value step) {
      ElementAt::Scope scope(e);
      // A reverse direction starts at the item's own last step.
      Value t = step, backward = k.sub(k.sub(length, step), k.index(1));
      if (attr == RecurrentDirection::reverse) {
        t = backward;
      } else if (attr == RecurrentDirection::bidirectional) {
        Value second = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, direction, k.index(1));
        t = arith::SelectOp::create(k.b, k.loc, second, backward, step);
      }
      products(t);
      activate();
      if (resultAt[0] >= 0)
        k.forLoop(k.index(0), hidden, 1, [&](Value j) {
          ElementAt::Scope inner(e);
          e.storeResult(resultAt[0], k.load(h, j, compute), coords({t, direction, item, j}), 1);
        });
    });
    if (resultAt[0] >= 0 && given(lengths))
      k.forLoop(length, xs[0], 1, [&](Value t) {
        k.forLoop(k.index(0), hidden, 1, [&](Value j) {
          ElementAt::Scope inner(e);
          e.storeResult(resultAt[0], zero(), coords({t, direction, item, j}), 1);
        });
      });
    for (auto [which, state] : {std::pair<int, Value>{1, h}, {2, c}})
      if (which < (int)hero->getNumResults() && resultAt[which] >= 0)
        k.forLoop(k.index(0), hidden, 1, [&, which = which, state = state](Value j) {
          ElementAt::Scope inner(e);
          e.storeResult(resultAt[which], k.load(state, j, compute), coords({direction, item, j}), 1);
        });
  }

  /// Sums over i < count of the products of a shared vector with several others.
  /// Sharing saves loads, and several sums hide the latency of a multiply-add.
  using At = llvm::function_ref<Value(Value, int64_t)>;
  SmallVector<Value> dots(Value count, At sharedAt, ArrayRef<std::function<Value(Value, int64_t)>> others) {
    auto step = [&](Value i, int64_t l, ValueRange sums) {
      SmallVector<Value> next;
      Value v = sharedAt(i, l);
      for (auto [other, sum] : llvm::zip_equal(others, sums))
        next.push_back(m.fma(other(i, l), v, sum));
      return next;
    };
    Value full = k.mul(k.floorDiv(count, k.index(lanes)), lanes);
    SmallVector<Value> init(others.size(), reductionNeutral(m, ReduceKind::sum, element, lanes));
    SmallVector<Value> sums = k.forLoop(k.index(0), full, lanes, init, [&](Value i, ValueRange s) -> SmallVector<Value> {
      ElementAt::Scope scope(e);
      return step(i, lanes, s);
    });
    for (Value &sum : sums)
      sum = reduceLanes(k, m, ReduceKind::sum, element, sum);
    return e.loop(full, count, sums, [&](Value i, ValueRange s) -> SmallVector<Value> { return step(i, 1, s); });
  }

  Value weightAt(Value weights, Value row, Value i, int64_t l) {
    return e.at(weights, {Coord{direction, 0}, Coord{row, 0}, Coord{i, l > 1 ? 1 : 0}}, l);
  }

  /// Products of consecutive rows of R with `value`, one sum per row.
  SmallVector<Value> recurrentDots(Value first, int64_t rows, At value) {
    SmallVector<std::function<Value(Value, int64_t)>> others;
    for (int64_t j = 0; j < rows; ++j) {
      Value row = k.add(first, j);
      others.push_back([this, row](Value i, int64_t l) { return weightAt(r, row, i, l); });
    }
    return dots(hidden, value, others);
  }

  /// Where the input's gates of (direction, step, item) lie.
  Value inputGates(Value t, Value b) {
    Value place = k.add(k.mul(k.add(k.mul(direction, xs[0]), t), xs[1]), b);
    return k.elementPtr(shared, k.mul(place, k.mul(hidden, gates)), compute);
  }

  /// Phase 0: gates from the inputs, W x + Wb, for every step and item.
  void project() {
    Value all = k.mul(hidden, gates), positions = k.mul(xs[0], xs[1]);
    auto [begin, end] = k.share(k.mul(e.sizesOf(w)[0], all));
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      direction = k.floorDiv(unit, all);
      Value row = k.rem(unit, all), offset = biasAt(0, row);
      auto some = [&](Value first, int64_t count) {
        ElementAt::Scope inner(e);
        SmallVector<std::function<Value(Value, int64_t)>> others;
        SmallVector<std::pair<Value, Value>> places;
        for (int64_t j = 0; j < count; ++j) {
          Value p = k.add(first, j), t = k.floorDiv(p, xs[1]), b = k.rem(p, xs[1]);
          places.push_back({t, b});
          others.push_back([this, t, b](Value i, int64_t l) {
            return e.at(x, {Coord{t, 0}, Coord{b, 0}, Coord{i, l > 1 ? 1 : 0}}, l);
          });
        }
        SmallVector<Value> sums = dots(xs[2], [&](Value i, int64_t l) { return weightAt(w, row, i, l); }, others);
        for (auto [place, sum] : llvm::zip_equal(places, sums))
          k.store(m.add(sum, offset), inputGates(place.first, place.second), row);
      };
      Value full = k.mul(k.floorDiv(positions, k.index(sumsAtOnce)), sumsAtOnce);
      k.forLoop(k.index(0), full, sumsAtOnce, [&](Value first) { some(first, sumsAtOnce); });
      k.forLoop(full, positions, 1, [&](Value first) { some(first, 1); });
    });
  }

  Value biasAt(int64_t half, Value row) {
    if (!given(bias))
      return zero();
    Value at = k.add(row, k.mul(hidden, half * gates));
    return e.at(bias, coords({direction, at}), 1);
  }

  /// gateX of this step, and gateH = R h + Rb for all gates.
  void products(Value t) {
    gateX = inputGates(t, item);
    auto someRows = [&](Value first, int64_t count) {
      ElementAt::Scope scope(e);
      SmallVector<Value> sums = recurrentDots(first, count, [&](Value i, int64_t l) { return k.load(h, i, compute, l); });
      for (auto [j, sum] : llvm::enumerate(sums)) {
        Value row = k.add(first, j);
        k.store(m.add(sum, biasAt(1, row)), gateH, row);
      }
    };
    Value all = k.mul(hidden, gates), full = k.mul(k.floorDiv(all, k.index(sumsAtOnce)), sumsAtOnce);
    k.forLoop(k.index(0), full, sumsAtOnce, [&](Value row) { someRows(row, sumsAtOnce); });
    k.forLoop(full, all, 1, [&](Value row) { someRows(row, 1); });
  }

  Value gate(Value base, int64_t g, Value j) { return k.load(base, k.add(j, k.mul(hidden, g)), compute); }
  Value sumGate(int64_t g, Value j) { return m.add(gate(gateX, g, j), gate(gateH, g, j)); }

  void overUnits(llvm::function_ref<void(Value)> body) {
    k.forLoop(k.index(0), hidden, 1, [&](Value j) {
      ElementAt::Scope scope(e);
      body(j);
    });
  }

  void activate() {
    if (isa<RnnOp>(hero))
      return overUnits([&](Value j) { k.store(cell.rnn(direction, sumGate(0, j)), h, j); });
    if (auto op = dyn_cast<GruOp>(hero))
      return gru(op);
    overUnits([&](Value j) {
      auto weight = [&](int64_t p) { return e.at(peepholes, coords({direction, k.add(j, k.mul(hidden, p))}), 1); };
      auto [nextH, nextC] =
          cell.lstm(direction, [&](int64_t g) { return sumGate(g, j); }, k.load(c, j, compute), weight);
      k.store(nextC, c, j);
      k.store(nextH, h, j);
    });
  }

  void gru(GruOp op) {
    if (op.getLinearBeforeReset())
      return overUnits([&](Value j) {
        Value r = cell.gruGate(direction, sumGate(1, j));
        blend(m.add(gate(gateX, 2, j), m.mul(r, gate(gateH, 2, j))), j);
      });
    overUnits([&](Value j) {
      k.store(m.mul(cell.gruGate(direction, sumGate(1, j)), k.load(h, j, compute)), reset, j);
    });
    // The candidate's product with r * h, before h changes.
    overUnits([&](Value j) {
      Value row = k.add(j, k.mul(hidden, 2));
      Value product = recurrentDots(row, 1, [&](Value i, int64_t l) { return k.load(reset, i, compute, l); })[0];
      k.store(m.add(product, biasAt(1, row)), gateH, row);
    });
    overUnits([&](Value j) { blend(sumGate(2, j), j); });
  }

  /// h from the candidate's sum.
  void blend(Value sum, Value j) {
    Value z = cell.gruGate(direction, sumGate(0, j));
    k.store(cell.gruState(direction, z, sum, k.load(h, j, compute)), h, j);
  }

  static constexpr int64_t sumsAtOnce = 8;

  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  RecurrentCell &cell;
  Operation *hero;
  Value x, w, r, bias, lengths, initialH, initialC, peepholes;
  Type element, compute;
  SmallVector<Value> xs;
  Value hidden, direction, item, shared, gateX, gateH, h, c, reset;
  int64_t gates = 1, lanes = 1;
  int resultAt[3] = {-1, -1, -1};
};

} // namespace

LogicalResult mlopt::emitRecurrent(ElementAt &e, int64_t phase) {
  FailureOr<RecurrentCell> cell = RecurrentCell::create(e, e.k.kernel.getHeroOp());
  if (failed(cell))
    return failure();
  RecurrentEmitter(e, *cell).run(phase);
  return success();
}
