//===- TileProduct.h - The product of two staged tiles ----------*- C++ -*-===//
//
// Fragments of staged tiles (TileOperand.h), and what tensor cores or fused
// multiply-adds make of them.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_CONTRACTION_TILEPRODUCT_H
#define MLOPT_LIB_CUDA_CONTRACTION_TILEPRODUCT_H

#include "TileOperand.h"

namespace mlopt {

class TileProduct {
public:
  using Value = mlir::Value;

  /// `element`: f16 or bf16, f32 for the rest. The code of positions is emitted here.
  TileProduct(GpuBuilder &g, const ContractionTile &tile, const OperandSpec &left,
              const OperandSpec &right, mlir::Type element);

  /// Zeros: the accumulators of a thread.
  llvm::SmallVector<Value> zeros();
  /// acc + left * right for the tiles at two offsets (i32) into shared memory; k ascends.
  llvm::SmallVector<Value> multiply(Value left, Value right, mlir::ValueRange acc);

  /// Writes rows [pass * passRows, ...) of the warp's accumulators to its part of shared memory at
  /// `base` (i32, bytes), rows passStride elements apart.
  void storePass(int64_t pass, mlir::ValueRange acc, Value base);

  Value lane, warpRow, warpColumn; ///< i32; the latter two: first row and column of the warp's tile

private:
  /// Lane's offset of the first fragment; others are that, with constants exchanged and added.
  struct Fragments {
    OperandSpec spec;
    bool isLeft;
    Value offset;
  };
  Fragments fragments(const OperandSpec &spec, bool isLeft, Value first);
  /// offset ^ flip + bytes, at a stage.
  Value place(Value stage, const Fragments &f, int64_t flip, int64_t bytes);
  /// Registers of 16 rows of the left factor, or of 16 columns of the right one, for a step of k.
  llvm::SmallVector<Value> sixteen(Value stage, const Fragments &f, int64_t step, int64_t number);
  llvm::SmallVector<Value> multiplyTensor(Value left, Value right, mlir::ValueRange acc);
  llvm::SmallVector<Value> multiplyFma(Value left, Value right, mlir::ValueRange acc);
  llvm::SmallVector<Value> multiplyFmaRows(Value left, Value right, mlir::ValueRange acc);

  GpuBuilder &g;
  ContractionTile tile;
  mlir::Type element;
  Fragments leftParts, rightParts;
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONTRACTION_TILEPRODUCT_H
