//===- Emitters.cpp - The CUDA backend's list of emitters -----------------===//
#include "Generic/GenericEmitter.h"
#include "Attention/AttentionEmitter.h"
#include "Convolution/ConvolutionEmitter.h"
#include "Pool/PoolEmitter.h"
#include "Rows/RowEmitter.h"
#include "Contraction/ContractionEmitter.h"
#include "Map/MapEmitter.h"
#include "mlopt/Codegen/CudaBackend.h"

using namespace mlopt;

EmitterList mlopt::createCudaEmitters() {
  EmitterList emitters;
  emitters.push_back(createCudaContractionEmitter());
  emitters.push_back(createCudaConvolutionEmitter());
  emitters.push_back(createCudaPoolEmitter());
  emitters.push_back(createCudaAttentionEmitter());
  emitters.push_back(createCudaRowEmitter());
  emitters.push_back(createCudaTransposeEmitter());
  emitters.push_back(createCudaMapEmitter());
  emitters.push_back(createCudaGenericEmitter());
  return emitters;
}
