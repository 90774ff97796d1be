//===- Graph.h - The `graph` phase ------------------------------*- C++ -*-===//
//
// What holds after the phase: the program is canonical, patterns are raised to
// operations of the dialect, constants and batch norms are folded, dead code
// is gone. Each pass stands in Passes.td with its description.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_GRAPH_GRAPH_H
#define MLOPT_PASSES_GRAPH_GRAPH_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlopt/IR/Mlopt.h"
#include <memory>

namespace mlopt {

struct GraphOptions {
  bool raise = true;     ///< patterns to layer_norm, gelu, softmax
  bool attention = true; ///< and to attention
};

/// Adds those passes of the phase that stand before differentiation: canonical, patterns raised.
void buildRaisePipeline(mlir::OpPassManager &pm, const GraphOptions &options = {});
/// Adds the passes of the phase, in order, to a pass manager of modules.
void buildGraphPipeline(mlir::OpPassManager &pm, const GraphOptions &options = {});

// createFoldConstantsPass, createSimplifyGraphPass, ..., their options, and
// registerMloptGraphPasses().
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "mlopt/Passes/Graph/Passes.h.inc"

/// Registers the pipeline as `mlopt-graph-pipeline`.
void registerGraphPipeline();

} // namespace mlopt

#endif // MLOPT_PASSES_GRAPH_GRAPH_H
