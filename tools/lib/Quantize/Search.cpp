//===- Search.cpp - Which layers become integers --------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Search.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace mlopt::quantize {

namespace {

/// Layers that are tried again after the bisection, each by a compilation.
constexpr size_t kMostRetries = 12;
/// A model counts as slower beyond what repeated measuring varies by.
constexpr double kNoise = 1.02;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g %%", 100 * share);
  return text;
}

class Search {
public:
  Search(const std::vector<SearchLayer> &layers, double maxDrop, const MeasureCandidate &measure,
         SearchResult &result)
      : layers(layers), maxDrop(maxDrop), measure(measure), result(result) {}

  int run();

private:
  bool keeps(const CandidateResult &candidate) const { return candidate.drop <= maxDrop; }
  static bool any(const std::vector<bool> &set) {
    return std::find(set.begin(), set.end(), true) != set.end();
  }
  int dropWhatDoesNotPay();
  int bisect();
  int retry();
  std::vector<size_t> byErrorPerTime() const;

  const std::vector<SearchLayer> &layers;
  double maxDrop;
  const MeasureCandidate &measure;
  SearchResult &result;
  std::vector<bool> current;
  CandidateResult measured;
};

int Search::dropWhatDoesNotPay() {
  for (int round = 0; round < 3; ++round) {
    std::vector<bool> fewer = current;
    for (size_t i = 0; i < layers.size(); ++i)
      if (current[i] && measured.layerTime[i] && measured.floatTime[i] &&
          *measured.layerTime[i] >= *measured.floatTime[i])
        fewer[i] = false;
    if (fewer == current)
      return 0;
    // Without layers the model is the float one, whose time is known.
    CandidateResult again;
    if (any(fewer)) {
      if (int code = measure(fewer, again))
        return code;
    } else {
      again.total = measured.floatTotal;
    }
    bool isSlower = again.total && measured.total && *again.total > *measured.total * kNoise;
    if (isSlower || (result.reached && !keeps(again))) {
      for (size_t i = 0; i < layers.size(); ++i)
        if (fewer[i] != current[i])
          result.why[i] = isSlower ? "pays with its neighbours, not alone"
                                   : "not faster than in float, but without it the drop is too large";
      return 0;
    }
    for (size_t i = 0; i < layers.size(); ++i)
      if (fewer[i] != current[i])
        result.why[i] = "does not pay: not faster than in float";
    current = std::move(fewer);
    measured = std::move(again);
    if (!any(current)) {
      result.nothingPays = true;
      return 0;
    }
  }
  return 0;
}

/// Indices of the layers that are quantized, by falling error per time saved.
std::vector<size_t> Search::byErrorPerTime() const {
  std::vector<double> cost(layers.size());
  for (size_t i = 0; i < layers.size(); ++i) {
    double saved = 1;
    if (result.floatTime[i] && result.integerTime[i])
      saved = std::max(*result.floatTime[i] - *result.integerTime[i], 1e-3);
    cost[i] = layers[i].error / saved;
  }
  std::vector<size_t> order;
  for (size_t i = 0; i < layers.size(); ++i)
    if (current[i])
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return cost[a] > cost[b]; });
  return order;
}

int Search::bisect() {
  std::vector<size_t> order = byErrorPerTime();
  auto without = [&](size_t count) {
    std::vector<bool> set = current;
    for (size_t i = 0; i < count; ++i)
      set[order[i]] = false;
    return set;
  };
  // `bad` layers are too few, `good` are enough; all of them leaves nothing quantized.
  size_t bad = 0, good = order.size();
  CandidateResult kept;
  while (good - bad > 1) {
    size_t middle = bad + (good - bad) / 2;
    CandidateResult candidate;
    if (int code = measure(without(middle), candidate))
      return code;
    if (keeps(candidate)) {
      good = middle;
      kept = std::move(candidate);
    } else {
      bad = middle;
    }
  }
  result.reached = good < order.size();
  for (size_t i = 0; i < good; ++i)
    result.why[order[i]] = "costs too much: among the largest errors for the time saved";
  current = without(good);
  if (result.reached)
    measured = std::move(kept);
  return 0;
}

int Search::retry() {
  std::vector<bool> all(layers.size(), true);
  std::vector<size_t> gone;
  for (size_t i : [&] {
         std::vector<bool> before = current;
         current = all;
         std::vector<size_t> order = byErrorPerTime();
         current = before;
         return order;
       }())
    if (!current[i] && result.why[i].rfind("costs", 0) == 0)
      gone.push_back(i);
  std::reverse(gone.begin(), gone.end());
  for (size_t n = 0; n < std::min(gone.size(), kMostRetries); ++n) {
    std::vector<bool> more = current;
    more[gone[n]] = true;
    CandidateResult candidate;
    if (int code = measure(more, candidate))
      return code;
    if (!keeps(candidate)) {
      result.why[gone[n]] = "costs too much: with it the drop is " + percent(candidate.drop);
      continue;
    }
    // Alone between float neighbours it may not be faster any more.
    if (candidate.total && measured.total && *candidate.total > *measured.total * kNoise) {
      result.why[gone[n]] = "does not pay: its neighbours are float";
      continue;
    }
    result.why[gone[n]].clear();
    current = std::move(more);
    measured = std::move(candidate);
  }
  return 0;
}

int Search::run() {
  result = {};
  result.why.resize(layers.size());
  result.floatTime.resize(layers.size());
  result.integerTime.resize(layers.size());
  current.assign(layers.size(), true);
  if (int code = measure(current, measured))
    return code;
  result.floatTime = measured.floatTime;
  result.integerTime = measured.layerTime;
  result.floatTime.resize(layers.size());
  result.integerTime.resize(layers.size());
  measured.floatTime.resize(layers.size());
  measured.layerTime.resize(layers.size());
  // What keeps the bound is not given up for time.
  result.reached = keeps(measured);
  if (int code = dropWhatDoesNotPay())
    return code;
  result.reached = !result.nothingPays && keeps(measured);
  if (!result.reached && !result.nothingPays) {
    if (int code = bisect())
      return code;
    // The drop need not grow with each layer: where no prefix of the order keeps the bound, layers
    // are taken one by one, the cheapest first.
    if (!result.reached) {
      current.assign(layers.size(), false);
      measured = {};
    }
    if (int code = retry())
      return code;
    result.reached = any(current);
    if (result.reached) {
      // Beside float neighbours what is left may convert more than it saves.
      if (int code = dropWhatDoesNotPay())
        return code;
      result.reached = !result.nothingPays;
    }
  }
  result.quantized = current;
  result.best = measured;
  return 0;
}

} // namespace

int searchLayers(const std::vector<SearchLayer> &layers, double maxDrop,
                 const MeasureCandidate &measure, SearchResult &result) {
  return Search(layers, maxDrop, measure, result).run();
}

} // namespace mlopt::quantize
