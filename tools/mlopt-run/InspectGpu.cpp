//===- InspectGpu.cpp - What inspect says of code for GPUs --------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InspectGpu.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace mlopt::runner {

namespace {

/// Reads the tables of `mlopt_gpu`.
class GpuTables {
public:
  explicit GpuTables(const Module &module) : m(mlopt_rt_module_header(module.get())) {
    if (m->gpu.count)
      gpu = at<mlopt_gpu>(m->gpu, 0);
  }

  /// A record; fields that the writer did not know are zero.
  template <typename Record> Record at(const mlopt_table &table, uint32_t i) const {
    Record record = {};
    std::memcpy(&record, bytes() + table.offset + size_t(table.stride) * i,
                std::min<size_t>(table.stride, sizeof(Record)));
    return record;
  }
  const char *text(mlopt_str s) const { return s ? bytes() + s : ""; }

  std::vector<mlopt_gpu_target> targets() const {
    std::vector<mlopt_gpu_target> all;
    for (uint32_t i = 0; i < gpu.targets.count; ++i)
      all.push_back(at<mlopt_gpu_target>(gpu.targets, i));
    return all;
  }
  mlopt_gpu_code code(uint32_t target, uint32_t entry) const {
    return at<mlopt_gpu_code>(gpu.codes, target * m->entries.count + entry);
  }
  mlopt_launch launch(const mlopt_gpu_code &code, uint32_t step) const {
    return at<mlopt_launch>(m->launches, code.launches.first + step);
  }
  std::vector<uint32_t> after(const mlopt_gpu_step &step) const {
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < step.after.count; ++i)
      numbers.push_back(at<uint32_t>(gpu.after, step.after.first + i));
    return numbers;
  }
  /// Bytes of PTX and of machine code of a target.
  std::pair<uint64_t, uint64_t> codeBytes(const mlopt_gpu_target &target) const {
    std::pair<uint64_t, uint64_t> sum;
    for (uint32_t i = 0; i < target.images.count; ++i) {
      auto image = at<mlopt_gpu_image>(gpu.images, target.images.first + i);
      sum.first += image.ptx_bytes;
      sum.second += image.cubin_bytes;
    }
    return sum;
  }

  const mlopt_module *m;
  mlopt_gpu gpu = {};

private:
  const char *bytes() const { return reinterpret_cast<const char *>(m); }
};

/// What the metadata says of target `t`.
struct Described {
  std::map<std::string, std::string> emitters; ///< by kernel
  std::vector<uint64_t> arenas;                ///< at the usual sizes, by entry point

  Described(const Module &module, uint32_t t) {
    std::map<std::string, double> numbers;
    std::map<std::string, std::string> text;
    flattenJson(mlopt_rt_module_metadata(module.get()), numbers, text);
    std::string target = "gpus." + std::to_string(t) + ".";
    auto path = [&](const char *list, int i, const char *name) {
      return target + list + "." + std::to_string(i) + "." + name;
    };
    for (int k = 0; text.count(path("kernels", k, "name")); ++k)
      emitters[text[path("kernels", k, "name")]] = text[path("kernels", k, "emitter")];
    for (int p = 0; text.count(path("programs", p, "name")); ++p)
      arenas.push_back(uint64_t(numbers[path("programs", p, "memory.arena_bytes")]));
  }
};

void unknownOr(JsonWriter &json, const char *name, uint32_t value) {
  json.key(name);
  if (value == MLOPT_GPU_UNKNOWN)
    json.raw("null");
  else
    json.integer(value);
}

void writeNode(JsonWriter &json, const GpuTables &tables, const mlopt_gpu_node &node) {
  static const char *const kinds[] = {"input", "output", "weights", "arena",
                                      "value", "error",  "turn",    "null"};
  json.beginObject();
  if (node.function != MLOPT_GPU_UNKNOWN) {
    auto function = tables.at<mlopt_gpu_function>(tables.gpu.functions, node.function);
    json.field("function", tables.text(function.name));
    json.key("block");
    json.beginArray();
    for (uint32_t size : node.block)
      json.integer(size);
    json.endArray();
  }
  json.field("first_value", node.first_value);
  json.key("params");
  json.beginArray();
  for (uint32_t i = 0; i < node.params.count; ++i) {
    auto param = tables.at<mlopt_gpu_param>(tables.gpu.params, node.params.first + i);
    std::string text = param.kind < std::size(kinds) ? kinds[param.kind] : "?";
    if (param.kind == MLOPT_GPU_INPUT || param.kind == MLOPT_GPU_OUTPUT)
      text += " " + std::to_string(param.index);
    if (param.kind == MLOPT_GPU_VALUE)
      text += " " + std::to_string(param.value);
    else if (param.value != MLOPT_GPU_UNKNOWN && param.kind <= MLOPT_GPU_ARENA)
      text += " + value " + std::to_string(param.value);
    json.string(text);
  }
  json.endArray();
  json.endObject();
}

} // namespace

