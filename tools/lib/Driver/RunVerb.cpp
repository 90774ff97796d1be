//===- RunVerb.cpp - mlopt run and mlopt bench ----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"
#include "Driver/Diagnostics.h"
#include "Driver/Process.h"
#include "Driver/Verbs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace mlopt {

std::string findRunner() { return findInstalled("bin", "mlopt-run"); }

/// NAME=SIZE for mlopt-run. Of a model --dim has fixed the size already.
static void appendDims(const CommandLine &line, std::vector<std::string> &arguments) {
  for (const auto &[name, size] : line.compile.dims)
    arguments.push_back("--dim=" + name + "=" + std::to_string(size));
}

int runRunner(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  std::string runner = findRunner();
  if (runner.empty())
    return diagnostics.error(4003, "mlopt",
                             "mlopt-run is not beside mlopt: the installation is incomplete");
  std::vector<std::string> arguments = {line.verb == Verb::Run ? "run" : "bench"};
  std::string error;
  auto finish = [&](int code) {
    return code < 0 ? diagnostics.error(4003, runner, "cannot be run: " + error) : code;
  };
  if (looksLikeArtefact(line.compile.model)) {
    if (!line.compile.loadWeights.empty())
      return diagnostics.usage("--load-weights: '" + line.compile.model +
                               "' is compiled already; compile its model with that option");
    arguments.push_back(line.compile.model);
    arguments.insert(arguments.end(), line.runnerArguments.begin(), line.runnerArguments.end());
    appendDims(line, arguments);
    if (line.cpuGiven)
      arguments.push_back("--cpu=" + llvm::join(line.compile.cpus, ","));
    return finish(runProgram(runner, arguments, error));
  }
  ScratchFolder scratch;
  if (scratch.getPath().empty())
    return diagnostics.error(3003, "mlopt", scratch.getError());
  CompileOptions options = line.compile;
  options.output = scratch.file(llvm::sys::path::stem(options.model).str() + ".so");
  options.emit = Emit::SharedLibrary;
  options.header = "none";
  options.temporaryOutput = true;
  if (int code = compileModel(options, diagnostics))
    return code;
  arguments.push_back(options.output);
  arguments.insert(arguments.end(), line.runnerArguments.begin(), line.runnerArguments.end());
  return finish(runProgram(runner, arguments, error));
}

} // namespace mlopt
