//===- Fusion.h - The `fuse` phase ------------------------------*- C++ -*-===//
#ifndef MLOPT_PASSES_FUSION_FUSION_H
#define MLOPT_PASSES_FUSION_FUSION_H

#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/KernelEmitter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringMap.h"

namespace mlopt {

/// What an operation is for fusion.
enum class OpRole {
  Host,      ///< sizes and their arithmetic, `none`: stays in the function
  Constant,  ///< constants and parameters
  View,      ///< the same bytes under another type
  Pointwise, ///< computed element by element where it is needed
  Hero       ///< decides how its kernel is generated
};
OpRole classify(mlir::Operation *op);
/// Hero of a kernel whose deciding operation is `op`.
Hero heroOf(mlir::Operation *op);

/// Whether elementwise operations may follow a hero in its kernel: it has one result, whose elements
/// are written once.
bool takesEpilogue(mlir::Operation *hero);

/// A kernel to be: its operations in program order, `hero` among them.
struct KernelGroup {
  mlir::Operation *hero = nullptr;
  llvm::SmallVector<mlir::Operation *> ops;
};

/// Partitions the function's operations into kernels. Refusals become remarks.
/// `fuse` false: every operation its own kernel (-O0).
std::vector<KernelGroup> formKernels(mlir::func::FuncOp function, ShapeAnalysis &shapes, bool fuse);

/// Makes parts that are padded at their end two parts, in concatenations of rank 1.
void splitFlatPads(mlir::func::FuncOp function);

/// Gives each operation that can dequantize its operand itself a `dequantize` of its own, so that tensors
/// stay integers in memory.
void repeatDequantize(mlir::func::FuncOp function);

/// The kernels of a module so far: by their text, and how many carry a name.
struct KernelTable {
  llvm::StringMap<KernelOp> byText;
  llvm::StringMap<unsigned> counts;
};

/// Moves each group into a `mlopt.kernel` (equal kernels are one, also those of other functions in
/// `table`) and leaves a `mlopt.launch` in its place.
void outlineKernels(mlir::func::FuncOp function, ShapeAnalysis &shapes,
                    llvm::ArrayRef<KernelGroup> groups, KernelTable &table);

/// Pass `mlopt-choose-layouts`: inserts `mlopt.relayout` as the emitters wish.
std::unique_ptr<mlir::Pass> createChooseLayoutsPass(const EmitterList &emitters, const TargetDescription &target);
/// Pass `mlopt-form-kernels`: formKernels and outlineKernels on every function.
std::unique_ptr<mlir::Pass> createFormKernelsPass(bool fuse = true);
/// Pass `mlopt-check-finite`: ends a run at the first element that a kernel computes and that is
/// infinite or no number (`mlopt.check_finite`). Between forming and scheduling kernels.
std::unique_ptr<mlir::Pass> createCheckFinitePass();
/// Pass `mlopt-schedule-kernels`: an emitter and a schedule for each kernel.
std::unique_ptr<mlir::Pass> createScheduleKernelsPass(const EmitterList &emitters, const TargetDescription &target);

} // namespace mlopt

#endif // MLOPT_PASSES_FUSION_FUSION_H
