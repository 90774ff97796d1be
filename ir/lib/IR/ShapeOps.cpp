//===- ShapeOps.cpp - Inference, folds, verifiers of shape operations -----===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/ShapeOps.cpp.inc"

static SymShape toShape(ArrayRef<SymExpr> sizes) { return SymShape(sizes.begin(), sizes.end()); }

//===----------------------------------------------------------------------===//
// dim
//===----------------------------------------------------------------------===//

OpFoldResult DimOp::fold(FoldAdaptor) {
  auto type = cast<RankedTensorType>(getInput().getType());
  int64_t axis = getAxis();
  if (axis < type.getRank() && !type.isDynamicDim(axis))
    return IntegerAttr::get(IndexType::get(getContext()), type.getDimSize(axis));
  return {};
}

LogicalResult DimOp::verify() { // (C1)
  int64_t rank = cast<RankedTensorType>(getInput().getType()).getRank();
  if (getAxis() < 0 || static_cast<int64_t>(getAxis()) >= rank)
    return emitOpError("expects an axis in [0, ") << rank << "), got " << getAxis();
  return success();
}

//===----------------------------------------------------------------------===//
// from_sizes, iota
//===----------------------------------------------------------------------===//

LogicalResult FromSizesOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location>,
                                       SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, {SymExpr::constant(source.getContext(), adaptor.getSizes().size())});
  return success();
}
// `context` of an operation without operands comes from the location.
LogicalResult FromSizesOp::inferElementTypes(Adaptor adaptor, std::optional<Location> loc,
                                             SmallVectorImpl<Type> &types) {
  MLIRContext *context =
      adaptor.getSizes().empty() ? loc->getContext() : adaptor.getSizes()[0].getContext();
  types.assign(1, IntegerType::get(context, 64));
  return success();
}

LogicalResult IotaOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                  SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, toShape(::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source)));
  if (adaptor.getAxis() < 0 || (int64_t)adaptor.getAxis() >= (int64_t)shapes[0].size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "axis " << adaptor.getAxis() << " lies outside a tensor of rank " << shapes[0].size();
  return success();
}
LogicalResult IotaOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                        SmallVectorImpl<Type> &types) {
  types.assign(1, adaptor.getTo());
  return success();
}

//===----------------------------------------------------------------------===//
// reshape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                     std::optional<Location> loc,
                                     SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, toShape(::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source)));
  MLIRContext *context = source.getContext();
  SymExpr from = numElements(context, source.shapeOf(adaptor.getInput()));
  SymExpr to = numElements(context, shapes[0]);
  if (from.getConstant() && to.getConstant() && from != to) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "cannot reshape " << from << " elements into " << to;
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType() && cast<RankedTensorType>(getType()).hasStaticShape())
    return getInput();
  // reshape of reshape: only the last one counts.
  if (auto producer = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().set(producer.getInput());
    return getResult();
  }
  return {};
}

static LogicalResult verifyMixed(Operation *op, ArrayRef<int64_t> statics, size_t dynamics) {
  size_t expected = llvm::count(statics, ShapedType::kDynamic);
  if (expected == dynamics)
    return success();
  return op->emitOpError("expects ") << expected << " index operands for its dynamic sizes, got "
                                     << dynamics;
}

LogicalResult ReshapeOp::verify() { // (C2)
  return verifyMixed(*this, getStaticSizes(), getSizes().size());
}

