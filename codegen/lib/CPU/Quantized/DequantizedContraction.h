//===- DequantizedContraction.h - Products with packed weights --*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDCONTRACTION_H
#define MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDCONTRACTION_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// `dequantized_matmul` of f32 rows and constant weights of 4 or 8 bits.
std::unique_ptr<KernelEmitter> createDequantizedContractionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDCONTRACTION_H
