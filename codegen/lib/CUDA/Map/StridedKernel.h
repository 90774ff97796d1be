//===- StridedKernel.h - Kernels whose operands are read by strides -*- C++ -*-===//
//
// Elementwise operations, broadcasts, transpositions, slices and changes of
// layout in any mixture come to this: the result is walked in the order of its
// memory, and each operand is read at an offset plus a stride for each
// dimension of that walk. Dimensions along which every stride agrees are one.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_MAP_STRIDEDKERNEL_H
#define MLOPT_LIB_CUDA_MAP_STRIDEDKERNEL_H

#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/KernelSignature.h"

namespace mlopt::cuda {

/// One way in which an operand is read: its element at offset + sum of position * stride.
struct StridedRead {
  unsigned operand;
  mlir::Type element;
  SymExpr offset;                       ///< elements
  llvm::SmallVector<SymExpr> strides;   ///< elements; one per dimension of the walk
  bool isUniform() const;               ///< the same element everywhere
};

/// A value at the walk's position. Operands stand before their users.
struct StridedNode {
  mlir::Value value;
  mlir::Operation *op = nullptr;        ///< elementwise or a splat constant; null for a read
  int read = -1;                        ///< its number, or -1
  llvm::SmallVector<int> operands;      ///< nodes; -1 for `none`
  bool uniform = false;
};

struct StridedKernel {
  SymShape sizes;                       ///< of the walk, outermost first; none of them is the constant 1
  std::vector<StridedRead> reads;
  std::vector<StridedNode> nodes;
  llvm::SmallVector<int> results;       ///< their nodes

  /// Elements of the walk, which are the elements of each result.
  SymExpr total(mlir::MLIRContext *context) const { return numElements(context, sizes); }
  /// Whether the read goes through memory in the order of the result.
  bool isDense(const StridedRead &read) const;
  /// Operations that are not the same everywhere.
  int64_t countOps() const;
};

/// The kernel in this form; none, with a reason, if it is not of the kind.
std::optional<StridedKernel> analyzeStrided(KernelOp kernel, ShapeAnalysis &shapes, std::string &reason);

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_STRIDEDKERNEL_H
