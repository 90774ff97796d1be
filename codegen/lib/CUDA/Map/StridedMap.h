//===- StridedMap.h - Strided kernels in the order of the result -*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_STRIDEDMAP_H
#define MLOPT_LIB_CUDA_MAP_STRIDEDMAP_H

#include "MapWalk.h"
#include "StridedKernel.h"

namespace mlopt::cuda {

/// A strided kernel whose threads take runs of `lanes` elements of the result.
struct StridedMap {
  StridedKernel kernel;
  int64_t lanes = 1;
  /// Sizes and strides that must be multiples of `lanes` for vectors to be whole and aligned, and of which
  /// that is unknown when compiling. Where one is not, vectors go across rows, or elements one by one.
  llvm::SmallVector<SymExpr> checks;
  /// Whether vectors may go across rows: what is read in the result's order is read at once all the same, and
  /// what is broadcast lane by lane.
  bool acrossRows = false;
  SymExpr total;
  MapWalk walk; ///< over whole vectors

  GpuLaunch launch() const { return makeGpuLaunch(total.ceilDiv(lanes * walk.block * walk.unroll), walk.block); }
};

/// None, with a reason, for other kernels.
std::optional<StridedMap> planStridedMap(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                         std::string &reason);
llvm::LogicalResult emitStridedMap(GpuBuilder &g, const StridedMap &map);

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_STRIDEDMAP_H
