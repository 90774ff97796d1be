// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --size n=1,h=5,w=7 --size n=3,h=17,w=16 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80 --ptxas=none --tf32 --tolerance=2e-3 --atol=2e-2 --size n=3,h=6,w=9 | FileCheck %s --check-prefix=TF32 --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
//
// Convolutions as products of matrices whose tiles copy themselves: one to three
// spatial axes, borders, strides and dilations, sizes that are no multiples of any
// tile, an epilogue, in f32, f16 and bf16. Aligned shapes move whole sectors.
//
// CHECK: aligned_f32 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00
// CHECK: aligned_f16 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00
// CHECK: aligned_f32 sm_90: cuda-convolution {{.*}}excess=0 conflicts=1.00
// TF32: aligned_f32 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00

mlopt.kernel @aligned_f32(%x: tensor<1x64x20x20xf32>, %f: tensor<64x64x3x3xf32>, %b: tensor<64xf32>, %r: tensor<1x64x20x20xf32>) -> tensor<1x64x20x20xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 3, 3], [64], [1, 64, 20, 20], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xf32>, tensor<64x64x3x3xf32>, tensor<64xf32>) -> tensor<1x64x20x20xf32>
  %1 = mlopt.add %0, %r : (tensor<1x64x20x20xf32>, tensor<1x64x20x20xf32>) -> tensor<1x64x20x20xf32>
  mlopt.yield %1 : tensor<1x64x20x20xf32>
}

mlopt.kernel @blocked_f32(%x: tensor<2x20x7x9xf32>, %f: tensor<40x20x3x3xf32>, %b: tensor<40xf32>) -> tensor<2x40x7x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows24i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xf32>, tensor<40x20x3x3xf32>, tensor<40xf32>) -> tensor<2x40x7x9xf32>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xf32>) -> tensor<2x40x7x9xf32>
  mlopt.yield %1 : tensor<2x40x7x9xf32>
}

mlopt.kernel @pointwise_f32(%x: tensor<2x32x5x?xf32>, %f: tensor<64x32x1x1xf32>, %b: tensor<64xf32>) -> tensor<2x64x5x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 32, 5, "w"], [64, 32, 1, 1], [64], [2, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows32i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x32x5x?xf32>, tensor<64x32x1x1xf32>, tensor<64xf32>) -> tensor<2x64x5x?xf32>
  %1 = mlopt.abs %0 : (tensor<2x64x5x?xf32>) -> tensor<2x64x5x?xf32>
  mlopt.yield %1 : tensor<2x64x5x?xf32>
}

mlopt.kernel @odd_outputs_f32(%x: tensor<1x11x13x9xf32>, %f: tensor<67x11x1x1xf32>, %b: tensor<67xf32>, %r: tensor<1x67x13x9xf32>) -> tensor<1x67x13x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 11, 13, 9], [67, 11, 1, 1], [67], [1, 67, 13, 9], [1, 67, 13, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x11x13x9xf32>, tensor<67x11x1x1xf32>, tensor<67xf32>) -> tensor<1x67x13x9xf32>
  %1 = mlopt.add %0, %r : (tensor<1x67x13x9xf32>, tensor<1x67x13x9xf32>) -> tensor<1x67x13x9xf32>
  mlopt.yield %1 : tensor<1x67x13x9xf32>
}

mlopt.kernel @unpadded_f32(%x: tensor<3x9x9x8xf32>, %f: tensor<5x9x2x2xf32>) -> tensor<3x5x8x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[3, 9, 9, 8], [5, 9, 2, 2], [3, 5, 8, 7]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>]} {
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %f, %none {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<3x9x9x8xf32>, tensor<5x9x2x2xf32>, none) -> tensor<3x5x8x7xf32>
  %1 = mlopt.abs %0 : (tensor<3x5x8x7xf32>) -> tensor<3x5x8x7xf32>
  mlopt.yield %1 : tensor<3x5x8x7xf32>
}

mlopt.kernel @dilated_f32(%x: tensor<1x32x15x17xf32>, %f: tensor<130x32x3x3xf32>, %b: tensor<130xf32>) -> tensor<1x130x15x17xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 15, 17], [130, 32, 3, 3], [130], [1, 130, 15, 17]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows32i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, unit, #mlopt.layout<"nc2d136c", [0, 1, 0, 1, 136, 0, 2, 1, 0, 3, 1, 0, 1, 1, 136]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 3>, pads_end = array<i64: 2, 3>, dilations = array<i64: 2, 3>, groups = 1 : i64} : (tensor<1x32x15x17xf32>, tensor<130x32x3x3xf32>, tensor<130xf32>) -> tensor<1x130x15x17xf32>
  %1 = mlopt.abs %0 : (tensor<1x130x15x17xf32>) -> tensor<1x130x15x17xf32>
  mlopt.yield %1 : tensor<1x130x15x17xf32>
}

