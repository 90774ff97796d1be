//===- MathJit.cpp - Compiles rows of the table to loops over arrays ------===//

#include "MathJit.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/bit.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include <cmath>
#include <cstdlib>

using namespace mlir;

namespace mlopt::test {

[[noreturn]] static void die(llvm::Error error) {
  llvm::errs() << "mlopt-math-test: " << llvm::toString(std::move(error)) << "\n";
  std::exit(1);
}

std::vector<Level> availableLevels() {
  auto features = llvm::sys::getHostCPUFeatures();
  std::vector<Level> levels{{"v2", "x86-64-v2", MathOptions()}};
  if (features.lookup("avx2") && features.lookup("fma") && features.lookup("f16c"))
    levels.push_back({"v3", "x86-64-v3", MathOptions::fromFeatures("+fma,+f16c")});
  if (levels.size() > 1) {
    // What a GPU computes, on this machine.
    MathOptions gpu = levels[1].options;
    gpu.gpu = true;
    levels.push_back({"gpu", "x86-64-v3", gpu});
  }
  if (features.lookup("avx512vl") && features.lookup("avx512dq"))
    levels.push_back(
        {"v4", "x86-64-v4", MathOptions::fromFeatures("+fma,+f16c,+avx512f,+avx512vl,+avx512dq")});
  return levels;
}

static void buildLoop(OpBuilder &b, const RowInstance &instance, const MathOptions &options) {
  Location loc = b.getUnknownLoc();
  llvm::SmallVector<Type> argTypes;
  for (Type element : instance.call.operandElements)
    argTypes.push_back(MemRefType::get({kChunk}, storageType(element)));
  argTypes.push_back(MemRefType::get({kChunk}, storageType(instance.call.resultElement)));
  auto fn = func::FuncOp::create(b, loc, instance.symbol, b.getFunctionType(argTypes, {}));
  OpBuilder::InsertionGuard guard(b);
  Block *body = fn.addEntryBlock();
  b.setInsertionPointToStart(body);
  auto index = [&](int64_t v) -> Value { return arith::ConstantIndexOp::create(b, loc, v); };
  auto loop = scf::ForOp::create(b, loc, index(0), index(kChunk), index(instance.width));
  func::ReturnOp::create(b, loc);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar();
  ScalarMath math(b, loc, options);
  ScalarCall call = instance.call;
  call.operands.clear();
  for (auto [arg, element] : llvm::zip(body->getArguments().drop_back(), call.operandElements)) {
    Type storage = storageType(element);
    Value v;
    if (instance.width == 1)
      v = memref::LoadOp::create(b, loc, arg, i);
    else
      v = vector::LoadOp::create(b, loc, VectorType::get({instance.width}, storage), arg, i);
    call.operands.push_back(fromStorage(math, v, element));
  }
  Value r = toStorage(math, instance.row->emit(math, call), call.resultElement);
  Value out = body->getArguments().back();
  if (instance.width == 1)
    memref::StoreOp::create(b, loc, r, out, i);
  else
    vector::StoreOp::create(b, loc, r, out, i);
}

/// What a GPU has an instruction for, to nearest even. As the low bits of a float: that is the
/// register in which callers expect a bf16.
static float roundToBF16(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x);
  uint32_t rounded = std::isnan(x) ? 0x7FC00000 : bits + ((bits >> 16) & 1) + 0x7FFF;
  return llvm::bit_cast<float>(rounded >> 16);
}

MathJit::MathJit(MLIRContext &context, const Level &level, llvm::ArrayRef<RowInstance> instances) {
  static bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialized;
  OpBuilder b(&context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(b.getUnknownLoc());
  b.setInsertionPointToStart(module->getBody());
  for (const RowInstance &instance : instances)
    buildLoop(b, instance, level.options);

  PassManager pm(&context);
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createArithToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions funcOptions;
  funcOptions.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(funcOptions));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  if (failed(verify(*module)) || failed(pm.run(*module)))
    std::exit(1);

  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  auto llvmModule = translateModuleToLLVMIR(*module, *llvmContext);
  if (!llvmModule)
    std::exit(1);
  llvm::orc::JITTargetMachineBuilder machine{llvm::Triple(llvm::sys::getProcessTriple())};
  machine.setCPU(level.cpu);
  machine.setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
  // No platform: it would want the process's symbols, libm's f32 functions among them.
  auto created = llvm::orc::LLJITBuilder()
                     .setJITTargetMachineBuilder(std::move(machine))
                     .setLinkProcessSymbolsByDefault(false)
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create();
  if (!created)
    die(created.takeError());
  jit = std::move(*created);
  llvm::orc::SymbolMap symbols;
  auto define = [&](llvm::StringRef name, double (*fn)(double, double)) {
    symbols[jit->mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(fn),
                                           llvm::JITSymbolFlags::Exported};
  };
  if (level.options.gpu) {
    symbols[jit->mangleAndIntern("__truncsfbf2")] = {llvm::orc::ExecutorAddr::fromPtr(roundToBF16),
                                                     llvm::JITSymbolFlags::Exported};
  } else {
    define("fmod", static_cast<double (*)(double, double)>(std::fmod));
    define("pow", static_cast<double (*)(double, double)>(std::pow));
  }
  if (auto error = jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols))))
    die(std::move(error));
  if (auto error = jit->addIRModule(
          llvm::orc::ThreadSafeModule(std::move(llvmModule), std::move(llvmContext))))
    die(std::move(error));
}

void *MathJit::lookup(llvm::StringRef symbol) const {
  auto address = jit->lookup(symbol);
  if (!address)
    die(address.takeError());
  return address->toPtr<void *>();
}

void invoke(void *loop, llvm::ArrayRef<void *> a) {
  switch (a.size()) {
  case 2:
    return reinterpret_cast<void (*)(void *, void *)>(loop)(a[0], a[1]);
  case 3:
    return reinterpret_cast<void (*)(void *, void *, void *)>(loop)(a[0], a[1], a[2]);
  default:
    return reinterpret_cast<void (*)(void *, void *, void *, void *)>(loop)(a[0], a[1], a[2], a[3]);
  }
}

void MathJit::run(llvm::StringRef symbol, llvm::ArrayRef<void *> arrays) const {
  invoke(lookup(symbol), arrays);
}

} // namespace mlopt::test
