//===- KernelEmitter.h - What a backend implements --------------*- C++ -*-===//
//
// Declared here, implemented in codegen, handed in by tools (ir.md section 3).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_KERNELEMITTER_H
#define MLOPT_PASSES_KERNELEMITTER_H

#include "mlopt/IR/Layout.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Passes/TargetDescription.h"
#include <memory>

namespace mlopt {

/// Layouts that an emitter wants for a hero before kernels are formed. Null
/// entries: row-major. Asked for each hero by layout choice in `fuse`.
struct LayoutWish {
  llvm::SmallVector<LayoutAttr> operands; ///< one per operand of the hero
  LayoutAttr result;                      ///< of the first result
};

class KernelEmitter {
public:
  virtual ~KernelEmitter() = default;
  virtual llvm::StringRef name() const = 0;

  /// Layouts this emitter wants for `hero` (an operation of the graph, with
  /// operand `i` a parameter where `isParameter(i)`), or none if it would not
  /// take the hero or needs row-major everywhere.
  virtual std::optional<LayoutWish> wishLayouts(mlir::Operation *hero,
                                                llvm::function_ref<bool(unsigned)> isParameter,
                                                const TargetDescription &target) const {
    return std::nullopt;
  }
  /// Whether this emitter's kernels may read operand `operand` of `op` (an
  /// operation of the graph) in `layout`. Asked about constants that are stored
  /// in that layout for another operation, so that they are stored once.
  virtual bool readsLayout(mlir::Operation *op, unsigned operand, LayoutAttr layout) const { return false; }
  /// Whether the emitter takes the kernel; otherwise `reason` says why not.
  virtual bool accept(KernelOp kernel, const TargetDescription &target, std::string &reason) const = 0;
  /// The schedule of an accepted kernel.
  virtual llvm::FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const = 0;
  /// Emits the functions of the kernel (see KernelSignature.h for their type)
  /// into `module`, in LLVM, scf, arith, math-free vector operations. Decides nothing.
  virtual llvm::LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                                   mlir::ModuleOp module) const = 0;
};

/// A backend: emitters in order of preference, the generic one last.
using EmitterList = std::vector<std::unique_ptr<KernelEmitter>>;

/// Picks the first emitter that accepts the kernel and sets its schedule;
/// refusals become remarks. Failure after a diagnostic if none takes it.
llvm::LogicalResult scheduleKernel(KernelOp kernel, const EmitterList &emitters,
                                   const TargetDescription &target);

} // namespace mlopt

#endif // MLOPT_PASSES_KERNELEMITTER_H
