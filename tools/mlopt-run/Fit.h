//===- Fit.h - The parts of mlopt-run fit -------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_TOOLS_MLOPT_RUN_FIT_H
#define MLOPT_TOOLS_MLOPT_RUN_FIT_H

#include "Runner.h"
#include "mlopt/runtime/train.h"

#include <chrono>
#include <map>

namespace mlopt::runner {

/// Error codes of fit (tools/lib/Driver/ExplainVerb.cpp documents them).
enum FitCode {
  kDataMissing = 1071,       ///< the data file has no array for an input
  kDataMismatch = 1051,      ///< an array of another type or shape
  kBadCheckpoint = 1072,     ///< not a checkpoint, or cut off
  kForeignCheckpoint = 1073, ///< of another model, optimizer or run
  kWouldOverwrite = 1074,    ///< a checkpoint or log is there, and neither --resume nor --force
  kNotFinite = 5401,         ///< a loss or a trained value that is infinite or no number
  kNotSaved = 5402           ///< checkpoint or log cannot be written
};

struct TrainerDeleter {
  void operator()(mlopt_rt_trainer_t *t) const { mlopt_rt_train_release(t); }
};
using Trainer = std::unique_ptr<mlopt_rt_trainer_t, TrainerDeleter>;

/// Where a run stands; a checkpoint holds all of it, so that what follows has the same bits.
struct FitState {
  int64_t step = 0;     ///< steps done
  int64_t epoch = 0;    ///< epochs done
  int64_t position = 0; ///< samples of this epoch done
  int64_t seed = 0;
  int64_t batch = 0, samples = 0; ///< of the run; another value would be another run
  bool shuffle = true;
  double lossSum = 0;        ///< of this epoch: the losses of its steps times their samples
  int64_t dataChecksum = -1; ///< DataSet::getChecksum of --data; -1: not known
};

/// The samples of one file, as the step takes them: one array for each of its inputs, the first
/// axis counts the samples.
class DataSet {
public:
  /// Reads `path` and checks it against the inputs of `entry`. Conversions are stated on standard
  /// error, unless `quiet`.
  Outcome read(const Options &options, const Module &module, const Trainer &trainer, uint32_t entry,
               const std::string &path);

  int64_t getSamples() const { return samples; }
  /// The batch size that the module is made for, 0 where it is open.
  int64_t getFixedBatch() const { return fixedBatch; }
  /// The bounds of an open batch size.
  int64_t getLeastBatch() const { return leastBatch; }
  int64_t getMostBatch() const { return mostBatch; }

  /// Copies the samples order[0] .. order[count - 1] into a batch; the views live until the next
  /// call.
  const std::vector<mlopt_rt_tensor_t> &gather(const int64_t *order, int64_t count);

  /// CRC-32 of the arrays, one after the other.
  int64_t getChecksum() const;
  /// Names the first f32 array with a value that is not finite, and its sample; empty if all are.
  std::string findNotFinite() const;
  /// Whether every label of the last batch of `gather` is `value`. The target is the last input.
  bool areLabelsAll(int64_t value) const;

private:
  Outcome match(const Options &options, const Module &module, uint32_t entry,
                const std::string &path, const std::string &input, const std::string &wanted,
                bool lastUse, const std::string &list, std::vector<tensorio::HostTensor> &arrays);
  Outcome readBatchSize(const Options &options, const Module &module, uint32_t entry,
                        const mlopt_rt_tensor_info_t &info);

