//===- RowHeroes.cpp - Softmax, norms and reductions along rows -----------===//
//
// A row is what one statistic (maximum, sum, mean) is taken over. Lanes run
// along the row where it is contiguous, else across rows; either way the order
// of a sum depends on sizes only.
//
//===----------------------------------------------------------------------===//
#include "GenericEmitter.h"
#include "OwnShare.h"
#include "Generic/RowSpec.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

namespace {

class RowEmitter {
public:
  RowEmitter(ElementAt &e)
      : e(e), k(e.k), m(e.scalarMath()), hero(k.kernel.getHeroOp()), spec(rowSpecOf(hero)),
        input(hero->getOperand(0)),
        element(cast<RankedTensorType>(input.getType()).getElementType()),
        sizes(e.sizesOf(input)), width(lanesOf(k.kernel, k.target)) {
    rank = sizes.size();
    alongRow = llvm::is_contained(spec.axes, rank - 1);
    flatten();
  }

  LogicalResult run() {
    SmallVector<Value> outerSizes;
    for (int64_t i = 0; i < rank; ++i)
      if (!isRowAxis(i))
        outerSizes.push_back(sizes[i]);
    if (spec.groupAxis >= 0) {
      groupCount = spec.groups ? k.index(spec.groups) : sizes[1];
      groupSize = k.floorDiv(sizes[1], groupCount);
      outerSizes.push_back(groupCount);
    }
    // Across rows the lanes are the innermost outer dimension.
    Value laneSize;
    if (!alongRow) {
      laneSize = outerSizes.back();
      outerSizes.back() = arith::CeilDivSIOp::create(k.b, k.loc, laneSize, k.index(width));
    }
    Value units = k.index(1);
    for (Value s : outerSizes)
      units = k.mul(units, s);
    auto [begin, end] = k.share(units);
    LogicalResult result = success();
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      SmallVector<Value> outer = e.delinearize(unit, outerSizes);
      if (alongRow) {
        if (failed(oneUnit(outer, {})))
          result = failure();
        return;
      }
      Value base = k.mul(outer.back(), width);
      outer.back() = base;
      Value room = k.min(k.sub(laneSize, base), k.index(width));
      if (k.target.hasMasks) {
        if (failed(oneUnit(outer, room)))
          result = failure();
        return;
      }
      // Full vectors, then the rest one by one.
      Value full = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, room, k.index(width));
      k.ifThen(
          full,
          [&] {
            ElementAt::Scope inner(e);
            if (failed(oneUnit(outer, {})))
              result = failure();
          },
          [&] {
            int64_t saved = width;
            width = 1;
            k.forLoop(k.index(0), room, 1, [&](Value lane) {
              ElementAt::Scope inner(e);
              SmallVector<Value> here = outer;
              here.back() = k.add(base, lane);
              if (failed(oneUnit(here, {})))
                result = failure();
            });
            width = saved;
          });
    });
    return result;
  }

