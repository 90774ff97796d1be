// RUN: not mlopt-cuda-kernel-test %s 2>&1 | FileCheck %s
//
// GPU code has no library to call: what would call one is an error that names it.
// CHECK: error: MLO3011: GPU code calls 'llvm.sin.f32', expected code that needs no library
llvm.func @k(%p: !llvm.ptr {llvm.align = 16 : i64}) attributes {nvvm.kernel} {
  %0 = llvm.load %p : !llvm.ptr -> f32
  %1 = llvm.intr.sin(%0) : (f32) -> f32
  llvm.store %1, %p : f32, !llvm.ptr
  llvm.return
}
