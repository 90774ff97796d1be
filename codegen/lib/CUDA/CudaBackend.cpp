//===- CudaBackend.cpp - From kernels to PTX and machine code -------------===//
#include "mlopt/Codegen/CudaBackend.h"
#include "Ptxas.h"
#include "mlopt/Codegen/GpuLaunch.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/ConvertToLLVM/ToLLVMPass.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/NVVMToLLVM/NVVMToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/IPO/FunctionAttrs.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/InferAlignment.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include <atomic>
#include <mutex>

using namespace mlir;
using namespace mlopt;

void mlopt::registerCudaBackend(DialectRegistry &registry) {
  registry.insert<LLVM::LLVMDialect, NVVM::NVVMDialect, scf::SCFDialect, arith::ArithDialect,
                  vector::VectorDialect, cf::ControlFlowDialect, math::MathDialect, ub::UBDialect>();
  arith::registerConvertArithToLLVMInterface(registry);
  cf::registerConvertControlFlowToLLVMInterface(registry);
  registerConvertFuncToLLVMInterface(registry);
  registerConvertMathToLLVMInterface(registry);
  registerConvertNVVMToLLVMInterface(registry);
  ub::registerConvertUBToLLVMInterface(registry);
  vector::registerConvertVectorToLLVMInterface(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerNVVMDialectTranslation(registry);
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
}

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(const TargetDescription &target, unsigned optLevel) {
  std::string error;
  llvm::Triple triple(target.triple);
  const llvm::Target *llvmTarget = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!llvmTarget)
    return nullptr;
  llvm::TargetOptions options;
  // Sums and products stay what the IR says: a fused operation stands there by
  // name, and every other one carries .rn, which ptxas may not contract either.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  auto level = optLevel == 0 ? llvm::CodeGenOptLevel::Less : llvm::CodeGenOptLevel::Default;
  return std::unique_ptr<llvm::TargetMachine>(llvmTarget->createTargetMachine(
      triple, target.cpu, target.features, options, std::nullopt, std::nullopt, level));
}

/// The LLVM passes that pay for emitted kernels; NVPTX's own follow in code
/// generation (address spaces, constant offsets, strength reduction, wider
/// accesses). Loops are unrolled by emitters and ptxas.
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
  fpm.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  fpm.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  fpm.addPass(llvm::SimplifyCFGPass());
  fpm.addPass(llvm::InstCombinePass());
  llvm::LoopPassManager loops;
  loops.addPass(llvm::LoopRotatePass());
  loops.addPass(llvm::LICMPass(llvm::LICMOptions()));
  fpm.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(loops), /*UseMemorySSA=*/true));
  fpm.addPass(llvm::GVNPass());
  fpm.addPass(llvm::SimplifyCFGPass());
  fpm.addPass(llvm::InstCombinePass());
  fpm.addPass(llvm::EarlyCSEPass(true));
  // Vectors are loaded whole where base and offset prove the alignment.
  fpm.addPass(llvm::InferAlignmentPass());
  llvm::ModulePassManager mpm;
  mpm.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(fpm)));
  // Operands that are only read are read through the read-only path.
  mpm.addPass(llvm::createModuleToPostOrderCGSCCPassAdaptor(llvm::PostOrderFunctionAttrsPass()));
  mpm.run(module, mam);
}

/// Functions that code generation would have to call from a library; null: none.
static std::string libraryFunction(llvm::Module &module) {
  for (llvm::Function &f : module) {
    if (!f.isDeclaration() || f.use_empty())
      continue;
    if (!f.isIntrinsic())
      return f.getName().str();
    switch (f.getIntrinsicID()) {
    case llvm::Intrinsic::acos:
    case llvm::Intrinsic::asin:
    case llvm::Intrinsic::atan:
    case llvm::Intrinsic::atan2:
    case llvm::Intrinsic::cos:
    case llvm::Intrinsic::cosh:
    case llvm::Intrinsic::exp:
    case llvm::Intrinsic::exp10:
    case llvm::Intrinsic::exp2:
    case llvm::Intrinsic::frexp:
    case llvm::Intrinsic::ldexp:
    case llvm::Intrinsic::log:
    case llvm::Intrinsic::log10:
    case llvm::Intrinsic::log2:
    case llvm::Intrinsic::pow:
    case llvm::Intrinsic::powi:
    case llvm::Intrinsic::sin:
    case llvm::Intrinsic::sincos:
    case llvm::Intrinsic::sinh:
    case llvm::Intrinsic::tan:
    case llvm::Intrinsic::tanh:
      return f.getName().str();
    default:
      break;
    }
  }
  return {};
}

