//===- FitCheckpoint.cpp - Checkpoints of training -----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A safetensors file: parameters and buffers under their names in the model, so
// that `mlopt compile --load-weights` and other programs can use them, the
// optimizer's state as `optimizer.SLOT.PARAMETER`, and in `__metadata__` where
// the run stands.
//
//===----------------------------------------------------------------------===//

#include "Fit.h"
#include "Json.h"
#include "TensorIO/Safetensors.h"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mlopt::runner {

using namespace tensorio;

namespace {

constexpr const char *kFormat = "mlopt-checkpoint-1";

std::string hex(const uint8_t (&bytes)[32]) {
  std::string text;
  char digits[3];
  for (uint8_t byte : bytes) {
    std::snprintf(digits, sizeof(digits), "%02x", byte);
    text += digits;
  }
  return text;
}

/// A double in hexadecimal: it comes back with the same bits.
std::string exactText(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%a", value);
  return text;
}

TensorView viewOf(const mlopt_rt_train_tensor_t &t) {
  TensorView view;
  view.name = t.slot ? std::string("optimizer.") + t.slot + "." + t.name : t.name;
  view.dtype = mlopt_dtype(t.dtype);
  view.dims.assign(t.dims, t.dims + t.rank);
  view.data = static_cast<const uint8_t *>(t.data);
  view.bytes = t.bytes;
  return view;
}

std::string describe(const TensorView &t) {
  return std::string(dtypeName(t.dtype)) + " " + dimsToString(t.dims);
}

/// Numbers of a run stay below this: no sum of two of them overflows, and a double holds each.
constexpr int64_t kBound = int64_t(1) << 53;

struct Number {
  const char *key;
  int64_t &value;
  int64_t least, most;
};

/// Reads the numbers of the metadata. Empty, or what is wrong with them.
std::string readNumbers(const Metadata &metadata, std::initializer_list<Number> numbers) {
  std::string missing;
  for (const Number &number : numbers)
    if (!metadata.count(number.key))
      missing += (missing.empty() ? "'" : ", '") + std::string(number.key) + "'";
  if (!missing.empty())
    return "does not say where its run stands: its metadata lack " + missing +
           "; a checkpoint of TrainingSession.save in Python needs them as its argument 'metadata' "
           "to be gone on with here ('samples' of --data, 'batch', 'epoch' and 'position', the "
           "samples done of it, 'shuffle' 0 or 1)";
  for (const Number &number : numbers) {
    const std::string &text = metadata.at(number.key);
    char *end = nullptr;
    errno = 0;
    number.value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end || errno || number.value < number.least || number.value > number.most)
      return "has " + quoteName(text) + " as '" + number.key + "', expected a whole number from " +
             std::to_string(number.least) + " to " + std::to_string(number.most);
  }
  return {};
}

/// The optimizer's name: the first word of its description.
std::string firstWord(const std::string &text) { return text.substr(0, text.find(' ')); }

/// Removes what saves of `path` left that were killed: PATH.tmpPID and PATH.previous.tmpPID of
/// processes that are gone.
void removeLeftovers(const std::string &path) {
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = path.substr(folder.size());
  DIR *entries = ::opendir(folder.empty() ? "." : folder.c_str());
  if (!entries)
    return;
  while (const dirent *entry = ::readdir(entries)) {
    std::string found = entry->d_name;
    for (const std::string &start : {name + ".tmp", name + ".previous.tmp"}) {
      std::string pid =
          found.compare(0, start.size(), start) == 0 ? found.substr(start.size()) : "";
      if (pid.empty() || pid.size() > 9 || pid.find_first_not_of("0123456789") != pid.npos)
        continue;
      if (::kill(std::atoi(pid.c_str()), 0) == 0 || errno != ESRCH)
        continue;
      // On a shared folder the process may live on another machine: then its file is locked.
      std::string leftover = folder + found;
      int fd = ::open(leftover.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
      if (fd < 0)
        continue;
      if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
        ::unlink(leftover.c_str());
      ::close(fd);
    }
  }
  ::closedir(entries);
}

} // namespace

