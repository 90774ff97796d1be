// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel flat | FileCheck %s --check-prefix=FLAT --implicit-check-not=fma. --implicit-check-not='.extern .func' --implicit-check-not='ld.global.b32' --implicit-check-not=ld.param.v
// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel halves | FileCheck %s --check-prefix=HALVES --implicit-check-not='.extern .func'
// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel functions --gpu=sm_80,sm_90,sm_100 | FileCheck %s --check-prefix=FUNCTIONS --implicit-check-not='.extern'
// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel rows | FileCheck %s --check-prefix=ROWS
// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel odd | FileCheck %s --check-prefix=ODD
// RUN: mlopt-cuda-kernel-test %s --emit-ptx --kernel turn | FileCheck %s --check-prefix=TURN
// RUN: mlopt-cuda-kernel-test %s --emit-ptx > %t.1
// RUN: mlopt-cuda-kernel-test %s --emit-ptx > %t.2
// RUN: cmp %t.1 %t.2
//
// The text of kernels: 16 bytes at a time, no sum fused to a product that nobody wrote, the read-only
// path for what is only read, nothing from a library, one shared array; and the same text again.

// FLAT: .target sm_90{{$}}
// FLAT: .entry flat(
// FLAT: .maxntid 64, 1, 1
// FLAT: ld.global.nc.v4.b32
// FLAT: ld.global.nc.v4.b32
// FLAT: mul.rn.f32
// FLAT: add.rn.f32
// FLAT: st.global.v4.b32
mlopt.kernel @flat(%a: tensor<64x128xf32>, %b: tensor<64x1xf32>, %c: tensor<128xf32>) -> tensor<64x128xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[64, 128], [64, 1], [128], [64, 128]]} {
  %0 = mlopt.slice %a {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 64, 128>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %1 = mlopt.mul %0, %c {mlopt.hero_op} : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  %2 = mlopt.add %1, %c : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  mlopt.yield %2 : tensor<64x128xf32>
}

// HALVES: ld.global{{.*}}.v4.b32
// HALVES: cvt.rn.bf16x2.f32
// HALVES: st.global.v4.b32
mlopt.kernel @halves(%a: tensor<?xbf16>) -> tensor<?xbf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]]} {
  %0 = mlopt.mul %a, %a {mlopt.hero_op} : (tensor<?xbf16>, tensor<?xbf16>) -> tensor<?xbf16>
  mlopt.yield %0 : tensor<?xbf16>
}

// FUNCTIONS: .version 7.0
// FUNCTIONS: .target sm_80{{$}}
// FUNCTIONS: .entry functions(
// FUNCTIONS: .version 7.8
// FUNCTIONS: .target sm_90{{$}}
// FUNCTIONS: .entry functions(
// FUNCTIONS: .version 8.6
// FUNCTIONS: .target sm_100{{$}}
// FUNCTIONS: .entry functions(
mlopt.kernel @functions(%a: tensor<?xf32>, %b: tensor<?xf64>) -> (tensor<?xf32>, tensor<?xf64>) attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"], ["n"]]} {
  %0 = mlopt.exp %a {mlopt.hero_op} : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.sin %0 : (tensor<?xf32>) -> tensor<?xf32>
  %2 = mlopt.erf %1 : (tensor<?xf32>) -> tensor<?xf32>
  %3 = mlopt.pow %2, %a : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %4 = mlopt.tanh %3 : (tensor<?xf32>) -> tensor<?xf32>
  %5 = mlopt.log %b : (tensor<?xf64>) -> tensor<?xf64>
  %6 = mlopt.cos %5 : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %4, %6 : tensor<?xf32>, tensor<?xf64>
}

// Rows that are whole vectors, and rows that are not.
// ROWS: and.b64 {{.*}}, 7
// ROWS-DAG: ld.global.nc.v4.b32
// ROWS-DAG: ld.global.nc.b16
mlopt.kernel @rows(%a: tensor<?x?xf16>, %b: tensor<?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["n"], ["m", "n"]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<?x?xf16>, tensor<?xf16>) -> tensor<?x?xf16>
  mlopt.yield %0 : tensor<?x?xf16>
}

// TURN: .extern .shared .align 1024 .b8 mlopt_shared[]
// TURN: st.shared
// TURN: bar.sync 0
// TURN: ld.shared
mlopt.kernel @turn(%a: tensor<64x96xf32>) -> tensor<96x64xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[64, 96], [96, 64]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<64x96xf32>) -> tensor<96x64xf32>
  mlopt.yield %0 : tensor<96x64xf32>
}

// Vectors go across rows that are no multiple of them: only what is broadcast is read lane by lane.
// ODD-COUNT-4: ld.global.nc.b32
// ODD: st.global.v4.b32
mlopt.kernel @odd(%a: tensor<64x33xf32>, %b: tensor<33xf32>) -> tensor<64x33xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[64, 33], [33], [64, 33]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<64x33xf32>, tensor<33xf32>) -> tensor<64x33xf32>
  mlopt.yield %0 : tensor<64x33xf32>
}
