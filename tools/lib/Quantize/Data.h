//===- Data.h - Samples to calibrate and evaluate with ----------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file .npz has an array per input. An array with the rank of its input has the samples along the
// input's first axis (the batch): it is cut into runs of as many as the model takes. An array of one
// rank more has a whole input in each entry of its first axis.
// A folder holds such files; or, of a model with one input, one .npy or .pb file per array; or, of a
// model with several, one file INPUT.npy or INPUT.pb for each of them, or (ONNX's test data) input_0.pb,
// input_1.pb, ... Files are taken in the order of their names.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_DATA_H
#define MLOPT_TOOLS_LIB_QUANTIZE_DATA_H

#include "Quantize/LoadedModel.h"

#include <optional>

namespace mlopt::quantize {

class DataSet {
public:
  /// `option` ("--calibrate") stands in messages.
  DataSet(std::string option, llvm::ArrayRef<TensorInfo> inputs, Diagnostics &diagnostics)
      : option(std::move(option)), inputs(inputs.begin(), inputs.end()), diagnostics(diagnostics) {}

  /// Reads and checks everything under `path` once. Returns an exit code.
  int open(const std::string &path);

  int64_t getRuns() const { return int64_t(runs.size()); }
  int64_t getSamples() const { return samples; }
  bool hasLabels() const { return labelled; }
  /// The files that open() read.
  std::vector<std::string> getFiles() const;

  /// The inputs of run `index`, and its part of the array `labels`, which must be finite. Keeps one file in memory.
  /// Returns an exit code.
  int read(int64_t index, std::vector<tensorio::HostTensor> &values,
           tensorio::HostTensor *labels = nullptr);

private:
  /// Arrays that belong together: one file, or one file per input.
  struct Group {
    std::vector<std::string> files;
    std::vector<std::string> names; ///< of the single array of each file; empty: their own
  };
  struct Run {
    size_t group;
    int64_t first, count; ///< samples, or entries where `whole`
  };

  int findGroups(const std::string &path, std::vector<Group> &groups);
  int load(size_t group);
  int take(const std::string &file, std::vector<tensorio::HostTensor> arrays);
  int checkArray(const std::string &file, tensorio::HostTensor &array, const TensorInfo &info,
                 bool &whole);
  int planRuns(size_t group);
  tensorio::HostTensor cut(const tensorio::HostTensor &array, bool whole, const Run &run,
                           int64_t perRun) const;

  std::string option;
  std::vector<TensorInfo> inputs;
  Diagnostics &diagnostics;
  std::vector<Group> groups;
  std::vector<Run> runs;
  int64_t samples = 0, leftOut = 0;
  bool labelled = false;

  // The group in memory.
  std::optional<size_t> loaded;
  std::vector<tensorio::HostTensor> arrays; ///< one per input
  std::vector<bool> wholes;                 ///< per input: an entry is a whole input
  std::optional<tensorio::HostTensor> labels;
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_DATA_H