//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput()), out;
  SmallVector<bool> seen(in.size(), false);
  for (int64_t axis : adaptor.getPermutation()) {
    if (axis < 0 || axis >= (int64_t)in.size() || seen[axis]) {
      out.clear();
      break;
    }
    seen[axis] = true;
    out.push_back(in[axis]);
  }
  if (out.size() != in.size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects a permutation of 0.." << (int64_t)in.size() - 1;
  shapes.assign(1, out);
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  bool identity = true;
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    identity &= static_cast<int64_t>(i) == axis;
  if (identity && getInput().getType() == getType())
    return getInput();
  if (auto producer = getInput().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> composed;
    for (int64_t axis : getPermutation())
      composed.push_back(producer.getPermutation()[axis]);
    getInputMutable().set(producer.getInput());
    setPermutation(composed);
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// broadcast
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput());
  SymShape out = toShape(::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source));
  if (in.size() > out.size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "cannot broadcast rank " << in.size() << " to rank " << out.size();
  for (size_t i = 0; i < in.size(); ++i) {
    SymExpr a = in[in.size() - 1 - i], b = out[out.size() - 1 - i];
    if (a.getConstant() && b.getConstant() && a != b && !a.isConstant(1)) // (C2)
      return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
             << "cannot broadcast size " << a << " to " << b << ": expected equal sizes or 1";
  }
  shapes.assign(1, out);
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType() && cast<RankedTensorType>(getType()).hasStaticShape())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// slice
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                   std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  size_t rank = source.shapeOf(adaptor.getInput()).size();
  if (adaptor.getStaticStarts().size() != rank || adaptor.getStaticSizes().size() != rank ||
      adaptor.getStrides().size() != rank) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects one start, size and stride per axis (" << rank << ")";
  shapes.assign(1, toShape(::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source)));
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType() && cast<RankedTensorType>(getType()).hasStaticShape() &&
      llvm::all_of(getStaticStarts(), [](int64_t v) { return v == 0; }) &&
      llvm::all_of(getStrides(), [](int64_t v) { return v == 1; }))
    return getInput();
  return {};
}

LogicalResult SliceOp::verify() {
  if (failed(verifyMixed(*this, getStaticStarts(), getStarts().size())) ||
      failed(verifyMixed(*this, getStaticSizes(), getSizes().size())))
    return failure();
  auto type = cast<RankedTensorType>(getInput().getType());
  for (int64_t i = 0; i < type.getRank(); ++i) { // (C2)
    int64_t start = getStaticStarts()[i], size = getStaticSizes()[i], stride = getStrides()[i];
    if (stride == 0)
      return emitOpError("expects strides other than 0");
    if (ShapedType::isDynamic(start) || ShapedType::isDynamic(size) || type.isDynamicDim(i) ||
        size == 0)
      continue;
    int64_t last = start + (size - 1) * stride, end = type.getDimSize(i);
    if (start < 0 || start >= end || last < 0 || last >= end || size < 0)
      return emitOpError("expects a part inside axis ")
             << i << " of size " << end << ", got start " << start << ", size " << size
             << ", stride " << stride;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// concat
//===----------------------------------------------------------------------===//

LogicalResult ConcatOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                    std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  MLIRContext *context = source.getContext();
  if (adaptor.getInputs().empty()) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc) << "expects at least one operand";
  SymShape out = source.shapeOf(adaptor.getInputs()[0]);
  int64_t axis = adaptor.getAxis();
  if (axis < 0 || axis >= (int64_t)out.size()) // (C2)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "axis " << axis << " lies outside a tensor of rank " << out.size();
  for (Value v : adaptor.getInputs().drop_front()) {
    SymShape s = source.shapeOf(v);
    if (s.size() != out.size()) // (C1)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects operands of one rank, got " << out.size() << " and " << s.size();
    for (size_t i = 0; i < s.size(); ++i) {
      if (static_cast<int64_t>(i) == axis)
        out[i] = out[i] + s[i];
      else if (!out[i].getConstant())
        out[i] = s[i].getConstant() ? s[i] : out[i];
      else if (s[i].getConstant() && s[i] != out[i]) // (C3)
        return ::mlopt::detail::emitInferenceError(context, loc)
               << "sizes " << out[i] << " and " << s[i] << " of axis " << i << " differ";
    }
  }
  shapes.assign(1, out);
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1 && getInputs()[0].getType() == getType())
    return getInputs()[0];
  return {};
}

LogicalResult ConcatOp::verify() { return ::mlopt::detail::verifySameElementType(*this, getInputs()); }

//===----------------------------------------------------------------------===//
// pad
//===----------------------------------------------------------------------===//

