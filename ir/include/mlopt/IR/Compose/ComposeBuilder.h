//===- ComposeBuilder.h - Checked construction of mlopt IR ------*- C++ -*-===//
//
// What all compositions (Compose/<Family>.h) and all frontends build with.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_COMPOSE_COMPOSEBUILDER_H
#define MLOPT_IR_COMPOSE_COMPOSEBUILDER_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include <functional>

namespace mlopt {

/// Builds mlopt operations from operands that nobody has checked yet.
///
/// The generated builders abort where the result types cannot be inferred.
/// Here a failed inference or verification is remembered (`getError`), the
/// result is null, and a null operand gives a null result: a composition can
/// be written straight through and be checked once at its end.
class ComposeBuilder {
public:
  /// Evaluates an operation on constants; failure where it cannot.
  using FoldFn = std::function<llvm::LogicalResult(mlir::Operation *,
                                                   llvm::SmallVectorImpl<mlir::Attribute> &)>;

  ComposeBuilder(mlir::OpBuilder &builder, mlir::Location loc, ShapeAnalysis &shapes)
      : builder(builder), loc(loc), shapes(shapes) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return loc; }
  mlir::MLIRContext *getContext() const { return builder.getContext(); }
  ShapeAnalysis &getShapes() { return shapes; }
  /// The first thing that went wrong, empty if nothing did.
  const std::string &getError() const { return error; }
  /// Whether that error is an element type that the operation does not take
  /// (as opposed to operands that contradict each other).
  bool isTypeError() const { return typeError; }
  /// Operations on constants of at most `maxFoldBytes` are evaluated with it.
  void setFolder(const FoldFn *fn) { folder = fn; }
  static constexpr int64_t maxFoldBytes = 4096;

  /// The operation, or null (see the class).
  template <typename OpTy, typename... Args> mlir::Operation *createOp(Args &&...args) {
    if ((isNull(args) || ...))
      return nullptr;
    mlir::OperationState state(loc, OpTy::getOperationName());
    llvm::SmallVector<mlir::Type> placeholders(countResults<OpTy>(), builder.getNoneType());
    OpTy::build(builder, state, mlir::TypeRange(placeholders), std::forward<Args>(args)...);
    state.types.clear();
    return finish(state, [&](mlir::SmallVectorImpl<mlir::Type> &types) {
      return OpTy::inferReturnTypes(getContext(), loc, state.operands,
                                    state.attributes.getDictionary(getContext()),
                                    state.getRawProperties(), state.regions, types);
    });
  }
  /// The first result of the operation, or null.
  template <typename OpTy, typename... Args> mlir::Value create(Args &&...args) {
    return firstResult(createOp<OpTy>(std::forward<Args>(args)...));
  }
  /// All results (null values on failure; OpTy has a fixed number of them).
  template <typename OpTy, typename... Args>
  llvm::SmallVector<mlir::Value> createAll(Args &&...args) {
    mlir::Operation *op = createOp<OpTy>(std::forward<Args>(args)...);
    if (!op)
      return llvm::SmallVector<mlir::Value>(countResults<OpTy>());
    return allResults(op);
  }

  mlir::RankedTensorType typeOf(mlir::Value v) const {
    return llvm::cast<mlir::RankedTensorType>(v.getType());
  }
  mlir::Type elementOf(mlir::Value v) const { return typeOf(v).getElementType(); }
  int64_t rankOf(mlir::Value v) const { return typeOf(v).getRank(); }
  SymShape shapeOf(mlir::Value v) { return shapes.shapeOf(v); }
  SymExpr dimOf(mlir::Value v, int64_t axis) { return shapes.shapeOf(v)[axis]; }
  SymExpr size(int64_t v) { return SymExpr::constant(getContext(), v); }
  SymShape sizesOf(llvm::ArrayRef<int64_t> values);

  // Constants.
  mlir::Value none();
  mlir::Value constant(mlir::DenseElementsAttr value);
  /// A scalar constant of a float, integer (rounded towards zero) or bool type.
  mlir::Value scalar(mlir::Type element, double value);
  mlir::Value scalarInt(mlir::Type element, int64_t value);
  mlir::Value ints(llvm::ArrayRef<int64_t> values); ///< 1-D, i64
  /// 1-D i64 tensor of sizes: a constant, or `mlopt.from_sizes`.
  mlir::Value fromSizes(llvm::ArrayRef<SymExpr> sizes);

