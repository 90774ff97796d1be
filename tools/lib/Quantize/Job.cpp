//===- Job.cpp - The measuring steps of mlopt quantize --------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Job.h"
#include "Quantize/Timing.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

#include <cmath>
#include <set>

using namespace llvm;

namespace mlopt::quantize {

/// Runs of the calibration data that methods are compared with.
static constexpr int64_t kRunsOfAuto = 16;

int QuantizeJob::openCalibration() {
  std::string path = scratchModel("float");
  if (int code = report(model->writeFloat(path)))
    return code;
  floatModel = compile(path, "the float model");
  if (!floatModel)
    return diagnostics.failed();
  if (asked.calibrate.empty())
    return kExitOk;
  calibration.emplace("--calibrate", floatModel->getInputs(), diagnostics);
  if (int code = calibration->open(asked.calibrate))
    return code;
  result.calibrationSamples = calibration->getSamples();
  if (calibration->getSamples() == 1) {
    diagnostics.warning(asked.calibrate, "--calibrate: one sample only; values that others take "
                                         "beyond its ranges will be clipped");
    result.notes.push_back("calibrated with one sample: ranges may be too narrow for others");
  }
  return kExitOk;
}

int QuantizeJob::smooth() {
  std::vector<SmoothGroup> groups = model->smoothGroups();
  std::vector<std::string> names;
  for (const SmoothGroup &group : groups)
    names.push_back(group.input);
  if (groups.empty()) {
    result.notes.push_back("--smooth: no layer has an input that scales can move from");
    return kExitOk;
  }
  std::string path = scratchModel("smooth");
  if (int code = report(model->writeObserved(path, names, /*withObserved=*/false)))
    return code;
  std::unique_ptr<LoadedModel> observed = compile(path, "the model for --smooth");
  if (!observed)
    return diagnostics.failed();
  std::vector<std::vector<float>> maxima(groups.size());
  if (int code = forEachRun(
          *observed, *calibration, "looking for outliers", diagnostics, [&](const RunValues &run) {
            for (auto [i, group] : enumerate(groups)) {
              TensorValues tensor = run.find(group.input);
              if (tensor.dims.empty())
                continue;
              size_t rank = tensor.dims.size();
              size_t axis = group.channelAxis < 0 ? rank - 1 : size_t(group.channelAxis);
              int64_t inner = 1, channels = tensor.dims[axis];
              for (size_t d = axis + 1; d < rank; ++d)
                inner *= tensor.dims[d];
              maxima[i].resize(size_t(channels), 0.0f);
              for (size_t at = 0; at < tensor.values.size(); ++at) {
                float &most = maxima[i][size_t(int64_t(at) / inner % channels)];
                most = std::max(most, std::fabs(tensor.values[at]));
              }
            }
            return int(kExitOk);
          }))
    return code;
  size_t smoothed = 0;
  for (auto [i, group] : enumerate(groups)) {
    if (int64_t(maxima[i].size()) != group.channels)
      continue;
    if (int code = report(model->smooth(group.input, maxima[i], *asked.smooth)))
      return code;
    ++smoothed;
  }
  result.notes.push_back("scales of " + std::to_string(smoothed) +
                         " inputs moved into weights (SmoothQuant)");
  applyKeepFloat();
  return kExitOk;
}

int QuantizeJob::observe() {
  std::string path = scratchModel("observed");
  if (int code = report(model->writeObserved(path)))
    return code;
  std::unique_ptr<LoadedModel> observed = compile(path, "the model with its activations");
  if (!observed)
    return diagnostics.failed();
  if (int code = collectStatistics(*observed, *calibration, model->observed(), statistics,
                                   diagnostics, options.model))
    return code;
  for (const RangeStatistics &entry : statistics) {
    const Histogram &h = entry.histogram;
    if (h.getMinimum() != h.getMaximum())
      continue;
    std::string value;
    raw_string_ostream(value) << format("%g", h.getMinimum());
    result.notes.push_back("'" + json::fixUTF8(entry.tensors.front()) + "' is always " + value +
                           " on the calibration data" +
                           (h.getMinimum() == 0 ? ": scale 1, values up to 255 would be rounded to "
                                                  "integers"
                                                : ": its range is from 0 to that value"));
  }
  return setWeightSchemes();
}

int QuantizeJob::setWeightSchemes() {
  WeightScheme weights;
  weights.perChannel = !asked.perTensor;
  weights.isAsymmetric = asked.asymmetricWeights;
  for (const QuantizableLayer &layer : model->layers())
    if (int code = report(model->setWeightScheme(layer.name, weights)))
      return code;
  return kExitOk;
}

int QuantizeJob::setRanges(Method method) {
  for (RangeStatistics &entry : statistics) {
    Method chosen = method == Method::Auto ? entry.method : method;
    Range range =
        findRange(entry.histogram, chosen, asked.symmetricActivations, asked.percentile);
    entry.method = chosen;
    entry.scheme = makeActivationScheme(range.low, range.high, asked.symmetricActivations);
    if (int code = report(model->setRange(entry.range, entry.scheme)))
      return code;
  }
  return kExitOk;
}

int QuantizeJob::measureLayers(std::vector<LayerError> &errors, bool asDeployed, int64_t most) {
  std::string path = scratchModel("layers");
  if (isStatic()) {
    if (int code = report(model->writeSideBySide(path, asDeployed)))
      return code;
  } else if (int code = write(path, /*isSideBySide=*/true)) {
    return code;
  }
  std::unique_ptr<LoadedModel> both = compile(path, "integer layers beside float ones");
  if (!both)
    return diagnostics.failed();
  return measureErrors(*both, calibration ? *calibration : *evaluationData, errors, diagnostics,
                       most);
}

/// What choosing and reporting know of each layer: the error of its deployed kernel on samples; where
/// a form needs none and none are given, the error of its weights.
int QuantizeJob::measureSensitivity() {
  if (calibration || evaluationData) {
    std::vector<LayerError> errors;
    if (int code = measureLayers(errors, /*asDeployed=*/true))
      return code;
    size_t index = 0;
    for (const QuantizableLayer &layer : model->layers())
      if (model->isEnabled(layer.name))
        layerErrors[layer.name] = errors[index++].relative();
    hasKernelErrors = true;
    return kExitOk;
  }
  if (asked.form == QuantizationForm::WeightOnly) {
    if (int code = write(scratchModel("weights")))
      return code;
    for (const auto &[name, weight] : weightResults)
      layerErrors[name] = weight.relativeError;
    return kExitOk;
  }
  for (const QuantizableLayer &layer : model->layers()) {
    Expected<double> error = model->getWeightError(layer.name);
    if (!error)
      return report(error.takeError());
    layerErrors[layer.name] = *error;
  }
  return kExitOk;
}

/// Each method is tried on the whole; each range takes the one with which the layers that read it
/// have the least error.
int QuantizeJob::chooseRanges() {
  Method method = *parseMethod(asked.method);
  if (method != Method::Auto)
    return setRanges(method);
  std::map<std::string, std::set<std::string>> read; // ranges, by layer
  for (const QuantizableLayer &layer : model->layers())
    for (const std::string &tensor : {layer.input, layer.otherInput})
      if (!tensor.empty())
        read[layer.name].insert(model->getRangeOf(tensor));
  std::vector<double> least(statistics.size(), INFINITY);
  std::vector<Method> best(statistics.size(), Method::MinMax);
  for (Method tried : {Method::MinMax, Method::Percentile, Method::Entropy, Method::MeanSquare}) {
    if (int code = setRanges(tried))
      return code;
    std::vector<LayerError> errors;
    if (int code = measureLayers(errors, /*asDeployed=*/false, kRunsOfAuto))
      return code;
    for (auto [r, entry] : enumerate(statistics)) {
      double sum = 0;
      size_t index = 0;
      bool isRead = false;
      for (const QuantizableLayer &layer : model->layers()) {
        if (!model->isEnabled(layer.name))
          continue;
        const LayerError &error = errors[index++];
        if (read[layer.name].count(entry.range)) {
          sum += error.relative();
          isRead = true;
        }
      }
      // What no layer reads is judged by its own error.
      if (!isRead)
        sum = meanSquaredError(entry.histogram, entry.scheme);
      if (sum < least[r]) {
        least[r] = sum;
        best[r] = tried;
      }
    }
  }
  for (auto [entry, chosen] : zip(statistics, best))
    entry.method = chosen;
  return setRanges(Method::Auto);
}

int QuantizeJob::correctBias() {
  std::vector<LayerError> errors;
  if (int code = measureLayers(errors, /*asDeployed=*/false))
    return code;
  size_t index = 0, corrected = 0;
  for (const QuantizableLayer &layer : model->layers()) {
    if (!model->isEnabled(layer.name))
      continue;
    const LayerError &error = errors[index++];
    if (layer.channels <= 0 || int64_t(error.bias.size()) != layer.channels)
      continue;
    std::vector<float> delta(error.bias.begin(), error.bias.end());
    if (int code = report(model->correctBias(layer.name, delta)))
      return code;
    ++corrected;
  }
  result.notes.push_back("biases of " + std::to_string(corrected) + " layers corrected");
  return kExitOk;
}

WeightOnlyOptions QuantizeJob::getWeightOptions() const {
  WeightOnlyOptions weights;
  weights.bits = asked.bits;
  weights.group = asked.group;
  weights.isSymmetric = !asked.asymmetricWeights;
  weights.useGptq = asked.gptq;
  return weights;
}

/// GPTQ: as many layers at a time as have room for what they read.
int QuantizeJob::roundWithActivations() {
  std::map<std::string, std::string> group; // first layer that reads it, by tensor
  std::set<std::string> done;
  uint64_t bytes = 0;
  auto round = [&] {
    if (group.empty())
      return int(kExitOk);
    if (int code = takeActivations(group))
      return code;
    group.clear();
    bytes = 0;
    return report(model->roundWithActivations(getWeightOptions()));
  };
  for (const QuantizableLayer &layer : model->layers()) {
    if (!model->isEnabled(layer.name) || !layer.otherInput.empty() ||
        !done.insert(layer.input).second)
      continue;
    uint64_t needed = uint64_t(layer.depth) * uint64_t(layer.depth) * sizeof(double);
    if (bytes + needed > model->maxHessianBytes)
      if (int code = round())
        return code;
    group[layer.input] = layer.name;
    bytes += needed;
  }
  return round();
}

/// Gives the model what `layers` (the first that reads it, by tensor) read on the calibration data.
int QuantizeJob::takeActivations(const std::map<std::string, std::string> &layers) {
  std::vector<std::string> names;
  for (const auto &[name, layer] : layers)
    names.push_back(name);
  std::string path = scratchModel("observed");
  if (int code = report(model->writeObserved(path, names, /*withObserved=*/false)))
    return code;
  std::unique_ptr<LoadedModel> observed = compile(path, "the model with its activations");
  if (!observed)
    return diagnostics.failed();
  return forEachRun(
      *observed, *calibration, "collecting activations", diagnostics, [&](const RunValues &run) {
        for (const auto &[name, layer] : layers) {
          TensorValues tensor = run.find(name);
          int64_t depth = tensor.dims.empty() ? 0 : tensor.dims.back();
          if (depth > 0)
            if (int code =
                    report(model->addActivations(layer, int64_t(tensor.values.size()) / depth,
                                                 depth, tensor.values.data())))
              return code;
        }
        return int(kExitOk);
      });
}

int QuantizeJob::prepareEvaluation() {
  if (asked.data.empty())
    return kExitOk;
  evaluationData.emplace("--data", floatModel->getInputs(), diagnostics);
  if (int code = evaluationData->open(asked.data))
    return code;
  if (!asked.calibrate.empty() && sys::fs::equivalent(asked.data, asked.calibrate))
    diagnostics.warning(asked.data, "--data: the ranges are made for these very samples; others say "
                                    "more about the accuracy");
  evaluation.emplace(asked.metric, *evaluationData, diagnostics, asked.data);
  if (int code = evaluation->setReference(*floatModel, asked.metricOutput))
    return code;
  result.metric = asked.metric;
  result.metricOutput = evaluation->getOutputName();
  result.labelled = evaluation->isLabelled();
  result.maxDrop = asked.maxDrop;
  return kExitOk;
}

int QuantizeJob::measureCandidate(const std::vector<bool> &set, CandidateResult &measured) {
  std::vector<std::string> names = candidates();
  for (auto [name, enabled] : zip(names, set))
    if (int code = report(model->setEnabled(name, enabled)))
      return code;
  ++result.candidates;
  std::string path = scratchModel("candidate");
  if (int code = write(path))
    return code;
  std::unique_ptr<LoadedModel> candidate =
      compile(path, "candidate " + std::to_string(result.candidates));
  if (!candidate)
    return diagnostics.failed();
  measured = {};
  measured.floatTime.resize(names.size());
  measured.layerTime.resize(names.size());
  if (evaluation) {
    Drop drop;
    if (int code = evaluation->measure(*candidate, drop))
      return code;
    measured.drop = drop.drop;
    result.drop = drop;
    diagnostics.note("candidate " + Twine(result.candidates) + ": " + Twine(count(set, true)) +
                     " layers, " + result.describeDrop());
  }
  DataSet *data = evaluationData ? &*evaluationData : calibration ? &*calibration : nullptr;
  if (!asked.timing || !data)
    return kExitOk;
  std::vector<LayerTimes> times;
  if (int code = measureTimes({floatModel.get(), candidate.get()}, *data, names, times, diagnostics))
    return code;
  timeSpread = std::max(timeSpread, times[0].spread);
  measured.floatTotal = times[0].total;
  measured.total = times[1].total;
  result.floatTime = times[0].total;
  result.quantizedTime = times[1].total;
  for (auto [i, name] : enumerate(names)) {
    if (auto found = times[0].ofLayer.find(name); found != times[0].ofLayer.end())
      measured.floatTime[i] = found->second;
    if (auto found = times[1].ofLayer.find(name); found != times[1].ofLayer.end())
      measured.layerTime[i] = found->second;
  }
  return kExitOk;
}

void QuantizeJob::warnOfBusyMachine() {
  if (timeSpread <= kSpreadAllowed)
    return;
  std::string share = std::to_string(int(std::lround(100 * timeSpread)));
  diagnostics.warning(options.model,
                      "times vary by " + share +
                          " % from run to run, also when measured again: other programs use this "
                          "machine, and which layers pay is uncertain. Measure on a quiet one, or "
                          "choose by accuracy alone with --no-timing");
  result.notes.push_back("times vary by " + share + " %: measured on a busy machine");
}

int QuantizeJob::choose() {
  std::vector<std::string> names = candidates();
  search.quantized.assign(names.size(), true);
  search.why.resize(names.size());
  search.floatTime.resize(names.size());
  search.integerTime.resize(names.size());
  search.reached = true;
  if (!asked.maxDrop) {
    if (!evaluation && !wantsReport())
      return kExitOk;
    CandidateResult measured;
    if (int code = measureCandidate(search.quantized, measured))
      return code;
    search.floatTime = measured.floatTime;
    search.integerTime = measured.layerTime;
    warnOfBusyMachine();
    return kExitOk;
  }
  std::vector<SearchLayer> layers;
  for (const std::string &name : names)
    layers.push_back({name, layerErrors.count(name) ? layerErrors[name] : 0});
  std::map<std::vector<bool>, CandidateResult> known;
  std::map<std::vector<bool>, QuantizationReport> reports;
  auto measure = [&](const std::vector<bool> &set, CandidateResult &measured) {
    if (auto found = known.find(set); found != known.end()) {
      measured = found->second;
      return int(kExitOk);
    }
    if (int code = measureCandidate(set, measured))
      return code;
    known[set] = measured;
    reports[set] = result;
    return int(kExitOk);
  };
  if (int code = searchLayers(layers, *asked.maxDrop, measure, search))
    return code;
  int64_t tried = result.candidates;
  // The report's figures are those of the choice; where there is none, of all layers.
  std::vector<bool> shown =
      search.reached ? search.quantized : std::vector<bool>(names.size(), true);
  if (auto found = reports.find(shown); found != reports.end())
    result = found->second;
  result.candidates = tried;
  warnOfBusyMachine();
  for (auto [name, enabled] : zip(names, search.quantized))
    if (int code = report(model->setEnabled(name, enabled)))
      return code;
  return kExitOk;
}

} // namespace mlopt::quantize