Checkpoint::Checkpoint(const Options &options, const Module &module, const Trainer &trainer)
    : options(options), trainer(trainer), path(options.fit.checkpoint),
      modelHash(hex(mlopt_rt_module_header(module.get())->source_sha256)) {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> strings;
  if (flattenJson(mlopt_rt_module_metadata(module.get()), numbers, strings))
    optimizer = strings["training.optimizer"], loss = strings["training.loss"];
  removeLeftovers(path);
}

std::string Checkpoint::hint() const {
  struct stat info;
  std::string previous = path + ".previous";
  if (::stat(previous.c_str(), &info) != 0)
    return "";
  return "; the one before it is '" + previous + "': to go on from there, 'mv " + previous + " " +
         path + "'";
}

Outcome Checkpoint::probe() const {
  struct stat info;
  bool exists = ::stat(path.c_str(), &info) == 0;
  Error error;
  if (exists && S_ISDIR(info.st_mode))
    error = "is a folder, expected a file";
  else if (!exists || S_ISREG(info.st_mode))
    error = tryWriteBeside(path);
  if (error.empty())
    return {};
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return fail(options, kRunFailure, kNotSaved, path,
              exists && S_ISDIR(info.st_mode) ? error
                                              : "cannot be written: the folder '" + folder + "': " +
                                                    error + "; make the folder, or give another");
}

Outcome Checkpoint::refuse(FitCode code, const std::string &message) const {
  return fail(options, kBadInput, code, path, message + hint());
}

Outcome Checkpoint::load(FitState &state, bool &found) {
  found = false;
  struct stat info;
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) {
    std::string rest = hint();
    return rest.empty() ? Outcome{}
                        : fail(options, kBadInput, kBadCheckpoint, path,
                               "is not there, but an earlier one is" + rest);
  }
  auto bad = [&](FitCode code, const std::string &message) { return refuse(code, message); };
  SafetensorsFile file;
  if (Error error = file.open(path); !error.empty())
    return bad(kBadCheckpoint, error + "; expected a checkpoint of 'mlopt-run fit'");
  const Metadata &metadata = file.getMetadata();
  auto text = [&](const char *key) {
    auto it = metadata.find(key);
    return it == metadata.end() ? std::string() : it->second;
  };
  if (text("format") != kFormat)
    return bad(kBadCheckpoint, "is a safetensors file, but no checkpoint of 'mlopt-run fit' (its "
                               "metadata has no format '" +
                                   std::string(kFormat) + "')");
  FitState read;
  int64_t shuffle = 0;
  std::string wrong = readNumbers(metadata, {{"step", read.step, 0, kBound - 1},
                                             {"epoch", read.epoch, 0, kBound - 1},
                                             {"position", read.position, 0, kBound - 1},
                                             {"seed", read.seed, INT64_MIN, INT64_MAX},
                                             {"batch", read.batch, 1, kBound - 1},
                                             {"samples", read.samples, 1, kBound - 1},
                                             {"shuffle", shuffle, 0, 1}});
  if (!wrong.empty())
    return bad(kBadCheckpoint, wrong);
  read.shuffle = shuffle != 0;
  read.lossSum = std::strtod(text("loss_sum").c_str(), nullptr);
  if (!std::isfinite(read.lossSum))
    return bad(kBadCheckpoint, "has a 'loss_sum' that is not finite");
  if (text("model_sha256") != modelHash)
    return bad(kForeignCheckpoint, "was made for another model (source sha256 " +
                                       text("model_sha256") + ", the artefact's is " + modelHash +
                                       ")");
  if (firstWord(text("options")) != firstWord(optimizer))
    return bad(kForeignCheckpoint, "was made with another optimizer: '" + text("options") +
                                       "', the artefact's is '" + optimizer + "'");
  std::vector<const TensorView *> tensors;
  for (uint32_t i = 0, n = mlopt_rt_train_tensor_count(trainer.get()); i < n; ++i) {
    mlopt_rt_train_tensor_t tensor = {};
    tensor.struct_size = sizeof(tensor);
    if (Outcome outcome = check(options, mlopt_rt_train_tensor(trainer.get(), i, &tensor));
        !outcome)
      return outcome;
    TensorView wanted = viewOf(tensor);
    const TensorView *there = file.find(wanted.name);
    if (!there)
      return bad(kForeignCheckpoint,
                 "has no tensor " + quoteName(wanted.name) + ", which the artefact needs");
    if (there->dtype != wanted.dtype || there->dims != wanted.dims)
      return bad(kForeignCheckpoint, "has " + quoteName(wanted.name) + " as " + describe(*there) +
                                         ", the artefact needs " + describe(wanted));
    if (countNotFinite(there->data, there->bytes).nans)
      return bad(kBadCheckpoint,
                 "holds nan in " + quoteName(wanted.name) + ": no step can go on from it");
    tensors.push_back(there);
  }
  if (tensors.size() != file.getTensors().size())
    return bad(kForeignCheckpoint, "holds " + std::to_string(file.getTensors().size()) +
                                       " tensors, the artefact has " +
                                       std::to_string(tensors.size()));
  struct Source {
    const std::vector<const TensorView *> &tensors;
    size_t next;
  } source = {tensors, 0};
  auto copy = [](void *user, const mlopt_rt_train_tensor_t *tensor) -> int {
    auto &from = *static_cast<Source *>(user);
    const TensorView &view = *from.tensors[from.next++];
    if (view.bytes)
      std::memcpy(tensor->data, view.data, view.bytes);
    return MLOPT_RT_TRAIN_READ;
  };
  if (Outcome outcome = check(options, mlopt_rt_train_load(trainer.get(), copy, &source)); !outcome)
    return outcome;
  if (Outcome outcome = check(options, mlopt_rt_train_set_step_number(trainer.get(), read.step));
      !outcome)
    return outcome;
  if (Outcome outcome = check(options, mlopt_rt_train_set_seed(trainer.get(), read.seed)); !outcome)
    return outcome;
  for (const auto &[before, now] :
       {std::pair(text("options"), optimizer), std::pair(text("loss"), loss)})
    if (before != now && !before.empty() && !options.quiet && !options.json)
      std::fprintf(stderr, "%s: was made with '%s', goes on with '%s'\n", path.c_str(),
                   before.c_str(), now.c_str());
  std::string data = std::to_string(state.dataChecksum);
  if (metadata.count("data_crc32") && text("data_crc32") != data && !options.quiet && !options.json)
    std::fprintf(stderr, "%s: was made with other data, goes on with '%s'\n", path.c_str(),
                 options.fit.data.c_str());
  read.dataChecksum = state.dataChecksum;
  state = read;
  savedStep = state.step;
  found = true;
  return {};
}

