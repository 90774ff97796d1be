//===- CloneModel.h - The model inside of another function ------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_CLONEMODEL_H
#define MLOPT_LIB_TRAINING_CLONEMODEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlopt/IR/Compose/ComposeBuilder.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace mlopt::training {

/// On a dropout: its number in the model, an i64 in [0, 2^32). Two dropouts with different numbers
/// draw from different streams of the generator and are never one operation.
constexpr llvm::StringLiteral streamAttrName = "mlopt.stream";

/// The operations of a block that `values` need.
llvm::DenseSet<mlir::Operation *> getBackwardSlice(llvm::ArrayRef<mlir::Value> values);

/// The arguments of @main that `loss` depends on through operations that have derivatives, those of
/// `statistics` (running statistics) never.
llvm::DenseSet<mlir::Value> findDifferentiable(mlir::Value loss,
                                               const llvm::DenseSet<mlir::Value> &statistics);

/// What becomes of an operation that training and inference see differently.
struct ModelCopy {
  /// Values of @main's arguments, all of them.
  mlir::IRMapping map;
  /// Training: the key of dropout's generator; null where nothing is random.
  mlir::Value randomKey;
  /// Training with batch statistics: arguments of @main that are running statistics, and their
  /// values so far. Empty: batch_norm takes the statistics it is given.
  llvm::DenseMap<mlir::Value, mlir::Value> running;
  bool isTraining = false;
};

/// Builds what the results `wanted` of `main` need (numbers of results); their values, in order.
/// Null values after an error that is emitted.
llvm::FailureOr<llvm::SmallVector<mlir::Value>> cloneModel(ComposeBuilder &b,
                                                           mlir::func::FuncOp main,
                                                           llvm::ArrayRef<unsigned> wanted,
                                                           ModelCopy &copy);

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_CLONEMODEL_H
