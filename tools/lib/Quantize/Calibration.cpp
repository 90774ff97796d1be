//===- Calibration.cpp - Ranges, errors and times of layers ---------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Calibration.h"
#include "Quantize/Timing.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <chrono>
#include <cmath>

using namespace llvm;

namespace mlopt::quantize {

static constexpr unsigned kActivationNotFinite = 1086;

TensorValues RunValues::find(StringRef name) const {
  for (auto [i, info] : enumerate(model.getOutputs()))
    if (info.name == name && info.dtype == MLOPT_DTYPE_F32) {
      const mlopt_rt_tensor_t &view = model.getOutput(i);
      return {model.getFloats(i), ArrayRef(view.dims, view.rank)};
    }
  for (auto [info, input] : zip(model.getInputs(), inputs))
    if (info.name == name && info.dtype == MLOPT_DTYPE_F32)
      return {{reinterpret_cast<const float *>(input.data.data()), input.data.size() / sizeof(float)},
              input.dims};
  return {};
}

int forEachRun(LoadedModel &model, DataSet &data, StringRef what, Diagnostics &diagnostics,
               function_ref<int(const RunValues &)> take, int64_t most) {
  std::vector<tensorio::HostTensor> values;
  int64_t runs = std::min(most, data.getRuns());
  for (int64_t r = 0; r < runs; ++r) {
    diagnostics.status(what + " " + Twine(r + 1) + "/" + Twine(runs));
    if (int code = data.read(r, values))
      return code;
    if (int code = model.run(values))
      return code;
    if (int code = take(RunValues(model, values)))
      return code;
  }
  diagnostics.status("");
  return kExitOk;
}

int collectStatistics(LoadedModel &model, DataSet &data, ArrayRef<ObservedTensor> observed,
                      std::vector<RangeStatistics> &statistics, Diagnostics &diagnostics,
                      const std::string &path) {
  statistics.clear();
  StringMap<size_t> byRange;
  std::vector<std::pair<std::string, size_t>> tensors; // and where their values go
  for (const ObservedTensor &tensor : observed) {
    auto [found, isNew] = byRange.try_emplace(tensor.range, statistics.size());
    if (isNew) {
      statistics.emplace_back();
      statistics.back().range = tensor.range;
    }
    RangeStatistics &entry = statistics[found->second];
    entry.tensors.push_back(tensor.tensor);
    for (const std::string &layer : tensor.layers)
      if (!is_contained(entry.layers, layer))
        entry.layers.push_back(layer);
    tensors.emplace_back(tensor.tensor, found->second);
  }
  return forEachRun(model, data, "calibrating", diagnostics, [&](const RunValues &run) -> int {
    for (const auto &[name, index] : tensors) {
      Histogram &histogram = statistics[index].histogram;
      TensorValues tensor = run.find(name);
      histogram.add(tensor.values.data(), int64_t(tensor.values.size()));
      if (histogram.getNotFinite())
        return diagnostics.error(
            kActivationNotFinite, path,
            "the tensor '" + name +
                "' takes a value that is infinite or no number on the calibration data; no range "
                "can hold it. Keep the layers that read it in float (--keep-float), or correct the "
                "model or the data");
    }
    return kExitOk;
  });
}

double LayerError::relative() const {
  double value = signal > 0 ? error / signal : error > 0 ? 1e30 : 0;
  return value < 1e30 ? value : 1e30; // also what is no number
}

int measureErrors(LoadedModel &model, DataSet &data, std::vector<LayerError> &errors,
                  Diagnostics &diagnostics, int64_t most) {
  errors.assign(model.getOutputs().size() / 3, {});
  int64_t runs = 0;
  int code = forEachRun(
      model, data, "comparing layers", diagnostics,
      [&](const RunValues &) {
        ++runs;
        for (auto [i, entry] : enumerate(errors)) {
          entry.error += double(model.getFloats(3 * i).front());
          entry.signal += double(model.getFloats(3 * i + 1).front());
          ArrayRef<float> bias = model.getFloats(3 * i + 2);
          entry.bias.resize(bias.size());
          for (auto [sum, value] : zip(entry.bias, bias))
            sum += double(value);
        }
        return int(kExitOk);
      },
      most);
  for (LayerError &entry : errors)
    for (double &value : entry.bias)
      value /= double(std::max<int64_t>(runs, 1));
  return code;
}

int measureTimes(ArrayRef<LoadedModel *> models, DataSet &data, ArrayRef<std::string> layers,
                 std::vector<LayerTimes> &times, Diagnostics &diagnostics) {
  constexpr int leastRounds = 7, mostRounds = 31;
  constexpr double secondsEnough = 1.0;
  std::vector<tensorio::HostTensor> values;
  if (int code = data.read(0, values))
    return code;
  std::vector<std::vector<std::vector<std::string>>> nodes;
  for (LoadedModel *model : models) {
    model->profile();
    nodes.push_back(model->getLaunchNodes());
    if (int code = model->run(values)) // warms caches and pages
      return code;
  }
  auto measure = [&](TimeSamples &samples) {
    for (const auto &launches : nodes)
      samples.emplace_back(launches.size() + 1);
    auto started = std::chrono::steady_clock::now();
    for (int round = 0; round < mostRounds; ++round) {
      std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
      if (round >= leastRounds && spent.count() > secondsEnough)
        break;
      diagnostics.status("measuring " + Twine(round + 1) + "/" + Twine(mostRounds));
      for (size_t turn = 0; turn < models.size(); ++turn) {
        // Each model is first in every other round.
        size_t m = round % 2 ? models.size() - 1 - turn : turn;
        if (int code = models[m]->run(values))
          return code;
        double total = 0;
        for (size_t launch = 0; launch < nodes[m].size(); ++launch) {
          double time = models[m]->getLaunchTime(launch);
          samples[m][launch].push_back(time);
          total += time;
        }
        samples[m].back().push_back(total);
      }
    }
    return int(kExitOk);
  };
  TimeSamples samples;
  double spread = 0;
  if (int code = measureQuietly(samples, spread, measure))
    return code;
  diagnostics.status("");
  StringSet<> known;
  for (const std::string &layer : layers)
    known.insert(layer);
  times.assign(models.size(), {});
  for (size_t m = 0; m < models.size(); ++m) {
    for (auto [launch, names] : enumerate(nodes[m])) {
      std::vector<std::string> owners;
      for (StringRef name : names) {
        // Names of nodes may hold dots themselves.
        StringRef owner = name;
        while (!known.contains(owner) && owner.contains('.'))
          owner = owner.rsplit('.').first;
        if (known.contains(owner) && !is_contained(owners, owner))
          owners.push_back(owner.str());
      }
      for (const std::string &owner : owners)
        times[m].ofLayer[owner] += estimateTime(samples[m][launch]).time / double(owners.size());
    }
    times[m].total = estimateTime(samples[m].back()).time;
    times[m].spread = spread;
  }
  return kExitOk;
}

} // namespace mlopt::quantize
