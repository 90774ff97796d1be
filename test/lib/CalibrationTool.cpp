//===- CalibrationTool.cpp - Histograms and ranges of an array --------------===//
//
//   mlopt-calibration-test FILE.npy PIECES [backwards] [signed] [percentile=X]
//
// Adds the f32 array to a histogram in so many pieces and prints it and the range of each method as
// JSON.
//
//===----------------------------------------------------------------------===//
#include "Quantize/Calibrate.h"
#include "TensorIO/TensorIO.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mlopt;
using namespace mlopt::quantize;

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  tensorio::HostTensor tensor;
  if (tensorio::Error error = tensorio::readNpy(argv[1], tensor); !error.empty()) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.c_str());
    return 1;
  }
  bool backwards = false, isSigned = false;
  double percentile = 99.99;
  for (int i = 3; i < argc; ++i) {
    backwards |= !std::strcmp(argv[i], "backwards");
    isSigned |= !std::strcmp(argv[i], "signed");
    if (!std::strncmp(argv[i], "percentile=", 11))
      percentile = std::atof(argv[i] + 11);
  }
  std::vector<float> values(size_t(tensor.elementCount()));
  std::memcpy(values.data(), tensor.data.data(), values.size() * sizeof(float));
  if (backwards)
    std::reverse(values.begin(), values.end());
  Histogram histogram;
  size_t pieces = size_t(std::atoi(argv[2]));
  for (size_t p = 0; p < pieces; ++p) {
    size_t from = values.size() * p / pieces, to = values.size() * (p + 1) / pieces;
    histogram.add(values.data() + from, int64_t(to - from));
  }
  std::printf("{\"count\": %llu, \"zeros\": %llu, \"not_finite\": %llu, \"minimum\": %.17g, "
              "\"maximum\": %.17g, \"width\": %.17g, \"first\": %lld,\n \"counts\": [",
              static_cast<unsigned long long>(histogram.getCount()),
              static_cast<unsigned long long>(histogram.getZeros()),
              static_cast<unsigned long long>(histogram.getNotFinite()), histogram.getMinimum(),
              histogram.getMaximum(), histogram.getWidth(),
              static_cast<long long>(histogram.getFirst()));
  for (size_t i = 0; i < histogram.getCounts().size(); ++i)
    std::printf("%s%llu", i ? ", " : "",
                static_cast<unsigned long long>(histogram.getCounts()[i]));
  std::printf("]");
  for (Method method : {Method::MinMax, Method::Percentile, Method::Entropy, Method::MeanSquare}) {
    Range range = findRange(histogram, method, isSigned, percentile);
    ActivationScheme scheme = makeActivationScheme(range.low, range.high, isSigned);
    std::printf(",\n \"%s\": {\"low\": %.17g, \"high\": %.17g, \"scale\": %.9g, \"zero\": %d, "
                "\"mse\": %.17g, \"clipped\": %.17g}",
                std::string(getMethodName(method)).c_str(), range.low, range.high,
                double(scheme.scale), int(scheme.zero), meanSquaredError(histogram, scheme),
                clippedShare(histogram, scheme));
  }
  std::printf("}\n");
  return 0;
}
