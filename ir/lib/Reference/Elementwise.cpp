//===- Elementwise.cpp - Operations on each element ------------------------===//
#include "Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

//===----------------------------------------------------------------------===//
// Schemes
//===----------------------------------------------------------------------===//

using FloatUnary = double (*)(double);
using IntegerUnary = int64_t (*)(int64_t);
using FloatBinary = double (*)(double, double);
using SignedBinary = int64_t (*)(int64_t, int64_t);
using UnsignedBinary = uint64_t (*)(uint64_t, uint64_t);

template <typename Fn> static LogicalResult mapFloats(Evaluation &e, Fn fn) {
  const HostTensor &in = e.operand(0);
  HostTensor *out = e.allocate(0, in.getShape());
  if (!out)
    return failure();
  for (auto [to, from] : llvm::zip_equal(out->mutableDoubles(), in.doubles()))
    to = fn(from);
  return success();
}

/// As `mapFloats` with a bool result.
template <typename Fn> static LogicalResult testFloats(Evaluation &e, Fn fn) {
  const HostTensor &in = e.operand(0);
  HostTensor *out = e.allocate(0, in.getShape());
  if (!out)
    return failure();
  for (auto [to, from] : llvm::zip_equal(out->mutableIntegers(), in.doubles()))
    to = fn(from);
  return success();
}

template <typename OpT> static void addUnary(Registry &r, FloatUnary fn) {
  r.add<OpT>([fn](OpT, Evaluation &e) { return mapFloats(e, fn); });
}

template <typename OpT>
static void addUnary(Registry &r, FloatUnary onFloats, IntegerUnary onIntegers) {
  r.add<OpT>([=](OpT, Evaluation &e) -> LogicalResult {
    const HostTensor &in = e.operand(0);
    if (in.isFloat())
      return mapFloats(e, onFloats);
    HostTensor *out = e.allocate(0, in.getShape());
    if (!out)
      return failure();
    for (auto [to, from] : llvm::zip_equal(out->mutableIntegers(), in.integers()))
      to = onIntegers(from);
    return success();
  });
}

/// Makes result 0 with the broadcast shape of all operands; null after an error.
static HostTensor *allocateBroadcast(Evaluation &e) {
  Shape shape(e.operand(0).getShape());
  for (const HostTensor &operand : e.operands.drop_front()) {
    FailureOr<Shape> both = broadcastShape(shape, operand.getShape());
    if (failed(both)) {
      (void)e.fail("shapes " + toString(shape) + " and " + toString(operand.getShape()) +
                   " do not broadcast: expected equal sizes or 1");
      return nullptr;
    }
    shape = *both;
  }
  return e.allocate(0, shape);
}

/// fn(position, offset in operand 0, offset in operand 1) for each result element.
template <typename Fn> static LogicalResult forEachPair(Evaluation &e, Fn fn) {
  HostTensor *out = allocateBroadcast(e);
  if (!out)
    return failure();
  walk<2>(out->getShape(),
          {broadcastStrides(e.operand(0).getShape(), out->getShape()),
           broadcastStrides(e.operand(1).getShape(), out->getShape())},
          [&](int64_t i, const std::array<int64_t, 2> &at) { fn(*out, i, at[0], at[1]); });
  return success();
}

template <typename Fn> static LogicalResult pairFloats(Evaluation &e, Fn fn) {
  ArrayRef<double> a = e.operand(0).doubles(), b = e.operand(1).doubles();
  return forEachPair(e, [&](HostTensor &out, int64_t i, int64_t ia, int64_t ib) {
    out.mutableDoubles()[i] = fn(a[ia], b[ib]);
  });
}

/// On integers of type T (int64_t or uint64_t), bool included.
template <typename T, typename Fn> static LogicalResult pairIntegers(Evaluation &e, Fn fn) {
  ArrayRef<int64_t> a = e.operand(0).integers(), b = e.operand(1).integers();
  return forEachPair(e, [&](HostTensor &out, int64_t i, int64_t ia, int64_t ib) {
    out.mutableIntegers()[i] =
        static_cast<int64_t>(fn(static_cast<T>(a[ia]), static_cast<T>(b[ib])));
  });
}

template <typename OpT>
static void addBinary(Registry &r, FloatBinary onFloats, SignedBinary onSigned,
                      UnsignedBinary onUnsigned) {
  r.add<OpT>([=](OpT, Evaluation &e) -> LogicalResult {
    if (e.operand(0).isFloat())
      return pairFloats(e, onFloats);
    return e.operand(0).isUnsigned() ? pairIntegers<uint64_t>(e, onUnsigned)
                                     : pairIntegers<int64_t>(e, onSigned);
  });
}

