//===- Panels.h - Weights in panels, as columns of tiles --------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_PANELS_H
#define MLOPT_LIB_CPU_CONTRACTION_PANELS_H

#include "MicroKernel.h"

namespace mlopt {

/// Width of a panel of weights, on every level (one weight file serves all).
inline constexpr int64_t panelWidth = 32;

/// Columns from `first` (a multiple of the tile's width) on of the matrix
/// [N / 32][K][32] of `element`s at `base`, with n columns and k = `depth` steps. Tiles
/// narrower than a panel start inside one, wider ones read several; past the
/// last one the last is read again.
RightColumns panelColumns(KernelBuilder &k, const ContractionBlocking &blocking, mlir::Type element,
                          mlir::Value base, SymExpr n, mlir::Value depth, mlir::Value first);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_PANELS_H
