//===- Compile.cpp - From a model to an artefact --------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"

#include "Driver/Artefact.h"
#include "Driver/Model.h"
#include "Driver/Pipeline.h"
#include "Driver/Registration.h"
#include "Driver/Verbs.h"
#include "mlopt/Codegen/CpuBackend.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace mlopt {

namespace {

/// The module of one CPU level and what became of it.
struct Level {
  TargetDescription target;
  OwningOpRef<ModuleOp> module;
  std::vector<ObjectBuffer> kernels;
  std::string suffix; ///< of its functions' names; empty for a single level
};

class Compiler {
public:
  Compiler(const CompileOptions &options, Diagnostics &diagnostics)
      : options(options), diagnostics(diagnostics) {}

  int run();

private:
  bool chooseTargets();
  LogicalResult runPhases(PhaseRunner &phases, Phase last);
  LogicalResult compileLevels();
  /// Sets bounds and usual sizes of --dim NAME=LOW..HIGH on the module.
  bool applyRanges();
  int print(Phase phase);
  int printCode();
  int finish(int code);

  const CompileOptions &options;
  Diagnostics &diagnostics;
  std::unique_ptr<MLIRContext> context;
  OutputPlan output;
  EmitterList emitters = createCpuEmitters();
  ImportReport report;
  OwningOpRef<ModuleOp> module; ///< as `quantize` leaves it
  std::vector<Level> levels;    ///< in the order of --cpu
};

bool Compiler::chooseTargets() {
  for (const std::string &name : options.cpus) {
    std::optional<TargetDescription> target = getTarget(name);
    if (!target) {
      diagnostics.error(4001, "mlopt", "unknown CPU level '" + name + "'; known are " + listTargetNames());
      return false;
    }
    levels.emplace_back();
    levels.back().target = std::move(*target);
  }
  if (levels.size() > 1)
    for (auto [i, level] : llvm::enumerate(levels))
      level.suffix = "." + std::to_string(i);
  return true;
}

LogicalResult Compiler::runPhases(PhaseRunner &phases, Phase last) {
  phases.begin(Phase::Input);
  module = loadModel(options, *context, &report);
  for (const std::string &note : report.notes)
    diagnostics.note(note);
  if (!module)
    return failure();
  for (Phase phase : {Phase::Graph, Phase::Quantize})
    if (phase <= last && failed(phases.run(phase, *module)))
      return failure();
  if (last < Phase::Fuse)
    return success();
  for (Level &level : levels) {
    level.module = levels.size() == 1 ? std::move(module) : OwningOpRef<ModuleOp>(module->clone());
    for (Phase phase : {Phase::Fuse, Phase::Plan})
      if (phase <= last && failed(phases.run(phase, *level.module, emitters, &level.target)))
        return failure();
  }
  if (last < Phase::Kernels)
    return success();
  phases.begin(Phase::Kernels);
  return compileLevels();
}

LogicalResult Compiler::compileLevels() {
  CodegenOptions codegen;
  codegen.optLevel = options.optLevel;
  codegen.jobs = options.jobs;
  codegen.wantAsm = output.emit == Emit::Assembly || options.saveTemps;
  codegen.wantLlvm = output.emit == Emit::Llvm || options.saveTemps;
  for (Level &level : levels) {
    auto compiled = compileKernels(*level.module, emitters, level.target, codegen, level.suffix,
                                   [](size_t, size_t) {});
    if (failed(compiled))
      return failure();
    level.kernels = std::move(*compiled);
  }
  return success();
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
  bool assembly = output.emit == Emit::Assembly;
  llvm::StringRef comment = assembly ? "# " : "; ";
  return writeText(
      output.path,
      [&](llvm::raw_ostream &os) {
        for (Level &level : levels)
          for (const ObjectBuffer &object : level.kernels) {
            os << comment << "----- " << level.target.name << " " << object.name << "\n"
               << (assembly ? object.asmText : object.llvmText) << "\n";
          }
      },
      diagnostics);
}

int Compiler::run() {
  std::optional<OutputPlan> plan = planOutput(options, diagnostics);
  if (!plan || !chooseTargets())
    return diagnostics.failed();
  output = std::move(*plan);
  bool parallel = options.jobs != 1 && options.printAfter.empty();
  context = makeContext(parallel ? options.jobs : 1);
  diagnostics.attach(*context);
  int code;
  {
    PhaseRunner phases(options, diagnostics, *context);
    if (!phases.checkPassNames())
      return diagnostics.failed();
    Phase last = options.stopAfter.value_or(output.emit == Emit::Mlir ? Phase::Plan : Phase::Kernels);
    bool ok = succeeded(runPhases(phases, last));
    phases.finish();
    if (!ok)
      code = diagnostics.failed();
    else if (last < Phase::Kernels)
      code = print(last);
    else
      code = printCode();
  }
  diagnostics.detach();
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
