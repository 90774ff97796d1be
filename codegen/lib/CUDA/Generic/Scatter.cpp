//===- Scatter.cpp - Updates that meet in their order ---------------------===//
//
// Without a reduction the last update of an element counts: a first phase notes
// the greatest number of an update that goes there, a second one writes it.
// With one, no two threads may meet at an element, and updates are combined in
// their order: a thread has a line that all its updates stay in (or an element of
// the slice that each update is), or, where there are too few of those, an
// element of the result that it looks through the updates for.
//
//===----------------------------------------------------------------------===//
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

static Type elementOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getElementType(); }

/// Fewer threads than that leave most of a GPU idle.
static constexpr int64_t kFew = 64;

namespace {

/// A scatter as `updates` with a target each. A target is an element of the data
/// or, where an index names fewer dimensions, a slice.
struct ScatterSpec {
  Operation *hero;
  ScatterReduction reduction;
  Value data, indices, updates;
  int64_t axis = -1; ///< scatter_elements; -1: scatter_nd
  int64_t tuple = 0; ///< scatter_nd: dimensions that an index names
  SymShape shape;    ///< of the data
  SymShape outer;    ///< of the indices: scatter_elements one each, scatter_nd without the tuple
  SymShape slice;    ///< of the data, that an update fills; empty for elements

  ScatterSpec(Operation *hero, ShapeAnalysis &shapes) : hero(hero) {
    if (auto op = dyn_cast<ScatterElementsOp>(hero)) {
      reduction = op.getReduction();
      std::tie(data, indices, updates) = std::tuple(op.getData(), op.getIndices(), op.getUpdates());
      axis = op.getAxis();
      outer = shapes.shapeOf(indices);
    } else {
      auto nd = cast<ScatterNdOp>(hero);
      reduction = nd.getReduction();
      std::tie(data, indices, updates) = std::tuple(nd.getData(), nd.getIndices(), nd.getUpdates());
      tuple = cast<RankedTensorType>(indices.getType()).getShape().back();
      outer = shapes.shapeOf(indices);
      outer.pop_back();
    }
    shape = shapes.shapeOf(data);
    if (axis < 0)
      slice.assign(shape.begin() + tuple, shape.end());
  }

  /// Dimensions that targets are numbered over.
  ArrayRef<SymExpr> targets() const { return axis >= 0 ? ArrayRef(shape) : ArrayRef(shape).take_front(tuple); }
  /// Sizes that a thread of the form "lines" has an index of.
  SymShape lines() const {
    if (axis < 0)
      return slice;
    SymShape sizes = outer;
    sizes.erase(sizes.begin() + axis);
    return sizes;
  }
};

class ScatterEmitter {
public:
  ScatterEmitter(ElementAt &e, const GenericPlan &plan)
      : e(e), k(e.k), m(e.scalarMath()), plan(plan), spec(k.kernel.getHeroOp(), k.shapes),
        element(elementOf(spec.data)), sizes(valuesOf(spec.shape)), outer(valuesOf(spec.outer)),
        slice(valuesOf(spec.slice)) {}

