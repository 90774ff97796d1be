//===- PoolPlan.h - How a GPU pools -----------------------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_POOL_POOLPLAN_H
#define MLOPT_LIB_CUDA_POOL_POOLPLAN_H

#include "../GpuBuilder.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// One spatial axis.
struct PoolAxis {
  int64_t kernel = 1, stride = 1, dilation = 1, padBegin = 0, padEnd = 0, extraEnd = 0;
  SymExpr in, out;
  /// Whether windows may reach beyond the input.
  bool isPadded() const { return padBegin || padEnd || extraEnd; }
};

/// A pool whose spatial axes are depth, row and column; those that a lower rank lacks have size 1.
struct PoolPlan {
  PoolPlan(PoolOp op, LayoutAttr layout, ShapeAnalysis &shapes);

  PoolOp op;
  mlir::Type element;
  SymExpr samples, channels;
  std::array<PoolAxis, 3> axes;
  bool channelsLast = false;
  int64_t lanes = 1;         ///< channels of a thread
  int64_t channelStride = 0; ///< elements of a pixel, if channels are last
  /// One window, as large as the image: a warp or a block adds it up.
  bool isWhole = false;
  /// Threads of a block, and those of them that share one window of a whole pool.
  int64_t threads = 128, sharing = 1;

  int64_t taps() const { return axes[0].kernel * axes[1].kernel * axes[2].kernel; }
  SymExpr vectors() const; ///< vectors of channels of one pixel
  GpuLaunch launch() const;
};

/// Emits the kernel's function.
llvm::LogicalResult emitPool(KernelOp kernel, const TargetDescription &target,
                             mlir::ModuleOp module);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_POOL_POOLPLAN_H
