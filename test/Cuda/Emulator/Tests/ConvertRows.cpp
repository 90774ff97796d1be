//===- ConvertRows.cpp - cvt
//---------------------------------------------------------------------===//

#include "Rows.h"

#include <algorithm>
#include <cmath>

namespace ptxtest {

using U = uint64_t;

static Quad realOf(const std::string &type, U bits) {
  return type == "f32"   ? Quad(as<float>(bits))
         : type == "f64" ? Quad(as<double>(bits))
         : type == "f16" ? Quad(fromHalf(bits))
                         : Quad(fromBrain(bits));
}
static __int128 integerOf(const std::string &type, U bits) {
  unsigned size = std::stoul(type.substr(1));
  __int128 value = bits & (size == 64 ? ~0ull : (1ull << size) - 1);
  return type[0] == 's' && (value >> (size - 1)) ? value - (__int128(1) << size) : value;
}
static __int128 lowest(const std::string &type) {
  return type[0] == 'u' ? 0 : -(__int128(1) << (std::stoul(type.substr(1)) - 1));
}
static __int128 highest(const std::string &type) {
  return (__int128(1) << (std::stoul(type.substr(1)) - (type[0] == 's'))) - 1;
}

static Quad integral(Quad value, const std::string &mode) {
  // Beyond 2^70 every value is integral.
  if (value > Quad(0x1p70) || value < -Quad(0x1p70) || value != value)
    return value;
  __int128 whole = __int128(value);
  Quad fraction = value - whole;
  if (mode == "rni") {
    Quad size = fraction < 0 ? -fraction : fraction;
    if (size > 0.5 || (size == 0.5 && (whole & 1)))
      whole += value < 0 ? -1 : 1;
  } else if (mode == "rmi" && fraction < 0) {
    --whole;
  } else if (mode == "rpi" && fraction > 0) {
    ++whole;
  }
  return whole;
}

/// tf32 as f32 bits: 10 stored bits of mantissa.
static U toTf32(Quad value, int direction) {
  if (value != value)
    return 0x7fffffff;
  bool negative = std::signbit(double(value));
  if (std::isinf(double(value)))
    return negative ? 0xff800000 : 0x7f800000;
  U bits = U(roundBySearch(
               negative ? -value : value, 0x7f7fe000u >> 13,
               [](unsigned i) { return Quad(as<float>(U(i) << 13)); }, direction))
           << 13;
  return bits | (negative ? 0x80000000u : 0);
}

static U toFloat(Quad value, int direction) {
  if (value != value)
    return 0x7fffffff;
  bool negative = std::signbit(double(value));
  if (std::isinf(double(value)) && (value > Quad(1e308) * 1e10 || value < Quad(-1e308) * 1e10))
    return negative ? 0xff800000 : 0x7f800000;
  U bits = roundBySearch(
      negative ? -value : value, 0x7f7fffffu, [](unsigned i) { return Quad(as<float>(U(i))); },
      direction);
  return bits | (negative ? 0x80000000u : 0);
}

static double fromFp8(uint8_t bits, bool e4) {
  int mantissaBits = e4 ? 3 : 2, bias = e4 ? 7 : 15;
  int exponent = (bits & 127) >> mantissaBits, mantissa = bits & ((1 << mantissaBits) - 1);
  return exponent ? std::ldexp((1 << mantissaBits) + mantissa, exponent - bias - mantissaBits)
                  : std::ldexp(mantissa, 1 - bias - mantissaBits);
}
static uint8_t toFp8(double value, bool e4) {
  if (std::isnan(value))
    return 0x7f;
  unsigned last = e4 ? 0x7e : 0x7b;
  unsigned bits = std::isinf(value)
                      ? last
                      : std::min(last, roundBySearch(
                                           std::fabs(value), last,
                                           [=](unsigned i) { return Quad(fromFp8(i, e4)); }, 0));
  return bits | (std::signbit(value) ? 0x80 : 0);
}

std::vector<Row> convertRows() {
  std::vector<Row> rows;
  const std::string integers[] = {"u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64"};
  const std::string reals[] = {"f16", "bf16", "f32", "f64"};
  // A register of 8 bits is a 16-bit one: take the value from there and put it there.
  auto registerOf = [](const std::string &type) {
    return type == "u8" ? std::string("u16") : type == "s8" ? std::string("s16") : type;
  };
  for (const std::string &from : integers)
    for (const std::string &to : integers)
      for (bool sat : {false, true}) {
        rows.push_back({"cvt." + std::string(sat ? "sat." : "") + to + "." + from + " %d, %a;",
                        registerOf(to),
                        {registerOf(from)},
                        [=](U a, U, U) {
                          __int128 value = integerOf(from, a);
                          if (sat)
                            value = std::clamp(value, lowest(to), highest(to));
                          return U(integerOf(to, U(value)));
                        }});
      }
  for (const std::string &from : reals)
    for (const std::string &to : integers)
      for (std::string mode : {"rni", "rzi", "rmi", "rpi"}) {
        rows.push_back({"cvt." + mode + "." + to + "." + from + " %d, %a;",
                        registerOf(to),
                        {from},
                        [=](U a, U, U) {
                          Quad value = realOf(from, a);
                          unsigned size = std::stoul(to.substr(1));
                          if (value != value)
                            return from != "f64" && size < 64
                                       ? U(0)
                                       : U(integerOf(to, U(1) << (size - 1)));
                          value = integral(value, mode);
                          return U(value < Quad(lowest(to))    ? lowest(to)
                                   : value > Quad(highest(to)) ? highest(to)
                                                               : __int128(value));
                        }});
      }
  struct Direction {
    const char *name;
    int direction;
  };
  for (Direction direction : {Direction{"rn", 0}, Direction{"rz", 1}}) {
    int by = direction.direction;
    std::string mode = direction.name;
    auto encode = [=](const std::string &to, Quad value) -> U {
      if (to == "f16")
        return toHalf(value, by);
      if (to == "bf16")
        return toBrain(value, by);
      if (to == "f32")
        return toFloat(value, by);
      double near = double(value);
      if (by == 1 && (value > 0 ? Quad(near) > value : Quad(near) < value))
        near = std::nextafter(near, 0.0);
      return bitsOf(near);
    };
    for (const std::string &to : reals)
      for (const std::string &from : integers)
        rows.push_back({"cvt." + mode + "." + to + "." + from + " %d, %a;",
                        to,
                        {registerOf(from)},
                        [=](U a, U, U) { return encode(to, Quad(integerOf(from, a))); }});
    for (std::string to : {"f16", "bf16", "f32"})
      for (std::string from : {"f32", "f64"})
        if (to != from)
          rows.push_back(
              {"cvt." + mode + "." + to + "." + from + " %d, %a;", to, {from}, [=](U a, U, U) {
                 return encode(to, realOf(from, a));
               }});
    for (std::string half : {"f16", "bf16"}) {
      rows.push_back({"cvt." + mode + "." + half + "x2.f32 %d, %a, %b;",
                      half + "x2",
                      {"f32", "f32"},
                      [=](U a, U b, U) {
                        return encode(half, as<float>(a)) << 16 | encode(half, as<float>(b));
                      }});
      rows.push_back(
          {"cvt." + mode + ".relu." + half + ".f32 %d, %a;", half, {"f32"}, [=](U a, U, U) {
             float x = as<float>(a);
             return encode(half, std::isnan(x) ? x : std::fmax(x, 0.0f));
           }});
    }
  }
  for (std::string from : {"f16", "bf16", "f32"})
    for (std::string to : {"f32", "f64"})
      if (from != to)
        rows.push_back({"cvt." + to + "." + from + " %d, %a;", to, {from}, [=](U a, U, U) {
                          double value = double(realOf(from, a));
                          return to == "f32" ? bitsOf(float(value)) : bitsOf(value);
                        }});
  for (std::string type : {"f16", "f32", "f64"})
    for (std::string mode : {"rni", "rzi", "rmi", "rpi"})
      rows.push_back(
          {"cvt." + mode + "." + type + "." + type + " %d, %a;", type, {type}, [=](U a, U, U) {
             Quad value = realOf(type, a);
             double result = std::copysign(double(integral(value, mode)), double(value));
             return type == "f16"   ? U(toHalf(result))
                    : type == "f32" ? bitsOf(float(result))
                                    : bitsOf(result);
           }});
  rows.push_back({"cvt.sat.f32.f32 %d, %a;", "f32", {"f32"}, [](U a, U, U) {
                    float x = as<float>(a);
                    return bitsOf(x > 0 ? std::fmin(x, 1.0f) : 0.0f);
                  }});
  rows.push_back({"cvt.rna.tf32.f32 %d, %a;", "f32", {"f32"}, [](U a, U, U) {
                    return toTf32(as<float>(a), 2);
                  }});
  rows.push_back({"cvt.rn.tf32.f32 %d, %a;", "f32", {"f32"}, [](U a, U, U) {
                    return toTf32(as<float>(a), 0);
                  }});
  for (bool e4 : {true, false}) {
    std::string name = e4 ? "e4m3x2" : "e5m2x2";
    rows.push_back(
        {"cvt.rn.satfinite." + name + ".f32 %d, %a, %b;", "b16", {"f32", "f32"}, [=](U a, U b, U) {
           return U(toFp8(as<float>(a), e4)) << 8 | toFp8(as<float>(b), e4);
         }});
    rows.push_back({"{ .reg .b16 %t; cvt.rn.satfinite." + name + ".f16x2 %t, %a; cvt.rn.f16x2." +
                        name + " %d, %t; }",
                    "f16x2",
                    {"f16x2"},
                    [=](U a, U, U) {
                      auto part = [=](uint16_t bits) -> U {
                        uint8_t small = toFp8(fromHalf(bits), e4);
                        if ((small & 127) == 127)
                          return 0x7fff;
                        double value = fromFp8(small & 127, e4);
                        return toHalf(small & 128 ? -value : value);
                      };
                      return part(a >> 16) << 16 | part(a & 65535);
                    }});
  }
  return rows;
}

} // namespace ptxtest
