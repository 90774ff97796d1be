//===- IntegerConvolutionBody.h - Products of bytes in a convolution -*- C++ -*-===//
//
// Padding counts as the input's zero point. Where that is not known to be 0, rows
// of the padding are read from a row of zero points in scratch, and columns of it
// are multiplied as a constant vector.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONBODY_H
#define MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONBODY_H

#include "../Convolution/ConvolutionWalk.h"
#include "ByteDot.h"

namespace mlopt {

/// What schedule and emission of one convolution agree on.
struct IntegerConvolution {
  /// How depthwise products are formed.
  enum class Depthwise {
    No,
    Windows, ///< four neighbours of a row at once, by `vpermb` and `vpdpbusd`
    Floats,  ///< in f32, exact as long as all sums stay below 2^24
    Words,   ///< in i32
  };

  /// None where the emitter does not take `op`.
  static std::optional<IntegerConvolution> of(IntegerConvOp op, const TargetDescription &target);

  ConvolutionForm form;
  Depthwise depthwise = Depthwise::No;
  ConvolutionWalk::Tile tile;
  ConvolutionWalk::Memory memory;
  LayoutAttr inputLayout, filterLayout, resultLayout;
  mlir::Value zero;         ///< of the input; null where padding is known to add nothing
  int64_t parkBytes;        ///< of scratch for sums
  int64_t paddingBytes = 0; ///< of scratch for a row of zero points

  /// Name of the form in the schedule.
  llvm::StringRef name() const;
};

/// Whether a zero point is none or the constant 0.
bool isKnownZeroPoint(mlir::Value zero);

/// What all forms share.
class IntegerConvolutionBody : public ConvolutionWalk {
public:
  IntegerConvolutionBody(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module,
                         const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat,
                         mlir::Type sum);

protected:
  void prepare() override;
  mlir::Value initial(int64_t v) override;
  mlir::Value paddingRow() override { return padding; }
  bool unrollsEpilogue(int64_t columns) override;
  /// Bytes of four columns, one store (IntegerConvolutionStore.cpp).
  bool storeTogether(mlir::Value start, llvm::ArrayRef<mlir::Value> sums) override;

  /// Whether kernel column `j` of output column `c` meets the input, as far as is known here.
  static bool meets(const Place &place, int64_t c, int64_t j) {
    auto [first, last] = place.meets(j);
    return first <= c && c < last;
  }
  /// Calls `add` with the elements of kernel column `j` (ptr and offset) for column 0 of the place;
  /// where that lies in padding, with elements of it, or not at all if they add nothing.
  llvm::SmallVector<mlir::Value> atColumn(
      const Place &place, const KernelRow &row, int64_t j, mlir::ValueRange sums,
      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::Value, mlir::ValueRange)>
          add);

  IntegerConvolution plan;
  mlir::Type byte;
  mlir::Value zeroPoint; ///< i8; null where padding adds nothing or there is none
  mlir::Value padding;   ///< a row of zero points; null likewise
};

/// Channels in blocks: four input channels in one product.
std::unique_ptr<ConvolutionWalk>
createBlockedBytes(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module,
                   const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat);
/// Depthwise (IntegerDepthwise.cpp).
std::unique_ptr<ConvolutionWalk>
createDepthwiseBytes(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module,
                     const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_INTEGERCONVOLUTIONBODY_H
