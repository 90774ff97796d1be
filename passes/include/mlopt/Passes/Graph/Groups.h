//===- Groups.h - Grouped convolutions in whole blocks ----------*- C++ -*-===//
#ifndef MLOPT_PASSES_GRAPH_GROUPS_H
#define MLOPT_PASSES_GRAPH_GROUPS_H

#include "mlopt/IR/Mlopt.h"

namespace mlopt {

/// The number of groups of a convolution with a filter [M, C / groups, kernel...] of known sizes to
/// take together so that channels come in whole blocks; 1 where they do already or where it would
/// not pay.
int64_t groupsTogether(int64_t groups, llvm::ArrayRef<int64_t> filter);

/// Whether the convolution is one that emitters take in blocks of channels, now or once its groups
/// are joined.
bool fitsBlocks(int64_t groups, llvm::ArrayRef<int64_t> filter);

} // namespace mlopt

#endif // MLOPT_PASSES_GRAPH_GROUPS_H
