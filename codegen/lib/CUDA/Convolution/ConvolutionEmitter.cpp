//===- ConvolutionEmitter.cpp - Convolutions on a GPU ---------------------===//
#include "ConvolutionEmitter.h"
#include "ImplicitProduct.h"

using namespace mlir;
using namespace mlopt;

namespace {

using Form = GpuConvolutionForm;

class CudaConvolutionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-convolution"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero,
                                        llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<ConvOp>(hero);
    // Filters that the run gives are packed in the run.
    std::optional<Form> form = op ? gpuConvolutionForm(op, /*packable=*/true) : std::nullopt;
    if (!form)
      return std::nullopt;
    return gpuConvolutionLayouts(op, *form);
  }

  bool accept(KernelOp kernel, const TargetDescription &target,
              std::string &reason) const override {
    auto op = dyn_cast_or_null<ConvOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no convolution";
      return false;
    }
    auto input = dyn_cast<BlockArgument>(op.getInput()),
         filter = dyn_cast<BlockArgument>(op.getFilter());
    if (!input || !filter) {
      reason = "expects input and filter to be operands of the kernel";
      return false;
    }
    std::optional<Form> form =
        gpuConvolutionForm(op, bool(layoutAt(kernel, filter.getArgNumber())));
    if (!form) {
      reason = "expects f32, f16 or bf16, one to three spatial axes and a static filter";
      return false;
    }
    LayoutWish wish = gpuConvolutionLayouts(op, *form);
    if (layoutAt(kernel, input.getArgNumber()) != wish.operands[0] ||
        layoutAt(kernel, filter.getArgNumber()) != wish.operands[1] ||
        layoutAt(kernel, kernel.getFunctionType().getNumInputs()) != wish.result) {
      reason = "expects channels last";
      return false;
    }
    ShapeAnalysis shapes(kernel);
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    if (yield.getValues().size() != 1 ||
        shapes.shapeOf(yield.getValues()[0]) != shapes.shapeOf(op.getResult())) {
      reason = "expects one result of the convolution's shape";
      return false;
    }
    for (Operation &other : kernel.getBody().front().without_terminator())
      if (&other != op && !other.hasTrait<mlopt::OpTrait::Elementwise>() &&
          !isa<ConstantOp, NoneOp, BroadcastOp, IotaOp, SliceOp, arith::ConstantOp>(other)) {
        reason = "expects elementwise operations beside the convolution, got " +
                 other.getName().getStringRef().str();
        return false;
      }
    ConvolutionPlan plan(kernel, target, shapes);
    if (plan.form != Form::Depthwise && plan.columnTiles() * plan.shape.groups > 65535) {
      reason = "expects at most 65535 tiles of output channels";
      return false;
    }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    ShapeAnalysis shapes(kernel);
    ConvolutionPlan plan(kernel, target, shapes);
    MLIRContext *context = kernel.getContext();
    Builder b(context);
    StringRef forms[] = {"staged", "gathered", "depthwise"};
    SmallVector<GpuLaunch> launches = plan.launches();
    SmallVector<NamedAttribute> params = {
        b.getNamedAttr("form", b.getStringAttr(forms[static_cast<int>(plan.form)])),
        b.getNamedAttr("launch", encodeGpuLaunches(context, launches))};
    if (plan.form == Form::Depthwise) {
      params.push_back(b.getNamedAttr("columns", b.getI64IntegerAttr(plan.columns)));
      params.push_back(b.getNamedAttr("lanes", b.getI64IntegerAttr(plan.lanes)));
    } else {
      plan.tile.print(context, params);
    }
    SymExpr zero = SymExpr::constant(context, 0), one = SymExpr::constant(context, 1);
    return ScheduleAttr::get(context, name(), launches.size(), plan.scratchBytes().getAttr(),
                             zero.getAttr(), overwritable(kernel), {}, {}, {}, one.getAttr(), {},
                             b.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    ShapeAnalysis shapes(kernel);
    ConvolutionPlan plan(kernel, target, shapes, /*isScheduled=*/true);
    if (plan.form == Form::Depthwise)
      return emitDepthwise(kernel, target, module);
    for (int64_t phase = 0; phase < (plan.tile.splits > 1 ? 2 : 1); ++phase)
      if (failed(emitImplicitProduct(kernel, target, module, phase)))
        return failure();
    return success();
  }

private:
  /// Operands of the operations after the convolution (a residual): each element is read by the
  /// thread that then writes it.
  static SmallVector<int64_t> overwritable(KernelOp kernel) {
    SmallVector<int64_t> operands;
    for (BlockArgument argument : kernel.getBody().getArguments())
      if (readsElementItWrites(kernel, argument))
        operands.push_back(argument.getArgNumber());
    return operands;
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaConvolutionEmitter() {
  return std::make_unique<CudaConvolutionEmitter>();
}
