//===- RunTimeChecks.cpp - Conditions on sizes of operations --------------===//
#include "mlopt/IR/RunTimeChecks.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlopt;

#include "mlopt/IR/RunTimeChecks.cpp.inc"

using Compare = SymExpr::Compare;

bool mlopt::isProvablyAtLeast(SymExpr size, int64_t bound) {
  std::optional<int64_t> lower = size.getLowerBound();
  return lower && *lower >= bound;
}

std::string mlopt::shortenExpression(SymExpr expr) {
  constexpr size_t limit = 80;
  std::string text = expr.str();
  if (text.size() > limit) {
    // Not inside a multi-byte character: names come from the model.
    size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      --end;
    text.resize(end);
    text += "...";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// SizeCondition
//===----------------------------------------------------------------------===//

SymExpr SizeCondition::getExpression() const {
  SymExpr one = SymExpr::constant(a.getContext(), 1), zero = SymExpr::constant(a.getContext(), 0);
  SymExpr result;
  switch (kind) {
  case Equal:
    result = SymExpr::select(Compare::Eq, a, b, one, zero);
    break;
  case Broadcast:
    result =
        SymExpr::select(Compare::Eq, a, one, one, SymExpr::select(Compare::Eq, b, one, one, zero));
    result = SymExpr::select(Compare::Eq, a, b, one, result);
    break;
  case Expands:
    result = SymExpr::select(Compare::Eq, a, one, one, zero);
    result = SymExpr::select(Compare::Eq, a, b, one, result);
    break;
  case LessEqual:
    result = SymExpr::select(Compare::Lt, b, a, zero, one);
    break;
  }
  return unlessZero ? SymExpr::select(Compare::Eq, unlessZero, zero, one, result) : result;
}

std::string SizeCondition::getMessage() const {
  std::string text = what.str() + " '" + shortenExpression(a);
  switch (kind) {
  case Equal:
    return text + "' and '" + shortenExpression(b) + "' must be equal";
  case Broadcast:
    return text + "' and '" + shortenExpression(b) + "' must be equal or 1";
  case Expands:
    return text + "' must be 1 or '" + shortenExpression(b) + "'";
  case LessEqual:
    return text + "' must not exceed '" + shortenExpression(b) + "'";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// SizeConditions
//===----------------------------------------------------------------------===//

SymShape SizeConditions::shape(Value value) {
  return isa<RankedTensorType>(value.getType()) ? source.shapeOf(value) : SymShape();
}

SymExpr SizeConditions::constant(int64_t value) {
  return SymExpr::constant(source.getContext(), value);
}

SymExpr SizeConditions::count(ArrayRef<SymExpr> shape) {
  return numElements(source.getContext(), shape);
}

SmallVector<SymExpr> SizeConditions::mixed(ArrayRef<int64_t> fixed, ValueRange operands) {
  SmallVector<SymExpr> result;
  for (int64_t value : fixed) {
    if (!ShapedType::isDynamic(value)) {
      result.push_back(constant(value));
      continue;
    }
    result.push_back(operands.empty() ? SymExpr() : source.sizeOf(operands.front()));
    operands = operands.drop_front(operands.empty() ? 0 : 1);
  }
  return result;
}

void SizeConditions::add(SizeCondition condition) {
  if (condition.a && condition.b && condition.a != condition.b &&
      !llvm::is_contained(list, condition))
    list.push_back(condition);
}

void SizeConditions::equal(SymExpr a, SymExpr b, StringRef what) {
  if (a && b && !(a.getConstant() && b.getConstant()))
    add({SizeCondition::Equal, a, b, what, {}});
}

void SizeConditions::broadcast(SymExpr a, SymExpr b) {
  if (!(a.getConstant() && b.getConstant()) && !a.isConstant(1) && !b.isConstant(1))
    add({SizeCondition::Broadcast, a, b, "sizes", {}});
}

void SizeConditions::broadcast(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
  for (size_t i = 1; i <= std::min(a.size(), b.size()); ++i)
    broadcast(a[a.size() - i], b[b.size() - i]);
}

void SizeConditions::expands(SymExpr a, SymExpr b) {
  if (!(a.getConstant() && b.getConstant()) && !a.isConstant(1))
    add({SizeCondition::Expands, a, b, "the broadcast size", {}});
}

void SizeConditions::lessEqual(SymExpr a, SymExpr b, StringRef what, SymExpr unlessZero) {
  if (a && b && !isProvablyAtLeast(b - a, 0))
    add({SizeCondition::LessEqual, a, b, what, unlessZero});
}

void SizeConditions::vectorOf(Value vector, SymExpr size, StringRef what) {
  if (SymShape s = shape(vector); s.size() == 1)
    equal(s[0], size, what);
}

void SizeConditions::exactly(Value value, ArrayRef<SymExpr> wanted, StringRef what) {
  SymShape s = shape(value);
  if (s.size() == wanted.size())
    for (auto [a, b] : llvm::zip_equal(s, wanted))
      equal(a, b, what);
}

void SizeConditions::representable(Value result) {
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type || type.hasStaticShape())
    return;
  SymShape sizes = source.shapeOf(result);
  for (SymExpr size : sizes)
    lessEqual(constant(0), size, "a size of its result");
  if (!type.getElementType().isIntOrFloat())
    return;
  int64_t bytes = (type.getElementTypeBitWidth() + 7) / 8;
  add({SizeCondition::LessEqual,
       count(sizes),
       constant(maxTensorBytes / bytes),
       "the number of elements of its result",
       {}});
}
