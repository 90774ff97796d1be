//===- Warp.cpp - control flow of a warp: lanes, divergence, calls
//------------------------------===//

#include "Warp.h"

#include <algorithm>
#include <cstring>

using namespace ptxemu;

void AlignedBytes::reset(size_t size) {
  size = (size + 63) / 64 * 64;
  if (size > capacity) {
    std::free(bytes);
    bytes = static_cast<uint8_t *>(std::aligned_alloc(64, size));
    capacity = size;
  }
  std::memset(bytes, 0, size);
}

void Warp::enter(const Function &function, Frame &frame) {
  banks[kRegisters] = frame.registers;
  banks[kConstants] = const_cast<uint8_t *>(function.constants.data());
  auto *base = reinterpret_cast<uint64_t *>(frame.registers + kFrameLocalBase);
  std::fill(base, base + 32, frame.localBase);
}

void Warp::start(Block &owner, unsigned number) {
  block = &owner;
  index = number;
  unsigned threads = std::min(32u, owner.threads - number * 32);
  live = threads == 32 ? ~0u : (1u << threads) - 1;
  state = Ready;
  released = false;
  clock = 1;
  seen.fill(0);
  async.reset();
  if (local.size() < size_t(owner.localStride) * 32)
    local.resize(size_t(owner.localStride) * 32);
  frames.clear();
  stack.clear();
  const Function &kernel = owner.grid->kernel->functions[0];
  frames.emplace_back();
  frames[0].function = &kernel;
  frames[0].registers = owner.registers.data() + size_t(number) * kernel.registerBytes;
  frames[0].params.resize(size_t(kernel.paramBytes) * 32);
  banks[kSpecials] = owner.specials.data() + size_t(number) * kSpecialCount * 128;
  enter(kernel, frames[0]);
  stack.push_back({0, uint32_t(kernel.code.size() - 1), live, true});

  auto *special = reinterpret_cast<uint32_t *>(banks[kSpecials]);
  const auto &grid = owner.grid->launch->grid, &size = owner.grid->launch->block;
  for (unsigned lane = 0; lane < 32; ++lane) {
    uint32_t thread = number * 32 + lane;
    auto set = [&](Special which, uint32_t value) { special[which * 32 + lane] = value; };
    set(kTidX, thread % size[0]);
    set(kTidY, thread / size[0] % size[1]);
    set(kTidZ, thread / size[0] / size[1]);
    for (unsigned i = 0; i < 3; ++i) {
      set(Special(kNtidX + i), size[i]);
      set(Special(kCtaidX + i), owner.index[i]);
      set(Special(kNctaidX + i), grid[i]);
    }
    set(kLaneid, lane);
    set(kWarpid, number);
    set(kNwarpid, owner.warpCount);
    set(kSmid, owner.linear % 132);
    set(kNsmid, 132);
    set(kGridid, owner.grid->id);
    set(kLanemaskEq, 1u << lane);
    set(kLanemaskLt, (1u << lane) - 1);
    set(kLanemaskLe, (2u << lane) - 1);
    set(kLanemaskGe, ~((1u << lane) - 1));
    set(kLanemaskGt, ~((2u << lane) - 1));
    set(kDynamicSmem, owner.grid->launch->dynamicShared);
    set(kTotalSmem, owner.shared.size());
    set(kZero, 0);
    set(kOne, 1);
    set(kWarpSize, 32);
  }
}

void Warp::fail(ErrorKind kind, const Inst &inst, unsigned lane, const std::string &message) {
  Result &result = block->result;
  if (result.kind != ErrorKind::None)
    return;
  result.kind = kind;
  const Program &program = *block->grid->program;
  std::string text =
      inst.line && inst.line <= program.lines.size() ? program.lines[inst.line - 1] : std::string();
  size_t begin = text.find_first_not_of(" \t");
  text = begin == std::string::npos ? "" : text.substr(begin);
  auto triple = [](uint32_t x, uint32_t y, uint32_t z) {
    return "(" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(z) + ")";
  };
  auto *special = reinterpret_cast<uint32_t *>(banks[kSpecials]);
  result.message =
      "kernel " + block->grid->launch->kernel->name + ", line " + std::to_string(inst.line) + " `" +
      text + "`: block " + triple(block->index[0], block->index[1], block->index[2]) + " thread " +
      triple(special[kTidX * 32 + lane], special[kTidY * 32 + lane], special[kTidZ * 32 + lane]) +
      ": " + message;
}

