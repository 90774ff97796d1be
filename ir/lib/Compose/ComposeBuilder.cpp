//===- ComposeBuilder.cpp - Checked construction of mlopt IR --------------===//
#include "mlopt/IR/Compose/ComposeBuilder.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace mlopt {

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

Value ComposeBuilder::fail(const Twine &message) {
  if (error.empty())
    error = message.str();
  return nullptr;
}

Operation *
ComposeBuilder::finish(OperationState &state,
                       llvm::function_ref<LogicalResult(SmallVectorImpl<Type> &)> infer) {
  // Inference and verification speak through the context; here their words become the error.
  std::string text;
  ScopedDiagnosticHandler handler(getContext(), [&](Diagnostic &diagnostic) {
    if (text.empty() && diagnostic.getSeverity() == DiagnosticSeverity::Error)
      text = diagnostic.str();
    return success();
  });
  SmallVector<Type> types;
  if (failed(infer(types))) {
    fail(text.empty() ? "the result types of " + state.name.getStringRef() + " cannot be inferred"
                      : Twine(text));
    return nullptr;
  }
  state.addTypes(types);
  Operation *op = builder.create(state);
  if (failed(mlir::verify(op, /*verifyRecursively=*/false))) {
    op->erase();
    if (error.empty())
      typeError = StringRef(text).contains("must be");
    fail(text.empty() ? "the operands do not fit" : Twine(text));
    return nullptr;
  }
  folded.clear();
  fold(op);
  return op;
}

/// Bytes of a static tensor, or none.
static std::optional<int64_t> getBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || !tensor.getElementType().isIntOrFloat())
    return std::nullopt;
  int64_t bytes = (tensor.getElementTypeBitWidth() + 7) / 8;
  for (int64_t dim : tensor.getShape()) {
    if (dim > ComposeBuilder::maxFoldBytes)
      return std::nullopt;
    bytes *= dim;
    if (bytes > ComposeBuilder::maxFoldBytes)
      return std::nullopt;
  }
  return bytes;
}

bool ComposeBuilder::fold(Operation *op) {
  if (!folder || !*folder)
    return false;
  // An operation without operands (iota) would be a constant too; the kernels compute it for less
  // memory.
  if (op->getNumOperands() == 0)
    return false;
  for (Value operand : op->getOperands()) {
    Operation *def = operand.getDefiningOp();
    if (!def || !(isa<NoneOp>(def) || (isa<ConstantOp>(def) && getBytes(operand.getType()))))
      return false;
  }
  for (Type type : op->getResultTypes())
    if (!getBytes(type))
      return false;
  SmallVector<Attribute> values;
  if (failed((*folder)(op, values)) || values.size() != op->getNumResults())
    return false;
  for (auto [value, type] : llvm::zip_equal(values, op->getResultTypes()))
    if (!isa<ElementsAttr>(value) || llvm::cast<ElementsAttr>(value).getType() != type)
      return false;
  for (Attribute value : values)
    folded.push_back(ConstantOp::create(
        builder, loc, llvm::cast<RankedTensorType>(llvm::cast<ElementsAttr>(value).getType()),
        llvm::cast<ElementsAttr>(value)));
  return true;
}

Value ComposeBuilder::firstResult(Operation *op) {
  if (!op)
    return nullptr;
  return folded.empty() ? op->getResult(0) : folded[0];
}

SmallVector<Value> ComposeBuilder::allResults(Operation *op) {
  if (!folded.empty())
    return folded;
  return SmallVector<Value>(op->getResults());
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

SymShape ComposeBuilder::sizesOf(ArrayRef<int64_t> values) {
  SymShape result;
  for (int64_t v : values)
    result.push_back(size(v));
  return result;
}

Value ComposeBuilder::none() { return NoneOp::create(builder, loc); }

Value ComposeBuilder::constant(DenseElementsAttr value) {
  return ConstantOp::create(builder, loc, value.getType(), value);
}

Value ComposeBuilder::scalar(Type element, double value) {
  auto type = RankedTensorType::get({}, element);
  if (auto floatType = dyn_cast<FloatType>(element)) {
    APFloat number(value);
    bool lossy;
    number.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven, &lossy);
    return constant(DenseElementsAttr::get(type, number));
  }
  return scalarInt(element, static_cast<int64_t>(value));
}

Value ComposeBuilder::scalarInt(Type element, int64_t value) {
  if (isa<FloatType>(element))
    return scalar(element, static_cast<double>(value));
  auto type = RankedTensorType::get({}, element);
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    value = value != 0;
  return constant(DenseElementsAttr::get(
      type, APInt(width, static_cast<uint64_t>(value), /*isSigned=*/true, /*implicitTrunc=*/true)));
}

Value ComposeBuilder::ints(ArrayRef<int64_t> values) {
  return constant(DenseElementsAttr::get(
      RankedTensorType::get({static_cast<int64_t>(values.size())}, builder.getI64Type()), values));
}

Value ComposeBuilder::fromSizes(ArrayRef<SymExpr> sizes) {
  SmallVector<int64_t> statics;
  for (SymExpr s : sizes)
    if (auto v = s.getConstant())
      statics.push_back(*v);
  if (statics.size() == sizes.size())
    return ints(statics);
  SmallVector<Value> values;
  for (SymExpr s : sizes)
    values.push_back(shapes.materialize(builder, loc, s));
  return create<FromSizesOp>(values);
}

//===----------------------------------------------------------------------===//
// Elementwise and reductions
//===----------------------------------------------------------------------===//

