//===- AttentionOps.cpp - Inference of attention --------------------------===//
#include "RunTimeCheckModels.h"

using namespace mlir;
using namespace mlopt;

#define GET_OP_CLASSES
#include "mlopt/IR/AttentionOps.cpp.inc"

LogicalResult AttentionOp::inferShapes(Adaptor adaptor, ShapeSource &source,
                                       std::optional<Location> loc,
                                       SmallVectorImpl<SymShape> &shapes) {
  MLIRContext *context = source.getContext();
  ArrayAttr layouts = adaptor.getLayouts();
  if (layouts.size() != 4)
    return ::mlopt::detail::emitInferenceError(context, loc) << "expects four layouts";
  auto sequenceMajor = [&](unsigned i) { return cast<StringAttr>(layouts[i]).getValue() == "bshd"; };
  SymShape s[3];
  Value operands[] = {adaptor.getQuery(), adaptor.getKey(), adaptor.getValue()};
  for (auto [i, v] : llvm::enumerate(operands)) {
    s[i] = source.shapeOf(v);
    if (s[i].size() != 4) // (C1)
      return ::mlopt::detail::emitInferenceError(context, loc)
             << "expects queries, keys and values of rank 4, got rank " << s[i].size();
    if (sequenceMajor(i))
      std::swap(s[i][1], s[i][2]);
  }
  auto clash = [](SymExpr a, SymExpr b) { return a.getConstant() && b.getConstant() && a != b; };
  if (clash(s[0][3], s[1][3]) || clash(s[1][1], s[2][1]) || clash(s[1][2], s[2][2]) ||
      clash(s[0][0], s[1][0]) || clash(s[0][0], s[2][0])) // (C2)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << "sizes of queries, keys and values do not fit";
  std::optional<int64_t> heads = s[0][1].getConstant(), keyHeads = s[1][1].getConstant();
  if (heads && keyHeads && (*keyHeads == 0 || *heads % *keyHeads)) // (C2)
    return ::mlopt::detail::emitInferenceError(context, loc)
           << *keyHeads << " key heads do not divide " << *heads << " query heads";
  SymShape out = {s[0][0], s[0][1], s[0][2], s[2][3]};
  if (sequenceMajor(3))
    std::swap(out[1], out[2]);
  shapes.assign(1, out);
  return success();
}

LogicalResult AttentionOp::verify() {
  for (Attribute layout : getLayouts())
    if (cast<StringAttr>(layout).getValue() != "bhsd" && cast<StringAttr>(layout).getValue() != "bshd")
      return emitOpError("expects layouts \"bhsd\" or \"bshd\", got ") << layout;
  return ::mlopt::detail::verifySameElementType(*this, {getQuery(), getKey(), getValue()});
}

//===----------------------------------------------------------------------===//
// Conditions on sizes known only at run time
//===----------------------------------------------------------------------===//

static void addConditions(AttentionOp op, SizeConditions &c) {
  SymShape q = c.shape(op.getQuery()), k = c.shape(op.getKey()), v = c.shape(op.getValue());
  auto axis = [&](unsigned which, unsigned logical) {
    return op.isSequenceMajor(which) && (logical == 1 || logical == 2) ? 3 - logical : logical;
  };
  c.equal(q[0], k[0]);
  c.equal(k[0], v[0]);
  c.equal(q[3], k[3]);
  c.equal(k[axis(1, 1)], v[axis(2, 1)]);
  c.equal(k[axis(1, 2)], v[axis(2, 2)]);
  SymShape scores = {q[0], q[axis(0, 1)], q[axis(0, 2)], k[axis(1, 2)]};
  c.broadcast(c.shape(op.getMask()), scores);
}

void mlopt::detail::attachAttentionChecks(MLIRContext *context) {
  attachRunTimeChecks<AttentionOp, addConditions>(context);
}
