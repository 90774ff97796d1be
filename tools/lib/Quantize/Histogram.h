//===- Histogram.h - What values a tensor takes -----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounded memory whatever the number of values: the width of a bin is a power of two and bin i
// holds [i w, (i + 1) w), so that two bins become one of twice the width without rounding. The
// width is the smallest that fits the values seen so far; it can only grow, and so the result does
// not depend on the order of the values.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_HISTOGRAM_H
#define MLOPT_TOOLS_LIB_QUANTIZE_HISTOGRAM_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlopt::quantize {

class Histogram {
public:
  /// `maxBins`: at least 4. Between half of it and all of it are in use as soon as the values
  /// differ much.
  explicit Histogram(int64_t maxBins = 4096);

  /// Adds values. Those that are infinite or no number are counted apart and change nothing else.
  void add(const float *values, int64_t count);

  uint64_t getCount() const { return count; } ///< of finite values, zeros included
  uint64_t getZeros() const { return zeros; }
  uint64_t getNotFinite() const { return notFinite; }
  double getMinimum() const { return minimum; } ///< 0 where there are no values
  double getMaximum() const { return maximum; }

  /// Bins: `counts[i]` values, zeros left out, lie in [(first + i) width, (first + i + 1) width).
  double getWidth() const { return width; }
  int64_t getFirst() const { return first; }
  const std::vector<uint64_t> &getCounts() const { return counts; }
  /// Middle of bin `index`.
  double getMiddle(size_t index) const { return (double(first + int64_t(index)) + 0.5) * width; }

private:
  void fit();
  int64_t binOf(double value) const;

  int64_t maxBins;
  uint64_t count = 0, zeros = 0, notFinite = 0;
  double minimum = 0, maximum = 0, width = 0;
  int64_t first = 0;
  std::vector<uint64_t> counts;
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_HISTOGRAM_H
