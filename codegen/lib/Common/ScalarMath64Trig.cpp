//===- ScalarMath64Trig.cpp - Trigonometric functions of f64 --------------===//
//
// Arguments are reduced to a pair of doubles, so that results next to a zero of
// the function keep all their bits.
//
//===----------------------------------------------------------------------===//

#include "ScalarMath64.h"

#include <limits>

using namespace mlir;

namespace mlopt::math64 {

namespace {
using FPred = ScalarBuilder::FPred;
using IPred = ScalarBuilder::IPred;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kRound = 6755399441055744.0; // 1.5 * 2^52
constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
/// pi/2 in three parts.
constexpr double kPiOver2[3] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};
constexpr double kLargeArgument = 0x1p28;
/// The bits of 2/pi after the point, a word of zeros before them.
constexpr uint64_t kTwoOverPiBits[20] = {
    0x0,                0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
    0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};

/// x = quadrant pi/2 + r, |r| <= pi/4; the quadrant modulo 4 in the low bits of an i64.
struct Reduced {
  Value quadrant;
  Pair r;
};
} // namespace

/// For |x| >= 2^28: x 2/pi modulo 4, from those bits of 2/pi that matter at x's exponent
/// (Payne and Hanek).
static Reduced reduceLarge(ScalarMath &m, Value x) {
  Type i64 = m.intType(64), f64 = m.builder.getF64Type();
  Value bits = m.bitcast(m.abs(x), i64);
  Value mantissa = m.orI(m.andI(bits, 0x000FFFFFFFFFFFFF), int64_t(1) << 52);
  // The first bit whose product with the integer mantissa is no multiple of 4.
  Value position = m.subI(m.shrU(bits, 52), 1013);
  Value word = m.shrU(position, 6), shift = m.andI(position, 63);
  Value words[4];
  for (int i = 0; i < 4; ++i)
    words[i] = m.constI(bits, int64_t(kTwoOverPiBits[i]));
  for (int first = 1; first + 3 < 20; ++first) {
    Value here = m.cmpI(IPred::eq, word, first);
    for (int i = 0; i < 4; ++i)
      words[i] = m.select(here, m.constI(bits, int64_t(kTwoOverPiBits[first + i])), words[i]);
  }
  auto shifted = [&](int i) -> Value {
    Value high = arith::ShLIOp::create(m.builder, m.loc, words[i], shift);
    Value back = m.subI(m.constI(shift, 63), shift);
    return m.orI(high, arith::ShRUIOp::create(m.builder, m.loc, m.shrU(words[i + 1], 1), back));
  };
  auto product = [&](Value a) {
    auto op = arith::MulUIExtendedOp::create(m.builder, m.loc, a, mantissa);
    return std::pair<Value, Value>(op.getLow(), op.getHigh());
  };
  // The product's low 192 bits: two of the quadrant, the rest its fraction.
  auto [low2, high2] = product(shifted(2));
  auto [low1, high1] = product(shifted(1));
  Value middle = m.addI(high2, low1);
  Value carry = m.extU(m.cmpI(IPred::ult, middle, low1), i64);
  Value top = m.addI(m.addI(m.mulI(shifted(0), mantissa), high1), carry);
  Value fraction = m.orI(m.shl(top, 2), m.shrU(middle, 62));
  Value rest = m.orI(m.shl(middle, 2), m.shrU(low2, 62));
  // More than a half is a negative fraction of the next one.
  Value quadrant = m.addI(m.shrU(top, 62), m.shrU(fraction, 63));
  // 53 bits of it, and 64 after those.
  Value high = m.mul(m.intToFloat(m.andI(fraction, ~int64_t(0x7FF)), f64), m.constF(x, 0x1p-64));
  Value after = m.orI(m.shl(fraction, 53), m.shrU(rest, 11));
  Value low = m.mul(m.intToFloat(after, f64, /*isUnsigned=*/true), m.constF(x, 0x1p-117));
  Pair turn = fastTwoSum(m, high, low);
  Pair r = twoProduct(m, turn.high, m.constF(x, kPiOver2[0]));
  r.low = m.add(r.low, m.fma(turn.high, kPiOver2[1], m.mul(turn.low, m.constF(x, kPiOver2[0]))));
  r = fastTwoSum(m, r.high, r.low);
  Value isNegative = m.cmpF(FPred::OLT, x, 0.0);
  return {m.select(isNegative, m.subI(m.constI(quadrant, 0), quadrant), quadrant),
          {m.select(isNegative, m.neg(r.high), r.high), m.select(isNegative, m.neg(r.low), r.low)}};
}

