//===- FoldSmall.cpp - Evaluation of operations on small constants --------===//
#include "FoldSmall.h"
#include "mlopt/Reference/Evaluator.h"

using namespace mlir;

namespace mlopt::onnx {

/// The value of one operation on constants, rounded to its types.
static LogicalResult evaluate(Operation *op, SmallVectorImpl<Attribute> &values) {
  if (!Evaluator::hasSemantics(op->getName().getStringRef()))
    return failure();
  // Weights stay integers: whether a product takes them as such is the phase `quantize`'s decision.
  if (isa<DequantizeOp, DequantizeBlockedOp>(op))
    return failure();
  SmallVector<HostTensor> operands;
  for (Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<ConstantOp>();
    if (!constant) {
      if (!operand.getDefiningOp<NoneOp>())
        return failure();
      operands.emplace_back();
      continue;
    }
    FailureOr<HostTensor> tensor = HostTensor::fromElements(constant.getValue());
    if (failed(tensor))
      return failure();
    operands.push_back(*tensor);
  }
  EvaluatorOptions options;
  options.emitErrors = false; // the operation stays and says so when it runs
  Evaluator evaluator(EvaluationMode::Typed, options);
  FailureOr<Evaluator::Tensors> results = evaluator.evaluateOp(op, operands);
  if (failed(results))
    return failure();
  for (const HostTensor &result : *results)
    values.push_back(result.toElements());
  return success();
}

ComposeBuilder::FoldFn getFolder() { return evaluate; }

} // namespace mlopt::onnx
