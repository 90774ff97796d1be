//===- IntegerConvolutionEmitter.cpp - Convolution of bytes ---------------===//
#include "IntegerConvolutionEmitter.h"
#include "IntegerConvolutionBody.h"

using namespace mlir;
using namespace mlopt;

using Depthwise = IntegerConvolution::Depthwise;

/// Input channels in one product, and in a block of a stem.
constexpr int64_t quad = 4;

bool mlopt::isKnownZeroPoint(Value zero) {
  if (isa<NoneType>(zero.getType()))
    return true;
  auto constant = zero.getDefiningOp<ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  return dense && dense.isSplat() && dense.getSplatValue<APInt>().isZero();
}

StringRef IntegerConvolution::name() const {
  switch (depthwise) {
  case Depthwise::No:
    return form == ConvolutionForm::Stem ? "stem" : "blocked";
  case Depthwise::Windows:
    return "depthwise-windows";
  case Depthwise::Floats:
    return "depthwise-floats";
  case Depthwise::Words:
    return "depthwise-words";
  }
  llvm_unreachable("all forms are named");
}

static Depthwise depthwiseFor(IntegerConvOp op, const TargetDescription &target) {
  int64_t taps = 1;
  for (int64_t size : cast<RankedTensorType>(op.getFilter().getType()).getShape().drop_front(2))
    taps *= size;
  bool oneByOne = op.getDilations().back() == 1;
  if (target.hasVNNI && target.hasVBMI && target.vectorBytes >= 64 && oneByOne)
    return Depthwise::Windows;
  // |255 * -128| taps times, all of it below 2^24.
  return taps < 512 ? Depthwise::Floats : Depthwise::Words;
}

/// Columns x vectors, within the registers.
static ConvolutionWalk::Tile tileFor(const IntegerConvolution &plan,
                                     const TargetDescription &target) {
  ConvolutionWalk::Tile tile;
  tile.lanes = std::min<int64_t>(target.lanes(4), channelBlock);
  if (plan.depthwise != Depthwise::No) {
    tile.vectors = 1;
    tile.columns = target.vectorRegisters >= 32 ? 14 : 7;
    return tile;
  }
  tile.vectors = std::min<int64_t>(2, plan.memory.panel / tile.lanes);
  // The weights and one group of input channels as products take them.
  int64_t others =
      ByteDot::operandRegisters(target) * (tile.vectors + 1) + ByteDot::productRegisters(target);
  tile.columns = std::clamp<int64_t>((target.vectorRegisters - others) / tile.vectors, 1, 14);
  return tile;
}

std::optional<IntegerConvolution> IntegerConvolution::of(IntegerConvOp op,
                                                         const TargetDescription &target) {
  auto in = cast<RankedTensorType>(op.getInput().getType()),
       filter = cast<RankedTensorType>(op.getFilter().getType());
  if (!in.getElementType().isUnsignedInteger(8) || filter.getElementType().isUnsignedInteger() ||
      !isa<NoneType>(op.getFilterZero().getType()))
    return std::nullopt;
  if (!op.getRaw() && !isKnownZeroPoint(op.getInputZero()))
    return std::nullopt;
  // Inputs of more than one quad of channels are cheap enough in a whole block, of which only
  // quads that hold channels are multiplied.
  std::optional<ConvolutionForm> form =
      convolutionFormOf(op.getInput(), op.getFilter(), op.getGroups(), quad + 1);
  if (!form)
    return std::nullopt;
  IntegerConvolution plan;
  plan.form = *form;
  MLIRContext *context = op.getContext();
  unsigned rank = filter.getRank();
  int64_t kernelColumns = filter.getShape().back(), channels = in.getDimSize(1);
  int64_t block = *form == ConvolutionForm::Stem ? quad : channelBlock;
  plan.inputLayout = getChannelBlockedLayout(context, rank, block);
  plan.resultLayout = getChannelBlockedLayout(context, rank, channelBlock);
  ConvolutionWalk::Memory &memory = plan.memory;
  memory.pixel = block;
  memory.planes = llvm::divideCeil(channels, block);
  memory.columnsRead = kernelColumns;
  if (*form == ConvolutionForm::Depthwise) {
    plan.depthwise = depthwiseFor(op, target);
    bool windows = plan.depthwise == Depthwise::Windows;
    memory.blocks = 1;
    memory.panel = channelBlock;
    if (windows)
      memory.columnsRead = llvm::alignTo(kernelColumns, quad);
    memory.kernelRow = memory.columnsRead * channelBlock;
    memory.output = windows ? quad : 1;
    plan.filterLayout = windows ? getByteDepthwiseFilterLayout(context, rank, channelBlock)
                                : getDepthwiseFilterLayout(context, rank, channelBlock);
  } else {
    memory.blocks = llvm::divideCeil(filter.getDimSize(1), block);
    memory.panel = outputBlockOf(op.getFilter(), op.getGroups());
    memory.kernelRow = kernelColumns * block * memory.panel;
    memory.output = quad;
    plan.filterLayout = getByteFilterLayout(context, rank, memory.panel, block);
  }
  plan.tile = tileFor(plan, target);
  plan.parkBytes = llvm::alignTo(plan.tile.columns * plan.tile.vectors * plan.tile.lanes * 4, 64);
  bool isPadded = llvm::any_of(op.getPadsBegin(), [](int64_t p) { return p; }) ||
                  llvm::any_of(op.getPadsEnd(), [](int64_t p) { return p; });
  if (isPadded && !isKnownZeroPoint(op.getInputZero())) {
    plan.zero = op.getInputZero();
    int64_t pixels = (plan.tile.columns - 1) * op.getStrides().back() +
                     (memory.columnsRead - 1) * op.getDilations().back() + 1;
    plan.paddingBytes = llvm::alignTo(pixels * memory.pixel, 64);
  }
  return plan;
}

