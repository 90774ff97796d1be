//===- AttentionEmitter.h - Attention on GPUs -------------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_ATTENTION_ATTENTIONEMITTER_H
#define MLOPT_LIB_CUDA_ATTENTION_ATTENTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// "cuda-attention": scores, softmax and weighted values of a block of queries in one pass over the keys.
std::unique_ptr<KernelEmitter> createCudaAttentionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ATTENTION_ATTENTIONEMITTER_H
