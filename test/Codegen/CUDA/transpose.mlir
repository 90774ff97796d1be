// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas none --size n=0,m=3 --size n=1,m=20 --size n=37,m=21 --size n=64,m=128 --size n=70,m=150 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not='conflicts={{[2-9]}}'
//
// Tiles that turn over in shared memory, in the emulator: no bank is met twice, and where
// the sides are whole, no sector is touched beyond those that hold what is asked for. Sizes without an
// element, below a tile, with a rest on either side.
// CHECK: {{^}}turn_i8 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_i1 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_f16 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_bf16 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_f32 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_i64 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}turn_fixed sm_80: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}last_f32 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}apart_f16 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}channels_last sm_80: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}merged sm_80: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}into_layout sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}out_of_layout sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}few_channels sm_80: cuda-map
// CHECK: {{^}}between_f32 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}between_f16 sm_80 n=64,m=128: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}own_and_turned sm_80 n=64: cuda-transpose excess=0 conflicts=1.00
// CHECK: {{^}}own_and_turned sm_90 n=70: cuda-transpose

mlopt.kernel @turn_i8(%a: tensor<?x?xi8>) -> tensor<?x?xi8> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi8>) -> tensor<?x?xi8>
  mlopt.yield %0 : tensor<?x?xi8>
}
mlopt.kernel @turn_i1(%a: tensor<?x?xi1>) -> tensor<?x?xi1> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi1>) -> tensor<?x?xi1>
  mlopt.yield %0 : tensor<?x?xi1>
}
mlopt.kernel @turn_f16(%a: tensor<?x?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf16>) -> tensor<?x?xf16>
  mlopt.yield %0 : tensor<?x?xf16>
}
mlopt.kernel @turn_bf16(%a: tensor<?x?xbf16>) -> tensor<?x?xbf16> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xbf16>) -> tensor<?x?xbf16>
  mlopt.yield %0 : tensor<?x?xbf16>
}
mlopt.kernel @turn_f32(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @turn_i64(%a: tensor<?x?xi64>) -> tensor<?x?xi64> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi64>) -> tensor<?x?xi64>
  mlopt.yield %0 : tensor<?x?xi64>
}
mlopt.kernel @turn_fixed(%a: tensor<96x64xf16>) -> tensor<64x96xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[96, 64], [64, 96]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<96x64xf16>) -> tensor<64x96xf16>
  mlopt.yield %0 : tensor<64x96xf16>
}
mlopt.kernel @last_f32(%a: tensor<2x?x3x?xf32>) -> tensor<2x3x?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], [2, 3, "m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf32>) -> tensor<2x3x?x?xf32>
  mlopt.yield %0 : tensor<2x3x?x?xf32>
}
mlopt.kernel @apart_f16(%a: tensor<2x?x3x?xf16>) -> tensor<?x3x2x?xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], ["m", 3, 2, "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 3, 2, 0, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf16>) -> tensor<?x3x2x?xf16>
  mlopt.yield %0 : tensor<?x3x2x?xf16>
}
mlopt.kernel @channels_last(%a: tensor<1x64x24x40xf32>) -> tensor<1x24x40x64xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[1, 64, 24, 40], [1, 24, 40, 64]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<1x64x24x40xf32>) -> tensor<1x24x40x64xf32>
  mlopt.yield %0 : tensor<1x24x40x64xf32>
}
// Rows and columns of the picture are one dimension of the tiles.
mlopt.kernel @merged(%a: tensor<2x8x8x64xf16>, %b: tensor<64x1x1xf16>) -> tensor<2x64x8x8xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 8, 8, 64], [64, 1, 1], [2, 64, 8, 8]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 3, 1, 2>, mlopt.hero_op} : (tensor<2x8x8x64xf16>) -> tensor<2x64x8x8xf16>
  %1 = mlopt.add %0, %b : (tensor<2x64x8x8xf16>, tensor<64x1x1xf16>) -> tensor<2x64x8x8xf16>
  mlopt.yield %1 : tensor<2x64x8x8xf16>
}
mlopt.kernel @into_layout(%a: tensor<2x16x?x?xf32>) -> tensor<2x16x?x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 16, "n", "m"], [2, 16, "n", "m"]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x16x?x?xf32>) -> tensor<2x16x?x?xf32>
  mlopt.yield %0 : tensor<2x16x?x?xf32>
}
mlopt.kernel @out_of_layout(%a: tensor<2x16x?x?xf32>) -> tensor<2x16x?x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 16, "n", "m"], [2, 16, "n", "m"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x16x?x?xf32>) -> tensor<2x16x?x?xf32>
  mlopt.yield %0 : tensor<2x16x?x?xf32>
}
mlopt.kernel @few_channels(%a: tensor<1x3x24x40xf32>) -> tensor<1x24x40x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[1, 3, 24, 40], [1, 24, 40, 3]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<1x3x24x40xf32>) -> tensor<1x24x40x3xf32>
  mlopt.yield %0 : tensor<1x24x40x3xf32>
}
mlopt.kernel @between_f32(%a: tensor<?x?xf32>, %b: tensor<?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = mlopt.mul %1, %c : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %2 : tensor<?x?xf32>
}
mlopt.kernel @between_f16(%a: tensor<?x?xf16>, %b: tensor<?xf16>, %c: tensor<?x?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b : (tensor<?x?xf16>, tensor<?xf16>) -> tensor<?x?xf16>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf16>) -> tensor<?x?xf16>
  %2 = mlopt.mul %1, %c : (tensor<?x?xf16>, tensor<?x?xf16>) -> tensor<?x?xf16>
  mlopt.yield %2 : tensor<?x?xf16>
}
mlopt.kernel @own_and_turned(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "n"], ["n", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.add %0, %a {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %1 : tensor<?x?xf32>
}