mlopt.kernel @symbols_f32(%x: tensor<?x16x?x?xf32>, %f: tensor<24x16x3x3xf32>, %b: tensor<24xf32>, %r: tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, "h", "w"], [24, 16, 3, 3], [24], ["n", 24, "h", "w"], ["n", 24, "h", "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x?x?xf32>, tensor<24x16x3x3xf32>, tensor<24xf32>) -> tensor<?x24x?x?xf32>
  %1 = mlopt.add %0, %r : (tensor<?x24x?x?xf32>, tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32>
  mlopt.yield %1 : tensor<?x24x?x?xf32>
}

mlopt.kernel @symbols_strided_f32(%x: tensor<?x40x?x?xf32>, %f: tensor<72x40x3x3xf32>, %b: tensor<72xf32>) -> tensor<?x72x?x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 40, "h", "w"], [72, 40, 3, 3], [72], ["n", 72, #mlopt.sym<"floordiv(h - 1, 2) + 1">, #mlopt.sym<"floordiv(w - 1, 2) + 1">]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"filter_rows40i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, unit, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x40x?x?xf32>, tensor<72x40x3x3xf32>, tensor<72xf32>) -> tensor<?x72x?x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x72x?x?xf32>) -> tensor<?x72x?x?xf32>
  mlopt.yield %1 : tensor<?x72x?x?xf32>
}

mlopt.kernel @one_d_f32(%x: tensor<?x16x?xf32>, %f: tensor<40x16x3xf32>, %b: tensor<40xf32>) -> tensor<?x40x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, "w"], [40, 16, 3], [40], ["n", 40, "w"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc1d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1>, pads_begin = array<i64: 8>, pads_end = array<i64: 0>, dilations = array<i64: 4>, groups = 1 : i64} : (tensor<?x16x?xf32>, tensor<40x16x3xf32>, tensor<40xf32>) -> tensor<?x40x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x40x?xf32>) -> tensor<?x40x?xf32>
  mlopt.yield %1 : tensor<?x40x?xf32>
}

mlopt.kernel @three_d_f32(%x: tensor<1x10x5x6x7xf32>, %f: tensor<12x10x3x2x3xf32>, %b: tensor<12xf32>) -> tensor<1x12x5x3x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 10, 5, 6, 7], [12, 10, 3, 2, 3], [12], [1, 12, 5, 3, 7]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x10x5x6x7xf32>, tensor<12x10x3x2x3xf32>, tensor<12xf32>) -> tensor<1x12x5x3x7xf32>
  %1 = mlopt.abs %0 : (tensor<1x12x5x3x7xf32>) -> tensor<1x12x5x3x7xf32>
  mlopt.yield %1 : tensor<1x12x5x3x7xf32>
}

mlopt.kernel @aligned_f16(%x: tensor<1x64x20x20xf16>, %f: tensor<64x64x3x3xf16>, %b: tensor<64xf16>, %r: tensor<1x64x20x20xf16>) -> tensor<1x64x20x20xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 3, 3], [64], [1, 64, 20, 20], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xf16>, tensor<64x64x3x3xf16>, tensor<64xf16>) -> tensor<1x64x20x20xf16>
  %1 = mlopt.add %0, %r : (tensor<1x64x20x20xf16>, tensor<1x64x20x20xf16>) -> tensor<1x64x20x20xf16>
  mlopt.yield %1 : tensor<1x64x20x20xf16>
}

mlopt.kernel @blocked_f16(%x: tensor<2x20x7x9xf16>, %f: tensor<40x20x3x3xf16>, %b: tensor<40xf16>) -> tensor<2x40x7x9xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows24i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xf16>, tensor<40x20x3x3xf16>, tensor<40xf16>) -> tensor<2x40x7x9xf16>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xf16>) -> tensor<2x40x7x9xf16>
  mlopt.yield %1 : tensor<2x40x7x9xf16>
}

