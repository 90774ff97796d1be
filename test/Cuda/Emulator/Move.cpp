//===- Move.cpp - mov, packing, addresses of state spaces
//---------------------------------------===//

#include "Lanes.h"

using namespace ptxemu;

namespace {

template <class T> void move(Warp &warp, const Inst &inst) {
  T *d = warp.out<T>(inst, 0);
  const T *a = warp.in<T>(inst, 1);
  lanes(warp.active, [=](unsigned l) __attribute__((always_inline)) { d[l] = a[l]; });
}
struct Wide {
  uint64_t low, high;
};
void movePredicate(Warp &warp, const Inst &inst) {
  warp.setPredicate(inst, 0, warp.predicate(inst, 1));
}
Execute moveOf(unsigned bytes) {
  switch (bytes) {
  case 0:
    return movePredicate;
  case 2:
    return move<uint16_t>;
  case 4:
    return move<uint32_t>;
  case 8:
    return move<uint64_t>;
  case 16:
    return move<Wide>;
  default:
    return nullptr;
  }
}

/// op 0 = the parts, the first in the lowest bits. inst.a: bytes of a part.
template <unsigned part, unsigned count> void pack(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint8_t>(inst, 0);
  const uint8_t *parts[count];
  for (unsigned i = 0; i < count; ++i)
    parts[i] = warp.in<uint8_t>(inst, 1 + i);
  // A part may be the destination's own register in no program: widths differ.
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    for (unsigned i = 0; i < count; ++i)
      std::memcpy(d + l * part * count + i * part, parts[i] + l * part, part);
  }
}
template <unsigned part, unsigned count> void unpack(Warp &warp, const Inst &inst) {
  const auto *a = warp.in<uint8_t>(inst, count);
  uint8_t *parts[count];
  for (unsigned i = 0; i < count; ++i)
    parts[i] = warp.out<uint8_t>(inst, i);
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    for (unsigned i = 0; i < count; ++i)
      std::memcpy(parts[i] + l * part, a + l * part * count + i * part, part);
  }
}

/// d = frame's local base + inst.imm.
void localAddress(Warp &warp, const Inst &inst) {
  const auto *base = warp.in<uint64_t>(inst, 1);
  auto *d64 = warp.out<uint64_t>(inst, 0);
  auto *d32 = warp.out<uint32_t>(inst, 0);
  bool wide = inst.ops[0].bytes == 8;
  lanes(warp.active, [=](unsigned l) {
    uint64_t value = base[l] + uint64_t(inst.imm);
    if (wide)
      d64[l] = value;
    else
      d32[l] = uint32_t(value);
  });
}

/// A clock that counts instructions of the block, so that runs repeat. inst.a: shift.
void clockValue(Warp &warp, const Inst &inst) {
  uint64_t value = (warp.block->counters.instructions + ++warp.block->generation) >> inst.a;
  auto *d64 = warp.out<uint64_t>(inst, 0);
  auto *d32 = warp.out<uint32_t>(inst, 0);
  bool wide = inst.ops[0].bytes == 8;
  lanes(warp.active, [=](unsigned l) {
    if (wide)
      d64[l] = value;
    else
      d32[l] = uint32_t(value);
  });
}

bool decodeMov(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  if (type == Type::None || !d.expect(2))
    return d.error("expected a type and two operands");
  unsigned bytes = bytesOf(type);
  const Argument &to = d.argument(0), &from = d.argument(1);
  if (to.kind == Argument::Vector || from.kind == Argument::Vector) {
    bool packs = from.kind == Argument::Vector;
    const Argument &vector = packs ? from : to;
    unsigned count = vector.parts.size();
    if ((count != 2 && count != 4) || bytes % count)
      return d.error("cannot pack " + std::to_string(count) + " parts");
    unsigned part = bytes / count;
    switch (part * 8 + count) {
    case 2 * 8 + 2:
      inst.execute = packs ? pack<2, 2> : unpack<2, 2>;
      break;
    case 4 * 8 + 2:
      inst.execute = packs ? pack<4, 2> : unpack<4, 2>;
      break;
    case 8 * 8 + 2:
      inst.execute = packs ? pack<8, 2> : unpack<8, 2>;
      break;
    case 2 * 8 + 4:
      inst.execute = packs ? pack<2, 4> : unpack<2, 4>;
      break;
    case 4 * 8 + 4:
      inst.execute = packs ? pack<4, 4> : unpack<4, 4>;
      break;
    default:
      return d.error("parts of " + std::to_string(part) + " bytes are not supported");
    }
    if (packs && !d.destination(inst, 0, bytes))
      return false;
    for (const Argument &element : vector.parts)
      if (!(packs ? d.source(inst, element, part) : d.destination(inst, element, part)))
        return false;
    return packs || d.source(inst, 1, bytes);
  }
  if (from.kind == Argument::Name) {
    if (from.text == "%clock" || from.text == "%clock64" || from.text == "%globaltimer" ||
        from.text == "%globaltimer_lo" || from.text == "%clock_hi") {
      inst.execute = clockValue;
      inst.a = from.text == "%clock_hi" ? 32 : 0;
      return (bytes == 4 || bytes == 8) && d.destination(inst, 0, bytes);
    }
    if (!from.symbol)
      return d.error("unknown name '" + std::string(from.text) + "'");
    if (from.symbol->kind == Symbol::Local) {
      inst.execute = localAddress;
      inst.imm = int64_t(from.symbol->value + from.bits);
      return (bytes == 4 || bytes == 8) && d.destination(inst, 0, bytes) && d.frameBase(inst);
    }
    if (from.symbol->kind == Symbol::KernelParameter) {
      inst.execute = moveOf(bytes);
      if (!d.destination(inst, 0, bytes))
        return false;
      d.constant(inst, from.symbol->value + from.bits, bytes);
      return true;
    }
  }
  inst.execute = moveOf(bytes);
  if (!inst.execute)
    return d.error("no form for this type");
  return d.destination(inst, 0, bytes) && d.source(inst, 1, bytes);
}

