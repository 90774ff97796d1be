// RUN: mlopt-eval %s | FileCheck %s

func.func @max_pool() -> tensor<1x2x2x2xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]], [[0.75, 1.5, 1.0, -1.25, -0.75], [-0.25, 1.5, 0.75, 0.25, 0.75], [2.0, -0.25, -1.75, -2.0, 0.25], [0.0, 0.75, 1.75, -1.25, 0.5], [1.5, 1.75, -1.75, 1.0, 0.75]]]]> : tensor<1x2x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x5x5xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}
// CHECK: max_pool exact 0: tensor<1x2x2x2xf32> = [2, 2, 1.5, 1.25, 2, 1, 2, 1.75]

func.func @max_pool_pad() -> tensor<1x2x3x3xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]], [[0.75, 1.5, 1.0, -1.25, -0.75], [-0.25, 1.5, 0.75, 0.25, 0.75], [2.0, -0.25, -1.75, -2.0, 0.25], [0.0, 0.75, 1.75, -1.25, 0.5], [1.5, 1.75, -1.75, 1.0, 0.75]]]]> : tensor<1x2x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x5x5xf32>) -> tensor<1x2x3x3xf32>
  return %r : tensor<1x2x3x3xf32>
}
// CHECK: max_pool_pad exact 0: tensor<1x2x3x3xf32> = [2, 2, 2, 1.5, 2, 2, 1.5, 1.25, -0.25, 1.5, 1.5, 0.75, 2, 1.75, 0.75, 1.75, 1.75, 1]

func.func @max_pool_dilated() -> tensor<1x1x3x2xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]]]]> : tensor<1x1x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>} : (tensor<1x1x5x5xf32>) -> tensor<1x1x3x2xf32>
  return %r : tensor<1x1x3x2xf32>
}
// CHECK: max_pool_dilated exact 0: tensor<1x1x3x2xf32> = [2, 1.75, 2, 1.25, 1.5, 1.75]

func.func @max_pool_ceil() -> tensor<1x1x3xf32> {
  %0 = mlopt.constant dense<[[[-0.25, 0.75, 1.25, -1.5, -1.75, 2.0]]]> : tensor<1x1x6xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 3>, strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 1>, dilations = array<i64: 1>} : (tensor<1x1x6xf32>) -> tensor<1x1x3xf32>
  return %r : tensor<1x1x3xf32>
}
// CHECK: max_pool_ceil exact 0: tensor<1x1x3xf32> = [1.25, 1.25, 2]

func.func @max_pool_nan() -> tensor<1x1x3xf32> {
  %0 = mlopt.constant dense<[[[1.0, 0x7FC00000, 0.0, -5.0]]]> : tensor<1x1x4xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 2>, strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x4xf32>) -> tensor<1x1x3xf32>
  return %r : tensor<1x1x3xf32>
}
// CHECK: max_pool_nan exact 0: tensor<1x1x3xf32> = [nan, nan, 0]

func.func @max_pool_ui8() -> tensor<1x1x2xui8> {
  %0 = mlopt.constant dense<[[[3, 200, 255, 7]]]> : tensor<1x1x4xui8>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 2>, strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x4xui8>) -> tensor<1x1x2xui8>
  return %r : tensor<1x1x2xui8>
}
// CHECK: max_pool_ui8 exact 0: tensor<1x1x2xui8> = [200, 255]

func.func @max_pool_i8() -> tensor<1x1x2xi8> {
  %0 = mlopt.constant dense<[[[-3, -2, -5, -7]]]> : tensor<1x1x4xi8>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 3>, strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x4xi8>) -> tensor<1x1x2xi8>
  return %r : tensor<1x1x2xi8>
}
// CHECK: max_pool_i8 exact 0: tensor<1x1x2xi8> = [-2, -2]

