//===- LoadedModel.cpp - A model compiled and run in this process ---------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/LoadedModel.h"

#include "Driver/Compile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mlopt::quantize {

std::string describe(const TensorInfo &info) {
  std::string text = std::string(tensorio::dtypeName(info.dtype)) + " [";
  for (auto [i, size] : enumerate(info.dims))
    text += (i ? ", " : "") + (size < 0 ? std::string("?") : std::to_string(size));
  return text + "]";
}

/// The options that say what code is like, without those that say what is written or printed.
static CompileOptions codeOptions(const CompileOptions &base, StringRef model,
                                  const std::string &output) {
  CompileOptions options = base;
  options.model = model.str();
  options.output = output;
  options.emit = Emit::SharedLibrary;
  options.prefix = "quantized";
  options.header = "none";
  options.embedWeights = true;
  options.temporaryOutput = true;
  options.stopAfter.reset();
  options.saveTemps = options.depfile = options.timePhases = false;
  options.reportMemory = options.reportFusion = options.verbose = false;
  options.printAfter.clear();
  options.gpus.clear(); // what is measured runs on the CPU
  return options;
}

std::unique_ptr<LoadedModel> LoadedModel::compile(const CompileOptions &base, StringRef model,
                                                  int64_t threads, ScratchFolder &scratch,
                                                  Diagnostics &diagnostics, StringRef what) {
  diagnostics.status("compiling " + what);
  std::string path = scratch.file(sys::path::stem(model).str() + ".so");
  if (compileModel(codeOptions(base, model, path), diagnostics))
    return nullptr;
  std::unique_ptr<LoadedModel> loaded(new LoadedModel(base.model, diagnostics));
  int code = loaded->load(path, threads);
  // The runtime has mapped what it needs.
  sys::fs::remove(path);
  return code ? nullptr : std::move(loaded);
}

LoadedModel::~LoadedModel() {
  mlopt_rt_context_release(context);
  mlopt_rt_module_release(module);
}

int LoadedModel::check(mlopt_rt_status_t status) {
  if (!status)
    return kExitOk;
  int code = diagnostics.error(mlopt_rt_status_code(status), model, mlopt_rt_status_message(status));
  mlopt_rt_status_release(status);
  return code;
}

int LoadedModel::load(const std::string &path, int64_t threads) {
  if (int code = check(mlopt_rt_module_open(path.c_str(), nullptr, &module)))
    return code;
  mlopt_rt_context_options_t options = {};
  options.struct_size = sizeof(options);
  options.threads = threads;
  if (int code = check(mlopt_rt_context_create(module, &options, &context)))
    return code;
  uint32_t entry = mlopt_rt_context_entry(context);
  auto read = [&](bool output, uint32_t count, std::vector<TensorInfo> &infos) {
    for (uint32_t i = 0; i < count; ++i) {
      mlopt_rt_tensor_info_t info = {};
      info.struct_size = sizeof(info);
      mlopt_rt_status_release(output ? mlopt_rt_module_output(module, entry, i, &info)
                                     : mlopt_rt_module_input(module, entry, i, &info));
      infos.push_back({info.name, mlopt_dtype(info.dtype), {}});
      for (uint32_t d = 0; d < info.rank; ++d)
        infos.back().dims.push_back(info.dims[d].size);
    }
  };
  read(false, mlopt_rt_module_input_count(module, entry), inputs);
  read(true, mlopt_rt_module_output_count(module, entry), outputs);
  return kExitOk;
}

int LoadedModel::run(ArrayRef<tensorio::HostTensor> values) {
  std::vector<mlopt_rt_tensor_t> views;
  for (auto [input, value] : zip(inputs, values))
    views.push_back(mlopt_rt_tensor_make(input.name.c_str(), value.dtype, value.dims.size(),
                                         value.dims.data(), const_cast<uint8_t *>(value.data.data()),
                                         value.data.size()));
  results.clear();
  for (const TensorInfo &output : outputs)
    results.push_back(
        mlopt_rt_tensor_make(output.name.c_str(), MLOPT_DTYPE_INVALID, 0, nullptr, nullptr, 0));
  if (int code = check(mlopt_rt_context_run(context, views.data(), views.size(), results.data(),
                                            results.size())))
    return code;
  for (auto [i, result] : enumerate(results))
    if (int code = check(mlopt_rt_context_output(context, i, &result)))
      return code;
  return kExitOk;
}

ArrayRef<float> LoadedModel::getFloats(size_t index) const {
  const mlopt_rt_tensor_t &t = results[index];
  return {static_cast<const float *>(t.data), size_t(mlopt_rt_tensor_bytes(&t) / sizeof(float))};
}

void LoadedModel::profile() {
  stamps.assign(2 * size_t(mlopt_rt_context_launch_count(context)) + 2, 0);
  mlopt_rt_status_release(mlopt_rt_context_set_profile(context, stamps.data(), stamps.size()));
}

std::vector<std::vector<std::string>> LoadedModel::getLaunchNodes() const {
  std::vector<std::vector<std::string>> launches(mlopt_rt_context_launch_count(context));
  for (auto [i, nodes] : enumerate(launches)) {
    const char *kernel = nullptr, *names = "";
    mlopt_rt_status_release(mlopt_rt_context_launch(context, i, &kernel, &names));
    SmallVector<StringRef> parts;
    StringRef(names ? names : "").split(parts, ", ", -1, /*KeepEmpty=*/false);
    for (StringRef part : parts)
      nodes.push_back(part.str());
  }
  return launches;
}

} // namespace mlopt::quantize
