//===- UnfoldRows.h - Windows side by side, row by row ----------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_UNFOLDROWS_H
#define MLOPT_LIB_CPU_GENERIC_UNFOLDROWS_H

#include "Generic/ElementAt.h"

namespace mlopt {

/// The unfold of a kernel that does nothing else, between row-major tensors; null
/// for other kernels. One place of the window over all windows is a copy of the
/// image, shifted, with zeros where it leaves the image.
UnfoldOp unfoldedRows(KernelOp kernel);
/// Pieces that threads share out.
SymExpr unfoldUnits(UnfoldOp op, ShapeAnalysis &shapes);
llvm::LogicalResult emitUnfoldRows(UnfoldOp op, ElementAt &e);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_UNFOLDROWS_H
