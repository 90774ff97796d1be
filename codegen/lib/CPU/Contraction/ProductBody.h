//===- ProductBody.h - What kernels of matrix products share ----*- C++ -*-===//
//
// The walk over units of work, tiles of rows and blocks of k, and the way from
// the accumulators to the results, for products of floats and of bytes.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_PRODUCTBODY_H
#define MLOPT_LIB_CPU_CONTRACTION_PRODUCTBODY_H

#include "Epilogue.h"
#include "MicroKernel.h"

namespace mlopt {

inline mlir::Type elementOf(mlir::Value tensor) {
  return mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementType();
}

/// Result and factors of a matrix product, whatever the operation.
struct ProductValues {
  mlir::Value result, lhs, rhs;
  bool transposeA = false, transposeB = false;
};

/// Sizes of a product. Where all batch items share B, their rows are rows of
/// one product.
struct ProductSizes {
  SymShape batch, rowDims; ///< of the result, outermost first; its columns are n
  SymExpr items, m, n, k;  ///< k: steps, groups of `stepElements` elements
  SymExpr depth;           ///< elements along k
  bool merged;

  ProductSizes(const ProductValues &values, ShapeAnalysis &shapes, int64_t stepElements = 1);
};

/// Emits a kernel: units of work are groups of columns (of one batch item, of some rows where
/// there are few columns).
class ProductBody {
public:
  /// `sum`: type of the accumulators; `stepElements`: elements along k that a product takes at
  /// once.
  ProductBody(KernelOp kernel, const ProductValues &values, const TargetDescription &target,
              mlir::ModuleOp module, mlir::Type sum, int64_t stepElements);
  virtual ~ProductBody() = default;

  llvm::LogicalResult run();

  /// Bytes at the begin of a thread's scratch, for parked accumulators.
  static int64_t parkBytes(const ContractionBlocking &b, int64_t sumBytes);

protected:
  virtual MicroKernel &micro() = 0;
  /// Columns of a unit, a multiple of a tile's.
  virtual int64_t unitWidth() const = 0;
  /// Columns of the tile that begins at column `first`.
  virtual RightColumns rightColumns(mlir::Value first) = 0;
  /// A of the current batch item.
  virtual LeftMatrix leftMatrix() = 0;
  /// Prepares all steps of the unit that begins at a column.
  virtual void beginUnit(mlir::Value column) {}
  /// Packs steps [begin, begin + steps) of the unit's panel of a run-time B (rounds only).
  virtual void pack(mlir::Value column, mlir::Value begin, mlir::Value steps) {}
  /// Whether rows of A are prepared for each tile, once for all columns of a unit.
  virtual bool preparesRows() const { return false; }
  /// Rows of A from `row` on for a tile of steps [begin, end).
  virtual LeftMatrix tileRows(const LeftMatrix &left, mlir::Value row, int64_t height,
                              mlir::Value begin, mlir::Value end);

  /// Offset of the current batch item in an operand, given the elements of one matrix.
  mlir::Value itemOffset(mlir::Value operand, mlir::Value matrixElements);
  LeftMatrix rowsFrom(const LeftMatrix &left, mlir::Value row);
  /// Rows [from, to) of the tile of columns that begins at `column`, through the epilogue.
  virtual void overRows(const LeftMatrix &left, const RightColumns &right, mlir::Value column,
                        mlir::Value from, mlir::Value to);
  /// What follows the product, on `count` rows of sums parked from element `parked` on.
  void epilogue(mlir::Value firstRow, mlir::Value count, mlir::Value column,
                mlir::Value parked = {});

  KernelBuilder k;
  ElementAt e;
  ProductValues values;
  ProductSizes problem;
  ContractionBlocking blocking;
  mlir::Type element, sum; ///< of A, and of the accumulators
  int64_t sumBytes, width;
  /// `depth`: elements along k, `steps`: steps.
  mlir::Value a, b, rows, columns, depth, steps, park;

private:
  SymExpr partsOfRows();
  llvm::SmallVector<mlir::Value> valuesOf(llvm::ArrayRef<SymExpr> shape);
  llvm::SmallVector<int64_t> heights();
  void parkedTile(const LeftMatrix &tile, const RightColumns &right, mlir::Value row,
                  int64_t height, mlir::Value column);
  llvm::SmallVector<mlir::Value> coordinates(mlir::Value linear, llvm::ArrayRef<mlir::Value> sizes);
  llvm::SmallVector<mlir::Value> nextRow(llvm::ArrayRef<mlir::Value> row,
                                         llvm::ArrayRef<mlir::Value> sizes);

  Epilogue after;
  bool plain = false; ///< nothing follows the product: tiles go straight to the result
  llvm::SmallVector<mlir::Value> item; ///< coordinates of the current batch item
};

/// The schedule of a product: `scratch` bytes for each thread, units of `unitWidth` columns.
ScheduleAttr productSchedule(KernelOp kernel, llvm::StringRef emitter, const ProductSizes &sizes,
                             const ContractionBlocking &blocking, llvm::StringRef form,
                             int64_t unitWidth, SymExpr scratch);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_PRODUCTBODY_H
