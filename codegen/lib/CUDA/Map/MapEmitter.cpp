//===- MapEmitter.cpp - Kernels that write each element for itself --------===//
#include "MapEmitter.h"
#include "PickedMap.h"
#include "StridedMap.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

namespace {

class CudaMapEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-map"; }

  bool accept(KernelOp kernel, const TargetDescription &target, std::string &reason) const override {
    if (!kernel.getHeroOp()) {
      reason = "no operation of the kernel is marked as its hero";
      return false;
    }
    ShapeAnalysis shapes(kernel);
    std::string notStrided;
    return planStridedMap(kernel, shapes, target, notStrided) || planPickedMap(kernel, shapes, target, reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    Builder b(context);
    SmallVector<NamedAttribute> params;
    auto param = [&](StringRef name, Attribute value) { params.push_back(b.getNamedAttr(name, value)); };
    std::string reason;
    GpuLaunch launch;
    SymExpr units;
    auto describe = [&](StringRef walk, int64_t lanes, const MapWalk &w) {
      param("walk", b.getStringAttr(walk));
      param("lanes", b.getI64IntegerAttr(lanes));
      param("items", b.getI64IntegerAttr(w.unroll));
      units = w.items;
    };
    if (std::optional<StridedMap> map = planStridedMap(kernel, shapes, target, reason)) {
      launch = map->launch();
      describe("strides", map->lanes, map->walk);
    } else {
      std::optional<PickedMap> picked = planPickedMap(kernel, shapes, target, reason);
      launch = picked->launch();
      describe("picked", picked->lanes, picked->walk);
    }
    param("launch", encodeGpuLaunches(context, launch));
    SmallVector<int64_t> mayOverwrite;
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (readOnlyInPlace(kernel, argument))
        mayOverwrite.push_back(i);
    SymExprAttr zero = SymExpr::constant(context, 0).getAttr();
    return ScheduleAttr::get(context, name(), /*phases=*/1, zero, zero, mayOverwrite, {}, {}, {}, units.getAttr(),
                             {}, b.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    GpuBuilder g(kernel, target, module);
    std::string reason;
    LogicalResult result = success();
    if (std::optional<StridedMap> map = planStridedMap(kernel, g.shapes, target, reason))
      result = emitStridedMap(g, *map);
    else
      result = emitPickedMap(g, *planPickedMap(kernel, g.shapes, target, reason));
    g.finish();
    return result;
  }

private:
  /// Whether a result may take this operand's memory: each thread reads what it writes before it does.
  static bool readOnlyInPlace(KernelOp kernel, BlockArgument argument) {
    return readsElementItWrites(kernel, argument) &&
           llvm::all_of(kernel.getBody().front().without_terminator(), [](Operation &op) {
             return op.hasTrait<mlopt::OpTrait::Elementwise>() ||
                    isa<ConstantOp, IotaOp, NoneOp, BroadcastOp>(op);
           });
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaMapEmitter() { return std::make_unique<CudaMapEmitter>(); }
