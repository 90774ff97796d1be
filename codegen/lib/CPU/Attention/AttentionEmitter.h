//===- AttentionEmitter.h - Attention ---------------------------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_ATTENTION_ATTENTIONEMITTER_H
#define MLOPT_LIB_CPU_ATTENTION_ATTENTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// f32 attention per head, the scores of a block of queries at a time.
std::unique_ptr<KernelEmitter> createAttentionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_ATTENTION_ATTENTIONEMITTER_H
