//===- Report.h - What quantization did, layer by layer ---------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_REPORT_H
#define MLOPT_TOOLS_LIB_QUANTIZE_REPORT_H

#include "Quantize/Accuracy.h"

#include "llvm/Support/raw_ostream.h"

namespace mlopt::quantize {

/// A row of the table. Numbers that were not measured are unset.
struct LayerRow {
  std::string name, op;
  std::string scheme; ///< "u8 x s8 per channel"
  std::string method; ///< how the range of its input was found
  std::optional<std::pair<double, double>> range; ///< of its input
  std::optional<double> clipped;                  ///< share of the input's values, 0 to 1
  /// Squared error relative to the squared output, as the deployed kernel computes the layer.
  std::optional<double> error;
  std::optional<double> floatTime, integerTime; ///< microseconds, conversions included
  bool quantized = true;
  std::string why;

  /// Signal-to-quantization-noise ratio in dB; infinite where there is no error.
  std::optional<double> getSqnr() const;
};

struct QuantizationReport {
  std::string model, form;
  std::vector<LayerRow> rows;
  std::vector<LayerRow> skipped; ///< nodes that cannot be quantized, and why
  int64_t calibrationSamples = 0;
  std::vector<std::string> notes;
  std::optional<double> floatTime, quantizedTime; ///< microseconds of one run of the artefacts
  std::optional<Drop> drop;
  std::optional<double> maxDrop;
  Metric metric = Metric::Top1;
  std::string metricOutput;
  bool labelled = false;
  int64_t candidates = 0; ///< whole models compiled and measured

  void printTable(llvm::raw_ostream &os) const;
  void printJson(llvm::raw_ostream &os) const;
  /// A bar chart: error and times of each layer.
  void printSvg(llvm::raw_ostream &os) const;
  /// "top1 97.50 % against 98.00 % (labels), drop 0.50 % +- 0.31 % (95 %, 1000 samples)".
  std::string describeDrop() const;
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_REPORT_H
