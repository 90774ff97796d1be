//===- Pipelines.cpp - The passes of each phase ---------------------------===//
#include "mlopt/Passes/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlopt/Passes/Autodiff/Autodiff.h"
#include "mlopt/Passes/Fusion/Fusion.h"

#include "mlopt/Passes/Graph/Graph.h"
#include "mlopt/Passes/Memory/Memory.h"
#include "mlopt/Passes/Quantization/Quantization.h"
#include "mlopt/Passes/Training/Training.h"

using namespace mlir;

namespace mlopt {

void buildGraphPhase(OpPassManager &pm, const PipelineOptions &options) {
  GraphOptions graph;
  graph.raise = graph.attention = options.optLevel > 1;
  if (options.training) {
    // From here on no parameter that may change is a constant.
    OpenParametersPassOptions open;
    open.freeze = options.training->freeze;
    open.trainOnly = options.training->trainOnly;
    pm.addPass(createOpenParametersPass(open));
    if (options.optLevel > 0)
      buildRaisePipeline(pm, graph);
    // Nothing may stand between these two: what follows a parameter's value must keep using it.
    pm.addPass(createBuildTrainingPass(*options.training));
    graph.raise = false;
  }
  // A model may ask for gradients by itself.
  DifferentiatePassOptions differentiate;
  differentiate.spoil = options.spoiltRule;
  pm.addPass(createDifferentiatePass(differentiate));
  pm.addPass(createDecomposeTrainingPass());
  if (options.optLevel > 0)
    buildGraphPipeline(pm, graph);
}

void buildQuantizePhase(OpPassManager &pm, const PipelineOptions &options) {
  if (options.optLevel > 0)
    buildQuantizePipeline(pm);
}

void buildFusePhase(OpPassManager &pm, const PipelineOptions &options, const EmitterList &emitters,
                    const TargetDescription &target) {
  if (options.optLevel > 0)
    pm.addPass(createChooseLayoutsPass(emitters, target));
  pm.addPass(createFormKernelsPass(options.optLevel > 0));
  if (options.checkFinite)
    pm.addPass(createCheckFinitePass());
  pm.addPass(createScheduleKernelsPass(emitters, target));
}

/// Operands and results of a GPU's kernels begin at multiples of this: an access of 16 bytes may be the first.
static constexpr int64_t gpuTensorAlignment = 16;

void buildPlanPhase(OpPassManager &pm, const PipelineOptions &, const TargetDescription &target) {
  pm.addPass(createPlanPass(target.gpu ? gpuTensorAlignment : 1));
}

void registerPipelinePasses(const EmitterList &emitters, const TargetDescription &target,
                            bool fuse) {
  registerPass([&emitters, target] { return createChooseLayoutsPass(emitters, target); });
  registerPass([fuse] { return createFormKernelsPass(fuse); });
  registerPass([] { return createCheckFinitePass(); });
  registerPass([&emitters, target] { return createScheduleKernelsPass(emitters, target); });
  registerMloptAutodiffPasses();
  registerMloptGraphPasses();
  registerMloptQuantizationPasses();
  registerMloptTrainingPasses();
  registerGraphPipeline();
  registerQuantizePipeline();
  registerMemoryPasses();
}

void registerPipelineDialects(DialectRegistry &registry) {
  registry.insert<rt::MlrtDialect>();
  registerGradientRules(registry);
}

} // namespace mlopt
