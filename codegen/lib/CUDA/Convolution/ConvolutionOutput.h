//===- ConvolutionOutput.h - From sums to the kernel's result ---*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONOUTPUT_H
#define MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONOUTPUT_H

#include "../GpuBuilder.h"
#include "Generic/ElementAt.h"

namespace mlopt {

/// A pixel of the output: sample, depth, row, column (i64).
using OutputPixel = std::array<mlir::Value, 4>;

/// Adds the bias, applies what follows the hero in the kernel, and stores, lanes along channels.
/// Padding channels get zeros. For heroes with channels last, and for single elements of any
/// layout.
class ConvolutionOutput {
public:
  using Value = mlir::Value;

  /// `bias`: of the channels; null or `none` for none.
  ConvolutionOutput(GpuBuilder &g, Value hero, Value bias, int64_t channels);

  /// `lanes` values in compute type of channels from `channel` (i64) on, all of one group or in the
  /// padding.
  void store(const OutputPixel &pixel, Value channel, Value sums, int64_t lanes);
  /// Zero for one channel of the padding.
  void storePadding(const OutputPixel &pixel, Value channel);

  ElementAt e;
  mlir::LogicalResult result = mlir::success();

private:
  Coords indexOf(const OutputPixel &pixel, Value channel, int64_t lanes);
  void storeLanes(llvm::ArrayRef<Coord> index, Value channel, Value sums, int64_t lanes);

  GpuBuilder &g;
  Value hero, bias;
  int64_t channels;
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONOUTPUT_H