/// An operation whose low bits do not depend on the sign.
template <typename OpT>
static void addBinary(Registry &r, FloatBinary onFloats, UnsignedBinary onBits) {
  r.add<OpT>([=](OpT, Evaluation &e) -> LogicalResult {
    return e.operand(0).isFloat() ? pairFloats(e, onFloats) : pairIntegers<uint64_t>(e, onBits);
  });
}

template <typename OpT> static void addBitwise(Registry &r, UnsignedBinary fn) {
  r.add<OpT>([=](OpT, Evaluation &e) { return pairIntegers<uint64_t>(e, fn); });
}

//===----------------------------------------------------------------------===//
// Scalar definitions
//===----------------------------------------------------------------------===//

static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static double sigmoid(double x) {
  if (x >= 0)
    return 1 / (1 + std::exp(-x));
  double y = std::exp(x);
  return y / (1 + y);
}
static double softplus(double x) { return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
static double maxFloat(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? NAN : a > b ? a : b;
}
static double minFloat(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? NAN : a < b ? a : b;
}
static double gelu(double x) { return x / 2 * (1 + std::erf(x / std::sqrt(2.0))); }
static double geluTanh(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

static int64_t divSigned(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  if (b == -1)
    return static_cast<int64_t>(-static_cast<uint64_t>(a)); // INT64_MIN / -1 wraps
  return a / b;
}
static uint64_t divUnsigned(uint64_t a, uint64_t b) { return b == 0 ? 0 : a / b; }

static int64_t remainderSigned(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }
static uint64_t modUnsigned(uint64_t a, uint64_t b) { return b == 0 ? 0 : a % b; }
/// The sign is the divisor's, as NumPy's mod.
static int64_t modSigned(int64_t a, int64_t b) {
  int64_t r = remainderSigned(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
static double modFloat(double a, double b) {
  double r = std::fmod(a, b);
  if (r == 0)
    return std::copysign(0.0, b);
  return (r < 0) != (b < 0) ? r + b : r;
}

/// base^exponent in 64 bits, wrapping; a negative exponent gives the truncated
/// reciprocal, which is 0 but for bases 1 and -1.
static uint64_t powInteger(uint64_t base, int64_t exponent, bool baseIsUnsigned) {
  if (exponent < 0) {
    if (base == 1)
      return 1;
    bool minusOne = !baseIsUnsigned && base == ~uint64_t(0);
    return minusOne ? (exponent % 2 ? base : 1) : 0;
  }
  uint64_t result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2)
      result *= base;
  return result;
}

/// Truncation; NaN gives 0, values out of range saturate, but wrap (as i32) where
/// the type has less than 8 bits.
static int64_t floatToInteger(double x, Type type) {
  if (std::isnan(x))
    return 0;
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits < 8) {
    type = IntegerType::get(type.getContext(), 32);
    bits = 32;
  }
  x = std::trunc(x);
  if (type.isUnsignedInteger()) {
    if (x <= 0)
      return 0;
    double end = std::ldexp(1.0, bits); // one above the largest
    return x >= end ? static_cast<int64_t>(~uint64_t(0) >> (64 - bits))
                    : static_cast<int64_t>(static_cast<uint64_t>(x));
  }
  double end = std::ldexp(1.0, bits - 1);
  int64_t largest = static_cast<int64_t>(~uint64_t(0) >> (65 - bits));
  return x >= end ? largest : x < -end ? -largest - 1 : static_cast<int64_t>(x);
}

/// As a double that rounds to any narrower format as the integer itself would:
/// what a double cannot hold is kept in its last bit (round to odd).
static double integerToDouble(uint64_t magnitude, bool negative, Type to) {
  bool inexact = false;
  while (!to.isF64() && magnitude >> 53) {
    int shift = 0;
    for (uint64_t m = magnitude; m >> 53; m >>= 1)
      ++shift;
    inexact = magnitude & ((uint64_t(1) << shift) - 1);
    double odd = std::ldexp(static_cast<double>((magnitude >> shift) | inexact), shift);
    return negative ? -odd : odd;
  }
  double value = static_cast<double>(magnitude);
  return negative ? -value : value;
}

//===----------------------------------------------------------------------===//
// Operations with attributes or several types
//===----------------------------------------------------------------------===//

static LogicalResult evalGelu(GeluOp op, Evaluation &e) {
  return mapFloats(e, op.getTanhApproximation() ? geluTanh : gelu);
}

static LogicalResult evalIsNan(IsNanOp, Evaluation &e) {
  return testFloats(e, [](double x) { return std::isnan(x); });
}

static LogicalResult evalIsInf(IsInfOp op, Evaluation &e) {
  bool negative = op.getDetectNegative(), positive = op.getDetectPositive();
  return testFloats(e, [=](double x) { return std::isinf(x) && (x < 0 ? negative : positive); });
}

static LogicalResult evalPow(PowOp, Evaluation &e) {
  const HostTensor &base = e.operand(0), &exponent = e.operand(1);
  Type type = base.getElementType();
  return forEachPair(e, [&](HostTensor &out, int64_t i, int64_t ib, int64_t ie) {
    if (base.isFloat())
      out.mutableDoubles()[i] = std::pow(base.doubles()[ib], exponent.getDouble(ie));
    else if (exponent.isFloat())
      out.mutableIntegers()[i] =
          floatToInteger(std::pow(base.getDouble(ib), exponent.doubles()[ie]), type);
    else
      out.mutableIntegers()[i] =
          powInteger(base.integers()[ib], exponent.integers()[ie], base.isUnsigned());
  });
}

static LogicalResult evalMod(ModOp op, Evaluation &e) {
  bool fmod = op.getFmod();
  if (e.operand(0).isFloat())
    return pairFloats(e, fmod ? FloatBinary(std::fmod) : modFloat);
  if (e.operand(0).isUnsigned())
    return pairIntegers<uint64_t>(e, modUnsigned);
  return pairIntegers<int64_t>(e, fmod ? remainderSigned : modSigned);
}

template <typename T> static bool compare(ComparePredicate predicate, T a, T b) {
  switch (predicate) {
  case ComparePredicate::eq:
    return a == b;
  case ComparePredicate::ne:
    return a != b;
  case ComparePredicate::lt:
    return a < b;
  case ComparePredicate::le:
    return a <= b;
  case ComparePredicate::gt:
    return a > b;
  case ComparePredicate::ge:
    return a >= b;
  }
  llvm_unreachable("all predicates are above");
}

static LogicalResult evalCompare(CompareOp op, Evaluation &e) {
  const HostTensor &a = e.operand(0), &b = e.operand(1);
  ComparePredicate predicate = op.getPredicate();
  return forEachPair(e, [&](HostTensor &out, int64_t i, int64_t ia, int64_t ib) {
    int64_t &to = out.mutableIntegers()[i];
    if (a.isFloat())
      to = compare(predicate, a.doubles()[ia], b.doubles()[ib]);
    else if (a.isUnsigned())
      to = compare<uint64_t>(predicate, a.integers()[ia], b.integers()[ib]);
    else
      to = compare(predicate, a.integers()[ia], b.integers()[ib]);
  });
}

static LogicalResult evalSelect(SelectOp, Evaluation &e) {
  HostTensor *out = allocateBroadcast(e);
  if (!out)
    return failure();
  ArrayRef<int64_t> shape = out->getShape();
  ArrayRef<int64_t> condition = e.operand(0).integers();
  ArrayRef<uint64_t> onTrue = e.operand(1).words(), onFalse = e.operand(2).words();
  MutableArrayRef<uint64_t> to = out->mutableWords();
  walk<3>(shape,
          {broadcastStrides(e.operand(0).getShape(), shape),
           broadcastStrides(e.operand(1).getShape(), shape),
           broadcastStrides(e.operand(2).getShape(), shape)},
          [&](int64_t i, const std::array<int64_t, 3> &at) {
            to[i] = condition[at[0]] ? onTrue[at[1]] : onFalse[at[2]];
          });
  return success();
}

static LogicalResult evalCast(CastOp op, Evaluation &e) {
  const HostTensor &in = e.operand(0);
  Type to = op.getTo();
  HostTensor *out = e.allocate(0, in.getShape());
  if (!out)
    return failure();
  if (to.isF32() && in.getElementType().isIntOrFloat() && !in.isFloat() &&
      in.getElementType().getIntOrFloatBitWidth() <= 32) {
    // Weights of quantized models. The integers are exact in double, so it rounds once.
    for (auto [rounded, integer] : llvm::zip_equal(out->mutableDoubles(), in.integers()))
      rounded = static_cast<float>(static_cast<double>(integer));
    return success();
  }
  for (int64_t i = 0, n = in.getNumElements(); i < n; ++i) {
    if (out->isFloat()) {
      double value;
      if (in.isFloat()) {
        value = in.doubles()[i];
      } else {
        int64_t integer = in.integers()[i];
        bool negative = !in.isUnsigned() && integer < 0;
        uint64_t magnitude = negative ? -static_cast<uint64_t>(integer) : integer;
        value = integerToDouble(magnitude, negative, to);
      }
      // The one place where mode Exact rounds.
      out->mutableDoubles()[i] = roundToFloatType(value, to);
    } else if (to.isInteger(1)) {
      out->mutableIntegers()[i] = in.isFloat() ? in.doubles()[i] != 0 : in.integers()[i] != 0;
    } else {
      out->mutableIntegers()[i] =
          in.isFloat() ? floatToInteger(in.doubles()[i], to) : in.integers()[i];
    }
  }
  return success();
}

static LogicalResult evalShiftLeft(ShiftLeftOp, Evaluation &e) {
  unsigned bits = e.operand(0).getElementType().getIntOrFloatBitWidth();
  return pairIntegers<uint64_t>(e, [=](uint64_t a, uint64_t b) { return b >= bits ? 0 : a << b; });
}

static LogicalResult evalShiftRight(ShiftRightOp, Evaluation &e) {
  unsigned bits = e.operand(0).getElementType().getIntOrFloatBitWidth();
  return pairIntegers<uint64_t>(e, [=](uint64_t a, uint64_t b) {
    return b >= bits ? 0 : (a & (~uint64_t(0) >> (64 - bits))) >> b;
  });
}

void reference::registerElementwise(Registry &r) {
  addUnary<AbsOp>(r, std::fabs, [](int64_t x) { return x < 0 ? int64_t(-uint64_t(x)) : x; });
  addUnary<NegOp>(r, [](double x) { return -x; }, [](int64_t x) { return int64_t(-uint64_t(x)); });
  r.add<SignOp>([](SignOp, Evaluation &e) -> LogicalResult {
    const HostTensor &in = e.operand(0);
    if (in.isFloat())
      return mapFloats(e, sign);
    HostTensor *out = e.allocate(0, in.getShape());
    if (!out)
      return failure();
    for (auto [to, from] : llvm::zip_equal(out->mutableIntegers(), in.integers()))
      to = from == 0 ? 0 : from > 0 || in.isUnsigned() ? 1 : -1;
    return success();
  });
  addUnary<CeilOp>(r, std::ceil);
  addUnary<FloorOp>(r, std::floor);
  addUnary<RoundOp>(r, std::nearbyint);
  addUnary<TruncOp>(r, std::trunc);
  addUnary<SqrtOp>(r, std::sqrt);
  addUnary<ExpOp>(r, std::exp);
  addUnary<LogOp>(r, std::log);
  addUnary<SinOp>(r, std::sin);
  addUnary<CosOp>(r, std::cos);
  addUnary<TanOp>(r, std::tan);
  addUnary<AsinOp>(r, std::asin);
  addUnary<AcosOp>(r, std::acos);
  addUnary<AtanOp>(r, std::atan);
  addUnary<SinhOp>(r, std::sinh);
  addUnary<CoshOp>(r, std::cosh);
  addUnary<TanhOp>(r, std::tanh);
  addUnary<AsinhOp>(r, std::asinh);
  addUnary<AcoshOp>(r, std::acosh);
  addUnary<AtanhOp>(r, std::atanh);
  addUnary<ErfOp>(r, std::erf);
  addUnary<SigmoidOp>(r, sigmoid);
  addUnary<SoftplusOp>(r, softplus);
  r.add<NotOp>([](NotOp, Evaluation &e) -> LogicalResult {
    const HostTensor &in = e.operand(0);
    HostTensor *out = e.allocate(0, in.getShape());
    if (!out)
      return failure();
    for (auto [to, from] : llvm::zip_equal(out->mutableIntegers(), in.integers()))
      to = ~from; // of a bool the lowest bit stays
    return success();
  });
  r.add<GeluOp>(evalGelu);
  r.add<IsNanOp>(evalIsNan);
  r.add<IsInfOp>(evalIsInf);
  addBinary<AddOp>(
      r, [](double a, double b) { return a + b; }, [](uint64_t a, uint64_t b) { return a + b; });
  addBinary<SubOp>(
      r, [](double a, double b) { return a - b; }, [](uint64_t a, uint64_t b) { return a - b; });
  addBinary<MulOp>(
      r, [](double a, double b) { return a * b; }, [](uint64_t a, uint64_t b) { return a * b; });
  addBinary<DivOp>(r, [](double a, double b) { return a / b; }, divSigned, divUnsigned);
  r.add<PowOp>(evalPow);
  addBinary<MaxOp>(
      r, maxFloat, [](int64_t a, int64_t b) { return std::max(a, b); },
      [](uint64_t a, uint64_t b) { return std::max(a, b); });
  addBinary<MinOp>(
      r, minFloat, [](int64_t a, int64_t b) { return std::min(a, b); },
      [](uint64_t a, uint64_t b) { return std::min(a, b); });
  addBitwise<AndOp>(r, [](uint64_t a, uint64_t b) { return a & b; });
  addBitwise<OrOp>(r, [](uint64_t a, uint64_t b) { return a | b; });
  addBitwise<XorOp>(r, [](uint64_t a, uint64_t b) { return a ^ b; });
  r.add<ShiftLeftOp>(evalShiftLeft);
  r.add<ShiftRightOp>(evalShiftRight);
  r.add<ModOp>(evalMod);
  r.add<CompareOp>(evalCompare);
  r.add<SelectOp>(evalSelect);
  r.add<CastOp>(evalCast);
}
