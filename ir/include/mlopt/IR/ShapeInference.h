//===- ShapeInference.h - One inference for types and symbols ---*- C++ -*-===//
#ifndef MLOPT_IR_SHAPEINFERENCE_H
#define MLOPT_IR_SHAPEINFERENCE_H

#include "mlopt/IR/SymExpr.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Value.h"

namespace mlopt {

/// Where an operation's inference gets its operands' sizes from: the types
/// alone (type inference, verification) or `ShapeAnalysis`.
class ShapeSource {
public:
  virtual ~ShapeSource() = default;
  virtual mlir::MLIRContext *getContext() = 0;
  /// Sizes of a ranked tensor. `?` is a symbol: with types alone a fresh one
  /// that stands for "unknown" (its name starts with '?').
  virtual SymShape shapeOf(mlir::Value tensor) = 0;
  /// Value of an `index` operand.
  virtual SymExpr sizeOf(mlir::Value index) = 0;
};

/// Static sizes must be equal; `?` goes with anything.
bool areCompatibleTypes(mlir::TypeRange l, mlir::TypeRange r);

namespace OpTrait {
/// See ElementwiseOps.td.
template <typename ConcreteType>
class Elementwise : public mlir::OpTrait::TraitBase<ConcreteType, Elementwise> {};
} // namespace OpTrait

namespace detail {

/// A ShapeSource that knows types only.
class TypeShapeSource : public ShapeSource {
public:
  explicit TypeShapeSource(mlir::MLIRContext *context) : context(context) {}
  mlir::MLIRContext *getContext() override { return context; }
  SymShape shapeOf(mlir::Value tensor) override;
  SymExpr sizeOf(mlir::Value index) override;

private:
  mlir::MLIRContext *context;
  unsigned nextUnknown = 0;
};

/// A constant stays, all else becomes `?`.
llvm::SmallVector<int64_t> toStaticShape(llvm::ArrayRef<SymExpr> shape);

/// Emits an error at `loc` if given; returns failure.
mlir::InFlightDiagnostic emitInferenceError(mlir::MLIRContext *context, std::optional<mlir::Location> loc);

llvm::LogicalResult inferBroadcast(mlir::ValueRange operands, ShapeSource &source,
                                   std::optional<mlir::Location> loc,
                                   llvm::SmallVectorImpl<SymShape> &shapes);
/// Broadcast of two shapes; failure after a diagnostic if static sizes clash.
/// Two unknown sizes give select(a == 1, b, a).
llvm::FailureOr<SymShape> broadcastShapes(llvm::ArrayRef<SymExpr> a, llvm::ArrayRef<SymExpr> b,
                                          mlir::MLIRContext *context, std::optional<mlir::Location> loc);
llvm::LogicalResult verifySameElementType(mlir::Operation *op, mlir::ValueRange operands);

/// Mixed sizes: `statics` holds constants, or ShapedType::kDynamic where the
/// next of `dynamics` (index values) stands.
llvm::SmallVector<SymExpr> mixedSizes(llvm::ArrayRef<int64_t> statics, mlir::ValueRange dynamics,
                                      ShapeSource &source);

template <typename OpTy>
llvm::LogicalResult inferTypes(mlir::MLIRContext *context, std::optional<mlir::Location> loc,
                               typename OpTy::Adaptor adaptor,
                               llvm::SmallVectorImpl<mlir::Type> &types) {
  TypeShapeSource source(context);
  llvm::SmallVector<SymShape> shapes;
  llvm::SmallVector<mlir::Type> elements;
  if (failed(OpTy::inferShapes(adaptor, source, loc, shapes)) ||
      failed(OpTy::inferElementTypes(adaptor, loc, elements)))
    return llvm::failure();
  assert(shapes.size() == elements.size() && "one element type per result");
  for (auto [shape, element] : llvm::zip_equal(shapes, elements))
    types.push_back(mlir::RankedTensorType::get(toStaticShape(shape), element));
  return llvm::success();
}

} // namespace detail
} // namespace mlopt

#endif // MLOPT_IR_SHAPEINFERENCE_H
