//===- Training.h - The functions that train a model ------------*- C++ -*-===//
//
// Part of the `graph` phase where a training step is asked for. What the passes
// do, and every option, stands in Passes.td.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_TRAINING_TRAINING_H
#define MLOPT_PASSES_TRAINING_TRAINING_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlopt/IR/Mlopt.h"
#include <memory>

namespace mlopt {

// createOpenParametersPass, createBuildTrainingPass, their options, and
// registerMloptTrainingPasses().
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "mlopt/Passes/Training/Passes.h.inc"

/// What `mlopt train` is told, the driver's and the pass's: Passes.td.
using TrainingOptions = BuildTrainingPassOptions;

/// What is wrong with the options by themselves, without a model ("--lr ..."); empty if nothing.
std::string checkTrainingOptions(const TrainingOptions &options);
/// Optimizer, schedule and clipping with all numbers, for people: "adamw lr=0.001 betas=...".
std::string describeOptimizer(const TrainingOptions &options);

} // namespace mlopt

#endif // MLOPT_PASSES_TRAINING_TRAINING_H