/// Symbols beside the kernels get the name of the first one in front, so that
/// several texts make one image; every piece of inline assembly is convergent
/// (MLIR 22 forgets it), or it might be moved into a branch of some lanes.
static void prepare(llvm::Module &module) {
  std::string prefix;
  for (llvm::Function &f : module)
    if (prefix.empty() && f.getCallingConv() == llvm::CallingConv::PTX_Kernel)
      prefix = f.getName().str() + "_";
  for (llvm::GlobalVariable &g : module.globals())
    if (!g.isDeclaration())
      g.setName(prefix + g.getName());
  for (llvm::Function &f : module) {
    if (f.isDeclaration())
      continue;
    if (f.getCallingConv() != llvm::CallingConv::PTX_Kernel)
      f.setName(prefix + f.getName());
    for (llvm::Instruction &i : llvm::instructions(f))
      if (auto *call = llvm::dyn_cast<llvm::CallBase>(&i); call && call->isInlineAsm())
        call->setConvergent();
  }
}

LogicalResult mlopt::compileToPtx(ModuleOp module, const TargetDescription &target, const GpuOptions &options,
                                  std::string &ptx, std::string *llvmText) {
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
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context, "kernel");
  if (!llvmModule)
    return module.emitError("MLO3011: cannot translate a kernel to LLVM IR");
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target, options.optLevel);
  if (!machine)
    return module.emitError("MLO4001: this LLVM has no code generator for '") << target.triple << "'";
  llvmModule->setTargetTriple(llvm::Triple(target.triple));
  llvmModule->setDataLayout(machine->createDataLayout());
  prepare(*llvmModule);
  if (options.optLevel > 0)
    optimize(*llvmModule, *machine);
  if (llvmText) {
    llvm::raw_string_ostream os(*llvmText);
    llvmModule->print(os, nullptr);
  }
  auto external = [&](const std::string &name) {
    return module.emitError("MLO3011: GPU code calls '")
           << name << "', expected code that needs no library; report it with the model";
  };
  if (std::string name = libraryFunction(*llvmModule); !name.empty())
    return external(name);
  llvm::SmallVector<char, 0> text;
  llvm::raw_svector_ostream os(text);
  llvm::legacy::PassManager codegen;
  if (machine->addPassesToEmitFile(codegen, os, nullptr, llvm::CodeGenFileType::AssemblyFile))
    return module.emitError("MLO3011: cannot emit PTX for ") << target.name;
  codegen.run(*llvmModule);
  ptx.assign(text.begin(), text.end());
  // Code generation makes calls of its own, of a memory or division function say.
  if (size_t at = ptx.find(".extern .func"); at != std::string::npos) {
    StringRef rest = StringRef(ptx).substr(at + StringRef(".extern .func").size());
    StringRef name = rest.split('\n').first;
    if (name.contains(')'))
      name = name.split(')').second;
    return external(name.trim().split('(').first.trim().str());
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

/// A kernel's name in PTX, where identifiers have no dots. Names of kernels have no '$'.
static std::string ptxName(StringRef name) {
  std::string text = name.str();
  std::replace(text.begin(), text.end(), '.', '$');
  return text;
}

static FailureOr<OwningOpRef<ModuleOp>> emitGpuKernel(KernelOp kernel, const EmitterList &emitters,
                                                      const TargetDescription &target) {
  ScheduleAttr schedule = kernel.getScheduleAttr();
  if (!schedule)
    return kernel.emitError("MLO3002: kernel '") << kernel.getSymName() << "' has no schedule";
  if (readGpuLaunches(schedule).size() != static_cast<size_t>(schedule.getPhases()))
    return kernel.emitError("MLO3002: the schedule of kernel '")
           << kernel.getSymName() << "' states " << readGpuLaunches(schedule).size() << " launches for "
           << schedule.getPhases() << " phases";
  for (const std::unique_ptr<KernelEmitter> &emitter : emitters) {
    if (emitter->name() != schedule.getEmitter())
      continue;
    OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
    if (failed(emitter->emit(kernel, target, *module)))
      return failure();
    for (auto f : module->getOps<LLVM::LLVMFuncOp>())
      if (f.getSymName().starts_with(kernel.getSymName()) && !f.isExternal())
        f.setSymName(ptxName(f.getSymName()));
    return module;
  }
  return kernel.emitError("MLO3002: no GPU emitter is called '") << schedule.getEmitter() << "'";
}

/// PTX texts as one: the header of the first, the shared array once.
static std::string mergePtx(ArrayRef<std::string> texts) {
  const StringRef headerEnd = ".address_size 64\n", shared = ".extern .shared";
  std::string merged;
  bool haveShared = false;
  for (const std::string &text : texts) {
    StringRef rest = text;
    if (!merged.empty())
      rest = rest.substr(rest.find(headerEnd) + headerEnd.size());
    while (!rest.empty()) {
      StringRef line;
      size_t end = rest.find('\n');
      line = rest.take_front(end == StringRef::npos ? rest.size() : end + 1);
      rest = rest.drop_front(line.size());
      if (line.starts_with(shared)) {
        if (haveShared)
          continue;
        haveShared = true;
      }
      merged += line;
    }
  }
  return merged;
}

/// `work(0..count-1)` on up to `jobs` threads; messages come in their order.
static void inParallel(MLIRContext *context, unsigned jobs, size_t count, llvm::function_ref<void(size_t)> work) {
  if (jobs <= 1 || count <= 1) {
    for (size_t i = 0; i < count; ++i)
      work(i);
    return;
  }
  ParallelDiagnosticHandler inOrder(context);
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(jobs));
  for (size_t i = 0; i < count; ++i)
    pool.async([&, i] {
      inOrder.setOrderIDForThread(i);
      work(i);
      inOrder.eraseOrderIDForThread();
    });
  pool.wait();
}

