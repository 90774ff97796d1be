//===- CudaKernelTool.cpp - mlopt-cuda-kernel-test: GPU kernels one by one -===//
//
// Parses a module of `mlopt.kernel` operations, schedules each one for the given
// GPUs, compiles it to PTX, assembles that where ptxas is found, runs it by the
// driver that is found as libcuda.so.1 (test/Cuda/Emulator, or a real one) on
// random data and compares it with the reference. One line per kernel, GPU and
// set of sizes:
//   add sm_90 n=5: cuda-map registers=14 spills=0 excess=0 conflicts=1.00 error=0.0e+00 ok
//
// A module without kernels (nvvm and llvm operations) is compiled as it is.
//
//===----------------------------------------------------------------------===//
#include "CudaKernelRun.h"
#include "LoadModule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlopt/Codegen/ScalarBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

namespace cl = llvm::cl;
static cl::opt<std::string> inputFile(cl::Positional, cl::init("-"), cl::desc("<module.mlir>"));
static cl::list<std::string> gpus("gpu", cl::CommaSeparated, cl::desc("architectures (default: sm_90)"));
static cl::list<std::string> sizeSets("size", cl::desc("values of symbols: m=5,n=3 (may be repeated)"));
static cl::opt<std::string> only("kernel", cl::desc("run this kernel only"));
static cl::opt<std::string> emitterName("emitter", cl::desc("let no other emitter take kernels"));
static cl::opt<std::string> ptxas("ptxas", cl::desc("path of ptxas, or none (default: as found)"));
static cl::opt<double> tolerance("tolerance", cl::init(1e-5), cl::desc("largest error, relative to the largest output"));
static cl::opt<double> absolute("atol", cl::init(1e-4),
                                cl::desc("what an element may differ by beside a thousandth of itself and its rounding"));
static cl::opt<unsigned> optLevel("O", cl::Prefix, cl::init(2), cl::desc("level of optimization"));
static cl::opt<bool> tf32("tf32", cl::desc("products of f32 may round their operands"));
static cl::opt<bool> printSchedule("show-schedule", cl::desc("print the kernels' schedules and stop"));
static cl::opt<bool> printPtx("emit-ptx", cl::desc("print PTX and stop"));
static cl::opt<bool> printLlvm("emit-llvm", cl::desc("print LLVM IR and stop"));
static cl::opt<bool> printMlir("emit-mlir", cl::desc("print what the emitter made and stop"));
static cl::opt<bool> noRun("no-run", cl::desc("assemble and print registers and spills, do not run"));
static cl::opt<bool> details("counts", cl::desc("also print blocks, instructions and bytes moved"));

