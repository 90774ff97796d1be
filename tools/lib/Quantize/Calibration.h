//===- Calibration.h - Ranges of a model's activations ----------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATION_H
#define MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATION_H

#include "Quantize/Calibrate.h"
#include "Quantize/Data.h"

#include <functional>
#include <map>

namespace mlopt::quantize {

/// What calibration saw of the tensors that share a range.
struct RangeStatistics {
  std::string range;
  std::vector<std::string> tensors, layers;
  Histogram histogram;
  Method method = Method::MinMax; ///< chosen
  ActivationScheme scheme;        ///< chosen
};

/// Runs `model`, an artefact of writeObserved, on the data and fills the histograms. A tensor with
/// a value that is infinite or no number is an error that names it. Returns an exit code.
int collectStatistics(LoadedModel &model, DataSet &data,
                      llvm::ArrayRef<ObservedTensor> observed,
                      std::vector<RangeStatistics> &statistics, Diagnostics &diagnostics,
                      const std::string &path);

/// An f32 tensor of a run.
struct TensorValues {
  llvm::ArrayRef<float> values;
  llvm::ArrayRef<int64_t> dims; ///< empty, with empty values: there is no such tensor
};

/// One run of a model on samples: what went in and what came out.
class RunValues {
public:
  RunValues(const LoadedModel &model, llvm::ArrayRef<tensorio::HostTensor> inputs)
      : model(model), inputs(inputs) {}
  /// The output or input of a name. Artefacts of writeObserved have no outputs for inputs.
  TensorValues find(llvm::StringRef name) const;

private:
  const LoadedModel &model;
  llvm::ArrayRef<tensorio::HostTensor> inputs;
};

/// Runs the model on the first `most` runs of the data and calls `take` after each. Returns an exit
/// code.
int forEachRun(LoadedModel &model, DataSet &data, llvm::StringRef what, Diagnostics &diagnostics,
               llvm::function_ref<int(const RunValues &)> take, int64_t most = INT64_MAX);

/// How wrong a layer is, computed by its integer kernel beside its float one on the same input.
struct LayerError {
  double error = 0, signal = 0; ///< sums of squares over all runs
  std::vector<double> bias;     ///< per output channel: mean of float less integer
  double relative() const;      ///< error / signal
};

/// Runs an artefact of writeSideBySide on the first `most` runs of the data. One entry per enabled
/// layer, in order. Returns an exit code.
int measureErrors(LoadedModel &model, DataSet &data, std::vector<LayerError> &errors,
                  Diagnostics &diagnostics, int64_t most = INT64_MAX);

/// Times in microseconds: lower quartiles over interleaved runs (Timing.h).
struct LayerTimes {
  std::map<std::string, double> ofLayer; ///< with what belongs to the layer
  double total = 0;                      ///< of a run, all launches
  double spread = 0;                     ///< of all models' runs; beyond kSpreadAllowed: a busy machine
};

/// Runs several artefacts in turn on the first samples and gives each one's times. Launches belong to
/// the layers that their nodes belong to: a node LAYER, or LAYER.WORD. A launch of several layers
/// counts for each in equal parts. Returns an exit code.
int measureTimes(llvm::ArrayRef<LoadedModel *> models, DataSet &data,
                 llvm::ArrayRef<std::string> layers, std::vector<LayerTimes> &times,
                 Diagnostics &diagnostics);

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATION_H
