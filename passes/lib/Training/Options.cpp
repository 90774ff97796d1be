//===- Options.cpp - Options in numbers -----------------------------------===//
#include "Options.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::training;

SmallVector<StringRef> Settings::getSlots() const {
  switch (optimizer) {
  case OptimizerKind::sgd:
    return given.momentum != 0 ? SmallVector<StringRef>{"momentum_buffer"}
                               : SmallVector<StringRef>{};
  case OptimizerKind::adam:
  case OptimizerKind::adamw:
    return {"exp_avg", "exp_avg_sq"};
  case OptimizerKind::adagrad:
    return {"sum"};
  }
  llvm_unreachable("optimizer kind");
}

namespace {
/// Collects the first complaint.
struct Check {
  std::string &why;
  bool ok = true;

  void require(bool condition, const Twine &text) {
    if (condition || !ok)
      return;
    ok = false;
    why = text.str();
  }
  double number(StringRef option, StringRef text, double otherwise) {
    double value = otherwise;
    require(text.empty() || (!text.getAsDouble(value) && std::isfinite(value)),
            "--" + option + " is '" + text + "', expected a number");
    return value;
  }
  /// What the step holds in f32 may become neither infinite nor, if `above0`, zero there: divisors
  /// would be 0 in the padding between parameters, and powers of two below FLT_MIN may be taken
  /// for 0.
  void inF32(StringRef option, double value, bool above0) {
    constexpr double most = std::numeric_limits<float>::max(),
                     least = std::numeric_limits<float>::min();
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%g", value);
    require(!above0 || value > 0, "--" + option + " is " + text + ", expected more than 0");
    require(above0 || value >= 0, "--" + option + " is " + text + ", expected at least 0");
    require(value <= most && (!above0 || value >= least),
            "--" + option + " is " + text + ", expected a number that f32 can hold, " +
                (above0 ? "from 1.18e-38 to 3.4e+38" : "at most 3.4e+38"));
  }
  template <typename Kind>
  Kind name(StringRef option, StringRef text, std::optional<Kind> kind, StringRef known) {
    require(kind.has_value(), "--" + option + " is '" + text + "', expected one of " + known);
    return kind.value_or(Kind());
  }
};
} // namespace

