//===- Resize.cpp - ONNX Resize and Upsample ------------------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// floor(size * scale) for a scale that is a fraction of small numbers; null otherwise.
SymExpr scaleSize(SymExpr size, double scale) {
  if (auto v = size.getConstant())
    return SymExpr::constant(size.getContext(), static_cast<int64_t>(std::floor(*v * scale)));
  for (int64_t q = 1; q <= 64; ++q) {
    double p = scale * q;
    if (p == std::floor(p) && p >= 1 && p < 65536)
      return (size * static_cast<int64_t>(p)).floorDiv(q);
  }
  return {};
}

/// out / in where that is one number for all sizes.
std::optional<double> getScale(SymExpr in, SymExpr out) {
  if (in == out)
    return 1.0;
  auto i = in.getConstant(), o = out.getConstant();
  if (i && o)
    return *i == 0 ? 1.0 : static_cast<double>(*o) / static_cast<double>(*i);
  if (i || o)
    return std::nullopt;
  if (auto k = out.floorDiv(in).getConstant(); k && *k > 0 && in * *k == out)
    return static_cast<double>(*k);
  if (auto k = in.floorDiv(out).getConstant(); k && *k > 0 && out * *k == in)
    return 1.0 / static_cast<double>(*k);
  return std::nullopt;
}

struct ResizeAttrs {
  ResizeMode mode = ResizeMode::nearest;
  CoordinateMode coordinate = CoordinateMode::asymmetric;
  NearestMode nearest = NearestMode::floor;
  SmallVector<double> scales, roi;
  SymShape sizes;
  double cubicCoeff = -0.75, extrapolation = 0;
  bool excludeOutside = false, antialias = false;
};

LogicalResult finishResize(Node &n, Value x, const ResizeAttrs &a) {
  for (SymExpr s : a.sizes)
    if (s.getConstant().value_or(0) < 0)
      return n.malformed("a size is negative");
  if (n.shapeOf(x) == a.sizes && a.coordinate != CoordinateMode::tf_crop_and_resize &&
      llvm::all_of(a.scales, [](double s) { return s == 1; }))
    return n.finish(x);
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  n.mixed(a.sizes, statics, dynamics);
  return n.finish(n.create<ResizeOp>(x, dynamics, a.mode, a.coordinate, a.nearest,
                                     ArrayRef<double>(a.scales), ArrayRef<int64_t>(statics),
                                     ArrayRef<double>(a.roi), APFloat(a.cubicCoeff),
                                     a.excludeOutside, a.antialias, APFloat(a.extrapolation)));
}

LogicalResult readMode(Node &n, ResizeAttrs &a) {
  std::string mode = n.stringAttr("mode", "nearest");
  if (mode == "nearest")
    a.mode = ResizeMode::nearest;
  else if (mode == "linear" || mode == "bilinear")
    a.mode = ResizeMode::linear;
  else if (mode == "cubic")
    a.mode = ResizeMode::cubic;
  else
    return n.malformed("mode is '" + mode + "', expected nearest, linear or cubic");
  return success();
}

LogicalResult sizesFromScales(Node &n, Value x, ArrayRef<double> scales, ArrayRef<int64_t> axes,
                              ResizeAttrs &a) {
  a.sizes = n.shapeOf(x);
  a.scales.assign(a.sizes.size(), 1.0);
  if (scales.size() != axes.size())
    return n.malformed("there are " + Twine(scales.size()) + " scales for " + Twine(axes.size()) +
                       " axes");
  for (auto [axis, scale] : llvm::zip_equal(axes, scales)) {
    if (!(scale > 0) || scale > 65536)
      return n.malformed("a scale is not positive");
    a.scales[axis] = scale;
    if (SymExpr size = scaleSize(a.sizes[axis], scale))
      a.sizes[axis] = size;
    else
      return n.unsupported("scale " + Twine(std::to_string(scale)) +
                           " of a dimension that is not fixed");
  }
  return success();
}

SmallVector<int64_t> allAxes(int64_t rank) {
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < rank; ++i)
    axes.push_back(i);
  return axes;
}

/// Upsample 7 and 9, Resize 10: asymmetric, rounding down.
LogicalResult upsample(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ResizeAttrs a;
  if (failed(readMode(n, a)))
    return failure();
  auto scales = n.has(1) ? n.constantFloats(1) : n.floatsAttr("scales");
  if (!scales)
    return n.unsupported("scales that are known only at run time");
  if (failed(sizesFromScales(n, x, *scales, allAxes(n.rankOf(x)), a)))
    return failure();
  // The standard leaves it open; ONNX Runtime reads the upper neighbour where an axis shrinks.
  auto shrinks = [](double scale) { return scale < 1; };
  if (llvm::any_of(*scales, shrinks)) {
    if (llvm::any_of(*scales, [](double scale) { return scale > 1; }))
      return n.unsupported("scales below and above 1 together before opset 11");
    a.nearest = NearestMode::ceil;
  }
  return finishResize(n, x, a);
}

std::optional<CoordinateMode> getCoordinateMode(StringRef name) {
  return llvm::StringSwitch<std::optional<CoordinateMode>>(name)
      .Case("half_pixel", CoordinateMode::half_pixel)
      .Case("half_pixel_symmetric", CoordinateMode::half_pixel_symmetric)
      .Case("pytorch_half_pixel", CoordinateMode::pytorch_half_pixel)
      .Case("align_corners", CoordinateMode::align_corners)
      .Case("asymmetric", CoordinateMode::asymmetric)
      .Case("tf_crop_and_resize", CoordinateMode::tf_crop_and_resize)
      .Default(std::nullopt);
}

