//===- CpuBackend.cpp - From kernels to machine code ----------------------===//
#include "mlopt/Codegen/CpuBackend.h"
#include "Quantized/Tiles.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/ConvertToLLVM/ToLLVMPass.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include <atomic>
#include <mutex>

using namespace mlir;
using namespace mlopt;

void mlopt::registerCpuBackend(DialectRegistry &registry) {
  registry.insert<LLVM::LLVMDialect, scf::SCFDialect, arith::ArithDialect, vector::VectorDialect,
                  cf::ControlFlowDialect, math::MathDialect, ub::UBDialect>();
  arith::registerConvertArithToLLVMInterface(registry);
  cf::registerConvertControlFlowToLLVMInterface(registry);
  registerConvertFuncToLLVMInterface(registry);
  registerConvertMathToLLVMInterface(registry);
  ub::registerConvertUBToLLVMInterface(registry);
  vector::registerConvertVectorToLLVMInterface(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
  });
}

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(const TargetDescription &target,
                                                                unsigned optLevel) {
  std::string error;
  llvm::Triple triple(target.triple);
  const llvm::Target *llvmTarget = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!llvmTarget)
    return nullptr;
  llvm::TargetOptions options;
  // Sums and products stay what the IR says: a fused operation stands there by name.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  auto level = optLevel == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default;
  return std::unique_ptr<llvm::TargetMachine>(llvmTarget->createTargetMachine(
      triple, target.cpu, target.features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small, level));
}

/// The few LLVM passes that pay for emitted kernels. No loop rotation: it makes
/// one block of a k loop, in which the scheduler then hoists loads until
/// accumulators spill (cpu-zen5.md section 6).
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager lam;
  llvm::FunctionAnalysisManager fam;
  llvm::CGSCCAnalysisManager cgam;
  llvm::ModuleAnalysisManager mam;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  llvm::FunctionPassManager fpm;
  fpm.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  fpm.addPass(llvm::InstCombinePass());
  fpm.addPass(llvm::EarlyCSEPass(true));
  for (llvm::Function &f : module)
    if (!f.isDeclaration())
      fpm.run(f, fam);
}

/// The functions of f64 that LLVM has no intrinsic for become calls of libm. Those of f32 are
/// arithmetic by now and never do.
static LogicalResult callLibm(ModuleOp module) {
  MLIRContext *context = module.getContext();
  ConversionTarget target(*context);
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  target.addIllegalOp<math::AcoshOp, math::AsinhOp, math::AtanhOp, math::ErfOp>();
  RewritePatternSet patterns(context);
  populateMathToLibmConversionPatterns(patterns);
  return applyPartialConversion(module, target, std::move(patterns));
}

LogicalResult mlopt::compileToObject(ModuleOp module, const TargetDescription &target,
                                     const CodegenOptions &options, ObjectBuffer &object) {
  if (failed(callLibm(module)))
    return failure();
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  pm.enableVerifier(false);
  if (options.optLevel > 0) {
    pm.addPass(createCSEPass());
    pm.addPass(createLoopInvariantCodeMotionPass());
    pm.addPass(createCSEPass());
  }
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertToLLVMPass());
  if (failed(pm.run(module)))
    return failure();

  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context, object.name);
  if (!llvmModule)
    return module.emitError("MLO3011: cannot translate '") << object.name << "' to LLVM IR";
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target, options.optLevel);
  if (!machine)
    return module.emitError("MLO4001: this LLVM has no code generator for '") << target.triple << "'";
  llvmModule->setTargetTriple(llvm::Triple(target.triple));
  llvmModule->setDataLayout(machine->createDataLayout());
  for (llvm::Function &f : *llvmModule)
    if (!f.isDeclaration() && !f.hasSection())
      f.setSection(".mlopt.text");
  if (options.optLevel > 0)
    optimize(*llvmModule, *machine);
  if (options.wantLlvm) {
    llvm::raw_string_ostream os(object.llvmText);
    llvmModule->print(os, nullptr);
  }
  if (options.wantAsm) {
    // Code generation changes the module: assembly is made from a copy.
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*llvmModule);
    llvm::SmallVector<char, 0> text;
    llvm::raw_svector_ostream os(text);
    llvm::legacy::PassManager codegen;
    if (machine->addPassesToEmitFile(codegen, os, nullptr, llvm::CodeGenFileType::AssemblyFile))
      return module.emitError("MLO3011: cannot emit assembly of '") << object.name << "'";
    codegen.run(*copy);
    object.asmText.assign(text.begin(), text.end());
  }
  llvm::raw_svector_ostream os(object.bytes);
  llvm::legacy::PassManager codegen;
  if (machine->addPassesToEmitFile(codegen, os, nullptr, llvm::CodeGenFileType::ObjectFile))
    return module.emitError("MLO3011: cannot emit an object file of '") << object.name << "'";
  codegen.run(*llvmModule);
  return success();
}

FailureOr<OwningOpRef<ModuleOp>> mlopt::emitKernel(KernelOp kernel, const EmitterList &emitters,
                                                   const TargetDescription &target) {
  ScheduleAttr schedule = kernel.getScheduleAttr();
  if (!schedule)
    return kernel.emitError("MLO3002: kernel '") << kernel.getSymName() << "' has no schedule";
  for (const std::unique_ptr<KernelEmitter> &emitter : emitters) {
    if (emitter->name() != schedule.getEmitter())
      continue;
    OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
    if (failed(emitter->emit(kernel, target, *module)) ||
        (target.emulateTiles && failed(emulateTiles(*module))))
      return failure();
    return module;
  }
  return kernel.emitError("MLO3002: no emitter is called '") << schedule.getEmitter() << "'";
}

FailureOr<std::vector<ObjectBuffer>>
mlopt::compileKernels(ModuleOp module, const EmitterList &emitters, const TargetDescription &target,
                      const CodegenOptions &options, StringRef suffix,
                      function_ref<void(size_t, size_t)> progress) {
  SmallVector<KernelOp> kernels = llvm::to_vector(module.getOps<KernelOp>());
  std::vector<ObjectBuffer> objects(kernels.size());
  std::atomic<size_t> done{0};
  std::atomic<bool> broken{false};
  auto work = [&](size_t i) {
    FailureOr<OwningOpRef<ModuleOp>> emitted = emitKernel(kernels[i], emitters, target);
    if (failed(emitted)) {
      broken = true;
      return;
    }
    if (!suffix.empty())
      for (auto f : (*emitted)->getOps<LLVM::LLVMFuncOp>())
        if (!f.isExternal() && f.getLinkage() != LLVM::Linkage::Internal)
          f.setSymName((f.getSymName() + suffix).str());
    objects[i].name = kernels[i].getSymName().str();
    if (failed(compileToObject(**emitted, target, options, objects[i])))
      broken = true;
    progress(++done, kernels.size());
  };
  unsigned jobs = options.jobs ? options.jobs : llvm::hardware_concurrency().compute_thread_count();
  if (jobs <= 1 || kernels.size() <= 1) {
    for (size_t i = 0; i < kernels.size(); ++i)
      work(i);
  } else {
    // Messages appear in the order of the kernels, whichever thread is done first.
    ParallelDiagnosticHandler inOrder(module.getContext());
    llvm::DefaultThreadPool pool(llvm::hardware_concurrency(jobs));
    for (size_t i = 0; i < kernels.size(); ++i)
      pool.async([&, i] {
        inOrder.setOrderIDForThread(i);
        work(i);
        inOrder.eraseOrderIDForThread();
      });
    pool.wait();
  }
  if (broken)
    return failure();
  return objects;
}
