//===- PoolRows.cpp - Pooling along rows, then across them ----------------===//
#include "PoolRows.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

/// A band has this many times the rows that one window covers, so that few are
/// pooled twice, and at least kMinBand output rows.
static constexpr int64_t kWindowsPerBand = 4;
static constexpr int64_t kMinBand = 16;
/// Windows along a row are written out up to this many elements.
static constexpr int64_t kMaxUnrolled = 16;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static YieldOp yieldOf(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator());
}

/// Input elements that a window covers along a spatial axis.
static int64_t extentOf(PoolOp op, size_t axis) {
  return (op.getKernel()[axis] - 1) * op.getDilations()[axis] + 1;
}

std::optional<PoolRows> mlopt::planPoolRows(KernelOp kernel, ShapeAnalysis &shapes,
                                            const TargetDescription &target) {
  auto op = dyn_cast_or_null<PoolOp>(kernel.getHeroOp());
  YieldOp yield = yieldOf(kernel);
  if (!op || yield.getValues().size() != 1 || isa<BlockArgument>(yield.getValues()[0]))
    return std::nullopt;
  if (ArrayAttr layouts = kernel.getLayoutsAttr())
    if (llvm::any_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); }))
      return std::nullopt;
  SymShape in = shapes.shapeOf(op.getInput()), out = shapes.shapeOf(op.getResult());
  if (computeType(elementOf(op.getInput())).isInteger(1) ||
      !readInPlace(op.getResult(), out, shapes))
    return std::nullopt;
  size_t spatial = in.size() - 2, row = spatial - 1;
  int64_t lanes = lanesOf(kernel, target);
  int64_t bytes = getElementBytes(computeType(elementOf(op.getInput())));
  if (lanes < 2)
    return std::nullopt;
  PoolRows plan{op, lanes, 1, {}, {}, {}, {}, bytes};
  plan.outPadded = out.back().ceilDiv(lanes) * lanes;
  // Vectors of a stride are read together, the last of them past the window's end.
  SymExpr reached = plan.outPadded * op.getStrides()[row] + extentOf(op, row);
  SymExpr filled = in.back().ceilDiv(lanes) * lanes + op.getPadsBegin()[row];
  plan.rowLength = SymExpr::max(reached, filled).ceilDiv(lanes) * lanes;
  SymExpr one = SymExpr::constant(kernel.getContext(), 1);
  plan.planeRows = one;
  plan.units = in[0] * in[1];
  if (spatial > 1) {
    int64_t stride = op.getStrides()[0], extent = extentOf(op, 0);
    plan.band = std::max(kMinBand, kWindowsPerBand * extent / stride);
    if (std::optional<int64_t> size = out[2].getConstant())
      plan.band = std::max<int64_t>(1, std::min(plan.band, *size));
    plan.planeRows = one * ((plan.band - 1) * stride + extent);
    for (size_t i = 1; i < row; ++i)
      plan.planeRows = plan.planeRows * in[i + 2];
    plan.units = plan.units * out[2].ceilDiv(plan.band);
  }
  return plan;
}

SymExpr mlopt::poolRowsScratch(const PoolRows &plan) {
  // Counts of one output row, an input row, pooled rows.
  return (plan.outPadded + plan.rowLength + plan.planeRows * plan.outPadded) * plan.bytes;
}

namespace {
class PoolRowEmitter {
public:
  PoolRowEmitter(const PoolRows &plan, ElementAt &e)
      : plan(plan), op(plan.op), e(e), k(e.k), m(e.scalarMath()), element(elementOf(op.getInput())),
        compute(computeType(element)), in(e.sizesOf(op.getInput())), out(e.sizesOf(op.getResult())),
        kind(op.getKind() == PoolKind::max ? ReduceKind::max : ReduceKind::sum) {
    row = in.size() - 1;
    outPadded = k.size(plan.outPadded);
    Value base = k.threadScratch();
    counts = base;
    line = k.bytePtr(counts, k.mul(outPadded, plan.bytes));
    plane = k.bytePtr(line, k.mul(k.size(plan.rowLength), plan.bytes));
  }

  LogicalResult run() {
    Value bands =
        row > 2 ? k.size(k.shapes.shapeOf(op.getResult())[2].ceilDiv(plan.band)) : k.index(1);
    SmallVector<Value> outer = {in[0], in[1], bands};
    auto [begin, end] = k.share(k.mul(k.mul(in[0], in[1]), bands));
    Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, begin, end);
    k.ifThen(some, [&, begin = begin, end = end] {
      ElementAt::Scope scope(e);
      prepare();
      k.forLoop(begin, end, 1, [&](Value unit) {
        ElementAt::Scope inner(e);
        SmallVector<Value> at = e.delinearize(unit, outer);
        band(at[0], at[1], at[2]);
      });
    });
    return result;
  }

private:
  int64_t padOf(size_t axis) { return op.getPadsBegin()[axis - 2]; }
  int64_t strideOf(size_t axis) { return op.getStrides()[axis - 2]; }
  int64_t dilationOf(size_t axis) { return op.getDilations()[axis - 2]; }
  int64_t kernelOf(size_t axis) { return op.getKernel()[axis - 2]; }
  /// Input coordinate of the first element of output position `o`'s window.
  Value startOf(size_t axis, Value o) {
    return k.sub(k.mul(o, strideOf(axis)), k.index(padOf(axis)));
  }

