//===- ScalarMathExp.cpp - Exponential and its relatives ------------------===//
//
// Coefficients are minimax fits (weighted Lawson iteration in 40 digits) on the
// interval that each comment names.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath64.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace mlopt {

namespace {
/// 1.5 * 2^23: adding it to a float below 2^22 rounds to the nearest integer,
/// which then stands in the low bits.
constexpr double kRound32 = 12582912.0;
/// The same for f64: 1.5 * 2^52.
constexpr double kRound64 = 6755399441055744.0;
constexpr double kLog2E = 1.4426950408889634;
/// ln 2 in two parts; the products of the first with an exponent are exact.
constexpr double kLn2High32 = 0.693145751953125, kLn2Low32 = 1.42860682030941723212e-6;
constexpr double kLn2High64 = 6.93147180369123816490e-01, kLn2Low64 = 1.90821492927058770002e-10;
/// tanh is 1 in f32 from here on.
constexpr double kTanhLimit = 9.02;
} // namespace

Value ScalarMath::scaleByPowerOf2(Value p, Value n, Value nBits) {
  auto vector = dyn_cast<VectorType>(p.getType());
  if (options.hasAVX512 && vector && vector.getRank() == 1 &&
      llvm::is_contained({4, 8, 16}, vector.getNumElements())) {
    int64_t lanes = vector.getNumElements();
    Value mask = arith::ConstantOp::create(
        builder, loc, builder.getIntegerAttr(intType(lanes == 16 ? 16 : 8), -1));
    llvm::SmallVector<Value> args{p, n, p, mask};
    if (lanes == 16) // the rounding mode in force
      args.push_back(arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(4)));
    std::string name = "llvm.x86.avx512.mask.scalef.ps." + std::to_string(lanes * 32);
    return LLVM::CallIntrinsicOp::create(builder, loc, p.getType(), builder.getStringAttr(name),
                                         args)
        .getResult(0);
  }
  // Two factors, because 2^n alone may be no normal number; the first product
  // is exact, so the result is rounded once.
  Value half = shrS(nBits, 1);
  Value rest = subI(nBits, half);
  Type f32 = builder.getF32Type();
  Value s1 = bitcast(shl(addI(half, 127), 23), f32);
  Value s2 = bitcast(shl(addI(rest, 127), 23), f32);
  return mul(mul(p, s1), s2);
}

Value ScalarMath::expLimited(Value x) {
  Value magic = constF(x, kRound32);
  Value t = fma(x, kLog2E, magic);
  Value n = sub(t, magic);
  Value f = fma(n, -kLn2Low32, fma(n, -kLn2High32, x));
  // (exp(f) - 1 - f) / f^2 on |f| <= ln(2)/2, relative error of exp 3.0e-9.
  Value r =
      polynomial(f, {0.4999999308, 0.1666652043, 0.04166848742, 0.008368736779, 0.001380888876});
  r = add(fma(r, mul(f, f), f), constF(x, 1.0));
  Value bits = subI(bitcast(t, intType(32)), 0x4B400000);
  return scaleByPowerOf2(r, n, bits);
}

Value ScalarMath::exp(Value x) {
  if (isF64(x))
    return options.gpu ? math64::exp(*this, x) : math::ExpOp::create(builder, loc, x).getResult();
  return expLimited(clamp(x, -104.0, 89.0));
}

Value ScalarMath::sigmoid(Value x) {
  // Through exp(-|x|) <= 1, so that nothing overflows and the small results of
  // negative x keep their relative error.
  Value one = constF(x, 1.0);
  Value t = neg(abs(x));
  t = isF64(x) ? exp(t) : expLimited(clampLow(t, -104.0));
  return div(select(cmpF(FPred::OGE, x, 0.0), one, t), add(one, t));
}

ScalarMath::SplitExp ScalarMath::splitExpm1(Value x) {
  Value magic = constF(x, kRound32);
  Value t = fma(x, kLog2E, magic);
  Value n = sub(t, magic);
  // With FMA one part of ln 2 does: 1.9e-9 n vanishes beside the 1 in the callers.
  Value f = options.hasFMA ? fma(n, -kLn2High32 - kLn2Low32, x)
                           : fma(n, -kLn2Low32, fma(n, -kLn2High32, x));
  // (exp(f) - 1 - f) / f^2 on |f| <= ln(2)/2, relative error of expm1 1.3e-8.
  Value r = polynomial(f, {0.499999981, 0.1666654375, 0.04166719034, 0.00836651588, 0.00138837149});
  Value scale = bitcast(addI(shl(bitcast(t, intType(32)), 23), 0x3F800000), builder.getF32Type());
  return {scale, fma(mul(f, f), r, f)};
}

Value ScalarMath::tanh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::tanh(*this, x) : math::TanhOp::create(builder, loc, x).getResult();
  // E / (E + 2) with E = exp(2 |x|) - 1: accurate near 0 and, unlike a rational
  // function, near 1.
  Value a = clampHigh(abs(x), kTanhLimit);
  auto [scale, q] = splitExpm1(add(a, a));
  Value e = fma(q, scale, sub(scale, constF(x, 1.0)));
  return copysign(div(e, add(e, constF(x, 2.0))), x);
}

