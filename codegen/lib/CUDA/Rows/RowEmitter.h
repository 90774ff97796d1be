//===- RowEmitter.h - Softmax, norms and reductions on GPUs -----*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_ROWS_ROWEMITTER_H
#define MLOPT_LIB_CUDA_ROWS_ROWEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// "cuda-rows": heroes that take a statistic over rows.
std::unique_ptr<KernelEmitter> createCudaRowEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ROWS_ROWEMITTER_H
