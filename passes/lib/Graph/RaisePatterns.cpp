//===- RaisePatterns.cpp - Compositions become operations -----------------===//
#include "GraphRules.h"
#include "mlopt/Passes/Graph/Graph.h"

namespace mlopt {
#define GEN_PASS_DEF_RAISEPATTERNSPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {
struct RaisePatterns : mlopt::impl::RaisePatternsPassBase<RaisePatterns> {
  using RaisePatternsPassBase::RaisePatternsPassBase;

  void runOnOperation() override {
    SmallVector<GraphRule> rules;
    llvm::append_range(rules, getNormalizationRules());
    llvm::append_range(rules, getActivationRules());
    applyRules(getOperation(), rules);
    // Attention looks for softmax, and for the normal form of views that
    // simplify-graph leaves.
    if (attention)
      applyRules(getOperation(), getAttentionRules());
  }
};
} // namespace
