//===- CheckVerb.cpp - mlopt check MODEL ----------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Model.h"
#include "Driver/Verbs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/raw_ostream.h"

namespace mlopt {

int runCheck(const CommandLine &line) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  Diagnostics diagnostics(line.compile);
  diagnostics.attach(*context);
  ImportReport report;
  mlir::OwningOpRef<mlir::ModuleOp> module = loadModel(line.compile, *context, &report);
  for (const std::string &note : report.notes)
    diagnostics.note(note);
  if (!module)
    return diagnostics.failed();
  size_t operations = 0;
  module->walk([&](mlir::Operation *) { ++operations; });
  if (!line.compile.quiet && !line.compile.json)
    llvm::outs() << line.compile.model << ": no problems found (" << operations
                 << " operations after conversion)\n";
  return kExitOk;
}

} // namespace mlopt
