// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=0,m=3 --size n=1,m=20 --size n=16,m=16 --size n=37,m=21 --size n=70,m=150 --size n=300,m=17 | FileCheck %s --implicit-check-not=FAILED
//
// Transpositions in tiles: sizes without an element, below a tile, of whole tiles,
// with a rest on either side and of several pieces; every width of an element;
// producers before and consumers after.
// CHECK: {{^}}turn_f32 x86-64-v2 n=0{{.*}}: generic
// CHECK: {{^}}own_and_turned x86-64-v4 n=300{{.*}}: generic

mlopt.kernel @turn_f32(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @turn_f64(%a: tensor<?x?xf64>) -> tensor<?x?xf64> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf64>) -> tensor<?x?xf64>
  mlopt.yield %0 : tensor<?x?xf64>
}
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
mlopt.kernel @turn_i64(%a: tensor<?x?xi64>) -> tensor<?x?xi64> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi64>) -> tensor<?x?xi64>
  mlopt.yield %0 : tensor<?x?xi64>
}
mlopt.kernel @turn_ui8(%a: tensor<?x?xui8>) -> tensor<?x?xui8> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xui8>) -> tensor<?x?xui8>
  mlopt.yield %0 : tensor<?x?xui8>
}
mlopt.kernel @last_f32(%a: tensor<2x?x3x?xf32>) -> tensor<2x3x?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], [2, 3, "m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf32>) -> tensor<2x3x?x?xf32>
  mlopt.yield %0 : tensor<2x3x?x?xf32>
}
mlopt.kernel @apart_f32(%a: tensor<2x?x3x?xf32>) -> tensor<?x3x2x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], ["m", 3, 2, "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 3, 2, 0, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf32>) -> tensor<?x3x2x?xf32>
  mlopt.yield %0 : tensor<?x3x2x?xf32>
}
mlopt.kernel @last_i8(%a: tensor<2x?x3x?xi8>) -> tensor<2x3x?x?xi8> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], [2, 3, "m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<2x?x3x?xi8>) -> tensor<2x3x?x?xi8>
  mlopt.yield %0 : tensor<2x3x?x?xi8>
}
mlopt.kernel @apart_i8(%a: tensor<2x?x3x?xi8>) -> tensor<?x3x2x?xi8> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], ["m", 3, 2, "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 3, 2, 0, 1>, mlopt.hero_op} : (tensor<2x?x3x?xi8>) -> tensor<?x3x2x?xi8>
  mlopt.yield %0 : tensor<?x3x2x?xi8>
}
mlopt.kernel @last_f16(%a: tensor<2x?x3x?xf16>) -> tensor<2x3x?x?xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], [2, 3, "m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf16>) -> tensor<2x3x?x?xf16>
  mlopt.yield %0 : tensor<2x3x?x?xf16>
}
mlopt.kernel @apart_f16(%a: tensor<2x?x3x?xf16>) -> tensor<?x3x2x?xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", 3, "m"], ["m", 3, 2, "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 3, 2, 0, 1>, mlopt.hero_op} : (tensor<2x?x3x?xf16>) -> tensor<?x3x2x?xf16>
  mlopt.yield %0 : tensor<?x3x2x?xf16>
}
mlopt.kernel @channels_last(%a: tensor<1x64x24x40xf32>) -> tensor<1x24x40x64xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[1, 64, 24, 40], [1, 24, 40, 64]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<1x64x24x40xf32>) -> tensor<1x24x40x64xf32>
  mlopt.yield %0 : tensor<1x24x40x64xf32>
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
mlopt.kernel @between_i32(%a: tensor<?x?xi32>, %b: tensor<?xi32>, %c: tensor<?x?xi32>) -> tensor<?x?xi32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b : (tensor<?x?xi32>, tensor<?xi32>) -> tensor<?x?xi32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi32>) -> tensor<?x?xi32>
  %2 = mlopt.mul %1, %c : (tensor<?x?xi32>, tensor<?x?xi32>) -> tensor<?x?xi32>
  mlopt.yield %2 : tensor<?x?xi32>
}
mlopt.kernel @both(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "m"], ["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.transpose %b {permutation = array<i64: 1, 0>} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = mlopt.sub %0, %1 {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %2 : tensor<?x?xf32>
}
mlopt.kernel @own_and_turned(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "n"], ["n", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.add %0, %a {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %1 : tensor<?x?xf32>
}