FailureOr<std::vector<GpuImage>> mlopt::compileGpuKernels(ModuleOp module, const EmitterList &emitters,
                                                          const TargetDescription &target,
                                                          const GpuOptions &options,
                                                          function_ref<void(size_t, size_t)> progress) {
  SmallVector<KernelOp> kernels = llvm::to_vector(module.getOps<KernelOp>());
  std::vector<std::string> texts(kernels.size());
  std::atomic<size_t> done{0};
  std::atomic<bool> broken{false};
  unsigned jobs = options.jobs ? options.jobs : llvm::hardware_concurrency().compute_thread_count();
  inParallel(module.getContext(), jobs, kernels.size(), [&](size_t i) {
    FailureOr<OwningOpRef<ModuleOp>> emitted = emitGpuKernel(kernels[i], emitters, target);
    if (failed(emitted) || failed(compileToPtx(**emitted, target, options, texts[i])))
      broken = true;
    progress(++done, kernels.size());
  });
  if (broken)
    return failure();

  size_t most = std::max<size_t>(options.kernelsPerImage, 1);
  std::vector<GpuImage> images((kernels.size() + most - 1) / most);
  for (auto [n, image] : llvm::enumerate(images)) {
    size_t begin = n * most, end = std::min(begin + most, kernels.size());
    image.ptx = mergePtx(ArrayRef(texts).slice(begin, end - begin));
    for (size_t i = begin; i < end; ++i)
      for (auto [phase, launch] : llvm::enumerate(readGpuLaunches(kernels[i].getScheduleAttr()))) {
        GpuFunction f;
        f.name = ptxName(KernelSignature::getFunctionName(kernels[i], phase));
        f.kernel = kernels[i].getSymName().str();
        f.sharedBytes = launch.sharedBytes;
        image.functions.push_back(std::move(f));
      }
  }
  if (!options.ptxas.empty())
    inParallel(module.getContext(), jobs, images.size(), [&](size_t i) {
      if (failed(assembleImage(module.getLoc(), options.ptxas, target.cpu, options.optLevel, images[i])))
        broken = true;
    });
  if (broken)
    return failure();
  return images;
}
