//===- WarpRows.cpp - A row for each warp ---------------------------------===//
//
// Softmax, norms and reductions along the last axes. Lane l of a warp takes the
// elements l, l + 32, ... of a row; their statistics meet in a butterfly, whose
// result is the same in every lane. The order of a sum depends on sizes only.
//
//===----------------------------------------------------------------------===//
#include "GenericEmitter.h"
#include "Generic/RowSpec.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

bool cuda::walksRows(KernelOp kernel) {
  Operation *hero = kernel.getHeroOp();
  if (!isRowHero(hero))
    return false;
  // A reduction between blocked layouts writes their padding: element by element.
  ArrayAttr layouts = kernel.getLayoutsAttr();
  return !isa<ReduceOp>(hero) || !layouts ||
         llvm::none_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); });
}

GenericPlan cuda::planRows(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  RowSpec spec = rowSpecOf(hero);
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  SymShape shape = shapes.shapeOf(hero->getOperand(0));
  for (auto [i, size] : llvm::enumerate(shape))
    if (!llvm::is_contained(spec.axes, static_cast<int64_t>(i)))
      units = units * size;
  if (spec.groupAxis >= 0)
    units = units * (spec.groups ? SymExpr::constant(kernel.getContext(), spec.groups) : shape[spec.groupAxis]);
  GenericPlan plan;
  plan.walk = "rows";
  plan.phases.push_back({units, /*isWarp=*/true});
  return plan;
}

namespace {

class WarpRows {
public:
  WarpRows(ElementAt &e, GpuBuilder &g)
      : e(e), k(g), g(g), m(e.scalarMath()), hero(g.kernel.getHeroOp()), spec(rowSpecOf(hero)),
        input(hero->getOperand(0)), element(cast<RankedTensorType>(input.getType()).getElementType()),
        sizes(e.sizesOf(input)), rank(sizes.size()) {}

  LogicalResult run(const GenericPlan &plan) {
    lane = k.rem(k.thread(), k.index(32));
    LogicalResult result = success();
    forUnit(e, plan.phases[0], [&](Value unit) {
      SmallVector<Value> outer;
      for (int64_t i = 0; i < rank; ++i)
        if (!isRowAxis(i))
          outer.push_back(sizes[i]);
      Value groupSize;
      if (spec.groupAxis >= 0) {
        Value groups = spec.groups ? k.index(spec.groups) : sizes[spec.groupAxis];
        groupSize = k.floorDiv(sizes[spec.groupAxis], groups);
        outer.push_back(groups);
      }
      row = outer.empty() ? SmallVector<Value>() : e.delinearize(unit, outer);
      length = k.index(1);
      for (int64_t axis : spec.axes) {
        rowSizes.push_back(axis == spec.groupAxis ? groupSize : sizes[axis]);
        length = k.mul(length, rowSizes.back());
      }
      if (spec.groupAxis >= 0)
        groupStart = k.mul(row.back(), groupSize);
      result = dispatch();
    });
    return result;
  }

private:
  bool isRowAxis(int64_t i) { return llvm::is_contained(spec.axes, i); }

  /// Index of element `i` of the row.
  Coords place(Value i) {
    SmallVector<Value> along = e.delinearize(i, rowSizes);
    Coords index;
    size_t next = 0, nextAlong = 0;
    for (int64_t axis = 0; axis < rank; ++axis) {
      Value at = isRowAxis(axis) ? along[nextAlong++] : row[next++];
      index.push_back({axis == spec.groupAxis ? k.add(at, groupStart) : at, 0});
    }
    return index;
  }

  using Term = llvm::function_ref<Value(ArrayRef<Coord>)>;

  /// One statistic over the row, the same in all lanes.
  Value statistic(ReduceKind kind, Term term) {
    Value acc = k.forLoop(lane, length, 32, reductionNeutral(m, kind, element, 1),
                          [&](Value i, ValueRange carried) -> SmallVector<Value> {
                            ElementAt::Scope scope(e);
                            return {reductionStep(m, kind, element, carried[0], term(place(i)))};
                          })[0];
    for (int64_t mask = 16; mask > 0; mask /= 2)
      acc = reductionStep(m, kind, element, acc, g.shuffleXor(acc, mask));
    return acc;
  }

  /// Writes the kernel's results at every element of the row, the hero's element
  /// being given by `f`.
  LogicalResult writeRow(Term f) {
    LogicalResult result = success();
    Value heroResult = hero->getResult(0);
    e.setOverride(heroResult, [&](ArrayRef<Coord> index, int64_t) { return f(index); });
    overRow([&](ArrayRef<Coord> at) {
      SmallVector<Value> index;
      for (Coord c : at)
        index.push_back(c.base);
      result = storeResults(e, index);
    });
    e.clearOverride(heroResult);
    return result;
  }

  void overRow(llvm::function_ref<void(ArrayRef<Coord>)> body) {
    k.forLoop(lane, length, 32, [&](Value i) {
      ElementAt::Scope scope(e);
      body(place(i));
    });
  }

  Value read(ArrayRef<Coord> index) { return e.at(input, index, 1); }

