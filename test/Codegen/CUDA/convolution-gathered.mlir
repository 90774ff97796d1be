// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --size n=1,h=5,w=7 --size n=3,h=17,w=16 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
//
// Elements that go through registers one by one: images of few channels,
// row-major, filters that the run gives, and narrow groups.
//
// CHECK: stem_f32 sm_80: cuda-convolution
// CHECK: stem_f16 sm_80: cuda-convolution
// CHECK: groups_odd_bf16 sm_90: cuda-convolution

mlopt.kernel @stem_f32(%x: tensor<1x3x11x13xf32>, %f: tensor<24x3x3x3xf32>, %b: tensor<24xf32>) -> tensor<1x24x6x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xf32>, tensor<24x3x3x3xf32>, tensor<24xf32>) -> tensor<1x24x6x7xf32>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xf32>) -> tensor<1x24x6x7xf32>
  mlopt.yield %1 : tensor<1x24x6x7xf32>
}

mlopt.kernel @stem_seven_f32(%x: tensor<1x3x40x40xf32>, %f: tensor<64x3x7x7xf32>, %b: tensor<64xf32>) -> tensor<1x64x20x20xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 40, 40], [64, 3, 7, 7], [64], [1, 64, 20, 20]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x40x40xf32>, tensor<64x3x7x7xf32>, tensor<64xf32>) -> tensor<1x64x20x20xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xf32>) -> tensor<1x64x20x20xf32>
  mlopt.yield %1 : tensor<1x64x20x20xf32>
}

mlopt.kernel @stem_symbols_f32(%x: tensor<?x3x?x?xf32>, %f: tensor<20x3x3x5xf32>, %b: tensor<20xf32>) -> tensor<?x20x?x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 3, "h", "w"], [20, 3, 3, 5], [20], ["n", 20, "h", #mlopt.sym<"floordiv(w - 1, 2) + 1">]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 2>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x?x?xf32>, tensor<20x3x3x5xf32>, tensor<20xf32>) -> tensor<?x20x?x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x20x?x?xf32>) -> tensor<?x20x?x?xf32>
  mlopt.yield %1 : tensor<?x20x?x?xf32>
}

mlopt.kernel @stem_three_d_f32(%x: tensor<1x2x7x8x9xf32>, %f: tensor<9x2x3x3x3xf32>, %b: tensor<9xf32>) -> tensor<1x9x4x8x5xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 7, 8, 9], [9, 2, 3, 3, 3], [9], [1, 9, 4, 8, 5]], layouts = [unit, unit, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 1, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x7x8x9xf32>, tensor<9x2x3x3x3xf32>, tensor<9xf32>) -> tensor<1x9x4x8x5xf32>
  %1 = mlopt.abs %0 : (tensor<1x9x4x8x5xf32>) -> tensor<1x9x4x8x5xf32>
  mlopt.yield %1 : tensor<1x9x4x8x5xf32>
}

mlopt.kernel @long_kernel_f32(%x: tensor<1x2x120xf32>, %f: tensor<12x2x41xf32>, %b: tensor<12xf32>) -> tensor<1x12x120xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 120], [12, 2, 41], [12], [1, 12, 120]], layouts = [unit, unit, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1>, pads_begin = array<i64: 20>, pads_end = array<i64: 20>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x2x120xf32>, tensor<12x2x41xf32>, tensor<12xf32>) -> tensor<1x12x120xf32>
  %1 = mlopt.abs %0 : (tensor<1x12x120xf32>) -> tensor<1x12x120xf32>
  mlopt.yield %1 : tensor<1x12x120xf32>
}

mlopt.kernel @run_filters_f32(%x: tensor<1x24x8x8xf32>, %f: tensor<20x24x3x3xf32>, %b: tensor<20xf32>) -> tensor<1x20x8x8xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 8, 8], [20, 24, 3, 3], [20], [1, 20, 8, 8]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x24x8x8xf32>, tensor<20x24x3x3xf32>, tensor<20xf32>) -> tensor<1x20x8x8xf32>
  %1 = mlopt.abs %0 : (tensor<1x20x8x8xf32>) -> tensor<1x20x8x8xf32>
  mlopt.yield %1 : tensor<1x20x8x8xf32>
}

mlopt.kernel @run_filters_odd_f32(%x: tensor<1x11x8x8xf32>, %f: tensor<20x11x3x3xf32>, %b: tensor<20xf32>) -> tensor<1x20x3x6xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 11, 8, 8], [20, 11, 3, 3], [20], [1, 20, 3, 6]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x11x8x8xf32>, tensor<20x11x3x3xf32>, tensor<20xf32>) -> tensor<1x20x3x6xf32>
  %1 = mlopt.abs %0 : (tensor<1x20x3x6xf32>) -> tensor<1x20x3x6xf32>
  mlopt.yield %1 : tensor<1x20x3x6xf32>
}

