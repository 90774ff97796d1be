//===- Half.h - f16, bf16, tf32 and fp8 as bits -----------------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_HALF_H
#define MLOPT_TEST_CUDA_EMULATOR_HALF_H

#include <cmath>
#include <cstdint>
#include <cstring>
#ifdef __F16C__
#include <immintrin.h>
#endif

namespace ptxemu {

/// rna: nearest, ties away from zero.
enum class Rounding : uint8_t { Nearest, Away, Zero, Down, Up };

/// Rounds the finite or infinite `value` to a binary format with `mantissa` stored bits, least
/// normal exponent `least` (2^least) and greatest finite value `largest`. Overflow gives infinity,
/// or `largest` where the rounding is towards zero.
double roundTo(double value, int mantissa, int least, double largest, Rounding rounding);

/// a * b + c, so rounded (to odd) that rounding it again to 24 bits or fewer is rounding once.
double fmaToOdd(double a, double b, double c);
double addToOdd(double a, double b);

struct F16 {
  static constexpr uint16_t kNan = 0x7fff;
  static float up(uint16_t bits) {
#ifdef __F16C__
    return _cvtsh_ss(bits);
#else
    uint32_t sign = uint32_t(bits & 0x8000) << 16, rest = bits & 0x7fff, word;
    if (rest >= 0x7c00)
      word = sign | 0x7f800000u | (rest & 0x3ff) << 13;
    else if (rest >= 0x400)
      word = sign | ((rest << 13) + 0x38000000u);
    else { // subnormal: an integer times 2^-24
      float small = float(rest) * 0x1p-24f;
      std::memcpy(&word, &small, 4);
      word |= sign;
    }
    float value;
    std::memcpy(&value, &word, 4);
    return value;
#endif
  }
  /// To nearest, ties to even; a NaN becomes the canonical one.
  static uint16_t down(float value) {
    uint32_t word;
    std::memcpy(&word, &value, 4);
    uint32_t sign = word >> 16 & 0x8000, rest = word & 0x7fffffff;
    if (rest > 0x7f800000u)
      return kNan;
    if (rest >= 0x47800000u) // 65536 and more; below, rounding overflows by carrying
      return sign | 0x7c00;
    if (rest < 0x38800000u) { // below 2^-14: the addition rounds at the right bit
      float magic;
      std::memcpy(&magic, &rest, 4);
      magic += 0.5f;
      uint32_t bits;
      std::memcpy(&bits, &magic, 4);
      return sign | (bits - 0x3f000000u);
    }
    rest += 0xfff + (rest >> 13 & 1);
    return sign | ((rest - 0x38000000u) >> 13);
  }
  static uint16_t down(double value, Rounding rounding);
};

struct BF16 {
  static constexpr uint16_t kNan = 0x7fff;
  static float up(uint16_t bits) {
    uint32_t word = uint32_t(bits) << 16;
    float value;
    std::memcpy(&value, &word, 4);
    return value;
  }
  static uint16_t down(float value) {
    uint32_t word;
    std::memcpy(&word, &value, 4);
    if ((word & 0x7fffffff) > 0x7f800000u)
      return kNan;
    return (word + 0x7fff + (word >> 16 & 1)) >> 16;
  }
  static uint16_t down(double value, Rounding rounding);
};

/// What the tensor core sees of an f32 operand of type tf32.
inline float truncateTf32(float value) {
  uint32_t word;
  std::memcpy(&word, &value, 4);
  word &= 0xffffe000u;
  std::memcpy(&value, &word, 4);
  return value;
}

/// f32 to fp8 with saturation to the largest finite value, ties to even; and back.
uint8_t toE4M3(float value);
uint8_t toE5M2(float value);
float fromE4M3(uint8_t bits);
float fromE5M2(uint8_t bits);

} // namespace ptxemu

#endif
