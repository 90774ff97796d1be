//===- AttentionPlan.h - Blocks of an attention -----------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPLAN_H
#define MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPLAN_H

#include "mlopt/Codegen/GpuLaunch.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/KernelEmitter.h"

namespace mlopt {

/// A block works on `queryTile` queries of one head; each of its warps owns 16 of
/// them. Keys and values come in tiles of `keyTile`, two of them in shared memory:
/// one is read while the other arrives. Rows of tiles are a 16-byte piece longer
/// than their elements, so that the 8 rows of a matrix lie in different banks.
struct AttentionPlan {
  SymExpr batch, heads, keyHeads, queries, keys;
  int64_t depth = 0, valueDepth = 0; ///< elements of a row of queries and keys, and of values
  mlir::Type element;                ///< of queries, keys and values
  int64_t elementBytes = 0;
  bool tensorCores = false;          ///< f16 and bf16; else FFMA

  int64_t warps = 4;
  int64_t keyTile = 64;
  bool heldQueries = false; ///< fragments of the queries stay in registers (tensor cores)

  int64_t queryTile() const { return warps * 16; }
  int64_t threads() const { return warps * 32; }
  /// Elements of a padded row.
  int64_t paddedDepth() const;
  int64_t paddedValueDepth() const;
  /// Bytes from a row of a tile to the next.
  int64_t keyRowBytes() const { return paddedDepth() * elementBytes + 16; }
  int64_t valueRowBytes() const { return paddedValueDepth() * elementBytes + 16; }
  /// Places in shared memory, in bytes.
  int64_t keyPlace(int64_t stage) const { return queryTile() * keyRowBytes() + stage * keyTile * keyRowBytes(); }
  int64_t valuePlace(int64_t stage) const { return keyPlace(2) + stage * keyTile * valueRowBytes(); }
  int64_t sharedBytes() const { return valuePlace(2); }
  /// Registers that a thread needs, about; blocks that a multiprocessor then holds.
  int64_t registers() const;
  int64_t blocksPerProcessor(const GpuDescription &gpu) const;
  /// Bytes that one asynchronous copy may move of a row of `elements`; 0: rows are not aligned to 4.
  int64_t copyBytes(int64_t elements) const;

  GpuLaunch launch;
};

/// The plan of a kernel whose hero is an attention, or none with `reason`.
std::optional<AttentionPlan> planAttention(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                           std::string &reason);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPLAN_H
