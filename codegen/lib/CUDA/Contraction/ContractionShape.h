//===- ContractionShape.h - A matrix product's sizes and factors *- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONSHAPE_H
#define MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONSHAPE_H

#include "ContractionTile.h"
#include "TileOperand.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// Sizes of a product. Where all batch items share B, their rows are rows of
/// one product.
struct ContractionShape {
  ContractionShape(MatmulOp op, ShapeAnalysis &shapes);

  mutable MatmulOp op;
  SymShape batch, rowDims;        ///< of the result, outermost first; its columns are n
  SymShape leftBatch, rightBatch; ///< of the factors, aligned with the end of `batch`
  SymExpr items, m, n, k;
  bool merged;

  TileMath math(const TargetDescription &target) const;
  /// Whether a factor is computed in the kernel (a prologue).
  static bool isComputed(mlir::Value factor) { return !llvm::isa<mlir::BlockArgument>(factor); }
  OperandSpec leftSpec(const ContractionTile &tile) const;
  OperandSpec rightSpec(const ContractionTile &tile) const;
  ContractionProblem problem(const TargetDescription &target) const;
};

/// Whether what the kernel does beside the product suits this emitter; else why not.
bool suitsContraction(KernelOp kernel, const ContractionShape &shape, std::string &reason);

/// Elements along a row of the result that a thread computes and stores at once: 4, 2 or 1, as
/// every row's begin is aligned to.
int64_t storedLanes(const ContractionShape &shape);

/// Whether what follows the product reads whole tensors of the result's shape, and ones that are
/// broadcast along all rows, only: then rows need no coordinates.
bool rowsAreFlat(KernelOp kernel, const ContractionShape &shape, ShapeAnalysis &shapes);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONSHAPE_H
