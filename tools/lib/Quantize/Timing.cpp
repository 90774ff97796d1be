//===- Timing.cpp - Times on a machine that others use, too ---------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Timing.h"

#include <algorithm>

namespace mlopt::quantize {

TimeEstimate estimateTime(std::vector<double> samples) {
  if (samples.empty())
    return {};
  std::sort(samples.begin(), samples.end());
  double quartile = samples[(samples.size() - 1) / 4], median = samples[(samples.size() - 1) / 2];
  return {quartile, quartile > 0 ? (median - quartile) / quartile : 0};
}

double getSpread(const TimeSamples &samples) {
  double spread = 0;
  for (const std::vector<std::vector<double>> &launches : samples)
    spread = std::max(spread, estimateTime(launches.back()).spread);
  return spread;
}

} // namespace mlopt::quantize
