//===- Calibrate.cpp - From values to ranges ------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Calibrate.h"

#include <algorithm>
#include <cmath>

namespace mlopt::quantize {

namespace {

constexpr std::string_view methodNames[] = {"minmax", "percentile", "entropy", "mse", "auto"};

/// The integers that a scheme has.
double lowest(const ActivationScheme &scheme) { return scheme.isSigned ? -127 : 0; }
double highest(const ActivationScheme &scheme) { return scheme.isSigned ? 127 : 255; }

Range withZero(Range range) { return {std::min(range.low, 0.0), std::max(range.high, 0.0)}; }

Range percentileRange(const Histogram &h, double percentile) {
  double outside = double(h.getCount()) * std::max(0.0, 1 - percentile / 100);
  bool oneSign = h.getMinimum() >= 0 || h.getMaximum() <= 0;
  double ofLow = oneSign ? (h.getMaximum() <= 0 ? outside : 0) : outside / 2;
  double ofHigh = outside - ofLow;
  Range range = {h.getMinimum(), h.getMaximum()};
  const std::vector<uint64_t> &counts = h.getCounts();
  // The clip lies at the inner end of the last bin that is left out as a whole.
  double left = 0;
  for (size_t i = 0; i < counts.size() && (left += double(counts[i])) <= ofLow; ++i)
    range.low = std::max(range.low, double(h.getFirst() + int64_t(i) + 1) * h.getWidth());
  left = 0;
  for (size_t i = counts.size(); i-- > 0 && (left += double(counts[i])) <= ofHigh;)
    range.high = std::min(range.high, double(h.getFirst() + int64_t(i)) * h.getWidth());
  return withZero(range);
}

/// The divergence of q from p, both of which sum to anything; where q is 0 and p is not, q counts as
/// a small number (as ONNX Runtime smooths its distributions).
double divergence(const std::vector<double> &p, const std::vector<double> &q) {
  double sumP = 0, sumQ = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    sumP += p[i];
    sumQ += q[i];
  }
  if (sumP == 0 || sumQ == 0)
    return INFINITY;
  double result = 0;
  for (size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0)
      result += p[i] / sumP * std::log(p[i] / sumP / std::max(q[i] / sumQ, 1e-4 / double(p.size())));
  return result;
}

Range entropyRange(const Histogram &h) {
  // Magnitudes: bin i holds those of [i w, (i + 1) w).
  std::vector<double> magnitudes;
  const std::vector<uint64_t> &counts = h.getCounts();
  for (size_t i = 0; i < counts.size(); ++i) {
    int64_t bin = h.getFirst() + int64_t(i);
    size_t at = size_t(bin >= 0 ? bin : -1 - bin);
    magnitudes.resize(std::max(magnitudes.size(), at + 1));
    magnitudes[at] += double(counts[i]);
  }
  // Half of the 256 integers for magnitudes of both signs, all of them for one sign.
  bool oneSign = h.getMinimum() >= 0 || h.getMaximum() <= 0;
  const size_t levels = oneSign ? 256 : 128;
  Range all = withZero({h.getMinimum(), h.getMaximum()});
  if (magnitudes.size() <= levels)
    return all;
  double best = INFINITY, beyond = 0;
  size_t bestEnd = magnitudes.size();
  std::vector<double> suffix(magnitudes.size() + 1, 0);
  for (size_t i = magnitudes.size(); i-- > 0;)
    suffix[i] = suffix[i + 1] + magnitudes[i];
  std::vector<double> p, q;
  // At most some 256 candidates: the curve is smooth.
  size_t step = std::max<size_t>(1, (magnitudes.size() - levels) / 256);
  for (size_t end = levels; end <= magnitudes.size();
       end = end == magnitudes.size() ? end + 1 : std::min(end + step, magnitudes.size())) {
    beyond = suffix[end];
    p.assign(magnitudes.begin(), magnitudes.begin() + end);
    q.assign(end, 0);
    for (size_t level = 0; level < levels; ++level) {
      size_t from = level * end / levels, to = (level + 1) * end / levels, filled = 0;
      double sum = 0;
      for (size_t i = from; i < to; ++i) {
        sum += p[i];
        filled += p[i] > 0;
      }
      for (size_t i = from; i < to; ++i)
        if (p[i] > 0)
          q[i] = sum / double(filled);
    }
    p.back() += beyond;
    double found = divergence(p, q);
    if (found < best) {
      best = found;
      bestEnd = end;
    }
  }
  double clip = double(bestEnd) * h.getWidth();
  return {std::max(all.low, -clip), std::min(all.high, clip)};
}

Range meanSquareRange(const Histogram &h, bool isSigned) {
  Range all = withZero({h.getMinimum(), h.getMaximum()});
  auto errorOf = [&](const Range &range) {
    return meanSquaredError(h, makeActivationScheme(range.low, range.high, isSigned));
  };
  Range best = all;
  double least = errorOf(all);
  auto consider = [&](const Range &range) {
    double found = errorOf(range);
    if (found < least) {
      least = found;
      best = range;
    }
  };
  // Both ends together, then either end alone, then finer.
  for (int i = 63; i >= 4; --i)
    consider({all.low * i / 64, all.high * i / 64});
  for (double span : {0.5, 0.1}) {
    Range centre = best;
    for (int i = -8; i <= 8; ++i)
      consider({std::max(all.low, centre.low * (1 + span * i / 8)), best.high});
    centre = best;
    for (int i = -8; i <= 8; ++i)
      consider({best.low, std::min(all.high, centre.high * (1 + span * i / 8))});
  }
  return best;
}

} // namespace

