#include "GlobalShadow.h"

#include "Warp.h"

#include <algorithm>

using namespace ptxemu;

/// Did the access of `touch` happen before what the warp does now?
bool GlobalShadow::ordered(Warp &warp, const Touch &touch) const {
  const uint64_t block = warp.block->linear;
  if (touch.block == ~uint64_t(0))
    return true;
  if (touch.block == block)
    return touch.warp == warp.index || warp.seen[touch.warp] > touch.warpClock;
  auto mine = known.find(block);
  if (mine == known.end())
    return false;
  auto other = mine->second.find(touch.block);
  return other != mine->second.end() && other->second > touch.blockClock;
}

void GlobalShadow::access(Warp &warp, const Inst &inst, unsigned lane, uint64_t address,
                          unsigned bytes, Access kind, bool same) {
  const uint64_t block = warp.block->linear;
  const bool strong =
      kind == Access::StrongRead || kind == Access::StrongWrite || kind == Access::Atomic;
  const bool writes = kind != Access::Read && kind != Access::StrongRead;
  if (strong) {
    // Acquire what others gave at this location, then give what this block knows and did.
    Knowledge &mine = known[block], &place = given[address / 4];
    for (const auto &[other, clock] : place)
      if (uint64_t &have = mine[other]; have < clock)
        have = clock;
    if (writes) {
      uint64_t &own = mine[block];
      own = own + 1;
      for (const auto &[other, clock] : mine)
        if (uint64_t &have = place[other]; have < clock)
          have = clock;
    }
  }
  const uint64_t clock = known[block][block];
  for (uint64_t at = address & ~uint64_t(3); at < address + bytes; at += 4) {
    Word &word = words[at / 4];
    uint64_t begin = std::max(at, address), end = std::min(at + 4, address + bytes);
    uint8_t mask = ((1u << (end - at)) - 1) & ~((1u << (begin - at)) - 1);
    auto conflict = [&](const Touch &touch, const char *what) {
      if (!(touch.bytes & mask) || (strong && touch.strong) || ordered(warp, touch))
        return false;
      const Memory &memory = *warp.block->grid->memory;
      warp.fail(ErrorKind::LaunchFailed, inst, lane,
                std::string("race: ") + (writes ? "write" : "read") + " of device memory (" +
                    "byte " + std::to_string(begin - memory.find(begin)->address) + " " +
                    memory.describe(begin) + ") and " + what + " by block " +
                    std::to_string(touch.block) + " warp " + std::to_string(touch.warp) +
                    " (line " + std::to_string(touch.line) + "), which nothing orders");
      return true;
    };
    if (!(writes && same) && conflict(word.write, "write"))
      return;
    if (writes && !same)
      for (const Touch &read : word.reads)
        if (conflict(read, "read"))
          return;
    Touch touch;
    touch.block = block;
    touch.blockClock = clock;
    touch.warpClock = warp.clock;
    touch.line = inst.line;
    touch.warp = warp.index;
    touch.lane = lane;
    touch.bytes = mask;
    touch.strong = strong;
    if (writes) {
      // Parts of a word by one warp add up.
      if (word.write.block == block && word.write.warp == warp.index &&
          word.write.warpClock == warp.clock && word.write.blockClock == clock)
        touch.bytes |= word.write.bytes;
      word.write = touch;
      std::fill(std::begin(word.reads), std::end(word.reads), Touch());
    } else {
      bool noted = false;
      for (Touch &read : word.reads)
        if (read.block == block && read.warp == warp.index && (read.bytes & mask) == mask) {
          read = touch;
          noted = true;
          break;
        }
      if (!noted)
        word.reads[word.nextRead++ % 3] = touch;
    }
  }
}
