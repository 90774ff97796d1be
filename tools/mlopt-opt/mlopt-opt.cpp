//===- mlopt-opt.cpp - Runs single passes on textual IR -----------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-opt with the dialects and passes of mlopt, a pass for tests of gradients
// (CheckGradients.cpp), and two options of its own: --cpu=LEVEL for the passes that
// know a target (default x86-64-v3; sm_90 and the like make it a GPU), and --no-fuse for the pass that forms kernels.
//
//===----------------------------------------------------------------------===//
#include "CheckGradients.h"
#include "Driver/Registration.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"

#include <cstring>

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  mlopt::PassDefaults defaults;
  std::vector<char *> arguments;
  for (int i = 0; i < argc; ++i) {
    if (!std::strncmp(argv[i], "--cpu=", 6))
      defaults.cpu = argv[i] + 6;
    else if (!std::strcmp(argv[i], "--no-fuse"))
      defaults.fuse = false;
    else
      arguments.push_back(argv[i]);
  }
  if (!mlopt::registerPasses(defaults)) {
    llvm::errs() << "mlopt-opt: error: unknown CPU level '" << defaults.cpu << "'; known are "
                 << mlopt::listTargetNames() << ", " << mlopt::listGpuTargetNames() << "\n";
    return 2;
  }
  mlopt::registerCheckGradientsPass();
  mlir::DialectRegistry registry;
  mlopt::registerDialects(registry);
  arguments.push_back(nullptr);
  return mlir::asMainReturnCode(mlir::MlirOptMain(int(arguments.size()) - 1, arguments.data(),
                                                  "mlopt's pass driver\n", registry));
}
