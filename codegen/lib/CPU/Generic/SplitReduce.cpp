//===- SplitReduce.cpp - Sums of many elements in parts -------------------===//
#include "SplitReduce.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

/// Vectors that are summed side by side.
static constexpr int64_t kVectors = 4;
/// Elements in a part: down a column, along a row.
static constexpr int64_t kColumnPart = 64, kRowPart = 16384;
/// Parts that are added up in one chain.
static constexpr int64_t kChain = 64;

static YieldOp yieldOf(KernelOp kernel) { return cast<YieldOp>(kernel.getBody().front().getTerminator()); }

/// Whether a size is `least` or more, or not known.
static bool mayReach(SymExpr size, int64_t least) { return size.getConstant().value_or(least) >= least; }

std::optional<SplitReduce> mlopt::planSplitReduce(KernelOp kernel, ShapeAnalysis &shapes,
                                                  const TargetDescription &target) {
  auto op = dyn_cast_or_null<ReduceOp>(kernel.getHeroOp());
  if (!op || (op.getKind() != ReduceKind::sum && op.getKind() != ReduceKind::mean))
    return std::nullopt;
  Type element = cast<RankedTensorType>(op.getInput().getType()).getElementType();
  if (!isa<FloatType>(computeType(element)))
    return std::nullopt;
  SymShape in = shapes.shapeOf(op.getInput()), out = shapes.shapeOf(op.getResult());
  unsigned inputs = kernel.getFunctionType().getNumInputs();
  for (auto [i, value] : llvm::enumerate(yieldOf(kernel).getValues()))
    if (ArrayRef<SymExpr>(shapes.shapeOf(value)) != ArrayRef<SymExpr>(out) || layoutAt(kernel, inputs + i))
      return std::nullopt;
  SplitReduce split;
  split.op = op;
  SymExpr one = SymExpr::constant(op.getContext(), 1), rest = one;
  split.results = one;
  for (int64_t i = 0, n = in.size(); i < n; ++i) {
    bool isReduced = llvm::is_contained(op.getAxes(), i);
    (isReduced ? split.reduced : split.kept).push_back(i);
    if (!isReduced)
      split.results = split.results * in[i];
    else if (split.reduced.size() > 1)
      rest = rest * in[i];
  }
  if (split.reduced.empty())
    return std::nullopt;
  split.width = lanesOf(kernel, target);
  // Lanes run along the blocks of a layout, or along the last dimension.
  bool blocked = false;
  for (unsigned i = 0; i < inputs; ++i)
    if (LayoutAttr layout = layoutAt(kernel, i)) {
      int64_t dim = getPhysicalDims(layout).back().dim;
      if (getPhysicalDims(layout).back().modulus % split.width || (blocked && dim != split.laneDim) ||
          ArrayRef<SymExpr>(shapes.shapeOf(kernel.getBody().getArgument(i))) != ArrayRef<SymExpr>(in))
        return std::nullopt;
      blocked = true;
      split.laneDim = dim;
    }
  int64_t last = in.size() - 1;
  if (!blocked)
    split.laneDim = llvm::is_contained(split.reduced, last) ? -1 : last;
  else if (llvm::is_contained(split.reduced, split.laneDim))
    return std::nullopt;
  SymExpr first = in[split.reduced[0]], all = first * rest;
  int64_t part = split.laneDim < 0 ? kRowPart : kColumnPart;
  // Elsewhere the results keep the threads busy, and a column is read in one go.
  if (split.laneDim < 0 ? split.results.getConstant().value_or(INT64_MAX) > 16 || !mayReach(all, 2 * part)
                        : !mayReach(all, blocked ? 4 * part : 16 * part))
    return std::nullopt;
  split.chunk = std::max<int64_t>(1, part / std::max<int64_t>(1, rest.getConstant().value_or(part)));
  split.parts = first.ceilDiv(split.chunk);
  return split;
}

