//===- BlockingModel.cpp - Tile sizes of matrix products ------------------===//
//
// The measurements behind the numbers are in the CPU performance notes: every
// tile with at least 12 accumulators and at least 2 weight vectors per
// broadcast reaches the rate of the multipliers, wider tiles spill; blocking k
// only costs until a panel outgrows the second-level cache; prefetching the
// weights 8 KiB ahead pays where they stream from memory.
//
//===----------------------------------------------------------------------===//
#include "BlockingModel.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlopt;

/// Accumulators that hide the latency of a fused product.
static constexpr int64_t enoughAccumulators = 12;

/// Most rows of a tile of `vectors` vectors: accumulators, one row of weights,
/// one broadcast, and one register to spare where the file is small; a product
/// that is not fused needs a place of its own.
static int64_t mostRows(int64_t vectors, const TargetDescription &target, const ContractionSizes &sizes = {}) {
  int64_t budget = target.vectorRegisters - 1 - sizes.productRegisters.value_or(target.hasFMA ? 0 : 1);
  return std::max<int64_t>(0, (budget - vectors * sizes.rightRegisters - sizes.leftRegisters) / vectors);
}

ContractionBlocking mlopt::chooseBlocking(const ContractionSizes &sizes, const TargetDescription &target) {
  ContractionBlocking b;
  b.lanes = target.lanes(sizes.sumBytes);
  b.vectors = 2;
  if (sizes.n && *sizes.n <= b.lanes) {
    b.vectors = 1;
    b.rows = std::min<int64_t>(mostRows(1, target, sizes), 14);
  } else {
    b.rows = mostRows(2, target, sizes);
    // Few rows: wider tiles keep the multipliers busy.
    while (sizes.m && *sizes.m * b.vectors < enoughAccumulators &&
           mostRows(2 * b.vectors, target, sizes) >= std::max<int64_t>(1, *sizes.m) &&
           (!sizes.n || *sizes.n > b.vectors * b.lanes))
      b.vectors *= 2;
    // Rows of A a multiple of 4 KiB apart fall into the same sets of the
    // first-level cache: fewer of them at a time, once A does not stay in L2.
    if (b.vectors == 2 && sizes.m && sizes.k && *sizes.m * *sizes.k * sizes.sumBytes > target.l2Bytes &&
        *sizes.k * sizes.sumBytes % 4096 == 0 && mostRows(4, target, sizes) * 4 >= enoughAccumulators)
      b.vectors = 4;
    b.rows = mostRows(b.vectors, target, sizes);
  }
  if (sizes.m)
    b.rows = std::min(b.rows, std::max<int64_t>(1, *sizes.m));

  bool oneTile = sizes.m && *sizes.m <= b.rows;
  // A panel of k steps should leave most of L2 to A and C.
  int64_t mostSteps = std::max<int64_t>(256, 3 * target.l2Bytes / 8 / (b.width() * sizes.rightBytes));
  if (sizes.k && *sizes.k > mostSteps && !oneTile) {
    int64_t blocks = llvm::divideCeil(*sizes.k, mostSteps * 2 / 3);
    b.kc = llvm::divideCeil(*sizes.k, blocks);
    b.rowBlock = 8 * b.rows;
  }
  // Small tiles: the loop itself would cost as much as their products.
  if (b.rows * b.vectors * sizes.rightRegisters <= 14)
    b.unroll = 4;

  bool weights = sizes.panelWidth != 0;
  if (weights && sizes.n && sizes.k && *sizes.n * *sizes.k * sizes.rightBytes > target.l2Bytes && (!sizes.m || *sizes.m >= 4))
    b.prefetchBytes = 8192;

  // Columns are divided among threads, so that each reads only its weights;
  // rows too where there are few columns. A packed run-time operand belongs to
  // its columns.
  int64_t unitWidth = std::max(b.width(), sizes.panelWidth);
  bool manyColumns = sizes.n && llvm::divideCeil(*sizes.n, unitWidth) >= 12;
  if (weights && !manyColumns && !oneTile && (!sizes.m || *sizes.m > 4 * b.rows))
    b.unitRows = 4 * b.rows;
  return b;
}

