//===- Random.h - Counter-based random numbers as compositions --*- C++ -*-===//
//
// Philox2x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011. A number depends on (seed, step,
// stream, element) only: never on the order or the threads that compute it.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_COMPOSE_RANDOM_H
#define MLOPT_IR_COMPOSE_RANDOM_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::compose {

/// A ui64 scalar for (seed, step), both i64 scalars: mix(mix(seed) + step * 2^64/phi) with the mix
/// of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014), one to one in the step.
mlir::Value randomKey(ComposeBuilder &b, mlir::Value seed, mlir::Value step);
/// ui64 [count], each in [0, 2^32): the second word of Philox2x32-10 for the counter
/// (element, high word of key + stream) and the low word of key. `stream` tells uses of one key
/// apart.
mlir::Value randomBits(ComposeBuilder &b, mlir::Value key, uint32_t stream, SymExpr count);
/// x with each element replaced by 0 with probability `ratio`, the others times 1 / (1 - ratio).
mlir::Value dropout(ComposeBuilder &b, mlir::Value x, double ratio, mlir::Value key,
                    uint32_t stream);
/// f32 in [-bound, bound), 24 random bits each.
mlir::Value uniform(ComposeBuilder &b, llvm::ArrayRef<SymExpr> shape, double bound, mlir::Value key,
                    uint32_t stream);

} // namespace mlopt::compose

#endif // MLOPT_IR_COMPOSE_RANDOM_H
