//===- Pipeline.cpp - Runs the phases -------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Pipeline.h"

#include "Driver/Registration.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlopt/Codegen/CpuBackend.h"
#include "mlopt/Passes/Pipelines/Pipelines.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace mlopt {

namespace {

/// --print-after.
class Printer : public PassInstrumentation {
public:
  explicit Printer(llvm::ArrayRef<std::string> names) : names(names) {}

  void runAfterPass(Pass *pass, Operation *op) override {
    llvm::StringRef name = pass->getArgument();
    if (name.empty() || (!llvm::is_contained(names, name) && !llvm::is_contained(names, "all")))
      return;
    OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(32).elideLargeResourceString(32);
    llvm::errs() << "// ----- after " << name << "\n";
    op->print(llvm::errs(), flags);
    llvm::errs() << "\n";
  }

private:
  llvm::ArrayRef<std::string> names;
};

/// The name of a pass that failed, for a failure that said nothing.
class FailureRecorder : public PassInstrumentation {
public:
  explicit FailureRecorder(std::string &name) : name(name) {}
  void runAfterPassFailed(Pass *pass, Operation *) override {
    if (name.empty() && !pass->getArgument().empty())
      name = pass->getArgument().str();
  }

private:
  std::string &name;
};

} // namespace

PhaseRunner::PhaseRunner(const CompileOptions &options, Diagnostics &diagnostics,
                         MLIRContext &context)
    : options(options), diagnostics(diagnostics), context(context) {}

bool PhaseRunner::checkPassNames() {
  static const bool registered = registerPasses(PassDefaults());
  (void)registered;
  for (const auto *list : {&options.disabledPasses, &options.printAfter})
    for (const std::string &name : *list)
      if (name != "all" && !PassInfo::lookup(name)) {
        diagnostics.usage("no pass is called '" + name + "'; 'mlopt --list-passes' lists them");
        return false;
      }
  return true;
}

static void build(Phase phase, OpPassManager &pm, const PipelineOptions &options,
                  const EmitterList &emitters, const TargetDescription *target) {
  switch (phase) {
  case Phase::Graph:
    return buildGraphPhase(pm, options);
  case Phase::Quantize:
    return buildQuantizePhase(pm, options);
  case Phase::Fuse:
    return buildFusePhase(pm, options, emitters, *target);
  case Phase::Plan:
    return buildPlanPhase(pm, options);
  case Phase::Input:
  case Phase::Kernels:
  case Phase::Object:
    return;
  }
}

llvm::LogicalResult PhaseRunner::run(Phase phase, ModuleOp module, const EmitterList &emitters,
                                     const TargetDescription *target) {
  begin(phase);
  if (failed(checkPhaseEntry(phase, module)))
    return failure();
  PassManager pm(&context, ModuleOp::getOperationName());
  pm.enableVerifier(options.verifyEach);
  PipelineOptions pipeline;
  pipeline.optLevel = options.optLevel;
  build(phase, pm, pipeline, emitters, target);
  if (!options.printAfter.empty())
    pm.addInstrumentation(std::make_unique<Printer>(options.printAfter));
  std::string failedPass;
  pm.addInstrumentation(std::make_unique<FailureRecorder>(failedPass));
  // A pass runs as an action of the context, which may be left out.
  if (!options.disabledPasses.empty())
    context.registerActionHandler(
        [this](llvm::function_ref<void()> run, const tracing::Action &action) {
          if (auto *pass = llvm::dyn_cast<PassExecutionAction>(&action))
            if (llvm::is_contained(options.disabledPasses, pass->getPass().getArgument()))
              return;
          run();
        });
  bool ok = succeeded(pm.run(module));
  if (!options.disabledPasses.empty())
    context.registerActionHandler(nullptr);
  if (ok)
    return success();
  if (!diagnostics.hadError())
    diagnostics.error(3001, options.model,
                      "pass '" + (failedPass.empty() ? "?" : failedPass) + "' of phase '" +
                          getPhaseInfo(phase).name + "' failed");
  return failure();
}

void PhaseRunner::begin(Phase phase) {
  auto now = std::chrono::steady_clock::now();
  if (current)
    seconds[static_cast<size_t>(*current)] += std::chrono::duration<double>(now - started).count();
  started = now;
  current = phase;
}

void PhaseRunner::finish() {
  if (current)
    begin(*current);
  current.reset();
  if (!options.timePhases)
    return;
  double total = 0;
  for (const PhaseInfo &info : getPhases()) {
    double time = seconds[static_cast<size_t>(info.phase)];
    total += time;
    llvm::errs() << llvm::left_justify(info.name, 10) << llvm::format("%9.3f s\n", time);
  }
  llvm::errs() << llvm::left_justify("total", 10) << llvm::format("%9.3f s\n", total);
}

void printPhasesAndPasses() {
  EmitterList emitters = createCpuEmitters();
  std::optional<TargetDescription> target = getTarget("x86-64-v3");
  for (const PhaseInfo &info : getPhases()) {
    OpPassManager pm(ModuleOp::getOperationName());
    build(info.phase, pm, PipelineOptions(), emitters, &*target);
    llvm::outs() << llvm::left_justify(info.name, 10) << info.description << "\n";
    if (pm.size() == 0)
      continue;
    llvm::outs() << "          ";
    pm.printAsTextualPipeline(llvm::outs());
    llvm::outs() << "\n";
  }
}

} // namespace mlopt
