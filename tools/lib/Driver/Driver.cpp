//===- Driver.cpp - From the command line to a verb -----------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Artefact.h"
#include "Driver/CommandLine.h"
#include "Driver/Diagnostics.h"
#include "Driver/Pipeline.h"
#include "Driver/Process.h"
#include "Driver/Reproducer.h"
#include "Driver/Verbs.h"

#include "mlopt/Passes/TargetDescription.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace mlopt {

static std::string programPath;

const std::string &getProgramPath() { return programPath; }

std::string findInstalled(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> path(llvm::sys::path::parent_path(programPath));
  llvm::sys::path::append(path, "..", folder, name);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return llvm::sys::fs::exists(path) ? path.str().str() : std::string();
}

bool looksLikeArtefact(llvm::StringRef path) {
  int fd = open(path.str().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return false;
  char magic[4] = {};
  bool elf = read(fd, magic, 4) == 4 && !std::memcmp(magic, "\177ELF", 4);
  close(fd);
  return elf;
}

static void printVersion() {
  llvm::outs() << "mlopt " << MLOPT_VERSION << " (LLVM " << LLVM_VERSION_STRING << ")\n";
}

static void printTargets() {
  for (const std::string &name : listTargets()) {
    std::optional<TargetDescription> target = getTarget(name);
    if (!target)
      continue;
    llvm::outs() << name;
    if (name == "host")
      llvm::outs() << "  (" << target->cpu << (target->features.empty() ? "" : " ")
                   << target->features << ")";
    llvm::outs() << "  vectors of " << target->vectorBytes << " bytes\n";
  }
  for (const std::string &name : listGpuTargets())
    if (std::optional<TargetDescription> target = getTarget(name))
      llvm::outs() << name << "  GPU, up to " << target->gpu->sharedBytes / 1024
                   << " KiB of shared memory in a block\n";
}

/// A crash on any thread ends with the documented code instead of a signal.
/// Called while signals are handled: LLVM has removed the unfinished files.
static void reportCrash(void *) {
  const char text[] =
      "mlopt: error: internal error: the compiler crashed; please report this with the model\n";
  ssize_t ignored = write(2, text, sizeof(text) - 1);
  (void)ignored;
  removeScratchFolders();
  Reproducer::writeAfterCrash();
  _exit(kExitInternal);
}

/// Ctrl-C and SIGTERM: LLVM has removed the unfinished files, but for one that was just being made.
static void reportInterrupt() {
  OutputFiles::removeAllAtSignal();
  removeScratchFolders();
  _exit(128 + SIGINT);
}

int runVerb(const CommandLine &given) {
  CommandLine line = given;
  Diagnostics diagnostics(line.compile);
  if (line.verb == Verb::Explain)
    return runExplain(line);
  if (line.positional.empty())
    return diagnostics.usage("no model given");
  if (line.positional.size() > 1)
    return diagnostics.usage("two models, '" + llvm::Twine(line.positional[0]) + "' and '" +
                             line.positional[1] + "', expected one");
  line.compile.model = line.positional[0];
  switch (line.verb) {
  case Verb::Compile:
    return runCompile(line);
  case Verb::Train:
    return runTrain(line);
  case Verb::Quantize:
    return runQuantize(line);
  case Verb::Check:
    return runCheck(line);
  case Verb::Inspect:
    return runInspect(line);
  case Verb::Run:
  case Verb::Bench:
    return runRunner(line);
  case Verb::Verify:
    return runVerify(line);
  case Verb::Eval:
    return runEval(line);
  case Verb::Explain:
    break;
  }
  return kExitInternal;
}

int driverMain(int argc, char **argv) {
  programPath = llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void *>(&driverMain));
  llvm::setBugReportMsg("mlopt: please report this crash with the model.\n");
  llvm::sys::AddSignalHandler(reportCrash, nullptr);
  llvm::sys::SetInterruptFunction(reportInterrupt);
  std::vector<const char *> arguments(argv + 1, argv + argc);
  std::string error;
  std::optional<CommandLine> line = parseCommandLine(arguments, error);
  if (!line)
    return Diagnostics(false, false, false).usage(error);
  if (line->help) {
    bool named =
        argc > 1 && llvm::any_of(getVerbs(), [&](const VerbInfo &v) { return v.name == argv[1]; });
    printHelp(llvm::outs(), named ? std::optional<Verb>(line->verb) : std::nullopt,
              line->helpHidden);
  } else if (line->version) {
    printVersion();
  } else if (line->listTargets) {
    printTargets();
  } else if (line->listPasses) {
    printPhasesAndPasses();
  } else if (!line->completion.empty()) {
    printBashCompletion(llvm::outs());
  } else if (!line->batch.empty()) {
    return runBatch(*line);
  } else {
    int exit = runVerb(*line);
    llvm::outs().flush();
    if (llvm::outs().has_error()) {
      llvm::outs().clear_error();
      return Diagnostics(false, false, false)
          .error(0, "mlopt", "cannot write to standard output", exit ? exit : int(kExitRun));
    }
    return exit;
  }
  return kExitOk;
}

} // namespace mlopt
