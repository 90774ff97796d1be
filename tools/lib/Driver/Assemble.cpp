//===- Assemble.cpp - The object phase ------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Assemble.h"

#include "Driver/Header.h"
#include "Driver/Link.h"
#include "Driver/Process.h"
#include "mlopt/Codegen/HostImage.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <cstdio>

using namespace mlir;

namespace mlopt {

namespace {

/// Weights above this size lie in a file beside the artefact unless the command line says
/// otherwise.
constexpr uint64_t maxEmbeddedBytes = uint64_t(1) << 30;

class Assembler {
public:
  Assembler(std::vector<Level> &levels, const OutputPlan &output, const CompileOptions &options,
            Diagnostics &diagnostics)
      : levels(levels), output(output), options(options), diagnostics(diagnostics) {}

  int run(llvm::function_ref<Sha256()> sourceHash, llvm::function_ref<void()> releaseModules,
          OutputFiles &files);
  int emitHost(ObjectBuffer &object, bool text);
  /// Places the weights; the programs of all levels then know their offsets.
  int placeWeights();

private:
  int writeWeights(OutputFiles &files);
  int writeObjects();
  int link(OutputFiles &files);
  int stamp(llvm::StringRef path);
  std::string metadata();
  /// The host program runs on every CPU that any level runs on.
  const TargetDescription &lowestTarget() { return getCpuLevels(levels).back().target; }
  int add(llvm::StringRef name, llvm::StringRef bytes);
  bool carriesRuntime() const {
    return output.emit == Emit::SharedLibrary || output.emit == Emit::Archive;
  }

  std::vector<Level> &levels;
  const OutputPlan &output;
  const CompileOptions &options;
  Diagnostics &diagnostics;
  ScratchFolder scratch;
  WeightsPlan weights;
  ImageDescription image;
  CInterface interface;
  std::vector<std::string> objects;
};

int Assembler::placeWeights() {
  for (Level &level : levels)
    if (failed(weights.add(*level.module)))
      return diagnostics.failed();
  image.weightsBytes = weights.getBytes();
  bool embed = options.embedWeights.value_or(image.weightsBytes <= maxEmbeddedBytes);
  image.weightsMode = image.weightsBytes == 0 ? WeightsMode::None
                      : embed                 ? WeightsMode::Embedded
                                              : WeightsMode::File;
  image.weightsSymbol = output.prefix + "_weights";
  return kExitOk;
}

int Assembler::writeWeights(OutputFiles &files) {
  if (image.weightsMode == WeightsMode::None)
    return kExitOk;
  std::string error, path;
  if (image.weightsMode == WeightsMode::Embedded) {
    path = scratch.file("weights.o");
    objects.push_back(path);
  } else {
    path = files.reserve(output.path + ".weights", false, error);
  }
  std::error_code code;
  if (!path.empty()) {
    llvm::raw_fd_ostream os(path, code);
    if (!code) {
      image.weightsHash = image.weightsMode == WeightsMode::Embedded
                              ? weights.writeObject(os, image.weightsSymbol)
                              : weights.writeFile(os);
      os.close();
      code = os.error();
      os.clear_error();
    }
    if (code)
      error = code.message();
  }
  return error.empty() ? int(kExitOk)
                       : diagnostics.error(3003, output.path, "cannot write the weights: " + error);
}

/// What `inspect` shows: flags that change the code, and the plan for each target. No path.
std::string Assembler::metadata() {
  llvm::json::Array described, gpus;
  for (Level &level : levels) {
    llvm::json::Object object =
        describeModule(*level.module, level.isGpu() ? "cuda" : "cpu", level.images);
    object["name"] = level.target.name;
    (level.isGpu() ? gpus : described).push_back(std::move(object));
  }
  llvm::json::Array disabled;
  for (const std::string &name : options.disabledPasses)
    disabled.push_back(name);
  llvm::json::Object flags{{"opt_level", options.optLevel},
                           {"disabled_passes", std::move(disabled)}};
  if (options.checkFinite)
    flags["check_finite"] = 1;
  if (!gpus.empty())
    flags["f32_matmul"] = options.tf32 ? "tf32" : "ieee";
  llvm::json::Object object{{"flags", std::move(flags)}, {"levels", std::move(described)}};
  if (!gpus.empty())
    object["gpus"] = std::move(gpus);
  if (llvm::json::Object training = describeTraining(*levels.front().module); !training.empty())
    object["training"] = std::move(training);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object));
  return text;
}

