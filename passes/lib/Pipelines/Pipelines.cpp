//===- Pipelines.cpp - The passes of each phase ---------------------------===//
#include "mlopt/Passes/Pipelines/Pipelines.h"

#include "mlopt/Passes/Fusion/Fusion.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

#ifdef MLOPT_HAVE_GRAPH
#include "mlopt/Passes/Graph/Graph.h"
#endif
#ifdef MLOPT_HAVE_MEMORY
#include "mlopt/Passes/Memory/Memory.h"
#endif

using namespace mlir;

namespace mlopt {

void buildGraphPhase(OpPassManager &pm, const PipelineOptions &options) {
  if (options.optLevel == 0)
    return;
#ifdef MLOPT_HAVE_GRAPH
  GraphOptions graph;
  graph.raise = graph.attention = options.optLevel > 1;
  buildGraphPipeline(pm, graph);
#else
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
#endif
}

void buildQuantizePhase(OpPassManager &, const PipelineOptions &) {}

void buildFusePhase(OpPassManager &pm, const PipelineOptions &options, const EmitterList &emitters,
                    const TargetDescription &target) {
  if (options.optLevel > 0)
    pm.addPass(createChooseLayoutsPass(emitters, target));
  pm.addPass(createFormKernelsPass(options.optLevel > 0));
  pm.addPass(createScheduleKernelsPass(emitters, target));
}

void buildPlanPhase(OpPassManager &pm, const PipelineOptions &) {
#ifdef MLOPT_HAVE_MEMORY
  pm.addPass(createPlanPass());
#endif
}

void registerPipelinePasses(const EmitterList &emitters, const TargetDescription &target,
                            bool fuse) {
  registerPass([&emitters, target] { return createChooseLayoutsPass(emitters, target); });
  registerPass([fuse] { return createFormKernelsPass(fuse); });
  registerPass([&emitters, target] { return createScheduleKernelsPass(emitters, target); });
#ifdef MLOPT_HAVE_GRAPH
  registerMloptGraphPasses();
  registerGraphPipeline();
#endif
#ifdef MLOPT_HAVE_MEMORY
  registerMemoryPasses();
#endif
}

void registerPipelineDialects(DialectRegistry &registry) {
  (void)registry;
#ifdef MLOPT_HAVE_MEMORY
  registry.insert<rt::MlrtDialect>();
#endif
}

} // namespace mlopt
