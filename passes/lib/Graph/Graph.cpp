//===- Graph.cpp - The pipeline of the graph phase ------------------------===//
#include "mlopt/Passes/Graph/Graph.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlopt;

static void clean(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlopt::buildRaisePipeline(OpPassManager &pm, const GraphOptions &options) {
  clean(pm);
  pm.addPass(createFoldConstantsPass());
  pm.addPass(createSimplifyGraphPass());
  clean(pm);
  if (options.raise) {
    RaisePatternsPassOptions raise;
    raise.attention = options.attention;
    pm.addPass(createRaisePatternsPass(raise));
  }
}

void mlopt::buildGraphPipeline(OpPassManager &pm, const GraphOptions &options) {
  buildRaisePipeline(pm, options);
  pm.addPass(createFoldBatchNormPass());
  pm.addPass(createNormalizeConvolutionsPass());
  // Raised operations let views through that their parts did not.
  pm.addPass(createSimplifyGraphPass());
  pm.addPass(createFoldConstantsPass());
  clean(pm);
  pm.addPass(createRefineTypesPass());
  clean(pm);
}

void mlopt::registerGraphPipeline() {
  PassPipelineRegistration<>("mlopt-graph-pipeline", "all passes of the graph phase, in order",
                             [](OpPassManager &pm) { buildGraphPipeline(pm); });
}
