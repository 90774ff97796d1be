//===- ScalarArith.cpp - Extrema, remainders, integers --------------------===//

#include "ScalarMath64.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include <limits>

using namespace mlir;

namespace mlopt {

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

Value ScalarMath::signF(Value x) {
  Value r = select(cmpF(FPred::OLT, x, 0.0), constF(x, -1.0), x);
  r = select(cmpF(FPred::OGT, x, 0.0), constF(x, 1.0), r);
  return select(cmpF(FPred::OEQ, x, 0.0), constF(x, 0.0), r);
}

/// Whether `v` is a constant without NaN (a splat in the vector case).
static bool isNumberConstant(Value v) {
  FloatAttr value;
  DenseFPElementsAttr dense;
  if (matchPattern(v, m_Constant(&value)))
    return !value.getValue().isNaN();
  return matchPattern(v, m_Constant(&dense)) && dense.isSplat() &&
         !dense.getSplatValue<llvm::APFloat>().isNaN();
}

/// `arith.maximumf` also orders the zeros, which costs x86 three more
/// instructions; `select(a > b, a, b)` is one `maxps` and gives b for NaN.
static Value extremum(ScalarMath &s, Value a, Value b, ScalarBuilder::FPred pred) {
  if (isNumberConstant(b))
    std::swap(a, b);
  Value r = s.select(s.cmpF(pred, a, b), a, b);
  return isNumberConstant(a) ? r : s.select(s.isNan(a), a, r);
}

Value ScalarMath::maxF(Value a, Value b) { return extremum(*this, a, b, FPred::OGT); }
Value ScalarMath::minF(Value a, Value b) { return extremum(*this, a, b, FPred::OLT); }

Value ScalarMath::fmod(Value a, Value b) {
  if (isF64(a))
    return options.gpu ? math64::fmod(*this, a, b) : arith::RemFOp::create(builder, loc, a, b).getResult();
  // With |a / b| < 2^29 the product of the quotient (29 bits) and b (24 bits)
  // is exact in f64, and so is the difference; the quotient may be rounded up
  // to the next integer. Other lanes (larger quotients, b zero or infinite,
  // NaN) take the f64 function: an f32 one would be `fmodf`.
  Value x = abs(toF64(a)), y = abs(toF64(b));
  Value ratio = div(x, y);
  Value q = trunc(ratio);
  Value r = sub(x, mul(q, y));
  r = select(cmpF(FPred::OLT, r, 0.0), add(r, y), r);
  Value isUsual = andI(cmpF(FPred::OLT, ratio, 536870912.0),
                       cmpF(FPred::OLT, y, std::numeric_limits<double>::infinity()));
  r = whenAny(notI(isUsual), r, [&]() -> llvm::SmallVector<Value> {
    return {fmod(x, y)};
  })[0];
  return copysign(toF32(r), a);
}

Value ScalarMath::modF(Value a, Value b) {
  Value r = fmod(a, b);
  Value isZero = cmpF(FPred::OEQ, r, 0.0);
  Value differs = xorI(cmpF(FPred::OLT, r, 0.0), cmpF(FPred::OLT, b, 0.0));
  Value shifted = select(differs, add(r, b), r);
  return select(isZero, copysign(r, b), shifted);
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

Value ScalarMath::maxI(Value a, Value b, bool isUnsigned) {
  if (isUnsigned)
    return arith::MaxUIOp::create(builder, loc, a, b);
  return arith::MaxSIOp::create(builder, loc, a, b);
}

Value ScalarMath::minI(Value a, Value b, bool isUnsigned) {
  if (isUnsigned)
    return arith::MinUIOp::create(builder, loc, a, b);
  return arith::MinSIOp::create(builder, loc, a, b);
}

Value ScalarMath::absI(Value x) { return maxI(x, subI(constI(x, 0), x), false); }

Value ScalarMath::signI(Value x, bool isUnsigned) {
  Value positive = select(cmpI(IPred::ne, x, 0), constI(x, 1), constI(x, 0));
  return isUnsigned ? positive : select(cmpI(IPred::slt, x, 0), constI(x, -1), positive);
}

/// The divisor with the cases that trap (0, INT_MIN / -1) replaced by 1; x / 1
/// is INT_MIN for INT_MIN, as promised.
static Value safeDivisor(ScalarBuilder &s, Value a, Value b, Value isZero, bool isUnsigned) {
  using IPred = ScalarBuilder::IPred;
  Value traps = isZero;
  if (!isUnsigned) {
    Value least = s.constInt(a, llvm::APInt::getSignedMinValue(s.bitsOf(a)));
    traps = s.orI(traps, s.andI(s.cmpI(IPred::eq, a, least), s.cmpI(IPred::eq, b, -1)));
  }
  return s.select(traps, s.constI(b, 1), b);
}

/// a / b for b != 0 without overflow. x86 has no vector division of integers:
/// up to 32 bits the truncated f64 quotient (f32 up to 16 bits) is exact, since
/// a quotient that is no integer is at least 1/a, relatively, away from one.
static Value divideSafely(ScalarBuilder &s, Value a, Value b, bool isUnsigned) {
  unsigned bits = s.bitsOf(a);
  if (ScalarBuilder::isVector(a) && bits <= 32) {
    Type element = ScalarBuilder::elementOf(a);
    Type wide = s.intType(bits == 32 && isUnsigned ? 64 : 32);
    Type f = bits == 32 ? Type(s.builder.getF64Type()) : Type(s.builder.getF32Type());
    auto toFloat = [&](Value v) {
      if (bits < 32)
        v = isUnsigned ? s.extU(v, wide) : s.extS(v, wide);
      return s.intToFloat(v, f, isUnsigned && bits == 32);
    };
    Value q = s.div(toFloat(a), toFloat(b));
    return s.truncI(s.floatToInt(q, wide), element);
  }
  if (isUnsigned)
    return arith::DivUIOp::create(s.builder, s.loc, a, b);
  return arith::DivSIOp::create(s.builder, s.loc, a, b);
}

Value ScalarMath::divI(Value a, Value b, bool isUnsigned) {
  Value isZero = cmpI(IPred::eq, b, 0);
  Value q = divideSafely(*this, a, safeDivisor(*this, a, b, isZero, isUnsigned), isUnsigned);
  return select(isZero, constI(a, 0), q);
}

Value ScalarMath::remI(Value a, Value b, bool isUnsigned) {
  Value isZero = cmpI(IPred::eq, b, 0);
  Value d = safeDivisor(*this, a, b, isZero, isUnsigned);
  Value r = subI(a, mulI(divideSafely(*this, a, d, isUnsigned), d));
  return select(isZero, constI(a, 0), r);
}

Value ScalarMath::modI(Value a, Value b, bool isUnsigned) {
  Value r = remI(a, b, isUnsigned);
  if (isUnsigned)
    return r;
  Value differs = andI(cmpI(IPred::ne, r, 0), cmpI(IPred::slt, xorI(r, b), 0));
  return select(differs, addI(r, b), r);
}

Value ScalarMath::shiftLeft(Value a, Value amount) {
  Value fits = cmpI(IPred::ult, amount, bitsOf(a));
  Value s = arith::ShLIOp::create(builder, loc, a, select(fits, amount, constI(a, 0)));
  return select(fits, s, constI(a, 0));
}

Value ScalarMath::shiftRightLogical(Value a, Value amount) {
  Value fits = cmpI(IPred::ult, amount, bitsOf(a));
  Value s = arith::ShRUIOp::create(builder, loc, a, select(fits, amount, constI(a, 0)));
  return select(fits, s, constI(a, 0));
}

Value ScalarMath::powI(Value a, Value e, bool isUnsigned, bool isExponentUnsigned) {
  // Square and multiply while any lane has exponent bits left.
  Value isNegative = isExponentUnsigned ? Value() : cmpI(IPred::slt, e, 0);
  Value start = isNegative ? select(isNegative, constI(e, 0), e) : e;
  Value one = constI(a, 1);
  auto loop = scf::WhileOp::create(
      builder, loc, TypeRange{a.getType(), a.getType(), e.getType()}, ValueRange{one, a, start},
      [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder s(b, l, options);
        scf::ConditionOp::create(b, l, s.any(s.cmpI(IPred::ne, args[2], 0)), args);
      },
      [&](OpBuilder &b, Location l, ValueRange args) {
        ScalarBuilder s(b, l, options);
        Value isOdd = s.cmpI(IPred::ne, s.andI(args[2], 1), 0);
        Value r = s.select(isOdd, s.mulI(args[0], args[1]), args[0]);
        scf::YieldOp::create(b, l, ValueRange{r, s.mulI(args[1], args[1]), s.shrU(args[2], 1)});
      });
  Value r = loop.getResult(0);
  if (!isNegative)
    return r;
  // 1^-n = 1, (-1)^-n = +-1, all else truncates to 0.
  Value reciprocal = select(cmpI(IPred::eq, a, 1), one, constI(a, 0));
  if (!isUnsigned) {
    Value isOdd = cmpI(IPred::ne, andI(e, 1), 0);
    reciprocal = select(cmpI(IPred::eq, a, -1), select(isOdd, constI(a, -1), one), reciprocal);
  }
  return select(isNegative, reciprocal, r);
}

} // namespace mlopt