mlopt.kernel @groups_narrow_f32(%x: tensor<1x20x8x8xf32>, %f: tensor<30x2x3x3xf32>, %b: tensor<30xf32>) -> tensor<1x30x8x8xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 8, 8], [30, 2, 3, 3], [30], [1, 30, 8, 8]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, unit, #mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 10 : i64} : (tensor<1x20x8x8xf32>, tensor<30x2x3x3xf32>, tensor<30xf32>) -> tensor<1x30x8x8xf32>
  %1 = mlopt.abs %0 : (tensor<1x30x8x8xf32>) -> tensor<1x30x8x8xf32>
  mlopt.yield %1 : tensor<1x30x8x8xf32>
}

mlopt.kernel @groups_odd_f32(%x: tensor<1x12x6x10xf32>, %f: tensor<15x4x3x3xf32>, %b: tensor<15xf32>) -> tensor<1x15x6x10xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 12, 6, 10], [15, 4, 3, 3], [15], [1, 15, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<1x12x6x10xf32>, tensor<15x4x3x3xf32>, tensor<15xf32>) -> tensor<1x15x6x10xf32>
  %1 = mlopt.abs %0 : (tensor<1x15x6x10xf32>) -> tensor<1x15x6x10xf32>
  mlopt.yield %1 : tensor<1x15x6x10xf32>
}

mlopt.kernel @stem_f16(%x: tensor<1x3x11x13xf16>, %f: tensor<24x3x3x3xf16>, %b: tensor<24xf16>) -> tensor<1x24x6x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xf16>, tensor<24x3x3x3xf16>, tensor<24xf16>) -> tensor<1x24x6x7xf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xf16>) -> tensor<1x24x6x7xf16>
  mlopt.yield %1 : tensor<1x24x6x7xf16>
}

mlopt.kernel @stem_seven_f16(%x: tensor<1x3x40x40xf16>, %f: tensor<64x3x7x7xf16>, %b: tensor<64xf16>) -> tensor<1x64x20x20xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 40, 40], [64, 3, 7, 7], [64], [1, 64, 20, 20]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x40x40xf16>, tensor<64x3x7x7xf16>, tensor<64xf16>) -> tensor<1x64x20x20xf16>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xf16>) -> tensor<1x64x20x20xf16>
  mlopt.yield %1 : tensor<1x64x20x20xf16>
}

mlopt.kernel @stem_symbols_f16(%x: tensor<?x3x?x?xf16>, %f: tensor<20x3x3x5xf16>, %b: tensor<20xf16>) -> tensor<?x20x?x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 3, "h", "w"], [20, 3, 3, 5], [20], ["n", 20, "h", #mlopt.sym<"floordiv(w - 1, 2) + 1">]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 2>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x?x?xf16>, tensor<20x3x3x5xf16>, tensor<20xf16>) -> tensor<?x20x?x?xf16>
  %1 = mlopt.abs %0 : (tensor<?x20x?x?xf16>) -> tensor<?x20x?x?xf16>
  mlopt.yield %1 : tensor<?x20x?x?xf16>
}

mlopt.kernel @stem_three_d_f16(%x: tensor<1x2x7x8x9xf16>, %f: tensor<9x2x3x3x3xf16>, %b: tensor<9xf16>) -> tensor<1x9x4x8x5xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 7, 8, 9], [9, 2, 3, 3, 3], [9], [1, 9, 4, 8, 5]], layouts = [unit, unit, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 1, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x7x8x9xf16>, tensor<9x2x3x3x3xf16>, tensor<9xf16>) -> tensor<1x9x4x8x5xf16>
  %1 = mlopt.abs %0 : (tensor<1x9x4x8x5xf16>) -> tensor<1x9x4x8x5xf16>
  mlopt.yield %1 : tensor<1x9x4x8x5xf16>
}

mlopt.kernel @long_kernel_f16(%x: tensor<1x2x120xf16>, %f: tensor<12x2x41xf16>, %b: tensor<12xf16>) -> tensor<1x12x120xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 120], [12, 2, 41], [12], [1, 12, 120]], layouts = [unit, unit, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1>, pads_begin = array<i64: 20>, pads_end = array<i64: 20>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x2x120xf16>, tensor<12x2x41xf16>, tensor<12xf16>) -> tensor<1x12x120xf16>
  %1 = mlopt.abs %0 : (tensor<1x12x120xf16>) -> tensor<1x12x120xf16>
  mlopt.yield %1 : tensor<1x12x120xf16>
}

