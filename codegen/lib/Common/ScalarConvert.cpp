//===- ScalarConvert.cpp - Conversions with defined results ---------------===//

#include "mlopt/Codegen/ScalarMath.h"

#include <cmath>

using namespace mlir;

namespace mlopt {

Value ScalarMath::floatToIntSaturating(Value x, Type element, bool isUnsigned) {
  unsigned bits = element.getIntOrFloatBitWidth();
  llvm::APInt least = isUnsigned ? llvm::APInt(bits, 0) : llvm::APInt::getSignedMinValue(bits);
  llvm::APInt most =
      isUnsigned ? llvm::APInt::getMaxValue(bits) : llvm::APInt::getSignedMaxValue(bits);
  Value t = trunc(x);
  if (bits <= 16) {
    // Both ends are exact floats: limit, then convert as i32.
    double lo = isUnsigned ? 0.0 : double(least.getSExtValue());
    double hi = isUnsigned ? double(most.getZExtValue()) : double(most.getSExtValue());
    Value safe = select(isNan(t), constF(t, 0.0), clamp(t, lo, hi));
    return truncI(floatToInt(safe, intType(32)), element);
  }
  // 2^31 and the like are exact, 2^31 - 1 is not: convert what is in range.
  double end = isUnsigned ? std::ldexp(1.0, bits) : std::ldexp(1.0, bits - 1);
  double begin = isUnsigned ? 0.0 : -end;
  Value inRange = andI(cmpF(FPred::OGE, t, begin), cmpF(FPred::OLT, t, end));
  Value i = floatToInt(select(inRange, t, constF(t, 0.0)), element, isUnsigned);
  i = select(cmpF(FPred::OGE, t, end), constInt(i, most), i);
  return isUnsigned ? i : select(cmpF(FPred::OLT, t, begin), constInt(i, least), i);
}

Value ScalarMath::f16ToF32(Value x) {
  Type f32 = builder.getF32Type(), i32 = intType(32);
  if (options.hasF16C)
    return extF(x, f32);
  // The exponent and mantissa land in a float that is 2^-112 too small, also
  // for denormals; infinity and NaN get their exponent by hand.
  Value h = extU(bitcast(x, intType(16)), i32);
  Value magnitude = andI(h, 0x7FFF);
  Value shifted = bitcast(shl(magnitude, 13), f32);
  Value scaled = bitcast(mul(shifted, constF(shifted, 0x1p112)), i32);
  Value special = orI(shl(magnitude, 13), 0x7F800000);
  Value bits = select(cmpI(IPred::uge, magnitude, 0x7C00), special, scaled);
  return bitcast(orI(bits, shl(andI(h, 0x8000), 16)), f32);
}

Value ScalarMath::roundToOdd(Value x) {
  // An inexact f32 with an even last bit moves towards x, so its last bit
  // records that something was lost and cannot pass for a tie.
  Type i32 = intType(32), f32 = builder.getF32Type();
  Value f = toF32(x);
  Value back = toF64(f);
  Value bits = bitcast(f, i32);
  Value isInexact = cmpF(FPred::ONE, back, x);
  Value isEven = cmpI(IPred::eq, andI(bits, 1), 0);
  Value isAbove = cmpF(FPred::OGT, abs(back), abs(x));
  Value step = select(isAbove, constI(bits, -1), constI(bits, 1));
  return select(andI(isInexact, isEven), bitcast(addI(bits, step), f32), f);
}

Value ScalarMath::toF16(Value x) {
  if (isF64(x))
    x = roundToOdd(x);
  Type f16 = builder.getF16Type(), i16 = intType(16), i32 = intType(32), f32 = builder.getF32Type();
  if (options.hasF16C)
    return truncF(x, f16);
  Value u = bitcast(x, i32);
  Value sign = andI(u, 0x80000000);
  Value a = xorI(u, sign);
  Value special = select(cmpI(IPred::ugt, a, 0x7F800000), constI(a, 0x7E00), constI(a, 0x7C00));
  // Denormal results: adding 1/2 aligns the mantissa so that the float unit
  // rounds it at the right place.
  Value magnitude = bitcast(a, f32);
  Value denormal = subI(bitcast(add(magnitude, constF(magnitude, 0.5)), i32), 0x3F000000);
  Value isOdd = andI(shrU(a, 13), 1);
  Value normal = shrU(addI(addI(a, isOdd), int64_t(0xC8000FFF)), 13);
  Value h = select(cmpI(IPred::ult, a, 113 << 23), denormal, normal);
  h = select(cmpI(IPred::uge, a, 143 << 23), special, h);
  return bitcast(truncI(orI(h, shrU(sign, 16)), i16), f16);
}

Value ScalarMath::bf16ToF32(Value x) {
  return bitcast(shl(extU(bitcast(x, intType(16)), intType(32)), 16), builder.getF32Type());
}

Value ScalarMath::toBF16(Value x) {
  if (isF64(x))
    x = roundToOdd(x);
  // One instruction there; NaN becomes the canonical one.
  if (options.gpu)
    return truncF(x, builder.getBF16Type());
  Value u = bitcast(x, intType(32));
  Value rounded = shrU(addI(addI(u, andI(shrU(u, 16), 1)), 0x7FFF), 16);
  Value quiet = orI(shrU(u, 16), 0x40);
  Value bits = select(isNan(x), quiet, rounded);
  return bitcast(truncI(bits, intType(16)), builder.getBF16Type());
}

} // namespace mlopt