static bool compilePlain(ModuleOp module, const TargetDescription &target, const GpuOptions &options) {
  OwningOpRef<ModuleOp> copy(module.clone());
  std::string ptx, llvmText;
  if (failed(compileToPtx(*copy, target, options, ptx, &llvmText)))
    return false;
  llvm::outs() << (printLlvm ? llvmText : ptx);
  return true;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "runs mlopt kernels on a GPU or the emulator\n");
  DialectRegistry registry;
  registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  registerScalarDialects(registry);
  registerCudaBackend(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  LoadedModule module(inputFile, context);
  if (module.getExitCode())
    return module.getExitCode();
  EmitterList emitters = createCudaEmitters();
  if (!emitterName.empty())
    llvm::erase_if(emitters, [](const std::unique_ptr<KernelEmitter> &e) { return e->name() != emitterName; });
  SmallVector<std::string> levels(gpus.begin(), gpus.end()), sets(sizeSets.begin(), sizeSets.end());
  if (levels.empty())
    levels.push_back("sm_90");
  if (sets.empty())
    sets.push_back("");
  GpuOptions options;
  options.optLevel = optLevel;
  options.jobs = 1;
  options.ptxas = ptxas == "none" ? "" : findPtxas(ptxas);
  bool ok = true;
  SmallVector<KernelOp> kernels = llvm::to_vector(module.get().getOps<KernelOp>());
  for (const std::string &level : levels) {
    std::optional<TargetDescription> target = getTarget(level);
    if (!target || !target->gpu) {
      llvm::errs() << "unknown GPU '" << level << "'\n";
      return 2;
    }
    target->tf32 = tf32;
    if (kernels.empty())
      ok &= compilePlain(module.get(), *target, options);
    for (KernelOp kernel : kernels) {
      if (!only.empty() && kernel.getSymName() != only)
        continue;
      kernel.removeScheduleAttr();
      if (failed(scheduleKernel(kernel, emitters, *target))) {
        ok = false;
        continue;
      }
      if (printSchedule) {
        llvm::outs() << kernel.getSymName() << " " << level << ": " << kernel.getScheduleAttr() << "\n";
        continue;
      }
      if (printMlir || printLlvm) {
        OwningOpRef<ModuleOp> emitted = ModuleOp::create(kernel.getLoc());
        for (const auto &emitter : emitters)
          if (emitter->name() == kernel.getScheduleAttr().getEmitter() &&
              (failed(emitter->emit(kernel, *target, *emitted)) || failed(verify(*emitted))))
            ok = false;
        if (printMlir)
          llvm::outs() << *emitted << "\n";
        else
          ok &= compilePlain(*emitted, *target, options);
        continue;
      }
      // The one kernel alone, as an image of its own.
      OwningOpRef<ModuleOp> alone = ModuleOp::create(kernel.getLoc());
      alone->getBody()->push_back(kernel->clone());
      FailureOr<std::vector<GpuImage>> images =
          compileGpuKernels(*alone, emitters, *target, options, [](size_t, size_t) {});
      if (failed(images)) {
        ok = false;
        continue;
      }
      const GpuImage &image = images->front();
      if (printPtx) {
        llvm::outs() << image.ptx;
        continue;
      }
      std::string assembled;
      if (!options.ptxas.empty()) {
        uint32_t registers = 0, spills = 0;
        for (const GpuFunction &f : image.functions) {
          registers = std::max(registers, f.registers.value_or(0));
          spills = std::max(spills, f.spillBytes.value_or(0));
        }
        assembled = " registers=" + std::to_string(registers) + " spills=" + std::to_string(spills);
      }
      SmallVector<std::string> done;
      for (const std::string &set : sets) {
        SizeMap sizes = parseSizes(set);
        // A kernel without these symbols runs once.
        std::string shown;
        for (const std::string &symbol : KernelSignature(kernel).symbols)
          shown += (shown.empty() ? " " : ",") + symbol + "=" + std::to_string(sizes.lookup(symbol));
        if (llvm::is_contained(done, shown))
          continue;
        done.push_back(shown);
        llvm::outs() << kernel.getSymName() << " " << level << (noRun ? "" : shown) << ": "
                     << kernel.getScheduleAttr().getEmitter() << assembled;
        llvm::outs().flush();
        if (noRun) {
          llvm::outs() << "\n";
          break;
        }
        CudaKernelRun run(kernel, image);
        RunResult r;
        r.message = run.getError();
        if (r.message.empty())
          r = run.check(sizes, absolute);
        bool good = r.message.empty() && r.error <= tolerance + r.rounding;
        ok &= good;
        if (const CudaCounts &c = run.getCounts(); c.known) {
          llvm::outs() << " excess=" << c.excessSectors << llvm::format(" conflicts=%.2f", c.conflictFactor);
          if (details)
            llvm::outs() << " blocks=" << c.blocks << " instructions=" << c.instructions << " bytes=" << c.bytes;
        }
        llvm::outs() << llvm::format(" error=%.1e", r.error) << (good ? " ok" : " FAILED")
                     << (r.message.empty() ? "" : ": ") << r.message << "\n";
        llvm::outs().flush();
      }
    }
  }
  return ok ? 0 : 1;
}