func.func @average_pool() -> tensor<1x2x4x2xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]], [[0.75, 1.5, 1.0, -1.25, -0.75], [-0.25, 1.5, 0.75, 0.25, 0.75], [2.0, -0.25, -1.75, -2.0, 0.25], [0.0, 0.75, 1.75, -1.25, 0.5], [1.5, 1.75, -1.75, 1.0, 0.75]]]]> : tensor<1x2x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 2>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x5x5xf32>) -> tensor<1x2x4x2xf32>
  return %r : tensor<1x2x4x2xf32>
}
// CHECK: average_pool exact 0: tensor<1x2x4x2xf32> = [0.875, -0.5, 0.1875, 0.125, 0.0625, -0.375, -0.0625, -0.0625, 0.875, 0.1875, 0.75, -0.6875, 0.625, -0.8125, 1, -0.0625]

func.func @average_pool_pad() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]]]]> : tensor<1x1x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x1x5x5xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: average_pool_pad exact 0: tensor<1x1x3x3xf32> = [0.875, 0, 0.0625, 0.16666666{{[0-9]*}}, -0.16666666{{[0-9]*}}, 0.25, -0.0625, -0.45833333{{[0-9]*}}, -0.5625]

func.func @average_pool_include() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]]]]> : tensor<1x1x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x1x5x5xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: average_pool_include exact 0: tensor<1x1x3x3xf32> = [0.38888888{{[0-9]*}}, 0, 0.027777777{{[0-9]*}}, 0.11111111{{[0-9]*}}, -0.16666666{{[0-9]*}}, 0.16666666{{[0-9]*}}, -0.027777777{{[0-9]*}}, -0.30555555{{[0-9]*}}, -0.25]

func.func @average_pool_extra() -> tensor<1x1x2xf32> {
  %0 = mlopt.constant dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 3>, strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 1>, dilations = array<i64: 1>, count_include_pad = true} : (tensor<1x1x4xf32>) -> tensor<1x1x2xf32>
  return %r : tensor<1x1x2xf32>
}
// CHECK: average_pool_extra exact 0: tensor<1x1x2xf32> = [2, 3.5]

func.func @average_pool_3d() -> tensor<1x1x1x2x2xf32> {
  %0 = mlopt.constant dense<[[[[[-1.75, 2.0, -1.75], [-1.75, 1.0, -0.5], [0.0, 0.0, 1.25]], [[0.5, -2.0, -1.0], [-2.0, -0.75, 1.75], [1.75, 1.0, 1.25]]]]]> : tensor<1x1x2x3x3xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 0, 0, 0>, pads_end = array<i64: 0, 0, 0>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>} : (tensor<1x1x2x3x3xf32>) -> tensor<1x1x1x2x2xf32>
  return %r : tensor<1x1x1x2x2xf32>
}
// CHECK: average_pool_3d exact 0: tensor<1x1x1x2x2xf32> = [-0.59375, -0.15625, -0.09375, 0.625]

func.func @lp_pool() -> tensor<1x1x2x2xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 0.75, -1.75, -1.75, 1.25], [-0.5, 1.25, -0.5, 2.0, -1.25], [1.5, -1.5, -0.75, -0.25, 1.75], [1.5, -1.25, -0.25, -0.25, -0.5], [0.75, -1.25, 1.25, -1.0, -0.5]]]]> : tensor<1x1x5x5xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x1x5x5xf32>) -> tensor<1x1x2x2xf32>
  return %r : tensor<1x1x2x2xf32>
}
// CHECK: lp_pool exact 0: tensor<1x1x2x2xf32> = [2.5248762{{[0-9]*}}, 3.2210246{{[0-9]*}}, 2.8831406{{[0-9]*}}, 0.86602540{{[0-9]*}}]

func.func @lp_pool_p1() -> tensor<1x1x2xf32> {
  %0 = mlopt.constant dense<[[[1.0, -2.0, 3.0]]]> : tensor<1x1x3xf32>
  %r = mlopt.pool %0 {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2>, strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, p = 1 : i64} : (tensor<1x1x3xf32>) -> tensor<1x1x2xf32>
  return %r : tensor<1x1x2xf32>
}
// CHECK: lp_pool_p1 exact 0: tensor<1x1x2xf32> = [3, 5]

