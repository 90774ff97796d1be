//===- BenchVerb.cpp - mlopt-run bench ----------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include "Profile.h"
#include "Runner.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace mlopt::runner {

using namespace tensorio;
using Clock = std::chrono::steady_clock;

namespace {

double seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

/// Value of a field of a /proc file of the form "NAME : VALUE", the first that occurs.
std::string procField(const char *path, const char *name) {
  FILE *file = std::fopen(path, "re");
  if (!file)
    return {};
  char line[512];
  std::string value;
  while (value.empty() && std::fgets(line, sizeof(line), file)) {
    if (std::strncmp(line, name, std::strlen(name)) != 0)
      continue;
    if (const char *colon = std::strchr(line, ':')) {
      value = colon + 1;
      value.erase(0, value.find_first_not_of(" \t"));
      value.erase(value.find_last_not_of(" \t\n") + 1);
    }
  }
  std::fclose(file);
  return value;
}

uint64_t peakMemory() {
  return std::strtoull(procField("/proc/self/status", "VmHWM").c_str(), nullptr, 10) * 1024;
}

struct Statistics {
  size_t count = 0;
  double min = 0, mean = 0, median = 0, p90 = 0, p95 = 0, p99 = 0, max = 0,
         deviation = 0; ///< seconds

  explicit Statistics(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    count = times.size();
    if (!count)
      return;
    auto percentile = [&](double p) { // linear between the two nearest, as NumPy
      double at = p * double(count - 1);
      size_t low = size_t(at);
      return low + 1 < count ? times[low] + (times[low + 1] - times[low]) * (at - double(low))
                             : times[low];
    };
    for (double t : times)
      mean += t;
    mean /= double(count);
    for (double t : times)
      deviation += (t - mean) * (t - mean);
    deviation = std::sqrt(deviation / double(count));
    min = times.front();
    max = times.back();
    median = percentile(0.5);
    p90 = percentile(0.9);
    p95 = percentile(0.95);
    p99 = percentile(0.99);
  }
};

std::string toJson(const Options &o, const Session &session, const Statistics &s, double load,
                   const std::string &cpu, const LaunchProfile *profile) {
  JsonWriter json;
  json.beginObject();
  json.field("artefact", o.artefact);
  json.field("model", mlopt_rt_module_name(session.module.get()));
  json.field("producer", mlopt_rt_module_producer(session.module.get()));
  json.field("device", deviceName(session.context.get()));
  json.field("cpu", cpu);
  json.field("cpu_level", mlopt_rt_module_level(session.module.get()));
  json.field("threads", mlopt_rt_context_threads(session.context.get()));
  json.field("gang", mlopt_rt_context_gang(session.context.get()));
  json.field("runs", s.count);
  json.field("load_ms", load * 1e3);
  json.key("latency_ms");
  json.beginObject();
  json.field("min", s.min * 1e3);
  json.field("mean", s.mean * 1e3);
  json.field("median", s.median * 1e3);
  json.field("p90", s.p90 * 1e3);
  json.field("p95", s.p95 * 1e3);
  json.field("p99", s.p99 * 1e3);
  json.field("max", s.max * 1e3);
  json.field("deviation", s.deviation * 1e3);
  json.endObject();
  json.field("runs_per_second", s.mean > 0 ? 1 / s.mean : 0.0);
  json.field("arena_bytes", mlopt_rt_context_arena_bytes(session.context.get()));
  json.field("weights_bytes", mlopt_rt_module_weights_bytes(session.module.get()));
  json.field("peak_memory_bytes", peakMemory());
  json.key("inputs");
  json.beginArray();
  for (size_t i = 0; i < session.inputs.size(); ++i) {
    json.beginObject();
    json.field("name", session.views[i].name);
    json.field("type", dtypeName(session.inputs[i].dtype));
    json.key("shape");
    json.beginArray();
    for (int64_t d : session.inputs[i].dims)
      json.integer(d);
    json.endArray();
    json.endObject();
  }
  json.endArray();
  if (profile)
    profile->write(json, session);
  json.endObject();
  return json.take();
}

void printTable(const Options &o, const Session &session, const Statistics &s, double load,
                const std::string &cpu) {
  std::printf("model       %s (%s)\n", mlopt_rt_module_name(session.module.get()),
              mlopt_rt_module_producer(session.module.get()));
  std::printf("cpu         %s, level %s, threads %lld\n", cpu.c_str(),
              mlopt_rt_module_level(session.module.get()),
              static_cast<long long>(mlopt_rt_context_threads(session.context.get())));
  if (mlopt_rt_context_device(session.context.get()) == MLOPT_RT_DEVICE_CUDA)
    std::printf("device      %s; times include copies of inputs and outputs\n", o.device.c_str());
  for (size_t i = 0; i < session.inputs.size(); ++i)
    std::printf("input       %s: %s %s\n", session.views[i].name,
                dtypeName(session.inputs[i].dtype), dimsToString(session.inputs[i].dims).c_str());
  std::printf("load        %.3f ms\n", load * 1e3);
  std::printf("runs        %zu\n", s.count);
  std::printf(
      "latency     min %.4f  mean %.4f  median %.4f  p90 %.4f  p95 %.4f  p99 %.4f  max %.4f ms\n",
      s.min * 1e3, s.mean * 1e3, s.median * 1e3, s.p90 * 1e3, s.p95 * 1e3, s.p99 * 1e3,
      s.max * 1e3);
  std::printf("throughput  %.2f runs/s\n", s.mean > 0 ? 1 / s.mean : 0.0);
  std::printf("memory      arena %s, weights %s, peak of the process %s\n",
              humanBytes(mlopt_rt_context_arena_bytes(session.context.get())).c_str(),
              humanBytes(mlopt_rt_module_weights_bytes(session.module.get())).c_str(),
              humanBytes(peakMemory()).c_str());
}

Outcome compare(const Options &o, const Statistics &s) {
  std::vector<uint8_t> bytes;
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> strings;
  if (Error error = readFile(o.baseline, bytes); !error.empty())
    return fail(o, kBadInput, 1050, o.baseline, error);
  if (!flattenJson({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, numbers,
                   strings) ||
      numbers["latency_ms.median"] <= 0)
    return fail(o, kBadInput, 1050, o.baseline, "is no result of 'mlopt-run bench --export'");
  double before = numbers["latency_ms.median"], now = s.median * 1e3, ratio = now / before;
  if (!o.quiet)
    std::printf("baseline    median %.4f ms, now %.4f ms: %.3f times\n", before, now, ratio);
  if (ratio <= 1 + o.tolerance)
    return {};
  char text[200];
  std::snprintf(text, sizeof(text),
                "median %.4f ms is %.1f %% slower than the baseline's %.4f ms, allowed are %.1f %%",
                now, (ratio - 1) * 100, before, o.tolerance * 100);
  return fail(o, kAccuracy, 0, o.baseline, text);
}

} // namespace

Outcome benchVerb(const Options &o, mlopt_module_query_fn linked) {
  Session session;
  Clock::time_point begin = Clock::now();
  {
    Module module; // loading alone, without contexts and inputs
    if (Outcome outcome = loadModule(o, linked, 0, module); !outcome)
      return outcome;
  }
  double load = seconds(Clock::now() - begin);
  if (Outcome outcome = makeSession(o, linked, session); !outcome)
    return outcome;
  auto run = [&] {
    return check(o, mlopt_rt_context_run(session.context.get(), session.views.data(),
                                         uint32_t(session.views.size()), nullptr, 0));
  };
  begin = Clock::now();
  do {
    if (Outcome outcome = run(); !outcome)
      return outcome;
  } while (seconds(Clock::now() - begin) < o.warmup);
  LaunchProfile profile; // the time stamps are part of the times measured
  if (o.profile)
    if (Outcome outcome = profile.attach(o, session); !outcome)
      return outcome;
  std::vector<double> times;
  begin = Clock::now();
  Clock::time_point last = begin;
  for (;;) {
    if (o.iterations ? int64_t(times.size()) >= o.iterations
                     : !times.empty() && seconds(last - begin) >= o.duration)
      break;
    last = Clock::now();
    if (Outcome outcome = run(); !outcome)
      return outcome;
    Clock::time_point now = Clock::now();
    times.push_back(seconds(now - last));
    if (o.profile)
      profile.add();
    last = now;
  }
  Statistics statistics(std::move(times));
  std::string cpu = procField("/proc/cpuinfo", "model name");
  std::string json = toJson(o, session, statistics, load, cpu, o.profile ? &profile : nullptr);
  if (o.json)
    std::fputs(json.c_str(), stdout);
  else if (!o.quiet) {
    printTable(o, session, statistics, load, cpu);
    if (o.profile)
      profile.print(session);
  }
  if (!o.exportFile.empty())
    if (Error error = writeFile(o.exportFile, {json}); !error.empty())
      return fail(o, kRunFailure, 5003, o.exportFile, error);
  return o.baseline.empty() ? Outcome{} : compare(o, statistics);
}

} // namespace mlopt::runner
