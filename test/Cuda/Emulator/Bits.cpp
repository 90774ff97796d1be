//===- Bits.cpp - logic, shifts and bit fields
//--------------------------------------------------===//

#include "Lanes.h"

#include <algorithm>

using namespace ptxemu;

namespace {

template <class T> struct And {
  static T of(T a, T b) { return a & b; }
};
template <class T> struct Or {
  static T of(T a, T b) { return a | b; }
};
template <class T> struct Xor {
  static T of(T a, T b) { return a ^ b; }
};
template <class T> struct Not {
  static T of(T a) { return ~a; }
};
template <class T> struct Cnot {
  static T of(T a) { return a == 0; }
};
// Shift amounts above the width are clamped to it.
template <class T> struct Shl {
  static T of(T a, uint32_t b) { return b >= sizeof(T) * 8 ? 0 : T(a << b); }
};
template <class T> struct Shr {
  static T of(T a, uint32_t b) {
    constexpr uint32_t bits = sizeof(T) * 8;
    if (b >= bits)
      return a < 0 ? T(-1) : T(0);
    return T(a >> b);
  }
};

enum PredicateLogic : uint32_t { kAnd, kOr, kXor, kNot };
void predicateLogic(Warp &warp, const Inst &inst) {
  uint32_t a = warp.predicate(inst, 1), b = inst.a == kNot ? 0 : warp.predicate(inst, 2);
  warp.setPredicate(inst, 0,
                    inst.a == kAnd   ? a & b
                    : inst.a == kOr  ? a | b
                    : inst.a == kXor ? a ^ b
                                     : ~a);
}

template <template <class> class F> bool logic(Decoder &d, Inst &inst, PredicateLogic which) {
  Type type = d.takeType();
  if (type == Type::Pred) {
    inst.execute = predicateLogic;
    inst.a = which;
    return plainOperands(d, inst, 2, 0);
  }
  switch (bytesOf(type)) {
  case 2:
    inst.execute = binary<uint16_t, uint16_t, uint16_t, F<uint16_t>>;
    break;
  case 4:
    inst.execute = binary<uint32_t, uint32_t, uint32_t, F<uint32_t>>;
    break;
  case 8:
    inst.execute = binary<uint64_t, uint64_t, uint64_t, F<uint64_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return plainOperands(d, inst, 2, bytesOf(type));
}
bool decodeAnd(Decoder &d, Inst &inst) { return logic<And>(d, inst, kAnd); }
bool decodeOr(Decoder &d, Inst &inst) { return logic<Or>(d, inst, kOr); }
bool decodeXor(Decoder &d, Inst &inst) { return logic<Xor>(d, inst, kXor); }

bool decodeNot(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  if (type == Type::Pred) {
    inst.execute = predicateLogic;
    inst.a = kNot;
    return plainOperands(d, inst, 1, 0);
  }
  switch (bytesOf(type)) {
  case 2:
    inst.execute = unary<uint16_t, uint16_t, Not<uint16_t>>;
    break;
  case 4:
    inst.execute = unary<uint32_t, uint32_t, Not<uint32_t>>;
    break;
  case 8:
    inst.execute = unary<uint64_t, uint64_t, Not<uint64_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return plainOperands(d, inst, 1, bytesOf(type));
}
bool decodeCnot(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  switch (bytesOf(type)) {
  case 2:
    inst.execute = unary<uint16_t, uint16_t, Cnot<uint16_t>>;
    break;
  case 4:
    inst.execute = unary<uint32_t, uint32_t, Cnot<uint32_t>>;
    break;
  case 8:
    inst.execute = unary<uint64_t, uint64_t, Cnot<uint64_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return plainOperands(d, inst, 1, bytesOf(type));
}

bool decodeShift(Decoder &d, Inst &inst) {
  bool left = d.opcode() == "shl";
  Type type = d.takeType();
  unsigned bytes = bytesOf(type);
  bool arithmetic = isSigned(type);
  switch (bytes) {
  case 2:
    inst.execute = left         ? binary<uint16_t, uint16_t, uint32_t, Shl<uint16_t>>
                   : arithmetic ? binary<int16_t, int16_t, uint32_t, Shr<int16_t>>
                                : binary<uint16_t, uint16_t, uint32_t, Shr<uint16_t>>;
    break;
  case 4:
    inst.execute = left         ? binary<uint32_t, uint32_t, uint32_t, Shl<uint32_t>>
                   : arithmetic ? binary<int32_t, int32_t, uint32_t, Shr<int32_t>>
                                : binary<uint32_t, uint32_t, uint32_t, Shr<uint32_t>>;
    break;
  case 8:
    inst.execute = left         ? binary<uint64_t, uint64_t, uint32_t, Shl<uint64_t>>
                   : arithmetic ? binary<int64_t, int64_t, uint32_t, Shr<int64_t>>
                                : binary<uint64_t, uint64_t, uint32_t, Shr<uint64_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return d.expect(3) && d.destination(inst, 0, bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, 4);
}

/// shf: the upper or lower word of the shifted pair {b, a}. a: left, b: wrap.
template <bool left, bool wrap> struct Funnel {
  static uint32_t of(uint32_t a, uint32_t b, uint32_t c) {
    uint32_t n = wrap ? c & 31 : std::min(c, 32u);
    uint64_t pair = uint64_t(b) << 32 | a;
    return left ? uint32_t((pair << n) >> 32) : uint32_t(pair >> n);
  }
};
bool decodeFunnel(Decoder &d, Inst &inst) {
  int left = d.takeOne({"l", "r"}), wrap = d.takeOne({"wrap", "clamp"});
  if (left < 0 || wrap < 0 || !d.take("b32"))
    return d.error("expected .l or .r, .wrap or .clamp, and .b32");
  inst.execute =
      left == 0
          ? (wrap == 0 ? ternary<uint32_t, uint32_t, uint32_t, uint32_t, Funnel<true, true>>
                       : ternary<uint32_t, uint32_t, uint32_t, uint32_t, Funnel<true, false>>)
          : (wrap == 0 ? ternary<uint32_t, uint32_t, uint32_t, uint32_t, Funnel<false, true>>
                       : ternary<uint32_t, uint32_t, uint32_t, uint32_t, Funnel<false, false>>);
  return plainOperands(d, inst, 3, 4);
}

void lop3(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint32_t>(inst, 0);
  auto *a = warp.in<uint32_t>(inst, 1), *b = warp.in<uint32_t>(inst, 2),
       *c = warp.in<uint32_t>(inst, 3);
  uint32_t table[8];
  for (unsigned i = 0; i < 8; ++i)
    table[i] = inst.a >> i & 1 ? ~0u : 0;
  lanes(warp.active, [=, &table](unsigned l) {
    uint32_t r = 0;
    for (unsigned i = 0; i < 8; ++i)
      r |= table[i] & (i & 4 ? a[l] : ~a[l]) & (i & 2 ? b[l] : ~b[l]) & (i & 1 ? c[l] : ~c[l]);
    d[l] = r;
  });
}
bool decodeLop3(Decoder &d, Inst &inst) {
  int64_t table;
  if (!d.take("b32") || !d.expect(5) || !d.immediate(4, table))
    return d.error("expected lop3.b32 d, a, b, c, table");
  inst.a = uint32_t(table);
  inst.execute = lop3;
  return d.destination(inst, 0, 4) && d.source(inst, 1, 4) && d.source(inst, 2, 4) &&
         d.source(inst, 3, 4);
}

struct Popc {
  static uint32_t of(uint64_t a) { return __builtin_popcountll(a); }
};
template <class T> struct Clz {
  static uint32_t of(T a) {
    return a == 0 ? sizeof(T) * 8 : __builtin_clzll(a) - (64 - sizeof(T) * 8);
  }
};
template <class T> struct Brev {
  static T of(T a) {
    T r = 0;
    for (unsigned i = 0; i < sizeof(T) * 8; ++i)
      r |= T(a >> i & 1) << (sizeof(T) * 8 - 1 - i);
    return r;
  }
};
bool decodeCount(Decoder &d, Inst &inst) {
  bool popc = d.opcode() == "popc";
  Type type = d.takeType();
  unsigned bytes = bytesOf(type);
  if (bytes != 4 && bytes != 8)
    return d.error("no form for this type");
  inst.execute =
      popc ? (bytes == 4 ? unary<uint32_t, uint32_t, Popc> : unary<uint32_t, uint64_t, Popc>)
           : (bytes == 4 ? unary<uint32_t, uint32_t, Clz<uint32_t>>
                         : unary<uint32_t, uint64_t, Clz<uint64_t>>);
  return d.expect(2) && d.destination(inst, 0, 4) && d.source(inst, 1, bytes);
}
bool decodeBrev(Decoder &d, Inst &inst) {
  unsigned bytes = bytesOf(d.takeType());
  if (bytes != 4 && bytes != 8)
    return d.error("no form for this type");
  inst.execute = bytes == 4 ? unary<uint32_t, uint32_t, Brev<uint32_t>>
                            : unary<uint64_t, uint64_t, Brev<uint64_t>>;
  return plainOperands(d, inst, 1, bytes);
}

/// bfind: position of the highest bit that is not the sign; all ones without one.
template <class T, bool shift> struct FindHighest {
  static uint32_t of(T a) {
    uint64_t bits = a < 0 ? uint64_t(~int64_t(a)) : uint64_t(a);
    if (bits == 0)
      return ~0u;
    uint32_t at = 63 - __builtin_clzll(bits);
    return shift ? sizeof(T) * 8 - 1 - at : at;
  }
};
bool decodeFind(Decoder &d, Inst &inst) {
  bool shift = d.take("shiftamt");
  Type type = d.takeType();
  switch (type) {
  case Type::U32:
    inst.execute = shift ? unary<uint32_t, uint32_t, FindHighest<uint32_t, true>>
                         : unary<uint32_t, uint32_t, FindHighest<uint32_t, false>>;
    break;
  case Type::S32:
    inst.execute = shift ? unary<uint32_t, int32_t, FindHighest<int32_t, true>>
                         : unary<uint32_t, int32_t, FindHighest<int32_t, false>>;
    break;
  case Type::U64:
    inst.execute = shift ? unary<uint32_t, uint64_t, FindHighest<uint64_t, true>>
                         : unary<uint32_t, uint64_t, FindHighest<uint64_t, false>>;
    break;
  case Type::S64:
    inst.execute = shift ? unary<uint32_t, int64_t, FindHighest<int64_t, true>>
                         : unary<uint32_t, int64_t, FindHighest<int64_t, false>>;
    break;
  default:
    return d.error("no form for this type");
  }
  return d.expect(2) && d.destination(inst, 0, 4) && d.source(inst, 1, bytesOf(type));
}

/// bfe: `length` bits from `start`, extended by the sign (of the field's last bit, or of the
/// operand's when the field ends beyond it).
template <class T> struct Extract {
  static T of(T a, uint32_t start, uint32_t length) {
    constexpr uint32_t bits = sizeof(T) * 8;
    start &= 255;
    length &= 255;
    T value = 0;
    uint32_t last = std::min(start + length - 1, bits - 1);
    T sign = length && T(-1) < 0 ? (a >> last) & 1 : 0;
    for (uint32_t i = 0; i < bits; ++i) {
      T bit = i < length && start + i < bits ? (a >> (start + i)) & 1 : sign;
      value |= T(std::make_unsigned_t<T>(bit) << i);
    }
    return value;
  }
};
template <class T> struct Insert {
  static T of(T a, T b, uint32_t start, uint32_t length) {
    constexpr uint32_t bits = sizeof(T) * 8;
    start &= 255;
    length &= 255;
    T value = b;
    for (uint32_t i = 0; i < length && start + i < bits; ++i)
      value = (value & ~(T(1) << (start + i))) | ((a >> i & 1) << (start + i));
    return value;
  }
};
bool decodeExtract(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  switch (type) {
  case Type::U32:
    inst.execute = ternary<uint32_t, uint32_t, uint32_t, uint32_t, Extract<uint32_t>>;
    break;
  case Type::S32:
    inst.execute = ternary<int32_t, int32_t, uint32_t, uint32_t, Extract<int32_t>>;
    break;
  case Type::U64:
    inst.execute = ternary<uint64_t, uint64_t, uint32_t, uint32_t, Extract<uint64_t>>;
    break;
  case Type::S64:
    inst.execute = ternary<int64_t, int64_t, uint32_t, uint32_t, Extract<int64_t>>;
    break;
  default:
    return d.error("no form for this type");
  }
  unsigned bytes = bytesOf(type);
  return d.expect(4) && d.destination(inst, 0, bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, 4) && d.source(inst, 3, 4);
}
template <class T> void insertField(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1), *b = warp.in<T>(inst, 2);
  auto *start = warp.in<uint32_t>(inst, 3), *length = warp.in<uint32_t>(inst, 4);
  lanes(warp.active, [=](unsigned l) { d[l] = Insert<T>::of(a[l], b[l], start[l], length[l]); });
}
bool decodeInsert(Decoder &d, Inst &inst) {
  unsigned bytes = bytesOf(d.takeType());
  if (bytes != 4 && bytes != 8)
    return d.error("no form for this type");
  inst.execute = bytes == 4 ? insertField<uint32_t> : insertField<uint64_t>;
  return d.expect(5) && d.destination(inst, 0, bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, bytes) && d.source(inst, 3, 4) && d.source(inst, 4, 4);
}
template <bool clamp> struct Mask {
  static uint32_t of(uint32_t a, uint32_t b) {
    a = clamp ? std::min(a, 32u) : a & 31;
    b = clamp ? std::min(b, 32u) : b & 31;
    return uint32_t(((uint64_t(1) << b) - 1) << a);
  }
};
bool decodeBmsk(Decoder &d, Inst &inst) {
  int mode = d.takeOne({"clamp", "wrap"});
  if (mode < 0 || !d.take("b32"))
    return d.error("expected .clamp or .wrap and .b32");
  inst.execute = mode == 0 ? binary<uint32_t, uint32_t, uint32_t, Mask<true>>
                           : binary<uint32_t, uint32_t, uint32_t, Mask<false>>;
  return plainOperands(d, inst, 2, 4);
}

/// prmt in its default mode; other modes become a table of selectors.
struct Permute {
  static uint32_t of(uint32_t a, uint32_t b, uint32_t c) {
    uint64_t bytes = uint64_t(b) << 32 | a;
    uint32_t result = 0;
    for (unsigned i = 0; i < 4; ++i) {
      uint32_t select = c >> 4 * i & 15;
      uint32_t byte = bytes >> 8 * (select & 7) & 255;
      if (select & 8)
        byte = byte & 128 ? 255 : 0;
      result |= byte << 8 * i;
    }
    return result;
  }
};
template <unsigned mode> struct PermuteMode {
  static uint32_t of(uint32_t a, uint32_t b, uint32_t c) {
    static const uint16_t table[6][4] = {{0x3210, 0x4321, 0x5432, 0x6543},  // f4e
                                         {0x5670, 0x6701, 0x7012, 0x0123},  // b4e
                                         {0x0000, 0x1111, 0x2222, 0x3333},  // rc8
                                         {0x3210, 0x3211, 0x3222, 0x3333},  // ecl
                                         {0x0000, 0x1110, 0x2210, 0x3210},  // ecr
                                         {0x1010, 0x3232, 0x1010, 0x3232}}; // rc16
    return Permute::of(a, b, table[mode][c & 3]);
  }
};
bool decodePermute(Decoder &d, Inst &inst) {
  if (!d.take("b32"))
    return d.error("expected .b32");
  static const Execute modes[] = {ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<0>>,
                                  ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<1>>,
                                  ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<2>>,
                                  ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<3>>,
                                  ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<4>>,
                                  ternary<uint32_t, uint32_t, uint32_t, uint32_t, PermuteMode<5>>};
  int mode = d.takeOne({"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"});
  inst.execute = mode < 0 ? ternary<uint32_t, uint32_t, uint32_t, uint32_t, Permute> : modes[mode];
  return plainOperands(d, inst, 3, 4);
}

} // namespace

const Opcode ptxemu::kBitOpcodes[] = {
    {"and", decodeAnd},      {"or", decodeOr},       {"xor", decodeXor},    {"not", decodeNot},
    {"cnot", decodeCnot},    {"shl", decodeShift},   {"shr", decodeShift},  {"shf", decodeFunnel},
    {"lop3", decodeLop3},    {"popc", decodeCount},  {"clz", decodeCount},  {"brev", decodeBrev},
    {"bfind", decodeFind},   {"bfe", decodeExtract}, {"bfi", decodeInsert}, {"bmsk", decodeBmsk},
    {"prmt", decodePermute}, {nullptr, nullptr}};
