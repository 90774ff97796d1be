// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --size n=1,w=7 --size n=2,w=30 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
//
// Groups of whole runs of channels, each a product of its own, and filters of one
// channel.
//
// CHECK: groups_f32 sm_80: cuda-convolution
// CHECK: depth_aligned_f32 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00
// CHECK: depth_aligned_f16 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00

mlopt.kernel @groups_f32(%x: tensor<1x32x6x10xf32>, %f: tensor<48x8x3x3xf32>, %b: tensor<48xf32>) -> tensor<1x48x6x10xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 10], [48, 8, 3, 3], [48], [1, 48, 6, 10]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d48c", [0, 1, 0, 1, 48, 0, 2, 1, 0, 3, 1, 0, 1, 1, 48]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64} : (tensor<1x32x6x10xf32>, tensor<48x8x3x3xf32>, tensor<48xf32>) -> tensor<1x48x6x10xf32>
  %1 = mlopt.abs %0 : (tensor<1x48x6x10xf32>) -> tensor<1x48x6x10xf32>
  mlopt.yield %1 : tensor<1x48x6x10xf32>
}

mlopt.kernel @groups_whole_f32(%x: tensor<?x48x9x9xf32>, %f: tensor<24x16x3x3xf32>, %b: tensor<24xf32>, %r: tensor<?x24x9x9xf32>) -> tensor<?x24x9x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 48, 9, 9], [24, 16, 3, 3], [24], ["n", 24, 9, 9], ["n", 24, 9, 9]], layouts = [#mlopt.layout<"nc2d48c", [0, 1, 0, 1, 48, 0, 2, 1, 0, 3, 1, 0, 1, 1, 48]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<?x48x9x9xf32>, tensor<24x16x3x3xf32>, tensor<24xf32>) -> tensor<?x24x9x9xf32>
  %1 = mlopt.add %0, %r : (tensor<?x24x9x9xf32>, tensor<?x24x9x9xf32>) -> tensor<?x24x9x9xf32>
  mlopt.yield %1 : tensor<?x24x9x9xf32>
}

mlopt.kernel @groups_twelve_f32(%x: tensor<2x24x9x9xf32>, %f: tensor<12x8x3x3xf32>, %b: tensor<12xf32>) -> tensor<2x12x9x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 24, 9, 9], [12, 8, 3, 3], [12], [2, 12, 9, 9]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x24x9x9xf32>, tensor<12x8x3x3xf32>, tensor<12xf32>) -> tensor<2x12x9x9xf32>
  %1 = mlopt.abs %0 : (tensor<2x12x9x9xf32>) -> tensor<2x12x9x9xf32>
  mlopt.yield %1 : tensor<2x12x9x9xf32>
}

mlopt.kernel @groups_odd_f32(%x: tensor<2x24x6x6xf32>, %f: tensor<33x8x3x3xf32>, %b: tensor<33xf32>, %r: tensor<2x33x6x6xf32>) -> tensor<2x33x6x6xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 24, 6, 6], [33, 8, 3, 3], [33], [2, 33, 6, 6], [2, 33, 6, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x24x6x6xf32>, tensor<33x8x3x3xf32>, tensor<33xf32>) -> tensor<2x33x6x6xf32>
  %1 = mlopt.add %0, %r : (tensor<2x33x6x6xf32>, tensor<2x33x6x6xf32>) -> tensor<2x33x6x6xf32>
  mlopt.yield %1 : tensor<2x33x6x6xf32>
}

