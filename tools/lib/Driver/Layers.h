//===- Layers.h - Intermediate values as results ----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_LAYERS_H
#define MLOPT_TOOLS_LIB_DRIVER_LAYERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace mlopt {

/// The names of the model's nodes that one launch computes, for each launch.
using LaunchNodes = std::vector<std::vector<std::string>>;

/// A result of a function whose layers are exposed.
struct Layer {
  std::string node, opType; ///< of the model; empty for an input that is returned
  unsigned result;          ///< its number among the function's results
};

/// Makes intermediate values of an imported function (phase `input`) further results of
/// it, named "mlopt.layer.N". A node's result is exposed where another node uses it and no
/// launch holds both: what a kernel keeps to itself stays there, so that the kernels of the
/// function are those that it has without. With no launches every node's result is exposed.
/// Returns all results in the order in which the graph computes them.
std::vector<Layer> exposeLayers(mlir::func::FuncOp function, const LaunchNodes &launches);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_LAYERS_H
