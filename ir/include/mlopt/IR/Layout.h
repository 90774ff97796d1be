//===- Layout.h - The table of memory layouts -------------------*- C++ -*-===//
//
// Every layout that a kernel may use is made here by name (ir.md section 2).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_LAYOUT_H
#define MLOPT_IR_LAYOUT_H

#include "mlopt/IR/Mlopt.h"

namespace mlopt {

/// Channels in one block of a blocked layout: two AVX vectors of f32, one of AVX-512.
constexpr int64_t channelBlock = 16;

/// Activations [N, C, spatial...] with `block` channels innermost:
/// [N][C/block][spatial...][block].
LayoutAttr getChannelBlockedLayout(mlir::MLIRContext *context, unsigned rank, int64_t block);
/// The same with all `channels` (a constant) in one block, rounded up to whole runs of 8:
/// [N][spatial...][C], what GPUs compute convolutions in.
LayoutAttr getChannelsLastLayout(mlir::MLIRContext *context, unsigned rank, int64_t channels);
/// Matrix [..., K, N] (or [..., N, K] where `transposed`) of the given rank as panels
/// [...][N/width][K][width].
LayoutAttr getPanelLayout(mlir::MLIRContext *context, unsigned rank, int64_t width, bool transposed);
/// The same for products of bytes, four steps of k side by side: [...][N/width][K/4][width][4].
LayoutAttr getBytePanelLayout(mlir::MLIRContext *context, unsigned rank, int64_t width, bool transposed);
/// Matrix [K, N] (or [N, K] where `transposed`) of 4-bit weights as panels
/// [N/width][K/8][width][8], two elements in a byte: a word of 32 bits holds 8
/// steps of a column, the first in its low bits.
LayoutAttr getNibblePanelLayout(mlir::MLIRContext *context, int64_t width, bool transposed);
/// Filter [O, I, kernel...] as [O/ob][I/ib][kernel...][ib][ob]; ib = 1 leaves
/// the input channels unblocked ([O/ob][I][kernel...][ob]).
LayoutAttr getFilterLayout(mlir::MLIRContext *context, unsigned rank, int64_t outputBlock, int64_t inputBlock);
/// Depthwise filter [C, 1, kernel...] as [C/block][kernel...][block].
LayoutAttr getDepthwiseFilterLayout(mlir::MLIRContext *context, unsigned rank, int64_t block);
/// Filter [O, I, kernel...] as rows of one output channel, [O][kernel...][I], with `inputs` rounded
/// up to whole runs of 8.
LayoutAttr getFilterRowsLayout(mlir::MLIRContext *context, unsigned rank, int64_t inputs);
/// Filter [O, I, kernel...] of bytes as [O/ob][I/ib][kernel...][ib/4][ob][4]; 4 divides `ib`.
LayoutAttr getByteFilterLayout(mlir::MLIRContext *context, unsigned rank, int64_t outputBlock, int64_t inputBlock);
/// Depthwise filter [C, 1, kernel..., W] of bytes as [C/block][kernel...][W/4][block][4].
LayoutAttr getByteDepthwiseFilterLayout(mlir::MLIRContext *context, unsigned rank, int64_t block);
/// Recurrent weights [D, gates * hidden, K] as [D][hidden/block][K][gates][block]; `block`
/// divides `hidden`. One step reads a group of units, all gates of them, in one stream.
LayoutAttr getRecurrentLayout(mlir::MLIRContext *context, int64_t hidden, int64_t block);

/// One physical dimension.
struct PhysicalDim {
  int64_t dim, divisor, modulus;
};
llvm::SmallVector<PhysicalDim> getPhysicalDims(LayoutAttr layout);
/// Physical sizes for logical ones (row-major where layout is null).
SymShape getPhysicalShape(LayoutAttr layout, llvm::ArrayRef<SymExpr> shape);
/// Number of elements in memory, padding included.
SymExpr getPhysicalElements(mlir::MLIRContext *context, LayoutAttr layout, llvm::ArrayRef<SymExpr> shape);
/// Bytes of an element in memory (bool and integers below 8 bits: 1).
int64_t getElementBytes(mlir::Type element);
/// Bytes of a tensor of `element`s in memory, padding included.
SymExpr getPhysicalBytes(mlir::MLIRContext *context, LayoutAttr layout, llvm::ArrayRef<SymExpr> shape,
                         mlir::Type element);
/// Copies row-major elements into the layout, padding zeroed. `destination`
/// holds the physical elements, two of them in a byte where the layout says so.
void packElements(LayoutAttr layout, llvm::ArrayRef<int64_t> shape, int64_t elementBytes,
                  const char *source, char *destination);

} // namespace mlopt

#endif // MLOPT_IR_LAYOUT_H
