//===- StridedBody.h - Values of a strided kernel at one position -*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_STRIDEDBODY_H
#define MLOPT_LIB_CUDA_MAP_STRIDEDBODY_H

#include "../GpuBuilder.h"
#include "Generic/ElementAt.h"
#include "StridedKernel.h"

namespace mlopt::cuda {

/// Whether the operation computes with f64, whose functions are code for one value at a time.
bool usesDoubles(mlir::Operation *op);

/// Emits what a strided kernel computes, for one element or several neighbours.
class StridedBody {
public:
  /// Computes here, once, what is the same at every position.
  StridedBody(GpuBuilder &g, const StridedKernel &kernel);

  /// Values of the results in storage type, for `lanes` elements: `read(i)` gives those
  /// of read i in storage type. Empty after a diagnostic.
  llvm::SmallVector<mlir::Value> compute(int64_t lanes, llvm::function_ref<mlir::Value(int)> read);
  /// Elements of read i in storage type at `offset` elements, `step` of them apart (0: one for all
  /// lanes). Neighbours (step 1) are loaded at once, aligned to all of them.
  mlir::Value load(int i, mlir::Value offset, int64_t lanes, int64_t step);
  /// Stores values of `compute` to the results at an element number.
  void store(llvm::ArrayRef<mlir::Value> values, mlir::Value offset);

private:
  GpuBuilder &g;
  const StridedKernel &kernel;
  MathOptions math;
  llvm::SmallVector<mlir::Value> uniform; ///< per node, scalars of compute type
};

} // namespace mlopt::cuda

#endif // MLOPT_LIB_CUDA_MAP_STRIDEDBODY_H
