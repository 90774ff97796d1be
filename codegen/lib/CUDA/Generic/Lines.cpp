//===- Lines.cpp - Running sums and the first k of lines ------------------===//
//
// A running sum is a thread's line after line, in order. The first k are found by
// counting: each element's place is the number of those that come before it. That
// is as much work as the square of a line, but all of a line's elements at once,
// and the same result whatever the order.
//
//===----------------------------------------------------------------------===//
#include "Generic/Candidate.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

static unsigned bitsOf(TopKOp op, ShapeAnalysis &shapes) {
  return candidateBits(op, shapes.shapeOf(op.getInput())[op.getAxis()]);
}

GenericPlan cuda::planLines(KernelOp kernel, ShapeAnalysis &shapes) {
  Operation *hero = kernel.getHeroOp();
  SymShape shape = shapes.shapeOf(hero->getOperand(0));
  SymExpr elements = numElements(kernel.getContext(), shape);
  GenericPlan plan;
  plan.walk = "lines";
  if (auto op = dyn_cast<TopKOp>(hero)) {
    plan.form = "rank";
    plan.phases = {{elements}, {elements}};
    plan.scratch = elements * int64_t(bitsOf(op, shapes) / 8);
    return plan;
  }
  plan.form = "running";
  SymExpr lines = SymExpr::constant(kernel.getContext(), 1);
  for (auto [i, size] : llvm::enumerate(shape))
    if (static_cast<int64_t>(i) != static_cast<int64_t>(cast<CumulativeOp>(hero).getAxis()))
      lines = lines * size;
  plan.phases = {{lines}};
  return plan;
}

static LogicalResult emitRunning(ElementAt &e, const GenericPlan &plan, CumulativeOp op) {
  KernelBuilder &k = e.k;
  ScalarMath m = e.scalarMath();
  Type element = cast<RankedTensorType>(op.getInput().getType()).getElementType();
  ReduceKind kind = op.getKind() == CumulativeKind::sum ? ReduceKind::sum : ReduceKind::prod;
  SmallVector<Value> sizes = e.sizesOf(op.getInput());
  int64_t axis = op.getAxis();
  bool failed = false;
  forUnit(e, plan.phases[0], [&](Value unit) {
    SmallVector<Value> outer = sizes;
    outer.erase(outer.begin() + axis);
    SmallVector<Value> index = outer.empty() ? SmallVector<Value>() : e.delinearize(unit, outer);
    index.insert(index.begin() + axis, Value());
    e.loop(k.index(0), sizes[axis], reductionNeutral(m, kind, element, 1),
           [&](Value iv, ValueRange carried) -> SmallVector<Value> {
             index[axis] = op.getReverse() ? k.sub(k.sub(sizes[axis], iv), k.index(1)) : iv;
             Value x = e.at(op.getInput(), coordsOf(index), 1);
             failed |= !x;
             if (!x)
               return {carried[0]};
             Value next = reductionStep(m, kind, element, carried[0], x);
             e.storeResult(0, op.getExclusive() ? carried[0] : next, coordsOf(index), 1);
             return {next};
           });
  });
  return success(!failed);
}

static LogicalResult emitFirst(ElementAt &e, const GenericPlan &plan, int64_t phase, TopKOp op) {
  KernelBuilder &k = e.k;
  ScalarMath m = e.scalarMath();
  IntegerType type = k.b.getIntegerType(bitsOf(op, k.shapes));
  SmallVector<Value> sizes = e.sizesOf(op.getInput());
  int64_t axis = op.getAxis();
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  bool failed = false;
  forUnit(e, plan.phases[phase], [&](Value unit) {
    // Candidates of a line lie side by side.
    SmallVector<Value> outer = sizes;
    outer.erase(outer.begin() + axis);
    Value position = k.rem(unit, sizes[axis]), line = k.floorDiv(unit, sizes[axis]);
    SmallVector<Value> index = outer.empty() ? SmallVector<Value>() : e.delinearize(line, outer);
    index.insert(index.begin() + axis, position);
    if (phase == 0) {
      Value x = e.at(op.getInput(), coordsOf(index), 1);
      failed |= !x;
      if (x)
        k.store(candidateOf(k, m, op, type, x, position), k.sharedScratch(), unit);
      return;
    }
    Value mine = k.load(k.sharedScratch(), unit, type), first = k.sub(unit, position);
    Value before = k.forLoop(first, k.add(first, sizes[axis]), 1, k.index(0),
                             [&](Value other, ValueRange count) -> SmallVector<Value> {
                               Value comesFirst = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult,
                                                                        k.load(k.sharedScratch(), other, type), mine);
                               return {k.add(count[0], arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), comesFirst))};
                             })[0];
    Value wanted = k.size(k.shapes.shapeOf(op.getValues())[axis]);
    k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, before, wanted), [&] {
      ElementAt::Scope scope(e);
      SmallVector<Value> place = index;
      place[axis] = before;
      for (auto [r, v] : llvm::enumerate(yield.getValues())) {
        Value out = v == op.getIndices() ? position : e.at(op.getInput(), coordsOf(index), 1);
        failed |= !out;
        if (out)
          e.storeResult(r, out, coordsOf(place), 1);
      }
    });
  });
  return success(!failed);
}

LogicalResult cuda::emitLines(ElementAt &e, const GenericPlan &plan, int64_t phase) {
  Operation *hero = e.k.kernel.getHeroOp();
  if (auto op = dyn_cast<TopKOp>(hero))
    return emitFirst(e, plan, phase, op);
  return emitRunning(e, plan, cast<CumulativeOp>(hero));
}
