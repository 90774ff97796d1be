//===- Integer.cpp - integer arithmetic
//---------------------------------------------------------===//

#include "Lanes.h"

#include <algorithm>
#include <type_traits>

using namespace ptxemu;

namespace {

template <class T> using Unsigned = std::make_unsigned_t<T>;
template <class T> struct Wider;
template <> struct Wider<uint16_t> {
  using type = uint32_t;
};
template <> struct Wider<int16_t> {
  using type = int32_t;
};
template <> struct Wider<uint32_t> {
  using type = uint64_t;
};
template <> struct Wider<int32_t> {
  using type = int64_t;
};
template <> struct Wider<uint64_t> {
  using type = unsigned __int128;
};
template <> struct Wider<int64_t> {
  using type = __int128;
};
template <class T> using Twice = typename Wider<T>::type;

template <class T> struct Add {
  static T of(T a, T b) { return Unsigned<T>(a) + Unsigned<T>(b); }
};
template <class T> struct Sub {
  static T of(T a, T b) { return Unsigned<T>(a) - Unsigned<T>(b); }
};
// 16 bits would be promoted to int, whose overflow is undefined.
template <class T> struct MulLow {
  static T of(T a, T b) { return T(uint64_t(Unsigned<T>(a)) * uint64_t(Unsigned<T>(b))); }
};
template <class T> struct MulHigh {
  static T of(T a, T b) { return T((Twice<T>(a) * Twice<T>(b)) >> (sizeof(T) * 8)); }
};
template <class T> struct MulWide {
  static Twice<T> of(T a, T b) { return Twice<T>(a) * Twice<T>(b); }
};
template <class T> struct MadLow {
  static T of(T a, T b, T c) { return Add<T>::of(MulLow<T>::of(a, b), c); }
};
template <class T> struct MadHigh {
  static T of(T a, T b, T c) { return Add<T>::of(MulHigh<T>::of(a, b), c); }
};
template <class T> struct MadWide {
  static Twice<T> of(T a, T b, Twice<T> c) {
    return Unsigned<Twice<T>>(Twice<T>(a) * Twice<T>(b)) + Unsigned<Twice<T>>(c);
  }
};
template <class T> T extend24(T value) { return T(Unsigned<T>(value) << 8) >> 8; }
template <class T> struct Mul24 {
  static T of(T a, T b) { return T(Twice<T>(extend24(a)) * Twice<T>(extend24(b))); }
};
template <class T> struct Mad24 {
  static T of(T a, T b, T c) { return Add<T>::of(Mul24<T>::of(a, b), c); }
};
template <class T> struct Div {
  // What the hardware does for a zero divisor is not specified: all ones here.
  static T of(T a, T b) {
    if (b == 0)
      return T(-1);
    if (std::is_signed_v<T> && b == T(-1))
      return Sub<T>::of(0, a);
    return T(a / b);
  }
};
template <class T> struct Rem {
  static T of(T a, T b) {
    if (b == 0)
      return a;
    if (std::is_signed_v<T> && b == T(-1))
      return 0;
    return T(a % b);
  }
};
template <class T> struct Min {
  static T of(T a, T b) { return a < b ? a : b; }
};
template <class T> struct Max {
  static T of(T a, T b) { return a > b ? a : b; }
};
template <class T> struct Abs {
  static T of(T a) { return a < 0 ? Sub<T>::of(0, a) : a; }
};
template <class T> struct Neg {
  static T of(T a) { return Sub<T>::of(0, a); }
};
template <class T> struct Sad {
  static T of(T a, T b, T c) { return Add<T>::of(c, a < b ? Sub<T>::of(b, a) : Sub<T>::of(a, b)); }
};
struct AddSat {
  static int32_t of(int32_t a, int32_t b) {
    return std::clamp<int64_t>(int64_t(a) + b, INT32_MIN, INT32_MAX);
  }
};
struct SubSat {
  static int32_t of(int32_t a, int32_t b) {
    return std::clamp<int64_t>(int64_t(a) - b, INT32_MIN, INT32_MAX);
  }
};
struct MadHighSat {
  static int32_t of(int32_t a, int32_t b, int32_t c) {
    return AddSat::of(MulHigh<int32_t>::of(a, b), c);
  }
};
/// Two 16-bit halves of a word.
template <template <class> class F, class T> struct Halves {
  static uint32_t of(uint32_t a, uint32_t b) {
    return uint16_t(F<T>::of(T(a), T(b))) | uint32_t(uint16_t(F<T>::of(T(a >> 16), T(b >> 16))))
                                                << 16;
  }
};

template <template <class> class F> Execute binaryOf(Type type) {
  switch (type) {
  case Type::U16:
    return binary<uint16_t, uint16_t, uint16_t, F<uint16_t>>;
  case Type::S16:
    return binary<int16_t, int16_t, int16_t, F<int16_t>>;
  case Type::U32:
    return binary<uint32_t, uint32_t, uint32_t, F<uint32_t>>;
  case Type::S32:
    return binary<int32_t, int32_t, int32_t, F<int32_t>>;
  case Type::U64:
    return binary<uint64_t, uint64_t, uint64_t, F<uint64_t>>;
  case Type::S64:
    return binary<int64_t, int64_t, int64_t, F<int64_t>>;
  default:
    return nullptr;
  }
}
template <template <class> class F> Execute halvesOf(Type type) {
  if (type == Type::U16x2)
    return binary<uint32_t, uint32_t, uint32_t, Halves<F, uint16_t>>;
  if (type == Type::S16x2)
    return binary<uint32_t, uint32_t, uint32_t, Halves<F, int16_t>>;
  return binaryOf<F>(type);
}
template <template <class> class F> Execute ternaryOf(Type type) {
  switch (type) {
  case Type::U16:
    return ternary<uint16_t, uint16_t, uint16_t, uint16_t, F<uint16_t>>;
  case Type::S16:
    return ternary<int16_t, int16_t, int16_t, int16_t, F<int16_t>>;
  case Type::U32:
    return ternary<uint32_t, uint32_t, uint32_t, uint32_t, F<uint32_t>>;
  case Type::S32:
    return ternary<int32_t, int32_t, int32_t, int32_t, F<int32_t>>;
  case Type::U64:
    return ternary<uint64_t, uint64_t, uint64_t, uint64_t, F<uint64_t>>;
  case Type::S64:
    return ternary<int64_t, int64_t, int64_t, int64_t, F<int64_t>>;
  default:
    return nullptr;
  }
}
template <template <class> class F> Execute signedOf(Type type) {
  switch (type) {
  case Type::S16:
    return unary<int16_t, int16_t, F<int16_t>>;
  case Type::S32:
    return unary<int32_t, int32_t, F<int32_t>>;
  case Type::S64:
    return unary<int64_t, int64_t, F<int64_t>>;
  default:
    return nullptr;
  }
}

bool finish(Decoder &d, Inst &inst, Execute execute, Type type, unsigned sources) {
  inst.execute = execute;
  if (!execute)
    return d.error("no form for this type");
  return plainOperands(d, inst, sources, bytesOf(type));
}

//===-- carries
//-----------------------------------------------------------------------------------===//
// The carry flag is a hidden predicate of the function: symbol "%cc" would be its name.

template <class T, bool subtract> void carryOp(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1), *b = warp.in<T>(inst, 2);
  auto *flag = warp.out<uint32_t>(inst, 3);
  const bool takes = inst.a, gives = inst.b;
  uint32_t in = *flag, outBits = 0;
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    T carry = takes ? in >> l & 1 : 0;
    // Subtraction borrows: the flag is the borrow.
    T partial, full;
    bool first, second;
    if (subtract) {
      first = __builtin_sub_overflow(a[l], b[l], &partial);
      second = __builtin_sub_overflow(partial, carry, &full);
    } else {
      first = __builtin_add_overflow(a[l], b[l], &partial);
      second = __builtin_add_overflow(partial, carry, &full);
    }
    d[l] = full;
    outBits |= uint32_t(first || second) << l;
  }
  if (gives)
    *flag = (in & ~warp.active) | outBits;
}

