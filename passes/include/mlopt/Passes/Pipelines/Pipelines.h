//===- Pipelines.h - The passes of each phase -------------------*- C++ -*-===//
//
// The one list of what runs between import and code generation, in order. The
// driver runs it, mlopt-opt registers it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_PIPELINES_PIPELINES_H
#define MLOPT_PASSES_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlopt/Passes/KernelEmitter.h"
#include "mlopt/Passes/Training/Training.h"
#include <optional>

namespace mlopt {

/// What the pipelines need to know of the command line.
struct PipelineOptions {
  unsigned optLevel = 2; ///< 0: no fusion, no graph rewriting; 1: no pattern raising
  bool checkFinite = false; ///< kernels look for infinities and NaNs in what they compute
  std::string spoiltRule;   ///< for tests: an operation whose derivatives are made 1 % too large
  /// Set: the `graph` phase makes @main's training functions.
  std::optional<TrainingOptions> training;
};

/// Phase `graph`: canonical, patterns raised, gradients replaced by what computes them (those of a
/// training step after the patterns, those that a model asks for before), constants folded.
void buildGraphPhase(mlir::OpPassManager &pm, const PipelineOptions &options);
/// Phase `quantize`: products of quantized tensors in integers, weights as they are stored.
void buildQuantizePhase(mlir::OpPassManager &pm, const PipelineOptions &options);
/// Phase `fuse`, on the clone for `target`. `emitters` must outlive the pipeline.
void buildFusePhase(mlir::OpPassManager &pm, const PipelineOptions &options,
                    const EmitterList &emitters, const TargetDescription &target);
/// Phase `plan`, on the clone for `target`: the host program.
void buildPlanPhase(mlir::OpPassManager &pm, const PipelineOptions &options,
                    const TargetDescription &target);

/// Registers every pass of the phases under its own name, and each phase as
/// `mlopt-PHASE-pipeline`. `emitters` must outlive the process's use of them.
void registerPipelinePasses(const EmitterList &emitters, const TargetDescription &target,
                            bool fuse = true);

/// Dialects that the phases produce besides mlopt.
void registerPipelineDialects(mlir::DialectRegistry &registry);

} // namespace mlopt

#endif // MLOPT_PASSES_PIPELINES_PIPELINES_H