static Reduced reduce(ScalarMath &m, Value x) {
  Value magic = m.constF(x, kRound), t = m.fma(x, kTwoOverPi, magic), n = m.sub(t, magic);
  Pair p = twoProduct(m, n, m.constF(x, kPiOver2[0])), q = twoProduct(m, n, m.constF(x, kPiOver2[1]));
  // The first difference is exact.
  Pair a = twoSum(m, m.sub(x, p.high), m.neg(p.low));
  Pair b = twoSum(m, a.high, m.neg(q.high));
  Value low = m.fma(n, -kPiOver2[2], m.sub(m.add(a.low, b.low), q.low));
  Pair r = fastTwoSum(m, b.high, low);
  Value isLarge = m.cmpF(FPred::OGE, m.abs(x), kLargeArgument);
  Value quadrant = m.bitcast(t, m.intType(64));
  auto merged = m.whenAny(isLarge, {quadrant, r.high, r.low}, [&]() -> llvm::SmallVector<Value> {
    Reduced large = reduceLarge(m, x);
    return {large.quadrant, large.r.high, large.r.low};
  });
  return {merged[0], {merged[1], merged[2]}};
}

static Value sinOf(ScalarMath &m, Pair r) {
  Value z = m.mul(r.high, r.high);
  // (sin(r) / r - 1) / r^2 in r^2 on |r| <= pi/4, error 2e-21.
  Value p = m.mul(z, m.polynomial(z, {-0.16666666666666666, 0.008333333333333323, -0.00019841269841255118,
                                      2.755731921421754e-06, -2.505210491878352e-08,
                                      1.605836756127236e-10, -7.578744991383611e-13}));
  Value tail = m.fma(m.mul(r.low, z), -0.5, r.low);
  return m.add(r.high, m.fma(r.high, p, tail));
}

static Value cosOf(ScalarMath &m, Pair r) {
  Value z = m.mul(r.high, r.high), one = m.constF(z, 1.0), half = m.mul(z, m.constF(z, 0.5));
  // (cos(r) - 1 + r^2 / 2) / r^4 in r^2 on |r| <= pi/4, error 5e-20.
  Value p = m.polynomial(z, {0.0416666666666666, -0.001388888888887412, 2.4801587289480406e-05,
                             -2.755731435179165e-07, 2.0875723196091245e-09, -1.1359643630410246e-11});
  Value w = m.sub(one, half);
  Value tail = m.add(m.sub(m.sub(one, w), half), m.fma(m.mul(z, z), p, m.neg(m.mul(r.high, r.low))));
  return m.add(w, tail);
}

/// `v` where x is finite, else NaN.
static Value whereFinite(ScalarMath &m, Value x, Value v) {
  return m.select(m.cmpF(FPred::OLT, m.abs(x), kInf), v,
                  m.constF(x, std::numeric_limits<double>::quiet_NaN()));
}

static Value sinOrCos(ScalarMath &m, Value x, int64_t quarter) {
  auto [q, r] = reduce(m, x);
  if (quarter)
    q = m.addI(q, quarter);
  Value isOdd = m.cmpI(IPred::ne, m.andI(q, 1), 0);
  Value v = m.select(isOdd, cosOf(m, r), sinOf(m, r));
  Value sign = m.shl(m.andI(q, 2), 62);
  v = m.bitcast(m.xorI(m.bitcast(v, m.intType(64)), sign), m.builder.getF64Type());
  return whereFinite(m, x, v);
}

Value sin(ScalarMath &m, Value x) {
  return m.select(m.cmpF(FPred::OEQ, x, 0.0), x, sinOrCos(m, x, 0)); // keeps -0
}

Value cos(ScalarMath &m, Value x) { return sinOrCos(m, x, 1); }

Value tan(ScalarMath &m, Value x) {
  auto [q, r] = reduce(m, x);
  Value s = sinOf(m, r), c = cosOf(m, r), isOdd = m.cmpI(IPred::ne, m.andI(q, 1), 0);
  Value v = m.div(m.select(isOdd, m.neg(c), s), m.select(isOdd, s, c));
  return m.select(m.cmpF(FPred::OEQ, x, 0.0), x, whereFinite(m, x, v));
}

