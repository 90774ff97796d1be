//===- RowSpec.h - Rows of softmax, norms and reductions --------*- C++ -*-===//
#ifndef MLOPT_LIB_GENERIC_ROWSPEC_H
#define MLOPT_LIB_GENERIC_ROWSPEC_H

#include "mlopt/IR/Mlopt.h"

namespace mlopt {

/// Which dimensions of the hero's operand form a row.
struct RowSpec {
  llvm::SmallVector<int64_t> axes; ///< sorted
  int64_t groupAxis = -1;    ///< group_norm: the axis cut into groups
  int64_t groups = 1;
};

/// Of softmax, layer_norm, rms_norm, group_norm or reduce.
RowSpec rowSpecOf(mlir::Operation *hero);

/// The hero as a row operation (softmax, norms, reductions over the last axes);
/// not if its rows do not lie along the last axes.
bool isRowHero(mlir::Operation *hero);

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_ROWSPEC_H
