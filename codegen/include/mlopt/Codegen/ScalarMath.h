//===- ScalarMath.h - Elementary functions ----------------------*- C++ -*-===//
//
// Expansions of the elementary functions, of any vector width. No f32 function
// calls libm; the stated errors (ScalarTable.h) hold over the whole f32 range
// with and without FMA. f64 functions become `math` operations, which a pipeline
// lowers to libm, or for a GPU expansions with bounds of their own (ScalarMath64.h).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_SCALARMATH_H
#define MLOPT_CODEGEN_SCALARMATH_H

#include "mlopt/Codegen/ScalarBuilder.h"

namespace mlopt {

/// The functions of the table. Operands are f32 or f64 unless stated, scalars
/// or vectors; results have the operands' type.
class ScalarMath : public ScalarBuilder {
public:
  using ScalarBuilder::ScalarBuilder;

  // Exponentials (ScalarMathExp.cpp).
  Value exp(Value x);
  Value expm1(Value x);
  Value sigmoid(Value x);
  Value tanh(Value x);
  Value erf(Value x);
  /// x/2 * (1 + erf(x / sqrt 2)); at -inf its limit 0, up to 2e-23.
  Value gelu(Value x);
  /// x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))).
  Value geluTanh(Value x);
  Value sinh(Value x);
  Value cosh(Value x);

  // Logarithms and powers (ScalarMathLog.cpp).
  Value log(Value x);
  Value log2(Value x);
  Value log1p(Value x);
  /// log(1 + exp(x)) without overflow.
  Value softplus(Value x);
  Value asinh(Value x);
  Value acosh(Value x);
  Value atanh(Value x);
  /// For f32 x, y may be f64.
  Value pow(Value x, Value y);
  /// 1 / sqrt(x) in two correctly rounded steps: `rsqrtps` differs by vendor.
  Value rsqrt(Value x);

  // Trigonometry (ScalarMathTrig.cpp).
  Value sin(Value x);
  Value cos(Value x);
  Value tan(Value x);
  Value asin(Value x);
  Value acos(Value x);
  Value atan(Value x);

  // Signs, extrema, remainders (ScalarArith.cpp).
  /// -1, 0 or 1; NaN for NaN.
  Value signF(Value x);
  /// NaN if either operand is NaN.
  Value maxF(Value a, Value b);
  Value minF(Value a, Value b);
  /// Remainder with the dividend's sign (C's fmod), exact.
  Value fmod(Value a, Value b);
  /// Remainder with the divisor's sign (NumPy's mod).
  Value modF(Value a, Value b);

  // Integers (ScalarArith.cpp): signless values, `isUnsigned` says how to read them.
  Value absI(Value x);
  Value signI(Value x, bool isUnsigned);
  Value maxI(Value a, Value b, bool isUnsigned);
  Value minI(Value a, Value b, bool isUnsigned);
  /// Truncated quotient; x / 0 = 0, INT_MIN / -1 = INT_MIN.
  Value divI(Value a, Value b, bool isUnsigned);
  /// Remainder with the dividend's sign; x % 0 = 0.
  Value remI(Value a, Value b, bool isUnsigned);
  /// Remainder with the divisor's sign; x mod 0 = 0.
  Value modI(Value a, Value b, bool isUnsigned);
  /// Shifts by an unsigned amount; 0 if it reaches the width.
  Value shiftLeft(Value a, Value amount);
  Value shiftRightLogical(Value a, Value amount);
  /// a^e modulo 2^bits. A negative exponent gives the truncated real power, 0^-n = 0.
  Value powI(Value a, Value e, bool isUnsigned, bool isExponentUnsigned);

  // Conversions (ScalarConvert.cpp).
  /// NaN gives 0, values out of range saturate. `x` is f32 or f64, `element`
  /// a signless integer type of 8 to 64 bits.
  Value floatToIntSaturating(Value x, Type element, bool isUnsigned);
  /// f16 value to f32 and back, round to nearest even. f64 sources are rounded once.
  Value f16ToF32(Value x);
  Value toF16(Value x);
  /// bf16 value to f32 and back, round to nearest even, by integer arithmetic
  /// (`vcvtneps2bf16` flushes denormals).
  Value bf16ToF32(Value x);
  Value toBF16(Value x);

private:
  /// 2^n * p for f32 n integral in [-150, 128], p near 1.
  Value scaleByPowerOf2(Value p, Value n, Value nBits);
  /// exp of an f32 already limited to [-104, 89].
  Value expLimited(Value x);
  /// exp(x) - 1 = q * scale + (scale - 1), scale a power of 2, f32 |x| <= 80.
  struct SplitExp {
    Value scale, q;
  };
  SplitExp splitExpm1(Value x);
  /// -log(erfc(z)) for f32 z >= 0, at most 56.
  Value negLogErfc(Value z);
  /// log(1 + m) for f32 m in [-1/3, 1/3].
  Value log1pSmall(Value m);
  /// f64 building blocks of the rarer f32 functions; |x| <= 700 for the first two.
  Value exp64(Value x);
  Value expm164(Value x);
  Value log64(Value x);
  Value log1p64(Value x);
  /// x = q * pi/2 + r, |r| <= pi/4; q modulo 4 in the low bits of the i64.
  struct Reduced {
    Value quadrant, r;
  };
  Reduced reducePiOver2(Value x);
  Value sinPoly64(Value r);
  Value cosPoly64(Value r);
  Value sinOrCos(Value x, int64_t quarter);
  /// The f64 square-root argument, polynomial and flag shared by asin and acos.
  struct ArcParts {
    Value isBig, p;
  };
  ArcParts arcParts(Value a);
  /// f64 rounded to f32 such that a second rounding to a narrower type is right.
  Value roundToOdd(Value x);
};

} // namespace mlopt

#endif // MLOPT_CODEGEN_SCALARMATH_H
