//===- WarpOpcodes.cpp - shfl, vote, match, redux
//-----------------------------------------------===//

#include "Half.h"
#include "Lanes.h"

#include <algorithm>

using namespace ptxemu;

namespace {

/// Lanes that the mask names must take part; those that have exited may be named.
bool checkMask(Warp &warp, const Inst &inst, unsigned operand) {
  const auto *masks = warp.in<uint32_t>(inst, operand);
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint32_t mask = masks[lane];
    if (!(mask >> lane & 1)) {
      warp.fail(ErrorKind::LaunchFailed, inst, lane,
                "the executing lane " + std::to_string(lane) + " is not in its own member mask");
      return false;
    }
    if (uint32_t absent = mask & warp.live & ~warp.active) {
      warp.fail(ErrorKind::LaunchFailed, inst, lane,
                "the member mask names lane " + std::to_string(__builtin_ctz(absent)) +
                    ", which does not take part (the branches of the warp diverge here)");
      return false;
    }
  }
  return true;
}

enum ShuffleMode : uint32_t { kUp, kDown, kBfly, kIdx };

/// ops: d, p, a, b, c, mask. inst.a: mode.
void shuffle(Warp &warp, const Inst &inst) {
  if (!checkMask(warp, inst, 5))
    return;
  auto *d = warp.out<uint32_t>(inst, 0);
  const auto *a = warp.in<uint32_t>(inst, 2), *b = warp.in<uint32_t>(inst, 3),
             *c = warp.in<uint32_t>(inst, 4);
  uint32_t values[32], valid = 0;
  std::memcpy(values, a, sizeof values);
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    int lane = __builtin_ctz(rest);
    int by = b[lane] & 31, clamp = c[lane] & 31, segment = c[lane] >> 8 & 31;
    int greatest = (lane & segment) | (clamp & ~segment), least = lane & segment, from = 0;
    bool inside = false;
    switch (inst.a) {
    case kUp:
      from = lane - by;
      inside = from >= greatest;
      break;
    case kDown:
      from = lane + by;
      inside = from <= greatest;
      break;
    case kBfly:
      from = lane ^ by;
      inside = from <= greatest;
      break;
    default:
      from = least | (by & ~segment);
      inside = from <= greatest;
    }
    if (!inside)
      from = lane;
    valid |= uint32_t(inside) << lane;
    // The value of a lane that has exited is not defined.
    d[lane] = warp.active >> from & 1 ? values[from] : 0xdeadbeefu;
  }
  warp.setPredicate(inst, 1, valid);
}
bool decodeShfl(Decoder &d, Inst &inst) {
  int mode = d.takeOne({"up", "down", "bfly", "idx"});
  if (!d.take("sync") || mode < 0 || !d.take("b32") || !d.expect(5))
    return d.error("expected shfl.sync.mode.b32 with five operands");
  inst.a = mode;
  inst.execute = shuffle;
  const Argument &to = d.argument(0);
  Argument sink;
  sink.kind = Argument::Sink;
  return d.destination(inst, to, 4) && d.destination(inst, to.second ? *to.second : sink, 0) &&
         d.source(inst, 1, 4) && d.source(inst, 2, 4) && d.source(inst, 3, 4) &&
         d.source(inst, 4, 4);
}

enum VoteMode : uint32_t { kAll, kAny, kUni, kBallot };

/// ops: d, a, mask.
void vote(Warp &warp, const Inst &inst) {
  if (!checkMask(warp, inst, 2))
    return;
  const auto *masks = warp.in<uint32_t>(inst, 2);
  uint32_t yes = warp.predicate(inst, 1) & warp.active, bits = 0;
  auto *d = warp.out<uint32_t>(inst, 0);
  uint32_t ballots[32];
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint32_t members = masks[lane] & warp.active, votes = yes & members;
    bool result = inst.a == kAll   ? votes == members
                  : inst.a == kAny ? votes != 0
                                   : votes == 0 || votes == members;
    bits |= uint32_t(result) << lane;
    ballots[lane] = votes;
  }
  if (inst.a == kBallot)
    lanes(warp.active, [=, &ballots](unsigned l) { d[l] = ballots[l]; });
  else
    warp.setPredicate(inst, 0, bits);
}
bool decodeVote(Decoder &d, Inst &inst) {
  int mode = d.takeOne({"all", "any", "uni", "ballot"});
  if (!d.take("sync") || mode < 0 || !d.expect(3))
    return d.error("expected vote.sync.mode with three operands");
  if (!d.take(mode == kBallot ? "b32" : "pred"))
    return d.error("no form for this type");
  inst.a = mode;
  inst.execute = vote;
  return d.destination(inst, 0, mode == kBallot ? 4 : 0) && d.source(inst, 1, 0) &&
         d.source(inst, 2, 4);
}

void activeMask(Warp &warp, const Inst &inst) {
  auto *d = warp.out<uint32_t>(inst, 0);
  uint32_t mask = warp.active;
  lanes(mask, [=](unsigned l) { d[l] = mask; });
}
bool decodeActiveMask(Decoder &d, Inst &inst) {
  inst.execute = activeMask;
  return d.take("b32") && d.expect(1) && d.destination(inst, 0, 4);
}

