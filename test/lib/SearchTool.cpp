//===- SearchTool.cpp - The choice of layers, on figures that are given ----===//
//
//   mlopt-search-test search MAX_DROP < layers
//     A line per layer: error, float time, integer time, drop that it causes, and what its neighbours'
//     integers save it (subtracted for each quantized neighbour). Prints what is chosen, and why.
//   mlopt-search-test time SAMPLE...
//     The estimate of repeated measuring.
//   mlopt-search-test attempts SPREAD...
//     Measures with these spreads, one after the other: which attempt is kept.
//
//===----------------------------------------------------------------------===//
#include "Quantize/Search.h"
#include "Quantize/Timing.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mlopt::quantize;

static int search(double maxDrop) {
  struct Given {
    double error, floatTime, integerTime, drop, saved;
  };
  std::vector<Given> given;
  std::vector<SearchLayer> layers;
  for (Given g; std::scanf("%lf %lf %lf %lf %lf", &g.error, &g.floatTime, &g.integerTime, &g.drop,
                           &g.saved) == 5;) {
    layers.push_back({"layer" + std::to_string(given.size()), g.error});
    given.push_back(g);
  }
  int candidates = 0;
  auto measure = [&](const std::vector<bool> &set, CandidateResult &result) {
    ++candidates;
    result = {};
    result.total = result.floatTotal = 0;
    for (size_t i = 0; i < given.size(); ++i) {
      int neighbours = (i > 0 && set[i - 1]) + (i + 1 < set.size() && set[i + 1]);
      double time =
          set[i] ? given[i].integerTime - neighbours * given[i].saved : given[i].floatTime;
      *result.total += time;
      *result.floatTotal += given[i].floatTime;
      result.drop += set[i] ? given[i].drop : 0;
      result.floatTime.push_back(given[i].floatTime);
      result.layerTime.push_back(time);
    }
    return 0;
  };
  SearchResult result;
  if (int code = searchLayers(layers, maxDrop, measure, result))
    return code;
  std::printf("%s%s, %d candidates, drop %g\n", result.reached ? "reached" : "not reached",
              result.nothingPays ? ", nothing pays" : "", candidates, result.best.drop);
  for (size_t i = 0; i < layers.size(); ++i)
    std::printf("%s: %s; %s\n", layers[i].name.c_str(), result.quantized[i] ? "int" : "float",
                result.why[i].c_str());
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  if (!std::strcmp(argv[1], "search"))
    return search(std::atof(argv[2]));
  std::vector<double> numbers;
  for (int i = 2; i < argc; ++i)
    numbers.push_back(std::atof(argv[i]));
  if (!std::strcmp(argv[1], "time")) {
    TimeEstimate estimate = estimateTime(numbers);
    std::printf("time %g spread %g\n", estimate.time, estimate.spread);
    return 0;
  }
  // Two models; the second one's run is disturbed.
  size_t attempt = 0;
  TimeSamples kept;
  double spread = -1;
  int code = measureQuietly(kept, spread, [&](TimeSamples &samples) {
    if (attempt == numbers.size())
      return 7;
    double median = 100 * (1 + numbers[attempt]), mark = double(++attempt);
    samples = {{{mark}, {50, 50, 50, 50}}, {{mark}, {100, median, median, median}}};
    return 0;
  });
  std::printf("code %d, %zu attempts, kept %g with %.2f\n", code, attempt,
              kept.empty() ? 0.0 : kept[0][0][0], spread);
  return 0;
}