SymExpr mlopt::splitReduceUnits(const SplitReduce &split, ShapeAnalysis &shapes) {
  SymShape in = shapes.shapeOf(SplitReduce(split).op.getInput());
  SymExpr units = split.parts;
  for (int64_t d : split.kept)
    units = units * (d == split.laneDim ? in[d].ceilDiv(kVectors * split.width) : in[d]);
  return units;
}

SymExpr mlopt::splitReduceShared(const SplitReduce &split) {
  Type element = cast<RankedTensorType>(SplitReduce(split).op.getInput().getType()).getElementType();
  return split.parts * split.results * getElementBytes(computeType(element));
}

namespace {
class SplitEmitter {
public:
  SplitEmitter(const SplitReduce &split, ElementAt &e)
      : split(split), op(split.op), e(e), k(e.k), m(e.scalarMath()),
        element(cast<RankedTensorType>(op.getInput().getType()).getElementType()), compute(computeType(element)),
        sizes(e.sizesOf(op.getInput())), results(k.size(split.results)), width(split.width) {}

  /// The sums of the parts.
  LogicalResult addElements() {
    SmallVector<Value> units = {k.size(split.parts)};
    for (int64_t d : split.kept)
      units.push_back(d == split.laneDim ? ceilDiv(sizes[d], kVectors * width) : sizes[d]);
    overUnits(units, [&](ArrayRef<Value> at) {
      Coords index(sizes.size(), Coord{k.index(0), 0});
      for (auto [d, v] : llvm::zip_equal(split.kept, at.drop_front()))
        index[d].base = d == split.laneDim ? k.mul(v, kVectors * width) : v;
      Value begin = k.mul(at[0], split.chunk), end = k.min(k.add(begin, split.chunk), sizes[split.reduced[0]]);
      if (split.laneDim < 0) {
        Value sum = nest(0, index, begin, end, width, 1)[0];
        sum = reduceLanes(k, m, ReduceKind::sum, element, sum);
        return k.store(sum, k.sharedScratch(), place(at[0], index));
      }
      Coord &lane = index[split.laneDim];
      Value first = lane.base, left = k.sub(sizes[split.laneDim], first);
      auto store = [&](Value sum, Value to) {
        Value offset = place(at[0], index);
        if (to)
          k.storeMasked(sum, k.sharedScratch(), offset, to);
        else
          k.store(sum, k.sharedScratch(), offset);
      };
      lane.step = 1;
      Value full = compare(arith::CmpIPredicate::sge, left, k.index(kVectors * width));
      k.ifThen(
          full,
          [&] {
            ElementAt::Scope scope(e);
            for (auto [v, sum] : llvm::enumerate(nest(0, index, begin, end, width, kVectors))) {
              lane.base = k.add(first, v * width);
              store(sum, {});
            }
            lane.base = first;
          },
          [&] {
            k.forLoop(k.index(0), left, width, [&](Value iv) {
              ElementAt::Scope scope(e);
              Value limit = k.min(k.sub(left, iv), k.index(width));
              e.setLaneLimit(limit);
              lane.base = k.add(first, iv);
              Value sum = nest(0, index, begin, end, width, 1)[0];
              e.setLaneLimit({});
              store(sum, limit);
            });
          });
    });
    return result;
  }

