//===- Adjoint.cpp - What a gradient rule works with ----------------------===//
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;
using namespace mlopt;

Location mlopt::getGradientLocation(Location forward) {
  if (auto name = dyn_cast<NameLoc>(forward))
    return NameLoc::get(
        StringAttr::get(forward.getContext(), "grad(" + name.getName().getValue() + ")"),
        name.getChildLoc());
  if (auto call = dyn_cast<CallSiteLoc>(forward))
    return CallSiteLoc::get(getGradientLocation(call.getCallee()), call.getCaller());
  if (auto fused = dyn_cast<FusedLoc>(forward)) {
    SmallVector<Location> parts;
    for (Location part : fused.getLocations())
      parts.push_back(getGradientLocation(part));
    return FusedLoc::get(forward.getContext(), parts, fused.getMetadata());
  }
  return forward;
}

Value Adjoint::unbroadcast(Value value, ArrayRef<SymExpr> shape) {
  if (!value)
    return value;
  SymShape from = shapeOf(value);
  if (from.size() < shape.size())
    return fail("a derivative of rank " + Twine(from.size()) + " for an operand of rank " + Twine(shape.size()));
  size_t extra = from.size() - shape.size();
  SmallVector<int64_t> leading, kept;
  for (size_t i = 0; i < from.size(); ++i) {
    if (i < extra)
      leading.push_back(i);
    else if (from[i] != shape[i - extra]) {
      // Of two unequal sizes one is 1. Which one is decided when compiling: a size that may be
      // 1 or not would need both.
      if (!shape[i - extra].isConstant(1))
        return fail("cannot tell whether an axis of size '" + shape[i - extra].str() + "' was broadcast to '" +
                    from[i].str() + "'");
      kept.push_back(i);
    }
  }
  if (!kept.empty())
    value = reduce(value, ReduceKind::sum, kept, /*keepdims=*/true);
  if (!leading.empty())
    value = reduce(value, ReduceKind::sum, leading, /*keepdims=*/false);
  return value;
}

Value Adjoint::filled(Value like, double number) {
  return like ? broadcast(scalar(elementOf(like), number), shapeOf(like)) : like;
}

Value Adjoint::expand(Value reduced, ArrayRef<int64_t> axes, bool keepdims, Value like) {
  if (!reduced)
    return reduced;
  if (!keepdims)
    reduced = unsqueeze(reduced, axes);
  return broadcast(reduced, shapeOf(like));
}

Value Adjoint::countAlong(Value like, ArrayRef<int64_t> axes) {
  SymExpr count = size(1);
  for (int64_t axis : axes)
    count = count * dimOf(like, axis);
  if (std::optional<int64_t> known = count.getConstant())
    return scalarInt(elementOf(like), *known);
  return reshape(cast(fromSizes(count), elementOf(like)), {});
}

Value Adjoint::zeroWhere(Value condition, Value value) {
  return value ? select(condition, scalar(elementOf(value), 0), value) : value;
}

Value Adjoint::keepWhere(Value condition, Value value) {
  return value ? select(condition, value, scalar(elementOf(value), 0)) : value;
}

Value Adjoint::scatterAlong(Value data, Value indices, Value gradient, int64_t axis) {
  if (!data || !indices || !gradient)
    return nullptr;
  // The indexed axis goes first: what one index names is then one run of elements.
  int64_t rank = rankOf(data), indexRank = rankOf(indices);
  SmallVector<int64_t> toFront, gradientToFront, back(rank);
  toFront.push_back(axis);
  for (int64_t i = 0; i < indexRank; ++i)
    gradientToFront.push_back(axis + i);
  for (int64_t i = 0; i < rank; ++i)
    if (i != axis) {
      toFront.push_back(i);
      gradientToFront.push_back(i < axis ? i : i - 1 + indexRank);
    }
  for (auto [i, from] : llvm::enumerate(toFront))
    back[from] = i;
  SymShape shape;
  for (int64_t i : toFront)
    shape.push_back(dimOf(data, i));
  Value zeros = broadcast(scalar(elementOf(data), 0), shape);
  Value tuples = unsqueeze(indices, indexRank);
  Value sums = create<ScatterNdOp>(zeros, tuples, transpose(gradient, gradientToFront),
                                   ScatterReduction::add);
  return transpose(sums, back);
}

LogicalResult Adjoint::contribute(Value operand, Value value) {
  if (!needed(operand))
    return success();
  value = unbroadcast(value, shapeOf(operand));
  if (!value)
    return failure();
  receive(operand, value);
  return success();
}

LogicalResult Adjoint::refuse(const Twine &reason) {
  if (refusal.empty())
    refusal = reason.str();
  return failure();
}
