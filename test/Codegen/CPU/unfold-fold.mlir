// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size w=7 --size w=16 --size w=37 | FileCheck %s --implicit-check-not=FAILED
//
// Windows side by side (unfold) and added up where they came from (fold): over one,
// two and three axes, with strides, dilations, unequal borders, borders wider than
// the image, no sample at all, and operations before and after.
// CHECK: {{^}}unfold_same_1d x86-64-v2 w=7: generic
// CHECK: {{^}}fold_select x86-64-v4 w=37: generic

mlopt.kernel @unfold_same_1d(%a: tensor<2x3x?xf32>) -> tensor<2x3x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, "w"], [2, 3, 3, "w"]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x3x?xf32>) -> tensor<2x3x3x?xf32>
  mlopt.yield %0 : tensor<2x3x3x?xf32>
}
mlopt.kernel @unfold_far_1d(%a: tensor<1x2x?xf32>) -> tensor<1x2x4x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[1, 2, "w"], [1, 2, 4, #mlopt.sym<"w - 2">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 4>, strides = array<i64: 1>, pads_begin = array<i64: 5>, pads_end = array<i64: 2>, dilations = array<i64: 3>, mlopt.hero_op} : (tensor<1x2x?xf32>) -> tensor<1x2x4x?xf32>
  mlopt.yield %0 : tensor<1x2x4x?xf32>
}
mlopt.kernel @unfold_stride_1d(%a: tensor<2x2x?xf64>) -> tensor<2x2x3x?xf64> attributes {hero = #mlopt.hero<copy>, dims = [[2, 2, "w"], [2, 2, 3, #mlopt.sym<"floordiv(w, 2)">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3>, strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x2x?xf64>) -> tensor<2x2x3x?xf64>
  mlopt.yield %0 : tensor<2x2x3x?xf64>
}
mlopt.kernel @unfold_same_2d(%a: tensor<2x3x5x?xf32>) -> tensor<2x3x3x3x5x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, 5, "w"], [2, 3, 3, 3, 5, "w"]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x5x?xf32>) -> tensor<2x3x3x3x5x?xf32>
  mlopt.yield %0 : tensor<2x3x3x3x5x?xf32>
}
mlopt.kernel @unfold_valid_2d(%a: tensor<1x2x6x?xf16>) -> tensor<1x2x2x3x5x?xf16> attributes {hero = #mlopt.hero<copy>, dims = [[1, 2, 6, "w"], [1, 2, 2, 3, 5, #mlopt.sym<"w - 2">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 2, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x6x?xf16>) -> tensor<1x2x2x3x5x?xf16>
  mlopt.yield %0 : tensor<1x2x2x3x5x?xf16>
}
mlopt.kernel @unfold_stride_2d(%a: tensor<2x2x9x?xf32>) -> tensor<2x2x3x3x5x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 2, 9, "w"], [2, 2, 3, 3, 5, #mlopt.sym<"floordiv(w + 1, 2)">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x2x9x?xf32>) -> tensor<2x2x3x3x5x?xf32>
  mlopt.yield %0 : tensor<2x2x3x3x5x?xf32>
}
mlopt.kernel @unfold_mixed_2d(%a: tensor<1x3x7x?xf32>) -> tensor<1x3x3x2x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[1, 3, 7, "w"], [1, 3, 3, 2, 3, #mlopt.sym<"w + 1">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 2>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 2>, mlopt.hero_op} : (tensor<1x3x7x?xf32>) -> tensor<1x3x3x2x3x?xf32>
  mlopt.yield %0 : tensor<1x3x3x2x3x?xf32>
}
mlopt.kernel @unfold_mixed_3d(%a: tensor<1x2x4x3x?xf32>) -> tensor<1x2x2x1x3x4x2x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[1, 2, 4, 3, "w"], [1, 2, 2, 1, 3, 4, 2, #mlopt.sym<"w + 1">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 2, 1, 3>, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 0, 1, 2>, dilations = array<i64: 1, 1, 1>, mlopt.hero_op} : (tensor<1x2x4x3x?xf32>) -> tensor<1x2x2x1x3x4x2x?xf32>
  mlopt.yield %0 : tensor<1x2x2x1x3x4x2x?xf32>
}
mlopt.kernel @unfold_large_stride(%a: tensor<1x2x7x?xf32>) -> tensor<1x2x2x2x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[1, 2, 7, "w"], [1, 2, 2, 2, 3, #mlopt.sym<"floordiv(w, 3) + 1">]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 2, 2>, strides = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x7x?xf32>) -> tensor<1x2x2x2x3x?xf32>
  mlopt.yield %0 : tensor<1x2x2x2x3x?xf32>
}
mlopt.kernel @unfold_empty_2d(%a: tensor<0x3x4x?xf32>) -> tensor<0x3x3x3x4x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[0, 3, 4, "w"], [0, 3, 3, 3, 4, "w"]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<0x3x4x?xf32>) -> tensor<0x3x3x3x4x?xf32>
  mlopt.yield %0 : tensor<0x3x3x3x4x?xf32>
}
mlopt.kernel @unfold_fixed_2d(%a: tensor<2x3x8x8xf32>) -> tensor<2x3x3x3x8x8xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, 8, 8], [2, 3, 3, 3, 8, 8]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x8x8xf32>) -> tensor<2x3x3x3x8x8xf32>
  mlopt.yield %0 : tensor<2x3x3x3x8x8xf32>
}
mlopt.kernel @unfold_fixed_stride(%a: tensor<2x3x8x8xbf16>) -> tensor<2x3x3x3x4x4xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, 8, 8], [2, 3, 3, 3, 4, 4]]} {
  %0 = mlopt.unfold %a {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x8x8xbf16>) -> tensor<2x3x3x3x4x4xbf16>
  mlopt.yield %0 : tensor<2x3x3x3x4x4xbf16>
}
mlopt.kernel @fold_same_1d_7(%a: tensor<2x3x3x7xf32>) -> tensor<2x3x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 7], [2, 3, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x3x3x7xf32>) -> tensor<2x3x7xf32>
  mlopt.yield %0 : tensor<2x3x7xf32>
}
mlopt.kernel @fold_same_1d_40(%a: tensor<2x3x3x40xf32>) -> tensor<2x3x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 40], [2, 3, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 40>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x3x3x40xf32>) -> tensor<2x3x40xf32>
  mlopt.yield %0 : tensor<2x3x40xf32>
}
mlopt.kernel @fold_far_1d_7(%a: tensor<1x2x4x5xf32>) -> tensor<1x2x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 4, 5], [1, 2, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7>, strides = array<i64: 1>, pads_begin = array<i64: 5>, pads_end = array<i64: 2>, dilations = array<i64: 3>, mlopt.hero_op} : (tensor<1x2x4x5xf32>) -> tensor<1x2x7xf32>
  mlopt.yield %0 : tensor<1x2x7xf32>
}
mlopt.kernel @fold_far_1d_40(%a: tensor<1x2x4x38xf32>) -> tensor<1x2x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 4, 38], [1, 2, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 40>, strides = array<i64: 1>, pads_begin = array<i64: 5>, pads_end = array<i64: 2>, dilations = array<i64: 3>, mlopt.hero_op} : (tensor<1x2x4x38xf32>) -> tensor<1x2x40xf32>
  mlopt.yield %0 : tensor<1x2x40xf32>
}
mlopt.kernel @fold_stride_1d_7(%a: tensor<2x2x3x3xf64>) -> tensor<2x2x7xf64> attributes {hero = #mlopt.hero<pool>, dims = [[2, 2, 3, 3], [2, 2, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7>, strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x2x3x3xf64>) -> tensor<2x2x7xf64>
  mlopt.yield %0 : tensor<2x2x7xf64>
}
mlopt.kernel @fold_stride_1d_40(%a: tensor<2x2x3x20xf64>) -> tensor<2x2x40xf64> attributes {hero = #mlopt.hero<pool>, dims = [[2, 2, 3, 20], [2, 2, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 40>, strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, dilations = array<i64: 1>, mlopt.hero_op} : (tensor<2x2x3x20xf64>) -> tensor<2x2x40xf64>
  mlopt.yield %0 : tensor<2x2x40xf64>
}
mlopt.kernel @fold_same_2d_7(%a: tensor<2x3x3x3x5x7xf32>) -> tensor<2x3x5x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 3, 5, 7], [2, 3, 5, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 5, 7>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x3x3x5x7xf32>) -> tensor<2x3x5x7xf32>
  mlopt.yield %0 : tensor<2x3x5x7xf32>
}
mlopt.kernel @fold_same_2d_40(%a: tensor<2x3x3x3x5x40xf32>) -> tensor<2x3x5x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 3, 5, 40], [2, 3, 5, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 5, 40>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x3x3x5x40xf32>) -> tensor<2x3x5x40xf32>
  mlopt.yield %0 : tensor<2x3x5x40xf32>
}
mlopt.kernel @fold_valid_2d_7(%a: tensor<1x2x2x3x5x5xf16>) -> tensor<1x2x6x7xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 3, 5, 5], [1, 2, 6, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 6, 7>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x2x3x5x5xf16>) -> tensor<1x2x6x7xf16>
  mlopt.yield %0 : tensor<1x2x6x7xf16>
}
mlopt.kernel @fold_valid_2d_40(%a: tensor<1x2x2x3x5x38xf16>) -> tensor<1x2x6x40xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 3, 5, 38], [1, 2, 6, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 6, 40>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x2x3x5x38xf16>) -> tensor<1x2x6x40xf16>
  mlopt.yield %0 : tensor<1x2x6x40xf16>
}
mlopt.kernel @fold_stride_2d_7(%a: tensor<2x2x3x3x5x4xf32>) -> tensor<2x2x9x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 2, 3, 3, 5, 4], [2, 2, 9, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 9, 7>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x2x3x3x5x4xf32>) -> tensor<2x2x9x7xf32>
  mlopt.yield %0 : tensor<2x2x9x7xf32>
}
mlopt.kernel @fold_stride_2d_40(%a: tensor<2x2x3x3x5x20xf32>) -> tensor<2x2x9x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 2, 3, 3, 5, 20], [2, 2, 9, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 9, 40>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x2x3x3x5x20xf32>) -> tensor<2x2x9x40xf32>
  mlopt.yield %0 : tensor<2x2x9x40xf32>
}
mlopt.kernel @fold_mixed_2d_7(%a: tensor<1x3x3x2x3x8xf32>) -> tensor<1x3x7x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 3, 3, 2, 3, 8], [1, 3, 7, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7, 7>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 2>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 2>, mlopt.hero_op} : (tensor<1x3x3x2x3x8xf32>) -> tensor<1x3x7x7xf32>
  mlopt.yield %0 : tensor<1x3x7x7xf32>
}
mlopt.kernel @fold_mixed_2d_40(%a: tensor<1x3x3x2x3x41xf32>) -> tensor<1x3x7x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 3, 3, 2, 3, 41], [1, 3, 7, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7, 40>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 2>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 2>, mlopt.hero_op} : (tensor<1x3x3x2x3x41xf32>) -> tensor<1x3x7x40xf32>
  mlopt.yield %0 : tensor<1x3x7x40xf32>
}
mlopt.kernel @fold_mixed_3d_7(%a: tensor<1x2x2x1x3x4x2x8xf32>) -> tensor<1x2x4x3x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 1, 3, 4, 2, 8], [1, 2, 4, 3, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 4, 3, 7>, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 0, 1, 2>, dilations = array<i64: 1, 1, 1>, mlopt.hero_op} : (tensor<1x2x2x1x3x4x2x8xf32>) -> tensor<1x2x4x3x7xf32>
  mlopt.yield %0 : tensor<1x2x4x3x7xf32>
}
mlopt.kernel @fold_mixed_3d_40(%a: tensor<1x2x2x1x3x4x2x41xf32>) -> tensor<1x2x4x3x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 1, 3, 4, 2, 41], [1, 2, 4, 3, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 4, 3, 40>, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 0, 1, 2>, dilations = array<i64: 1, 1, 1>, mlopt.hero_op} : (tensor<1x2x2x1x3x4x2x41xf32>) -> tensor<1x2x4x3x40xf32>
  mlopt.yield %0 : tensor<1x2x4x3x40xf32>
}
mlopt.kernel @fold_large_stride_7(%a: tensor<1x2x2x2x3x3xf32>) -> tensor<1x2x7x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 2, 3, 3], [1, 2, 7, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7, 7>, strides = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x2x2x3x3xf32>) -> tensor<1x2x7x7xf32>
  mlopt.yield %0 : tensor<1x2x7x7xf32>
}
mlopt.kernel @fold_large_stride_40(%a: tensor<1x2x2x2x3x14xf32>) -> tensor<1x2x7x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 2, 2, 3, 14], [1, 2, 7, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 7, 40>, strides = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x2x2x3x14xf32>) -> tensor<1x2x7x40xf32>
  mlopt.yield %0 : tensor<1x2x7x40xf32>
}
mlopt.kernel @fold_empty_2d_7(%a: tensor<0x3x3x3x4x7xf32>) -> tensor<0x3x4x7xf32> attributes {hero = #mlopt.hero<pool>, dims = [[0, 3, 3, 3, 4, 7], [0, 3, 4, 7]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 4, 7>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<0x3x3x3x4x7xf32>) -> tensor<0x3x4x7xf32>
  mlopt.yield %0 : tensor<0x3x4x7xf32>
}
mlopt.kernel @fold_empty_2d_40(%a: tensor<0x3x3x3x4x40xf32>) -> tensor<0x3x4x40xf32> attributes {hero = #mlopt.hero<pool>, dims = [[0, 3, 3, 3, 4, 40], [0, 3, 4, 40]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 4, 40>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<0x3x3x3x4x40xf32>) -> tensor<0x3x4x40xf32>
  mlopt.yield %0 : tensor<0x3x4x40xf32>
}
mlopt.kernel @fold_fixed_2d_0(%a: tensor<2x3x3x3x8x8xf32>) -> tensor<2x3x8x8xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 3, 8, 8], [2, 3, 8, 8]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 8, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x3x3x8x8xf32>) -> tensor<2x3x8x8xf32>
  mlopt.yield %0 : tensor<2x3x8x8xf32>
}
mlopt.kernel @fold_fixed_stride_0(%a: tensor<2x3x3x3x4x4xbf16>) -> tensor<2x3x8x8xbf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 3, 4, 4], [2, 3, 8, 8]]} {
  %0 = mlopt.fold %a {static_sizes = array<i64: 8, 8>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x3x3x4x4xbf16>) -> tensor<2x3x8x8xbf16>
  mlopt.yield %0 : tensor<2x3x8x8xbf16>
}
mlopt.kernel @fold_select(%p: tensor<2x3x3x3x5x?xf32>, %a: tensor<2x3x3x3x5x?xf32>, %b: tensor<2x3x5x?xf32>, %d: index) -> tensor<2x3x5x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 3, 3, 3, 5, "w"], [2, 3, 3, 3, 5, "w"], [2, 3, 5, "w"], ["w"], [2, 3, 5, "w"]]} {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %g = mlopt.compare %p, %z {predicate = #mlopt<predicate gt>} : (tensor<2x3x3x3x5x?xf32>, tensor<f32>) -> tensor<2x3x3x3x5x?xi1>
  %s = mlopt.select %g, %a, %z : (tensor<2x3x3x3x5x?xi1>, tensor<2x3x3x3x5x?xf32>, tensor<f32>) -> tensor<2x3x3x3x5x?xf32>
  %0 = mlopt.fold %s, %d {static_sizes = array<i64: 5, -9223372036854775808>, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<2x3x3x3x5x?xf32>, index) -> tensor<2x3x5x?xf32>
  %1 = mlopt.mul %0, %b : (tensor<2x3x5x?xf32>, tensor<2x3x5x?xf32>) -> tensor<2x3x5x?xf32>
  mlopt.yield %1 : tensor<2x3x5x?xf32>
}
