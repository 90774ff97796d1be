//===- SplitReduce.h - Sums of many elements in parts -----------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_SPLITREDUCE_H
#define MLOPT_LIB_CPU_GENERIC_SPLITREDUCE_H

#include "Generic/ElementAt.h"

namespace mlopt {

/// A sum (or mean) with so many elements, or so few results, that its elements are
/// divided among the threads. Parts depend on sizes only: a first phase adds up each
/// part into shared scratch [parts][results], a second one adds up the parts.
struct SplitReduce {
  ReduceOp op;
  llvm::SmallVector<int64_t> kept, reduced; ///< dimensions of the input
  int64_t laneDim = -1;                     ///< the kept dimension under the lanes; -1: along the last, reduced one
  int64_t chunk = 1;                        ///< elements of the first reduced dimension in a part
  SymExpr parts, results;
  int64_t width = 1;
};

/// How the kernel is split; none if it is no such sum.
std::optional<SplitReduce> planSplitReduce(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target);
/// Pieces of the first phase that threads share out.
SymExpr splitReduceUnits(const SplitReduce &split, ShapeAnalysis &shapes);
/// Bytes that the threads share.
SymExpr splitReduceShared(const SplitReduce &split);
llvm::LogicalResult emitSplitReduce(const SplitReduce &split, ElementAt &e, int64_t phase);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_SPLITREDUCE_H
