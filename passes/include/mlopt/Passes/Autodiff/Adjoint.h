//===- Adjoint.h - What a gradient rule works with --------------*- C++ -*-===//
//
// A rule is a plain function
//
//   LogicalResult sqrt(SqrtOp op, Adjoint &a) {
//     // d sqrt(x) = g / (2 sqrt(x))
//     return a.contribute(op.getInput(), a.div(a.gradient(), a.mulScalar(op.getResult(), 2)));
//   }
//
// attached in its family's file by `attachGradientRule<SqrtOp, sqrt>(context)`.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_AUTODIFF_ADJOINT_H
#define MLOPT_PASSES_AUTODIFF_ADJOINT_H

#include "mlopt/IR/Compose/ComposeBuilder.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlopt {

/// Location of what an operation at `forward` contributes: a node called N becomes "grad(N)", so
/// that reports and profiles tell the two directions apart. Places in files stay.
mlir::Location getGradientLocation(mlir::Location forward);

/// The reverse of one operation. As a ComposeBuilder it builds at the end of what is known, at the
/// operation's gradient location; a null operand gives a null result, and `contribute` of a null
/// value fails with the builder's error.
class Adjoint : public ComposeBuilder {
public:
  /// Takes a derivative that an operand receives.
  using Receive = llvm::function_ref<void(mlir::Value operand, mlir::Value gradient)>;
  using Needs = llvm::function_ref<bool(mlir::Value operand)>;

  Adjoint(mlir::Operation *op, llvm::ArrayRef<mlir::Value> gradients, mlir::OpBuilder &builder,
          ShapeAnalysis &shapes, Needs needed, Receive receive)
      : ComposeBuilder(builder, getGradientLocation(op->getLoc()), shapes), gradients(gradients),
        needed(needed), receive(receive) {}

  /// Derivative by a result, in the result's shape; null where nothing flows into it. Result 0 of
  /// an operation with one result is never null.
  mlir::Value gradient(unsigned result = 0) const { return gradients[result]; }
  /// Whether the derivative by this operand is wanted: a rule may leave others out.
  bool needs(mlir::Value operand) const { return needed(operand); }
  /// Adds to the derivative of an operand, which must be floating point. `value` has the operand's
  /// shape, or one that NumPy's broadcast made of it: then it is summed over the broadcast axes.
  /// Does nothing where the operand's derivative is not wanted. Failure where `value` is null.
  llvm::LogicalResult contribute(mlir::Value operand, mlir::Value value);
  /// The sum over the axes along which `shape` was broadcast to the value's shape.
  mlir::Value unbroadcast(mlir::Value value, llvm::ArrayRef<SymExpr> shape);
  /// A tensor of zeros (or another number) in the shape and type of `like`.
  mlir::Value filled(mlir::Value like, double number);
  /// A value in the shape of a reduction's result, repeated over the reduced `axes` (sorted) of
  /// `like`, which is the reduction's operand. `keepdims`: whether the axes are there with size 1.
  mlir::Value expand(mlir::Value reduced, llvm::ArrayRef<int64_t> axes, bool keepdims,
                     mlir::Value like);
  /// The number of elements along `axes` of `like` as a scalar of its element type.
  mlir::Value countAlong(mlir::Value like, llvm::ArrayRef<int64_t> axes);
  /// condition ? 0 : value.
  mlir::Value zeroWhere(mlir::Value condition, mlir::Value value);
  /// condition ? value : 0.
  mlir::Value keepWhere(mlir::Value condition, mlir::Value value);
  /// Zeros in the shape and type of `data`, with the slices of `gradient` (the shape of
  /// `mlopt.gather` of `data` and `indices` along `axis`) added where they were gathered from.
  mlir::Value scatterAlong(mlir::Value data, mlir::Value indices, mlir::Value gradient,
                           int64_t axis);
  /// No rule for this form of the operation: reported with its name and node. Always failure.
  llvm::LogicalResult refuse(const llvm::Twine &reason);
  /// What refuse was told, empty otherwise.
  llvm::StringRef getRefusal() const { return refusal; }

private:
  llvm::ArrayRef<mlir::Value> gradients;
  Needs needed;
  Receive receive;
  std::string refusal;
};

} // namespace mlopt

#include "mlopt/Passes/Autodiff/Differentiable.h.inc"

namespace mlopt {
namespace detail {
template <typename OpTy, llvm::LogicalResult (*rule)(OpTy, Adjoint &)>
struct GradientRuleModel
    : DifferentiableOpInterface::ExternalModel<GradientRuleModel<OpTy, rule>, OpTy> {
  llvm::LogicalResult buildAdjoint(mlir::Operation *op, Adjoint &adjoint) const {
    return rule(llvm::cast<OpTy>(op), adjoint);
  }
};
template <typename OpTy>
struct NoGradientModel : DifferentiableOpInterface::ExternalModel<NoGradientModel<OpTy>, OpTy> {
  llvm::LogicalResult buildAdjoint(mlir::Operation *, Adjoint &) const { return llvm::success(); }
  bool isConstantAlmostEverywhere(mlir::Operation *) const { return true; }
};
} // namespace detail

/// Gives OpTy its rule.
template <typename OpTy, llvm::LogicalResult (*rule)(OpTy, Adjoint &)>
void attachGradientRule(mlir::MLIRContext *context) {
  OpTy::template attachInterface<detail::GradientRuleModel<OpTy, rule>>(*context);
}
/// States that nothing flows through these operations.
template <typename... OpTys> void attachNoGradient(mlir::MLIRContext *context) {
  (OpTys::template attachInterface<detail::NoGradientModel<OpTys>>(*context), ...);
}

// One for each family; called when the dialect is loaded.
void attachElementwiseGradients(mlir::MLIRContext *context);
void attachReductionGradients(mlir::MLIRContext *context);
void attachShapeGradients(mlir::MLIRContext *context);
void attachIndexingGradients(mlir::MLIRContext *context);
void attachContractionGradients(mlir::MLIRContext *context);
void attachConvolutionGradients(mlir::MLIRContext *context);
void attachPoolingGradients(mlir::MLIRContext *context);
void attachNormalizationGradients(mlir::MLIRContext *context);
void attachAttentionGradients(mlir::MLIRContext *context);
void attachTrainingGradients(mlir::MLIRContext *context);
void attachQuantizeGradients(mlir::MLIRContext *context);

} // namespace mlopt

#endif // MLOPT_PASSES_AUTODIFF_ADJOINT_H
