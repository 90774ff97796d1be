//===- LoadStore.cpp - ld, st and their relatives
//-----------------------------------------------===//

#include "Lanes.h"
#include "MemoryAccess.h"

using namespace ptxemu;

namespace {

/// inst.a: elements; b: state space, c: Access; table: 1 for .param of a function's frame.
bool locate(Warp &warp, const Inst &inst, unsigned address, unsigned bytes, uint8_t **pointers) {
  if (inst.table) {
    Frame &frame = warp.frames.back();
    for (unsigned l = 0; l < 32; ++l)
      pointers[l] = frame.params.data() + l * frame.function->paramBytes + inst.imm;
    return true;
  }
  uint64_t addresses[32];
  computeAddresses(warp, inst, address, addresses);
  return resolve(warp, inst, Space(inst.b), warp.active, addresses, bytes, Access(inst.c),
                 pointers);
}

/// Registers are at least as wide as what is loaded; the rest is its sign or zero.
template <class Register, class Element> void load(Warp &warp, const Inst &inst) {
  uint8_t *pointers[32];
  const unsigned count = inst.a;
  if (!locate(warp, inst, count, count * sizeof(Element), pointers))
    return;
  for (unsigned i = 0; i < count; ++i) {
    auto *d = warp.out<Register>(inst, i);
    for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
      unsigned l = __builtin_ctz(mask);
      Element value;
      std::memcpy(&value, pointers[l] + i * sizeof(Element), sizeof value);
      d[l] = Register(value);
    }
  }
}

/// Tells the detector of races on device memory about a plain store.
template <class Register, class Element>
void noteStore(Warp &warp, const Inst &inst, uint8_t *const *pointers) {
  uint64_t addresses[32];
  computeAddresses(warp, inst, 0, addresses);
  const unsigned bytes = inst.a * sizeof(Element);
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    if (addresses[l] < kParamWindow + kWindow) // a generic address of another space
      continue;
    bool same = true;
    for (unsigned i = 0; i < inst.a; ++i) {
      Element value = Element(warp.in<Register>(inst, 1 + i)[l]);
      same &= std::memcmp(pointers[l] + i * sizeof(Element), &value, sizeof value) == 0;
    }
    warp.block->grid->shadow->access(warp, inst, l, addresses[l], bytes, Access::Write, same);
  }
}

template <class Register, class Element> void store(Warp &warp, const Inst &inst) {
  uint8_t *pointers[32];
  const unsigned count = inst.a;
  if (!locate(warp, inst, 0, count * sizeof(Element), pointers))
    return;
  if (warp.block->grid->shadow && !inst.table && Access(inst.c) == Access::Write &&
      (Space(inst.b) == Space::Global || Space(inst.b) == Space::Generic))
    noteStore<Register, Element>(warp, inst, pointers);
  for (unsigned i = 0; i < count; ++i) {
    const auto *s = warp.in<Register>(inst, 1 + i);
    for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
      unsigned l = __builtin_ctz(mask);
      Element value = Element(s[l]);
      std::memcpy(pointers[l] + i * sizeof(Element), &value, sizeof value);
    }
  }
}

using Wide = unsigned __int128;

template <class Register> Execute loadInto(Type type) {
  constexpr unsigned size = sizeof(Register);
  switch (type) {
  case Type::S8:
    return load<Register, int8_t>;
  case Type::S16:
    return size >= 2 ? load<Register, int16_t> : nullptr;
  case Type::S32:
    return size >= 4 ? load<Register, int32_t> : nullptr;
  default:
    break;
  }
  switch (bytesOf(type)) {
  case 1:
    return load<Register, uint8_t>;
  case 2:
    return load<Register, uint16_t>;
  case 4:
    return size >= 4 ? load<Register, uint32_t> : nullptr;
  case 8:
    return size >= 8 ? load<Register, uint64_t> : nullptr;
  default:
    return nullptr;
  }
}
Execute loadForm(unsigned registerBytes, Type type) {
  switch (registerBytes) {
  case 2:
    return loadInto<uint16_t>(type);
  case 4:
    return loadInto<uint32_t>(type);
  case 8:
    return loadInto<uint64_t>(type);
  case 16:
    return bytesOf(type) == 16 ? load<Wide, Wide> : nullptr;
  default:
    return nullptr;
  }
}
template <class Register> Execute storeFrom(unsigned bytes) {
  switch (bytes) {
  case 1:
    return store<Register, uint8_t>;
  case 2:
    return store<Register, uint16_t>;
  case 4:
    return store<Register, uint32_t>;
  case 8:
    return store<Register, uint64_t>;
  default:
    return nullptr;
  }
}
Execute storeForm(unsigned registerBytes, unsigned bytes) {
  switch (registerBytes) {
  case 1:
  case 2:
    return storeFrom<uint16_t>(bytes);
  case 4:
    return storeFrom<uint32_t>(bytes);
  case 8:
    return storeFrom<uint64_t>(bytes);
  case 16:
    return bytes == 16 ? store<Wide, Wide> : nullptr;
  default:
    return nullptr;
  }
}

