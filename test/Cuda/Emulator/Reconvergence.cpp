//===- Reconvergence.cpp - immediate post-dominators of branches
//--------------------------------===//
//
// Lanes that a branch splits run one side after the other until both have come to the branch's
// immediate post-dominator (Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", on
// the reversed graph). Leaving the function counts as reaching its end.
//
//===----------------------------------------------------------------------------------------------===//

#include "FunctionParser.h"

#include <algorithm>

using namespace ptxemu;

void ptxemu::findReconvergence(Function &function) {
  std::vector<Inst> &code = function.code;
  const uint32_t end = code.size() - 1;
  auto leaves = [](const Inst &inst) {
    return inst.flow == Flow::Return || inst.flow == Flow::Exit || inst.flow == Flow::Trap;
  };
  // Basic blocks: their first instructions.
  std::vector<bool> leader(code.size(), false);
  leader[0] = leader[end] = true;
  for (uint32_t i = 0; i < end; ++i) {
    const Inst &inst = code[i];
    if (inst.flow == Flow::Branch)
      leader[inst.target] = true;
    if (inst.flow == Flow::BranchIndexed)
      for (uint32_t target : function.tables[inst.table])
        leader[target] = true;
    if (inst.flow == Flow::Branch || inst.flow == Flow::BranchIndexed || leaves(inst))
      leader[i + 1] = true;
  }
  std::vector<uint32_t> start, blockOf(code.size());
  for (uint32_t i = 0; i < code.size(); ++i) {
    if (leader[i])
      start.push_back(i);
    blockOf[i] = start.size() - 1;
  }
  const uint32_t count = start.size(), exitBlock = blockOf[end];
  std::vector<std::vector<uint32_t>> successors(count), predecessors(count);
  for (uint32_t block = 0; block < count; ++block) {
    if (block == exitBlock)
      continue;
    uint32_t last = (block + 1 < count ? start[block + 1] : code.size()) - 1;
    const Inst &inst = code[last];
    auto &out = successors[block];
    if (inst.flow == Flow::Branch)
      out.push_back(blockOf[inst.target]);
    if (inst.flow == Flow::BranchIndexed)
      for (uint32_t target : function.tables[inst.table])
        out.push_back(blockOf[target]);
    if (leaves(inst))
      out.push_back(exitBlock);
    bool fallsThrough =
        (inst.flow != Flow::Branch && inst.flow != Flow::BranchIndexed && !leaves(inst)) ||
        inst.guarded;
    if (fallsThrough)
      out.push_back(block + 1);
    for (uint32_t successor : out)
      predecessors[successor].push_back(block);
  }
  // Post-order of the reversed graph from the end.
  std::vector<uint32_t> order, number(count, ~0u);
  std::vector<std::pair<uint32_t, size_t>> stack{{exitBlock, 0}};
  std::vector<bool> visited(count, false);
  visited[exitBlock] = true;
  while (!stack.empty()) {
    auto &[block, next] = stack.back();
    if (next < predecessors[block].size()) {
      uint32_t predecessor = predecessors[block][next++];
      if (!visited[predecessor]) {
        visited[predecessor] = true;
        stack.push_back({predecessor, 0});
      }
    } else {
      number[block] = order.size();
      order.push_back(block);
      stack.pop_back();
    }
  }
  std::vector<uint32_t> dominator(count, ~0u);
  dominator[exitBlock] = exitBlock;
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = order.size(); i-- > 0;) {
      uint32_t block = order[i];
      if (block == exitBlock)
        continue;
      uint32_t best = ~0u;
      for (uint32_t other : successors[block]) {
        if (dominator[other] == ~0u)
          continue;
        if (best == ~0u) {
          best = other;
          continue;
        }
        while (best != other) {
          while (number[best] < number[other])
            best = dominator[best];
          while (number[other] < number[best])
            other = dominator[other];
        }
      }
      if (best != dominator[block]) {
        dominator[block] = best;
        changed = true;
      }
    }
  }
  for (uint32_t i = 0; i < end; ++i) {
    Inst &inst = code[i];
    if (inst.flow == Flow::Return)
      inst.reconverge = end;
    if (inst.flow != Flow::Branch && inst.flow != Flow::BranchIndexed)
      continue;
    // A block that never leaves the function has no post-dominator.
    uint32_t block = dominator[blockOf[i]];
    inst.reconverge = block == ~0u ? end : start[block];
    if (inst.flow == Flow::Branch && function.isEntry) {
      const Inst &target = code[inst.target];
      inst.targetExits =
          !target.guarded && (target.flow == Flow::Return || target.flow == Flow::Exit);
    }
  }
}