/// Steps of k in a round: a panel of 32 columns of f32 takes 128 KiB of the second-level cache, and a
/// chain of sums is no longer than this.
static constexpr int64_t roundSteps = 1024;

void mlopt::choosePackedBlocking(ContractionBlocking &b, const ContractionSizes &sizes, const TargetDescription &target) {
  if (!sizes.m || (sizes.k && *sizes.k <= roundSteps) || *sizes.m * b.width() * sizes.sumBytes > target.l2Bytes / 4)
    return;
  b.rounds = true;
  b.kc = sizes.k ? llvm::divideCeil(*sizes.k, llvm::divideCeil(*sizes.k, roundSteps)) : roundSteps;
  b.rowBlock = *sizes.m;
  // Each part packs the columns again, which costs as much as a few of its rows.
  if (sizes.n && llvm::divideCeil(*sizes.n, b.width()) < 8 && *sizes.m > 4 * b.rows)
    b.unitRows = 4 * b.rows;
}

ContractionBlocking mlopt::chooseStepBlocking(int64_t vectors, std::optional<int64_t> rows,
                                              const TargetDescription &target) {
  ContractionBlocking b;
  b.lanes = target.lanes(4);
  // Several rows share what is read of the weights; a single row uses each
  // weight vector once, from memory, and only its accumulators take registers.
  int64_t wanted = rows ? std::clamp<int64_t>(*rows, 1, 4) : 4;
  for (b.vectors = vectors;; --b.vectors) {
    if (vectors % b.vectors)
      continue;
    b.rows = mostRows(b.vectors, target);
    if (wanted == 1 && b.vectors <= std::min<int64_t>(enoughAccumulators, target.vectorRegisters - 3))
      b.rows = std::max<int64_t>(b.rows, 1);
    if (b.rows >= wanted || b.vectors == 1)
      break;
  }
  if (rows)
    b.rows = std::min(b.rows, std::max<int64_t>(1, *rows));
  if (b.rows * b.vectors <= 14)
    b.unroll = 4;
  // The third level streams fast enough by itself; prefetching cost a tenth.
  return b;
}

SmallVector<int64_t> mlopt::tileHeights(int64_t rows, int64_t maxHeight) {
  if (rows <= 0)
    return {};
  int64_t tiles = llvm::divideCeil(rows, maxHeight);
  SmallVector<int64_t> heights = {rows / tiles};
  if (rows % tiles)
    heights.push_back(rows / tiles + 1);
  return heights;
}

void ContractionBlocking::print(MLIRContext *context, SmallVectorImpl<NamedAttribute> &attrs) const {
  Builder builder(context);
  auto set = [&](StringRef name, int64_t value) {
    attrs.push_back(builder.getNamedAttr(name, builder.getI64IntegerAttr(value)));
  };
  set("kc", kc);
  set("lanes", lanes);
  set("prefetch", prefetchBytes);
  set("row_block", rowBlock);
  if (rounds)
    set("rounds", rounds);
  set("rows", rows);
  set("unit_rows", unitRows);
  set("unroll", unroll);
  set("vectors", vectors);
}

ContractionBlocking ContractionBlocking::parse(DictionaryAttr params) {
  auto get = [&](StringRef name, int64_t otherwise) {
    auto attr = params.getAs<IntegerAttr>(name);
    return attr ? attr.getInt() : otherwise;
  };
  ContractionBlocking b;
  b.kc = get("kc", 0);
  b.lanes = get("lanes", 4);
  b.prefetchBytes = get("prefetch", 0);
  b.rowBlock = get("row_block", 0);
  b.rounds = get("rounds", 0) != 0;
  b.rows = get("rows", 1);
  b.unitRows = get("unit_rows", 0);
  b.unroll = get("unroll", 1);
  b.vectors = get("vectors", 1);
  return b;
}
