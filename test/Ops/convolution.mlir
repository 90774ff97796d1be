// RUN: mlopt-eval %s | FileCheck %s

func.func @conv_same() -> tensor<1x3x5x4xf32> {
  %0 = mlopt.constant dense<[[[[0.5, 0.75, -1.5, -1.5], [-1.25, -1.25, 1.5, -1.25], [1.5, 0.25, -1.75, -1.0], [0.5, 0.75, 0.0, 0.75], [-1.5, 2.0, -2.0, -2.0]], [[-0.5, 1.5, 0.5, 0.0], [1.25, -1.5, -1.25, -1.5], [0.75, 1.25, 2.0, 0.0], [0.0, 0.0, -1.5, -1.25], [1.0, 1.5, -2.0, -1.0]]]]> : tensor<1x2x5x4xf32>
  %1 = mlopt.constant dense<[[[[-1.25, 1.25, 0.75], [1.25, 1.25, 0.75], [2.0, 1.5, 2.0]], [[-1.75, 0.0, -2.0], [-1.0, -0.5, 1.25], [-0.25, 1.75, 0.25]]], [[[0.0, 1.75, 0.75], [-0.5, 1.75, -1.75], [1.0, -1.25, 1.75]], [[-1.25, 0.5, 1.0], [-0.5, -1.25, -0.75], [0.75, -2.0, 0.75]]], [[[0.0, 0.5, 0.75], [-0.75, 1.75, 0.0], [-1.5, 1.5, -1.25]], [[-1.25, -0.25, 0.25], [0.25, 0.25, -1.25], [1.5, 1.0, -1.25]]]]> : tensor<3x2x3x3xf32>
  %2 = mlopt.constant dense<[0.25, 0.5, 1.25]> : tensor<3xf32>
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x5x4xf32>, tensor<3x2x3x3xf32>, tensor<3xf32>) -> tensor<1x3x5x4xf32>
  return %r : tensor<1x3x5x4xf32>
}
// CHECK: conv_same exact 0: tensor<1x3x5x4xf32> = [1, -3.5625, -8.5, -5.1875, -2.1875, -2.375, -7.625, -3.8125, 6.25, 5.4375, 3.5625, -7.125, 4.875, -10.375, -11.625, -7.5, 2.4375, -1.5625, -0.875, 1.3125, -4.6875, 8.125, -6.3125, 3.5, 0.75, -1.75, 1.625, -2.1875, -2.5, -6.375, 1.5, -2.3125, 9, -7.75, 2.625, 0.875, -6.5625, 7.1875, 0.5625, 2.8125, 2.9375, 1.875, 2.625, -7.625, 3.6875, 1.3125, 4.25, 0, 0.0625, -0.1875, -1.5625, 0.25, -2.4375, 15.375, -3.8125, -5.125, -2.1875, 9, -2, 1.0625]

