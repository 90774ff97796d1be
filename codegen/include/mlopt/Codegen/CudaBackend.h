//===- CudaBackend.h - From kernels to PTX and machine code -----*- C++ -*-===//
#ifndef MLOPT_CODEGEN_CUDABACKEND_H
#define MLOPT_CODEGEN_CUDABACKEND_H

#include "mlopt/Passes/KernelEmitter.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlopt {

/// One function of a GPU image, and what ptxas says of it.
struct GpuFunction {
  std::string name;   ///< of the symbol in PTX
  std::string kernel; ///< name of the kernel
  std::optional<uint32_t> registers, spillBytes; ///< of a thread; none without ptxas
  uint32_t sharedBytes = 0; ///< dynamic shared bytes of a block, at most
};

/// Kernels that are loaded together.
struct GpuImage {
  std::string ptx;   ///< text
  std::string cubin; ///< machine code; empty without ptxas
  std::vector<GpuFunction> functions;
};

/// What the GPU code generator may be asked for.
struct GpuOptions {
  unsigned optLevel = 2;
  unsigned jobs = 0;    ///< threads, 0: as many as there are cores
  std::string ptxas;    ///< path of ptxas; empty: PTX alone
  bool wantLlvm = false; ///< also keep LLVM IR text
  size_t kernelsPerImage = 16;
};

/// The GPU emitters in order of preference, the generic one last.
EmitterList createCudaEmitters();

/// Dialects and interfaces that lowering needs, to be registered before the
/// context is made.
void registerCudaBackend(mlir::DialectRegistry &registry);

/// Looks for ptxas: `given` if not empty, else the environment variable
/// MLOPT_PTXAS, the PATH, CUDA_HOME and CUDA_PATH. Empty if there is none.
std::string findPtxas(llvm::StringRef given);

/// Lowers one module of nvvm, llvm, scf, arith and vector operations (kernels
/// of GpuBuilder) to PTX text. Failure after a diagnostic.
llvm::LogicalResult compileToPtx(mlir::ModuleOp module, const TargetDescription &target,
                                 const GpuOptions &options, std::string &ptx, std::string *llvmText = nullptr);

/// Emits and compiles every kernel of a planned module, in parallel. Functions
/// come in the kernels' order (phases in theirs). Shared bytes are those of the
/// kernels' schedules (GpuLaunch.h) at most. `progress(done, total)` is called
/// now and then, from any thread. Failure after a diagnostic.
llvm::FailureOr<std::vector<GpuImage>> compileGpuKernels(mlir::ModuleOp module, const EmitterList &emitters,
                                                         const TargetDescription &target,
                                                         const GpuOptions &options,
                                                         llvm::function_ref<void(size_t, size_t)> progress);

} // namespace mlopt

#endif // MLOPT_CODEGEN_CUDABACKEND_H
