//===- ConvolutionWalk.h - The loops around a convolution's products -*- C++ -*-===//
//
// Rows of the output are shared out among threads and cut into tiles (output
// columns x vectors of output channels), whose sums live in SSA values over the
// loops on input channels and kernel; the epilogue is applied before the store.
// What one row of the kernel adds to a tile is up to the emitter.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONWALK_H
#define MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONWALK_H

#include "Generic/ElementAt.h"
#include "Generic/ConvolutionShape.h"

namespace mlopt {

class ConvolutionWalk {
public:
  /// Columns x vectors of one tile.
  struct Tile {
    int64_t lanes, vectors, columns;
  };

  /// How the input's blocked (or row-major) channels and the filter's panels lie
  /// in memory, in elements.
  struct Memory {
    int64_t pixel;       ///< between neighbours in a row of the input
    int64_t planes;      ///< blocks of channels in the input
    int64_t blocks;      ///< blocks of channels that one sum goes over
    int64_t panel;       ///< output channels in a panel
    int64_t kernelRow;   ///< one row of the kernel and one block of channels in a panel
    int64_t output;      ///< between output channels in a vector of weights
    int64_t columnsRead; ///< kernel columns, with those behind them that are read as well
  };

  ConvolutionWalk(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module,
                  const ConvolutionShape &shape, Tile tile, Memory memory, bool flat,
                  mlir::Type sum);
  virtual ~ConvolutionWalk() = default;

  mlir::LogicalResult run();

protected:
  /// Which of a tile's columns [first, last) meet the input at a kernel column.
  using Columns = std::function<std::pair<int64_t, int64_t>(int64_t)>;

  /// A tile of the current row. With `width` (input columns) it is one column, and
  /// what meets the input is checked at run time.
  struct Place {
    mlir::Value start; ///< output column
    mlir::Value left;  ///< its first input column, before 0 in the padding
    int64_t columns;
    Columns meets;
    mlir::Value width;
  };

  /// One row of the kernel: elements of the input from ptr + offset on for
  /// column 0, of the filter from `weights` on.
  struct KernelRow {
    mlir::Value ptr, offset, weights;
  };

  /// What the sums of vector `v` begin with.
  virtual mlir::Value initial(int64_t v) = 0;
  /// Adds the products of one kernel row to the sums [column][vector].
  virtual llvm::SmallVector<mlir::Value> addRow(const Place &place, const KernelRow &row,
                                                mlir::ValueRange sums) = 0;
  /// Elements to read in place of a row in the padding; null if such rows add nothing.
  virtual mlir::Value paddingRow() { return {}; }
  /// Input blocks that are added up before their sum is added to the others.
  virtual int64_t blocksTogether() { return memory.blocks; }
  /// A finished sum as the convolution's result.
  virtual mlir::Value total(mlir::Value sum) { return sum; }
  /// Whether the epilogue is repeated for every sum, rather than a loop over them.
  virtual bool unrollsEpilogue(int64_t columns) = 0;
  /// Whether the emitter itself has applied the epilogue to all of a tile's sums.
  virtual bool storeTogether(mlir::Value start, llvm::ArrayRef<mlir::Value> sums) { return false; }
  /// Emitted at the top of the function.
  virtual void prepare() {}

  /// A value of the epilogue (or its result) at an output column, for the vector of channels
  /// from `c` on, where `sum` is the convolution's. Null after a diagnostic.
  mlir::Value elementAt(mlir::Value value, mlir::Value column, mlir::Value c, mlir::Value sum);
  /// Offset in elements of that in the result.
  mlir::Value resultOffset(mlir::Value column, mlir::Value c);
  /// Lanes beyond the last output channel lie in padding.
  void limitLanes(mlir::Value firstChannel);
  /// Operations in the kernel's body.
  size_t bodySize() { return k.kernel.getBody().front().getOperations().size(); }

  KernelBuilder k;
  ElementAt e;
  ScalarMath m;
  ConvolutionShape shape;
  Tile tile;
  Memory memory;
  mlir::Type sum; ///< of the accumulators
  mlir::Value x, w;
  mlir::Value channel; ///< first output channel of the tile
  mlir::LogicalResult result = mlir::success();

private:
  /// Where a kernel's row (or depth) of an output index starts in the input, and
  /// which of its elements [begin, end) meet the input.
  struct Taps {
    mlir::Value start, begin, end;
  };
  Taps tapsOf(const ConvolutionAxis &axis, mlir::Value output);
  void row();
  void rowOfKnownWidth(int64_t ow, int64_t iw);
  mlir::Value inputOffset(mlir::Value block, mlir::Value id, mlir::Value ih, mlir::Value iw);
  void oneTile(mlir::Value start, int64_t columns, Columns meets, mlir::Value width);
  llvm::SmallVector<mlir::Value> addRows(const Place &place, mlir::Value panel, mlir::Value block,
                                         mlir::Value inputBlock, mlir::Value d,
                                         mlir::ValueRange sums);
  Coords indexAt(mlir::Value column, mlir::Value c);
  void store(mlir::Value start, int64_t columns, llvm::ArrayRef<mlir::Value> sums);

  mlir::Value n, od, oh;
  Taps depthTaps, rowTaps;
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONVOLUTION_CONVOLUTIONWALK_H
