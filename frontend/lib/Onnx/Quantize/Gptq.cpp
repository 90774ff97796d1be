//===- Gptq.cpp - Weights in groups, to nearest or by GPTQ ----------------===//
//
// GPTQ (Frantar et al., arXiv 2210.17323): rows of W [K, N] are rounded one after the other, and
// the error of each is taken out of the rows that are still to come, by the inverse Hessian. With
// H^-1 = U^T U, U upper triangular, row i gives w_j -= (w_i - q_i) / U_ii * U_ij for j > i. With
// H = R R^T, R upper triangular, U is R^-1: one factorization and no inverse of H itself.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

#include <cfloat>
#include <cmath>

using namespace llvm;

namespace mlopt::onnx_quantize {

namespace {
/// Integers of a group's column.
struct GroupStep {
  float scale = 1;
  int32_t zero = 0;
};

class GroupCoder {
public:
  GroupCoder(const WeightOnlyOptions &options)
      : isSymmetric(options.isSymmetric),
        most(options.isSymmetric ? (1 << (options.bits - 1)) - 1 : (1 << options.bits) - 1),
        least(options.isSymmetric ? -most - 1 : 0) {}

  /// Of the values between low <= 0 and high >= 0.
  GroupStep choose(double low, double high) const {
    GroupStep step;
    if (isSymmetric) {
      // The end with one more step takes the larger side.
      double extent = -low > high ? -low / -least : high / most;
      if (-low > high)
        extent = std::max(extent, high / most);
      if (extent > 0)
        step.scale = static_cast<float>(std::max(extent, double(FLT_MIN)));
      return step;
    }
    if (high > low) {
      step.scale = static_cast<float>(std::max((high - low) / most, double(FLT_MIN)));
      step.zero =
          static_cast<int32_t>(std::clamp(std::nearbyint(-low / step.scale), 0.0, double(most)));
    }
    return step;
  }

  int32_t round(double value, const GroupStep &step) const {
    double q = std::nearbyint(value / step.scale) + step.zero;
    return static_cast<int32_t>(std::clamp(q, double(least), double(most)));
  }

