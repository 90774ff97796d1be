//===- FitProgress.cpp - What is seen of a training run ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fit.h"

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace mlopt::runner {

namespace {

/// "3:07" or "1:02:45".
std::string duration(double seconds) {
  auto total = static_cast<int64_t>(seconds + 0.5);
  char text[40];
  if (total >= 3600)
    std::snprintf(text, sizeof(text), "%" PRId64 ":%02d:%02d", total / 3600, int(total / 60 % 60),
                  int(total % 60));
  else
    std::snprintf(text, sizeof(text), "%d:%02d", int(total / 60), int(total % 60));
  return text;
}

std::string ofTotal(int64_t value, int64_t total) {
  return std::to_string(value) + (total ? "/" + std::to_string(total) : "");
}

} // namespace

FitProgress::FitProgress(const Options &options, int64_t epochs, int64_t steps)
    : options(options), epochs(epochs), steps(steps),
      terminal(!options.quiet && !options.json && ::isatty(STDERR_FILENO)) {}

double FitProgress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void FitProgress::clear() {
  if (shown)
    std::fputs("\r\033[K", stderr);
  shown = false;
}

void FitProgress::step(const FitState &state, double loss, double accuracy, int64_t samples) {
  samplesDone += samples;
  ++stepsDone;
  if (!terminal)
    return;
  Clock::time_point now = Clock::now();
  if (now - last < std::chrono::milliseconds(100))
    return;
  last = now;
  double time = seconds();
  std::string line =
      "epoch " + ofTotal(state.epoch + 1, epochs) + "  step " + ofTotal(state.step, steps);
  char text[80];
  std::snprintf(text, sizeof(text), "  loss %.4g", loss);
  line += text;
  if (accuracy >= 0) {
    std::snprintf(text, sizeof(text), "  accuracy %.2f %%", accuracy * 100);
    line += text;
  }
  std::snprintf(text, sizeof(text), "  %.0f samples/s", double(samplesDone) / time);
  line += text;
  if (steps > state.step)
    line += "  left " + duration(time / double(stepsDone) * double(steps - state.step));
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  shown = true;
}

void FitProgress::epoch(const LogRow &row, double meanLoss) {
  clear();
  if (options.quiet || options.json)
    return;
  std::printf("epoch %s  step %" PRId64 "  loss %.6f", ofTotal(row.epoch, epochs).c_str(), row.step,
              meanLoss);
  if (row.evaluated)
    std::printf("  eval loss %.6f", std::isnan(row.evalLoss) ? double(NAN) : row.evalLoss);
  if (row.evaluated && row.accuracy >= 0)
    std::printf("  accuracy %.2f %%", row.accuracy * 100);
  std::printf("  %.0f samples/s  %.1f s\n", double(samplesDone) / seconds(), seconds());
  std::fflush(stdout);
}

} // namespace mlopt::runner
