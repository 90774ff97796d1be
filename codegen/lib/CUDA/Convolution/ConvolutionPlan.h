//===- ConvolutionPlan.h - How a GPU computes a convolution -----*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONPLAN_H
#define MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONPLAN_H

#include "../Contraction/TileProduct.h"
#include "Generic/ConvolutionShape.h"

namespace mlopt {

enum class GpuConvolutionForm {
  Staged,   ///< product of matrices; pieces of 8 channels go to shared memory by themselves
  Gathered, ///< product of matrices; elements go there through registers, one by one
  Depthwise ///< one filter per channel
};

/// The form of a convolution whose filter may or may not be packed when compiling, if it has one:
/// f32, f16 or bf16, one to three spatial axes and static sizes of the filter.
std::optional<GpuConvolutionForm> gpuConvolutionForm(ConvOp op, bool packable);

/// Layouts for a form. Depthwise and staged filters are packed.
LayoutWish gpuConvolutionLayouts(ConvOp op, GpuConvolutionForm form);

struct ConvolutionPlan {
  /// Plans an accepted kernel; one that has a schedule keeps what that says.
  ConvolutionPlan(KernelOp kernel, const TargetDescription &target, ShapeAnalysis &shapes,
                  bool isScheduled = false);

  mutable ConvOp op; ///< a handle: its accessors are not const
  ConvolutionShape shape;
  GpuConvolutionForm form = GpuConvolutionForm::Staged;
  mlir::Type element;
  bool channelsLast = true; ///< layout of the input; else row-major

  int64_t groupInputs = 0, groupOutputs = 0;
  int64_t inputStride =
      0; ///< elements from one pixel of the input to the next, if channels are last
  int64_t outputStride = 0; ///< the same of the output
  SymExpr pixels;           ///< of the output

  // Products of matrices.
  int64_t depth = 0;    ///< elements of k
  int64_t tapDepth = 0; ///< of one tap, if staged
  ContractionTile tile;
  /// Of both factors: rows along k, taps or channels of the input.
  OperandSpec leftSpec() const { return spec(tile.m); }
  OperandSpec rightSpec() const { return spec(tile.n); }
  int64_t pieces() const {
    return tile.k * tile.elementBytes() / 16;
  } ///< of 16 bytes in a staged row
  int64_t pieceElements() const { return 16 / tile.elementBytes(); }
  int64_t leftBytes() const { return leftSpec().bytes(); }
  /// Steps of k, and tiles along the columns of a group's product.
  int64_t steps() const { return llvm::divideCeil(depth, tile.k); }
  int64_t columnTiles() const { return llvm::divideCeil(columnsOf(true), tile.n); }
  /// Gathered: bytes of what is kept of a tap; whether its place along each axis is a bit of a
  /// word.
  int64_t tapBytes() const { return tapsAreBits() ? 16 : 32; }
  bool tapsAreBits() const;
  /// Columns of a group's product: its channels, and those of the padding behind the last.
  int64_t columnsOf(bool last) const {
    return groupOutputs + (last ? outputStride - shape.outputs() : 0);
  }
  /// Whether vectors of four channels stay within a group.
  bool wholeVectors() const { return shape.groups == 1 || groupOutputs % 4 == 0; }

  // Depthwise.
  int64_t lanes = 4;   ///< channels of a thread
  int64_t columns = 4; ///< output columns of a thread

  /// Launches of all phases.
  llvm::SmallVector<GpuLaunch> launches() const;
  /// Bytes of f32 partial sums: [splits][pixels][outputStride].
  SymExpr scratchBytes() const;

private:
  OperandSpec spec(int64_t extent) const;
  void chooseTile(const TargetDescription &target);
  int64_t registers() const;
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_CONVOLUTION_CONVOLUTIONPLAN_H
