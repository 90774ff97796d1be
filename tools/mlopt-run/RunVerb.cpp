//===- RunVerb.cpp - mlopt-run run --------------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include "Profile.h"
#include "Runner.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

namespace mlopt::runner {

using namespace tensorio;

namespace {

HostTensor copyOf(const mlopt_rt_tensor_t &view) {
  HostTensor t;
  t.name = view.name ? view.name : "";
  t.dtype = mlopt_dtype(view.dtype);
  t.dims.assign(view.dims, view.dims + view.rank);
  const auto *data = static_cast<const uint8_t *>(view.data);
  t.data.assign(data, data + view.bytes);
  return t;
}

/// Names may hold slashes and the like; files should not.
std::string fileName(const std::string &name) {
  std::string file = name;
  for (char &c : file)
    if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20)
      c = '_';
  return file.empty() || file[0] == '.' ? "_" + file : file;
}

std::string valueText(const HostTensor &t, int64_t index) {
  char text[40];
  if (isFloat(t.dtype)) {
    std::snprintf(text, sizeof(text), "%.9g", elementAsDouble(t, index));
  } else if (t.dtype == MLOPT_DTYPE_I64 || t.dtype == MLOPT_DTYPE_UI64) {
    uint64_t bits;
    std::memcpy(&bits, t.data.data() + 8 * index, 8);
    std::snprintf(text, sizeof(text), t.dtype == MLOPT_DTYPE_I64 ? "%" PRId64 : "%" PRIu64, bits);
  } else {
    std::snprintf(text, sizeof(text), "%.0f", elementAsDouble(t, index));
  }
  return text;
}

/// What is worth knowing of a tensor at a glance.
struct Summary {
  double minimum = 0, maximum = 0, mean = 0;
  int64_t notFinite = 0;

  explicit Summary(const HostTensor &t) {
    int64_t n = t.elementCount(), finite = 0;
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      double v = elementAsDouble(t, i);
      if (!std::isfinite(v)) {
        ++notFinite;
        continue;
      }
      minimum = finite ? std::min(minimum, v) : v;
      maximum = finite ? std::max(maximum, v) : v;
      sum += v;
      ++finite;
    }
    mean = finite ? sum / double(finite) : 0;
  }
};

void printText(const HostTensor &t, bool all) {
  int64_t n = t.elementCount();
  if (all) {
    std::printf("%s: %s %s =", t.name.c_str(), dtypeName(t.dtype), dimsToString(t.dims).c_str());
    for (int64_t i = 0; i < n; ++i)
      std::printf(" %s", valueText(t, i).c_str());
    std::printf("\n");
    return;
  }
  Summary s(t);
  std::printf("%s: %s %s min %.6g max %.6g mean %.6g", t.name.c_str(), dtypeName(t.dtype),
              dimsToString(t.dims).c_str(), s.minimum, s.maximum, s.mean);
  if (s.notFinite)
    std::printf(" (%" PRId64 " not finite)", s.notFinite);
  std::printf(" =");
  for (int64_t i = 0; i < std::min<int64_t>(n, 6); ++i)
    std::printf(" %s", valueText(t, i).c_str());
  std::printf(n > 6 ? " ...\n" : "\n");
}

void writeJson(JsonWriter &json, const HostTensor &t, bool all) {
  Summary s(t);
  json.beginObject();
  json.field("name", t.name);
  json.field("type", dtypeName(t.dtype));
  json.key("shape");
  json.beginArray();
  for (int64_t d : t.dims)
    json.integer(d);
  json.endArray();
  json.field("min", s.minimum);
  json.field("max", s.maximum);
  json.field("mean", s.mean);
  json.field("not_finite", s.notFinite);
  if (all) {
    json.key("values");
    json.beginArray();
    for (int64_t i = 0, n = t.elementCount(); i < n; ++i) {
      if (isFloat(t.dtype))
        json.number(elementAsDouble(t, i));
      else
        json.raw(valueText(t, i));
    }
    json.endArray();
  }
  json.endObject();
}

bool endsWith(const std::string &text, const char *suffix) {
  size_t n = std::strlen(suffix);
  return text.size() >= n && text.compare(text.size() - n, n, suffix) == 0;
}

class OutputWriter {
public:
  OutputWriter(const Options &options, std::vector<HostTensor> &outputs)
      : options(options), outputs(outputs) {}

