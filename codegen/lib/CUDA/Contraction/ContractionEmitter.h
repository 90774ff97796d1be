//===- ContractionEmitter.h - Matrix products on a GPU ----------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONEMITTER_H
#define MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// f16, bf16 and f32 matrix products of any sizes, batched and in all four
/// transpositions, by tensor cores or fused multiply-adds.
std::unique_ptr<KernelEmitter> createCudaContractionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONTRACTION_CONTRACTIONEMITTER_H
