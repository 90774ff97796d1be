//===- PoolEmitter.h - Pooling on a GPU -------------------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_POOL_POOLEMITTER_H
#define MLOPT_LIB_CUDA_POOL_POOLEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// `mlopt.pool` with channels last or row-major.
std::unique_ptr<KernelEmitter> createCudaPoolEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_POOL_POOLEMITTER_H
