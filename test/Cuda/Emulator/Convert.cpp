//===- Convert.cpp - cvt
//------------------------------------------------------------------------===//
//
// The general form reads all lanes into int64 or double (which hold every source exactly, u64 by
// its bits), and writes them in the destination's type. Frequent pairs have loops of their own.
//
//===----------------------------------------------------------------------------------------------===//

#include "Half.h"
#include "Lanes.h"

#include <algorithm>
#include <cfenv>
#include <cfloat>

using namespace ptxemu;

namespace {

/// inst.a: source type, destination type, rounding, flags in one byte each.
enum Flag : uint32_t { kSat = 1, kFtz = 2, kToIntegral = 4, kRelu = 8, kFinite = 16 };
Type from(const Inst &inst) { return Type(inst.a & 255); }
Type to(const Inst &inst) { return Type(inst.a >> 8 & 255); }
Rounding rounding(const Inst &inst) { return Rounding(inst.a >> 16 & 255); }
uint32_t flags(const Inst &inst) { return inst.a >> 24; }

float flush(float x) { return std::fabs(x) < FLT_MIN ? std::copysign(0.0f, x) : x; }

/// The integer in the low bytes of a lane of a register.
int64_t loadInteger(const uint8_t *lane, Type type) {
  switch (type) {
  case Type::U8:
  case Type::B8:
    return lane[0];
  case Type::S8:
    return int8_t(lane[0]);
  case Type::U16:
  case Type::B16: {
    uint16_t v;
    std::memcpy(&v, lane, 2);
    return v;
  }
  case Type::S16: {
    int16_t v;
    std::memcpy(&v, lane, 2);
    return v;
  }
  case Type::U32:
  case Type::B32: {
    uint32_t v;
    std::memcpy(&v, lane, 4);
    return v;
  }
  case Type::S32: {
    int32_t v;
    std::memcpy(&v, lane, 4);
    return v;
  }
  default: {
    int64_t v;
    std::memcpy(&v, lane, 8);
    return v;
  }
  }
}
double loadReal(const uint8_t *lane, Type type, bool ftz) {
  switch (type) {
  case Type::F16: {
    uint16_t v;
    std::memcpy(&v, lane, 2);
    return F16::up(v);
  }
  case Type::BF16: {
    uint16_t v;
    std::memcpy(&v, lane, 2);
    return BF16::up(v);
  }
  case Type::F64: {
    double v;
    std::memcpy(&v, lane, 8);
    return v;
  }
  default: {
    float v;
    std::memcpy(&v, lane, 4);
    return ftz ? flush(v) : v;
  }
  }
}
/// Writes the low bytes of `value` to a register of `bytes`, the rest as extended by the caller.
void storeBits(uint8_t *lane, uint64_t value, unsigned bytes) { std::memcpy(lane, &value, bytes); }

int64_t lowest(Type type) {
  switch (type) {
  case Type::S8:
    return INT8_MIN;
  case Type::S16:
    return INT16_MIN;
  case Type::S32:
    return INT32_MIN;
  case Type::S64:
    return INT64_MIN;
  default:
    return 0;
  }
}
uint64_t highest(Type type) {
  switch (type) {
  case Type::U8:
    return UINT8_MAX;
  case Type::S8:
    return INT8_MAX;
  case Type::U16:
    return UINT16_MAX;
  case Type::S16:
    return INT16_MAX;
  case Type::U32:
    return UINT32_MAX;
  case Type::S32:
    return INT32_MAX;
  case Type::U64:
    return UINT64_MAX;
  default:
    return INT64_MAX;
  }
}
/// Sign- or zero-extends the low bytes of the type to 64 bits.
uint64_t extend(uint64_t value, Type type) {
  uint8_t bytes[8];
  std::memcpy(bytes, &value, 8);
  return uint64_t(loadInteger(bytes, type));
}

uint64_t integerToInteger(int64_t value, Type source, Type target, bool saturate) {
  if (saturate) {
    bool huge = source == Type::U64 && value < 0;
    if (!huge && value < lowest(target))
      return uint64_t(lowest(target));
    if (huge ? highest(target) != UINT64_MAX : value > 0 && uint64_t(value) > highest(target))
      return highest(target);
  }
  return extend(uint64_t(value), target);
}

double toIntegral(double value, Rounding mode) {
  switch (mode) {
  case Rounding::Nearest:
    return std::nearbyint(value);
  case Rounding::Away:
    return std::round(value);
  case Rounding::Zero:
    return std::trunc(value);
  case Rounding::Down:
    return std::floor(value);
  case Rounding::Up:
    return std::ceil(value);
  }
  return value;
}

uint64_t realToInteger(double value, Type source, Type target, Rounding mode) {
  unsigned bits = bytesOf(target) * 8;
  if (std::isnan(value))
    return source != Type::F64 && bits < 64 ? 0 : extend(uint64_t(1) << (bits - 1), target);
  value = toIntegral(value, mode);
  if (value <= double(lowest(target)))
    return uint64_t(lowest(target));
  // The greatest 64-bit values are not doubles: compare with the power of two above them.
  if (value >= std::ldexp(1.0, isSigned(target) ? bits - 1 : bits))
    return highest(target);
  return isSigned(target) ? uint64_t(int64_t(value)) : uint64_t(value);
}

/// A double that rounds to 24 bits or fewer as the integer would.
double integerToOdd(int64_t value, bool isUnsigned) {
  bool negative = !isUnsigned && value < 0;
  uint64_t magnitude = negative ? 0 - uint64_t(value) : uint64_t(value);
  if (magnitude >> 53) {
    unsigned drop = 11 - __builtin_clzll(magnitude);
    uint64_t lost = magnitude & ((uint64_t(1) << drop) - 1);
    magnitude = (magnitude >> drop << drop) | (lost ? uint64_t(1) << drop : 0);
  }
  return negative ? -double(magnitude) : double(magnitude);
}

uint64_t realToBits(double value, Type target, Rounding mode, uint32_t flag) {
  if (flag & kSat)
    value = value > 0 ? std::min(value, 1.0) : 0;
  if (flag & kRelu && !std::isnan(value))
    value = value > 0 ? value : 0;
  switch (target) {
  case Type::F16: {
    uint16_t bits = F16::down(value, mode);
    if (flag & kFinite && (bits & 0x7fff) == 0x7c00)
      bits -= 1;
    return bits;
  }
  case Type::BF16: {
    uint16_t bits = BF16::down(value, mode);
    if (flag & kFinite && (bits & 0x7fff) == 0x7f80)
      bits -= 1;
    return bits;
  }
  case Type::TF32: {
    if (std::isnan(value))
      return 0x7fffffff;
    float result = float(roundTo(value, 10, -126, 0x1.ffcp127, mode));
    if (flag & kFinite && std::isinf(result))
      result = std::copysign(0x1.ffcp127f, result);
    return bitCast<uint32_t>(result);
  }
  case Type::F32: {
    if (std::isnan(value))
      return 0x7fffffff;
    float result =
        mode == Rounding::Nearest ? float(value) : float(roundTo(value, 23, -126, FLT_MAX, mode));
    return bitCast<uint32_t>(flag & kFtz ? flush(result) : result);
  }
  default:
    return bitCast<uint64_t>(value);
  }
}

void convert(Warp &warp, const Inst &inst) {
  const Type source = from(inst), target = to(inst);
  const Rounding mode = rounding(inst);
  const uint32_t flag = flags(inst);
  const unsigned sourceBytes = inst.ops[1].bytes, targetBytes = inst.ops[0].bytes;
  const auto *a = warp.in<uint8_t>(inst, 1);
  auto *d = warp.out<uint8_t>(inst, 0);
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    const uint8_t *lane = a + l * sourceBytes;
    uint64_t bits;
    if (isFloat(source)) {
      double value = loadReal(lane, source, flag & kFtz);
      if (isFloat(target)) {
        if (flag & kToIntegral && !std::isnan(value))
          value = std::copysign(toIntegral(value, mode), value);
        bits = realToBits(value, target, flag & kToIntegral ? Rounding::Nearest : mode, flag);
      } else {
        bits = realToInteger(value, source, target, mode);
      }
    } else {
      int64_t value = loadInteger(lane, source);
      if (!isFloat(target)) {
        bits = integerToInteger(value, source, target, flag & kSat);
      } else if (target == Type::F64 && mode == Rounding::Nearest) {
        bits = bitCast<uint64_t>(source == Type::U64 ? double(uint64_t(value)) : double(value));
      } else if (target == Type::F64) {
        static const int modes[] = {FE_TONEAREST, FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD,
                                    FE_UPWARD};
        std::fesetround(modes[int(mode)]);
        volatile int64_t hidden = value;
        volatile double real =
            source == Type::U64 ? double(uint64_t(int64_t(hidden))) : double(int64_t(hidden));
        std::fesetround(FE_TONEAREST);
        bits = bitCast<uint64_t>(double(real));
      } else {
        bits = realToBits(integerToOdd(value, source == Type::U64), target, mode, flag);
      }
    }
    storeBits(d + l * targetBytes, bits, targetBytes);
  }
}

