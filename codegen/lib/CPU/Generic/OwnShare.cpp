//===- OwnShare.cpp - What a thread touches in its own share only ---------===//
#include "OwnShare.h"
#include "mlopt/Passes/KernelSignature.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlopt;

/// Whether elements of the operand are needed at their own index only. Sizes only
/// grow along elementwise operations, and end at those that they began with.
static bool readWhereWritten(BlockArgument argument, Operation *rows) {
  llvm::SmallSetVector<Value, 8> values;
  values.insert(argument);
  for (size_t i = 0; i < values.size(); ++i)
    for (OpOperand &use : values[i].getUses()) {
      Operation *user = use.getOwner();
      if (isa<YieldOp>(user))
        continue;
      bool wholeRows = user == rows && use.getOperandNumber() == 0;
      if (!wholeRows && !user->hasTrait<mlopt::OpTrait::Elementwise>())
        return false;
      for (Value result : user->getResults())
        values.insert(result);
    }
  return true;
}

SmallVector<int64_t> mlopt::ownShare(KernelOp kernel, ShapeAnalysis &shapes,
                                     ArrayRef<SymExpr> shape, LayoutAttr layout, Operation *rows) {
  SmallVector<int64_t> part;
  Block &body = kernel.getBody().front();
  for (BlockArgument argument : body.getArguments())
    if (isa<RankedTensorType>(argument.getType()) &&
        ArrayRef<SymExpr>(shapes.shapeOf(argument)) == shape &&
        layoutAt(kernel, argument.getArgNumber()) == layout && readWhereWritten(argument, rows))
      part.push_back(argument.getArgNumber());
  unsigned inputs = body.getNumArguments();
  auto yield = cast<YieldOp>(body.getTerminator());
  for (auto [i, value] : llvm::enumerate(yield.getValues()))
    if (ArrayRef<SymExpr>(shapes.shapeOf(value)) == shape && layoutAt(kernel, inputs + i) == layout)
      part.push_back(inputs + i);
  return part;
}