template <class T, bool high> void madCarry(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1), *b = warp.in<T>(inst, 2), *c = warp.in<T>(inst, 3);
  auto *flag = warp.out<uint32_t>(inst, 4);
  uint32_t in = *flag, outBits = 0;
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    T product = high ? MulHigh<T>::of(a[l], b[l]) : MulLow<T>::of(a[l], b[l]), partial, full;
    bool first = __builtin_add_overflow(product, c[l], &partial);
    bool second = __builtin_add_overflow(partial, T(inst.a ? in >> l & 1 : 0), &full);
    d[l] = full;
    outBits |= uint32_t(first || second) << l;
  }
  if (inst.b)
    *flag = (in & ~warp.active) | outBits;
}

bool carry(Decoder &d, Inst &inst, bool takes, bool subtract) {
  inst.a = takes;
  inst.b = d.take("cc");
  Type type = d.takeType();
  unsigned bytes = bytesOf(type);
  if (bytes != 4 && bytes != 8)
    return d.error("no form for this type");
  inst.execute = bytes == 4 ? (subtract ? carryOp<uint32_t, true> : carryOp<uint32_t, false>)
                            : (subtract ? carryOp<uint64_t, true> : carryOp<uint64_t, false>);
  return plainOperands(d, inst, 2, bytes) && d.carryFlag(inst);
}

