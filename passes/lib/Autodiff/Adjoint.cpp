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

/// Whether a size that is `result` or 1 is `result` in every run: min(512, n) is 1 only where n is.
static bool isAlwaysWhole(SymExpr size, SymExpr result) {
  if (size.getKind() != SymExpr::Kind::Min)
    return false;
  return llvm::is_contained(size.getOperands(), result) &&
         llvm::all_of(size.getOperands(), [&](SymExpr other) {
           return other == result || other.getLowerBound().value_or(0) > 1;
         });
}

Value Adjoint::unbroadcast(Value value, ArrayRef<SymExpr> shape) {
  if (!value)
    return value;
  SymShape from = shapeOf(value);
  if (from.size() < shape.size())
    return fail("a derivative of rank " + Twine(from.size()) + " for an operand of rank " +
                Twine(shape.size()));
  size_t extra = from.size() - shape.size();
  SmallVector<int64_t> leading, axes;
  SmallVector<size_t> open;
  for (size_t i = 0; i < from.size(); ++i) {
    if (i < extra)
      leading.push_back(i);
    else if (shape[i - extra].isConstant(1) && !from[i].isConstant(1))
      axes.push_back(i);
    else if (shape[i - extra] != from[i] && !isAlwaysWhole(shape[i - extra], from[i]))
      open.push_back(i - extra);
  }
  if (axes.empty()) {
    if (!leading.empty())
      value = reduce(value, ReduceKind::sum, leading, /*keepdims=*/false);
  } else {
    axes.insert(axes.begin(), leading.begin(), leading.end());
    value = squeeze(reduce(value, ReduceKind::sum, axes, /*keepdims=*/true), leading);
  }
  // A size that is 1 or the whole r, which only the run knows: [r] as [r / size, size], of which
  // the first axis is summed up.
  if (!open.empty() && value) {
    SymShape split = shapeOf(value);
    SmallVector<int64_t> repeats;
    for (auto [before, axis] : llvm::enumerate(open)) {
      size_t at = axis + before;
      SymExpr whole = split[at];
      split[at] = shape[axis];
      split.insert(split.begin() + at, whole.floorDiv(shape[axis]));
      repeats.push_back(at);
    }
    value = reduce(reshape(value, split), ReduceKind::sum, repeats, /*keepdims=*/false);
  }
  // The same sizes, by the operand's names.
  return reshape(value, shape);
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
