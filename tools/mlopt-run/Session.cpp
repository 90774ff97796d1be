//===- Session.cpp - Loading, inputs, diagnostics -----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include "Runner.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace mlopt::runner {

using namespace tensorio;

Outcome fail(const Options &o, int exit, int code, const std::string &subject,
             const std::string &message) {
  if (o.json) {
    JsonWriter json;
    json.beginObject();
    json.field("severity", "error");
    json.field("code", code ? "MLO" + std::to_string(code) : std::string());
    json.field("subject", subject);
    json.field("message", message);
    json.endObject();
    std::fputs(json.take().c_str(), stderr);
  } else if (code) {
    std::fprintf(stderr, "%s: error: MLO%04d: %s\n", subject.c_str(), code, message.c_str());
  } else {
    std::fprintf(stderr, "%s: error: %s\n", subject.c_str(), message.c_str());
  }
  return {exit};
}

Outcome check(const Options &o, mlopt_rt_status_t status) {
  if (!status)
    return {};
  Outcome outcome =
      fail(o, kRunFailure, mlopt_rt_status_code(status),
           o.artefact.empty() ? "mlopt-run" : o.artefact, mlopt_rt_status_message(status));
  mlopt_rt_status_release(status);
  return outcome;
}

namespace {

/// Data files that cannot be used: the class of errors of input and import.
enum { kDataFileCode = 1050, kBadValueCode = 1051 };

Outcome badFile(const Options &o, const std::string &path, const Error &error) {
  return fail(o, kBadInput, kDataFileCode, path, error);
}

} // namespace

mlopt_rt_tensor_info_t tensorInfo(const Module &module, uint32_t entry, bool output,
                                  uint32_t index) {
  mlopt_rt_tensor_info_t info = {};
  info.struct_size = sizeof(info);
  mlopt_rt_status_release(output ? mlopt_rt_module_output(module.get(), entry, index, &info)
                                 : mlopt_rt_module_input(module.get(), entry, index, &info));
  return info;
}

const char *deviceName(const mlopt_rt_context_t *context) {
  return mlopt_rt_context_device(context) == MLOPT_RT_DEVICE_CUDA ? "cuda" : "cpu";
}

std::string describe(const mlopt_rt_tensor_info_t &info) {
  std::string text = std::string(mlopt_rt_dtype_name(info.dtype)) + " [";
  for (uint32_t i = 0; i < info.rank; ++i) {
    const mlopt_rt_dim_info_t &dim = info.dims[i];
    text += (i ? ", " : "") + (dim.symbol     ? std::string(dim.symbol)
                               : dim.size < 0 ? "?"
                                              : std::to_string(dim.size));
  }
  return text + "]";
}

std::string humanBytes(uint64_t bytes) {
  char text[40];
  if (bytes < 10000)
    std::snprintf(text, sizeof(text), "%llu B", static_cast<unsigned long long>(bytes));
  else if (bytes < 10000000)
    std::snprintf(text, sizeof(text), "%.1f kB", double(bytes) / 1e3);
  else
    std::snprintf(text, sizeof(text), "%.1f MB", double(bytes) / 1e6);
  return text;
}

Outcome loadModule(const Options &o, mlopt_module_query_fn linked, uint32_t flags, Module &module) {
  mlopt_rt_module_options_t options = {};
  options.struct_size = sizeof(options);
  options.flags = flags | (o.verifyWeights ? MLOPT_RT_MODULE_VERIFY_WEIGHTS : 0u);
  options.cpu_level = o.cpuLevel.empty() ? nullptr : o.cpuLevel.c_str();
  options.weights_path = o.weights.empty() ? nullptr : o.weights.c_str();
  mlopt_rt_module_t *handle = nullptr;
  Outcome outcome = check(o, linked ? mlopt_rt_module_from_query(linked, &options, &handle)
                                    : mlopt_rt_module_open(o.artefact.c_str(), &options, &handle));
  module.reset(handle);
  return outcome;
}

