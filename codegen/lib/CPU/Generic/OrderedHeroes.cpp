//===- OrderedHeroes.cpp - Scans, sorting and scatters --------------------===//
//
// Heroes whose result elements depend on one another. Each unit of work (a
// line along the hero's axis, or a slice of the result that no other unit
// writes) runs in program order, so the bits do not depend on the threads.
//
//===----------------------------------------------------------------------===//
#include "GenericEmitter.h"
#include "RecurrentHeroes.h"
#include "Selection.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

bool mlopt::isOrderedHero(Operation *hero) {
  return isa<CumulativeOp, TopKOp, ScatterElementsOp, ScatterNdOp>(hero) || isRecurrentHero(hero);
}

/// Axis along which a line is worked on as a whole.
static int64_t lineAxis(Operation *hero) {
  if (auto op = dyn_cast<CumulativeOp>(hero))
    return op.getAxis();
  return cast<TopKOp>(hero).getAxis();
}

/// Elements that one unit of a scatter copies, and the part of a slice that one
/// thread scatters at least.
static constexpr int64_t kCopied = 4096;
static constexpr int64_t kScattered = 64;

/// Whether lines lie next to one another, so that lanes run across them.
static bool lanesAcrossLines(Operation *hero) {
  auto op = dyn_cast<CumulativeOp>(hero);
  return op && static_cast<int64_t>(op.getAxis()) + 1 != cast<RankedTensorType>(op.getInput().getType()).getRank();
}

StringRef mlopt::orderedForm(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  if (auto op = dyn_cast<TopKOp>(hero))
    return Selection::inserts(op, shapes) ? "insertion" : "merge";
  if (isa<CumulativeOp>(hero))
    return lanesAcrossLines(hero) ? "strips" : "lines";
  if (auto op = dyn_cast<ScatterNdOp>(hero))
    return cast<RankedTensorType>(op.getIndices().getType()).getShape().back() <
                   cast<RankedTensorType>(op.getData().getType()).getRank()
               ? "slices"
               : "elements";
  return isa<ScatterElementsOp>(hero) ? "elements" : "";
}

SymExpr mlopt::orderedUnits(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target) {
  Operation *hero = kernel.getHeroOp();
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  if (isRecurrentHero(hero))
    return recurrentUnits(hero, shapes);
  SymShape shape = shapes.shapeOf(hero->getOperand(0));
  if (isa<ScatterElementsOp, ScatterNdOp>(hero))
    return numElements(kernel.getContext(), shape).ceilDiv(kCopied);
  for (auto [i, size] : llvm::enumerate(shape))
    if (static_cast<int64_t>(i) != lineAxis(hero))
      units = units * (lanesAcrossLines(hero) && i + 1 == shape.size() ? size.ceilDiv(lanesOf(kernel, target)) : size);
  return units;
}

SymExpr mlopt::orderedScratch(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  if (isRecurrentHero(hero))
    return recurrentScratch(hero, shapes);
  if (auto op = dyn_cast<TopKOp>(hero))
    return selectionScratch(op, shapes);
  return SymExpr::constant(kernel.getContext(), 0);
}

namespace {

class OrderedEmitter {
public:
  explicit OrderedEmitter(ElementAt &e) : e(e), k(e.k), m(e.scalarMath()), hero(k.kernel.getHeroOp()) {}

