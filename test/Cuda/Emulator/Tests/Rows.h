//===- Rows.h - one instruction against a formula on the host ---------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_TESTS_ROWS_H
#define MLOPT_TEST_CUDA_EMULATOR_TESTS_ROWS_H

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace ptxtest {

/// Holds every product and sum of f32 values, and most of f64 ones, exactly.
#ifdef __x86_64__
using Quad = __float128;
#else
using Quad = long double;
#endif

/// A piece of PTX with the registers %d, %a, %b and %c, and what it must do.
struct Row {
  std::string text;
  /// Types of %d and of the sources: "u32", "s16", "f32", "f16", "pred" (sources: bit 0), ...
  std::string result;
  std::vector<std::string> sources;
  /// From the bits of the sources to the bits of the result.
  std::function<uint64_t(uint64_t a, uint64_t b, uint64_t c)> expect;
  /// For approximations: greatest relative error, and absolute error where that is larger.
  double relative = 0, absolute = 0;
};

template <class T> T as(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <class T> uint64_t bitsOf(T value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

/// Interesting values of a type; `index` runs through edges first, then through random ones.
uint64_t valueOf(const std::string &type, unsigned index, unsigned operand);

/// Rounds to a binary format by search: `decode` maps 0 ... `last` to the format's non-negative
/// finite values in order. Directions: 0 nearest even, 1 towards zero, 2 nearest away.
unsigned roundBySearch(Quad magnitude, unsigned last, const std::function<Quad(unsigned)> &decode,
                       int direction);
uint16_t toHalf(Quad value, int direction = 0);
uint16_t toBrain(Quad value, int direction = 0);
double fromHalf(uint16_t bits);
double fromBrain(uint16_t bits);

/// Runs all rows, whole and under a predicate; prints failures; returns their number.
unsigned run(const char *title, const std::vector<Row> &rows);

std::vector<Row> integerRows();
std::vector<Row> bitRows();
std::vector<Row> floatRows();
std::vector<Row> halfRows();
std::vector<Row> convertRows();
std::vector<Row> compareRows();
/// Matrix instructions by the tables of the ISA; returns the failures.
unsigned runMatrices();
/// Random warp-wide instructions against a lane-by-lane model.
unsigned runWarpOpcodes();
unsigned runAtomics();

} // namespace ptxtest

#endif
