// RUN: mlopt-eval %s | FileCheck %s

func.func @nearest_round_prefer_floor() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[1.0, -2.0, 0.75, 0.75, 0.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.6>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: nearest_round_prefer_floor exact 0: tensor<1x1x1x8xf32> = [1, 1, -2, 0.75, 0.75, 0.75, 0, 0]

func.func @nearest_round_prefer_ceil() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[-2.0, 1.25, 1.25, -0.75, 1.75]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_ceil>, scales = array<f64: 1.0, 1.0, 1.0, 1.6>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: nearest_round_prefer_ceil exact 0: tensor<1x1x1x8xf32> = [-2, -2, 1.25, 1.25, 1.25, -0.75, 1.75, 1.75]

func.func @nearest_floor() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[-0.25, -1.0, 1.5, 1.0, -0.75]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.6>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: nearest_floor exact 0: tensor<1x1x1x8xf32> = [-0.25, -0.25, -1, -1, 1.5, 1.5, 1, -0.75]

func.func @nearest_ceil() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[2.0, -1.0, 0.25, -1.0, 2.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode ceil>, scales = array<f64: 1.0, 1.0, 1.0, 1.6>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: nearest_ceil exact 0: tensor<1x1x1x8xf32> = [2, -1, 0.25, 0.25, -1, -1, 2, 2]

func.func @linear_half_pixel() -> tensor<1x1x1x7xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 1.7999999523162842>, static_sizes = array<i64: 1, 1, 1, 7>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x7xf32>
  return %r : tensor<1x1x1x7xf32>
}
// CHECK: linear_half_pixel exact 0: tensor<1x1x1x7xf32> = [-0.16666674{{[0-9]*}}, -0.22222228{{[0-9]*}}, -0.31481484{{[0-9]*}}, -1.0000000{{[0-9]*}}, -1.8333332{{[0-9]*}}, -0.76851841{{[0-9]*}}, 0.083333250{{[0-9]*}}]

func.func @nearest_half_pixel() -> tensor<1x1x2x6xf32> {
  %0 = mlopt.constant dense<[[[[-0.75, 1.5, -1.25, 2.0, -2.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 1.2999999523162842>, static_sizes = array<i64: 1, 1, 2, 6>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x2x6xf32>
  return %r : tensor<1x1x2x6xf32>
}
// CHECK: nearest_half_pixel exact 0: tensor<1x1x2x6xf32> = [-0.75, 1.5, 1.5, -1.25, 2, -2, -0.75, 1.5, 1.5, -1.25, 2, -2]

func.func @cubic_half_pixel() -> tensor<1x1x1x6xf32> {
  %0 = mlopt.constant dense<[[[[0.25, -1.75, 2.0, 1.0]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.5>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}
// CHECK: cubic_half_pixel exact 0: tensor<1x1x1x6xf32> = [0.42361111{{[0-9]*}}, -1.1015625, -1.3680555{{[0-9]*}}, 1.5138888{{[0-9]*}}, 1.8515625, 0.91319444{{[0-9]*}}]

func.func @linear_half_pixel_symmetric() -> tensor<1x1x1x7xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 1.7999999523162842>, static_sizes = array<i64: 1, 1, 1, 7>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x7xf32>
  return %r : tensor<1x1x1x7xf32>
}
// CHECK: linear_half_pixel_symmetric exact 0: tensor<1x1x1x7xf32> = [1.5, 0.91666671{{[0-9]*}}, 0.083333355{{[0-9]*}}, -0.75, -1.3194443{{[0-9]*}}, 0.48611120{{[0-9]*}}, 1.75]

func.func @nearest_half_pixel_symmetric() -> tensor<1x1x2x6xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.25, 0.5, 0.5, 2.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 1.2999999523162842>, static_sizes = array<i64: 1, 1, 2, 6>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x2x6xf32>
  return %r : tensor<1x1x2x6xf32>
}
// CHECK: nearest_half_pixel_symmetric exact 0: tensor<1x1x2x6xf32> = [-1, -0.25, 0.5, 0.5, 0.5, 2, -1, -0.25, 0.5, 0.5, 0.5, 2]

func.func @cubic_half_pixel_symmetric() -> tensor<1x1x1x6xf32> {
  %0 = mlopt.constant dense<[[[[-2.0, -1.0, -1.5, 1.25]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.5>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}
// CHECK: cubic_half_pixel_symmetric exact 0: tensor<1x1x1x6xf32> = [-2.0868055{{[0-9]*}}, -1.453125, -1.0326967{{[0-9]*}}, -1.6495949{{[0-9]*}}, -0.171875, 1.4887152{{[0-9]*}}]

func.func @linear_pytorch_half_pixel() -> tensor<1x1x1x7xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 1.7999999523162842>, static_sizes = array<i64: 1, 1, 1, 7>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x7xf32>
  return %r : tensor<1x1x1x7xf32>
}
// CHECK: linear_pytorch_half_pixel exact 0: tensor<1x1x1x7xf32> = [-0.16666674{{[0-9]*}}, -0.22222228{{[0-9]*}}, -0.31481484{{[0-9]*}}, -1.0000000{{[0-9]*}}, -1.8333332{{[0-9]*}}, -0.76851841{{[0-9]*}}, 0.083333250{{[0-9]*}}]

func.func @nearest_pytorch_half_pixel() -> tensor<1x1x2x6xf32> {
  %0 = mlopt.constant dense<[[[[-2.0, -1.5, -1.75, 1.25, 1.75]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 1.2999999523162842>, static_sizes = array<i64: 1, 1, 2, 6>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x2x6xf32>
  return %r : tensor<1x1x2x6xf32>
}
// CHECK: nearest_pytorch_half_pixel exact 0: tensor<1x1x2x6xf32> = [-2, -1.5, -1.5, -1.75, 1.25, 1.75, -2, -1.5, -1.5, -1.75, 1.25, 1.75]

func.func @cubic_pytorch_half_pixel() -> tensor<1x1x1x6xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.25, -0.5, 0.25]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.5>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}
// CHECK: cubic_pytorch_half_pixel exact 0: tensor<1x1x1x6xf32> = [-1.0651041{{[0-9]*}}, -0.6015625, -0.23379629{{[0-9]*}}, -0.51620370{{[0-9]*}}, -0.1484375, 0.31510416{{[0-9]*}}]

func.func @linear_align_corners() -> tensor<1x1x1x7xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 1.7999999523162842>, static_sizes = array<i64: 1, 1, 1, 7>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x7xf32>
  return %r : tensor<1x1x1x7xf32>
}
// CHECK: linear_align_corners exact 0: tensor<1x1x1x7xf32> = [-1, -0.75806450{{[0-9]*}}, -0.51612901{{[0-9]*}}, -1.1774194{{[0-9]*}}, -1.9032258{{[0-9]*}}, -1.4758063{{[0-9]*}}, -0.87096763{{[0-9]*}}]

func.func @nearest_align_corners() -> tensor<1x1x2x6xf32> {
  %0 = mlopt.constant dense<[[[[0.5, 0.5, -0.75, 0.5, 0.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 1.2999999523162842>, static_sizes = array<i64: 1, 1, 2, 6>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x2x6xf32>
  return %r : tensor<1x1x2x6xf32>
}
// CHECK: nearest_align_corners exact 0: tensor<1x1x2x6xf32> = [0.5, 0.5, 0.5, -0.75, 0.5, 0, 0.5, 0.5, 0.5, -0.75, 0.5, 0]

func.func @cubic_align_corners() -> tensor<1x1x1x6xf32> {
  %0 = mlopt.constant dense<[[[[1.75, -1.0, -0.75, -1.25]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.5>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}
// CHECK: cubic_align_corners exact 0: tensor<1x1x1x6xf32> = [1.75, 0.04, -1.208, -0.812, -0.917, -1.25]

func.func @linear_asymmetric() -> tensor<1x1x1x7xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 1.7999999523162842>, static_sizes = array<i64: 1, 1, 1, 7>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x7xf32>
  return %r : tensor<1x1x1x7xf32>
}
// CHECK: linear_asymmetric exact 0: tensor<1x1x1x7xf32> = [-1, -0.72222221{{[0-9]*}}, -0.66666671{{[0-9]*}}, -1.5000000{{[0-9]*}}, -1.7222221{{[0-9]*}}, -1.0277776{{[0-9]*}}, -0.75]

func.func @nearest_asymmetric() -> tensor<1x1x2x6xf32> {
  %0 = mlopt.constant dense<[[[[0.0, 1.75, -1.0, 0.5, 2.0]]]]> : tensor<1x1x1x5xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 1.2999999523162842>, static_sizes = array<i64: 1, 1, 2, 6>, roi = array<f64>} : (tensor<1x1x1x5xf32>) -> tensor<1x1x2x6xf32>
  return %r : tensor<1x1x2x6xf32>
}
// CHECK: nearest_asymmetric exact 0: tensor<1x1x2x6xf32> = [0, 1.75, -1, -1, 0.5, 2, 0, 1.75, -1, -1, 0.5, 2]

func.func @cubic_asymmetric() -> tensor<1x1x1x6xf32> {
  %0 = mlopt.constant dense<[[[[0.0, 2.0, 1.5, -2.0]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 1.5>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}
// CHECK: cubic_asymmetric exact 0: tensor<1x1x1x6xf32> = [0, 1.4259259{{[0-9]*}}, 2.2592592{{[0-9]*}}, 1.5, -0.92592592{{[0-9]*}}, -2.3888888{{[0-9]*}}]

func.func @linear_to_one() -> tensor<1x1x1x1xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.3333333333333333, 0.25>, static_sizes = array<i64: 1, 1, 1, 1>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}
// CHECK: linear_to_one exact 0: tensor<1x1x1x1xf32> = [-1]

func.func @linear_to_one_pytorch() -> tensor<1x1x1x1xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, -0.5, -2.0, -0.75], [1.5, 0.0, -1.5, 1.75], [2.0, 0.0, 1.0, -0.25]]]]> : tensor<1x1x3x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.3333333333333333, 0.25>, static_sizes = array<i64: 1, 1, 1, 1>, roi = array<f64>} : (tensor<1x1x3x4xf32>) -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}
// CHECK: linear_to_one_pytorch exact 0: tensor<1x1x1x1xf32> = [-1]

func.func @cubic_exclude() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, 0.0, -1.75, -1.25], [2.0, -1.25, -0.75, -1.75], [-1.25, -0.25, -1.75, -1.75], [-0.25, -1.0, 1.25, 1.0]]]]> : tensor<1x1x4x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.800000011920929, 0.800000011920929>, static_sizes = array<i64: 1, 1, 3, 3>, roi = array<f64>, exclude_outside = true} : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: cubic_exclude exact 0: tensor<1x1x3x3xf32> = [-0.60882958{{[0-9]*}}, -0.63892179{{[0-9]*}}, -1.5002721{{[0-9]*}}, 0.89282104{{[0-9]*}}, -1.2325533{{[0-9]*}}, -1.7434772{{[0-9]*}}, -0.76956488{{[0-9]*}}, -0.35288598{{[0-9]*}}, 0.19692400{{[0-9]*}}]

func.func @cubic_coeff() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[-2.0, 0.75, -1.5, 1.25]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 2.0>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>, cubic_coeff = -0.5 : f64} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: cubic_coeff exact 0: tensor<1x1x1x8xf32> = [-2.1933593{{[0-9]*}}, -1.3886718{{[0-9]*}}, 0.34960937{{[0-9]*}}, 0.421875, -1.171875, -1.0996093{{[0-9]*}}, 0.63867187{{[0-9]*}}, 1.4433593{{[0-9]*}}]

func.func @linear_antialias() -> tensor<1x1x3x2xf32> {
  %0 = mlopt.constant dense<[[[[-1.0, 2.0, 2.0, 0.5, 0.75, -1.25], [0.0, 1.5, -2.0, -2.0, -1.5, 0.75], [-0.75, -1.5, -0.25, 1.0, 0.75, -1.75], [2.0, 1.5, 1.75, 1.75, -0.75, -1.75], [0.5, -1.5, 0.0, 1.75, -0.25, 1.0], [-1.25, -1.75, 2.0, 2.0, -0.75, 0.5]]]]> : tensor<1x1x6x6xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 0.4000000059604645>, static_sizes = array<i64: 1, 1, 3, 2>, roi = array<f64>, antialias = true} : (tensor<1x1x6x6xf32>) -> tensor<1x1x3x2xf32>
  return %r : tensor<1x1x3x2xf32>
}
// CHECK: linear_antialias exact 0: tensor<1x1x3x2xf32> = [0.48500001{{[0-9]*}}, -0.071249957{{[0-9]*}}, -0.067777837{{[0-9]*}}, -0.032222269{{[0-9]*}}, 0.44375014{{[0-9]*}}, 0.65499999{{[0-9]*}}]

func.func @cubic_antialias() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[1.25, -2.0, -1.75, -0.5, 0.25, -0.75], [1.0, 0.5, 2.0, -1.0, 1.5, 1.25], [-0.5, 0.5, -0.75, -1.0, -1.0, 0.5], [0.75, 1.5, 2.0, -1.75, 0.0, -0.25], [-0.75, 1.75, 0.25, -2.0, 1.5, -1.5], [-1.0, -2.0, -0.75, -1.0, -2.0, 0.0]]]]> : tensor<1x1x6x6xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 0.5>, static_sizes = array<i64: 1, 1, 3, 3>, roi = array<f64>, antialias = true} : (tensor<1x1x6x6xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: cubic_antialias exact 0: tensor<1x1x3x3xf32> = [0.095907847{{[0-9]*}}, -0.54008378{{[0-9]*}}, 0.34791744{{[0-9]*}}, 0.64532288{{[0-9]*}}, -0.15628141{{[0-9]*}}, 0.029649188{{[0-9]*}}, 0.76175778{{[0-9]*}}, -0.076577693{{[0-9]*}}, -0.52735430{{[0-9]*}}]

func.func @cubic_antialias_exclude() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[0.25, -1.0, 0.25, 1.0, 2.0, -1.25], [-2.0, 1.5, -2.0, 0.75, -1.75, 1.5], [1.0, 0.0, -0.75, -1.5, 1.75, -1.25], [2.0, -0.75, -0.25, -1.0, 1.25, 1.75], [1.5, -2.0, -1.0, -0.5, 1.0, -1.25], [1.25, -1.75, 1.0, 1.75, -0.25, -1.5]]]]> : tensor<1x1x6x6xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.6000000238418579, 0.5>, static_sizes = array<i64: 1, 1, 3, 3>, roi = array<f64>, exclude_outside = true, antialias = true} : (tensor<1x1x6x6xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: cubic_antialias_exclude exact 0: tensor<1x1x3x3xf32> = [-0.50667456{{[0-9]*}}, 0.19916975{{[0-9]*}}, 0.26392191{{[0-9]*}}, 0.30604150{{[0-9]*}}, -0.75515986{{[0-9]*}}, 0.39330709{{[0-9]*}}, 0.047920609{{[0-9]*}}, -0.54517002{{[0-9]*}}, 0.40718823{{[0-9]*}}]

func.func @linear_antialias_up() -> tensor<1x1x1x8xf32> {
  %0 = mlopt.constant dense<[[[[-0.25, 1.25, 2.0, -1.75]]]]> : tensor<1x1x1x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 2.0>, static_sizes = array<i64: 1, 1, 1, 8>, roi = array<f64>, antialias = true} : (tensor<1x1x1x4xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
// CHECK: linear_antialias_up exact 0: tensor<1x1x1x8xf32> = [-0.25, 0.125, 0.875, 1.4375, 1.8125, 1.0625, -0.8125, -1.75]

func.func @crop_linear() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[2.0, 1.25, -0.75, 2.0], [1.0, -1.0, 2.0, 1.5], [0.0, 1.5, 0.5, 1.5], [-0.5, 1.25, -1.0, 1.75]]]]> : tensor<1x1x4x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode tf_crop_and_resize>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.75, 0.75>, static_sizes = array<i64: 1, 1, 3, 3>, roi = array<f64: 0.0, 0.0, 0.4000000059604645, 0.6000000238418579, 1.0, 1.0, 1.2000000476837158, 1.7000000476837158>, extrapolation_value = 10.0 : f64} : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: crop_linear exact 0: tensor<1x1x3x3xf32> = [1.2600001{{[0-9]*}}, 10, 10, 0.19999979{{[0-9]*}}, 10, 10, 10, 10, 10]