namespace {

/// Least number of characters to insert, remove or replace to make `b` of `a`.
size_t editDistance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// "; did you mean 'x'?" for the nearest known name, if it is near.
std::string suggest(const std::string &name, const std::vector<std::string> &known) {
  const std::string *nearest = nullptr;
  size_t least = 1 + std::max<size_t>(name.size(), 3) / 3;
  for (const std::string &k : known)
    if (size_t distance = editDistance(name, k); distance < least) {
      least = distance;
      nearest = &k;
    }
  return nearest ? "; did you mean '" + *nearest + "'?" : "";
}

/// The value of one input as the user gave it.
struct Given {
  bool present = false;
  HostTensor tensor;
};

class InputMaker {
public:
  InputMaker(const Options &options, Session &session)
      : options(options), session(session),
        count(mlopt_rt_module_input_count(session.module.get(), session.entry)), given(count) {
    for (uint32_t i = 0; i < count; ++i)
      infos.push_back(tensorInfo(session.module, session.entry, false, i));
  }

  Outcome run() {
    if (Outcome outcome = readSizes(); !outcome)
      return outcome;
    // Files first: their sizes bind symbols, which the inputs that are made up then take.
    for (const std::string &text : options.inputs)
      if (Outcome outcome = readInput(text); !outcome)
        return outcome;
    for (uint32_t i = 0; i < count; ++i)
      if (given[i].present)
        bindSizes(i);
    for (const auto &[index, text] : deferred)
      if (Outcome outcome = fill(index, text); !outcome)
        return outcome;
    for (uint32_t i = 0; i < count; ++i)
      if (!given[i].present)
        if (Outcome outcome = makeUp(i); !outcome)
          return outcome;
    for (uint32_t i = 0; i < count; ++i)
      session.inputs.push_back(std::move(given[i].tensor));
    for (uint32_t i = 0; i < count; ++i) {
      HostTensor &t = session.inputs[i];
      // A rank that no view can hold is left to the runtime to refuse.
      session.views.push_back(mlopt_rt_tensor_make(infos[i].name, t.dtype, uint32_t(t.dims.size()),
                                                   t.dims.data(), t.data.data(), t.data.size()));
    }
    return {};
  }

private:
  Outcome readSizes() {
    uint32_t symbols = mlopt_rt_module_symbol_count(session.module.get(), session.entry);
    for (uint32_t i = 0; i < symbols; ++i) {
      mlopt_rt_symbol_info_t info = {};
      info.struct_size = sizeof(info);
      mlopt_rt_status_release(
          mlopt_rt_module_symbol(session.module.get(), session.entry, i, &info));
      names.push_back(info.name);
      sizes.push_back(info.usual);
      bound.push_back(false);
    }
    for (const auto &[name, size] : options.dims) {
      bool known = false;
      for (size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) {
          known = bound[i] = true;
          sizes[i] = size;
        }
      if (!known) {
        std::string list;
        for (const std::string &n : names)
          list += (list.empty() ? "" : ", ") + ("'" + n + "'");
        return fail(options, kRunFailure, MLOPT_RT_UNKNOWN_NAME, "mlopt-run",
                    "--dim: the model has no size '" + name + "'; it has " +
                        (list.empty() ? "none: all are fixed" : list) + suggest(name, names));
      }
    }
    return {};
  }

  void bindSizes(uint32_t index) {
    const HostTensor &t = given[index].tensor;
    for (uint32_t i = 0; i < infos[index].rank && i < t.dims.size(); ++i)
      if (infos[index].dims[i].symbol && !bound[infos[index].dims[i].symbol_index]) {
        sizes[infos[index].dims[i].symbol_index] = t.dims[i];
        bound[infos[index].dims[i].symbol_index] = true;
      }
  }

  int find(const std::string &name) const {
    for (uint32_t i = 0; i < count; ++i)
      if (name == infos[i].name)
        return int(i);
    return -1;
  }

  std::string knownNames() const {
    std::string list;
    for (const auto &info : infos)
      list += (list.empty() ? "" : ", ") + ("'" + std::string(info.name) + "'");
    return list.empty() ? "none" : list;
  }

  Outcome unknown(const std::string &name) {
    std::vector<std::string> known;
    for (const auto &info : infos)
      known.push_back(info.name);
    return fail(options, kRunFailure, MLOPT_RT_UNKNOWN_NAME, "mlopt-run",
                "--input: the model has no input '" + name + "'; it has " + knownNames() +
                    suggest(name, known));
  }

  Outcome place(uint32_t index, HostTensor tensor) {
    if (Error error = takeAs(tensor, mlopt_dtype(infos[index].dtype)); !error.empty())
      return fail(options, kRunFailure, 0, "mlopt-run", std::string("--input: '") + infos[index].name + "' " + error);
    if (given[index].present)
      return fail(options, kUsage, 0, "mlopt-run",
                  std::string("--input: '") + infos[index].name + "' was given twice");
    given[index].present = true;
    given[index].tensor = std::move(tensor);
    return {};
  }

