//===- QuantizeOptions.h - What mlopt quantize is asked for -----*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_QUANTIZEOPTIONS_H
#define MLOPT_TOOLS_LIB_QUANTIZE_QUANTIZEOPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mlopt {

/// How numbers become integers.
enum class QuantizationForm {
  Static,    ///< ranges of activations from calibration
  Dynamic,   ///< ranges found at run time
  WeightOnly ///< activations stay float
};

/// What accuracy is: docs/HowTo/Quantization.md.
enum class Metric { Top1, Cosine, MeanSquare, PeakSignal };

/// Read from the command line (QuantizeVerb.cpp).
struct QuantizeOptions {
  QuantizationForm form = QuantizationForm::Static;
  std::string calibrate; ///< folder or .npz; empty: none
  std::string method = "auto";
  double percentile = 99.99;
  std::optional<double> smooth; ///< SmoothQuant's alpha
  bool biasCorrection = false;
  bool symmetricActivations = false;
  bool perTensor = false;         ///< one scale for a layer's weights
  bool asymmetricWeights = false; ///< u8 with zero points
  bool rowRanges = true;          ///< dynamic: a range per row where the operator has rows
  bool products = false;          ///< products of two activations are layers too
  int64_t bits = 4, group = 32;
  bool gptq = false;
  std::vector<std::string> keepFloat; ///< regular expressions of names of layers

  std::optional<double> maxDrop; ///< 0.005 for 0.5 %
  Metric metric = Metric::Top1;
  std::string metricOutput; ///< empty: the first
  std::string data;         ///< evaluation data; empty: none
  bool timing = true;

  std::vector<std::string> reports; ///< files .json and .svg; empty text: a table on standard output
};

/// Reads options by their names without dashes (a switch has no value). Empty, or what is wrong: a
/// value, or an option that would have no effect with the others.
std::string readQuantizeOptions(const std::vector<std::pair<std::string, std::string>> &given,
                                QuantizeOptions &options);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_QUANTIZE_QUANTIZEOPTIONS_H