func.func @crop_nearest() -> tensor<1x1x3x3xf32> {
  %0 = mlopt.constant dense<[[[[1.5, 0.5, 0.75, 1.5], [0.75, -1.5, -2.0, 1.5], [-0.5, 1.5, 1.25, 1.0], [-0.75, 0.0, 0.0, 1.75]]]]> : tensor<1x1x4x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode tf_crop_and_resize>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 0.75, 0.75>, static_sizes = array<i64: 1, 1, 3, 3>, roi = array<f64: 0.0, 0.0, 0.4000000059604645, 0.6000000238418579, 1.0, 1.0, 1.2000000476837158, 1.7000000476837158>, extrapolation_value = 10.0 : f64} : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32>
  return %r : tensor<1x1x3x3xf32>
}
// CHECK: crop_nearest exact 0: tensor<1x1x3x3xf32> = [-2, 10, 10, 1.25, 10, 10, 10, 10, 10]

func.func @crop_same_size() -> tensor<1x1x4x2xf32> {
  %0 = mlopt.constant dense<[[[[0.5, 0.5, -2.0, -0.25], [-0.5, -1.5, -1.75, 2.0], [1.25, -0.25, -1.75, -1.5], [-2.0, -0.5, -0.5, -1.25]]]]> : tensor<1x1x4x4xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode tf_crop_and_resize>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 0.5>, static_sizes = array<i64: 1, 1, 4, 2>, roi = array<f64: 0.0, 0.0, 0.25, 0.5, 1.0, 1.0, 0.75, 1.0>} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x2xf32>
  return %r : tensor<1x1x4x2xf32>
}
// CHECK: crop_same_size exact 0: tensor<1x1x4x2xf32> = [-1.40625, 1.4375, -1.46875, 1.125, -1.15625, -0.625, -0.875, -1.4375]

