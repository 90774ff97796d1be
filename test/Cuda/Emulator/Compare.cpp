//===- Compare.cpp - setp, set, selp, slct
//------------------------------------------------------===//

#include "Half.h"
#include "Lanes.h"

#include <cfloat>

using namespace ptxemu;

namespace {

enum Relation : uint32_t {
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kLo,
  kLs,
  kHi,
  kHs,
  kEqu,
  kNeu,
  kLtu,
  kLeu,
  kGtu,
  kGeu,
  kNum,
  kNan
};

template <class T, Relation r> inline bool holds(T a, T b) {
  switch (r) {
  case kEq:
    return a == b;
  case kNe:
    return a < b || a > b; // false for a NaN
  case kLt:
  case kLo:
    return a < b;
  case kLe:
  case kLs:
    return a <= b;
  case kGt:
  case kHi:
    return a > b;
  case kGe:
  case kHs:
    return a >= b;
  case kEqu:
    return !(a < b || a > b);
  case kNeu:
    return a != b;
  case kLtu:
    return !(a >= b);
  case kLeu:
    return !(a > b);
  case kGtu:
    return !(a <= b);
  case kGeu:
    return !(a < b);
  case kNum:
    return a == a && b == b;
  case kNan:
    return a != a || b != b;
  }
  return false;
}

template <class T, Relation r> uint32_t compareAll(const void *left, const void *right) {
  auto *a = static_cast<const T *>(left), *b = static_cast<const T *>(right);
  // Two loops: the first is vectorised.
  uint8_t flags[32];
  for (unsigned l = 0; l < 32; ++l)
    flags[l] = holds<T, r>(a[l], b[l]);
  uint32_t bits = 0;
  for (unsigned i = 0; i < 4; ++i) {
    uint64_t eight;
    std::memcpy(&eight, flags + 8 * i, 8);
    bits |= uint32_t((eight * 0x0102040810204080ull) >> 56) << 8 * i;
  }
  return bits;
}

using CompareAll = uint32_t (*)(const void *, const void *);
template <class T> CompareAll relationOf(uint32_t r) {
  static const CompareAll table[] = {compareAll<T, kEq>,  compareAll<T, kNe>,  compareAll<T, kLt>,
                                     compareAll<T, kLe>,  compareAll<T, kGt>,  compareAll<T, kGe>,
                                     compareAll<T, kLo>,  compareAll<T, kLs>,  compareAll<T, kHi>,
                                     compareAll<T, kHs>,  compareAll<T, kEqu>, compareAll<T, kNeu>,
                                     compareAll<T, kLtu>, compareAll<T, kLeu>, compareAll<T, kGtu>,
                                     compareAll<T, kGeu>, compareAll<T, kNum>, compareAll<T, kNan>};
  return table[r];
}

/// Type, relation and flags of a comparison, packed into inst.a: bits 0-7 type, 8-15 relation,
/// 16-17 boolean operation (0 none, 1 and, 2 or, 3 xor), 18 ftz.
uint32_t evaluate(Warp &warp, const Inst &inst, const Operand &left, const Operand &right,
                  unsigned half) {
  const uint8_t *a = warp.banks[left.bank] + left.offset,
                *b = warp.banks[right.bank] + right.offset;
  Type type = Type(inst.a & 255);
  uint32_t relation = inst.a >> 8 & 255;
  bool ftz = inst.a >> 18 & 1;
  float x[32], y[32];
  switch (type) {
  case Type::B16:
  case Type::U16:
    return relationOf<uint16_t>(relation)(a, b);
  case Type::S16:
    return relationOf<int16_t>(relation)(a, b);
  case Type::B32:
  case Type::U32:
    return relationOf<uint32_t>(relation)(a, b);
  case Type::S32:
    return relationOf<int32_t>(relation)(a, b);
  case Type::B64:
  case Type::U64:
    return relationOf<uint64_t>(relation)(a, b);
  case Type::S64:
    return relationOf<int64_t>(relation)(a, b);
  case Type::F64:
    return relationOf<double>(relation)(a, b);
  case Type::F32:
    if (!ftz)
      return relationOf<float>(relation)(a, b);
    for (unsigned l = 0; l < 32; ++l) {
      auto flush = [](float v) { return std::fabs(v) < FLT_MIN ? 0.0f : v; };
      x[l] = flush(reinterpret_cast<const float *>(a)[l]);
      y[l] = flush(reinterpret_cast<const float *>(b)[l]);
    }
    return relationOf<float>(relation)(x, y);
  default: {
    bool isF16 = type == Type::F16 || type == Type::F16x2;
    bool pair = type == Type::F16x2 || type == Type::BF16x2;
    auto *p = reinterpret_cast<const uint16_t *>(a), *q = reinterpret_cast<const uint16_t *>(b);
    for (unsigned l = 0; l < 32; ++l) {
      unsigned at = pair ? 2 * l + half : l;
      x[l] = isF16 ? F16::up(p[at]) : BF16::up(p[at]);
      y[l] = isF16 ? F16::up(q[at]) : BF16::up(q[at]);
      if (ftz && isF16) {
        x[l] = std::fabs(x[l]) < 0x1p-14f ? 0.0f : x[l];
        y[l] = std::fabs(y[l]) < 0x1p-14f ? 0.0f : y[l];
      }
    }
    return relationOf<float>(relation)(x, y);
  }
  }
}

uint32_t combine(uint32_t operation, uint32_t value, uint32_t other) {
  switch (operation) {
  case 1:
    return value & other;
  case 2:
    return value | other;
  case 3:
    return value ^ other;
  default:
    return value;
  }
}

/// setp: ops 0 p, 1 q (or the sink), 2 a, 3 b, 4 c (a predicate; when there is an operation).
void setp(Warp &warp, const Inst &inst) {
  uint32_t value = evaluate(warp, inst, inst.ops[2], inst.ops[3], 0);
  uint32_t operation = inst.a >> 16 & 3;
  uint32_t other = operation ? warp.predicate(inst, 4) : 0;
  bool pair = Type(inst.a & 255) == Type::F16x2 || Type(inst.a & 255) == Type::BF16x2;
  uint32_t second = pair ? evaluate(warp, inst, inst.ops[2], inst.ops[3], 1) : ~value;
  warp.setPredicate(inst, 0, combine(operation, value, other));
  warp.setPredicate(inst, 1, combine(operation, second, other));
}

/// The relation by its position in the list, or an error.
bool relation(Decoder &d, Inst &inst) {
  int r = d.takeOne({"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu",
                     "ltu", "leu", "gtu", "geu", "num", "nan"});
  int operation = d.takeOne({"and", "or", "xor"});
  bool ftz = d.take("ftz");
  if (r < 0)
    return d.error("expected a comparison");
  inst.a = uint32_t(r) << 8 | uint32_t(operation + 1) << 16 | uint32_t(ftz) << 18;
  return true;
}

bool decodeSetp(Decoder &d, Inst &inst) {
  if (!relation(d, inst) || !d.expect(3, 4))
    return false;
  Type type = d.takeType();
  unsigned bytes = bytesOf(type);
  if (type == Type::None || bytes < 2)
    return d.error("no form for this type");
  inst.a |= uint32_t(type);
  inst.execute = setp;
  const Argument &target = d.argument(0);
  Argument sink;
  sink.kind = Argument::Sink;
  bool combines = inst.a >> 16 & 3;
  return d.expect(combines ? 4 : 3) && d.destination(inst, target, 0) &&
         d.destination(inst, target.second ? *target.second : sink, 0) &&
         d.source(inst, 1, bytes) && d.source(inst, 2, bytes) &&
         (!combines || d.source(inst, 3, 0));
}

/// set: ops 0 d, 1 a, 2 b, 3 c. inst.b: the type of d.
void set(Warp &warp, const Inst &inst) {
  Type type = Type(inst.a & 255), to = Type(inst.b);
  uint32_t operation = inst.a >> 16 & 3, other = operation ? warp.predicate(inst, 3) : 0;
  uint32_t value = combine(operation, evaluate(warp, inst, inst.ops[1], inst.ops[2], 0), other);
  bool pair = type == Type::F16x2 || type == Type::BF16x2;
  uint32_t second =
      pair ? combine(operation, evaluate(warp, inst, inst.ops[1], inst.ops[2], 1), other) : 0;
  auto *d32 = warp.out<uint32_t>(inst, 0);
  auto *d16 = warp.out<uint16_t>(inst, 0);
  uint32_t one = to == Type::F32                          ? 0x3f800000u
                 : to == Type::F16 || to == Type::F16x2   ? 0x3c00u
                 : to == Type::BF16 || to == Type::BF16x2 ? 0x3f80u
                 : pair || bytesOf(to) == 2               ? 0xffffu
                                                          : ~0u;
  lanes(warp.active, [=](unsigned l) {
    uint32_t r = value >> l & 1 ? one : 0;
    if (pair)
      r |= (second >> l & 1 ? one : 0) << 16;
    if (bytesOf(to) == 2)
      d16[l] = r;
    else
      d32[l] = r;
  });
}
bool decodeSet(Decoder &d, Inst &inst) {
  if (!relation(d, inst))
    return false;
  Type to = d.takeType(), type = d.takeType();
  if (to == Type::None || type == Type::None || (bytesOf(to) != 4 && bytesOf(to) != 2))
    return d.error("no form for these types");
  inst.a |= uint32_t(type);
  inst.b = uint32_t(to);
  inst.execute = set;
  bool combines = inst.a >> 16 & 3;
  return d.expect(combines ? 4 : 3) && d.destination(inst, 0, bytesOf(to)) &&
         d.source(inst, 1, bytesOf(type)) && d.source(inst, 2, bytesOf(type)) &&
         (!combines || d.source(inst, 3, 0));
}

template <class T> void select(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1), *b = warp.in<T>(inst, 2);
  uint32_t p = warp.predicate(inst, 3);
  lanes(warp.active,
        [=](unsigned l) __attribute__((always_inline)) { d[l] = p >> l & 1 ? a[l] : b[l]; });
}
bool decodeSelp(Decoder &d, Inst &inst) {
  unsigned bytes = bytesOf(d.takeType());
  switch (bytes) {
  case 2:
    inst.execute = select<uint16_t>;
    break;
  case 4:
    inst.execute = select<uint32_t>;
    break;
  case 8:
    inst.execute = select<uint64_t>;
    break;
  default:
    return d.error("no form for this type");
  }
  return d.expect(4) && d.destination(inst, 0, bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, bytes) && d.source(inst, 3, 0);
}