  // Elementwise.
  mlir::Value cast(mlir::Value v, mlir::Type element); ///< no operation where equal
  mlir::Value add(mlir::Value a, mlir::Value b) { return create<AddOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return create<SubOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return create<MulOp>(a, b); }
  mlir::Value div(mlir::Value a, mlir::Value b) { return create<DivOp>(a, b); }
  mlir::Value max(mlir::Value a, mlir::Value b) { return create<MaxOp>(a, b); }
  mlir::Value min(mlir::Value a, mlir::Value b) { return create<MinOp>(a, b); }
  mlir::Value compare(ComparePredicate predicate, mlir::Value a, mlir::Value b) {
    return create<CompareOp>(a, b, predicate);
  }
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b) {
    return create<SelectOp>(condition, a, b);
  }
  /// Binary operation with a scalar of the operand's own element type.
  mlir::Value addScalar(mlir::Value v, double s) { return v ? add(v, scalar(elementOf(v), s)) : v; }
  mlir::Value mulScalar(mlir::Value v, double s) { return v ? mul(v, scalar(elementOf(v), s)) : v; }

  // Reductions.
  mlir::Value reduce(mlir::Value v, ReduceKind kind, llvm::ArrayRef<int64_t> axes, bool keepdims);

  // Shape. No operation is made where nothing would change.
  mlir::Value reshape(mlir::Value v, llvm::ArrayRef<SymExpr> sizes);
  mlir::Value broadcast(mlir::Value v, llvm::ArrayRef<SymExpr> sizes);
  mlir::Value transpose(mlir::Value v, llvm::ArrayRef<int64_t> permutation);
  mlir::Value slice(mlir::Value v, llvm::ArrayRef<SymExpr> starts, llvm::ArrayRef<SymExpr> sizes,
                    llvm::ArrayRef<int64_t> strides);
  /// Part [start, start + size) of one axis.
  mlir::Value sliceAxis(mlir::Value v, int64_t axis, SymExpr start, SymExpr size);
  mlir::Value concat(mlir::ValueRange values, int64_t axis);
  /// `sortedAxes` are axes of the result, rising.
  mlir::Value unsqueeze(mlir::Value v, llvm::ArrayRef<int64_t> sortedAxes);
  mlir::Value squeeze(mlir::Value v, llvm::ArrayRef<int64_t> sortedAxes);
  mlir::Value pad(mlir::Value v, mlir::Value scalarValue, llvm::ArrayRef<SymExpr> low,
                  llvm::ArrayRef<SymExpr> high, PadMode mode);
  /// The index along `axis` of a tensor of the given sizes.
  mlir::Value iota(mlir::Type element, llvm::ArrayRef<SymExpr> sizes, int64_t axis);
  /// Index along `axis` in the shape [1, .., size, .., 1], to broadcast against rank `rank`.
  mlir::Value iotaAlong(mlir::Type element, SymExpr size, int64_t axis, int64_t rank);
  /// Constants go to `statics`, others are materialised as index values.
  void mixed(llvm::ArrayRef<SymExpr> sizes, llvm::SmallVectorImpl<int64_t> &statics,
             llvm::SmallVectorImpl<mlir::Value> &dynamics);

  /// Remembers an error that a composition found itself; returns null.
  mlir::Value fail(const llvm::Twine &message);

private:
  template <typename OpTy> static unsigned countResults() {
    if constexpr (OpTy::template hasTrait<mlir::OpTrait::OneResult>())
      return 1;
    else if constexpr (OpTy::template hasTrait<mlir::OpTrait::NResults<2>::Impl>())
      return 2;
    else {
      static_assert(OpTy::template hasTrait<mlir::OpTrait::NResults<3>::Impl>(),
                    "number of results");
      return 3;
    }
  }
  static bool isNull(mlir::Value v) { return !v; }
  static bool isNull(const llvm::SmallVectorImpl<mlir::Value> &vs) {
    return llvm::any_of(vs, [](mlir::Value v) { return !v; });
  }
  static bool isNull(mlir::ValueRange vs) {
    return llvm::any_of(vs, [](mlir::Value v) { return !v; });
  }
  template <typename T>
  static std::enable_if_t<!std::is_convertible_v<const T &, mlir::Value> &&
                              !std::is_convertible_v<const T &, mlir::ValueRange>,
                          bool>
  isNull(const T &) {
    return false;
  }
  mlir::Operation *
  finish(mlir::OperationState &state,
         llvm::function_ref<llvm::LogicalResult(llvm::SmallVectorImpl<mlir::Type> &)> infer);
  mlir::Value firstResult(mlir::Operation *op);
  llvm::SmallVector<mlir::Value> allResults(mlir::Operation *op);
  bool fold(mlir::Operation *op);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  ShapeAnalysis &shapes;
  const FoldFn *folder = nullptr;
  /// Results of the operation that was folded last.
  llvm::SmallVector<mlir::Value> folded;
  std::string error;
  bool typeError = false;
};

} // namespace mlopt

#endif // MLOPT_IR_COMPOSE_COMPOSEBUILDER_H
