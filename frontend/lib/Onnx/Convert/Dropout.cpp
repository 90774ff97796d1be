//===- Dropout.cpp - ONNX Dropout -----------------------------------------===//
#include "Conversion.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// A Dropout with a number that no other one before it in the block has: two of one operand and one
/// ratio draw twice, and without it they would be one operation. Never folded: of a constant, too,
/// training drops elements.
Value numberedDropout(Node &n, Value x, double ratio) {
  auto op = DropoutOp::create(n.getBuilder(), n.getLoc(), x.getType(), x, APFloat(ratio));
  int64_t number = 0;
  for (Operation *before = op->getPrevNode(); before; before = before->getPrevNode())
    if (isa<DropoutOp>(before)) {
      if (auto last = before->getAttrOfType<IntegerAttr>("mlopt.stream"))
        number = last.getInt() + 1;
      break;
    }
  op->setAttr("mlopt.stream", n.getBuilder().getI64IntegerAttr(number));
  return op;
}

/// Training: the mark that the training step replaces by random numbers.
LogicalResult dropoutInTraining(Node &n, Value x) {
  double ratio = n.floatAttr("ratio", 0.5); // an attribute before opset 12
  if (n.has(1)) {
    auto constant = n.constantFloats(1);
    if (!constant || constant->size() != 1)
      return n.unsupported("a ratio that is known only at run time");
    ratio = constant->front();
  }
  if (!(ratio >= 0 && ratio < 1))
    return n.malformed("the ratio is " + llvm::formatv("{0}", ratio).str() +
                       ", expected one in [0, 1)");
  if (n.hasResult(1))
    return n.unsupported("the mask as a result, in training");
  return n.finish(ratio == 0 ? x : numberedDropout(n, x, ratio));
}

/// Inference: the operand itself, and a mask of ones.
LogicalResult dropout(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  if (n.isTraining())
    return dropoutInTraining(n, x);
  if (n.has(2) && !n.isInference()) {
    auto training = n.constantInts(2), isOn = training;
    if (!isOn || isOn->size() != 1)
      return n.unsupported(
          "a training_mode that is known only at run time; --inference passes it over");
    auto ratio = n.constantFloats(1);
    if (isOn->front() != 0 && !(ratio && ratio->size() == 1 && ratio->front() == 0))
      return n.unsupported("training_mode (random numbers); --inference passes it over");
  }
  SmallVector<Value> results{x};
  if (n.hasResult(1)) {
    // Before opset 10 the mask has the operand's type.
    Type element = n.getOpset() < 10 ? n.elementOf(x) : n.getBuilder().getI1Type();
    results.push_back(n.broadcast(n.scalarInt(element, 1), n.shapeOf(x)));
  }
  return n.finish(results);
}

const Entry entries[] = {
    {"Dropout", 7, dropout},
};

} // namespace

ArrayRef<Entry> getDropoutEntries() { return entries; }

} // namespace mlopt::onnx
