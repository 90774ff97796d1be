//===- MicroKernel.h - Tiles of accumulators --------------------*- C++ -*-===//
//
// What contraction and attention share: the block of accumulators that lives
// in SSA values over the loop on k, the walk over balanced tiles of rows, and
// packing of run-time operands into panels.
//
// Tiles and packing are functions of their own inside the kernel's object, so
// that nothing but their accumulators competes for vector registers: a constant
// of the epilogue that LLVM hoists over a k loop costs spills in it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_MICROKERNEL_H
#define MLOPT_LIB_CPU_CONTRACTION_MICROKERNEL_H

#include "BlockingModel.h"
#include "mlopt/Codegen/KernelBuilder.h"
#include "mlopt/Codegen/ScalarMath.h"

namespace mlopt {

/// The matrix A, of the accumulators' type: element (row, step) at ptr + row *
/// rowStride + step * stepStride elements. Of bytes, which products take in groups of four (a step),
/// strides count bytes.
struct LeftMatrix {
  mlir::Value ptr, rowStride, stepStride;
  /// Bytes of a row where that may be no multiple of 4: the rest of the last group is not read.
  mlir::Value rowBytes = {};
};

/// Columns of the matrix B: lanes of vector v at ptr[v] + offset[v] + step *
/// stepStride elements of the type `element`, extended where they are loaded.
struct RightColumns {
  mlir::Type element;
  llvm::SmallVector<mlir::Value> ptr;
  llvm::SmallVector<int64_t> offset;
  mlir::Value stepStride;
  /// Lanes of each vector that may be read (others count as 0); empty: all.
  llvm::SmallVector<mlir::Value> limit;
  int64_t prefetchBytes = 0;
};

class MicroKernel {
public:
  /// `sum`: type of the accumulators, f32 or f64.
  MicroKernel(KernelBuilder &k, const MathOptions &math, const ContractionBlocking &blocking, mlir::Type sum)
      : k(k), m(k.b, k.loc, math), blocking(blocking), sum(sum) {}
  virtual ~MicroKernel() = default;

  /// out[row * outStride + column] = (`add`: what stands there +) the sum over
  /// steps [begin, end) of a[row, step] b[step, column], in ascending order, for
  /// `height` rows and the tile's columns.
  void tile(int64_t height, const LeftMatrix &a, const RightColumns &b, mlir::Value begin, mlir::Value end,
            mlir::Value out, mlir::Value outStride, bool add);

  /// Cuts rows [begin, end) into balanced tiles; calls `tile(firstRow, height)`
  /// in code of its own for each of `heights`, the heights that can occur.
  void overTiles(mlir::Value begin, mlir::Value end, llvm::ArrayRef<int64_t> heights,
                 llvm::function_ref<void(mlir::Value, int64_t)> tile);

  /// Writes the panel [steps][width] of columns, padded with zeros or the last one, to `to`. Element
  /// (step, column) of the source lies at from + step * stepStride + column *
  /// columnStride; one of the strides is the constant 1. `columns` (<= width) exist.
  /// The source has the type `element`, the panel that of the accumulators.
  void packPanel(mlir::Type element, mlir::Value from, mlir::Value steps, mlir::Value columns, bool allColumns, mlir::Value stepStride,
                 mlir::Value columnStride, bool columnsContiguous, mlir::Value to, int64_t width);

  /// Copies rows [0, rows) and steps [begin, end) of a matrix of `element`s to
  /// to[row * toStride + step - begin], in the accumulators' type.
  void widen(mlir::Type element, const LeftMatrix &from, mlir::Value rows, mlir::Value begin, mlir::Value end,
             mlir::Value to, mlir::Value toStride);

  /// Calls a function of this kernel's own object whose body `body` emits, given
  /// its versions of `values` (constants stay constants, but for the last
  /// `lastAreArguments`). One function for each `key` and pattern of constants.
  void outlined(llvm::StringRef key, llvm::ArrayRef<mlir::Value> values,
                llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> body, size_t lastAreArguments = 0);

  KernelBuilder &k;
  ScalarMath m;
  ContractionBlocking blocking;
  mlir::Type sum;

protected:
  /// An operand of a product as `multiply` takes it: what is done to it once for all its products.
  using Factor = llvm::SmallVector<mlir::Value, 2>;
  /// Element (row, step) of A in all lanes, `along` = step * stepStride; `last`: a group
  /// that has rowBytes % 4 bytes.
  virtual Factor leftFactor(const LeftMatrix &a, mlir::Value along, int64_t row, bool last);
  /// Lanes of B, of the type `b.element`, from `offset` on; with `count` only so many.
  virtual Factor rightFactor(const RightColumns &b, mlir::Value ptr, mlir::Value offset, mlir::Value count);
  virtual mlir::Value multiply(const Factor &x, const Factor &weights, mlir::Value sum);

  /// Rows of a square become its columns.
  llvm::SmallVector<mlir::Value> transpose(llvm::SmallVector<mlir::Value> rows);

private:
  llvm::SmallVector<mlir::Value> accumulate(int64_t height, const LeftMatrix &a, const RightColumns &b,
                                            mlir::Value begin, mlir::Value end, llvm::ArrayRef<mlir::Value> acc);
  llvm::SmallVector<mlir::Value> loadTile(int64_t height, mlir::Value ptr, mlir::Value stride);
  void storeTile(llvm::ArrayRef<mlir::Value> acc, mlir::Value ptr, mlir::Value stride);

  llvm::StringMap<mlir::LLVM::LLVMFuncOp> functions;

  /// `lanes` elements of the type `element` as accumulators; with `count` only so many.
  mlir::Value load(mlir::Type element, mlir::Value ptr, mlir::Value offset, int64_t lanes, mlir::Value count = {});
  void packContiguous(mlir::Type element, mlir::Value from, mlir::Value steps, mlir::Value columns, bool all, mlir::Value stepStride,
                      mlir::Value to, int64_t width);
  /// `columns` null: all of the panel's exist.
  void packTransposed(mlir::Type element, mlir::Value from, mlir::Value steps, mlir::Value columns, mlir::Value columnStride,
                      mlir::Value to, int64_t width);
  void packScalar(mlir::Type element, mlir::Value from, mlir::Value steps, mlir::Value columns, mlir::Value stepStride,
                  mlir::Value columnStride, mlir::Value to, int64_t width);
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_MICROKERNEL_H
