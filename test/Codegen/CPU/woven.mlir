// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=0 --size n=1 --size n=4 --size n=19 --size n=64 | FileCheck %s --implicit-check-not=FAILED
//
// Results with two to four elements in the last dimension, woven together from vectors
// along the one before it: phases of an image interleaved, windows that are given one
// value or the other, with operations behind, of several types.
// CHECK: {{^}}phases_2 x86-64-v2 n=0: generic
// CHECK: {{^}}spread x86-64-v4{{.*}}: generic

mlopt.kernel @phases_2(%a: tensor<2x3x2x2x5x?xf32>) -> tensor<2x3x5x2x?x2xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 3, 2, 2, 5, "n"], [2, 3, 5, 2, "n", 2]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 1, 4, 2, 5, 3>, mlopt.hero_op} : (tensor<2x3x2x2x5x?xf32>) -> tensor<2x3x5x2x?x2xf32>
  mlopt.yield %0 : tensor<2x3x5x2x?x2xf32>
}
mlopt.kernel @phases_2_post(%a: tensor<2x3x2x2x5x?xf32>, %c: tensor<1x1x1x1x?x1xf32>) -> tensor<2x3x5x2x?x2xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 3, 2, 2, 5, "n"], [1, 1, 1, 1, "n", 1], [2, 3, 5, 2, "n", 2]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 1, 4, 2, 5, 3>, mlopt.hero_op} : (tensor<2x3x2x2x5x?xf32>) -> tensor<2x3x5x2x?x2xf32>
  %1 = mlopt.add %0, %c : (tensor<2x3x5x2x?x2xf32>, tensor<1x1x1x1x?x1xf32>) -> tensor<2x3x5x2x?x2xf32>
  mlopt.yield %1 : tensor<2x3x5x2x?x2xf32>
}
mlopt.kernel @phases_fixed(%a: tensor<2x3x2x2x5x17xf32>) -> tensor<2x3x5x2x17x2xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 3, 2, 2, 5, 17], [2, 3, 5, 2, 17, 2]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 1, 4, 2, 5, 3>, mlopt.hero_op} : (tensor<2x3x2x2x5x17xf32>) -> tensor<2x3x5x2x17x2xf32>
  mlopt.yield %0 : tensor<2x3x5x2x17x2xf32>
}
mlopt.kernel @phases_4(%a: tensor<3x4x?xf32>) -> tensor<3x?x4xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[3, 4, "n"], [3, "n", 4]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 1>, mlopt.hero_op} : (tensor<3x4x?xf32>) -> tensor<3x?x4xf32>
  mlopt.yield %0 : tensor<3x?x4xf32>
}
mlopt.kernel @phases_3_bf16(%a: tensor<3x3x?xbf16>) -> tensor<3x?x3xbf16> attributes {hero = #mlopt.hero<transpose>, dims = [[3, 3, "n"], [3, "n", 3]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 1>, mlopt.hero_op} : (tensor<3x3x?xbf16>) -> tensor<3x?x3xbf16>
  mlopt.yield %0 : tensor<3x?x3xbf16>
}
mlopt.kernel @phases_3_i8(%a: tensor<3x3x?xi8>) -> tensor<3x?x3xi8> attributes {hero = #mlopt.hero<transpose>, dims = [[3, 3, "n"], [3, "n", 3]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 1>, mlopt.hero_op} : (tensor<3x3x?xi8>) -> tensor<3x?x3xi8>
  mlopt.yield %0 : tensor<3x?x3xi8>
}
mlopt.kernel @phases_2_f64(%a: tensor<3x2x?xf64>) -> tensor<3x?x2xf64> attributes {hero = #mlopt.hero<transpose>, dims = [[3, 2, "n"], [3, "n", 2]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 1>, mlopt.hero_op} : (tensor<3x2x?xf64>) -> tensor<3x?x2xf64>
  mlopt.yield %0 : tensor<3x?x2xf64>
}
mlopt.kernel @spread_dynamic(%i: tensor<3x5x1x?x1xi64> {mlopt.range = [0, 3]}, %p: tensor<1x1x2x1x2xi64> {mlopt.range = [0, 3]}, %g: tensor<3x5x1x?x1xf32>) -> tensor<3x5x2x?x2xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 5, 1, "n", 1], [1, 1, 2, 1, 2], [3, 5, 1, "n", 1], [3, 5, 2, "n", 2]]} {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %c = mlopt.compare %i, %p {predicate = #mlopt<predicate eq>} : (tensor<3x5x1x?x1xi64>, tensor<1x1x2x1x2xi64>) -> tensor<3x5x2x?x2xi1>
  %0 = mlopt.select %c, %g, %z {mlopt.hero_op} : (tensor<3x5x2x?x2xi1>, tensor<3x5x1x?x1xf32>, tensor<f32>) -> tensor<3x5x2x?x2xf32>
  mlopt.yield %0 : tensor<3x5x2x?x2xf32>
}
mlopt.kernel @spread_3(%i: tensor<3x2x1x?x1xi64> {mlopt.range = [0, 3]}, %p: tensor<1x1x2x1x3xi64> {mlopt.range = [0, 3]}, %g: tensor<3x2x1x?x1xf32>) -> tensor<3x2x2x?x3xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 2, 1, "n", 1], [1, 1, 2, 1, 3], [3, 2, 1, "n", 1], [3, 2, 2, "n", 3]]} {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %c = mlopt.compare %i, %p {predicate = #mlopt<predicate eq>} : (tensor<3x2x1x?x1xi64>, tensor<1x1x2x1x3xi64>) -> tensor<3x2x2x?x3xi1>
  %0 = mlopt.select %c, %g, %z {mlopt.hero_op} : (tensor<3x2x2x?x3xi1>, tensor<3x2x1x?x1xf32>, tensor<f32>) -> tensor<3x2x2x?x3xf32>
  mlopt.yield %0 : tensor<3x2x2x?x3xf32>
}
mlopt.kernel @spread(%i: tensor<3x4x1x4x1xi64> {mlopt.range = [0, 3]}, %p: tensor<1x1x2x1x2xi64> {mlopt.range = [0, 3]}, %g: tensor<3x4x1x4x1xf32>) -> tensor<3x4x2x4x2xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 4, 1, 4, 1], [1, 1, 2, 1, 2], [3, 4, 1, 4, 1], [3, 4, 2, 4, 2]]} {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %c = mlopt.compare %i, %p {predicate = #mlopt<predicate eq>} : (tensor<3x4x1x4x1xi64>, tensor<1x1x2x1x2xi64>) -> tensor<3x4x2x4x2xi1>
  %0 = mlopt.select %c, %g, %z {mlopt.hero_op} : (tensor<3x4x2x4x2xi1>, tensor<3x4x1x4x1xf32>, tensor<f32>) -> tensor<3x4x2x4x2xf32>
  mlopt.yield %0 : tensor<3x4x2x4x2xf32>
}
