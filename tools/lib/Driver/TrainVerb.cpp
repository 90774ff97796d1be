//===- TrainVerb.cpp - mlopt train MODEL ----------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `compile` with another `graph` phase: the options below say what the step is
// made of. An option that would have no effect is refused: it was meant to have
// one.
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"
#include "Driver/Diagnostics.h"
#include "Driver/Model.h"
#include "Driver/Verbs.h"

#include "mlopt/Passes/Training/Training.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <cmath>

using namespace llvm;

namespace mlopt {

namespace {

const StringRef losses[] = {"cross_entropy", "bce_with_logits", "mse", "l1", "huber"};
const StringRef optimizers[] = {"sgd", "adam", "adamw", "adagrad"};
const StringRef schedules[] = {"constant", "linear", "cosine", "step"};

/// "; did you mean 'x'?" for the nearest of `known`, if it is near.
std::string suggest(StringRef given, ArrayRef<StringRef> known) {
  const StringRef *nearest = nullptr;
  unsigned least = 1 + std::max<size_t>(given.size(), 6) / 3;
  for (const StringRef &name : known)
    if (unsigned distance = given.lower() == name ? 0 : given.edit_distance(name);
        distance < least) {
      least = distance;
      nearest = &name;
    }
  return nearest ? ("; did you mean '" + *nearest + "'?").str() : "";
}

/// What an option goes with: one of these losses, optimizers or schedules.
struct Rule {
  StringRef option, of;
  SmallVector<StringRef, 4> values;
};

const Rule rules[] = {
    {"momentum", "optimizer", {"sgd"}},          {"nesterov", "optimizer", {"sgd"}},
    {"betas", "optimizer", {"adam", "adamw"}},   {"eps", "optimizer", {"adam", "adamw", "adagrad"}},
    {"lr-decay", "optimizer", {"adagrad"}},      {"initial-accumulator", "optimizer", {"adagrad"}},
    {"ignore-index", "loss", {"cross_entropy"}}, {"label-smoothing", "loss", {"cross_entropy"}},
    {"class-axis", "loss", {"cross_entropy"}},
    {"huber-delta", "loss", {"huber"}},          {"total-steps", "schedule", {"linear", "cosine"}},
    {"step-size", "schedule", {"step"}},         {"gamma", "schedule", {"step"}},
};

class StepReader {
public:
  StepReader(ArrayRef<std::pair<std::string, std::string>> given, TrainingOptions &options)
      : given(given), options(options) {}

  /// Empty, or what is wrong.
  std::string read() {
    for (const auto &[name, value] : given)
      take(name, value);
    if (error.empty())
      checkChoices();
    if (error.empty())
      checkRules();
    if (error.empty())
      checkSteps();
    if (error.empty())
      error = checkTrainingOptions(options);
    return error;
  }

private:
  void fail(const Twine &message) {
    if (error.empty())
      error = message.str();
  }

  bool has(StringRef name) const {
    return any_of(given, [&](const auto &option) { return option.first == name; });
  }

  static std::string formatted(double value) {
    std::string text;
    raw_string_ostream(text) << format("%g", value);
    return text;
  }

  /// A number of at least 0, and below `limit`.
  void number(StringRef name, StringRef text, double &target, double limit = INFINITY) {
    double value;
    if (text.getAsDouble(value) || !(value >= 0) || !(value < limit))
      return fail("--" + name + ": wrong value '" + text + "', expected a number of at least 0" +
                  (std::isinf(limit) ? "" : " and below " + formatted(limit)));
    target = value;
  }
  /// A number that the pass reads itself, since none means a default that depends on others.
  void numberText(StringRef name, StringRef text, std::string &target, bool orInput) {
    double value;
    if (!(orInput && text == "input") &&
        (text.getAsDouble(value) || !(value >= 0) || std::isinf(value)))
      return fail("--" + name + ": wrong value '" + text + "', expected a number of at least 0" +
                  (orInput ? ", or input" : ""));
    target = text.str();
  }
  void integer(StringRef name, StringRef text, int64_t &target, int64_t least) {
    if (text.getAsInteger(10, target) || target < least)
      fail("--" + name + ": wrong value '" + text + "', expected an integer" +
           (least == INT64_MIN ? Twine() : " of at least " + Twine(least)));
  }

