//===- Dependences.cpp - What a launch must follow ------------------------===//
//
// Two launches conflict where one writes bytes that the other touches. Memory of
// different regions is disjoint; so are two places in the arena of which the
// order of placement puts one below the other. A conflict binds a thread to its
// own earlier part only (`own`) where both touch one storage in equal shares.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

/// What an item does to a storage (a root).
struct Access {
  unsigned storage;
  bool writes = false;
  bool part = true; ///< every operand that is this storage is touched in the own share only
};

SmallVector<Access> accessesOf(Plan &plan, const Item &item) {
  SmallVector<Access> accesses;
  auto add = [&](unsigned id, bool writes, bool part) {
    unsigned root = plan.find(id);
    if (plan.storages[root].region == Place::Input || plan.storages[root].region == Place::Weight)
      return;
    auto it = llvm::find_if(accesses, [&](Access &a) { return a.storage == root; });
    if (it == accesses.end()) {
      accesses.push_back({root, false, true});
      it = std::prev(accesses.end());
    }
    it->writes |= writes;
    it->part &= part;
  };
  for (auto [id, part] : llvm::zip_equal(item.ins, item.insPart))
    add(id, false, part);
  for (auto [id, part] : llvm::zip_equal(item.outs, item.outsPart))
    add(id, true, part);
  if (item.scratch)
    add(*item.scratch, true, false);
  return accesses;
}

bool mayOverlap(Plan &plan, unsigned a, unsigned b) {
  const Storage &x = plan.storages[a], &y = plan.storages[b];
  if (a == b)
    return true;
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

} // namespace

void plan::computeDependences(Plan &plan) {
  size_t n = plan.items.size();
  std::vector<SmallVector<Access>> accesses;
  for (const Item &item : plan.items)
    accesses.push_back(accessesOf(plan, item));
  // What is already implied, and whether for all threads.
  std::vector<llvm::BitVector> reachAll(n, llvm::BitVector(n)), reachOwn(n, llvm::BitVector(n));
  for (size_t j = 0; j < n; ++j) {
    Item &item = plan.items[j];
    for (size_t i = j; i-- > 0;) {
      if (reachAll[j].test(i))
        continue;
      bool conflict = false, own = true;
      for (const Access &a : accesses[i])
        for (const Access &b : accesses[j]) {
          if ((!a.writes && !b.writes) || !mayOverlap(plan, a.storage, b.storage))
            continue;
          conflict = true;
          SymExpr units = plan.items[i].units;
          own &= a.storage == b.storage && a.part && b.part && units && units == item.units;
        }
      if (!conflict || (own && reachOwn[j].test(i)))
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