private:
  bool isRowAxis(int64_t i) { return llvm::is_contained(spec.axes, i); }

  /// Trailing row axes of a plain row-major operand are one axis.
  void flatten() {
    mergedAxes = 0;
    auto argument = dyn_cast<BlockArgument>(input);
    if (!argument || k.operandLayout(argument.getArgNumber()) || !alongRow || spec.groupAxis >= 0 ||
        !isa<ReduceOp>(hero))
      return;
    while (mergedAxes + 1 < (int64_t)spec.axes.size() && isRowAxis(rank - 2 - mergedAxes))
      ++mergedAxes;
  }

  /// Visits the row's elements: `vector(index, lanes)` for runs along the last
  /// axis or across rows; loop-carried values thread through.
  SmallVector<Value> overRow(ArrayRef<Value> outer, ValueRange init,
                             llvm::function_ref<SmallVector<Value>(ArrayRef<Coord>, int64_t, ValueRange)> visit,
                             bool scalarTail, SmallVectorImpl<Value> *tail) {
    Coords index(rank);
    size_t next = 0;
    for (int64_t i = 0; i < rank; ++i)
      index[i] = isRowAxis(i) ? Coord{k.index(0), 0} : Coord{outer[next++], 0};
    if (!alongRow)
      index[rank - 1].step = 1;
    // Axes before the vectorised one run as scalar loops.
    SmallVector<std::tuple<int64_t, Value, Value>> nest; // axis, lower, upper
    for (int64_t axis : spec.axes) {
      Value lower = k.index(0), upper = sizes[axis];
      if (axis == spec.groupAxis) {
        lower = k.mul(outer[next], groupSize);
        upper = k.add(lower, groupSize);
      }
      nest.push_back({axis, lower, upper});
    }
    if (mergedAxes) {
      Value n = k.index(1);
      for (int64_t i = 0; i <= mergedAxes; ++i)
        n = k.mul(n, sizes[rank - 1 - i]);
      nest.resize(nest.size() - mergedAxes);
      std::get<0>(nest.back()) = rank - 1;
      std::get<2>(nest.back()) = n;
    }
    std::function<SmallVector<Value>(size_t, ValueRange)> walk = [&](size_t depth, ValueRange carried) -> SmallVector<Value> {
      if (depth == nest.size())
        return visit(index, alongRow ? 1 : width, carried);
      auto [axis, lower, upper] = nest[depth];
      int64_t a = axis;
      if (!(alongRow && depth + 1 == nest.size()))
        return e.loop(lower, upper, carried, [&](Value iv, ValueRange c) -> SmallVector<Value> {
          index[a].base = iv;
          return walk(depth + 1, c);
        });
      // The last axis by vectors.
      Value count = k.sub(upper, lower);
      Value full = k.add(lower, k.mul(k.floorDiv(count, k.index(width)), width));
      SmallVector<Value> after = k.forLoop(lower, full, width, carried, [&](Value iv, ValueRange c) -> SmallVector<Value> {
        ElementAt::Scope scope(e);
        index[a] = {iv, 1};
        return visit(index, width, c);
      });
      Value rest = k.sub(upper, full);
      if (!scalarTail) {
        // One masked vector.
        Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, rest, k.index(0));
        auto branch = scf::IfOp::create(k.b, k.loc, ValueRange(after).getTypes(), some, true);
        OpBuilder::InsertionGuard guard(k.b);
        k.b.setInsertionPointToStart(branch.thenBlock());
        {
          ElementAt::Scope scope(e);
          index[a] = {full, 1};
          e.setLaneLimit(rest);
          limit = rest;
          SmallVector<Value> r = visit(index, width, after);
          e.setLaneLimit({});
          limit = {};
          if (!after.empty())
            scf::YieldOp::create(k.b, k.loc, r);
        }
        if (after.empty()) // both branches came with their terminators
          return after;
        k.b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(k.b, k.loc, after);
        return SmallVector<Value>(branch.getResults());
      }
      // Elements one by one, into the scalar partners of the vectors.
      SmallVector<Value> scalars;
      if (tail)
        scalars.assign(tail->begin(), tail->end());
      SmallVector<Value> ends = e.loop(full, upper, scalars, [&](Value iv, ValueRange c) -> SmallVector<Value> {
        index[a] = {iv, 0};
        return visit(index, 1, c);
      });
      if (tail)
        tail->assign(ends.begin(), ends.end());
      return after;
    };
    return walk(0, init);
  }

  /// One statistic over the row: a scalar along rows, a vector across them.
  /// `f` gives the term of an element.
  Value statistic(ArrayRef<Value> outer, ReduceKind kind, llvm::function_ref<Value(ArrayRef<Coord>, int64_t)> f) {
    int64_t lanes = width;
    Value neutral = reductionNeutral(m, kind, element, lanes);
    // With several scalar loops around the vector loop a scalar tail cannot be
    // threaded through; masks or whole-row scalars are used then.
    bool nested = alongRow && spec.axes.size() - mergedAxes > 1;
    bool scalarTail = alongRow && !k.target.hasMasks;
    if (scalarTail && nested) {
      int64_t saved = width;
      width = 1;
      Value one = reductionNeutral(m, kind, element, 1);
      Value r = overRow(outer, one, [&](ArrayRef<Coord> i, int64_t l, ValueRange c) -> SmallVector<Value> {
        return {reductionStep(m, kind, element, c[0], f(i, l))};
      }, false, nullptr)[0];
      width = saved;
      return r;
    }
    SmallVector<Value> tail;
    if (scalarTail)
      tail.push_back(reductionNeutral(m, kind, element, 1));
    Value acc = overRow(outer, neutral, [&](ArrayRef<Coord> i, int64_t l, ValueRange c) -> SmallVector<Value> {
      Value term = f(i, l);
      if (limit && l > 1)
        term = m.select(k.firstLanes(l, limit), term, neutral);
      return {reductionStep(m, kind, element, c[0], term)};
    }, scalarTail, &tail)[0];
    if (!alongRow)
      return acc;
    Value total = reduceLanes(k, m, kind, element, acc);
    return scalarTail ? reductionStep(m, kind, element, total, tail[0]) : total;
  }

  /// A row's statistic as seen by `lanes` elements.
  Value spread(Value v, int64_t lanes) {
    return isa<VectorType>(v.getType()) ? v : k.splat(v, lanes);
  }

  /// Writes the kernel's results at every element of the row, the hero's
  /// element being given by `f`.
  LogicalResult writeRow(ArrayRef<Value> outer, llvm::function_ref<Value(ArrayRef<Coord>, int64_t)> f) {
    LogicalResult result = success();
    Value heroResult = hero->getResult(0);
    e.setOverride(heroResult, [&](ArrayRef<Coord> index, int64_t lanes) { return f(index, lanes); });
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    SmallVector<Value> none;
    overRow(outer, {}, [&](ArrayRef<Coord> index, int64_t lanes, ValueRange) -> SmallVector<Value> {
      for (auto [r, v] : llvm::enumerate(yield.getValues())) {
        Value out = e.at(v, index, lanes);
        if (!out) {
          result = failure();
          continue;
        }
        e.storeResult(r, out, index, lanes);
      }
      return {};
    }, alongRow && !k.target.hasMasks, &none);
    e.clearOverride(heroResult);
    return result;
  }

  Value read(ArrayRef<Coord> index, int64_t lanes) { return e.at(input, index, lanes); }

  LogicalResult oneUnit(ArrayRef<Value> outer, Value lanesLeft) {
    if (lanesLeft) {
      e.setLaneLimit(lanesLeft);
      LogicalResult r = dispatch(outer);
      e.setLaneLimit({});
      return r;
    }
    return dispatch(outer);
  }

  LogicalResult dispatch(ArrayRef<Value> outer) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(hero)
        .Case<SoftmaxOp>([&](SoftmaxOp op) { return softmax(op, outer); })
        .Case<LayerNormOp>([&](LayerNormOp op) {
          return normalize(outer, op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), true, false);
        })
        .Case<RmsNormOp>([&](RmsNormOp op) {
          return normalize(outer, op.getScale(), Value(), op.getEpsilon().convertToDouble(), false, false);
        })
        .Case<GroupNormOp>([&](GroupNormOp op) {
          return normalize(outer, op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), true, true);
        })
        .Case<ReduceOp>([&](ReduceOp op) { return reduce(op, outer); })
        .Default([](Operation *op) { return op->emitError("not a row hero"); });
  }

  LogicalResult softmax(SoftmaxOp op, ArrayRef<Value> outer) {
    Value top = statistic(outer, ReduceKind::max, [&](ArrayRef<Coord> i, int64_t l) { return read(i, l); });
    // A row of -inf alone gives NaN, as the definition does.
    auto shifted = [&](ArrayRef<Coord> i, int64_t l) { return m.sub(read(i, l), spread(top, l)); };
    Value sum = statistic(outer, ReduceKind::sum, [&](ArrayRef<Coord> i, int64_t l) { return m.exp(shifted(i, l)); });
    if (op.getLog()) {
      Value logSum = m.log(sum);
      return writeRow(outer, [&](ArrayRef<Coord> i, int64_t l) { return m.sub(shifted(i, l), spread(logSum, l)); });
    }
    Value inverse = m.div(m.constF(sum, 1.0), sum);
    return writeRow(outer, [&](ArrayRef<Coord> i, int64_t l) {
      return m.mul(m.exp(shifted(i, l)), spread(inverse, l));
    });
  }

  LogicalResult normalize(ArrayRef<Value> outer, Value scale, Value bias, double epsilon, bool centred, bool perChannel) {
    Value count = k.index(1);
    for (int64_t axis : spec.axes)
      count = k.mul(count, axis == spec.groupAxis ? groupSize : sizes[axis]);
    Value n = countAs(m, count, element);
    Value mean;
    if (centred) {
      Value sum = statistic(outer, ReduceKind::sum, [&](ArrayRef<Coord> i, int64_t l) { return read(i, l); });
      mean = m.div(sum, spreadLike(n, sum));
    }
    auto centre = [&](ArrayRef<Coord> i, int64_t l) {
      Value x = read(i, l);
      return centred ? m.sub(x, spread(mean, l)) : x;
    };
    Value squares = statistic(outer, ReduceKind::sum, [&](ArrayRef<Coord> i, int64_t l) {
      Value d = centre(i, l);
      return m.mul(d, d);
    });
    Value variance = m.div(squares, spreadLike(n, squares));
    Value inverse = m.div(m.constF(variance, 1.0), m.sqrt(m.add(variance, m.constF(variance, epsilon))));
    return writeRow(outer, [&](ArrayRef<Coord> i, int64_t l) -> Value {
      Value y = m.mul(centre(i, l), spread(inverse, l));
      auto parameter = [&](Value p) {
        if (perChannel)
          return e.at(p, i[1], l);
        // Aligned with the last axes, broadcast where its size is 1.
        SymShape shape = k.shapes.shapeOf(p);
        Coords at;
        for (size_t d = 0; d < shape.size(); ++d)
          at.push_back(shape[d].isConstant(1) ? Coord{k.index(0), 0} : i[d + rank - shape.size()]);
        return e.at(p, at, l);
      };
      bool scaled = scale && isa<RankedTensorType>(scale.getType());
      bool shiftedBy = bias && isa<RankedTensorType>(bias.getType());
      if (scaled && shiftedBy)
        return m.fma(y, parameter(scale), parameter(bias));
      if (scaled)
        return m.mul(y, parameter(scale));
      return shiftedBy ? m.add(y, parameter(bias)) : y;
    });
  }

  Value spreadLike(Value scalar, Value like) {
    auto type = dyn_cast<VectorType>(like.getType());
    return type ? k.splat(scalar, type.getNumElements()) : scalar;
  }

  LogicalResult reduce(ReduceOp op, ArrayRef<Value> outer) {
    Value v = statistic(outer, op.getKind(), [&](ArrayRef<Coord> i, int64_t l) { return read(i, l); });
    if (op.getKind() == ReduceKind::mean) {
      Value count = k.index(1);
      for (int64_t axis : spec.axes)
        count = k.mul(count, sizes[axis]);
      Value n = spreadLike(countAs(m, count, element), v);
      auto type = dyn_cast<IntegerType>(element);
      v = isa<FloatType>(computeType(element)) ? m.div(v, n) : m.divI(v, n, type && type.isUnsigned());
    }
    // One element of the result.
    Coords index;
    size_t next = 0;
    for (int64_t i = 0; i < rank; ++i) {
      if (!isRowAxis(i))
        index.push_back({outer[next++], 0});
      else if (op.getKeepdims())
        index.push_back({k.index(0), 0});
    }
    e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t lanes) { return spread(v, lanes); });
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    LogicalResult result = success();
    SymShape whole = k.shapes.shapeOf(input), one = k.shapes.shapeOf(op.getResult());
    SmallVector<std::pair<unsigned, Value>> rows;
    for (auto [r, value] : llvm::enumerate(yield.getValues())) {
      // What has the operand's shape is the row itself, changed by its statistic.
      if (whole != one && k.shapes.shapeOf(value) == whole) {
        rows.push_back({r, value});
        continue;
      }
      Value out = e.at(value, index, 1);
      if (out)
        e.storeResult(r, out, index, 1);
      else
        result = failure();
    }
    SmallVector<Value> none;
    auto storeRows = [&](ArrayRef<Coord> at, int64_t lanes, ValueRange) -> SmallVector<Value> {
      for (auto [r, value] : rows) {
        if (Value out = e.at(value, at, lanes))
          e.storeResult(r, out, at, lanes);
        else
          result = failure();
      }
      return {};
    };
    if (!rows.empty())
      overRow(outer, {}, storeRows, alongRow && !k.target.hasMasks, &none);
    e.clearOverride(op.getResult());
    return result;
  }

  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  Operation *hero;
  RowSpec spec;
  Value input;
  Type element;
  SmallVector<Value> sizes;
  int64_t width, rank = 0, mergedAxes = 0;
  bool alongRow = true;
  Value groupCount, groupSize, limit;
};

} // namespace

