//===- TrainingOps.cpp - Inference of gradients and training forms --------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/TrainingOps.cpp.inc"

static InFlightDiagnostic error(ShapeSource &source, std::optional<Location> loc) {
  return ::mlopt::detail::emitInferenceError(source.getContext(), loc);
}

LogicalResult GradientOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location>,
                                      SmallVectorImpl<SymShape> &shapes) {
  for (Value x : adaptor.getXs())
    shapes.push_back(source.shapeOf(x));
  return success();
}

LogicalResult GradientOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                            SmallVectorImpl<Type> &types) {
  for (Value x : adaptor.getXs())
    types.push_back(getElementTypeOrSelf(x.getType()));
  return success();
}

LogicalResult GradientOp::verify() { // (C1)
  return ::mlopt::detail::verifySameElementType(*this, getOperands());
}

LogicalResult DropoutOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location>,
                                     SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getInput()));
  return success();
}

LogicalResult DropoutOp::verify() { // (C1)
  double ratio = getRatio().convertToDouble();
  if (ratio >= 0 && ratio < 1)
    return success();
  return emitOpError("expects a ratio in [0, 1), got ") << ratio;
}

LogicalResult BatchNormTrainingOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                               std::optional<Location> loc,
                                               SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput());
  if (in.size() < 2) // (C1)
    return error(source, loc) << "expects an input of rank 2 or more, got rank " << in.size();
  shapes.assign({in, {in[1]}, {in[1]}});
  return success();
}

LogicalResult BatchNormTrainingOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                                     SmallVectorImpl<Type> &types) {
  types.assign(3, getElementTypeOrSelf(adaptor.getInput().getType()));
  return success();
}

LogicalResult BatchNormTrainingOp::verify() {
  auto statistics = cast<RankedTensorType>(getMean().getType());
  for (Value v : {getScale(), getBias()}) // (C2)
    if (!areCompatibleTypes(v.getType(), statistics))
      return emitOpError("expects scale and bias with one element per channel, as ")
             << statistics << ", got " << v.getType();
  return success();
}

/// (C2) of unfold and fold, for `spatial` axes.
template <typename Adaptor>
static LogicalResult checkWindows(Adaptor adaptor, ArrayRef<int64_t> kernel, size_t spatial, ShapeSource &source,
                                  std::optional<Location> loc) {
  for (ArrayRef<int64_t> list : {kernel, adaptor.getStrides(), adaptor.getPadsBegin(), adaptor.getPadsEnd(),
                                 adaptor.getDilations()})
    if (list.size() != spatial)
      return error(source, loc) << "expects one value per spatial axis (" << spatial << ") in each attribute, got "
                                << list.size();
  auto positive = [](int64_t v) { return v > 0; };
  auto notNegative = [](int64_t v) { return v >= 0; };
  if (llvm::all_of(kernel, positive) && llvm::all_of(adaptor.getStrides(), positive) &&
      llvm::all_of(adaptor.getDilations(), positive) && llvm::all_of(adaptor.getPadsBegin(), notNegative) &&
      llvm::all_of(adaptor.getPadsEnd(), notNegative))
    return success();
  return error(source, loc) << "expects positive kernel sizes, strides and dilations and pads that are not negative";
}

/// Number of windows along one axis of size `size`.
template <typename Adaptor>
static SymExpr windowsAlong(Adaptor adaptor, int64_t kernel, size_t axis, SymExpr size) {
  int64_t window = (kernel - 1) * adaptor.getDilations()[axis] + 1;
  SymExpr padded = size + (adaptor.getPadsBegin()[axis] + adaptor.getPadsEnd()[axis]);
  return (padded - window).floorDiv(adaptor.getStrides()[axis]) + 1;
}

LogicalResult UnfoldOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput());
  if (in.size() < 3) // (C1)
    return error(source, loc) << "expects an input of rank 3 or more, got rank " << in.size();
  size_t spatial = in.size() - 2;
  ArrayRef<int64_t> kernel = adaptor.getKernel();
  if (failed(checkWindows(adaptor, kernel, spatial, source, loc)))
    return failure();
  SymShape out = {in[0], in[1]};
  for (int64_t size : kernel)
    out.push_back(SymExpr::constant(source.getContext(), size));
  for (size_t i = 0; i < spatial; ++i) {
    out.push_back(windowsAlong(adaptor, kernel[i], i, in[i + 2]));
    if (std::optional<int64_t> size = out.back().getConstant(); size && *size < 0)
      return error(source, loc) << "the window is larger than the padded input along spatial axis " << i;
  }
  shapes.assign(1, out);
  return success();
}

LogicalResult FoldOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                  SmallVectorImpl<SymShape> &shapes) {
  SymShape in = source.shapeOf(adaptor.getInput());
  size_t spatial = adaptor.getStaticSizes().size();
  if (spatial == 0 || in.size() != 2 + 2 * spatial) // (C1)
    return error(source, loc) << "expects an input of rank " << 2 + 2 * spatial << " for " << spatial
                              << " spatial sizes, got rank " << in.size();
  SmallVector<int64_t> kernel;
  for (size_t i = 0; i < spatial; ++i) {
    std::optional<int64_t> size = in[2 + i].getConstant();
    if (!size)
      return error(source, loc) << "expects windows of constant size";
    kernel.push_back(*size);
  }
  if (failed(checkWindows(adaptor, kernel, spatial, source, loc)))
    return failure();
  SmallVector<SymExpr> sizes = ::mlopt::detail::mixedSizes(adaptor.getStaticSizes(), adaptor.getSizes(), source);
  SymShape out = {in[0], in[1]};
  for (size_t i = 0; i < spatial; ++i) {
    SymExpr expected = windowsAlong(adaptor, kernel[i], i, sizes[i]), found = in[2 + spatial + i];
    if (expected.getConstant() && found.getConstant() && expected != found) // (C3)
      return error(source, loc) << "expects " << expected << " windows along spatial axis " << i << ", got " << found;
    out.push_back(sizes[i]);
  }
  shapes.assign(1, out);
  return success();
}
