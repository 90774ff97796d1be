// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --show-schedule | FileCheck %s
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --show-schedule --tf32 | FileCheck %s --check-prefix=TF32
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_80 --show-schedule --kernel=sequence | FileCheck %s --check-prefix=VERSIONS
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --emit-ptx --kernel=named | FileCheck %s --check-prefix=PTX
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --emit-ptx --kernel=named | grep -c mma.sync | FileCheck %s --check-prefix=PRODUCTS
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --emit-ptx --kernel=named | grep -c ldmatrix | FileCheck %s --check-prefix=FRAGMENTS
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --emit-ptx --kernel=named | grep -c cp.async.cg | FileCheck %s --check-prefix=COPIES
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --emit-ptx --kernel=long_sum | FileCheck %s --check-prefix=PIECES
//
// The tiles that the model chooses, and the code of one.

// Large products: large tiles, nothing else.
// CHECK: {{^}}large sm_90: {{.*}}emitter = "cuda-contraction", phases = 1,{{.*}} m = 256 : i64, math = "mma_f16", n = 128 : i64, splits = 1 : i64
mlopt.kernel @large(%a: tensor<4096x4096xbf16>, %b: tensor<4096x4096xbf16>) -> tensor<4096x4096xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[4096, 4096], [4096, 4096], [4096, 4096]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4096x4096xbf16>, tensor<4096x4096xbf16>) -> tensor<4096x4096xbf16>
  mlopt.yield %0 : tensor<4096x4096xbf16>
}

// f32 is multiplied as f32 unless tf32 is asked for.
// CHECK: {{^}}plain sm_90: {{.*}}math = "fma"
// TF32: {{^}}plain sm_90: {{.*}}math = "mma_tf32"
mlopt.kernel @plain(%a: tensor<2048x512xf32>, %b: tensor<512x512xf32>) -> tensor<2048x512xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2048, 512], [512, 512], [2048, 512]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2048x512xf32>, tensor<512x512xf32>) -> tensor<2048x512xf32>
  mlopt.yield %0 : tensor<2048x512xf32>
}

// Few tiles and a long sum: parts of k, whose sums are added in order by a second launch.
// CHECK: {{^}}long_sum sm_90: {{.*}}phases = 2, scratchShared = <"{{[0-9]+}}">,{{.*}}grid = [#mlopt.sym<"{{[0-9]+}}">, #mlopt.sym<"[[PARTS:[0-9]+]]">, #mlopt.sym<"1">]{{.*}}splits = [[PARTS]] : i64
// PIECES: .visible .entry long_sum{{.}}0(
// PIECES: mma.sync
// PIECES: st.global.v4
// PIECES: .visible .entry long_sum{{.}}1(
// PIECES: ld.global{{.*}}.v4
// PIECES: add.rn.f32
// PIECES-NOT: atom
mlopt.kernel @long_sum(%a: tensor<64x16384xf16>, %b: tensor<16384x64xf16>) -> tensor<64x64xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[64, 16384], [16384, 64], [64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<64x16384xf16>, tensor<16384x64xf16>) -> tensor<64x64xf16>
  mlopt.yield %0 : tensor<64x64xf16>
}

// One row: tiles of few rows.
// CHECK: {{^}}one_row sm_90: {{.*}} m = 16 : i64
mlopt.kernel @one_row(%a: tensor<1x4096xf16>, %b: tensor<4096x4096xf16>) -> tensor<1x4096xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 4096], [4096, 4096], [1, 4096]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x4096xf16>, tensor<4096x4096xf16>) -> tensor<1x4096xf16>
  mlopt.yield %0 : tensor<1x4096xf16>
}

// Rows of the run: two versions, one of which has no blocks.
// VERSIONS: {{^}}sequence sm_80: {{.*}}phases = 2,{{.*}}few = {{.*}}few_rows = [[ROWS:[0-9]+]] : i64{{.*}}select(m < {{[0-9]+}}, 0, {{.*}}select(m < {{[0-9]+}}, {{.*}}, 0)
mlopt.kernel @sequence(%a: tensor<?x768xf16>, %b: tensor<768x768xf16>) -> tensor<?x768xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 768], [768, 768], ["m", 768]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x768xf16>, tensor<768x768xf16>) -> tensor<?x768xf16>
  mlopt.yield %0 : tensor<?x768xf16>
}

// What it does not multiply goes the generic route.
// CHECK: {{^}}doubles sm_90: {{.*}}emitter = "cuda-generic"
mlopt.kernel @doubles(%a: tensor<20x30xf64>, %b: tensor<30x40xf64>) -> tensor<20x40xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 30], [30, 40], [20, 40]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<20x30xf64>, tensor<30x40xf64>) -> tensor<20x40xf64>
  mlopt.yield %0 : tensor<20x40xf64>
}

// A warp's 64 x 64 of a step of 32 along k: 2 x 4 x 8 products, 2 x (4 + 4) fragments; a thread copies
// 4 + 4 pieces of 16 bytes for each of the three steps ahead, and once in the loop.
// PTX: .extern .shared .align 1024 .b8 mlopt_shared[];
// PTX: .maxntid 128, 1, 1
// PTX: cp.async.cg.shared.global
// PTX: cp.async.commit_group
// PTX: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// PTX: bar.warp.sync
// PTX: st.shared.v2
// PTX: bar.warp.sync
// PTX: ld.shared.v4
// PTX: st.global.v4
// PRODUCTS: {{^}}64
// FRAGMENTS: {{^}}16
// COPIES: {{^}}32
mlopt.kernel @named(%a: tensor<1024x1024xf16>, %b: tensor<1024x1024xf16>) -> tensor<1024x1024xf32> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64}, hero = #mlopt.hero<contraction>, dims = [[1024, 1024], [1024, 1024], [1024, 1024]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1024x1024xf16>, tensor<1024x1024xf16>) -> tensor<1024x1024xf16>
  %1 = mlopt.cast %0 {to = f32} : (tensor<1024x1024xf16>) -> tensor<1024x1024xf32>
  mlopt.yield %1 : tensor<1024x1024xf32>
}
