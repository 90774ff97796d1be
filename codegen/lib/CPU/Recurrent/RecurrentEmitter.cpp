//===- RecurrentEmitter.cpp - LSTM, GRU and RNN layers of f32 -------------===//
//
// Phase 0 multiplies the inputs of all steps with the input weights, as a matrix
// product, and sets up the state. The other phases run once for each step: a
// unit of work is a group of hidden units of one direction and of some batch
// items, whose gates are products of the previous state with the columns of
// that group; each thread keeps its part of the recurrent weights in its own
// cache. No sum is divided, and a hidden unit is computed by vectors or by
// itself depending on its number only: the bits are those of one thread.
//
// Layers of little work per step have a second phase instead in which a thread
// takes all steps of some batch items.
//
//===----------------------------------------------------------------------===//
#include "RecurrentEmitter.h"
#include "../Contraction/Panels.h"
#include "Generic/RecurrentCell.h"
#include "RecurrentPlan.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlopt;

namespace {

bool isGiven(Value v) { return v && isa<RankedTensorType>(v.getType()); }

Coords coordsOf(ArrayRef<Value> index, int64_t lanes) {
  Coords c;
  for (Value v : index)
    c.push_back({v, 0});
  c.back().step = lanes > 1 ? 1 : 0;
  return c;
}

/// Heights of tiles of rows [rows * i / parts, rows * (i + 1) / parts).
SmallVector<int64_t> heightsOf(std::optional<int64_t> rows, int64_t parts, int64_t most) {
  if (!rows)
    return llvm::to_vector(llvm::seq_inclusive<int64_t>(1, most));
  llvm::SetVector<int64_t> all;
  for (int64_t i = 0; i < parts; ++i)
    for (int64_t h : tileHeights(*rows * (i + 1) / parts - *rows * i / parts, most))
      all.insert(h);
  SmallVector<int64_t> sorted(all.begin(), all.end());
  llvm::sort(sorted);
  return sorted;
}

ContractionBlocking blockingOf(KernelOp kernel, StringRef name) {
  return ContractionBlocking::parse(
      kernel.getScheduleAttr().getParams().getAs<DictionaryAttr>(name));
}

std::string stageName(size_t i) { return "stage" + std::to_string(i); }

//===----------------------------------------------------------------------===//
// One function of a kernel
//===----------------------------------------------------------------------===//

class RecurrentBody {
public:
  RecurrentBody(KernelBuilder &k, ElementAt &e, const RecurrentPlan &plan, RecurrentCell &cell)
      : k(k), e(e), plan(plan), cell(cell), m(e.scalarMath()), hero(plan.hero),
        f32(k.b.getF32Type()), projection(blockingOf(k.kernel, "projection")) {
    bias = hero->getOperand(3);
    lengths = hero->getOperand(4);
    initialH = hero->getOperand(5);
    if (isa<LstmOp>(hero)) {
      initialC = hero->getOperand(6);
      peepholes = hero->getOperand(7);
    }
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    for (auto [i, v] : llvm::enumerate(yield.getValues()))
      resultAt[cast<OpResult>(v).getResultNumber()] = i;
    steps = k.size(plan.steps);
    batch = k.size(plan.batch);
    hidden = k.index(plan.hidden);
    gateStride = plan.gateStride(projection);
    lanes = k.target.lanes(4);
    // Gates of a vector lie side by side in the park.
    unitLanes = std::min(lanes, plan.block);
  }

  //--- phase 0 -------------------------------------------------------------//

