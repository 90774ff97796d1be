//===- FlatPads.cpp - Padding inside of flat concatenations ---------------===//
//
// Tensors begin at multiples of 16 elements in the flat regions of training (ir.md
// section 7): their gradients are padded before they are put side by side. A pad
// of its own would copy the tensor; a part of zeros behind it is a few bytes.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlopt;

/// What a part of a flat concatenation only pads at its end, by the constant `fill`; else null.
static Value paddedInput(Value part, DenseElementsAttr &fill) {
  auto pad = part.getDefiningOp<PadOp>();
  if (!pad || pad.getMode() != PadMode::constant || pad.getStaticLow() != ArrayRef<int64_t>(0) ||
      !cast<RankedTensorType>(pad.getType()).hasStaticShape() ||
      !cast<RankedTensorType>(pad.getInput().getType()).hasStaticShape())
    return {};
  // A negative pad cuts elements off.
  if (cast<RankedTensorType>(pad.getType()).getDimSize(0) <
      cast<RankedTensorType>(pad.getInput().getType()).getDimSize(0))
    return {};
  auto value = pad.getValue().getDefiningOp<ConstantOp>();
  fill = value ? dyn_cast<DenseElementsAttr>(value.getValue()) : DenseElementsAttr();
  return fill && fill.isSplat() ? pad.getInput() : Value();
}

void mlopt::splitFlatPads(func::FuncOp function) {
  SmallVector<ConcatOp> concats;
  function.walk([&](ConcatOp concat) {
    if (concat.getType().getRank() == 1)
      concats.push_back(concat);
  });
  for (ConcatOp concat : concats) {
    SmallVector<Value> parts;
    llvm::SetVector<Operation *> pads;
    for (Value part : concat.getInputs()) {
      DenseElementsAttr fill;
      Value input = paddedInput(part, fill);
      if (!input) {
        parts.push_back(part);
        continue;
      }
      auto inside = cast<RankedTensorType>(input.getType()),
           whole = cast<RankedTensorType>(part.getType());
      pads.insert(part.getDefiningOp());
      parts.push_back(input);
      if (int64_t rest = whole.getDimSize(0) - inside.getDimSize(0)) {
        OpBuilder builder(concat);
        auto type = RankedTensorType::get({rest}, whole.getElementType());
        parts.push_back(
            ConstantOp::create(builder, part.getLoc(), type, fill.resizeSplat(type)));
      }
    }
    if (pads.empty())
      continue;
    concat.getInputsMutable().assign(parts);
    for (Operation *pad : pads)
      if (pad->use_empty())
        pad->erase();
  }
}
