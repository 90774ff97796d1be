#include "Shadow.h"

#include "Warp.h"

using namespace ptxemu;

void SharedShadow::reset(uint32_t bytes, bool checkRaces) {
  races = checkRaces;
  words.assign((bytes + 3) / 4, Entry());
  parts.clear();
}

void SharedShadow::access(Warp &warp, const Inst &inst, unsigned lane, uint32_t offset,
                          uint32_t bytes, Access kind) {
  uint32_t end = offset + bytes;
  while (offset < end) {
    Entry &word = words[offset / 4];
    uint32_t inWord = std::min(4 - offset % 4, end - offset);
    if (inWord == 4 && !(word.flags & kSplit)) {
      touch(word, warp, inst, lane, offset, kind);
    } else {
      if (!(word.flags & kSplit)) {
        Entry whole = word;
        word.flags |= kSplit;
        word.readMask = parts.size();
        parts.insert(parts.end(), 4, whole);
      }
      uint32_t first = word.readMask + offset % 4;
      for (uint32_t i = 0; i < inWord; ++i)
        touch(parts[first + i], warp, inst, lane, offset + i, kind);
    }
    offset += inWord;
  }
}

void SharedShadow::access(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                          uint32_t bytes, Access kind) {
  const uint32_t self = 1u << warp.index, clock = warp.clock, count = (bytes + 3) / 4;
  // Of most reads the warp has made the like before, with nothing written since.
  if (kind == Access::Read) {
    uint64_t last = ~uint64_t(0);
    for (; mask; mask &= mask - 1) {
      unsigned lane = __builtin_ctz(mask);
      if (offsets[lane] == last)
        continue;
      last = offsets[lane];
      const Entry *entry = &words[last / 4];
      bool known = true;
      for (uint32_t i = 0; i < count; ++i, ++entry)
        known &= entry->readClock == clock && (entry->readMask & self) &&
                 entry->pendingCount == 0 &&
                 (entry->flags & (kInitialized | kStrongRead | kSplit)) == kInitialized;
      if (!known)
        access(warp, inst, lane, uint32_t(last), bytes, kind);
    }
    return;
  }
  for (; mask; mask &= mask - 1) {
    unsigned lane = __builtin_ctz(mask);
    access(warp, inst, lane, uint32_t(offsets[lane]), bytes, kind);
  }
}

void SharedShadow::touch(Entry &entry, Warp &warp, const Inst &inst, unsigned lane, uint32_t offset,
                         Access kind) {
  const uint32_t self = 1u << warp.index;
  // A first read by this warp, of a byte that some warp wrote before the last barrier.
  if (kind == Access::Read && entry.readClock == warp.clock && entry.pendingCount == 0 &&
      (entry.flags & (kWritten | kInitialized | kStrongRead)) == (kWritten | kInitialized) &&
      (entry.writeWarp == warp.index || warp.seen[entry.writeWarp] > entry.writeClock) &&
      entry.readMask) {
    entry.readMask |= self;
    entry.readLine = inst.line;
    return;
  }
  const bool strong =
      kind == Access::StrongRead || kind == Access::StrongWrite || kind == Access::Atomic;
  const bool writes = kind != Access::Read && kind != Access::StrongRead;
  auto at = [&] { return " of shared memory at byte " + std::to_string(offset); };
  if (kind == Access::CopyArrive) {
    --entry.pendingCount;
    entry.flags |= kWritten | kInitialized;
    entry.flags &= ~(kStrongWrite | kStrongRead);
    entry.writeClock = warp.clock;
    entry.writeWarp = warp.index;
    entry.writeLine = inst.line;
    entry.readMask = 0;
    return;
  }
  if (entry.pendingCount && races)
    return warp.fail(ErrorKind::LaunchFailed, inst, lane,
                     std::string("race: ") + (writes ? "write" : "read") + at() +
                         ", which the cp.async of line " + std::to_string(entry.writeLine) +
                         " (warp " + std::to_string(entry.writeWarp) +
                         ") may not have written yet: wait for it, then pass a barrier");
  auto reportRace = [&](const char *what, unsigned other, uint32_t line) {
    warp.fail(ErrorKind::LaunchFailed, inst, lane,
              std::string("race: ") + (writes ? "write" : "read") + " by warp " +
                  std::to_string(warp.index) + at() + " and " + what + " by warp " +
                  std::to_string(other) + " (line " + std::to_string(line) +
                  ") with no barrier between them");
  };
  if (races && (entry.flags & kWritten) && entry.writeWarp != warp.index &&
      warp.seen[entry.writeWarp] <= entry.writeClock) {
    if (!strong || !(entry.flags & kStrongWrite))
      return reportRace("write", entry.writeWarp, entry.writeLine);
    // A strong read of a strong write orders what the writer did before its last fence.
    if (warp.seen[entry.writeWarp] < entry.writeClock)
      warp.seen[entry.writeWarp] = entry.writeClock;
  }
  if (!writes || kind == Access::Atomic) {
    if (!(entry.flags & kInitialized)) {
      ++warp.block->counters.uninitializedShared;
      if (warp.block->grid->options->strict)
        return warp.fail(ErrorKind::LaunchFailed, inst, lane,
                         "read" + at() + ", which nobody has written");
    }
  }
  if (writes) {
    if (races && (entry.readMask & ~self) && !(strong && (entry.flags & kStrongRead)))
      for (uint32_t rest = entry.readMask & ~self; rest; rest &= rest - 1) {
        unsigned reader = __builtin_ctz(rest);
        if (warp.seen[reader] <= entry.readClock)
          return reportRace("read", reader, entry.readLine);
      }
    entry.readMask = 0;
    entry.flags &= ~(kStrongWrite | kStrongRead);
    entry.flags |= kWritten | (strong ? kStrongWrite | kStrongRead : 0);
    entry.writeClock = warp.clock;
    entry.writeWarp = warp.index;
    entry.writeLine = inst.line;
    if (kind == Access::CopyIssue)
      ++entry.pendingCount;
    else
      entry.flags |= kInitialized;
    return;
  }
  if (entry.readMask == 0) {
    entry.readMask = self;
    entry.readClock = warp.clock;
    entry.flags = strong ? entry.flags | kStrongRead : entry.flags & ~kStrongRead;
  } else if (entry.readClock == warp.clock) {
    entry.readMask |= self;
    entry.flags &= strong ? 0xff : ~kStrongRead;
  } else {
    // Readers that this one follows need not be remembered. Of others the older clock is kept:
    // it can only miss a race, never invent one.
    bool follows = true;
    for (uint32_t rest = entry.readMask & ~self; rest; rest &= rest - 1)
      follows &= warp.seen[__builtin_ctz(rest)] > entry.readClock;
    if (follows) {
      entry.readMask = self;
      entry.readClock = warp.clock;
      entry.flags = strong ? entry.flags | kStrongRead : entry.flags & ~kStrongRead;
    } else {
      entry.readMask |= self;
      entry.readClock = std::min(entry.readClock, warp.clock);
      entry.flags &= strong ? 0xff : ~kStrongRead;
    }
  }
  entry.readLine = inst.line;
}