bool decodeLoadStore(Decoder &d, Inst &inst) {
  const bool isLoad = d.opcode() == "ld" || d.opcode() == "ldu";
  bool strong = d.take("volatile");
  if (d.takeOne({"relaxed", "acquire", "release", "mmio"}) >= 0) {
    strong = true;
    d.takeOne({"cta", "cluster", "gpu", "sys"});
  }
  d.take("weak");
  Space space = Space::Generic;
  static const struct {
    const char *name;
    Space space;
  } names[] = {{"global", Space::Global},      {"shared", Space::Shared},
               {"shared::cta", Space::Shared}, {"shared::cluster", Space::Shared},
               {"local", Space::Local},        {"const", Space::Const},
               {"param", Space::Param},        {"param::entry", Space::Param},
               {"param::func", Space::Param}};
  for (const auto &candidate : names)
    if (d.take(candidate.name))
      space = candidate.space;
  // Somebody may wait for what another block writes.
  if (strong && (space == Space::Global || space == Space::Generic))
    d.kernel().ordered = true;
  d.take("nc");
  d.takeOne({"ca", "cg", "cs", "lu", "cv", "wb", "wt"});
  bool hinted = d.has("L2::cache_hint");
  d.skipPrefix("L1::");
  d.skipPrefix("L2::");
  d.take("unified");
  int vector = d.takeOne({"v2", "v4", "v8"});
  Type type = d.takeType();
  const unsigned count = vector < 0 ? 1 : 2u << vector, bytes = bytesOf(type);
  if (bytes == 0 || !d.expect(2, hinted ? 3 : 2))
    return d.error("expected a type and two operands");
  inst.a = count;
  inst.c = uint32_t(isLoad ? (strong ? Access::StrongRead : Access::Read)
                           : (strong ? Access::StrongWrite : Access::Write));
  const Argument &value = d.argument(isLoad ? 0 : 1);
  if ((count > 1) != (value.kind == Argument::Vector) && !(count == 1 && value.parts.size() == 1))
    return d.error("expected " + std::to_string(count) + " elements");
  if (value.kind == Argument::Vector && value.parts.size() != count)
    return d.error("expected " + std::to_string(count) + " elements");
  auto element = [&](unsigned i) -> const Argument & {
    return value.kind == Argument::Vector ? value.parts[i] : value;
  };
  unsigned registerBytes = 0;
  for (unsigned i = 0; i < count; ++i)
    if (element(i).kind == Argument::Register) {
      unsigned own = bytesOf(element(i).symbol->type);
      if (registerBytes && own != registerBytes)
        return d.error("registers of different widths in a vector");
      registerBytes = own;
    }
  if (registerBytes == 0)
    registerBytes = std::max(bytes, 2u);
  if (registerBytes < bytes)
    return d.error("registers of " + std::to_string(registerBytes * 8) + " bits are too narrow");
  inst.execute = isLoad ? loadForm(registerBytes, type) : storeForm(registerBytes, bytes);
  if (!inst.execute)
    return d.error("no form for this type");
  auto values = [&] {
    for (unsigned i = 0; i < count; ++i)
      if (!(isLoad ? d.destination(inst, element(i), registerBytes)
                   : d.source(inst, element(i), registerBytes)))
        return false;
    return true;
  };
  if (isLoad && !values())
    return false;
  const Argument &address = d.argument(isLoad ? 1 : 0);
  if (address.kind == Argument::Address && address.symbol &&
      address.symbol->kind == Symbol::FrameParameter) {
    inst.table = 1;
    if (space != Space::Param)
      return d.error("'" + std::string(address.text) + "' is in the .param space");
    if (address.bits + bytes * count > address.symbol->size)
      return d.error("beyond the end of '" + std::string(address.text) + "'");
  }
  if (!d.address(inst, isLoad ? 1 : 0, space))
    return false;
  inst.b = uint32_t(space);
  if (!isLoad && space == Space::Const)
    return d.error("a store to .const");
  return isLoad || values();
}

//===-- hints
//-------------------------------------------------------------------------------------===//

void nothing(Warp &, const Inst &) {}

/// An address that the hardware would only prefetch.
bool decodePrefetch(Decoder &d, Inst &inst) {
  d.takeOne({"global", "local", "const", "param", "tensormap"});
  d.takeOne({"L1", "L2", "L2::evict_last", "L2::evict_normal", "L1::evict_last"});
  inst.execute = nothing;
  return d.expect(1);
}
bool decodeDiscard(Decoder &d, Inst &inst) {
  d.take("global");
  d.takeOne({"L2", "L2::evict_normal"});
  inst.execute = nothing;
  return d.expect(2);
}
void zero64(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint64_t>(inst, 0);
  lanes(warp.active, [=](unsigned l) { d[l] = 0; });
}
bool decodeCreatePolicy(Decoder &d, Inst &inst) {
  d.takeOne({"fractional", "range"});
  d.take("global");
  d.skipPrefix("L2::");
  if (!d.take("b64"))
    return d.error("expected .b64");
  inst.execute = zero64;
  return d.destination(inst, 0, 8);
}

} // namespace

const Opcode ptxemu::kMemoryOpcodes[] = {{"ld", decodeLoadStore},
                                         {"ldu", decodeLoadStore},
                                         {"st", decodeLoadStore},
                                         {"prefetch", decodePrefetch},
                                         {"prefetchu", decodePrefetch},
                                         {"discard", decodeDiscard},
                                         {"applypriority", decodeDiscard},
                                         {"createpolicy", decodeCreatePolicy},
                                         {nullptr, nullptr}};
