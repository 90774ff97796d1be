//===- FitLog.cpp - The log of a training run ----------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fit.h"

#include <cerrno>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace mlopt::runner {

using namespace tensorio;

namespace {

constexpr std::string_view kHeader = "epoch,step,loss,lr,grad_norm,eval_loss,accuracy,seconds\n";
constexpr std::string_view kStart = "{\"epoch\": ";

/// Nine digits: an f32 comes back with the same bits. The sign of a NaN says nothing.
std::string number(double value) {
  if (std::isnan(value))
    return "nan";
  char text[40];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

/// JSON has no infinities and NaNs.
std::string jsonNumber(double value) {
  return std::isfinite(value) ? number(value) : "\"" + number(value) + "\"";
}

} // namespace

FitLog::~FitLog() {
  if (file >= 0)
    ::close(file);
}

Outcome FitLog::broken(const std::string &what) {
  return fail(options, kRunFailure, kNotSaved, options.fit.log,
              what + ": " + std::strerror(errno) +
                  ". Training stops: make room, or check that the folder may be written, then run "
                  "the same command with --resume");
}

/// Keeps the rows of the first `steps` steps, and no part of a row.
Outcome FitLog::cutBack(int64_t steps) {
  std::vector<uint8_t> bytes;
  const std::string &path = options.fit.log;
  if (Error error = readFile(path, bytes); !error.empty())
    return fail(options, kBadInput, 1050, path, error);
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  // A process that was killed may have left less than the header.
  bool empty =
      json ? text.empty() : text.size() < kHeader.size() && kHeader.substr(0, text.size()) == text;
  if (!empty && text.substr(0, json ? kStart.size() : kHeader.size()) != (json ? kStart : kHeader))
    return fail(options, kBadInput, kForeignCheckpoint, path,
                "is no log of 'mlopt-run fit' in this form; give another name with --log");
  size_t at = empty ? 0 : json ? 0 : kHeader.size();
  int64_t rows = 0;
  for (size_t end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
    std::string line(text.substr(at, end - at));
    const char *step = std::strchr(line.c_str(), ',');
    if (json && step)
      step = std::strchr(step, ':');
    if (!step || std::strtoll(step + 1, nullptr, 10) != rows + 1 || rows == steps)
      break;
    ++rows;
  }
  if (rows < steps && !options.quiet && !options.json)
    std::fprintf(stderr, "%s: has rows of %" PRId64 " steps, the checkpoint has made %" PRId64 "\n",
                 path.c_str(), rows, steps);
  size = int64_t(at);
  if (::ftruncate(file, size) != 0)
    return broken("cannot be cut back");
  return {};
}

Outcome FitLog::open(bool resume, int64_t steps) {
  const std::string &path = options.fit.log;
  if (path.empty())
    return {};
  json = path.size() > 6 && path.compare(path.size() - 6, 6, ".jsonl") == 0;
  bool exists = ::access(path.c_str(), F_OK) == 0;
  file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0)
    return broken("cannot be opened");
  if (exists && resume) {
    if (Outcome outcome = cutBack(steps); !outcome)
      return outcome;
  } else {
    if (resume && steps && !options.quiet && !options.json)
      std::fprintf(stderr, "%s: is not there; it begins with step %" PRId64 "\n", path.c_str(),
                   steps + 1);
    // A device or a pipe has nothing to cut off.
    if (::ftruncate(file, 0) != 0 && errno != EINVAL)
      return broken("cannot be emptied");
  }
  if (size == 0 && !json) {
    if (::write(file, kHeader.data(), kHeader.size()) != ssize_t(kHeader.size()))
      return broken("cannot be written");
    size = int64_t(kHeader.size());
  }
  return {};
}

Outcome FitLog::write(const LogRow &row) {
  if (file < 0)
    return {};
  std::string text;
  if (json) {
    text = std::string(kStart) + std::to_string(row.epoch) +
           ", \"step\": " + std::to_string(row.step) + ", \"loss\": " + jsonNumber(row.loss);
    if (row.lr >= 0)
      text += ", \"lr\": " + jsonNumber(row.lr);
    if (row.gradNorm >= 0)
      text += ", \"grad_norm\": " + jsonNumber(row.gradNorm);
    if (row.evaluated)
      text += ", \"eval_loss\": " + jsonNumber(row.evalLoss);
    if (row.evaluated && row.accuracy >= 0)
      text += ", \"accuracy\": " + jsonNumber(row.accuracy);
    text += ", \"seconds\": " + jsonNumber(row.seconds) + "}\n";
  } else {
    text = std::to_string(row.epoch) + "," + std::to_string(row.step) + "," + number(row.loss) +
           "," + (row.lr >= 0 ? number(row.lr) : "") + "," +
           (row.gradNorm >= 0 ? number(row.gradNorm) : "") + "," +
           (row.evaluated ? number(row.evalLoss) : "") + "," +
           (row.evaluated && row.accuracy >= 0 ? number(row.accuracy) : "") + "," +
           number(row.seconds) + "\n";
  }
  ssize_t written;
  do
    written = ::write(file, text.data(), text.size());
  while (written < 0 && errno == EINTR);
  if (written != ssize_t(text.size())) {
    if (written >= 0)
      errno = ENOSPC; // a part was written
    int why = errno;
    (void)!::ftruncate(file, size);
    errno = why;
    return broken("cannot be written");
  }
  size += written;
  return {};
}

Outcome FitLog::sync() {
  if (file >= 0 && ::fdatasync(file) != 0 && errno != EINVAL && errno != EROFS)
    return broken("cannot be written");
  return {};
}

} // namespace mlopt::runner
