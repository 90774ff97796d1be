//===- PoolPlan.cpp - How a GPU pools -------------------------------------===//
#include "PoolPlan.h"
#include "mlopt/Codegen/ScalarTable.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;

/// Elements of an image from which on several threads share its one window.
static constexpr int64_t kWholeFrom = 64;

PoolPlan::PoolPlan(PoolOp op, LayoutAttr layout, ShapeAnalysis &shapes) : op(op) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  element = type.getElementType();
  SymShape in = shapes.shapeOf(op.getInput()), out = shapes.shapeOf(op.getResult());
  samples = in[0];
  channels = in[1];
  SymExpr one = SymExpr::constant(op.getContext(), 1);
  unsigned missing = 5 - type.getRank();
  bool whole = true;
  for (unsigned i = 0; i < 3; ++i) {
    if (i < missing) {
      axes[i].in = axes[i].out = one;
      continue;
    }
    unsigned at = i - missing;
    axes[i] = {op.getKernel()[at],
               op.getStrides()[at],
               op.getDilations()[at],
               op.getPadsBegin()[at],
               op.getPadsEnd()[at],
               op.getExtraEnd()[at],
               in[at + 2],
               out[at + 2]};
    whole &= !axes[i].isPadded() && axes[i].in.isConstant(axes[i].kernel) && axes[i].dilation == 1;
  }
  isWhole = whole && taps() >= kWholeFrom;
  if (layout) {
    channelsLast = true;
    channelStride = llvm::alignTo(*channels.getConstant(), 8);
    lanes = std::min<int64_t>(8, 16 / getElementBytes(storageType(element)));
  }
  if (isWhole) {
    threads = 256;
    sharing = channelsLast ? 8 : 32;
  }
}

SymExpr PoolPlan::vectors() const {
  return channelsLast ? SymExpr::constant(op->getContext(), channelStride / lanes) : channels;
}

GpuLaunch PoolPlan::launch() const {
  SymExpr units = samples * vectors();
  for (const PoolAxis &axis : axes)
    units = units * axis.out;
  int64_t inBlock = threads / sharing;
  int64_t sharedBytes =
      isWhole && channelsLast ? threads * lanes * getElementBytes(computeType(element)) : 0;
  return makeGpuLaunch(units.ceilDiv(inBlock), threads, sharedBytes);
}
