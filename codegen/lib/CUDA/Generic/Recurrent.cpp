//===- Recurrent.cpp - LSTM, GRU and RNN layers, step by step -------------===//
//
// A first phase multiplies the inputs of all time steps with the input weights, a
// second one sets the states; those after them run once per step. A warp has one
// hidden unit of one item and direction: its lanes divide the products with the
// state, which lies in scratch, once for even and once for odd steps.
//
//===----------------------------------------------------------------------===//
#include "Generic/RecurrentCell.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

/// A gated recurrent unit whose candidate needs all reset gates first.
static bool resetsBefore(Operation *hero) {
  auto op = dyn_cast<GruOp>(hero);
  return op && !op.getLinearBeforeReset();
}

namespace {
/// Sizes of a layer.
struct LayerSizes {
  SymExpr steps, items, directions, hidden;
  int64_t gates, bytes; ///< bytes of an element of the state

  LayerSizes(Operation *hero, ShapeAnalysis &shapes) {
    SymShape x = shapes.shapeOf(hero->getOperand(0)), r = shapes.shapeOf(hero->getOperand(2));
    std::tie(steps, items, directions, hidden) = std::tuple(x[0], x[1], r[0], r[2]);
    gates = recurrentGates(hero);
    bytes = getElementBytes(computeType(cast<RankedTensorType>(hero->getOperand(0).getType()).getElementType()));
  }
  SymExpr state() const { return directions * items * hidden; }
  /// Elements of the gates of every step from its input.
  SymExpr projected() const { return state() * steps * gates; }
};
} // namespace

GenericPlan cuda::planRecurrent(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  LayerSizes s(hero, shapes);
  GenericPlan plan;
  plan.walk = "steps";
  plan.phases = {{s.projected(), /*isWarp=*/true}, {s.state()}, {s.state(), /*isWarp=*/true}};
  if (resetsBefore(hero))
    plan.phases.push_back({s.state(), /*isWarp=*/true});
  // Projected gates, the state twice, and c or what is kept between the two phases of a step.
  plan.scratch = (s.projected() + s.state() * 4) * s.bytes;
  plan.repeat = s.steps;
  plan.repeatFrom = 2;
  return plan;
}

namespace {

class StepEmitter {
public:
  StepEmitter(ElementAt &e, GpuBuilder &g, RecurrentCell &cell, const GenericPlan &plan)
      : e(e), k(g), g(g), m(e.scalarMath()), cell(cell), plan(plan), hero(g.kernel.getHeroOp()),
        sizes(hero, g.shapes) {
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
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    for (auto [i, v] : llvm::enumerate(yield.getValues()))
      for (unsigned j = 0; j < hero->getNumResults(); ++j)
        if (v == hero->getResult(j))
          resultAt[j] = i;
  }

  void run(int64_t phase) {
    steps = k.size(sizes.steps);
    items = k.size(sizes.items);
    hidden = k.size(sizes.hidden);
    lane = k.rem(k.thread(), k.index(32));
    Value state = k.size(sizes.state());
    gates = k.sharedScratch();
    auto region = [&](int64_t i) {
      return k.elementPtr(gates, k.add(k.size(sizes.projected()), k.mul(state, i)), compute);
    };
    states[0] = region(0);
    states[1] = region(1);
    c = update = region(2);
    reset = region(3);
    forUnit(e, plan.phases[phase], [&](Value unit) {
      if (phase == 0)
        return project(unit);
      place = unit;
      SmallVector<Value> index = e.delinearize(unit, {k.size(sizes.directions), items, hidden});
      std::tie(direction, item, j) = std::tuple(index[0], index[1], index[2]);
      if (phase == 1)
        return initialise();
      step(phase);
    });
  }

private:
  static bool given(Value v) { return v && isa<RankedTensorType>(v.getType()); }
  Value zero() { return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(compute)); }
  Value compare(arith::CmpIPredicate p, Value a, Value b) { return arith::CmpIOp::create(k.b, k.loc, p, a, b); }
  Value at(Value tensor, ArrayRef<Value> index) { return e.at(tensor, coordsOf(index), 1); }
  void store(int which, Value v, ArrayRef<Value> index) {
    if (which < static_cast<int>(hero->getNumResults()) && resultAt[which] >= 0)
      e.storeResult(resultAt[which], v, coordsOf(index), 1);
  }

