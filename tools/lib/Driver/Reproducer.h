//===- Reproducer.h - What is left for a report of a fault ------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_REPRODUCER_H
#define MLOPT_TOOLS_LIB_DRIVER_REPRODUCER_H

#include "Driver/CompileOptions.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir {
class PassManager;
}

namespace mlopt {

/// While one lives, an internal error of this process can be written down: a
/// folder with
///   report.txt    version, command line, working folder, phase and pass, error
///   before.mlir   the module before the pass that failed, as MLIR's crash
///                 reproducer: `mlopt-opt --run-reproducer` runs the pass again
///   model.*       a copy of the model if it is small (16 MiB; else its path)
///   stack.txt     after a crash: the stack of the thread that crashed
/// The newest one counts. It holds a copy of the module (its weights are shared
/// with the original), so it must end before the context does.
class Reproducer {
public:
  /// `output`: the file that is compiled to; gives the folder its name.
  Reproducer(const CompileOptions &options, llvm::StringRef output);
  ~Reproducer();
  Reproducer(const Reproducer &) = delete;
  Reproducer &operator=(const Reproducer &) = delete;

  /// Keeps a copy of the module before every pass of `pm` from now on.
  void watch(mlir::PassManager &pm);
  /// A phase that is no pipeline begins; `module` must not change within it and may be null.
  void enter(Phase phase, mlir::ModuleOp module = {});
  /// Lets go of the module.
  void drop();

  /// Writes the folder after a failure; `error` is the message that was printed, or empty.
  /// Its path, or empty if nothing could be written.
  std::string write(llvm::StringRef error);

  /// For the handler of crashes, on the thread that crashed: writes the folder of the
  /// newest reproducer and prints where it lies. Takes 30 seconds at most, and ends the
  /// process with code 70 if that, or a second crash, stops it.
  static void writeAfterCrash();

private:
  friend class SnapshotBeforePass;
  /// Everything but the stack and the module; without the folder nothing is written.
  bool writeReport(llvm::StringRef error);
  void writeModule();
  void copyModel();

  const CompileOptions &options;
  std::string folder;
  std::string phase = "input", pass, pipeline;
  mlir::OwningOpRef<mlir::ModuleOp> snapshot;
  mlir::ModuleOp module; ///< what is printed: the snapshot or another's module
  Reproducer *previous;
};

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_REPRODUCER_H