void writeGpus(JsonWriter &json, const Module &module) {
  GpuTables tables(module);
  json.key("gpus");
  json.beginArray();
  uint32_t t = 0;
  for (const mlopt_gpu_target &target : tables.targets()) {
    Described described(module, t);
    auto [ptx, cubin] = tables.codeBytes(target);
    json.beginObject();
    json.field("name", tables.text(target.name));
    json.field("architecture", target.architecture);
    json.field("f32_matmul", target.tf32 ? "tf32" : "ieee");
    json.field("images", target.images.count);
    json.field("ptx_bytes", ptx);
    json.field("cubin_bytes", cubin);
    json.field("weight_bytes", target.weight_bytes);
    json.field("weight_pieces", target.weights.count);
    json.key("kernels");
    json.beginArray();
    for (uint32_t i = 0; i < target.functions.count; ++i) {
      auto f = tables.at<mlopt_gpu_function>(tables.gpu.functions, target.functions.first + i);
      json.beginObject();
      json.field("name", tables.text(f.name));
      json.field("kernel", tables.text(f.kernel));
      json.field("emitter", described.emitters[tables.text(f.kernel)]);
      unknownOr(json, "registers", f.registers);
      json.field("shared_bytes", f.shared_bytes);
      unknownOr(json, "spill_bytes", f.spill_bytes);
      json.endObject();
    }
    json.endArray();
    json.key("entries");
    json.beginArray();
    for (uint32_t e = 0; e < tables.m->entries.count; ++e) {
      mlopt_gpu_code code = tables.code(t, e);
      json.beginObject();
      json.field("name", mlopt_rt_module_entry_name(module.get(), e));
      if (e < described.arenas.size())
        json.field("usual_arena_bytes", described.arenas[e]);
      json.field("values", code.value_count);
      json.key("launches");
      json.beginArray();
      for (uint32_t s = 0; s < code.steps.count; ++s) {
        auto step = tables.at<mlopt_gpu_step>(tables.gpu.steps, code.steps.first + s);
        mlopt_launch launch = tables.launch(code, s);
        json.beginObject();
        json.field("kernel", tables.text(launch.kernel));
        json.field("nodes", tables.text(launch.nodes));
        json.field("device", "cuda");
        json.key("after");
        json.beginArray();
        for (uint32_t number : tables.after(step))
          json.integer(number);
        json.endArray();
        json.key("parts");
        json.beginArray();
        for (uint32_t n = 0; n < step.nodes.count; ++n)
          writeNode(json, tables,
                    tables.at<mlopt_gpu_node>(tables.gpu.nodes, step.nodes.first + n));
        json.endArray();
        if (step.repeat_value != MLOPT_GPU_UNKNOWN) {
          json.field("repeat_from", step.repeat_from);
          json.field("repeat_value", step.repeat_value);
        }
        json.endObject();
      }
      json.endArray();
      json.endObject();
    }
    json.endArray();
    json.endObject();
    ++t;
  }
  json.endArray();
}

void printGpus(const Options &o, const Module &module) {
  GpuTables tables(module);
  uint32_t t = 0;
  for (const mlopt_gpu_target &target : tables.targets()) {
    Described described(module, t);
    auto [ptx, cubin] = tables.codeBytes(target);
    std::printf("gpu         %s: machine code %s, PTX %s, weights %s%s\n", tables.text(target.name),
                cubin ? humanBytes(cubin).c_str() : "none (no ptxas)", humanBytes(ptx).c_str(),
                humanBytes(target.weight_bytes).c_str(),
                target.tf32 ? ", products of f32 in tf32" : "");
    for (uint32_t i = 0; i < target.functions.count; ++i) {
      auto f = tables.at<mlopt_gpu_function>(tables.gpu.functions, target.functions.first + i);
      auto number = [](uint32_t value) {
        return value == MLOPT_GPU_UNKNOWN ? std::string("?") : std::to_string(value);
      };
      std::printf("  kernel    %s: %s, %s registers, %s shared, %s bytes of spills\n",
                  tables.text(f.name), described.emitters[tables.text(f.kernel)].c_str(),
                  number(f.registers).c_str(), humanBytes(f.shared_bytes).c_str(),
                  number(f.spill_bytes).c_str());
    }
    for (uint32_t e = 0; e < tables.m->entries.count; ++e) {
      mlopt_gpu_code code = tables.code(t, e);
      std::string arena = e < described.arenas.size()
                              ? ", arena " + humanBytes(described.arenas[e]) + " at the usual sizes"
                              : "";
      std::printf("  entry     %s: %u launches on cuda%s%s\n",
                  mlopt_rt_module_entry_name(module.get(), e), code.steps.count, arena.c_str(),
                  o.verbose || !code.steps.count ? "" : "  (-v lists them)");
      for (uint32_t s = 0; o.verbose && s < code.steps.count; ++s) {
        auto step = tables.at<mlopt_gpu_step>(tables.gpu.steps, code.steps.first + s);
        mlopt_launch launch = tables.launch(code, s);
        std::string after;
        for (uint32_t number : tables.after(step))
          after += (after.empty() ? " after " : ", ") + std::to_string(number);
        std::printf("    %-5u %s on cuda%s%s%s\n", s, tables.text(launch.kernel), after.c_str(),
                    launch.nodes ? ": " : "", tables.text(launch.nodes));
      }
    }
    ++t;
  }
}

} // namespace mlopt::runner
