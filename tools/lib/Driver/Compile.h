//===- Compile.h - From a model to an artefact ------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_COMPILE_H
#define MLOPT_TOOLS_LIB_DRIVER_COMPILE_H

#include "Driver/Diagnostics.h"

namespace mlopt {

/// Compiles `options.model` to `options.output`. Messages go to `diagnostics`.
/// Returns an exit code; after an error there is no output, nor a changed one.
int compileModel(const CompileOptions &options, Diagnostics &diagnostics);

/// Gives the inputs of a model that is to be trained the names of `options.dataNames`. False after an
/// error.
bool nameTrainingData(mlir::ModuleOp module, const CompileOptions &options,
                      Diagnostics &diagnostics);

/// mlopt-run of this installation; empty if it is not there.
std::string findRunner();

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_COMPILE_H
