//===- GenericEmitter.h - The route that takes every kernel -----*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_GENERICEMITTER_H
#define MLOPT_LIB_CPU_GENERIC_GENERICEMITTER_H

#include "Generic/ElementAt.h"
#include "Generic/RowSpec.h"

namespace mlopt {

/// How a kernel is walked: the thread's units, each a run along one dimension.
///
/// Elements of one innermost run are cut into chunks, so that a long single row
/// still divides over threads.
inline constexpr int64_t chunkElements = 2048;

/// Lanes of the widest element type that the kernel touches.
int64_t lanesOf(KernelOp kernel, const TargetDescription &target);

/// Elements lower..upper of a run: by vectors, the rest as one vector with a lane
/// limit where the target has masks, else one by one.
/// Lanes may lie `step` elements apart: then each of the `step` runs between them follows the other.
void overRun(ElementAt &e, mlir::Value lower, mlir::Value upper, int64_t width,
             llvm::function_ref<void(Coord, int64_t)> body, int64_t step = 1);
/// Whether every use leads to the yield element by element, without a change of
/// index: all values on the way have `shape`.
bool readInPlace(mlir::Value value, llvm::ArrayRef<SymExpr> shape, ShapeAnalysis &shapes);

/// The pad whose runs are cut where its input begins and ends, so that lanes run
/// along what lies inside; null if the kernel has none.
PadOp paddedRuns(KernelOp kernel, ShapeAnalysis &shapes);

/// How far apart the lanes of a run lie: windows that are folded with a stride are read
/// side by side by image elements a stride apart.
int64_t laneStep(KernelOp kernel, ShapeAnalysis &shapes);

/// Units of a kernel that writes its result element by element (or, for a
/// layout, block by block).
SymExpr mapUnits(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target);
/// Operands and results of it that a thread touches in its own units only.
llvm::SmallVector<int64_t> mapShare(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target);
/// Emits it. Every result has the same shape.
llvm::LogicalResult emitMap(ElementAt &e);

/// Row heroes (RowSpec.h).
SymExpr rowUnits(KernelOp kernel, ShapeAnalysis &shapes);
llvm::SmallVector<int64_t> rowShare(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitRows(ElementAt &e);

/// Heroes whose elements depend on one another: running sums, sorting,
/// scatters, recurrent layers.
bool isOrderedHero(mlir::Operation *hero);
/// How such a kernel is worked on, in a word; empty where its walk says it all.
llvm::StringRef orderedForm(KernelOp kernel, ShapeAnalysis &shapes);
SymExpr orderedUnits(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target);
/// Bytes of scratch per thread.
SymExpr orderedScratch(KernelOp kernel, ShapeAnalysis &shapes);
/// Bytes that all threads share, and functions with a barrier between them.
SymExpr orderedShared(KernelOp kernel, ShapeAnalysis &shapes);
int64_t orderedPhases(KernelOp kernel);
llvm::LogicalResult emitOrdered(ElementAt &e, int64_t phase);

std::unique_ptr<KernelEmitter> createGenericEmitter();

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_GENERICEMITTER_H
