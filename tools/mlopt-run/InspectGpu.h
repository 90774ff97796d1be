//===- InspectGpu.h - What inspect says of code for GPUs ----------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_TOOLS_MLOPT_RUN_INSPECTGPU_H
#define MLOPT_TOOLS_MLOPT_RUN_INSPECTGPU_H

#include "Json.h"
#include "Runner.h"

namespace mlopt::runner {

/// The field `gpus`: for each architecture its functions with registers, shared and spilled bytes
/// (null where the compiler had no ptxas), and the launches of each entry point with what they
/// follow. An empty array for a module without code for GPUs.
void writeGpus(JsonWriter &json, const Module &module);
/// The same as text; launches with --verbose only.
void printGpus(const Options &options, const Module &module);

} // namespace mlopt::runner

#endif // MLOPT_TOOLS_MLOPT_RUN_INSPECTGPU_H
