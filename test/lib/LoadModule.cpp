//===- LoadModule.cpp - The module that a test tool works on --------------===//
#include "LoadModule.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

mlopt::test::LoadedModule::LoadedModule(StringRef path, MLIRContext &context)
    : handler(sources, &context) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(path, &error);
  if (!file) {
    llvm::errs() << error << "\n";
    exitCode = 2;
    return;
  }
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    exitCode = 3;
}