int Assembler::emitHost(ObjectBuffer &object, bool text) {
  MLIRContext *context = levels.front().module->getContext();
  OwningOpRef<ModuleOp> host = ModuleOp::create(UnknownLoc::get(context));
  std::vector<SmallVector<rt::ProgramOp>> programs; // by level
  for (Level &level : levels)
    programs.emplace_back(llvm::to_vector(level.module->getOps<rt::ProgramOp>()));
  for (Level &level : getGpuLevels(levels))
    image.devices.push_back({level.target.name,
                             static_cast<uint32_t>(level.target.gpu->architecture),
                             level.target.tf32, level.images, DeviceWeights(*level.module), {}});
  for (size_t e = 0; e < programs.front().size(); ++e) {
    SmallVector<rt::ProgramOp> ofEntry;
    for (auto &list : programs)
      ofEntry.push_back(list[e]);
    SmallVector<rt::SymbolAttr> symbols = mergeSymbols(ofEntry);
    ImageEntry entry;
    entry.name = ofEntry.front().getSymName().str();
    std::string base = output.prefix + "_" + entry.name;
    for (auto [number, level] : llvm::enumerate(levels)) {
      rt::ProgramOp program = ofEntry[number];
      if (level.isGpu()) {
        ImageDevice &device = image.devices[number - getCpuLevels(levels).size()];
        FailureOr<DeviceProgram> made =
            emitDeviceProgram(program, symbols, device.weights, base + "_sizes" + level.suffix,
                              base + "_fill" + level.suffix, *host);
        if (failed(made))
          return diagnostics.failed();
        device.codes.push_back({program, std::move(*made)});
        continue;
      }
      HostFunctions names{base + "_sizes" + level.suffix, base + "_run" + level.suffix,
                          level.suffix};
      if (failed(emitHostProgram(program, symbols, names, *host)))
        return diagnostics.failed();
      entry.codes.push_back({program, names});
    }
    image.entries.push_back(std::move(entry));
  }
  for (Level &level : getCpuLevels(levels))
    image.levels.push_back({level.target.name, level.target.requiredFeatures});
  image.name = levels.front().module->getName().value_or("model").str();
  image.prefix = output.prefix;
  image.producer = "mlopt " MLOPT_VERSION;
  image.metadata = metadata();
  image.training = (*levels.front().module)->getAttrOfType<DictionaryAttr>("mlopt.training");
  image.exportQuery = output.emit == Emit::SharedLibrary || output.emit == Emit::Executable;
  FailureOr<ModuleImage> built = buildImage(image);
  if (failed(built))
    return diagnostics.failed();
  emitImage(*built, image, *host);
  CodegenOptions codegen;
  codegen.optLevel = options.optLevel;
  codegen.wantAsm = text && output.emit == Emit::Assembly;
  codegen.wantLlvm = text && output.emit == Emit::Llvm;
  object.name = "host";
  return succeeded(compileToObject(*host, lowestTarget(), codegen, object))
             ? int(kExitOk)
             : diagnostics.failed();
}

int Assembler::add(llvm::StringRef name, llvm::StringRef bytes) {
  std::string path = scratch.file(name);
  std::error_code code;
  llvm::raw_fd_ostream os(path, code);
  if (!code) {
    os << bytes;
    os.close();
    code = os.error();
    os.clear_error();
  }
  if (code)
    return diagnostics.error(3003, path, "cannot write: " + code.message());
  objects.push_back(path);
  return kExitOk;
}

int Assembler::writeObjects() {
  ObjectBuffer host;
  if (int code = emitHost(host, false))
    return code;
  if (int code = add("host.o", {host.bytes.data(), host.bytes.size()}))
    return code;
  unsigned number = 0;
  for (Level &level : levels)
    for (ObjectBuffer &kernel : level.kernels) {
      if (int code = add("kernel" + std::to_string(number++) + ".o",
                         {kernel.bytes.data(), kernel.bytes.size()}))
        return code;
      kernel.bytes = llvm::SmallVector<char, 0>();
    }
  interface = describeInterface(*levels.front().module, output.prefix);
  if (!carriesRuntime())
    return kExitOk;
  MLIRContext *context = levels.front().module->getContext();
  OwningOpRef<ModuleOp> typed = buildTypedFunctions(interface, *context);
  ObjectBuffer object;
  object.name = "typed";
  if (!typed || failed(compileToObject(*typed, lowestTarget(), CodegenOptions(), object)))
    return diagnostics.failed();
  return add("typed.o", {object.bytes.data(), object.bytes.size()});
}