void Warp::exitLanes(uint32_t mask) {
  live &= ~mask;
  for (StackEntry &entry : stack)
    entry.mask &= ~mask;
}

void Warp::pop() {
  StackEntry entry = stack.back();
  stack.pop_back();
  if (!entry.isFrame)
    return;
  if (frames.size() == 1) {
    live = 0;
    return;
  }
  Frame &callee = frames.back(), &caller = frames[frames.size() - 2];
  if (callee.site)
    for (const CallSite::Copy &copy : callee.site->results)
      for (uint32_t mask = entry.mask; mask; mask &= mask - 1) {
        unsigned lane = __builtin_ctz(mask);
        std::memcpy(&caller.params[lane * caller.function->paramBytes + copy.caller],
                    &callee.params[lane * callee.function->paramBytes + copy.callee], copy.bytes);
      }
  frames.pop_back();
  enter(*frames.back().function, frames.back());
}

void Warp::call(const Inst &inst, uint32_t mask) {
  if (frames.size() >= 64)
    return fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(mask), "calls are nested too deeply");
  const Function &callee = block->grid->kernel->functions[inst.target];
  const CallSite &site = frames.back().function->calls[inst.table];
  Frame frame;
  frame.function = &callee;
  frame.site = &site;
  frame.owned.reset(callee.registerBytes);
  frame.registers = frame.owned.data();
  frame.params.resize(size_t(callee.paramBytes) * 32);
  const Frame &caller = frames.back();
  frame.localBase = (caller.localBase + caller.function->localBytes + 15) / 16 * 16;
  if (frame.localBase + callee.localBytes > block->localStride)
    return fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(mask), "out of local memory (stack)");
  for (const CallSite::Copy &copy : site.arguments)
    for (uint32_t rest = mask; rest; rest &= rest - 1) {
      unsigned lane = __builtin_ctz(rest);
      std::memcpy(&frame.params[lane * callee.paramBytes + copy.callee],
                  &caller.params[lane * caller.function->paramBytes + copy.caller], copy.bytes);
    }
  frames.push_back(std::move(frame));
  enter(callee, frames.back());
  stack.push_back({0, uint32_t(callee.code.size() - 1), mask, true});
}

void Warp::diverge(const Inst &inst, uint32_t first, uint32_t firstMask, uint32_t second,
                   uint32_t secondMask) {
  StackEntry &top = stack.back();
  uint32_t meet = inst.reconverge;
  if (top.reconverge == meet && !top.isFrame)
    stack.pop_back();
  else
    top.pc = meet;
  bool swap = block->grid->options->seed && (block->nextRandom() & 1);
  if (swap) {
    std::swap(first, second);
    std::swap(firstMask, secondMask);
  }
  if (second != meet)
    stack.push_back({second, meet, secondMask, false});
  if (first != meet)
    stack.push_back({first, meet, firstMask, false});
}

void Warp::branchIndexed(const Inst &inst, uint32_t mask) {
  const auto &table = frames.back().function->tables[inst.table];
  const uint32_t *which = in<uint32_t>(inst, 0);
  uint32_t meet = inst.reconverge, rest = stack.back().mask & ~mask;
  std::vector<std::pair<uint32_t, uint32_t>> sides;
  if (rest)
    sides.push_back({stack.back().pc + 1, rest});
  for (uint32_t left = mask; left; left &= left - 1) {
    unsigned lane = __builtin_ctz(left);
    if (which[lane] >= table.size())
      return fail(ErrorKind::LaunchFailed, inst, lane,
                  "index " + std::to_string(which[lane]) + " of " + std::to_string(table.size()) +
                      " targets");
    uint32_t target = table[which[lane]];
    auto side = std::find_if(sides.begin(), sides.end(),
                             [&](const auto &other) { return other.first == target; });
    if (side == sides.end())
      sides.push_back({target, 1u << lane});
    else
      side->second |= 1u << lane;
  }
  if (sides.size() == 1) {
    stack.back().pc = sides[0].first;
    return;
  }
  ++block->counters.divergentBranches;
  if (stack.back().reconverge == meet && !stack.back().isFrame)
    stack.pop_back();
  else
    stack.back().pc = meet;
  for (size_t i = sides.size(); i-- > 0;)
    if (sides[i].first != meet)
      stack.push_back({sides[i].first, meet, sides[i].second, false});
}