/// ops: d, p, a, mask. inst.a: 1 for all.
template <class T> void match(Warp &warp, const Inst &inst) {
  if (!checkMask(warp, inst, 3))
    return;
  const T *a = warp.in<T>(inst, 2);
  const auto *masks = warp.in<uint32_t>(inst, 3);
  auto *d = warp.out<uint32_t>(inst, 0);
  T values[32];
  std::memcpy(values, a, sizeof values);
  uint32_t results[32], all = 0;
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint32_t members = masks[lane] & warp.active, equal = 0;
    for (uint32_t others = members; others; others &= others - 1)
      equal |= uint32_t(values[__builtin_ctz(others)] == values[lane]) << __builtin_ctz(others);
    bool same = equal == members;
    all |= uint32_t(same) << lane;
    results[lane] = inst.a ? (same ? members : 0) : equal;
  }
  lanes(warp.active, [=, &results](unsigned l) { d[l] = results[l]; });
  warp.setPredicate(inst, 1, all);
}
bool decodeMatch(Decoder &d, Inst &inst) {
  int mode = d.takeOne({"any", "all"});
  if (!d.take("sync") || mode < 0 || !d.expect(3))
    return d.error("expected match.{any,all}.sync");
  unsigned bytes = bytesOf(d.takeType());
  inst.a = mode;
  inst.execute = bytes == 4 ? match<uint32_t> : bytes == 8 ? match<uint64_t> : nullptr;
  if (!inst.execute)
    return d.error("no form for this type");
  const Argument &to = d.argument(0);
  Argument sink;
  sink.kind = Argument::Sink;
  return d.destination(inst, to, 4) && d.destination(inst, to.second ? *to.second : sink, 0) &&
         d.source(inst, 1, bytes) && d.source(inst, 2, 4);
}

enum Reduction : int { kAdd, kMin, kMax, kAnd, kOr, kXor };

/// ops: d, a, mask. inst.a: operation; b: 1 signed, 2 f32; c: 1 abs, 2 NaN.
void redux(Warp &warp, const Inst &inst) {
  if (!checkMask(warp, inst, 2))
    return;
  const auto *a = warp.in<uint32_t>(inst, 1), *masks = warp.in<uint32_t>(inst, 2);
  auto *d = warp.out<uint32_t>(inst, 0);
  uint32_t values[32], results[32];
  std::memcpy(values, a, sizeof values);
  for (uint32_t rest = warp.active; rest; rest &= rest - 1) {
    unsigned lane = __builtin_ctz(rest);
    uint32_t members = masks[lane] & warp.active, result = values[__builtin_ctz(members)];
    auto real = [&](uint32_t bits) {
      float x = bitCast<float>(bits);
      return inst.c & 1 ? std::fabs(x) : x;
    };
    if (inst.b == 2)
      result = bitCast<uint32_t>(real(result));
    for (uint32_t others = members & (members - 1); others; others &= others - 1) {
      uint32_t x = values[__builtin_ctz(others)];
      if (inst.b == 2) {
        float p = bitCast<float>(result), q = real(x);
        float r = std::isnan(p)    ? (inst.c & 2 ? p : q)
                  : std::isnan(q)  ? (inst.c & 2 ? q : p)
                  : inst.a == kMin ? std::min(p, q)
                                   : std::max(p, q);
        result = bitCast<uint32_t>(r);
        continue;
      }
      switch (inst.a) {
      case kAdd:
        result += x;
        break;
      case kAnd:
        result &= x;
        break;
      case kOr:
        result |= x;
        break;
      case kXor:
        result ^= x;
        break;
      case kMin:
        result = inst.b ? uint32_t(std::min(int32_t(result), int32_t(x))) : std::min(result, x);
        break;
      case kMax:
        result = inst.b ? uint32_t(std::max(int32_t(result), int32_t(x))) : std::max(result, x);
        break;
      }
    }
    results[lane] = result;
  }
  lanes(warp.active, [=, &results](unsigned l) { d[l] = results[l]; });
}
bool decodeRedux(Decoder &d, Inst &inst) {
  int operation = d.takeOne({"add", "min", "max", "and", "or", "xor"});
  if (!d.take("sync") || operation < 0)
    return d.error("expected redux.sync and an operation");
  inst.a = operation;
  inst.c = (d.take("abs") ? 1 : 0) | (d.take("NaN") ? 2 : 0);
  Type type = d.takeType();
  bool bits = operation >= kAnd;
  if (type == Type::F32 && (operation == kMin || operation == kMax))
    inst.b = 2;
  else if (bits ? type == Type::B32 : type == Type::U32 || type == Type::S32)
    inst.b = type == Type::S32;
  else
    return d.error("no form for this type");
  inst.execute = redux;
  return plainOperands(d, inst, 2, 4);
}

/// ops: d, p, mask: the lowest lane of the mask.
void elect(Warp &warp, const Inst &inst) {
  if (!checkMask(warp, inst, 2))
    return;
  const auto *masks = warp.in<uint32_t>(inst, 2);
  auto *d = warp.out<uint32_t>(inst, 0);
  uint32_t leader = __builtin_ctz(masks[__builtin_ctz(warp.active)] & warp.active);
  lanes(warp.active, [=](unsigned l) { d[l] = leader; });
  warp.setPredicate(inst, 1, 1u << leader);
}
bool decodeElect(Decoder &d, Inst &inst) {
  inst.execute = elect;
  if (!d.take("sync") || !d.expect(2) || !d.argument(0).second)
    return d.error("expected elect.sync d|p, mask");
  return d.destination(inst, 0, 4) && d.destination(inst, *d.argument(0).second, 0) &&
         d.source(inst, 1, 4);
}

} // namespace

const Opcode ptxemu::kWarpOpcodes[] = {
    {"shfl", decodeShfl},   {"vote", decodeVote},   {"activemask", decodeActiveMask},
    {"match", decodeMatch}, {"redux", decodeRedux}, {"elect", decodeElect},
    {nullptr, nullptr}};