//===-- decoders
//----------------------------------------------------------------------------------===//

bool decodeAdd(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  if (d.has("cc"))
    return carry(d, inst, false, false);
  bool saturates = d.take("sat");
  Type type = d.takeType();
  if (saturates)
    return finish(d, inst, type == Type::S32 ? binary<int32_t, int32_t, int32_t, AddSat> : nullptr,
                  type, 2);
  return finish(d, inst, halvesOf<Add>(type), type, 2);
}
bool decodeSub(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  if (d.has("cc"))
    return carry(d, inst, false, true);
  bool saturates = d.take("sat");
  Type type = d.takeType();
  if (saturates)
    return finish(d, inst, type == Type::S32 ? binary<int32_t, int32_t, int32_t, SubSat> : nullptr,
                  type, 2);
  return finish(d, inst, binaryOf<Sub>(type), type, 2);
}
bool decodeAddc(Decoder &d, Inst &inst) { return carry(d, inst, true, false); }
bool decodeSubc(Decoder &d, Inst &inst) { return carry(d, inst, true, true); }

bool decodeMul(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  int part = d.takeOne({"lo", "hi", "wide"});
  Type type = d.takeType();
  if (part == 0)
    return finish(d, inst, binaryOf<MulLow>(type), type, 2);
  if (part == 1)
    return finish(d, inst, binaryOf<MulHigh>(type), type, 2);
  if (part != 2)
    return d.error("expected .lo, .hi or .wide");
  switch (type) {
  case Type::U16:
    inst.execute = binary<uint32_t, uint16_t, uint16_t, MulWide<uint16_t>>;
    break;
  case Type::S16:
    inst.execute = binary<int32_t, int16_t, int16_t, MulWide<int16_t>>;
    break;
  case Type::U32:
    inst.execute = binary<uint64_t, uint32_t, uint32_t, MulWide<uint32_t>>;
    break;
  case Type::S32:
    inst.execute = binary<int64_t, int32_t, int32_t, MulWide<int32_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  unsigned bytes = bytesOf(type);
  return d.expect(3) && d.destination(inst, 0, 2 * bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, bytes);
}

bool decodeMad(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  int part = d.takeOne({"lo", "hi", "wide"});
  bool carries = d.take("cc"), saturates = d.take("sat");
  Type type = d.takeType();
  unsigned bytes = bytesOf(type);
  bool takes = d.opcode() == "madc";
  if (carries || takes) {
    inst.a = takes;
    inst.b = carries;
    if (part < 0 || part > 1 || saturates)
      return d.error("no such form");
    switch (type) {
    case Type::U32:
      inst.execute = part ? madCarry<uint32_t, true> : madCarry<uint32_t, false>;
      break;
    case Type::U64:
      inst.execute = part ? madCarry<uint64_t, true> : madCarry<uint64_t, false>;
      break;
    case Type::S32: // the product differs in its high part only
      inst.execute = part ? nullptr : madCarry<uint32_t, false>;
      break;
    case Type::S64:
      inst.execute = part ? nullptr : madCarry<uint64_t, false>;
      break;
    default:
      break;
    }
    return finish(d, inst, inst.execute, type, 3) && d.carryFlag(inst);
  }
  if (saturates)
    return finish(d, inst,
                  part == 1 && type == Type::S32
                      ? ternary<int32_t, int32_t, int32_t, int32_t, MadHighSat>
                      : nullptr,
                  type, 3);
  if (part == 0)
    return finish(d, inst, ternaryOf<MadLow>(type), type, 3);
  if (part == 1)
    return finish(d, inst, ternaryOf<MadHigh>(type), type, 3);
  if (part != 2)
    return d.error("expected .lo, .hi or .wide");
  switch (type) {
  case Type::U16:
    inst.execute = ternary<uint32_t, uint16_t, uint16_t, uint32_t, MadWide<uint16_t>>;
    break;
  case Type::S16:
    inst.execute = ternary<int32_t, int16_t, int16_t, int32_t, MadWide<int16_t>>;
    break;
  case Type::U32:
    inst.execute = ternary<uint64_t, uint32_t, uint32_t, uint64_t, MadWide<uint32_t>>;
    break;
  case Type::S32:
    inst.execute = ternary<int64_t, int32_t, int32_t, int64_t, MadWide<int32_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return d.expect(4) && d.destination(inst, 0, 2 * bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, bytes) && d.source(inst, 3, 2 * bytes);
}

bool decodeMul24(Decoder &d, Inst &inst) {
  bool mad = d.opcode() == "mad24";
  if (!d.take("lo"))
    return d.error("only .lo is supported");
  Type type = d.takeType();
  bool isSignedType = type == Type::S32;
  if (!isSignedType && type != Type::U32)
    return d.error("no form for this type");
  if (mad)
    inst.execute = isSignedType ? ternary<int32_t, int32_t, int32_t, int32_t, Mad24<int32_t>>
                                : ternary<uint32_t, uint32_t, uint32_t, uint32_t, Mad24<uint32_t>>;
  else
    inst.execute = isSignedType ? binary<int32_t, int32_t, int32_t, Mul24<int32_t>>
                                : binary<uint32_t, uint32_t, uint32_t, Mul24<uint32_t>>;
  return plainOperands(d, inst, mad ? 3 : 2, 4);
}

bool decodeDiv(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  Type type = d.takeType();
  return finish(d, inst, binaryOf<Div>(type), type, 2);
}
bool decodeRem(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  return finish(d, inst, binaryOf<Rem>(type), type, 2);
}
bool decodeMin(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  Type type = d.takeType();
  return finish(d, inst, halvesOf<Min>(type), type, 2);
}
bool decodeMax(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  Type type = d.takeType();
  return finish(d, inst, halvesOf<Max>(type), type, 2);
}
bool decodeAbs(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  Type type = d.takeType();
  return finish(d, inst, signedOf<Abs>(type), type, 1);
}
bool decodeNeg(Decoder &d, Inst &inst) {
  if (isFloat(d.type()))
    return decodeFloatArithmetic(d, inst);
  Type type = d.takeType();
  return finish(d, inst, signedOf<Neg>(type), type, 1);
}
bool decodeSad(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  return finish(d, inst, ternaryOf<Sad>(type), type, 3);
}

//===-- dot products
//------------------------------------------------------------------------------===//

template <class A, class B> void dp4a(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint32_t>(inst, 0);
  auto *a = warp.in<uint32_t>(inst, 1), *b = warp.in<uint32_t>(inst, 2),
       *c = warp.in<uint32_t>(inst, 3);
  lanes(warp.active, [=](unsigned l) {
    uint32_t sum = c[l];
    for (unsigned i = 0; i < 32; i += 8)
      sum += uint32_t(int32_t(A(a[l] >> i)) * int32_t(B(b[l] >> i)));
    d[l] = sum;
  });
}
template <class A, class B> void dp2a(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint32_t>(inst, 0);
  auto *a = warp.in<uint32_t>(inst, 1), *b = warp.in<uint32_t>(inst, 2),
       *c = warp.in<uint32_t>(inst, 3);
  unsigned high = inst.a ? 16 : 0;
  lanes(warp.active, [=](unsigned l) {
    uint32_t sum = c[l];
    for (unsigned i = 0; i < 2; ++i)
      sum += uint32_t(int32_t(A(a[l] >> 16 * i)) * int32_t(B(b[l] >> (high + 8 * i))));
    d[l] = sum;
  });
}
bool decodeDot(Decoder &d, Inst &inst) {
  bool four = d.opcode() == "dp4a";
  int half = four ? 0 : d.takeOne({"lo", "hi"});
  if (half < 0)
    return d.error("expected .lo or .hi");
  inst.a = half;
  bool a = d.takeType() == Type::S32, b = d.takeType() == Type::S32;
  if (four)
    inst.execute = a ? (b ? dp4a<int8_t, int8_t> : dp4a<int8_t, uint8_t>)
                     : (b ? dp4a<uint8_t, int8_t> : dp4a<uint8_t, uint8_t>);
  else
    inst.execute = a ? (b ? dp2a<int16_t, int8_t> : dp2a<int16_t, uint8_t>)
                     : (b ? dp2a<uint16_t, int8_t> : dp2a<uint16_t, uint8_t>);
  return plainOperands(d, inst, 3, 4);
}

} // namespace

const Opcode ptxemu::kIntegerOpcodes[] = {
    {"add", decodeAdd},     {"sub", decodeSub},  {"addc", decodeAddc}, {"subc", decodeSubc},
    {"mul", decodeMul},     {"mad", decodeMad},  {"madc", decodeMad},  {"mul24", decodeMul24},
    {"mad24", decodeMul24}, {"div", decodeDiv},  {"rem", decodeRem},   {"min", decodeMin},
    {"max", decodeMax},     {"abs", decodeAbs},  {"neg", decodeNeg},   {"sad", decodeSad},
    {"dp4a", decodeDot},    {"dp2a", decodeDot}, {nullptr, nullptr}};