  LogicalResult run(int64_t phase) {
    const GenericPhase &p = plan.phases[phase];
    if (plan.form == "last")
      phase == 0 ? forgetTargets(p) : phase == 1 ? noteLast(p) : writeLast(p);
    else if (plan.form == "lines")
      phase == 0 ? copyData(p) : combineLines(p);
    else
      phase == 0 ? checkUpdates(p) : combineElements(p);
    return success(!failed);
  }

private:
  SmallVector<Value> valuesOf(ArrayRef<SymExpr> shape) {
    SmallVector<Value> values;
    for (SymExpr size : shape)
      values.push_back(k.size(size));
    return values;
  }
  SmallVector<Value> indexOf(Value linear, ArrayRef<Value> shape) {
    return shape.empty() ? SmallVector<Value>() : e.delinearize(linear, shape);
  }
  Value at(Value tensor, ArrayRef<Value> index) {
    Value v = e.at(tensor, coordsOf(index), 1);
    failed |= !v;
    return v ? v : arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(computeType(elementOf(tensor)))).getResult();
  }
  Value compare(arith::CmpIPredicate p, Value a, Value b) { return arith::CmpIOp::create(k.b, k.loc, p, a, b); }
  Value no(Value bit) {
    return arith::XOrIOp::create(k.b, k.loc, bit, arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true)));
  }
  void when(Value condition, llvm::function_ref<void()> body) {
    k.ifThen(condition, [&] {
      ElementAt::Scope scope(e);
      body();
    });
  }

  /// Target of the update at `index` into the outer sizes, and whether it lies outside (i1).
  std::pair<SmallVector<Value>, Value> targetOf(ArrayRef<Value> index) {
    Value bad;
    SmallVector<Value> to;
    if (spec.axis >= 0) {
      to.assign(index.begin(), index.end());
      to[spec.axis] = e.checkedIndex(at(spec.indices, index), sizes[spec.axis], bad);
      return {to, bad};
    }
    for (int64_t i = 0; i < spec.tuple; ++i) {
      SmallVector<Value> from(index);
      from.push_back(k.index(i));
      to.push_back(e.checkedIndex(at(spec.indices, from), sizes[i], bad));
    }
    if (!bad)
      bad = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(false));
    return {to, bad};
  }

  /// An index outside is told with the number of the first element that it is for.
  void record(Value bad, ArrayRef<Value> index) {
    SmallVector<Value> place(index), space(outer);
    place.append(slice.size(), k.index(0));
    space.append(slice);
    k.recordError(bad, e.linearize(place, space));
  }

  Value updateAt(ArrayRef<Value> index, ArrayRef<Value> within) {
    SmallVector<Value> from(index);
    from.append(within.begin(), within.end());
    return at(spec.updates, from);
  }

  /// `old` with an update, rounded as it lies in memory.
  Value combined(Value old, Value update) {
    ReduceKind kind = spec.reduction == ScatterReduction::add   ? ReduceKind::sum
                      : spec.reduction == ScatterReduction::mul ? ReduceKind::prod
                      : spec.reduction == ScatterReduction::max ? ReduceKind::max
                                                                : ReduceKind::min;
    return fromStorage(m, toStorage(m, reductionStep(m, kind, element, old, update), element), element);
  }

  void store(Value v, ArrayRef<Value> index) { e.storeResult(0, v, coordsOf(index), 1); }

  //--- the last update counts ------------------------------------------------//

  void forgetTargets(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value target) { k.store(k.index(0), k.sharedScratch(), target); });
  }

  void noteLast(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value update) {
      SmallVector<Value> index = indexOf(update, outer);
      auto [to, bad] = targetOf(index);
      record(bad, index);
      when(no(bad), [&, to = to] {
        Value target = e.linearize(to, valuesOf(spec.targets()));
        LLVM::AtomicRMWOp::create(k.b, k.loc, LLVM::AtomicBinOp::umax,
                                  k.elementPtr(k.sharedScratch(), target, k.b.getI64Type()), k.add(update, 1),
                                  LLVM::AtomicOrdering::monotonic);
      });
    });
  }

  void writeLast(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value unit) {
      SmallVector<Value> to = indexOf(unit, sizes);
      auto named = ArrayRef(to).take_front(spec.targets().size());
      Value number = k.load(k.sharedScratch(), e.linearize(named, valuesOf(spec.targets())), k.b.getI64Type());
      Type type = computeType(element);
      auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type},
                                      compare(arith::CmpIPredicate::eq, number, k.index(0)), true);
      for (bool isData : {true, false}) {
        OpBuilder::InsertionGuard guard(k.b);
        k.b.setInsertionPointToStart(isData ? branch.thenBlock() : branch.elseBlock());
        ElementAt::Scope scope(e);
        Value v = isData ? at(spec.data, to)
                         : updateAt(indexOf(k.sub(number, k.index(1)), outer), ArrayRef(to).drop_front(named.size()));
        scf::YieldOp::create(k.b, k.loc, v);
      }
      store(branch.getResult(0), to);
    });
  }

  //--- a line for each thread ------------------------------------------------//

  void copyData(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value unit) {
      SmallVector<Value> index = indexOf(unit, sizes);
      store(at(spec.data, index), index);
    });
  }

  void combineAt(ArrayRef<Value> to, Value update) {
    Value offset = e.linearize(to, sizes);
    Value old = fromStorage(m, k.load(k.resultPtr(0), offset, storageType(element)), element);
    store(combined(old, update), to);
  }

  void combineLines(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value unit) {
      SmallVector<Value> line = indexOf(unit, valuesOf(spec.lines()));
      auto one = [&](ArrayRef<Value> index, ArrayRef<Value> within) {
        auto [to, bad] = targetOf(index);
        record(bad, index);
        when(no(bad), [&, to = to] {
          SmallVector<Value> place(to);
          place.append(within.begin(), within.end());
          combineAt(place, updateAt(index, within));
        });
      };
      if (spec.axis >= 0) {
        e.loop(k.index(0), outer[spec.axis], {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
          SmallVector<Value> index = line;
          index.insert(index.begin() + spec.axis, iv);
          one(index, {});
          return {};
        });
        return;
      }
      Value count = k.size(numElements(k.b.getContext(), spec.outer));
      e.loop(k.index(0), count, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
        one(indexOf(iv, outer), line);
        return {};
      });
    });
  }

  //--- an element of the result for each thread ------------------------------//

  void checkUpdates(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value update) {
      SmallVector<Value> index = indexOf(update, outer);
      record(targetOf(index).second, index);
    });
  }

  void combineElements(const GenericPhase &phase) {
    forUnit(e, phase, [&](Value unit) {
      SmallVector<Value> place = indexOf(unit, sizes);
      Value start = at(spec.data, place);
      auto step = [&](ArrayRef<Value> index, Value here, ArrayRef<Value> within, Value sum) -> Value {
        auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{sum.getType()}, here, true);
        OpBuilder::InsertionGuard guard(k.b);
        k.b.setInsertionPointToStart(branch.thenBlock());
        ElementAt::Scope scope(e);
        scf::YieldOp::create(k.b, k.loc, combined(sum, updateAt(index, within)));
        k.b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(k.b, k.loc, sum);
        return branch.getResult(0);
      };
      auto hits = [&](ArrayRef<Value> index) {
        auto [to, bad] = targetOf(index);
        Value here = no(bad);
        for (size_t i = 0; i < to.size(); ++i)
          here = arith::AndIOp::create(k.b, k.loc, here, compare(arith::CmpIPredicate::eq, to[i], place[i]));
        return here;
      };
      Value lower = k.index(0), upper;
      if (spec.axis < 0) {
        upper = k.size(numElements(k.b.getContext(), spec.outer));
      } else {
        // Updates of other lines do not come here, and some lines have none.
        upper = outer[spec.axis];
        for (size_t i = 0; i < place.size(); ++i)
          if (static_cast<int64_t>(i) != spec.axis)
            upper = arith::SelectOp::create(
                k.b, k.loc, compare(arith::CmpIPredicate::slt, place[i], outer[i]), upper, lower);
      }
      Value sum = e.loop(lower, upper, start, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
        SmallVector<Value> index = place;
        if (spec.axis >= 0)
          index[spec.axis] = iv;
        else
          index = indexOf(iv, outer);
        auto within = spec.axis >= 0 ? ArrayRef<Value>() : ArrayRef(place).drop_front(spec.tuple);
        return {step(index, hits(index), within, carried[0])};
      })[0];
      store(sum, place);
    });
  }

  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  const GenericPlan &plan;
  ScatterSpec spec;
  Type element;
  SmallVector<Value> sizes, outer, slice;
  bool failed = false;
};

} // namespace

GenericPlan cuda::planScatter(KernelOp kernel, ShapeAnalysis &shapes) {
  MLIRContext *context = kernel.getContext();
  ScatterSpec spec(kernel.getHeroOp(), shapes);
  SymExpr elements = numElements(context, spec.shape), updates = numElements(context, spec.outer);
  GenericPlan plan;
  plan.walk = "scatter";
  if (spec.reduction == ScatterReduction::none) {
    SymExpr targets = numElements(context, spec.targets());
    plan.form = "last";
    plan.scratch = targets * 8;
    plan.phases = {{targets}, {updates}, {elements}};
    return plan;
  }
  SymExpr lines = numElements(context, spec.lines());
  if (lines.getConstant().value_or(kFew) < kFew) {
    plan.form = "elements";
    plan.phases = {{updates}, {elements}};
  } else {
    plan.form = "lines";
    plan.phases = {{elements}, {lines}};
  }
  return plan;
}

LogicalResult cuda::emitScatter(ElementAt &e, const GenericPlan &plan, int64_t phase) {
  return ScatterEmitter(e, plan).run(phase);
}
