//===- StructureOps.cpp - Constants, parameters, kernels ------------------===//
#include "mlopt/IR/Mlopt.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/StructureOps.cpp.inc"

OpFoldResult NoneOp::fold(FoldAdaptor) { return UnitAttr::get(getContext()); }

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult GetParameterOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(*this, getNameAttr());
  if (!parameter)
    return emitOpError("expects a parameter named '") << getName() << "'";
  if (parameter.getTensorType() != getType())
    return emitOpError("expects the parameter's type ")
           << parameter.getTensorType() << ", got " << getType();
  return success();
}

LogicalResult RelayoutOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                      std::optional<Location>, SmallVectorImpl<SymShape> &shapes) {
  shapes.assign(1, source.shapeOf(adaptor.getInput()));
  return success();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

void KernelOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type,
                     Hero hero) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  state.addAttribute(getHeroAttrName(state.name), HeroAttr::get(builder.getContext(), hero));
  Region *body = state.addRegion();
  Block *block = new Block();
  body->push_back(block);
  for (Type input : type.getInputs())
    block->addArgument(input, state.location);
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag,
                      std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void KernelOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false,
                                           getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

Operation *KernelOp::getHeroOp() {
  for (Operation &op : getBody().front())
    if (op.hasAttr("mlopt.hero_op"))
      return &op;
  return nullptr;
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("expects a kernel named '") << getKernel() << "'";
  FunctionType type = kernel.getFunctionType();
  if (type.getNumInputs() != getNumOperands() || type.getNumResults() != getNumResults())
    return emitOpError("expects ")
           << type.getNumInputs() << " operands and " << type.getNumResults() << " results, got "
           << getNumOperands() << " and " << getNumResults();
  if (!areCompatibleTypes(getOperandTypes(), type.getInputs()) ||
      !areCompatibleTypes(getResultTypes(), type.getResults()))
    return emitOpError("expects types that go with the kernel's ") << type;
  return success();
}
