//===- BlockMoves.h - Tensors moved between row-major and blocks -*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_BLOCKMOVES_H
#define MLOPT_LIB_CPU_GENERIC_BLOCKMOVES_H

#include "Generic/ElementAt.h"

namespace mlopt {

/// A kernel that only moves elements between a row-major tensor and one whose
/// layout ends in a block of one dimension, the cut one. Lanes run along the block
/// on one side and along the dimensions behind the cut one (the run) on the other:
/// squares of `side` x `side` elements are turned over in registers.
struct BlockMoves {
  bool intoBlocks = false; ///< else out of them
  LayoutAttr layout;       ///< the blocked one
  /// Dimension of the blocked tensor of each dimension of the row-major one.
  llvm::SmallVector<int64_t> rows;
  size_t cutAt = 0; ///< where in `rows` the cut dimension stands; the run is behind it
  int64_t block = 0, side = 0;
  /// Neighbours of the run lie one block apart.
  bool plainRun = false;
};

/// None where the kernel is of another kind.
std::optional<BlockMoves> planBlockMoves(KernelOp kernel, const TargetDescription &target);
/// Pieces that threads share out.
SymExpr blockMoveUnits(const BlockMoves &moves, KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitBlockMoves(const BlockMoves &moves, ElementAt &e);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_BLOCKMOVES_H
