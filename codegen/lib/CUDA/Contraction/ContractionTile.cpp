//===- ContractionTile.cpp - Tiles of matrix products on a GPU ------------===//
//
// A model, not a table: its constants are latencies and rates of the data-center
// chips as their makers and public measurements state them.
//
//===----------------------------------------------------------------------===//
#include "ContractionTile.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlopt;

/// Nanoseconds from asking for a stage's bytes to having them in shared memory.
static constexpr double latencyNs = 500;
/// Of a kernel beside the steps over k: launch, first bytes, the way out.
static constexpr double overheadNs = 2000;
/// The second level of cache gives about this many times the bandwidth of device memory.
static constexpr double l2Factor = 2.0;
/// What one multiprocessor reads of it.
static constexpr double processorBytesPerNs = 90;
/// Most parts of k.
static constexpr int64_t mostSplits = 64;

int64_t ContractionTile::registers() const {
  int64_t fragments =
      math == TileMath::Fma ? warpM() / lanesM + warpN() / lanesN : warpM() / 4 + warpN() / 4;
  // Addresses, and what follows the product.
  int64_t others = math == TileMath::Fma ? 64 : 48;
  return llvm::alignTo(accumulators() + fragments + others, 8);
}

int64_t ContractionTile::occupancy(const GpuDescription &gpu) const {
  int64_t byRegisters = gpu.registers / (threads() * registers());
  // A block's share has a KiB of the system's beside its own.
  int64_t byShared = gpu.processorSharedBytes / (sharedBytes() + 1024);
  return std::max<int64_t>(
      1, std::min({byRegisters, byShared, int64_t(2048) / threads(), int64_t(16)}));
}

int64_t ContractionTile::wantedBlocks(const GpuDescription &gpu) const {
  int64_t threadsWanted = math != TileMath::Fma && accumulators() >= 64 ? 256 : 384;
  return std::clamp<int64_t>(threadsWanted / threads(), 1, occupancy(gpu));
}

/// Part of the multipliers' peak that warps of this shape reach: fragments are read from shared
/// memory warpM + warpN times for warpM * warpN products.
static double rateOf(const ContractionTile &t) {
  if (t.math == TileMath::Fma) {
    double perThread = t.accumulators();
    return perThread >= 64 ? 0.85 : perThread >= 32 ? 0.7 : 0.5;
  }
  double reuse = double(t.warpM() * t.warpN()) / double(t.warpM() + t.warpN());
  return 0.65 * std::min(1.0, 0.35 + 0.65 * reuse / 32);
}

double mlopt::contractionTime(const ContractionTile &t, const ContractionProblem &problem,
                              const GpuDescription &gpu) {
  int64_t m = std::max<int64_t>(1, problem.m.value_or(2048)),
          n = std::max<int64_t>(1, problem.n.value_or(512)),
          k = std::max<int64_t>(1, problem.k.value_or(512)),
          items = std::max<int64_t>(1, problem.items.value_or(1));
  double peak = t.math == TileMath::Half   ? gpu.halfFlopsPerNs
                : t.math == TileMath::Tf32 ? gpu.halfFlopsPerNs / 2
                                           : gpu.flopsPerNs;
  int64_t tiles = llvm::divideCeil(m, t.m) * llvm::divideCeil(n, t.n) * items;
  int64_t blocks = tiles * t.splits, occupancy = t.occupancy(gpu);
  double steps = llvm::divideCeil(llvm::divideCeil(k, t.k), t.splits);
  // One step of one block, with nothing else on its multiprocessor.
  double stepBytes = double(std::min(m, t.m) + std::min(n, t.n)) * t.k * t.elementBytes();
  double mathNs = 2.0 * t.m * t.n * t.k / (peak / gpu.processors * rateOf(t));
  double stepNs = std::max(mathNs, stepBytes / processorBytesPerNs);
  auto wave = [&](int64_t resident) {
    return steps * std::max(resident * stepNs, latencyNs / (t.stages - 1)) + latencyNs;
  };
  int64_t perWave = gpu.processors * occupancy, whole = blocks / perWave, rest = blocks % perWave;
  double ns = whole * wave(occupancy);
  if (rest)
    ns += wave(llvm::divideCeil(rest, gpu.processors));
  double bytes = t.elementBytes();
  double once = (double(m) * k + double(k) * n + double(m) * n) * bytes * items;
  double staged = double(blocks) * steps * stepBytes;
  // Few blocks cannot ask for as much as memory gives.
  double reach = std::min(1.0, double(blocks) * (t.stages - 1) * stepBytes /
                                   (gpu.bytesPerNs * latencyNs * 1.5));
  ns = std::max({ns, once / (gpu.bytesPerNs * reach), staged / (gpu.bytesPerNs * l2Factor)});
  if (problem.byElements)
    ns *= 2;
  // Pieces of sums go out and come back, by a second launch.
  if (t.splits > 1)
    ns += overheadNs + double(t.splits) * m * n * items * 8 / (gpu.bytesPerNs * l2Factor);
  // Of equals the one that multiplies fewer zeros.
  return ns + overheadNs + 0.02 * blocks * steps * mathNs / gpu.processors;
}