void Warp::run(uint64_t slice) {
  uint64_t executed = 0, laneCount = 0;
  const Result &result = block->result;
  while (executed < slice && state == Ready) {
    if (stack.empty()) {
      state = Done;
      break;
    }
    StackEntry &top = stack.back();
    if (top.mask == 0 || top.pc == top.reconverge) {
      pop();
      continue;
    }
    const Function &function = *frames.back().function;
    const Inst *code = function.code.data();
    const uint32_t meet = top.reconverge, mask = top.mask;
    uint32_t pc = top.pc;
    bool leave = false;
    // Straight-line code until the stack changes.
    while (!leave && pc != meet && executed < slice) {
      const Inst &inst = code[pc];
      uint32_t now = mask;
      if (inst.guarded) {
        uint32_t bits = *reinterpret_cast<const uint32_t *>(banks[kRegisters] + inst.guard);
        now &= inst.guardNegated ? ~bits : bits;
      }
      ++executed;
      laneCount += __builtin_popcount(now);
      if (inst.flow == Flow::Next) {
        ++pc;
        if (now) {
          active = now;
          inst.execute(*this, inst);
          if (__builtin_expect(result.kind != ErrorKind::None, 0))
            leave = true;
        }
        continue;
      }
      if (inst.flow == Flow::Branch) {
        if (now == mask) {
          pc = inst.target;
        } else if (now == 0) {
          ++pc;
        } else if (inst.targetExits) {
          top.pc = pc + 1;
          exitLanes(now);
          leave = true;
        } else {
          ++block->counters.divergentBranches;
          diverge(inst, pc + 1, mask & ~now, inst.target, now);
          leave = true;
        }
        if (leave)
          goto next; // `top` may be gone
        continue;
      }
      if (now == 0) {
        ++pc;
        continue;
      }
      active = now;
      top.pc = pc;
      leave = true;
      switch (inst.flow) {
      case Flow::BranchIndexed:
        branchIndexed(inst, now);
        break;
      case Flow::Call:
        ++top.pc;
        call(inst, now);
        break;
      case Flow::Return:
        if (!function.isEntry) {
          // Lanes that return wait at the end of the function.
          if (now == mask)
            top.pc = meet == function.code.size() - 1 ? meet : uint32_t(function.code.size() - 1);
          else
            diverge(inst, pc + 1, mask & ~now, function.code.size() - 1, now);
          break;
        }
        [[fallthrough]];
      case Flow::Exit:
        ++top.pc;
        exitLanes(now);
        break;
      case Flow::Trap:
        if (inst.execute)
          inst.execute(*this, inst);
        fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(now), "trap");
        break;
      case Flow::Barrier:
        if (!released)
          inst.execute(*this, inst);
        if (result.kind == ErrorKind::None && (released || state == Ready)) {
          if (released && inst.c)
            inst.execute(*this, inst); // takes the result of bar.red
          released = false;
          ++top.pc;
        } else { // it comes here again
          --executed;
          laneCount -= __builtin_popcount(now);
        }
        break;
      case Flow::Yield:
        inst.execute(*this, inst);
        ++top.pc;
        slice = executed;
        break;
      default:
        fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(now), "ran past the end");
      }
      goto next;
    }
    top.pc = pc;
  next:
    if (result.kind != ErrorKind::None)
      break;
  }
  block->counters.instructions += executed;
  block->counters.laneInstructions += laneCount;
  block->instructionsLeft -= std::min(block->instructionsLeft, executed);
}
