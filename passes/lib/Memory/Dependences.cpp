//===- Dependences.cpp - What a launch must follow ------------------------===//
//
// Two launches conflict where one writes bytes that the other touches. Memory of
// different regions is disjoint; so are two places in the arena of which the
// order of placement puts one below the other, and pieces of one place that do
// not reach into each other at any size. A conflict binds a thread to its own
// earlier part only (`own`) where both touch the same bytes in equal shares.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

std::vector<SmallVector<Access>> plan::accessesOf(Plan &plan) {
  std::vector<SmallVector<Access>> all;
  for (const Item &item : plan.items) {
    SmallVector<Access> &accesses = all.emplace_back();
    auto add = [&](unsigned id, bool writes, SymExpr share) {
      unsigned root = plan.find(id);
      Place region = plan.storages[root].region;
      if (region == Place::Weight || (region == Place::Input && !plan.storages[root].donated))
        return;
      SymExpr begin = plan.shiftOf(id);
      accesses.push_back({root, begin, begin + plan.storages[id].bytes, writes, false, share});
    };
    for (auto [id, part] : llvm::zip_equal(item.ins, item.insPart))
      add(id, false, part ? item.units : SymExpr());
    for (auto [id, part] : llvm::zip_equal(item.outs, item.outsPart))
      add(id, true, part ? item.units : SymExpr());
    if (item.scratch) {
      add(*item.scratch, true, item.threadScratch);
      accesses.back().scratch = true;
    }
  }
  return all;
}

/// Whether one size is never above another.
static bool isAtMost(SymExpr a, SymExpr b) {
  std::optional<int64_t> lower = (b - a).getLowerBound();
  return lower && *lower >= 0;
}

/// Whether places in the arena may have bytes in common.
static bool mayOverlap(Plan &plan, unsigned a, unsigned b) {
  const Storage &x = plan.storages[a], &y = plan.storages[b];
  if (x.region != Place::Arena || y.region != Place::Arena)
    return false;
  if (plan.below[a].test(b) || plan.below[b].test(a))
    return false;
  auto constant = [](SymExpr e) { return e.getConstant(); };
  if (constant(x.offset) && constant(x.rounded) && constant(y.offset) && constant(y.rounded))
    return *constant(x.offset) < *constant(y.offset) + *constant(y.rounded) &&
           *constant(y.offset) < *constant(x.offset) + *constant(x.rounded);
  return true;
}

Order plan::orderOf(Plan &plan, ArrayRef<Access> earlier, ArrayRef<Access> later, bool placed) {
  Order order = Order::None;
  for (const Access &a : earlier)
    for (const Access &b : later) {
      if (!a.writes && !b.writes)
        continue;
      if (a.storage != b.storage) {
        if (placed && mayOverlap(plan, a.storage, b.storage))
          return Order::All;
        continue;
      }
      // Pieces of one storage.
      if (isAtMost(a.end, b.begin) || isAtMost(b.end, a.begin))
        continue;
      bool own = a.share && b.share && a.share == b.share && a.scratch == b.scratch &&
                 a.begin == b.begin && a.end == b.end;
      if (!own)
        return Order::All;
      order = Order::Own;
    }
  return order;
}

void plan::computeDependences(Plan &plan) {
  size_t n = plan.items.size();
  std::vector<SmallVector<Access>> accesses = accessesOf(plan);
  // What is already implied, and whether for all threads.
  std::vector<llvm::BitVector> reachAll(n, llvm::BitVector(n)), reachOwn(n, llvm::BitVector(n));
  for (size_t j = 0; j < n; ++j) {
    Item &item = plan.items[j];
    for (size_t i = j; i-- > 0;) {
      if (reachAll[j].test(i))
        continue;
      Order order = orderOf(plan, accesses[i], accesses[j], /*placed=*/true);
      bool own = order == Order::Own;
      if (order == Order::None || (own && reachOwn[j].test(i)))
        continue;
      if (own) {
        item.afterOwn.push_back(i);
        reachOwn[j].set(i);
        reachOwn[j] |= reachOwn[i];
        reachAll[j] |= reachAll[i];
      } else {
        item.afterAll.push_back(i);
        reachAll[j].set(i);
        // All threads were past what any thread of i was past.
        reachAll[j] |= reachAll[i];
        reachAll[j] |= reachOwn[i];
      }
      reachOwn[j] |= reachAll[j];
    }
    std::reverse(item.afterOwn.begin(), item.afterOwn.end());
    std::reverse(item.afterAll.begin(), item.afterAll.end());
  }
  // A barrier before a launch that must follow all threads of one since the last barrier.
  int64_t since = 0;
  for (size_t j = 0; j < n; ++j) {
    Item &item = plan.items[j];
    item.barrierBefore = llvm::any_of(item.afterAll, [&](int64_t i) { return i >= since; });
    if (item.barrierBefore)
      since = j;
    // The barrier between its phases has all earlier ones behind it.
    if (item.phases > 1)
      since = j;
  }
}
