//===- DequantizedPlan.h - Schedule of products with packed weights -*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDPLAN_H
#define MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDPLAN_H

#include "../Contraction/Panels.h"
#include "RowDigits.h"

namespace mlopt {

enum class DequantizedForm {
  Stream, ///< weights become floats in registers
  Panel,  ///< panels of floats in scratch
  Either  ///< by the number of rows at run time
};

/// Rows whose products hide what turning weights into floats costs: above, the
/// tiles of a panel of floats are faster.
inline constexpr int64_t streamRows = 8;

/// A group of eight steps is the smallest piece of the stream.
inline constexpr int64_t groupSteps = 8;

/// What the emitter decides, as parameters of the schedule.
struct DequantizedPlan {
  DequantizedForm form = DequantizedForm::Stream;
  ContractionBlocking blocking; ///< of the panel form
  int64_t accumulators = 8;     ///< registers for sums of blocks
  bool digits = false;          ///< the stream multiplies integers

  /// `rows`: none where they are counted at run time.
  static DequantizedPlan choose(std::optional<int64_t> rows, const DequantizedWeights &w,
                                const TargetDescription &target);
  mlir::DictionaryAttr print(mlir::MLIRContext *context) const;
  static DequantizedPlan parse(mlir::DictionaryAttr params);

  // A thread's scratch, in this order: parked sums, rows of digits, rows widened to f32, a panel of floats.
  int64_t parkBytes() const {
    return std::max({streamRows, blocking.rows, blocking.rowBlock}) * panelWidth * 4;
  }
  int64_t digitBytes(const DequantizedWeights &w) const { return digits ? RowDigits::scratchBytes(w, streamRows) : 0; }
  int64_t wideBytes(const DequantizedWeights &w) const {
    return w.isNarrow() ? llvm::alignTo(std::max(streamRows, blocking.rows) * w.k * 4, 64) : 0;
  }
  int64_t panelBytes(const DequantizedWeights &w) const {
    return form != DequantizedForm::Stream ? (blocking.kc ? blocking.kc : w.k) * panelWidth * 4 : 0;
  }
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_QUANTIZED_DEQUANTIZEDPLAN_H