func.func @conv_strided() -> tensor<1x2x3x3xf32> {
  %0 = mlopt.constant dense<[[[[-0.25, -0.25, -1.75, 1.0, -1.5, -1.5, -1.75], [-0.75, 0.0, -1.0, -2.0, 0.75, -1.5, -0.75], [2.0, 0.0, -1.75, 2.0, -1.25, 0.0, -1.0], [2.0, -1.25, -0.25, -1.25, -1.75, -1.5, -0.75], [-0.75, 1.0, 1.0, -1.5, 1.75, -0.25, -0.25]], [[0.75, -0.5, -0.25, 0.75, 0.25, 1.5, 0.25], [-2.0, 0.25, 0.75, 0.25, -2.0, 2.0, 0.5], [-1.0, -1.25, 0.0, 1.5, -2.0, 0.0, -0.25], [1.25, -2.0, 0.75, -1.0, -2.0, 0.5, 1.5], [-1.0, -1.25, -0.25, 0.0, 1.25, -0.75, -2.0]], [[0.0, 1.75, 1.75, 0.75, -1.0, -0.25, 1.25], [0.5, 1.5, -1.25, 0.25, -1.5, 0.75, 1.25], [-1.75, -0.5, 0.5, 2.0, 2.0, -1.25, 0.5], [0.25, 1.0, 1.25, -0.5, -0.5, -0.25, 0.0], [1.25, -0.25, 2.0, 1.75, 0.0, -1.25, -0.5]]]]> : tensor<1x3x5x7xf32>
  %1 = mlopt.constant dense<[[[[-0.25, -1.5], [2.0, 1.25], [-1.0, -1.0]], [[1.0, -1.75], [-0.75, -1.75], [-0.25, 0.25]], [[0.25, -2.0], [-1.0, 2.0], [-1.25, 0.5]]], [[[-1.75, -1.0], [-1.0, 2.0], [2.0, 1.75]], [[0.5, 1.25], [0.0, 0.75], [-0.5, 0.25]], [[1.75, -1.25], [1.0, 0.5], [-1.5, -1.75]]]]> : tensor<2x3x3x2xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 2, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x5x7xf32>, tensor<2x3x3x2xf32>, none) -> tensor<1x2x3x3xf32>
  return %r : tensor<1x2x3x3xf32>
}
// CHECK: conv_strided exact 0: tensor<1x2x3x3xf32> = [-0.5, -6.9375, -0.3125, 4.1875, -13.25, -4.5625, 0.375, -1.25, 3.875, 4.75, -2.8125, 4.375, 0.25, -7.25, 0.4375, -2.0625, 0.9375, -3.75]

func.func @conv_dilated() -> tensor<1x1x1x2xf32> {
  %0 = mlopt.constant dense<[[[[0.75, -1.25, 1.0, -1.0, -1.75, -2.0, -0.25], [-1.0, -1.25, -0.75, -0.5, -1.25, -1.5, 0.0], [-1.75, -1.0, -2.0, 1.25, 0.25, -0.75, -1.75], [-0.25, 0.0, -0.25, -1.25, 1.0, -1.25, -0.5], [-0.25, -2.0, -0.75, 0.75, 0.25, -0.25, -0.75], [0.0, 0.75, 1.5, -2.0, 0.0, -0.5, 0.5], [-1.5, -2.0, 1.5, -2.0, -0.5, -1.75, 1.0]]]]> : tensor<1x1x7x7xf32>
  %1 = mlopt.constant dense<[[[[1.25, 0.25, -1.0], [-1.25, -1.5, 1.25], [1.75, -1.0, 0.25]]]]> : tensor<1x1x3x3xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 3, 2>, groups = 1 : i64} : (tensor<1x1x7x7xf32>, tensor<1x1x3x3xf32>, none) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}
// CHECK: conv_dilated exact 0: tensor<1x1x1x2xf32> = [0.625, 2.625]

func.func @conv_1d_groups() -> tensor<2x6x3xf32> {
  %0 = mlopt.constant dense<[[[-1.0, 1.25, 1.25], [-1.5, -1.25, 0.25], [1.0, 1.75, -1.5], [-0.5, 1.5, 2.0]], [[1.75, 0.0, -2.0], [0.5, 0.75, 1.25], [-0.25, -0.5, 1.25], [1.75, 0.25, -0.5]]]> : tensor<2x4x3xf32>
  %1 = mlopt.constant dense<[[[0.75, -0.25], [-1.75, 0.25]], [[-1.5, 1.5], [-0.75, -1.0]], [[1.5, -1.75], [1.0, -2.0]], [[0.25, 2.0], [-1.5, 0.0]], [[0.5, 2.0], [-1.75, -2.0]], [[-0.75, -1.5], [1.75, -1.25]]]> : tensor<6x2x2xf32>
  %2 = mlopt.constant dense<[1.5, -0.75, 0.75, -0.5, -0.5, -0.5]> : tensor<6xf32>
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64} : (tensor<2x4x3xf32>, tensor<6x2x2xf32>, tensor<6xf32>) -> tensor<2x6x3xf32>
  return %r : tensor<2x6x3xf32>
}
// CHECK: conv_1d_groups exact 0: tensor<2x6x3xf32> = [1.375, 2.75, 4.375, -0.75, 5, -0.0625, 5.5, -1.9375, -1.3125, 1.5, 4, -5.3125, 2.5, 1.375, -9.25, -1.375, -6.625, 0.5625, 1.1875, 2.125, 1, 1.375, -4.5, -5.5625, -3.3125, 2.375, 2.5, -1, -4.1875, 1.5, -4.5, -5.1875, 2.3125, -2.3125, 3.1875, -0.9375]

