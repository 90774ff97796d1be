//===- Structure.cpp - Constants and parameters ----------------------------===//
#include "Evaluation.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

static LogicalResult shareElements(ElementsAttr value, Evaluation &e) {
  std::string why;
  FailureOr<HostTensor> tensor = HostTensor::fromElements(value, &why);
  if (failed(tensor))
    return e.fail("the constant cannot be read: " + why);
  return e.share(0, tensor->toWide());
}

static LogicalResult evalNone(NoneOp, Evaluation &) { return success(); }

static LogicalResult evalConstant(ConstantOp op, Evaluation &e) {
  return shareElements(op.getValue(), e);
}

static LogicalResult evalGetParameter(GetParameterOp op, Evaluation &e) {
  auto parameter = SymbolTable::lookupNearestSymbolFrom<ParameterOp>(op, op.getNameAttr());
  if (!parameter)
    return e.fail("there is no parameter '" + op.getName() + "'");
  return shareElements(parameter.getValue(), e);
}

/// A layout is a matter of memory, not of values.
static LogicalResult evalRelayout(RelayoutOp op, Evaluation &e) {
  return e.share(0, e[op.getInput()]);
}

void reference::registerStructure(Registry &r) {
  r.add<NoneOp>(evalNone);
  r.add<ConstantOp>(evalConstant);
  r.add<GetParameterOp>(evalGetParameter);
  r.add<RelayoutOp>(evalRelayout);
}
