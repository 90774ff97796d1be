//===- SimplifyGraph.cpp - Views cancel, no-ops vanish --------------------===//
#include "GraphRules.h"
#include "mlopt/Passes/Graph/Graph.h"

namespace mlopt {
#define GEN_PASS_DEF_SIMPLIFYGRAPHPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {
struct SimplifyGraph : mlopt::impl::SimplifyGraphPassBase<SimplifyGraph> {
  void runOnOperation() override {
    SmallVector<GraphRule> rules;
    llvm::append_range(rules, getElementwiseRules());
    llvm::append_range(rules, getIndexingRules());
    llvm::append_range(rules, getViewRules());
    llvm::append_range(rules, getSinkRules());
    applyRules(getOperation(), rules);
  }
};
} // namespace
