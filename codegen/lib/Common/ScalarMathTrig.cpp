//===- ScalarMathTrig.cpp - Trigonometric functions -----------------------===//
//
// f32 functions are computed in f64: the range reduction needs it, and the
// polynomials are then short.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath64.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace mlopt {

namespace {
constexpr double kRound64 = 6755399441055744.0; // 1.5 * 2^52
constexpr double kPiOver2 = 1.57079632679489661923;
/// pi/2: 25 bits, and the rest; n * kPiOver2High is exact for |n| < 2^28.
constexpr double kPiOver2High = 1.57079631090164184570, kPiOver2Low = 1.58932547735281966916e-08;
constexpr double kLargeArgument = 268435456.0; // 2^28

/// For x of exponent e in [28 + 25 g, 53 + 25 g): x = y * 2^(5 + 25 g) with an
/// integer y < 2^48, and 2^(5 + 25 g) * 2/pi modulo 4 as a sum of four parts of
/// at most 29 bits, so that each product with y (24 significant bits) is exact.
struct LargeGroup {
  double below; ///< the group holds |x| < below
  double scale; ///< 2^-(5 + 25 g)
  double parts[4];
};
constexpr LargeGroup kLargeGroups[4] = {
    {0x1p53,
     0x1p-5,
     {0x1.7cc1b7p-2, 0x1.3910548000000p-29, 0x1.3f84eaf000000p-56, 0x1.47d4d37000000p-85}},
    {0x1p78,
     0x1p-30,
     {0x1.c9c882a000000p+1, 0x1.4fe13a8000000p-29, 0x1.f47d4d3000000p-56, 0x1.dc0db62000000p-86}},
    {0x1p103,
     0x1p-55,
     {0x1.4a7f09d000000p+1, 0x1.7d1f534000000p-29, 0x1.bb81b6c000000p-58, 0x1.4acc9ep-88}},
    {0x1p128,
     0x1p-80,
     {0x1.abe8fa9000000p+1, 0x1.4ddc0da000000p-28, 0x1.6295993000000p-56, 0x1.8872083000000p-85}},
};
} // namespace

ScalarMath::Reduced ScalarMath::reducePiOver2(Value x) {
  Type i64 = intType(64);
  Value magic = constF(x, kRound64);
  Value t = fma(x, 1.0 / kPiOver2, magic);
  Value n = sub(t, magic);
  Value r = sub(sub(x, mul(n, constF(x, kPiOver2High))), mul(n, constF(x, kPiOver2Low)));
  Value quadrant = bitcast(t, i64);
  Value isLarge = cmpF(FPred::OGE, abs(x), kLargeArgument);
  auto merged = whenAny(isLarge, {quadrant, r}, [&]() -> llvm::SmallVector<Value> {
    Value a = abs(x);
    Value isBelow[3];
    for (int g = 0; g < 3; ++g)
      isBelow[g] = cmpF(FPred::OLT, a, kLargeGroups[g].below);
    auto pick = [&](llvm::function_ref<double(const LargeGroup &)> field) {
      Value v = constF(x, field(kLargeGroups[3]));
      for (int g = 2; g >= 0; --g)
        v = select(isBelow[g], constF(x, field(kLargeGroups[g])), v);
      return v;
    };
    Value y = mul(x, pick([](const LargeGroup &g) { return g.scale; }));
    auto product = [&](int i) {
      return mul(y, pick([i](const LargeGroup &g) { return g.parts[i]; }));
    };
    // Multiples of 4 quarter turns fall away, exactly.
    auto modulo4 = [&](Value p) {
      return sub(p, mul(roundEven(mul(p, constF(x, 0.25))), constF(x, 4.0)));
    };
    Value p0 = modulo4(product(0)), p1 = modulo4(product(1));
    Value turns = roundEven(add(p0, p1));
    Value rest = add(add(sub(p0, turns), p1), add(product(2), product(3)));
    return {bitcast(add(turns, magic), i64), mul(rest, constF(x, kPiOver2))};
  });
  return {merged[0], merged[1]};
}

Value ScalarMath::sinPoly64(Value r) {
  // sin(r) / r in r^2 on |r| <= pi/4, relative error 4.4e-12.
  return mul(
      r, polynomial(mul(r, r), {0.99999999999545345, -0.16666666630469645, 0.0083333286922220448,
                                -0.00019839178883494017, 2.7171567702568783e-6}));
}

Value ScalarMath::cosPoly64(Value r) {
  // cos(r) in r^2 on |r| <= pi/4, relative error 6.5e-14.
  return polynomial(mul(r, r),
                    {0.99999999999993362, -0.49999999999264744, 0.041666666532822782,
                     -0.0013888879894952692, 2.4798837074726015e-5, -2.7167526800429847e-7});
}

