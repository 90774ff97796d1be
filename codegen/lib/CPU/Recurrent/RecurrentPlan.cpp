//===- RecurrentPlan.cpp - Sizes and scratch of a recurrent layer ---------===//
#include "RecurrentPlan.h"
#include "../Contraction/Panels.h"
#include "Generic/RecurrentCell.h"

using namespace mlir;
using namespace mlopt;

/// Multiply-adds of one item's step below which threads do not meet after each
/// step: a barrier costs about 1 us, in which a core does 16 thousand of them.
static constexpr int64_t leastWorkPerStep = 16384;

int64_t mlopt::recurrentBlock(int64_t gates, int64_t hidden) {
  for (int64_t block = 16; block >= 1; block /= 2)
    if (hidden % block == 0)
      return gates * block % 16 == 0 ? block : 0;
  return 0;
}

static bool isPacked(KernelOp kernel, Value operand) {
  ArrayAttr layouts = kernel.getLayoutsAttr();
  unsigned i = cast<BlockArgument>(operand).getArgNumber();
  return layouts && i < layouts.size() && isa<LayoutAttr>(layouts[i]);
}

RecurrentPlan::RecurrentPlan(KernelOp kernel) : hero(kernel.getHeroOp()) {
  ShapeAnalysis shapes(kernel);
  SymShape x = shapes.shapeOf(hero->getOperand(0));
  steps = x[0];
  batch = x[1];
  inputs = x[2];
  auto direction = hero->getAttrOfType<RecurrentDirectionAttr>("direction").getValue();
  directions = direction == RecurrentDirection::bidirectional ? 2 : 1;
  gates = recurrentGates(hero);
  hidden = hero->getAttrOfType<IntegerAttr>("hidden_size").getInt();
  packedW = isPacked(kernel, hero->getOperand(1));
  packedR = isPacked(kernel, hero->getOperand(2));
  auto gru = dyn_cast<GruOp>(hero);
  if (gru && !gru.getLinearBeforeReset())
    stages = {{{0, 1}}, {{2}}};
  else
    stages = {{llvm::to_vector(llvm::seq<int64_t>(0, gates))}};
  block = packedR ? recurrentBlock(gates, hidden) : 16;
  // Enough columns to keep several accumulators busy for a single batch item.
  unit = std::min<int64_t>(stages.size() > 1 || gates == 1 ? 64 : 32, llvm::alignTo(hidden, 16));
  sequential = gates * hidden * hidden < leastWorkPerStep;
  partRows = sequential ? 4 : 24;
}

SymExpr RecurrentPlan::offset(Region region, int64_t gateStride) const {
  SymExpr at = SymExpr::constant(hero->getContext(), 0),
          state = batch * (directions * stateStride());
  if (region > InputGates)
    at = at + positions() * (directions * gateStride);
  if (region > H)
    at = at + state * 2;
  if (region > C && isa<LstmOp>(hero))
    at = at + state;
  bool resetFirst = stages.size() > 1;
  if (region > Z && resetFirst)
    at = at + state;
  if (region > ResetH && resetFirst)
    at = at + state;
  if (region > Weights && !packedR)
    at = at + directions * panels() * block * gates * hidden;
  return at;
}

ContractionBlocking RecurrentPlan::chooseProjection(const TargetDescription &target) const {
  ContractionSizes sizes;
  sizes.m = positions().getConstant();
  sizes.n = rows();
  sizes.k = inputs.getConstant();
  if (packedW)
    sizes.panelWidth = panelWidth;
  ContractionBlocking b = chooseBlocking(sizes, target);
  // The sums stay in registers over all inputs.
  b.kc = b.rowBlock = 0;
  return b;
}

ContractionBlocking RecurrentPlan::chooseStage(size_t i, const TargetDescription &target) const {
  std::optional<int64_t> items = batch.getConstant();
  if (items)
    items = std::min(*items, partRows);
  return chooseStepBlocking(parkColumns(stages[i]) / target.lanes(4), items, target);
}

int64_t RecurrentPlan::projectionGroup(const ContractionBlocking &b) const {
  return packedW ? std::max(b.width(), panelWidth) : b.width();
}

SymExpr RecurrentPlan::threadBytes(const ContractionBlocking &projection) const {
  int64_t park = 0;
  for (const RecurrentStage &stage : stages)
    park = std::max(park, partRows * parkColumns(stage) * 4);
  SymExpr bytes = SymExpr::constant(hero->getContext(), park);
  return packedW ? bytes : SymExpr::max(bytes, inputs * (projection.width() * 4));
}