  struct Column {
    std::string input;
    tensorio::HostTensor values;
    uint64_t sampleBytes = 0;
    std::vector<uint8_t> batch;
  };
  std::vector<Column> columns;
  std::vector<mlopt_rt_tensor_t> views;
  int64_t samples = -1, fixedBatch = 0, leastBatch = 0, mostBatch = INT64_MAX;
};

/// The order of the samples in an epoch: a permutation that depends on the seed, the epoch and the
/// number of samples alone. Fisher-Yates, from the last sample down, with splitmix64 started at
/// splitmix64(seed) + epoch; a number below n is the upper half of the 128-bit product of n and 64
/// random bits, drawn again while the lower half is below 2^64 mod n.
std::vector<int64_t> shuffledOrder(int64_t samples, int64_t seed, int64_t epoch);

struct NotFinite {
  uint64_t nans = 0, infinities = 0;
};
/// Counts what is not finite among the f32 in `bytes` bytes, at any alignment.
NotFinite countNotFinite(const void *f32, uint64_t bytes);

/// Looks at all that a trainer has trained: parameters, running statistics, optimizer state.
/// Infinities that were there before the first step are allowed: a mask of -inf is a parameter
/// like others where nothing freezes it. NaNs are not.
class FiniteCheck {
public:
  /// Before the first step. Empty, or what is wrong: the first tensor with a NaN.
  std::string begin(const Trainer &trainer) { return look(trainer, /*first=*/true); }
  /// After a step: the first tensor with a NaN, or with more infinities than at `begin`.
  std::string find(const Trainer &trainer) { return look(trainer, /*first=*/false); }

private:
  std::string look(const Trainer &trainer, bool first);

  std::vector<uint64_t> infinities; ///< of each tensor, at `begin`
};

/// The file FILE of --checkpoint, and FILE.previous.
class Checkpoint {
public:
  /// `trainer` and `module` must outlive it.
  Checkpoint(const Options &options, const Module &module, const Trainer &trainer);

  /// Whether it can be written, before the work that it is for: makes the temporary file.
  Outcome probe() const;
  /// Fills the trainer and `state`. `found` false: there is no such file, nothing is changed.
  Outcome load(FitState &state, bool &found);
  /// Refuses what `load` has read, for a reason that only the whole run knows.
  Outcome refuse(FitCode code, const std::string &message) const;
  /// Writes a temporary file to the disk, keeps the file that is there as FILE.previous, and gives
  /// the new one its name. Fails without changing a file.
  Outcome save(const FitState &state);
  /// The step of the file on the disk, -1 if there is none.
  int64_t getSavedStep() const { return savedStep; }

private:
  std::string hint() const;

  const Options &options;
  const Trainer &trainer;
  const std::string &path;
  std::string modelHash, optimizer, loss;
  int64_t savedStep = -1;
};

/// One line of the log: a step, and at the end of an epoch what `--eval` gave.
struct LogRow {
  int64_t epoch = 0, step = 0; ///< counted from 1
  float loss = 0;
  double lr = -1, gradNorm = -1; ///< < 0: not known
  bool evaluated = false;
  double evalLoss = 0;
  double accuracy = -1; ///< 0 to 1; < 0: the loss has none
  double seconds = 0;   ///< since the start of this process's run
};

/// The file of --log: CSV, or JSON lines where its name ends in .jsonl. Each row is one write at
/// the end of the file; a write that fails is taken back.
class FitLog {
public:
  FitLog(const Options &options) : options(options) {}
  ~FitLog();
  /// Begins the file, or with `resume` cuts it back to the rows of the first `steps` steps.
  Outcome open(bool resume, int64_t steps);
  Outcome write(const LogRow &row);
  /// To the disk, before a checkpoint says that its steps are done.
  Outcome sync();

private:
  Outcome broken(const std::string &what);
  Outcome cutBack(int64_t steps);

  const Options &options;
  int file = -1;
  bool json = false;
  int64_t size = 0; ///< bytes of whole rows
};

/// What is seen while a run goes on.
class FitProgress {
public:
  using Clock = std::chrono::steady_clock;
  FitProgress(const Options &options, int64_t epochs, int64_t steps);
  ~FitProgress() { clear(); }

  /// After a step: one line of the terminal, at most ten times a second.
  void step(const FitState &state, double loss, double accuracy, int64_t samples);
  /// After an epoch, or where a run ends within one: a line of standard output.
  void epoch(const LogRow &row, double meanLoss);
  /// Takes the terminal's line away, before anything else is printed.
  void clear();
  double seconds() const;

private:
  const Options &options;
  int64_t epochs, steps; ///< of the whole run; 0: not known
  int64_t samplesDone = 0, stepsDone = 0;
  bool terminal, shown = false;
  Clock::time_point begin = Clock::now(), last = begin;
};

} // namespace mlopt::runner

#endif // MLOPT_TOOLS_MLOPT_RUN_FIT_H
