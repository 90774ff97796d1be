//===- Tiles.h - Products of bytes in tile registers ------------*- C++ -*-===//
//
// AMX: eight registers of 16 rows of 64 bytes, and one instruction for the product of two of
// them. Four hold sums (2 x 2 tiles of 16 rows and 16 columns), two rows of A, two columns
// of B. Registers are named, not allocated: nothing is ever spilled, and what the tiles are
// like is told to the CPU once for a kernel, whose own functions keep it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_TILES_H
#define MLOPT_LIB_CPU_QUANTIZED_TILES_H

#include "../Contraction/MicroKernel.h"

namespace mlopt {

class TileProducts {
public:
  /// Rows and columns of a register of sums, and bytes along k of one product.
  static constexpr int64_t rows = 16, columns = 16, depth = 64;
  /// Of what `multiply` computes at most.
  static constexpr int64_t blockRows = 2 * rows, blockColumns = 2 * columns;

  /// Whether tiles pay for a product of these sizes; a step of k is four bytes. Where the number
  /// of rows or steps is not known, whether `multiply` can be called must be decided at run time.
  static bool suits(const ContractionSizes &sizes, const TargetDescription &target);
  /// Bytes of scratch, 64-byte aligned.
  static constexpr int64_t scratchBytes = depth + blockRows * depth;

  /// `scratch`: of the thread.
  TileProducts(MicroKernel &micro, mlir::Value scratch)
      : micro(micro), k(micro.k), scratch(scratch) {}

  /// To be emitted before the first product of a kernel, and after the last one.
  void begin();
  void end();

  /// A row-major A: rows `rowStride` bytes apart, all of which exist, and `bytes` (at least 61)
  /// along k, not known to be a multiple of 64 unless `whole`.
  struct Left {
    mlir::Value first, second; ///< pointers to 16 rows each; `second` null: 16 rows only
    mlir::Value rowStride, bytes;
    bool whole;
  };
  /// Stores the sums of products of rows of A and the 32 columns of `panel` ([bytes / 4, rounded
  /// up][32][4]) in rows of 32 i32: those of `first` at `out`, of `second` at `outSecond`.
  void multiply(const Left &a, mlir::Value panel, mlir::Value out, mlir::Value outSecond);

private:
  void call(llvm::StringRef instruction, mlir::ValueRange operands);
  mlir::Value tile(int64_t number);
  void load(int64_t number, mlir::Value ptr, mlir::Value stride);
  void step(bool two, mlir::Value first, mlir::Value second, mlir::Value stride, mlir::Value b);
  void copyEnd(mlir::Value from, mlir::Value rowStride, mlir::Value start, mlir::Value done,
               mlir::Value bytes, mlir::Value to);

  MicroKernel &micro;
  KernelBuilder &k;
  mlir::Value scratch;
};

/// Replaces the tile operations of a kernel by loops that compute the same on any
/// CPU with 64-byte vectors; fails where tiles are not of the shape that `begin` gives them, or not
/// released.
llvm::LogicalResult emulateTiles(mlir::ModuleOp module);

/// What `begin` tells the CPU about tiles (64 bytes).
llvm::SmallVector<int8_t> tileConfiguration();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_TILES_H
