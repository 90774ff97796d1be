//===- Compile.cpp - From a model to an artefact --------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"

#include "Driver/Artefact.h"
#include "Driver/Assemble.h"
#include "Driver/Layers.h"
#include "Driver/Model.h"
#include "Driver/Pipeline.h"
#include "Driver/Registration.h"
#include "Driver/Verbs.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/Passes/Memory/Memory.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <future>
#include <mutex>

using namespace mlir;

namespace mlopt {

namespace {

/// "kernels for host 12/70" on a terminal, at most ten times a second.
class ProgressLine {
public:
  ProgressLine(Diagnostics &diagnostics, std::string what)
      : diagnostics(diagnostics), what(std::move(what)) {}

  /// From any thread.
  void show(size_t done, size_t total) {
    std::lock_guard<std::mutex> lock(mutex);
    auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::milliseconds(100))
      return;
    last = now;
    diagnostics.status(what + " " + llvm::Twine(done) + "/" + llvm::Twine(total));
  }

private:
  Diagnostics &diagnostics;
  std::string what;
  std::mutex mutex;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

class Compiler {
public:
  Compiler(const CompileOptions &options, Diagnostics &diagnostics)
      : options(options), diagnostics(diagnostics) {}
  ~Compiler() { diagnostics.detach(); }

  int run();

private:
  bool chooseTargets();
  bool applyRanges();
  LogicalResult runPhases(PhaseRunner &phases, Phase last);
  LogicalResult compileLevels(PhaseRunner &phases);
  LogicalResult compileCpu(Level &level, llvm::function_ref<void(size_t, size_t)> progress);
  LogicalResult compileGpu(Level &level, llvm::function_ref<void(size_t, size_t)> progress);
  bool choosePtxas();
  const EmitterList &emittersOf(const Level &level) const {
    return level.isGpu() ? cudaEmitters : cpuEmitters;
  }
  void printReports();
  int print(Phase phase);
  int printCode();
  int writeArtefact();
  int saveTemps();
  /// The exit code after a step that failed; an internal error leaves a report.
  int fail();

