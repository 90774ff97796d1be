// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 | FileCheck %s --implicit-check-not=FAILED
//
// Resizes by rows: every mode and way to find a position, larger and smaller, one
// to three axes, the last axis kept, types that are weighted in f32 and in f64.
// CHECK: {{^}}nearest_half_pixel x86-64-v2{{.*}}: generic
// CHECK: {{^}}none x86-64-v4{{.*}}: generic

mlopt.kernel @nearest_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @nearest_asymmetric(%a: tensor<1x3x8x11xf32>, %b: tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  %1 = mlopt.mul %0, %b : (tensor<1x3x16x37xf32>, tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %1 : tensor<1x3x16x37xf32>
}
mlopt.kernel @nearest_align_corners(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @nearest_pytorch_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @nearest_half_pixel_symmetric(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @nearest_f16(%a: tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16>
  mlopt.yield %0 : tensor<2x3x7x41xf16>
}
mlopt.kernel @nearest_f64(%a: tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64>
  mlopt.yield %0 : tensor<2x3x7x41xf64>
}
mlopt.kernel @nearest_i32(%a: tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32>
  mlopt.yield %0 : tensor<2x3x7x41xi32>
}
mlopt.kernel @nearest_ui8(%a: tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8>
  mlopt.yield %0 : tensor<2x3x7x41xui8>
}
mlopt.kernel @nearest_1d(%a: tensor<2x3x40xf32>) -> tensor<2x3x90xf32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 40], [2, 3, 90]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.25>, static_sizes = array<i64: 2, 3, 90>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x40xf32>) -> tensor<2x3x90xf32>
  mlopt.yield %0 : tensor<2x3x90xf32>
}
mlopt.kernel @nearest_3d(%a: tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 3, 4, 5], [1, 2, 5, 8, 33]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.6666666666666667, 2.0, 6.6>, static_sizes = array<i64: 1, 2, 5, 8, 33>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32>
  mlopt.yield %0 : tensor<1x2x5x8x33xf32>
}
mlopt.kernel @nearest_smaller(%a: tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 40, 90], [1, 2, 13, 17]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.325, 0.18888888888888888>, static_sizes = array<i64: 1, 2, 13, 17>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32>
  mlopt.yield %0 : tensor<1x2x13x17xf32>
}
mlopt.kernel @nearest_one(%a: tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 4, 5], [1, 2, 1, 1]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.25, 0.2>, static_sizes = array<i64: 1, 2, 1, 1>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32>
  mlopt.yield %0 : tensor<1x2x1x1xf32>
}
mlopt.kernel @nearest_channels_last(%a: tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 8, 9, 35], [1, 16, 13, 35]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 2.0, 1.4444444444444444, 1.0>, static_sizes = array<i64: 1, 16, 13, 35>, roi = array<f64>, mlopt.hero_op} : (tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32>
  mlopt.yield %0 : tensor<1x16x13x35xf32>
}
mlopt.kernel @linear_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @linear_asymmetric(%a: tensor<1x3x8x11xf32>, %b: tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  %1 = mlopt.mul %0, %b : (tensor<1x3x16x37xf32>, tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %1 : tensor<1x3x16x37xf32>
}
mlopt.kernel @linear_align_corners(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @linear_pytorch_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @linear_half_pixel_symmetric(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @linear_f16(%a: tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16>
  mlopt.yield %0 : tensor<2x3x7x41xf16>
}
mlopt.kernel @linear_f64(%a: tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64>
  mlopt.yield %0 : tensor<2x3x7x41xf64>
}
mlopt.kernel @linear_i32(%a: tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32>
  mlopt.yield %0 : tensor<2x3x7x41xi32>
}
mlopt.kernel @linear_ui8(%a: tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8>
  mlopt.yield %0 : tensor<2x3x7x41xui8>
}
mlopt.kernel @linear_1d(%a: tensor<2x3x40xf32>) -> tensor<2x3x90xf32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 40], [2, 3, 90]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.25>, static_sizes = array<i64: 2, 3, 90>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x40xf32>) -> tensor<2x3x90xf32>
  mlopt.yield %0 : tensor<2x3x90xf32>
}
mlopt.kernel @linear_3d(%a: tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 3, 4, 5], [1, 2, 5, 8, 33]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.6666666666666667, 2.0, 6.6>, static_sizes = array<i64: 1, 2, 5, 8, 33>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32>
  mlopt.yield %0 : tensor<1x2x5x8x33xf32>
}
mlopt.kernel @linear_smaller(%a: tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 40, 90], [1, 2, 13, 17]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.325, 0.18888888888888888>, static_sizes = array<i64: 1, 2, 13, 17>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32>
  mlopt.yield %0 : tensor<1x2x13x17xf32>
}
mlopt.kernel @linear_one(%a: tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 4, 5], [1, 2, 1, 1]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.25, 0.2>, static_sizes = array<i64: 1, 2, 1, 1>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32>
  mlopt.yield %0 : tensor<1x2x1x1xf32>
}
mlopt.kernel @linear_channels_last(%a: tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 8, 9, 35], [1, 16, 13, 35]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 2.0, 1.4444444444444444, 1.0>, static_sizes = array<i64: 1, 16, 13, 35>, roi = array<f64>, mlopt.hero_op} : (tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32>
  mlopt.yield %0 : tensor<1x16x13x35xf32>
}
mlopt.kernel @linear_antialias(%a: tensor<1x2x40x90xf32>) -> tensor<1x2x13x41xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 40, 90], [1, 2, 13, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.325, 0.45555555555555555>, static_sizes = array<i64: 1, 2, 13, 41>, roi = array<f64>, antialias = true, mlopt.hero_op} : (tensor<1x2x40x90xf32>) -> tensor<1x2x13x41xf32>
  mlopt.yield %0 : tensor<1x2x13x41xf32>
}
mlopt.kernel @linear_excluded(%a: tensor<1x2x8x9xf32>) -> tensor<1x2x15x33xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 8, 9], [1, 2, 15, 33]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.875, 3.6666666666666665>, static_sizes = array<i64: 1, 2, 15, 33>, roi = array<f64>, exclude_outside = true, mlopt.hero_op} : (tensor<1x2x8x9xf32>) -> tensor<1x2x15x33xf32>
  mlopt.yield %0 : tensor<1x2x15x33xf32>
}
mlopt.kernel @linear_many_taps(%a: tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 1, 20, 300], [1, 1, 9, 11]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.45, 0.03666666666666667>, static_sizes = array<i64: 1, 1, 9, 11>, roi = array<f64>, antialias = true, mlopt.hero_op} : (tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32>
  mlopt.yield %0 : tensor<1x1x9x11xf32>
}
mlopt.kernel @cubic_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @cubic_asymmetric(%a: tensor<1x3x8x11xf32>, %b: tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  %1 = mlopt.mul %0, %b : (tensor<1x3x16x37xf32>, tensor<1x3x16x37xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %1 : tensor<1x3x16x37xf32>
}
mlopt.kernel @cubic_align_corners(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode align_corners>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @cubic_pytorch_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode pytorch_half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @cubic_half_pixel_symmetric(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel_symmetric>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}
mlopt.kernel @cubic_f16(%a: tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf16>) -> tensor<2x3x7x41xf16>
  mlopt.yield %0 : tensor<2x3x7x41xf16>
}
mlopt.kernel @cubic_f64(%a: tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xf64>) -> tensor<2x3x7x41xf64>
  mlopt.yield %0 : tensor<2x3x7x41xf64>
}
mlopt.kernel @cubic_i32(%a: tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xi32>) -> tensor<2x3x7x41xi32>
  mlopt.yield %0 : tensor<2x3x7x41xi32>
}
mlopt.kernel @cubic_ui8(%a: tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 9, 20], [2, 3, 7, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.7777777777777778, 2.05>, static_sizes = array<i64: 2, 3, 7, 41>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x9x20xui8>) -> tensor<2x3x7x41xui8>
  mlopt.yield %0 : tensor<2x3x7x41xui8>
}
mlopt.kernel @cubic_1d(%a: tensor<2x3x40xf32>) -> tensor<2x3x90xf32> attributes {hero = #mlopt.hero<resize>, dims = [[2, 3, 40], [2, 3, 90]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.25>, static_sizes = array<i64: 2, 3, 90>, roi = array<f64>, mlopt.hero_op} : (tensor<2x3x40xf32>) -> tensor<2x3x90xf32>
  mlopt.yield %0 : tensor<2x3x90xf32>
}
mlopt.kernel @cubic_3d(%a: tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 3, 4, 5], [1, 2, 5, 8, 33]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.6666666666666667, 2.0, 6.6>, static_sizes = array<i64: 1, 2, 5, 8, 33>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x3x4x5xf32>) -> tensor<1x2x5x8x33xf32>
  mlopt.yield %0 : tensor<1x2x5x8x33xf32>
}
mlopt.kernel @cubic_smaller(%a: tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 40, 90], [1, 2, 13, 17]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.325, 0.18888888888888888>, static_sizes = array<i64: 1, 2, 13, 17>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x40x90xf32>) -> tensor<1x2x13x17xf32>
  mlopt.yield %0 : tensor<1x2x13x17xf32>
}
mlopt.kernel @cubic_one(%a: tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 4, 5], [1, 2, 1, 1]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.25, 0.2>, static_sizes = array<i64: 1, 2, 1, 1>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x4x5xf32>) -> tensor<1x2x1x1xf32>
  mlopt.yield %0 : tensor<1x2x1x1xf32>
}
mlopt.kernel @cubic_channels_last(%a: tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 8, 9, 35], [1, 16, 13, 35]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 2.0, 1.4444444444444444, 1.0>, static_sizes = array<i64: 1, 16, 13, 35>, roi = array<f64>, mlopt.hero_op} : (tensor<1x8x9x35xf32>) -> tensor<1x16x13x35xf32>
  mlopt.yield %0 : tensor<1x16x13x35xf32>
}
mlopt.kernel @cubic_antialias(%a: tensor<1x2x40x90xf32>) -> tensor<1x2x13x41xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 40, 90], [1, 2, 13, 41]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.325, 0.45555555555555555>, static_sizes = array<i64: 1, 2, 13, 41>, roi = array<f64>, antialias = true, mlopt.hero_op} : (tensor<1x2x40x90xf32>) -> tensor<1x2x13x41xf32>
  mlopt.yield %0 : tensor<1x2x13x41xf32>
}
mlopt.kernel @cubic_excluded(%a: tensor<1x2x8x9xf32>) -> tensor<1x2x15x33xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 8, 9], [1, 2, 15, 33]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 1.875, 3.6666666666666665>, static_sizes = array<i64: 1, 2, 15, 33>, roi = array<f64>, exclude_outside = true, mlopt.hero_op} : (tensor<1x2x8x9xf32>) -> tensor<1x2x15x33xf32>
  mlopt.yield %0 : tensor<1x2x15x33xf32>
}
mlopt.kernel @cubic_many_taps(%a: tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 1, 20, 300], [1, 1, 9, 11]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode cubic>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.45, 0.03666666666666667>, static_sizes = array<i64: 1, 1, 9, 11>, roi = array<f64>, antialias = true, mlopt.hero_op} : (tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32>
  mlopt.yield %0 : tensor<1x1x9x11xf32>
}
mlopt.kernel @near_floor(%a: tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 6, 21], [1, 2, 12, 42]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 2, 12, 42>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32>
  mlopt.yield %0 : tensor<1x2x12x42xf32>
}
mlopt.kernel @near_ceil(%a: tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 6, 21], [1, 2, 12, 42]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode ceil>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 2, 12, 42>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32>
  mlopt.yield %0 : tensor<1x2x12x42xf32>
}
mlopt.kernel @near_round_prefer_floor(%a: tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 6, 21], [1, 2, 12, 42]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 2, 12, 42>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32>
  mlopt.yield %0 : tensor<1x2x12x42xf32>
}
mlopt.kernel @near_round_prefer_ceil(%a: tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 2, 6, 21], [1, 2, 12, 42]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_ceil>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 2, 12, 42>, roi = array<f64>, mlopt.hero_op} : (tensor<1x2x6x21xf32>) -> tensor<1x2x12x42xf32>
  mlopt.yield %0 : tensor<1x2x12x42xf32>
}
mlopt.kernel @none(%a: tensor<0x2x6x21xf32>) -> tensor<0x2x12x42xf32> attributes {hero = #mlopt.hero<resize>, dims = [[0, 2, 6, 21], [0, 2, 12, 42]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 0, 2, 12, 42>, roi = array<f64>, mlopt.hero_op} : (tensor<0x2x6x21xf32>) -> tensor<0x2x12x42xf32>
  mlopt.yield %0 : tensor<0x2x12x42xf32>
}