  /// The sums of the parts' sums, and what follows.
  LogicalResult addParts() {
    SymShape out = k.shapes.shapeOf(op.getResult());
    size_t along = out.size();
    for (size_t i = out.size(); i-- > 0 && along == out.size();)
      if (!out[i].isConstant(1))
        along = i;
    SmallVector<Value> extents = e.sizesOf(op.getResult()), units(extents);
    if (along < out.size())
      units[along] = ceilDiv(extents[along], width);
    else if (units.empty())
      units.push_back(k.index(1));
    overUnits(units, [&](ArrayRef<Value> at) {
      Coords index;
      for (Value v : at.take_front(out.size()))
        index.push_back({v, 0});
      if (along == out.size())
        return finish(onlyResult(), index, 1);
      Value first = k.mul(at[along], width), left = k.sub(extents[along], first);
      index[along] = {first, width > 1 ? int64_t(1) : int64_t(0)};
      auto piece = [&](Value limit) {
        ElementAt::Scope scope(e);
        SmallVector<Value> bases;
        for (Coord c : index)
          bases.push_back(c.base);
        Value offset = e.linearize(bases, extents);
        e.setLaneLimit(limit);
        finish(sumOfParts(offset, limit), index, width);
        e.setLaneLimit({});
      };
      if (out[along].isMultipleOf(width))
        return piece({});
      k.ifThen(compare(arith::CmpIPredicate::sge, left, k.index(width)), [&] { piece({}); }, [&] { piece(left); });
    });
    return result;
  }

private:
  Value compare(arith::CmpIPredicate p, Value a, Value b) { return arith::CmpIOp::create(k.b, k.loc, p, a, b); }
  Value ceilDiv(Value a, int64_t by) { return k.floorDiv(k.add(a, by - 1), k.index(by)); }
  Value zero(int64_t lanes) { return reductionNeutral(m, ReduceKind::sum, element, lanes); }
  Value plus(Value a, Value b) { return reductionStep(m, ReduceKind::sum, element, a, b); }

