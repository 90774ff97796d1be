//===- OrderedHeroes.cpp - Scans, sorting and scatters --------------------===//
//
// Heroes whose result elements depend on one another. Each unit of work (a
// line along the hero's axis, or a slice of the result that no other unit
// writes) runs in program order, so the bits do not depend on the threads.
//
//===----------------------------------------------------------------------===//
#include "GenericEmitter.h"
#include "RecurrentHeroes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static bool isUnsigned(Type element) {
  auto type = dyn_cast<IntegerType>(element);
  return type && (type.isUnsigned() || type.getWidth() == 1);
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

SymExpr mlopt::orderedUnits(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  if (isRecurrentHero(hero))
    return recurrentUnits(hero, shapes);
  // Updates may meet anywhere along the scattered axes: one thread keeps their order.
  if (isa<ScatterElementsOp, ScatterNdOp>(hero))
    return units;
  for (auto [i, size] : llvm::enumerate(shapes.shapeOf(hero->getOperand(0))))
    if (static_cast<int64_t>(i) != lineAxis(hero))
      units = units * size;
  return units;
}

SymExpr mlopt::orderedScratch(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  if (isRecurrentHero(hero))
    return recurrentScratch(hero, shapes);
  return SymExpr::constant(kernel.getContext(), 0);
}

namespace {

class OrderedEmitter {
public:
  explicit OrderedEmitter(ElementAt &e) : e(e), k(e.k), m(e.scalarMath()), hero(k.kernel.getHeroOp()) {}

  LogicalResult run() {
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
    overLines(sizes, axis, [&](SmallVector<Value> index) {
      Value init = reductionNeutral(m, kind, element, 1);
      e.loop(k.index(0), sizes[axis], init, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
        index[axis] = op.getReverse() ? k.sub(k.sub(sizes[axis], iv), k.index(1)) : iv;
        Value x = e.at(op.getInput(), coords(index), 1);
        Value next = reductionStep(m, kind, element, carried[0], x);
        e.storeResult(0, op.getExclusive() ? carried[0] : next, coords(index), 1);
        return {next};
      });
    });
    return success();
  }

  /// Whether a comes before b: a larger (or smaller) value; NaN is largest.
  Value before(Type element, bool largest, Value a, Value b) {
    if (isa<FloatType>(computeType(element))) {
      Value aNan = m.isNan(a), bNan = m.isNan(b);
      auto p = largest ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
      Value ordered = m.cmpF(p, a, b);
      Value nanFirst = largest ? m.andI(aNan, m.notI(bNan)) : m.andI(bNan, m.notI(aNan));
      return m.orI(ordered, nanFirst);
    }
    bool u = isUnsigned(element);
    using P = arith::CmpIPredicate;
    return m.cmpI(largest ? (u ? P::ugt : P::sgt) : (u ? P::ult : P::slt), a, b);
  }

