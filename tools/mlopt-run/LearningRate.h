//===- LearningRate.h - The schedule, for the log ----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_TOOLS_MLOPT_RUN_LEARNINGRATE_H
#define MLOPT_TOOLS_MLOPT_RUN_LEARNINGRATE_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

namespace mlopt::runner {

/// The learning rate of each step, for the log: from the description of the optimizer in the
/// artefact ("adamw lr=0.001 ... schedule=cosine warmup-steps=10 total-steps=100").
class LearningRate {
public:
  LearningRate(const std::string &text, double given) {
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(text.find(' ', at), text.size()), equal = text.find('=', at);
      if (equal < end)
        values[text.substr(at, equal - at)] = text.substr(equal + 1, end - equal - 1);
      at = end + 1;
    }
    base = given >= 0 ? given : value("lr", -1);
  }

  /// Of the step after `done` steps; < 0: not known.
  double at(int64_t done) const {
    if (base < 0)
      return base;
    double warmup = value("warmup-steps", 0), s = double(done);
    if (s < warmup)
      return float(base * (s + 1) / warmup);
    std::string schedule = values.count("schedule") ? values.at("schedule") : "constant";
    double share = std::min(1.0, (s - warmup) / std::max(1.0, value("total-steps", 1) - warmup));
    double factor =
        schedule == "linear"   ? 1 - share
        : schedule == "cosine" ? (1 + std::cos(3.14159265358979323846 * share)) / 2
        : schedule == "step"
            ? std::pow(value("gamma", 1), std::floor((s - warmup) / value("step-size", 1)))
            : 1;
    return float(base * factor);
  }

private:
  double value(const char *key, double otherwise) const {
    auto found = values.find(key);
    return found == values.end() || found->second == "input"
               ? otherwise
               : std::strtod(found->second.c_str(), nullptr);
  }

  std::map<std::string, std::string> values;
  double base;
};

} // namespace mlopt::runner

#endif // MLOPT_TOOLS_MLOPT_RUN_LEARNINGRATE_H
