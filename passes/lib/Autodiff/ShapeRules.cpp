//===- ShapeRules.cpp - Gradients of views and data movement --------------===//
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;
using namespace mlopt;

namespace {

LogicalResult reshapeRule(ReshapeOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.reshape(a.gradient(), a.shapeOf(op.getInput())));
}

LogicalResult transposeRule(TransposeOp op, Adjoint &a) {
  SmallVector<int64_t> inverse(op.getPermutation().size());
  for (auto [i, from] : llvm::enumerate(op.getPermutation()))
    inverse[from] = i;
  return a.contribute(op.getInput(), a.transpose(a.gradient(), inverse));
}

LogicalResult broadcastRule(BroadcastOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.gradient());
}

LogicalResult relayoutRule(RelayoutOp op, Adjoint &a) {
  return a.contribute(op.getInput(), a.gradient());
}

/// Zeros around the derivative; where the slice has a step, zeros between its elements too.
LogicalResult sliceRule(SliceOp op, Adjoint &a) {
  Value g = a.gradient();
  SymShape in = a.shapeOf(op.getInput()), out = a.shapeOf(g);
  SmallVector<SymExpr> starts =
      mlopt::detail::mixedSizes(op.getStaticStarts(), op.getStarts(), a.getShapes());
  int64_t rank = in.size();
  SymExpr zero = a.size(0);
  Value nothing = a.scalar(a.elementOf(g), 0);
  if (llvm::any_of(out, [](SymExpr size) { return size.isConstant(0); }))
    return a.contribute(op.getInput(), a.filled(op.getInput(), 0));

  // Backward axes are turned round: from the last element read on they go forward.
  SmallVector<SymExpr> first(rank, zero);
  SmallVector<int64_t> direction(rank, 1);
  for (int64_t i = 0; i < rank; ++i) {
    if (op.getStrides()[i] > 0)
      continue;
    direction[i] = -1;
    // A slice without elements starts anywhere.
    first[i] = SymExpr::max(out[i] - 1, zero);
    starts[i] = starts[i] + (out[i] - 1) * op.getStrides()[i];
  }
  g = a.slice(g, first, out, direction);

  // [n] -> [n, 1] -> [n, step] -> [n * step]: each element is followed by step - 1 zeros.
  SymShape spread = out;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t step = std::abs(op.getStrides()[i]);
    if (step == 1)
      continue;
    g = a.unsqueeze(g, i + 1);
    SmallVector<SymExpr> low(rank + 1, zero), high(rank + 1, zero);
    high[i + 1] = a.size(step - 1);
    g = a.pad(g, nothing, low, high, PadMode::constant);
    spread[i] = out[i] * step;
    g = a.reshape(g, spread);
  }
  SmallVector<SymExpr> high;
  for (int64_t i = 0; i < rank; ++i)
    high.push_back(in[i] - starts[i] - spread[i]);
  return a.contribute(op.getInput(), a.pad(g, nothing, starts, high, PadMode::constant));
}

LogicalResult concatRule(ConcatOp op, Adjoint &a) {
  SymExpr start = a.size(0);
  for (Value input : op.getInputs()) {
    SymExpr length = a.dimOf(input, op.getAxis());
    if (a.needs(input) &&
        failed(a.contribute(input, a.sliceAxis(a.gradient(), op.getAxis(), start, length))))
      return failure();
    start = start + length;
  }
  return success();
}

/// Padding the other way: what was added is cut off, what was cut off is 0.
LogicalResult constantPadRule(PadOp op, Adjoint &a, ArrayRef<SymExpr> low, ArrayRef<SymExpr> high) {
  Value g = a.gradient(), inner;
  SymShape in = a.shapeOf(op.getInput());
  auto isGrowing = [](SymExpr pad) {
    std::optional<int64_t> least = pad.getLowerBound();
    return least && *least >= 0;
  };
  if (llvm::all_of(low, isGrowing) && llvm::all_of(high, isGrowing)) {
    inner = a.slice(g, low, in, SmallVector<int64_t>(in.size(), 1));
  } else {
    SmallVector<SymExpr> minusLow, minusHigh;
    for (auto [l, h] : llvm::zip_equal(low, high)) {
      minusLow.push_back(l * -1);
      minusHigh.push_back(h * -1);
    }
    inner = a.pad(g, a.scalar(a.elementOf(g), 0), minusLow, minusHigh, PadMode::constant);
  }
  if (failed(a.contribute(op.getInput(), inner)))
    return failure();
  if (!a.needs(op.getValue()))
    return success();
  auto sum = [&](Value v) {
    return a.reduce(v, ReduceKind::sum, llvm::to_vector(llvm::seq<int64_t>(in.size())),
                    /*keepdims=*/false);
  };
  return a.contribute(op.getValue(), a.sub(sum(g), sum(inner)));
}

LogicalResult padRule(PadOp op, Adjoint &a) {
  SmallVector<SymExpr> low =
      mlopt::detail::mixedSizes(op.getStaticLow(), op.getLow(), a.getShapes());
  SmallVector<SymExpr> high =
      mlopt::detail::mixedSizes(op.getStaticHigh(), op.getHigh(), a.getShapes());
  if (op.getMode() == PadMode::constant)
    return constantPadRule(op, a, low, high);
  // A gather along each axis in turn, of the positions padded the same way.
  Value g = a.gradient();
  SymShape shape = a.shapeOf(g);
  Type position = a.getBuilder().getI64Type();
  for (int64_t i = 0, rank = shape.size(); i < rank; ++i) {
    if (low[i].isConstant(0) && high[i].isConstant(0))
      continue;
    SymExpr size = a.dimOf(op.getInput(), i);
    Value positions =
        a.pad(a.iota(position, size, 0), a.scalar(position, 0), low[i], high[i], op.getMode());
    shape[i] = size;
    g = a.scatterAlong(a.broadcast(a.scalar(a.elementOf(op.getInput()), 0), shape), positions, g,
                       i);
  }
  return a.contribute(op.getInput(), g);
}

} // namespace

void mlopt::attachShapeGradients(MLIRContext *context) {
  attachGradientRule<ReshapeOp, reshapeRule>(context);
  attachGradientRule<TransposeOp, transposeRule>(context);
  attachGradientRule<BroadcastOp, broadcastRule>(context);
  attachGradientRule<RelayoutOp, relayoutRule>(context);
  attachGradientRule<SliceOp, sliceRule>(context);
  attachGradientRule<ConcatOp, concatRule>(context);
  attachGradientRule<PadOp, padRule>(context);
}
