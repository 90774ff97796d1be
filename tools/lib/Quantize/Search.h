//===- Search.h - Which layers become integers ------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every candidate is a whole model that is compiled and measured; the search only chooses them.
//
//   1. All layers. A layer whose kernel is not faster than in float, its conversions included, goes
//      back to float. Layers can pay together where one alone does not (no conversion between them):
//      where the model as a whole gets slower by it, the layers stay. If none is left, there is nothing
//      to quantize.
//   2. If the bound is not kept: layers by falling error per microsecond that they save; the shortest
//      beginning of this list whose return to float keeps the bound is found by bisection.
//   3. What went back is tried again alone, the layers with the best ratio first; then step 1 once more.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_SEARCH_H
#define MLOPT_TOOLS_LIB_QUANTIZE_SEARCH_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mlopt::quantize {

/// What is known of a layer before the search.
struct SearchLayer {
  std::string name;
  double error = 0; ///< relative squared error of its integer kernel
};

/// What measuring a candidate gave. Times are unset without timing.
struct CandidateResult {
  double drop = 0;
  std::optional<double> total;                              ///< microseconds of a run
  std::optional<double> floatTotal;                         ///< of the float model, beside it
  std::vector<std::optional<double>> floatTime, layerTime;  ///< per layer
};

struct SearchResult {
  bool reached = false;     ///< the bound is kept, with at least one layer quantized
  bool nothingPays = false; ///< every layer went back to float because it is not faster
  std::vector<bool> quantized;    ///< per layer
  std::vector<std::string> why;   ///< per layer
  std::vector<std::optional<double>> floatTime, integerTime; ///< where all layers are integers
  CandidateResult best;
};

/// Measures the model with these layers quantized (at least one of them); an exit code.
using MeasureCandidate = std::function<int(const std::vector<bool> &, CandidateResult &)>;

/// `maxDrop` 0.005 stands for 0.5 %. Returns an exit code of `measure`, else 0 with
/// `result.reached` saying whether there is a model to write.
int searchLayers(const std::vector<SearchLayer> &layers, double maxDrop,
                 const MeasureCandidate &measure, SearchResult &result);

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_SEARCH_H
