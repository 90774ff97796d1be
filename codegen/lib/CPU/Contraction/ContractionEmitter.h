//===- ContractionEmitter.h - Matrix products -------------------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_CONTRACTIONEMITTER_H
#define MLOPT_LIB_CPU_CONTRACTION_CONTRACTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// f32 matrix products: weights in panels, or both operands known at run time
/// only, batched and in all four transpositions.
std::unique_ptr<KernelEmitter> createContractionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_CONTRACTIONEMITTER_H
