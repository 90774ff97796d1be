//===- WeightCoding.cpp - Weights and ranges -> integers ------------------===//
#include "Quantizer.h"

#include <cfloat>
#include <cmath>

using namespace llvm;

namespace mlopt {

ActivationScheme makeActivationScheme(double low, double high, bool isSigned) {
  ActivationScheme scheme;
  scheme.isSigned = isSigned;
  if (!std::isfinite(low) || !std::isfinite(high)) {
    scheme.scale = 0;
    return scheme;
  }
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  double steps = isSigned ? 127 : 255;
  double extent = isSigned ? std::max(-low, high) : high - low;
  if (extent == 0)
    return scheme;
  scheme.scale = static_cast<float>(std::clamp(extent / steps, double(FLT_MIN), double(FLT_MAX)));
  if (!isSigned)
    scheme.zero = static_cast<int32_t>(std::clamp(std::nearbyint(-low / scheme.scale), 0.0, 255.0));
  return scheme;
}

namespace onnx_quantize {

namespace {
/// Scale and zero point of a set of weights.
struct Step {
  float scale = 1;
  int32_t zero = 0;
};
} // namespace

/// Calls `fn(index)` for the weights of channel `c`; all of them where c is -1.
template <typename Fn> static void forChannel(const Extents &e, int64_t c, Fn fn) {
  int64_t begin = c < 0 ? 0 : c, end = c < 0 ? e.channels : c + 1;
  for (int64_t o = 0; o < e.outer; ++o)
    for (int64_t channel = begin; channel < end; ++channel)
      for (int64_t i = 0; i < e.inner; ++i)
        fn((o * e.channels + channel) * e.inner + i);
}

static int32_t round(float value, const Step &step, int32_t low, int32_t high) {
  double q = std::nearbyint(double(value) / step.scale) + step.zero;
  return static_cast<int32_t>(std::clamp(q, double(low), double(high)));
}

static Step makeStep(double low, double high, const WeightScheme &scheme) {
  ActivationScheme step = makeActivationScheme(low, high, !scheme.isAsymmetric);
  return {step.scale, step.zero};
}

static Step chooseStep(ArrayRef<float> values, const Extents &e, int64_t c,
                       const WeightScheme &scheme, int32_t least, int32_t most) {
  double low = 0, high = 0;
  forChannel(e, c, [&](int64_t i) {
    low = std::min(low, double(values[i]));
    high = std::max(high, double(values[i]));
  });
  if (!scheme.searchesScale)
    return makeStep(low, high, scheme);
  Step best;
  double bestError = HUGE_VAL;
  for (int part = 50; part >= 25; --part) {
    Step step = makeStep(low * part / 50, high * part / 50, scheme);
    double error = 0;
    forChannel(e, c, [&](int64_t i) {
      double d = values[i] - double(step.scale) * (round(values[i], step, least, most) - step.zero);
      error += d * d;
    });
    if (error < bestError) {
      best = step;
      bestError = error;
    }
  }
  return best;
}

CodedWeights codeWeights(ArrayRef<float> values, ArrayRef<int64_t> dims, int64_t axis,
                         const WeightScheme &scheme, ArrayRef<float> minimumScales) {
  if (!llvm::all_of(values, [](float value) { return std::isfinite(value); }))
    throw Failure(codes::BadScheme, "the weights hold values that are not finite");
  Extents e(dims, axis);
  CodedWeights coded;
  coded.dataType = scheme.isAsymmetric ? onnx::TensorProto::UINT8 : onnx::TensorProto::INT8;
  int32_t least = scheme.isAsymmetric ? 0 : -127, most = scheme.isAsymmetric ? 255 : 127;
  coded.values.resize(values.size());
  int64_t count = scheme.perChannel ? e.channels : 1;
  for (int64_t c = 0; c < count; ++c) {
    int64_t channel = scheme.perChannel ? c : -1;
    Step step = chooseStep(values, e, channel, scheme, least, most);
    for (int64_t at = 0; at < int64_t(minimumScales.size()); ++at)
      if ((channel < 0 || at == channel) && minimumScales[at] > step.scale) {
        // The bias decides: the weights are small against it, and lose nothing that shows.
        step.zero = static_cast<int32_t>(
            std::nearbyint(step.zero * (double(step.scale) / minimumScales[at])));
        step.scale = minimumScales[at];
      }
    forChannel(e, channel,
               [&](int64_t i) { coded.values[i] = round(values[i], step, least, most); });
    coded.scales.push_back(step.scale);
    coded.zeros.push_back(step.zero);
  }
  return coded;
}

double getRelativeError(ArrayRef<float> values, const CodedWeights &coded, ArrayRef<int64_t> dims,
                        int64_t axis) {
  Extents e(dims, axis);
  double error = 0, norm = 0;
  for (int64_t c = 0; c < int64_t(coded.scales.size()); ++c)
    forChannel(e, coded.scales.size() == 1 && e.channels != 1 ? -1 : c, [&](int64_t i) {
      double d = values[i] - double(coded.scales[c]) * (coded.values[i] - coded.zeros[c]);
      error += d * d;
      norm += double(values[i]) * values[i];
    });
  return norm > 0 ? error / norm : 0;
}

} // namespace onnx_quantize
} // namespace mlopt
