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

namespace mlopt {

/// Makes the artefact from compiled kernels: weights, host program, tables, link,
/// hashes. Levels are best first. `source` is the model's file for its hash, or
/// empty. The files appear in `files`, to be committed. Returns an exit code.
int assembleArtefact(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options, llvm::StringRef source, OutputFiles &files,
                     Diagnostics &diagnostics);

/// Host functions and tables as text of assembly or LLVM IR, for --emit=asm and
/// --emit=llvm; without the weights' contents.
int describeHostCode(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options, ObjectBuffer &object, Diagnostics &diagnostics);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_ASSEMBLE_H
