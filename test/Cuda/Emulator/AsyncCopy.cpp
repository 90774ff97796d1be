//===- AsyncCopy.cpp - cp.async, its groups and waits
//-------------------------------------------===//

#include "AsyncCopy.h"

#include "Lanes.h"
#include "MemoryAccess.h"

#include <algorithm>

using namespace ptxemu;

namespace {

/// ops: shared address, global address [, source size or ignore-src predicate].
/// inst.a: displacement of the shared address; b: bytes; c: 0 no third operand, 1 size, 2
/// predicate.
void issue(Warp &warp, const Inst &inst) {
  Block &block = *warp.block;
  const unsigned bytes = inst.b;
  uint64_t to[32], from[32];
  uint8_t *target[32], *source[32];
  computeAddresses(warp, inst, 1, from);
  Inst shared = inst;
  shared.imm = int32_t(inst.a);
  computeAddresses(warp, shared, 0, to);
  for (unsigned l = 0; l < 32; ++l)
    if (to[l] / kWindow == 1) // a generic address of shared memory
      to[l] %= kWindow;
  unsigned sizes[32];
  for (unsigned l = 0; l < 32; ++l)
    sizes[l] = bytes;
  if (inst.c == 1) {
    const auto *size = warp.in<uint32_t>(inst, 2);
    for (unsigned l = 0; l < 32; ++l)
      sizes[l] = std::min(size[l], bytes);
  } else if (inst.c == 2) {
    uint32_t ignored = warp.predicate(inst, 2);
    for (unsigned l = 0; l < 32; ++l)
      if (ignored >> l & 1)
        sizes[l] = 0;
  }
  ++block.counters.asyncCopies;
  if (!resolve(warp, inst, Space::Shared, warp.active, to, bytes, Access::CopyIssue, target))
    return;
  // Lanes with the same size make one request; nothing is read for a size of 0.
  for (uint32_t rest = warp.active; rest;) {
    unsigned size = sizes[__builtin_ctz(rest)];
    uint32_t same = 0;
    for (uint32_t others = rest; others; others &= others - 1)
      if (sizes[__builtin_ctz(others)] == size)
        same |= 1u << __builtin_ctz(others);
    rest &= ~same;
    if (size && !resolve(warp, inst, Space::Global, same, from, size, Access::Read, source, bytes))
      return;
  }
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    unsigned l = __builtin_ctz(rest);
    AsyncCopies::Copy copy{};
    copy.inst = &inst;
    copy.offset = uint32_t(to[l]);
    copy.group = warp.async.committed[l];
    copy.lane = l;
    copy.bytes = bytes;
    if (sizes[l])
      std::memcpy(copy.data, source[l], sizes[l]);
    warp.async.pending.push_back(copy);
  }
}

void commit(Warp &warp, const Inst &) {
  for (uint32_t rest = warp.active; rest; rest &= rest - 1)
    ++warp.async.committed[__builtin_ctz(rest)];
}

/// inst.a: groups that may stay in flight; ~0u waits for all, committed or not.
void wait(Warp &warp, const Inst &inst) {
  Block &block = *warp.block;
  auto &pending = warp.async.pending;
  auto arrives = [&](const AsyncCopies::Copy &copy) {
    if (!(warp.active >> copy.lane & 1))
      return false;
    return inst.a == ~0u || copy.group + inst.a < warp.async.committed[copy.lane];
  };
  for (const AsyncCopies::Copy &copy : pending)
    if (arrives(copy)) {
      std::memcpy(block.shared.data() + copy.offset, copy.data, copy.bytes);
      block.shadow.access(warp, *copy.inst, copy.lane, copy.offset, copy.bytes, Access::CopyArrive);
    }
  pending.erase(std::remove_if(pending.begin(), pending.end(), arrives), pending.end());
}

bool decodeCp(Decoder &d, Inst &inst) {
  if (!d.take("async"))
    return d.error("only cp.async is supported");
  if (d.take("commit_group")) {
    inst.execute = commit;
    return d.expect(0);
  }
  if (d.take("wait_all")) {
    inst.execute = wait;
    inst.a = ~0u;
    return d.expect(0);
  }
  if (d.take("wait_group")) {
    int64_t groups;
    inst.execute = wait;
    if (!d.expect(1) || !d.immediate(0, groups))
      return false;
    inst.a = uint32_t(groups);
    return true;
  }
  bool all = d.take("ca");
  if (!all && !d.take("cg"))
    return d.error("expected .ca or .cg");
  if (d.takeOne({"shared", "shared::cta"}) < 0 || !d.take("global"))
    return d.error("expected .shared.global");
  bool hinted = d.has("L2::cache_hint");
  d.skipPrefix("L2::");
  if (!d.expect(3, hinted ? 5 : 4))
    return false;
  Space sharedSpace = Space::Shared, globalSpace = Space::Global;
  int64_t bytes;
  if (!d.address(inst, 0, sharedSpace))
    return false;
  inst.a = uint32_t(inst.imm);
  if (!d.address(inst, 1, globalSpace) || !d.immediate(2, bytes))
    return false;
  if (bytes != 16 && (!all || (bytes != 4 && bytes != 8)))
    return d.error("a copy of " + std::to_string(bytes) + " bytes: .cg takes 16, .ca 4, 8 or 16");
  inst.b = uint32_t(bytes);
  inst.execute = issue;
  if (d.count() > (hinted ? 4u : 3u)) {
    const Argument &third = d.argument(3);
    bool predicate = third.kind == Argument::Register && third.symbol->type == Type::Pred;
    inst.c = predicate ? 2 : 1;
    return d.source(inst, 3, predicate ? 0 : 4);
  }
  return true;
}

} // namespace

const Opcode ptxemu::kAsyncCopyOpcodes[] = {{"cp", decodeCp}, {nullptr, nullptr}};
