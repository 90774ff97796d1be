//===- DecomposeTraining.cpp - Training forms as compositions -------------===//
#include "mlopt/Passes/Graph/GraphRewriter.h"
#include "mlopt/Passes/Graph/Graph.h"

namespace mlopt {
#define GEN_PASS_DEF_DECOMPOSETRAININGPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

/// Mean, then the mean of the squares around it: no difference of large sums.
static LogicalResult decompose(BatchNormTrainingOp op, ShapeAnalysis &shapes) {
  OpBuilder builder(op);
  ComposeBuilder b(builder, op.getLoc(), shapes);
  Value x = op.getInput();
  int64_t rank = b.rankOf(x);
  SmallVector<int64_t> axes = {0};
  for (int64_t axis = 2; axis < rank; ++axis)
    axes.push_back(axis);
  SymExpr channels = b.dimOf(x, 1);
  // [C] beside [N, C, d...].
  SymShape beside(rank - 1, b.size(1));
  beside[0] = channels;
  auto perChannel = [&](Value v) { return b.reshape(v, beside); };
  Value mean = b.reduce(x, ReduceKind::mean, axes, /*keepdims=*/false);
  Value centred = b.sub(x, perChannel(mean));
  Value variance = b.reduce(b.mul(centred, centred), ReduceKind::mean, axes, /*keepdims=*/false);
  Value deviation = b.create<SqrtOp>(b.addScalar(variance, op.getEpsilon().convertToDouble()));
  Value scale = b.div(op.getScale(), deviation);
  Value result = b.add(b.mul(centred, perChannel(scale)), perChannel(op.getBias()));
  if (!result)
    return op.emitError("MLO3001: cannot be composed of reductions: ") << b.getError();
  SmallVector<Value> values = {result, mean, variance};
  for (auto [old, value] : llvm::zip_equal(op->getResults(), values)) {
    // The operation's own types, where its users know more of a size.
    value.setType(old.getType());
    old.replaceAllUsesWith(value);
  }
  op.erase();
  return success();
}

namespace {
struct DecomposeTraining : mlopt::impl::DecomposeTrainingPassBase<DecomposeTraining> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<BatchNormTrainingOp> ops;
      function.walk([&](BatchNormTrainingOp op) { ops.push_back(op); });
      for (BatchNormTrainingOp op : ops) {
        // Each one anew: the analysis holds values of operations that are gone.
        ShapeAnalysis shapes(function);
        if (failed(decompose(op, shapes)))
          return signalPassFailure();
      }
    }
  }
};
} // namespace
