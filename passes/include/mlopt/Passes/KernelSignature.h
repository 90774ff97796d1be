//===- KernelSignature.h - Arguments of a kernel's functions ----*- C++ -*-===//
//
// The calling convention of ir.md section 4, in one place for the planner, the
// host program and the emitters.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_KERNELSIGNATURE_H
#define MLOPT_PASSES_KERNELSIGNATURE_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"

namespace mlopt {

/// `dims` of a kernel has one array per operand (empty for `none`, one symbol
/// for an `index` operand), then one per result. Operand entries are integers
/// or plain local symbols, result entries may be expressions in them.
///
/// Function arguments in order:
///   pointers:  one `ptr` per tensor operand of the kernel, then one per result;
///   i64:       the kernel's symbols in order of first appearance in `dims`
///              (the values of `index` operands are among them);
///   i64:       one outer stride (bytes) per entry of the schedule's `outer_stride`;
///   ptr:       scratch: shared bytes first (rounded up to 64), then threads *
///              per-thread bytes (rounded up to 64); null if both are 0;
///   i64, i64:  thread, threads;
///   ptr, i64:  error slot and the number of the launch (ir.md section 4);
///   i64:       the step, where the schedule repeats phases.
/// Function names: the kernel's name, or name.0, name.1, ... with several phases.
struct KernelSignature {
  explicit KernelSignature(KernelOp kernel);

  unsigned numTensorOperands = 0; ///< operands of tensor type (`none` and index have no pointer)
  unsigned numResults = 0;
  llvm::SmallVector<std::string> symbols;
  unsigned numOuterStrides = 0;
  int64_t phases = 1;
  /// How often the phases from `repeatFrom` on run, in the kernel's symbols; null: once.
  SymExprAttr repeat;
  int64_t repeatFrom = 0;

  unsigned getPointerArg(unsigned tensorOperand) const { return tensorOperand; }
  unsigned getResultArg(unsigned result) const { return numTensorOperands + result; }
  unsigned getSymbolArg(unsigned i) const { return numTensorOperands + numResults + i; }
  unsigned getOuterStrideArg(unsigned i) const { return getSymbolArg(symbols.size()) + i; }
  unsigned getScratchArg() const { return getOuterStrideArg(numOuterStrides); }
  unsigned getThreadArg() const { return getScratchArg() + 1; }
  unsigned getThreadsArg() const { return getScratchArg() + 2; }
  unsigned getErrorArg() const { return getScratchArg() + 3; }
  unsigned getLaunchArg() const { return getScratchArg() + 4; }
  unsigned getStepArg() const { return getScratchArg() + 5; } ///< only with `repeat`
  unsigned getNumArgs() const { return getScratchArg() + (repeat ? 6 : 5); }

  /// Where symbol i is read at a launch: operand number and its dimension, or
  /// dimension -1 for an `index` operand.
  struct SymbolOrigin {
    unsigned operand;
    int64_t axis;
  };
  llvm::SmallVector<SymbolOrigin> origins;
  /// Tensor operands' numbers among all operands, in pointer order.
  llvm::SmallVector<unsigned> tensorOperands;
  /// Pointer number of kernel operand i, or -1 for `none` and `index`.
  llvm::SmallVector<int> pointerOf;

  /// Name of the function of a phase.
  static std::string getFunctionName(KernelOp kernel, int64_t phase);
};

/// Layout of a kernel's operand `i`, or of its result `i - number of operands`; null: row-major.
LayoutAttr layoutAt(KernelOp kernel, unsigned i);

} // namespace mlopt

#endif // MLOPT_PASSES_KERNELSIGNATURE_H
