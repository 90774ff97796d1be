//===- Block.cpp - scheduling the warps of a block, barriers
//------------------------------------===//

#include "Warp.h"

#include <algorithm>

using namespace ptxemu;

void Block::start(const Grid &owner, uint64_t linearIndex) {
  grid = &owner;
  linear = linearIndex;
  const Launch &launch = *owner.launch;
  const KernelCode &kernel = *owner.kernel;
  index = {uint32_t(linear % launch.grid[0]), uint32_t(linear / launch.grid[0] % launch.grid[1]),
           uint32_t(linear / launch.grid[0] / launch.grid[1])};
  threads = launch.block[0] * launch.block[1] * launch.block[2];
  warpCount = (threads + 31) / 32;
  localStride = (kernel.localBytes + 15) / 16 * 16;
  uint64_t dynamicBase = (uint64_t(kernel.staticShared) + kernel.dynamicAlignment - 1) /
                         kernel.dynamicAlignment * kernel.dynamicAlignment;
  uint64_t bytes =
      launch.dynamicShared ? dynamicBase + launch.dynamicShared : uint64_t(kernel.staticShared);
  // Nobody may rely on zeros, or on what the block before left there.
  shared.assign(bytes, 0xcd);
  shadow.reset(bytes, owner.options->sharedRaces);
  barriers.fill(Barrier());
  generation = 1;
  registers.reset(size_t(kernel.functions[0].registerBytes) * warpCount);
  specials.reset(size_t(kSpecialCount) * 128 * warpCount);
  lines.resize(owner.program->lines.size() + 1);
  random = owner.options->seed * 0x9e3779b97f4a7c15ull + linear * 0xbf58476d1ce4e5b9ull + 1;
  turn = 0;
  warps.resize(warpCount);
  for (unsigned i = 0; i < warpCount; ++i)
    warps[i].start(*this, i);
}

bool Block::run(uint64_t slice) {
  constexpr uint64_t kTurn = 4096; // instructions until the next warp has its turn
  const bool adversarial = grid->options->seed != 0;
  for (;;) {
    unsigned ready = 0, done = 0;
    for (const Warp &warp : warps) {
      ready += warp.state == Warp::Ready;
      done += warp.state == Warp::Done;
    }
    if (done == warpCount)
      return true;
    if (ready == 0) {
      reportDeadlock();
      return true;
    }
    if (instructionsLeft == 0) {
      for (Warp &warp : warps)
        if (warp.state == Warp::Ready && !warp.stack.empty()) {
          const Function &function = *warp.frames.back().function;
          warp.fail(ErrorKind::Timeout,
                    function.code[std::min<size_t>(warp.stack.back().pc, function.code.size() - 1)],
                    warp.live ? __builtin_ctz(warp.live) : 0,
                    "the launch needs more than " +
                        std::to_string(grid->options->instructionLimit) +
                        " warp instructions (an endless loop? a lane or block that waits for "
                        "another?)");
          break;
        }
      return true;
    }
    if (slice == 0)
      return false;
    unsigned pick = 0;
    uint64_t turnLength = kTurn;
    if (adversarial) {
      unsigned skip = nextRandom() % ready;
      for (;; ++pick)
        if (warps[pick].state == Warp::Ready && skip-- == 0)
          break;
      turnLength = 1 + (nextRandom() & 255);
    } else {
      while (warps[turn % warpCount].state != Warp::Ready)
        ++turn;
      pick = turn++ % warpCount;
    }
    uint64_t before = counters.instructions;
    Warp &warp = warps[pick];
    warp.run(std::min({turnLength, slice, instructionsLeft}));
    slice -= std::min(slice, counters.instructions - before);
    if (result.kind != ErrorKind::None)
      return true;
    if (warp.state == Warp::Done)
      warpDone();
  }
}

