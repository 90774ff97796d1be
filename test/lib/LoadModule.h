//===- LoadModule.h - The module that a test tool works on ------*- C++ -*-===//
#ifndef MLOPT_TEST_LIB_LOADMODULE_H
#define MLOPT_TEST_LIB_LOADMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

namespace mlopt::test {

/// A module read from a file, with what prints diagnostics with the lines they are about.
/// Lives as long as diagnostics may come.
class LoadedModule {
public:
  /// `path`: "-" is standard input. What is wrong is printed on standard error.
  LoadedModule(llvm::StringRef path, mlir::MLIRContext &context);

  /// 0, or the exit code of a tool: 2 no such file, 3 no module.
  int getExitCode() const { return exitCode; }
  mlir::ModuleOp get() { return *module; }

private:
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler handler;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  int exitCode = 0;
};

} // namespace mlopt::test

#endif // MLOPT_TEST_LIB_LOADMODULE_H
