//===- Compare.h - Differences of two tensors ---------------------*- C++ -*-===//
#ifndef MLOPT_REFERENCE_COMPARE_H
#define MLOPT_REFERENCE_COMPARE_H

#include "mlopt/Reference/HostTensor.h"

namespace mlopt {

/// Element a of the actual tensor agrees with e of the expected one if
/// |a - e| <= atol + rtol * |e|, if both are the same infinity, or (with
/// `equalNan`) if both are NaN. Integers agree within `integerTolerance`.
struct CompareOptions {
  double rtol = 1e-5;
  double atol = 1e-8;
  uint64_t integerTolerance = 0;
  bool equalNan = true;
};

struct Comparison {
  /// False if element type or shape differ; nothing else is then set.
  bool comparable = false;
  int64_t elements = 0;
  int64_t mismatches = 0;
  /// Elements of which exactly one is NaN (or both, without `equalNan`).
  int64_t nanMismatches = 0;
  /// Flat index of the first mismatch, -1 if there is none.
  int64_t firstMismatch = -1;
  /// Over pairs of finite elements; infinite if only one of a pair is.
  double maxAbsoluteError = 0;
  /// Flat index of the element with that error, -1 if all agree exactly.
  int64_t worst = -1;
  /// Largest finite magnitude in the expected tensor.
  double largestExpected = 0;
  /// maxAbsoluteError / largestExpected; 0 if both are 0.
  double maxErrorToLargest = 0;

  bool agrees() const { return comparable && mismatches == 0; }
};

/// Compares two tensors in any form.
Comparison compareTensors(const HostTensor &actual, const HostTensor &expected,
                          const CompareOptions &options = {});

} // namespace mlopt

#endif // MLOPT_REFERENCE_COMPARE_H
