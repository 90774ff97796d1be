//===- Entry.h - An entry function that is being written --------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_ENTRY_H
#define MLOPT_LIB_TRAINING_ENTRY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlopt/IR/Compose/ComposeBuilder.h"
#include <optional>

namespace mlopt::training {

/// Arguments first, then the body, then results.
class Entry {
public:
  /// A new function at the end of the module.
  Entry(mlir::ModuleOp module, mlir::Location loc, llvm::StringRef name);

  /// `dims`: the argument's `mlopt.dims`; null: those of the type, where it is static.
  mlir::Value addArgument(llvm::StringRef name, mlir::RankedTensorType type,
                          mlir::Attribute dims = {});
  /// The builder of the body. From the first call on no more arguments.
  ComposeBuilder &body();
  /// `storage`: the argument that the result shares its memory with, or null.
  void addResult(llvm::StringRef name, mlir::Value value, mlir::Value storage = nullptr);
  /// Ends the function. Failure after an error where a result is null.
  llvm::LogicalResult finish();

private:
  struct Result {
    std::string name;
    mlir::Value value, storage;
  };

  mlir::OpBuilder builder;
  mlir::Location loc;
  mlir::func::FuncOp function;
  std::optional<ShapeAnalysis> shapes;
  std::optional<ComposeBuilder> compose;
  llvm::SmallVector<Result> results;
};

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_ENTRY_H
