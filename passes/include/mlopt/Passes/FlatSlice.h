//===- FlatSlice.h - Tensors inside of a flat argument ----------*- C++ -*-===//
//
// Training keeps all parameters in one argument of rank 1 (ir.md section 7): fusion
// leaves slices of it as views, and the planner reads them where they lie.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_FLATSLICE_H
#define MLOPT_PASSES_FLATSLICE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/IR/Mlopt.h"

namespace mlopt {

/// Whether the slice is consecutive elements, known when compiling, of an argument of
/// rank 1 of a function, and begins at a multiple of 16 bytes: as tensors of a region of
/// training do, and as kernels of a GPU want it. Others are taken by a kernel.
inline bool isFlatSlice(SliceOp slice) {
  auto argument = mlir::dyn_cast<mlir::BlockArgument>(slice.getInput());
  if (!argument || !mlir::isa<mlir::func::FuncOp>(argument.getOwner()->getParentOp()))
    return false;
  auto type = mlir::cast<mlir::RankedTensorType>(argument.getType());
  int64_t start = slice.getStaticStarts()[0];
  return type.getRank() == 1 && !mlir::ShapedType::isDynamic(start) &&
         start * getElementBytes(type.getElementType()) % 16 == 0 && slice.getStrides()[0] == 1 &&
         mlir::cast<mlir::RankedTensorType>(slice.getType()).hasStaticShape();
}

} // namespace mlopt

#endif // MLOPT_PASSES_FLATSLICE_H