mlopt.kernel @depth_f32(%x: tensor<?x24x6x?xf32>, %f: tensor<24x1x3x3xf32>, %b: tensor<24xf32>, %r: tensor<?x24x6x?xf32>) -> tensor<?x24x6x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 24, 6, "w"], [24, 1, 3, 3], [24], ["n", 24, 6, "w"], ["n", 24, 6, "w"]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"depthwise24", [0, 24, 0, 2, 1, 0, 3, 1, 0, 0, 1, 24]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<?x24x6x?xf32>, tensor<24x1x3x3xf32>, tensor<24xf32>) -> tensor<?x24x6x?xf32>
  %1 = mlopt.add %0, %r : (tensor<?x24x6x?xf32>, tensor<?x24x6x?xf32>) -> tensor<?x24x6x?xf32>
  mlopt.yield %1 : tensor<?x24x6x?xf32>
}

mlopt.kernel @depth_strided_f32(%x: tensor<2x17x11x12xf32>, %f: tensor<17x1x5x5xf32>, %b: tensor<17xf32>) -> tensor<2x17x6x6xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 17, 11, 12], [17, 1, 5, 5], [17], [2, 17, 6, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"depthwise24", [0, 24, 0, 2, 1, 0, 3, 1, 0, 0, 1, 24]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 17 : i64} : (tensor<2x17x11x12xf32>, tensor<17x1x5x5xf32>, tensor<17xf32>) -> tensor<2x17x6x6xf32>
  %1 = mlopt.abs %0 : (tensor<2x17x6x6xf32>) -> tensor<2x17x6x6xf32>
  mlopt.yield %1 : tensor<2x17x6x6xf32>
}

mlopt.kernel @depth_large_f32(%x: tensor<1x32x14x13xf32>, %f: tensor<32x1x7x7xf32>, %b: tensor<32xf32>) -> tensor<1x32x14x13xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 14, 13], [32, 1, 7, 7], [32], [1, 32, 14, 13]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"depthwise32", [0, 32, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x14x13xf32>, tensor<32x1x7x7xf32>, tensor<32xf32>) -> tensor<1x32x14x13xf32>
  %1 = mlopt.abs %0 : (tensor<1x32x14x13xf32>) -> tensor<1x32x14x13xf32>
  mlopt.yield %1 : tensor<1x32x14x13xf32>
}

mlopt.kernel @depth_three_d_f32(%x: tensor<1x8x5x6x7xf32>, %f: tensor<8x1x3x3x3xf32>, %b: tensor<8xf32>) -> tensor<1x8x5x6x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 8, 5, 6, 7], [8, 1, 3, 3, 3], [8], [1, 8, 5, 6, 7]], layouts = [#mlopt.layout<"nc3d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 8]>, #mlopt.layout<"depthwise8", [0, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 8]>, unit, #mlopt.layout<"nc3d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 8]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 1, 2, 1>, pads_end = array<i64: 1, 2, 1>, dilations = array<i64: 1, 2, 1>, groups = 8 : i64} : (tensor<1x8x5x6x7xf32>, tensor<8x1x3x3x3xf32>, tensor<8xf32>) -> tensor<1x8x5x6x7xf32>
  %1 = mlopt.abs %0 : (tensor<1x8x5x6x7xf32>) -> tensor<1x8x5x6x7xf32>
  mlopt.yield %1 : tensor<1x8x5x6x7xf32>
}

mlopt.kernel @depth_one_d_f32(%x: tensor<3x16x50xf32>, %f: tensor<16x1x4xf32>) -> tensor<3x16x16xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[3, 16, 50], [16, 1, 4], [3, 16, 16]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %f, %none {mlopt.hero_op, strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 16 : i64} : (tensor<3x16x50xf32>, tensor<16x1x4xf32>, none) -> tensor<3x16x16xf32>
  %1 = mlopt.abs %0 : (tensor<3x16x16xf32>) -> tensor<3x16x16xf32>
  mlopt.yield %1 : tensor<3x16x16xf32>
}

