//===- Placement.cpp - Offsets in the arena -------------------------------===//
//
// Storages alive together must not overlap. At several points (sizes and numbers
// of threads, the usual ones first) several orders are tried, each storage going
// to the lowest gap that fits. A result is kept as an order "below" only: an
// offset is the maximum over those below and alive together of (offset + size).
// That is right for all sizes and never above what was found; of all orders the
// one is taken whose worst ratio to the lower bound over the points is smallest.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

struct Span {
  unsigned storage = 0;
  int64_t bytes = 0; ///< at the point in question
  SmallVector<int64_t, 8> atPoint;
  int64_t first = 0, last = 0; ///< nothing else takes its place from here to there
  SymExpr size;
};

bool overlap(const Span &a, const Span &b) { return a.first <= b.last && b.first <= a.last; }

class Placer {
public:
  explicit Placer(std::vector<Span> &blocks, int64_t bound) : blocks(blocks), bound(bound) {
    neighbours.resize(blocks.size());
    for (unsigned i = 0; i < blocks.size(); ++i)
      for (unsigned j = 0; j < i; ++j)
        if (overlap(blocks[i], blocks[j])) {
          neighbours[i].push_back(j);
          neighbours[j].push_back(i);
        }
  }

  /// Offsets of the best placement found.
  std::vector<int64_t> run() {
    auto duration = [&](unsigned i) { return blocks[i].last - blocks[i].first + 1; };
    auto size = [&](unsigned i) { return blocks[i].bytes; };
    tryOrder([&](unsigned i) { return std::make_pair(size(i), duration(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(size(i) * duration(i), size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(duration(i), size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(-blocks[i].first, size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(blocks[i].last, size(i)); });
    improve();
    return best;
  }

private:
  template <typename KeyFn> void tryOrder(KeyFn key) {
    if (bestTotal == bound)
      return;
    std::vector<unsigned> order(blocks.size());
    for (unsigned i = 0; i < order.size(); ++i)
      order[i] = i;
    llvm::stable_sort(order, [&](unsigned a, unsigned b) { return key(a) > key(b); });
    place(order);
  }

  /// Places in the given order; keeps the result if it is the best.
  bool place(const std::vector<unsigned> &order) {
    std::vector<int64_t> offsets(blocks.size(), -1);
    SmallVector<std::pair<int64_t, int64_t>> taken;
    int64_t total = 0;
    for (unsigned i : order) {
      taken.clear();
      for (unsigned j : neighbours[i])
        if (offsets[j] >= 0 && blocks[j].bytes)
          taken.push_back({offsets[j], offsets[j] + blocks[j].bytes});
      llvm::sort(taken);
      int64_t at = 0;
      for (auto [begin, end] : taken) {
        if (begin - at >= blocks[i].bytes)
          break;
        at = std::max(at, end);
      }
      offsets[i] = at;
      total = std::max(total, at + blocks[i].bytes);
      if (total >= bestTotal)
        return false;
    }
    bestTotal = total;
    best = offsets;
    bestOrder = order;
    return true;
  }

  /// Moves blocks forward in the best order, deterministically, while that helps.
  void improve() {
    uint64_t state = 0x9e3779b97f4a7c15u;
    unsigned n = blocks.size();
    unsigned rounds = n < 2 ? 0 : std::min<unsigned>(2000, 4000000 / (n * 8));
    for (unsigned round = 0; round < rounds && bestTotal > bound; ++round) {
      std::vector<unsigned> order = bestOrder;
      // A block that reaches the top goes before a random one.
      SmallVector<unsigned> top;
      for (unsigned k = 0; k < n; ++k)
        if (best[order[k]] + blocks[order[k]].bytes == bestTotal)
          top.push_back(k);
      state = state * 6364136223846793005u + 1442695040888963407u;
      unsigned from = top[(state >> 33) % top.size()];
      if (round % 3 == 2)
        from = (state >> 40) % n;
      state = state * 6364136223846793005u + 1442695040888963407u;
      unsigned to = (state >> 33) % (from + 1);
      std::rotate(order.begin() + to, order.begin() + from, order.begin() + from + 1);
      place(order);
    }
  }

  std::vector<Span> &blocks;
  int64_t bound;
  std::vector<SmallVector<unsigned>> neighbours;
  std::vector<int64_t> best;
  std::vector<unsigned> bestOrder;
  int64_t bestTotal = INT64_MAX;
};

/// The sums of bytes alive, one per launch, without those that another contains.
std::vector<llvm::BitVector> aliveSets(const std::vector<Span> &blocks, int64_t items) {
  std::vector<llvm::BitVector> sets;
  for (int64_t i = 0; i < items; ++i) {
    llvm::BitVector alive(blocks.size());
    for (unsigned b = 0; b < blocks.size(); ++b)
      if (blocks[b].first <= i && i <= blocks[b].last)
        alive.set(b);
    // Neighbours contain each other most often: look back a little only.
    bool contained = false;
    for (size_t k = sets.size(); k-- > 0 && sets.size() - k <= 8 && !contained;) {
      contained = !alive.test(sets[k]);
      if (!contained && !sets[k].test(alive))
        sets.erase(sets.begin() + k);
    }
    if (!contained)
      sets.push_back(std::move(alive));
  }
  return sets;
}

} // namespace

SymExpr Plan::name(SymExpr value, StringRef prefix) {
  if (value.getKind() == SymExpr::Kind::Constant || value.getKind() == SymExpr::Kind::Symbol)
    return value;
  SymExpr &known = named[value.getAttr()];
  if (!known) {
    // A dimension of the model may be called like a step.
    std::string text;
    do
      text = (prefix + Twine(counts[prefix]++)).str();
    while (llvm::any_of(symbols, [&](rt::SymbolAttr s) { return s.getName() == text; }));
    steps.push_back({text, value});
    known = SymExpr::symbol(getContext(), text);
  }
  return known;
}

int64_t plan::evaluateAt(Plan &plan, SymExpr size, const Point &point) {
  auto value = [&](StringRef name) -> std::optional<int64_t> {
    if (name == rt::MlrtDialect::getThreadsSymbol())
      return point.threads;
    for (rt::SymbolAttr symbol : plan.symbols)
      if (symbol.getName() == name)
        return std::clamp(
            std::min<int64_t>(symbol.getUsual(), int64_t(1) << 40) * point.multiply / point.divide,
            std::max<int64_t>(1, symbol.getMinimum()), std::max<int64_t>(1, symbol.getMaximum()));
    return std::nullopt;
  };
  return std::max<int64_t>(0, size.evaluate(value).value_or(0));
}

/// A placement that spares barriers may take this much above the lower bound.
static constexpr double mostRatioOfWaves = 1.02;

/// Blocks from bottom to top of a placement.
static std::vector<unsigned> bottomUp(ArrayRef<int64_t> offsets) {
  std::vector<unsigned> order(offsets.size());
  for (unsigned i = 0; i < order.size(); ++i)
    order[i] = i;
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::make_pair(offsets[a], a) < std::make_pair(offsets[b], b);
  });
  return order;
}

/// Arena bytes at a point if blocks lie in this order.
static int64_t totalAt(const std::vector<Span> &blocks, ArrayRef<unsigned> order, size_t point) {
  std::vector<int64_t> offsets(blocks.size());
  int64_t total = 0;
  for (size_t k = 0; k < order.size(); ++k) {
    const Span &b = blocks[order[k]];
    int64_t offset = 0;
    for (size_t j = 0; j < k; ++j)
      if (overlap(blocks[order[j]], b))
        offset = std::max(offset, offsets[order[j]] + blocks[order[j]].atPoint[point]);
    offsets[order[k]] = offset;
    total = std::max(total, offset + b.atPoint[point]);
  }
  return total;
}

/// The order of the best placement over all points, and its worst ratio to the bound.
static std::pair<std::vector<unsigned>, double>
chooseOrder(std::vector<Span> &blocks, const std::vector<llvm::BitVector> &alive) {
  std::vector<int64_t> bounds;
  for (size_t p = 0; p < std::size(points); ++p) {
    int64_t bound = 0;
    for (const llvm::BitVector &set : alive) {
      int64_t bytes = 0;
      for (unsigned b : set.set_bits())
        bytes += blocks[b].atPoint[p];
      bound = std::max(bound, bytes);
    }
    bounds.push_back(bound);
  }
  std::vector<unsigned> best;
  double bestRatio = 0;
  for (size_t p = 0; p < std::size(points); ++p) {
    bool isNew = false;
    for (Span &block : blocks) {
      isNew |= p == 0 || block.atPoint[p] != block.atPoint[p - 1];
      block.bytes = block.atPoint[p];
    }
    if (!isNew)
      continue;
    std::vector<unsigned> order = bottomUp(Placer(blocks, bounds[p]).run());
    double ratio = 1;
    for (size_t q = 0; q < std::size(points); ++q)
      if (bounds[q])
        ratio = std::max(ratio, double(totalAt(blocks, order, q)) / double(bounds[q]));
    if (best.empty() || ratio < bestRatio) {
      best = std::move(order);
      bestRatio = ratio;
    }
  }
  return {best, bestRatio};
}

void plan::placeArena(Plan &plan) {
  std::vector<Span> blocks;
  for (unsigned id = 0; id < plan.storages.size(); ++id) {
    Storage &storage = plan.storages[id];
    if (plan.find(id) != id || storage.region != Place::Arena || storage.first < 0)
      continue;
    SymExpr rounded = roundUp(storage.bytes);
    Span block;
    block.storage = id;
    for (const Point &point : points)
      block.atPoint.push_back(evaluateAt(plan, rounded, point));
    block.first = storage.first;
    block.last = storage.last;
    block.size = storage.rounded = plan.name(rounded, "b");
    blocks.push_back(block);
  }

  // No placement needs less than what is alive at one launch.
  std::vector<llvm::BitVector> aliveAt = aliveSets(blocks, plan.items.size());
  SymExpr lower = plan.constant(0);
  for (const llvm::BitVector &alive : aliveAt) {
    SymExpr sum = plan.constant(0);
    for (unsigned b : alive.set_bits())
      sum = sum + blocks[b].size;
    lower = SymExpr::max(lower, sum);
  }
  std::vector<unsigned> order;
  if (!blocks.empty()) {
    double ratio;
    std::tie(order, ratio) = chooseOrder(blocks, aliveAt);
    // Keeping neighbours apart saves barriers, but must not cost memory.
    std::vector<Span> apart = blocks;
    bool differs = false;
    for (Span &block : apart) {
      const Storage &storage = plan.storages[block.storage];
      differs |= block.first != storage.keptFirst || block.last != storage.keptLast;
      block.first = storage.keptFirst;
      block.last = storage.keptLast;
    }
    if (differs) {
      auto [other, otherRatio] = chooseOrder(apart, aliveAt);
      if (otherRatio <= std::max(ratio, mostRatioOfWaves)) {
        order = std::move(other);
        blocks = std::move(apart);
      }
    }
  }

  // `below` in block numbers; transitive.
  std::vector<llvm::BitVector> below(blocks.size(), llvm::BitVector(blocks.size()));
  llvm::BitVector covered(blocks.size());
  SymExpr total = plan.constant(0);
  for (size_t k = 0; k < order.size(); ++k) {
    unsigned b = order[k];
    Storage &storage = plan.storages[blocks[b].storage];
    SymExpr offset = plan.constant(0);
    // From the nearest down: what lies below one that counts need not be counted.
    for (size_t j = k; j-- > 0;) {
      unsigned a = order[j];
      if (!overlap(blocks[a], blocks[b]))
        continue;
      if (below[b].test(a))
        continue;
      offset = SymExpr::max(offset, plan.storages[blocks[a].storage].offset + blocks[a].size);
      below[b].set(a);
      below[b] |= below[a];
    }
    storage.offset = plan.name(offset, "o");
    covered |= below[b];
  }
  for (unsigned b : order)
    if (!covered.test(b))
      total = SymExpr::max(total, plan.storages[blocks[b].storage].offset + blocks[b].size);
  plan.arenaBytes = plan.name(total, "arena");
  plan.lowerBound = plan.name(lower, "bound");

  for (unsigned b = 0; b < blocks.size(); ++b) {
    llvm::BitVector ids(plan.storages.size());
    for (unsigned a : below[b].set_bits())
      ids.set(blocks[a].storage);
    plan.below[blocks[b].storage] = std::move(ids);
  }
}
