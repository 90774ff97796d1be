#include "Half.h"

#include <limits>

using namespace ptxemu;

double ptxemu::roundTo(double value, int mantissa, int least, double largest, Rounding rounding) {
  if (value == 0 || std::isinf(value) || std::isnan(value))
    return value;
  int exponent = std::ilogb(value);
  if (exponent < least)
    exponent = least;
  // Scaled so that the last stored bit is worth 1; all steps are exact.
  double scaled = std::ldexp(value, mantissa - exponent), whole = std::trunc(scaled),
         fraction = std::fabs(scaled - whole);
  double away = whole + std::copysign(1.0, value);
  bool negative = std::signbit(value);
  switch (rounding) {
  case Rounding::Nearest:
    if (fraction > 0.5 || (fraction == 0.5 && std::fmod(whole, 2) != 0))
      whole = away;
    break;
  case Rounding::Away:
    if (fraction >= 0.5)
      whole = away;
    break;
  case Rounding::Zero:
    break;
  case Rounding::Down:
    if (fraction != 0 && negative)
      whole = away;
    break;
  case Rounding::Up:
    if (fraction != 0 && !negative)
      whole = away;
    break;
  }
  double result = std::ldexp(whole, exponent - mantissa);
  if (std::fabs(result) > largest) {
    bool toZero = rounding == Rounding::Zero || (rounding == Rounding::Down && !negative) ||
                  (rounding == Rounding::Up && negative);
    result = toZero ? largest : std::numeric_limits<double>::infinity();
  }
  return std::copysign(std::fabs(result), value);
}

double ptxemu::addToOdd(double a, double b) {
  double sum = a + b;
  if (!std::isfinite(sum))
    return sum;
  // Knuth: the exact error of the sum.
  double bPart = sum - a, error = (a - (sum - bPart)) + (b - bPart);
  if (error == 0)
    return sum;
  uint64_t bits;
  std::memcpy(&bits, &sum, 8);
  if ((bits & 1) == 0) {
    // The exact value lies between `sum` and its neighbour on the side of the error; one of the
    // two is odd, and it is not `sum`.
    bool outwards = (error > 0) == (sum > 0);
    bits = outwards ? bits + 1 : bits - 1;
    std::memcpy(&sum, &bits, 8);
  }
  return sum;
}

double ptxemu::fmaToOdd(double a, double b, double c) { return addToOdd(a * b, c); }

uint16_t F16::down(double value, Rounding rounding) {
  if (std::isnan(value))
    return kNan;
  return down(float(roundTo(value, 10, -14, 65504.0, rounding)));
}
uint16_t BF16::down(double value, Rounding rounding) {
  if (std::isnan(value))
    return kNan;
  return down(float(roundTo(value, 7, -126, 0x1.fep127, rounding)));
}

static uint8_t toFp8(float value, int mantissa, int least, double largest, uint8_t nan) {
  if (std::isnan(value))
    return nan;
  uint8_t sign = std::signbit(value) ? 0x80 : 0;
  double rounded = std::fabs(roundTo(value, mantissa, least, largest, Rounding::Nearest));
  if (rounded > largest)
    rounded = largest;
  if (rounded == 0)
    return sign;
  int exponent = std::ilogb(rounded);
  if (exponent < least)
    return sign | uint8_t(std::ldexp(rounded, mantissa - least));
  return sign | uint8_t((exponent - least + 1) << mantissa |
                        (int(std::ldexp(rounded, mantissa - exponent)) & ((1 << mantissa) - 1)));
}
uint8_t ptxemu::toE4M3(float value) { return toFp8(value, 3, -6, 448, 0x7f); }
uint8_t ptxemu::toE5M2(float value) { return toFp8(value, 2, -14, 57344, 0x7f); }

float ptxemu::fromE4M3(uint8_t bits) {
  if ((bits & 0x7f) == 0x7f)
    return std::numeric_limits<float>::quiet_NaN();
  int exponent = bits >> 3 & 15, mantissa = bits & 7;
  float value =
      exponent ? std::ldexp(float(8 + mantissa), exponent - 10) : std::ldexp(float(mantissa), -9);
  return bits & 0x80 ? -value : value;
}
float ptxemu::fromE5M2(uint8_t bits) { return F16::up(uint16_t(bits) << 8); }
