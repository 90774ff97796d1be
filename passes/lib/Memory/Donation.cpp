//===- Donation.cpp - Results that take the storage of an argument --------===//
//
// Such a result is at first made elsewhere and copied over the argument at the
// end. The copy goes where the result can be written into the argument's memory
// from the start: nothing that runs later reads old bytes that it has overwritten,
// and what reads them in the same launch may be overwritten there, byte for byte.
// Results in parts are judged part by part. That the writer waits for the readers
// before it, on all threads, is the business of Dependences.cpp: accesses to such
// arguments count like those to the arena.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

/// Bytes of a root that an item reads or writes.
struct Range {
  size_t item;
  unsigned pointer; ///< which of `ins` or `outs`
  unsigned storage;
  SymExpr begin, end;
};

/// The operands that a kernel allows to be overwritten, in pointer numbers.
SmallVector<bool> overwritable(Item &item) {
  SmallVector<bool> allowed(item.ins.size(), false);
  ScheduleAttr schedule = item.kernel ? item.kernel.getScheduleAttr() : ScheduleAttr();
  if (!schedule)
    return allowed;
  KernelSignature signature(item.kernel);
  for (int64_t operand : schedule.getMayOverwrite())
    if (operand >= 0 && operand < static_cast<int64_t>(signature.pointerOf.size()) &&
        signature.pointerOf[operand] >= 0)
      allowed[signature.pointerOf[operand]] = true;
  return allowed;
}

class Donor {
public:
  Donor(Plan &plan, bool concats) : plan(plan), concats(concats) {}

  void run() {
    SmallVector<size_t> granted;
    for (auto [i, item] : llvm::enumerate(plan.items)) {
      if (item.launch || !plan.storages[plan.find(item.outs[0])].donated)
        continue;
      unsigned source = item.ins[0], target = plan.find(item.outs[0]);
      if (plan.storages[plan.find(source)].region != Place::Arena || !plan.isWhole(source) ||
          !mayTake(i, plan.find(source), target))
        continue;
      plan.merge(target, source);
      granted.push_back(i);
    }
    if (granted.empty())
      return;
    // The copies themselves, and parts that stay as they are.
    llvm::erase_if(plan.items, [&](const Item &item) {
      return !item.launch && plan.find(item.ins[0]) == plan.find(item.outs[0]) &&
             plan.shiftOf(item.ins[0]) == plan.shiftOf(item.outs[0]);
    });
  }

private:
  /// Whether what lies in `source` can be written into `target` from the start,
  /// in place of the copy.
  bool mayTake(size_t copy, unsigned source, unsigned target) {
    SmallVector<Range> writes, reads;
    for (auto [i, item] : llvm::enumerate(plan.items)) {
      if (i == copy)
        continue;
      for (auto [p, id] : llvm::enumerate(item.outs))
        if (unsigned root = plan.find(id); root == source)
          writes.push_back(rangeOf(i, p, id));
        else if (root == target)
          return false; // another value passes through
      for (auto [p, id] : llvm::enumerate(item.ins))
        if (plan.find(id) == target)
          reads.push_back(rangeOf(i, p, id));
    }
    // Parts, and what must share memory with a result, move into the result later:
    // when they are written is known then.
    for (const Range &write : writes)
      if (Item &item = plan.items[write.item]; !concats && item.kernel && isForLater(item))
        return false;
    for (const Range &write : writes)
      for (const Range &read : reads)
        if (read.item >= write.item && !isApart(write, read) &&
            !(read.item == write.item && mayOverwrite(write, read)))
          return false;
    return true;
  }

  Range rangeOf(size_t item, unsigned pointer, unsigned storage) {
    SymExpr begin = plan.shiftOf(storage);
    return {item, pointer, storage, begin, begin + plan.storages[storage].bytes};
  }

  static bool isForLater(Item &item) {
    return isa<ConcatOp>(item.kernel.getBody().front().front()) ||
           !item.kernel.getScheduleAttr().getTied().empty();
  }

  static bool isApart(const Range &a, const Range &b) {
    auto isAtMost = [](SymExpr x, SymExpr y) {
      std::optional<int64_t> cx = x.getConstant(), cy = y.getConstant();
      if (cx && cy)
        return *cx <= *cy;
      std::optional<int64_t> lower = (y - x).getLowerBound();
      return lower && *lower >= 0;
    };
    return isAtMost(a.end, b.begin) || isAtMost(b.end, a.begin);
  }

  /// Whether one item may write a range over what it reads.
  bool mayOverwrite(const Range &write, const Range &read) {
    const Storage &made = plan.storages[write.storage], &old = plan.storages[read.storage];
    if (write.begin != read.begin || made.bytes != old.bytes || made.layout != old.layout)
      return false;
    Item &item = plan.items[write.item];
    // A copy onto itself does nothing.
    return !item.launch || overwritable(item)[read.pointer];
  }

  Plan &plan;
  bool concats;
};

} // namespace

void plan::donate(Plan &plan, bool concats) {
  if (llvm::any_of(plan.storages, [](const Storage &s) { return s.donated; }))
    Donor(plan, concats).run();
}
