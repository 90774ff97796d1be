//===- IntegerConvolutionEmitter.h - Convolution of bytes -------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONEMITTER_H
#define MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// Convolutions of ui8 with i8 in i32 as the phase `quantize` leaves them (raw, no zero point
/// of the filter), over one to three spatial axes: channels in blocks of 16, inputs of few
/// channels (stems) in blocks of 4, and depthwise ones.
std::unique_ptr<KernelEmitter> createIntegerConvolutionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONEMITTER_H
