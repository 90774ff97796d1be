//===- Aliases.cpp - Tensors that share memory ----------------------------===//
//
// A storage may be taken over by a result where it dies: nothing reads the old
// value later. All operands that share it must be among those that the schedule
// allows to be overwritten, for the kernel assumes no other sharing.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

/// Whether the item is the last to touch the storage, which is the planner's own.
static bool diesAt(Plan &plan, unsigned storage, int64_t item) {
  const Storage &root = plan.storages[plan.find(storage)];
  return root.region == Place::Arena && root.last == item;
}

/// Pointer number of kernel operand `operand`, or -1.
static int pointerOf(const KernelSignature &signature, int64_t operand) {
  return operand >= 0 && operand < static_cast<int64_t>(signature.pointerOf.size())
             ? signature.pointerOf[operand]
             : -1;
}

void plan::tieOperands(Plan &plan) {
  computeRanges(plan);
  std::vector<Item> items;
  for (auto [i, item] : llvm::enumerate(plan.items)) {
    ScheduleAttr schedule = item.kernel ? item.kernel.getScheduleAttr() : ScheduleAttr();
    ArrayRef<int64_t> tied = schedule ? schedule.getTied() : ArrayRef<int64_t>();
    std::optional<KernelSignature> signature;
    if (!tied.empty())
      signature.emplace(item.kernel);
    for (size_t t = 0; t + 1 < tied.size(); t += 2) {
      int p = pointerOf(*signature, tied[t]);
      if (p < 0 || tied[t + 1] >= static_cast<int64_t>(item.outs.size()))
        continue;
      unsigned source = item.ins[p], result = item.outs[tied[t + 1]];
      unsigned uses = llvm::count_if(
          item.ins, [&](unsigned other) { return plan.find(other) == plan.find(source); });
      if (uses == 1 && diesAt(plan, source, i) && plan.isWhole(source)) {
        plan.merge(source, result);
        continue;
      }
      Storage copied;
      copied.bytes = plan.storages[source].bytes;
      copied.layout = plan.storages[source].layout;
      copied.name = nodeNames(item.loc);
      unsigned target = plan.addStorage(copied);
      items.push_back(Item(source, target, item.loc));
      item.ins[p] = target;
      plan.merge(target, result);
    }
    items.push_back(std::move(item));
  }
  plan.items = std::move(items);
  computeRanges(plan);
}

/// Lets the result share the memory of an operand that dies, if there is one.
static void takeOperand(Plan &plan, int64_t i, const Item &item, ArrayRef<bool> allowed,
                        unsigned result) {
  // Born here: not tied to anything yet, nor a piece of something, nor the new
  // value of an argument.
  const Storage &root = plan.storages[plan.find(result)];
  if (root.first != i || root.donated || !plan.isWhole(result))
    return;
  for (size_t p = 0; p < item.ins.size(); ++p) {
    unsigned operand = item.ins[p];
    if (!allowed[p] || !diesAt(plan, operand, i))
      continue;
    const Storage &old = plan.storages[operand], &taken = plan.storages[result];
    if (old.bytes != taken.bytes || old.layout != taken.layout || !plan.isWhole(operand))
      continue;
    // Another operand is it, or another result has taken it.
    bool shared = llvm::any_of(
        item.outs, [&](unsigned other) { return plan.find(other) == plan.find(operand); });
    for (size_t q = 0; q < item.ins.size(); ++q)
      shared |= plan.find(item.ins[q]) == plan.find(operand) && !allowed[q];
    if (shared)
      continue;
    plan.merge(operand, result);
    return;
  }
}

void plan::shareInPlace(Plan &plan) {
  for (auto [i, item] : llvm::enumerate(plan.items)) {
    ScheduleAttr schedule = item.kernel ? item.kernel.getScheduleAttr() : ScheduleAttr();
    if (!schedule || schedule.getMayOverwrite().empty())
      continue;
    KernelSignature signature(item.kernel);
    SmallVector<bool> allowed(item.ins.size(), false);
    for (int64_t operand : schedule.getMayOverwrite())
      if (int p = pointerOf(signature, operand); p >= 0)
        allowed[p] = true;
    for (unsigned result : item.outs)
      takeOperand(plan, i, item, allowed, result);
  }
}
