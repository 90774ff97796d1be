//===- PoolRows.h - Pooling along rows, then across them --------*- C++ -*-===//
//
// A window over several axes is taken one axis at a time: every input row is
// pooled along itself into a row of scratch, as wide as the output, and output
// rows combine those. A row lies in scratch between neutral elements, so that
// windows at its ends need no checks, and lanes run along the output row.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CPU_GENERIC_POOLROWS_H
#define MLOPT_LIB_CPU_GENERIC_POOLROWS_H

#include "Generic/ElementAt.h"

namespace mlopt {

struct PoolRows {
  PoolOp op;
  int64_t lanes;
  int64_t band;      ///< output rows of one piece of work, along the first spatial axis
  SymExpr outPadded; ///< output row in scratch, whole vectors
  SymExpr rowLength; ///< padded input row in scratch
  SymExpr planeRows; ///< pooled rows of one piece of work
  SymExpr units;     ///< samples x channels x bands
  int64_t bytes;     ///< of an element in scratch
};

/// Row-major pooling that is the only hero of its kernel, with elementwise operations after it.
std::optional<PoolRows> planPoolRows(KernelOp kernel, ShapeAnalysis &shapes,
                                     const TargetDescription &target);
/// Bytes of scratch per thread.
SymExpr poolRowsScratch(const PoolRows &plan);
llvm::LogicalResult emitPoolRows(const PoolRows &plan, ElementAt &e);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_POOLROWS_H
