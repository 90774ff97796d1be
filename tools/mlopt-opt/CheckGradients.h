//===- CheckGradients.h - Gradients against differences -------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_OPT_CHECKGRADIENTS_H
#define MLOPT_TOOLS_OPT_CHECKGRADIENTS_H

namespace mlopt {

/// Registers `--mlopt-check-gradients` (see CheckGradients.cpp).
void registerCheckGradientsPass();

} // namespace mlopt

#endif // MLOPT_TOOLS_OPT_CHECKGRADIENTS_H
