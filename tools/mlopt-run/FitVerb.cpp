//===- FitVerb.cpp - mlopt-run fit ----------------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a training artefact over the samples of a file. A run depends on the
// artefact, the data, the seed, the batch size and --no-shuffle alone: killed at
// any moment and resumed it gives the bits of an undisturbed run.
//
//===----------------------------------------------------------------------===//

#include "Fit.h"
#include "Json.h"
#include "LearningRate.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>

namespace mlopt::runner {

namespace {

volatile std::sig_atomic_t stopSignal = 0;

/// The first signal ends the run after its step, the second at once.
void noteSignal(int number) {
  if (stopSignal) {
    tensorio::removeUnfinishedFile();
    _exit(128 + number);
  }
  stopSignal = number;
}

void takeSignals() {
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
      continue;
    action = {};
    action.sa_handler = noteSignal;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
  }
  // A limit on the size of files is a full disk like another.
  std::signal(SIGXFSZ, SIG_IGN);
}

class Fit {
public:
  explicit Fit(const Options &options) : o(options), f(options.fit), log(options) {}

  Outcome run(mlopt_module_query_fn linked);

private:
  Outcome makeTrainer();
  Outcome readData();
  Outcome begin();
  std::string contradiction() const;
  Outcome setRunTimeValues();
  Outcome runSteps(FitProgress &progress);
  Outcome epoch(FitProgress &progress);
  Outcome step(const int64_t *order, int64_t count, LogRow &row);
  Outcome evaluate(LogRow &row);
  Outcome checkValues();
  Outcome save();
  Outcome interrupted();
  std::string kept() const;
  std::string advice() const;
  void report(FitProgress &progress);

  bool has(uint32_t flag) const { return info.flags & flag; }
  bool reachedEnd() const {
    return (f.epochs && state.epoch >= f.epochs) || (f.maxSteps && state.step >= f.maxSteps);
  }
  /// How many of `samples` are used: all, without a last batch that the artefact does not take.
  int64_t usable(int64_t samples) const {
    int64_t rest = samples % state.batch;
    return rest && (train.getFixedBatch() || rest < train.getLeastBatch()) ? samples - rest
                                                                           : samples;
  }
  int64_t usedSamples() const { return usable(state.samples); }
  int64_t totalSteps() const {
    int64_t perEpoch = (usedSamples() + state.batch - 1) / state.batch;
    int64_t steps = f.epochs > INT64_MAX / perEpoch ? INT64_MAX : f.epochs * perEpoch;
    return !f.epochs ? f.maxSteps : f.maxSteps ? std::min(steps, f.maxSteps) : steps;
  }

