//===- ScalarBuilder.h - Arithmetic on scalars and vectors ------*- C++ -*-===//
//
// Thin builder of upstream `arith`, `math`, `vector` and `scf` operations on
// values that are either scalars or vectors of one shape. Everything that the
// table of scalar semantics (ScalarTable.h) emits goes through it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_SCALARBUILDER_H
#define MLOPT_CODEGEN_SCALARBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlopt {

/// What the target can do, as far as scalar semantics depend on it. The
/// default is the lowest level (x86-64-v2).
struct MathOptions {
  /// Fused multiply-add in one instruction. Without it the expansions write a
  /// product and a sum: `llvm.fma` would call `fmaf`.
  bool hasFMA = false;
  /// Conversion between f16 and f32 in one instruction; without it LLVM would
  /// call `__truncsfhf2`.
  bool hasF16C = false;
  /// AVX-512F, VL and DQ: `vscalefps` ends an exponential in one instruction.
  bool hasAVX512 = false;
  /// A GPU: there is no libm, so functions of f64 are expanded too, and values
  /// are scalars.
  bool gpu = false;

  /// Reads an LLVM feature string (`+avx2,+fma,-f16c`); the last mention counts.
  static MathOptions fromFeatures(llvm::StringRef features);
};

/// Builds arithmetic at one location. Cheap to construct; holds no state but
/// its references. All operands of one call have the same shape (none, or one
/// vector shape), which is also the result's.
class ScalarBuilder {
public:
  using Value = mlir::Value;
  using Type = mlir::Type;
  using FPred = mlir::arith::CmpFPredicate;
  using IPred = mlir::arith::CmpIPredicate;

  ScalarBuilder(mlir::OpBuilder &builder, mlir::Location loc, const MathOptions &options)
      : builder(builder), loc(loc), options(options) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  MathOptions options;

  /// The type with the shape of `like` and the element type `element`.
  static Type withElement(Type like, Type element);
  static Type elementOf(Value v) { return mlir::getElementTypeOrSelf(v.getType()); }
  static bool isF64(Value v) { return elementOf(v).isF64(); }
  static bool isFloat(Value v) { return llvm::isa<mlir::FloatType>(elementOf(v)); }
  static bool isVector(Value v) { return llvm::isa<mlir::VectorType>(v.getType()); }
  /// Bits of one element.
  static unsigned bitsOf(Value v) { return elementOf(v).getIntOrFloatBitWidth(); }
  Type intType(unsigned bits) const { return builder.getIntegerType(bits); }

  /// Constants of the type of `like`; floats are rounded to nearest.
  Value constF(Value like, double v);
  Value constI(Value like, int64_t v);
  Value constInt(Value like, const llvm::APInt &v);
  /// The constant zero of any type.
  Value zero(Type type);

  // Floating point.
  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value div(Value a, Value b);
  Value neg(Value a);
  Value abs(Value a);
  Value sqrt(Value a);
  /// Magnitude of `a`, sign of `b`.
  Value copysign(Value a, Value b);
  /// a * b + c: fused where the target has FMA (f64 included), else two roundings.
  Value fma(Value a, Value b, Value c);
  Value fma(Value a, double b, Value c) { return fma(a, constF(a, b), c); }
  /// The polynomial with `coefficients` from the constant term up.
  Value polynomial(Value x, llvm::ArrayRef<double> coefficients);
  Value floor(Value a);
  Value ceil(Value a);
  Value trunc(Value a);
  /// Nearest integer, halves to even.
  Value roundEven(Value a);
  Value cmpF(FPred p, Value a, Value b);
  Value cmpF(FPred p, Value a, double b) { return cmpF(p, a, constF(a, b)); }
  Value isNan(Value a) { return cmpF(FPred::UNO, a, a); }
  /// x limited to [lo, hi]; NaN stays NaN. One min or max instruction per bound.
  Value clampLow(Value x, double lo);
  Value clampHigh(Value x, double hi);
  Value clamp(Value x, double lo, double hi) { return clampHigh(clampLow(x, lo), hi); }

  // Integers.
  Value addI(Value a, Value b);
  Value addI(Value a, int64_t b) { return addI(a, constI(a, b)); }
  Value subI(Value a, Value b);
  Value subI(Value a, int64_t b) { return subI(a, constI(a, b)); }
  Value mulI(Value a, Value b);
  Value andI(Value a, Value b);
  Value andI(Value a, int64_t b) { return andI(a, constI(a, b)); }
  Value orI(Value a, Value b);
  Value orI(Value a, int64_t b) { return orI(a, constI(a, b)); }
  Value xorI(Value a, Value b);
  Value notI(Value a);
  Value shl(Value a, int64_t b);
  Value shrU(Value a, int64_t b);
  Value shrS(Value a, int64_t b);
  Value cmpI(IPred p, Value a, Value b);
  Value cmpI(IPred p, Value a, int64_t b) { return cmpI(p, a, constI(a, b)); }

  /// c ? a : b per element; `c` has i1 elements.
  Value select(Value c, Value a, Value b);

  // Conversions, element by element.
  Value bitcast(Value a, Type element);
  Value extF(Value a, Type element);
  Value truncF(Value a, Type element);
  Value extS(Value a, Type element);
  Value extU(Value a, Type element);
  Value truncI(Value a, Type element);
  Value intToFloat(Value a, Type element, bool isUnsigned = false);
  /// Undefined out of range; callers guard.
  Value floatToInt(Value a, Type element, bool isUnsigned = false);
  Value toF64(Value a) { return extF(a, builder.getF64Type()); }
  Value toF32(Value a) { return truncF(a, builder.getF32Type()); }

  /// One i1: whether any lane of `c` is true.
  Value any(Value c);
  /// Runs `rare` only when a lane of `condition` is true (one branch); its
  /// values replace the `usual` ones in those lanes.
  llvm::SmallVector<Value> whenAny(Value condition, mlir::ValueRange usual,
                                   llvm::function_ref<llvm::SmallVector<Value>()> rare);
};

/// Registers the upstream dialects whose operations the table emits.
void registerScalarDialects(mlir::DialectRegistry &registry);

} // namespace mlopt

#endif // MLOPT_CODEGEN_SCALARBUILDER_H
