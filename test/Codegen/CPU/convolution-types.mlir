// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size w=1 --size w=9 --size w=20 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Convolutions in blocked layouts: the three forms, in f32, f64, f16 and bf16
// (summed in f32), with borders, strides, and channels that do not fill a block.

// CHECK: {{^}}blocked_f32 x86-64-v2: convolution
mlopt.kernel @blocked_f32(%x: tensor<2x20x7x9xf32>, %f: tensor<40x20x3x3xf32>, %b: tensor<40xf32>) -> tensor<2x40x7x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xf32>, tensor<40x20x3x3xf32>, tensor<40xf32>) -> tensor<2x40x7x9xf32>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xf32>) -> tensor<2x40x7x9xf32>
  mlopt.yield %1 : tensor<2x40x7x9xf32>
}

// CHECK: {{^}}pointwise_f32 x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_f32(%x: tensor<1x32x5x?xf32>, %f: tensor<64x32x1x1xf32>, %b: tensor<64xf32>) -> tensor<1x64x5x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 5, "w"], [64, 32, 1, 1], [64], [1, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x5x?xf32>, tensor<64x32x1x1xf32>, tensor<64xf32>) -> tensor<1x64x5x?xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x5x?xf32>) -> tensor<1x64x5x?xf32>
  mlopt.yield %1 : tensor<1x64x5x?xf32>
}

// CHECK: {{^}}stem_f32 x86-64-v2: convolution
mlopt.kernel @stem_f32(%x: tensor<1x3x11x13xf32>, %f: tensor<24x3x3x3xf32>, %b: tensor<24xf32>) -> tensor<1x24x6x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xf32>, tensor<24x3x3x3xf32>, tensor<24xf32>) -> tensor<1x24x6x7xf32>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xf32>) -> tensor<1x24x6x7xf32>
  mlopt.yield %1 : tensor<1x24x6x7xf32>
}

// CHECK: {{^}}depthwise_f32 x86-64-v2: convolution
mlopt.kernel @depthwise_f32(%x: tensor<1x24x6x10xf32>, %f: tensor<24x1x3x3xf32>, %b: tensor<24xf32>) -> tensor<1x24x6x10xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 6, 10], [24, 1, 3, 3], [24], [1, 24, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<1x24x6x10xf32>, tensor<24x1x3x3xf32>, tensor<24xf32>) -> tensor<1x24x6x10xf32>
  %1 = mlopt.abs %0 : (tensor<1x24x6x10xf32>) -> tensor<1x24x6x10xf32>
  mlopt.yield %1 : tensor<1x24x6x10xf32>
}

// CHECK: {{^}}blocked_f64 x86-64-v2: convolution
mlopt.kernel @blocked_f64(%x: tensor<2x20x7x9xf64>, %f: tensor<40x20x3x3xf64>, %b: tensor<40xf64>) -> tensor<2x40x7x9xf64> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xf64>, tensor<40x20x3x3xf64>, tensor<40xf64>) -> tensor<2x40x7x9xf64>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xf64>) -> tensor<2x40x7x9xf64>
  mlopt.yield %1 : tensor<2x40x7x9xf64>
}

// CHECK: {{^}}pointwise_f64 x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_f64(%x: tensor<1x32x5x?xf64>, %f: tensor<64x32x1x1xf64>, %b: tensor<64xf64>) -> tensor<1x64x5x?xf64> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 5, "w"], [64, 32, 1, 1], [64], [1, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x5x?xf64>, tensor<64x32x1x1xf64>, tensor<64xf64>) -> tensor<1x64x5x?xf64>
  %1 = mlopt.abs %0 : (tensor<1x64x5x?xf64>) -> tensor<1x64x5x?xf64>
  mlopt.yield %1 : tensor<1x64x5x?xf64>
}

// CHECK: {{^}}stem_f64 x86-64-v2: convolution
mlopt.kernel @stem_f64(%x: tensor<1x3x11x13xf64>, %f: tensor<24x3x3x3xf64>, %b: tensor<24xf64>) -> tensor<1x24x6x7xf64> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xf64>, tensor<24x3x3x3xf64>, tensor<24xf64>) -> tensor<1x24x6x7xf64>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xf64>) -> tensor<1x24x6x7xf64>
  mlopt.yield %1 : tensor<1x24x6x7xf64>
}

// CHECK: {{^}}depthwise_f64 x86-64-v2: convolution
mlopt.kernel @depthwise_f64(%x: tensor<1x24x6x10xf64>, %f: tensor<24x1x3x3xf64>, %b: tensor<24xf64>) -> tensor<1x24x6x10xf64> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 6, 10], [24, 1, 3, 3], [24], [1, 24, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<1x24x6x10xf64>, tensor<24x1x3x3xf64>, tensor<24xf64>) -> tensor<1x24x6x10xf64>
  %1 = mlopt.abs %0 : (tensor<1x24x6x10xf64>) -> tensor<1x24x6x10xf64>
  mlopt.yield %1 : tensor<1x24x6x10xf64>
}