mlopt.kernel @depth_aligned_f32(%x: tensor<1x64x28x28xf32>, %f: tensor<64x1x3x3xf32>, %b: tensor<64xf32>) -> tensor<1x64x28x28xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 28, 28], [64, 1, 3, 3], [64], [1, 64, 28, 28]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"depthwise64", [0, 64, 0, 2, 1, 0, 3, 1, 0, 0, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 64 : i64} : (tensor<1x64x28x28xf32>, tensor<64x1x3x3xf32>, tensor<64xf32>) -> tensor<1x64x28x28xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x28x28xf32>) -> tensor<1x64x28x28xf32>
  mlopt.yield %1 : tensor<1x64x28x28xf32>
}

mlopt.kernel @groups_f16(%x: tensor<1x32x6x10xf16>, %f: tensor<48x8x3x3xf16>, %b: tensor<48xf16>) -> tensor<1x48x6x10xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 10], [48, 8, 3, 3], [48], [1, 48, 6, 10]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d48c", [0, 1, 0, 1, 48, 0, 2, 1, 0, 3, 1, 0, 1, 1, 48]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64} : (tensor<1x32x6x10xf16>, tensor<48x8x3x3xf16>, tensor<48xf16>) -> tensor<1x48x6x10xf16>
  %1 = mlopt.abs %0 : (tensor<1x48x6x10xf16>) -> tensor<1x48x6x10xf16>
  mlopt.yield %1 : tensor<1x48x6x10xf16>
}

mlopt.kernel @groups_whole_f16(%x: tensor<?x48x9x9xf16>, %f: tensor<24x16x3x3xf16>, %b: tensor<24xf16>, %r: tensor<?x24x9x9xf16>) -> tensor<?x24x9x9xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 48, 9, 9], [24, 16, 3, 3], [24], ["n", 24, 9, 9], ["n", 24, 9, 9]], layouts = [#mlopt.layout<"nc2d48c", [0, 1, 0, 1, 48, 0, 2, 1, 0, 3, 1, 0, 1, 1, 48]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<?x48x9x9xf16>, tensor<24x16x3x3xf16>, tensor<24xf16>) -> tensor<?x24x9x9xf16>
  %1 = mlopt.add %0, %r : (tensor<?x24x9x9xf16>, tensor<?x24x9x9xf16>) -> tensor<?x24x9x9xf16>
  mlopt.yield %1 : tensor<?x24x9x9xf16>
}

mlopt.kernel @groups_twelve_f16(%x: tensor<2x24x9x9xf16>, %f: tensor<12x8x3x3xf16>, %b: tensor<12xf16>) -> tensor<2x12x9x9xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 24, 9, 9], [12, 8, 3, 3], [12], [2, 12, 9, 9]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x24x9x9xf16>, tensor<12x8x3x3xf16>, tensor<12xf16>) -> tensor<2x12x9x9xf16>
  %1 = mlopt.abs %0 : (tensor<2x12x9x9xf16>) -> tensor<2x12x9x9xf16>
  mlopt.yield %1 : tensor<2x12x9x9xf16>
}

mlopt.kernel @groups_odd_f16(%x: tensor<2x24x6x6xf16>, %f: tensor<33x8x3x3xf16>, %b: tensor<33xf16>, %r: tensor<2x33x6x6xf16>) -> tensor<2x33x6x6xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 24, 6, 6], [33, 8, 3, 3], [33], [2, 33, 6, 6], [2, 33, 6, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x24x6x6xf16>, tensor<33x8x3x3xf16>, tensor<33xf16>) -> tensor<2x33x6x6xf16>
  %1 = mlopt.add %0, %r : (tensor<2x33x6x6xf16>, tensor<2x33x6x6xf16>) -> tensor<2x33x6x6xf16>
  mlopt.yield %1 : tensor<2x33x6x6xf16>
}