  bool isSymmetric;
  int32_t most, least;
};

/// A square matrix of doubles.
struct Matrix {
  explicit Matrix(int64_t n) : n(n), data(n * n, 0.0) {}
  double *row(int64_t i) { return data.data() + i * n; }
  const double *row(int64_t i) const { return data.data() + i * n; }
  int64_t n;
  std::vector<double> data;
};
} // namespace

/// R upper triangular with H = R R^T, in place of H's upper triangle. False where H is not
/// positive. Works from the last column to the first; rows are contiguous in the inner loop.
static bool factorize(Matrix &h) {
  for (int64_t j = h.n - 1; j >= 0; --j) {
    double *rowJ = h.row(j);
    double sum = rowJ[j];
    for (int64_t k = j + 1; k < h.n; ++k)
      sum -= rowJ[k] * rowJ[k];
    if (!(sum > 0) || !std::isfinite(sum))
      return false;
    double diagonal = std::sqrt(sum);
    rowJ[j] = diagonal;
    for (int64_t i = 0; i < j; ++i) {
      double *rowI = h.row(i);
      double part = 0;
      for (int64_t k = j + 1; k < h.n; ++k)
        part += rowI[k] * rowJ[k];
      rowI[j] = (rowI[j] - part) / diagonal;
    }
  }
  return true;
}

/// Inverse of an upper triangular matrix, in place: row i of the result is built from the rows
/// below.
static void invert(Matrix &r) {
  std::vector<double> built(r.n);
  for (int64_t i = r.n - 1; i >= 0; --i) {
    double *rowI = r.row(i);
    double inverse = 1 / rowI[i];
    std::fill(built.begin(), built.end(), 0.0);
    for (int64_t k = i + 1; k < r.n; ++k) {
      double factor = -rowI[k] * inverse;
      const double *rowK = r.row(k);
      for (int64_t j = k; j < r.n; ++j)
        built[j] += factor * rowK[j];
    }
    built[i] = inverse;
    std::copy(built.begin() + i, built.end(), rowI + i);
  }
}

/// U of the damped Hessian.
static bool makeFactor(const Hessian &hessian, double damping, Matrix &u) {
  double mean = 0;
  for (int64_t i = 0; i < u.n; ++i)
    mean += hessian.sums[i * u.n + i] / double(u.n);
  if (!(mean > 0) || !std::isfinite(mean))
    return false;
  u.data = hessian.sums;
  for (int64_t i = 0; i < u.n; ++i)
    u.row(i)[i] += damping * mean;
  if (!factorize(u))
    return false;
  invert(u);
  return true;
}

/// tr(D^T H D), D [K, N].
static double getEnergy(ArrayRef<float> d, int64_t k, int64_t n, const Hessian *hessian) {
  double energy = 0;
  if (!hessian) {
    for (float value : d)
      energy += double(value) * value;
    return energy;
  }
  std::vector<double> row(n);
  for (int64_t i = 0; i < k; ++i) {
    std::fill(row.begin(), row.end(), 0.0);
    for (int64_t j = i; j < k; ++j) {
      double h = hessian->sums[i * k + j] * (i == j ? 1 : 2);
      for (int64_t c = 0; c < n; ++c)
        row[c] += h * d[j * n + c];
    }
    for (int64_t c = 0; c < n; ++c)
      energy += row[c] * d[i * n + c];
  }
  return energy;
}

BlockedWeights codeBlocked(ArrayRef<float> weights, int64_t k, int64_t n,
                           const WeightOnlyOptions &options, int64_t group,
                           const Hessian *hessian) {
  if (!llvm::all_of(weights, [](float value) { return std::isfinite(value); }))
    throw Failure(codes::BadScheme, "the weights hold values that are not finite");
  GroupCoder coder(options);
  int64_t groups = (k + group - 1) / group;
  BlockedWeights result;
  result.values.resize(k * n);
  result.scales.resize(groups * n);
  if (!options.isSymmetric)
    result.zeros.resize(groups * n);
  Matrix u(hessian ? k : 0);
  result.usedGptq = hessian && makeFactor(*hessian, options.damping, u);
  std::vector<float> work(weights.begin(), weights.end()), difference(k * n);
  std::vector<GroupStep> steps(n);
  std::vector<double> low(n), high(n);
  // Rows of a batch correct each other at once, and the rows behind in one sweep per row block: the
  // batch stays in the cache.
  constexpr int64_t batch = 64;
  std::vector<float> errors(batch * n);
  for (int64_t begin = 0; begin < k; begin += batch) {
    int64_t end = std::min(k, begin + batch);
    for (int64_t i = begin; i < end; ++i) {
      if (i % group == 0) {
        // Rows of the group in later batches lack only this batch's corrections.
        std::fill(low.begin(), low.end(), 0.0);
        std::fill(high.begin(), high.end(), 0.0);
        for (int64_t r = i; r < std::min(k, i + group); ++r)
          for (int64_t c = 0; c < n; ++c) {
            low[c] = std::min(low[c], double(work[r * n + c]));
            high[c] = std::max(high[c], double(work[r * n + c]));
          }
        for (int64_t c = 0; c < n; ++c) {
          steps[c] = coder.choose(low[c], high[c]);
          result.scales[i / group * n + c] = steps[c].scale;
          if (!options.isSymmetric)
            result.zeros[i / group * n + c] = steps[c].zero;
        }
      }
      float inverse = result.usedGptq ? static_cast<float>(1 / u.row(i)[i]) : 0;
      float *error = &errors[(i - begin) * n];
      for (int64_t c = 0; c < n; ++c) {
        int32_t q = coder.round(work[i * n + c], steps[c]);
        float back = steps[c].scale * static_cast<float>(q - steps[c].zero);
        result.values[i * n + c] = q;
        difference[i * n + c] = weights[i * n + c] - back;
        error[c] = (work[i * n + c] - back) * inverse;
      }
      if (result.usedGptq)
        for (int64_t j = i + 1; j < end; ++j) {
          float factor = static_cast<float>(u.row(i)[j]);
          for (int64_t c = 0; c < n; ++c)
            work[j * n + c] -= factor * error[c];
        }
    }
    if (result.usedGptq)
      for (int64_t j = end; j < k; ++j)
        for (int64_t i = begin; i < end; ++i) {
          float factor = static_cast<float>(u.row(i)[j]);
          const float *error = &errors[(i - begin) * n];
          for (int64_t c = 0; c < n; ++c)
            work[j * n + c] -= factor * error[c];
        }
  }
  double norm = getEnergy(weights, k, n, hessian);
  if (norm > 0)
    result.relativeError = getEnergy(difference, k, n, hessian) / norm;
  return result;
}

} // namespace mlopt::onnx_quantize