func.func @conv_depthwise() -> tensor<1x3x2x2xf32> {
  %0 = mlopt.constant dense<[[[[-1.5, -0.5, -0.75, -0.75], [1.25, 0.25, -1.0, 1.25], [-1.25, 1.25, 0.0, 1.25], [-0.75, 2.0, 1.5, -0.75]], [[-1.75, -0.75, -0.5, 1.0], [0.5, 1.5, 0.0, -0.25], [1.25, -0.75, 1.75, 0.5], [-1.25, 0.5, -1.25, 1.5]], [[-0.75, -1.0, -0.75, -1.25], [-0.75, 0.0, -1.0, -1.75], [-1.75, 1.5, -0.25, 0.75], [1.5, 2.0, -1.75, 1.0]]]]> : tensor<1x3x4x4xf32>
  %1 = mlopt.constant dense<[[[[1.5, -2.0, -1.5], [1.5, 0.75, 0.25], [1.5, -2.0, 1.0]]], [[[0.25, -1.0, -0.25], [-1.25, 2.0, 1.0], [-0.75, 1.25, 2.0]]], [[[1.25, -0.25, 1.5], [-1.25, 0.5, 0.5], [-1.75, 2.0, 0.5]]]]> : tensor<3x1x3x3xf32>
  %2 = mlopt.constant dense<[2.0, -1.5, -0.5]> : tensor<3xf32>
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<1x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> tensor<1x3x2x2xf32>
  return %r : tensor<1x3x2x2xf32>
}
// CHECK: conv_depthwise exact 0: tensor<1x3x2x2xf32> = [-1.5, 4.125, 2, 3.9375, -2.125, -2.1875, -1.1875, 4.9375, -2.875, -3.125, 3.5625, -11]

func.func @conv_3d() -> tensor<1x2x1x3x2xf32> {
  %0 = mlopt.constant dense<[[[[[0.25, -1.5, 1.0], [0.25, -1.0, -1.0], [0.25, 0.5, 1.0]], [[0.0, -1.75, -0.75], [-0.25, -2.0, -1.75], [-1.25, 0.0, -0.25]]]]]> : tensor<1x1x2x3x3xf32>
  %1 = mlopt.constant dense<[[[[[0.5, -1.25], [1.0, 1.25]], [[-2.0, 0.5], [-1.25, -0.5]]]], [[[[-1.25, -0.5], [-1.5, -0.5]], [[0.75, -2.0], [-1.0, 1.25]]]]]> : tensor<2x1x2x2x2xf32>
  %2 = mlopt.constant dense<[0.25, -1.5]> : tensor<2xf32>
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1, 2>, pads_begin = array<i64: 0, 1, 0>, pads_end = array<i64: 0, 0, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x1x2x3x3xf32>, tensor<2x1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x1x3x2xf32>
  return %r : tensor<1x2x1x3x2xf32>
}
// CHECK: conv_3d exact 0: tensor<1x2x1x3x2xf32> = [-0.5, 2.1875, 1.6875, 3.4375, 3.5625, 4.5625, -3.3125, -2.25, 0.3125, -0.0625, 3.125, -2.8125]