SmallVector<ContractionTile> mlopt::contractionTiles(TileMath math, bool byElements) {
  SmallVector<ContractionTile> tiles;
  auto add = [&](int64_t m, int64_t n, int64_t warpsM, int64_t warpsN, int64_t k, int64_t stages,
                 int64_t lanesM = 4) {
    ContractionTile t;
    t.math = math;
    t.m = m, t.n = n, t.k = k;
    t.warpsM = warpsM, t.warpsN = warpsN, t.stages = stages;
    t.lanesM = lanesM, t.lanesN = 32 / lanesM;
    tiles.push_back(t);
  };
  if (math == TileMath::Fma) {
    if (!byElements)
      add(128, 128, 4, 2, 16, 3);
    add(128, 64, 4, 1, 16, 3);
    add(64, 128, 2, 2, 16, 3);
    add(64, 64, 4, 1, 16, 4);
    add(32, 64, 2, 1, 32, 4);
    add(16, 128, 1, 4, 32, 4);
    add(16, 64, 1, 2, 32, 4);
    add(4, 128, 1, 1, 32, 6, 1);
    add(4, 256, 1, 2, 32, 3, 1);
    return tiles;
  }
  // Rows of a stage have 128 bytes; fewer where large tiles of words leave few registers for
  // addresses, where more stages are worth more, and where elements are copied one by one.
  bool half = math == TileMath::Half;
  int64_t few = half ? 32 : 16, many = byElements ? few : half ? 64 : 32, large = half ? 64 : 16;
  if (!byElements) {
    add(256, 128, 4, 2, few, 4);
    add(128, 256, 2, 4, few, 4);
    add(128, 128, 2, 2, few, 4);
    if (half)
      add(128, 128, 2, 2, large, 3);
    add(128, 64, 2, 2, large, half ? 3 : 4);
    add(64, 128, 2, 2, large, half ? 3 : 4);
  }
  add(64, 64, 2, 2, many, 4);
  add(64, 32, 4, 1, many, 4);
  add(32, 64, 2, 2, many, 4);
  add(32, 32, 2, 1, many, 4);
  // Few rows: weights stream by, and more of them have to be on their way.
  add(16, 128, 1, 4, many, 4);
  add(16, 64, 1, 2, many, 6);
  return tiles;
}

ContractionTile mlopt::chooseContractionTile(const ContractionProblem &problem,
                                             const GpuDescription &gpu) {
  std::optional<ContractionTile> best;
  double bestNs = 0;
  for (ContractionTile t : contractionTiles(problem.math, problem.byElements)) {
    bool halfSectors = problem.leftTurned && t.m * t.elementBytes() < 32;
    if (t.sharedBytes() > gpu.sharedBytes || halfSectors)
      continue;
    int64_t steps = llvm::divideCeil(problem.k.value_or(512), t.k);
    for (int64_t splits : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}) {
      // A part has work for all its stages.
      if (splits > 1 && (splits > mostSplits || steps < splits * t.stages || !problem.m ||
                         !problem.n || !problem.k))
        break;
      t.splits = splits;
      double ns = contractionTime(t, problem, gpu);
      if (!best || ns < bestNs) {
        best = t;
        bestNs = ns;
      }
    }
  }
  best->blocksPerProcessor = best->wantedBlocks(gpu);
  return *best;
}

std::optional<ContractionTile> mlopt::chooseFewRowsTile(const ContractionProblem &problem,
                                                        const ContractionTile &many,
                                                        const GpuDescription &gpu, int64_t &rows) {
  for (rows = 512; rows >= 16; rows /= 2) {
    ContractionProblem few = problem;
    few.m = rows;
    ContractionTile tile = chooseContractionTile(few, gpu);
    if (contractionTime(tile, few, gpu) < 0.85 * contractionTime(many, few, gpu))
      return tile;
  }
  return std::nullopt;
}

void ContractionTile::print(MLIRContext *context, SmallVectorImpl<NamedAttribute> &attrs) const {
  Builder builder(context);
  auto set = [&](StringRef name, int64_t value) {
    attrs.push_back(builder.getNamedAttr(name, builder.getI64IntegerAttr(value)));
  };
  static constexpr StringLiteral names[] = {"mma_f16", "mma_tf32", "fma"};
  attrs.push_back(
      builder.getNamedAttr("math", builder.getStringAttr(names[static_cast<int>(math)])));
  set("blocks", blocksPerProcessor);
  set("k", k);
  set("lanes_m", lanesM);
  set("m", m);
  set("n", n);
  set("splits", splits);
  set("stages", stages);
  set("warps_m", warpsM);
  set("warps_n", warpsN);
}

ContractionTile ContractionTile::parse(DictionaryAttr params) { return parse(params, {}); }

ContractionTile ContractionTile::parse(DictionaryAttr params, ContractionTile t) {
  auto get = [&](StringRef name, int64_t &value) {
    if (auto attr = params.getAs<IntegerAttr>(name))
      value = attr.getInt();
  };
  if (auto math = params.getAs<StringAttr>("math"))
    t.math = math == "mma_f16"    ? TileMath::Half
             : math == "mma_tf32" ? TileMath::Tf32
                                  : TileMath::Fma;
  get("blocks", t.blocksPerProcessor);
  get("k", t.k);
  get("lanes_m", t.lanesM);
  t.lanesN = 32 / t.lanesM;
  get("m", t.m);
  get("n", t.n);
  get("splits", t.splits);
  get("stages", t.stages);
  get("warps_m", t.warpsM);
  get("warps_n", t.warpsN);
  return t;
}
