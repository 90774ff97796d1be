//===- PoolEmitter.cpp - Pooling on a GPU ---------------------------------===//
#include "PoolEmitter.h"
#include "PoolPlan.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;

namespace {

class CudaPoolEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-pool"; }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<PoolOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no pool of one result";
      return false;
    }
    auto type = cast<RankedTensorType>(op.getInput().getType());
    auto input = dyn_cast<BlockArgument>(op.getInput());
    if (!input || type.getRank() > 5) {
      reason = "expects an operand of the kernel with one to three spatial axes";
      return false;
    }
    if (!isa<FloatType>(type.getElementType()) && op.getKind() != PoolKind::max) {
      reason = "expects floats to be averaged";
      return false;
    }
    LayoutAttr in = layoutAt(kernel, input.getArgNumber()),
               out = layoutAt(kernel, kernel.getFunctionType().getNumInputs());
    bool last =
        !type.isDynamicDim(1) &&
        in == getChannelsLastLayout(kernel.getContext(), type.getRank(), type.getDimSize(1));
    if (in != out || (in && !last)) {
      reason = "expects input and result with channels last, or both row-major";
      return false;
    }
    ShapeAnalysis shapes(kernel);
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    if (yield.getValues().size() != 1 ||
        shapes.shapeOf(yield.getValues()[0]) != shapes.shapeOf(op.getResult())) {
      reason = "expects one result of the pool's shape";
      return false;
    }
    for (Operation &other : kernel.getBody().front().without_terminator())
      if (&other != op && !other.hasTrait<mlopt::OpTrait::Elementwise>() &&
          !isa<ConstantOp, NoneOp, BroadcastOp, IotaOp, SliceOp, arith::ConstantOp>(other)) {
        reason = "expects elementwise operations beside the pool, got " +
                 other.getName().getStringRef().str();
        return false;
      }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    auto op = cast<PoolOp>(kernel.getHeroOp());
    PoolPlan plan(op, layoutAt(kernel, cast<BlockArgument>(op.getInput()).getArgNumber()), shapes);
    Builder b(context);
    auto params = b.getDictionaryAttr({
        b.getNamedAttr("form", b.getStringAttr(plan.isWhole ? "whole" : "windows")),
        b.getNamedAttr("lanes", b.getI64IntegerAttr(plan.lanes)),
        b.getNamedAttr("launch", encodeGpuLaunches(context, plan.launch())),
    });
    SymExpr zero = SymExpr::constant(context, 0), one = SymExpr::constant(context, 1);
    SmallVector<int64_t> overwritable;
    for (BlockArgument argument : kernel.getBody().getArguments())
      if (readsElementItWrites(kernel, argument))
        overwritable.push_back(argument.getArgNumber());
    return ScheduleAttr::get(context, name(), 1, zero.getAttr(), zero.getAttr(), overwritable, {},
                             {}, {}, one.getAttr(), {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    return emitPool(kernel, target, module);
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaPoolEmitter() {
  return std::make_unique<CudaPoolEmitter>();
}