Value ScalarMath::negLogErfc(Value z) {
  // z (1 + P(z)), error of erf 4.0e-10 for z <= 3.95. It keeps growing up to
  // the limit, where exp of minus it is 6e-25 and erf has long been 1.
  z = clampHigh(z, 6.7);
  Value p = polynomial(z, {0.1283791666, 0.6366198355, 0.1027712683, -0.01911764976,
                           -0.0002531806685, 0.001799531239, -0.0007408374897, 0.0001675545025,
                           -2.137327647e-5, 1.195216898e-6});
  return fma(p, z, z);
}

Value ScalarMath::erf(Value x) {
  if (isF64(x))
    return options.gpu ? math64::erf(*this, x) : math::ErfOp::create(builder, loc, x).getResult();
  auto [scale, q] = splitExpm1(neg(negLogErfc(abs(x))));
  return copysign(fma(q, scale, sub(scale, constF(x, 1.0))), x);
}

Value ScalarMath::gelu(Value x) {
  if (isF64(x)) {
    Value e = erf(mul(x, constF(x, 0.70710678118654752440)));
    Value h = mul(x, constF(x, 0.5));
    return fma(h, e, h);
  }
  // max(x, 0) - |x| erfc(|x| / sqrt 2) / 2: the tail of negative x is a small
  // product, not what is left of 1 + erf. From 14.2 on it rounds to 0, however
  // large x is: 0 there, also at -inf.
  Value a = abs(x);
  a = select(cmpF(arith::CmpFPredicate::OGT, a, 14.2), constF(x, 0.0), a);
  auto [scale, q] = splitExpm1(neg(negLogErfc(mul(a, constF(x, 0.70710678118654752440)))));
  Value tail = mul(fma(q, scale, scale), mul(a, constF(x, 0.5)));
  return sub(clampLow(x, 0.0), tail);
}

Value ScalarMath::geluTanh(Value x) {
  Value inner = fma(mul(x, x), constF(x, 0.044715 * 0.79788456080286535588),
                    constF(x, 0.79788456080286535588));
  Value e = tanh(mul(x, inner));
  Value h = mul(x, constF(x, 0.5));
  return fma(h, e, h);
}

//===----------------------------------------------------------------------===//
// Rarer functions, through f64
//===----------------------------------------------------------------------===//

/// Splits x into n ln 2 + f; returns (2^n, f).
static std::pair<Value, Value> splitExp64(ScalarBuilder &s, Value x) {
  Value magic = s.constF(x, kRound64);
  Value t = s.fma(x, kLog2E, magic);
  Value n = s.sub(t, magic);
  Value f = s.fma(n, -kLn2Low64, s.fma(n, -kLn2High64, x));
  Value bits = s.addI(s.bitcast(t, s.intType(64)), 1023);
  return {s.bitcast(s.shl(bits, 52), s.builder.getF64Type()), f};
}

Value ScalarMath::exp64(Value x) {
  auto [scale, f] = splitExp64(*this, x);
  // (exp(f) - 1 - f) / f^2 on |f| <= ln(2)/2, relative error of exp 2.9e-16.
  Value r = polynomial(f, {0.49999999999998367, 0.16666666666611079, 0.041666666668102146,
                           0.0083333333710800818, 0.0013888888523661509, 0.00019841184947406617,
                           2.4801925709050115e-5, 2.7635116095084e-6, 2.7478445891963288e-7});
  r = add(fma(r, mul(f, f), f), constF(x, 1.0));
  return mul(r, scale);
}

Value ScalarMath::expm164(Value x) {
  auto [scale, f] = splitExp64(*this, x);
  // (exp(f) - 1) / f on |f| <= ln(2)/2, relative error 1.2e-15.
  Value q = polynomial(f, {1.0000000000000012, 0.4999999999999955, 0.16666666666615735,
                           0.041666666667135384, 0.0083333333673029349, 0.0013888888764166832,
                           0.00019841190613783105, 2.4801690900347084e-5, 2.7632673443418548e-6,
                           2.7557447808183089e-7});
  return fma(mul(q, f), scale, sub(scale, constF(x, 1.0)));
}

Value ScalarMath::expm1(Value x) {
  if (isF64(x))
    return options.gpu ? math64::expm1(*this, x) : math::ExpM1Op::create(builder, loc, x).getResult();
  Value r = toF32(expm164(toF64(clamp(x, -104.0, 89.0))));
  return select(cmpF(FPred::OEQ, x, 0.0), x, r); // keeps -0
}

Value ScalarMath::sinh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::sinh(*this, x) : math::SinhOp::create(builder, loc, x).getResult();
  Value a = toF64(clampHigh(abs(x), 100.0));
  Value e = exp64(a);
  Value big = mul(sub(e, div(constF(a, 1.0), e)), constF(a, 0.5));
  // sinh(x) / x in x^2 on |x| <= 1, relative error 4.5e-11.
  Value small =
      mul(a, polynomial(mul(a, a), {1.0000000000463297, 0.16666666429318011, 0.008333352633530589,
                                    0.00019835806567414715, 2.818551123273241e-6}));
  return copysign(toF32(select(cmpF(FPred::OLT, a, 1.0), small, big)), x);
}

Value ScalarMath::cosh(Value x) {
  if (isF64(x))
    return options.gpu ? math64::cosh(*this, x) : math::CoshOp::create(builder, loc, x).getResult();
  Value e = exp64(toF64(clampHigh(abs(x), 100.0)));
  return toF32(mul(add(e, div(constF(e, 1.0), e)), constF(e, 0.5)));
}

} // namespace mlopt
