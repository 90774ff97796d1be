//===- Model.h - From a model file to the input phase -----------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_MODEL_H
#define MLOPT_TOOLS_LIB_DRIVER_MODEL_H

#include "Driver/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlopt/Frontend/Onnx.h"

namespace mlir::func {
class FuncOp;
}

namespace mlopt {

/// A context with all dialects. `threads` 1: no thread pool.
std::unique_ptr<mlir::MLIRContext> makeContext(unsigned threads = 1);

/// What the command line says about importing: sizes, and the weights of --load-weights. Failure after
/// diagnostics.
llvm::LogicalResult makeImportOptions(const CompileOptions &options, mlir::MLIRContext &context,
                                      ImportOptions &import);

/// Imports and converts the model: the module as the phase `input` leaves it. Null
/// after diagnostics. `.mlir` files are parsed instead.
mlir::OwningOpRef<mlir::ModuleOp> loadModel(const CompileOptions &options,
                                            mlir::MLIRContext &context,
                                            ImportReport *report = nullptr);
/// Makes of a module what the reference evaluator runs: gradients become operations. Failure after
/// diagnostics.
llvm::LogicalResult prepareForEvaluation(mlir::ModuleOp module);
/// Only the mechanical import (dialect onnx), for `inspect`.
mlir::OwningOpRef<mlir::ModuleOp> importModel(const CompileOptions &options,
                                              mlir::MLIRContext &context,
                                              ImportReport *report = nullptr);

/// The entry function: "main", else the first with a body; null if there is none.
mlir::func::FuncOp findEntry(mlir::ModuleOp module);
/// Name of argument or result `index`, from mlopt.name or onnx.name, else "arg0", "result0".
std::string getArgumentName(mlir::func::FuncOp function, unsigned index);
std::string getResultName(mlir::func::FuncOp function, unsigned index);
/// Dimensions of an argument: sizes, names, or "?".
std::vector<std::string> getArgumentDims(mlir::func::FuncOp function, unsigned index);

/// Loads what costs time at the first model (operator schemas), so that processes
/// forked later have it.
void warmUp();

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_MODEL_H
