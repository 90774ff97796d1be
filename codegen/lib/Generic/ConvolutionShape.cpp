//===- ConvolutionShape.cpp - What a convolution's loops need to know -----===//
#include "ConvolutionShape.h"

using namespace mlir;
using namespace mlopt;

ConvolutionShape::ConvolutionShape(Value input, Value filter, Value result, int64_t groups,
                                   ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                                   ArrayRef<int64_t> padsBegin, ArrayRef<int64_t> padsEnd,
                                   ShapeAnalysis &shapes)
    : input(input), filter(filter), result(result),
      filterSizes(llvm::to_vector(cast<RankedTensorType>(filter.getType()).getShape())),
      groups(groups), in(shapes.shapeOf(input)), out(shapes.shapeOf(result)) {
  SymExpr one = SymExpr::constant(input.getContext(), 1);
  unsigned missing = 5 - rank();
  for (unsigned i = 0; i < 3; ++i) {
    if (i < missing) {
      axes[i].in = axes[i].out = one;
      continue;
    }
    unsigned at = i - missing;
    axes[i] = {filterSizes[at + 2], strides[at], dilations[at], padsBegin[at],
               padsEnd[at],         in[at + 2],  out[at + 2]};
  }
}

bool ConvolutionShape::canFlatten(KernelOp kernel, ShapeAnalysis &shapes) const {
  if (!llvm::all_of(axes, [](const ConvolutionAxis &axis) { return axis.isTrivial(); }))
    return false;
  for (BlockArgument argument : kernel.getBody().getArguments()) {
    if (argument == filter || !isa<RankedTensorType>(argument.getType()))
      continue;
    SymShape s = shapes.shapeOf(argument);
    ArrayRef<SymExpr> spatial = ArrayRef(s).take_back(std::min(s.size(), rank() - 2));
    bool full = s.size() == rank() && spatial == ArrayRef(out).drop_front(2);
    if (!full && !llvm::all_of(spatial, [](SymExpr size) { return size.isConstant(1); }))
      return false;
  }
  return true;
}

void ConvolutionShape::flatten() {
  ConvolutionAxis &column = axes[Column];
  for (int outer : {Depth, Row}) {
    column.in = axes[outer].in * column.in;
    column.out = axes[outer].out * column.out;
    axes[outer].in = axes[outer].out = SymExpr::constant(input.getContext(), 1);
  }
}

SymExpr ConvolutionShape::units(int64_t channelTiles) const {
  return out[0] * channelTiles * axes[Depth].out * axes[Row].out;
}

std::optional<ConvolutionForm> mlopt::convolutionFormOf(Value input, Value filter, int64_t groups,
                                                        int64_t blocked) {
  auto in = cast<RankedTensorType>(input.getType()),
       weights = cast<RankedTensorType>(filter.getType());
  if (in.getRank() > 5 || !weights.hasStaticShape() || in.isDynamicDim(1))
    return std::nullopt;
  int64_t outputs = weights.getDimSize(0), perGroup = weights.getDimSize(1);
  if (groups == in.getDimSize(1) && groups == outputs && perGroup == 1 && groups > 1)
    return ConvolutionForm::Depthwise;
  if (groups != 1) {
    bool wholeBlocks = perGroup % channelBlock == 0 && outputs / groups % channelBlock == 0;
    return wholeBlocks ? std::optional(ConvolutionForm::Blocked) : std::nullopt;
  }
  return in.getDimSize(1) >= blocked ? ConvolutionForm::Blocked : ConvolutionForm::Stem;
}

int64_t mlopt::outputBlockOf(Value filter, int64_t groups) {
  int64_t outputs = cast<RankedTensorType>(filter.getType()).getDimSize(0) / groups;
  return llvm::divideCeil(outputs, channelBlock) % 2 == 0 ? 2 * channelBlock : channelBlock;
}