func.func @conv_pointwise() -> tensor<2x2x2x2xf32> {
  %0 = mlopt.constant dense<[[[[-1.75, 1.0], [1.75, -1.75]], [[1.0, -0.75], [-0.5, -1.75]], [[0.5, -0.5], [-0.5, -0.5]]], [[[-0.5, 0.75], [-1.5, 1.0]], [[0.25, 0.0], [-0.75, 0.75]], [[-1.75, 0.75], [1.75, 1.0]]]]> : tensor<2x3x2x2xf32>
  %1 = mlopt.constant dense<[[[[1.75]], [[1.0]], [[1.25]]], [[[1.0]], [[0.25]], [[-0.5]]]]> : tensor<2x3x1x1xf32>
  %2 = mlopt.constant dense<[-1.0, 2.0]> : tensor<2xf32>
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x3x2x2xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>) -> tensor<2x2x2x2xf32>
  return %r : tensor<2x2x2x2xf32>
}
// CHECK: conv_pointwise exact 0: tensor<2x2x2x2xf32> = [-2.4375, -0.625, 0.9375, -6.4375, 0.25, 3.0625, 3.875, 0.0625, -3.8125, 1.25, -2.1875, 2.75, 2.4375, 2.375, -0.5625, 2.6875]

func.func @conv_pads_only() -> tensor<1x1x7xf32> {
  %0 = mlopt.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  %1 = mlopt.constant dense<[[[1.0]]]> : tensor<1x1x1xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1>, pads_begin = array<i64: 3>, pads_end = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x2xf32>, tensor<1x1x1xf32>, none) -> tensor<1x1x7xf32>
  return %r : tensor<1x1x7xf32>
}
// CHECK: conv_pads_only exact 0: tensor<1x1x7xf32> = [0, 0, 0, 1, 2, 0, 0]

func.func @conv_no_samples() -> tensor<0x1x2xf32> {
  %0 = mlopt.constant dense<> : tensor<0x1x3xf32>
  %1 = mlopt.constant dense<[[[1.0, 1.0]]]> : tensor<1x1x2xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv %0, %1, %2 {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<0x1x3xf32>, tensor<1x1x2xf32>, none) -> tensor<0x1x2xf32>
  return %r : tensor<0x1x2xf32>
}
// CHECK: conv_no_samples exact 0: tensor<0x1x2xf32> = []

func.func @conv_transpose() -> tensor<1x3x5x5xf32> {
  %0 = mlopt.constant dense<[[[[0.0, -0.75, 1.75], [-0.75, -0.75, -2.0], [2.0, 2.0, -2.0]], [[0.5, 1.0, -2.0], [-0.25, -0.75, -1.0], [-1.0, -0.75, 1.0]]]]> : tensor<1x2x3x3xf32>
  %1 = mlopt.constant dense<[[[[1.0, -0.5, -0.25], [2.0, -2.0, 1.75], [0.5, -1.25, -1.25]], [[2.0, 2.0, 0.25], [-0.75, 2.0, 0.25], [1.0, 1.75, -0.5]], [[1.5, -1.75, -1.0], [2.0, -1.0, -0.25], [1.5, -0.25, -1.5]]], [[[2.0, 1.75, 1.75], [0.75, 1.5, -0.25], [-1.5, -1.25, -0.25]], [[1.25, 2.0, -0.75], [-1.0, 1.25, -0.75], [0.75, 0.0, -2.0]], [[-0.75, -1.0, -1.75], [-0.75, 2.0, -0.5], [0.0, -1.0, 0.5]]]]> : tensor<2x3x3x3xf32>
  %2 = mlopt.constant dense<[0.5, -1.25, -0.75]> : tensor<3xf32>
  %r = mlopt.conv_transpose %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>} : (tensor<1x2x3x3xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>) -> tensor<1x3x5x5xf32>
  return %r : tensor<1x3x5x5xf32>
}
// CHECK: conv_transpose exact 0: tensor<1x3x5x5xf32> = [1.5, 2.625, 1.25, -1.9375, -3.4375, -0.375, -1.8125, 0.1875, -9.4375, 2.8125, -1.9375, -5.1875, -6.25, 3.8125, -2.1875, 3.75, 0.4375, -0.75, 14.5625, -0.5, 3, 1.375, -5.8125, -0.5625, 2.75, -0.625, -0.5, -0.125, -2.6875, 0.6875, -3.5625, -5.5, -9.4375, -6.8125, 0.9375, 2.6875, 3.3125, -2.25, -5.625, 0.875, -2.6875, -1.875, 0.375, -4.5625, 0.5, 0, 3.6875, 2, -4.25, -2.25, -1.125, -3.125, 2.8125, -2.8125, 1, -2.0625, -1, 7.75, -0.25, 3.5625, 1.6875, -2, -9.125, 4.8125, -3.125, 2.875, -0.875, -10.0625, 5.375, 1.75, 2.25, 2.75, -7, -4.625, 2.75]

