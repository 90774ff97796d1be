//===- Profile.h - Times of a model's launches ------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_RUN_PROFILE_H
#define MLOPT_RUN_PROFILE_H

#include "Json.h"
#include "Runner.h"

namespace mlopt::runner {

/// What --profile shows: how long each launch takes, as thread 0 sees it.
class LaunchProfile {
public:
  /// Has the context of `session` note time stamps from now on; this object must outlive its runs.
  Outcome attach(const Options &o, const Session &session);
  /// Adds what the last run noted.
  void add();
  /// The table: launch, mean time, share of all launches, kernel, nodes.
  void print(const Session &session) const;
  /// The same as a field "launches" of the open object.
  void write(JsonWriter &json, const Session &session) const;

private:
  struct Row {
    double microseconds, share; ///< mean over the runs; share of the sum, 0 to 1
    const char *kernel, *nodes;
  };
  std::vector<Row> rows(const Session &session) const;

  std::vector<uint64_t> stamps, sums; ///< nanoseconds
  uint64_t none = 0;
  size_t runs = 0;
};

} // namespace mlopt::runner

#endif // MLOPT_RUN_PROFILE_H