  /// Runs `body` in the first lane.
  void once(llvm::function_ref<void()> body) {
    k.ifThen(compare(arith::CmpIPredicate::eq, lane, k.index(0)), [&] {
      ElementAt::Scope scope(e);
      body();
    });
  }

  /// Sums over i < count of rows' elements times `value`, the same in every lane.
  SmallVector<Value> dots(Value count, llvm::function_ref<Value(Value)> value,
                          ArrayRef<std::function<Value(Value)>> rows) {
    SmallVector<Value> init(rows.size(), zero());
    SmallVector<Value> sums = k.forLoop(lane, count, 32, init, [&](Value i, ValueRange carried) {
      ElementAt::Scope scope(e);
      SmallVector<Value> next;
      Value v = value(i);
      for (auto [row, sum] : llvm::zip_equal(rows, carried))
        next.push_back(m.fma(row(i), v, sum));
      return next;
    });
    for (Value &sum : sums)
      for (int64_t mask = 16; mask > 0; mask /= 2)
        sum = m.add(sum, g.shuffleXor(sum, mask));
    return sums;
  }

  Value biasAt(int64_t half, Value row) {
    if (!given(bias))
      return zero();
    return at(bias, {direction, k.add(row, k.mul(hidden, half * sizes.gates))});
  }

  /// Number of a gate of (direction, time, item) among the projected ones.
  Value gatePlace(Value time, Value row) {
    Value before = k.add(k.mul(k.add(k.mul(direction, steps), time), items), item);
    return k.add(k.mul(before, k.mul(hidden, sizes.gates)), row);
  }

  /// Phase 0: a gate of a step and an item from the input, W x + Wb.
  void project(Value unit) {
    Value all = k.mul(hidden, sizes.gates);
    SmallVector<Value> index = e.delinearize(unit, {k.size(sizes.directions), steps, items, all});
    Value time = index[1], row = index[3];
    direction = index[0];
    item = index[2];
    std::function<Value(Value)> weights = [&](Value i) { return at(w, {direction, row, i}); };
    Value sum = dots(e.sizesOf(x)[2], [&](Value i) { return at(x, {time, item, i}); }, weights)[0];
    once([&] { k.store(m.add(sum, biasAt(0, row)), gates, unit); });
  }

  /// Phase 1: the state before the first step, which is also the last one of no steps.
  void initialise() {
    Value h = given(initialH) ? at(initialH, {direction, item, j}) : zero();
    k.store(h, states[0], place);
    store(1, h, {direction, item, j});
    if (!isa<LstmOp>(hero))
      return;
    Value first = given(initialC) ? at(initialC, {direction, item, j}) : zero();
    k.store(first, c, place);
    store(2, first, {direction, item, j});
  }

  /// A step of one unit; the second phase of one where there are two.
  void step(int64_t phase) {
    Value number = k.step(), length = steps, inside;
    if (given(lengths)) {
      Value raw = at(lengths, {item});
      if (raw.getType() != k.b.getI64Type())
        raw = m.extS(raw, k.b.getI64Type());
      length = k.max(k.index(0), k.min(raw, steps));
      inside = compare(arith::CmpIPredicate::slt, number, length);
    }
    // A reverse direction starts at the item's own last step.
    Value backward = k.sub(k.sub(length, number), k.index(1));
    time = number;
    auto attr = hero->getAttrOfType<RecurrentDirectionAttr>("direction").getValue();
    if (attr == RecurrentDirection::reverse)
      time = backward;
    else if (attr == RecurrentDirection::bidirectional)
      time = arith::SelectOp::create(k.b, k.loc, compare(arith::CmpIPredicate::eq, direction, k.index(1)), backward,
                                     number);
    // The unit with two phases changes its state in place: the second reads no other's.
    bool inPlace = resetsBefore(hero);
    Value odd = compare(arith::CmpIPredicate::ne, k.rem(number, k.index(2)), k.index(0));
    from = inPlace ? states[0] : arith::SelectOp::create(k.b, k.loc, odd, states[1], states[0]).getResult();
    to = inPlace ? states[0] : arith::SelectOp::create(k.b, k.loc, odd, states[0], states[1]).getResult();
    old = k.load(from, place, compute);
    auto work = [&] {
      ElementAt::Scope scope(e);
      if (inPlace)
        phase == 2 ? resetState() : blendState();
      else
        wholeStep();
    };
    if (!inside)
      return work();
    bool last = phase + 1 == static_cast<int64_t>(plan.phases.size());
    k.ifThen(inside, work, [&] {
      ElementAt::Scope scope(e);
      if (!last)
        return;
      // The item has ended: its state stays, its output is zero.
      once([&] {
        k.store(old, to, place);
        store(0, zero(), {number, direction, item, j});
      });
    });
  }

