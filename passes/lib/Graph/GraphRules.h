//===- GraphRules.h - The rules of the graph phase, by file -----*- C++ -*-===//
#ifndef MLOPT_LIB_GRAPH_GRAPHRULES_H
#define MLOPT_LIB_GRAPH_GRAPHRULES_H

#include "mlopt/Passes/Graph/GraphRewriter.h"

namespace mlopt {

/// Chains of reshapes, transposes, slices and concatenations (SimplifyViews.cpp).
llvm::ArrayRef<GraphRule> getViewRules();
/// Views below elementwise operations and normalizations (SinkViews.cpp).
llvm::ArrayRef<GraphRule> getSinkRules();
/// Elementwise operations and matrix operands (SimplifyElementwise.cpp).
llvm::ArrayRef<GraphRule> getElementwiseRules();
/// Gathers that are views (SimplifyIndexing.cpp).
llvm::ArrayRef<GraphRule> getIndexingRules();

/// layer_norm, rms_norm, softmax (RaiseNormalization.cpp).
llvm::ArrayRef<GraphRule> getNormalizationRules();
/// gelu (RaiseActivation.cpp).
llvm::ArrayRef<GraphRule> getActivationRules();
/// attention (RaiseAttention.cpp).
llvm::ArrayRef<GraphRule> getAttentionRules();

} // namespace mlopt

#endif // MLOPT_LIB_GRAPH_GRAPHRULES_H
