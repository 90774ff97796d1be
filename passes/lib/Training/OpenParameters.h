//===- OpenParameters.h - Parameters as arguments ---------------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_OPENPARAMETERS_H
#define MLOPT_LIB_TRAINING_OPENPARAMETERS_H

#include "mlopt/Passes/Training/Training.h"

namespace mlopt::training {

/// Marks an argument of @main that stands for the parameter it names.
constexpr llvm::StringLiteral parameterAttrName = "mlopt.parameter";
/// Function that returns the opened parameters' values until init takes its place.
constexpr llvm::StringLiteral initName = "init";

/// The function that is trained; null after an error.
mlir::func::FuncOp findMain(mlir::ModuleOp module);
/// Whether the pass has run.
bool isOpened(mlir::func::FuncOp main);
/// See mlopt-open-parameters. Failure after an error.
llvm::LogicalResult openParameters(mlir::ModuleOp module, llvm::ArrayRef<std::string> freeze,
                                   llvm::ArrayRef<std::string> trainOnly);

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_OPENPARAMETERS_H
