//===- Verbs.h - The verbs of mlopt -----------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_VERBS_H
#define MLOPT_TOOLS_LIB_DRIVER_VERBS_H

#include "Driver/CompileOptions.h"
#include "llvm/ADT/ArrayRef.h"

namespace mlopt {

/// The whole program: reads the command line and runs its verb. Returns the exit code.
int driverMain(int argc, char **argv);
/// A command line whose help and batch options are served already.
int runVerb(const CommandLine &line);

int runCompile(const CommandLine &line);
int runTrain(const CommandLine &line);
int runQuantize(const CommandLine &line);
int runCheck(const CommandLine &line);
int runInspect(const CommandLine &line);
int runExplain(const CommandLine &line);
int runEval(const CommandLine &line);
int runVerify(const CommandLine &line);
/// `run` and `bench`: mlopt-run does the work.
int runRunner(const CommandLine &line);

/// --batch: one command line of `verb` per input line, each in a process forked
/// from this one. Returns the exit code of the whole.
int runBatch(const CommandLine &line);

/// The program's file, for what lies beside it. Set by driverMain.
const std::string &getProgramPath();
/// The path of a file of the installation, for example ("lib", "mlopt_rt_core.o");
/// empty if it is not there.
std::string findInstalled(llvm::StringRef folder, llvm::StringRef name);
/// Whether a file starts as an ELF file does, that is, may be an artefact.
bool looksLikeArtefact(llvm::StringRef path);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_VERBS_H