  LogicalResult run(int64_t phase) {
    if (phase == 0 && isa<ScatterElementsOp, ScatterNdOp>(hero))
      return copyData(hero->getOperand(0));
    return llvm::TypeSwitch<Operation *, LogicalResult>(hero)
        .Case<CumulativeOp>([&](CumulativeOp op) { return cumulative(op); })
        .Case<TopKOp>([&](TopKOp op) { return topK(op); })
        .Case<ScatterElementsOp>([&](ScatterElementsOp op) { return scatterElements(op); })
        .Case<ScatterNdOp>([&](ScatterNdOp op) { return scatterNd(op); })
        .Default([](Operation *op) { return op->emitError("not an ordered hero"); });
  }

private:
  /// Calls `body` with the index of each of this thread's lines; the entry of `axis` is 0.
  void overLines(ArrayRef<Value> sizes, int64_t axis, llvm::function_ref<void(SmallVector<Value>)> body) {
    SmallVector<Value> outer;
    Value units = k.index(1);
    for (auto [i, s] : llvm::enumerate(sizes))
      if (static_cast<int64_t>(i) != axis) {
        outer.push_back(s);
        units = k.mul(units, s);
      }
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      SmallVector<Value> index = outer.empty() ? SmallVector<Value>() : e.delinearize(unit, outer);
      index.insert(index.begin() + axis, k.index(0));
      body(index);
    });
  }

  static Coords coords(ArrayRef<Value> index) {
    Coords c;
    for (Value v : index)
      c.push_back({v, 0});
    return c;
  }

  LogicalResult cumulative(CumulativeOp op) {
    Type element = elementOf(op.getInput());
    ReduceKind kind = op.getKind() == CumulativeKind::sum ? ReduceKind::sum : ReduceKind::prod;
    SmallVector<Value> sizes = e.sizesOf(op.getInput());
    int64_t axis = op.getAxis();
    auto line = [&](Coords index, int64_t lanes) {
      Value init = reductionNeutral(m, kind, element, lanes);
      e.loop(k.index(0), sizes[axis], init, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
        index[axis] = {op.getReverse() ? k.sub(k.sub(sizes[axis], iv), k.index(1)) : iv, 0};
        Value x = e.at(op.getInput(), index, lanes);
        Value next = reductionStep(m, kind, element, carried[0], x);
        e.storeResult(0, op.getExclusive() ? carried[0] : next, index, lanes);
        return {next};
      });
    };
    if (!lanesAcrossLines(op)) {
      overLines(sizes, axis, [&](SmallVector<Value> index) { line(coords(index), 1); });
      return success();
    }
    // Strips of neighbouring lines, a vector wide.
    int64_t width = lanesOf(k.kernel, k.target), last = sizes.size() - 1;
    SmallVector<Value> strips = sizes;
    strips[last] = k.size(k.shapes.shapeOf(op.getInput())[last].ceilDiv(width));
    overLines(strips, axis, [&](SmallVector<Value> index) {
      Coords at = coords(index);
      Value lower = k.mul(index[last], width), upper = k.min(k.add(lower, width), sizes[last]);
      overRun(e, lower, upper, width, [&](Coord c, int64_t lanes) {
        at[last] = c;
        line(at, lanes);
      });
    });
    return success();
  }

  LogicalResult topK(TopKOp op) {
    int64_t axis = op.getAxis();
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    Selection selection(e, op);
    overLines(e.sizesOf(op.getInput()), axis, [&](SmallVector<Value> index) {
      auto valueAt = [&](Value position) {
        SmallVector<Value> from = index;
        from[axis] = position;
        return e.at(op.getInput(), coords(from), 1);
      };
      selection.line(valueAt, [&](Value to, Value from) {
        SmallVector<Value> place = index;
        place[axis] = to;
        for (auto [i, v] : llvm::enumerate(yield.getValues()))
          e.storeResult(i, v == op.getIndices() ? from : valueAt(from), coords(place), 1);
      });
    });
    return success();
  }

  /// Runs `body` on the first thread only.
  void once(llvm::function_ref<void()> body) {
    Value first = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.thread(), k.index(0));
    k.ifThen(first, [&] {
      ElementAt::Scope scope(e);
      body();
    });
  }

  /// Nested loops over an index space; dimension `part` only from `begin` to `end`.
  void overSpace(ArrayRef<Value> sizes, llvm::function_ref<void(ArrayRef<Value>)> body, int64_t part = -1,
                 Value begin = {}, Value end = {}) {
    SmallVector<Value> index(sizes.size());
    std::function<void(size_t)> nest = [&](size_t depth) {
      if (depth == sizes.size())
        return body(index);
      bool isPart = static_cast<int64_t>(depth) == part;
      k.forLoop(isPart ? begin : k.index(0), isPart ? end : sizes[depth], 1, [&](Value iv) {
        ElementAt::Scope scope(e);
        index[depth] = iv;
        nest(depth + 1);
      });
    };
    nest(0);
  }

  /// result[to] takes, or is combined with, `update` (`lanes` elements along the last dimension).
  void combine(Type element, ScatterReduction reduction, ArrayRef<Coord> to, ArrayRef<Value> sizes, Value update,
               int64_t lanes) {
    Value v = update;
    if (reduction != ScatterReduction::none) {
      SmallVector<Value> bases;
      for (Coord c : to)
        bases.push_back(c.base);
      Value offset = e.linearize(bases, sizes), ptr = k.resultPtr(0), limit = e.getLaneLimit();
      Type storage = storageType(element);
      Value loaded = limit ? k.loadMasked(ptr, offset, storage, lanes, limit) : k.load(ptr, offset, storage, lanes);
      Value old = fromStorage(m, loaded, element);
      ReduceKind kind = reduction == ScatterReduction::add   ? ReduceKind::sum
                        : reduction == ScatterReduction::mul ? ReduceKind::prod
                        : reduction == ScatterReduction::max ? ReduceKind::max
                                                             : ReduceKind::min;
      v = reductionStep(m, kind, element, old, update);
    }
    e.storeResult(0, v, to, lanes);
  }

  /// A data-given index: wrapped if negative, 0 with `bad` set if outside.
  Value checked(Value raw, Value size, Value &bad) {
    if (raw.getType() != k.b.getI64Type())
      raw = m.extS(raw, k.b.getI64Type());
    Value negative = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, raw, k.index(0));
    Value wrapped = arith::SelectOp::create(k.b, k.loc, negative, arith::AddIOp::create(k.b, k.loc, raw, size), raw);
    Value outside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::uge, wrapped, size);
    bad = bad ? arith::OrIOp::create(k.b, k.loc, bad, outside).getResult() : outside;
    return arith::SelectOp::create(k.b, k.loc, outside, k.index(0), wrapped);
  }

  /// The data that updates meet: each thread copies its share, with vectors.
  LogicalResult copyData(Value data) {
    SmallVector<Value> sizes = e.sizesOf(data);
    int64_t width = lanesOf(k.kernel, k.target);
    auto argument = dyn_cast<BlockArgument>(data);
    bool wholeRuns = argument && !k.operandLayout(argument.getArgNumber());
    Value total = k.index(1), run = k.index(1);
    for (Value s : sizes)
      total = k.mul(total, s);
    if (!wholeRuns && !sizes.empty())
      run = sizes.back();
    auto [begin, end] = k.share(wholeRuns ? ceilDiv(total, kCopied) : unitsOf(sizes));
    if (wholeRuns) {
      Type storage = storageType(elementOf(data));
      Value from = k.operandPtr(argument.getArgNumber()), to = k.resultPtr(0);
      overRun(e, k.mul(begin, kCopied), k.min(k.mul(end, kCopied), total), width, [&](Coord c, int64_t lanes) {
        if (Value limit = e.getLaneLimit())
          k.storeMasked(k.loadMasked(from, c.base, storage, lanes, limit), to, c.base, limit);
        else
          k.store(k.load(from, c.base, storage, lanes), to, c.base);
      });
      return success();
    }
    bool failed = false;
    auto element = [&](ArrayRef<Coord> index, int64_t lanes) {
      Value v = e.at(data, index, lanes);
      failed |= !v;
      if (v)
        e.storeResult(0, v, index, lanes);
    };
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      if (sizes.empty())
        return element({}, 1);
      SmallVector<Value> outer(sizes.begin(), sizes.end() - 1);
      Coords index = coords(outer.empty() ? SmallVector<Value>() : e.delinearize(unit, outer));
      index.push_back({});
      overRun(e, k.index(0), run, width, [&](Coord c, int64_t lanes) {
        index.back() = c;
        element(index, lanes);
      });
    });
    return success(!failed);
  }

  Value ceilDiv(Value a, int64_t b) { return k.floorDiv(k.add(a, b - 1), k.index(b)); }

  /// Runs along the last dimension.
  Value unitsOf(ArrayRef<Value> sizes) {
    Value units = k.index(1);
    for (Value s : sizes.drop_back(sizes.empty() ? 0 : 1))
      units = k.mul(units, s);
    return units;
  }

  Value no(Value bit) {
    return arith::XOrIOp::create(k.b, k.loc, bit, arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true)));
  }

  /// This thread's elements of a dimension along which no two updates meet.
  std::pair<Value, Value> partOf(Value size) {
    auto [begin, end] = k.share(ceilDiv(size, kScattered));
    return {k.mul(begin, kScattered), k.min(k.mul(end, kScattered), size)};
  }

  /// Threads share out a dimension that is not scattered along: each line sees its
  /// updates in their order.
  LogicalResult scatterElements(ScatterElementsOp op) {
    Type element = elementOf(op.getData());
    SmallVector<Value> sizes = e.sizesOf(op.getData()), updates = e.sizesOf(op.getIndices());
    int64_t axis = op.getAxis(), last = sizes.size() - 1;
    int64_t divided = axis != last ? last : last > 0 ? 0 : -1;
    auto body = [&](ArrayRef<Value> index) {
      Value bad;
      Coords to = coords(index);
      to[axis].base = checked(e.at(op.getIndices(), coords(index), 1), sizes[axis], bad);
      k.recordError(bad, e.linearize(index, updates));
      Value update = e.at(op.getUpdates(), coords(index), 1);
      k.ifThen(no(bad), [&] { combine(element, op.getReduction(), to, sizes, update, 1); });
    };
    if (divided < 0) {
      once([&] { overSpace(updates, body); });
      return success();
    }
    auto [begin, end] = partOf(updates[divided]);
    overSpace(updates, body, divided, begin, end);
    return success();
  }

  /// Slices are added along their last dimension with vectors; threads share it out.
  LogicalResult scatterNd(ScatterNdOp op) {
    Type element = elementOf(op.getData());
    SmallVector<Value> sizes = e.sizesOf(op.getData()), indices = e.sizesOf(op.getIndices());
    size_t tuple = cast<RankedTensorType>(op.getIndices().getType()).getShape().back();
    size_t outer = indices.size() - 1;
    SmallVector<Value> space(indices.begin(), indices.begin() + outer);
    space.append(sizes.begin() + tuple, sizes.end());
    bool slices = tuple < sizes.size();
    int64_t width = lanesOf(k.kernel, k.target);
    Value begin, end;
    if (slices)
      std::tie(begin, end) = partOf(space.back());
    auto update = [&](ArrayRef<Value> index) {
      Value bad;
      Coords to;
      for (size_t i = 0; i < tuple; ++i) {
        Coords from = coords(index.take_front(outer));
        from.push_back({k.index(i), 0});
        to.push_back({checked(e.at(op.getIndices(), from, 1), sizes[i], bad), 0});
      }
      if (!bad)
        bad = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(false));
      to.append(coords(index.drop_front(outer)));
      Coords at = coords(index);
      if (slices) {
        to.push_back({begin, 0});
        at.push_back({begin, 0});
      }
      SmallVector<Value> flat;
      for (Coord c : at)
        flat.push_back(c.base);
      k.recordError(bad, e.linearize(flat, space));
      k.ifThen(no(bad), [&] {
        ElementAt::Scope scope(e);
        if (!slices)
          return combine(element, op.getReduction(), to, sizes, e.at(op.getUpdates(), at, 1), 1);
        overRun(e, begin, end, width, [&](Coord c, int64_t lanes) {
          to.back() = at.back() = c;
          combine(element, op.getReduction(), to, sizes, e.at(op.getUpdates(), at, lanes), lanes);
        });
      });
    };
    if (!slices) {
      once([&] { overSpace(space, update); });
      return success();
    }
    Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, begin, end);
    k.ifThen(some, [&] {
      ElementAt::Scope scope(e);
      overSpace(ArrayRef(space).drop_back(), update);
    });
    return success();
  }

  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  Operation *hero;
};

} // namespace

SymExpr mlopt::orderedShared(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  if (isRecurrentHero(hero))
    return recurrentShared(hero, shapes);
  return SymExpr::constant(kernel.getContext(), 0);
}

int64_t mlopt::orderedPhases(KernelOp kernel) {
  // A scatter copies its data first.
  return isRecurrentHero(kernel.getHeroOp()) || isa<ScatterElementsOp, ScatterNdOp>(kernel.getHeroOp()) ? 2 : 1;
}

LogicalResult mlopt::emitOrdered(ElementAt &e, int64_t phase) {
  if (isRecurrentHero(e.k.kernel.getHeroOp()))
    return emitRecurrent(e, phase);
  return OrderedEmitter(e).run(phase);
}