func.func @linear_2d() -> tensor<3x5xf32> {
  %0 = mlopt.constant dense<[[-1.0, -0.5, 1.5], [1.75, -1.75, 0.25]]> : tensor<2x3xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.5, 1.6666666666666667>, static_sizes = array<i64: 3, 5>, roi = array<f64>} : (tensor<2x3xf32>) -> tensor<3x5xf32>
  return %r : tensor<3x5xf32>
}
// CHECK: linear_2d exact 0: tensor<3x5xf32> = [-1, -0.8, -0.5, 0.7, 1.5, 0.375, -0.225, -1.125, 0.075, 0.875, 1.75, 0.35, -1.75, -0.55, 0.25]

func.func @linear_channels() -> tensor<1x4x4x2xf32> {
  %0 = mlopt.constant dense<[[[[0.75, -2.0], [-1.25, -1.0]], [[1.75, -0.75], [-1.0, 0.25]]]]> : tensor<1x2x2x2xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 2.0, 2.0, 1.0>, static_sizes = array<i64: 1, 4, 4, 2>, roi = array<f64>} : (tensor<1x2x2x2xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}
// CHECK: linear_channels exact 0: tensor<1x4x4x2xf32> = [0.75, -2, -0.25, -1.5, -1.25, -1, -1.25, -1, 1.25, -1.375, 0.0625, -0.875, -1.125, -0.375, -1.125, -0.375, 1.75, -0.75, 0.375, -0.25, -1, 0.25, -1, 0.25, 1.75, -0.75, 0.375, -0.25, -1, 0.25, -1, 0.25]

