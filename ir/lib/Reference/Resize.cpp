//===- Resize.cpp - Interpolation to another size --------------------------===//
#include "Evaluation.h"
#include <cmath>
#include <optional>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

namespace {
/// What one result position along an axis is made of.
struct Mix {
  bool extrapolated = false;                     // outside the crop: the extrapolation value
  std::vector<std::pair<int64_t, double>> parts; // input position and weight
};
} // namespace

/// Input coordinate of result position `i` along `axis`, as ONNX Resize.
static double inputCoordinate(ResizeOp op, int64_t axis, int64_t rank, int64_t inSize,
                              int64_t outSize, int64_t i) {
  double scale = op.getScales()[axis];
  double exactSize = scale * inSize; // before it was made an integer
  switch (op.getCoordinate()) {
  case CoordinateMode::half_pixel:
    return (i + 0.5) / scale - 0.5;
  case CoordinateMode::half_pixel_symmetric:
    return inSize / 2.0 * (1 - outSize / exactSize) + (i + 0.5) / scale - 0.5;
  case CoordinateMode::pytorch_half_pixel:
    return exactSize == 1 ? -0.5 : (i + 0.5) / scale - 0.5;
  case CoordinateMode::align_corners:
    return exactSize == 1 ? 0 : i * (inSize - 1) / (exactSize - 1);
  case CoordinateMode::asymmetric:
    return i / scale;
  case CoordinateMode::tf_crop_and_resize: {
    double start = 0, end = 1;
    if (!op.getRoi().empty()) {
      start = op.getRoi()[axis];
      end = op.getRoi()[rank + axis];
    }
    double extent = (end - start) * (inSize - 1);
    return start * (inSize - 1) + (exactSize == 1 ? extent / 2 : i * extent / (exactSize - 1));
  }
  }
  llvm_unreachable("all modes are above");
}