  void prepare() {
    project();
    if (!plan.packedR)
      packRecurrence();
    auto [begin, end] = k.share(k.mul(batch, plan.directions));
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      direction = k.floorDiv(unit, batch);
      Value item = k.rem(unit, batch);
      overUnits(k.index(0), hidden, [&](Value j, int64_t l) {
        Value h =
            isGiven(initialH) ? e.at(initialH, coordsOf({direction, item, j}, l), l) : zero(l);
        k.store(h, state(k.index(0), item), j);
        storeResult(1, h, {direction, item, j}, l);
        if (!isa<LstmOp>(hero))
          return;
        Value c =
            isGiven(initialC) ? e.at(initialC, coordsOf({direction, item, j}, l), l) : zero(l);
        k.store(c, rowOf(RecurrentPlan::C, item), j);
        storeResult(2, c, {direction, item, j}, l);
      });
    });
  }

  //--- steps ---------------------------------------------------------------//

  /// Stage `i` of step k.step() for this thread's units.
  void stage(size_t i) {
    Value parts = k.size(plan.parts()), units = k.index(plan.units());
    auto [begin, end] = k.share(k.mul(k.mul(units, parts), plan.directions));
    MicroKernel micro(k, e.math, blockingOf(k.kernel, stageName(i)), f32);
    k.forLoop(begin, end, 1, [&](Value number) {
      ElementAt::Scope scope(e);
      Value rest = k.floorDiv(number, parts);
      direction = k.floorDiv(rest, units);
      stageOfUnit(i, micro, k.step(), k.rem(rest, units), k.rem(number, parts));
    });
  }

  /// All steps of this thread's batch items.
  void allSteps() {
    Value parts = k.size(plan.parts());
    auto [begin, end] = k.share(k.mul(parts, plan.directions));
    SmallVector<std::unique_ptr<MicroKernel>> micros;
    for (size_t i = 0; i < plan.stages.size(); ++i)
      micros.push_back(
          std::make_unique<MicroKernel>(k, e.math, blockingOf(k.kernel, stageName(i)), f32));
    k.forLoop(begin, end, 1, [&](Value number) {
      ElementAt::Scope scope(e);
      direction = k.floorDiv(number, parts);
      Value part = k.rem(number, parts);
      k.forLoop(k.index(0), steps, 1, [&](Value step) {
        for (auto [i, micro] : llvm::enumerate(micros))
          k.forLoop(k.index(0), k.index(plan.units()), 1, [&, i = i, &micro = micro](Value unit) {
            ElementAt::Scope inner(e);
            stageOfUnit(i, *micro, step, unit, part);
          });
      });
    });
  }

