//===- MapEmitter.h - Kernels that write each element for itself -*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_MAP_MAPEMITTER_H
#define MLOPT_LIB_CUDA_MAP_MAPEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// "cuda-map": elementwise operations with broadcasts, copies, slices, concatenations, pads and
/// gathers of any rank; 16 bytes at a time where memory allows it.
std::unique_ptr<KernelEmitter> createCudaMapEmitter();

/// "cuda-transpose": the same by strides, where the innermost dimension of an operand is not that
/// of the result: tiles turn over in shared memory, and both sides go through memory in order.
std::unique_ptr<KernelEmitter> createCudaTransposeEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_MAP_MAPEMITTER_H
