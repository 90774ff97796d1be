//===- IntegerContractionEmitter.h - Matrix products of bytes ---*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_INTEGERCONTRACTIONEMITTER_H
#define MLOPT_LIB_CPU_QUANTIZED_INTEGERCONTRACTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// Products of ui8 and i8 matrices without zero points, summed in i32: weights in panels of bytes,
/// or both operands known at run time only, batched, the second one possibly transposed.
std::unique_ptr<KernelEmitter> createIntegerContractionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_INTEGERCONTRACTIONEMITTER_H
