//===- Registration.h - Dialects and passes of mlopt ----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_REGISTRATION_H
#define MLOPT_TOOLS_LIB_DRIVER_REGISTRATION_H

#include "mlir/IR/DialectRegistry.h"

#include <string>

namespace mlopt {

/// Every dialect and interface that a phase may meet.
void registerDialects(mlir::DialectRegistry &registry);

/// What passes take that no textual pipeline gives them.
struct PassDefaults {
  std::string cpu = "x86-64-v3"; ///< a fixed level, so that tests do not depend on the machine
  bool fuse = true;
};

/// Registers every pass by its name, with MLIR's canonicalize, cse, inline and
/// symbol-dce. False if the CPU level is unknown. Call it once.
bool registerPasses(const PassDefaults &defaults);

/// "x86-64-v2, x86-64-v3, ..., host", for messages.
std::string listTargetNames();
/// "sm_80, ...".
std::string listGpuTargetNames();

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_REGISTRATION_H
