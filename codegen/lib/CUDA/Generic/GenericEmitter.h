//===- GenericEmitter.h - The GPU route that takes every kernel -*- C++ -*-===//
//
// Kernels that no other emitter takes: one thread per element of the result, or a
// warp per row, or what the hero's order of work asks for. Elements come from
// ElementAt, one at a time; the grid grows with the sizes.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_GENERIC_GENERICEMITTER_H
#define MLOPT_LIB_CUDA_GENERIC_GENERICEMITTER_H

#include "../GpuBuilder.h"
#include "Generic/ElementAt.h"

namespace mlopt {

std::unique_ptr<KernelEmitter> createCudaGenericEmitter();

namespace cuda {

/// Threads of a block of the generic route.
inline constexpr int64_t kBlock = 256;

/// One phase: `units` pieces of work, each for one thread or one warp.
struct GenericPhase {
  SymExpr units;
  bool isWarp = false;
  GpuLaunch launch() const;
};

/// How a kernel is worked on. Scratch is shared by all threads.
struct GenericPlan {
  llvm::StringRef walk, form;
  llvm::SmallVector<GenericPhase> phases;
  SymExpr scratch; ///< bytes
  SymExpr repeat;  ///< how often the phases from `repeatFrom` on run; null: once
  int64_t repeatFrom = 0;
};

/// Runs `body` with the number of this thread's (or warp's) unit, if there is one.
void forUnit(ElementAt &e, const GenericPhase &phase, llvm::function_ref<void(mlir::Value)> body);

inline Coords coordsOf(llvm::ArrayRef<mlir::Value> index) {
  Coords c;
  for (mlir::Value v : index)
    c.push_back({v, 0});
  return c;
}

/// Stores every result of the kernel at an index of it. Failure after a diagnostic.
llvm::LogicalResult storeResults(ElementAt &e, llvm::ArrayRef<mlir::Value> index);

/// A result element for each thread; padding of a layout included, which is written with zeros.
GenericPlan planElements(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitElements(ElementAt &e, const GenericPlan &plan);

/// A row (softmax, norms, reductions along the last axes) for each warp.
bool walksRows(KernelOp kernel);
GenericPlan planRows(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitRows(ElementAt &e, GpuBuilder &g, const GenericPlan &plan);

/// Running sums and the first k of lines.
GenericPlan planLines(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitLines(ElementAt &e, const GenericPlan &plan, int64_t phase);

/// scatter_elements and scatter_nd: updates meet in their order.
GenericPlan planScatter(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitScatter(ElementAt &e, const GenericPlan &plan, int64_t phase);

/// LSTM, GRU and RNN layers: phases that run once per time step.
GenericPlan planRecurrent(KernelOp kernel, ShapeAnalysis &shapes);
llvm::LogicalResult emitRecurrent(ElementAt &e, GpuBuilder &g, const GenericPlan &plan, int64_t phase);

} // namespace cuda
} // namespace mlopt

#endif // MLOPT_LIB_CUDA_GENERIC_GENERICEMITTER_H