func.func @max_pool_indices() -> (tensor<2x2x2x2xf32>, tensor<2x2x2x2xi64>) {
  %0 = mlopt.constant dense<[[[[0.5, 0.25, 2.0], [-0.5, -1.25, 2.0], [-2.0, -1.75, -2.0], [0.75, 1.75, 1.75]], [[-0.25, 1.0, 1.25], [1.5, 1.5, -0.25], [1.0, 0.75, 1.0], [1.75, 0.75, 1.25]]], [[[1.5, -1.0, -1.75], [2.0, 0.25, 2.0], [-1.5, 1.75, -0.5], [-2.0, -0.5, 1.0]], [[1.75, 0.5, -1.5], [0.0, -0.5, -1.5], [-2.0, 0.5, 1.0], [-1.25, 0.25, -0.25]]]]> : tensor<2x2x4x3xf32>
  %r:2 = mlopt.max_pool_with_indices %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x2x4x3xf32>) -> (tensor<2x2x2x2xf32>, tensor<2x2x2x2xi64>)
  return %r#0, %r#1 : tensor<2x2x2x2xf32>, tensor<2x2x2x2xi64>
}
// CHECK: max_pool_indices exact 0: tensor<2x2x2x2xf32> = [0.5, 2, 1.75, 1.75, 1.5, 1.5, 1.75, 1.25, 2, 2, 1.75, 1.75, 1.75, 0.5, 0.5, 1]
// CHECK: max_pool_indices exact 1: tensor<2x2x2x2xi64> = [0, 2, 10, 10, 15, 16, 21, 23, 27, 29, 31, 31, 36, 37, 43, 44]

func.func @max_pool_indices_column() -> (tensor<1x2x2x3xf32>, tensor<1x2x2x3xi64>) {
  %0 = mlopt.constant dense<[[[[2.0, 0.5, -1.0], [-1.25, -0.75, -0.5], [0.75, -1.5, -0.25], [0.25, -2.0, 2.0]], [[0.0, 1.75, 2.0], [0.5, -1.25, -0.25], [0.25, -1.25, -0.25], [2.0, -1.5, -1.0]]]]> : tensor<1x2x4x3xf32>
  %r:2 = mlopt.max_pool_with_indices %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, column_major = true} : (tensor<1x2x4x3xf32>) -> (tensor<1x2x2x3xf32>, tensor<1x2x2x3xi64>)
  return %r#0, %r#1 : tensor<1x2x2x3xf32>, tensor<1x2x2x3xi64>
}
// CHECK: max_pool_indices_column exact 0: tensor<1x2x2x3xf32> = [2, 0.5, -1, 0.75, -0.25, -0.25, 1.75, 2, 2, 0.5, -0.25, -0.25]
// CHECK: max_pool_indices_column exact 1: tensor<1x2x2x3xi64> = [0, 4, 8, 2, 10, 10, 16, 20, 20, 13, 21, 21]

func.func @max_pool_indices_first() -> (tensor<1x1x2xf32>, tensor<1x1x2xi64>) {
  %0 = mlopt.constant dense<[[[2.0, 2.0, 1.0]]]> : tensor<1x1x3xf32>
  %r:2 = mlopt.max_pool_with_indices %0 {kernel = array<i64: 2>, strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x3xf32>) -> (tensor<1x1x2xf32>, tensor<1x1x2xi64>)
  return %r#0, %r#1 : tensor<1x1x2xf32>, tensor<1x1x2xi64>
}
// CHECK: max_pool_indices_first exact 0: tensor<1x1x2xf32> = [2, 2]
// CHECK: max_pool_indices_first exact 1: tensor<1x1x2xi64> = [0, 1]
