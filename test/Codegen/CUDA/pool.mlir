// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --size n=1,h=5,w=7 --size n=3,h=17,w=16 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
//
// Pools with channels last (vectors of channels) and row-major (threads along the
// width): all kinds, borders, sizes rounded up, dilations, and one window as large
// as the image, which several threads share.
//
// CHECK: last_aligned_f32 sm_80: cuda-pool {{.*}}excess=0 conflicts=1.00
// CHECK: last_aligned_f16 sm_80: cuda-pool {{.*}}excess=0 conflicts=1.00
// CHECK: rows_i32 sm_90: cuda-pool

mlopt.kernel @last_aligned_f32(%x: tensor<1x64x16x16xf32>) -> tensor<1x64x8x8xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 64, 16, 16], [1, 64, 8, 8]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x64x16x16xf32>) -> tensor<1x64x8x8xf32>
  mlopt.yield %0 : tensor<1x64x8x8xf32>
}

mlopt.kernel @last_max_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @last_average_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @last_lp_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @last_ceil_f32(%x: tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = true, p = 2 : i64} : (tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32>
  mlopt.yield %0 : tensor<1x9x6x4xf32>
}

mlopt.kernel @last_ceil_not_f32(%x: tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32>
  mlopt.yield %0 : tensor<1x9x6x4xf32>
}

mlopt.kernel @last_symbols_f32(%x: tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 24, "h", "w"], ["n", 24, #mlopt.sym<"floordiv(h - 2, 2) + 1">, #mlopt.sym<"floordiv(w - 2, 2) + 1">]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32>
  mlopt.yield %0 : tensor<?x24x?x?xf32>
}

mlopt.kernel @last_dilated_f32(%x: tensor<2x8x14x15xf32>) -> tensor<2x8x14x13xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 8, 14, 15], [2, 8, 14, 13]], layouts = [#mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, #mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, count_include_pad = false, p = 2 : i64} : (tensor<2x8x14x15xf32>) -> tensor<2x8x14x13xf32>
  mlopt.yield %0 : tensor<2x8x14x13xf32>
}

mlopt.kernel @last_whole_f32(%x: tensor<?x40x9x8xf32>) -> tensor<?x40x1x1xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 40, 9, 8], ["n", 40, 1, 1]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x40x9x8xf32>) -> tensor<?x40x1x1xf32>
  mlopt.yield %0 : tensor<?x40x1x1xf32>
}

mlopt.kernel @last_whole_max_f32(%x: tensor<3x21x17x8xf32>) -> tensor<3x21x1x1xf32> attributes {hero = #mlopt.hero<pool>, dims = [[3, 21, 17, 8], [3, 21, 1, 1]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 17, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<3x21x17x8xf32>) -> tensor<3x21x1x1xf32>
  mlopt.yield %0 : tensor<3x21x1x1xf32>
}

mlopt.kernel @last_one_d_f32(%x: tensor<2x12x50xf32>) -> tensor<2x12x12xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 12, 50], [2, 12, 12]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 4>, strides = array<i64: 4>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x12x50xf32>) -> tensor<2x12x12xf32>
  mlopt.yield %0 : tensor<2x12x12xf32>
}

mlopt.kernel @last_three_d_f32(%x: tensor<1x12x6x7x9xf32>) -> tensor<1x12x3x4x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7, 9], [1, 12, 3, 4, 5]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3, 3>, strides = array<i64: 2, 2, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7x9xf32>) -> tensor<1x12x3x4x5xf32>
  mlopt.yield %0 : tensor<1x12x3x4x5xf32>
}

mlopt.kernel @last_large_f32(%x: tensor<1x12x20x21xf32>) -> tensor<1x12x12x14xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 20, 21], [1, 12, 12, 14]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 3 : i64} : (tensor<1x12x20x21xf32>) -> tensor<1x12x12x14xf32>
  mlopt.yield %0 : tensor<1x12x12x14xf32>
}

mlopt.kernel @last_aligned_f16(%x: tensor<1x64x16x16xf16>) -> tensor<1x64x8x8xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 64, 16, 16], [1, 64, 8, 8]], layouts = [#mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x64x16x16xf16>) -> tensor<1x64x8x8xf16>
  mlopt.yield %0 : tensor<1x64x8x8xf16>
}

mlopt.kernel @last_max_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @last_average_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @last_lp_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @last_ceil_f16(%x: tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = true, p = 2 : i64} : (tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16>
  mlopt.yield %0 : tensor<1x9x6x4xf16>
}

