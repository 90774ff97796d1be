//===- PickedMap.h - Kernels that find elements on demand -------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_PICKEDMAP_H
#define MLOPT_LIB_CUDA_MAP_PICKEDMAP_H

#include "Generic/ElementAt.h"
#include "MapWalk.h"

namespace mlopt::cuda {

/// A kernel of index maps that are no strides: gathers, concatenations, pads. Threads take runs of
/// `lanes` elements along the results' innermost dimension, each of which comes from one aligned place.
struct PickedMap {
  SymShape shape; ///< of the results
  llvm::SmallVector<size_t> order; ///< its dimensions as the results lie in memory, outermost first
  int64_t lanes = 1;
  MapWalk walk;

  GpuLaunch launch() const { return walk.launch(); }
};

/// None, with a reason, for other kernels.
std::optional<PickedMap> planPickedMap(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                       std::string &reason);
llvm::LogicalResult emitPickedMap(GpuBuilder &g, const PickedMap &map);

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_PICKEDMAP_H
