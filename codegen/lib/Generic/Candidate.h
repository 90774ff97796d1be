//===- Candidate.h - What orders the elements of a line ---------*- C++ -*-===//
//
// A candidate of top_k is one integer that orders as its element does, with the
// element's position below it: equal elements keep their order, and a comparison
// is one instruction.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_GENERIC_CANDIDATE_H
#define MLOPT_LIB_GENERIC_CANDIDATE_H

#include "ElementAt.h"

namespace mlopt {

/// Bits of a candidate of a line of `size` elements: the element above, its position
/// below. Positions take 32 bits unless the line is known to be longer.
unsigned candidateBits(TopKOp op, SymExpr size);

/// Candidate, of `type`, of an element in compute type: unsigned, those that come
/// first are smaller.
mlir::Value candidateOf(KernelBuilder &k, ScalarMath &m, TopKOp op, mlir::IntegerType type, mlir::Value element,
                        mlir::Value position);

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_CANDIDATE_H
