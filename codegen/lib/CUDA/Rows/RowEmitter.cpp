//===- RowEmitter.cpp - Softmax, norms and reductions on GPUs -------------===//
#include "RowEmitter.h"
#include "../Reciprocal.h"
#include "RowWalk.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

namespace {

class RowKernel {
public:
  RowKernel(const RowPlan &plan, ElementAt &e, GpuBuilder &g, int64_t lanes)
      : plan(plan), e(e), g(g), walk(plan, e, g, lanes), m(walk.m) {}

  LogicalResult run() {
    return llvm::TypeSwitch<Operation *, LogicalResult>(plan.hero)
        .Case<SoftmaxOp>([&](SoftmaxOp op) { return softmax(op); })
        .Case<LayerNormOp>([&](LayerNormOp op) {
          return normalize(op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), /*centred=*/true);
        })
        .Case<RmsNormOp>([&](RmsNormOp op) {
          return normalize(op.getScale(), Value(), op.getEpsilon().convertToDouble(), /*centred=*/false);
        })
        .Case<GroupNormOp>([&](GroupNormOp op) {
          return normalize(op.getScale(), op.getBias(), op.getEpsilon().convertToDouble(), /*centred=*/true);
        })
        .Case<ReduceOp>([&](ReduceOp op) { return reduce(op); })
        .Default([](Operation *op) { return op->emitError("not a hero of rows"); });
  }

private:
  /// Writes the kernel's results at every element of the row, the hero's being given by `f`.
  LogicalResult writeRow(function_ref<Value(ArrayRef<Coord>, Value)> f) {
    LogicalResult result = success();
    Value hero = plan.hero->getResult(0);
    auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
    walk.forEach([&](ArrayRef<Coord> index, int64_t lanes, Value x) {
      Value y = f(index, x);
      e.setOverride(hero, [&](ArrayRef<Coord>, int64_t) { return y; });
      for (auto [r, v] : llvm::enumerate(yield.getValues())) {
        if (Value out = e.at(v, index, lanes))
          e.storeResult(r, out, index, lanes);
        else
          result = failure();
      }
      e.clearOverride(hero);
    });
    return result;
  }

  LogicalResult softmax(SoftmaxOp op) {
    Value top = walk.statistic(ReduceKind::max, [&](ArrayRef<Coord>, Value x) { return x; });
    // A row of -inf alone gives NaN, as the definition does.
    auto shifted = [&](Value x) { return m.sub(x, walk.spread(top)); };
    Value sum = walk.statistic(ReduceKind::sum, [&](ArrayRef<Coord>, Value x) { return m.exp(shifted(x)); });
    if (op.getLog()) {
      Value logSum = m.log(sum);
      return writeRow([&](ArrayRef<Coord>, Value x) { return m.sub(shifted(x), walk.spread(logSum)); });
    }
    Value inverse = reciprocal(g, m, sum);
    return writeRow([&](ArrayRef<Coord>, Value x) { return m.mul(m.exp(shifted(x)), walk.spread(inverse)); });
  }

  /// The sum of a row over the number of its elements.
  Value meanOf(Value sum) {
    auto type = dyn_cast<VectorType>(sum.getType());
    auto like = [&](Value n) { return type ? g.splat(n, type.getNumElements()) : n; };
    if (std::optional<int64_t> n = plan.length.getConstant(); n && *n > 0 && ScalarBuilder::isFloat(sum))
      return m.mul(sum, m.constF(sum, 1.0 / *n));
    Value n = like(countAs(m, g.size(plan.length), plan.element));
    if (ScalarBuilder::isFloat(sum))
      return m.mul(sum, reciprocal(g, m, n));
    auto integer = dyn_cast<IntegerType>(plan.element);
    return m.divI(sum, n, integer && integer.isUnsigned());
  }

  LogicalResult normalize(Value scale, Value bias, double epsilon, bool centred) {
    Value mean;
    if (centred) {
      Value sum = walk.statistic(ReduceKind::sum, [&](ArrayRef<Coord>, Value x) { return x; });
      mean = meanOf(sum);
    }
    auto centre = [&](Value x) { return centred ? m.sub(x, walk.spread(mean)) : x; };
    Value squares = walk.statistic(ReduceKind::sum, [&](ArrayRef<Coord>, Value x) {
      Value d = centre(x);
      return m.mul(d, d);
    });
    Value variance = meanOf(squares);
    Value inverse = inverseSqrt(g, m, m.add(variance, m.constF(variance, epsilon)));
    return writeRow([&](ArrayRef<Coord> index, Value x) -> Value {
      Value y = m.mul(centre(x), walk.spread(inverse));
      bool scaled = scale && isa<RankedTensorType>(scale.getType());
      bool shifted = bias && isa<RankedTensorType>(bias.getType());
      if (scaled && shifted)
        return m.fma(y, parameter(scale, index), parameter(bias, index));
      if (scaled)
        return m.mul(y, parameter(scale, index));
      return shifted ? m.add(y, parameter(bias, index)) : y;
    });
  }

