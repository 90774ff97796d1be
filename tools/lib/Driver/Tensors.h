//===- Tensors.h - Inputs and outputs of evaluated models -------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_TENSORS_H
#define MLOPT_TOOLS_LIB_DRIVER_TENSORS_H

#include "Driver/Diagnostics.h"
#include "TensorIO/TensorIO.h"
#include "mlopt/Reference/HostTensor.h"

namespace mlir::func {
class FuncOp;
}

namespace mlopt {

/// The inputs of `function` from --input, in order; those not given are made up
/// from --seed. Empty optional after diagnostics (exit code 2 or 3).
std::optional<std::vector<tensorio::HostTensor>>
makeInputs(mlir::func::FuncOp function, const CommandLine &line, Diagnostics &diagnostics);

/// As the evaluator takes it; borrows the bytes.
/// With `wanted`, bytes that stand for integers of 2 or 4 bits in files are these again.
HostTensor toEvaluator(const tensorio::HostTensor &tensor, mlir::MLIRContext *context, mlir::Type wanted = {});
/// A result of the evaluator. Wide floating point becomes f64, all else its own type.
tensorio::HostTensor fromEvaluator(const HostTensor &tensor, std::string name);

/// Writes to @DIR, @FILE.npz, @FILE.npy (one output) or as text ("-", ""). Returns an exit code.
int writeOutputs(const std::string &where, std::vector<tensorio::HostTensor> &outputs,
                 Diagnostics &diagnostics);
/// The name of the file in @DIR for an output, as mlopt-run makes it.
std::string getTensorFileName(llvm::StringRef name);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_TENSORS_H
