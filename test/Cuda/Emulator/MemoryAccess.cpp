#include "MemoryAccess.h"

#include <cstdio>

using namespace ptxemu;

static std::string hex(uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

static bool isWrite(Access kind) {
  return kind == Access::Write || kind == Access::StrongWrite || kind == Access::Atomic;
}

void ptxemu::computeAddresses(Warp &warp, const Inst &inst, unsigned operand, uint64_t *addresses) {
  const uint64_t add = uint64_t(inst.imm);
  if (inst.ops[operand].bytes == 8) {
    const auto *base = warp.in<uint64_t>(inst, operand);
    for (unsigned l = 0; l < 32; ++l)
      addresses[l] = base[l] + add;
  } else {
    const auto *base = warp.in<uint32_t>(inst, operand);
    for (unsigned l = 0; l < 32; ++l)
      addresses[l] = uint32_t(base[l] + uint32_t(add));
  }
}

/// Over the lanes of a mask.
struct Extent {
  uint64_t least = ~uint64_t(0), greatest = 0, bits = 0;
  Extent(uint32_t mask, const uint64_t *addresses) {
    if (mask == ~0u) {
      for (unsigned l = 0; l < 32; ++l)
        add(addresses[l]);
    } else {
      for (; mask; mask &= mask - 1)
        add(addresses[__builtin_ctz(mask)]);
    }
  }
  void add(uint64_t address) {
    least = address < least ? address : least;
    greatest = address > greatest ? address : greatest;
    bits |= address;
  }
};

/// Fails the warp for the first lane of `mask` whose address is not a multiple of `bytes`.
static bool checkAlignment(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *addresses,
                           unsigned bytes, unsigned alignment, const Extent &extent,
                           const char *space) {
  if ((extent.bits & (alignment - 1)) == 0)
    return true;
  for (uint32_t rest = mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    if (addresses[lane] & (alignment - 1)) {
      warp.fail(ErrorKind::Misaligned, inst, lane,
                std::string("misaligned ") + space + " access of " + std::to_string(bytes) +
                    " bytes at " + hex(addresses[lane]));
      return false;
    }
  }
  return true;
}

static bool resolveGlobal(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *addresses,
                          unsigned bytes, Access kind, uint8_t **pointers, unsigned alignment) {
  const Extent extent(mask, addresses);
  if (!checkAlignment(warp, inst, mask, addresses, bytes, alignment, extent, "global"))
    return false;
  Block &block = *warp.block;
  const bool tracks = block.grid->memory->tracksWritten();
  Block::Found *found =
      tracks ? nullptr : block.findAllocation(extent.least, extent.greatest - extent.least + bytes);
  if (found) {
    for (unsigned l = 0; l < 32; ++l)
      if (mask >> l & 1)
        pointers[l] = found->data + (addresses[l] - found->begin);
  }
  for (uint32_t rest = found ? 0 : mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint64_t address = addresses[lane];
    if (!found || address - found->begin >= found->size ||
        found->size - (address - found->begin) < bytes) {
      found = block.findAllocation(address, bytes);
      if (!found) {
        std::string where;
        block.grid->memory->check(address, bytes, where);
        warp.fail(ErrorKind::IllegalAddress, inst, lane,
                  std::string("out of bounds: ") + (isWrite(kind) ? "write" : "read") + " of " +
                      std::to_string(bytes) + " bytes of global memory at " + where);
        return false;
      }
    }
    uint64_t offset = address - found->begin;
    pointers[lane] = found->data + offset;
    if (tracks) {
      if (kind != Access::Write && kind != Access::StrongWrite)
        for (unsigned i = 0; i < bytes; ++i)
          if (!found->allocation->isWritten(offset + i)) {
            ++block.counters.uninitializedGlobal;
            if (block.grid->options->strict) {
              warp.fail(ErrorKind::IllegalAddress, inst, lane,
                        "read of device memory at " + hex(address + i) +
                            ", which nobody has written: " + block.grid->memory->describe(address));
              return false;
            }
            break;
          }
      if (isWrite(kind))
        found->allocation->markWritten(offset, bytes);
    }
  }
  // A plain store is noted when its value is known.
  if (GlobalShadow *shadow = block.grid->shadow; shadow && kind != Access::Write)
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
      unsigned lane = __builtin_ctz(rest);
      shadow->access(warp, inst, lane, addresses[lane], bytes, kind, false);
    }
  if (kind == Access::Atomic)
    ++block.counters.atomicRequests;
  else
    countGlobal(warp, inst, mask, addresses, bytes, isWrite(kind));
  return block.result.kind == ErrorKind::None;
}