  void overUnits(ArrayRef<Value> units, llvm::function_ref<void(ArrayRef<Value>)> body) {
    Value all = k.index(1);
    for (Value u : units)
      all = k.mul(all, u);
    auto [begin, end] = k.share(all);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      body(e.delinearize(unit, units));
    });
  }

  /// Where a part's sum for a result lies in scratch.
  Value place(Value part, ArrayRef<Coord> index) {
    Value offset = part;
    for (int64_t d : split.kept)
      offset = k.add(k.mul(offset, sizes[d]), index[d].base);
    return offset;
  }

  /// Elements of `count` neighbouring vectors; null where the emission failed.
  void addTo(SmallVectorImpl<Value> &sums, Coords index, int64_t dim, int64_t lanes) {
    Value first = index[dim].base;
    for (auto [v, sum] : llvm::enumerate(sums)) {
      index[dim].base = k.add(first, v * lanes);
      if (Value x = e.at(op.getInput(), index, lanes))
        sum = plus(sum, x);
      else
        result = failure();
    }
  }

  /// Sums over the reduced dimensions from `depth` on. Each dimension's sum begins
  /// anew, so that no chain is longer than one dimension.
  SmallVector<Value> nest(size_t depth, Coords &index, Value begin, Value end, int64_t lanes, int64_t vectors) {
    int64_t dim = split.reduced[depth];
    bool isLast = depth + 1 == split.reduced.size();
    SmallVector<Value> init(vectors, zero(lanes));
    if (isLast && split.laneDim < 0)
      return {alongRow(index, dim, begin, end)};
    return e.loop(begin, end, init, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
      SmallVector<Value> sums(carried);
      index[dim] = {iv, 0};
      if (isLast) {
        addTo(sums, index, split.laneDim, lanes);
        return sums;
      }
      SmallVector<Value> inner =
          nest(depth + 1, index, k.index(0), sizes[split.reduced[depth + 1]], lanes, vectors);
      for (auto [sum, more] : llvm::zip_equal(sums, inner))
        sum = plus(sum, more);
      return sums;
    });
  }

  /// The sum of a run of the last dimension, as a vector.
  Value alongRow(Coords &index, int64_t dim, Value begin, Value end) {
    auto whole = [&](Value from, int64_t step) {
      return k.add(from, k.mul(k.floorDiv(k.sub(end, from), k.index(step)), step));
    };
    int64_t lanes = width;
    auto run = [&](Value from, Value to, int64_t vectors, ValueRange init) {
      return k.forLoop(from, to, vectors * lanes, init, [&](Value iv, ValueRange carried) {
        ElementAt::Scope scope(e);
        SmallVector<Value> sums(carried);
        index[dim] = {iv, lanes > 1 ? int64_t(1) : int64_t(0)};
        addTo(sums, index, dim, lanes);
        return sums;
      });
    };
    Value together = whole(begin, kVectors * lanes);
    SmallVector<Value> sums = run(begin, together, kVectors, SmallVector<Value>(kVectors, zero(lanes)));
    Value sum = plus(plus(sums[0], sums[1]), plus(sums[2], sums[3]));
    Value upTo = whole(together, lanes);
    sum = run(together, upTo, 1, sum)[0];
    if (lanes == 1)
      return sum;
    Value left = k.sub(end, upTo);
    auto rest = scf::IfOp::create(k.b, k.loc, TypeRange{sum.getType()},
                                  compare(arith::CmpIPredicate::sgt, left, k.index(0)), true);
    OpBuilder::InsertionGuard guard(k.b);
    k.b.setInsertionPointToStart(rest.thenBlock());
    {
      ElementAt::Scope scope(e);
      e.setLaneLimit(left);
      index[dim] = {upTo, 1};
      Value x = e.at(op.getInput(), index, lanes);
      e.setLaneLimit({});
      if (x)
        x = arith::SelectOp::create(k.b, k.loc, k.firstLanes(lanes, left), x, zero(lanes));
      else
        result = failure();
      scf::YieldOp::create(k.b, k.loc, x ? plus(sum, x) : sum);
    }
    k.b.setInsertionPointToStart(rest.elseBlock());
    scf::YieldOp::create(k.b, k.loc, sum);
    return rest.getResult(0);
  }

  Value load(Value offset, Value limit) {
    return limit ? k.loadMasked(k.sharedScratch(), offset, compute, width, limit)
                 : k.load(k.sharedScratch(), offset, compute, width);
  }

  /// Sum over all parts of `width` results from `offset` on.
  Value sumOfParts(Value offset, Value limit) {
    Value parts = k.size(split.parts);
    return k.forLoop(k.index(0), parts, kChain, zero(width), [&](Value from, ValueRange outer) -> SmallVector<Value> {
      Value upTo = k.min(k.add(from, kChain), parts);
      Value sum = k.forLoop(from, upTo, 1, zero(width), [&](Value p, ValueRange carried) -> SmallVector<Value> {
        return {plus(carried[0], load(k.add(k.mul(p, results), offset), limit))};
      })[0];
      return {plus(outer[0], sum)};
    })[0];
  }

  /// The only result: its parts lie side by side.
  Value onlyResult() {
    Value parts = k.size(split.parts), whole = k.mul(k.floorDiv(parts, k.index(width)), width);
    Value sum = k.forLoop(k.index(0), whole, width, zero(width), [&](Value p, ValueRange carried) -> SmallVector<Value> {
      return {plus(carried[0], load(p, {}))};
    })[0];
    sum = reduceLanes(k, m, ReduceKind::sum, element, sum);
    return k.forLoop(whole, parts, 1, sum, [&](Value p, ValueRange carried) -> SmallVector<Value> {
      return {plus(carried[0], k.load(k.sharedScratch(), p, compute))};
    })[0];
  }

  void finish(Value sum, ArrayRef<Coord> index, int64_t lanes) {
    if (op.getKind() == ReduceKind::mean) {
      Value count = k.index(1);
      for (int64_t d : split.reduced)
        count = k.mul(count, sizes[d]);
      sum = m.div(sum, k.splat(countAs(m, count, element), lanes));
    }
    e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return sum; });
    for (auto [r, value] : llvm::enumerate(yieldOf(k.kernel).getValues())) {
      if (Value v = e.at(value, index, lanes))
        e.storeResult(r, v, index, lanes);
      else
        result = failure();
    }
    e.clearOverride(op.getResult());
  }

  const SplitReduce &split;
  ReduceOp op;
  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  Type element, compute;
  SmallVector<Value> sizes;
  Value results;
  int64_t width;
  LogicalResult result = success();
};
} // namespace

LogicalResult mlopt::emitSplitReduce(const SplitReduce &split, ElementAt &e, int64_t phase) {
  SplitEmitter emitter(split, e);
  return phase == 0 ? emitter.addElements() : emitter.addParts();
}