private:
  Value zero(int64_t l) {
    return k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getF32FloatAttr(0)), l);
  }
  void storeResult(unsigned which, Value v, ArrayRef<Value> index, int64_t l) {
    if (which < 3 && resultAt[which] >= 0)
      e.storeResult(resultAt[which], v, coordsOf(index, l), l);
  }

  /// body(j, lanes) over hidden units [begin, end): vectors, then one by one.
  void overUnits(Value begin, Value end, llvm::function_ref<void(Value, int64_t)> body) {
    Value full = k.add(begin, k.mul(k.floorDiv(k.sub(end, begin), k.index(unitLanes)), unitLanes));
    k.forLoop(begin, full, unitLanes, [&](Value j) {
      ElementAt::Scope scope(e);
      body(j, unitLanes);
    });
    if (plan.hidden % unitLanes)
      k.forLoop(full, end, 1, [&](Value j) {
        ElementAt::Scope scope(e);
        body(j, 1);
      });
  }

  //--- places in the shared scratch ------------------------------------------//

  Value region(RecurrentPlan::Region which, Value elements) {
    return k.elementPtr(k.sharedScratch(), k.add(k.size(plan.offset(which, gateStride)), elements),
                        f32);
  }
  /// The units of one batch item and this direction; `item` may count on from
  /// one copy of the state to the next.
  Value rowOf(RecurrentPlan::Region which, Value item) {
    return region(which, k.mul(k.add(k.mul(direction, batch), item), plan.stateStride()));
  }
  /// h before (after: parity of step + 1) a step.
  Value state(Value parity, Value item) {
    return rowOf(RecurrentPlan::H, k.add(item, k.mul(parity, k.mul(batch, plan.directions))));
  }
  Value inputGates(Value dir, Value position) {
    Value row = k.add(k.mul(dir, k.mul(steps, batch)), position);
    return region(RecurrentPlan::InputGates, k.mul(row, gateStride));
  }

  //--- the projection ----------------------------------------------------------//

  void project() {
    MicroKernel micro(k, e.math, projection, f32);
    int64_t width = projection.width(), group = plan.projectionGroup(projection),
            rows = plan.rows();
    SymExpr positions = plan.positions(), n = SymExpr::constant(k.b.getContext(), rows);
    SymExpr partCount =
        projection.unitRows ? positions.ceilDiv(projection.unitRows) : n.ceilDiv(rows);
    Value depth = k.size(plan.inputs), all = k.size(positions), parts = k.size(partCount);
    Value groups = k.index(llvm::divideCeil(rows, group));
    Value x = k.operandPtr(cast<BlockArgument>(hero->getOperand(0)).getArgNumber());
    Value w = k.operandPtr(cast<BlockArgument>(hero->getOperand(1)).getArgNumber());
    SmallVector<int64_t> heights =
        heightsOf(positions.getConstant(), partCount.getConstant().value_or(1), projection.rows);
    auto [begin, end] = k.share(k.mul(k.mul(groups, parts), plan.directions));
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      Value part = k.rem(unit, parts), rest = k.floorDiv(unit, parts);
      Value column = k.mul(k.rem(rest, groups), group), dir = k.floorDiv(rest, groups);
      Value from = k.floorDiv(k.mul(all, part), parts),
            to = k.floorDiv(k.mul(all, k.add(part, 1)), parts);
      Value panel = k.threadScratch();
      if (!plan.packedW) {
        Value source = k.elementPtr(w, k.mul(k.add(k.mul(dir, rows), column), depth), f32);
        Value valid = k.min(k.sub(k.index(rows), column), k.index(width));
        micro.packPanel(f32, source, depth, valid, rows % width == 0, k.index(1), depth, false,
                        panel, width);
      }
      for (int64_t at = 0; at < group; at += width) {
        Value first = k.add(column, at);
        RightColumns right;
        if (plan.packedW) {
          int64_t padded = llvm::alignTo(rows, panelWidth);
          Value base = k.elementPtr(w, k.mul(dir, k.mul(depth, padded)), f32);
          right = panelColumns(k, projection, f32, base, n, depth, first);
        } else {
          right.element = f32;
          right.ptr.assign(projection.vectors, panel);
          for (int64_t v = 0; v < projection.vectors; ++v)
            right.offset.push_back(v * lanes);
          right.stepStride = k.index(width);
        }
        // Columns past the last gate fall into the padding of the rows.
        micro.overTiles(from, to, heights, [&](Value row, int64_t height) {
          LeftMatrix left{k.elementPtr(x, k.mul(row, depth), f32), depth, k.index(1)};
          Value out = k.elementPtr(inputGates(dir, row), first, f32);
          micro.tile(height, left, right, k.index(0), depth, out, k.index(gateStride),
                     /*add=*/false);
        });
      }
    });
  }

  /// R [D, gates * H, H] as [D][H/16][H][gates][16], zeros past the last unit.
  void packRecurrence() {
    Value r = k.operandPtr(cast<BlockArgument>(hero->getOperand(2)).getArgNumber());
    int64_t block = plan.block, stride = plan.gates * block;
    Value panels = k.index(plan.panels());
    auto [begin, end] = k.share(k.mul(panels, plan.directions));
    k.forLoop(begin, end, 1, [&](Value number) {
      Value dir = k.floorDiv(number, panels), first = k.mul(k.rem(number, panels), block);
      Value to = region(RecurrentPlan::Weights, k.mul(number, stride * plan.hidden));
      k.forLoop(k.index(0), k.index(stride), 1, [&](Value column) {
        Value gate = k.floorDiv(column, k.index(block)),
              j = k.add(first, k.rem(column, k.index(block)));
        Value row = k.add(k.mul(k.add(k.mul(dir, plan.gates), gate), hidden), j);
        auto fill = [&](llvm::function_ref<Value(Value)> value) {
          k.forLoop(k.index(0), hidden, 1,
                    [&](Value i) { k.store(value(i), to, k.add(k.mul(i, stride), column)); });
        };
        k.ifThen(
            arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, j, hidden),
            [&] { fill([&](Value i) { return k.load(r, k.add(k.mul(row, hidden), i), f32); }); },
            [&] { fill([&](Value) { return zero(1); }); });
      });
    });
  }

  //--- a stage of a step --------------------------------------------------------//

  void stageOfUnit(size_t i, MicroKernel &micro, Value step, Value unit, Value part) {
    const RecurrentStage &stage = plan.stages[i];
    Value parts = k.size(plan.parts()), parity = k.rem(step, k.index(2));
    Value from = k.floorDiv(k.mul(batch, part), parts),
          to = k.floorDiv(k.mul(batch, k.add(part, 1)), parts);
    Value first = k.mul(unit, plan.unit);
    Value factor = i == 0 ? state(parity, k.index(0)) : rowOf(RecurrentPlan::ResetH, k.index(0));
    products(stage, micro, factor, first, from, to);
    Value end = k.min(k.add(first, plan.unit), hidden);
    k.forLoop(from, to, 1, [&](Value item) {
      ElementAt::Scope scope(e);
      park =
          k.elementPtr(k.threadScratch(), k.mul(k.sub(item, from), plan.parkColumns(stage)), f32);
      place(item, step);
      Value before = state(parity, item), after = state(k.sub(k.index(1), parity), item);
      overUnits(first, end, [&](Value j, int64_t l) {
        auto sum = [&](int64_t g) { return gateSum(stage, g, item, first, j, l); };
        if (auto gru = dyn_cast<GruOp>(hero))
          return gruUnits(i, gru.getLinearBeforeReset(), stage, item, first, j, l, before, after);
        if (isa<RnnOp>(hero))
          return advance(cell.rnn(direction, sum(0)), before, after, item, j, l);
        Value cells = rowOf(RecurrentPlan::C, item), oldC = k.load(cells, j, f32, l);
        auto peephole = [&](int64_t p) {
          return e.at(peepholes, coordsOf({direction, k.add(j, plan.hidden * p)}, l), l);
        };
        auto [h, c] = cell.lstm(direction, sum, oldC, peephole);
        c = kept(c, oldC);
        k.store(c, cells, j);
        storeResult(2, c, {direction, item, j}, l);
        advance(h, before, after, item, j, l);
      });
    });
  }

  /// Parks factor[row, :] times the stage's columns of the units from `first` on.
  void products(const RecurrentStage &stage, MicroKernel &micro, Value factor, Value first,
                Value from, Value to) {
    int64_t block = plan.block, panelRow = plan.gates * block, columns = plan.parkColumns(stage);
    Value weights = plan.packedR
                        ? k.operandPtr(cast<BlockArgument>(hero->getOperand(2)).getArgNumber())
                        : region(RecurrentPlan::Weights, k.index(0));
    Value panels = k.index(plan.panels()), firstPanel = k.floorDiv(first, k.index(block));
    // Vectors of the unit in the order of the park: where each starts.
    SmallVector<std::pair<int64_t, int64_t>> vectors; // panel, offset
    for (int64_t p = 0; p < plan.unit / block; ++p)
      for (int64_t q = 0; q < panelRow; q += lanes)
        if (llvm::is_contained(stage.gates, q / block) ||
            stage.gates.size() == static_cast<size_t>(plan.gates))
          vectors.push_back({p, q});
    int64_t width = micro.blocking.vectors;
    std::optional<int64_t> items = plan.batch.getConstant();
    int64_t partCount = plan.parts().getConstant().value_or(1);
    micro.overTiles(
        from, to, heightsOf(items, partCount, micro.blocking.rows), [&](Value row, int64_t height) {
          Value start = k.elementPtr(factor, k.mul(row, plan.stateStride()), f32);
          LeftMatrix left{start, k.index(plan.stateStride()), k.index(1)};
          Value out = k.elementPtr(k.threadScratch(), k.mul(k.sub(row, from), columns), f32);
          for (size_t v = 0; v < vectors.size(); v += width) {
            RightColumns right;
            right.element = f32;
            right.stepStride = k.index(panelRow);
            right.prefetchBytes = micro.blocking.prefetchBytes;
            // Tiles alike in their offsets share a function.
            int64_t base = vectors[v].second;
            for (int64_t i = 0; i < width; ++i) {
              auto [p, q] = vectors[v + i];
              right.offset.push_back(q - base);
              if (i && vectors[v + i - 1].first == p) {
                right.ptr.push_back(right.ptr.back());
                continue;
              }
              // Past the last panel it is read again; those units are not kept.
              Value number = k.add(firstPanel, p);
              if (p && plan.panels() * block % plan.unit)
                number = k.min(number, k.sub(panels, k.index(1)));
              number = k.add(k.mul(direction, panels), number);
              right.ptr.push_back(
                  k.elementPtr(weights, k.add(k.mul(number, panelRow * plan.hidden), base), f32));
            }
            Value to = k.elementPtr(out, k.index(v * lanes), f32);
            micro.tile(height, left, right, k.index(0), hidden, to, k.index(columns),
                       /*add=*/false);
          }
        });
  }

  /// Where the item stands in this step. A reverse direction starts at the
  /// item's own last step; after an item's end its output is 0 and its state stays.
  void place(Value item, Value step) {
    Value length = steps;
    active = {};
    if (isGiven(lengths)) {
      Value raw = e.at(lengths, coordsOf({item}, 1), 1);
      if (raw.getType() != k.b.getI64Type())
        raw = m.extS(raw, k.b.getI64Type());
      length = k.max(k.index(0), k.min(raw, steps));
      active = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, step, length);
    }
    time = step;
    auto attr = hero->getAttrOfType<RecurrentDirectionAttr>("direction").getValue();
    if (attr == RecurrentDirection::forward)
      return;
    Value backward = k.sub(k.sub(length, step), k.index(1));
    if (active)
      backward = arith::SelectOp::create(k.b, k.loc, active, backward, step);
    if (attr == RecurrentDirection::reverse) {
      time = backward;
      return;
    }
    Value second =
        arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, direction, k.index(1));
    time = arith::SelectOp::create(k.b, k.loc, second, backward, step);
  }

  /// `next`, or `old` where the item has ended.
  Value kept(Value next, Value old) {
    return active ? Value(arith::SelectOp::create(k.b, k.loc, active, next, old)) : next;
  }

  Value biasAt(int64_t half, int64_t gate, Value j, int64_t l) {
    Value at = k.add(j, plan.hidden * (half * plan.gates + gate));
    return e.at(bias, coordsOf({direction, at}, l), l);
  }
  /// W x + Wb of the item's current step.
  Value fromInput(int64_t g, Value item, Value j, int64_t l) {
    Value position = k.add(k.mul(time, batch), item);
    Value v = k.load(inputGates(direction, position), k.add(j, plan.hidden * g), f32, l);
    return isGiven(bias) ? m.add(v, biasAt(0, g, j, l)) : v;
  }
  /// R h + Rb.
  Value fromState(const RecurrentStage &stage, int64_t g, Value first, Value j, int64_t l) {
    int64_t block = plan.block, count = stage.gates.size();
    int64_t which = llvm::find(stage.gates, g) - stage.gates.begin();
    Value local = k.sub(j, first), panel = k.floorDiv(local, k.index(block));
    Value at =
        k.add(k.add(k.mul(panel, count * block), k.rem(local, k.index(block))), which * block);
    Value v = k.load(park, at, f32, l);
    return isGiven(bias) ? m.add(v, biasAt(1, g, j, l)) : v;
  }
  Value gateSum(const RecurrentStage &stage, int64_t g, Value item, Value first, Value j,
                int64_t l) {
    return m.add(fromInput(g, item, j, l), fromState(stage, g, first, j, l));
  }

  void gruUnits(size_t i, bool linear, const RecurrentStage &stage, Value item, Value first,
                Value j, int64_t l, Value before, Value after) {
    auto sum = [&](int64_t g) { return gateSum(stage, g, item, first, j, l); };
    Value old = k.load(before, j, f32, l), z, candidate;
    if (linear) {
      z = cell.gruGate(direction, sum(0));
      Value r = cell.gruGate(direction, sum(1));
      candidate = m.add(fromInput(2, item, j, l), m.mul(r, fromState(stage, 2, first, j, l)));
    } else if (i == 0) {
      k.store(cell.gruGate(direction, sum(0)), rowOf(RecurrentPlan::Z, item), j);
      k.store(m.mul(cell.gruGate(direction, sum(1)), old), rowOf(RecurrentPlan::ResetH, item), j);
      return;
    } else {
      z = k.load(rowOf(RecurrentPlan::Z, item), j, f32, l);
      candidate = sum(2);
    }
    advance(cell.gruState(direction, z, candidate, old), before, after, item, j, l);
  }

  /// Ends a step of some units: the next state and the results.
  void advance(Value h, Value before, Value after, Value item, Value j, int64_t l) {
    Value next = active ? kept(h, k.load(before, j, f32, l)) : h;
    k.store(next, after, j);
    storeResult(0, active ? kept(h, zero(l)) : h, {time, direction, item, j}, l);
    storeResult(1, next, {direction, item, j}, l);
  }

  KernelBuilder &k;
  ElementAt &e;
  const RecurrentPlan &plan;
  RecurrentCell &cell;
  ScalarMath m;
  Operation *hero;
  Type f32;
  ContractionBlocking projection;
  Value bias, lengths, initialH, initialC, peepholes;
  Value steps, batch, hidden;
  int64_t gateStride = 0, lanes = 1, unitLanes = 1;
  int resultAt[3] = {-1, -1, -1};
  // Of the unit of work at hand.
  Value direction, park;
  Value time, active; ///< position in time; whether the item has not ended (null: always)
};

