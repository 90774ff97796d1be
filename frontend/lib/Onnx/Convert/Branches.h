//===- Branches.h - Branches whose condition is known -----------*- C++ -*-===//
#ifndef MLOPT_LIB_ONNX_CONVERT_BRANCHES_H
#define MLOPT_LIB_ONNX_CONVERT_BRANCHES_H

#include "Conversion.h"

namespace mlopt::onnx {

/// The block that an `onnx.If` takes, where its condition is a constant or
/// follows from sizes that are known; null where only a run knows it.
mlir::Block *findTakenBranch(Node &n);

/// Moves what is in `branch`, a block of `op`, in front of `op`, and returns
/// the operations that were moved, the terminator (which stays) left out.
llvm::SmallVector<mlir::Operation *> moveBranchOut(mlir::Operation *op, mlir::Block *branch);

} // namespace mlopt::onnx

#endif // MLOPT_LIB_ONNX_CONVERT_BRANCHES_H