mlopt.kernel @pointwise_f16(%x: tensor<2x32x5x?xf16>, %f: tensor<64x32x1x1xf16>, %b: tensor<64xf16>) -> tensor<2x64x5x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 32, 5, "w"], [64, 32, 1, 1], [64], [2, 64, 5, "w"]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows32i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x32x5x?xf16>, tensor<64x32x1x1xf16>, tensor<64xf16>) -> tensor<2x64x5x?xf16>
  %1 = mlopt.abs %0 : (tensor<2x64x5x?xf16>) -> tensor<2x64x5x?xf16>
  mlopt.yield %1 : tensor<2x64x5x?xf16>
}

mlopt.kernel @odd_outputs_f16(%x: tensor<1x11x13x9xf16>, %f: tensor<67x11x1x1xf16>, %b: tensor<67xf16>, %r: tensor<1x67x13x9xf16>) -> tensor<1x67x13x9xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 11, 13, 9], [67, 11, 1, 1], [67], [1, 67, 13, 9], [1, 67, 13, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x11x13x9xf16>, tensor<67x11x1x1xf16>, tensor<67xf16>) -> tensor<1x67x13x9xf16>
  %1 = mlopt.add %0, %r : (tensor<1x67x13x9xf16>, tensor<1x67x13x9xf16>) -> tensor<1x67x13x9xf16>
  mlopt.yield %1 : tensor<1x67x13x9xf16>
}

mlopt.kernel @unpadded_f16(%x: tensor<3x9x9x8xf16>, %f: tensor<5x9x2x2xf16>) -> tensor<3x5x8x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[3, 9, 9, 8], [5, 9, 2, 2], [3, 5, 8, 7]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>]} {
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %f, %none {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<3x9x9x8xf16>, tensor<5x9x2x2xf16>, none) -> tensor<3x5x8x7xf16>
  %1 = mlopt.abs %0 : (tensor<3x5x8x7xf16>) -> tensor<3x5x8x7xf16>
  mlopt.yield %1 : tensor<3x5x8x7xf16>
}

mlopt.kernel @dilated_f16(%x: tensor<1x32x15x17xf16>, %f: tensor<130x32x3x3xf16>, %b: tensor<130xf16>) -> tensor<1x130x15x17xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 15, 17], [130, 32, 3, 3], [130], [1, 130, 15, 17]], layouts = [#mlopt.layout<"nc2d32c", [0, 1, 0, 1, 32, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, #mlopt.layout<"filter_rows32i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 32]>, unit, #mlopt.layout<"nc2d136c", [0, 1, 0, 1, 136, 0, 2, 1, 0, 3, 1, 0, 1, 1, 136]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 3>, pads_end = array<i64: 2, 3>, dilations = array<i64: 2, 3>, groups = 1 : i64} : (tensor<1x32x15x17xf16>, tensor<130x32x3x3xf16>, tensor<130xf16>) -> tensor<1x130x15x17xf16>
  %1 = mlopt.abs %0 : (tensor<1x130x15x17xf16>) -> tensor<1x130x15x17xf16>
  mlopt.yield %1 : tensor<1x130x15x17xf16>
}

mlopt.kernel @symbols_f16(%x: tensor<?x16x?x?xf16>, %f: tensor<24x16x3x3xf16>, %b: tensor<24xf16>, %r: tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, "h", "w"], [24, 16, 3, 3], [24], ["n", 24, "h", "w"], ["n", 24, "h", "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x?x?xf16>, tensor<24x16x3x3xf16>, tensor<24xf16>) -> tensor<?x24x?x?xf16>
  %1 = mlopt.add %0, %r : (tensor<?x24x?x?xf16>, tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16>
  mlopt.yield %1 : tensor<?x24x?x?xf16>
}

mlopt.kernel @symbols_strided_f16(%x: tensor<?x40x?x?xf16>, %f: tensor<72x40x3x3xf16>, %b: tensor<72xf16>) -> tensor<?x72x?x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 40, "h", "w"], [72, 40, 3, 3], [72], ["n", 72, #mlopt.sym<"floordiv(h - 1, 2) + 1">, #mlopt.sym<"floordiv(w - 1, 2) + 1">]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"filter_rows40i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, unit, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x40x?x?xf16>, tensor<72x40x3x3xf16>, tensor<72xf16>) -> tensor<?x72x?x?xf16>
  %1 = mlopt.abs %0 : (tensor<?x72x?x?xf16>) -> tensor<?x72x?x?xf16>
  mlopt.yield %1 : tensor<?x72x?x?xf16>
}