  /// A scale or bias: of the channel, or aligned with the last axes and broadcast where its size is 1.
  Value parameter(Value p, ArrayRef<Coord> index) {
    if (plan.groupAxis >= 0)
      return e.at(p, index[plan.groupAxis], walk.lanes);
    SymShape shape = g.shapes.shapeOf(p);
    Coords at;
    for (size_t d = 0; d < shape.size(); ++d)
      at.push_back(shape[d].isConstant(1) ? Coord{g.index(0), 0} : index[d + plan.shape.size() - shape.size()]);
    return e.at(p, at, walk.lanes);
  }

  LogicalResult reduce(ReduceOp op) {
    Value v = walk.statistic(op.getKind(), [&](ArrayRef<Coord>, Value x) { return x; });
    if (plan.part) {
      walk.onceInRow([&] {
        Value at = g.add(g.mul(walk.part, g.size(plan.rows)), walk.number);
        g.store(v, g.sharedScratch(), at);
      });
      return success();
    }
    if (op.getKind() == ReduceKind::mean)
      v = meanOf(v);
    LogicalResult result = success();
    auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
    SymShape one = g.shapes.shapeOf(op.getResult());
    int64_t lanes = plan.across ? walk.lanes : 1;
    SmallVector<std::pair<unsigned, Value>> rows;
    for (auto [r, value] : llvm::enumerate(yield.getValues()))
      if (plan.shape != one && g.shapes.shapeOf(value) == plan.shape)
        rows.push_back({r, value});
    walk.onceInRow([&] {
      e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t n) {
        return isa<VectorType>(v.getType()) ? v : g.splat(v, n);
      });
      Coords index = resultIndex(op, walk.keptIndex);
      for (auto [r, value] : llvm::enumerate(yield.getValues())) {
        if (llvm::any_of(rows, [&, r = r](auto &row) { return row.first == r; }))
          continue;
        if (Value out = e.at(value, index, lanes))
          e.storeResult(r, out, index, lanes);
        else
          result = failure();
      }
      e.clearOverride(op.getResult());
    });
    if (rows.empty())
      return result;
    // What has the operand's shape is the row itself, changed by its statistic.
    walk.forEach([&](ArrayRef<Coord> index, int64_t n, Value) {
      e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return walk.spread(v); });
      for (auto [r, value] : rows) {
        if (Value out = e.at(value, index, n))
          e.storeResult(r, out, index, n);
        else
          result = failure();
      }
      e.clearOverride(op.getResult());
    });
    return result;
  }

  Coords resultIndex(ReduceOp op, ArrayRef<Coord> kept) {
    Coords index;
    size_t next = 0;
    for (int64_t i = 0, rank = plan.shape.size(); i < rank; ++i) {
      if (!llvm::is_contained(plan.axes, i))
        index.push_back(kept[next++]);
      else if (op.getKeepdims())
        index.push_back({g.index(0), 0});
    }
    return index;
  }

public:
  /// The second phase: 8 threads share the parts of a result, 32 results lie side by side.
  static LogicalResult addParts(const RowPlan &plan, ElementAt &e, GpuBuilder &g) {
    auto op = cast<ReduceOp>(plan.hero);
    ScalarMath m = e.scalarMath();
    Type compute = computeType(plan.element);
    ReduceKind kind = op.getKind() == ReduceKind::mean ? ReduceKind::sum : op.getKind();
    auto step = [&](Value a, Value b) { return reductionStep(m, kind, plan.element, a, b); };
    Value thread = g.threadIdx(), column = g.rem(thread, g.i32(32)), slice = g.floorDiv(thread, g.i32(32));
    Value rows = g.size(plan.rows), parts = g.size(plan.parts);
    Value row = g.add(g.mul(g.toI64(g.blockIdx()), 32), g.toI64(column));
    Value exists = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::slt, row, rows);
    Value safe = g.min(row, g.sub(rows, g.index(1)));
    Value neutral = reductionNeutral(m, kind, plan.element, 1);
    Value sum = g.stridedLoop(g.toI64(slice), parts, g.index(kSlices), neutral,
                              [&](Value p, ValueRange carried) -> SmallVector<Value> {
                                return {step(carried[0], g.load(g.sharedScratch(), g.add(g.mul(p, rows), safe), compute))};
                              })[0];
    int64_t bytes = getElementBytes(compute);
    auto place = [&](Value t) { return g.sharedPtr(g.mul(t, bytes)); };
    g.storeAligned(sum, place(thread));
    g.barrier();
    Value total;
    for (int64_t s = 0; s < kSlices; ++s) {
      Value x = g.loadAligned(place(g.add(column, s * 32)), compute, 1);
      total = total ? step(total, x) : x;
    }
    if (op.getKind() == ReduceKind::mean)
      total = m.mul(total, reciprocal(g, m, countAs(m, g.size(plan.length), plan.element)));
    Value first = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, slice, g.i32(0));
    LogicalResult result = success();
    ElementAt::Scope scope(e);
    g.ifThen(arith::AndIOp::create(g.b, g.loc, exists, first), [&] {
      SmallVector<Value> sizes = e.sizesOf(plan.input), keptSizes;
      for (int64_t d : plan.kept)
        keptSizes.push_back(sizes[d]);
      SmallVector<Value> at = keptSizes.empty() ? SmallVector<Value>() : e.delinearize(row, keptSizes);
      Coords index;
      size_t next = 0;
      for (int64_t i = 0, rank = plan.shape.size(); i < rank; ++i) {
        if (!llvm::is_contained(plan.axes, i))
          index.push_back({at[next++], 0});
        else if (op.getKeepdims())
          index.push_back({g.index(0), 0});
      }
      e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return total; });
      for (auto [r, value] : llvm::enumerate(g.kernel.getBody().front().getTerminator()->getOperands())) {
        if (Value out = e.at(value, index, 1))
          e.storeResult(r, out, index, 1);
        else
          result = failure();
      }
      e.clearOverride(op.getResult());
    });
    return result;
  }

