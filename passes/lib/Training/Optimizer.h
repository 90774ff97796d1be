//===- Optimizer.h - The update of the parameters ---------------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_OPTIMIZER_H
#define MLOPT_LIB_TRAINING_OPTIMIZER_H

#include "Options.h"
#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::training {

/// Flat regions of one shape, and scalars.
struct Update {
  mlir::Value parameters, gradients;
  llvm::SmallVector<mlir::Value> state; ///< one per slot
  mlir::Value step;                     ///< i64, 0 for the first
  mlir::Value learningRate, clipNorm;   ///< f32; null where compiled in
};

struct Updated {
  mlir::Value parameters;
  llvm::SmallVector<mlir::Value> state;
  mlir::Value gradNorm; ///< f32; null without clipping
};

/// One step of the optimizer. Everything on whole regions is elementwise; scalars are computed in
/// f64 from the step's number, as PyTorch computes them on the host, and rounded to f32 once.
Updated buildUpdate(ComposeBuilder &b, const Settings &settings, const Update &update);

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_OPTIMIZER_H