SymExpr mlopt::rowUnits(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  RowSpec spec = rowSpecOf(hero);
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  for (auto [i, size] : llvm::enumerate(shapes.shapeOf(hero->getOperand(0))))
    if (!llvm::is_contained(spec.axes, (int64_t)i))
      units = units * size;
  if (spec.groupAxis >= 0)
    units = units * (spec.groups ? SymExpr::constant(kernel.getContext(), spec.groups)
                                 : shapes.shapeOf(hero->getOperand(0))[1]);
  return units;
}

SmallVector<int64_t> mlopt::rowShare(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  RowSpec spec = rowSpecOf(hero);
  SymShape shape = shapes.shapeOf(hero->getOperand(0));
  // Rows are contiguous where they are all of the last axes.
  int64_t rank = shape.size(), first = rank - static_cast<int64_t>(spec.axes.size());
  if (spec.groupAxis >= 0 || spec.axes.empty() || spec.axes.front() != first)
    return {};
  SmallVector<int64_t> part = ownShare(kernel, shapes, shape, LayoutAttr(), hero);
  // A reduction writes one element for each row.
  if (isa<ReduceOp>(hero)) {
    SymShape out = shapes.shapeOf(hero->getResult(0));
    for (int64_t i : ownShare(kernel, shapes, out, LayoutAttr()))
      if (!llvm::is_contained(part, i))
        part.push_back(i);
    llvm::sort(part);
  }
  return part;
}

LogicalResult mlopt::emitRows(ElementAt &e) { return RowEmitter(e).run(); }