std::optional<NearestMode> getNearestMode(StringRef name) {
  return llvm::StringSwitch<std::optional<NearestMode>>(name)
      .Case("round_prefer_floor", NearestMode::round_prefer_floor)
      .Case("round_prefer_ceil", NearestMode::round_prefer_ceil)
      .Case("floor", NearestMode::floor)
      .Case("ceil", NearestMode::ceil)
      .Default(std::nullopt);
}

/// Sizes under keep_aspect_ratio_policy: one scale for all axes, rounded sizes.
LogicalResult keepAspectRatio(Node &n, Value x, ArrayRef<int64_t> axes, bool larger,
                              SmallVectorImpl<SymExpr> &wanted, std::optional<double> &scale) {
  for (auto [axis, size] : llvm::zip_equal(axes, wanted)) {
    auto in = n.dimOf(x, axis).getConstant(), out = size.getConstant();
    if (!in || !out || *in == 0)
      return n.unsupported("keep_aspect_ratio_policy where a size is not fixed");
    double s = static_cast<double>(*out) / static_cast<double>(*in);
    scale = !scale ? s : larger ? std::max(*scale, s) : std::min(*scale, s);
  }
  for (auto [axis, size] : llvm::zip_equal(axes, wanted))
    size = n.size(static_cast<int64_t>(
        std::floor(*scale * static_cast<double>(*n.dimOf(x, axis).getConstant()) + 0.5)));
  return success();
}

/// Resize 11 and later.
LogicalResult resize(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ResizeAttrs a;
  if (failed(readMode(n, a)))
    return failure();
  std::string coordinateName = n.stringAttr("coordinate_transformation_mode", "half_pixel");
  std::string nearestName = n.stringAttr("nearest_mode", "round_prefer_floor");
  auto coordinate = getCoordinateMode(coordinateName);
  auto nearest = getNearestMode(nearestName);
  if (coordinateName == "tf_half_pixel_for_nn")
    return n.unsupported("coordinate_transformation_mode tf_half_pixel_for_nn");
  if (!coordinate || !nearest)
    return n.malformed("unknown coordinate_transformation_mode '" + coordinateName +
                       "' or nearest_mode '" + nearestName + "'");
  a.coordinate = *coordinate;
  a.nearest = *nearest;
  a.cubicCoeff = n.floatAttr("cubic_coeff_a", -0.75);
  a.extrapolation = n.floatAttr("extrapolation_value", 0);
  a.excludeOutside = n.boolAttr("exclude_outside", false);
  a.antialias = n.boolAttr("antialias", false);
  int64_t rank = n.rankOf(x);
  SmallVector<int64_t> axes = allAxes(rank);
  if (auto given = n.intsAttr("axes"); given && !given->empty()) {
    if (!n.normalizeAxes(*given, rank))
      return failure();
    axes = *given;
    for (int64_t &axis : axes)
      axis = axis < 0 ? axis + rank : axis;
  }
  // An empty tensor stands for an omitted operand.
  auto isGiven = [&](unsigned i) {
    if (!n.has(i))
      return false;
    Value v = n.input(i);
    return v && !(n.typeOf(v).hasStaticShape() && n.typeOf(v).getNumElements() == 0);
  };
  if (isGiven(3)) {
    auto wanted = n.sizesInput(3);
    if (!wanted)
      return n.unsupported("sizes that are computed from data");
    if (wanted->size() != axes.size())
      return n.malformed("there are " + Twine(wanted->size()) + " sizes for " + Twine(axes.size()) +
                         " axes");
    std::string policy = n.stringAttr("keep_aspect_ratio_policy", "stretch");
    std::optional<double> common;
    if (policy != "stretch" &&
        failed(keepAspectRatio(n, x, axes, policy == "not_smaller", *wanted, common)))
      return failure();
    a.sizes = n.shapeOf(x);
    a.scales.assign(rank, 1.0);
    for (auto [axis, size] : llvm::zip_equal(axes, *wanted)) {
      auto scale = common ? common : getScale(a.sizes[axis], size);
      if (!scale)
        return n.unsupported("a scale that depends on sizes known only at run time");
      a.scales[axis] = *scale;
      a.sizes[axis] = size;
    }
  } else if (isGiven(2)) {
    auto scales = n.constantFloats(2);
    if (!scales)
      return n.unsupported("scales that are known only at run time");
    if (failed(sizesFromScales(n, x, *scales, axes, a)))
      return failure();
  } else {
    return n.malformed("neither scales nor sizes are given");
  }
  if (a.coordinate == CoordinateMode::tf_crop_and_resize) {
    auto roi = n.constantFloats(1);
    if (!roi)
      return n.unsupported("a region of interest that is known only at run time");
    if (roi->size() != 2 * axes.size())
      return n.malformed("roi has " + Twine(roi->size()) + " values for " + Twine(axes.size()) +
                         " axes");
    a.roi.assign(2 * rank, 0.0);
    for (int64_t axis = 0; axis < rank; ++axis)
      a.roi[rank + axis] = 1.0;
    for (auto [i, axis] : llvm::enumerate(axes)) {
      a.roi[axis] = (*roi)[i];
      a.roi[rank + axis] = (*roi)[axes.size() + i];
    }
  }
  return finishResize(n, x, a);
}

const Entry entries[] = {
    {"Resize", 10, upsample},
    {"Resize", 11, resize},
    {"Upsample", 7, upsample},
};

} // namespace

ArrayRef<Entry> getResizeEntries() { return entries; }

} // namespace mlopt::onnx