mlopt.kernel @last_ceil_not_f16(%x: tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16>
  mlopt.yield %0 : tensor<1x9x6x4xf16>
}

mlopt.kernel @last_symbols_f16(%x: tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 24, "h", "w"], ["n", 24, #mlopt.sym<"floordiv(h - 2, 2) + 1">, #mlopt.sym<"floordiv(w - 2, 2) + 1">]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16>
  mlopt.yield %0 : tensor<?x24x?x?xf16>
}

mlopt.kernel @last_dilated_f16(%x: tensor<2x8x14x15xf16>) -> tensor<2x8x14x13xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 8, 14, 15], [2, 8, 14, 13]], layouts = [#mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, #mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, count_include_pad = false, p = 2 : i64} : (tensor<2x8x14x15xf16>) -> tensor<2x8x14x13xf16>
  mlopt.yield %0 : tensor<2x8x14x13xf16>
}

mlopt.kernel @last_whole_f16(%x: tensor<?x40x9x8xf16>) -> tensor<?x40x1x1xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 40, 9, 8], ["n", 40, 1, 1]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x40x9x8xf16>) -> tensor<?x40x1x1xf16>
  mlopt.yield %0 : tensor<?x40x1x1xf16>
}

mlopt.kernel @last_whole_max_f16(%x: tensor<3x21x17x8xf16>) -> tensor<3x21x1x1xf16> attributes {hero = #mlopt.hero<pool>, dims = [[3, 21, 17, 8], [3, 21, 1, 1]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 17, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<3x21x17x8xf16>) -> tensor<3x21x1x1xf16>
  mlopt.yield %0 : tensor<3x21x1x1xf16>
}

mlopt.kernel @last_one_d_f16(%x: tensor<2x12x50xf16>) -> tensor<2x12x12xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 12, 50], [2, 12, 12]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 4>, strides = array<i64: 4>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x12x50xf16>) -> tensor<2x12x12xf16>
  mlopt.yield %0 : tensor<2x12x12xf16>
}

mlopt.kernel @last_three_d_f16(%x: tensor<1x12x6x7x9xf16>) -> tensor<1x12x3x4x5xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7, 9], [1, 12, 3, 4, 5]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3, 3>, strides = array<i64: 2, 2, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7x9xf16>) -> tensor<1x12x3x4x5xf16>
  mlopt.yield %0 : tensor<1x12x3x4x5xf16>
}

mlopt.kernel @last_large_f16(%x: tensor<1x12x20x21xf16>) -> tensor<1x12x12x14xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 20, 21], [1, 12, 12, 14]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 3 : i64} : (tensor<1x12x20x21xf16>) -> tensor<1x12x12x14xf16>
  mlopt.yield %0 : tensor<1x12x12x14xf16>
}

mlopt.kernel @last_max_bf16(%x: tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16>
  mlopt.yield %0 : tensor<2x20x7x6xbf16>
}

mlopt.kernel @last_average_bf16(%x: tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [#mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16>
  mlopt.yield %0 : tensor<2x20x7x6xbf16>
}

mlopt.kernel @last_whole_bf16(%x: tensor<?x40x9x8xbf16>) -> tensor<?x40x1x1xbf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 40, 9, 8], ["n", 40, 1, 1]], layouts = [#mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x40x9x8xbf16>) -> tensor<?x40x1x1xbf16>
  mlopt.yield %0 : tensor<?x40x1x1xbf16>
}

mlopt.kernel @last_f64(%x: tensor<1x12x6x7xf64>) -> tensor<1x12x4x5xf64> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xf64>) -> tensor<1x12x4x5xf64>
  mlopt.yield %0 : tensor<1x12x4x5xf64>
}

mlopt.kernel @last_i8(%x: tensor<1x12x6x7xi8>) -> tensor<1x12x4x5xi8> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xi8>) -> tensor<1x12x4x5xi8>
  mlopt.yield %0 : tensor<1x12x4x5xi8>
}

mlopt.kernel @last_ui8(%x: tensor<1x12x6x7xui8>) -> tensor<1x12x4x5xui8> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xui8>) -> tensor<1x12x4x5xui8>
  mlopt.yield %0 : tensor<1x12x4x5xui8>
}

mlopt.kernel @last_i32(%x: tensor<1x12x6x7xi32>) -> tensor<1x12x4x5xi32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xi32>) -> tensor<1x12x4x5xi32>
  mlopt.yield %0 : tensor<1x12x4x5xi32>
}

