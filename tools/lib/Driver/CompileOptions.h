//===- CompileOptions.h - What the command line says ----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_COMPILEOPTIONS_H
#define MLOPT_TOOLS_LIB_DRIVER_COMPILEOPTIONS_H

#include "Driver/Phases.h"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mlopt {

struct BuildTrainingPassOptions;

/// Exit codes of every tool (docs/CommandLine.md); stable.
enum ExitCode {
  kExitOk = 0,
  kExitCompile = 1,
  kExitUsage = 2,
  kExitInput = 3,
  kExitUnsupported = 4,
  kExitAccuracy = 5,
  kExitMemory = 6,
  kExitTarget = 7,
  kExitRun = 8,
  kExitInternal = 70
};

/// Kinds of output.
enum class Emit { SharedLibrary, Object, Archive, Executable, Mlir, Llvm, Assembly, Ptx };

/// Range of a symbolic size.
struct DimRange {
  int64_t minimum = 0;
  int64_t maximum = std::numeric_limits<int64_t>::max();
  std::optional<int64_t> usual; ///< what plans and schedules are made for
};

/// Everything that compiling one model depends on; made once from the command
/// line and handed down.
struct CompileOptions {
  std::string model;  ///< a path, or "-"
  std::string output; ///< empty: from the model's name; "-": text on standard output
  std::optional<Emit> emit;
  std::string prefix;               ///< empty: from the output's name
  std::string header;               ///< empty: beside the output; "none"
  std::optional<bool> embedWeights; ///< unset: by size
  bool saveTemps = false;
  /// Set: intermediate values are results too, those between these launches (Layers.h).
  std::optional<std::vector<std::vector<std::string>>> exposedBetween;
  std::string reproducerDir;          ///< empty: beside the output
  bool temporaryOutput = false;       ///< the output is not the user's: nothing is to lie beside it
  std::vector<std::string> arguments; ///< the command line as given, for reports
  std::string forcedError; ///< for tests: as --force-internal-error has it, or empty

  std::map<std::string, int64_t> dims; ///< --dim NAME=SIZE
  std::map<std::string, DimRange> ranges;
  std::map<std::string, std::vector<std::string>> shapes; ///< --shape, one text per dimension

  bool training = false;   ///< import for training: initializers stay parameters
  /// With `training`: what the step is made of (Passes/Training/Training.h).
  std::shared_ptr<const BuildTrainingPassOptions> step;
  std::vector<std::string> dataNames; ///< with `training`: --input, as given
  bool checkFinite = false;
  std::string loadWeights; ///< --load-weights: a safetensors file, or empty
  bool allowMissingWeights = false;
  bool inference = false; ///< training_mode of the model's nodes does not count
  std::vector<std::string> trainedScalars; ///< with `training`: --train-scalar, as given

  unsigned optLevel = 2;
  unsigned jobs = 0; ///< 0: all CPUs
  std::vector<std::string> cpus = {"host"};
  std::vector<std::string> gpus; ///< --gpu: architectures to make code for as well
  std::string ptxas;             ///< --ptxas: a path, "none", or empty: the one that is found
  bool tf32 = false;             ///< --f32-matmul=tf32
  std::vector<std::string> disabledPasses;
  std::vector<std::string> printAfter;
  std::optional<Phase> stopAfter;
  bool verifyEach = false;
  bool timePhases = false;
  bool reportMemory = false, reportFusion = false;

  bool depfile = false;
  std::string depfileName; ///< empty: OUTPUT.d
  bool verbose = false, quiet = false, json = false;
};

enum class Verb { Compile, Check, Inspect, Run, Bench, Verify, Explain, Eval, Train, Quantize };

/// The whole command line.
struct CommandLine {
  Verb verb = Verb::Compile;
  CompileOptions compile;
  std::vector<std::string> positional; ///< model or artefact first; `explain`: codes

  std::vector<std::string> inputs; ///< --input, as given
  /// The options of training as given, without dashes; a switch has no value.
  std::vector<std::pair<std::string, std::string>> trainArguments;
  /// The options of quantization in the same form, --weights and --report among them.
  std::vector<std::pair<std::string, std::string>> quantizeArguments;
  std::string output;              ///< --output, as given
  uint64_t seed = 0;
  bool exact = false; ///< --mode=exact
  bool layers = false, allLayers = false;
  double rtol = 1e-4, atol = 1e-5;
  std::string reference;
  int64_t threads = 0;
  bool checkHashes = false;

  bool help = false, helpHidden = false, version = false;
  bool listTargets = false, listPasses = false;
  std::string completion;
  std::string batch;  ///< file of command lines, or "-"
  double timeout = 0; ///< seconds a line of --batch may take, 0: no limit
  /// For run and bench: the arguments that mlopt-run gets (without the artefact).
  std::vector<std::string> runnerArguments;
  std::string device; ///< --device, as given; empty: the CPU
  bool cpuGiven = false;
};

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_COMPILEOPTIONS_H