  Outcome run() {
    for (const std::string &text : options.outputs) {
      if (text == "-") {
        all = true;
        continue;
      }
      Outcome outcome = text[0] == '@' ? writeAll(text.substr(1)) : writeNamed(text);
      if (!outcome)
        return outcome;
    }
    return {};
  }

  bool all = false;     ///< all values are to be printed
  bool written = false; ///< files were written

private:
  Outcome done(const std::string &path, const Error &error) {
    if (!error.empty())
      return fail(options, kRunFailure, 5003, path, error);
    written = true;
    if (options.verbose)
      std::fprintf(stderr, "mlopt-run: wrote %s\n", path.c_str());
    return {};
  }

  Outcome writeAll(const std::string &path) {
    if (endsWith(path, ".npz"))
      return done(path, writeNpz(path, outputs));
    if (endsWith(path, ".npy")) {
      if (outputs.size() != 1)
        return fail(options, kUsage, 0, "mlopt-run",
                    "--output=@" + path + ": the model has " + std::to_string(outputs.size()) +
                        " outputs; give a folder, a .npz file, or NAME:@FILE.npy");
      return done(path, writeNpy(path, outputs[0]));
    }
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
      return fail(options, kRunFailure, 5003, path,
                  std::string("cannot make the folder: ") + std::strerror(errno));
    for (const HostTensor &t : outputs) {
      std::string file = path + "/" + fileName(t.name) + ".npy";
      if (Outcome outcome = done(file, writeNpy(file, t)); !outcome)
        return outcome;
    }
    return {};
  }

  Outcome writeNamed(const std::string &text) {
    for (const HostTensor &t : outputs)
      if (text.size() > t.name.size() + 2 && text.compare(0, t.name.size(), t.name) == 0 &&
          text.compare(t.name.size(), 2, ":@") == 0) {
        std::string path = text.substr(t.name.size() + 2);
        return done(path, writeNpy(path, t));
      }
    std::string list;
    for (const HostTensor &t : outputs)
      list += (list.empty() ? "" : ", ") + ("'" + t.name + "'");
    return fail(options, kUsage, 0, "mlopt-run",
                "--output: '" + text +
                    "' should be @DIR, @FILE.npz, NAME:@FILE.npy or -; outputs are " + list);
  }

  const Options &options;
  std::vector<HostTensor> &outputs;
};

} // namespace

Outcome runVerb(const Options &o, mlopt_module_query_fn linked) {
  Session session;
  if (Outcome outcome = makeSession(o, linked, session); !outcome)
    return outcome;
  mlopt_rt_context_t *context = session.context.get();
  LaunchProfile profile;
  if (o.profile)
    if (Outcome outcome = profile.attach(o, session); !outcome)
      return outcome;
  for (int64_t i = 0; i < o.repeat; ++i) {
    if (Outcome outcome =
            check(o, mlopt_rt_context_run(context, session.views.data(),
                                          uint32_t(session.views.size()), nullptr, 0));
        !outcome)
      return outcome;
    if (o.profile)
      profile.add();
  }
  std::vector<HostTensor> outputs;
  for (uint32_t i = 0, n = mlopt_rt_module_output_count(session.module.get(), session.entry); i < n;
       ++i) {
    mlopt_rt_tensor_t view = {};
    if (Outcome outcome = check(o, mlopt_rt_context_output(context, i, &view)); !outcome)
      return outcome;
    outputs.push_back(copyOf(view));
  }
  OutputWriter writer(o, outputs);
  if (Outcome outcome = writer.run(); !outcome)
    return outcome;
  if (o.quiet)
    return {};
  if (o.json) {
    JsonWriter json;
    json.beginObject();
    json.field("artefact", o.artefact);
    json.field("device", deviceName(context));
    json.field("cpu_level", mlopt_rt_module_level(session.module.get()));
    json.field("threads", mlopt_rt_context_gang(context));
    json.field("arena_bytes", mlopt_rt_context_arena_bytes(context));
    json.key("outputs");
    json.beginArray();
    for (const HostTensor &t : outputs)
      writeJson(json, t, writer.all);
    json.endArray();
    if (o.profile)
      profile.write(json, session);
    json.endObject();
    std::fputs(json.take().c_str(), stdout);
  } else {
    if (!writer.written || writer.all || o.verbose)
      for (const HostTensor &t : outputs)
        printText(t, writer.all);
    if (o.profile)
      profile.print(session);
  }
  return {};
}

} // namespace mlopt::runner
