//===- RecurrentOps.cpp - Inference of recurrent layers -------------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/RecurrentOps.cpp.inc"

/// Shapes of Y and Y_h from X [S, B, I], W [dirs, gates*H, I], R [dirs, gates*H, H].
template <typename Adaptor>
static LogicalResult inferRecurrent(Adaptor adaptor, int64_t gates, ShapeSource &source,
                                    std::optional<Location> loc, SymShape &y, SymShape &last) {
  MLIRContext *context = source.getContext();
  SymShape x = source.shapeOf(adaptor.getInput()), w = source.shapeOf(adaptor.getWeights()),
           r = source.shapeOf(adaptor.getRecurrence());
  int64_t hidden = adaptor.getHiddenSize();
  int64_t dirs = adaptor.getDirection() == RecurrentDirection::bidirectional ? 2 : 1;
  auto is = [](SymExpr e, int64_t v) { return !e.getConstant() || e.isConstant(v); };
  if (x.size() != 3 || w.size() != 3 || r.size() != 3 || !is(w[0], dirs) ||
      !is(w[1], gates * hidden) || !is(r[0], dirs) || !is(r[1], gates * hidden) ||
      !is(r[2], hidden) || (x[2].getConstant() && !is(w[2], *x[2].getConstant()))) // (C1)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "expects input [S, B, I], weights [" << dirs << ", " << gates * hidden
           << ", I] and recurrence [" << dirs << ", " << gates * hidden << ", " << hidden << "]";
  SymExpr d = SymExpr::constant(context, dirs), h = SymExpr::constant(context, hidden);
  y = {x[0], d, x[1], h};
  last = {d, x[1], h};
  return success();
}

template <typename Adaptor>
static LogicalResult elementTypes(Adaptor adaptor, unsigned count, SmallVectorImpl<Type> &types) {
  types.assign(count, getElementTypeOrSelf(adaptor.getInput().getType()));
  return success();
}

LogicalResult LstmOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                  SmallVectorImpl<SymShape> &shapes) {
  shapes.resize(3);
  if (failed(inferRecurrent(adaptor, 4, source, loc, shapes[0], shapes[1])))
    return failure();
  shapes[2] = shapes[1];
  return success();
}
LogicalResult LstmOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                        SmallVectorImpl<Type> &types) {
  return elementTypes(adaptor, 3, types);
}

LogicalResult GruOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                 SmallVectorImpl<SymShape> &shapes) {
  shapes.resize(2);
  return inferRecurrent(adaptor, 3, source, loc, shapes[0], shapes[1]);
}
LogicalResult GruOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                       SmallVectorImpl<Type> &types) {
  return elementTypes(adaptor, 2, types);
}

LogicalResult RnnOp::inferShapes(Adaptor adaptor, ShapeSource &source, std::optional<Location> loc,
                                 SmallVectorImpl<SymShape> &shapes) {
  shapes.resize(2);
  return inferRecurrent(adaptor, 1, source, loc, shapes[0], shapes[1]);
}
LogicalResult RnnOp::inferElementTypes(Adaptor adaptor, std::optional<Location>,
                                       SmallVectorImpl<Type> &types) {
  return elementTypes(adaptor, 2, types);
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

/// Input [S, B, I], weights [dirs, gates, I], recurrence [dirs, gates, H].
template <typename OpTy>
static void addRecurrent(OpTy op, int64_t gates, SizeConditions &c) {
  SymShape x = c.shape(op.getInput()), w = c.shape(op.getWeights());
  if (x.size() != 3 || w.size() != 3)
    return;
  int64_t hidden = op.getHiddenSize();
  SymExpr dirs = c.constant(op.getDirection() == RecurrentDirection::bidirectional ? 2 : 1);
  c.exactly(op.getWeights(), {dirs, c.constant(gates * hidden), x[2]}, "input sizes and weights");
  c.exactly(op.getRecurrence(), {dirs, c.constant(gates * hidden), c.constant(hidden)},
          "hidden sizes and weights");
  c.exactly(op.getBias(), {dirs, c.constant(2 * gates * hidden)}, "bias sizes");
  c.exactly(op.getSequenceLengths(), {x[1]}, "batch sizes of the sequence lengths and the input");
  c.exactly(op.getInitialH(), {dirs, x[1], c.constant(hidden)}, "sizes of the initial state");
  if constexpr (std::is_same_v<OpTy, LstmOp>) {
    c.exactly(op.getInitialC(), {dirs, x[1], c.constant(hidden)}, "sizes of the initial cell");
    c.exactly(op.getPeepholes(), {dirs, c.constant(3 * hidden)}, "sizes of the peepholes");
  }
}

static void addConditions(LstmOp op, SizeConditions &c) { addRecurrent(op, 4, c); }
static void addConditions(GruOp op, SizeConditions &c) { addRecurrent(op, 3, c); }
static void addConditions(RnnOp op, SizeConditions &c) { addRecurrent(op, 1, c); }

void mlopt::detail::attachRecurrentChecks(MLIRContext *context) {
  attachRunTimeChecks<LstmOp, addConditions>(context);
  attachRunTimeChecks<GruOp, addConditions>(context);
  attachRunTimeChecks<RnnOp, addConditions>(context);
}
