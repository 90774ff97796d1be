//===- Runner.cpp - The program -----------------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

#include <csignal>
#include <cstdio>
#include <new>
#include <unistd.h>

namespace mlopt::runner {

/// Ends at once, without a part of a file, with the exit code that a shell reports for the signal.
static void endBySignal(int number) {
  tensorio::removeUnfinishedFile();
  _exit(128 + number);
}

int runnerMain(int argc, char **argv, mlopt_module_query_fn linked) {
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
      continue; // started with nohup or in the background
    action = {};
    action.sa_handler = endBySignal;
    sigaction(number, &action, nullptr);
  }
  Options options;
  bool done = false;
  Outcome outcome = parseOptions(argc, argv, linked != nullptr, options, done);
  if (!outcome || done)
    return outcome.exit;
  try {
    outcome = options.verb == Verb::Run     ? runVerb(options, linked)
              : options.verb == Verb::Bench ? benchVerb(options, linked)
              : options.verb == Verb::Fit   ? fitVerb(options, linked)
                                            : inspectVerb(options, linked);
  } catch (const std::bad_alloc &) {
    outcome = fail(options, kRunFailure, MLOPT_RT_OUT_OF_MEMORY, "mlopt-run", "out of memory");
  }
  if (std::fflush(stdout) != 0 && outcome) // a full disk behind a redirection
    outcome =
        fail(options, kRunFailure, MLOPT_RT_IO, "mlopt-run", "cannot write to standard output");
  return outcome.exit;
}

} // namespace mlopt::runner