namespace {
/// asin(a) = s + t for a <= 1/2; beyond that pi/2 - 2 (s + t).
struct Arc {
  Value isBig, s, t;
};
} // namespace

static Arc arcOf(ScalarMath &m, Value a) {
  Value isBig = m.cmpF(FPred::OGT, a, 0.5), zero = m.constF(a, 0.0);
  Value half = m.mul(m.sub(m.constF(a, 1.0), a), m.constF(a, 0.5));
  Value root = m.sqrt(half);
  // What the root's rounding left.
  Value left = m.div(m.fma(m.neg(root), root, half), m.add(root, root));
  left = m.select(m.cmpF(FPred::OEQ, half, 0.0), zero, left);
  Value z = m.select(isBig, half, m.mul(a, a)), s = m.select(isBig, root, a);
  // (asin(s) / s - 1) / s^2 in s^2 on |s| <= 1/2, error 9.8e-19.
  Value p = m.mul(z, m.polynomial(z, {0.16666666666666763, 0.07499999999970257, 0.04464285717512734,
                                      0.030381942683285663, 0.022372215669556668, 0.017351599931833918,
                                      0.01398096327536511, 0.011397761855226934, 0.010786604060784714,
                                      0.0036827731702419575, 0.02176412148070638, -0.02107813294170106,
                                      0.0326773933227165}));
  return {isBig, s, m.fma(s, p, m.select(isBig, left, zero))};
}

Value asin(ScalarMath &m, Value x) {
  auto [isBig, s, t] = arcOf(m, m.abs(x));
  Pair first = fastTwoSum(m, m.constF(s, kPiOver2[0]), m.neg(m.add(s, s)));
  Value big = m.add(first.high, m.add(m.sub(first.low, m.add(t, t)), m.constF(s, kPiOver2[1])));
  return m.copysign(m.select(isBig, big, m.add(s, t)), x);
}

Value acos(ScalarMath &m, Value x) {
  auto [isBig, s, t] = arcOf(m, m.abs(x));
  Value twice = m.add(m.add(s, s), m.add(t, t));
  // pi - 2 (s + t) of negative x.
  Pair turned = fastTwoSum(m, m.constF(s, 2 * kPiOver2[0]), m.neg(m.add(s, s)));
  Value negative = m.add(turned.high, m.add(m.sub(turned.low, m.add(t, t)), m.constF(s, 2 * kPiOver2[1])));
  Value big = m.select(m.cmpF(FPred::OLT, x, 0.0), negative, twice);
  Pair small = fastTwoSum(m, m.constF(s, kPiOver2[0]), m.neg(m.copysign(s, x)));
  Value tail = m.sub(m.add(small.low, m.constF(s, kPiOver2[1])), m.copysign(t, x));
  return m.select(isBig, big, m.add(small.high, tail));
}

Value atan(ScalarMath &m, Value x) {
  // atan(a) = base + atan(t): t = a, (a - 1) / (a + 1) or -1 / a, |t| <= tan(pi/8).
  Value a = m.abs(x), one = m.constF(a, 1.0), zero = m.constF(a, 0.0);
  Value isSmall = m.cmpF(FPred::OLE, a, 0.41421356237309503), isBig = m.cmpF(FPred::OGE, a, 2.414213562373095);
  auto pick = [&](Value small, Value middle, Value big) {
    return m.select(isSmall, small, m.select(isBig, big, middle));
  };
  Value t = m.div(pick(a, m.sub(a, one), m.constF(a, -1.0)), pick(one, m.add(a, one), a));
  Value z = m.mul(t, t);
  // (atan(t) / t - 1) / t^2 in t^2, error 4.6e-20.
  Value p = m.mul(z, m.polynomial(z, {-0.33333333333333326, 0.19999999999997678, -0.14285714285388995,
                                      0.11111111088238693, -0.09090908146709631, 0.0769228280766208,
                                      -0.06666227476675694, 0.05877028801773714, -0.05218449224550632,
                                      0.045037307516711776, -0.03347865587624311, 0.01519939550331101}));
  Value base = pick(zero, m.constF(a, kPiOver2[0] / 2), m.constF(a, kPiOver2[0]));
  Value baseLow = pick(zero, m.constF(a, kPiOver2[1] / 2), m.constF(a, kPiOver2[1]));
  Pair sum = fastTwoSum(m, base, t);
  Value r = m.add(sum.high, m.add(sum.low, m.fma(t, p, baseLow)));
  return m.copysign(r, x);
}

} // namespace mlopt::math64