func.func @conv_transpose_strided() -> tensor<1x1x8x4xf32> {
  %0 = mlopt.constant dense<[[[[0.25, 0.0], [0.0, 0.5], [-1.75, 1.5]], [[-0.75, 2.0], [-1.25, -0.25], [-1.75, 0.0]]]]> : tensor<1x2x3x2xf32>
  %1 = mlopt.constant dense<[[[[-2.0, -0.75, 1.75], [-0.5, 1.75, -0.75], [0.25, 2.0, 2.0]]], [[[0.75, 1.5, -0.75], [1.75, 1.25, 0.75], [0.75, -1.75, -0.25]]]]> : tensor<2x1x3x3xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv_transpose %0, %1, %2 {strides = array<i64: 3, 2>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 1, 0>} : (tensor<1x2x3x2xf32>, tensor<2x1x3x3xf32>, none) -> tensor<1x1x8x4xf32>
  return %r : tensor<1x1x8x4xf32>
}
// CHECK: conv_transpose_strided exact 0: tensor<1x1x8x4xf32> = [-1.4375, -0.5, 2.75, 2.5, -0.5, 1.8125, 2.1875, -3.5, -0.9375, -1.875, -0.25, -0.75, -2.1875, -1.5625, -1.625, 0.5625, -0.9375, 2.1875, 0.25, 1.4375, 2.1875, -1.3125, -4.75, -1.125, -2.1875, -5.25, -0.75, 2.625, -1.75, -0.4375, -2.6875, 3]

func.func @conv_transpose_groups() -> tensor<1x4x8xf32> {
  %0 = mlopt.constant dense<[[[2.0, -0.25, 1.75], [-2.0, -1.0, -1.5], [0.0, 0.5, -0.75], [-0.5, -0.5, -1.0]]]> : tensor<1x4x3xf32>
  %1 = mlopt.constant dense<[[[-1.75, -1.0, -0.75], [-0.75, -0.5, -1.25]], [[1.75, 0.25, -1.0], [-1.5, -1.25, 1.25]], [[0.75, 1.25, -1.0], [-0.5, 1.75, -1.5]], [[0.5, -0.75, -1.0], [-1.0, 1.75, -1.5]]]> : tensor<4x2x3xf32>
  %2 = mlopt.constant dense<[0.75, -1.5, -1.75, 1.5]> : tensor<4xf32>
  %r = mlopt.conv_transpose %0, %1, %2 {strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 2>, groups = 2 : i64, output_padding = array<i64: 1>} : (tensor<1x4x3xf32>, tensor<4x2x3xf32>, tensor<4xf32>) -> tensor<1x4x8xf32>
  return %r : tensor<1x4x8xf32>
}
// CHECK: conv_transpose_groups exact 0: tensor<1x4x8xf32> = [0.75, -3.0625, 0.75, -4.4375, 0.75, -0.1875, 0.75, 0.9375, -1.5, 1.6875, -1.5, -4.1875, -1.5, -1.4375, -1.5, -5.5625, -1.75, -1.25, -1.75, -1.3125, -1.75, -1.9375, -1.75, 0, 1.5, 0.875, 1.5, 3.625, 1.5, -1.5625, 1.5, 4.125]

func.func @conv_transpose_negative_pad() -> tensor<1x1x4xf32> {
  %0 = mlopt.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  %1 = mlopt.constant dense<[[[1.0, 1.0]]]> : tensor<1x1x2xf32>
  %2 = mlopt.none : none
  %r = mlopt.conv_transpose %0, %1, %2 {strides = array<i64: 1>, pads_begin = array<i64: -1>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x2xf32>, tensor<1x1x2xf32>, none) -> tensor<1x1x4xf32>
  return %r : tensor<1x1x4xf32>
}
// CHECK: conv_transpose_negative_pad exact 0: tensor<1x1x4xf32> = [0, 1, 3, 2]
