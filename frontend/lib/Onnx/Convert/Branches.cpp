//===- Branches.cpp - Branches whose condition is known -------------------===//
//
// Exporters write `If` for what depends on sizes alone (whether to squeeze an
// axis). With the sizes known, the branch taken is part of the graph, and
// nothing in the other one counts.
//
//===----------------------------------------------------------------------===//
#include "Branches.h"

using namespace mlir;

namespace mlopt::onnx {

/// The one element of the condition, a bool of any rank.
static std::optional<bool> findCondition(Node &n) {
  if (auto constant = n.constantInput(0);
      constant && constant->getElementType().isInteger(1) && constant->getNumElements() == 1)
    return *constant->value_begin<bool>();
  if (auto values = n.constantInts(0); values && values->size() == 1)
    return values->front() != 0;
  return std::nullopt;
}

Block *findTakenBranch(Node &n) {
  std::optional<bool> condition = findCondition(n);
  auto names = dyn_cast_or_null<ArrayAttr>(n.rawAttr("onnx.regions"));
  if (!condition || !names)
    return nullptr;
  for (auto [name, region] : llvm::zip(names, n.getOp()->getRegions())) {
    auto text = dyn_cast<StringAttr>(name);
    if (!text || text != (*condition ? "then_branch" : "else_branch") || !region.hasOneBlock())
      continue;
    Block &block = region.front();
    // A branch has no arguments and yields what the node does.
    if (block.getNumArguments() || block.empty() ||
        block.back().getName().getStringRef() != "onnx.Yield" ||
        block.back().getNumOperands() != n.getOp()->getNumResults())
      return nullptr;
    return &block;
  }
  return nullptr;
}

SmallVector<Operation *> moveBranchOut(Operation *op, Block *branch) {
  SmallVector<Operation *> moved;
  for (Operation &inner : llvm::drop_end(*branch))
    moved.push_back(&inner);
  op->getBlock()->getOperations().splice(op->getIterator(), branch->getOperations(),
                                         branch->begin(), std::prev(branch->end()));
  return moved;
}

} // namespace mlopt::onnx