//===-- frequent pairs
//----------------------------------------------------------------------------===//

template <class To, class From> struct Cast {
  static To of(From a) { return To(a); }
};
struct HalfUp {
  static float of(uint16_t a) { return F16::up(a); }
};
struct HalfDown {
  static uint16_t of(float a) { return F16::down(a); }
};
struct BrainUp {
  static float of(uint16_t a) { return BF16::up(a); }
};
struct BrainDown {
  static uint16_t of(float a) { return BF16::down(a); }
};

Execute fastForm(Type source, unsigned sourceBytes, Type target, unsigned targetBytes,
                 Rounding mode, uint32_t flag) {
  if (flag || sourceBytes != bytesOf(source) || targetBytes != bytesOf(target))
    return nullptr;
  auto is = [&](Type s, Type t) { return source == s && target == t; };
  if (is(Type::F16, Type::F32))
    return unary<float, uint16_t, HalfUp>;
  if (is(Type::BF16, Type::F32))
    return unary<float, uint16_t, BrainUp>;
  if (is(Type::U32, Type::U64))
    return unary<uint64_t, uint32_t, Cast<uint64_t, uint32_t>>;
  if (is(Type::S32, Type::S64))
    return unary<int64_t, int32_t, Cast<int64_t, int32_t>>;
  if ((is(Type::U64, Type::U32) || is(Type::S64, Type::S32) || is(Type::U64, Type::S32)))
    return unary<uint32_t, uint64_t, Cast<uint32_t, uint64_t>>;
  if (is(Type::U16, Type::U32))
    return unary<uint32_t, uint16_t, Cast<uint32_t, uint16_t>>;
  if (is(Type::S16, Type::S32))
    return unary<int32_t, int16_t, Cast<int32_t, int16_t>>;
  if (is(Type::U32, Type::U16))
    return unary<uint16_t, uint32_t, Cast<uint16_t, uint32_t>>;
  if (mode != Rounding::Nearest)
    return nullptr;
  if (is(Type::F32, Type::F16))
    return unary<uint16_t, float, HalfDown>;
  if (is(Type::F32, Type::BF16))
    return unary<uint16_t, float, BrainDown>;
  if (is(Type::S32, Type::F32))
    return unary<float, int32_t, Cast<float, int32_t>>;
  if (is(Type::U32, Type::F32))
    return unary<float, uint32_t, Cast<float, uint32_t>>;
  return nullptr;
}