  /// Elements of the window from `start` that lie in the input: [first, second).
  std::pair<Value, Value> insideOf(size_t axis, Value start) {
    Value dilation = k.index(dilationOf(axis)), zero = k.index(0);
    Value low = k.floorDiv(k.add(k.max(zero, k.sub(zero, start)), dilationOf(axis) - 1), dilation);
    Value room = k.max(zero, k.sub(in[axis], start));
    Value high =
        k.min(k.floorDiv(k.add(room, dilationOf(axis) - 1), dilation), k.index(kernelOf(axis)));
    return {low, k.max(low, high)};
  }

  /// What an average divides by along one axis.
  Value countOf(size_t axis, Value start, Value low, Value high) {
    if (!op.getCountIncludePad())
      return k.sub(high, low);
    Value end = k.add(in[axis], op.getPadsEnd()[axis - 2]);
    Value room =
        arith::CeilDivSIOp::create(k.b, k.loc, k.sub(end, start), k.index(dilationOf(axis)));
    return k.min(room, k.index(kernelOf(axis)));
  }

  /// Neutral elements around the place of the input row; what averages divide by.
  void prepare() {
    Value neutral = reductionNeutral(m, kind, element, plan.lanes);
    k.forLoop(k.index(0), k.size(plan.rowLength), plan.lanes,
              [&](Value iv) { k.store(neutral, line, iv); });
    if (op.getKind() != PoolKind::average)
      return;
    k.forLoop(k.index(0), outPadded, 1, [&](Value o) {
      Value start = startOf(row, o);
      auto [low, high] = insideOf(row, start);
      k.store(m.intToFloat(countOf(row, start, low, high), compute), counts, o);
    });
  }

  /// Output rows of one band of a channel.
  void band(Value sample, Value channel, Value number) {
    Value firstIn = k.index(0), endIn = k.index(1), firstOut = k.index(0), endOut = k.index(1);
    if (row > 2) {
      firstOut = k.mul(number, plan.band);
      endOut = k.min(k.add(firstOut, plan.band), out[2]);
      firstIn = k.max(k.index(0), startOf(2, firstOut));
      endIn = k.min(in[2], k.add(startOf(2, k.sub(endOut, k.index(1))), extent(2)));
    }
    Coords index = {{sample, 0}, {channel, 0}};
    index.resize(in.size());
    std::function<void(size_t, Value)> inputRows = [&](size_t axis, Value number) {
      if (axis == row)
        return alongRow(index, k.mul(number, outPadded));
      k.forLoop(axis == 2 ? firstIn : k.index(0), axis == 2 ? endIn : in[axis], 1, [&](Value iv) {
        ElementAt::Scope scope(e);
        index[axis] = {iv, 0};
        Value here = axis == 2 ? k.sub(iv, firstIn) : k.add(k.mul(number, in[axis]), iv);
        inputRows(axis + 1, here);
      });
    };
    inputRows(2, k.index(0));
    SmallVector<Window> windows;
    std::function<void(size_t)> outputRows = [&](size_t axis) {
      if (axis == row)
        return acrossRows(index, windows);
      k.forLoop(axis == 2 ? firstOut : k.index(0), axis == 2 ? endOut : out[axis], 1,
                [&](Value iv) {
                  ElementAt::Scope scope(e);
                  index[axis] = {iv, 0};
                  Value start = startOf(axis, iv);
                  auto [low, high] = insideOf(axis, start);
                  Value origin = axis == 2 ? k.sub(start, firstIn) : start;
                  windows.push_back({low, high, origin, countOf(axis, start, low, high)});
                  outputRows(axis + 1);
                  windows.pop_back();
                });
    };
    outputRows(2);
  }

  int64_t extent(size_t axis) { return (kernelOf(axis) - 1) * dilationOf(axis) + 1; }

  /// |x|^p for lp pooling.
  Value taken(Value x) {
    if (op.getKind() != PoolKind::lp)
      return x;
    x = m.abs(x);
    return op.getP() == 1   ? x
           : op.getP() == 2 ? m.mul(x, x)
                            : m.pow(x, m.constF(x, static_cast<double>(op.getP())));
  }

