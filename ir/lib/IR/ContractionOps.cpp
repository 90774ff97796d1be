//===- ContractionOps.cpp - Inference of matrix products ------------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/ContractionOps.cpp.inc"

static LogicalResult inferProduct(SymShape a, SymShape b, bool transposeA, bool transposeB, MLIRContext *context,
                                  std::optional<Location> loc, SmallVectorImpl<SymShape> &shapes) {
  if (a.size() < 2 || b.size() < 2) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects operands of rank 2 or more, got ranks " << a.size() << " and " << b.size();
  if (transposeA)
    std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (transposeB)
    std::swap(b[b.size() - 1], b[b.size() - 2]);
  SymExpr k1 = a[a.size() - 1], k2 = b[b.size() - 2];
  if (k1.getConstant() && k2.getConstant() && k1 != k2) // (C3)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "contracted sizes differ: " << k1 << " of the first operand and " << k2
           << " of the second";
  FailureOr<SymShape> batch = ::mlopt::detail::broadcastShapes(
      ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2), context, loc);
  if (failed(batch))
    return failure();
  batch->push_back(a[a.size() - 2]);
  batch->push_back(b[b.size() - 1]);
  shapes.assign(1, *batch);
  return success();
}

LogicalResult MatmulOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                    SmallVectorImpl<SymShape> &shapes) {
  return inferProduct(source.shapeOf(adaptor.getLhs()), source.shapeOf(adaptor.getRhs()), adaptor.getTransposeA(),
                      adaptor.getTransposeB(), source.getContext(), loc, shapes);
}

LogicalResult IntegerMatmulOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                           SmallVectorImpl<SymShape> &shapes) {
  return inferProduct(source.shapeOf(adaptor.getLhs()), source.shapeOf(adaptor.getRhs()), false,
                      adaptor.getTransposeB(), source.getContext(), loc, shapes);
}

LogicalResult MatmulOp::verify() { // (C2)
  return ::mlopt::detail::verifySameElementType(*this, getOperands());
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addProduct(Value lhs, Value rhs, bool transposeA, bool transposeB, SizeConditions &c) {
  SymShape a = c.shape(lhs), b = c.shape(rhs);
  if (a.size() < 2 || b.size() < 2)
    return;
  c.equal(a[a.size() - (transposeA ? 2 : 1)], b[b.size() - (transposeB ? 1 : 2)]);
  c.broadcast(ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2));
}

static void addConditions(MatmulOp op, SizeConditions &c) {
  addProduct(op.getLhs(), op.getRhs(), op.getTransposeA(), op.getTransposeB(), c);
}

static void addConditions(IntegerMatmulOp op, SizeConditions &c) {
  addProduct(op.getLhs(), op.getRhs(), false, op.getTransposeB(), c);
}

void mlopt::detail::attachContractionChecks(MLIRContext *context) {
  attachRunTimeChecks<MatmulOp, addConditions>(context);
  attachRunTimeChecks<IntegerMatmulOp, addConditions>(context);
}
