//===- Compare.cpp - Differences of two tensors ----------------------------===//
#include "mlopt/Reference/Compare.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

namespace {
/// What one pair of elements says.
struct Pair {
  bool agrees;
  bool nanMismatch;
  double error; // 0 where it has no meaning
};
} // namespace

static Pair compareFloats(double a, double e, const CompareOptions &options) {
  if (std::isnan(a) || std::isnan(e)) {
    bool same = std::isnan(a) && std::isnan(e) && options.equalNan;
    return {same, !same, 0};
  }
  if (a == e)
    return {true, false, 0};
  double error = std::fabs(a - e);
  bool agrees =
      std::isfinite(a) && std::isfinite(e) && error <= options.atol + options.rtol * std::fabs(e);
  return {agrees, false, error};
}

static Pair compareIntegers(int64_t a, int64_t e, bool isUnsigned, const CompareOptions &options) {
  bool less = isUnsigned ? static_cast<uint64_t>(a) < static_cast<uint64_t>(e) : a < e;
  uint64_t error = less ? static_cast<uint64_t>(e) - static_cast<uint64_t>(a)
                        : static_cast<uint64_t>(a) - static_cast<uint64_t>(e);
  return {error <= options.integerTolerance, false, static_cast<double>(error)};
}

Comparison mlopt::compareTensors(const HostTensor &actual, const HostTensor &expected,
                                 const CompareOptions &options) {
  Comparison c;
  if (actual.isNone() || expected.isNone()) {
    c.comparable = actual.isNone() && expected.isNone();
    return c;
  }
  if (actual.getElementType() != expected.getElementType() ||
      actual.getShape() != expected.getShape())
    return c;
  c.comparable = true;
  c.elements = expected.getNumElements();
  for (int64_t i = 0; i < c.elements; ++i) {
    Pair pair = expected.isFloat()
                    ? compareFloats(actual.getDouble(i), expected.getDouble(i), options)
                    : compareIntegers(actual.getInteger(i), expected.getInteger(i),
                                      expected.isUnsigned(), options);
    if (!pair.agrees) {
      ++c.mismatches;
      c.nanMismatches += pair.nanMismatch;
      if (c.firstMismatch < 0)
        c.firstMismatch = i;
    }
    if (pair.error > c.maxAbsoluteError) {
      c.maxAbsoluteError = pair.error;
      c.worst = i;
    }
    double magnitude = std::fabs(expected.getDouble(i));
    if (std::isfinite(magnitude) && magnitude > c.largestExpected)
      c.largestExpected = magnitude;
  }
  if (c.maxAbsoluteError > 0)
    c.maxErrorToLargest = c.largestExpected > 0 ? c.maxAbsoluteError / c.largestExpected : INFINITY;
  return c;
}