  void take(StringRef name, StringRef value) {
    if (value.empty() && name != "nesterov")
      return fail("--" + name + " needs a value");
    if (name == "loss")
      options.loss = value.str();
    else if (name == "optimizer")
      options.optimizer = value.str();
    else if (name == "prediction")
      options.prediction = value.str();
    else if (name == "target")
      options.target = value.str();
    else if (name == "lr")
      numberText(name, value, options.learningRate, /*orInput=*/true);
    else if (name == "momentum")
      number(name, value, options.momentum);
    else if (name == "nesterov")
      options.nesterov = true;
    else if (name == "weight-decay")
      numberText(name, value, options.weightDecay, /*orInput=*/false);
    else if (name == "betas")
      takeBetas(value);
    else if (name == "eps")
      numberText(name, value, options.epsilon, /*orInput=*/false);
    else if (name == "lr-decay")
      number(name, value, options.lrDecay);
    else if (name == "initial-accumulator")
      number(name, value, options.initialAccumulator);
    else if (name == "schedule")
      options.schedule = value.str();
    else if (name == "warmup-steps")
      integer(name, value, options.warmupSteps, 0);
    else if (name == "total-steps")
      integer(name, value, options.totalSteps, 1);
    else if (name == "step-size")
      integer(name, value, options.stepSize, 1);
    else if (name == "gamma")
      number(name, value, options.gamma);
    else if (name == "clip-norm")
      numberText(name, value, options.clipNorm, /*orInput=*/true);
    else if (name == "init")
      choose(name, value, {"weights", "random"}, options.init);
    else if (name == "freeze")
      options.freeze.push_back(value.str());
    else if (name == "train-only")
      options.trainOnly.push_back(value.str());
    else if (name == "batch-norm")
      choose(name, value, {"train", "frozen"}, options.batchNorm);
    else if (name == "class-axis")
      integer(name, value, options.classAxis, INT64_MIN);
    else if (name == "ignore-index")
      integer(name, value, options.ignoreIndex, INT64_MIN);
    else if (name == "label-smoothing")
      number(name, value, options.labelSmoothing);
    else if (name == "huber-delta")
      number(name, value, options.huberDelta);
  }

  void takeBetas(StringRef text) {
    auto [first, second] = text.split(',');
    double value;
    if (first.getAsDouble(value) || second.getAsDouble(value))
      return fail("--betas: wrong value '" + text + "', expected two numbers such as 0.9,0.999");
    number("betas", first, options.beta1, 1);
    number("betas", second, options.beta2, 1);
  }

  void choose(StringRef name, StringRef value, ArrayRef<StringRef> known, std::string &target) {
    if (!is_contained(known, value))
      return fail("--" + name + ": wrong value '" + value + "', expected " + join(known, " or ") +
                  suggest(value, known));
    target = value.str();
  }

  void checkChoices() {
    if (options.loss.empty())
      return fail("no loss given: --loss=" + join(ArrayRef(losses), "|") + "|output:NAME");
    if (!has("optimizer"))
      return fail("no optimizer given: --optimizer=" + join(ArrayRef(optimizers), "|"));
    StringRef loss = options.loss, output = loss;
    if (output.consume_front("output:")) {
      if (output.empty())
        fail("--loss=output: needs the name of an output of the model, as in --loss=output:loss");
      for (StringRef option : {"prediction", "target"})
        if (has(option))
          fail("--" + option + " has no effect with --loss=" + loss + ": the model computes it");
    } else if (!is_contained(losses, loss)) {
      fail("--loss: no loss is called '" + loss + "', expected " + join(ArrayRef(losses), ", ") +
           " or output:NAME" + suggest(loss, losses));
    }
    if (!is_contained(optimizers, StringRef(options.optimizer)))
      fail("--optimizer: no optimizer is called '" + options.optimizer + "', expected " +
           join(ArrayRef(optimizers), ", ") + suggest(options.optimizer, optimizers));
    if (!is_contained(schedules, StringRef(options.schedule)))
      fail("--schedule: no schedule is called '" + options.schedule + "', expected " +
           join(ArrayRef(schedules), ", ") + suggest(options.schedule, schedules));
  }

