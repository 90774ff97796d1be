//===- ConvolutionEmitter.h - Direct convolution in blocked layouts *- C++ -*-===//
#ifndef MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONEMITTER_H
#define MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// Convolutions of floats over one to three spatial axes: channels in blocks of 16, or a
/// row-major input of few channels (stems), or depthwise.
std::unique_ptr<KernelEmitter> createConvolutionEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONEMITTER_H
