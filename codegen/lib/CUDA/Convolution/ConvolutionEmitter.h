//===- ConvolutionEmitter.h - Convolutions on a GPU -------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONEMITTER_H
#define MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// `mlopt.conv` of f32, f16 and bf16 with channels last.
std::unique_ptr<KernelEmitter> createCudaConvolutionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONEMITTER_H
