//===- HostProgram.h - Host functions of a program --------------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_HOSTPROGRAM_H
#define MLOPT_CODEGEN_HOSTPROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlopt/RT/Mlrt.h"

namespace mlopt {

/// Names of the functions that a program becomes (`mlopt_sizes_fn` and
/// `mlopt_run_fn` of module_abi.h), and what is appended to the names of kernels.
struct HostFunctions {
  std::string sizes, run, kernelSuffix;
};

/// The symbols of one entry point: those of the first program, then what the
/// programs of other levels have beyond. `frame->symbols` has this order.
llvm::SmallVector<rt::SymbolAttr> mergeSymbols(llvm::ArrayRef<rt::ProgramOp> programs);

/// Emits `sizes` alone, which GPU code has as well.
llvm::LogicalResult emitSizes(rt::ProgramOp program, llvm::ArrayRef<rt::SymbolAttr> entrySymbols,
                              llvm::StringRef name, mlir::ModuleOp target);

/// Emits both functions into `target`, a module to be lowered by
/// `compileToObject`. Kernels are declared there. Weights must have their
/// offsets (WeightsPlan). Failure after a diagnostic.
llvm::LogicalResult emitHostProgram(rt::ProgramOp program,
                                    llvm::ArrayRef<rt::SymbolAttr> entrySymbols,
                                    const HostFunctions &names, mlir::ModuleOp target);

} // namespace mlopt

#endif // MLOPT_CODEGEN_HOSTPROGRAM_H
