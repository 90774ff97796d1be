//===- LoadedModel.h - A model compiled and run in this process -*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_LOADEDMODEL_H
#define MLOPT_TOOLS_LIB_QUANTIZE_LOADEDMODEL_H

#include "Driver/Diagnostics.h"
#include "Driver/Process.h"
#include "TensorIO/TensorIO.h"
#include "mlopt/runtime/mlopt_rt.h"

#include "llvm/ADT/ArrayRef.h"

namespace mlopt::quantize {

/// An input or output as the model states it.
struct TensorInfo {
  std::string name;
  mlopt_dtype dtype = MLOPT_DTYPE_INVALID;
  std::vector<int64_t> dims; ///< -1: open
};

/// "f32 [?, 3, 8]".
std::string describe(const TensorInfo &info);

/// What the driver's normal path makes of a model, run through the runtime's C API: what is measured
/// here is what is deployed.
class LoadedModel {
public:
  /// Compiles `model` with the code options of `base` and loads it. The artefact is gone afterwards.
  /// Null after an error. `what` ("the float model") stands in the progress line.
  static std::unique_ptr<LoadedModel> compile(const CompileOptions &base, llvm::StringRef model,
                                              int64_t threads, ScratchFolder &scratch,
                                              Diagnostics &diagnostics, llvm::StringRef what);
  ~LoadedModel();
  LoadedModel(const LoadedModel &) = delete;

  llvm::ArrayRef<TensorInfo> getInputs() const { return inputs; }
  llvm::ArrayRef<TensorInfo> getOutputs() const { return outputs; }

  /// Runs once on one tensor per input, in order. The results stay valid until the next run.
  /// Returns an exit code.
  int run(llvm::ArrayRef<tensorio::HostTensor> values);
  /// Output `index` of the last run.
  const mlopt_rt_tensor_t &getOutput(size_t index) const { return results[index]; }
  /// The elements of an f32 output of the last run.
  llvm::ArrayRef<float> getFloats(size_t index) const;

  /// From now on runs note how long launches take.
  void profile();
  /// The nodes of the model that each launch stands for.
  std::vector<std::vector<std::string>> getLaunchNodes() const;
  /// Microseconds of launch `index` in the last run: from its start to the start of the next one on
  /// thread 0, so that waiting for the other threads counts for the launch that makes it necessary.
  double getLaunchTime(size_t index) const {
    bool isLast = 2 * index + 4 >= stamps.size();
    return double(stamps[2 * index + (isLast ? 1 : 2)] - stamps[2 * index]) / 1e3;
  }

private:
  LoadedModel(std::string model, Diagnostics &diagnostics)
      : model(std::move(model)), diagnostics(diagnostics) {}
  int load(const std::string &path, int64_t threads);
  int check(mlopt_rt_status_t status);

  std::string model;
  Diagnostics &diagnostics;
  mlopt_rt_module_t *module = nullptr;
  mlopt_rt_context_t *context = nullptr;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<mlopt_rt_tensor_t> results;
  std::vector<uint64_t> stamps; ///< nanoseconds
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_LOADEDMODEL_H
