//===- ContractionRules.cpp - Gradients of matrix products ----------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

static Value multiply(Adjoint &a, Value lhs, Value rhs, bool transposeA, bool transposeB) {
  return a.create<MatmulOp>(lhs, rhs, transposeA, transposeB);
}

/// One matrix [K, N] (or its transpose) that many matrices on the left, batch by batch, were
/// multiplied with: its derivative sums over the batch as over the rows, so both are one
/// contracted dimension of one product.
static Value sharedRight(Adjoint &a, MatmulOp op, Value g) {
  SymShape lhs = a.shapeOf(op.getLhs()), right = a.shapeOf(op.getRhs()), out = a.shapeOf(g);
  SymExpr rows = product(a, ArrayRef<SymExpr>(out).drop_back());
  Value left = a.reshape(op.getLhs(), {rows, lhs.back()});
  g = a.reshape(g, {rows, out.back()});
  Value result =
      op.getTransposeB() ? multiply(a, g, left, true, false) : multiply(a, left, g, true, false);
  return a.reshape(result, right);
}

/// With C = A B: dA = dC B^T and dB = A^T dC, each in the operand's own orientation. Batch axes
/// along which an operand was broadcast are summed by `contribute`.
static LogicalResult matmul(MatmulOp op, Adjoint &a) {
  Value lhs = op.getLhs(), rhs = op.getRhs(), g = a.gradient();
  bool ta = op.getTransposeA(), tb = op.getTransposeB();
  if (a.needs(lhs)) {
    Value d = ta ? multiply(a, rhs, g, tb, true) : multiply(a, g, rhs, false, !tb);
    if (failed(a.contribute(lhs, d)))
      return failure();
  }
  if (!a.needs(rhs))
    return success();
  auto batchOf = [&](Value v) {
    SymShape shape = a.shapeOf(v);
    shape.truncate(shape.size() - 2);
    return shape;
  };
  auto isOne = [](SymExpr size) { return size.isConstant(1); };
  if (!ta && llvm::all_of(batchOf(rhs), isOne) && !llvm::all_of(batchOf(lhs), isOne))
    return a.contribute(rhs, sharedRight(a, op, g));
  return a.contribute(rhs, tb ? multiply(a, g, lhs, true, ta) : multiply(a, lhs, g, !ta, false));
}

void mlopt::attachContractionGradients(MLIRContext *context) {
  attachGradientRule<MatmulOp, matmul>(context);
}
