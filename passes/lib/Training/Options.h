//===- Options.h - Options in numbers ---------------------------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_OPTIONS_H
#define MLOPT_LIB_TRAINING_OPTIONS_H

#include "mlopt/Passes/Training/Training.h"
#include <optional>

namespace mlopt::training {

enum class OptimizerKind { sgd, adam, adamw, adagrad };
enum class ScheduleKind { constant, linear, cosine, step };
enum class LossKind { crossEntropy, bceWithLogits, mse, l1, huber, output };

/// TrainingOptions with names, defaults and texts resolved.
struct Settings {
  LossKind loss = LossKind::crossEntropy;
  std::string lossOutput; ///< of LossKind::output
  OptimizerKind optimizer = OptimizerKind::sgd;
  ScheduleKind schedule = ScheduleKind::constant;
  std::optional<double> learningRate; ///< none: an argument
  double weightDecay = 0, epsilon = 0;
  bool clips = false;
  std::optional<double> clipNorm; ///< none though `clips`: an argument
  TrainingOptions given;

  bool hasTarget() const { return loss != LossKind::output; }
  bool trainsBatchNorm() const { return given.batchNorm == "train"; }
  /// Names of the optimizer's state regions.
  llvm::SmallVector<llvm::StringRef> getSlots() const;
};

/// None where the options contradict themselves; `why` then says how.
std::optional<Settings> resolve(const TrainingOptions &options, std::string &why);

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_OPTIONS_H