namespace {

class IntegerConvolutionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "integer_convolution"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero,
                                        llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &target) const override {
    auto op = dyn_cast<IntegerConvOp>(hero);
    std::optional<IntegerConvolution> plan = op ? IntegerConvolution::of(op, target) : std::nullopt;
    if (!plan)
      return std::nullopt;
    LayoutWish wish;
    wish.operands = {plan->inputLayout, plan->filterLayout, LayoutAttr(), LayoutAttr()};
    wish.result = plan->resultLayout;
    return wish;
  }

  bool accept(KernelOp kernel, const TargetDescription &target,
              std::string &reason) const override {
    auto op = dyn_cast_or_null<IntegerConvOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no convolution of integers";
      return false;
    }
    std::optional<IntegerConvolution> plan = IntegerConvolution::of(op, target);
    if (!plan) {
      reason =
          "expects a raw convolution (or zero points 0) of ui8 with i8, one to three spatial axes, "
          "a static filter, and one group, a depthwise filter or groups of whole blocks of 16 "
          "channels";
      return false;
    }
    auto input = dyn_cast<BlockArgument>(op.getInput()),
         filter = dyn_cast<BlockArgument>(op.getFilter());
    if (!input || !filter) {
      reason = "expects input and filter to be operands of the kernel";
      return false;
    }
    if (layoutAt(kernel, input.getArgNumber()) != plan->inputLayout ||
        layoutAt(kernel, filter.getArgNumber()) != plan->filterLayout ||
        layoutAt(kernel, kernel.getFunctionType().getNumInputs()) != plan->resultLayout) {
      reason = "expects operands and result in blocked layouts";
      return false;
    }
    if (kernel.getFunctionType().getNumResults() != 1) {
      reason = "expects one result";
      return false;
    }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    auto op = cast<IntegerConvOp>(kernel.getHeroOp());
    IntegerConvolution plan = *IntegerConvolution::of(op, target);
    MLIRContext *context = kernel.getContext();
    Builder b(context);
    ShapeAnalysis shapes(kernel);
    ConvolutionShape shape = ConvolutionShape::of(op, shapes);
    if (shape.canFlatten(kernel, shapes))
      shape.flatten();
    SymExpr units = shape.units(shape.channelTiles(plan.tile.vectors * plan.tile.lanes));
    SymExpr scratch = SymExpr::constant(context, plan.parkBytes + plan.paddingBytes);
    auto i64 = [&](StringRef key, int64_t v) {
      return b.getNamedAttr(key, b.getI64IntegerAttr(v));
    };
    auto params = b.getDictionaryAttr(
        {i64("columns", plan.tile.columns), b.getNamedAttr("form", b.getStringAttr(plan.name())),
         i64("lanes", plan.tile.lanes), i64("vectors", plan.tile.vectors)});
    return ScheduleAttr::get(context, name(), 1, SymExpr::constant(context, 0).getAttr(),
                             scratch.getAttr(), {}, {}, {}, {}, units.getAttr(), {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    auto op = cast<IntegerConvOp>(kernel.getHeroOp());
    IntegerConvolution plan = *IntegerConvolution::of(op, target);
    ShapeAnalysis shapes(kernel);
    ConvolutionShape shape = ConvolutionShape::of(op, shapes);
    bool flat = shape.canFlatten(kernel, shapes);
    auto create = plan.depthwise == Depthwise::No ? createBlockedBytes : createDepthwiseBytes;
    return create(kernel, target, module, shape, plan, flat)->run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createIntegerConvolutionEmitter() {
  return std::make_unique<IntegerConvolutionEmitter>();
}
