//===- FlowOpcodes.cpp - branches, calls, barriers, fences
//--------------------------------------===//

#include "Lanes.h"

using namespace ptxemu;

namespace {

void nothing(Warp &, const Inst &) {}

bool decodeBra(Decoder &d, Inst &inst) {
  d.take("uni");
  inst.flow = Flow::Branch;
  return d.expect(1) && d.label(d.argument(0), inst);
}

bool decodeBrx(Decoder &d, Inst &inst) {
  d.take("uni");
  if (!d.take("idx") || !d.expect(2))
    return d.error("expected brx.idx index, list");
  inst.flow = Flow::BranchIndexed;
  const auto *targets = d.branchTargets(d.argument(1).text);
  if (!targets)
    return d.error("unknown list of targets '" + std::string(d.argument(1).text) + "'");
  return d.labelTable(inst, *targets) && d.source(inst, 0, 4);
}

bool decodeCall(Decoder &d, Inst &inst) {
  d.take("uni");
  inst.flow = Flow::Call;
  const Argument *results = nullptr, *callee = nullptr, *parameters = nullptr;
  for (unsigned i = 0; i < d.count(); ++i) {
    const Argument &argument = d.argument(i);
    if (argument.kind == Argument::List)
      (callee ? parameters : results) = &argument;
    else if (!callee)
      callee = &argument;
    else
      return d.error("calls through pointers are not supported");
  }
  if (!callee || callee->kind != Argument::Name)
    return d.error("calls through pointers are not supported");
  if (!d.functionIndex(callee->text, inst.target))
    return false;
  const Decoder::Signature *signature = d.signature(callee->text);
  CallSite site;
  auto match = [&](const Argument *actuals, const std::vector<Decoder::Signature::Formal> &formals,
                   std::vector<CallSite::Copy> &copies) {
    size_t count = actuals ? actuals->parts.size() : 0;
    if (count != formals.size())
      return d.error("passes " + std::to_string(count) + " values, '" + std::string(callee->text) +
                     "' has " + std::to_string(formals.size()));
    for (size_t i = 0; i < count; ++i) {
      const Symbol *symbol = actuals->parts[i].symbol;
      if (!symbol || symbol->kind != Symbol::FrameParameter || symbol->size != formals[i].bytes)
        return d.error("'" + std::string(actuals->parts[i].text) +
                       "' is no .param variable of the formal parameter's size");
      copies.push_back({uint32_t(symbol->value), formals[i].offset, formals[i].bytes});
    }
    return true;
  };
  if (!match(results, signature->results, site.results) ||
      !match(parameters, signature->parameters, site.arguments))
    return false;
  inst.table = d.function().calls.size();
  d.function().calls.push_back(site);
  return true;
}

bool decodeRet(Decoder &d, Inst &inst) {
  d.take("uni");
  inst.flow = Flow::Return;
  return d.expect(0);
}
bool decodeExit(Decoder &d, Inst &inst) {
  inst.flow = Flow::Exit;
  return d.expect(0);
}
bool decodeTrap(Decoder &d, Inst &inst) {
  inst.flow = Flow::Trap;
  return d.expect(0);
}

//===-- barriers
//----------------------------------------------------------------------------------===//

enum BarrierKind : uint32_t { kSync, kArrive, kPopc, kAnd, kOr };

/// ops: [result,] barrier, [threads,] [predicate]. inst.a: kind; b: 1 with a thread count,
/// 2 when all lanes of the warp must take part; c: 1 when there is a result.
void barrier(Warp &warp, const Inst &inst) {
  const BarrierKind kind = BarrierKind(inst.a);
  const bool hasResult = inst.c;
  if (warp.released) {
    if (kind == kPopc) {
      auto *d = warp.out<uint32_t>(inst, 0);
      lanes(warp.active, [=, &warp](unsigned l) { d[l] = warp.barrierValue; });
    } else {
      warp.setPredicate(inst, 0, warp.barrierValue);
    }
    return;
  }
  unsigned operand = hasResult ? 1 : 0;
  const unsigned first = __builtin_ctz(warp.active);
  const auto *number = warp.in<uint32_t>(inst, operand++);
  uint32_t expected = 0;
  if (inst.b & 1)
    expected = warp.in<uint32_t>(inst, operand++)[first];
  for (uint32_t mask = warp.active; mask; mask &= mask - 1)
    if (number[__builtin_ctz(mask)] != number[first])
      return warp.fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(mask),
                       "divergent barrier: lanes of one warp name different barriers");
  if (number[first] >= 16)
    return warp.fail(ErrorKind::LaunchFailed, inst, first,
                     "barrier " + std::to_string(number[first]) + ": there are 16");
  if (expected % 32)
    return warp.fail(ErrorKind::LaunchFailed, inst, first,
                     "barrier with " + std::to_string(expected) +
                         " threads, which is not a multiple of 32");
  if ((inst.b & 2) && warp.active != warp.live) {
    unsigned missing = __builtin_ctz(warp.live & ~warp.active);
    return warp.fail(ErrorKind::LaunchFailed, inst, first,
                     "divergent barrier: lane " + std::to_string(missing) + " of warp " +
                         std::to_string(warp.index) + " does not reach it with the others");
  }
  Barrier &state = warp.block->barriers[number[first]];
  if (hasResult) {
    uint32_t votes = warp.predicate(inst, operand) & warp.active;
    state.operation = kind == kPopc ? 1 : kind == kAnd ? 2 : 3;
    state.ones += __builtin_popcount(votes);
    state.voters += __builtin_popcount(warp.active);
  }
  warp.block->arrive(warp, inst, number[first], expected, 32, kind != kArrive);
}

