//===- ScalarMath64.h - Elementary functions of f64 without libm *- C++ -*-===//
//
// For targets that have no libm (MathOptions::gpu). Operands are f64, scalars or
// vectors, and the target must have fused multiply-add: errors are carried in
// second doubles, which only it makes exact. Bounds, in units in the last place
// of the result over the whole range of f64, are held by mlopt-math-test.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_COMMON_SCALARMATH64_H
#define MLOPT_LIB_COMMON_SCALARMATH64_H

#include "mlopt/Codegen/ScalarMath.h"

namespace mlopt::math64 {

using mlir::Value;

/// An unevaluated sum of two doubles, the second at most half an ulp of the first.
struct Pair {
  Value high, low;
};
/// a + b exactly; the second wants |a| >= |b| or a = 0.
Pair twoSum(ScalarBuilder &s, Value a, Value b);
Pair fastTwoSum(ScalarBuilder &s, Value a, Value b);
/// a * b exactly.
Pair twoProduct(ScalarBuilder &s, Value a, Value b);

// Exponentials and logarithms (ScalarMath64.cpp).
Value exp(ScalarMath &m, Value x);   ///< 1 ulp
Value expm1(ScalarMath &m, Value x); ///< 2 ulp
Value sinh(ScalarMath &m, Value x);  ///< 3 ulp
Value cosh(ScalarMath &m, Value x);  ///< 3 ulp
Value tanh(ScalarMath &m, Value x);  ///< 3 ulp
Value erf(ScalarMath &m, Value x);   ///< 2 ulp
Value log(ScalarMath &m, Value x);   ///< 1 ulp
Value log2(ScalarMath &m, Value x);  ///< 2 ulp
Value log1p(ScalarMath &m, Value x); ///< 2 ulp
Value asinh(ScalarMath &m, Value x); ///< 3 ulp
Value acosh(ScalarMath &m, Value x); ///< 3 ulp
Value atanh(ScalarMath &m, Value x); ///< 3 ulp
Value pow(ScalarMath &m, Value x, Value y); ///< 1 ulp
/// Remainder with the dividend's sign, exact.
Value fmod(ScalarMath &m, Value a, Value b);

// Trigonometry (ScalarMath64Trig.cpp).
Value sin(ScalarMath &m, Value x);  ///< 1 ulp
Value cos(ScalarMath &m, Value x);  ///< 1 ulp
Value tan(ScalarMath &m, Value x);  ///< 3 ulp
Value asin(ScalarMath &m, Value x); ///< 2 ulp
Value acos(ScalarMath &m, Value x); ///< 2 ulp
Value atan(ScalarMath &m, Value x); ///< 2 ulp

} // namespace mlopt::math64

#endif // MLOPT_LIB_COMMON_SCALARMATH64_H