LogicalResult PadOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                 SmallVectorImpl<SymShape> &shapes) {
  SymShape out = source.shapeOf(adaptor.getInput());
  if (adaptor.getStaticLow().size() != out.size() || adaptor.getStaticHigh().size() != out.size()) // (C1)
    return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
           << "expects one low and one high padding per axis (" << out.size() << ")";
  SmallVector<SymExpr> low = ::mlopt::detail::mixedSizes(adaptor.getStaticLow(), adaptor.getLow(), source);
  SmallVector<SymExpr> high = ::mlopt::detail::mixedSizes(adaptor.getStaticHigh(), adaptor.getHigh(), source);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = out[i] + low[i] + high[i];
    if (std::optional<int64_t> size = out[i].getConstant(); size && *size < 0)
      return ::mlopt::detail::emitInferenceError(source.getContext(), loc)
             << "padding of axis " << i << " leaves a negative size";
  }
  shapes.assign(1, out);
  return success();
}

LogicalResult PadOp::verify() {
  if (cast<RankedTensorType>(getValue().getType()).getRank() != 0) // (C2)
    return emitOpError("expects a scalar padding value, got ") << getValue().getType();
  if (failed(verifyMixed(*this, getStaticLow(), getLow().size())) ||
      failed(verifyMixed(*this, getStaticHigh(), getHigh().size())))
    return failure();
  return ::mlopt::detail::verifySameElementType(*this, {getInput(), getValue()});
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(ReshapeOp op, SizeConditions &c) {
  c.equal(c.count(c.shape(op.getInput())), c.count(c.shape(op.getResult())),
          "numbers of elements");
}

static void addConditions(ConcatOp op, SizeConditions &c) {
  SymShape first = c.shape(op.getInputs()[0]);
  for (Value input : op.getInputs().drop_front()) {
    SymShape other = c.shape(input);
    for (size_t i = 0; i < first.size() && i < other.size(); ++i)
      if (static_cast<int64_t>(i) != static_cast<int64_t>(op.getAxis()))
        c.equal(first[i], other[i]);
  }
}

static void addConditions(BroadcastOp op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput()), out = c.shape(op.getResult());
  for (size_t i = 1; i <= std::min(in.size(), out.size()); ++i)
    c.expands(in[in.size() - i], out[out.size() - i]);
}

static void addConditions(SliceOp op, SizeConditions &c) {
  SymShape in = c.shape(op.getInput());
  SmallVector<SymExpr> starts = c.mixed(op.getStaticStarts(), op.getStarts());
  SmallVector<SymExpr> sizes = c.mixed(op.getStaticSizes(), op.getSizes());
  for (auto [i, stride] : llvm::enumerate(op.getStrides())) {
    if (i >= in.size() || !starts[i] || !sizes[i] || sizes[i].isConstant(0))
      continue;
    SymExpr first = starts[i], last = first + (sizes[i] - 1) * stride;
    if (stride < 0)
      std::swap(first, last);
    SymExpr unless = isProvablyAtLeast(sizes[i], 1) ? SymExpr() : sizes[i];
    c.lessEqual(c.constant(0), first, "the first position of the slice", unless);
    c.lessEqual(last + 1, in[i], "the end of the slice", unless);
  }
}

static void addConditions(PadOp op, SizeConditions &c) {
  if (op.getMode() == PadMode::constant)
    return;
  SymShape in = c.shape(op.getInput());
  SymExpr any = c.count(c.shape(op.getResult()));
  SmallVector<SymExpr> low = c.mixed(op.getStaticLow(), op.getLow());
  SmallVector<SymExpr> high = c.mixed(op.getStaticHigh(), op.getHigh());
  for (size_t i = 0; i < in.size(); ++i)
    for (SymExpr amount : {low[i], high[i]}) {
      if (!amount || (amount.getConstant() && *amount.getConstant() <= 0))
        continue;
      if (op.getMode() == PadMode::reflect)
        c.lessEqual(amount, SymExpr::max(in[i] - 1, c.constant(0)), "the reflected padding", any);
      else
        c.lessEqual(SymExpr::min(amount, c.constant(1)), in[i], "the padding of an empty axis",
                    any);
    }
}

void mlopt::detail::attachShapeChecks(MLIRContext *context) {
  attachRunTimeChecks<ReshapeOp, addConditions>(context);
  attachRunTimeChecks<ConcatOp, addConditions>(context);
  attachRunTimeChecks<BroadcastOp, addConditions>(context);
  attachRunTimeChecks<SliceOp, addConditions>(context);
  attachRunTimeChecks<PadOp, addConditions>(context);
}
