//===- Pipelines.cpp - The passes of each phase ---------------------------===//
#include "mlopt/Passes/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlopt/Passes/Fusion/Fusion.h"

#include "mlopt/Passes/Graph/Graph.h"
#include "mlopt/Passes/Memory/Memory.h"

using namespace mlir;

namespace mlopt {

void buildGraphPhase(OpPassManager &pm, const PipelineOptions &options) {
  if (options.optLevel == 0)
    return;
  GraphOptions graph;
  graph.raise = graph.attention = options.optLevel > 1;
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
  pm.addPass(createScheduleKernelsPass(emitters, target));
}

void buildPlanPhase(OpPassManager &pm, const PipelineOptions &) { pm.addPass(createPlanPass()); }

void registerPipelinePasses(const EmitterList &emitters, const TargetDescription &target,
                            bool fuse) {
  registerPass([&emitters, target] { return createChooseLayoutsPass(emitters, target); });
  registerPass([fuse] { return createFormKernelsPass(fuse); });
  registerPass([&emitters, target] { return createScheduleKernelsPass(emitters, target); });
  registerMloptGraphPasses();
  registerGraphPipeline();
  registerMemoryPasses();
}

void registerPipelineDialects(DialectRegistry &registry) { registry.insert<rt::MlrtDialect>(); }

} // namespace mlopt