std::string_view getMethodName(Method method) { return methodNames[size_t(method)]; }

std::optional<Method> parseMethod(std::string_view name) {
  for (size_t i = 0; i < std::size(methodNames); ++i)
    if (methodNames[i] == name)
      return Method(i);
  return std::nullopt;
}

Range findRange(const Histogram &histogram, Method method, bool isSigned,
                double percentile) {
  if (histogram.getCounts().empty())
    return {};
  switch (method) {
  case Method::Percentile:
    return percentileRange(histogram, percentile);
  case Method::Entropy:
    return entropyRange(histogram);
  case Method::MeanSquare:
    return meanSquareRange(histogram, isSigned);
  case Method::MinMax:
  case Method::Auto:
    break;
  }
  return withZero({histogram.getMinimum(), histogram.getMaximum()});
}

double meanSquaredError(const Histogram &histogram, const ActivationScheme &scheme) {
  // Values are taken to be spread evenly in a bin, which is no narrower than a step in rare cases
  // only; zeros are exact.
  constexpr int parts = 4;
  const std::vector<uint64_t> &counts = histogram.getCounts();
  double sum = 0, inverse = 1 / double(scheme.scale);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (!counts[i])
      continue;
    double left = double(histogram.getFirst() + int64_t(i));
    double squares = 0;
    for (int part = 0; part < parts; ++part) {
      double value = (left + (part + 0.5) / parts) * histogram.getWidth();
      double q = std::clamp(std::nearbyint(value * inverse) + scheme.zero, lowest(scheme),
                            highest(scheme));
      double difference = value - (q - scheme.zero) * double(scheme.scale);
      squares += difference * difference;
    }
    sum += double(counts[i]) * squares / parts;
  }
  return histogram.getCount() ? sum / double(histogram.getCount()) : 0;
}

double clippedShare(const Histogram &histogram, const ActivationScheme &scheme) {
  double low = (lowest(scheme) - scheme.zero - 0.5) * double(scheme.scale);
  double high = (highest(scheme) - scheme.zero + 0.5) * double(scheme.scale);
  const std::vector<uint64_t> &counts = histogram.getCounts();
  double outside = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    double middle = histogram.getMiddle(i);
    if (middle < low || middle > high)
      outside += double(counts[i]);
  }
  return histogram.getCount() ? outside / double(histogram.getCount()) : 0;
}

} // namespace mlopt::quantize
