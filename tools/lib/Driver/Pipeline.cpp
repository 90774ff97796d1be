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
#include "mlopt/Frontend/Locations.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Passes/Pipelines/Pipelines.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

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

/// --force-internal-error=crash@PASS.
class ForcedCrash : public PassInstrumentation {
public:
  explicit ForcedCrash(llvm::StringRef name) : name(name) {}
  void runBeforePass(Pass *pass, Operation *) override {
    if (pass->getArgument() == name)
      forceCrash();
  }

private:
  llvm::StringRef name;
};

/// --force-internal-error=fail@PHASE.
class ForcedFailure : public PassWrapper<ForcedFailure, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ForcedFailure)
  llvm::StringRef getArgument() const override { return "mlopt-forced-failure"; }
  void runOnOperation() override { signalPassFailure(); }
};

/// Whether a location is of a node, or of a part of it (NODE.WORD, as `mlopt quantize` names them).
bool isOfNode(Location loc, llvm::StringRef node) {
  if (auto fused = dyn_cast<FusedLoc>(loc))
    return llvm::any_of(fused.getLocations(), [&](Location part) { return isOfNode(part, node); });
  llvm::StringRef name = splitLocation(loc).name;
  return name == node || (name.consume_front(node) && name.starts_with("."));
}

/// --force-internal-error=spoil-kernel@LAYER: the sums of the layer's integer kernel come out doubled.
class SpoilKernel : public PassWrapper<SpoilKernel, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SpoilKernel)
  explicit SpoilKernel(llvm::StringRef layer) : layer(layer.str()) {}
  SpoilKernel(const SpoilKernel &) = default;
  llvm::StringRef getArgument() const override { return "mlopt-spoil-kernel"; }
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (!isa<IntegerMatmulOp, IntegerConvOp, DequantizedMatmulOp>(op) ||
          !isOfNode(op->getLoc(), layer))
        return;
      Value sums = op->getResult(0);
      OpBuilder builder(op);
      builder.setInsertionPointAfter(op);
      AddOp twice = AddOp::create(builder, op->getLoc(), sums.getType(), sums, sums);
      sums.replaceAllUsesExcept(twice->getResult(0), twice);
    });
  }

private:
  std::string layer;
};

} // namespace

bool isCrashForced(const CompileOptions &options, Phase phase) {
  return options.forcedError == ("crash@" + getPhaseInfo(phase).name).str();
}

void forceCrash() { std::raise(SIGSEGV); }

PhaseRunner::PhaseRunner(const CompileOptions &options, Diagnostics &diagnostics,
                         MLIRContext &context, Reproducer &reproducer)
    : options(options), diagnostics(diagnostics), context(context), reproducer(reproducer) {}

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
    return buildPlanPhase(pm, options, *target);
  case Phase::Input:
  case Phase::Kernels:
  case Phase::Object:
    return;
  }
}

llvm::LogicalResult PhaseRunner::run(Phase phase, ModuleOp module, const EmitterList &emitters,
                                     const TargetDescription *target) {
  begin(phase);
  if (failed(checkPhaseEntry(phase, module))) {
    reproducer.enter(phase, module);
    return failure();
  }
  PassManager pm(&context, ModuleOp::getOperationName());
  pm.enableVerifier(options.verifyEach);
  PipelineOptions pipeline;
  pipeline.optLevel = options.optLevel;
  pipeline.checkFinite = options.checkFinite;
  if (options.step)
    pipeline.training = *options.step;
  auto [forced, place] = llvm::StringRef(options.forcedError).split('@');
  if (forced == "spoil")
    pipeline.spoiltRule = place.str();
  build(phase, pm, pipeline, emitters, target);
  if (forced == "spoil-kernel" && phase == Phase::Quantize)
    pm.addPass(std::make_unique<SpoilKernel>(place));
  if (!options.printAfter.empty())
    pm.addInstrumentation(std::make_unique<Printer>(options.printAfter));
  reproducer.watch(pm); // before what crashes on demand
  if (forced == "crash")
    pm.addInstrumentation(std::make_unique<ForcedCrash>(place));
  else if (forced == "fail" && place == getPhaseInfo(phase).name)
    pm.addPass(std::make_unique<ForcedFailure>());
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

void PhaseRunner::begin(Phase phase, ModuleOp module) {
  reproducer.enter(phase, module);
  // In the last two phases the crash comes when work has begun (Compile.cpp).
  if (phase < Phase::Kernels && isCrashForced(options, phase))
    forceCrash();
  stopClock();
  started = std::chrono::steady_clock::now();
  diagnostics.status("phase " + getPhaseInfo(phase).name);
  current = phase;
}

void PhaseRunner::stopClock() {
  if (!current)
    return;
  double time = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  seconds[static_cast<size_t>(*current)] += time;
  if (options.verbose) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.3f s", time);
    diagnostics.note("phase " + getPhaseInfo(*current).name + ": " + text);
  }
  current.reset();
}

void PhaseRunner::finish() {
  stopClock();
  diagnostics.status("");
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