/// Weight of an input element at `distance` from the coordinate.
static double linearWeight(double distance) { return std::fmax(0, 1 - std::fabs(distance)); }
static double cubicWeight(double distance, double a) {
  double x = std::fabs(distance);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static int64_t nearest(NearestMode mode, double x) {
  switch (mode) {
  case NearestMode::round_prefer_floor:
    return std::ceil(x - 0.5);
  case NearestMode::round_prefer_ceil:
    return std::floor(x + 0.5);
  case NearestMode::floor:
    return std::floor(x);
  case NearestMode::ceil:
    return std::ceil(x);
  }
  llvm_unreachable("all modes are above");
}

static Mix mixAt(ResizeOp op, int64_t axis, int64_t rank, int64_t inSize, int64_t outSize,
                 int64_t i) {
  Mix mix;
  double x = inputCoordinate(op, axis, rank, inSize, outSize, i);
  if (op.getCoordinate() == CoordinateMode::tf_crop_and_resize && (x < 0 || x > inSize - 1)) {
    mix.extrapolated = true;
    return mix;
  }
  auto clamp = [&](int64_t at) { return std::clamp<int64_t>(at, 0, inSize - 1); };
  if (op.getMode() == ResizeMode::nearest) {
    mix.parts.push_back({clamp(nearest(op.getNearest(), x)), 1.0});
    return mix;
  }
  // Antialiasing widens the window when the result is smaller.
  bool cubic = op.getMode() == ResizeMode::cubic;
  double scale = op.getAntialias() ? std::fmin(op.getScales()[axis], 1.0) : 1.0;
  int64_t reach = -static_cast<int64_t>(std::floor((cubic ? -2 : -1) / scale) + 1);
  // Between the floor's left and right neighbours; an integer coordinate counts
  // as the right end of its interval.
  int64_t base = static_cast<int64_t>(std::ceil(x)) - 1;
  double sum = 0;
  for (int64_t at = base - reach; at <= base + 1 + reach; ++at) {
    double distance = (at - x) * scale;
    double weight = cubic ? cubicWeight(distance, op.getCubicCoeff().convertToDouble())
                          : linearWeight(distance);
    if (op.getExcludeOutside() && (at < 0 || at >= inSize))
      weight = 0;
    mix.parts.push_back({clamp(at), weight});
    sum += weight;
  }
  if ((op.getExcludeOutside() || op.getAntialias()) && sum != 0)
    for (auto &part : mix.parts)
      part.second /= sum;
  return mix;
}

/// To the nearest integer (halves to even) of the type's range, as ONNX.
static int64_t saturate(double x, Type type) {
  unsigned bits = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isUnsignedInteger();
  double end = std::ldexp(1.0, isUnsigned ? bits : bits - 1), rounded = std::nearbyint(x);
  if (std::isnan(rounded))
    return 0;
  if (rounded >= end)
    return static_cast<int64_t>(~uint64_t(0) >> (isUnsigned ? 64 - bits : 65 - bits));
  if (isUnsigned)
    return rounded <= 0 ? 0 : static_cast<int64_t>(static_cast<uint64_t>(rounded));
  return static_cast<int64_t>(std::fmax(rounded, -end));
}

/// Interpolation is separable: one axis after the other, in doubles.
static LogicalResult evalResize(ResizeOp op, Evaluation &e) {
  const HostTensor &in = e[op.getInput()];
  Shape target = e.mixed(op.getStaticSizes(), op.getSizes()), shape(in.getShape());
  HostTensor *out = e.allocate(0, target);
  if (!out)
    return failure();
  int64_t rank = shape.size();
  bool moves = op.getMode() == ResizeMode::nearest &&
               op.getCoordinate() != CoordinateMode::tf_crop_and_resize;
  double extrapolation = op.getExtrapolationValue().convertToDouble();

  // Nearest picks elements: bit patterns move, of any type.
  std::vector<uint64_t> words;
  std::vector<double> data;
  if (moves)
    words.assign(in.words().begin(), in.words().end());
  else
    for (int64_t i = 0; i < in.getNumElements(); ++i)
      data.push_back(in.getDouble(i));

  for (int64_t axis = 0; axis < rank; ++axis) {
    double scale = op.getScales()[axis];
    bool wholeCrop = op.getCoordinate() != CoordinateMode::tf_crop_and_resize ||
                     op.getRoi().empty() ||
                     (op.getRoi()[axis] == 0 && op.getRoi()[rank + axis] == 1);
    if (scale == 1 && target[axis] == shape[axis] && wholeCrop)
      continue;
    if (shape[axis] == 0 && target[axis] != 0)
      return e.fail("cannot resize axis " + Twine(axis) + " without elements to size " +
                    Twine(target[axis]));
    AxisView from(shape, axis);
    shape[axis] = target[axis];
    AxisView to(shape, axis);
    std::vector<uint64_t> nextWords(moves ? product(shape) : 0);
    std::vector<double> next(moves ? 0 : product(shape));
    for (int64_t a = 0; a < to.size; ++a) {
      Mix mix = mixAt(op, axis, rank, from.size, to.size, a);
      for (int64_t o = 0; o < to.outer; ++o)
        for (int64_t i = 0; i < to.inner; ++i) {
          if (moves) {
            nextWords[to.at(o, a, i)] = words[from.at(o, mix.parts[0].first, i)];
            continue;
          }
          double sum = mix.extrapolated ? extrapolation : 0;
          for (auto [at, weight] : mix.parts)
            sum += weight * data[from.at(o, at, i)];
          next[to.at(o, a, i)] = sum;
        }
    }
    words.swap(nextWords);
    data.swap(next);
  }
  for (int64_t i = 0, n = out->getNumElements(); i < n; ++i) {
    if (moves)
      out->mutableWords()[i] = words[i];
    else if (out->isFloat())
      out->mutableDoubles()[i] = data[i];
    else
      out->mutableIntegers()[i] = saturate(data[i], out->getElementType());
  }
  return success();
}

void reference::registerResize(Registry &r) { r.add<ResizeOp>(evalResize); }
