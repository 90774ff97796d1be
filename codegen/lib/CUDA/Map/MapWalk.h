//===- MapWalk.h - Threads, vectors and blocks of a map ---------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_MAPWALK_H
#define MLOPT_LIB_CUDA_MAP_MAPWALK_H

#include "../GpuBuilder.h"

namespace mlopt::cuda {

/// Pieces of work of one kind over blocks of threads: neighbouring threads do neighbouring items,
/// and each thread up to `unroll` of them, a block's width apart, so that their loads go out together.
struct MapWalk {
  SymExpr items;
  int64_t block = 256, unroll = 1;
  bool narrow = false; ///< items and elements are known to be below 2^31: 32-bit arithmetic

  GpuLaunch launch() const { return makeGpuLaunch(items.ceilDiv(block * unroll), block); }
};

/// The walk for so many items; `ops` is how many scalar operations stand for each, `elements`
/// what numbers run up to.
MapWalk planWalk(SymExpr items, SymExpr elements, int64_t ops, const TargetDescription &target);

/// Emits `body(items)` for this thread's items, of `count` (the walk's items, of its type) altogether:
/// all `unroll` at once where the block is full, else one after the other. Item numbers are i32 where
/// the walk is narrow, else i64.
void emitWalk(GpuBuilder &g, const MapWalk &walk, mlir::Value count,
              llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> body);
/// Emits `body(item)` for items below `count` (of the walk's type) by a loop over the whole grid,
/// whatever its size.
void emitGridLoop(GpuBuilder &g, const MapWalk &walk, mlir::Value count, llvm::function_ref<void(mlir::Value)> body);
/// The value of a size in the walk's type.
mlir::Value walkSize(GpuBuilder &g, const MapWalk &walk, SymExpr size);
/// Position of an item in dimensions of these sizes, in its own type.
llvm::SmallVector<mlir::Value> positionOf(GpuBuilder &g, mlir::Value item, llvm::ArrayRef<mlir::Value> sizes);

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_MAPWALK_H
