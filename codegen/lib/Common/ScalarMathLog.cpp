//===- ScalarMathLog.cpp - Logarithms and powers --------------------------===//

#include "ScalarMath64.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;

namespace mlopt {

namespace {
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kLn2 = 0.69314718055994530942;
/// ln 2 in two parts; the products of the first with an exponent are exact.
constexpr double kLn2High32 = 0.693145751953125, kLn2Low32 = 1.42860682030941723212e-6;
/// Bit pattern of 2/3: mantissas are brought to [2/3, 4/3).
constexpr int64_t kTwoThirdsBits = 0x3F2AAAAB;
constexpr int64_t kExponentMask32 = 0xFF800000;
} // namespace

Value ScalarMath::log1pSmall(Value m) {
  // Two interleaved chains; error of log below 0.9 ulp with FMA.
  Value s = mul(m, m);
  Value r = constF(m, -0.130310059);
  Value t = constF(m, 0.140869141);
  r = fma(r, s, constF(m, -0.121483512));
  t = fma(t, s, constF(m, 0.139814854));
  r = fma(r, s, constF(m, -0.166846126));
  t = fma(t, s, constF(m, 0.200120345));
  r = fma(r, s, constF(m, -0.249996200));
  r = fma(t, m, r);
  r = fma(r, m, constF(m, 0.333331972));
  r = fma(r, m, constF(m, -0.5));
  return fma(r, s, m);
}

/// e * ln 2 + r, e integral.
static Value addExponent(ScalarBuilder &s, Value e, Value r) {
  return s.fma(e, kLn2High32, s.fma(e, kLn2Low32, r));
}

Value ScalarMath::log(Value x) {
  if (isF64(x))
    return options.gpu ? math64::log(*this, x) : math::LogOp::create(builder, loc, x).getResult();
  Type i32 = intType(32), f32 = builder.getF32Type();
  Value isDenormal = cmpF(FPred::OLT, x, 1.17549435e-38);
  Value a = select(isDenormal, mul(x, constF(x, 8388608.0)), x);
  Value bias = select(isDenormal, constF(x, -23.0), constF(x, 0.0));
  Value bits = bitcast(a, i32);
  Value e = andI(subI(bits, kTwoThirdsBits), kExponentMask32);
  Value m = sub(bitcast(subI(bits, e), f32), constF(x, 1.0));
  Value k = add(intToFloat(shrS(e, 23), f32), bias);
  Value r = addExponent(*this, k, log1pSmall(m));
  r = select(cmpF(FPred::OLT, x, kInf), r, x); // +inf and NaN
  r = select(cmpF(FPred::OLT, x, 0.0), constF(x, kNan), r);
  return select(cmpF(FPred::OEQ, x, 0.0), constF(x, -kInf), r);
}

Value ScalarMath::log2(Value x) {
  if (isF64(x))
    return options.gpu ? math64::log2(*this, x) : math::Log2Op::create(builder, loc, x).getResult();
  Value l = log64(toF64(x));
  return toF32(mul(l, constF(l, 1.4426950408889634)));
}

Value ScalarMath::softplus(Value x) {
  Value t = neg(abs(x));
  Value positive = clampLow(x, 0.0);
  if (isF64(x))
    return add(positive, log1p(exp(t)));
  // log(1 + t) for t = exp(-|x|) in [0, 1]: the exponent comes from 1 + t, the
  // reduced argument t 2^-e + (2^-e - 1) from t itself, so tiny t stay exact.
  t = expLimited(clampLow(t, -104.0));
  Type i32 = intType(32), f32 = builder.getF32Type();
  Value one = constF(x, 1.0);
  Value e = andI(subI(bitcast(add(t, one), i32), kTwoThirdsBits), kExponentMask32);
  Value scale = bitcast(subI(constI(e, 0x3F800000), e), f32);
  Value m = fma(t, scale, sub(scale, one));
  Value l = addExponent(*this, intToFloat(shrS(e, 23), f32), log1pSmall(m));
  return add(positive, l);
}

Value ScalarMath::rsqrt(Value x) { return div(constF(x, 1.0), sqrt(x)); }

//===----------------------------------------------------------------------===//
// Through f64
//===----------------------------------------------------------------------===//

Value ScalarMath::log64(Value x) {
  Type i64 = intType(64), f64 = builder.getF64Type();
  Value bits = bitcast(x, i64);
  Value tmp = subI(bits, 0x3FE6A09E667F3BCD); // sqrt(1/2)
  Value m = bitcast(subI(bits, andI(tmp, int64_t(0xFFF0000000000000))), f64);
  // The exponent as a double without a 64-bit conversion: it becomes the low
  // bits of 2^52 + 1023 + e.
  Value k = shrU(addI(tmp, int64_t(1023) << 52), 52);
  k = sub(bitcast(orI(k, 0x4330000000000000), f64), constF(x, 4503599627370496.0 + 1023.0));
  Value one = constF(x, 1.0);
  Value s = div(sub(m, one), add(m, one));
  // log((1 + s) / (1 - s)) / s in s^2 on |s| <= 0.1717, relative error 1.7e-16.
  Value r =
      mul(s, polynomial(mul(s, s), {2.0000000000000004, 0.66666666666550876, 0.40000000062515664,
                                    0.28571415904039381, 0.22223442721402406, 0.18121671030700758,
                                    0.16840831119298439}));
  r = fma(k, kLn2, r);
  r = select(cmpF(FPred::OLT, x, kInf), r, x);
  r = select(cmpF(FPred::OLT, x, 0.0), constF(x, kNan), r);
  return select(cmpF(FPred::OEQ, x, 0.0), constF(x, -kInf), r);
}

Value ScalarMath::log1p64(Value x) {
  // log(u) + (x - (u - 1)) / u with u = 1 + x rounded; the second term is
  // NaN at the ends of the range, where the first is the answer.
  Value one = constF(x, 1.0);
  Value u = add(one, x);
  Value c = div(sub(x, sub(u, one)), u);
  Value l = log64(u);
  return select(cmpF(FPred::OEQ, c, c), add(l, c), l);
}

Value ScalarMath::log1p(Value x) {
  if (isF64(x))
    return options.gpu ? math64::log1p(*this, x) : math::Log1pOp::create(builder, loc, x).getResult();
  Value r = toF32(log1p64(toF64(x)));
  return select(cmpF(FPred::OEQ, x, 0.0), x, r); // keeps -0
}

Value ScalarMath::asinh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::asinh(*this, x) : math::AsinhOp::create(builder, loc, x).getResult();
  Value a = toF64(abs(x));
  Value aa = mul(a, a), one = constF(a, 1.0);
  Value r = toF32(log1p64(add(a, div(aa, add(one, sqrt(add(aa, one)))))));
  return select(cmpF(FPred::OEQ, abs(x), kInf), x, copysign(r, x));
}