func.func @linear_3d() -> tensor<1x1x3x3x3xf32> {
  %0 = mlopt.constant dense<[[[[[2.0, 2.0], [-0.75, -2.0]], [[-1.25, 0.0], [0.25, 0.5]]]]]> : tensor<1x1x2x2x2xf32>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.5, 1.5, 1.5>, static_sizes = array<i64: 1, 1, 3, 3, 3>, roi = array<f64>} : (tensor<1x1x2x2x2xf32>) -> tensor<1x1x3x3x3xf32>
  return %r : tensor<1x1x3x3x3xf32>
}
// CHECK: linear_3d exact 0: tensor<1x1x3x3x3xf32> = [2, 2, 2, 0.625, 0.3125, 0, -0.75, -1.375, -2, 0.375, 0.6875, 1, 0.0625, 0.09375, 0.125, -0.25, -0.5, -0.75, -1.25, -0.625, 0, -0.5, -0.125, 0.25, 0.25, 0.375, 0.5]

func.func @linear_dynamic() -> tensor<1x1x?xf32> {
  %0 = mlopt.constant dense<[[[-0.5, 1.0, 0.75]]]> : tensor<1x1x3xf32>
  %n0 = arith.constant 6 : index
  %r = mlopt.resize %0, %n0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0>, static_sizes = array<i64: 1, 1, -9223372036854775808>, roi = array<f64>} : (tensor<1x1x3xf32>, index) -> tensor<1x1x?xf32>
  return %r : tensor<1x1x?xf32>
}
// CHECK: linear_dynamic exact 0: tensor<1x1x6xf32> = [-0.5, -0.125, 0.625, 0.9375, 0.8125, 0.75]

func.func @linear_ui8() -> tensor<1x1x1x6xui8> {
  %0 = mlopt.constant dense<[[[[10, 20, 255]]]]> : tensor<1x1x1x3xui8>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 1.0, 2.0>, static_sizes = array<i64: 1, 1, 1, 6>, roi = array<f64>} : (tensor<1x1x1x3xui8>) -> tensor<1x1x1x6xui8>
  return %r : tensor<1x1x1x6xui8>
}
// CHECK: linear_ui8 exact 0: tensor<1x1x1x6xui8> = [10, 12, 18, 79, 196, 255]

func.func @nearest_i64() -> tensor<1x1x2x4xi64> {
  %0 = mlopt.constant dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi64>
  %r = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 1, 2, 4>, roi = array<f64>} : (tensor<1x1x1x2xi64>) -> tensor<1x1x2x4xi64>
  return %r : tensor<1x1x2x4xi64>
}
// CHECK: nearest_i64 exact 0: tensor<1x1x2x4xi64> = [1, 1, 2, 2, 1, 1, 2, 2]
