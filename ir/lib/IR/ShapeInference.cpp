//===- ShapeInference.cpp - Shapes from types, broadcasting ---------------===//
#include "mlopt/IR/ShapeInference.h"
#include "mlopt/IR/Mlopt.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mlopt {

bool areCompatibleTypes(TypeRange l, TypeRange r) {
  if (l.size() != r.size())
    return false;
  for (auto [a, b] : llvm::zip_equal(l, r)) {
    if (a == b)
      continue;
    auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b);
    if (!x || !y || x.getElementType() != y.getElementType() ||
        failed(verifyCompatibleShape(x.getShape(), y.getShape())))
      return false;
  }
  return true;
}

namespace {

/// The set of sizes that a broadcast result stands for: whether `size` is one of
/// the branches of `broadcast`, a select(s == 1, x, s) as broadcastSizes builds it.
bool isPartOfBroadcast(SymExpr broadcast, SymExpr size, unsigned depth = 0) {
  if (broadcast == size)
    return true;
  // Chains of residual connections are short; the limit bounds the work on others.
  if (broadcast.getKind() != SymExpr::Kind::Select ||
      broadcast.getCompare() != SymExpr::Compare::Eq || depth == 8)
    return false;
  SmallVector<SymExpr> operands = broadcast.getOperands();
  if (!(operands[3] - operands[0] + operands[1]).isConstant(1))
    return false;
  return isPartOfBroadcast(operands[2], size, depth + 1) ||
         isPartOfBroadcast(operands[3], size, depth + 1);
}

/// Whether `part` is min(c, whole) with a constant c >= 1 (a table cut to a
/// length): such sizes broadcast only where they are equal or `part` is 1.
bool isCutOf(SymExpr part, SymExpr whole) {
  if (part.getKind() != SymExpr::Kind::Min)
    return false;
  SmallVector<SymExpr, 4> operands = part.getOperands();
  for (auto [bound, other] : {std::pair(operands[0], operands[1]), {operands[1], operands[0]}})
    if (other == whole && bound.getConstant().value_or(0) >= 1)
      return true;
  return false;
}

/// Size of one axis; null where two constants clash. At run time the sizes are
/// known to be equal or 1 (the host checks), so an unknown size beside a
/// constant other than 1 gives the constant.
SymExpr broadcastSizes(SymExpr a, SymExpr b) {
  if (a == b || b.isConstant(1))
    return a;
  if (a.isConstant(1))
    return b;
  if (a.getConstant() && b.getConstant())
    return SymExpr();
  if (a.getConstant())
    return a;
  if (b.getConstant())
    return b;
  if (isPartOfBroadcast(a, b))
    return a;
  if (isPartOfBroadcast(b, a))
    return b;
  if (isCutOf(a, b))
    return b;
  if (isCutOf(b, a))
    return a;
  return SymExpr::select(SymExpr::Compare::Eq, a, SymExpr::constant(a.getContext(), 1), b, a);
}

} // namespace

namespace detail {

SymShape TypeShapeSource::shapeOf(Value tensor) {
  SymShape shape;
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type)
    return shape;
  for (int64_t size : type.getShape())
    shape.push_back(ShapedType::isDynamic(size)
                        ? SymExpr::symbol(context, "?" + std::to_string(nextUnknown++))
                        : SymExpr::constant(context, size));
  return shape;
}

SymExpr TypeShapeSource::sizeOf(Value index) {
  APInt value;
  if (index && matchPattern(index, m_ConstantInt(&value)))
    return SymExpr::constant(context, value.getSExtValue());
  // Any integer, not a size: the brackets say so (SymExpr.h).
  return SymExpr::symbol(context, "?" + std::to_string(nextUnknown++) + "[]");
}

SmallVector<int64_t> toStaticShape(ArrayRef<SymExpr> shape) {
  SmallVector<int64_t> sizes;
  for (SymExpr size : shape) {
    std::optional<int64_t> value = size.getConstant();
    // A negative constant is an error that a verifier reports better than a type could hold it.
    sizes.push_back(value && *value >= 0 ? *value : ShapedType::kDynamic);
  }
  return sizes;
}

InFlightDiagnostic emitInferenceError(MLIRContext *context, std::optional<Location> loc) {
  // An empty diagnostic would convert to success.
  return mlir::emitError(loc ? *loc : UnknownLoc::get(context));
}

FailureOr<SymShape> broadcastShapes(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b, MLIRContext *context,
                                    std::optional<Location> loc) {
  size_t rank = std::max(a.size(), b.size());
  SymExpr one = SymExpr::constant(context, 1);
  SymShape result;
  for (size_t axis = 0; axis < rank; ++axis) {
    SymExpr x = axis + a.size() >= rank ? a[axis + a.size() - rank] : one;
    SymExpr y = axis + b.size() >= rank ? b[axis + b.size() - rank] : one;
    SymExpr size = broadcastSizes(x, y);
    if (!size) {
      emitInferenceError(context, loc)
          << "sizes " << *x.getConstant() << " and " << *y.getConstant() << " of axis " << axis
          << " do not broadcast: expected equal sizes or 1";
      return failure();
    }
    result.push_back(size);
  }
  return result;
}

LogicalResult inferBroadcast(ValueRange operands, ShapeSource &source, std::optional<Location> loc,
                             SmallVectorImpl<SymShape> &shapes) {
  SymShape result;
  for (Value operand : operands) {
    if (!isa<RankedTensorType>(operand.getType()))
      continue;
    FailureOr<SymShape> next =
        broadcastShapes(result, source.shapeOf(operand), source.getContext(), loc);
    if (failed(next))
      return failure();
    result = std::move(*next);
  }
  shapes.push_back(std::move(result));
  return success();
}

LogicalResult verifySameElementType(Operation *op, ValueRange operands) {
  for (Value operand : operands.drop_front()) {
    Type first = getElementTypeOrSelf(operands[0].getType());
    Type other = getElementTypeOrSelf(operand.getType());
    if (first != other)
      return op->emitOpError() << "operands have the element types " << first << " and " << other
                               << ": expected one element type; insert a cast";
  }
  return success();
}

SmallVector<SymExpr> mixedSizes(ArrayRef<int64_t> statics, ValueRange dynamics,
                                ShapeSource &source) {
  SmallVector<SymExpr> sizes;
  unsigned next = 0;
  for (int64_t size : statics) {
    if (!ShapedType::isDynamic(size)) {
      sizes.push_back(SymExpr::constant(source.getContext(), size));
      continue;
    }
    // Verifiers run after inference: too few operands must not be read past the end.
    Value value = next < dynamics.size() ? dynamics[next] : Value();
    ++next;
    sizes.push_back(value ? source.sizeOf(value)
                          : SymExpr::symbol(source.getContext(), "?missing" + std::to_string(next)));
  }
  return sizes;
}

} // namespace detail
} // namespace mlopt
