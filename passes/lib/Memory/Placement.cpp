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
#include <array>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

struct Span {
  unsigned storage = 0;
  SmallVector<int64_t, 8> atPoint; ///< bytes
  int64_t first = 0, last = 0; ///< nothing else takes its place from here to there
  SymExpr size;
};

bool overlap(const Span &a, const Span &b) { return a.first <= b.last && b.first <= a.last; }

/// Places blocks at one point after the other.
class Placer {
public:
  explicit Placer(const std::vector<Span> &blocks) : blocks(blocks), bytes(blocks.size()) {
    neighbours.resize(blocks.size());
    for (unsigned i = 0; i < blocks.size(); ++i)
      for (unsigned j = 0; j < i; ++j)
        if (overlap(blocks[i], blocks[j])) {
          neighbours[i].push_back(j);
          neighbours[j].push_back(i);
        }
  }

  /// Offsets of the best placement found at a point, which cannot need less than `lowest` bytes.
  std::vector<int64_t> run(size_t point, int64_t lowest) {
    bound = lowest;
    best.clear();
    bestOrder.clear();
    bestTaken.clear();
    bestTotal = INT64_MAX;
    for (unsigned i = 0; i < blocks.size(); ++i)
      bytes[i] = blocks[i].atPoint[point];
    auto duration = [&](unsigned i) { return blocks[i].last - blocks[i].first + 1; };
    auto size = [&](unsigned i) { return bytes[i]; };
    tryOrder([&](unsigned i) { return std::make_pair(size(i), duration(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(size(i) * duration(i), size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(duration(i), size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(-blocks[i].first, size(i)); });
    tryOrder([&](unsigned i) { return std::make_pair(blocks[i].last, size(i)); });
    improve();
    return best;
  }

private:
  /// A block that has its place.
  struct Taken {
    int64_t begin, end;
    int64_t first, last;
    unsigned block;
  };

  template <typename KeyFn> void tryOrder(KeyFn key) {
    if (bestTotal == bound)
      return;
    std::vector<unsigned> order(blocks.size());
    for (unsigned i = 0; i < order.size(); ++i)
      order[i] = i;
    llvm::stable_sort(order, [&](unsigned a, unsigned b) { return key(a) > key(b); });
    place(order, 0);
  }

  /// Places in the given order, of which the first `kept` stand where the best
  /// placement has them; keeps the result if it is the best.
  bool place(const std::vector<unsigned> &order, unsigned kept) {
    offsets.assign(blocks.size(), -1);
    taken.clear();
    int64_t total = 0;
    for (unsigned i : ArrayRef(order).take_front(kept)) {
      offsets[i] = best[i];
      total = std::max(total, best[i] + bytes[i]);
    }
    if (kept)
      llvm::copy_if(bestTaken, std::back_inserter(taken),
                    [&](const Taken &t) { return offsets[t.block] >= 0; });
    work += blocks.size();
    for (unsigned i : ArrayRef(order).drop_front(kept)) {
      int64_t at = bytes[i] ? lowestGap(i) : 0;
      total = std::max(total, at + bytes[i]);
      if (total >= bestTotal)
        return false;
      offsets[i] = at;
      if (!bytes[i])
        continue;
      auto behind =
          llvm::upper_bound(taken, at, [](int64_t v, const Taken &t) { return v < t.begin; });
      taken.insert(behind, {at, at + bytes[i], blocks[i].first, blocks[i].last, i});
    }
    bestTotal = total;
    best = offsets;
    bestOrder = order;
    bestTaken = taken;
    return true;
  }

  /// The lowest offset at which a block meets none of those placed, or one that is
  /// too high to be of use.
  int64_t lowestGap(unsigned i) {
    int64_t at = 0, size = bytes[i];
    // Few neighbours are sorted sooner than all those placed are looked at.
    if (neighbours[i].size() * 8 < taken.size()) {
      near.clear();
      for (unsigned j : neighbours[i])
        if (offsets[j] >= 0 && bytes[j])
          near.push_back({offsets[j], offsets[j] + bytes[j]});
      llvm::sort(near);
      work += neighbours[i].size() * 8;
      for (auto [begin, end] : near) {
        if (begin - at >= size)
          break;
        at = std::max(at, end);
      }
      return at;
    }
    int64_t first = blocks[i].first, last = blocks[i].last;
    const Taken *t = taken.begin(), *end = taken.end();
    for (; t != end; ++t) {
      if (t->first > last || t->last < first)
        continue;
      if (t->begin - at >= size)
        break;
      at = std::max(at, t->end);
      if (at + size >= bestTotal)
        break;
    }
    work += t - taken.begin();
    return at;
  }

  /// Moves blocks forward in the best order, deterministically, while that helps.
  void improve() {
    uint64_t state = 0x9e3779b97f4a7c15u;
    unsigned n = blocks.size();
    unsigned rounds = n < 2 ? 0 : std::min<unsigned>(2000, 4000000 / (n * 8));
    SmallVector<unsigned> top;
    int64_t topOf = -1;
    work = 0;
    for (unsigned round = 0; round < rounds && bestTotal > bound && work < mostWork; ++round) {
      // A block that reaches the top goes before a random one.
      if (topOf != bestTotal) {
        top.clear();
        for (unsigned k = 0; k < n; ++k)
          if (best[bestOrder[k]] + bytes[bestOrder[k]] == bestTotal)
            top.push_back(k);
        topOf = bestTotal;
      }
      state = state * 6364136223846793005u + 1442695040888963407u;
      unsigned from = top[(state >> 33) % top.size()];
      if (round % 3 == 2)
        from = (state >> 40) % n;
      state = state * 6364136223846793005u + 1442695040888963407u;
      unsigned to = (state >> 33) % (from + 1);
      order = bestOrder;
      std::rotate(order.begin() + to, order.begin() + from, order.begin() + from + 1);
      place(order, to);
    }
  }

  /// Looks at a block that is placed, of a search at one point.
  static constexpr int64_t mostWork = 30'000'000;

  const std::vector<Span> &blocks;
  std::vector<SmallVector<unsigned>> neighbours;
  // Of the point in question.
  int64_t bound = 0;
  std::vector<int64_t> bytes;
  std::vector<int64_t> best;
  std::vector<unsigned> bestOrder;
  SmallVector<Taken> bestTaken; ///< without blocks of no bytes, from bottom to top
  int64_t bestTotal = INT64_MAX;
  int64_t work = 0;
  // Of the placement being made.
  std::vector<unsigned> order;
  std::vector<int64_t> offsets; ///< -1: not yet placed
  SmallVector<Taken> taken;     ///< as bestTaken
  SmallVector<std::pair<int64_t, int64_t>> near;
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

/// Arena bytes at each point if blocks lie in this order.
static std::vector<int64_t> totalsOf(const std::vector<Span> &blocks, ArrayRef<unsigned> order) {
  constexpr size_t count = std::size(points);
  std::vector<std::array<int64_t, count>> tops(blocks.size());
  std::vector<int64_t> totals(count, 0);
  for (size_t k = 0; k < order.size(); ++k) {
    const Span &b = blocks[order[k]];
    std::array<int64_t, count> top = {};
    for (size_t j = 0; j < k; ++j)
      if (overlap(blocks[order[j]], b))
        for (size_t p = 0; p < count; ++p)
          top[p] = std::max(top[p], tops[order[j]][p]);
    for (size_t p = 0; p < count; ++p) {
      top[p] += b.atPoint[p];
      totals[p] = std::max(totals[p], top[p]);
    }
    tops[order[k]] = top;
  }
  return totals;
}

/// Whether all sizes at a point are those at an earlier one.
static bool isRepeated(const std::vector<Span> &blocks, size_t point) {
  for (size_t q = 0; q < point; ++q)
    if (llvm::all_of(blocks, [&](const Span &b) { return b.atPoint[q] == b.atPoint[point]; }))
      return true;
  return false;
}

/// The order of the best placement over all points, and its worst ratio to the bound.
static std::pair<std::vector<unsigned>, double>
chooseOrder(const std::vector<Span> &blocks, const std::vector<llvm::BitVector> &alive) {
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
  Placer placer(blocks);
  std::vector<unsigned> best;
  double bestRatio = 0;
  for (size_t p = 0; p < std::size(points); ++p) {
    if (isRepeated(blocks, p))
      continue;
    std::vector<unsigned> order = bottomUp(placer.run(p, bounds[p]));
    std::vector<int64_t> totals = totalsOf(blocks, order);
    double ratio = 1;
    for (size_t q = 0; q < std::size(points); ++q)
      if (bounds[q])
        ratio = std::max(ratio, double(totals[q]) / double(bounds[q]));
    if (best.empty() || ratio < bestRatio) {
      best = std::move(order);
      bestRatio = ratio;
    }
  }
  return {best, bestRatio};
}

/// All parts in one sum or maximum. What two of them give costs as much as they
/// have operands: neighbours first is cheaper than one after the other.
static SymExpr combine(SmallVector<SymExpr> parts, SymExpr (*pair)(SymExpr, SymExpr)) {
  while (parts.size() > 1) {
    size_t half = parts.size() / 2;
    for (size_t i = 0; i < half; ++i)
      parts[i] = pair(parts[2 * i], parts[2 * i + 1]);
    if (parts.size() % 2)
      parts[half++] = parts.back();
    parts.truncate(half);
  }
  return parts[0];
}

/// The largest sum of bytes that are alive together: of which sizes, and how often.
/// Sums that another one is never below are left out before they become expressions.
static SymExpr lowerBoundOf(Plan &plan, const std::vector<Span> &blocks,
                            const std::vector<llvm::BitVector> &alive) {
  // A size is a constant, or the name of a step, which is never negative.
  SmallVector<SymExpr> names{plan.constant(1)};
  llvm::DenseMap<Attribute, unsigned> known;
  SmallVector<std::pair<unsigned, int64_t>> sizes; // which name, how often
  for (const Span &block : blocks) {
    if (std::optional<int64_t> bytes = block.size.getConstant()) {
      sizes.push_back({0, *bytes});
      continue;
    }
    auto [it, isNew] = known.try_emplace(block.size.getAttr(), names.size());
    if (isNew)
      names.push_back(block.size);
    sizes.push_back({it->second, 1});
  }
  std::vector<SmallVector<int64_t>> sums;
  for (const llvm::BitVector &set : alive) {
    SmallVector<int64_t> sum(names.size(), 0);
    for (unsigned b : set.set_bits())
      sum[sizes[b].first] += sizes[b].second;
    auto isBelow = [](ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
      return llvm::all_of(llvm::zip_equal(a, b),
                          [](auto pair) { return std::get<0>(pair) <= std::get<1>(pair); });
    };
    if (llvm::any_of(sums, [&](ArrayRef<int64_t> other) { return isBelow(sum, other); }))
      continue;
    llvm::erase_if(sums, [&](ArrayRef<int64_t> other) { return isBelow(other, sum); });
    sums.push_back(std::move(sum));
  }
  SmallVector<SymExpr> candidates{plan.constant(0)};
  for (const SmallVector<int64_t> &sum : sums) {
    SmallVector<SymExpr> terms{plan.constant(sum[0])};
    for (size_t i = 1; i < names.size(); ++i)
      if (sum[i])
        terms.push_back(names[i] * sum[i]);
    candidates.push_back(combine(std::move(terms), [](SymExpr a, SymExpr b) { return a + b; }));
  }
  return combine(std::move(candidates), SymExpr::max);
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
  SymExpr lower = lowerBoundOf(plan, blocks, aliveAt);
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
  for (size_t k = 0; k < order.size(); ++k) {
    unsigned b = order[k];
    Storage &storage = plan.storages[blocks[b].storage];
    SmallVector<SymExpr> tops{plan.constant(0)};
    // From the nearest down: what lies below one that counts need not be counted.
    for (size_t j = k; j-- > 0;) {
      unsigned a = order[j];
      if (!overlap(blocks[a], blocks[b]))
        continue;
      if (below[b].test(a))
        continue;
      tops.push_back(plan.storages[blocks[a].storage].offset + blocks[a].size);
      below[b].set(a);
      below[b] |= below[a];
    }
    storage.offset = plan.name(combine(std::move(tops), SymExpr::max), "o");
    covered |= below[b];
  }
  SmallVector<SymExpr> tops{plan.constant(0)};
  for (unsigned b : order)
    if (!covered.test(b))
      tops.push_back(plan.storages[blocks[b].storage].offset + blocks[b].size);
  plan.arenaBytes = plan.name(combine(std::move(tops), SymExpr::max), "arena");
  plan.lowerBound = plan.name(lower, "bound");

  for (unsigned b = 0; b < blocks.size(); ++b) {
    llvm::BitVector ids(plan.storages.size());
    for (unsigned a : below[b].set_bits())
      ids.set(blocks[a].storage);
    plan.below[blocks[b].storage] = std::move(ids);
  }
}
