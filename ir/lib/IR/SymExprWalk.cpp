//===- SymExprWalk.cpp - Substitution, evaluation, divisors ---------------===//
//
// Walks over the operands of an expression. Expressions share subexpressions,
// so each walk remembers what it has seen.
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/SymExpr.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;

namespace mlopt {

using Kind = SymExpr::Kind;
using Bound = std::optional<int64_t>;

/// Deeper nesting counts as "1 divides": branches of selects multiply the work.
static constexpr unsigned maxDivisorDepth = 8;

static SymExpr substituteIn(SymExpr e, llvm::function_ref<SymExpr(StringRef)> replacement,
                            llvm::DenseMap<Attribute, SymExpr> &done) {
  if (e.getKind() == Kind::Constant)
    return e;
  if (e.getKind() == Kind::Symbol) {
    SymExpr by = replacement(e.getSymbolName());
    return by ? by : e;
  }
  if (auto it = done.find(e.getAttr()); it != done.end())
    return it->second;
  SmallVector<SymExpr> operands = e.getOperands();
  bool changed = false;
  for (SymExpr &operand : operands) {
    SymExpr next = substituteIn(operand, replacement, done);
    changed |= next != operand;
    operand = next;
  }
  SymExpr result = e;
  if (changed) {
    result = operands[0];
    for (SymExpr operand : ArrayRef(operands).drop_front())
      switch (e.getKind()) {
      case Kind::Add: result = result + operand; break;
      case Kind::Mul: result = result * operand; break;
      case Kind::FloorDiv: result = result.floorDiv(operand); break;
      case Kind::CeilDiv: result = result.ceilDiv(operand); break;
      case Kind::Mod: result = result.mod(operand); break;
      case Kind::Min: result = SymExpr::min(result, operand); break;
      case Kind::Max: result = SymExpr::max(result, operand); break;
      default: break;
      }
    if (e.getKind() == Kind::Select)
      result = SymExpr::select(e.getCompare(), operands[0], operands[1], operands[2], operands[3]);
  }
  done[e.getAttr()] = result;
  return result;
}

SymExpr SymExpr::substitute(llvm::function_ref<SymExpr(StringRef)> replacement) const {
  llvm::DenseMap<Attribute, SymExpr> done;
  return substituteIn(*this, replacement, done);
}

static Bound evaluateIn(SymExpr e, llvm::function_ref<Bound(StringRef)> value,
                        llvm::DenseMap<Attribute, Bound> &done) {
  if (Bound constant = e.getConstant())
    return constant;
  if (e.getKind() == Kind::Symbol)
    return value(e.getSymbolName());
  if (auto it = done.find(e.getAttr()); it != done.end())
    return it->second;
  auto compute = [&]() -> Bound {
    SmallVector<SymExpr> operands = e.getOperands();
    Bound result = evaluateIn(operands[0], value, done);
    if (!result)
      return result;
    if (e.getKind() == Kind::Select) {
      // The branch not taken may divide by 0.
      Bound other = evaluateIn(operands[1], value, done);
      if (!other)
        return other;
      bool holds = e.getCompare() == SymExpr::Compare::Eq ? *result == *other : *result < *other;
      return evaluateIn(operands[holds ? 2 : 3], value, done);
    }
    for (SymExpr operand : ArrayRef(operands).drop_front()) {
      Bound next = evaluateIn(operand, value, done);
      if (!next)
        return next;
      int64_t a = *result, b = *next;
      bool isDivision =
          e.getKind() == Kind::FloorDiv || e.getKind() == Kind::CeilDiv || e.getKind() == Kind::Mod;
      if (isDivision && (b == 0 || (a == std::numeric_limits<int64_t>::min() && b == -1)))
        return std::nullopt;
      switch (e.getKind()) {
      case Kind::Add: 
        if (llvm::AddOverflow(a, b, *result))
          return std::nullopt;
        break;
      case Kind::Mul: 
        if (llvm::MulOverflow(a, b, *result))
          return std::nullopt;
        break;
      case Kind::FloorDiv: result = llvm::divideFloorSigned(a, b); break;
      case Kind::CeilDiv: result = llvm::divideCeilSigned(a, b); break;
      case Kind::Mod: result = a - llvm::divideFloorSigned(a, b) * b; break;
      case Kind::Min: result = std::min(a, b); break;
      case Kind::Max: result = std::max(a, b); break;
      default: break;
      }
    }
    return result;
  };
  Bound result = compute();
  done[e.getAttr()] = result;
  return result;
}

std::optional<int64_t>
SymExpr::evaluate(llvm::function_ref<std::optional<int64_t>(StringRef)> value) const {
  llvm::DenseMap<Attribute, Bound> done;
  return evaluateIn(*this, value, done);
}

void SymExpr::forEachSymbol(llvm::function_ref<void(StringRef)> fn) const {
  llvm::DenseSet<Attribute> seen;
  SmallVector<SymExpr> stack{*this};
  while (!stack.empty()) {
    SymExpr e = stack.pop_back_val();
    if (!seen.insert(e.getAttr()).second)
      continue;
    if (e.getKind() == Kind::Symbol)
      fn(e.getSymbolName());
    for (Attribute operand : llvm::reverse(e.getAttr().getOperands()))
      stack.push_back(cast<SymExprAttr>(operand));
  }
}

/// The largest factor that surely divides `e`; 0 if `e` is 0.
static uint64_t divisorOf(SymExpr e, unsigned depth = 0) {
  auto magnitude = [](int64_t v) { return v < 0 ? -static_cast<uint64_t>(v) : static_cast<uint64_t>(v); };
  if (Bound value = e.getConstant())
    return magnitude(*value);
  if (e.getKind() == Kind::Symbol || depth == maxDivisorDepth)
    return 1;
  SmallVector<SymExpr> operands = e.getOperands();
  uint64_t result = 0;
  switch (e.getKind()) {
  case Kind::Mul:
    result = 1;
    for (SymExpr operand : operands) {
      // Too large a product: what is known so far still divides.
      bool overflows;
      uint64_t product = llvm::SaturatingMultiply(result, divisorOf(operand, depth + 1), &overflows);
      result = overflows ? result : product;
    }
    return result;
  case Kind::FloorDiv:
  case Kind::CeilDiv:
    return 1;
  case Kind::Select:
    operands.erase(operands.begin(), operands.begin() + 2);
    [[fallthrough]];
  default: // Add, Mod, Min, Max
    for (SymExpr operand : operands)
      result = std::gcd(result, divisorOf(operand, depth + 1));
    return result;
  }
}

bool SymExpr::isMultipleOf(int64_t factor) const {
  return factor > 0 && divisorOf(*this) % static_cast<uint64_t>(factor) == 0;
}


} // namespace mlopt
