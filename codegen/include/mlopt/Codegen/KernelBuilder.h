//===- KernelBuilder.h - Functions, loops and memory of a kernel *- C++ -*-===//
//
// What every emitter shares: the function with its arguments, size arithmetic,
// the thread's share, loops, loads and stores. Values of sizes and indices are
// i64 throughout; memory is reached through `llvm.ptr`.
//
// With `target.gpu` the function is a GPU kernel (`nvvm.kernel`) whose schedule
// states its launches (GpuLaunch.h): threads are those of the whole grid.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_KERNELBUILDER_H
#define MLOPT_CODEGEN_KERNELBUILDER_H

#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/KernelEmitter.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlopt {

class KernelBuilder {
public:
  /// Creates the function of `phase` in `module` with its attributes (noalias,
  /// alignment, target-cpu, target-features, tune-cpu; of a GPU kernel the launch's
  /// threads per block, and tensors and scratch aligned to 16 bytes); the insertion
  /// point is its body. Call `finish` at the end.
  KernelBuilder(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module, int64_t phase = 0);
  /// Adds the return.
  void finish();

  KernelOp kernel;
  const TargetDescription &target;
  KernelSignature signature;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::LLVM::LLVMFuncOp function;
  ShapeAnalysis shapes;

  //--- constants and size arithmetic (i64; operands may both be i32) -----//
  mlir::Value index(int64_t v);
  /// A constant of the integer type of `like`.
  mlir::Value constantLike(mlir::Value like, int64_t v);
  /// Value of an expression in the kernel's symbols; cached in the entry block.
  mlir::Value size(SymExpr e);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value floorDiv(mlir::Value a, mlir::Value b); ///< operands >= 0
  mlir::Value rem(mlir::Value a, mlir::Value b);      ///< operands >= 0
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t v) { return add(a, constantLike(a, v)); }
  mlir::Value mul(mlir::Value a, int64_t v) { return mul(a, constantLike(a, v)); }

  //--- pointers ------------------------------------------------------------//
  /// Base pointer of a kernel operand (block argument number) or result.
  mlir::Value operandPtr(unsigned operand);
  mlir::Value resultPtr(unsigned result);
  LayoutAttr operandLayout(unsigned operand);
  LayoutAttr resultLayout(unsigned result);
  /// Outer stride (bytes) of an operand, or of result i as numOperands + i; null if none.
  mlir::Value outerStride(unsigned operandOrResult);
  mlir::Value sharedScratch();
  /// This thread's; not in GPU kernels.
  mlir::Value threadScratch();
  /// Number of the thread, of a GPU along x of the grid: 64 bits.
  mlir::Value thread();
  mlir::Value threads();
  /// Number of the step; the schedule must repeat phases.
  mlir::Value step();

  //--- memory --------------------------------------------------------------//
  /// Set where every access of several lanes that follows is aligned to all of them (at most 16
  /// bytes): on a GPU it is then one instruction.
  bool alignedLanes = false;
  /// Loads `lanes` elements (1: a scalar) of `storage` type at ptr + offset elements.
  mlir::Value load(mlir::Value ptr, mlir::Value offset, mlir::Type storage, int64_t lanes = 1);
  void store(mlir::Value value, mlir::Value ptr, mlir::Value offset);
  /// Loads / stores the first `count` (i64, < lanes allowed) lanes; others are 0 / untouched.
  /// With `from` (i64) the lanes before it are not read either.
  mlir::Value loadMasked(mlir::Value ptr, mlir::Value offset, mlir::Type storage, int64_t lanes, mlir::Value count,
                         mlir::Value from = {});
  void storeMasked(mlir::Value value, mlir::Value ptr, mlir::Value offset, mlir::Value count);
  /// Mask (vector of i1) with the first `count` of `lanes` set, without those before `from` if given.
  mlir::Value firstLanes(int64_t lanes, mlir::Value count, mlir::Value from = {});
  /// ptr + bytes.
  mlir::Value bytePtr(mlir::Value ptr, mlir::Value bytes);
  mlir::Value elementPtr(mlir::Value ptr, mlir::Value offset, mlir::Type storage);
  /// Nothing in a GPU kernel.
  void prefetch(mlir::Value ptr, mlir::Value byteOffset);
  /// Records an error at a flat output index if `condition` (i1) holds.
  void recordError(mlir::Value condition, mlir::Value flatIndex);

  //--- control -------------------------------------------------------------//
  /// for (i = lower; i < upper; i += step) body(i).
  void forLoop(mlir::Value lower, mlir::Value upper, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  /// The same with loop-carried values; returns their last values.
  llvm::SmallVector<mlir::Value>
  forLoop(mlir::Value lower, mlir::Value upper, int64_t step, mlir::ValueRange init,
          llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise = nullptr);
  /// This thread's share [begin, end) of `units` pieces (ir.md section 3).
  std::pair<mlir::Value, mlir::Value> share(mlir::Value units);
  /// Vector of `lanes` copies (the scalar itself for 1 lane).
  mlir::Value splat(mlir::Value scalar, int64_t lanes);
  mlir::Type vectorOf(mlir::Type element, int64_t lanes);

private:
  mlir::Value computeSize(SymExpr e);
  /// `cached`, computed in the entry block the first time.
  mlir::Value atEntry(mlir::Value &cached, llvm::function_ref<mlir::Value()> compute);
  llvm::StringMap<mlir::Value> sizeCache;
  int64_t phase;
  mlir::Value gpuThread, gpuThreads;
  mlir::Value lastSize; ///< sizes are appended after this one in the entry block
};

/// Whether a result of the kernel may take the memory of this operand, as far as
/// the body says: sizes and layout of all results, the element size of one, and
/// whatever reads it, directly or through other operations, reads the element that
/// it writes.
bool readsElementItWrites(KernelOp kernel, mlir::BlockArgument argument);

} // namespace mlopt

#endif // MLOPT_CODEGEN_KERNELBUILDER_H