static bool resolveShared(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                          unsigned bytes, Access kind, uint8_t **pointers) {
  const Extent extent(mask, offsets);
  if (!checkAlignment(warp, inst, mask, offsets, bytes, bytes, extent, "shared"))
    return false;
  Block &block = *warp.block;
  const uint64_t size = block.shared.size();
  const bool inside = size >= bytes && extent.greatest <= size - bytes;
  for (uint32_t rest = inside ? 0 : mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint64_t offset = offsets[lane];
    if (offset >= size || size - offset < bytes) {
      warp.fail(ErrorKind::IllegalAddress, inst, lane,
                std::string("out of bounds: ") + (isWrite(kind) ? "write" : "read") + " of " +
                    std::to_string(bytes) + " bytes of shared memory at " + hex(offset) +
                    ": the block has " + std::to_string(size) + " bytes");
      return false;
    }
  }
  for (unsigned l = 0; l < 32; ++l)
    if (mask >> l & 1)
      pointers[l] = block.shared.data() + offsets[l];
  block.shadow.access(warp, inst, mask, offsets, bytes, kind);
  countShared(warp, inst, mask, offsets, bytes);
  return block.result.kind == ErrorKind::None;
}

static bool resolveLocal(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                         unsigned bytes, uint8_t **pointers) {
  const Extent extent(mask, offsets);
  if (!checkAlignment(warp, inst, mask, offsets, bytes, bytes, extent, "local"))
    return false;
  const uint64_t stride = warp.block->localStride;
  for (uint32_t rest = mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    if (offsets[lane] >= stride || stride - offsets[lane] < bytes) {
      warp.fail(ErrorKind::IllegalAddress, inst, lane,
                "out of bounds: access of " + std::to_string(bytes) + " bytes of local memory at " +
                    hex(offsets[lane]) + ": the thread has " + std::to_string(stride) + " bytes");
      return false;
    }
    pointers[lane] = warp.local.data() + lane * stride + offsets[lane];
  }
  ++warp.block->counters.localRequests;
  return true;
}

static bool resolveParameter(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                             unsigned bytes, Access kind, uint8_t **pointers) {
  const Launch &launch = *warp.block->grid->launch;
  auto *base = static_cast<uint8_t *>(const_cast<void *>(launch.parameters));
  for (uint32_t rest = mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    if (isWrite(kind) || offsets[lane] >= launch.parameterBytes ||
        launch.parameterBytes - offsets[lane] < bytes) {
      warp.fail(ErrorKind::IllegalAddress, inst, lane,
                isWrite(kind) ? std::string("write to a kernel parameter")
                              : "out of bounds: read of " + std::to_string(bytes) +
                                    " bytes of kernel parameters at " + hex(offsets[lane]) +
                                    " of " + std::to_string(launch.parameterBytes));
      return false;
    }
    pointers[lane] = base + offsets[lane];
  }
  return true;
}

bool ptxemu::resolve(Warp &warp, const Inst &inst, Space space, uint32_t mask,
                     const uint64_t *addresses, unsigned bytes, Access kind, uint8_t **pointers,
                     unsigned alignment) {
  switch (space) {
  case Space::Global:
  case Space::Const:
    return resolveGlobal(warp, inst, mask, addresses, bytes, kind, pointers,
                         alignment ? alignment : bytes);
  case Space::Shared:
    return resolveShared(warp, inst, mask, addresses, bytes, kind, pointers);
  case Space::Local:
    return resolveLocal(warp, inst, mask, addresses, bytes, pointers);
  case Space::Param:
    return resolveParameter(warp, inst, mask, addresses, bytes, kind, pointers);
  case Space::Generic:
    break;
  }
  uint32_t masks[4] = {};
  uint64_t offsets[32];
  for (uint32_t rest = mask; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint64_t window = addresses[lane] / kWindow;
    unsigned which = window >= 1 && window <= 3 ? window : 0;
    masks[which] |= 1u << lane;
    offsets[lane] = which ? addresses[lane] % kWindow : addresses[lane];
  }
  static const Space spaces[] = {Space::Global, Space::Shared, Space::Local, Space::Param};
  for (unsigned i = 0; i < 4; ++i)
    if (masks[i] && !resolve(warp, inst, spaces[i], masks[i], offsets, bytes, kind, pointers))
      return false;
  return true;
}