  /// Pools one input row along itself into the row of scratch at `offset`.
  void alongRow(Coords index, Value offset) {
    overRun(e, k.index(0), in[row], plan.lanes, [&](Coord c, int64_t lanes) {
      index[row] = c;
      Value v = e.at(op.getInput(), index, lanes);
      if (!v) {
        result = failure();
        return;
      }
      Value to = k.add(c.base, padOf(row));
      if (Value limit = e.getLaneLimit())
        k.storeMasked(taken(v), line, to, limit);
      else
        k.store(taken(v), line, to);
    });
    int64_t stride = strideOf(row), window = kernelOf(row);
    Value neutral = reductionNeutral(m, kind, element, plan.lanes);
    k.forLoop(k.index(0), outPadded, plan.lanes, [&](Value o) {
      Value from = k.mul(o, stride);
      auto step = [&](Value number, Value acc) {
        return reductionStep(m, kind, element, acc,
                             strided(k.add(from, k.mul(number, dilationOf(row))), stride));
      };
      Value acc;
      if (window <= kMaxUnrolled) {
        acc = strided(from, stride);
        for (int64_t i = 1; i < window; ++i)
          acc = step(k.index(i), acc);
      } else {
        acc = k.forLoop(k.index(0), k.index(window), 1, ValueRange{neutral},
                        [&](Value iv, ValueRange carried) -> SmallVector<Value> {
                          return {step(iv, carried[0])};
                        })[0];
      }
      k.store(acc, plane, k.add(offset, o));
    });
  }

  /// Every `stride`-th element of the padded row.
  Value strided(Value offset, int64_t stride) {
    if (stride == 1)
      return k.load(line, offset, compute, plan.lanes);
    if (stride <= 4) {
      Value all = k.load(line, offset, compute, plan.lanes * stride);
      SmallVector<int64_t> picked;
      for (int64_t l = 0; l < plan.lanes; ++l)
        picked.push_back(l * stride);
      return vector::ShuffleOp::create(k.b, k.loc, all, all, picked);
    }
    Value v =
        arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(compute, plan.lanes)));
    for (int64_t l = 0; l < plan.lanes; ++l)
      v = vector::InsertOp::create(k.b, k.loc, k.load(line, k.add(offset, l * stride), compute), v,
                                   ArrayRef<int64_t>{l});
    return v;
  }

  /// The part of a window that lies in the input along one axis.
  struct Window {
    Value low, high; ///< elements
    Value origin;    ///< row of scratch (along this axis) of element 0
    Value count;
  };

  /// Combines pooled rows into one output row.
  void acrossRows(Coords index, ArrayRef<Window> windows) {
    Value count = k.index(1);
    for (const Window &w : windows)
      count = k.mul(count, w.count);
    Value divisor = op.getKind() == PoolKind::average ? m.intToFloat(count, compute) : Value();
    Value yielded = yieldOf(k.kernel).getValues()[0];
    e.setOverride(op.getResult(), [&, divisor](ArrayRef<Coord> at, int64_t lanes) {
      Value o = at.back().base;
      std::function<Value(size_t, Value, Value)> nest = [&](size_t depth, Value number,
                                                            Value acc) -> Value {
        if (depth == windows.size()) {
          Value v = k.load(plane, k.add(k.mul(number, outPadded), o), compute, lanes);
          return reductionStep(m, kind, element, acc, v);
        }
        const Window &w = windows[depth];
        return e.loop(w.low, w.high, acc, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
          Value position = k.add(w.origin, k.mul(iv, dilationOf(depth + 2)));
          Value here = depth ? k.add(k.mul(number, in[depth + 2]), position) : position;
          return {nest(depth + 1, here, carried[0])};
        })[0];
      };
      Value pooled = windows.empty()
                         ? k.load(plane, o, compute, lanes)
                         : nest(0, k.index(0), reductionNeutral(m, kind, element, lanes));
      if (op.getKind() == PoolKind::average)
        return m.div(pooled, m.mul(k.load(counts, o, compute, lanes), k.splat(divisor, lanes)));
      if (op.getKind() == PoolKind::max || op.getP() == 1)
        return pooled;
      if (op.getP() == 2)
        return m.sqrt(pooled);
      Value p = m.constF(pooled, static_cast<double>(op.getP()));
      return m.pow(pooled, m.div(m.constF(pooled, 1.0), p));
    });
    overRun(e, k.index(0), out[row], plan.lanes, [&](Coord c, int64_t lanes) {
      index[row] = c;
      if (Value v = e.at(yielded, index, lanes))
        e.storeResult(0, v, index, lanes);
      else
        result = failure();
    });
    e.clearOverride(op.getResult());
  }

  const PoolRows &plan;
  PoolOp op;
  ElementAt &e;
  KernelBuilder &k;
  ScalarMath m;
  Type element, compute;
  SmallVector<Value> in, out;
  ReduceKind kind;
  size_t row; ///< the last axis
  Value outPadded, counts, line, plane;
  LogicalResult result = success();
};
} // namespace

LogicalResult mlopt::emitPoolRows(const PoolRows &plan, ElementAt &e) {
  return PoolRowEmitter(plan, e).run();
}
