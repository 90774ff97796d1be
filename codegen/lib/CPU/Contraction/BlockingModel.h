//===- BlockingModel.h - Tile sizes of matrix products ----------*- C++ -*-===//
//
// The one place that chooses tiles and blocks of matrix products, from
// sizes and a target description.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_BLOCKINGMODEL_H
#define MLOPT_LIB_CPU_CONTRACTION_BLOCKINGMODEL_H

#include "mlopt/Passes/TargetDescription.h"
#include "mlir/IR/BuiltinAttributes.h"
#include <optional>

namespace mlopt {

/// C[m, n] = A[m, k] B[k, n]; none: known at run time only. Of bytes, which are multiplied in groups of
/// four, an element (a step of k) is a group.
struct ContractionSizes {
  std::optional<int64_t> m, n, k;
  /// B is a weight in panels of this width, or 0.
  int64_t panelWidth = 0;
  /// Bytes of an accumulator, and of an element of B in memory.
  int64_t sumBytes = 4, rightBytes = 4;
  /// Vector registers of a weight vector, of a broadcast of A, and of values between the two and the
  /// accumulator; none: a place for a product that is not fused.
  int64_t rightRegisters = 1, leftRegisters = 1;
  std::optional<int64_t> productRegisters = std::nullopt;
};

struct ContractionBlocking {
  int64_t lanes = 0;   ///< of a vector
  int64_t rows = 0;    ///< of a tile of accumulators
  int64_t vectors = 0; ///< of a tile: its columns / lanes
  int64_t unroll = 1;  ///< steps of k in one round of the innermost loop
  /// Steps of k between two trips of the accumulators through memory; 0: all of k.
  int64_t kc = 0;
  /// Rows that share such a trip (with kc only).
  int64_t rowBlock = 0;
  /// A run-time B is packed kc steps at a time, for all rows of a unit (rowBlock).
  bool rounds = false;
  /// Rows of a unit of work; 0: all rows, units are groups of columns.
  int64_t unitRows = 0;
  /// How far ahead the weights are prefetched; 0: not.
  int64_t prefetchBytes = 0;

  int64_t width() const { return lanes * vectors; }

  /// As parameters of a schedule, and back.
  void print(mlir::MLIRContext *context, llvm::SmallVectorImpl<mlir::NamedAttribute> &attrs) const;
  static ContractionBlocking parse(mlir::DictionaryAttr params);
};

ContractionBlocking chooseBlocking(const ContractionSizes &sizes, const TargetDescription &target);

/// Tiles of a product of few rows (none: unknown) that is repeated: `vectors` weight vectors
/// of a unit are cut into tiles of equal width.
/// For a product that packs a run-time B: in rounds where k is long or not known, as in the gradient by
/// a filter (k counts all pixels of a batch), and by rows too where there are few columns.
void choosePackedBlocking(ContractionBlocking &blocking, const ContractionSizes &sizes, const TargetDescription &target);

ContractionBlocking chooseStepBlocking(int64_t vectors, std::optional<int64_t> rows,
                                       const TargetDescription &target);

/// Heights of the tiles that `rows` rows are cut into: as few tiles as
/// possible, no two differing by more than 1.
llvm::SmallVector<int64_t> tileHeights(int64_t rows, int64_t maxHeight);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_BLOCKINGMODEL_H
