// Resizing against differences.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @nearest_twice(%x: tensor<2x2x3x2xf32>, %r: tensor<2x2x6x4xf32>) -> tensor<2x2x3x2xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 2, 2, 6, 4>, roi = array<f64>} : (tensor<2x2x3x2xf32>) -> tensor<2x2x6x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x6x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x2x6x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x6x4xf32>, tensor<2x2x3x2xf32>) -> (tensor<2x2x3x2xf32>)
  return %g : tensor<2x2x3x2xf32>
}
// CHECK: gradient ok: nearest_twice: 

func.func @nearest_half_pixel(%x: tensor<1x2x3x2xf32>, %r: tensor<1x2x9x4xf32>) -> tensor<1x2x3x2xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 3.0, 2.0>, static_sizes = array<i64: 1, 2, 9, 4>, roi = array<f64>} : (tensor<1x2x3x2xf32>) -> tensor<1x2x9x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x9x4xf32>, tensor<1x2x9x4xf32>) -> tensor<1x2x9x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x9x4xf32>, tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>)
  return %g : tensor<1x2x3x2xf32>
}
// CHECK: gradient ok: nearest_half_pixel: 

func.func @nearest_uneven(%x: tensor<1x2x5x3xf32>, %r: tensor<1x2x3x7xf32>) -> tensor<1x2x5x3xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_ceil>, scales = array<f64: 1.0, 1.0, 0.6, 2.3333333333333335>, static_sizes = array<i64: 1, 2, 3, 7>, roi = array<f64>} : (tensor<1x2x5x3xf32>) -> tensor<1x2x3x7xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x7xf32>, tensor<1x2x3x7xf32>) -> tensor<1x2x3x7xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x3x7xf32>, tensor<1x2x5x3xf32>) -> (tensor<1x2x5x3xf32>)
  return %g : tensor<1x2x5x3xf32>
}
// CHECK: gradient ok: nearest_uneven: 

func.func @nearest_smaller(%x: tensor<1x1x6x4xf32>, %r: tensor<1x1x3x2xf32>) -> tensor<1x1x6x4xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.5, 0.5>, static_sizes = array<i64: 1, 1, 3, 2>, roi = array<f64>} : (tensor<1x1x6x4xf32>) -> tensor<1x1x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x3x2xf32>, tensor<1x1x6x4xf32>) -> (tensor<1x1x6x4xf32>)
  return %g : tensor<1x1x6x4xf32>
}
// CHECK: gradient ok: nearest_smaller: 

func.func @linear_larger(%x: tensor<2x2x3x2xf32>, %r: tensor<2x2x6x5xf32>) -> tensor<2x2x3x2xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.5>, static_sizes = array<i64: 2, 2, 6, 5>, roi = array<f64>} : (tensor<2x2x3x2xf32>) -> tensor<2x2x6x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x6x5xf32>, tensor<2x2x6x5xf32>) -> tensor<2x2x6x5xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x6x5xf32>, tensor<2x2x3x2xf32>) -> (tensor<2x2x3x2xf32>)
  return %g : tensor<2x2x3x2xf32>
}
// CHECK: gradient ok: linear_larger: 

func.func @linear_aligned(%x: tensor<1x2x3x4xf32>, %r: tensor<1x2x5x2xf32>) -> tensor<1x2x3x4xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.6666666666666667, 0.5>, static_sizes = array<i64: 1, 2, 5, 2>, roi = array<f64>} : (tensor<1x2x3x4xf32>) -> tensor<1x2x5x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>) -> tensor<1x2x5x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x5x2xf32>, tensor<1x2x3x4xf32>) -> (tensor<1x2x3x4xf32>)
  return %g : tensor<1x2x3x4xf32>
}
// CHECK: gradient ok: linear_aligned: 

func.func @linear_antialiased(%x: tensor<1x1x7x6xf32>, %r: tensor<1x1x3x4xf32>) -> tensor<1x1x7x6xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.42857142857142855, 0.6666666666666666>, static_sizes = array<i64: 1, 1, 3, 4>, roi = array<f64>, antialias = true} : (tensor<1x1x7x6xf32>) -> tensor<1x1x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3x4xf32>, tensor<1x1x3x4xf32>) -> tensor<1x1x3x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x3x4xf32>, tensor<1x1x7x6xf32>) -> (tensor<1x1x7x6xf32>)
  return %g : tensor<1x1x7x6xf32>
}
// CHECK: gradient ok: linear_antialiased: 

func.func @cubic(%x: tensor<1x1x4x5xf32>, %r: tensor<1x1x6x3xf32>) -> tensor<1x1x4x5xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.5, 0.6>, static_sizes = array<i64: 1, 1, 6, 3>, roi = array<f64>, exclude_outside = true} : (tensor<1x1x4x5xf32>) -> tensor<1x1x6x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x6x3xf32>, tensor<1x1x6x3xf32>) -> tensor<1x1x6x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x6x3xf32>, tensor<1x1x4x5xf32>) -> (tensor<1x1x4x5xf32>)
  return %g : tensor<1x1x4x5xf32>
}
// CHECK: gradient ok: cubic: 

func.func @cropped(%x: tensor<1x1x4x5xf32>, %r: tensor<1x1x3x4xf32>) -> tensor<1x1x4x5xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode tf_crop_and_resize>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.75, 0.8>, static_sizes = array<i64: 1, 1, 3, 4>, roi = array<f64: 0.0, 0.0, 0.2, -0.3, 1.0, 1.0, 0.9, 1.2>, extrapolation_value = 2.0 : f64} : (tensor<1x1x4x5xf32>) -> tensor<1x1x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3x4xf32>, tensor<1x1x3x4xf32>) -> tensor<1x1x3x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x3x4xf32>, tensor<1x1x4x5xf32>) -> (tensor<1x1x4x5xf32>)
  return %g : tensor<1x1x4x5xf32>
}
// CHECK: gradient ok: cropped: 

func.func @channels_too(%x: tensor<2x3x2xf32>, %r: tensor<2x6x2xf32>) -> tensor<2x3x2xf32> {
  %y = mlopt.resize %x {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 2.0, 1.0>, static_sizes = array<i64: 2, 6, 2>, roi = array<f64>} : (tensor<2x3x2xf32>) -> tensor<2x6x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x6x2xf32>, tensor<2x6x2xf32>) -> tensor<2x6x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x6x2xf32>, tensor<2x3x2xf32>) -> (tensor<2x3x2xf32>)
  return %g : tensor<2x3x2xf32>
}
// CHECK: gradient ok: channels_too: 