Value ScalarMath::acosh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::acosh(*this, x) : math::AcoshOp::create(builder, loc, x).getResult();
  Value d = toF64(x), one = constF(d, 1.0);
  Value below = sub(d, one);
  Value r = log1p64(add(below, sqrt(mul(below, add(d, one)))));
  return select(cmpF(FPred::OLT, x, 1.0), constF(x, kNan), toF32(r));
}

Value ScalarMath::atanh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::atanh(*this, x) : math::AtanhOp::create(builder, loc, x).getResult();
  Value a = toF64(abs(x));
  Value l = log1p64(div(add(a, a), sub(constF(a, 1.0), a)));
  return copysign(toF32(mul(l, constF(l, 0.5))), x);
}

Value ScalarMath::pow(Value x, Value y) {
  if (isF64(x))
    return options.gpu ? math64::pow(*this, x, y) : math::PowFOp::create(builder, loc, x, y).getResult();
  Value one = constF(x, 1.0);
  Value a = abs(x);
  Value l = log64(toF64(a));
  y = toF64(y);
  Value r = toF32(exp64(clamp(mul(y, l), -150.0, 150.0)));
  // |x| = 1: the product is 0 * y, NaN for an infinite y.
  Value isUnit = andI(cmpF(FPred::OEQ, a, 1.0), cmpF(FPred::OEQ, y, y));
  r = select(isUnit, one, r);
  Value isInteger = cmpF(FPred::OEQ, floor(y), y);
  Value half = mul(y, constF(y, 0.5));
  Value isOdd = andI(isInteger, cmpF(FPred::ONE, floor(half), half));
  r = select(isOdd, copysign(r, x), r);
  Value isNegative = andI(cmpF(FPred::OLT, x, 0.0), cmpF(FPred::OGT, x, -kInf));
  r = select(andI(isNegative, notI(isInteger)), constF(x, kNan), r);
  return select(orI(cmpF(FPred::OEQ, y, 0.0), cmpF(FPred::OEQ, x, 1.0)), one, r);
}

} // namespace mlopt
