//===- MloptDialect.cpp - The mlopt dialect -------------------------------===//
#include "RunTimeCheckModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

#include "mlopt/IR/MloptDialect.cpp.inc"
#include "mlopt/IR/MloptEnums.cpp.inc"
#include "mlopt/IR/MloptInterfaces.cpp.inc"

/// The lists of #mlopt.schedule: `[1, 2]`.
static FailureOr<SmallVector<int64_t>> parseIntList(AsmParser &parser) {
  SmallVector<int64_t> list;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     [&] { return parser.parseInteger(list.emplace_back()); }))
    return failure();
  return list;
}
static void printIntList(AsmPrinter &printer, ArrayRef<int64_t> list) {
  printer << '[' << list << ']';
}

#define GET_ATTRDEF_CLASSES
#include "mlopt/IR/MloptAttrs.cpp.inc"

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef,
                                   int64_t phases, SymExprAttr, SymExprAttr, ArrayRef<int64_t>,
                                   ArrayRef<int64_t>, ArrayRef<int64_t>, ArrayRef<int64_t>,
                                   SymExprAttr, ArrayRef<int64_t>, DictionaryAttr,
                                   SymExprAttr repeat, int64_t repeatFrom) {
  if (repeat ? repeatFrom < 1 || repeatFrom >= phases : repeatFrom != 0)
    return emitError() << "repeats phases from number " << repeatFrom << " on"
                       << (repeat ? "" : " without a count")
                       << ", expected a number from 1 to phases - 1 = " << phases - 1
                       << " with `repeat`, or 0 without";
  return success();
}

void MloptDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "mlopt/IR/MloptAttrs.cpp.inc"
      >();
}

void MloptDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "mlopt/IR/StructureOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/ElementwiseOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/ReductionOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/ContractionOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/ConvolutionOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/PoolingOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/NormalizationOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/AttentionOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/ShapeOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/IndexingOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/RecurrentOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/TrainingOps.cpp.inc"
      ,
#define GET_OP_LIST
#include "mlopt/IR/QuantizeOps.cpp.inc"
      >();
  ::mlopt::detail::attachElementwiseChecks(getContext());
  ::mlopt::detail::attachReductionChecks(getContext());
  ::mlopt::detail::attachContractionChecks(getContext());
  ::mlopt::detail::attachConvolutionChecks(getContext());
  ::mlopt::detail::attachPoolingChecks(getContext());
  ::mlopt::detail::attachNormalizationChecks(getContext());
  ::mlopt::detail::attachAttentionChecks(getContext());
  ::mlopt::detail::attachShapeChecks(getContext());
  ::mlopt::detail::attachIndexingChecks(getContext());
  ::mlopt::detail::attachRecurrentChecks(getContext());
  ::mlopt::detail::attachQuantizeChecks(getContext());
}

Operation *MloptDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                             Location loc) {
  if (isa<NoneType>(type))
    return NoneOp::create(builder, loc);
  if (type.isIndex())
    if (auto attr = dyn_cast<IntegerAttr>(value))
      return arith::ConstantOp::create(builder, loc, attr);
  if (auto elements = dyn_cast<ElementsAttr>(value))
    if (elements.getType() == type)
      return ConstantOp::create(builder, loc, type, elements);
  return nullptr;
}
