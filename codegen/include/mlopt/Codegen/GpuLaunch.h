//===- GpuLaunch.h - Grid and block of a GPU kernel -------------*- C++ -*-===//
//
// How a GPU emitter states the launch of each phase in its schedule, and how the
// host program reads it: entry `launch` of the schedule's params, an array with
// one entry per phase.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_GPULAUNCH_H
#define MLOPT_CODEGEN_GPULAUNCH_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/SymExpr.h"

namespace mlopt {

/// Launch of one phase; sizes are expressions in the kernel's symbols.
struct GpuLaunch {
  /// Blocks along x (at most 2^31 - 1), y and z (at most 65535). 0: nothing to do.
  SymExpr grid[3];
  int64_t block[3] = {1, 1, 1}; ///< threads; their product is at most 1024
  int64_t sharedBytes = 0;      ///< dynamic shared memory of a block
};

/// A launch of `blocks` x 1 x 1 blocks of `threads` threads.
GpuLaunch makeGpuLaunch(SymExpr blocks, int64_t threads, int64_t sharedBytes = 0);

/// The value of entry "launch", and back. `readGpuLaunches` wants the schedule
/// of a GPU emitter.
mlir::ArrayAttr encodeGpuLaunches(mlir::MLIRContext *context, llvm::ArrayRef<GpuLaunch> launches);
llvm::SmallVector<GpuLaunch> readGpuLaunches(ScheduleAttr schedule);

} // namespace mlopt

#endif // MLOPT_CODEGEN_GPULAUNCH_H
