//===- Level.h - The module of one CPU level --------------------*- C++ -*-===//
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

#include <string>
#include <vector>

namespace mlopt {

/// What a CPU level of an artefact goes through.
struct Level {
  TargetDescription target;
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< a clone for this target from `fuse` on
  std::vector<ObjectBuffer> kernels;
  std::string suffix; ///< of its functions' names
};

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_LEVEL_H