Value ScalarMath::sinOrCos(Value x, int64_t quarter) {
  auto [q, r] = reducePiOver2(toF64(x));
  Type i64 = intType(64), f64 = builder.getF64Type();
  if (quarter)
    q = addI(q, quarter);
  Value isOdd = cmpI(IPred::ne, andI(q, 1), 0);
  Value v = select(isOdd, cosPoly64(r), sinPoly64(r));
  Value sign = shl(andI(q, 2), 62);
  return toF32(bitcast(xorI(bitcast(v, i64), sign), f64));
}

Value ScalarMath::sin(Value x) {
  if (isF64(x))
    return options.gpu ? math64::sin(*this, x) : math::SinOp::create(builder, loc, x).getResult();
  return select(cmpF(FPred::OEQ, x, 0.0), x, sinOrCos(x, 0)); // keeps -0
}

Value ScalarMath::cos(Value x) {
  if (isF64(x))
    return options.gpu ? math64::cos(*this, x) : math::CosOp::create(builder, loc, x).getResult();
  return sinOrCos(x, 1);
}

Value ScalarMath::tan(Value x) {
  if (isF64(x))
    return options.gpu ? math64::tan(*this, x) : math::TanOp::create(builder, loc, x).getResult();
  auto [q, r] = reducePiOver2(toF64(x));
  Value s = sinPoly64(r), c = cosPoly64(r);
  Value isOdd = cmpI(IPred::ne, andI(q, 1), 0);
  Value v = toF32(div(select(isOdd, neg(c), s), select(isOdd, s, c)));
  return select(cmpF(FPred::OEQ, x, 0.0), x, v);
}

ScalarMath::ArcParts ScalarMath::arcParts(Value a) {
  Value isBig = cmpF(FPred::OGT, a, 0.5);
  Value half = mul(sub(constF(a, 1.0), a), constF(a, 0.5));
  Value z = select(isBig, half, mul(a, a));
  Value s = select(isBig, sqrt(half), a);
  // asin(s) / s in s^2 on |s| <= 1/2, relative error 3.5e-15.
  Value p = mul(s, polynomial(z, {1.0000000000000036, 0.16666666666331116, 0.075000000526733888,
                                  0.044642824961124014, 0.030382949548174766, 0.022353936127669466,
                                  0.017557179858119256, 0.012510124562831155, 0.018061564742763119,
                                  -0.0075681299057999619, 0.031708569816042719}));
  return {isBig, p};
}

Value ScalarMath::asin(Value x) {
  if (isF64(x))
    return options.gpu ? math64::asin(*this, x) : math::AsinOp::create(builder, loc, x).getResult();
  auto [isBig, p] = arcParts(toF64(abs(x)));
  Value v = select(isBig, sub(constF(p, kPiOver2), add(p, p)), p);
  return copysign(toF32(v), x);
}

Value ScalarMath::acos(Value x) {
  if (isF64(x))
    return options.gpu ? math64::acos(*this, x) : math::AcosOp::create(builder, loc, x).getResult();
  Value d = toF64(x);
  auto [isBig, p] = arcParts(abs(d));
  Value twice = add(p, p);
  Value isNegative = cmpF(FPred::OLT, d, 0.0);
  Value big = select(isNegative, sub(constF(p, 2 * kPiOver2), twice), twice);
  Value small = sub(constF(p, kPiOver2), copysign(p, d));
  return toF32(select(isBig, big, small));
}

Value ScalarMath::atan(Value x) {
  if (isF64(x))
    return options.gpu ? math64::atan(*this, x) : math::AtanOp::create(builder, loc, x).getResult();
  Value a = toF64(abs(x)), one = constF(a, 1.0);
  Value isBig = cmpF(FPred::OGT, a, 1.0);
  Value t = div(select(isBig, one, a), select(isBig, a, one));
  // atan(t) / t in t^2 on [0, 1], relative error 5.8e-11.
  Value p =
      mul(t, polynomial(mul(t, t),
                        {0.99999999994000829, -0.33333331566245203, 0.19999912009076637,
                         -0.1428398055914207, 0.11093240822173572, -0.089802403243691807,
                         0.07245729817002702, -0.054279457075882205, 0.034210175512872037,
                         -0.016112203032687996, 0.0048511915669725441, -0.0006848455458399421}));
  return copysign(toF32(select(isBig, sub(constF(p, kPiOver2), p), p)), x);
}

} // namespace mlopt
