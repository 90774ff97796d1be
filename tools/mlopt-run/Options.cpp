//===- Options.cpp - The command line of mlopt-run ----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace mlopt::runner {

namespace {

const char *const kUsageText =
    R"(USAGE: mlopt-run [run] ARTEFACT [options]      run, with inputs from files or random ones
       mlopt-run bench ARTEFACT [options]      measure
       mlopt-run inspect ARTEFACT [options]    describe
       mlopt-run fit ARTEFACT --data=FILE.npz --epochs=N [options]
                                               train (an artefact of 'mlopt train')

Results go to standard output, messages to standard error.

Inputs (an input that is not given is filled with random values):
  --input=NAME:VALUE    VALUE is @FILE (.npy, .pb), rand, iota, 0, 1.5 or 1,2,3 in the model's
                        shape and type, or with both: 1x3x224x224xf32=rand, 2xf32=@x.npy
  --input=@FILE         .npz: every array in it, by name; .pb, .npy: the next input without value
  --dim=NAME=SIZE       size of a symbol of the model, for inputs that are made up
  --seed=N              seed of the random values (default 0); floats lie in [-1, 1),
                        integers are 0 or 1

Outputs:
  --output=@DIR         one file NAME.npy for each output
  --output=@FILE.npz    all outputs in one file
  --output=NAME:@FILE   one output as .npy; bf16 is written as 2-byte void ('<V2'), as
                        ml_dtypes does
  --output=-            all values as text
  --format=text|json    form of what is printed

Running:
  --threads=N           threads at most (default: all CPUs); results do not depend on it
  --repeat=N            run N times
  --entry=NAME          entry point (default: the first)
  --cpu=LEVEL           use this CPU level of the artefact (as the variable MLOPT_CPU_LEVEL)
  --device=cpu|cuda[:N] where to run (default cpu); cuda needs an artefact with code for GPUs
  --weights=FILE        weights file (default: ARTEFACT.weights, if the weights are outside)
  --verify-weights      check the hash of the weights when loading
  --profile             print the time of each launch

Measuring (bench):
  --warmup=SECONDS      run this long before measuring (default 0.5)
  --duration=SECONDS    measure this long (default 3)
  --iterations=N        measure N runs instead
  --export=FILE.json    write the result
  --baseline=FILE.json  compare with a result written earlier; exit code 5 if the median is slower
  --tolerance=PERCENT   by more than this (default 10)

Training (fit): arrays are found by the names of the step's inputs, their first axis counts the
samples; f64 becomes f32 and i32 becomes i64.
  --data=FILE.npz       samples to train on
  --eval=FILE.npz       samples to evaluate after each epoch
  --map=INPUT=ARRAY     an input's array, where it has another name (repeatable)
  --epochs=N            train until N epochs are done ...
  --max-steps=N         ... or N steps, whatever comes first
  --batch=B             samples of a step (default 32, or what the artefact is made for); the last
                        batch of an epoch may be smaller where the artefact's batch is open
  --seed=N              of first values, order of the samples and dropout (default 0)
  --no-shuffle          take the samples in the order of the file
  --lr=X --clip-norm=X  for artefacts compiled with --lr=input, --clip-norm=input
  --checkpoint=FILE     safetensors; written after each epoch, at the end and when interrupted, by
                        renaming; the one before it stays as FILE.previous
  --save-every=STEPS    and every so many steps
  --resume              go on from FILE, with the same bits as without the interruption; without
                        FILE begin anew
  --force               overwrite a checkpoint and a log that are there
  --log=FILE.csv|FILE.jsonl
                        one row for each step

Describing (inspect):
  --check               check the hashes of the weights as well

General:
  -q, --quiet           print nothing but errors      -v, --verbose   say more
  -h, --help            print this                    --version       print the version

Exit codes: 0 ok, 2 usage, 3 input missing or malformed, 5 slower than the baseline,
8 run-time failure, 70 internal error; 128 + N after signal N: fit ends its step and saves first
(130 Ctrl-C, 143 SIGTERM), a second signal ends it at once.
Environment: MLOPT_CPU_LEVEL, MLOPT_RT_DEBUG=poison,delay.
)";