std::optional<Settings> training::resolve(const TrainingOptions &o, std::string &why) {
  Settings s;
  s.given = o;
  Check c{why};
  StringRef loss = o.loss;
  if (loss.consume_front("output:")) {
    s.loss = LossKind::output;
    s.lossOutput = loss.str();
    c.require(!loss.empty(), "--loss=output: names no output");
  } else {
    s.loss = c.name("loss", loss,
                    llvm::StringSwitch<std::optional<LossKind>>(loss)
                        .Case("cross_entropy", LossKind::crossEntropy)
                        .Case("bce_with_logits", LossKind::bceWithLogits)
                        .Case("mse", LossKind::mse)
                        .Case("l1", LossKind::l1)
                        .Case("huber", LossKind::huber)
                        .Default(std::nullopt),
                    "cross_entropy, bce_with_logits, mse, l1, huber, output:NAME");
  }
  s.optimizer = c.name("optimizer", o.optimizer,
                       llvm::StringSwitch<std::optional<OptimizerKind>>(o.optimizer)
                           .Case("sgd", OptimizerKind::sgd)
                           .Case("adam", OptimizerKind::adam)
                           .Case("adamw", OptimizerKind::adamw)
                           .Case("adagrad", OptimizerKind::adagrad)
                           .Default(std::nullopt),
                       "sgd, adam, adamw, adagrad");
  s.schedule = c.name("schedule", o.schedule,
                      llvm::StringSwitch<std::optional<ScheduleKind>>(o.schedule)
                          .Case("constant", ScheduleKind::constant)
                          .Case("linear", ScheduleKind::linear)
                          .Case("cosine", ScheduleKind::cosine)
                          .Case("step", ScheduleKind::step)
                          .Default(std::nullopt),
                      "constant, linear, cosine, step");
  // The defaults of torch.optim.
  bool adam = s.optimizer == OptimizerKind::adam || s.optimizer == OptimizerKind::adamw;
  bool adagrad = s.optimizer == OptimizerKind::adagrad;
  if (o.learningRate != "input") {
    s.learningRate = c.number("lr", o.learningRate, adagrad ? 1e-2 : 1e-3);
    c.inF32("lr", *s.learningRate, /*above0=*/false);
  }
  s.weightDecay =
      c.number("weight-decay", o.weightDecay, s.optimizer == OptimizerKind::adamw ? 1e-2 : 0);
  c.inF32("weight-decay", s.weightDecay, /*above0=*/false);
  s.epsilon = c.number("eps", o.epsilon, adagrad ? 1e-10 : 1e-8);
  c.inF32("eps", s.epsilon, /*above0=*/true);
  s.clips = !o.clipNorm.empty();
  if (s.clips && o.clipNorm != "input") {
    s.clipNorm = c.number("clip-norm", o.clipNorm, 0);
    c.require(*s.clipNorm > 0, "--clip-norm is " + o.clipNorm + ", expected more than 0");
  }
  c.inF32("momentum", o.momentum, /*above0=*/false);
  c.require(o.momentum == 0 || s.optimizer == OptimizerKind::sgd,
            "--momentum is an option of sgd; " + o.optimizer + " has --betas");
  c.require(!o.nesterov || o.momentum > 0, "--nesterov needs --momentum greater than 0");
  c.require(!adam || (o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1),
            "--betas are expected in [0, 1)");
  c.inF32("lr-decay", o.lrDecay, /*above0=*/false);
  c.inF32("initial-accumulator", o.initialAccumulator, /*above0=*/false);
  c.require(o.labelSmoothing >= 0 && o.labelSmoothing <= 1,
            "--label-smoothing is expected in [0, 1]");
  c.inF32("huber-delta", o.huberDelta, /*above0=*/true);
  c.require(o.warmupSteps >= 0, "--warmup-steps is negative, expected at least 0");
  bool ends = s.schedule == ScheduleKind::linear || s.schedule == ScheduleKind::cosine;
  c.require(!ends || o.totalSteps > o.warmupSteps,
            "--schedule=" + o.schedule + " needs --total-steps greater than --warmup-steps");
  c.require(s.schedule != ScheduleKind::step || o.stepSize > 0,
            "--schedule=step needs --step-size of at least 1");
  c.require(o.init == "weights" || o.init == "random",
            "--init is '" + o.init + "', expected one of weights, random");
  c.require(o.batchNorm == "train" || o.batchNorm == "frozen",
            "--batch-norm is '" + o.batchNorm + "', expected one of train, frozen");
  c.require(!o.target.empty(), "--target is empty, expected a name");
  return c.ok ? std::optional<Settings>(s) : std::nullopt;
}

std::string mlopt::checkTrainingOptions(const TrainingOptions &options) {
  std::string why;
  (void)resolve(options, why);
  return why;
}

std::string mlopt::describeOptimizer(const TrainingOptions &options) {
  std::string why, text;
  std::optional<Settings> s = resolve(options, why);
  if (!s)
    return why;
  llvm::raw_string_ostream os(text);
  auto number = [&](StringRef name, double value) {
    os << ' ' << name << '=' << llvm::format("%.9g", value);
  };
  os << options.optimizer;
  if (s->learningRate)
    number("lr", *s->learningRate);
  else
    os << " lr=input";
  switch (s->optimizer) {
  case OptimizerKind::sgd:
    number("momentum", options.momentum);
    os << " nesterov=" << (options.nesterov ? "true" : "false");
    break;
  case OptimizerKind::adam:
  case OptimizerKind::adamw:
    number("beta1", options.beta1);
    number("beta2", options.beta2);
    number("eps", s->epsilon);
    break;
  case OptimizerKind::adagrad:
    number("lr-decay", options.lrDecay);
    number("initial-accumulator", options.initialAccumulator);
    number("eps", s->epsilon);
    break;
  }
  number("weight-decay", s->weightDecay);
  os << " schedule=" << options.schedule;
  if (options.warmupSteps)
    os << " warmup-steps=" << options.warmupSteps;
  if (s->schedule == ScheduleKind::linear || s->schedule == ScheduleKind::cosine)
    os << " total-steps=" << options.totalSteps;
  if (s->schedule == ScheduleKind::step) {
    os << " step-size=" << options.stepSize;
    number("gamma", options.gamma);
  }
  if (s->clips) {
    if (s->clipNorm)
      number("clip-norm", *s->clipNorm);
    else
      os << " clip-norm=input";
  }
  return text;
}
