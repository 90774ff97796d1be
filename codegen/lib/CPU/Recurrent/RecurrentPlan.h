//===- RecurrentPlan.h - Sizes and scratch of a recurrent layer -*- C++ -*-===//
//
// What schedule and emission of a recurrent layer agree on.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_RECURRENT_RECURRENTPLAN_H
#define MLOPT_LIB_CPU_RECURRENT_RECURRENTPLAN_H

#include "../Contraction/BlockingModel.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// Hidden units that share a panel of recurrent weights packed when compiling,
/// or 0 where panels would not consist of whole vectors: the layout is the same
/// on every level.
int64_t recurrentBlock(int64_t gates, int64_t hidden);

/// A product of the state (or of r * h) with the columns of some gates, then
/// their activations. GRU has two of them in a step, unless the reset gate acts
/// after the product.
struct RecurrentStage {
  llvm::SmallVector<int64_t> gates;
};

struct RecurrentPlan {
  RecurrentPlan(KernelOp kernel);

  mlir::Operation *hero;
  SymExpr steps, batch, inputs; ///< of X [steps, batch, inputs]
  int64_t directions, gates, hidden;
  bool packedW, packedR; ///< packed when compiling; otherwise by phase 0
  llvm::SmallVector<RecurrentStage> stages;

  /// Hidden units of a panel of recurrent weights, panels of a direction.
  int64_t block;
  int64_t panels() const { return llvm::divideCeil(hidden, block); }
  /// Hidden units of a unit of work.
  int64_t unit;
  int64_t units() const { return llvm::divideCeil(hidden, unit); }
  /// Floats of a unit's park for one batch item in a stage.
  int64_t parkColumns(const RecurrentStage &stage) const {
    return unit * static_cast<int64_t>(stage.gates.size());
  }

  /// One thread takes all steps of some batch items, since a step is less work
  /// than a barrier is worth.
  bool sequential;
  /// Batch items of a unit of work, and parts of the batch.
  int64_t partRows;
  SymExpr parts() const { return batch.ceilDiv(partRows); }

  int64_t rows() const { return gates * hidden; }
  int64_t stateStride() const { return llvm::alignTo(hidden, 16); }
  SymExpr positions() const { return steps * batch; }

  /// Floats of the shared scratch, in order: gates from the inputs, h of even
  /// and odd steps, c, GRU's z and r * h, recurrent weights packed at run time.
  enum Region { InputGates, H, C, Z, ResetH, Weights, End };
  SymExpr offset(Region region, int64_t gateStride) const;

  /// Tiles of the projection of all steps' inputs, and of stage `i`.
  ContractionBlocking chooseProjection(const TargetDescription &target) const;
  ContractionBlocking chooseStage(size_t i, const TargetDescription &target) const;
  /// Columns of a unit of the projection.
  int64_t projectionGroup(const ContractionBlocking &b) const;
  /// Floats from the input gates of one position to those of the next.
  int64_t gateStride(const ContractionBlocking &projection) const {
    return llvm::alignTo(rows(), projectionGroup(projection));
  }
  /// Bytes per thread: a packed panel of input weights, or the parked products.
  SymExpr threadBytes(const ContractionBlocking &projection) const;
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_RECURRENT_RECURRENTPLAN_H
