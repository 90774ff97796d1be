//===- TransposeTiles.h - Square tiles turned over in registers -*- C++ -*-===//
//
// A result whose runs lie across the runs of an operand is written in tiles: as
// many vectors along the operand's innermost axis as a vector has lanes, turned
// over by shuffles, stored along the result's. Memory is met in runs on both
// sides, a cache line at a time.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_GENERIC_TRANSPOSETILES_H
#define MLOPT_LIB_CPU_GENERIC_TRANSPOSETILES_H

#include "Generic/ElementAt.h"

namespace mlopt {

struct TransposeTiles {
  /// The result's dimension that is innermost in the transposed operands.
  int64_t across;
  /// Transpositions read at the element being written.
  llvm::SmallVector<TransposeOp> reads;
  /// Elements only move: their bits are carried, as integers.
  bool onlyMoves;
  int64_t side;  ///< elements along each side of a tile
  int64_t block; ///< `across` is cut into pieces of this many: a cache line
};

/// How the kernel is walked in tiles; none if no run of an operand lies across
/// those of the result, or where a size known to be smaller than a tile makes it useless.
std::optional<TransposeTiles> planTransposeTiles(KernelOp kernel, ShapeAnalysis &shapes,
                                                 const TargetDescription &target);
/// Pieces of the result that threads share out.
SymExpr tileUnits(const TransposeTiles &tiles, KernelOp kernel, ShapeAnalysis &shapes);
/// Whether both sides have room for a tile (i1); null if that is known.
mlir::Value tilesFit(const TransposeTiles &tiles, KernelBuilder &k);
/// Emits this thread's share. Both sides have room for a tile.
llvm::LogicalResult emitTransposeTiles(const TransposeTiles &tiles, ElementAt &e);

/// Lane l of vector i becomes lane i of vector l; as many vectors as lanes, a power of two.
void turnOver(KernelBuilder &k, llvm::MutableArrayRef<mlir::Value> rows);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_TRANSPOSETILES_H