  const CompileOptions &options;
  Diagnostics &diagnostics;
  std::unique_ptr<MLIRContext> context;
  std::optional<Reproducer> reproducer; ///< ends before the context
  bool imported = false;                ///< what fails from now on is the compiler's fault
  OutputPlan output;
  EmitterList cpuEmitters = createCpuEmitters(), cudaEmitters = createCudaEmitters();
  ImportReport report;
  OwningOpRef<ModuleOp> module; ///< as `quantize` leaves it
  std::vector<Level> levels;    ///< as Level.h says
  std::string ptxas;            ///< empty: GPU code is PTX only
  std::future<std::array<uint8_t, 32>> sourceHash;
};

bool Compiler::chooseTargets() {
  auto add = [&](const std::string &name, bool isGpu) {
    std::optional<TargetDescription> target = getTarget(name);
    if (!target || target->gpu.has_value() != isGpu) {
      std::string message = isGpu ? "unknown GPU architecture '" : "unknown CPU level '";
      message += name + "'; known are " + (isGpu ? listGpuTargetNames() : listTargetNames());
      if (target)
        message += std::string("; that one goes with ") + (isGpu ? "--cpu" : "--gpu");
      diagnostics.error(4001, "mlopt", message);
      return false;
    }
    levels.emplace_back();
    levels.back().target = std::move(*target);
    return true;
  };
  for (const std::string &name : options.cpus)
    if (!add(name, /*isGpu=*/false))
      return false;
  // The runtime takes the first level that the CPU can run.
  llvm::stable_sort(levels, [](const Level &a, const Level &b) {
    return llvm::popcount(a.target.requiredFeatures) > llvm::popcount(b.target.requiredFeatures);
  });
  size_t cpus = levels.size();
  for (const std::string &name : options.gpus)
    if (!add(name, /*isGpu=*/true))
      return false;
  if (output.emit == Emit::Ptx) {
    // Only the first architecture comes out.
    std::swap(levels.front(), levels[cpus]);
    levels.resize(1);
    cpus = 0;
  }
  llvm::MutableArrayRef<Level> gpus = getGpuLevels(levels);
  llvm::stable_sort(gpus, [](const Level &a, const Level &b) {
    return a.target.gpu->architecture < b.target.gpu->architecture;
  });
  for (Level &level : gpus) {
    level.target.tf32 = options.tf32;
    level.suffix = "." + output.prefix + "." + level.target.name;
  }
  for (auto [i, level] : llvm::enumerate(getCpuLevels(levels)))
    level.suffix = "." + output.prefix + (cpus > 1 ? "." + std::to_string(i) : "");
  return gpus.empty() || choosePtxas();
}

bool Compiler::choosePtxas() {
  if (options.ptxas == "none" || output.emit == Emit::Ptx)
    return true;
  ptxas = findPtxas(options.ptxas);
  if (ptxas.empty() && !options.ptxas.empty()) {
    diagnostics.error(4003, "mlopt",
                      "--ptxas: '" + options.ptxas +
                          "' is no program; without the option mlopt looks for one itself");
    return false;
  }
  if (ptxas.empty() && options.verbose)
    diagnostics.note("PTX only: no ptxas found; the driver compiles it when the model is loaded");
  return true;
}

static std::string describeConstantScalars(llvm::ArrayRef<std::string> names) {
  constexpr size_t shown = 8;
  std::string text = "not trained: the scalar";
  text += names.size() == 1 ? " " : "s ";
  for (auto [i, name] : llvm::enumerate(names.take_front(shown)))
    text += (i ? ", '" : "'") + name + "'";
  if (names.size() > shown)
    text += " and " + std::to_string(names.size() - shown) + " more";
  return text + "; --train-scalar=" + (names.size() == 1 ? names.front() : "NAME") +
         " makes one a parameter";
}

bool Compiler::applyRanges() {
  Builder builder(context.get());
  std::map<std::string, bool> used;
  for (const auto &[name, range] : options.ranges)
    used[name] = false;
  std::string known;
  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    std::map<std::string, bool> here;
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      for (const std::string &dim : getArgumentDims(function, i)) {
        int64_t size;
        if (llvm::StringRef(dim).getAsInteger(10, size) && dim != "?" && !here[dim]) {
          here[dim] = true;
          known += (known.empty() ? "'" : ", '") + dim + "'";
        }
      }
    NamedAttrList entries;
    for (const auto &[name, range] : options.ranges) {
      if (!here.count(name))
        continue;
      used[name] = true;
      int64_t usual = range.usual.value_or(std::clamp<int64_t>(64, range.minimum, range.maximum));
      entries.set(name, builder.getDenseI64ArrayAttr({range.minimum, range.maximum, usual}));
    }
    if (!entries.empty())
      function->setAttr("mlopt.symbols", entries.getDictionary(context.get()));
  }
  for (const auto &[name, found] : used)
    if (!found) {
      diagnostics.error(1040, options.model,
                        "--dim: no input has a symbolic size '" + name + "'; the model has " +
                            (known.empty() ? "none" : known));
      return false;
    }
  return true;
}

LogicalResult Compiler::runPhases(PhaseRunner &phases, Phase last) {
  phases.begin(Phase::Input);
  module = loadModel(options, *context, &report);
  for (const std::string &note : report.notes)
    diagnostics.note(note);
  if (options.training && module && !report.constantScalars.empty())
    diagnostics.warning(options.model, describeConstantScalars(report.constantScalars));
  if (!module || !applyRanges() || !nameTrainingData(*module, options, diagnostics))
    return failure();
  imported = true;
  if (options.exposedBetween)
    if (func::FuncOp entry = findEntry(*module))
      exposeLayers(entry, *options.exposedBetween);
  // Takes seconds for a large model and waits for nothing. The file is known to be a regular one.
  if (last == Phase::Object)
    sourceHash =
        std::async(std::launch::async, hashFile, options.model == "-" ? "" : options.model);
  for (Phase phase : {Phase::Graph, Phase::Quantize})
    if (phase <= last && failed(phases.run(phase, *module)))
      return failure();
  if (last < Phase::Fuse)
    return success();
  for (auto [i, level] : llvm::enumerate(levels)) {
    // The last level takes the module itself.
    level.module =
        i + 1 == levels.size() ? std::move(module) : OwningOpRef<ModuleOp>(module->clone());
    for (Phase phase : {Phase::Fuse, Phase::Plan})
      if (phase <= last &&
          failed(phases.run(phase, *level.module, emittersOf(level), &level.target)))
        return failure();
  }
  if (last >= Phase::Plan)
    printReports();
  if (last < Phase::Kernels)
    return success();
  return compileLevels(phases);
}

LogicalResult Compiler::compileLevels(PhaseRunner &phases) {
  for (Level &level : levels) {
    phases.begin(Phase::Kernels, *level.module);
    ProgressLine line(diagnostics, "kernels for " + level.target.name);
    size_t kernels = 0;
    auto progress = [&](size_t done, size_t total) {
      if (isCrashForced(options, Phase::Kernels))
        forceCrash();
      line.show(done, total);
    };
    if (failed(level.isGpu() ? compileGpu(level, progress) : compileCpu(level, progress)))
      return failure();
    for (const GpuImage &image : level.images)
      kernels += image.functions.size();
    if (options.verbose)
      diagnostics.note(level.target.name + ": " + llvm::Twine(level.kernels.size() + kernels) +
                       " kernels");
  }
  return success();
}

LogicalResult Compiler::compileCpu(Level &level,
                                   llvm::function_ref<void(size_t, size_t)> progress) {
  CodegenOptions codegen;
  codegen.optLevel = options.optLevel;
  codegen.jobs = options.jobs;
  codegen.wantAsm = output.emit == Emit::Assembly || options.saveTemps;
  codegen.wantLlvm = output.emit == Emit::Llvm || options.saveTemps;
  auto compiled =
      compileKernels(*level.module, cpuEmitters, level.target, codegen, level.suffix, progress);
  if (failed(compiled))
    return failure();
  level.kernels = std::move(*compiled);
  return success();
}

LogicalResult Compiler::compileGpu(Level &level,
                                   llvm::function_ref<void(size_t, size_t)> progress) {
  GpuOptions codegen;
  codegen.optLevel = options.optLevel;
  codegen.jobs = options.jobs;
  codegen.ptxas = ptxas;
  // As text it is to be one module that ptxas takes.
  if (output.emit == Emit::Ptx)
    codegen.kernelsPerImage = size_t(1) << 20;
  auto compiled = compileGpuKernels(*level.module, cudaEmitters, level.target, codegen, progress);
  if (failed(compiled))
    return failure();
  level.images = std::move(*compiled);
  return success();
}

void Compiler::printReports() {
  for (Level &level : levels) {
    if (options.reportFusion) {
      llvm::outs() << "kernels (" << level.target.name << ")\n";
      for (KernelOp kernel : level.module->getOps<KernelOp>()) {
        unsigned operations = 0;
        for (Operation &op : kernel.getBody().front())
          operations += !op.hasTrait<mlir::OpTrait::IsTerminator>();
        llvm::outs() << "  " << kernel.getSymName() << ": " << operations << " operations, "
                     << kernel.getScheduleAttr() << "\n";
      }
    }
    if (!options.reportMemory)
      continue;
    for (rt::ProgramOp program : level.module->getOps<rt::ProgramOp>()) {
      llvm::outs() << "memory of " << program.getSymName() << " (" << level.target.name << ")\n";
      printMemoryReport(reportMemory(program), llvm::outs());
    }
  }
}

int Compiler::print(Phase phase) {
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(64).elideLargeResourceString(64);
  return writeText(
      output.path,
      [&](llvm::raw_ostream &os) {
        if (phase < Phase::Fuse) {
          module->print(os, flags);
          os << "\n";
          return;
        }
        for (Level &level : levels) {
          if (levels.size() > 1)
            os << "// ----- " << level.target.name << "\n";
          level.module->print(os, flags);
          os << "\n";
        }
      },
      diagnostics);
}

int Compiler::printCode() {
  if (output.emit == Emit::Ptx)
    return writeText(
        output.path,
        [&](llvm::raw_ostream &os) {
          for (const GpuImage &image : levels.front().images)
            os << image.ptx;
        },
        diagnostics);
  bool assembly = output.emit == Emit::Assembly;
  llvm::StringRef comment = assembly ? "# " : "; ";
  ObjectBuffer host;
  if (int code = describeHostCode(levels, output, options, host, diagnostics))
    return code;
  return writeText(
      output.path,
      [&](llvm::raw_ostream &os) {
        auto part = [&](llvm::StringRef title, const ObjectBuffer &object) {
          os << comment << "----- " << title << "\n"
             << (assembly ? object.asmText : object.llvmText) << "\n";
        };
        for (Level &level : levels)
          for (const ObjectBuffer &object : level.kernels)
            part(level.target.name + " " + object.name, object);
        part("host", host);
        if (assembly)
          for (Level &level : getGpuLevels(levels))
            for (const GpuImage &image : level.images)
              os << "// ----- " << level.target.name << "\n" << image.ptx << "\n";
      },
      diagnostics);
}

int Compiler::saveTemps() {
  auto save = [&](const std::string &name, llvm::StringRef text) {
    return writeText(
        output.path + "." + name, [&](llvm::raw_ostream &os) { os << text; }, diagnostics);
  };
  for (Level &level : levels) {
    std::string text;
    llvm::raw_string_ostream os(text);
    OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(64).elideLargeResourceString(64);
    level.module->print(os, flags);
    if (int code = save(level.target.name + ".plan.mlir", text))
      return code;
    for (const ObjectBuffer &object : level.kernels) {
      std::string base = level.target.name + "." + object.name;
      if (int code = save(base + ".s", object.asmText))
        return code;
      if (int code = save(base + ".ll", object.llvmText))
        return code;
      if (int code = save(base + ".o", {object.bytes.data(), object.bytes.size()}))
        return code;
    }
    for (auto [i, image] : llvm::enumerate(level.images)) {
      std::string base = level.target.name + ".image" + std::to_string(i);
      if (int code = save(base + ".ptx", image.ptx))
        return code;
      if (int code = image.cubin.empty() ? 0 : save(base + ".cubin", image.cubin))
        return code;
    }
  }
  return kExitOk;
}

int Compiler::writeArtefact() {
  if (options.saveTemps)
    if (int code = saveTemps())
      return code;
  diagnostics.status("writing " + output.path);
  OutputFiles files;
  std::string error;
  auto release = [&] {
    diagnostics.detach();
    reproducer->drop();
    levels.clear();
    module = {};
    context.reset();
  };
  auto getSourceHash = [&] {
    if (isCrashForced(options, Phase::Object))
      forceCrash();
    return sourceHash.get();
  };
  if (int code =
          assembleArtefact(levels, output, options, getSourceHash, release, files, diagnostics))
    return code;
  if (!output.depfile.empty()) {
    std::vector<std::string> inputs;
    if (options.model != "-")
      inputs.push_back(options.model);
    inputs.insert(inputs.end(), report.externalFiles.begin(), report.externalFiles.end());
    if (!files.write(output.depfile, makeDepfile(output.path, inputs), error))
      return diagnostics.error(3003, output.depfile, "cannot write: " + error);
  }
  if (!files.commit(error))
    return diagnostics.error(3003, output.path, "cannot write: " + error);
  return kExitOk;
}

int Compiler::fail() {
  int code = diagnostics.failed();
  if (!imported || !diagnostics.isInternal())
    return code;
  std::string folder = reproducer->write(diagnostics.getFirstError());
  if (!folder.empty())
    diagnostics.reported(folder);
  return kExitInternal;
}

int Compiler::run() {
  std::optional<OutputPlan> plan = planOutput(options, diagnostics);
  if (!plan)
    return diagnostics.failed();
  output = std::move(*plan);
  if (!chooseTargets())
    return diagnostics.failed();
  bool parallel = options.jobs != 1 && options.printAfter.empty();
  context = makeContext(parallel ? options.jobs : 1);
  diagnostics.attach(*context);
  reproducer.emplace(options, output.path);
  PhaseRunner phases(options, diagnostics, *context, *reproducer);
  if (!phases.checkPassNames())
    return diagnostics.failed();
  Phase last = options.stopAfter.value_or(output.emit == Emit::Mlir ? Phase::Plan : Phase::Object);
  if (failed(runPhases(phases, last)))
    return fail();
  int code;
  if (last < Phase::Kernels || output.emit == Emit::Mlir) {
    code = print(last);
  } else {
    phases.begin(Phase::Object);
    code = isTextual(output.emit) ? printCode() : writeArtefact();
  }
  phases.finish();
  return code;
}

} // namespace

int compileModel(const CompileOptions &options, Diagnostics &diagnostics) {
  return Compiler(options, diagnostics).run();
}

int runCompile(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  return compileModel(line.compile, diagnostics);
}

} // namespace mlopt
