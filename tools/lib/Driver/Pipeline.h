//===- Pipeline.h - Runs the phases -----------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_PIPELINE_H
#define MLOPT_TOOLS_LIB_DRIVER_PIPELINE_H

#include "Driver/Diagnostics.h"
#include "Driver/Reproducer.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlopt/Passes/KernelEmitter.h"

#include <chrono>

namespace mlopt {

/// The one place that runs passes: checks the entry of each phase, prints,
/// leaves out and times what the command line says.
class PhaseRunner {
public:
  PhaseRunner(const CompileOptions &options, Diagnostics &diagnostics, mlir::MLIRContext &context,
              Reproducer &reproducer);

  /// False after a usage error: --disable-pass or --print-after names no pass.
  bool checkPassNames();

  /// Runs the passes of a phase up to `plan`. `target` is needed from `fuse` on.
  llvm::LogicalResult run(Phase phase, mlir::ModuleOp module, const EmitterList &emitters = {},
                          const TargetDescription *target = nullptr);
  /// Starts the clock of a phase that is no pass pipeline; the last one's stops.
  /// `module`: what the phase works on without a change, for reports.
  void begin(Phase phase, mlir::ModuleOp module = {});
  /// Stops the clock and, with --time-phases, prints the table on standard error.
  void finish();

private:
  void stopClock();

  const CompileOptions &options;
  Diagnostics &diagnostics;
  mlir::MLIRContext &context;
  Reproducer &reproducer;
  std::optional<Phase> current;
  std::chrono::steady_clock::time_point started;
  double seconds[8] = {};
};

/// For tests of what a crash leaves (--force-internal-error).
bool isCrashForced(const CompileOptions &options, Phase phase);
void forceCrash();

/// Each phase with what holds after it and its pipeline, on standard output.
void printPhasesAndPasses();

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_PIPELINE_H