//===-- packed forms
//------------------------------------------------------------------------------===//

/// d = {a, b} with a in the upper half.
void convertPair(Warp &warp, const Inst &inst) {
  const auto *a = warp.in<float>(inst, 1), *b = warp.in<float>(inst, 2);
  const Type target = to(inst);
  const Rounding mode = rounding(inst);
  const uint32_t flag = flags(inst);
  auto *d32 = warp.out<uint32_t>(inst, 0);
  auto *d16 = warp.out<uint16_t>(inst, 0);
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    if (target == Type::F16x2 || target == Type::BF16x2) {
      Type half = target == Type::F16x2 ? Type::F16 : Type::BF16;
      uint32_t high, low;
      if (mode == Rounding::Nearest && flag == 0) {
        high = half == Type::F16 ? F16::down(a[l]) : BF16::down(a[l]);
        low = half == Type::F16 ? F16::down(b[l]) : BF16::down(b[l]);
      } else {
        high = realToBits(a[l], half, mode, flag);
        low = realToBits(b[l], half, mode, flag);
      }
      d32[l] = high << 16 | low;
    } else {
      auto relu = [&](float x) { return flag & kRelu && !(x > 0) && x == x ? 0.0f : x; };
      bool e4 = target == Type::E4M3x2;
      uint8_t high = e4 ? toE4M3(relu(a[l])) : toE5M2(relu(a[l])),
              low = e4 ? toE4M3(relu(b[l])) : toE5M2(relu(b[l]));
      d16[l] = uint16_t(high << 8 | low);
    }
  }
}
void convertFromFp8(Warp &warp, const Inst &inst) {
  const auto *a = warp.in<uint16_t>(inst, 1);
  auto *d = warp.out<uint32_t>(inst, 0);
  bool e4 = from(inst) == Type::E4M3x2, relu = flags(inst) & kRelu;
  lanes(warp.active, [=](unsigned l) {
    auto one = [&](uint8_t bits) -> uint32_t {
      float x = e4 ? fromE4M3(bits) : fromE5M2(bits);
      return F16::down(relu && x < 0 ? 0.0f : x);
    };
    d[l] = one(a[l] >> 8) << 16 | one(a[l] & 255);
  });
}
void convertHalvesToFp8(Warp &warp, const Inst &inst) {
  const auto *a = warp.in<uint32_t>(inst, 1);
  auto *d = warp.out<uint16_t>(inst, 0);
  bool e4 = to(inst) == Type::E4M3x2, relu = flags(inst) & kRelu;
  lanes(warp.active, [=](unsigned l) {
    auto one = [&](uint16_t bits) -> uint16_t {
      float x = F16::up(bits);
      x = relu && x < 0 ? 0.0f : x;
      return e4 ? toE4M3(x) : toE5M2(x);
    };
    d[l] = one(a[l] >> 16) << 8 | one(a[l] & 0xffff);
  });
}

