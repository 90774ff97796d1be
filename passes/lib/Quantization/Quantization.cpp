//===- Quantization.cpp - The pipeline of the quantize phase --------------===//
#include "mlopt/Passes/Quantization/Quantization.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "mlopt/Passes/Graph/Graph.h"

using namespace mlir;
using namespace mlopt;

static void clean(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlopt::buildQuantizePipeline(OpPassManager &pm) {
  // Weights that the model quantizes itself are stored quantized.
  FoldConstantsPassOptions store;
  store.quantize = true;
  pm.addPass(createFoldConstantsPass(store));
  pm.addPass(createMoveDequantizePass());
  // Data movement of stored weights is done now.
  pm.addPass(createFoldConstantsPass(store));
  clean(pm);
  pm.addPass(createResolveProductsPass());
  pm.addPass(createNormalizeProductsPass());
  pm.addPass(createResolveWeightsPass());
  // What is still stored becomes floating point, and what waited for constant weights is done.
  FoldConstantsPassOptions widen;
  widen.widen = widen.quantize = true;
  pm.addPass(createFoldConstantsPass(widen));
  pm.addPass(createFoldBatchNormPass());
  pm.addPass(createNormalizeConvolutionsPass());
  pm.addPass(createSimplifyGraphPass());
  pm.addPass(createSimplifyRequantizationPass());
  pm.addPass(createFoldConstantsPass(widen));
  clean(pm);
}

void mlopt::registerQuantizePipeline() {
  PassPipelineRegistration<>("mlopt-quantize-pipeline",
                             "all passes of the quantize phase, in order",
                             [](OpPassManager &pm) { buildQuantizePipeline(pm); });
}