mlopt.kernel @run_filters_f16(%x: tensor<1x24x8x8xf16>, %f: tensor<20x24x3x3xf16>, %b: tensor<20xf16>) -> tensor<1x20x8x8xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 8, 8], [20, 24, 3, 3], [20], [1, 20, 8, 8]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x24x8x8xf16>, tensor<20x24x3x3xf16>, tensor<20xf16>) -> tensor<1x20x8x8xf16>
  %1 = mlopt.abs %0 : (tensor<1x20x8x8xf16>) -> tensor<1x20x8x8xf16>
  mlopt.yield %1 : tensor<1x20x8x8xf16>
}

mlopt.kernel @run_filters_odd_f16(%x: tensor<1x11x8x8xf16>, %f: tensor<20x11x3x3xf16>, %b: tensor<20xf16>) -> tensor<1x20x3x6xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 11, 8, 8], [20, 11, 3, 3], [20], [1, 20, 3, 6]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x11x8x8xf16>, tensor<20x11x3x3xf16>, tensor<20xf16>) -> tensor<1x20x3x6xf16>
  %1 = mlopt.abs %0 : (tensor<1x20x3x6xf16>) -> tensor<1x20x3x6xf16>
  mlopt.yield %1 : tensor<1x20x3x6xf16>
}

mlopt.kernel @groups_narrow_f16(%x: tensor<1x20x8x8xf16>, %f: tensor<30x2x3x3xf16>, %b: tensor<30xf16>) -> tensor<1x30x8x8xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 8, 8], [30, 2, 3, 3], [30], [1, 30, 8, 8]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, unit, #mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 10 : i64} : (tensor<1x20x8x8xf16>, tensor<30x2x3x3xf16>, tensor<30xf16>) -> tensor<1x30x8x8xf16>
  %1 = mlopt.abs %0 : (tensor<1x30x8x8xf16>) -> tensor<1x30x8x8xf16>
  mlopt.yield %1 : tensor<1x30x8x8xf16>
}

mlopt.kernel @groups_odd_f16(%x: tensor<1x12x6x10xf16>, %f: tensor<15x4x3x3xf16>, %b: tensor<15xf16>) -> tensor<1x15x6x10xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 12, 6, 10], [15, 4, 3, 3], [15], [1, 15, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<1x12x6x10xf16>, tensor<15x4x3x3xf16>, tensor<15xf16>) -> tensor<1x15x6x10xf16>
  %1 = mlopt.abs %0 : (tensor<1x15x6x10xf16>) -> tensor<1x15x6x10xf16>
  mlopt.yield %1 : tensor<1x15x6x10xf16>
}

mlopt.kernel @stem_bf16(%x: tensor<1x3x11x13xbf16>, %f: tensor<24x3x3x3xbf16>, %b: tensor<24xbf16>) -> tensor<1x24x6x7xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 13], [24, 3, 3, 3], [24], [1, 24, 6, 7]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x13xbf16>, tensor<24x3x3x3xbf16>, tensor<24xbf16>) -> tensor<1x24x6x7xbf16>
  %1 = mlopt.abs %0 : (tensor<1x24x6x7xbf16>) -> tensor<1x24x6x7xbf16>
  mlopt.yield %1 : tensor<1x24x6x7xbf16>
}

mlopt.kernel @stem_seven_bf16(%x: tensor<1x3x40x40xbf16>, %f: tensor<64x3x7x7xbf16>, %b: tensor<64xbf16>) -> tensor<1x64x20x20xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 40, 40], [64, 3, 7, 7], [64], [1, 64, 20, 20]], layouts = [unit, unit, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x40x40xbf16>, tensor<64x3x7x7xbf16>, tensor<64xbf16>) -> tensor<1x64x20x20xbf16>
  %1 = mlopt.abs %0 : (tensor<1x64x20x20xbf16>) -> tensor<1x64x20x20xbf16>
  mlopt.yield %1 : tensor<1x64x20x20xbf16>
}

mlopt.kernel @groups_odd_bf16(%x: tensor<1x12x6x10xbf16>, %f: tensor<15x4x3x3xbf16>, %b: tensor<15xbf16>) -> tensor<1x15x6x10xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 12, 6, 10], [15, 4, 3, 3], [15], [1, 15, 6, 10]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<1x12x6x10xbf16>, tensor<15x4x3x3xbf16>, tensor<15xbf16>) -> tensor<1x15x6x10xbf16>
  %1 = mlopt.abs %0 : (tensor<1x15x6x10xbf16>) -> tensor<1x15x6x10xbf16>
  mlopt.yield %1 : tensor<1x15x6x10xbf16>
}