Value ComposeBuilder::cast(Value v, Type element) {
  if (!v || elementOf(v) == element)
    return v;
  return create<CastOp>(v, element);
}

Value ComposeBuilder::reduce(Value v, ReduceKind kind, ArrayRef<int64_t> axes, bool keepdims) {
  return create<ReduceOp>(v, kind, axes, keepdims);
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

void ComposeBuilder::mixed(ArrayRef<SymExpr> sizes, SmallVectorImpl<int64_t> &statics,
                           SmallVectorImpl<Value> &dynamics) {
  for (SymExpr s : sizes) {
    if (auto v = s.getConstant()) {
      statics.push_back(*v);
      continue;
    }
    statics.push_back(ShapedType::kDynamic);
    dynamics.push_back(shapes.materialize(builder, loc, s));
  }
}

Value ComposeBuilder::reshape(Value v, ArrayRef<SymExpr> sizes) {
  if (!v || ArrayRef<SymExpr>(shapeOf(v)) == sizes)
    return v;
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  mixed(sizes, statics, dynamics);
  if (llvm::any_of(statics, [](int64_t s) { return s < 0 && s != ShapedType::kDynamic; }))
    return fail("a size is negative");
  return create<ReshapeOp>(v, dynamics, ArrayRef<int64_t>(statics));
}

Value ComposeBuilder::broadcast(Value v, ArrayRef<SymExpr> sizes) {
  if (!v || ArrayRef<SymExpr>(shapeOf(v)) == sizes)
    return v;
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  mixed(sizes, statics, dynamics);
  if (llvm::any_of(statics, [](int64_t s) { return s < 0 && s != ShapedType::kDynamic; }))
    return fail("a size is negative");
  return create<BroadcastOp>(v, dynamics, ArrayRef<int64_t>(statics));
}

Value ComposeBuilder::transpose(Value v, ArrayRef<int64_t> permutation) {
  if (!v)
    return v;
  bool identity = static_cast<int64_t>(permutation.size()) == rankOf(v);
  for (auto [i, p] : llvm::enumerate(permutation))
    identity &= p == static_cast<int64_t>(i);
  return identity ? v : create<TransposeOp>(v, permutation);
}

Value ComposeBuilder::slice(Value v, ArrayRef<SymExpr> starts, ArrayRef<SymExpr> sizes,
                            ArrayRef<int64_t> strides) {
  if (!v)
    return v;
  if (llvm::all_of(starts, [](SymExpr s) { return s.isConstant(0); }) &&
      ArrayRef<SymExpr>(shapeOf(v)) == sizes &&
      llvm::all_of(strides, [](int64_t s) { return s == 1; }))
    return v;
  SmallVector<int64_t> staticStarts, staticSizes;
  SmallVector<Value> dynamicStarts, dynamicSizes;
  mixed(starts, staticStarts, dynamicStarts);
  mixed(sizes, staticSizes, dynamicSizes);
  return create<SliceOp>(v, dynamicStarts, dynamicSizes, ArrayRef<int64_t>(staticStarts),
                         ArrayRef<int64_t>(staticSizes), strides);
}

Value ComposeBuilder::sliceAxis(Value v, int64_t axis, SymExpr start, SymExpr length) {
  if (!v)
    return v;
  SymShape sizes = shapeOf(v);
  SmallVector<SymExpr> starts(sizes.size(), size(0));
  SmallVector<int64_t> strides(sizes.size(), 1);
  starts[axis] = start;
  sizes[axis] = length;
  return slice(v, starts, sizes, strides);
}

Value ComposeBuilder::concat(ValueRange values, int64_t axis) {
  return values.size() == 1 ? values[0] : create<ConcatOp>(values, axis);
}

Value ComposeBuilder::unsqueeze(Value v, ArrayRef<int64_t> sortedAxes) {
  if (!v)
    return v;
  SymShape sizes = shapeOf(v);
  for (int64_t axis : sortedAxes)
    sizes.insert(sizes.begin() + axis, size(1));
  return reshape(v, sizes);
}

Value ComposeBuilder::squeeze(Value v, ArrayRef<int64_t> sortedAxes) {
  if (!v)
    return v;
  SymShape sizes = shapeOf(v);
  for (int64_t axis : llvm::reverse(sortedAxes))
    sizes.erase(sizes.begin() + axis);
  return reshape(v, sizes);
}

Value ComposeBuilder::pad(Value v, Value scalarValue, ArrayRef<SymExpr> low, ArrayRef<SymExpr> high,
                          PadMode mode) {
  auto isZero = [](SymExpr s) { return s.isConstant(0); };
  if (!v || (llvm::all_of(low, isZero) && llvm::all_of(high, isZero)))
    return v;
  SmallVector<int64_t> staticLow, staticHigh;
  SmallVector<Value> dynamicLow, dynamicHigh;
  mixed(low, staticLow, dynamicLow);
  mixed(high, staticHigh, dynamicHigh);
  return create<PadOp>(v, scalarValue, dynamicLow, dynamicHigh, mode, ArrayRef<int64_t>(staticLow),
                       ArrayRef<int64_t>(staticHigh));
}

Value ComposeBuilder::iota(Type element, ArrayRef<SymExpr> sizes, int64_t axis) {
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  mixed(sizes, statics, dynamics);
  return create<IotaOp>(dynamics, axis, ArrayRef<int64_t>(statics), element);
}

Value ComposeBuilder::iotaAlong(Type element, SymExpr length, int64_t axis, int64_t rank) {
  SymShape sizes(rank, size(1));
  sizes[axis] = length;
  return iota(element, sizes, axis);
}

} // namespace mlopt