  Outcome readInput(const std::string &text) {
    if (text[0] == '@')
      return readUnnamed(text.substr(1));
    // Names of ONNX models may hold colons: the longest name that fits wins.
    int index = -1;
    size_t length = 0;
    for (uint32_t i = 0; i < count; ++i) {
      std::string name = infos[i].name;
      if (name.size() >= length && text.size() > name.size() && text[name.size()] == ':' &&
          text.compare(0, name.size(), name) == 0) {
        index = int(i);
        length = name.size();
      }
    }
    if (index < 0) {
      size_t colon = text.find(':');
      if (colon == std::string::npos)
        return fail(options, kUsage, 0, "mlopt-run",
                    "--input: '" + text + "' should be NAME:VALUE or @FILE");
      return unknown(text.substr(0, colon));
    }
    std::string value = text.substr(length + 1);
    if (value[0] == '@')
      return readNamed(uint32_t(index), value.substr(1), nullptr);
    deferred.emplace_back(uint32_t(index), value);
    return {};
  }

  Outcome readNamed(uint32_t index, const std::string &path, const HostTensor *expected) {
    std::vector<HostTensor> tensors;
    if (Error error = readTensors(path, tensors); !error.empty())
      return badFile(options, path, error);
    HostTensor *chosen = tensors.size() == 1 ? tensors.data() : nullptr;
    for (HostTensor &t : tensors)
      if (t.name == infos[index].name)
        chosen = &t;
    if (!chosen)
      return badFile(options, path,
                     "holds " + std::to_string(tensors.size()) + " arrays, none of them named '" +
                         infos[index].name + "'");
    if (expected && (chosen->dims != expected->dims || chosen->dtype != expected->dtype))
      return badFile(options, path,
                     std::string("holds ") + dtypeName(chosen->dtype) + " " +
                         dimsToString(chosen->dims) + ", --input says " +
                         dtypeName(expected->dtype) + " " + dimsToString(expected->dims));
    return place(index, std::move(*chosen));
  }

  Outcome readUnnamed(const std::string &path) {
    std::vector<HostTensor> tensors;
    if (Error error = readTensors(path, tensors); !error.empty())
      return badFile(options, path, error);
    bool many = path.size() > 4 && path.compare(path.size() - 4, 4, ".npz") == 0;
    for (HostTensor &t : tensors) {
      int index = t.name.empty() ? -1 : find(t.name);
      if (index < 0 && many)
        return unknown(t.name);
      for (uint32_t i = 0; index < 0 && i < count; ++i)
        if (!given[i].present)
          index = int(i);
      if (index < 0)
        return fail(options, kUsage, 0, "mlopt-run",
                    "--input=@" + path + ": all inputs have a value already");
      if (Outcome outcome = place(uint32_t(index), std::move(t)); !outcome)
        return outcome;
    }
    return {};
  }

  /// Type and shape that the model and the sizes known so far give input `index`.
  Outcome shapeOfModel(uint32_t index, HostTensor &t) {
    t.dtype = mlopt_dtype(infos[index].dtype);
    t.dims.clear();
    for (uint32_t i = 0; i < infos[index].rank; ++i) {
      const mlopt_rt_dim_info_t &dim = infos[index].dims[i];
      t.dims.push_back(dim.symbol ? sizes[dim.symbol_index] : dim.size);
    }
    return {};
  }

