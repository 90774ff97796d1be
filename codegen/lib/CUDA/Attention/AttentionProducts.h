//===- AttentionProducts.h - The two products of an attention ---*- C++ -*-===//
//
// Both ways to compute share one distribution of scores: a warp has 16 queries
// and thread 4 g + t of it rows g and g + 8; in every 8 keys keys 2 t and 2 t + 1.
// A piece of scores is {row g, key 2t}, {g, 2t+1}, {g+8, 2t}, {g+8, 2t+1}, as mma
// m16n8 has it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPRODUCTS_H
#define MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPRODUCTS_H

#include "../GpuBuilder.h"
#include "AttentionPlan.h"

namespace mlopt {

class AttentionProducts {
public:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<Value>;

  AttentionProducts(const AttentionPlan &plan, GpuBuilder &g) : plan(plan), g(g) {}
  virtual ~AttentionProducts() = default;

  /// Called once, when the queries lie in shared memory.
  virtual void loadQueries() {}
  /// Products of the warp's queries with the keys of the tile at `keys` (bytes, i32): 4 f32 for
  /// every 8 keys.
  virtual Values scores(Value keys) = 0;
  /// `sums` plus probabilities (as `scores` gives them) times the values of the tile at `values`.
  virtual Values weigh(llvm::ArrayRef<Value> probabilities, Value values, llvm::ArrayRef<Value> sums) = 0;

  /// How many f32 of the result a thread has: the same columns of rows g and g + 8.
  virtual int64_t sumCount() const = 0;
  /// Elements side by side in one piece of a row.
  virtual int64_t pieceLanes() const = 0;
  /// Number of pieces of a row that a thread has, and the first column of piece i (i32).
  virtual int64_t pieces() const = 0;
  virtual Value pieceColumn(int64_t i) = 0;
  /// Which of the sums is element `lane` of piece i, in row g (0) or g + 8 (1).
  virtual int64_t sumIndex(int64_t i, int64_t row, int64_t lane) const = 0;

protected:
  Value group() { return g.shiftRight(g.lane(), 2); }  ///< g
  Value inGroup() { return g.bitAnd(g.lane(), 3); }    ///< t

  const AttentionPlan &plan;
  GpuBuilder &g;
};

std::unique_ptr<AttentionProducts> createTensorCoreProducts(const AttentionPlan &plan, GpuBuilder &g);
std::unique_ptr<AttentionProducts> createFmaProducts(const AttentionPlan &plan, GpuBuilder &g);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_ATTENTION_ATTENTIONPRODUCTS_H
