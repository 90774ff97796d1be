//===- Phases.h - The phases by name --------------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_PHASES_H
#define MLOPT_TOOLS_LIB_DRIVER_PHASES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace mlopt {

/// Phases in order (docs/Architecture.md). A phase ends with what its name says.
enum class Phase { Input, Graph, Quantize, Fuse, Plan, Kernels, Object };

struct PhaseInfo {
  Phase phase;
  llvm::StringRef name;
  llvm::StringRef description; ///< what holds after it
};

/// All phases in order.
llvm::ArrayRef<PhaseInfo> getPhases();
const PhaseInfo &getPhaseInfo(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

/// Checks that a module may enter `phase`: what the phases before promise holds.
/// Failure after a diagnostic (MLO3002) at the first operation that breaks it.
llvm::LogicalResult checkPhaseEntry(Phase phase, mlir::ModuleOp module);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_PHASES_H