  const Options &o;
  const FitOptions &f;
  Module module;
  Trainer trainer;
  mlopt_rt_train_info_t info = {};
  bool checkFinite = false;
  std::string optimizer;
  int64_t ignoredLabel = 0; ///< of the loss, where it `ignores` one
  bool ignores = false;
  DataSet train, test;
  FitState state;
  std::unique_ptr<Checkpoint> checkpoint;
  FitLog log;
  FiniteCheck finite;
  int64_t checkedStep = -1; ///< the values after it are finite
  bool warnedOfEval = false;
  LogRow last; ///< of the last step
};

Outcome Fit::makeTrainer() {
  mlopt_rt_train_options_t options = {};
  options.struct_size = sizeof(options);
  options.threads = o.threads;
  mlopt_rt_trainer_t *handle = nullptr;
  if (Outcome outcome = check(o, mlopt_rt_train_create(module.get(), &options, &handle)); !outcome)
    return outcome;
  trainer.reset(handle);
  info.struct_size = sizeof(info);
  if (Outcome outcome = check(o, mlopt_rt_train_info(handle, &info)); !outcome)
    return outcome;
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> strings;
  if (flattenJson(mlopt_rt_module_metadata(module.get()), numbers, strings)) {
    checkFinite = numbers["flags.check_finite"] != 0;
    optimizer = strings["training.optimizer"];
    const std::string &loss = strings["training.loss"], key = " ignore-index=";
    if (size_t at = loss.find(key); at != loss.npos) {
      ignores = true;
      ignoredLabel = std::strtoll(loss.c_str() + at + key.size(), nullptr, 10);
    }
  }
  return {};
}

Outcome Fit::readData() {
  int32_t entry = mlopt_rt_module_find_entry(module.get(), "train_step");
  if (entry < 0)
    return fail(o, kRunFailure, MLOPT_RT_UNKNOWN_NAME, o.artefact,
                "has no entry point 'train_step'; compile the model with 'mlopt train'");
  if (Outcome outcome = train.read(o, module, trainer, uint32_t(entry), f.data); !outcome)
    return outcome;
  if (!f.eval.empty()) {
    if (!has(MLOPT_RT_TRAIN_EVAL))
      return fail(o, kUsage, 0, "mlopt-run", "--eval: the artefact has no entry point 'eval'");
    if (Outcome outcome = test.read(o, module, trainer, uint32_t(entry), f.eval); !outcome)
      return outcome;
  }
  int64_t fixed = train.getFixedBatch();
  if (fixed && f.batch && f.batch != fixed)
    return fail(o, kUsage, 0, "mlopt-run",
                "--batch=" + std::to_string(f.batch) + ": the artefact is made for batches of " +
                    std::to_string(fixed) + "; leave --batch out, or compile the model with an " +
                    "open batch size");
  state.batch = fixed ? fixed : f.batch ? f.batch : std::min<int64_t>(32, train.getMostBatch());
  state.samples = train.getSamples();
  state.shuffle = !f.noShuffle;
  state.seed = int64_t(o.seed);
  if (state.batch < train.getLeastBatch() || state.batch > train.getMostBatch())
    return fail(o, kUsage, 0, "mlopt-run",
                "--batch=" + std::to_string(state.batch) + ": the artefact takes batches of " +
                    std::to_string(train.getLeastBatch()) + " to " +
                    std::to_string(train.getMostBatch()));
  if (usedSamples() == 0)
    return fail(o, kBadInput, kDataMismatch, f.data,
                "holds " + std::to_string(state.samples) + " samples, fewer than a batch of " +
                    std::to_string(state.batch) + ", which the artefact is made for");
  if (!o.quiet && !o.json)
    for (const auto &[path, samples] :
         {std::pair(f.data, state.samples), std::pair(f.eval, test.getSamples())})
      if (samples > 0 && usable(samples) < samples)
        std::fprintf(stderr,
                     "%s: %" PRId64 " of %" PRId64 " samples are left out%s: the artefact does not "
                     "take a batch of so few\n",
                     path.c_str(), samples - usable(samples), samples,
                     path == f.data ? " in each epoch" : "");
  return {};
}

Outcome Fit::setRunTimeValues() {
  struct Value {
    double given;
    uint32_t flag;
    const char *option;
    mlopt_rt_status_t (*set)(mlopt_rt_trainer_t *, float);
  };
  for (const Value &value :
       {Value{f.lr, MLOPT_RT_TRAIN_LEARNING_RATE, "--lr", mlopt_rt_train_set_learning_rate},
        Value{f.clipNorm, MLOPT_RT_TRAIN_CLIP_NORM, "--clip-norm", mlopt_rt_train_set_clip_norm}}) {
    std::string option = value.option;
    if (value.given >= 0 && !has(value.flag))
      return fail(o, kUsage, 0, "mlopt-run",
                  option + ": the artefact does not take it at run time ('" + optimizer +
                      "'); compile with 'mlopt train " + option + "=input'");
    if (value.given < 0 && has(value.flag))
      return fail(o, kUsage, 0, "mlopt-run",
                  option + " is missing: the artefact was compiled with " + option + "=input");
    if (value.given >= 0)
      if (Outcome outcome = check(o, value.set(trainer.get(), float(value.given))); !outcome)
        return outcome;
  }
  return {};
}

/// What in the numbers of a checkpoint cannot be of a run on these data; empty if nothing.
std::string Fit::contradiction() const {
  if (state.batch < train.getLeastBatch() || state.batch > train.getMostBatch())
    return "has a batch size of " + std::to_string(state.batch) +
           "; the artefact takes batches of " + std::to_string(train.getLeastBatch()) + " to " +
           std::to_string(train.getMostBatch());
  int64_t used = usedSamples();
  if (used == 0 || state.position >= used || state.position % state.batch)
    return "has the position " + std::to_string(state.position) + ", which is no begin of a batch" +
           " of " + std::to_string(state.batch) + " in an epoch of " + std::to_string(used) +
           " samples";
  int64_t perEpoch = (used + state.batch - 1) / state.batch, rest = state.position / state.batch;
  if (state.step < rest || (state.step - rest) % perEpoch ||
      (state.step - rest) / perEpoch != state.epoch)
    return "has step " + std::to_string(state.step) + ", but epoch " + std::to_string(state.epoch) +
           " and position " + std::to_string(state.position) + ": with " +
           std::to_string(perEpoch) + " steps in an epoch that is another step";
  return {};
}

/// From a checkpoint, or from the start.
Outcome Fit::begin() {
  if (!f.resume && !f.force)
    for (const std::string &path : {f.checkpoint, f.log}) {
      struct stat status;
      if (!path.empty() && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
        return fail(o, kBadInput, kWouldOverwrite, path,
                    "is there already; --resume goes on with it, --force begins anew and "
                    "overwrites it");
    }
  bool found = false;
  if (!f.checkpoint.empty()) {
    checkpoint = std::make_unique<Checkpoint>(o, module, trainer);
    // Now, not after an epoch's work.
    if (Outcome outcome = checkpoint->probe(); !outcome)
      return outcome;
    state.dataChecksum = train.getChecksum();
    FitState wanted = state;
    if (f.resume)
      if (Outcome outcome = checkpoint->load(state, found); !outcome)
        return outcome;
    auto differs = [&](const std::string &what, int64_t then, int64_t now) {
      return fail(o, kBadInput, kForeignCheckpoint, f.checkpoint,
                  "is of a run with " + what + " " + std::to_string(then) + ", now " +
                      std::to_string(now) + ": it would not go on with the same samples");
    };
    if (found && state.samples != wanted.samples)
      return differs("samples", state.samples, wanted.samples);
    if (found && f.batch == 0 && !train.getFixedBatch())
      wanted.batch = state.batch;
    if (found && state.batch != wanted.batch)
      return differs("--batch", state.batch, wanted.batch);
    if (found && o.seed != uint64_t(state.seed) && f.seedGiven)
      return differs("--seed", state.seed, wanted.seed);
    if (found && state.shuffle != wanted.shuffle)
      return fail(o, kBadInput, kForeignCheckpoint, f.checkpoint,
                  std::string("is of a run with") + (state.shuffle ? "out" : "") +
                      " --no-shuffle: it would not go on with the same samples");
    if (found)
      if (std::string wrong = contradiction(); !wrong.empty())
        return checkpoint->refuse(kBadCheckpoint, wrong);
  }
  if (!found) {
    if (f.resume && !o.quiet && !o.json)
      std::fprintf(stderr, "%s: is not there: starting anew\n", f.checkpoint.c_str());
    if (Outcome outcome = check(o, mlopt_rt_train_init(trainer.get(), state.seed)); !outcome)
      return outcome;
  } else if (!o.quiet && !o.json) {
    std::fprintf(stderr, "%s: going on after step %" PRId64 "\n", f.checkpoint.c_str(), state.step);
  }
  if (std::string wrong = finite.begin(trainer); !wrong.empty())
    return fail(o, kRunFailure, kNotFinite, o.artefact, "before the first step: " + wrong);
  return log.open(f.resume, state.step);
}

/// What there is to go on from after an error.
std::string Fit::kept() const {
  return !checkpoint ? "nothing was saved"
         : checkpoint->getSavedStep() >= 0
             ? "'" + f.checkpoint + "' is as step " + std::to_string(checkpoint->getSavedStep()) +
                   " left it"
             : "there is no checkpoint yet";
}

std::string Fit::advice() const {
  return std::string("Try a smaller learning rate or --clip-norm") +
         (checkFinite ? ""
                      : "; 'mlopt train --check-finite' makes an artefact that names the first "
                        "operation");
}

/// Stops the run where the steps so far have left a value that is not finite.
Outcome Fit::checkValues() {
  if (checkedStep == state.step)
    return {};
  std::string wrong = finite.find(trainer);
  checkedStep = state.step;
  if (wrong.empty())
    return {};
  return fail(o, kRunFailure, kNotFinite, o.artefact,
              "noticed after step " + std::to_string(state.step) + ": " + wrong +
                  ", although the loss was finite; this is not saved. " + advice() + "; " + kept());
}

Outcome Fit::save() {
  if (Outcome outcome = checkValues(); !outcome)
    return outcome;
  if (!checkpoint || checkpoint->getSavedStep() == state.step)
    return {};
  if (Outcome outcome = log.sync(); !outcome)
    return outcome;
  return checkpoint->save(state);
}

Outcome Fit::step(const int64_t *order, int64_t count, LogRow &row) {
  const std::vector<mlopt_rt_tensor_t> &batch = train.gather(order, count);
  float norm = NAN;
  mlopt_rt_trainer_t *t = trainer.get();
  mlopt_rt_status_t status;
  if (checkFinite && has(MLOPT_RT_TRAIN_SPLIT)) {
    // The bits of a whole step, but a gradient that fails changes no parameter.
    status = mlopt_rt_train_grad(t, batch.data(), uint32_t(batch.size()), &row.loss);
    if (!status)
      status = mlopt_rt_train_update(t, &norm);
  } else {
    status = mlopt_rt_train_step(t, batch.data(), uint32_t(batch.size()), &row.loss, &norm);
  }
  std::string where = "step " + std::to_string(state.step + 1) + " (epoch " +
                      std::to_string(state.epoch + 1) + "): ";
  auto stop = [&](int code, const std::string &message) {
    return fail(o, kRunFailure, code, o.artefact, where + message + "; " + kept());
  };
  if (status) {
    int code = mlopt_rt_status_code(status);
    std::string message = mlopt_rt_status_message(status);
    mlopt_rt_status_release(status);
    // The runtime counts steps from 0.
    std::string counted = "step " + std::to_string(state.step) + ": ";
    if (message.compare(0, counted.size(), counted) == 0)
      message.erase(0, counted.size());
    return stop(code == MLOPT_RT_BAD_DATA && message.find("not finite") != message.npos ? kNotFinite
                                                                                        : code,
                message);
  }
  if (!std::isfinite(row.loss)) {
    std::string what = std::isnan(row.loss) ? "nan" : row.loss < 0 ? "-inf" : "inf";
    if (ignores && train.areLabelsAll(ignoredLabel))
      return stop(kNotFinite, "the loss is " + what + ", a mean of no labels: every label of the " +
                                  "batch is " + std::to_string(ignoredLabel) +
                                  ", which the loss ignores. Leave such samples out, or take " +
                                  "larger batches");
    return stop(kNotFinite,
                "the loss is " + what + ". " + advice() +
                    (has(MLOPT_RT_TRAIN_CORRECT) ? "; look for labels that are no class" : ""));
  }
  row.gradNorm = std::isnan(norm) ? -1 : double(norm);
  return {};
}

Outcome Fit::evaluate(LogRow &row) {
  if (f.eval.empty())
    return {};
  int64_t samples = usable(test.getSamples());
  std::vector<int64_t> order(static_cast<size_t>(samples));
  std::iota(order.begin(), order.end(), int64_t(0));
  double lossSum = 0, weight = 0;
  int64_t correct = 0, counted = 0;
  for (int64_t at = 0; at < samples; at += state.batch) {
    int64_t count = std::min(state.batch, samples - at);
    const std::vector<mlopt_rt_tensor_t> &batch = test.gather(order.data() + at, count);
    mlopt_rt_train_result_t result = {};
    result.struct_size = sizeof(result);
    if (Outcome outcome =
            check(o, mlopt_rt_train_eval(trainer.get(), batch.data(), uint32_t(batch.size()),
                                         nullptr, 0, &result));
        !outcome)
      return outcome;
    // A mean over the labels that count, or over the samples.
    double of = result.count >= 0 ? double(result.count) : double(count);
    if (of > 0)
      lossSum += result.loss * of;
    weight += of;
    if (result.count >= 0) {
      correct += result.correct;
      counted += result.count;
    }
  }
  row.evaluated = weight > 0;
  row.evalLoss = weight > 0 ? lossSum / weight : 0;
  row.accuracy = counted ? double(correct) / double(counted) : -1;
  if (!row.evaluated || std::isfinite(row.evalLoss))
    return {};
  std::string what = std::isnan(row.evalLoss) ? "nan" : "not finite";
  // What the data have brought along says nothing about the training: it goes on.
  if (std::string cause = test.findNotFinite(); !cause.empty()) {
    if (!warnedOfEval && !o.quiet && !o.json)
      std::fprintf(stderr, "%s: the eval loss is %s: %s\n", f.eval.c_str(), what.c_str(),
                   cause.c_str());
    warnedOfEval = true;
    return {};
  }
  return fail(o, kRunFailure, kNotFinite, o.artefact,
              "after step " + std::to_string(state.step) + " (epoch " + std::to_string(row.epoch) +
                  "): the loss of --eval is " + what +
                  "; what was trained is finite, but is not saved. " + advice() +
                  (has(MLOPT_RT_TRAIN_CORRECT)
                       ? "; look for labels in '" + f.eval + "' that are no class"
                       : "") +
                  "; " + kept());
}

Outcome Fit::interrupted() {
  int number = stopSignal;
  if (!o.quiet && !o.json) {
    if (checkpoint)
      std::fprintf(stderr,
                   "mlopt-run: interrupted: step %" PRId64 " is saved in %s; --resume goes "
                   "on from there\n",
                   state.step, f.checkpoint.c_str());
    else
      std::fprintf(stderr,
                   "mlopt-run: interrupted after step %" PRId64
                   "; nothing is saved without --checkpoint\n",
                   state.step);
  }
  return {128 + number};
}

/// The rest of the epoch that `state` is in.
Outcome Fit::epoch(FitProgress &progress) {
  int64_t used = usedSamples();
  std::vector<int64_t> order;
  if (state.shuffle) {
    order = shuffledOrder(state.samples, state.seed, state.epoch);
  } else {
    order.resize(size_t(state.samples));
    std::iota(order.begin(), order.end(), int64_t(0));
  }
  LearningRate rate(optimizer, f.lr);
  while (state.position < used) {
    int64_t count = std::min(state.batch, used - state.position);
    LogRow row;
    row.epoch = state.epoch + 1;
    row.step = state.step + 1;
    row.lr = rate.at(state.step);
    if (Outcome outcome = step(order.data() + state.position, count, row); !outcome)
      return progress.clear(), outcome;
    ++state.step;
    state.position += count;
    state.lossSum += double(row.loss) * double(count);
    double mean = state.lossSum / double(state.position);
    progress.step(state, mean, last.accuracy, count);
    if (state.position == used) {
      // First what is trained: where it is bad, so is what the evaluation gives.
      if (Outcome outcome = checkValues(); !outcome)
        return progress.clear(), outcome;
      if (Outcome outcome = evaluate(row); !outcome)
        return progress.clear(), outcome;
      progress.epoch(row, mean);
      ++state.epoch;
      state.position = 0;
      state.lossSum = 0;
    }
    row.seconds = progress.seconds();
    double accuracy = row.evaluated ? row.accuracy : last.accuracy;
    if (Outcome outcome = log.write(row); !outcome)
      return progress.clear(), outcome;
    last = row;
    last.accuracy = accuracy;
    bool due = state.position == 0 || (f.saveEvery && state.step % f.saveEvery == 0);
    if (due || stopSignal || reachedEnd())
      if (Outcome outcome = save(); !outcome)
        return progress.clear(), outcome;
    if (stopSignal)
      return progress.clear(), interrupted();
    if (reachedEnd() && state.position)
      progress.epoch(row, mean);
    if (state.position == 0 || reachedEnd())
      return {};
  }
  return {};
}

void Fit::report(FitProgress &progress) {
  if (!o.json)
    return;
  JsonWriter json;
  json.beginObject();
  json.field("artefact", o.artefact);
  json.field("steps", state.step);
  json.field("epochs", state.epoch);
  if (last.step)
    json.field("loss", double(last.loss));
  if (last.evaluated)
    json.field("eval_loss", last.evalLoss);
  if (last.accuracy >= 0)
    json.field("accuracy", last.accuracy);
  if (checkpoint)
    json.field("checkpoint", f.checkpoint);
  json.field("threads", info.threads);
  json.field("seconds", progress.seconds());
  json.endObject();
  std::fputs(json.take().c_str(), stdout);
}

Outcome Fit::run(mlopt_module_query_fn linked) {
  if (Outcome outcome = loadModule(o, linked, 0, module); !outcome)
    return outcome;
  if (Outcome outcome = makeTrainer(); !outcome)
    return outcome;
  if (Outcome outcome = setRunTimeValues(); !outcome)
    return outcome;
  if (Outcome outcome = readData(); !outcome)
    return outcome;
  takeSignals();
  if (Outcome outcome = begin(); !outcome)
    return outcome;
  FitProgress progress(o, f.epochs, totalSteps());
  if (reachedEnd() && !o.quiet && !o.json)
    std::fprintf(stderr, "%s: the run is complete: %" PRId64 " epochs, %" PRId64 " steps\n",
                 f.checkpoint.c_str(), state.epoch, state.step);
  while (!reachedEnd())
    if (Outcome outcome = epoch(progress); !outcome)
      return outcome;
  progress.clear();
  report(progress);
  return {};
}

} // namespace

Outcome fitVerb(const Options &o, mlopt_module_query_fn linked) {
  if (o.fit.data.empty())
    return fail(o, kUsage, 0, "mlopt-run", "fit: no data given: --data=FILE.npz");
  if (!o.fit.epochs && !o.fit.maxSteps)
    return fail(o, kUsage, 0, "mlopt-run", "fit: no length given: --epochs=N or --max-steps=N");
  if (o.fit.checkpoint.empty() && (o.fit.resume || o.fit.saveEvery))
    return fail(o, kUsage, 0, "mlopt-run",
                std::string("fit: ") + (o.fit.resume ? "--resume" : "--save-every") +
                    " needs --checkpoint=FILE");
  auto endsIn = [&](const std::string &suffix) {
    return o.fit.log.size() > suffix.size() &&
           o.fit.log.compare(o.fit.log.size() - suffix.size(), suffix.size(), suffix) == 0;
  };
  struct stat status;
  // A device or a pipe has the name that it has; /dev/stdout may be a file.
  bool special = o.fit.log.compare(0, 5, "/dev/") == 0 ||
                 (::stat(o.fit.log.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
  if (!o.fit.log.empty() && !special && !endsIn(".csv") && !endsIn(".jsonl"))
    return fail(o, kUsage, 0, "mlopt-run",
                "fit: --log=" + o.fit.log + ": expected a name that ends in .csv or .jsonl");
  return Fit(o).run(linked);
}

} // namespace mlopt::runner