mlopt.kernel @depth_f16(%x: tensor<?x24x6x?xf16>, %f: tensor<24x1x3x3xf16>, %b: tensor<24xf16>, %r: tensor<?x24x6x?xf16>) -> tensor<?x24x6x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 24, 6, "w"], [24, 1, 3, 3], [24], ["n", 24, 6, "w"], ["n", 24, 6, "w"]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"depthwise24", [0, 24, 0, 2, 1, 0, 3, 1, 0, 0, 1, 24]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<?x24x6x?xf16>, tensor<24x1x3x3xf16>, tensor<24xf16>) -> tensor<?x24x6x?xf16>
  %1 = mlopt.add %0, %r : (tensor<?x24x6x?xf16>, tensor<?x24x6x?xf16>) -> tensor<?x24x6x?xf16>
  mlopt.yield %1 : tensor<?x24x6x?xf16>
}

mlopt.kernel @depth_strided_f16(%x: tensor<2x17x11x12xf16>, %f: tensor<17x1x5x5xf16>, %b: tensor<17xf16>) -> tensor<2x17x6x6xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 17, 11, 12], [17, 1, 5, 5], [17], [2, 17, 6, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"depthwise24", [0, 24, 0, 2, 1, 0, 3, 1, 0, 0, 1, 24]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 17 : i64} : (tensor<2x17x11x12xf16>, tensor<17x1x5x5xf16>, tensor<17xf16>) -> tensor<2x17x6x6xf16>
  %1 = mlopt.abs %0 : (tensor<2x17x6x6xf16>) -> tensor<2x17x6x6xf16>
  mlopt.yield %1 : tensor<2x17x6x6xf16>
}

mlopt.kernel @depth_large_f16(%x: tensor<1x32x14x13xf16>, %f: tensor<32x1x7x7xf16>, %b: tensor<32xf16>) -> tensor<1x32x14x13xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 14, 13], [32, 1, 7, 7], [32], [1, 32, 14, 13]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"depthwise32", [0, 32, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x14x13xf16>, tensor<32x1x7x7xf16>, tensor<32xf16>) -> tensor<1x32x14x13xf16>
  %1 = mlopt.abs %0 : (tensor<1x32x14x13xf16>) -> tensor<1x32x14x13xf16>
  mlopt.yield %1 : tensor<1x32x14x13xf16>
}

mlopt.kernel @depth_three_d_f16(%x: tensor<1x8x5x6x7xf16>, %f: tensor<8x1x3x3x3xf16>, %b: tensor<8xf16>) -> tensor<1x8x5x6x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 8, 5, 6, 7], [8, 1, 3, 3, 3], [8], [1, 8, 5, 6, 7]], layouts = [#mlopt.layout<"nc3d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 8]>, #mlopt.layout<"depthwise8", [0, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 8]>, unit, #mlopt.layout<"nc3d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 8]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 1, 2, 1>, pads_end = array<i64: 1, 2, 1>, dilations = array<i64: 1, 2, 1>, groups = 8 : i64} : (tensor<1x8x5x6x7xf16>, tensor<8x1x3x3x3xf16>, tensor<8xf16>) -> tensor<1x8x5x6x7xf16>
  %1 = mlopt.abs %0 : (tensor<1x8x5x6x7xf16>) -> tensor<1x8x5x6x7xf16>
  mlopt.yield %1 : tensor<1x8x5x6x7xf16>
}

mlopt.kernel @depth_one_d_f16(%x: tensor<3x16x50xf16>, %f: tensor<16x1x4xf16>) -> tensor<3x16x16xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[3, 16, 50], [16, 1, 4], [3, 16, 16]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %f, %none {mlopt.hero_op, strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 16 : i64} : (tensor<3x16x50xf16>, tensor<16x1x4xf16>, none) -> tensor<3x16x16xf16>
  %1 = mlopt.abs %0 : (tensor<3x16x16xf16>) -> tensor<3x16x16xf16>
  mlopt.yield %1 : tensor<3x16x16xf16>
}