template <class T, class C> void selectBySign(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1), *b = warp.in<T>(inst, 2);
  const C *c = warp.in<C>(inst, 3);
  lanes(warp.active, [=](unsigned l) { d[l] = c[l] >= 0 ? a[l] : b[l]; });
}
bool decodeSlct(Decoder &d, Inst &inst) {
  d.take("ftz");
  unsigned bytes = bytesOf(d.takeType());
  Type by = d.takeType();
  bool real = by == Type::F32;
  if (!real && by != Type::S32)
    return d.error("no form for this type");
  switch (bytes) {
  case 2:
    inst.execute = real ? selectBySign<uint16_t, float> : selectBySign<uint16_t, int32_t>;
    break;
  case 4:
    inst.execute = real ? selectBySign<uint32_t, float> : selectBySign<uint32_t, int32_t>;
    break;
  case 8:
    inst.execute = real ? selectBySign<uint64_t, float> : selectBySign<uint64_t, int32_t>;
    break;
  default:
    return d.error("no form for this type");
  }
  return d.expect(4) && d.destination(inst, 0, bytes) && d.source(inst, 1, bytes) &&
         d.source(inst, 2, bytes) && d.source(inst, 3, 4);
}

} // namespace

const Opcode ptxemu::kCompareOpcodes[] = {{"setp", decodeSetp},
                                          {"set", decodeSet},
                                          {"selp", decodeSelp},
                                          {"slct", decodeSlct},
                                          {nullptr, nullptr}};
