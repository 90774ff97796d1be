//===- Contraction.h - Products of tensors as compositions ------*- C++ -*-===//
#ifndef MLOPT_IR_COMPOSE_CONTRACTION_H
#define MLOPT_IR_COMPOSE_CONTRACTION_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::compose {

/// NumPy's matmul: operands of rank 1 are a row on the left and a column on
/// the right, and their axis goes away again. Null after an error.
mlir::Value matmul(ComposeBuilder &b, mlir::Value lhs, mlir::Value rhs);

/// Einstein summation. `labels` has one list per operand, one label per axis
/// (a label twice in one operand: its diagonal); `result` the labels of the
/// result. Sums over all other labels. Null after an error.
mlir::Value einsum(ComposeBuilder &b, llvm::ArrayRef<mlir::Value> operands,
                   llvm::ArrayRef<llvm::SmallVector<int64_t>> labels,
                   llvm::ArrayRef<int64_t> result);

} // namespace mlopt::compose

#endif // MLOPT_IR_COMPOSE_CONTRACTION_H