private:
  static constexpr int64_t kSlices = 8;

  const RowPlan &plan;
  ElementAt &e;
  GpuBuilder &g;
  RowWalk walk;
  ScalarMath m;
};

class CudaRowEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-rows"; }

  bool accept(KernelOp kernel, const TargetDescription &target, std::string &reason) const override {
    ShapeAnalysis shapes(kernel);
    return planRows(kernel, shapes, target, reason).has_value();
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    ShapeAnalysis shapes(kernel);
    std::string reason;
    std::optional<RowPlan> plan = planRows(kernel, shapes, target, reason);
    if (!plan)
      return failure();
    Builder b(kernel.getContext());
    SmallVector<NamedAttribute> params;
    auto param = [&](StringRef name, Attribute value) { params.push_back(b.getNamedAttr(name, value)); };
    param("form", b.getStringAttr(plan->across ? "across" : plan->width <= 32 ? "warp" : "block"));
    param("lanes", b.getI64IntegerAttr(plan->lanes));
    param("width", b.getI64IntegerAttr(plan->width));
    param("height", b.getI64IntegerAttr(plan->height));
    if (plan->turns)
      param("held", b.getI64IntegerAttr(plan->turns));
    if (plan->part)
      param("part", b.getI64IntegerAttr(plan->part));
    param("launch", encodeGpuLaunches(kernel.getContext(), plan->launches));
    SymExpr zero = SymExpr::constant(kernel.getContext(), 0);
    SymExpr scratch = plan->part ? plan->partialElements() * getElementBytes(computeType(plan->element)) : zero;
    return ScheduleAttr::get(kernel.getContext(), name(), plan->launches.size(), scratch.getAttr(), zero.getAttr(), {},
                             {}, {}, {}, plan->rows.getAttr(), {}, b.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    ShapeAnalysis shapes(kernel);
    std::string reason;
    std::optional<RowPlan> plan = planRows(kernel, shapes, target, reason);
    if (!plan)
      return kernel.emitError("cannot be walked by rows: ") << reason;
    LogicalResult result = success();
    for (int64_t phase = 0; phase < (int64_t)plan->launches.size(); ++phase) {
      GpuBuilder g(kernel, target, module, phase);
      ElementAt e(g);
      e.computeScalars();
      if (failed(phase == 0 ? emitRows(*plan, e, g) : RowKernel::addParts(*plan, e, g)))
        result = failure();
      g.finish();
    }
    return result;
  }

private:
  static LogicalResult emitRows(const RowPlan &plan, ElementAt &e, GpuBuilder &g) {
    g.alignedLanes = true;
    if (!plan.lanesAtRunTime)
      return RowKernel(plan, e, g, plan.lanes).run();
    // Whole accesses where the size allows them; the branch is the same for all threads.
    LogicalResult wide = success(), narrow = success();
    Value size = plan.merged ? g.size(plan.length) : e.sizesOf(plan.input)[plan.laneDim];
    if (plan.groupAxis >= 0 && plan.laneDim == plan.groupAxis)
      size = g.floorDiv(size, g.index(plan.groups));
    Value rest = g.rem(size, g.index(plan.lanes));
    Value isWhole = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, rest, g.index(0));
    g.ifThen(
        isWhole,
        [&] {
          ElementAt::Scope scope(e);
          wide = RowKernel(plan, e, g, plan.lanes).run();
        },
        [&] {
          ElementAt::Scope scope(e);
          narrow = RowKernel(plan, e, g, 1).run();
        });
    return success(succeeded(wide) && succeeded(narrow));
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaRowEmitter() { return std::make_unique<CudaRowEmitter>(); }