bool decodeCvt(Decoder &d, Inst &inst) {
  int whole = d.takeOne({"rni", "rzi", "rmi", "rpi"});
  int real = d.takeOne({"rn", "rna", "rz", "rm", "rp"});
  uint32_t flag = 0;
  if (d.take("ftz"))
    flag |= kFtz;
  if (d.take("sat"))
    flag |= kSat;
  if (d.take("relu"))
    flag |= kRelu;
  bool finite = d.take("satfinite");
  if (finite)
    flag |= kFinite;
  Type target = d.takeType(), source = d.takeType();
  if (target == Type::None || source == Type::None)
    return d.error("expected two types");
  static const Rounding wholeModes[] = {Rounding::Nearest, Rounding::Zero, Rounding::Down,
                                        Rounding::Up};
  Rounding mode = whole >= 0 ? wholeModes[whole] : real >= 0 ? Rounding(real) : Rounding::Nearest;
  auto encode = [&] {
    inst.a = uint32_t(source) | uint32_t(target) << 8 | uint32_t(mode) << 16 | flag << 24;
  };
  bool fp8 = target == Type::E4M3x2 || target == Type::E5M2x2;
  if (fp8 && !finite)
    return d.error("expected .satfinite");
  if ((target == Type::F16x2 || target == Type::BF16x2 || fp8) && source == Type::F32) {
    if (real < 0)
      return d.error("expected a rounding mode");
    encode();
    inst.execute = convertPair;
    return d.expect(3) && d.destination(inst, 0, fp8 ? 2 : 4) && d.source(inst, 1, 4) &&
           d.source(inst, 2, 4);
  }
  if (fp8 && source == Type::F16x2) {
    encode();
    inst.execute = convertHalvesToFp8;
    return d.expect(2) && d.destination(inst, 0, 2) && d.source(inst, 1, 4);
  }
  if (target == Type::F16x2 && (source == Type::E4M3x2 || source == Type::E5M2x2)) {
    encode();
    inst.execute = convertFromFp8;
    return d.expect(2) && d.destination(inst, 0, 4) && d.source(inst, 1, 2);
  }
  auto scalar = [](Type type) {
    return type != Type::F16x2 && type != Type::BF16x2 && type != Type::Pred &&
           type != Type::B128 && bytesOf(type) != 0 && type != Type::E4M3 && type != Type::E5M2 &&
           type != Type::E4M3x2 && type != Type::E5M2x2 && type != Type::U16x2 &&
           type != Type::S16x2 && type != Type::F32x2;
  };
  if (!scalar(target) || !scalar(source) || source == Type::TF32)
    return d.error("no such conversion");
  // What the ISA asks for: an integral rounding to an integer, a rounding where bits may be lost.
  if (isFloat(source) && !isFloat(target) && whole < 0)
    return d.error("expected .rni, .rzi, .rmi or .rpi");
  bool narrows = isFloat(target) &&
                 (!isFloat(source) || bytesOf(target) < bytesOf(source) || target == Type::TF32);
  if (narrows && real < 0 && whole < 0)
    return d.error("expected a rounding mode");
  if (whole >= 0 && isFloat(target)) {
    if (target != source)
      return d.error("an integral rounding between different floating-point types");
    flag |= kToIntegral;
  }
  encode();
  if (!d.expect(2) || !d.wide(inst, d.argument(0), bytesOf(target), true) ||
      !d.wide(inst, d.argument(1), bytesOf(source), false))
    return false;
  auto bytesAt = [&](unsigned index) {
    return d.argument(index).kind == Argument::Register ? bytesOf(d.argument(index).symbol->type)
                                                        : bytesOf(index ? source : target);
  };
  inst.execute = fastForm(source, bytesAt(1), target, bytesAt(0), mode, flag);
  if (!inst.execute)
    inst.execute = convert;
  return true;
}

} // namespace

const Opcode ptxemu::kConvertOpcodes[] = {{"cvt", decodeCvt}, {nullptr, nullptr}};
