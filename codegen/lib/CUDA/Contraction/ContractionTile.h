//===- ContractionTile.h - Tiles of matrix products on a GPU ----*- C++ -*-===//
//
// The one place that chooses the tiles of matrix products for a GPU, from sizes
// and a target description.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONTILE_H
#define MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONTILE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlopt/Passes/TargetDescription.h"
#include <optional>

namespace mlopt {

/// How the elements of a tile are multiplied; sums are f32.
enum class TileMath {
  Half, ///< f16, bf16: mma.sync m16n8k16
  Tf32, ///< f32 rounded to tf32: mma.sync m16n8k8
  Fma   ///< f32: fused multiply-adds, k ascending
};

/// C[m, n] = A[m, k] B[k, n], `items` times; none: known at run time only.
struct ContractionProblem {
  TileMath math = TileMath::Half;
  std::optional<int64_t> m, n, k, items;
  /// An operand goes element by element through registers: its rows begin at any element, or it
  /// is computed on the way.
  bool byElements = false;
  /// Rows of the left factor run along m in memory: a tile takes whole sectors of them.
  bool leftTurned = false;
};

/// What a block computes, and how its warps and threads share it.
struct ContractionTile {
  TileMath math = TileMath::Half;
  int64_t m = 64, n = 64;         ///< of the block's result
  int64_t k = 32;                 ///< of a stage
  int64_t warpsM = 2, warpsN = 2; ///< of the block
  int64_t lanesM = 4, lanesN = 8; ///< of a warp (Fma only)
  int64_t stages = 3;             ///< pairs of staged tiles
  int64_t splits = 1;             ///< parts of k, each a block of its own
  int64_t blocksPerProcessor = 1; ///< that registers and shared memory are to let in

  int64_t elementBytes() const { return math == TileMath::Half ? 2 : 4; }
  int64_t threads() const { return warpsM * warpsN * 32; }
  int64_t warpM() const { return m / warpsM; }
  int64_t warpN() const { return n / warpsN; }
  int64_t accumulators() const { return warpM() * warpN() / 32; } ///< of a thread
  /// Rows of a warp that go through shared memory at once, on their way to the result.
  int64_t passRows() const { return math == TileMath::Fma ? lanesM * 4 : 16; }
  /// From one such row to the next: pairs of eight lanes' columns meet no bank twice.
  int64_t passStride() const { return warpN() + 8; }
  int64_t passBytes() const { return warpsM * warpsN * passRows() * passStride() * 4; }
  int64_t stageBytes() const { return (m + n) * k * elementBytes(); }
  int64_t sharedBytes() const { return std::max(stages * stageBytes(), passBytes()); }
  /// Registers that a thread needs, about: bounds how many blocks fit.
  int64_t registers() const;
  /// Most blocks that a multiprocessor holds.
  int64_t occupancy(const GpuDescription &gpu) const;
  /// Blocks that ptxas is to leave registers for: enough to hide latency, few enough to spill
  /// nothing.
  int64_t wantedBlocks(const GpuDescription &gpu) const;

  /// As parameters of a schedule, and back.
  void print(mlir::MLIRContext *context, llvm::SmallVectorImpl<mlir::NamedAttribute> &attrs) const;
  /// What is not among them stays as `otherwise` has it.
  static ContractionTile parse(mlir::DictionaryAttr params, ContractionTile otherwise);
  static ContractionTile parse(mlir::DictionaryAttr params);
};

/// The tile of least estimated time: whole waves over the multiprocessors, the rate of the
/// multipliers with this shape of warps, latency of the stages, traffic of both levels of memory.
ContractionTile chooseContractionTile(const ContractionProblem &problem, const GpuDescription &gpu);

/// For a product of a run-time number of rows: the tile that serves up to `rows` of them better
/// than `many` does, if there is one.
std::optional<ContractionTile> chooseFewRowsTile(const ContractionProblem &problem,
                                                 const ContractionTile &many,
                                                 const GpuDescription &gpu, int64_t &rows);

/// All shapes of tiles that may be chosen.
llvm::SmallVector<ContractionTile> contractionTiles(TileMath math, bool byElements);

/// Estimated time of a product in nanoseconds. Rows that are not known count as 2048, other sizes
/// as 512.
double contractionTime(const ContractionTile &tile, const ContractionProblem &problem,
                       const GpuDescription &gpu);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONTILE_H
