// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1,h=1,w=1 --size n=0,h=5,w=6 --size n=2,h=7,w=16 --size n=3,h=40,w=35 | FileCheck %s --implicit-check-not=FAILED
//
// Row-major pooling, along rows and then across them: every kind, rank, stride,
// dilation and type; rows shorter than a vector, several bands, no samples.
// CHECK: {{^}}max_3x3 x86-64-v2 n=1{{.*}}: generic
// CHECK: {{^}}max_bf16 x86-64-v4 n=3{{.*}}: generic

mlopt.kernel @max_3x3(%a: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, "h", "w"], ["n", 2, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  mlopt.yield %0 : tensor<?x2x?x?xf32>
}
mlopt.kernel @max_s2(%a: tensor<?x2x21x39xf32>, %b: tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 21, 39], ["n", 2, 11, 20], ["n", 2, 11, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x21x39xf32>) -> tensor<?x2x11x20xf32>
  %1 = mlopt.add %0, %b : (tensor<?x2x11x20xf32>, tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32>
  mlopt.yield %1 : tensor<?x2x11x20xf32>
}
mlopt.kernel @max_1d(%a: tensor<?x3x41xf32>) -> tensor<?x3x14xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 41], ["n", 3, 14]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 4>, strides = array<i64: 3>, pads_begin = array<i64: 2>, pads_end = array<i64: 1>, extra_end = array<i64: 0>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<?x3x41xf32>) -> tensor<?x3x14xf32>
  mlopt.yield %0 : tensor<?x3x14xf32>
}
mlopt.kernel @max_3d(%a: tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 5, "h", "w"], [1, 2, 3, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3, 2>, strides = array<i64: 2, 1, 1>, pads_begin = array<i64: 1, 1, 0>, pads_end = array<i64: 0, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, mlopt.hero_op} : (tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32>
  mlopt.yield %0 : tensor<1x2x3x?x?xf32>
}
mlopt.kernel @max_dilated(%a: tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 1, 19, 23], ["n", 1, 9, 5]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 5>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, mlopt.hero_op} : (tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32>
  mlopt.yield %0 : tensor<?x1x9x5xf32>
}
mlopt.kernel @max_f16(%a: tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, 40], ["n", 2, 4, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16>
  mlopt.yield %0 : tensor<?x2x4x20xf16>
}
mlopt.kernel @max_f64(%a: tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 9, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64>
  mlopt.yield %0 : tensor<?x2x9x?xf64>
}
mlopt.kernel @average_3x3(%a: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, "h", "w"], ["n", 2, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  mlopt.yield %0 : tensor<?x2x?x?xf32>
}
mlopt.kernel @average_s2(%a: tensor<?x2x21x39xf32>, %b: tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 21, 39], ["n", 2, 11, 20], ["n", 2, 11, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x21x39xf32>) -> tensor<?x2x11x20xf32>
  %1 = mlopt.add %0, %b : (tensor<?x2x11x20xf32>, tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32>
  mlopt.yield %1 : tensor<?x2x11x20xf32>
}
mlopt.kernel @average_1d(%a: tensor<?x3x41xf32>) -> tensor<?x3x14xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 41], ["n", 3, 14]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 4>, strides = array<i64: 3>, pads_begin = array<i64: 2>, pads_end = array<i64: 1>, extra_end = array<i64: 0>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<?x3x41xf32>) -> tensor<?x3x14xf32>
  mlopt.yield %0 : tensor<?x3x14xf32>
}
mlopt.kernel @average_3d(%a: tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 5, "h", "w"], [1, 2, 3, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 3, 2>, strides = array<i64: 2, 1, 1>, pads_begin = array<i64: 1, 1, 0>, pads_end = array<i64: 0, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, mlopt.hero_op} : (tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32>
  mlopt.yield %0 : tensor<1x2x3x?x?xf32>
}
mlopt.kernel @average_dilated(%a: tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 1, 19, 23], ["n", 1, 9, 5]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 5>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, mlopt.hero_op} : (tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32>
  mlopt.yield %0 : tensor<?x1x9x5xf32>
}
mlopt.kernel @average_f16(%a: tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, 40], ["n", 2, 4, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16>
  mlopt.yield %0 : tensor<?x2x4x20xf16>
}
mlopt.kernel @average_f64(%a: tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 9, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64>
  mlopt.yield %0 : tensor<?x2x9x?xf64>
}
mlopt.kernel @lp_3x3(%a: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, "h", "w"], ["n", 2, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 2 : i64, mlopt.hero_op} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  mlopt.yield %0 : tensor<?x2x?x?xf32>
}
mlopt.kernel @lp_s2(%a: tensor<?x2x21x39xf32>, %b: tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 21, 39], ["n", 2, 11, 20], ["n", 2, 11, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 2 : i64, mlopt.hero_op} : (tensor<?x2x21x39xf32>) -> tensor<?x2x11x20xf32>
  %1 = mlopt.add %0, %b : (tensor<?x2x11x20xf32>, tensor<?x2x11x20xf32>) -> tensor<?x2x11x20xf32>
  mlopt.yield %1 : tensor<?x2x11x20xf32>
}
mlopt.kernel @lp_1d(%a: tensor<?x3x41xf32>) -> tensor<?x3x14xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 41], ["n", 3, 14]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 4>, strides = array<i64: 3>, pads_begin = array<i64: 2>, pads_end = array<i64: 1>, extra_end = array<i64: 0>, dilations = array<i64: 1>, p = 2 : i64, mlopt.hero_op} : (tensor<?x3x41xf32>) -> tensor<?x3x14xf32>
  mlopt.yield %0 : tensor<?x3x14xf32>
}
mlopt.kernel @lp_3d(%a: tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 5, "h", "w"], [1, 2, 3, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 3, 2>, strides = array<i64: 2, 1, 1>, pads_begin = array<i64: 1, 1, 0>, pads_end = array<i64: 0, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, p = 2 : i64, mlopt.hero_op} : (tensor<1x2x5x?x?xf32>) -> tensor<1x2x3x?x?xf32>
  mlopt.yield %0 : tensor<1x2x3x?x?xf32>
}
mlopt.kernel @lp_dilated(%a: tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 1, 19, 23], ["n", 1, 9, 5]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 5>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, p = 2 : i64, mlopt.hero_op} : (tensor<?x1x19x23xf32>) -> tensor<?x1x9x5xf32>
  mlopt.yield %0 : tensor<?x1x9x5xf32>
}
mlopt.kernel @lp_f16(%a: tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, 40], ["n", 2, 4, 20]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 2 : i64, mlopt.hero_op} : (tensor<?x2x9x40xf16>) -> tensor<?x2x4x20xf16>
  mlopt.yield %0 : tensor<?x2x4x20xf16>
}
mlopt.kernel @lp_f64(%a: tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 9, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 2 : i64, mlopt.hero_op} : (tensor<?x2x9x?xf64>) -> tensor<?x2x9x?xf64>
  mlopt.yield %0 : tensor<?x2x9x?xf64>
}
mlopt.kernel @average_with_pad(%a: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, "h", "w"], ["n", 2, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 5>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 1, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = true, mlopt.hero_op} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  mlopt.yield %0 : tensor<?x2x?x?xf32>
}
mlopt.kernel @average_whole(%a: tensor<?x3x7x7xf32>) -> tensor<?x3x1x1xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 7, 7], ["n", 3, 1, 1]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind average>, kernel = array<i64: 7, 7>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x3x7x7xf32>) -> tensor<?x3x1x1xf32>
  mlopt.yield %0 : tensor<?x3x1x1xf32>
}
mlopt.kernel @lp_one(%a: tensor<?x2x12x?xf32>) -> tensor<?x2x6x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 12, "w"], ["n", 2, 6, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 1 : i64, mlopt.hero_op} : (tensor<?x2x12x?xf32>) -> tensor<?x2x6x?xf32>
  mlopt.yield %0 : tensor<?x2x6x?xf32>
}
mlopt.kernel @lp_three(%a: tensor<?x2x12x?xf32>) -> tensor<?x2x6x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 12, "w"], ["n", 2, 6, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 3 : i64, mlopt.hero_op} : (tensor<?x2x12x?xf32>) -> tensor<?x2x6x?xf32>
  mlopt.yield %0 : tensor<?x2x6x?xf32>
}
mlopt.kernel @max_13(%a: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, "h", "w"], ["n", 2, "h", "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 13, 13>, strides = array<i64: 1, 1>, pads_begin = array<i64: 6, 6>, pads_end = array<i64: 6, 6>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  mlopt.yield %0 : tensor<?x2x?x?xf32>
}
mlopt.kernel @max_long(%a: tensor<?x1x?x50xf32>) -> tensor<?x1x?x50xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 1, "h", 50], ["n", 1, "h", 50]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 1, 20>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 10>, pads_end = array<i64: 0, 9>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x1x?x50xf32>) -> tensor<?x1x?x50xf32>
  mlopt.yield %0 : tensor<?x1x?x50xf32>
}
mlopt.kernel @max_banded(%a: tensor<1x2x100x33xf32>) -> tensor<1x2x50x16xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 100, 33], [1, 2, 50, 16]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x100x33xf32>) -> tensor<1x2x50x16xf32>
  mlopt.yield %0 : tensor<1x2x50x16xf32>
}
mlopt.kernel @max_i8(%a: tensor<?x2x9x?xi8>) -> tensor<?x2x5x?xi8> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 5, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x?xi8>) -> tensor<?x2x5x?xi8>
  mlopt.yield %0 : tensor<?x2x5x?xi8>
}
mlopt.kernel @max_ui8(%a: tensor<?x2x9x?xui8>) -> tensor<?x2x5x?xui8> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 5, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x?xui8>) -> tensor<?x2x5x?xui8>
  mlopt.yield %0 : tensor<?x2x5x?xui8>
}
mlopt.kernel @max_bf16(%a: tensor<?x2x9x?xbf16>) -> tensor<?x2x5x?xbf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 2, 9, "w"], ["n", 2, 5, "w"]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x2x9x?xbf16>) -> tensor<?x2x5x?xbf16>
  mlopt.yield %0 : tensor<?x2x5x?xbf16>
}
