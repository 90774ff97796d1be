//===- DequantizedWeights.h - Packed weights as floats ----------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDWEIGHTS_H
#define MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDWEIGHTS_H

#include "mlopt/Codegen/KernelBuilder.h"
#include "mlopt/Codegen/ScalarMath.h"

namespace mlopt {

/// How the weights of a `dequantized_matmul` lie in memory: weights, scales and
/// zero points in panels of `panelWidth` columns (Panels.h).
///  * weights of 4 bits: [N / 32][K / 8][32] words of 8 steps, the first in the low bits;
///  * weights of 8 bits: [N / 32][K][32] bytes;
///  * scales (the rows' element: f32, f16 or bf16) and zero points (a byte each): [N / 32][blocks][32]; row-major where
///    all columns share them.
struct DequantizedWeights {
  bool nibbles = false, isUnsigned = false, hasZero = false;
  int64_t k = 0, n = 0, block = 0; ///< steps, columns, steps of a block (<= k)
  struct Parameter {
    bool perBlock = true, perColumn = true;
  };
  Parameter scale, zero;
  mlir::Type element; ///< of rows and scales

  /// Of an operation with constant sizes that a kernel takes; else why not.
  static std::optional<DequantizedWeights> of(DequantizedMatmulOp op, std::string &reason);

  int64_t blocks() const { return (k + block - 1) / block; }
  /// Unsigned weights with a zero point are read minus this number, and so are the
  /// zero points: sums of small numbers lose less.
  int64_t centre() const { return isUnsigned && hasZero ? (nibbles ? 8 : 128) : 0; }
  bool isNarrow() const { return !element.isF32(); }
  LayoutAttr weightLayout(DequantizedMatmulOp op) const;
  /// Null: row-major.
  LayoutAttr parameterLayout(DequantizedMatmulOp op, const Parameter &parameter) const;
};

/// Emits loads of vectors of `lanes` columns of one panel as f32.
class WeightReader {
public:
  WeightReader(KernelBuilder &k, const MathOptions &math, const DequantizedWeights &w, int64_t lanes)
      : k(k), m(k.b, k.loc, math), w(w), lanes(lanes) {}

  /// Pointers to panel `number` (i64).
  mlir::Value weightPanel(mlir::Value base, mlir::Value number);
  mlir::Value scalePanel(mlir::Value base, mlir::Value number);
  mlir::Value zeroPanel(mlir::Value base, mlir::Value number);

  /// Eight steps, from 8 * number on, of the columns of vector `vector`.
  struct Group {
    mlir::Value words, panel, first;
  };
  Group group(mlir::Value panel, mlir::Value number, int64_t vector);
  /// Step `i` of a group, minus the centre.
  mlir::Value step(const Group &group, int64_t i);
  /// Bytes of a group in a panel.
  int64_t groupBytes() const;

  mlir::Value scale(mlir::Value panel, mlir::Value block, int64_t vector);
  /// The same eight steps as nibbles 0 to 15 in bytes: of even and of odd steps. Signed weights are
  /// 8 less. With a zero point only: the number (vector<i32>) that weights minus zero points are less
  /// than their nibbles.
  std::pair<mlir::Value, mlir::Value> nibbles(mlir::Value panel, mlir::Value number, int64_t vector);
  mlir::Value nibbleZero(mlir::Value panel, mlir::Value block, int64_t vector);
  /// Any one step (i32) of weights of 4 bits as f32, its block's zero points (or null) taken off.
  mlir::Value lone(mlir::Value panel, mlir::Value step, mlir::Value nibbleZero, int64_t vector);

  /// Zero points minus the centre; with a zero point only.
  mlir::Value zero(mlir::Value panel, mlir::Value block, int64_t vector);

private:
  mlir::Value toFloat(mlir::Value integers);
  mlir::Value wholeZero(mlir::Value panel, mlir::Value block, int64_t vector);
  mlir::Value parameter(const DequantizedWeights::Parameter &p, mlir::Value panel, mlir::Value block, int64_t vector,
                        mlir::Type storage);

  KernelBuilder &k;
  ScalarMath m;
  DequantizedWeights w;
  int64_t lanes;
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDWEIGHTS_H
