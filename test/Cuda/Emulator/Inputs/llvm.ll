; Kernels as LLVM writes them: a guarded loop-free body, shuffles and a block reduction, local arrays,
; a switch, recursion, atomics, halves. See ../llvm.test.
target triple = "nvptx64-nvidia-cuda"
@dyn = external addrspace(3) global [0 x float], align 16
@tab = addrspace(1) constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
@sbuf = internal addrspace(3) global [64 x float] undef, align 16
declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
declare void @llvm.nvvm.barrier0()
declare float @llvm.nvvm.shfl.sync.bfly.f32(i32, float, i32, i32)
define ptx_kernel void @saxpy(ptr addrspace(1) noalias %x, ptr addrspace(1) noalias %y, float %a, i32 %n) {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %b = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %d = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
  %m = mul i32 %b, %d
  %i = add i32 %m, %t
  %c = icmp slt i32 %i, %n
  br i1 %c, label %body, label %end
body:
  %p = getelementptr float, ptr addrspace(1) %x, i32 %i
  %q = getelementptr float, ptr addrspace(1) %y, i32 %i
  %v = load float, ptr addrspace(1) %p
  %w = load float, ptr addrspace(1) %q
  %f = call float @llvm.fma.f32(float %a, float %v, float %w)
  store float %f, ptr addrspace(1) %q
  br label %end
end:
  ret void
}
declare float @llvm.fma.f32(float, float, float)
define ptx_kernel void @reduce(ptr addrspace(1) %x, ptr addrspace(1) %y) {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %p = getelementptr float, ptr addrspace(1) %x, i32 %t
  %v = load float, ptr addrspace(1) %p
  %s1 = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %v, i32 16, i32 31)
  %v1 = fadd float %v, %s1
  %s2 = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %v1, i32 8, i32 31)
  %v2 = fadd float %v1, %s2
  %s3 = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %v2, i32 4, i32 31)
  %v3 = fadd float %v2, %s3
  %s4 = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %v3, i32 2, i32 31)
  %v4 = fadd float %v3, %s4
  %s5 = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %v4, i32 1, i32 31)
  %v5 = fadd float %v4, %s5
  %w = lshr i32 %t, 5
  %q = getelementptr float, ptr addrspace(3) @sbuf, i32 %w
  store float %v5, ptr addrspace(3) %q
  call void @llvm.nvvm.barrier0()
  %z = icmp eq i32 %t, 0
  br i1 %z, label %sum, label %end
sum:
  %i = phi i32 [0, %0], [%i1, %sum]
  %acc = phi float [0.0, %0], [%acc1, %sum]
  %r = getelementptr float, ptr addrspace(3) @sbuf, i32 %i
  %e = load float, ptr addrspace(3) %r
  %acc1 = fadd float %acc, %e
  %i1 = add i32 %i, 1
  %c = icmp ult i32 %i1, 4
  br i1 %c, label %sum, label %out
out:
  store float %acc1, ptr addrspace(1) %y
  br label %end
end:
  ret void
}
define internal i32 @fact(i32 %n) noinline {
  %c = icmp ult i32 %n, 2
  br i1 %c, label %one, label %rec
one:
  ret i32 1
rec:
  %m = sub i32 %n, 1
  %f = call i32 @fact(i32 %m)
  %r = mul i32 %f, %n
  ret i32 %r
}
define ptx_kernel void @misc(ptr %out) {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %a = alloca [8 x i32], align 4
  %k = and i32 %t, 7
  br label %fill
fill:
  %i = phi i32 [0,%0],[%i1,%fill]
  %p = getelementptr i32, ptr %a, i32 %i
  %sq = mul i32 %i, %i
  store i32 %sq, ptr %p
  %i1 = add i32 %i, 1
  %c = icmp ult i32 %i1, 8
  br i1 %c, label %fill, label %next
next:
  %q = getelementptr i32, ptr %a, i32 %k
  %v = load i32, ptr %q
  switch i32 %k, label %d [ i32 0, label %l0 i32 1, label %l1 i32 2, label %l2 i32 3, label %l3 i32 4, label %l4 i32 5, label %l5]
l0: 
  %x0 = call i32 @fact(i32 %t)
  br label %d
l1:
  %j = and i32 %t, 3
  %tp = getelementptr [4 x i32], ptr addrspace(1) @tab, i32 0, i32 %j
  %x1 = load i32, ptr addrspace(1) %tp
  br label %d
l2:
  %x2 = udiv i32 1000, %t
  br label %d
l3:
  %x3 = srem i32 1000, %t
  br label %d
l4:
  %x4 = xor i32 %t, 12345
  br label %d
l5:
  %x5 = atomicrmw add ptr %out, i32 1 seq_cst
  br label %d
d:
  %x = phi i32 [%v,%next],[%x0,%l0],[%x1,%l1],[%x2,%l2],[%x3,%l3],[%x4,%l4],[7,%l5]
  %o = add i32 %t, 1
  %op = getelementptr i32, ptr %out, i32 %o
  store i32 %x, ptr %op
  ret void
}
define ptx_kernel void @half(ptr addrspace(1) %x, ptr addrspace(1) %y, ptr addrspace(1) %b) {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %p = getelementptr <8 x half>, ptr addrspace(1) %x, i32 %t
  %v = load <8 x half>, ptr addrspace(1) %p
  %s = fmul <8 x half> %v, %v
  %s2 = fadd <8 x half> %s, <half 1.0, half 1.0, half 1.0, half 1.0, half 1.0, half 1.0, half 1.0, half 1.0>
  %q = getelementptr <8 x half>, ptr addrspace(1) %y, i32 %t
  store <8 x half> %s2, ptr addrspace(1) %q
  %e = fpext <8 x half> %s2 to <8 x float>
  %tr = fptrunc <8 x float> %e to <8 x bfloat>
  %r = getelementptr <8 x bfloat>, ptr addrspace(1) %b, i32 %t
  store <8 x bfloat> %tr, ptr addrspace(1) %r
  ret void
}