bool decodeBarrier(Decoder &d, Inst &inst) {
  const bool isBar = d.opcode() == "bar";
  if (d.take("cluster")) {
    // A cluster is one block: what arrives waits at the wait.
    bool waits = d.take("wait");
    if (!waits && !d.take("arrive"))
      return d.error("expected .arrive or .wait");
    d.takeOne({"acquire", "release", "relaxed"});
    d.take("aligned");
    if (!waits) {
      inst.execute = nothing;
      return d.expect(0);
    }
    inst.flow = Flow::Barrier;
    inst.execute = barrier;
    inst.a = kSync;
    d.constant(inst, 15, 4);
    return d.expect(0);
  }
  if (d.take("warp")) {
    // Lanes of a warp run in step.
    inst.execute = nothing;
    return d.take("sync") && d.expect(1);
  }
  d.take("cta");
  bool aligned = d.take("aligned") || isBar;
  inst.flow = Flow::Barrier;
  inst.execute = barrier;
  inst.b = aligned ? 2 : 0;
  if (d.take("sync") || d.has("arrive")) {
    inst.a = d.take("arrive") ? kArrive : kSync;
    if (!d.expect(inst.a == kArrive ? 2 : 1, 2) || !d.source(inst, 0, 4))
      return false;
    if (d.count() == 2) {
      inst.b |= 1;
      return d.source(inst, 1, 4);
    }
    return true;
  }
  int operation = d.takeOne({"popc", "and", "or"});
  if (!d.take("red") || operation < 0)
    return d.error("expected .sync, .arrive or .red.{popc,and,or}");
  inst.a = kPopc + operation;
  inst.c = 1;
  Type type = d.takeType();
  if (type != (operation == 0 ? Type::U32 : Type::Pred))
    return d.error("no form for this type");
  if (!d.expect(3, 4) || !d.destination(inst, 0, operation == 0 ? 4 : 0) || !d.source(inst, 1, 4))
    return false;
  if (d.count() == 4) {
    inst.b |= 1;
    if (!d.source(inst, 2, 4))
      return false;
  }
  return d.source(inst, d.count() - 1, 0);
}

//===-- fences and hints
//--------------------------------------------------------------------------===//

/// What the warp did before is ordered before what it does after, for who sees the latter.
void fence(Warp &warp, const Inst &) { warp.clock = ++warp.block->generation; }

bool decodeFence(Decoder &d, Inst &inst) {
  inst.execute = fence;
  d.takeOne({"sc", "acq_rel", "acquire", "release"});
  if (d.take("proxy"))
    d.takeOne({"alias", "async", "async.global", "tensormap::generic", "generic"});
  d.takeOne({"global", "shared::cta", "shared::cluster"});
  d.take("mbarrier_init");
  d.take("release");
  d.takeOne({"cta", "cluster", "gpu", "sys", "gl"});
  return d.expect(0);
}
bool decodeNanosleep(Decoder &d, Inst &inst) {
  inst.flow = Flow::Yield;
  inst.execute = nothing;
  return d.take("u32") && d.expect(1);
}
/// The launch before has ended when this one starts, so there is nothing to wait for.
bool decodeGriddep(Decoder &d, Inst &inst) {
  inst.execute = nothing;
  return d.takeOne({"launch_dependents", "wait"}) >= 0 && d.expect(0);
}
bool decodeSetMaxNreg(Decoder &d, Inst &inst) {
  inst.execute = nothing;
  return d.takeOne({"inc", "dec"}) >= 0 && d.take("sync") && d.take("aligned") && d.take("u32") &&
         d.expect(1);
}
bool decodeNop(Decoder &d, Inst &inst) {
  inst.execute = nothing;
  return d.expect(0, 1);
}

} // namespace

const Opcode ptxemu::kFlowOpcodes[] = {{"bra", decodeBra},
                                       {"brx", decodeBrx},
                                       {"call", decodeCall},
                                       {"ret", decodeRet},
                                       {"exit", decodeExit},
                                       {"trap", decodeTrap},
                                       {"brkpt", decodeNop},
                                       {"pmevent", decodeNop},
                                       {"bar", decodeBarrier},
                                       {"barrier", decodeBarrier},
                                       {"membar", decodeFence},
                                       {"fence", decodeFence},
                                       {"nanosleep", decodeNanosleep},
                                       {"griddepcontrol", decodeGriddep},
                                       {"setmaxnreg", decodeSetMaxNreg},
                                       {nullptr, nullptr}};
