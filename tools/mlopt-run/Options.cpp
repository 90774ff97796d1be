//===- Options.cpp - The command line of mlopt-run ----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

#include <cerrno>
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

Describing (inspect):
  --check               check the hashes of the weights as well

General:
  -q, --quiet           print nothing but errors      -v, --verbose   say more
  -h, --help            print this                    --version       print the version

Exit codes: 0 ok, 2 usage, 3 input missing or malformed, 5 slower than the baseline,
8 run-time failure, 70 internal error.
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

/// A long option: with a value if `take` is set.
struct LongOption {
  const char *name;
  std::function<bool(const std::string &)> take; ///< false: the value is wrong
  bool *flag;
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
  auto list = [](std::vector<std::string> &target) {
    return [&target](const std::string &v) {
      target.push_back(v);
      return !v.empty();
    };
  };
  int64_t seed = 0;
  double percent = 10;
  const LongOption options[] = {
      {"input", list(o.inputs), nullptr},
      {"output", list(o.outputs), nullptr},
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
       nullptr},
      {"seed", integer(seed, INT64_MIN), nullptr},
      {"threads", integer(o.threads, 0), nullptr},
      {"repeat", integer(o.repeat, 1), nullptr},
      {"entry", text(o.entry), nullptr},
      {"cpu", text(o.cpuLevel), nullptr},
      {"weights", text(o.weights), nullptr},
      {"warmup", number(o.warmup), nullptr},
      {"duration", number(o.duration), nullptr},
      {"iterations", integer(o.iterations, 1), nullptr},
      {"export", text(o.exportFile), nullptr},
      {"baseline", text(o.baseline), nullptr},
      {"tolerance", number(percent), nullptr},
      {"format",
       [&](const std::string &v) {
         o.json = v == "json";
         return v == "json" || v == "text";
       },
       nullptr},
      {"warmUp", number(o.warmup), nullptr}, // as trtexec spells it
      {"check", nullptr, &o.check},
      {"verify-weights", nullptr, &o.verifyWeights},
      {"profile", nullptr, &o.profile},
      {"quiet", nullptr, &o.quiet},
      {"verbose", nullptr, &o.verbose},
  };
  int first = 1;
  if (argc > 1) {
    std::string verb = argv[1];
    if (verb == "run" || verb == "bench" || verb == "inspect") {
      o.verb = verb == "run" ? Verb::Run : verb == "bench" ? Verb::Bench : Verb::Inspect;
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
