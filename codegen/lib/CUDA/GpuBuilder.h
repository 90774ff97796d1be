//===- GpuBuilder.h - Threads, shared memory, tensor cores ------*- C++ -*-===//
//
// What GPU emitters use beyond KernelBuilder. Indices inside a block are i32,
// sizes and offsets into tensors i64.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_GPUBUILDER_H
#define MLOPT_LIB_CUDA_GPUBUILDER_H

#include "mlopt/Codegen/GpuLaunch.h"
#include "mlopt/Codegen/KernelBuilder.h"

namespace mlopt {

class GpuBuilder : public KernelBuilder {
public:
  using Value = mlir::Value;
  using Type = mlir::Type;

  GpuBuilder(KernelOp kernel, const TargetDescription &target, mlir::ModuleOp module, int64_t phase = 0);

  const GpuLaunch launch; ///< of this phase

  //--- i32 arithmetic -------------------------------------------------------//
  Value i32(int64_t v);
  Value toI32(Value index); ///< truncates an i64
  Value toI64(Value v);     ///< extends an i32 that is not negative
  // KernelBuilder's add, sub, mul, floorDiv, rem, min, max take i32 too, both of one type
  // (its overloads with an int64_t constant make one of the left operand's type).
  Value bitAnd(Value a, int64_t mask);
  Value bitXor(Value a, Value b);
  Value shiftLeft(Value a, int64_t bits);
  Value shiftRight(Value a, int64_t bits);
  Value less(Value a, Value b); ///< signed; i1

  //--- position -------------------------------------------------------------//
  Value threadIdx(int dim = 0); ///< i32
  Value blockIdx(int dim = 0);  ///< i32
  Value gridDim(int dim = 0);   ///< i32
  Value lane();                 ///< i32, thread within the warp
  Value warp();                 ///< i32, warp within the block; the same value in all its lanes

  //--- shared memory --------------------------------------------------------//
  /// Base of the block's dynamic shared memory (`!llvm.ptr<3>`), 1024-byte aligned.
  Value shared();
  /// Base + bytes (i32).
  Value sharedPtr(Value bytes);
  /// `lanes` elements of a storage type at a pointer of any space; the address is aligned to the
  /// whole access (at most 16 bytes). KernelBuilder::load promises the element's alignment only.
  Value loadAligned(Value ptr, Type storage, int64_t lanes);
  void storeAligned(Value value, Value ptr);
  void barrier(); ///< bar.sync 0: every thread of the block

  //--- warps ----------------------------------------------------------------//
  /// Value of lane (lane ^ mask), of 32 bits or less or 64 (two shuffles).
  Value shuffleXor(Value v, int64_t mask);
  Value shuffleDown(Value v, int64_t delta);
  Value shuffleIndex(Value v, Value lane);

  //--- copies that do not wait ----------------------------------------------//
  /// cp.async of 4, 8 or 16 bytes from global to shared memory; both aligned to that. 16 bytes
  /// bypass L1. `valid` (i1, null: true): where it is false zeros are written and `source` is not
  /// read (any address).
  void copyAsync(Value sharedTarget, Value source, int64_t bytes, Value valid = {});
  void commitCopies();
  void waitCopies(int64_t groupsLeft); ///< then a barrier makes them visible to other threads

  //--- tensor cores ---------------------------------------------------------//
  /// ldmatrix .x1/.x2/.x4 of 8x8 matrices of 16 bits; `ptr` is the row address of this lane. Result:
  /// `count` values i32.
  llvm::SmallVector<Value> loadMatrix(Value ptr, int64_t count, bool transposed);
  /// mma.sync m16n8k16 of f16 or bf16 (a: 4 x i32, b: 2 x i32, c: 4 x f32), or m16n8k8 of tf32 (a: 4
  /// x i32, b: 2 x i32 holding tf32 bits). Returns 4 x f32.
  llvm::SmallVector<Value> mma(Type element, llvm::ArrayRef<Value> a, llvm::ArrayRef<Value> b,
                               llvm::ArrayRef<Value> c);
  /// f32 to tf32 bits in an i32, to nearest (cvt.rna.tf32.f32).
  Value toTf32(Value f32);

  //--- loops ----------------------------------------------------------------//
  /// for (i = lower; i < upper; i += step) over i32 or i64 with a run-time step.
  llvm::SmallVector<Value> stridedLoop(Value lower, Value upper, Value step, mlir::ValueRange init,
                                       llvm::function_ref<llvm::SmallVector<Value>(Value, mlir::ValueRange)> body);
  /// Unrolled body for i = 0..n-1.
  static void unrolled(int64_t n, llvm::function_ref<void(int64_t)> body);
};

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_GPUBUILDER_H
