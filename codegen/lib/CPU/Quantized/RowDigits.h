//===- RowDigits.h - f32 rows as integers of four digits --------*- C++ -*-===//
//
// Where one instruction sums four products of bytes, f32 rows times weights of 4 bits
// are integer products. Each block of a row becomes integers in units of 2^(E - 29), where
// 2^E is the power of two at or below its largest magnitude, and the integers four signed
// digits of base 256. The sums of digits times weights minus zero points are exact in 32
// bits, so what weighs 0 adds no error, however large it is.
//
// Error. An element that is a whole number of units loses nothing: all from 2^(E - 6) on.
// Another loses at most half a unit, which for integers from 2^20 on is 2^-21 of the
// element. What smaller ones lose (they are beside an element more than 256 times as
// large) is kept as f32 with its step in a list and multiplied in floats. So whatever the weights
// are, the error is at most a few times 2^-22 of the sum of |element * weight|.
//
// A row has no such form where a block's largest magnitude is not finite or near
// the ends of f32's range, or where the list gets longer than 1/8 of the row. Its product is
// formed in floats; each row by itself, so that no row's bits depend on another one.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_ROWDIGITS_H
#define MLOPT_LIB_CPU_QUANTIZED_ROWDIGITS_H

#include "DequantizedWeights.h"

namespace mlopt {

class RowDigits {
public:
  static constexpr int64_t digits = 4;

  RowDigits(KernelBuilder &k, const MathOptions &math, const DequantizedWeights &w, int64_t lanes)
      : k(k), m(k.b, k.loc, math), w(w), lanes(lanes) {}

  static bool suits(const DequantizedWeights &w, const TargetDescription &target);
  /// Bytes of scratch that `rows` (at most 15) rows take.
  static int64_t scratchBytes(const DequantizedWeights &w, int64_t rows);

  /// Packs `count` rows of `most` at `x` (w.k elements each) into scratch.
  void pack(mlir::Value x, mlir::Value count, int64_t most, mlir::Value scratch);
  /// Whether all packed rows have this form, and whether row `number` has (i1).
  mlir::Value fits(mlir::Value scratch);
  mlir::Value fits(mlir::Value scratch, mlir::Value number);

  /// Where a row of a packed set lies: [blocks][4] sums of digits times -1 (-8 where all weights
  /// are 8 above theirs), [blocks] units, and the list of what the integers lack: its length
  /// (i64), steps (i32) and elements.
  struct Row {
    mlir::Value digits, sums, factors, count, steps, rests;
  };
  Row row(mlir::Value scratch, mlir::Value number, int64_t most);

  /// What the sums of a block's digits (vector<i32> each) start at; `zero` as from
  /// WeightReader::nibbleZero.
  llvm::SmallVector<mlir::Value> start(const Row &row, mlir::Value block, mlir::Value zero);
  /// Adds eight steps to them: of weights from 0 to 15 in bytes.
  void add(const Row &row, mlir::Value group, mlir::Value low, mlir::Value high,
           llvm::MutableArrayRef<mlir::Value> sums);
  /// The block's product as f32, without the weights' scale.
  mlir::Value end(const Row &row, mlir::Value block, llvm::ArrayRef<mlir::Value> sums);

private:
  mlir::Value flag(mlir::Value scratch, mlir::Value number);
  void packBlock(mlir::Value x, mlir::Value number, int64_t steps, const Row &to, mlir::Value flag);
  void keepRests(mlir::Value rests, mlir::Value lacking, mlir::Value step, const Row &to, mlir::Value flag);

  KernelBuilder &k;
  ScalarMath m;
  DequantizedWeights w;
  int64_t lanes;
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_ROWDIGITS_H