//===----------------------------------------------------------------------===//
// The emitter
//===----------------------------------------------------------------------===//

/// Layouts of packed input and recurrent weights; null: stays row-major.
LayoutAttr inputLayout(Operation *hero) {
  return getPanelLayout(hero->getContext(), 3, panelWidth, true);
}
LayoutAttr recurrentLayout(Operation *hero) {
  int64_t hidden = hero->getAttrOfType<IntegerAttr>("hidden_size").getInt();
  int64_t block = recurrentBlock(recurrentGates(hero), hidden);
  return block ? getRecurrentLayout(hero->getContext(), hidden, block) : LayoutAttr();
}

bool isF32(Operation *hero) {
  return cast<RankedTensorType>(hero->getOperand(0).getType()).getElementType().isF32();
}

class RecurrentEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "recurrent"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero,
                                        llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    if (!isRecurrentHero(hero) || !isF32(hero))
      return std::nullopt;
    LayoutWish wish;
    wish.operands.assign(hero->getNumOperands(), LayoutAttr());
    if (isParameter(1))
      wish.operands[1] = inputLayout(hero);
    if (isParameter(2))
      wish.operands[2] = recurrentLayout(hero);
    return wish;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    Operation *hero = kernel.getHeroOp();
    if (!hero || !isRecurrentHero(hero)) {
      reason = "its hero is no recurrent layer";
      return false;
    }
    if (!isF32(hero)) {
      reason = "expects f32 operands";
      return false;
    }
    LayoutAttr known[] = {LayoutAttr(), inputLayout(hero), recurrentLayout(hero)};
    for (unsigned i = 0; i < 3; ++i) {
      auto argument = dyn_cast<BlockArgument>(hero->getOperand(i));
      LayoutAttr layout = argument ? layoutAt(kernel, argument.getArgNumber()) : LayoutAttr();
      if (!argument || (layout && layout != known[i])) {
        reason =
            "expects input and weights to be operands of the kernel, row-major or packed for it";
        return false;
      }
    }
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    for (Value v : yield.getValues())
      if (v.getDefiningOp() != hero) {
        reason = "expects results of the layer only";
        return false;
      }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    MLIRContext *context = kernel.getContext();
    Builder builder(context);
    RecurrentPlan plan(kernel);
    ContractionBlocking projection = plan.chooseProjection(target);
    SmallVector<NamedAttribute> params;
    auto add = [&](StringRef key, const ContractionBlocking &b) {
      SmallVector<NamedAttribute> fields;
      b.print(context, fields);
      params.push_back(builder.getNamedAttr(key, builder.getDictionaryAttr(fields)));
    };
    add("projection", projection);
    for (size_t i = 0; i < plan.stages.size(); ++i)
      add(stageName(i), plan.chooseStage(i, target));
    params.push_back(
        builder.getNamedAttr("walk", builder.getStringAttr(plan.sequential ? "items" : "steps")));
    SymExpr shared = plan.offset(RecurrentPlan::End, plan.gateStride(projection)) * 4;
    SymExpr units = plan.parts() * (plan.directions * (plan.sequential ? 1 : plan.units()));
    int64_t phases = 1 + (plan.sequential ? 1 : plan.stages.size());
    return ScheduleAttr::get(
        context, name(), phases, shared.getAttr(), plan.threadBytes(projection).getAttr(), {}, {},
        {}, {}, units.getAttr(), {}, builder.getDictionaryAttr(params),
        plan.sequential ? SymExprAttr() : plan.steps.getAttr(), plan.sequential ? 0 : 1);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    RecurrentPlan plan(kernel);
    for (int64_t phase = 0; phase < kernel.getScheduleAttr().getPhases(); ++phase) {
      KernelBuilder k(kernel, target, module, phase);
      ElementAt e(k);
      FailureOr<RecurrentCell> cell = RecurrentCell::create(e, plan.hero);
      if (failed(cell))
        return failure();
      RecurrentBody body(k, e, plan, *cell);
      if (phase == 0)
        body.prepare();
      else if (plan.sequential)
        body.allSteps();
      else
        body.stage(phase - 1);
      k.finish();
    }
    return success();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createRecurrentEmitter() {
  return std::make_unique<RecurrentEmitter>();
}
