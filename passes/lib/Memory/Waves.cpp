//===- Waves.cpp - Launches that may run beside one another ---------------===//
//
// Launches between which no data flows need no barrier, unless one writes into
// memory that another has just been done with. Runs of such launches (waves) are
// found before placement; what is alive in a part of a wave then keeps its place
// for the whole of it. A wave ends early where that would take more than the
// lower bound. Scratch of equal bytes per thread is one place for a wave: a
// thread meets nobody there.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

class WaveFinder {
public:
  explicit WaveFinder(Plan &plan) : plan(plan), accesses(accessesOf(plan)) {
    for (unsigned id = 0; id < plan.storages.size(); ++id) {
      const Storage &storage = plan.storages[id];
      if (plan.find(id) != id || storage.region != Place::Arena || storage.first < 0)
        continue;
      roots.push_back(id);
      SmallVector<int64_t> bytes;
      for (const Point &point : points)
        bytes.push_back(evaluateAt(plan, roundUp(storage.bytes), point));
      bytesOf[id] = std::move(bytes);
    }
    for (const Item &item : plan.items)
      if (item.scratch && item.threadScratch)
        threadScratch[plan.find(*item.scratch)] = item.threadScratch;
    bound.assign(std::size(points), 0);
    for (size_t i = 0; i < plan.items.size(); ++i) {
      SmallVector<int64_t> alive = aliveIn(i, i);
      for (size_t p = 0; p < alive.size(); ++p)
        bound[p] = std::max(bound[p], alive[p]);
    }
  }

  void run() {
    int64_t begin = 0, since = 0, n = plan.items.size();
    std::vector<std::pair<int64_t, int64_t>> waves(n);
    auto close = [&](int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        waves[i] = {begin, end - 1};
      shareScratch(begin, end - 1);
      begin = end;
    };
    for (int64_t j = 0; j < n; ++j) {
      bool barrier = false;
      for (int64_t i = since; i < j && !barrier; ++i)
        barrier = orderOf(plan, accesses[i], accesses[j], /*placed=*/false) == Order::All;
      if (barrier)
        since = j;
      // Between the phases of a launch all meet.
      if (plan.items[j].phases > 1)
        since = j;
      if (barrier || !fits(begin, j))
        close(j);
    }
    close(n);
    for (unsigned id : roots) {
      Storage &storage = plan.storages[id];
      if (plan.find(id) != id)
        continue;
      storage.keptFirst = waves[storage.first].first;
      storage.keptLast = waves[storage.last].second;
    }
  }

private:
  /// Bytes alive at some launch of a range, per point.
  SmallVector<int64_t> aliveIn(int64_t begin, int64_t end) {
    SmallVector<int64_t> sums(std::size(points), 0);
    SmallVector<SymExpr> counted;
    for (unsigned id : roots) {
      const Storage &storage = plan.storages[id];
      if (storage.first > end || storage.last < begin || plan.find(id) != id)
        continue;
      if (SymExpr scratch = threadScratch.lookup(id)) {
        if (llvm::is_contained(counted, scratch))
          continue;
        counted.push_back(scratch);
      }
      for (size_t p = 0; p < sums.size(); ++p)
        sums[p] += bytesOf[id][p];
    }
    return sums;
  }

  bool fits(int64_t begin, int64_t end) {
    SmallVector<int64_t> sums = aliveIn(begin, end);
    for (size_t p = 0; p < sums.size(); ++p)
      if (sums[p] > bound[p])
        return false;
    return true;
  }

  void shareScratch(int64_t begin, int64_t end) {
    SmallVector<std::pair<SymExpr, unsigned>> known;
    for (int64_t i = begin; i <= end; ++i) {
      Item &item = plan.items[i];
      if (!item.scratch || !item.threadScratch)
        continue;
      auto it = llvm::find_if(known, [&](auto &k) { return k.first == item.threadScratch; });
      if (it == known.end())
        known.push_back({item.threadScratch, *item.scratch});
      else
        plan.merge(it->second, *item.scratch);
    }
  }

  Plan &plan;
  std::vector<SmallVector<Access>> accesses;
  SmallVector<unsigned> roots;
  llvm::DenseMap<unsigned, SmallVector<int64_t>> bytesOf;
  llvm::DenseMap<unsigned, SymExpr> threadScratch;
  SmallVector<int64_t> bound;
};

} // namespace

void plan::findWaves(Plan &plan) { WaveFinder(plan).run(); }