  /// Insertion into the sorted list of the best k so far, which lies in the
  /// results themselves: k comparisons per element at worst, stable.
  LogicalResult topK(TopKOp op) {
    Type element = elementOf(op.getInput());
    SmallVector<Value> sizes = e.sizesOf(op.getInput()), outSizes = e.sizesOf(op.getValues());
    int64_t axis = op.getAxis();
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    int valuesAt = -1, indicesAt = -1;
    for (auto [i, v] : llvm::enumerate(yield.getValues())) {
      if (v == op.getValues())
        valuesAt = i;
      if (v == op.getIndices())
        indicesAt = i;
    }
    if (indicesAt < 0)
      return op.emitError("expects the indices of a top_k to be a result of its kernel");
    Value kk = outSizes[axis];
    Value one = k.index(1);
    Type i64 = k.b.getI64Type();
    overLines(sizes, axis, [&](SmallVector<Value> index) {
      Value lineBase, stride = one;
      {
        SmallVector<Value> start = index;
        start[axis] = k.index(0);
        lineBase = e.linearize(start, outSizes);
        for (size_t i = axis + 1; i < outSizes.size(); ++i)
          stride = k.mul(stride, outSizes[i]);
      }
      auto slot = [&](Value position) { return k.add(lineBase, k.mul(position, stride)); };
      Value indices = k.resultPtr(indicesAt);
      auto valueAt = [&](Value original) {
        SmallVector<Value> from = index;
        from[axis] = original;
        return e.at(op.getInput(), coords(from), 1);
      };
      e.loop(k.index(0), sizes[axis], k.index(0), [&](Value iv, ValueRange carried) -> SmallVector<Value> {
        Value x = valueAt(iv), count = carried[0];
        // Find the place from the end, moving later entries down.
        auto loopOp = scf::WhileOp::create(
            k.b, k.loc, TypeRange{i64}, ValueRange{count},
            [&](OpBuilder &, Location, ValueRange args) {
              ElementAt::Scope scope(e);
              Value p = args[0];
              Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, p, k.index(0));
              auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{k.b.getI1Type()}, some, true);
              {
                OpBuilder::InsertionGuard guard(k.b);
                k.b.setInsertionPointToStart(branch.thenBlock());
                ElementAt::Scope inner(e);
                Value other = k.load(indices, slot(k.sub(p, one)), i64);
                scf::YieldOp::create(k.b, k.loc, before(element, op.getLargest(), x, valueAt(other)));
                k.b.setInsertionPointToStart(branch.elseBlock());
                Value no = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(false));
                scf::YieldOp::create(k.b, k.loc, no);
              }
              scf::ConditionOp::create(k.b, k.loc, branch.getResult(0), args);
            },
            [&](OpBuilder &, Location, ValueRange args) {
              ElementAt::Scope scope(e);
              Value p = args[0];
              // The last of a full list falls out.
              Value room = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, p, kk);
              k.ifThen(room, [&] {
                Value moved = k.load(indices, slot(k.sub(p, one)), i64);
                k.store(moved, indices, slot(p));
              });
              scf::YieldOp::create(k.b, k.loc, k.sub(p, one));
            });
        k.b.setInsertionPointAfter(loopOp);
        Value place = loopOp.getResult(0);
        Value kept = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, place, kk);
        k.ifThen(kept, [&] { k.store(iv, indices, slot(place)); });
        return {k.min(k.add(count, one), kk)};
      });
      if (valuesAt < 0)
        return;
      k.forLoop(k.index(0), kk, 1, [&](Value iv) {
        ElementAt::Scope scope(e);
        Value original = k.load(indices, slot(iv), i64);
        SmallVector<Value> to = index;
        to[axis] = iv;
        e.storeResult(valuesAt, valueAt(original), coords(to), 1);
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

  /// Nested loops over an index space.
  void overSpace(ArrayRef<Value> sizes, llvm::function_ref<void(ArrayRef<Value>)> body) {
    SmallVector<Value> index(sizes.size());
    std::function<void(size_t)> nest = [&](size_t depth) {
      if (depth == sizes.size())
        return body(index);
      k.forLoop(k.index(0), sizes[depth], 1, [&](Value iv) {
        ElementAt::Scope scope(e);
        index[depth] = iv;
        nest(depth + 1);
      });
    };
    nest(0);
  }

  /// result[to] takes, or is combined with, `update`.
  void combine(Type element, ScatterReduction reduction, ArrayRef<Value> to, ArrayRef<Value> sizes, Value update) {
    Type storage = storageType(element);
    Value offset = e.linearize(to, sizes), ptr = k.resultPtr(0);
    Value v = update;
    if (reduction != ScatterReduction::none) {
      Value old = fromStorage(m, k.load(ptr, offset, storage), element);
      ReduceKind kind = reduction == ScatterReduction::add   ? ReduceKind::sum
                        : reduction == ScatterReduction::mul ? ReduceKind::prod
                        : reduction == ScatterReduction::max ? ReduceKind::max
                                                             : ReduceKind::min;
      v = reductionStep(m, kind, element, old, update);
    }
    k.store(toStorage(m, v, element), ptr, offset);
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

  void copyData(Value data, ArrayRef<Value> sizes) {
    overSpace(sizes, [&](ArrayRef<Value> index) { e.storeResult(0, e.at(data, coords(index), 1), coords(index), 1); });
  }

  LogicalResult scatterElements(ScatterElementsOp op) {
    Type element = elementOf(op.getData());
    SmallVector<Value> sizes = e.sizesOf(op.getData()), updates = e.sizesOf(op.getIndices());
    once([&] {
      copyData(op.getData(), sizes);
      overSpace(updates, [&](ArrayRef<Value> index) {
        Value bad;
        SmallVector<Value> to(index.begin(), index.end());
        to[op.getAxis()] = checked(e.at(op.getIndices(), coords(index), 1), sizes[op.getAxis()], bad);
        k.recordError(bad, e.linearize(index, updates));
        Value update = e.at(op.getUpdates(), coords(index), 1);
        Value good = arith::XOrIOp::create(k.b, k.loc, bad, arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true)));
        k.ifThen(good, [&] { combine(element, op.getReduction(), to, sizes, update); });
      });
    });
    return success();
  }

  LogicalResult scatterNd(ScatterNdOp op) {
    Type element = elementOf(op.getData());
    SmallVector<Value> sizes = e.sizesOf(op.getData()), indices = e.sizesOf(op.getIndices());
    int64_t tuple = cast<RankedTensorType>(op.getIndices().getType()).getShape().back();
    size_t outer = indices.size() - 1;
    SmallVector<Value> space(indices.begin(), indices.begin() + outer);
    space.append(sizes.begin() + tuple, sizes.end());
    once([&] {
      copyData(op.getData(), sizes);
      overSpace(space, [&](ArrayRef<Value> index) {
        Value bad;
        SmallVector<Value> to;
        for (int64_t i = 0; i < tuple; ++i) {
          Coords from = coords(index.take_front(outer));
          from.push_back({k.index(i), 0});
          to.push_back(checked(e.at(op.getIndices(), from, 1), sizes[i], bad));
        }
        to.append(index.begin() + outer, index.end());
        k.recordError(bad, e.linearize(index, space));
        Value update = e.at(op.getUpdates(), coords(index), 1);
        Value good = arith::XOrIOp::create(k.b, k.loc, bad, arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true)));
        k.ifThen(good, [&] { combine(element, op.getReduction(), to, sizes, update); });
      });
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

int64_t mlopt::orderedPhases(KernelOp kernel) { return isRecurrentHero(kernel.getHeroOp()) ? 2 : 1; }

LogicalResult mlopt::emitOrdered(ElementAt &e, int64_t phase) {
  if (isRecurrentHero(e.k.kernel.getHeroOp()))
    return emitRecurrent(e, phase);
  return OrderedEmitter(e).run();
}
