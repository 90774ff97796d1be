//===- Histogram.cpp - What values a tensor takes -------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Histogram.h"

#include <algorithm>
#include <cmath>

namespace mlopt::quantize {

/// A bin is never narrower than the largest magnitude divided by this: a constant needs no more.
static constexpr int kLeastWidthBits = 20;

Histogram::Histogram(int64_t maxBins) : maxBins(std::max<int64_t>(maxBins, 4)) {}

int64_t Histogram::binOf(double value) const { return int64_t(std::floor(value / width)); }

/// floor(index / 2) of the bin of half the width.
static int64_t halve(int64_t index) { return index >= 0 ? index / 2 : -((1 - index) / 2); }

/// Makes bins for [minimum, maximum], the narrowest possible.
void Histogram::fit() {
  double largest = std::max(std::fabs(minimum), std::fabs(maximum));
  if (largest == 0)
    return;
  if (width == 0)
    width = std::ldexp(1.0, std::ilogb(largest) - kLeastWidthBits);
  double wanted = std::ldexp(1.0, std::ilogb(largest) - kLeastWidthBits);
  while (width < wanted || binOf(maximum) - binOf(minimum) >= maxBins) {
    width *= 2;
    if (counts.empty())
      continue;
    std::vector<uint64_t> merged;
    int64_t newFirst = halve(first);
    for (size_t i = 0; i < counts.size(); ++i) {
      size_t at = size_t(halve(first + int64_t(i)) - newFirst);
      merged.resize(std::max(merged.size(), at + 1));
      merged[at] += counts[i];
    }
    counts = std::move(merged);
    first = newFirst;
  }
  int64_t low = binOf(minimum), high = binOf(maximum);
  if (counts.empty())
    first = low;
  if (low < first) {
    counts.insert(counts.begin(), size_t(first - low), 0);
    first = low;
  }
  if (int64_t size = high - first + 1; size > int64_t(counts.size()))
    counts.resize(size_t(size), 0);
}

void Histogram::add(const float *values, int64_t number) {
  uint64_t finite = 0;
  double low = minimum, high = maximum;
  for (int64_t i = 0; i < number; ++i) {
    double value = values[i];
    if (!std::isfinite(value)) {
      ++notFinite;
      continue;
    }
    if (count + finite == 0)
      low = high = value;
    low = std::min(low, value);
    high = std::max(high, value);
    ++finite;
  }
  if (!finite)
    return;
  count += finite;
  minimum = low;
  maximum = high;
  fit();
  double inverse = width > 0 ? 1 / width : 0; // exact: a power of two
  for (int64_t i = 0; i < number; ++i) {
    double value = values[i];
    if (value == 0)
      ++zeros;
    else if (std::isfinite(value))
      ++counts[size_t(int64_t(std::floor(value * inverse)) - first)];
  }
}

} // namespace mlopt::quantize