mlopt.kernel @rows_aligned_f32(%x: tensor<1x64x16x16xf32>) -> tensor<1x64x8x8xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 64, 16, 16], [1, 64, 8, 8]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x64x16x16xf32>) -> tensor<1x64x8x8xf32>
  mlopt.yield %0 : tensor<1x64x8x8xf32>
}

mlopt.kernel @rows_max_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @rows_average_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @rows_lp_f32(%x: tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf32>) -> tensor<2x20x7x6xf32>
  mlopt.yield %0 : tensor<2x20x7x6xf32>
}

mlopt.kernel @rows_ceil_f32(%x: tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = true, p = 2 : i64} : (tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32>
  mlopt.yield %0 : tensor<1x9x6x4xf32>
}

mlopt.kernel @rows_ceil_not_f32(%x: tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x9x12x10xf32>) -> tensor<1x9x6x4xf32>
  mlopt.yield %0 : tensor<1x9x6x4xf32>
}

mlopt.kernel @rows_symbols_f32(%x: tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 24, "h", "w"], ["n", 24, #mlopt.sym<"floordiv(h - 2, 2) + 1">, #mlopt.sym<"floordiv(w - 2, 2) + 1">]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x24x?x?xf32>) -> tensor<?x24x?x?xf32>
  mlopt.yield %0 : tensor<?x24x?x?xf32>
}

mlopt.kernel @rows_dilated_f32(%x: tensor<2x8x14x15xf32>) -> tensor<2x8x14x13xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 8, 14, 15], [2, 8, 14, 13]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, count_include_pad = false, p = 2 : i64} : (tensor<2x8x14x15xf32>) -> tensor<2x8x14x13xf32>
  mlopt.yield %0 : tensor<2x8x14x13xf32>
}

mlopt.kernel @rows_whole_f32(%x: tensor<?x40x9x8xf32>) -> tensor<?x40x1x1xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 40, 9, 8], ["n", 40, 1, 1]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x40x9x8xf32>) -> tensor<?x40x1x1xf32>
  mlopt.yield %0 : tensor<?x40x1x1xf32>
}

mlopt.kernel @rows_whole_max_f32(%x: tensor<3x21x17x8xf32>) -> tensor<3x21x1x1xf32> attributes {hero = #mlopt.hero<pool>, dims = [[3, 21, 17, 8], [3, 21, 1, 1]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 17, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<3x21x17x8xf32>) -> tensor<3x21x1x1xf32>
  mlopt.yield %0 : tensor<3x21x1x1xf32>
}

mlopt.kernel @rows_one_d_f32(%x: tensor<2x12x50xf32>) -> tensor<2x12x12xf32> attributes {hero = #mlopt.hero<pool>, dims = [[2, 12, 50], [2, 12, 12]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 4>, strides = array<i64: 4>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x12x50xf32>) -> tensor<2x12x12xf32>
  mlopt.yield %0 : tensor<2x12x12xf32>
}

mlopt.kernel @rows_three_d_f32(%x: tensor<1x12x6x7x9xf32>) -> tensor<1x12x3x4x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7, 9], [1, 12, 3, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3, 3>, strides = array<i64: 2, 2, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7x9xf32>) -> tensor<1x12x3x4x5xf32>
  mlopt.yield %0 : tensor<1x12x3x4x5xf32>
}

mlopt.kernel @rows_large_f32(%x: tensor<1x12x20x21xf32>) -> tensor<1x12x12x14xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 20, 21], [1, 12, 12, 14]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 3 : i64} : (tensor<1x12x20x21xf32>) -> tensor<1x12x12x14xf32>
  mlopt.yield %0 : tensor<1x12x12x14xf32>
}

mlopt.kernel @rows_aligned_f16(%x: tensor<1x64x16x16xf16>) -> tensor<1x64x8x8xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 64, 16, 16], [1, 64, 8, 8]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x64x16x16xf16>) -> tensor<1x64x8x8xf16>
  mlopt.yield %0 : tensor<1x64x8x8xf16>
}

mlopt.kernel @rows_max_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @rows_average_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @rows_lp_f16(%x: tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xf16>) -> tensor<2x20x7x6xf16>
  mlopt.yield %0 : tensor<2x20x7x6xf16>
}

mlopt.kernel @rows_ceil_f16(%x: tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = true, p = 2 : i64} : (tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16>
  mlopt.yield %0 : tensor<1x9x6x4xf16>
}

mlopt.kernel @rows_ceil_not_f16(%x: tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 9, 12, 10], [1, 9, 6, 4]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x9x12x10xf16>) -> tensor<1x9x6x4xf16>
  mlopt.yield %0 : tensor<1x9x6x4xf16>
}

