//===- Atomics.cpp - atom and red
//---------------------------------------------------------------===//
//
// Lanes act one after the other. A kernel with atomics on global memory runs its blocks on one host
// thread, so results repeat; nothing here needs the host's atomics.
//
//===----------------------------------------------------------------------------------------------===//

#include "Half.h"
#include "Lanes.h"
#include "MemoryAccess.h"

#include <algorithm>

using namespace ptxemu;

namespace {

enum Operation : int { kAdd, kMin, kMax, kInc, kDec, kAnd, kOr, kXor, kExch, kCas };

template <class T> T integerOp(uint32_t operation, T old, T b, T c) {
  using U = std::make_unsigned_t<T>;
  switch (operation) {
  case kAdd:
    return T(U(old) + U(b));
  case kMin:
    return std::min(old, b);
  case kMax:
    return std::max(old, b);
  case kInc:
    return U(old) >= U(b) ? T(0) : T(U(old) + 1);
  case kDec:
    return old == 0 || U(old) > U(b) ? b : T(U(old) - 1);
  case kAnd:
    return old & b;
  case kOr:
    return old | b;
  case kXor:
    return old ^ b;
  case kExch:
    return b;
  default:
    return old == b ? c : old;
  }
}
template <class T> struct Integer {
  static T of(uint32_t operation, T old, T b, T c) { return integerOp(operation, old, b, c); }
};
template <class T> struct Real {
  static T of(uint32_t, T old, T b, T) { return old + b; }
};
template <class H> struct HalfSum {
  static uint16_t of(uint32_t operation, uint16_t old, uint16_t b, uint16_t) {
    float x = H::up(old), y = H::up(b);
    if (operation == kAdd)
      return H::down(x + y);
    return operation == kMin ? (y < x ? b : old) : (y > x ? b : old);
  }
};
template <class H> struct PairSum {
  static uint32_t of(uint32_t operation, uint32_t old, uint32_t b, uint32_t) {
    return HalfSum<H>::of(operation, uint16_t(old), uint16_t(b), 0) |
           uint32_t(HalfSum<H>::of(operation, uint16_t(old >> 16), uint16_t(b >> 16), 0)) << 16;
  }
};
struct Bits128 {
  using T = unsigned __int128;
  static T of(uint32_t operation, T old, T b, T c) {
    return operation == kExch ? b : old == b ? c : old;
  }
};

/// ops: [d x n,] address, b x n [, c]. inst.a: operation; b: space; c: 1 with a result;
/// table: n.
template <class T, class F> void atomic(Warp &warp, const Inst &inst) {
  const unsigned count = inst.table, address = inst.c ? count : 0;
  uint64_t addresses[32];
  uint8_t *pointers[32];
  computeAddresses(warp, inst, address, addresses);
  if (!resolve(warp, inst, Space(inst.b), warp.active, addresses, count * sizeof(T), Access::Atomic,
               pointers))
    return;
  const bool hasThird = inst.a == kCas;
  for (unsigned i = 0; i < count; ++i) {
    const T *b = warp.in<T>(inst, address + 1 + i);
    const T *c = hasThird ? warp.in<T>(inst, address + 2) : b;
    T *d = inst.c ? warp.out<T>(inst, i) : nullptr;
    for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
      unsigned l = __builtin_ctz(mask);
      T old, value;
      std::memcpy(&old, pointers[l] + i * sizeof(T), sizeof old);
      value = F::of(inst.a, old, b[l], c[l]);
      std::memcpy(pointers[l] + i * sizeof(T), &value, sizeof value);
      if (d)
        d[l] = old;
    }
  }
}

bool decodeAtomic(Decoder &d, Inst &inst) {
  const bool isRed = d.opcode() == "red";
  if (d.take("async"))
    return d.error("not supported");
  d.takeOne({"relaxed", "acquire", "release", "acq_rel"});
  d.takeOne({"cta", "cluster", "gpu", "sys"});
  Space space = Space::Generic;
  if (d.take("global"))
    space = Space::Global;
  else if (d.takeOne({"shared", "shared::cta", "shared::cluster"}) >= 0)
    space = Space::Shared;
  if (space != Space::Shared)
    d.kernel().ordered = true;
  int operation = d.takeOne({"add", "min", "max", "inc", "dec", "and", "or", "xor", "exch", "cas"});
  bool hinted = d.has("L2::cache_hint");
  d.skipPrefix("L2::");
  d.take("noftz");
  int vector = d.takeOne({"v2", "v4", "v8"});
  Type type = d.takeType();
  if (operation < 0 || (isRed && operation >= kExch))
    return d.error("expected an operation");
  const unsigned bytes = bytesOf(type), count = vector < 0 ? 1 : 2u << vector;
  if (vector >= 0 && !isFloat(type))
    return d.error("vectors are for floating-point types");
  switch (type) {
  case Type::B16:
    inst.execute = operation >= kExch ? atomic<uint16_t, Integer<uint16_t>> : nullptr;
    break;
  case Type::B32:
  case Type::U32:
    inst.execute = atomic<uint32_t, Integer<uint32_t>>;
    break;
  case Type::B64:
  case Type::U64:
    inst.execute = atomic<uint64_t, Integer<uint64_t>>;
    break;
  case Type::B128:
    inst.execute = operation >= kExch ? atomic<unsigned __int128, Bits128> : nullptr;
    break;
  case Type::S32:
    inst.execute = atomic<int32_t, Integer<int32_t>>;
    break;
  case Type::S64:
    inst.execute = atomic<int64_t, Integer<int64_t>>;
    break;
  case Type::F32:
    inst.execute = operation == kAdd ? atomic<float, Real<float>> : nullptr;
    break;
  case Type::F64:
    inst.execute = operation == kAdd ? atomic<double, Real<double>> : nullptr;
    break;
  case Type::F16:
    inst.execute = operation <= kMax ? atomic<uint16_t, HalfSum<F16>> : nullptr;
    break;
  case Type::BF16:
    inst.execute = operation <= kMax ? atomic<uint16_t, HalfSum<BF16>> : nullptr;
    break;
  case Type::F16x2:
    inst.execute = operation <= kMax ? atomic<uint32_t, PairSum<F16>> : nullptr;
    break;
  case Type::BF16x2:
    inst.execute = operation <= kMax ? atomic<uint32_t, PairSum<BF16>> : nullptr;
    break;
  default:
    break;
  }
  if (!inst.execute)
    return d.error("no form for this type");
  inst.a = operation;
  inst.b = uint32_t(space);
  inst.c = !isRed;
  inst.table = count;
  unsigned third = operation == kCas, first = isRed ? 0 : 1;
  if (!d.expect(first + 2 + third, first + 2 + third + hinted))
    return false;
  auto all = [&](unsigned index, bool isDestination) {
    const Argument &argument = d.argument(index);
    if (count == 1)
      return isDestination ? d.destination(inst, argument, bytes) : d.source(inst, argument, bytes);
    if (argument.kind != Argument::Vector || argument.parts.size() != count)
      return d.error("expected " + std::to_string(count) + " elements");
    for (const Argument &part : argument.parts)
      if (!(isDestination ? d.destination(inst, part, bytes) : d.source(inst, part, bytes)))
        return false;
    return true;
  };
  return (isRed || all(0, true)) && d.address(inst, first, space) && all(first + 1, false) &&
         (!third || d.source(inst, first + 2, bytes));
}

} // namespace

const Opcode ptxemu::kAtomicOpcodes[] = {
    {"atom", decodeAtomic}, {"red", decodeAtomic}, {nullptr, nullptr}};