//===-- generic addresses
//-------------------------------------------------------------------------===//

uint64_t windowOf(Space space) {
  switch (space) {
  case Space::Shared:
    return kSharedWindow;
  case Space::Local:
    return kLocalWindow;
  case Space::Param:
    return kParamWindow;
  default:
    return 0;
  }
}

/// d = a + inst.imm.
void addWindow(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint64_t>(inst, 0);
  const auto *a = warp.in<uint64_t>(inst, 1);
  uint64_t add = uint64_t(inst.imm);
  lanes(warp.active, [=](unsigned l) __attribute__((always_inline)) { d[l] = a[l] + add; });
}

bool takeSpace(Decoder &d, Space &space) {
  int which =
      d.takeOne({"global", "shared", "local", "const", "param", "param::entry", "shared::cta"});
  static const Space spaces[] = {Space::Global, Space::Shared, Space::Local, Space::Const,
                                 Space::Param,  Space::Param,  Space::Shared};
  if (which >= 0)
    space = spaces[which];
  return space != Space::Generic;
}

bool decodeCvta(Decoder &d, Inst &inst) {
  bool to = d.take("to");
  Space space = Space::Generic;
  if (!takeSpace(d, space) || bytesOf(d.takeType()) != 8 || !d.expect(2))
    return d.error("expected a state space and .u64");
  inst.imm = int64_t(to ? -windowOf(space) : windowOf(space));
  const Argument &from = d.argument(1);
  if (from.kind == Argument::Name && from.symbol && from.symbol->kind == Symbol::Local) {
    inst.execute = localAddress;
    inst.imm += int64_t(from.symbol->value + from.bits);
    return d.destination(inst, 0, 8) && d.frameBase(inst);
  }
  inst.execute = addWindow;
  if (!d.destination(inst, 0, 8))
    return false;
  if (from.kind == Argument::Name && from.symbol && from.symbol->kind == Symbol::KernelParameter) {
    d.constant(inst, from.symbol->value + from.bits, 8);
    return true;
  }
  return d.source(inst, 1, 8);
}

void isSpace(Warp &warp, const Inst &inst) {
  const auto *a = warp.in<uint64_t>(inst, 1);
  uint32_t bits = 0;
  for (unsigned l = 0; l < 32; ++l) {
    uint64_t window = a[l] / kWindow * kWindow;
    Space is = window == kSharedWindow  ? Space::Shared
               : window == kLocalWindow ? Space::Local
               : window == kParamWindow ? Space::Param
                                        : Space::Global;
    bits |= uint32_t(is == Space(inst.a) || (is == Space::Global && Space(inst.a) == Space::Const))
            << l;
  }
  warp.setPredicate(inst, 0, bits);
}
bool decodeIsspacep(Decoder &d, Inst &inst) {
  Space space = Space::Generic;
  if (!takeSpace(d, space) || !d.expect(2))
    return d.error("expected a state space");
  inst.a = uint32_t(space);
  inst.execute = isSpace;
  return d.destination(inst, 0, 0) && d.source(inst, 1, 8);
}

} // namespace

const Opcode ptxemu::kMoveOpcodes[] = {
    {"mov", decodeMov}, {"cvta", decodeCvta}, {"isspacep", decodeIsspacep}, {nullptr, nullptr}};
