//===- SymExpr.cpp - Canonical arithmetic on sizes ------------------------===//
//
// Every expression is a polynomial: a sum of products of atoms with integer
// coefficients. An atom is a symbol, a floorDiv, ceilDiv, mod, min, max or
// select, or an "opaque" sum or product: one whose coefficients would not fit
// into int64 and which is therefore kept as it was written.
//
// How the attribute stores it (MloptAttrs.td):
//   Add     operands = terms; value 1 marks an opaque sum of two operands
//   Mul     value = coefficient, operands = atoms; value 0 marks an opaque product
//   Select  value = comparison, operands = a, b, x, y
//
// The order of terms and factors is structural (names, kinds, operands), never
// by address, so that printed forms do not depend on the run.
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/SymExpr.h"
#include "mlopt/IR/Mlopt.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;

namespace mlopt {
namespace {

using Kind = SymExpr::Kind;
using Bound = std::optional<int64_t>;

/// coefficient * product of atoms (sorted, with repetition).
struct Term {
  int64_t coefficient;
  SmallVector<SymExpr, 2> factors;
};
/// Terms in canonical order, no two with the same factors, no zero coefficient.
using Poly = SmallVector<Term, 4>;

/// Nested min, max and select make bounds expensive; deeper ones count as unknown.
constexpr unsigned maxBoundDepth = 6;
/// A product of larger sums stays as written.
constexpr size_t maxProductTerms = 256;

SymExpr make(MLIRContext *context, Kind kind, int64_t value, ArrayRef<SymExpr> operands,
             StringRef name = "") {
  SmallVector<Attribute> attrs;
  for (SymExpr operand : operands)
    attrs.push_back(operand.getAttr());
  return SymExprAttr::get(context, static_cast<uint32_t>(kind), value,
                          StringAttr::get(context, name), attrs);
}

SymExpr operand(SymExprAttr attr, unsigned i) { return cast<SymExprAttr>(attr.getOperands()[i]); }

bool isOpaque(SymExpr e) {
  return (e.getKind() == Kind::Add && e.getAttr().getValue() == 1) ||
         (e.getKind() == Kind::Mul && e.getAttr().getValue() == 0);
}

//===----------------------------------------------------------------------===//
// Structural order
//===----------------------------------------------------------------------===//

int compare(SymExpr a, SymExpr b) {
  if (a == b)
    return 0;
  SymExprAttr x = a.getAttr(), y = b.getAttr();
  if (x.getKind() != y.getKind())
    return x.getKind() < y.getKind() ? -1 : 1;
  if (int c = x.getName().getValue().compare(y.getName().getValue()))
    return c;
  if (x.getOperands().size() != y.getOperands().size())
    return x.getOperands().size() < y.getOperands().size() ? -1 : 1;
  // Equal operands are the same pointer: only the first different pair is entered.
  for (unsigned i = 0, e = x.getOperands().size(); i != e; ++i)
    if (int c = compare(operand(x, i), operand(y, i)))
      return c;
  return x.getValue() < y.getValue() ? -1 : 1;
}

bool lessThan(SymExpr a, SymExpr b) { return compare(a, b) < 0; }

/// Products of more factors first, the constant last: a graded lexicographic
/// order, which polynomial division needs.
int compareFactors(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
  if (a.size() != b.size())
    return a.size() > b.size() ? -1 : 1;
  for (auto [x, y] : llvm::zip_equal(a, b))
    if (int c = compare(x, y))
      return c;
  return 0;
}

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

Term toTerm(SymExpr e) {
  if (std::optional<int64_t> value = e.getConstant())
    return {*value, {}};
  if (e.getKind() != Kind::Mul || isOpaque(e))
    return {1, {e}};
  Term term{e.getAttr().getValue(), {}};
  for (unsigned i = 0, n = e.getAttr().getOperands().size(); i != n; ++i)
    term.factors.push_back(operand(e.getAttr(), i));
  return term;
}

Poly toPoly(SymExpr e) {
  Poly poly;
  if (e.isConstant(0))
    return poly;
  if (e.getKind() != Kind::Add || isOpaque(e)) {
    poly.push_back(toTerm(e));
    return poly;
  }
  for (unsigned i = 0, n = e.getAttr().getOperands().size(); i != n; ++i)
    poly.push_back(toTerm(operand(e.getAttr(), i)));
  return poly;
}

SymExpr fromTerm(MLIRContext *context, const Term &term) {
  if (term.factors.empty())
    return SymExpr::constant(context, term.coefficient);
  if (term.coefficient == 1 && term.factors.size() == 1)
    return term.factors[0];
  return make(context, Kind::Mul, term.coefficient, term.factors);
}

SymExpr fromPoly(MLIRContext *context, const Poly &poly) {
  if (poly.empty())
    return SymExpr::constant(context, 0);
  if (poly.size() == 1)
    return fromTerm(context, poly[0]);
  SmallVector<SymExpr> terms;
  for (const Term &term : poly)
    terms.push_back(fromTerm(context, term));
  return make(context, Kind::Add, 0, terms);
}

/// a + scale * b; none on overflow.
std::optional<Poly> addScaled(const Poly &a, const Poly &b, int64_t scale) {
  Poly sum;
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    int c = i == a.size()   ? 1
            : j == b.size() ? -1
                            : compareFactors(a[i].factors, b[j].factors);
    if (c < 0) {
      sum.push_back(a[i++]);
      continue;
    }
    Term term = b[j++];
    if (llvm::MulOverflow(term.coefficient, scale, term.coefficient) ||
        (c == 0 && llvm::AddOverflow(term.coefficient, a[i++].coefficient, term.coefficient)))
      return std::nullopt;
    if (term.coefficient != 0)
      sum.push_back(std::move(term));
  }
  return sum;
}

/// a * term; none on overflow. The order is a monomial order: it stays sorted.
std::optional<Poly> multiply(const Poly &a, const Term &term) {
  Poly product;
  for (const Term &t : a) {
    Term p{0, {}};
    if (llvm::MulOverflow(t.coefficient, term.coefficient, p.coefficient))
      return std::nullopt;
    p.factors.resize(t.factors.size() + term.factors.size());
    std::merge(t.factors.begin(), t.factors.end(), term.factors.begin(), term.factors.end(),
               p.factors.begin(), lessThan);
    if (p.coefficient != 0)
      product.push_back(std::move(p));
  }
  return product;
}

std::optional<Poly> negate(const Poly &a) { return addScaled({}, a, -1); }

/// Floor division of integers, b != 0; none on overflow (minimum / -1).
std::optional<int64_t> floorDivide(int64_t a, int64_t b) {
  if (a == std::numeric_limits<int64_t>::min() && b == -1)
    return std::nullopt;
  return llvm::divideFloorSigned(a, b);
}

/// b's factors taken out of a's; none if a lacks one.
std::optional<SmallVector<SymExpr, 2>> divideFactors(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
  SmallVector<SymExpr, 2> rest(a);
  for (SymExpr factor : b) {
    auto *it = llvm::find(rest, factor);
    if (it == rest.end())
      return std::nullopt;
    rest.erase(it);
  }
  return rest;
}

/// a = quotient * b + remainder. Coefficients of a one-term b divide with
/// remainder (so 5n = 2n * 2 + n), those of a longer one exactly.
struct Division {
  Poly quotient, remainder;
};
std::optional<Division> divide(Poly a, const Poly &b) {
  Division result;
  const Term &lead = b.front();
  while (!a.empty()) {
    Term first = a.front();
    auto factors = divideFactors(first.factors, lead.factors);
    std::optional<int64_t> q = 0;
    if (factors)
      q = floorDivide(first.coefficient, lead.coefficient);
    if (!q)
      return std::nullopt;
    if (b.size() != 1 && *q * lead.coefficient != first.coefficient)
      q = 0;
    if (*q != 0) {
      Term term{*q, *factors};
      auto product = multiply(b, term);
      auto difference = product ? addScaled(a, *product, -1) : std::nullopt;
      auto quotient = addScaled(result.quotient, {term}, 1);
      if (!difference || !quotient)
        return std::nullopt;
      a = std::move(*difference);
      result.quotient = std::move(*quotient);
    }
    if (!a.empty() && compareFactors(a.front().factors, first.factors) == 0) {
      result.remainder.push_back(a.front());
      a.erase(a.begin());
    }
  }
  return result;
}

int64_t gcd(int64_t a, int64_t b) {
  // The magnitude of the smallest integer has no int64: 1 always divides.
  constexpr int64_t smallest = std::numeric_limits<int64_t>::min();
  return a == smallest || b == smallest ? 1 : std::gcd(a, b);
}

/// Divides all terms of both by their common atoms and coefficient; returns the
/// common term. With a constant `b` the constant term of `a` (the last) does not
/// count for the coefficient and divides with remainder, which comes back in
/// `rest`: 4n + 1 over 8 is n over 2, common 4, rest 1.
Term takeCommon(Poly &a, Poly &b, int64_t &rest) {
  rest = 0;
  Term common{0, b.front().factors};
  bool constantDivisor = b.size() == 1 && b[0].factors.empty();
  for (Poly *poly : {&b, &a})
    for (const Term &term : *poly) {
      if (!(constantDivisor && poly == &a && term.factors.empty()))
        common.coefficient = gcd(common.coefficient, term.coefficient);
      SmallVector<SymExpr, 2> both, left(term.factors);
      for (SymExpr factor : common.factors)
        if (auto *it = llvm::find(left, factor); it != left.end()) {
          left.erase(it);
          both.push_back(factor);
        }
      common.factors = both;
    }
  for (Poly *poly : {&b, &a})
    for (Term &term : *poly) {
      term.factors = *divideFactors(term.factors, common.factors);
      int64_t quotient = llvm::divideFloorSigned(term.coefficient, common.coefficient);
      int64_t left = term.coefficient - quotient * common.coefficient;
      rest = left ? left : rest;
      term.coefficient = quotient;
    }
  llvm::erase_if(a, [](const Term &term) { return term.coefficient == 0; });
  return common;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

struct Range {
  std::optional<int64_t> low, high;
};

Bound addBounds(Bound a, Bound b) {
  int64_t sum;
  if (!a || !b || llvm::AddOverflow(*a, *b, sum))
    return std::nullopt;
  return sum;
}

Bound multiplyBounds(Bound a, Bound b) {
  int64_t product;
  if (!a || !b || llvm::MulOverflow(*a, *b, product))
    return std::nullopt;
  return product;
}

Range rangeOf(SymExpr e, bool atLeastOne, unsigned depth);

Range rangeOfTerm(const Term &term, bool atLeastOne, unsigned depth) {
  Range range{1, 1};
  for (SymExpr factor : term.factors) {
    Range r = rangeOf(factor, atLeastOne, depth);
    if (term.factors.size() == 1) {
      range = r;
      break;
    }
    if (!r.low || *r.low < 0)
      return {};
    range = {multiplyBounds(range.low, r.low), multiplyBounds(range.high, r.high)};
    // A product too large for int64 is still not below 0.
    if (!range.low)
      range.low = 0;
  }
  range = {multiplyBounds(range.low, term.coefficient), multiplyBounds(range.high, term.coefficient)};
  if (term.coefficient < 0)
    std::swap(range.low, range.high);
  return range;
}

Range rangeOfPoly(const Poly &poly, bool atLeastOne = false, unsigned depth = 0) {
  Range range{0, 0};
  for (const Term &term : poly) {
    Range r = rangeOfTerm(term, atLeastOne, depth);
    range = {addBounds(range.low, r.low), addBounds(range.high, r.high)};
  }
  return range;
}

Range rangeOf(SymExpr e, bool atLeastOne, unsigned depth) {
  if (Bound value = e.getConstant())
    return {value, value};
  // An element of an integer input ("shape[0]") is any integer; other symbols are sizes.
  if (e.getKind() == Kind::Symbol)
    return e.getSymbolName().ends_with("]") ? Range{} : Range{atLeastOne, std::nullopt};
  if (isOpaque(e) || depth == maxBoundDepth)
    return {};
  if (e.getKind() == Kind::Add || e.getKind() == Kind::Mul)
    return rangeOfPoly(toPoly(e), atLeastOne, depth);

  SmallVector<SymExpr> operands = e.getOperands();
  auto range = [&](unsigned i) { return rangeOf(operands[i], atLeastOne, depth + 1); };
  switch (e.getKind()) {
  case Kind::FloorDiv:
  case Kind::CeilDiv: {
    Range a = range(0), b = range(1);
    if (Bound divisor = operands[1].getConstant(); divisor && *divisor > 0) {
      auto *divide = e.getKind() == Kind::FloorDiv
                         ? +[](int64_t x, int64_t y) { return llvm::divideFloorSigned(x, y); }
                         : +[](int64_t x, int64_t y) { return llvm::divideCeilSigned(x, y); };
      if (a.low)
        a.low = divide(*a.low, *divisor);
      if (a.high)
        a.high = divide(*a.high, *divisor);
      return a;
    }
    if (a.low && *a.low >= 0 && b.low && *b.low >= 0)
      return {0, a.high};
    return {};
  }
  case Kind::Mod: {
    Range b = range(1);
    if (b.low && *b.low >= 0)
      return {0, addBounds(b.high, -1)};
    return {};
  }
  case Kind::Min:
  case Kind::Max: {
    // For max: low is the largest known low, high needs all; for min the other way round.
    bool isMax = e.getKind() == Kind::Max;
    Range result = range(0);
    for (unsigned i = 1; i < operands.size(); ++i) {
      Range r = range(i);
      Bound &sure = isMax ? result.low : result.high, &all = isMax ? result.high : result.low;
      Bound other = isMax ? r.low : r.high, otherAll = isMax ? r.high : r.low;
      auto pick = [&](int64_t x, int64_t y) { return isMax ? std::max(x, y) : std::min(x, y); };
      sure = sure && other ? pick(*sure, *other) : sure ? sure : other;
      all = all && otherAll ? Bound(pick(*all, *otherAll)) : std::nullopt;
    }
    return result;
  }
  case Kind::Select: {
    Range x = range(2), y = range(3);
    return {x.low && y.low ? Bound(std::min(*x.low, *y.low)) : std::nullopt,
            x.high && y.high ? Bound(std::max(*x.high, *y.high)) : std::nullopt};
  }
  default:
    return {};
  }
}

/// Range of a - b, unknown where the difference overflows.
Range rangeOfDifference(SymExpr a, SymExpr b) {
  auto difference = addScaled(toPoly(a), toPoly(b), -1);
  return difference ? rangeOfPoly(*difference) : Range{};
}

//===----------------------------------------------------------------------===//
// Building sums, products, divisions
//===----------------------------------------------------------------------===//

SymExpr opaque(Kind kind, SymExpr a, SymExpr b) {
  if (lessThan(b, a))
    std::swap(a, b);
  return make(a.getContext(), kind, kind == Kind::Add ? 1 : 0, {a, b});
}

SymExpr addScaled(SymExpr a, SymExpr b, int64_t scale) {
  MLIRContext *context = a.getContext();
  if (auto sum = addScaled(toPoly(a), toPoly(b), scale))
    return fromPoly(context, *sum);
  return opaque(Kind::Add, a, scale == 1 ? b : b * scale);
}

/// What floorDiv and mod share: both operands over their common factors, with
/// a = quotient * b + remainder. `common * remainder + rest` is the remainder of
/// the division that was asked for.
struct Reduced {
  SymExpr quotient, remainder, divisor, common;
  int64_t rest = 0;
};

std::optional<Reduced> reduceDivision(SymExpr a, SymExpr b) {
  MLIRContext *context = a.getContext();
  Poly x = toPoly(a), y = toPoly(b);
  if (y.empty())
    return std::nullopt;
  auto division = divide(x, y);
  if (!division)
    return std::nullopt;
  Reduced result;
  result.quotient = fromPoly(context, division->quotient);
  Term common = takeCommon(division->remainder, y, result.rest);
  result.remainder = fromPoly(context, division->remainder);
  result.divisor = fromPoly(context, y);
  result.common = fromTerm(context, common);
  return result;
}

/// Whether the leading coefficient is negative and can be negated.
std::optional<SymExpr> negatedIfNegative(SymExpr e) {
  Poly poly = toPoly(e);
  if (poly.empty() || poly.front().coefficient > 0)
    return std::nullopt;
  if (auto negated = negate(poly))
    return fromPoly(e.getContext(), *negated);
  return std::nullopt;
}

/// 0 <= a < b for sure.
bool liesBelow(SymExpr a, SymExpr b) {
  Range low = rangeOfPoly(toPoly(a)), room = rangeOfDifference(b, a);
  return low.low && *low.low >= 0 && room.low && *room.low >= 1;
}

/// floorDiv of a remainder by a positive constant.
SymExpr floorDivConstant(SymExpr a, int64_t divisor) {
  MLIRContext *context = a.getContext();
  Poly poly = toPoly(a);
  int64_t constant = 0;
  if (!poly.empty() && poly.back().factors.empty()) {
    constant = poly.back().coefficient;
    poly.pop_back();
  }
  // (floorDiv(x, d) + r) floorDiv c = (x + r * d) floorDiv (c * d), and
  // ceilDiv(x, d) = floorDiv(x + d - 1, d).
  if (poly.size() == 1 && poly[0].coefficient == 1 && poly[0].factors.size() == 1) {
    SymExpr atom = poly[0].factors[0];
    bool isCeil = atom.getKind() == Kind::CeilDiv;
    if (isCeil || atom.getKind() == Kind::FloorDiv) {
      std::optional<int64_t> inner = atom.getOperands()[1].getConstant();
      int64_t product, offset;
      if (inner && *inner > 0 && !llvm::MulOverflow(*inner, divisor, product) &&
          !llvm::MulOverflow(*inner, constant, offset) &&
          !(isCeil && llvm::AddOverflow(offset, *inner - 1, offset)))
        return (atom.getOperands()[0] + offset).floorDiv(product);
    }
  }
  // One form for rounding up: (n + c - 1) floorDiv c is ceilDiv(n, c).
  if (constant == divisor - 1)
    return make(context, Kind::CeilDiv, 0,
                {fromPoly(context, poly), SymExpr::constant(context, divisor)});
  return make(context, Kind::FloorDiv, 0, {a, SymExpr::constant(context, divisor)});
}

/// Replaces mod(x, d) by x in the terms of `a`, where d is a multiple of `divisor`.
SymExpr dropInnerMods(SymExpr a, int64_t divisor) {
  MLIRContext *context = a.getContext();
  SymExpr sum = SymExpr::constant(context, 0);
  bool changed = false;
  for (const Term &term : toPoly(a)) {
    SymExpr part = SymExpr::constant(context, term.coefficient);
    for (SymExpr factor : term.factors) {
      if (factor.getKind() == Kind::Mod)
        if (Bound d = factor.getOperands()[1].getConstant(); d && *d > 0 && *d % divisor == 0) {
          factor = factor.getOperands()[0];
          changed = true;
        }
      part = part * factor;
    }
    sum = sum + part;
  }
  return changed ? sum : a;
}

//===----------------------------------------------------------------------===//
// min, max, select
//===----------------------------------------------------------------------===//

SymExpr makeExtremum(Kind kind, SymExpr a, SymExpr b) {
  MLIRContext *context = a.getContext();
  SmallVector<SymExpr> candidates, kept;
  for (SymExpr e : {a, b})
    if (e.getKind() == kind)
      llvm::append_range(candidates, e.getOperands());
    else
      candidates.push_back(e);
  llvm::sort(candidates, lessThan);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  // x goes if one that stays is never worse. (Bounds of what has no value, as
  // mod(n, 0), may contradict each other: one must stay.)
  SmallVector<bool> stays(candidates.size(), true);
  for (auto [i, x] : llvm::enumerate(candidates))
    for (auto [j, y] : llvm::enumerate(candidates)) {
      if (i == j || !stays[i] || !stays[j])
        continue;
      Range r = kind == Kind::Min ? rangeOfDifference(x, y) : rangeOfDifference(y, x);
      stays[i] = !(r.low && *r.low >= 0);
    }
  for (auto [i, x] : llvm::enumerate(candidates))
    if (stays[i])
      kept.push_back(x);
  return kept.size() == 1 ? kept[0] : make(context, kind, 0, kept);
}

/// `e` with the symbol `name` replaced.
SymExpr replaceSymbol(SymExpr e, StringRef name, SymExpr by) {
  return e.substitute([&](StringRef n) { return n == name ? by : SymExpr(); });
}

} // namespace

//===----------------------------------------------------------------------===//
// SymExpr
//===----------------------------------------------------------------------===//

SymExpr::SymExpr(SymExprAttr attr) : attr(attr) {}

SymExpr SymExpr::constant(MLIRContext *context, int64_t value) {
  return make(context, Kind::Constant, value, {});
}

SymExpr SymExpr::symbol(MLIRContext *context, StringRef name) {
  return make(context, Kind::Symbol, 0, {}, name);
}

MLIRContext *SymExpr::getContext() const { return attr.getContext(); }
SymExprAttr SymExpr::getAttr() const { return llvm::cast_or_null<SymExprAttr>(attr); }
SymExpr::Kind SymExpr::getKind() const { return static_cast<Kind>(getAttr().getKind()); }

std::optional<int64_t> SymExpr::getConstant() const {
  if (getKind() != Kind::Constant)
    return std::nullopt;
  return getAttr().getValue();
}

StringRef SymExpr::getSymbolName() const { return getAttr().getName().getValue(); }

SmallVector<SymExpr, 4> SymExpr::getOperands() const {
  SmallVector<SymExpr> operands;
  SymExprAttr self = getAttr();
  if (getKind() == Kind::Mul && self.getValue() != 0 && self.getValue() != 1)
    operands.push_back(constant(getContext(), self.getValue()));
  for (unsigned i = 0, e = self.getOperands().size(); i != e; ++i)
    operands.push_back(operand(self, i));
  return operands;
}

SymExpr::Compare SymExpr::getCompare() const { return static_cast<Compare>(getAttr().getValue()); }

SymExpr SymExpr::operator+(SymExpr o) const { return addScaled(*this, o, 1); }
SymExpr SymExpr::operator-(SymExpr o) const { return addScaled(*this, o, -1); }

SymExpr SymExpr::operator*(SymExpr o) const {
  if (o.isConstant(1))
    return *this;
  if (isConstant(1))
    return o;
  Poly a = toPoly(*this), b = toPoly(o), sum;
  if (a.size() * b.size() > maxProductTerms)
    return opaque(Kind::Mul, *this, o);
  for (const Term &term : b) {
    auto product = multiply(a, term);
    auto next = product ? mlopt::addScaled(sum, *product, 1) : std::nullopt;
    if (!next)
      return opaque(Kind::Mul, *this, o);
    sum = std::move(*next);
  }
  return fromPoly(getContext(), sum);
}

SymExpr SymExpr::operator+(int64_t o) const { return *this + constant(getContext(), o); }
SymExpr SymExpr::operator-(int64_t o) const { return *this - constant(getContext(), o); }
SymExpr SymExpr::operator*(int64_t o) const { return *this * constant(getContext(), o); }
SymExpr SymExpr::floorDiv(int64_t o) const { return floorDiv(constant(getContext(), o)); }
SymExpr SymExpr::ceilDiv(int64_t o) const { return ceilDiv(constant(getContext(), o)); }

SymExpr SymExpr::floorDiv(SymExpr o) const {
  if (o.isConstant(0))
    return make(getContext(), Kind::FloorDiv, 0, {*this, o});
  if (std::optional<SymExpr> positive = negatedIfNegative(o))
    if (auto negated = negate(toPoly(*this)))
      return fromPoly(getContext(), *negated).floorDiv(*positive);
  auto reduced = reduceDivision(*this, o);
  if (!reduced)
    return make(getContext(), Kind::FloorDiv, 0, {*this, o});
  auto [quotient, remainder, divisor, common, rest] = *reduced;
  if (remainder.isConstant(0) || liesBelow(remainder, divisor))
    return quotient;
  // Taking out a common factor may leave something that divides further.
  if (!common.isConstant(1) && (remainder != *this || divisor != o))
    return quotient + remainder.floorDiv(divisor);
  if (std::optional<int64_t> c = divisor.getConstant(); c && *c > 0)
    return quotient + floorDivConstant(remainder, *c);
  return quotient + make(getContext(), Kind::FloorDiv, 0, {remainder, divisor});
}

SymExpr SymExpr::ceilDiv(SymExpr o) const {
  // For a constant the one form of floorDiv decides; else -floor(-a / b) gives
  // the quotient, and the rest stays a ceilDiv.
  if (std::optional<int64_t> c = o.getConstant(); c && *c != 0) {
    if (*c > 0)
      if (auto sum = mlopt::addScaled(toPoly(*this), {Term{*c - 1, {}}}, *c > 1))
        return fromPoly(getContext(), *sum).floorDiv(o);
    if (*c < 0)
      if (auto negated = negate(toPoly(*this)); negated && negatedIfNegative(o))
        return fromPoly(getContext(), *negated).ceilDiv(*negatedIfNegative(o));
    return make(getContext(), Kind::CeilDiv, 0, {*this, o});
  }
  auto reduced = o.isConstant(0) ? std::nullopt : reduceDivision(*this, o);
  if (!reduced)
    return make(getContext(), Kind::CeilDiv, 0, {*this, o});
  auto [quotient, remainder, divisor, common, rest] = *reduced;
  if (remainder.isConstant(0))
    return quotient;
  if (divisor.getConstant())
    return quotient + remainder.ceilDiv(divisor);
  return quotient + make(getContext(), Kind::CeilDiv, 0, {remainder, divisor});
}

SymExpr SymExpr::mod(SymExpr o) const {
  if (std::optional<int64_t> c = o.getConstant(); c && *c > 0)
    if (SymExpr simpler = dropInnerMods(*this, *c); simpler != *this)
      return simpler.mod(o);
  // A constant divisor is positive: mod(a, -c) = -mod(-a, c).
  if (std::optional<int64_t> c = o.getConstant(); c && *c < 0) {
    auto negated = negate(toPoly(*this));
    std::optional<SymExpr> positive = negatedIfNegative(o);
    if (!negated || !positive)
      return make(getContext(), Kind::Mod, 0, {*this, o});
    return fromPoly(getContext(), *negated).mod(*positive) * -1;
  }
  auto reduced = o.isConstant(0) ? std::nullopt : reduceDivision(*this, o);
  if (!reduced)
    return make(getContext(), Kind::Mod, 0, {*this, o});
  auto [quotient, remainder, divisor, common, rest] = *reduced;
  SymExpr result = remainder;
  if (divisor.isConstant(1))
    result = constant(getContext(), 0);
  else if (!remainder.isConstant(0) && !liesBelow(remainder, divisor)) {
    if (!common.isConstant(1) && (remainder != *this || divisor != o))
      result = remainder.mod(divisor);
    else
      result = make(getContext(), Kind::Mod, 0, {remainder, divisor});
  }
  return result * common + rest;
}

SymExpr SymExpr::min(SymExpr a, SymExpr b) { return makeExtremum(Kind::Min, a, b); }
SymExpr SymExpr::max(SymExpr a, SymExpr b) { return makeExtremum(Kind::Max, a, b); }

SymExpr SymExpr::select(Compare cmp, SymExpr a, SymExpr b, SymExpr x, SymExpr y) {
  if (x == y)
    return x;
  MLIRContext *context = a.getContext();
  auto difference = mlopt::addScaled(toPoly(b), toPoly(a), -1);
  if (!difference)
    return make(context, Kind::Select, static_cast<int64_t>(cmp), {a, b, x, y});
  Range range = rangeOfPoly(*difference);
  bool isAbove = range.low && *range.low >= 1, isBelow = range.high && *range.high <= -1;
  if (cmp == Compare::Eq) {
    if (range.low && range.high && *range.low == 0 && *range.high == 0)
      return x;
    if (isAbove || isBelow)
      return y;
    // A comparison of a choice between constants is that choice.
    for (auto [lhs, rhs] : {std::pair(a, b), std::pair(b, a)}) {
      if (lhs.getKind() != Kind::Select || !rhs.getConstant())
        continue;
      SmallVector<SymExpr> inner = lhs.getOperands();
      if (inner[2].getConstant() && inner[3].getConstant())
        return select(lhs.getCompare(), inner[0], inner[1], inner[2] == rhs ? x : y,
                      inner[3] == rhs ? x : y);
    }
    if (difference->front().coefficient > 0)
      if (auto negated = negate(*difference))
        difference = negated;
  } else {
    if (isAbove)
      return x;
    if (range.high && *range.high <= 0)
      return y;
    // a < b is x < y, or y < x.
    SymExpr gap = fromPoly(context, *difference);
    if (y - x == gap)
      return min(x, y);
    if (x - y == gap)
      return max(x, y);
  }
  if (cmp == Compare::Eq) {
    // 4n == 2m + 6 is 2n == m + 3; 2n == 1 never holds.
    int64_t common = 0, constant = 0;
    for (const Term &term : *difference)
      if (term.factors.empty())
        constant = term.coefficient;
      else
        common = gcd(common, term.coefficient);
    if (constant % common != 0)
      return y;
    for (Term &term : *difference)
      term.coefficient /= common;
  }
  // One form of the comparison: terms stand where their coefficient is positive.
  Poly left, right;
  for (const Term &term : *difference)
    if (term.coefficient < 0 && term.coefficient != std::numeric_limits<int64_t>::min())
      left.push_back({-term.coefficient, term.factors});
    else
      right.push_back(term);
  a = fromPoly(context, left);
  b = fromPoly(context, right);
  if (cmp == Compare::Eq) {
    // Where x and y agree once a stands for b, y alone is right.
    for (auto [symbol, value] : {std::pair(a, b), std::pair(b, a)}) {
      // Only for a symbol or a constant: what is put in must not grow the expression.
      if (symbol.getKind() != Kind::Symbol ||
          (value.getKind() != Kind::Symbol && value.getKind() != Kind::Constant))
        continue;
      StringRef name = symbol.getSymbolName();
      if (replaceSymbol(x, name, value) == replaceSymbol(y, name, value))
        return y;
      // In x the symbol is the constant that it was compared with.
      if (value.getConstant())
        x = replaceSymbol(x, name, value);
    }
    if (x == y)
      return x;
  }
  return make(context, Kind::Select, static_cast<int64_t>(cmp), {a, b, x, y});
}

std::optional<int64_t> SymExpr::getLowerBound(bool symbolsAtLeastOne) const {
  return rangeOf(*this, symbolsAtLeastOne, 0).low;
}

SymExpr numElements(MLIRContext *context, ArrayRef<SymExpr> shape) {
  SymExpr product = SymExpr::constant(context, 1);
  for (SymExpr size : shape)
    product = product * size;
  return product;
}

} // namespace mlopt
