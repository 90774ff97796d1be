//===- DoubleRows.cpp - f64 functions of targets without libm -------------===//
//
// Compiles the f64 rows with the options of a GPU and compares them with libm's
// long double functions, whose 64 bits of mantissa resolve a double's ulp.
//
//===----------------------------------------------------------------------===//

#include "MathJit.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mlir;

namespace mlopt::test {
namespace {

using Long = long double;

struct Case {
  const char *label;
  const char *row;
  Long (*unary)(Long);
  Long (*binary)(Long, Long);
  double bound; ///< of ScalarMath64.h
};

const Case kCases[] = {
    {"exp", "exp", expl, nullptr, 1},
    {"log", "log", logl, nullptr, 1},
    {"sin", "sin", sinl, nullptr, 1},
    {"cos", "cos", cosl, nullptr, 1},
    {"tan", "tan", tanl, nullptr, 3},
    {"asin", "asin", asinl, nullptr, 2},
    {"acos", "acos", acosl, nullptr, 2},
    {"atan", "atan", atanl, nullptr, 2},
    {"sinh", "sinh", sinhl, nullptr, 3},
    {"cosh", "cosh", coshl, nullptr, 3},
    {"tanh", "tanh", tanhl, nullptr, 3},
    {"asinh", "asinh", asinhl, nullptr, 3},
    {"acosh", "acosh", acoshl, nullptr, 3},
    {"atanh", "atanh", atanhl, nullptr, 3},
    {"erf", "erf", erfl, nullptr, 2},
    {"softplus", "softplus", [](Long x) { return (x > 0 ? x : x < 0 ? 0 : x) + log1pl(expl(-fabsl(x))); },
     nullptr, 3},
    {"sigmoid", "sigmoid", [](Long x) { return 1 / (1 + expl(-x)); }, nullptr, 3},
    {"pow", "pow", nullptr, powl, 1},
    {"fmod", "mod", nullptr, fmodl, 0},
};

const double kSpecials[] = {0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 0.25, 5e-324, -5e-324,
                            0x1p-1022, 0x0.fffffffffffffp-1022, 0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023,
                            709.782712893384, 709.7827128933841, 710.4758600739439, 710.5, -708.4, -745.1, -745.2,
                            -746.5, 750.0, 1e-20, 0.41421356237309503, 2.414213562373095, 6.0, 20.0, 36.7, 1e10,
                            268435456.0, 1e16, 1e22, 1e100, 1e300, 1.5707963267948966, 3.141592653589793,
                            6.283185307179586, 6381956970095103.0 * 0x1p797, 0.9999999999999999, 1.0000000000000002,
                            -0.9999999999999999, 1e-8, 1e-300, 4503599627370497.0, 9007199254740993.0, 5.5, 7.0,
                            std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN()};

/// Error of v in units in the last place of the exact result, infinite where a
/// special value does not match.
double ulpError(double v, Long exact) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  if (std::isnan(exact) || std::isnan(v))
    return std::isnan(exact) && std::isnan(v) ? 0 : inf;
  double rounded = static_cast<double>(exact);
  if (v == rounded && (v == 0 || std::isinf(v)))
    return std::signbit(v) == std::signbit(rounded) ? 0 : inf;
  // The neighbour beyond the largest double counts as 2^1024.
  Long value = std::isinf(v) ? copysignl(0x1p1024L, v) : Long(v);
  if (std::isinf(exact))
    return inf;
  Long scale = ldexpl(1, std::max(std::ilogb(double(std::min(fabsl(exact), Long(1.7e308)))), -1022) - 52);
  return double(fabsl(value - exact) / scale);
}

void sample(const Case &c, size_t samples, std::vector<double> &x, std::vector<double> &y) {
  std::mt19937_64 random(11);
  auto unit = [&] { return std::ldexp(double(random() >> 11), -53); };
  auto anyBits = [&] { return llvm::bit_cast<double>(uint64_t(random())); };
  auto signedPower = [&](double low, double high) {
    return std::exp2(low + unit() * (high - low)) * (random() & 1 ? 1 : -1);
  };
  for (size_t i = 0; i < samples; ++i) {
    if (c.unary) {
      // Any pattern, where functions bend, and around multiples of pi/2.
      x.push_back(i % 4 == 0   ? anyBits()
                  : i % 4 == 1 ? unit() * 40 - 20
                  : i % 4 == 2 ? signedPower(-40, 12)
                               : double(std::rint(unit() * 1e9) * 1.57079632679489661923L));
      continue;
    }
    double a = signedPower(-20, 20), b = i % 4 == 0   ? unit() * 60 - 30
                                         : i % 4 == 1 ? std::rint(unit() * 80 - 40)
                                                      : signedPower(-10, 10);
    if (i % 4 == 3)
      a = anyBits(), b = anyBits();
    // Bases next to 1 with large exponents.
    if (i % 8 == 2)
      a = 1 + (unit() - 0.5) * 1e-3, b = signedPower(10, 20);
    x.push_back(a);
    y.push_back(b);
  }
  for (double a : kSpecials) {
    if (c.unary)
      x.push_back(a);
    else
      for (double b : kSpecials)
        x.push_back(a), y.push_back(b);
  }
  while (x.size() % kChunk)
    x.push_back(1.0);
  y.resize(c.binary ? x.size() : 0, 1.0);
}

} // namespace

bool checkDoubleRows(MLIRContext &context, size_t samples, llvm::StringRef only) {
  bool ok = true;
  const int64_t widths[] = {1, 4};
  std::vector<RowInstance> instances;
  for (const Case &c : kCases)
    for (int64_t width : widths) {
      RowInstance r{std::string(c.label) + "_f64_" + std::to_string(width), findScalarRow(c.row), {}, width};
      Type f64 = Float64Type::get(&context);
      r.call.operandElements.assign(c.binary ? 2 : 1, f64);
      r.call.resultElement = f64;
      r.call.fmod = true;
      instances.push_back(r);
    }
  for (const Level &level : availableLevels()) {
    if (!level.options.gpu)
      continue;
    MathJit jit(context, level, instances);
    for (const Case &c : kCases) {
      if (!only.empty() && only != c.label)
        continue;
      std::vector<double> x, y, out(kChunk);
      sample(c, samples, x, y);
      double worst = 0, worstX = 0, worstY = 0, got = 0;
      for (int64_t width : widths) {
        void *loop = jit.lookup(std::string(c.label) + "_f64_" + std::to_string(width));
        for (size_t base = 0; base < x.size(); base += kChunk) {
          if (c.unary)
            invoke(loop, {x.data() + base, out.data()});
          else
            invoke(loop, {x.data() + base, y.data() + base, out.data()});
          for (int64_t i = 0; i < kChunk; ++i) {
            double a = x[base + i], b = c.unary ? 0 : y[base + i];
            double error = ulpError(out[i], c.unary ? c.unary(a) : c.binary(a, b));
            if (error > worst)
              worst = error, worstX = a, worstY = b, got = out[i];
          }
        }
      }
      bool isFine = worst <= c.bound;
      ok &= isFine;
      llvm::outs() << llvm::format("f64 %-10s bound=%-4.2f maxulp %s=%.3f", c.label, c.bound, level.name, worst);
      if (!isFine)
        llvm::outs() << llvm::format(" (x=%a, y=%a): got %a", worstX, worstY, got);
      llvm::outs() << (isFine ? " ok\n" : " FAIL\n");
      llvm::outs().flush();
    }
  }
  return ok;
}

} // namespace mlopt::test
