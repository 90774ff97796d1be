//===- KernelTool.cpp - mlopt-kernel-test: runs kernels one by one ---------===//
//
// Parses a module of `mlopt.kernel` operations, schedules and compiles each one
// for the given levels, runs it on random data and compares it with the
// reference. Every buffer ends at a page that cannot be read, and has a canary
// before it. The result must be the same, to the bit, at 1, 2 and 3 threads.
//
// An operand may carry `mlopt.range = [lo, hi]` (its random values). One line
// per kernel, level and set of sizes:
//   dense x86-64-v3 m=5: contraction error=1.2e-07 ok
//
//===----------------------------------------------------------------------===//
#include "KernelRun.h"
#include "LoadModule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/Codegen/ScalarBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/TargetParser/Host.h"
#include <sys/syscall.h>
#include <unistd.h>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

namespace cl = llvm::cl;
static cl::opt<std::string> inputFile(cl::Positional, cl::init("-"), cl::desc("<module.mlir>"));
static cl::list<std::string> cpus("cpu", cl::CommaSeparated,
                                  cl::desc("levels (default: host); LEVEL+vnni adds products of bytes"));
static cl::list<std::string> sizeSets("size", cl::desc("values of symbols: m=5,n=3 (may be repeated)"));
static cl::opt<std::string> only("kernel", cl::desc("run this kernel only"));
static cl::opt<unsigned> maxThreads("max-threads", cl::init(3), cl::desc("compare 1 up to this many threads"));
static cl::opt<double> tolerance("tolerance", cl::init(1e-5), cl::desc("largest error, relative to the largest output"));
static cl::opt<bool> bench("bench", cl::desc("time one thread"));
static cl::opt<bool> cold("cold", cl::desc("with --bench: other copies of the constant operands each time"));
static cl::opt<bool> printSchedule("show-schedule", cl::desc("print the kernels with their schedules and stop"));
static cl::opt<bool> printAsm("emit-asm", cl::desc("print assembly and stop"));
static cl::opt<bool> printLlvm("emit-llvm", cl::desc("print LLVM IR and stop"));
static cl::opt<bool> printMlir("emit-mlir", cl::desc("print what the emitter made and stop"));
static cl::opt<bool> stats("hot-block", cl::desc("print what the hottest block consists of"));

static cl::opt<bool> keepSchedule("keep-schedule", cl::desc("use the schedule that a kernel carries"));

/// The feature that LEVEL+vnni adds: AVX512-VNNI, or AVX-VNNI where vectors are narrower.
static StringRef vnniFeature(const TargetDescription &target) {
  return target.vectorBytes == 64 ? "avx512vnni" : "avxvnni";
}

/// Description of a level, of LEVEL+vnni, or of one with masks +vbmi (which includes VNNI); none for an
/// unknown name.
static std::optional<TargetDescription> describe(StringRef level) {
  if (std::optional<TargetDescription> known = getTarget(level))
    return known;
  auto [base, extra] = level.split('+');
  std::optional<TargetDescription> target = getTarget(base);
  if (!target)
    return std::nullopt;
  target->hasVBMI = extra == "vbmi";
  if ((extra != "vnni" && !target->hasVBMI) || target->vectorBytes < (target->hasVBMI ? 64 : 32))
    return std::nullopt;
  target->hasVNNI = true;
  target->features += (target->features.empty() ? "+" : ",+") + vnniFeature(*target).str();
  if (target->hasVBMI)
    target->features += ",+avx512vbmi";
  return target;
}

/// Whether this machine runs code of a level.
static bool runsHere(const TargetDescription &target) {
  auto features = llvm::sys::getHostCPUFeatures();
  auto has = [&](StringRef f) { return features.lookup(f); };
  if (target.vectorBytes >= 32 && !(has("avx2") && has("fma") && has("f16c")))
    return false;
  if (target.vectorBytes >= 64 && !(has("avx512f") && has("avx512vl") && has("avx512dq") && has("avx512bw")))
    return false;
  SmallVector<StringRef> extensions;
  StringRef(target.features).split(extensions, ',', -1, /*KeepEmpty=*/false);
  if (!llvm::all_of(extensions, [&](StringRef f) { return has(f.drop_front()); }))
    return false;
  // Tile registers must be asked for, which the runtime does where it loads a module.
  if (target.hasAMX && !target.emulateTiles)
    return syscall(SYS_arch_prctl, 0x1023 /* ARCH_REQ_XCOMP_PERM */, 18) == 0;
  return true;
}

