//===- Header.h - The C interface of one model ------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_HEADER_H
#define MLOPT_TOOLS_LIB_DRIVER_HEADER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <vector>

namespace mlopt {

/// An input or output as C sees it.
struct CTensor {
  std::string name, identifier;  ///< of the model, and as part of C names
  std::string mlirType;          ///< "f32"
  std::string cType;             ///< "float"
  std::vector<std::string> dims; ///< as text: "13", "batch", "batch * 2"
  int64_t elements = -1;         ///< -1 where a size is symbolic
  int64_t elementBytes = 0;
  /// Inputs: the output that leaves its value in this memory; outputs: the input whose
  /// memory it has; else -1.
  int64_t pair = -1;
};

/// One entry point. Its functions are `STEM_open` and `STEM_run`.
struct CEntry {
  std::string name; ///< of the program
  std::string stem; ///< the prefix, and where there are several entry points its own name
  std::vector<std::string> symbols; ///< C names of the symbolic sizes in order
  std::vector<CTensor> inputs, outputs;
  int64_t arenaBytes = -1; ///< of one thread, where sizes are fixed
};

/// What the header of a model with the given prefix says.
struct CInterface {
  std::string prefix, model;
  std::vector<CEntry> entries;
  std::vector<CTensor> regions; ///< of a training module: what its entry points share
};

/// Reads the programs (mlrt.program) of a planned module.
CInterface describeInterface(mlir::ModuleOp planned, llvm::StringRef prefix);

/// The header's text. `carriesRuntime`: the functions are in the artefact; else
/// they are inline functions over the runtime's C API.
std::string writeHeader(const CInterface &interface, bool carriesRuntime);

/// Names of the functions that an artefact with a runtime exports, without the queries.
std::vector<std::string> getTypedFunctions(const CInterface &interface);

/// A module of the LLVM dialect with those functions, over the runtime's core.
mlir::OwningOpRef<mlir::ModuleOp> buildTypedFunctions(const CInterface &interface,
                                                      mlir::MLIRContext &context);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_HEADER_H
