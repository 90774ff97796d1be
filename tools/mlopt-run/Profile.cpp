//===- Profile.cpp - Times of a model's launches ------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Profile.h"

#include <cstdio>

namespace mlopt::runner {

Outcome LaunchProfile::attach(const Options &o, const Session &session) {
  mlopt_rt_context_t *context = session.context.get();
  stamps.assign(2 * size_t(mlopt_rt_context_launch_count(context)), 0);
  sums.assign(stamps.size() / 2, 0);
  // A model without launches: null would switch the profile off, which is no error either.
  return check(o, mlopt_rt_context_set_profile(context, stamps.empty() ? &none : stamps.data(),
                                               stamps.size()));
}

void LaunchProfile::add() {
  for (size_t i = 0; i < sums.size(); ++i)
    sums[i] += stamps[2 * i + 1] - stamps[2 * i];
  ++runs;
}

std::vector<LaunchProfile::Row> LaunchProfile::rows(const Session &session) const {
  double total = 0;
  for (uint64_t sum : sums)
    total += double(sum);
  std::vector<Row> result;
  for (size_t i = 0; i < sums.size(); ++i) {
    Row row = {runs ? double(sums[i]) / 1e3 / double(runs) : 0,
               total > 0 ? double(sums[i]) / total : 0, "", ""};
    mlopt_rt_status_release(
        mlopt_rt_context_launch(session.context.get(), uint32_t(i), &row.kernel, &row.nodes));
    result.push_back(row);
  }
  return result;
}

void LaunchProfile::print(const Session &session) const {
  std::printf("%-6s %12s %6s  %-28s %s\n", "launch", "us", "%", "kernel", "nodes");
  uint32_t i = 0;
  for (const Row &row : rows(session))
    std::printf("%-6u %12.2f %6.2f  %-28s %s\n", i++, row.microseconds, 100 * row.share, row.kernel,
                row.nodes);
}

void LaunchProfile::write(JsonWriter &json, const Session &session) const {
  json.key("launches");
  json.beginArray();
  for (const Row &row : rows(session)) {
    json.beginObject();
    json.field("kernel", row.kernel);
    json.field("nodes", row.nodes);
    json.field("us", row.microseconds);
    json.field("share", row.share);
    json.endObject();
  }
  json.endArray();
}

} // namespace mlopt::runner