// CHECK: {{^}}blocked_f16 x86-64-v2: convolution
mlopt.kernel @blocked_f16(%x: tensor<2x20x7x9xf16>, %f: tensor<40x20x3x3xf16>, %b: tensor<40xf16>) -> tensor<2x40x7x9xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xf16>, tensor<40x20x3x3xf16>, tensor<40xf16>) -> tensor<2x40x7x9xf16>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xf16>) -> tensor<2x40x7x9xf16>
  mlopt.yield %1 : tensor<2x40x7x9xf16>
}

// CHECK: {{^}}pointwise_f16 x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_f16(%x: tensor<1x32x5x?xf16>, %f: tensor<64x32x1x1xf16>, %b: tensor<64xf16>) -> tensor<1x64x5x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 5, "w"], [64, 32, 1, 1], [64], [1, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x5x?xf16>, tensor<64x32x1x1xf16>, tensor<64xf16>) -> tensor<1x64x5x?xf16>
  %1 = mlopt.abs %0 : (tensor<1x64x5x?xf16>) -> tensor<1x64x5x?xf16>
  mlopt.yield %1 : tensor<1x64x5x?xf16>
}

// CHECK: {{^}}stem_f16 x86-64-v2: convolution
mlopt.kernel @stem_f16(%x: tensor<1x3x11x13xf16>, %f: tensor<24x3x3x3xf16>, %b: tensor<24xf16>) -> tensor<1x24x6x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xf16>, tensor<24x3x3x3xf16>, tensor<24xf16>) -> tensor<1x24x6x7xf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xf16>) -> tensor<1x24x6x7xf16>
  mlopt.yield %1 : tensor<1x24x6x7xf16>
}

// CHECK: {{^}}depthwise_f16 x86-64-v2: convolution
mlopt.kernel @depthwise_f16(%x: tensor<1x24x6x10xf16>, %f: tensor<24x1x3x3xf16>, %b: tensor<24xf16>) -> tensor<1x24x6x10xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 6, 10], [24, 1, 3, 3], [24], [1, 24, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<1x24x6x10xf16>, tensor<24x1x3x3xf16>, tensor<24xf16>) -> tensor<1x24x6x10xf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x10xf16>) -> tensor<1x24x6x10xf16>
  mlopt.yield %1 : tensor<1x24x6x10xf16>
}

// CHECK: {{^}}blocked_bf16 x86-64-v2: convolution
mlopt.kernel @blocked_bf16(%x: tensor<2x20x7x9xbf16>, %f: tensor<40x20x3x3xbf16>, %b: tensor<40xbf16>) -> tensor<2x40x7x9xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xbf16>, tensor<40x20x3x3xbf16>, tensor<40xbf16>) -> tensor<2x40x7x9xbf16>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xbf16>) -> tensor<2x40x7x9xbf16>
  mlopt.yield %1 : tensor<2x40x7x9xbf16>
}

// CHECK: {{^}}pointwise_bf16 x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_bf16(%x: tensor<1x32x5x?xbf16>, %f: tensor<64x32x1x1xbf16>, %b: tensor<64xbf16>) -> tensor<1x64x5x?xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 5, "w"], [64, 32, 1, 1], [64], [1, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x5x?xbf16>, tensor<64x32x1x1xbf16>, tensor<64xbf16>) -> tensor<1x64x5x?xbf16>
  %1 = mlopt.abs %0 : (tensor<1x64x5x?xbf16>) -> tensor<1x64x5x?xbf16>
  mlopt.yield %1 : tensor<1x64x5x?xbf16>
}

// CHECK: {{^}}stem_bf16 x86-64-v2: convolution
mlopt.kernel @stem_bf16(%x: tensor<1x3x11x13xbf16>, %f: tensor<24x3x3x3xbf16>, %b: tensor<24xbf16>) -> tensor<1x24x6x7xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xbf16>, tensor<24x3x3x3xbf16>, tensor<24xbf16>) -> tensor<1x24x6x7xbf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xbf16>) -> tensor<1x24x6x7xbf16>
  mlopt.yield %1 : tensor<1x24x6x7xbf16>
}

// CHECK: {{^}}depthwise_bf16 x86-64-v2: convolution
mlopt.kernel @depthwise_bf16(%x: tensor<1x24x6x10xbf16>, %f: tensor<24x1x3x3xbf16>, %b: tensor<24xbf16>) -> tensor<1x24x6x10xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 6, 10], [24, 1, 3, 3], [24], [1, 24, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<1x24x6x10xbf16>, tensor<24x1x3x3xbf16>, tensor<24xbf16>) -> tensor<1x24x6x10xbf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x10xbf16>) -> tensor<1x24x6x10xbf16>
  mlopt.yield %1 : tensor<1x24x6x10xbf16>
}