  void checkRules() {
    for (const Rule &rule : rules) {
      StringRef chosen = rule.of == "optimizer" ? options.optimizer
                         : rule.of == "loss"    ? options.loss
                                                : options.schedule;
      if (has(rule.option) && !is_contained(rule.values, chosen))
        fail("--" + rule.option + " has no effect with --" + rule.of + "=" + chosen +
             ": it goes with " + join(rule.values, ", "));
    }
    if (options.nesterov && options.momentum == 0)
      fail("--nesterov needs --momentum above 0");
  }

  void checkSteps() {
    StringRef schedule = options.schedule;
    if ((schedule == "linear" || schedule == "cosine") && !has("total-steps"))
      return fail("--schedule=" + schedule +
                  " needs --total-steps: the step at which it reaches 0");
    if (schedule == "step" && !has("step-size"))
      return fail("--schedule=step needs --step-size");
    if (has("total-steps") && options.totalSteps <= options.warmupSteps)
      fail("--total-steps=" + Twine(options.totalSteps) +
           " leaves no step after --warmup-steps=" + Twine(options.warmupSteps));
  }

  ArrayRef<std::pair<std::string, std::string>> given;
  TrainingOptions &options;
  std::string error;
};

} // namespace

bool nameTrainingData(mlir::ModuleOp module, const CompileOptions &options,
                      Diagnostics &diagnostics) {
  if (options.dataNames.empty())
    return true;
  mlir::func::FuncOp entry = findEntry(module);
  SmallVector<std::string> names;
  for (unsigned i = 0; entry && i < entry.getNumArguments(); ++i)
    names.push_back(getArgumentName(entry, i));
  SmallVector<StringRef> known(names.begin(), names.end());
  auto fail = [&](const Twine &message) {
    diagnostics.error(1042, options.model, "--input: " + message);
    return false;
  };
  for (StringRef given : options.dataNames) {
    // Names of ONNX models may hold '=': the last one separates.
    auto [input, data] = given.rsplit('=');
    if (data.empty()) {
      // ':' is how other verbs separate a value: here it would be part of the name without a word.
      if (given.contains(':') && !is_contained(known, given))
        return fail("expected INPUT=NAME, got '" + given + "'; the model has '" +
                    join(known, "', '") + "'");
      if (names.size() != 1 && !is_contained(known, given))
        return fail("the model has " + Twine(names.size()) + " inputs, '" + join(known, "', '") +
                    "'; expected INPUT=NAME, got '" + given + "'");
      data = given;
      input = names.size() == 1 ? known[0] : given;
    }
    auto *found = find(known, input);
    if (found == known.end())
      return fail("the model has no input '" + input + "'; it has '" + join(known, "', '") + "'" +
                  suggest(input, known));
    entry.setArgAttr(found - known.begin(), "mlopt.name",
                     mlir::StringAttr::get(module.getContext(), data));
  }
  SmallVector<std::string> renamed;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    renamed.push_back(getArgumentName(entry, i));
    if (is_contained(ArrayRef(renamed).drop_back(), renamed.back()))
      return fail("two inputs would be called '" + renamed.back() + "'");
  }
  return true;
}

int runTrain(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  CompileOptions options = line.compile;
  // A trainer keeps parameters and state in the memory of the CPU.
  if (!options.gpus.empty())
    return diagnostics.usage("--gpu: training runs on the CPU only; leave the option out");
  auto step = std::make_shared<TrainingOptions>();
  std::string error = StepReader(line.trainArguments, *step).read();
  if (!error.empty())
    return diagnostics.usage(error);
  options.training = true;
  options.step = std::move(step);
  options.dataNames = line.inputs;
  if (options.header.empty()) // a trainer needs none (train.h)
    options.header = "none";
  // The model's own name is that of its inference artefact.
  if (options.output.empty() && !options.stopAfter && options.model != "-" &&
      (!options.emit || options.emit == Emit::SharedLibrary))
    options.output = sys::path::stem(options.model).str() + "-train.so";
  return compileModel(options, diagnostics);
}

} // namespace mlopt
