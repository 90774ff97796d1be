//===- CpuBackend.h - From kernels to machine code --------------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_CPUBACKEND_H
#define MLOPT_CODEGEN_CPUBACKEND_H

#include "mlopt/Passes/KernelEmitter.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlopt {

/// What the code generator may be asked for.
struct CodegenOptions {
  unsigned optLevel = 2;  ///< 0..3
  unsigned jobs = 0;      ///< threads, 0: as many as there are cores
  bool wantAsm = false;   ///< also keep assembly text
  bool wantLlvm = false;  ///< also keep LLVM IR text
};

/// One object file in memory.
struct ObjectBuffer {
  std::string name;
  llvm::SmallVector<char, 0> bytes;
  std::string asmText, llvmText;
};

/// The CPU emitters in order of preference, the generic one last.
EmitterList createCpuEmitters();

/// Dialects and interfaces that lowering needs, to be registered before the
/// context is made.
void registerCpuBackend(mlir::DialectRegistry &registry);

/// Lowers one module of llvm, scf, arith and vector operations to an object.
llvm::LogicalResult compileToObject(mlir::ModuleOp module, const TargetDescription &target,
                                    const CodegenOptions &options, ObjectBuffer &object);

/// A kernel's functions as a module of its own (phase `kernels`), failure after a diagnostic.
llvm::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
emitKernel(KernelOp kernel, const EmitterList &emitters, const TargetDescription &target);

/// Emits and compiles every kernel of `module`, in parallel, objects in the
/// kernels' order. `suffix` is appended to all function names (levels in one
/// artefact). `progress(done, total)` is called now and then, from any thread.
llvm::FailureOr<std::vector<ObjectBuffer>>
compileKernels(mlir::ModuleOp module, const EmitterList &emitters, const TargetDescription &target,
               const CodegenOptions &options, llvm::StringRef suffix,
               llvm::function_ref<void(size_t, size_t)> progress);

} // namespace mlopt

#endif // MLOPT_CODEGEN_CPUBACKEND_H
