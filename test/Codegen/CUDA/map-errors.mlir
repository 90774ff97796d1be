// RUN: not %cuda mlopt-cuda-kernel-test %s --ptxas none --size n=20 --size n=40 --size n=17 | FileCheck %s
//
// One element of each row is infinite: the first of them is recorded, whichever thread finds it first.
// CHECK: {{^}}infinite sm_90 n=20: cuda-map {{.*}}FAILED: an error was recorded at element 17{{$}}
// CHECK: {{^}}infinite sm_90 n=40: cuda-map {{.*}}FAILED: an error was recorded at element 17{{$}}
// CHECK: {{^}}infinite sm_90 n=17: cuda-map {{.*}} ok{{$}}
mlopt.kernel @infinite(%a: tensor<3x?xf32> {mlopt.range = [1.0, 2.0]}, %n: index) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], ["n"], [3, "n"]]} {
  %c = mlopt.constant dense<17.0> : tensor<f32>
  %i = mlopt.iota %n {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = f32} : (index) -> tensor<?xf32>
  %s = mlopt.sub %i, %c : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %d = mlopt.div %a, %s : (tensor<3x?xf32>, tensor<?xf32>) -> tensor<3x?xf32>
  %0 = mlopt.check_finite %d {mlopt.hero_op} : (tensor<3x?xf32>) -> tensor<3x?xf32>
  mlopt.yield %0 : tensor<3x?xf32>
}