  LogicalResult dispatch() {
    return llvm::TypeSwitch<Operation *, LogicalResult>(hero)
        .Case<SoftmaxOp>([&](SoftmaxOp op) { return softmax(op); })
        .Case<LayerNormOp>([&](LayerNormOp op) {
          return normalize(op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), true, false);
        })
        .Case<RmsNormOp>([&](RmsNormOp op) {
          return normalize(op.getScale(), Value(), op.getEpsilon().convertToDouble(), false, false);
        })
        .Case<GroupNormOp>([&](GroupNormOp op) {
          return normalize(op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), true, true);
        })
        .Case<ReduceOp>([&](ReduceOp op) { return reduce(op); })
        .Default([](Operation *op) { return op->emitError("not a row hero"); });
  }

  LogicalResult softmax(SoftmaxOp op) {
    Value top = statistic(ReduceKind::max, [&](ArrayRef<Coord> i) { return read(i); });
    // A row of -inf alone gives NaN, as the definition does.
    auto shifted = [&](ArrayRef<Coord> i) { return m.sub(read(i), top); };
    Value sum = statistic(ReduceKind::sum, [&](ArrayRef<Coord> i) { return m.exp(shifted(i)); });
    if (op.getLog()) {
      Value logSum = m.log(sum);
      return writeRow([&](ArrayRef<Coord> i) { return m.sub(shifted(i), logSum); });
    }
    Value inverse = m.div(m.constF(sum, 1.0), sum);
    return writeRow([&](ArrayRef<Coord> i) { return m.mul(m.exp(shifted(i)), inverse); });
  }

  LogicalResult normalize(Value scale, Value bias, double epsilon, bool centred, bool perChannel) {
    Value n = countAs(m, length, element), mean;
    if (centred)
      mean = m.div(statistic(ReduceKind::sum, [&](ArrayRef<Coord> i) { return read(i); }), n);
    auto centre = [&](ArrayRef<Coord> i) { return centred ? m.sub(read(i), mean) : read(i); };
    Value squares = statistic(ReduceKind::sum, [&](ArrayRef<Coord> i) {
      Value d = centre(i);
      return m.mul(d, d);
    });
    Value variance = m.div(squares, n);
    Value inverse = m.div(m.constF(variance, 1.0), m.sqrt(m.add(variance, m.constF(variance, epsilon))));
    return writeRow([&](ArrayRef<Coord> i) -> Value {
      Value y = m.mul(centre(i), inverse);
      auto parameter = [&](Value p) {
        if (perChannel)
          return e.at(p, i[1], 1);
        // Aligned with the last axes, broadcast where its size is 1.
        SymShape shape = k.shapes.shapeOf(p);
        Coords at;
        for (size_t d = 0; d < shape.size(); ++d)
          at.push_back(shape[d].isConstant(1) ? Coord{k.index(0), 0} : i[d + rank - shape.size()]);
        return e.at(p, at, 1);
      };
      bool scaled = scale && isa<RankedTensorType>(scale.getType());
      bool shifted = bias && isa<RankedTensorType>(bias.getType());
      if (scaled && shifted)
        return m.fma(y, parameter(scale), parameter(bias));
      if (scaled)
        return m.mul(y, parameter(scale));
      return shifted ? m.add(y, parameter(bias)) : y;
    });
  }

  LogicalResult reduce(ReduceOp op) {
    Value v = statistic(op.getKind(), [&](ArrayRef<Coord> i) { return read(i); });
    if (op.getKind() == ReduceKind::mean) {
      Value n = countAs(m, length, element);
      auto type = dyn_cast<IntegerType>(element);
      v = isa<FloatType>(computeType(element)) ? m.div(v, n) : m.divI(v, n, type && type.isUnsigned());
    }
    Coords index;
    size_t next = 0;
    for (int64_t i = 0; i < rank; ++i) {
      if (!isRowAxis(i))
        index.push_back({row[next++], 0});
      else if (op.getKeepdims())
        index.push_back({k.index(0), 0});
    }
    e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return v; });
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    LogicalResult result = success();
    SymShape whole = k.shapes.shapeOf(input), one = k.shapes.shapeOf(op.getResult());
    auto store = [&](unsigned r, ArrayRef<Coord> at) {
      if (Value out = e.at(yield.getValues()[r], at, 1))
        e.storeResult(r, out, at, 1);
      else
        result = failure();
    };
    SmallVector<unsigned> rows, ones;
    for (auto [r, value] : llvm::enumerate(yield.getValues()))
      // What has the operand's shape is the row itself, changed by its statistic.
      (whole != one && k.shapes.shapeOf(value) == whole ? rows : ones).push_back(r);
    if (!ones.empty())
      k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, lane, k.index(0)), [&] {
        ElementAt::Scope scope(e);
        for (unsigned r : ones)
          store(r, index);
      });
    if (!rows.empty())
      overRow([&](ArrayRef<Coord> at) {
        for (unsigned r : rows)
          store(r, at);
      });
    e.clearOverride(op.getResult());
    return result;
  }

  ElementAt &e;
  KernelBuilder &k;
  GpuBuilder &g;
  ScalarMath m;
  Operation *hero;
  RowSpec spec;
  Value input;
  Type element;
  SmallVector<Value> sizes, row, rowSizes;
  int64_t rank;
  Value lane, length, groupStart;
};

} // namespace

LogicalResult cuda::emitRows(ElementAt &e, GpuBuilder &g, const GenericPlan &plan) {
  return WarpRows(e, g).run(plan);
}