int Assembler::stamp(llvm::StringRef path) {
  auto buffer = llvm::WriteThroughMemoryBuffer::getFile(path);
  if (!buffer)
    return diagnostics.error(3003, output.path,
                             "cannot be read again: " + buffer.getError().message());
  if (llvm::Error error = stampHashes((*buffer)->getBuffer()))
    return diagnostics.error(4002, output.path, llvm::toString(std::move(error)));
  return kExitOk;
}

int Assembler::link(OutputFiles &files) {
  std::string error;
  bool program = output.emit == Emit::SharedLibrary || output.emit == Emit::Executable;
  std::string target = files.reserve(output.path, program, error);
  if (target.empty())
    return diagnostics.error(3003, output.path, "cannot write: " + error);
  LinkJob job;
  job.objects = objects;
  job.output = target;
  job.soname = llvm::sys::path::filename(output.path).str();
  switch (output.emit) {
  case Emit::SharedLibrary: {
    std::string core = findRuntimeCore(diagnostics);
    if (core.empty())
      return diagnostics.failed();
    job.objects.push_back(core);
    job.exports = getTypedFunctions(interface);
    job.exports.push_back(output.prefix + "_module_query");
    job.exports.push_back("mlopt_module_query");
    if (int code = linkSharedLibrary(job, diagnostics))
      return code;
    break;
  }
  case Emit::Object:
    if (int code = linkRelocatable(job, diagnostics))
      return code;
    break;
  case Emit::Archive:
  case Emit::Executable: {
    LinkJob merge = job;
    merge.output = scratch.file(output.prefix + ".o");
    if (int code = linkRelocatable(merge, diagnostics))
      return code;
    if (int code = stamp(merge.output))
      return code;
    job.objects = {merge.output};
    if (output.emit == Emit::Executable)
      return linkExecutable(job, diagnostics);
    std::string core = findRuntimeCore(diagnostics);
    if (core.empty())
      return diagnostics.failed();
    job.objects.push_back(core);
    return writeStaticLibrary(job, diagnostics);
  }
  case Emit::Mlir:
  case Emit::Llvm:
  case Emit::Assembly:
  case Emit::Ptx:
    return diagnostics.failed();
  }
  return stamp(target);
}

int Assembler::run(llvm::function_ref<Sha256()> sourceHash,
                   llvm::function_ref<void()> releaseModules, OutputFiles &files) {
  if (scratch.getPath().empty())
    return diagnostics.error(3003, "mlopt", scratch.getError());
  if (int code = placeWeights())
    return code;
  if (int code = writeWeights(files))
    return code;
  image.sourceHash = sourceHash();
  if (int code = writeObjects())
    return code;
  releaseModules();
  if (int code = link(files))
    return code;
  std::string error;
  if (!output.header.empty() &&
      !files.write(output.header, writeHeader(interface, carriesRuntime()), error))
    return diagnostics.error(3003, output.header, "cannot write: " + error);
  return kExitOk;
}

} // namespace

std::array<uint8_t, 32> hashFile(const std::string &path) {
  llvm::SHA256 hasher;
  std::FILE *file = path.empty() ? nullptr : std::fopen(path.c_str(), "rbe");
  if (!file)
    return {};
  std::vector<uint8_t> piece(1 << 20);
  while (size_t n = std::fread(piece.data(), 1, piece.size(), file))
    hasher.update(llvm::ArrayRef<uint8_t>(piece.data(), n));
  bool bad = std::ferror(file);
  std::fclose(file);
  return bad ? std::array<uint8_t, 32>{} : hasher.final();
}

int assembleArtefact(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options, llvm::function_ref<Sha256()> sourceHash,
                     llvm::function_ref<void()> releaseModules, OutputFiles &files,
                     Diagnostics &diagnostics) {
  return Assembler(levels, output, options, diagnostics).run(sourceHash, releaseModules, files);
}

int describeHostCode(std::vector<Level> &levels, const OutputPlan &output,
                     const CompileOptions &options, ObjectBuffer &object,
                     Diagnostics &diagnostics) {
  Assembler assembler(levels, output, options, diagnostics);
  if (int code = assembler.placeWeights())
    return code;
  return assembler.emitHost(object, true);
}

} // namespace mlopt
