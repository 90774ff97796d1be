//===- Timing.h - Times on a machine that others use, too -------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_TIMING_H
#define MLOPT_TOOLS_LIB_QUANTIZE_TIMING_H

#include <vector>

namespace mlopt::quantize {

/// What repeated measuring of one thing says. Other programs only ever add to a sample, so the time
/// is the lower quartile, and the spread says how much they added.
struct TimeEstimate {
  double time = 0;   ///< the lower quartile, in the unit of the samples
  double spread = 0; ///< (median - time) / time
};
TimeEstimate estimateTime(std::vector<double> samples);

/// Samples of several models taken in turn: [model][launch][round]; the last launch is the whole run.
using TimeSamples = std::vector<std::vector<std::vector<double>>>;

/// The largest spread of a whole run.
double getSpread(const TimeSamples &samples);

/// A spread beyond which times say little; a quiet machine is below a third of it.
constexpr double kSpreadAllowed = 0.1;

/// Calls `measure` until its samples spread by at most kSpreadAllowed, at most three times, and keeps
/// the samples that spread least. `measure(samples)` returns an exit code; the first that is not 0 is
/// returned.
template <typename Measure> int measureQuietly(TimeSamples &best, double &spread, Measure measure) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    TimeSamples samples;
    if (int code = measure(samples))
      return code;
    double found = getSpread(samples);
    if (attempt == 0 || found < spread) {
      best = std::move(samples);
      spread = found;
    }
    if (spread <= kSpreadAllowed)
      break;
  }
  return 0;
}

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_TIMING_H
