//===- OnnxDialect.cpp - The source dialect of imported ONNX --------------===//
#include "mlopt/Frontend/OnnxDialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

using namespace mlir;

MLIR_DEFINE_EXPLICIT_TYPE_ID(mlopt::OnnxDialect)

namespace mlopt {

OnnxDialect::OnnxDialect(MLIRContext *context)
    : Dialect(getDialectNamespace(), context, TypeID::get<OnnxDialect>()) {
  allowUnknownOperations();
  allowUnknownTypes();
}

LogicalResult OnnxDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == "onnx.opset") {
    auto dict = dyn_cast<DictionaryAttr>(attribute.getValue());
    if (!dict || !llvm::all_of(
                     dict, [](NamedAttribute entry) { return isa<IntegerAttr>(entry.getValue()); }))
      return op->emitOpError(
          "attribute onnx.opset must be a dictionary of integers (domain = version)");
  }
  if (attribute.getName() == getUnsupportedAttrName()) {
    auto list = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!list || !llvm::all_of(list, [](Attribute entry) { return isa<StringAttr>(entry); }))
      return op->emitOpError("attribute onnx.unsupported must be a list of strings");
  }
  if (attribute.getName() == getParameterAttrName()) {
    auto name = dyn_cast<StringAttr>(attribute.getValue());
    if (!name || name.empty())
      return op->emitOpError("attribute onnx.parameter must be a name");
  }
  return success();
}

} // namespace mlopt