  /// Sums of gates from the state, R h + Rb, for units' rows of these gates.
  SmallVector<Value> recurrent(ArrayRef<int64_t> which, Value state) {
    SmallVector<std::function<Value(Value)>> rows;
    SmallVector<Value> numbers;
    for (int64_t gate : which) {
      Value row = k.add(j, k.mul(hidden, gate));
      numbers.push_back(row);
      rows.push_back([this, row](Value i) { return at(r, {direction, row, i}); });
    }
    Value begin = k.sub(place, j);
    SmallVector<Value> sums = dots(hidden, [&](Value i) { return k.load(state, k.add(begin, i), compute); }, rows);
    for (auto [sum, row] : llvm::zip_equal(sums, numbers))
      sum = m.add(sum, biasAt(1, row));
    return sums;
  }

  Value projected(int64_t gate) {
    return k.load(gates, gatePlace(time, k.add(j, k.mul(hidden, gate))), compute);
  }

  void finish(Value h) {
    k.store(h, to, place);
    store(0, h, {time, direction, item, j});
    store(1, h, {direction, item, j});
  }

  void wholeStep() {
    SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, sizes.gates));
    SmallVector<Value> sums = recurrent(all, from);
    once([&] {
      auto sum = [&](int64_t gate) { return m.add(projected(gate), sums[gate]); };
      if (isa<RnnOp>(hero))
        return finish(cell.rnn(direction, sum(0)));
      if (isa<GruOp>(hero)) {
        Value opened = cell.gruGate(direction, sum(1)), z = cell.gruGate(direction, sum(0));
        Value candidate = m.add(projected(2), m.mul(opened, sums[2]));
        return finish(cell.gruState(direction, z, candidate, old));
      }
      auto weight = [&](int64_t p) { return at(peepholes, {direction, k.add(j, k.mul(hidden, p))}); };
      auto [h, nextC] = cell.lstm(direction, sum, k.load(c, place, compute), weight);
      k.store(nextC, c, place);
      store(2, nextC, {direction, item, j});
      finish(h);
    });
  }

  /// The first phase of a gated recurrent unit: its update gate, and the state that its reset gate leaves.
  void resetState() {
    SmallVector<Value> sums = recurrent({0, 1}, from);
    once([&] {
      k.store(cell.gruGate(direction, m.add(projected(0), sums[0])), update, place);
      k.store(m.mul(cell.gruGate(direction, m.add(projected(1), sums[1])), old), reset, place);
    });
  }

  void blendState() {
    Value sum = recurrent({2}, reset)[0];
    once([&] {
      Value z = k.load(update, place, compute);
      finish(cell.gruState(direction, z, m.add(projected(2), sum), old));
    });
  }

  ElementAt &e;
  KernelBuilder &k;
  GpuBuilder &g;
  ScalarMath m;
  RecurrentCell &cell;
  const GenericPlan &plan;
  Operation *hero;
  LayerSizes sizes;
  Value x, w, r, bias, lengths, initialH, initialC, peepholes;
  Type element, compute;
  Value steps, items, hidden, lane, gates, states[2], c, update, reset;
  Value place, direction, item, j, time, from, to, old; ///< of the unit at hand
  int resultAt[3] = {-1, -1, -1};
};

} // namespace

LogicalResult cuda::emitRecurrent(ElementAt &e, GpuBuilder &g, const GenericPlan &plan, int64_t phase) {
  FailureOr<RecurrentCell> cell = RecurrentCell::create(e, g.kernel.getHeroOp());
  if (failed(cell))
    return failure();
  StepEmitter(e, g, *cell, plan).run(phase);
  return success();
}
