//===- Accuracy.h - What quantization costs ---------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_ACCURACY_H
#define MLOPT_TOOLS_LIB_QUANTIZE_ACCURACY_H

#include "Quantize/Data.h"
#include "Quantize/QuantizeOptions.h"

namespace mlopt::quantize {

/// "top1", "cos", "mse", "psnr".
llvm::StringRef getMetricName(Metric metric);
std::optional<Metric> parseMetric(llvm::StringRef name);

/// The difference between the float artefact and a quantized one on the same samples.
struct Drop {
  double floatValue = 0, quantizedValue = 0; ///< the metric of either
  double drop = 0;                           ///< what the bound is compared with, 0.005 for 0.5 %
  double halfWidth = 0;                      ///< of the 95 % interval of `drop`, paired
  int64_t samples = 0;
};

/// The metric of artefacts on evaluation data; with labels against them, without against the float
/// artefact's outputs.
///
///   top1  share of samples whose largest output is the label's (or the float artefact's); drop: the
///         difference
///   cos   mean cosine similarity; drop: the difference
///   mse   squared error; drop: its increase relative to the float artefact's, without labels
///         relative to the mean square of the float artefact's outputs
///   psnr  peak signal-to-noise ratio in dB; drop: its decrease relative to the float artefact's,
///         without labels the root mean square error relative to the range of its outputs
///
/// The interval is paired: for top1 1.96 sqrt(d / n), d the share of samples whose correctness
/// changes; else 1.96 times the standard deviation of the samples' differences over sqrt(n).
class Evaluation {
public:
  Evaluation(Metric metric, DataSet &data, Diagnostics &diagnostics, std::string path)
      : metric(metric), data(data), diagnostics(diagnostics), path(std::move(path)) {}

  /// Runs the float artefact and keeps its outputs. Returns an exit code.
  int setReference(LoadedModel &model, const std::string &outputName);
  /// Runs a quantized one. Returns an exit code.
  int measure(LoadedModel &model, Drop &result);

  bool isLabelled() const { return data.hasLabels(); }
  const std::string &getOutputName() const { return outputName; }

private:
  /// What one sample gave.
  struct Outputs {
    std::vector<float> values;    ///< of all samples
    std::vector<int64_t> extents; ///< number of values of each sample
  };
  int run(LoadedModel &model, Outputs &outputs, bool withLabels);
  void scoreTop1(const Outputs &outputs, Drop &result) const;
  void scoreFloats(const Outputs &outputs, Drop &result) const;

  Metric metric;
  DataSet &data;
  Diagnostics &diagnostics;
  std::string path, outputName;
  size_t outputIndex = 0;
  Outputs reference, labels;
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_ACCURACY_H
