//===- ElementwiseOps.cpp - Folds of elementwise operations ---------------===//
//
// Inference and verifiers come from the base classes in ElementwiseOps.td.
// Folders only drop operations (ir.md section 2): evaluation on constants is
// the constant-folding pass's work.
//
//===----------------------------------------------------------------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/ElementwiseOps.cpp.inc"

/// Whether `attr` is a splat of `number`.
static bool isSplat(Attribute attr, double number) {
  auto dense = dyn_cast_or_null<DenseElementsAttr>(attr);
  if (!dense || !dense.isSplat())
    return false;
  if (isa<FloatType>(dense.getElementType())) {
    APFloat value = dense.getSplatValue<APFloat>();
    // -0.0 is not neutral in x - (-0.0) for every x, nor +0.0 in x + 0.0.
    return value.isExactlyValue(number);
  }
  return dense.getSplatValue<APInt>() == static_cast<uint64_t>(number);
}

static bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  // x + (-0.0) = x for every float x; x + 0 = x for integers.
  double neutral = isFloat(getType()) ? -0.0 : 0.0;
  if (isSplat(adaptor.getRhs(), neutral) && getLhs().getType() == getType())
    return getLhs();
  return {};
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 0.0) && getLhs().getType() == getType())
    return getLhs();
  return {};
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1.0) && getLhs().getType() == getType())
    return getLhs();
  if (isSplat(adaptor.getLhs(), 1.0) && getRhs().getType() == getType())
    return getRhs();
  return {};
}

OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1.0) && getLhs().getType() == getType())
    return getLhs();
  return {};
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

/// The operands broadcast, each with those before it.
template <typename OpTy> static void addConditions(OpTy op, SizeConditions &c) {
  SmallVector<SymShape> known;
  for (Value operand : op->getOperands()) {
    SymShape s = c.shape(operand);
    for (const SymShape &other : known)
      c.broadcast(other, s);
    known.push_back(s);
  }
}

template <typename OpTy> struct TypeTag { using type = OpTy; };

/// Operations of one operand have nothing to broadcast.
template <typename... OpTys> static void attachAll(MLIRContext *context) {
  auto attach = [&](auto tag) {
    using OpTy = typename decltype(tag)::type;
    static_assert(OpTy::template hasTrait<mlopt::OpTrait::Elementwise>());
    if constexpr (!OpTy::template hasTrait<mlir::OpTrait::OneOperand>())
      ::mlopt::detail::attachRunTimeChecks<OpTy, addConditions<OpTy>>(context);
  };
  (attach(TypeTag<OpTys>()), ...);
}

void mlopt::detail::attachElementwiseChecks(MLIRContext *context) {
  attachAll<
#define GET_OP_LIST
#include "mlopt/IR/ElementwiseOps.cpp.inc"
      >(context);
}
