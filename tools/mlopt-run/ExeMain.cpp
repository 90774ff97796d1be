//===- ExeMain.cpp - main of an executable that holds its model ---------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

// `mlopt --emit=exe` links this with the model's object, which defines the function.
extern "C" const mlopt_module *mlopt_module_query(void);

int main(int argc, char **argv) {
  return mlopt::runner::runnerMain(argc, argv, mlopt_module_query);
}
