//===- Runner.h - What the verbs of mlopt-run share ---------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_TOOLS_MLOPT_RUN_RUNNER_H
#define MLOPT_TOOLS_MLOPT_RUN_RUNNER_H

#include "TensorIO/TensorIO.h"
#include "mlopt/runtime/mlopt_rt.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mlopt::runner {

/// Exit codes: docs/CommandLine.md.
enum ExitCode {
  kOk = 0,
  kUsage = 2,
  kBadInput = 3,
  kAccuracy = 5,
  kRunFailure = 8,
  kInternal = 70
};

enum class Verb { Run, Bench, Inspect, Fit };

/// Options of fit.
struct FitOptions {
  std::string data, eval; ///< .npz; `eval` may be empty
  int64_t epochs = 0;     ///< 0: as many as maxSteps needs
  int64_t maxSteps = 0;   ///< of the whole run; 0: no limit
  int64_t batch = 0;      ///< 0: the model's, or 32 where it is open
  std::string checkpoint, log;
  int64_t saveEvery = 0; ///< steps; 0: after each epoch only
  bool resume = false, force = false, noShuffle = false;
  double lr = -1, clipNorm = -1; ///< < 0: not given
  bool seedGiven = false;
  std::vector<std::pair<std::string, std::string>> maps; ///< input, array
};

struct Options {
  Verb verb = Verb::Run;
  std::string artefact;
  std::vector<std::string> inputs; ///< as given: NAME:VALUE or @FILE
  std::vector<std::pair<std::string, int64_t>> dims;
  std::vector<std::string> outputs; ///< as given: @DIR, @FILE, NAME:@FILE or -
  std::string entry, weights, cpuLevel;
  std::string device; ///< "cpu", "cuda", "cuda:N"; empty: the CPU
  int64_t threads = 0;
  int64_t repeat = 1;
  uint64_t seed = 0;
  bool json = false, quiet = false, verbose = false, check = false, verifyWeights = false,
       profile = false;
  // bench
  double warmup = 0.5, duration = 3;
  int64_t iterations = 0; ///< 0: as many as `duration` holds
  std::string exportFile, baseline;
  double tolerance = 0.1; ///< allowed slowdown against the baseline
  FitOptions fit;
};

/// Outcome of a step: `exit` is kOk, or the message has been printed.
struct Outcome {
  int exit = kOk;
  explicit operator bool() const { return exit == kOk; }
};

/// Reads the command line. `linked`: a model is part of the program, and there is no ARTEFACT
/// argument. On kOk with `done` set the program ends (help, version).
Outcome parseOptions(int argc, char **argv, bool linked, Options &options, bool &done);

/// Prints "SUBJECT: error: MLOnnnn: message" (or one JSON object) on stderr.
Outcome fail(const Options &options, int exit, int code, const std::string &subject,
             const std::string &message);
/// Reports a status of the runtime and releases it. A null status is success.
Outcome check(const Options &options, mlopt_rt_status_t status);

struct ModuleDeleter {
  void operator()(mlopt_rt_module_t *m) const { mlopt_rt_module_release(m); }
};
struct ContextDeleter {
  void operator()(mlopt_rt_context_t *c) const { mlopt_rt_context_release(c); }
};
using Module = std::unique_ptr<mlopt_rt_module_t, ModuleDeleter>;
using Context = std::unique_ptr<mlopt_rt_context_t, ContextDeleter>;

/// A module that is ready to run, with inputs.
struct Session {
  Module module;
  Context context;
  uint32_t entry = 0;
  std::vector<tensorio::HostTensor> inputs; ///< one per input of the entry point, in order
  std::vector<mlopt_rt_tensor_t> views;     ///< of `inputs`
};

/// Loads the artefact, or takes the linked module.
Outcome loadModule(const Options &options, mlopt_module_query_fn linked, uint32_t flags,
                   Module &module);
/// Loads, makes a context, reads or makes the inputs.
Outcome makeSession(const Options &options, mlopt_module_query_fn linked, Session &session);
/// Reads and makes the inputs of `session.entry`.
Outcome makeInputs(const Options &options, Session &session);

/// "cpu" or "cuda": where a context runs.
const char *deviceName(const mlopt_rt_context_t *context);

/// Information about input or output `index` (never fails for a valid index).
mlopt_rt_tensor_info_t tensorInfo(const Module &module, uint32_t entry, bool output,
                                  uint32_t index);
/// "f32 [batch, 3, 224, 224]".
std::string describe(const mlopt_rt_tensor_info_t &info);
std::string humanBytes(uint64_t bytes);

/// The verbs.
Outcome runVerb(const Options &options, mlopt_module_query_fn linked);
Outcome benchVerb(const Options &options, mlopt_module_query_fn linked);
Outcome inspectVerb(const Options &options, mlopt_module_query_fn linked);
Outcome fitVerb(const Options &options, mlopt_module_query_fn linked);

/// The whole program. `linked` is the query function of a model in the program itself, or null.
int runnerMain(int argc, char **argv, mlopt_module_query_fn linked);

} // namespace mlopt::runner

#endif // MLOPT_TOOLS_MLOPT_RUN_RUNNER_H
