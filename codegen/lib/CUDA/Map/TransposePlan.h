//===- TransposePlan.h - Tiles that turn over in shared memory --*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_TRANSPOSEPLAN_H
#define MLOPT_LIB_CUDA_MAP_TRANSPOSEPLAN_H

#include "../GpuBuilder.h"
#include "StridedKernel.h"

namespace mlopt::cuda {

/// A strided kernel in which operands lie along another dimension (`across`) than the result (the
/// last). A block moves a tile of side x side elements of both: lanes of a warp read along `across`
/// and write along the last, `group` elements each.
///
/// In shared memory a tile has a row for each element across, of 32 cells; a cell holds `group`
/// neighbours of the result. Cells of a row change places by an exclusive or with the number of the
/// lane that wrote it, so that neither side meets a bank twice.
struct TransposePlan {
  StridedKernel kernel;
  size_t across = 0;
  llvm::SmallVector<bool> turned; ///< per read: through shared memory
  llvm::SmallVector<int64_t> tileAt; ///< per read: byte offset of its tile; -1 where it has none
  int64_t group = 1;                 ///< 4 elements of 1 byte, 2 of 2, 1 of more
  /// Whether all `group` elements of a lane are read, or written, at once: they are aligned, and none
  /// lies beyond an end. Else a lane takes elements 32 apart.
  bool wholeIn = true, wholeOut = true;
  int64_t sharedBytes = 0;

  static constexpr int64_t kBlock = 256;
  int64_t side() const { return 32 * group; }
  SymExpr tiles(mlir::MLIRContext *context) const;
  /// Bytes of a cell of a read's tile.
  int64_t cellBytes(const StridedRead &read) const;
};

/// None, with a reason, for other kernels.
std::optional<TransposePlan> planTranspose(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                           std::string &reason);

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_TRANSPOSEPLAN_H