void Block::arrive(Warp &warp, const Inst &inst, unsigned number, uint32_t expected,
                   uint32_t threadsOfWarp, bool waits) {
  Barrier &barrier = barriers[number];
  ++counters.barriers;
  if (barrier.warps && barrier.threads != expected)
    return warp.fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(warp.active),
                     "barrier " + std::to_string(number) + " with " + std::to_string(expected) +
                         " threads, but others arrived with " + std::to_string(barrier.threads));
  barrier.threads = expected;
  barrier.arrived += threadsOfWarp;
  barrier.warps |= 1u << warp.index;
  for (unsigned i = 0; i < 32; ++i)
    barrier.seen[i] = std::max(barrier.seen[i], warp.seen[i]);
  barrier.seen[warp.index] = std::max(barrier.seen[warp.index], warp.clock + 1);
  if (waits) {
    warp.state = Warp::Waiting;
    warp.barrier = number;
    warp.waitLine = inst.line;
  } else {
    warp.clock = ++generation;
  }
  if (expected && barrier.arrived > expected)
    return warp.fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(warp.active),
                     "more than " + std::to_string(expected) + " threads arrive at barrier " +
                         std::to_string(number));
  complete(number);
}

/// Releases the barrier when everybody who must has arrived.
void Block::complete(unsigned number) {
  Barrier &barrier = barriers[number];
  if (!barrier.warps)
    return;
  if (barrier.threads) {
    if (barrier.arrived < barrier.threads)
      return;
  } else {
    for (const Warp &warp : warps)
      if (warp.state != Warp::Done && !(barrier.warps >> warp.index & 1))
        return;
  }
  ++generation;
  uint32_t value = barrier.operation == 1   ? barrier.ones
                   : barrier.operation == 2 ? (barrier.ones == barrier.voters ? ~0u : 0u)
                                            : (barrier.ones ? ~0u : 0u);
  for (Warp &warp : warps) {
    if (warp.state != Warp::Waiting || warp.barrier != number)
      continue;
    warp.state = Warp::Ready;
    warp.released = true;
    warp.barrierValue = value;
    warp.clock = generation;
    for (unsigned i = 0; i < 32; ++i)
      warp.seen[i] = std::max(warp.seen[i], barrier.seen[i]);
  }
  barrier = Barrier();
}

void Block::warpDone() {
  for (unsigned i = 0; i < barriers.size(); ++i)
    if (barriers[i].threads == 0)
      complete(i);
}

void Block::reportDeadlock() {
  std::string waiting;
  Warp *first = nullptr;
  unsigned exited = 0;
  for (Warp &warp : warps) {
    exited += warp.state == Warp::Done;
    if (warp.state != Warp::Waiting)
      continue;
    if (!first)
      first = &warp;
    const Barrier &barrier = barriers[warp.barrier];
    waiting += (waiting.empty() ? "warp " : "; warp ") + std::to_string(warp.index) +
               " at barrier " + std::to_string(warp.barrier) + " (line " +
               std::to_string(warp.waitLine) + ", " + std::to_string(barrier.arrived) + " of " +
               std::to_string(barrier.threads ? barrier.threads : threads) + " threads)";
  }
  const Function &function = *first->frames.back().function;
  first->fail(ErrorKind::LaunchFailed, function.code[first->stack.back().pc],
              __builtin_ctz(first->live),
              "divergent barrier: all warps that live wait for ever: " + waiting + "; " +
                  std::to_string(exited) + " warps have exited");
}

Block::Found *Block::findAllocation(uint64_t address, uint64_t bytes) {
  for (Found &entry : found)
    if (address - entry.begin < entry.size && entry.size - (address - entry.begin) >= bytes)
      return &entry;
  Allocation *allocation = grid->memory->find(address);
  if (!allocation || !allocation->contains(address, bytes))
    return nullptr;
  Found &entry = found[foundNext++ % found.size()];
  entry = {allocation->address, allocation->size, allocation, allocation->data};
  return &entry;
}
