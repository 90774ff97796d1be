// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=half | FileCheck %s --check-prefix=HALF
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=brain | FileCheck %s --check-prefix=BRAIN
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=single | FileCheck %s --check-prefix=SINGLE
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=single --tf32 | FileCheck %s --check-prefix=TF32
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=depth | FileCheck %s --check-prefix=DEPTH
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --emit-ptx --kernel=largest | FileCheck %s --check-prefix=POOL
//
// Tensor cores for 16 bits and tf32, fused multiply-adds for f32; tiles are copied
// by 16 bytes whatever the border, and everything else moves 16 bytes a thread.

// HALF: .extern .shared .align 1024 .b8 mlopt_shared[];
// HALF-COUNT-4: cp.async.cg.shared.global {{.*}}, 16, %r
// HALF: cp.async.wait_group
// HALF: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// HALF: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// HALF-NOT: fma.rn
// HALF: ld.shared.v4.b32
// HALF: ld.global.v4.b16
// HALF: st.global.v2.b32

// BRAIN: cp.async.cg.shared.global
// BRAIN: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32

// SINGLE: cp.async.cg.shared.global
// SINGLE-NOT: mma.sync
// SINGLE: fma.rn.f32
// SINGLE: st.global.v4.b32

// TF32: cp.async.cg.shared.global
// TF32: cvt.rna.tf32.f32
// TF32: mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32

// DEPTH-NOT: .shared
// DEPTH: ld.global.nc.v4.b32
// DEPTH: fma.rn.f32
// DEPTH: st.global.v4.b32

// POOL-COUNT-4: ld.global.nc.v4.b32
// POOL: st.global.v4.b32

mlopt.kernel @half(%x: tensor<1x64x20x20xf16>, %f: tensor<64x64x3x3xf16>, %b: tensor<64xf16>, %r: tensor<1x64x20x20xf16>) -> tensor<1x64x20x20xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 3, 3], [64], [1, 64, 20, 20], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xf16>, tensor<64x64x3x3xf16>, tensor<64xf16>) -> tensor<1x64x20x20xf16>
  %1 = mlopt.add %0, %r : (tensor<1x64x20x20xf16>, tensor<1x64x20x20xf16>) -> tensor<1x64x20x20xf16>
  mlopt.yield %1 : tensor<1x64x20x20xf16>
}

mlopt.kernel @brain(%x: tensor<1x64x20x20xbf16>, %f: tensor<64x64x1x1xbf16>, %b: tensor<64xbf16>) -> tensor<1x64x20x20xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 1, 1], [64], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xbf16>, tensor<64x64x1x1xbf16>, tensor<64xbf16>) -> tensor<1x64x20x20xbf16>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xbf16>) -> tensor<1x64x20x20xbf16>
  mlopt.yield %1 : tensor<1x64x20x20xbf16>
}

mlopt.kernel @single(%x: tensor<1x64x20x20xf32>, %f: tensor<64x64x3x3xf32>, %b: tensor<64xf32>) -> tensor<1x64x20x20xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 3, 3], [64], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xf32>, tensor<64x64x3x3xf32>, tensor<64xf32>) -> tensor<1x64x20x20xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xf32>) -> tensor<1x64x20x20xf32>
  mlopt.yield %1 : tensor<1x64x20x20xf32>
}

mlopt.kernel @depth(%x: tensor<1x64x20x20xf32>, %f: tensor<64x1x3x3xf32>, %b: tensor<64xf32>) -> tensor<1x64x20x20xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 1, 3, 3], [64], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"depthwise64", [0, 64, 0, 2, 1, 0, 3, 1, 0, 0, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 64 : i64} : (tensor<1x64x20x20xf32>, tensor<64x1x3x3xf32>, tensor<64xf32>) -> tensor<1x64x20x20xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xf32>) -> tensor<1x64x20x20xf32>
  mlopt.yield %1 : tensor<1x64x20x20xf32>
}

mlopt.kernel @largest(%x: tensor<1x64x20x20xf32>) -> tensor<1x64x10x10xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 64, 20, 20], [1, 64, 10, 10]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x64x20x20xf32>) -> tensor<1x64x10x10xf32>
  mlopt.yield %0 : tensor<1x64x10x10xf32>
}