/// Counts in the block with the most multiplications: fused products, products, products of
/// bytes (or of their 16-bit halves), accesses of the stack.
static void printStats(StringRef text) {
  struct Block {
    unsigned fma = 0, mul = 0, dot = 0, stack = 0, loads = 0, all = 0;
    unsigned products() const { return fma + mul + dot; }
  } best, now;
  auto close = [&] {
    if (now.products() > best.products())
      best = now;
    now = Block();
  };
  for (StringRef line : llvm::split(text, '\n')) {
    StringRef t = line.trim();
    if (line.starts_with(".L") || line.contains(":\n") || (t.ends_with(":") && !line.starts_with("\t"))) {
      close();
      continue;
    }
    if (!line.starts_with("\t") || t.starts_with(".") || t.starts_with("#"))
      continue;
    ++now.all;
    now.fma += t.starts_with("vfmadd") || t.starts_with("vfnmadd");
    now.mul += t.starts_with("mulps") || t.starts_with("vmulps");
    now.dot += t.contains("vpdpbusd") || t.contains("pmaddwd");
    now.stack += t.contains("(%rsp") || t.contains("[rsp");
    now.loads += t.contains("broadcastss") || t.contains("broadcastd");
  }
  close();
  llvm::outs() << " hottest block: " << best.all << " instructions, " << best.fma << " fma, " << best.mul
               << " mul, " << best.loads << " broadcasts, " << best.stack << " stack, " << best.dot << " byte dots\n";
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "runs mlopt kernels and compares them with the reference\n");
  DialectRegistry registry;
  registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  registerScalarDialects(registry);
  registerCpuBackend(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  LoadedModule module(inputFile, context);
  if (module.getExitCode())
    return module.getExitCode();
  EmitterList emitters = createCpuEmitters();
  SmallVector<std::string> levels(cpus.begin(), cpus.end()), sets(sizeSets.begin(), sizeSets.end());
  if (levels.empty())
    levels.push_back("host");
  if (sets.empty())
    sets.push_back("");
  bool ok = true;
  for (KernelOp kernel : llvm::to_vector(module.get().getOps<KernelOp>())) {
    if (!only.empty() && kernel.getSymName() != only)
      continue;
    for (const std::string &level : levels) {
      std::optional<TargetDescription> target = describe(level);
      if (!target) {
        llvm::errs() << "unknown level '" << level << "'\n";
        return 2;
      }
      if (!keepSchedule || !kernel.getScheduleAttr())
        kernel.removeScheduleAttr();
      if (!kernel.getScheduleAttr() && failed(scheduleKernel(kernel, emitters, *target))) {
        ok = false;
        continue;
      }
      if (printSchedule) {
        llvm::outs() << kernel.getSymName() << " " << level << ": " << kernel.getScheduleAttr() << "\n";
        continue;
      }
      FailureOr<OwningOpRef<ModuleOp>> emitted = emitKernel(kernel, emitters, *target);
      if (failed(emitted) || failed(verify(**emitted))) {
        ok = false;
        continue;
      }
      if (printMlir) {
        llvm::outs() << **emitted << "\n";
        continue;
      }
      CodegenOptions options;
      options.wantAsm = printAsm || stats;
      options.wantLlvm = printLlvm;
      ObjectBuffer object;
      object.name = kernel.getSymName().str();
      auto start = std::chrono::steady_clock::now();
      if (failed(compileToObject(**emitted, *target, options, object))) {
        ok = false;
        continue;
      }
      double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (printAsm || printLlvm) {
        llvm::outs() << object.asmText << object.llvmText;
        continue;
      }
      if (stats) {
        llvm::outs() << kernel.getSymName() << " " << level << ":";
        printStats(object.asmText);
      }
      if (!runsHere(*target)) {
        llvm::outs() << kernel.getSymName() << " " << level << ": not run on this machine\n";
        continue;
      }
      KernelRun run(kernel, object);
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
        llvm::outs() << kernel.getSymName() << " " << level << shown << ": "
                     << kernel.getScheduleAttr().getEmitter();
        llvm::outs().flush();
        RunResult r = run.check(sizes, maxThreads);
        bool good = r.message.empty() && r.error <= tolerance + r.rounding;
        ok &= good;
        llvm::outs() << llvm::format(" error=%.1e", r.error) << (good ? " ok" : " FAILED")
                     << (r.message.empty() ? "" : ": ") << r.message << "\n";
        if (bench && r.message.empty()) {
          BenchResult t = run.time(sizes, cold);
          llvm::outs() << llvm::format("  %.2f us (best %.2f), %.1f GFLOP/s, %.0f %% of an FMA loop (%.1f), "
                                       "compiled in %.0f ms, %.1f KiB\n",
                                       t.seconds * 1e6, t.best * 1e6, t.gflops, 100 * t.gflops / t.peak, t.peak,
                                       seconds * 1e3, object.bytes.size() / 1024.0);
        }
        llvm::outs().flush();
      }
    }
  }
  return ok ? 0 : 1;
}
