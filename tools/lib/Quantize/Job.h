//===- Job.h - The course of mlopt quantize ---------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_JOB_H
#define MLOPT_TOOLS_LIB_QUANTIZE_JOB_H

#include "Quantize/Accuracy.h"
#include "Quantize/Calibration.h"
#include "Quantize/Report.h"
#include "Quantize/Search.h"

#include "llvm/Support/Path.h"

#include <map>

namespace mlopt::quantize {

/// One call of `mlopt quantize`: its steps and what they hand on. Job.cpp measures, QuantizeVerb.cpp
/// reads and writes.
class QuantizeJob {
public:
  QuantizeJob(const CommandLine &line, const QuantizeOptions &asked, Diagnostics &diagnostics)
      : line(line), options(line.compile), asked(asked), diagnostics(diagnostics) {}
  int run();

private:
  // Steps; each returns an exit code.
  int checkOutput();
  int loadModel();
  int openCalibration();
  int smooth();
  int observe();
  int setWeightSchemes();
  int chooseRanges();
  int setRanges(Method method);
  /// What the integers of each enabled layer cost, by its kernel. `asDeployed`: to the end of what
  /// ships, its output's integers included; else at the layer's own result.
  int measureLayers(std::vector<LayerError> &errors, bool asDeployed, int64_t most = INT64_MAX);
  int measureSensitivity();
  int correctBias();
  int roundWithActivations();
  int takeActivations(const std::map<std::string, std::string> &layers);
  WeightOnlyOptions getWeightOptions() const;
  int prepareEvaluation();
  int choose();
  void warnOfBusyMachine();
  int measureCandidate(const std::vector<bool> &set, CandidateResult &result);
  int finish();
  int writeDepfile();
  int writeReports();

  void applyKeepFloat();
  void fillRows();
  bool wantsReport() const { return !asked.reports.empty(); }
  bool isStatic() const { return asked.form == QuantizationForm::Static; }
  /// Layers that may be quantized: those that --keep-float does not name.
  std::vector<std::string> candidates() const;

  std::unique_ptr<LoadedModel> compile(const std::string &path, llvm::StringRef what) {
    return LoadedModel::compile(scratchOptions, path, line.threads, *scratch, diagnostics, what);
  }
  /// Path of a file that one step writes and compiles.
  std::string scratchModel(llvm::StringRef what) {
    std::string path = (llvm::sys::path::stem(options.model) + "-" + what + ".onnx").str();
    scratch->file(path + ".data"); // where it is large
    return scratch->file(path);
  }
  int report(llvm::Error error);
  /// The quantized model; or each of its layers beside the float one.
  int write(const std::string &path, bool isSideBySide = false);

  const CommandLine &line;
  const CompileOptions &options;
  const QuantizeOptions &asked;
  Diagnostics &diagnostics;
  CompileOptions scratchOptions;
  std::optional<ScratchFolder> scratch;
  std::optional<QuantizableModel> model;
  bool onnxOutput = true;
  std::string output;

  std::unique_ptr<LoadedModel> floatModel;
  std::optional<DataSet> calibration, evaluationData;
  std::optional<Evaluation> evaluation;
  std::vector<RangeStatistics> statistics;
  std::map<std::string, double> layerErrors; ///< relative, by layer
  std::map<std::string, WeightOnlyResult> weightResults; ///< by layer
  QuantizationReport result;
  SearchResult search;
  bool hasKernelErrors = false; ///< layerErrors are of the kernels, else of the weights
  double timeSpread = 0; ///< the largest of all candidates
};

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_JOB_H
