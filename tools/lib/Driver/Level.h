//===- Level.h - The module of one target -----------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_LEVEL_H
#define MLOPT_TOOLS_LIB_DRIVER_LEVEL_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlopt/Codegen/CpuBackend.h"
#include "mlopt/Codegen/CudaBackend.h"

#include <string>
#include <vector>

namespace mlopt {

/// What a CPU level or a GPU architecture of an artefact goes through.
struct Level {
  TargetDescription target;
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< a clone for this target from `fuse` on
  std::vector<ObjectBuffer> kernels; ///< of a CPU level
  std::vector<GpuImage> images;      ///< of a GPU architecture
  std::string suffix;                ///< of its functions' names

  bool isGpu() const { return target.gpu.has_value(); }
};

/// All levels of an artefact stand in one list: those of CPUs, best first, then
/// those of GPUs, oldest first.
inline llvm::MutableArrayRef<Level> getCpuLevels(llvm::MutableArrayRef<Level> levels) {
  return levels.take_until([](const Level &level) { return level.isGpu(); });
}
inline llvm::MutableArrayRef<Level> getGpuLevels(llvm::MutableArrayRef<Level> levels) {
  return levels.drop_until([](const Level &level) { return level.isGpu(); });
}

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_LEVEL_H
