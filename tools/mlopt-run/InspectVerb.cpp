//===- InspectVerb.cpp - mlopt-run inspect ------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InspectGpu.h"
#include "Json.h"
#include "Runner.h"
#include "mlopt/runtime/train.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

namespace mlopt::runner {

namespace {

std::string hex(const uint8_t *bytes) {
  std::string text;
  char digits[3];
  for (int i = 0; i < 32; ++i) {
    std::snprintf(digits, sizeof(digits), "%02x", bytes[i]);
    text += digits;
  }
  return text;
}

const char *placeOfWeights(const mlopt_module *m) {
  return m->weights.mode == MLOPT_WEIGHTS_EMBEDDED ? "embedded"
         : m->weights.mode == MLOPT_WEIGHTS_FILE   ? "file"
                                                   : "none";
}

void writeTensors(JsonWriter &json, const Module &module, uint32_t entry, bool output) {
  uint32_t count = output ? mlopt_rt_module_output_count(module.get(), entry)
                          : mlopt_rt_module_input_count(module.get(), entry);
  json.key(output ? "outputs" : "inputs");
  json.beginArray();
  for (uint32_t i = 0; i < count; ++i) {
    mlopt_rt_tensor_info_t info = tensorInfo(module, entry, output, i);
    json.beginObject();
    json.field("name", info.name);
    json.field("type", mlopt_rt_dtype_name(info.dtype));
    json.key("shape");
    json.beginArray();
    for (uint32_t d = 0; d < info.rank; ++d) {
      if (info.dims[d].symbol)
        json.string(info.dims[d].symbol);
      else
        json.integer(info.dims[d].size);
    }
    json.endArray();
    if (info.donated >= 0)
      json.field("donated", info.donated);
    json.endObject();
  }
  json.endArray();
}

mlopt_rt_symbol_info_t symbolInfo(const Module &module, uint32_t entry, uint32_t index) {
  mlopt_rt_symbol_info_t info = {};
  info.struct_size = sizeof(info);
  mlopt_rt_status_release(mlopt_rt_module_symbol(module.get(), entry, index, &info));
  return info;
}

/// The arena at the usual sizes and those of --dim; where there is none, `why` says why.
bool arena(const Options &o, const Module &runnable, uint32_t entry, uint64_t &bytes,
           uint64_t &bound, std::string &why) {
  if (!runnable) {
    why = "the code cannot be loaded on this machine";
    return false;
  }
  std::vector<mlopt_rt_size_t> sizes;
  for (const auto &[name, value] : o.dims)
    sizes.push_back({name.c_str(), value});
  mlopt_rt_status_t status =
      mlopt_rt_module_arena_bytes(runnable.get(), entry, sizes.data(), uint32_t(sizes.size()),
                                  o.threads ? o.threads : 1, &bytes, &bound);
  bool good = !status;
  if (status) {
    why = mlopt_rt_status_message(status);
    if (mlopt_rt_module_symbol_count(runnable.get(), entry))
      why += "; other sizes can be given with --dim=NAME=SIZE";
  }
  mlopt_rt_status_release(status);
  return good;
}

/// For a model with symbolic sizes: the arena's bytes in terms of them, and with -v the named
/// values that the formula is made of. They stand in the metadata, which older artefacts lack.
void printFormulas(const Options &o, const Module &module, const Module &runnable, uint32_t entry) {
  if (!mlopt_rt_module_symbol_count(module.get(), entry))
    return;
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> text;
  if (!flattenJson(mlopt_rt_module_metadata(module.get()), numbers, text))
    return;
  std::string level = runnable ? mlopt_rt_module_level(runnable.get()) : "";
  auto at = [&](const std::string &path) {
    auto found = text.find(path);
    return found == text.end() ? std::string() : found->second;
  };
  for (int l = 0; text.count("levels." + std::to_string(l) + ".name"); ++l) {
    std::string levelPath = "levels." + std::to_string(l);
    if (!level.empty() && at(levelPath + ".name") != level)
      continue;
    for (int p = 0; text.count(levelPath + ".programs." + std::to_string(p) + ".name"); ++p) {
      std::string path = levelPath + ".programs." + std::to_string(p);
      if (at(path + ".name") != mlopt_rt_module_entry_name(module.get(), entry))
        continue;
      path += ".memory.";
      std::string formula = at(path + "arena_formula");
      if (formula.empty())
        return;
      int count = 0;
      std::map<std::string, std::string> steps;
      for (; text.count(path + "steps." + std::to_string(count) + ".name"); ++count)
        steps[at(path + "steps." + std::to_string(count) + ".name")] =
            at(path + "steps." + std::to_string(count) + ".formula");
      if (auto step = steps.find(formula); step != steps.end())
        formula = step->second;
      std::printf("  formula   arena bytes = %s%s\n", formula.c_str(),
                  count && !o.verbose ? "  (-v lists the values named in it)" : "");
      if (o.verbose)
        for (int s = 0; s < count; ++s)
          std::printf("    %s = %s\n", at(path + "steps." + std::to_string(s) + ".name").c_str(),
                      at(path + "steps." + std::to_string(s) + ".formula").c_str());
      return;
    }
    return;
  }
}

/// What a training module keeps between its runs, in bytes.
struct TrainingMemory {
  uint64_t parameters = 0, buffers = 0, state = 0;
  uint64_t tensors[MLOPT_REGION_COUNT] = {}, elements[MLOPT_REGION_COUNT] = {};
  uint64_t total() const { return parameters + buffers + state; }
};

const mlopt_training_tensor *trainingTensor(const mlopt_module *m, uint32_t index) {
  return reinterpret_cast<const mlopt_training_tensor *>(
      reinterpret_cast<const char *>(m) + m->training.offset + size_t(m->training.stride) * index);
}

std::vector<int64_t> shapeOf(const mlopt_module *m, const mlopt_training_tensor *t) {
  std::vector<int64_t> shape;
  for (uint32_t i = 0; i < t->dims.count; ++i)
    shape.push_back(
        reinterpret_cast<const mlopt_dim *>(reinterpret_cast<const char *>(m) + m->dims.offset +
                                            size_t(m->dims.stride) * (t->dims.first + i))
            ->value);
  return shape;
}

/// Whether an entry point takes or gives the region `name`, and its bytes.
bool usesRegion(const Module &module, uint32_t entry, const char *name, uint64_t &bytes) {
  uint32_t inputs = mlopt_rt_module_input_count(module.get(), entry);
  for (uint32_t i = 0; i < inputs + mlopt_rt_module_output_count(module.get(), entry); ++i) {
    mlopt_rt_tensor_info_t info =
        tensorInfo(module, entry, i >= inputs, i < inputs ? i : i - inputs);
    if (std::strcmp(info.name, name) || info.rank != 1)
      continue;
    bytes = (uint64_t(info.dims[0].size) * mlopt_rt_dtype_bytes(info.dtype) + MLOPT_ALIGNMENT - 1) /
            MLOPT_ALIGNMENT * MLOPT_ALIGNMENT;
    return true;
  }
  return false;
}

/// False for a module for inference.
bool describeTraining(const Module &module, TrainingMemory &memory) {
  const mlopt_module *m = mlopt_rt_module_header(module.get());
  int32_t step = mlopt_rt_module_find_entry(module.get(), "train_step");
  if (!(m->flags & MLOPT_MODULE_TRAINING) || step < 0)
    return false;
  uint64_t total = 0;
  mlopt_rt_status_release(mlopt_rt_train_memory_bytes(module.get(), &total));
  usesRegion(module, uint32_t(step), MLOPT_TRAIN_PARAMETERS, memory.parameters);
  usesRegion(module, uint32_t(step), MLOPT_TRAIN_BUFFERS, memory.buffers);
  memory.state = total - std::min(total, memory.parameters + memory.buffers);
  for (uint32_t i = 0; i < m->training.count; ++i) {
    const mlopt_training_tensor *t = trainingTensor(m, i);
    uint64_t elements = 1;
    for (int64_t size : shapeOf(m, t))
      elements *= uint64_t(size);
    memory.tensors[t->region] += 1;
    memory.elements[t->region] += elements;
  }
  return true;
}

/// Largest memory while an entry point of a training module runs: what a trainer keeps, the
/// gradients where the entry point hands them over, and the arena. The caller's batch comes on top.
uint64_t peakBytes(const Module &module, uint32_t entry, const TrainingMemory &memory,
                   uint64_t arena) {
  uint64_t gradients = 0;
  usesRegion(module, entry, MLOPT_TRAIN_GRADIENTS, gradients);
  return memory.total() + gradients + arena;
}

/// Values of the metadata by their paths.
std::map<std::string, std::string> readMetadata(const Module &module) {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> text;
  flattenJson(mlopt_rt_module_metadata(module.get()), numbers, text);
  return text;
}

/// "[3, 4]".
std::string shapeText(const std::vector<int64_t> &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

const char *regionName(uint32_t region) {
  return region == MLOPT_REGION_PARAMETERS ? "parameters" : "buffers";
}

void writeTraining(JsonWriter &json, const Module &module, const TrainingMemory &memory) {
  const mlopt_module *m = mlopt_rt_module_header(module.get());
  std::map<std::string, std::string> text = readMetadata(module);
  json.key("training");
  json.beginObject();
  json.field("loss", text["training.loss"]);
  json.field("optimizer", text["training.optimizer"]);
  const uint64_t bytes[] = {memory.parameters, memory.buffers};
  for (uint32_t region = 0; region < MLOPT_REGION_COUNT; ++region) {
    json.key(regionName(region));
    json.beginObject();
    json.field("tensors", memory.tensors[region]);
    json.field("elements", memory.elements[region]);
    json.field("bytes", bytes[region]);
    json.endObject();
  }
  json.field("state_bytes", memory.state);
  json.key("tensors");
  json.beginArray();
  for (uint32_t i = 0; i < m->training.count; ++i) {
    const mlopt_training_tensor *t = trainingTensor(m, i);
    json.beginObject();
    json.field("name", reinterpret_cast<const char *>(m) + t->name);
    json.field("region", regionName(t->region));
    json.field("offset", t->offset);
    json.key("shape");
    json.beginArray();
    for (int64_t size : shapeOf(m, t))
      json.integer(size);
    json.endArray();
    json.endObject();
  }
  json.endArray();
  json.endObject();
}

void printTraining(const Options &o, const Module &module, const TrainingMemory &memory) {
  const mlopt_module *m = mlopt_rt_module_header(module.get());
  std::map<std::string, std::string> text = readMetadata(module);
  std::printf("loss        %s\noptimizer   %s\n", text["training.loss"].c_str(),
              text["training.optimizer"].c_str());
  const uint64_t bytes[] = {memory.parameters, memory.buffers};
  for (uint32_t region = 0; region < MLOPT_REGION_COUNT; ++region)
    if (memory.tensors[region])
      std::printf("%-11s %llu in %llu tensors, %s%s\n", regionName(region),
                  static_cast<unsigned long long>(memory.elements[region]),
                  static_cast<unsigned long long>(memory.tensors[region]),
                  humanBytes(bytes[region]).c_str(),
                  o.verbose || region ? "" : "  (-v lists them)");
  std::printf("state       %s of the optimizer\n", humanBytes(memory.state).c_str());
  for (uint32_t i = 0; o.verbose && i < m->training.count; ++i) {
    const mlopt_training_tensor *t = trainingTensor(m, i);
    std::printf("  %-9s %s: %s %s\n", t->region == MLOPT_REGION_PARAMETERS ? "parameter" : "buffer",
                reinterpret_cast<const char *>(m) + t->name, mlopt_rt_dtype_name(t->dtype),
                shapeText(shapeOf(m, t)).c_str());
  }
}

void printJson(const Options &o, const Module &module, const Module &runnable) {
  const mlopt_module *m = mlopt_rt_module_header(module.get());
  JsonWriter json;
  json.beginObject();
  json.field("artefact", o.artefact);
  json.field("model", mlopt_rt_module_name(module.get()));
  json.field("producer", mlopt_rt_module_producer(module.get()));
  json.field("abi",
             std::to_string(m->abi_version >> 16) + "." + std::to_string(m->abi_version & 0xffff));
  json.field("source_sha256", hex(m->source_sha256));
  json.field("image_sha256", hex(m->image_sha256));
  json.field("code_bytes", m->ranges[MLOPT_RANGE_CODE].bytes);
  json.key("weights");
  json.beginObject();
  json.field("place", placeOfWeights(m));
  json.field("bytes", m->weights.bytes);
  json.field("sha256", hex(m->weights.sha256));
  json.endObject();
  json.key("cpu_levels");
  json.beginArray();
  for (uint32_t i = 0; i < mlopt_rt_module_level_count(module.get()); ++i)
    json.string(mlopt_rt_module_level_name(module.get(), i, nullptr));
  json.endArray();
  writeGpus(json, module);
  TrainingMemory memory;
  bool training = describeTraining(module, memory);
  if (training)
    writeTraining(json, module, memory);
  json.key("entries");
  json.beginArray();
  for (uint32_t e = 0; e < mlopt_rt_module_entry_count(module.get()); ++e) {
    json.beginObject();
    json.field("name", mlopt_rt_module_entry_name(module.get(), e));
    writeTensors(json, module, e, false);
    writeTensors(json, module, e, true);
    json.key("symbols");
    json.beginArray();
    for (uint32_t i = 0; i < mlopt_rt_module_symbol_count(module.get(), e); ++i) {
      mlopt_rt_symbol_info_t s = symbolInfo(module, e, i);
      json.beginObject();
      json.field("name", s.name);
      json.field("min", s.minimum);
      if (s.maximum != INT64_MAX)
        json.field("max", s.maximum);
      json.field("usual", s.usual);
      json.endObject();
    }
    json.endArray();
    uint64_t bytes = 0, bound = 0;
    std::string why;
    if (arena(o, runnable, e, bytes, bound, why)) {
      json.field("arena_bytes", bytes);
      json.field("arena_lower_bound", bound);
      if (training)
        json.field("peak_bytes", peakBytes(module, e, memory, bytes));
    } else {
      json.field("arena_unknown", why);
    }
    json.endObject();
  }
  json.endArray();
  json.key("metadata");
  json.raw(mlopt_rt_module_metadata(module.get()));
  json.endObject();
  std::fputs(json.take().c_str(), stdout);
}

void printText(const Options &o, const Module &module, const Module &runnable) {
  const mlopt_module *m = mlopt_rt_module_header(module.get());
  std::printf("model       %s (%s, runtime interface %u.%u)\n", mlopt_rt_module_name(module.get()),
              mlopt_rt_module_producer(module.get()), m->abi_version >> 16,
              m->abi_version & 0xffff);
  std::printf("source      sha256 %s\n", hex(m->source_sha256).c_str());
  std::printf("weights     %s, %s\n", humanBytes(m->weights.bytes).c_str(), placeOfWeights(m));
  std::printf("code        %s\n", humanBytes(m->ranges[MLOPT_RANGE_CODE].bytes).c_str());
  std::printf("cpu levels ");
  for (uint32_t i = 0; i < mlopt_rt_module_level_count(module.get()); ++i)
    std::printf(" %s", mlopt_rt_module_level_name(module.get(), i, nullptr));
  std::printf("\n");
  printGpus(o, module);
  TrainingMemory memory;
  bool training = describeTraining(module, memory);
  if (training)
    printTraining(o, module, memory);
  for (uint32_t e = 0; e < mlopt_rt_module_entry_count(module.get()); ++e) {
    std::printf("entry       %s\n", mlopt_rt_module_entry_name(module.get(), e));
    for (uint32_t i = 0; i < mlopt_rt_module_input_count(module.get(), e); ++i) {
      mlopt_rt_tensor_info_t info = tensorInfo(module, e, false, i);
      std::printf("  input     %s: %s\n", info.name, describe(info).c_str());
    }
    for (uint32_t i = 0; i < mlopt_rt_module_output_count(module.get(), e); ++i) {
      mlopt_rt_tensor_info_t info = tensorInfo(module, e, true, i);
      std::printf("  output    %s: %s\n", info.name, describe(info).c_str());
    }
    for (uint32_t i = 0; i < mlopt_rt_module_symbol_count(module.get(), e); ++i) {
      mlopt_rt_symbol_info_t s = symbolInfo(module, e, i);
      if (s.maximum == INT64_MAX)
        std::printf("  size      %s: %lld or more, usually %lld\n", s.name,
                    static_cast<long long>(s.minimum), static_cast<long long>(s.usual));
      else
        std::printf("  size      %s: %lld to %lld, usually %lld\n", s.name,
                    static_cast<long long>(s.minimum), static_cast<long long>(s.maximum),
                    static_cast<long long>(s.usual));
    }
    uint64_t bytes = 0, bound = 0;
    std::string why;
    if (arena(o, runnable, e, bytes, bound, why)) {
      std::printf("  arena     %s at these sizes and %lld threads (lower bound %s)\n",
                  humanBytes(bytes).c_str(), static_cast<long long>(o.threads ? o.threads : 1),
                  humanBytes(bound).c_str());
      if (training)
        std::printf("  peak      %s with parameters, buffers and optimizer state, without the "
                    "batch\n",
                    humanBytes(peakBytes(module, e, memory, bytes)).c_str());
    } else {
      std::printf("  arena     not known at these sizes: %s\n", why.c_str());
    }
    printFormulas(o, module, runnable, e);
  }
  if (o.verbose)
    std::printf("metadata    %s\n", mlopt_rt_module_metadata(module.get()));
}

} // namespace

Outcome inspectVerb(const Options &o, mlopt_module_query_fn linked) {
  Module module, runnable;
  if (Outcome outcome = loadModule(o, linked, MLOPT_RT_MODULE_METADATA_ONLY, module); !outcome)
    return outcome;
  if (o.check)
    if (Outcome outcome = check(o, mlopt_rt_module_verify_weights(module.get())); !outcome)
      return outcome;
  // Sizes need the code, which another machine's artefact cannot run here: then they are left out.
  mlopt_rt_module_options_t options = {};
  options.struct_size = sizeof(options);
  options.weights_path = o.weights.empty() ? nullptr : o.weights.c_str();
  mlopt_rt_module_t *handle = nullptr;
  mlopt_rt_status_release(linked ? mlopt_rt_module_from_query(linked, &options, &handle)
                                 : mlopt_rt_module_open(o.artefact.c_str(), &options, &handle));
  runnable.reset(handle);
  if (o.json)
    printJson(o, module, runnable);
  else if (!o.quiet)
    printText(o, module, runnable);
  if (o.check && !o.json && !o.quiet)
    std::printf("hashes      header, tables, code and weights are as the compiler wrote them\n");
  return {};
}

} // namespace mlopt::runner
