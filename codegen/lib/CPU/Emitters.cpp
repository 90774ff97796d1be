//===- Emitters.cpp - The CPU backend's list of emitters ------------------===//
#include "Attention/AttentionEmitter.h"
#include "Contraction/ContractionEmitter.h"
#include "Convolution/ConvolutionEmitter.h"
#include "Generic/GenericEmitter.h"
#include "Quantized/DequantizedContraction.h"
#include "Quantized/IntegerContractionEmitter.h"
#include "Quantized/IntegerConvolutionEmitter.h"
#include "Recurrent/RecurrentEmitter.h"
#include "mlopt/Codegen/CpuBackend.h"

using namespace mlopt;

EmitterList mlopt::createCpuEmitters() {
  EmitterList emitters;
  emitters.push_back(createIntegerContractionEmitter());
  emitters.push_back(createDequantizedContractionEmitter());
  emitters.push_back(createContractionEmitter());
  emitters.push_back(createAttentionEmitter());
  emitters.push_back(createIntegerConvolutionEmitter());
  emitters.push_back(createConvolutionEmitter());
  emitters.push_back(createRecurrentEmitter());
  emitters.push_back(createGenericEmitter());
  return emitters;
}
