//===- RecurrentEmitter.h - LSTM, GRU and RNN layers of f32 -----*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_RECURRENT_RECURRENTEMITTER_H
#define MLOPT_LIB_CPU_RECURRENT_RECURRENTEMITTER_H

#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// f32 recurrent layers: weights packed when compiling or at run time, all
/// options of the ONNX operations.
std::unique_ptr<KernelEmitter> createRecurrentEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_RECURRENT_RECURRENTEMITTER_H
