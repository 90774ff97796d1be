//===- TrainingRules.cpp - Gradients of training forms --------------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

static LogicalResult dropout(DropoutOp, Adjoint &a) {
  return a.refuse("the training step replaces it by its random form before derivatives are taken "
                  "(pass 'mlopt-build-training')");
}

template <typename OpTy> static Windows windowsOf(OpTy op, ArrayRef<int64_t> kernel) {
  Windows w;
  w.kernel.assign(kernel.begin(), kernel.end());
  w.strides.assign(op.getStrides().begin(), op.getStrides().end());
  w.padsBegin.assign(op.getPadsBegin().begin(), op.getPadsBegin().end());
  w.padsEnd.assign(op.getPadsEnd().begin(), op.getPadsEnd().end());
  w.dilations.assign(op.getDilations().begin(), op.getDilations().end());
  return w;
}

static LogicalResult unfoldRule(UnfoldOp op, Adjoint &a) {
  SymShape image = a.shapeOf(op.getInput());
  return a.contribute(op.getInput(), fold(a, a.gradient(), ArrayRef<SymExpr>(image).drop_front(2),
                                          windowsOf(op, op.getKernel())));
}

static LogicalResult foldRule(FoldOp op, Adjoint &a) {
  size_t spatial = op.getStaticSizes().size();
  // Always known: the operation's shapes cannot be inferred otherwise.
  ArrayRef<int64_t> kernel =
      cast<RankedTensorType>(op.getInput().getType()).getShape().slice(2, spatial);
  Value windows = unfold(a, a.gradient(), windowsOf(op, kernel));
  return a.contribute(op.getInput(), a.reshape(windows, a.shapeOf(op.getInput())));
}

void mlopt::attachTrainingGradients(MLIRContext *context) {
  attachGradientRule<DropoutOp, dropout>(context);
  attachGradientRule<UnfoldOp, unfoldRule>(context);
  attachGradientRule<FoldOp, foldRule>(context);
}
