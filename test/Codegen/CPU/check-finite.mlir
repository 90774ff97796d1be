// RUN: not mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=19 --size n=40 | FileCheck %s
//
// The check for elements that are infinite or no number: finite elements pass, the
// first other one of the result is recorded, in vectors, rests of rows and behind a
// product or a convolution; padding of a blocked layout is not looked at.

// CHECK-COUNT-6: {{^}}finite x86-64-{{.*}} ok{{$}}
mlopt.kernel @finite(%a: tensor<3x?xf32>) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"]]} {
  %0 = mlopt.check_finite %a {mlopt.hero_op} : (tensor<3x?xf32>) -> tensor<3x?xf32>
  mlopt.yield %0 : tensor<3x?xf32>
}

// Column 17 of each row is 1 / 0.
// CHECK-COUNT-6: {{^}}infinite x86-64-{{.*}} FAILED: an error was recorded at element 17
mlopt.kernel @infinite(%a: tensor<3x?xf32> {mlopt.range = [1.0, 2.0]}, %n: index) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], ["n"], [3, "n"]]} {
  %c = mlopt.constant dense<17.0> : tensor<f32>
  %i = mlopt.iota %n {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = f32} : (index) -> tensor<?xf32>
  %s = mlopt.sub %i, %c : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %d = mlopt.div %a, %s : (tensor<3x?xf32>, tensor<?xf32>) -> tensor<3x?xf32>
  %0 = mlopt.check_finite %d {mlopt.hero_op} : (tensor<3x?xf32>) -> tensor<3x?xf32>
  mlopt.yield %0 : tensor<3x?xf32>
}

// CHECK-COUNT-3: {{^}}product x86-64-{{.*}}: contraction {{.*}} FAILED: an error was recorded at element 37
mlopt.kernel @product(%a: tensor<5x24xf32>, %b: tensor<24x20xf32>) -> tensor<5x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[5, 24], [24, 20], [5, 20]]} {
  %c = mlopt.constant dense<17.0> : tensor<f32>
  %o = mlopt.constant dense<1.0> : tensor<f32>
  %m = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<5x24xf32>, tensor<24x20xf32>) -> tensor<5x20xf32>
  %i = mlopt.iota {axis = 1 : i64, static_sizes = array<i64: 5, 20>, to = f32} : () -> tensor<5x20xf32>
  %j = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 5, 20>, to = f32} : () -> tensor<5x20xf32>
  %s = mlopt.sub %i, %c : (tensor<5x20xf32>, tensor<f32>) -> tensor<5x20xf32>
  %t = mlopt.sub %j, %o : (tensor<5x20xf32>, tensor<f32>) -> tensor<5x20xf32>
  %q = mlopt.mul %s, %s : (tensor<5x20xf32>, tensor<5x20xf32>) -> tensor<5x20xf32>
  %u = mlopt.mul %t, %t : (tensor<5x20xf32>, tensor<5x20xf32>) -> tensor<5x20xf32>
  %v = mlopt.add %q, %u : (tensor<5x20xf32>, tensor<5x20xf32>) -> tensor<5x20xf32>
  %d = mlopt.div %o, %v : (tensor<f32>, tensor<5x20xf32>) -> tensor<5x20xf32>
  %r = mlopt.add %m, %d : (tensor<5x20xf32>, tensor<5x20xf32>) -> tensor<5x20xf32>
  %0 = mlopt.check_finite %r : (tensor<5x20xf32>) -> tensor<5x20xf32>
  mlopt.yield %0 : tensor<5x20xf32>
}

// Channels 19 of 20 at place 0: element 19 * n; channels 20 to 31 of the layout are padding.
// CHECK-COUNT-3: {{^}}windows x86-64-{{.*}} n=19: convolution {{.*}} FAILED: an error was recorded at element 361
mlopt.kernel @windows(%x: tensor<1x16x?xf32>, %w: tensor<20x16x1xf32>, %b: tensor<20xf32>) -> tensor<1x20x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, "n"], [20, 16, 1], [20], [1, 20, "n"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %c = mlopt.constant dense<19.0> : tensor<f32>
  %o = mlopt.constant dense<1.0> : tensor<f32>
  %m = mlopt.conv %x, %w, %b {dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, strides = array<i64: 1>} : (tensor<1x16x?xf32>, tensor<20x16x1xf32>, tensor<20xf32>) -> tensor<1x20x?xf32>
  %i = mlopt.iota {axis = 1 : i64, static_sizes = array<i64: 1, 20, 1>, to = f32} : () -> tensor<1x20x1xf32>
  %s = mlopt.sub %i, %c : (tensor<1x20x1xf32>, tensor<f32>) -> tensor<1x20x1xf32>
  %d = mlopt.div %o, %s : (tensor<f32>, tensor<1x20x1xf32>) -> tensor<1x20x1xf32>
  %r = mlopt.add %m, %d : (tensor<1x20x?xf32>, tensor<1x20x1xf32>) -> tensor<1x20x?xf32>
  %0 = mlopt.check_finite %r : (tensor<1x20x?xf32>) -> tensor<1x20x?xf32>
  mlopt.yield %0 : tensor<1x20x?xf32>
}

// Infinite in the padding only.
// CHECK-COUNT-6: {{^}}padding x86-64-{{.*}}: convolution {{.*}} ok{{$}}
mlopt.kernel @padding(%x: tensor<1x16x?xf32>, %w: tensor<20x16x1xf32>, %b: tensor<20xf32>) -> tensor<1x20x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, "n"], [20, 16, 1], [20], [1, 20, "n"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %c = mlopt.constant dense<25.0> : tensor<f32>
  %o = mlopt.constant dense<1.0> : tensor<f32>
  %m = mlopt.conv %x, %w, %b {dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, strides = array<i64: 1>} : (tensor<1x16x?xf32>, tensor<20x16x1xf32>, tensor<20xf32>) -> tensor<1x20x?xf32>
  %i = mlopt.iota {axis = 1 : i64, static_sizes = array<i64: 1, 20, 1>, to = f32} : () -> tensor<1x20x1xf32>
  %s = mlopt.sub %i, %c : (tensor<1x20x1xf32>, tensor<f32>) -> tensor<1x20x1xf32>
  %d = mlopt.div %o, %s : (tensor<f32>, tensor<1x20x1xf32>) -> tensor<1x20x1xf32>
  %r = mlopt.add %m, %d : (tensor<1x20x?xf32>, tensor<1x20x1xf32>) -> tensor<1x20x?xf32>
  %0 = mlopt.check_finite %r : (tensor<1x20x?xf32>) -> tensor<1x20x?xf32>
  mlopt.yield %0 : tensor<1x20x?xf32>
}