  /// "1x3x224x224xf32=rand", "f32=3" (a scalar), "rand", "0", "1,2,3".
  Outcome fill(uint32_t index, const std::string &text) {
    HostTensor t;
    std::string value = text;
    auto bad = [&](const std::string &why) {
      return fail(options, kUsage, 0, "mlopt-run",
                  "--input=" + std::string(infos[index].name) + ":" + text + ": " + why +
                      "; expected VALUE or SHAPExTYPE=VALUE such as 1x3xf32=rand");
    };
    size_t equal = text.find('=');
    if (equal == std::string::npos) {
      shapeOfModel(index, t);
    } else {
      std::string shape = text.substr(0, equal);
      value = text.substr(equal + 1);
      size_t at = 0;
      while (at < shape.size() && shape[at] >= '0' && shape[at] <= '9') {
        char *end = nullptr;
        t.dims.push_back(std::strtoll(shape.c_str() + at, &end, 10));
        at = size_t(end - shape.c_str());
        if (at >= shape.size() || shape[at] != 'x')
          return bad("the shape ends without a type");
        ++at;
      }
      t.dtype = parseDType(std::string_view(shape).substr(at));
      if (t.dtype == MLOPT_DTYPE_INVALID)
        return bad("unknown type '" + shape.substr(at) + "'");
    }
    if (t.dims.size() > MLOPT_MAX_RANK)
      return bad("too many dimensions");
    if (!value.empty() && value[0] == '@')
      return readNamed(index, value.substr(1), &t);
    if (!t.allocate())
      return bad("the shape " + dimsToString(t.dims) + " is too large");
    if (value == "rand") {
      fillRandom(t, options.seed * 1000003 + index);
    } else if (value == "iota") {
      for (int64_t i = 0, n = t.elementCount(); i < n; ++i)
        setElement(t, i, double(i));
    } else {
      std::vector<double> numbers;
      for (const char *p = value.c_str();;) {
        char *end = nullptr;
        numbers.push_back(std::strtod(p, &end));
        if (end == p || (*end && *end != ','))
          return bad("'" + value + "' is no number");
        if (!*end)
          break;
        p = end + 1;
      }
      int64_t n = t.elementCount();
      if (numbers.size() != 1 && int64_t(numbers.size()) != n)
        return bad(std::to_string(numbers.size()) + " values for " + std::to_string(n) +
                   " elements");
      for (int64_t i = 0; i < n; ++i)
        setElement(t, i, numbers[numbers.size() == 1 ? 0 : size_t(i)]);
    }
    Outcome outcome = place(index, std::move(t));
    if (outcome)
      bindSizes(index);
    return outcome;
  }

  Outcome makeUp(uint32_t index) {
    HostTensor t;
    shapeOfModel(index, t);
    if (!t.allocate())
      return fail(options, kUsage, 0, "mlopt-run",
                  std::string("input '") + infos[index].name + "' of shape " +
                      dimsToString(t.dims) + " is too large; give smaller sizes with --dim");
    fillRandom(t, options.seed * 1000003 + index);
    // Elements that the model reads as sizes must be sizes.
    const mlopt_module *m = mlopt_rt_module_header(session.module.get());
    auto record = [&](const mlopt_table &table, uint32_t i) {
      return reinterpret_cast<const char *>(m) + table.offset + size_t(table.stride) * i;
    };
    const auto *entry = reinterpret_cast<const mlopt_entry *>(record(m->entries, session.entry));
    for (uint32_t i = 0; i < entry->symbols.count; ++i) {
      const auto *symbol =
          reinterpret_cast<const mlopt_symbol *>(record(m->symbols, entry->symbols.first + i));
      if (symbol->source == MLOPT_SYMBOL_ELEMENT && symbol->input == index)
        setElement(t, symbol->position, double(sizes[i]));
    }
    return place(index, std::move(t));
  }

  const Options &options;
  Session &session;
  uint32_t count;
  std::vector<mlopt_rt_tensor_info_t> infos;
  std::vector<Given> given;
  std::vector<std::pair<uint32_t, std::string>> deferred;
  std::vector<std::string> names;
  std::vector<int64_t> sizes;
  std::vector<bool> bound;
};

} // namespace

Outcome makeInputs(const Options &o, Session &session) { return InputMaker(o, session).run(); }

Outcome makeSession(const Options &o, mlopt_module_query_fn linked, Session &session) {
  if (Outcome outcome = loadModule(o, linked, 0, session.module); !outcome)
    return outcome;
  mlopt_rt_context_options_t options = {};
  options.struct_size = sizeof(options);
  options.entry = o.entry.empty() ? nullptr : o.entry.c_str();
  options.threads = o.threads;
  options.device = o.device.empty() ? nullptr : o.device.c_str();
  mlopt_rt_context_t *handle = nullptr;
  if (Outcome outcome = check(o, mlopt_rt_context_create(session.module.get(), &options, &handle));
      !outcome)
    return outcome;
  session.context.reset(handle);
  session.entry = mlopt_rt_context_entry(handle);
  return makeInputs(o, session);
}

} // namespace mlopt::runner
