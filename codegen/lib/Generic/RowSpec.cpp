//===- RowSpec.cpp - Rows of softmax, norms and reductions ----------------===//
#include "RowSpec.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

RowSpec mlopt::rowSpecOf(Operation *hero) {
  RowSpec spec;
  auto rank = cast<RankedTensorType>(hero->getOperand(0).getType()).getRank();
  auto from = [&](int64_t axis) {
    for (int64_t i = axis; i < rank; ++i)
      spec.axes.push_back(i);
  };
  llvm::TypeSwitch<Operation *>(hero)
      .Case<SoftmaxOp>([&](SoftmaxOp op) { spec.axes = {static_cast<int64_t>(op.getAxis())}; })
      .Case<LayerNormOp, RmsNormOp>([&](auto op) { from(op.getAxis()); })
      .Case<GroupNormOp>([&](GroupNormOp op) {
        from(1);
        spec.groupAxis = 1;
        spec.groups = op.getGroups();
      })
      .Case<ReduceOp>([&](ReduceOp op) { spec.axes = llvm::to_vector(op.getAxes()); });
  return spec;
}

bool mlopt::isRowHero(Operation *hero) {
  if (auto reduce = dyn_cast<ReduceOp>(hero)) {
    // Across rows the plain walk over the result already has full vectors.
    auto rank = cast<RankedTensorType>(reduce.getInput().getType()).getRank();
    return !reduce.getAxes().empty() && reduce.getAxes().back() == rank - 1;
  }
  return isa<SoftmaxOp, LayerNormOp, RmsNormOp, GroupNormOp>(hero);
}
