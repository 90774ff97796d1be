//===- MlrtDialect.cpp - The mlrt dialect, its types and attributes -------===//
#include "mlir/IR/DialectImplementation.h"
#include "mlopt/RT/Mlrt.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::rt;

#include "mlopt/RT/MlrtDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "mlopt/RT/MlrtTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "mlopt/RT/MlrtAttrs.cpp.inc"

void MlrtDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "mlopt/RT/MlrtAttrs.cpp.inc"
      >();
}

void MlrtDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "mlopt/RT/MlrtTypes.cpp.inc"
      >();
}

void MlrtDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "mlopt/RT/MlrtOps.cpp.inc"
      >();
}

SymShape TensorAttr::getShape() const {
  SymShape shape;
  for (Attribute dim : getDims())
    shape.push_back(isa<IntegerAttr>(dim)
                        ? SymExpr::constant(getContext(), cast<IntegerAttr>(dim).getInt())
                        : SymExpr(cast<SymExprAttr>(dim)));
  return shape;
}
