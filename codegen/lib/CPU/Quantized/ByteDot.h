//===- ByteDot.h - Sums of four products of bytes ---------------*- C++ -*-===//
//
// The step that all kernels on 8-bit integers share: each 32-bit lane of an
// accumulator gets the sum of four products, unsigned bytes times signed ones.
// Exact on every level: `pmaddubsw`, whose 16-bit sums saturate, is not used.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_BYTEDOT_H
#define MLOPT_LIB_CPU_QUANTIZED_BYTEDOT_H

#include "mlopt/Codegen/KernelBuilder.h"

namespace mlopt {

/// Products of vectors of `lanes` (4, 8 or 16) groups of four bytes. Operands are
/// vector<lanes x i32> or vector<4*lanes x i8> values, both the same bits.
/// With VNNI a product is one `vpdpbusd`; otherwise bytes are extended to 16 bits, those with even
/// numbers and those with odd ones apart, and go through `pmaddwd`, whose 32-bit sums cannot
/// overflow
/// (|255 * -128 * 2| < 2^31). What belongs to one operand alone is done by `unsignedBytes` and
/// `signedBytes`, once for all products that it takes part in.
class ByteDot {
public:
  /// An operand as products take it: `whole` with VNNI, else its halves as vector<2*lanes x i16>.
  struct Operand {
    mlir::Value whole, even, odd;
  };

  ByteDot(KernelBuilder &k, int64_t lanes) : k(k), lanes(lanes) {}

  /// Whether one instruction does a whole product.
  static bool isDirect(const TargetDescription &target) { return target.hasVNNI; }
  /// Vector registers that a prepared operand takes, and those for values in between that a product
  /// takes.
  static int64_t operandRegisters(const TargetDescription &target) {
    return isDirect(target) ? 1 : 2;
  }
  static int64_t productRegisters(const TargetDescription &target) {
    return isDirect(target) ? 0 : 1;
  }

  /// The factor of unsigned bytes (activations).
  Operand unsignedBytes(mlir::Value x);
  /// The factor of signed bytes (weights).
  Operand signedBytes(mlir::Value w);
  /// acc (vector<lanes x i32>) + the sums of four products, modulo 2^32.
  mlir::Value dot(mlir::Value acc, const Operand &x, const Operand &w);

private:
  mlir::Value cast(mlir::Value v, mlir::Type element);
  mlir::Value pairs(mlir::Value x, mlir::Value w);

  KernelBuilder &k;
  int64_t lanes;
};

/// One product whose operands take part in no other: see ByteDot. `x` holds the unsigned bytes.
mlir::Value byteDot(KernelBuilder &k, mlir::Value acc, mlir::Value x, mlir::Value w);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_BYTEDOT_H
