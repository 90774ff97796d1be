//===- TileOperand.h - Tiles of a factor in shared memory -------*- C++ -*-===//
//
// How the tiles of one factor of a product come into shared memory and how they
// lie there. A factor's matrix has rows of one axis (m, n or k), and along them
// the other. Tensor cores take tiles of either direction as they are (ldmatrix
// turns those that have k along the columns); fused multiply-adds take rows of k,
// so that a factor with k along its rows is turned by the copies.
//
// Rows of a staged tile are pieces of 16 bytes. Piece c of row r lies at place
// c ^ swizzle(r), chosen so that neither the copies in nor the fragments out meet
// a bank twice.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_CONTRACTION_TILEOPERAND_H
#define MLOPT_LIB_CUDA_CONTRACTION_TILEOPERAND_H

#include "../GpuBuilder.h"
#include "ContractionTile.h"

namespace mlopt {

/// What is decided of a factor when compiling.
struct OperandSpec {
  TileMath math = TileMath::Half;
  bool depthInner = true; ///< k runs along the rows in memory
  int64_t extent = 64;    ///< of the tile along m or n
  int64_t depth = 32;     ///< of the tile along k
  /// Bytes of one copy: 16, 8 or 4 (cp.async), or those of an element, which goes through a
  /// register (`byElements`).
  int64_t unitBytes = 16;
  bool byElements = false;
  /// Fused multiply-adds take rows along k as well, of both factors: copies of 16 bytes.
  bool keepsRows = false;

  int64_t elementBytes() const { return math == TileMath::Half ? 2 : 4; }
  /// Whether staged rows are steps of k.
  bool depthRows() const { return (math == TileMath::Fma && !keepsRows) || !depthInner; }
  /// Whether the copies turn the tile.
  bool turned() const { return math == TileMath::Fma && depthInner && !keepsRows; }
  int64_t rows() const { return depthRows() ? depth : extent; }
  int64_t rowBytes() const { return (depthRows() ? extent : depth) * elementBytes(); }
  int64_t bytes() const { return extent * depth * elementBytes(); }
  /// What the pieces of a row are exchanged by; periodic in 8 rows.
  int64_t swizzle(int64_t row) const;

  /// Bytes of a copy for rows of `inner` elements: the most that every row allows.
  static int64_t widestUnit(TileMath math, bool turned, SymExpr inner);
};

/// Offset of byte `byte` of row `row` of a staged tile, all i32.
mlir::Value stagedOffset(GpuBuilder &g, const OperandSpec &spec, mlir::Value row, mlir::Value byte);

/// Shared memory at offset + bytes; the constant part becomes part of the access.
mlir::Value stagedPtr(GpuBuilder &g, mlir::Value offset, int64_t bytes);

/// Emits the copies of a factor's tiles.
class TileOperand {
public:
  using Value = mlir::Value;
  /// The element (storage type) at a row and a column (i64) of the matrix, which exists.
  using Element = std::function<Value(Value row, Value column)>;

  /// Tile `origin` (i64, along m or n) of the matrix at `base`. `extent`, `depth`: sizes of the
  /// whole factor along m or n, and k. `element` serves `byElements`. The code of positions is
  /// emitted here.
  TileOperand(GpuBuilder &g, const OperandSpec &spec, int64_t threads, Value base, Value origin,
              SymExpr extent, SymExpr depth, Element element);

  /// Brings step `step` (i32, in tiles; it exists) into the stage at `stage` (i32, bytes into
  /// shared memory). A factor `byElements` is there when the threads have run this code, the others
  /// when their copies are.
  void copy(Value step, Value stage);

  const OperandSpec spec;

private:
  struct Slot {
    int64_t row, unit; ///< beyond the thread's first
    Value offset;      ///< i32, bytes in the staged tile
    int64_t bytes;     ///< beyond `offset`
  };
  void copyBatch(Value step, Value stage, Value firstRow);
  void copyElements(Value step, Value stage, Value firstRow);
  /// Elements of k left from a step on, at most a tile's (i32).
  Value depthLeft(Value step);
  /// Whether a row and a column of the tile in memory exist (i1); null: they do. `depthLeft`: null
  /// if all steps of k do.
  Value valid(Value row, Value column, Value depthLeft);
  Value both(Value a, Value b);

  GpuBuilder &g;
  Value base, origin, inner; ///< `inner`: elements of a row in memory, i64
  SymExpr extentSize, depthSize;
  Element element;
  Value row0, column0; ///< i32: first row and column (elements) of this thread in memory order
  Value active;        ///< i1: the thread has something to copy; null: all do
  Value pointer;       ///< of row0, column0 at step 0
  Value extentLeft;    ///< i32: rows or columns of the tile that exist; null: all
  llvm::SmallVector<Slot> slots; ///< of a batch
  int64_t batches = 1, batchRows = 0;
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONTRACTION_TILEOPERAND_H
