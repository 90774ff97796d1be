//===- mlopt-run.cpp - Runs compiled models; links no LLVM --------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

int main(int argc, char **argv) { return mlopt::runner::runnerMain(argc, argv, nullptr); }
