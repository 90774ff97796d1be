//===- ReductionRules.cpp - Gradients of reductions, softmax, scans -------===//
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// For each element the product of the others of its group, times the group's derivative. Where a
/// group holds zeros that is other than 0 for the one zero only, so no quotient sees one.
Value productRule(Adjoint &a, Value x, ArrayRef<int64_t> axes, Value g) {
  Type element = a.elementOf(x);
  Value isZero = a.compare(ComparePredicate::eq, x, a.scalar(element, 0));
  Value mark = a.cast(isZero, element);
  Value otherZeros = a.sub(a.reduce(mark, ReduceKind::sum, axes, /*keepdims=*/true), mark);
  Value safe = a.select(isZero, a.scalar(element, 1), x);
  Value others = a.div(a.reduce(safe, ReduceKind::prod, axes, /*keepdims=*/true), safe);
  Value alone = a.compare(ComparePredicate::eq, otherZeros, a.scalar(element, 0));
  return a.mul(g, a.keepWhere(alone, others));
}

LogicalResult reduceRule(ReduceOp op, Adjoint &a) {
  Value x = op.getInput(), g = a.gradient();
  ArrayRef<int64_t> axes = op.getAxes();
  bool keepdims = op.getKeepdims();
  if (axes.empty())
    return a.contribute(x, g);
  auto keep = [&](Value v) { return keepdims ? v : a.unsqueeze(v, axes); };
  switch (op.getKind()) {
  case ReduceKind::sum:
    return a.contribute(x, a.expand(g, axes, keepdims, x));
  case ReduceKind::mean:
    return a.contribute(x, a.expand(a.div(g, a.countAlong(x, axes)), axes, keepdims, x));
  case ReduceKind::prod:
    return a.contribute(x, productRule(a, x, axes, keep(g)));
  case ReduceKind::max:
  case ReduceKind::min: {
    // Equal extrema share the derivative evenly.
    Value chosen = a.compare(ComparePredicate::eq, x, keep(op.getResult()));
    Value count = a.reduce(a.cast(chosen, a.elementOf(x)), ReduceKind::sum, axes,
                           /*keepdims=*/true);
    return a.contribute(x, a.keepWhere(chosen, a.div(keep(g), count)));
  }
  }
  return a.refuse("this kind of reduction has no rule");
}

/// y (g - sum(g y)); of the logarithm: g - exp(y) sum(g).
LogicalResult softmaxRule(SoftmaxOp op, Adjoint &a) {
  Value y = op.getResult(), g = a.gradient();
  int64_t axis = op.getAxis();
  auto sum = [&](Value v) { return a.reduce(v, ReduceKind::sum, axis, /*keepdims=*/true); };
  if (op.getLog())
    return a.contribute(op.getInput(), a.sub(g, a.mul(a.create<ExpOp>(y), sum(g))));
  return a.contribute(op.getInput(), a.mul(y, a.sub(g, sum(a.mul(g, y)))));
}

/// The running sum from the other end.
LogicalResult cumulativeRule(CumulativeOp op, Adjoint &a) {
  if (op.getKind() != CumulativeKind::sum)
    return a.refuse("running products have no gradient rule");
  return a.contribute(op.getInput(),
                      a.create<CumulativeOp>(a.gradient(), op.getKind(), op.getAxis(),
                                             op.getExclusive(), !op.getReverse()));
}

LogicalResult topKRule(TopKOp op, Adjoint &a) {
  Value zeros = a.filled(op.getInput(), 0);
  // The indices are distinct.
  return a.contribute(op.getInput(),
                      a.create<ScatterElementsOp>(zeros, op.getIndices(), a.gradient(),
                                                  op.getAxis(), ScatterReduction::none));
}

} // namespace

void mlopt::attachReductionGradients(MLIRContext *context) {
  attachGradientRule<ReduceOp, reduceRule>(context);
  attachGradientRule<SoftmaxOp, softmaxRule>(context);
  attachGradientRule<CumulativeOp, cumulativeRule>(context);
  attachGradientRule<TopKOp, topKRule>(context);
  attachNoGradient<ArgReduceOp>(context);
}
