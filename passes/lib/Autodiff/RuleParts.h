//===- RuleParts.h - What several gradient rules are made of ----*- C++ -*-===//
#ifndef MLOPT_LIB_PASSES_AUTODIFF_RULEPARTS_H
#define MLOPT_LIB_PASSES_AUTODIFF_RULEPARTS_H

#include "mlopt/Passes/Autodiff/Adjoint.h"

namespace mlopt::autodiff {

/// Whether an operand is there (not none) and its derivative wanted.
inline bool wants(Adjoint &a, mlir::Value operand) {
  return !llvm::isa<mlir::NoneType>(operand.getType()) && a.needs(operand);
}

/// All axes of a tensor of rank `rank` but axis 1: what statistics of a channel run over.
llvm::SmallVector<int64_t> axesButChannel(int64_t rank);
/// A tensor of shape [C] in the shape [C, 1, ...] that broadcasts along axis 1 of rank `rank`.
mlir::Value alongChannel(Adjoint &a, mlir::Value vector, int64_t rank);
/// A size as a scalar tensor of the element type.
mlir::Value sizeScalar(Adjoint &a, SymExpr size, mlir::Type element);
/// The product of some sizes.
SymExpr product(Adjoint &a, llvm::ArrayRef<SymExpr> sizes);

/// How the windows of a convolution or pooling lie in an image [N, C, D1..Dk].
struct Windows {
  llvm::SmallVector<int64_t> kernel, strides, padsBegin, padsEnd, dilations;

  size_t spatial() const { return kernel.size(); }
  /// Distance between the first and the last element of a window along an axis.
  int64_t reach(size_t axis) const { return (kernel[axis] - 1) * dilations[axis]; }
  /// Whether the windows are the image's elements.
  bool trivial() const;
};

/// [N, C, D1..Dk] -> [N, C, K1..Kk, O1..Ok].
mlir::Value unfold(Adjoint &a, mlir::Value image, const Windows &w);
/// [N, C, K1..Kk, O1..Ok] -> [N, C, sizes], overlapping elements added up.
mlir::Value fold(Adjoint &a, mlir::Value windows, llvm::ArrayRef<SymExpr> sizes, const Windows &w);

/// Rule of ResizeRule.cpp.
llvm::LogicalResult resize(ResizeOp op, Adjoint &a);

} // namespace mlopt::autodiff

#endif // MLOPT_LIB_PASSES_AUTODIFF_RULEPARTS_H