bool parseInteger(const std::string &text, int64_t minimum, int64_t &value) {
  errno = 0;
  char *end = nullptr;
  long long parsed = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end || errno || parsed < minimum)
    return false;
  value = parsed;
  return true;
}

bool parseNumber(const std::string &text, double &value) {
  char *end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return !text.empty() && !*end && value >= 0;
}

/// The verbs that an option is for.
enum class Of { All, Fit, NotFit };

/// A long option: with a value if `take` is set.
struct LongOption {
  const char *name;
  std::function<bool(const std::string &)> take; ///< false: the value is wrong
  bool *flag;
  Of of = Of::All;
};

} // namespace

Outcome parseOptions(int argc, char **argv, bool linked, Options &o, bool &done) {
  done = false;
  auto usage = [&](const std::string &message) {
    std::fprintf(stderr, "mlopt-run: error: %s\nTry 'mlopt-run --help'.\n", message.c_str());
    return Outcome{kUsage};
  };
  auto text = [](std::string &target) {
    return [&target](const std::string &v) {
      target = v;
      return !v.empty();
    };
  };
  auto integer = [](int64_t &target, int64_t minimum) {
    return [&target, minimum](const std::string &v) { return parseInteger(v, minimum, target); };
  };
  auto number = [](double &target) {
    return [&target](const std::string &v) { return parseNumber(v, target); };
  };
  auto finite = [](double &target) {
    return
        [&target](const std::string &v) { return parseNumber(v, target) && std::isfinite(target); };
  };
  auto list = [](std::vector<std::string> &target) {
    return [&target](const std::string &v) {
      target.push_back(v);
      return !v.empty();
    };
  };
  int64_t seed = 0;
  double percent = 10;
  const LongOption options[] = {
      {"input", list(o.inputs), nullptr, Of::NotFit},
      {"output", list(o.outputs), nullptr, Of::NotFit},
      {"dim",
       [&](const std::string &v) {
         size_t equal = v.rfind('=');
         int64_t size;
         if (equal == std::string::npos || !equal ||
             !parseInteger(v.substr(equal + 1), INT64_MIN, size))
           return false;
         o.dims.emplace_back(v.substr(0, equal), size);
         return true;
       },
       nullptr, Of::NotFit},
      {"seed",
       [&](const std::string &v) {
         o.fit.seedGiven = true;
         return parseInteger(v, INT64_MIN, seed);
       },
       nullptr},
      {"threads", integer(o.threads, 0), nullptr},
      {"repeat", integer(o.repeat, 1), nullptr, Of::NotFit},
      {"entry", text(o.entry), nullptr, Of::NotFit},
      {"cpu", text(o.cpuLevel), nullptr},
      {"device", text(o.device), nullptr, Of::NotFit},
      {"weights", text(o.weights), nullptr},
      {"warmup", number(o.warmup), nullptr, Of::NotFit},
      {"duration", number(o.duration), nullptr, Of::NotFit},
      {"iterations", integer(o.iterations, 1), nullptr, Of::NotFit},
      {"export", text(o.exportFile), nullptr, Of::NotFit},
      {"baseline", text(o.baseline), nullptr, Of::NotFit},
      {"tolerance", number(percent), nullptr, Of::NotFit},
      {"data", text(o.fit.data), nullptr, Of::Fit},
      {"eval", text(o.fit.eval), nullptr, Of::Fit},
      {"map",
       [&](const std::string &v) {
         size_t equal = v.rfind('=');
         if (equal == std::string::npos || !equal || equal + 1 == v.size())
           return false;
         o.fit.maps.emplace_back(v.substr(0, equal), v.substr(equal + 1));
         return true;
       },
       nullptr, Of::Fit},
      {"epochs", integer(o.fit.epochs, 1), nullptr, Of::Fit},
      {"max-steps", integer(o.fit.maxSteps, 1), nullptr, Of::Fit},
      {"batch", integer(o.fit.batch, 1), nullptr, Of::Fit},
      {"checkpoint", text(o.fit.checkpoint), nullptr, Of::Fit},
      {"save-every", integer(o.fit.saveEvery, 1), nullptr, Of::Fit},
      {"log", text(o.fit.log), nullptr, Of::Fit},
      {"lr", finite(o.fit.lr), nullptr, Of::Fit},
      {"clip-norm", finite(o.fit.clipNorm), nullptr, Of::Fit},
      {"resume", nullptr, &o.fit.resume, Of::Fit},
      {"force", nullptr, &o.fit.force, Of::Fit},
      {"no-shuffle", nullptr, &o.fit.noShuffle, Of::Fit},
      {"format",
       [&](const std::string &v) {
         o.json = v == "json";
         return v == "json" || v == "text";
       },
       nullptr},
      {"warmUp", number(o.warmup), nullptr, Of::NotFit}, // as trtexec spells it
      {"check", nullptr, &o.check, Of::NotFit},
      {"verify-weights", nullptr, &o.verifyWeights},
      {"profile", nullptr, &o.profile, Of::NotFit},
      {"quiet", nullptr, &o.quiet},
      {"verbose", nullptr, &o.verbose},
  };
  int first = 1;
  if (argc > 1) {
    std::string verb = argv[1];
    if (verb == "run" || verb == "bench" || verb == "inspect" || verb == "fit") {
      o.verb = verb == "run"     ? Verb::Run
               : verb == "bench" ? Verb::Bench
               : verb == "fit"   ? Verb::Fit
                                 : Verb::Inspect;
      first = 2;
    }
  }
  bool onlyFiles = false;
  for (int i = first; i < argc; ++i) {
    std::string arg = argv[i];
    if (onlyFiles || arg.size() < 2 || arg[0] != '-') {
      if (linked)
        return usage("unexpected argument '" + arg + "': the model is part of this program");
      if (!o.artefact.empty())
        return usage("two artefacts, '" + o.artefact + "' and '" + arg + "', expected one");
      o.artefact = arg;
      continue;
    }
    if (arg == "--") {
      onlyFiles = true;
      continue;
    }
    if (arg == "-h" || arg == "--help") {
      std::fputs(kUsageText, stdout);
      done = true;
      return {};
    }
    if (arg == "--version") {
      uint32_t abi = mlopt_rt_abi_version();
      std::printf("mlopt-run %s (runtime interface %u.%u)\n", MLOPT_VERSION, abi >> 16,
                  abi & 0xffff);
      done = true;
      return {};
    }
    if (arg == "-q" || arg == "-v") {
      (arg == "-q" ? o.quiet : o.verbose) = true;
      continue;
    }
    size_t begin = arg.compare(0, 2, "--") == 0 ? 2 : 1, equal = arg.find('=');
    std::string name = arg.substr(begin, equal == std::string::npos ? equal : equal - begin);
    const LongOption *found = nullptr;
    for (const LongOption &option : options)
      if (name == option.name)
        found = &option;
    if (!found)
      return usage("unknown option '" + arg + "'");
    if (found->of == (o.verb == Verb::Fit ? Of::NotFit : Of::Fit))
      return usage("option '--" + name + "' does not go with " +
                   (o.verb == Verb::Fit ? "fit" : "this verb: it is one of 'mlopt-run fit'"));
    if (found->flag) {
      if (equal != std::string::npos)
        return usage("option '--" + name + "' takes no value");
      *found->flag = true;
      continue;
    }
    std::string value;
    if (equal != std::string::npos)
      value = arg.substr(equal + 1);
    else if (i + 1 < argc)
      value = argv[++i];
    else
      return usage("option '--" + name + "' needs a value");
    if (!found->take(value))
      return usage("option '--" + name + "': wrong value '" + value + "'");
  }
  o.seed = uint64_t(seed);
  o.tolerance = percent / 100;
  if (o.artefact.empty() && !linked)
    return usage(argc > 1 ? "no artefact given" : "no arguments given");
  return {};
}

} // namespace mlopt::runner
