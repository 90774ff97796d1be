//===- ByteKernel.h - Tiles of products of bytes ----------------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_BYTEKERNEL_H
#define MLOPT_LIB_CPU_QUANTIZED_BYTEKERNEL_H

#include "../Contraction/MicroKernel.h"
#include "ByteDot.h"

namespace mlopt {

/// The micro kernel on unsigned bytes (A) and signed ones (B, in panels), summed in i32. A step of
/// k is a group of four bytes: to everything but the product itself the panels are matrices of
/// 32-bit elements.
class ByteKernel : public MicroKernel {
public:
  ByteKernel(KernelBuilder &k, const MathOptions &math, const ContractionBlocking &blocking)
      : MicroKernel(k, math, blocking, k.b.getI32Type()), dot(k, blocking.lanes) {}

  /// Run-time B, a matrix of bytes: byte (step, column) lies at base + step * stepStride + column *
  /// columnStride; one of the strides is the constant 1.
  struct Source {
    mlir::Value base, stepStride, columnStride;
    mlir::Value depth, columns; ///< bytes along k, columns of the whole matrix
    bool columnsContiguous;
  };
  /// Writes groups [begin, begin + groups) of columns [column, column + width) as a panel
  /// [groups][width][4] to `to`, k padded with zeros; columns that do not exist become anything.
  /// Nothing outside of the matrix is read.
  void packBytes(const Source &from, mlir::Value column, mlir::Value begin, mlir::Value groups,
                 mlir::Value to, int64_t width);

protected:
  Factor leftFactor(const LeftMatrix &a, mlir::Value along, int64_t row, bool last) override;
  Factor rightFactor(const RightColumns &b, mlir::Value ptr, mlir::Value offset,
                     mlir::Value count) override;
  mlir::Value multiply(const Factor &x, const Factor &weights, mlir::Value sum) override;

private:
  /// Four bytes at an address of any alignment, as i32.
  mlir::Value word(mlir::Value ptr, mlir::Value offset);
  /// Up to four bytes (`count`), `stride` apart; others are 0.
  mlir::Value partialWord(mlir::Value ptr, mlir::Value offset, mlir::Value stride,
                          mlir::Value count);
  /// The last group, of rowBytes % 4 bytes at `offset`, of a row of `rowBytes`.
  mlir::Value lastWord(mlir::Value ptr, mlir::Value offset, mlir::Value rowBytes);
  void packRows(const Source &from, mlir::Value column, mlir::Value begin, mlir::Value groups,
                mlir::Value to, int64_t width);
  void packColumns(const Source &from, mlir::Value column, mlir::Value begin, mlir::Value groups,
                   mlir::Value to, int64_t width);

  ByteDot dot;
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_BYTEKERNEL_H
