//===- OwnShare.h - What a thread touches in its own share only -*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_OWNSHARE_H
#define MLOPT_LIB_CPU_GENERIC_OWNSHARE_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// `part` of a schedule, for a kernel whose units are equal contiguous pieces of
/// a tensor of `shape` in `layout`: the operands and results (as num_operands +
/// i) of that shape and layout of which a thread touches only what lies in its
/// units. An operand counts if it is read by elementwise operations alone, up to
/// the results; or up to the first operand of `rows`, which reads a whole unit.
llvm::SmallVector<int64_t> ownShare(KernelOp kernel, ShapeAnalysis &shapes,
                                    llvm::ArrayRef<SymExpr> shape, LayoutAttr layout,
                                    mlir::Operation *rows = nullptr);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_OWNSHARE_H
