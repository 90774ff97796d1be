//===- Metrics.cpp - sectors of global memory, passes over the banks of shared memory
//-----------===//

#include "MemoryAccess.h"

#include <algorithm>

using namespace ptxemu;

void ptxemu::countGlobal(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *addresses,
                         unsigned bytes, bool isStore) {
  Block &block = *warp.block;
  if (!block.grid->options->metrics)
    return;
  const unsigned first = __builtin_ctz(mask);
  const uint64_t begin = addresses[first];
  uint64_t asked = 0, sectors = 0;
  // Frequent: the lanes follow each other, or all ask for the same.
  bool follows = true, same = true;
  unsigned position = 0;
  if (mask == ~0u) {
    uint64_t breaks = 0, differs = 0;
    for (unsigned l = 0; l < 32; ++l) {
      breaks |= addresses[l] ^ (begin + uint64_t(l) * bytes);
      differs |= addresses[l] ^ begin;
    }
    follows = breaks == 0;
    same = differs == 0;
    position = 32;
  } else {
    for (uint32_t rest = mask; rest; rest &= rest - 1, ++position) {
      uint64_t address = addresses[__builtin_ctz(rest)];
      follows &= address == begin + uint64_t(position) * bytes;
      same &= address == begin;
    }
  }
  if (follows || same) {
    asked = same ? bytes : uint64_t(position) * bytes;
    sectors = (begin + asked - 1) / 32 - begin / 32 + 1;
  } else {
    // Sectors and which of their bytes are wanted; an access may end in the next sector.
    struct Piece {
      uint64_t sector;
      uint32_t wanted;
    };
    Piece pieces[32 * 3];
    unsigned count = 0;
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
      uint64_t at = addresses[__builtin_ctz(rest)];
      for (unsigned left = bytes; left;) {
        unsigned inside = at % 32, size = std::min(left, 32 - inside);
        uint32_t ones = size == 32 ? ~0u : ((1u << size) - 1) << inside;
        if (count && pieces[count - 1].sector == at / 32)
          pieces[count - 1].wanted |= ones;
        else
          pieces[count++] = {at / 32, ones};
        at += size;
        left -= size;
      }
    }
    std::sort(pieces, pieces + count,
              [](const Piece &a, const Piece &b) { return a.sector < b.sector; });
    for (unsigned i = 0; i < count;) {
      uint32_t wanted = 0;
      uint64_t sector = pieces[i].sector;
      for (; i < count && pieces[i].sector == sector; ++i)
        wanted |= pieces[i].wanted;
      ++sectors;
      asked += __builtin_popcount(wanted);
    }
  }
  uint64_t excess = sectors - (asked + 31) / 32;
  Counters &counters = block.counters;
  if (isStore) {
    ++counters.storeRequests;
    counters.storeSectors += sectors;
    counters.storeExcessSectors += excess;
    counters.storeBytes += asked;
  } else {
    ++counters.loadRequests;
    counters.loadSectors += sectors;
    counters.loadExcessSectors += excess;
    counters.loadBytes += asked;
  }
  LineExcess &line = block.lines[inst.line];
  ++line.requests;
  line.excessSectors += excess;
}

void ptxemu::countShared(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                         unsigned bytes) {
  Block &block = *warp.block;
  if (!block.grid->options->metrics)
    return;
  // 64-bit accesses are served in two halves of the warp, 128-bit ones in four quarters; aligned
  // accesses of n words take n banks together, which makes them `groups` wide banks.
  const unsigned unit = bytes <= 4 ? 4 : bytes <= 8 ? 8 : 16, groups = 128 / unit;
  const unsigned shift = __builtin_ctz(unit);
  uint64_t transactions = 0, minimum = 0;
  for (unsigned begin = 0; begin < 32; begin += groups) {
    uint32_t lanes = mask & ((groups == 32 ? ~0u : (1u << groups) - 1) << begin);
    if (!lanes)
      continue;
    ++minimum;
    // Frequent: no two lanes want different words of one bank.
    uint32_t first[32], seen = 0;
    bool conflicts = false;
    for (uint32_t rest = lanes; rest; rest &= rest - 1) {
      uint32_t word = offsets[__builtin_ctz(rest)] >> shift, bank = word % groups;
      conflicts |= (seen >> bank & 1) && first[bank] != word;
      first[bank] = word;
      seen |= 1u << bank;
    }
    if (!conflicts) {
      ++transactions;
      continue;
    }
    uint32_t rows[32][32]; // the different words that each bank must serve
    uint8_t counts[32] = {};
    unsigned worst = 1;
    for (; lanes; lanes &= lanes - 1) {
      uint32_t word = offsets[__builtin_ctz(lanes)] >> shift;
      unsigned bank = word % groups, at = 0, n = counts[bank];
      while (at < n && rows[bank][at] != word)
        ++at;
      if (at == n) {
        rows[bank][n] = word;
        counts[bank] = n + 1;
        worst = std::max(worst, n + 1);
      }
    }
    transactions += worst;
  }
  Counters &counters = block.counters;
  ++counters.sharedRequests;
  counters.sharedTransactions += transactions;
  counters.sharedMinimum += minimum;
  LineExcess &line = block.lines[inst.line];
  ++line.requests;
  line.excessTransactions += transactions - minimum;
}
