//===- ImplicitProduct.h - Convolution as a product of matrices -*- C++ -*-===//
//
// Rows of the left factor are pixels of the output, its columns (k) the taps of
// the filter times input channels: a matrix that exists in shared memory alone,
// tile by tile. The right factor is the filter.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_CONVOLUTION_IMPLICITPRODUCT_H
#define MLOPT_LIB_CUDA_CONVOLUTION_IMPLICITPRODUCT_H

#include "ConvolutionOutput.h"
#include "ConvolutionPlan.h"

namespace mlopt {

/// Emits the function of a phase: the product, and the sum of its parts where k is split.
llvm::LogicalResult emitImplicitProduct(KernelOp kernel, const TargetDescription &target,
                                        mlir::ModuleOp module, int64_t phase);

/// Emits a depthwise convolution (Depthwise.cpp).
llvm::LogicalResult emitDepthwise(KernelOp kernel, const TargetDescription &target,
                                  mlir::ModuleOp module);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONVOLUTION_IMPLICITPRODUCT_H