mlopt.kernel @one_d_f16(%x: tensor<?x16x?xf16>, %f: tensor<40x16x3xf16>, %b: tensor<40xf16>) -> tensor<?x40x?xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, "w"], [40, 16, 3], [40], ["n", 40, "w"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc1d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1>, pads_begin = array<i64: 8>, pads_end = array<i64: 0>, dilations = array<i64: 4>, groups = 1 : i64} : (tensor<?x16x?xf16>, tensor<40x16x3xf16>, tensor<40xf16>) -> tensor<?x40x?xf16>
  %1 = mlopt.abs %0 : (tensor<?x40x?xf16>) -> tensor<?x40x?xf16>
  mlopt.yield %1 : tensor<?x40x?xf16>
}

mlopt.kernel @three_d_f16(%x: tensor<1x10x5x6x7xf16>, %f: tensor<12x10x3x2x3xf16>, %b: tensor<12xf16>) -> tensor<1x12x5x3x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 10, 5, 6, 7], [12, 10, 3, 2, 3], [12], [1, 12, 5, 3, 7]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x10x5x6x7xf16>, tensor<12x10x3x2x3xf16>, tensor<12xf16>) -> tensor<1x12x5x3x7xf16>
  %1 = mlopt.abs %0 : (tensor<1x12x5x3x7xf16>) -> tensor<1x12x5x3x7xf16>
  mlopt.yield %1 : tensor<1x12x5x3x7xf16>
}

mlopt.kernel @aligned_bf16(%x: tensor<1x64x20x20xbf16>, %f: tensor<64x64x3x3xbf16>, %b: tensor<64xbf16>, %r: tensor<1x64x20x20xbf16>) -> tensor<1x64x20x20xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 20, 20], [64, 64, 3, 3], [64], [1, 64, 20, 20], [1, 64, 20, 20]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"filter_rows64i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x64x20x20xbf16>, tensor<64x64x3x3xbf16>, tensor<64xbf16>) -> tensor<1x64x20x20xbf16>
  %1 = mlopt.add %0, %r : (tensor<1x64x20x20xbf16>, tensor<1x64x20x20xbf16>) -> tensor<1x64x20x20xbf16>
  mlopt.yield %1 : tensor<1x64x20x20xbf16>
}

mlopt.kernel @blocked_bf16(%x: tensor<2x20x7x9xbf16>, %f: tensor<40x20x3x3xbf16>, %b: tensor<40xbf16>) -> tensor<2x40x7x9xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 20, 7, 9], [40, 20, 3, 3], [40], [2, 40, 7, 9]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"filter_rows24i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x20x7x9xbf16>, tensor<40x20x3x3xbf16>, tensor<40xbf16>) -> tensor<2x40x7x9xbf16>
  %1 = mlopt.abs %0 : (tensor<2x40x7x9xbf16>) -> tensor<2x40x7x9xbf16>
  mlopt.yield %1 : tensor<2x40x7x9xbf16>
}

mlopt.kernel @symbols_bf16(%x: tensor<?x16x?x?xbf16>, %f: tensor<24x16x3x3xbf16>, %b: tensor<24xbf16>, %r: tensor<?x24x?x?xbf16>) -> tensor<?x24x?x?xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, "h", "w"], [24, 16, 3, 3], [24], ["n", 24, "h", "w"], ["n", 24, "h", "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter_rows16i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x?x?xbf16>, tensor<24x16x3x3xbf16>, tensor<24xbf16>) -> tensor<?x24x?x?xbf16>
  %1 = mlopt.add %0, %r : (tensor<?x24x?x?xbf16>, tensor<?x24x?x?xbf16>) -> tensor<?x24x?x?xbf16>
  mlopt.yield %1 : tensor<?x24x?x?xbf16>
}

mlopt.kernel @symbols_strided_bf16(%x: tensor<?x40x?x?xbf16>, %f: tensor<72x40x3x3xbf16>, %b: tensor<72xbf16>) -> tensor<?x72x?x?xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 40, "h", "w"], [72, 40, 3, 3], [72], ["n", 72, #mlopt.sym<"floordiv(h - 1, 2) + 1">, #mlopt.sym<"floordiv(w - 1, 2) + 1">]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"filter_rows40i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, unit, #mlopt.layout<"nc2d72c", [0, 1, 0, 1, 72, 0, 2, 1, 0, 3, 1, 0, 1, 1, 72]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x40x?x?xbf16>, tensor<72x40x3x3xbf16>, tensor<72xbf16>) -> tensor<?x72x?x?xbf16>
  %1 = mlopt.abs %0 : (tensor<?x72x?x?xbf16>) -> tensor<?x72x?x?xbf16>
  mlopt.yield %1 : tensor<?x72x?x?xbf16>
}
