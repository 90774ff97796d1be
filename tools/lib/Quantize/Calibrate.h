//===- Calibrate.h - From values to ranges ----------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where to clip the values of a tensor before they become integers. A wide range represents rare
// large values, a narrow one has a finer step for the others.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATE_H
#define MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATE_H

#include "Quantize/Histogram.h"

#include "mlopt/Frontend/Quantize.h"

#include <optional>
#include <string>
#include <string_view>

namespace mlopt::quantize {

/// How a range is found; Auto: per tensor, whichever leaves the layers that read it the least error.
enum class Method { MinMax, Percentile, Entropy, MeanSquare, Auto };

/// "minmax", "percentile", "entropy", "mse", "auto".
std::string_view getMethodName(Method method);
std::optional<Method> parseMethod(std::string_view name);

/// Values outside are clipped. Always holds 0, so that padding and zeros are exact.
struct Range {
  double low = 0, high = 0;
};

/// The range of a method other than Auto, for makeActivationScheme(low, high, isSigned). An empty histogram gives [0, 0].
///
/// MinMax: the smallest and the largest value.
/// Percentile: leaves out the share 1 - percentile / 100 of the values, half of it at either end; all
///   of it at the one end that is not 0 where the values have one sign.
/// Entropy: the magnitude at which the clipped distribution and the quantized one have the least
///   Kullback-Leibler divergence, as NVIDIA's TensorRT defines it (S. Migacz, "8-bit inference with
///   TensorRT", 2017) and ONNX Runtime repeats it.
/// MeanSquare: the range with the least sum of squared differences.
Range findRange(const Histogram &histogram, Method method, bool isSigned,
                double percentile = 99.99);

/// Mean of the squared difference between the values and what is left of them.
double meanSquaredError(const Histogram &histogram, const ActivationScheme &scheme);
/// Share of the values outside what `scheme` represents, 0 to 1; bins that lie half outside count
/// as inside.
double clippedShare(const Histogram &histogram, const ActivationScheme &scheme);

} // namespace mlopt::quantize

#endif // MLOPT_TOOLS_LIB_QUANTIZE_CALIBRATE_H
