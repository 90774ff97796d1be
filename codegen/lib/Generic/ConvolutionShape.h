//===- ConvolutionShape.h - What a convolution's loops need to know -*- C++ -*-===//
#ifndef MLOPT_LIB_GENERIC_CONVOLUTIONSHAPE_H
#define MLOPT_LIB_GENERIC_CONVOLUTIONSHAPE_H

#include "mlopt/IR/Layout.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// One spatial axis.
struct ConvolutionAxis {
  int64_t kernel = 1, stride = 1, dilation = 1, padBegin = 0, padEnd = 0;
  SymExpr in, out;

  bool isTrivial() const { return kernel == 1 && stride == 1 && !isPadded(); }
  bool isPadded() const { return padBegin || padEnd; }
};

/// Sizes of a convolution, of floats or of integers. The spatial axes are depth,
/// row and column; axes that a lower rank lacks have size, stride and dilation 1
/// and no padding.
struct ConvolutionShape {
  enum { Depth, Row, Column };

  mlir::Value input, filter, result;
  llvm::SmallVector<int64_t> filterSizes; ///< [outputs, inputs of a group, kernel...]
  int64_t groups;
  SymShape in, out;
  std::array<ConvolutionAxis, 3> axes;

  template <typename OpTy> static ConvolutionShape of(OpTy op, ShapeAnalysis &shapes) {
    return ConvolutionShape(op.getInput(), op.getFilter(), op.getResult(), op.getGroups(),
                            op.getStrides(), op.getDilations(), op.getPadsBegin(), op.getPadsEnd(),
                            shapes);
  }
  ConvolutionShape(mlir::Value input, mlir::Value filter, mlir::Value result, int64_t groups,
                   llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> dilations,
                   llvm::ArrayRef<int64_t> padsBegin, llvm::ArrayRef<int64_t> padsEnd,
                   ShapeAnalysis &shapes);

  size_t rank() const { return filterSizes.size(); }
  int64_t outputs() const { return filterSizes[0]; }
  int64_t inputsOfGroup() const { return filterSizes[1]; }
  /// Products of one input channel.
  int64_t taps() const { return axes[Depth].kernel * axes[Row].kernel * axes[Column].kernel; }

  /// A 1x1 kernel with stride 1 and no padding sees the image as one row, if
  /// every other operand of the kernel has all spatial sizes or none.
  bool canFlatten(KernelOp kernel, ShapeAnalysis &shapes) const;
  /// Makes one row of the image.
  void flatten();

  /// Tiles of `channels` output channels that all of them make.
  int64_t channelTiles(int64_t channels) const {
    return llvm::divideCeil(llvm::alignTo(outputs(), channelBlock), channels);
  }
  /// Pieces that threads share: rows of the output, times tiles of channels.
  SymExpr units(int64_t channelTiles) const;
};

/// How a filter connects channels.
enum class ConvolutionForm {
  Blocked,  ///< channels of a group go to channels of a group, in blocks
  Stem,     ///< few input channels
  Depthwise ///< one filter per channel, blocks of 16
};

/// The form of a convolution with `input` [N, C, ...] and `filter` [O, C / groups, ...], if it has
/// one: one to three spatial axes, a static filter, and one group, one for each channel, or groups
/// of whole blocks. Inputs of fewer than `blocked` channels are stems.
std::optional<ConvolutionForm> convolutionFormOf(mlir::Value input, mlir::Value filter,
                                                 int64_t groups, int64_t blocked);

/// Output channels of one panel of the filter, which belong to one group.
int64_t outputBlockOf(mlir::Value filter, int64_t groups);

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_CONVOLUTIONSHAPE_H