mlopt.kernel @depth_aligned_f16(%x: tensor<1x64x28x28xf16>, %f: tensor<64x1x3x3xf16>, %b: tensor<64xf16>) -> tensor<1x64x28x28xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 28, 28], [64, 1, 3, 3], [64], [1, 64, 28, 28]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"depthwise64", [0, 64, 0, 2, 1, 0, 3, 1, 0, 0, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 64 : i64} : (tensor<1x64x28x28xf16>, tensor<64x1x3x3xf16>, tensor<64xf16>) -> tensor<1x64x28x28xf16>
  %1 = mlopt.abs %0 : (tensor<1x64x28x28xf16>) -> tensor<1x64x28x28xf16>
  mlopt.yield %1 : tensor<1x64x28x28xf16>
}

mlopt.kernel @groups_bf16(%x: tensor<1x32x6x10xbf16>, %f: tensor<48x8x3x3xbf16>, %b: tensor<48xbf16>) -> tensor<1x48x6x10xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 10], [48, 8, 3, 3], [48], [1, 48, 6, 10]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d48c", [0, 1, 0, 1, 48, 0, 2, 1, 0, 3, 1, 0, 1, 1, 48]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64} : (tensor<1x32x6x10xbf16>, tensor<48x8x3x3xbf16>, tensor<48xbf16>) -> tensor<1x48x6x10xbf16>
  %1 = mlopt.abs %0 : (tensor<1x48x6x10xbf16>) -> tensor<1x48x6x10xbf16>
  mlopt.yield %1 : tensor<1x48x6x10xbf16>
}

mlopt.kernel @groups_odd_bf16(%x: tensor<2x24x6x6xbf16>, %f: tensor<33x8x3x3xbf16>, %b: tensor<33xbf16>, %r: tensor<2x33x6x6xbf16>) -> tensor<2x33x6x6xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 24, 6, 6], [33, 8, 3, 3], [33], [2, 33, 6, 6], [2, 33, 6, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows8i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x24x6x6xbf16>, tensor<33x8x3x3xbf16>, tensor<33xbf16>) -> tensor<2x33x6x6xbf16>
  %1 = mlopt.add %0, %r : (tensor<2x33x6x6xbf16>, tensor<2x33x6x6xbf16>) -> tensor<2x33x6x6xbf16>
  mlopt.yield %1 : tensor<2x33x6x6xbf16>
}

mlopt.kernel @depth_bf16(%x: tensor<?x24x6x?xbf16>, %f: tensor<24x1x3x3xbf16>, %b: tensor<24xbf16>, %r: tensor<?x24x6x?xbf16>) -> tensor<?x24x6x?xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 24, 6, "w"], [24, 1, 3, 3], [24], ["n", 24, 6, "w"], ["n", 24, 6, "w"]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"depthwise24", [0, 24, 0, 2, 1, 0, 3, 1, 0, 0, 1, 24]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<?x24x6x?xbf16>, tensor<24x1x3x3xbf16>, tensor<24xbf16>) -> tensor<?x24x6x?xbf16>
  %1 = mlopt.add %0, %r : (tensor<?x24x6x?xbf16>, tensor<?x24x6x?xbf16>) -> tensor<?x24x6x?xbf16>
  mlopt.yield %1 : tensor<?x24x6x?xbf16>
}

mlopt.kernel @depth_aligned_bf16(%x: tensor<1x64x28x28xbf16>, %f: tensor<64x1x3x3xbf16>, %b: tensor<64xbf16>) -> tensor<1x64x28x28xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 28, 28], [64, 1, 3, 3], [64], [1, 64, 28, 28]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"depthwise64", [0, 64, 0, 2, 1, 0, 3, 1, 0, 0, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 64 : i64} : (tensor<1x64x28x28xbf16>, tensor<64x1x3x3xbf16>, tensor<64xbf16>) -> tensor<1x64x28x28xbf16>
  %1 = mlopt.abs %0 : (tensor<1x64x28x28xbf16>) -> tensor<1x64x28x28xbf16>
  mlopt.yield %1 : tensor<1x64x28x28xbf16>
}
