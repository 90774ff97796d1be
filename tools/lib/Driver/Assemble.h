//===- Assemble.h - The object phase ----------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_ASSEMBLE_H
#define MLOPT_TOOLS_LIB_DRIVER_ASSEMBLE_H

#include "Driver/Artefact.h"
#include "Driver/Level.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>

namespace mlopt {

/// Makes the artefact from compiled kernels: weights, host program, tables, link,
/// hashes. Levels as in Level.h. `sourceHash` is asked when it is needed.
/// `releaseModules` is called once no module is needed any more, before the link: the
/// model's mapping and the linker's two copies of the weights are then not in memory
/// together. The files appear in `files`, to be committed. Returns an exit code.
int assembleArtefact(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options,
                     llvm::function_ref<std::array<uint8_t, 32>()> sourceHash,
                     llvm::function_ref<void()> releaseModules, OutputFiles &files,
                     Diagnostics &diagnostics);

/// SHA-256 of a file, read in pieces; all zero if it cannot be read or `path` is empty.
std::array<uint8_t, 32> hashFile(const std::string &path);

/// Host functions and tables as text of assembly or LLVM IR, for --emit=asm and
/// --emit=llvm; without the weights' contents.
int describeHostCode(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options, ObjectBuffer &object, Diagnostics &diagnostics);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_ASSEMBLE_H