Outcome Checkpoint::save(const FitState &state) {
  std::vector<TensorView> tensors;
  auto add = [](void *user, const mlopt_rt_train_tensor_t *tensor) -> int {
    static_cast<std::vector<TensorView> *>(user)->push_back(viewOf(*tensor));
    return 0;
  };
  if (Outcome outcome = check(options, mlopt_rt_train_save(trainer.get(), add, &tensors)); !outcome)
    return outcome;
  Metadata metadata = {{"format", kFormat},
                       {"step", std::to_string(state.step)},
                       {"epoch", std::to_string(state.epoch)},
                       {"position", std::to_string(state.position)},
                       {"seed", std::to_string(state.seed)},
                       {"batch", std::to_string(state.batch)},
                       {"samples", std::to_string(state.samples)},
                       {"shuffle", state.shuffle ? "1" : "0"},
                       {"loss_sum", exactText(state.lossSum)},
                       {"model_sha256", modelHash},
                       {"loss", loss},
                       {"data_crc32", std::to_string(state.dataChecksum)},
                       {"options", optimizer}};
  if (Error error = writeSafetensors(path, tensors, metadata, /*keepPrevious=*/true);
      !error.empty()) {
    std::string kept = savedStep >= 0
                           ? "the checkpoint of step " + std::to_string(savedStep) + " is untouched"
                           : "there is no checkpoint yet";
    return fail(options, kRunFailure, kNotSaved, path,
                error + "; " + kept +
                    ". Training stops: make room, or check that the folder may be written, then "
                    "run the same command with --resume");
  }
  savedStep = state.step;
  return {};
}

} // namespace mlopt::runner
