//===- ScalarMath64.cpp - Exponentials and logarithms of f64 --------------===//
//
// Coefficients are minimax fits (Remez exchange in 50 digits) on the interval
// that each comment names; their errors are relative to the function.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath64.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;

namespace mlopt::math64 {

namespace {
using FPred = ScalarBuilder::FPred;
using IPred = ScalarBuilder::IPred;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kRound = 6755399441055744.0; // 1.5 * 2^52
constexpr int64_t kRoundBits = 0x4338000000000000;
constexpr double kLog2E = 0x1.71547652b82fep+0, kLog2ELow = 0x1.777d0ffda0d24p-56;
/// ln 2 in two parts; the products of the first with an exponent are exact.
constexpr double kLn2 = 0x1.62e42fefa39efp-1;
constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
constexpr int64_t kExponentMask = 0xFFF0000000000000, kMantissaMask = 0x000FFFFFFFFFFFFF;
} // namespace

//===----------------------------------------------------------------------===//
// Pairs
//===----------------------------------------------------------------------===//

Pair twoSum(ScalarBuilder &s, Value a, Value b) {
  Value sum = s.add(a, b), bb = s.sub(sum, a);
  return {sum, s.add(s.sub(a, s.sub(sum, bb)), s.sub(b, bb))};
}

Pair fastTwoSum(ScalarBuilder &s, Value a, Value b) {
  Value sum = s.add(a, b);
  return {sum, s.sub(b, s.sub(sum, a))};
}

Pair twoProduct(ScalarBuilder &s, Value a, Value b) {
  Value product = s.mul(a, b);
  return {product, s.fma(a, b, s.neg(product))};
}

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

/// p * 2^n for an i64 n in [-1080, 1030] and p near 1, rounded once: the first of two
/// factors gives an exact product.
static Value scale(ScalarBuilder &s, Value p, Value n) {
  Value half = s.shrS(n, 1), rest = s.subI(n, half);
  auto power = [&](Value e) { return s.bitcast(s.shl(s.addI(e, 1023), 52), s.builder.getF64Type()); };
  return s.mul(s.mul(p, power(half)), power(rest));
}

namespace {
/// x = n ln 2 + f with exp(f) - 1 = e.
struct Split {
  Value n; ///< i64
  Value e; ///< |f| <= 0.347
};
} // namespace

/// Of x + tail, |x| <= 1100; a null tail is 0.
static Split split(ScalarBuilder &s, Value x, Value tail = {}) {
  Value magic = s.constF(x, kRound);
  Value t = s.fma(x, kLog2E, magic);
  Value n = s.sub(t, magic);
  // The first difference is exact; what the second one's rounding leaves goes with the tail.
  Value first = s.fma(n, -kLn2High, x), f = s.fma(n, -kLn2Low, first);
  Value low = s.fma(n, -kLn2Low, s.sub(first, f));
  if (tail) {
    Pair sum = fastTwoSum(s, f, s.add(low, tail));
    f = sum.high;
    low = sum.low;
  }
  // (exp(f) - 1 - f) / f^2 on |f| <= 0.347, error of exp 3.7e-18.
  Value q = s.polynomial(f, {0.5000000000000011, 0.1666666666666641, 0.041666666666528934,
                             0.008333333333495526, 0.0013888888943999437, 0.00019841269505551832,
                             2.4801492672860403e-05, 2.7557586204534563e-06, 2.763041409908733e-07,
                             2.5000443703046407e-08});
  return {s.subI(s.bitcast(t, s.intType(64)), kRoundBits), s.add(f, s.fma(q, s.mul(f, f), low))};
}

static Value expOf(ScalarMath &m, Value x, Value tail) {
  Split p = split(m, m.clamp(x, -746.0, 710.0), tail);
  return scale(m, m.add(p.e, m.constF(x, 1.0)), p.n);
}

Value exp(ScalarMath &m, Value x) { return expOf(m, x, {}); }

Value expm1(ScalarMath &m, Value x) {
  Split p = split(m, m.clamp(x, -60.0, 60.0));
  Value power = m.bitcast(m.shl(m.addI(p.n, 1023), 52), m.builder.getF64Type());
  Value r = m.fma(p.e, power, m.sub(power, m.constF(x, 1.0)));
  r = m.select(m.cmpF(FPred::OGT, x, 50.0), exp(m, x), r);
  return m.select(m.cmpF(FPred::OEQ, x, 0.0), x, r); // keeps -0
}

/// From here on the smaller exponential is nothing, and e^x may overflow before half of it does.
static Value halfExp(ScalarMath &m, Value a) {
  Value root = exp(m, m.mul(a, m.constF(a, 0.5)));
  return m.mul(m.mul(root, m.constF(a, 0.5)), root);
}

Value sinh(ScalarMath &m, Value x) {
  Value a = m.abs(x), e = expm1(m, m.clampHigh(a, 700.0));
  Value r = m.add(e, m.div(e, m.add(e, m.constF(a, 1.0))));
  r = m.mul(r, m.constF(a, 0.5));
  r = m.select(m.cmpF(FPred::OGT, a, 700.0), halfExp(m, a), r);
  return m.copysign(r, x);
}

Value cosh(ScalarMath &m, Value x) {
  Value a = m.abs(x), e = exp(m, m.clampHigh(a, 700.0));
  Value r = m.mul(m.add(e, m.div(m.constF(a, 1.0), e)), m.constF(a, 0.5));
  return m.select(m.cmpF(FPred::OGT, a, 700.0), halfExp(m, a), r);
}

Value tanh(ScalarMath &m, Value x) {
  Value a = m.clampHigh(m.abs(x), 20.0), e = expm1(m, m.add(a, a));
  return m.copysign(m.div(e, m.add(e, m.constF(a, 2.0))), x);
}

Value erf(ScalarMath &m, Value x) {
  Value a = m.abs(x), z = m.mul(a, a);
  // erf(a) / a - 1 in a^2 on [0, 1], error 1.3e-19.
  Value small = m.fma(a,
                      m.polynomial(z, {0.1283791670955126, -0.3761263890318375, 0.11283791670954885,
                                       -0.026866170645077875, 0.005223977624828423,
                                       -0.0008548326981425331, 0.00012055331132957312,
                                       -1.4925595772429204e-05, 1.6461008484946635e-06,
                                       -1.635039632924891e-07, 1.4660329626228186e-08,
                                       -1.1374959892046896e-09, 5.960693399222927e-11}),
                      a);
  // erfc(b) exp(b^2) in t = (b - sqrt 6) / (b + sqrt 6) on [1, 6], error 3.5e-18.
  Value b = m.clamp(a, 1.0, 6.0), root = m.constF(b, 0x1.3988e1409212ep+1);
  Value t = m.div(m.sub(b, root), m.add(b, root));
  Value g = m.polynomial(
      t, {0.2146263390698206, -0.37687425386567325, 0.2516668374219419, -0.1214514028402833,
          0.03630813149995984, -0.0022689267532321274, -0.0028574623139544226, 0.0006855383225461213,
          0.00029497701777298694, -0.00010325194513197993, -4.670626705828274e-05,
          1.340934740829261e-05, 9.588010782768969e-06, -9.940073492460768e-07,
          -2.0251488409048485e-06, -1.6029114699212754e-07, 3.4492968198427946e-07});
  Pair square = twoProduct(m, b, b);
  Value tail = m.mul(expOf(m, m.neg(square.high), m.neg(square.low)), g);
  Value big = m.sub(m.constF(b, 1.0), tail);
  return m.copysign(m.select(m.cmpF(FPred::OLT, a, 1.0), small, m.select(m.isNan(x), x, big)), x);
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

namespace {
/// x = (1 + f) 2^k with 1 + f in [sqrt 1/2, sqrt 2), for a finite x > 0.
struct Mantissa {
  Value k, f;
};
} // namespace

static Mantissa mantissaOf(ScalarMath &m, Value x) {
  Type i64 = m.intType(64), f64 = m.builder.getF64Type();
  Value isDenormal = m.cmpF(FPred::OLT, x, 0x1p-1022);
  Value bits = m.bitcast(m.select(isDenormal, m.mul(x, m.constF(x, 0x1p54)), x), i64);
  Value above = m.subI(bits, 0x3FE6A09E667F3BCD); // sqrt(1/2)
  Value mantissa = m.bitcast(m.subI(bits, m.andI(above, kExponentMask)), f64);
  Value k = m.intToFloat(m.shrS(above, 52), f64);
  k = m.add(k, m.select(isDenormal, m.constF(x, -54.0), m.constF(x, 0.0)));
  return {k, m.sub(mantissa, m.constF(x, 1.0))};
}

/// log at the ends of its range, else `r`.
static Value logEnds(ScalarMath &m, Value x, Value r) {
  r = m.select(m.cmpF(FPred::OLT, x, kInf), r, x); // +inf and NaN
  r = m.select(m.cmpF(FPred::OLT, x, 0.0), m.constF(x, kNan), r);
  return m.select(m.cmpF(FPred::OEQ, x, 0.0), m.constF(x, -kInf), r);
}

/// log(1 + f) = f - (h - t), h = f^2 / 2: the two parts.
static std::pair<Value, Value> logParts(ScalarMath &m, Value f) {
  Value s = m.div(f, m.add(f, m.constF(f, 2.0))), z = m.mul(s, s);
  // (log((1 + s) / (1 - s)) / s - 2) / s^2 in s^2 on |s| <= 0.1716, error of log 1.2e-18.
  Value r = m.mul(z, m.polynomial(z, {0.6666666666666735, 0.39999999999413177, 0.28571428742757593,
                                      0.22222198531943324, 0.18183566626801576, 0.153139879032212,
                                      0.14796612590122182}));
  Value half = m.mul(m.mul(f, f), m.constF(f, 0.5));
  return {half, m.mul(s, m.add(half, r))};
}

Value log(ScalarMath &m, Value x) {
  Mantissa a = mantissaOf(m, x);
  auto [half, t] = logParts(m, a.f);
  Value low = m.sub(m.sub(half, m.fma(a.k, kLn2Low, t)), a.f);
  return logEnds(m, x, m.fma(a.k, kLn2High, m.neg(low)));
}

Value log2(ScalarMath &m, Value x) {
  Mantissa a = mantissaOf(m, x);
  auto [half, t] = logParts(m, a.f);
  Value l = m.sub(a.f, m.sub(half, t));
  return logEnds(m, x, m.fma(l, kLog2E, m.fma(l, kLog2ELow, a.k)));
}

Value log1p(ScalarMath &m, Value x) {
  // log(u) + (x - (u - 1)) / u with u = 1 + x rounded; the second term is NaN at
  // the ends of the range, where the first is the answer.
  Value one = m.constF(x, 1.0);
  Pair u = twoSum(m, one, x);
  Value c = m.div(u.low, u.high), l = log(m, u.high);
  Value r = m.select(m.cmpF(FPred::OEQ, c, c), m.add(l, c), l);
  return m.select(m.cmpF(FPred::OEQ, x, 0.0), x, r); // keeps -0
}

Value asinh(ScalarMath &m, Value x) {
  Value a = m.abs(x), one = m.constF(a, 1.0), limited = m.clampHigh(a, 0x1p30);
  Value square = m.mul(limited, limited);
  Value r = log1p(m, m.add(limited, m.div(square, m.add(one, m.sqrt(m.add(square, one))))));
  Value big = m.add(log(m, a), m.constF(a, kLn2));
  return m.copysign(m.select(m.cmpF(FPred::OGT, a, 0x1p28), big, r), x);
}

Value acosh(ScalarMath &m, Value x) {
  Value below = m.sub(m.clampHigh(x, 0x1p30), m.constF(x, 1.0));
  Value r = log1p(m, m.add(below, m.sqrt(m.fma(below, below, m.add(below, below)))));
  Value big = m.add(log(m, x), m.constF(x, kLn2));
  r = m.select(m.cmpF(FPred::OGT, x, 0x1p28), big, r);
  return m.select(m.cmpF(FPred::OLT, x, 1.0), m.constF(x, kNan), r);
}

Value atanh(ScalarMath &m, Value x) {
  Value a = m.abs(x);
  Value l = log1p(m, m.div(m.add(a, a), m.sub(m.constF(a, 1.0), a)));
  return m.copysign(m.mul(l, m.constF(l, 0.5)), x);
}

//===----------------------------------------------------------------------===//
// Powers
//===----------------------------------------------------------------------===//

/// log of a finite x > 0, error 2^-64.
static Pair logPair(ScalarMath &m, Value x) {
  Mantissa a = mantissaOf(m, x);
  Value f = a.f;
  // s = f / (2 + f).
  Pair divisor = fastTwoSum(m, m.constF(f, 2.0), f);
  Value s = m.div(f, divisor.high);
  Value left = m.sub(m.fma(m.neg(s), divisor.high, f), m.mul(s, divisor.low));
  Value sLow = m.div(left, divisor.high);
  // z = s^2.
  Pair z = twoProduct(m, s, s);
  z.low = m.fma(m.add(s, s), sLow, z.low);
  // p = (log((1 + s) / (1 - s)) / s - 2) / z; the rest in z on |s| <= 0.1716, error of log 7.3e-23.
  Value q = m.polynomial(z.high, {0.3999999999999998, 0.2857142857144515, 0.222222222175269,
                                  0.18181818871488725, 0.15384556790814777, 0.13336320508625493,
                                  0.11674755677581673, 0.11989537437480034});
  Pair p = fastTwoSum(m, m.constF(s, 0x1.5555555555555p-1), m.mul(z.high, q));
  p.low = m.add(p.low, m.constF(s, 0x1.5555555555555p-55));
  // v = s z p.
  auto times = [&](Pair x, Pair y) {
    Pair r = twoProduct(m, x.high, y.high);
    r.low = m.fma(x.high, y.low, m.fma(x.low, y.high, r.low));
    return r;
  };
  Pair v = times({s, sLow}, times(z, p));
  // k ln 2 + 2 s + v.
  Pair sum = fastTwoSum(m, m.add(s, s), v.high);
  Value low = m.add(sum.low, m.add(m.add(sLow, sLow), v.low));
  Pair all = fastTwoSum(m, m.mul(a.k, m.constF(s, kLn2High)), sum.high);
  low = m.add(low, m.fma(a.k, kLn2Low, all.low));
  return fastTwoSum(m, all.high, low);
}

Value pow(ScalarMath &m, Value x, Value y) {
  Value one = m.constF(x, 1.0), a = m.abs(x), zero = m.constF(x, 0.0);
  Value isInside = m.andI(m.cmpF(FPred::OGT, a, 0.0), m.cmpF(FPred::OLT, a, kInf));
  Pair l = logPair(m, a);
  l.high = m.select(isInside, l.high, logEnds(m, a, a));
  l.low = m.select(isInside, l.low, zero);
  Pair t = twoProduct(m, y, l.high);
  Value tail = m.fma(y, l.low, t.low);
  // Beyond the range of exp the tail is of no matter, and may be NaN.
  tail = m.select(m.cmpF(FPred::OLT, m.abs(t.high), 1000.0), tail, zero);
  Value r = expOf(m, t.high, tail);
  // |x| = 1: the product is 0 * y, NaN for an infinite y.
  Value isUnit = m.andI(m.cmpF(FPred::OEQ, a, 1.0), m.cmpF(FPred::OEQ, y, y));
  r = m.select(isUnit, one, r);
  Value isInteger = m.cmpF(FPred::OEQ, m.floor(y), y);
  Value half = m.mul(y, m.constF(y, 0.5));
  Value isOdd = m.andI(isInteger, m.cmpF(FPred::ONE, m.floor(half), half));
  r = m.select(isOdd, m.copysign(r, x), r);
  Value isNegative = m.andI(m.cmpF(FPred::OLT, x, 0.0), m.cmpF(FPred::OGT, x, -kInf));
  r = m.select(m.andI(isNegative, m.notI(isInteger)), m.constF(x, kNan), r);
  return m.select(m.orI(m.cmpF(FPred::OEQ, y, 0.0), m.cmpF(FPred::OEQ, x, 1.0)), one, r);
}

//===----------------------------------------------------------------------===//
// Remainder
//===----------------------------------------------------------------------===//

/// |x| as an integer below 2^53 times 2^(exponent - 1075).
static std::pair<Value, Value> integerOf(ScalarMath &m, Value x) {
  Value bits = m.bitcast(x, m.intType(64)), exponent = m.andI(m.shrU(bits, 52), 0x7FF);
  Value isNormal = m.cmpI(IPred::ne, exponent, 0), mantissa = m.andI(bits, kMantissaMask);
  return {m.select(isNormal, m.orI(mantissa, int64_t(1) << 52), mantissa),
          m.select(isNormal, exponent, m.constI(exponent, 1))};
}

/// |x| mod |y| by long division, 11 bits at a time; both finite, y not 0.
static Value longRemainder(ScalarMath &m, Value x, Value y) {
  Value mx, ex, my, ey;
  std::tie(mx, ex) = integerOf(m, x);
  std::tie(my, ey) = integerOf(m, y);
  my = m.select(m.cmpI(IPred::eq, my, 0), m.constI(my, 1), my);
  auto rem = [](ScalarBuilder &s, Value a, Value b) -> Value {
    return arith::RemUIOp::create(s.builder, s.loc, a, b);
  };
  Value bitsLeft = m.subI(ex, ey);
  auto loop = scf::WhileOp::create(
      m.builder, m.loc, TypeRange{mx.getType(), mx.getType()}, ValueRange{rem(m, mx, my), bitsLeft},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        ScalarBuilder s(b, loc, m.options);
        scf::ConditionOp::create(b, loc, s.any(s.cmpI(IPred::sgt, args[1], 0)), args);
      },
      [&](OpBuilder &b, Location loc, ValueRange args) {
        ScalarBuilder s(b, loc, m.options);
        Value now = arith::MinSIOp::create(b, loc, args[1], s.constI(args[1], 11));
        now = arith::MaxSIOp::create(b, loc, now, s.constI(now, 0));
        Value shifted = arith::ShLIOp::create(b, loc, args[0], now);
        scf::YieldOp::create(b, loc, ValueRange{rem(s, shifted, my), s.subI(args[1], now)});
      });
  Value r = m.intToFloat(loop.getResult(0), m.builder.getF64Type());
  r = scale(m, r, m.subI(ey, 1075));
  return m.select(m.cmpI(IPred::slt, bitsLeft, 0), x, r);
}

Value fmod(ScalarMath &m, Value a, Value b) {
  Value x = m.abs(a), y = m.abs(b), ratio = m.div(x, y);
  // The quotient may be rounded up to the next integer; either way what is left is exact.
  Value r = m.fma(m.neg(m.trunc(ratio)), y, x);
  r = m.select(m.cmpF(FPred::OLT, r, 0.0), m.add(r, y), r);
  Value isUsual = m.andI(m.cmpF(FPred::OLT, ratio, 0x1p52), m.cmpF(FPred::OLT, y, kInf));
  r = m.whenAny(m.notI(isUsual), r, [&]() -> llvm::SmallVector<Value> {
    Value isDefined = m.andI(m.cmpF(FPred::OLT, x, kInf), m.cmpF(FPred::OGT, y, 0.0));
    Value rest = m.select(m.cmpF(FPred::OLT, y, kInf), longRemainder(m, x, y), x);
    return {m.select(isDefined, rest, m.constF(x, kNan))};
  })[0];
  return m.copysign(r, a);
}

} // namespace mlopt::math64