mlopt.kernel @rows_symbols_f16(%x: tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 24, "h", "w"], ["n", 24, #mlopt.sym<"floordiv(h - 2, 2) + 1">, #mlopt.sym<"floordiv(w - 2, 2) + 1">]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x24x?x?xf16>) -> tensor<?x24x?x?xf16>
  mlopt.yield %0 : tensor<?x24x?x?xf16>
}

mlopt.kernel @rows_dilated_f16(%x: tensor<2x8x14x15xf16>) -> tensor<2x8x14x13xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 8, 14, 15], [2, 8, 14, 13]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 2, 3>, count_include_pad = false, p = 2 : i64} : (tensor<2x8x14x15xf16>) -> tensor<2x8x14x13xf16>
  mlopt.yield %0 : tensor<2x8x14x13xf16>
}

mlopt.kernel @rows_whole_f16(%x: tensor<?x40x9x8xf16>) -> tensor<?x40x1x1xf16> attributes {hero = #mlopt.hero<pool>, dims = [["n", 40, 9, 8], ["n", 40, 1, 1]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<?x40x9x8xf16>) -> tensor<?x40x1x1xf16>
  mlopt.yield %0 : tensor<?x40x1x1xf16>
}

mlopt.kernel @rows_whole_max_f16(%x: tensor<3x21x17x8xf16>) -> tensor<3x21x1x1xf16> attributes {hero = #mlopt.hero<pool>, dims = [[3, 21, 17, 8], [3, 21, 1, 1]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 17, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<3x21x17x8xf16>) -> tensor<3x21x1x1xf16>
  mlopt.yield %0 : tensor<3x21x1x1xf16>
}

mlopt.kernel @rows_one_d_f16(%x: tensor<2x12x50xf16>) -> tensor<2x12x12xf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 12, 50], [2, 12, 12]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 4>, strides = array<i64: 4>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x12x50xf16>) -> tensor<2x12x12xf16>
  mlopt.yield %0 : tensor<2x12x12xf16>
}

mlopt.kernel @rows_three_d_f16(%x: tensor<1x12x6x7x9xf16>) -> tensor<1x12x3x4x5xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7, 9], [1, 12, 3, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3, 3>, strides = array<i64: 2, 2, 2>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7x9xf16>) -> tensor<1x12x3x4x5xf16>
  mlopt.yield %0 : tensor<1x12x3x4x5xf16>
}

mlopt.kernel @rows_large_f16(%x: tensor<1x12x20x21xf16>) -> tensor<1x12x12x14xf16> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 20, 21], [1, 12, 12, 14]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind lp>, kernel = array<i64: 9, 8>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 3 : i64} : (tensor<1x12x20x21xf16>) -> tensor<1x12x12x14xf16>
  mlopt.yield %0 : tensor<1x12x12x14xf16>
}

mlopt.kernel @rows_average_bf16(%x: tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16> attributes {hero = #mlopt.hero<pool>, dims = [[2, 20, 13, 11], [2, 20, 7, 6]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<2x20x13x11xbf16>) -> tensor<2x20x7x6xbf16>
  mlopt.yield %0 : tensor<2x20x7x6xbf16>
}

mlopt.kernel @rows_f64(%x: tensor<1x12x6x7xf64>) -> tensor<1x12x4x5xf64> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xf64>) -> tensor<1x12x4x5xf64>
  mlopt.yield %0 : tensor<1x12x4x5xf64>
}

mlopt.kernel @rows_i8(%x: tensor<1x12x6x7xi8>) -> tensor<1x12x4x5xi8> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xi8>) -> tensor<1x12x4x5xi8>
  mlopt.yield %0 : tensor<1x12x4x5xi8>
}

mlopt.kernel @rows_ui8(%x: tensor<1x12x6x7xui8>) -> tensor<1x12x4x5xui8> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xui8>) -> tensor<1x12x4x5xui8>
  mlopt.yield %0 : tensor<1x12x4x5xui8>
}

mlopt.kernel @rows_i32(%x: tensor<1x12x6x7xi32>) -> tensor<1x12x4x5xi32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 12, 6, 7], [1, 12, 4, 5]], layouts = [unit, unit]} {
  %0 = mlopt.pool %x {mlopt.hero_op, kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = false, p = 2 : i64} : (tensor<1x12x6x7xi32>) -> tensor<1x12x4x5xi32>
  mlopt.yield %0 : tensor<1x12x4x5xi32>
}
