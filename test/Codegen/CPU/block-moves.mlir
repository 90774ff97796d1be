// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size w=0 --size w=1 --size w=5 --size w=16 --size w=37 --size w=150 | FileCheck %s --implicit-check-not=FAILED
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --show-schedule | FileCheck %s --check-prefix=TILE
//
// Tensors moved into blocked layouts and out of them at run time: activations and the
// filters of every form of convolution, transposed on the way or not; whole blocks,
// channels that do not fill one, several types. Padding becomes 0.
// CHECK: {{^}}into_32 x86-64-v2 w=0: generic
// CHECK: {{^}}out_turned_40 x86-64-v4 w=150: generic

// TILE: {{^}}into_32 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_32(%a: tensor<2x32x3x?xf32>) -> tensor<2x32x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 32, 3, "w"], [2, 32, 3, "w"]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x32x3x?xf32>) -> tensor<2x32x3x?xf32>
  mlopt.yield %0 : tensor<2x32x3x?xf32>
}
// TILE: {{^}}out_32 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_32(%a: tensor<2x32x3x?xf32>) -> tensor<2x32x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 32, 3, "w"], [2, 32, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x32x3x?xf32>) -> tensor<2x32x3x?xf32>
  mlopt.yield %0 : tensor<2x32x3x?xf32>
}
// TILE: {{^}}into_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_40(%a: tensor<2x40x3x?xf32>) -> tensor<2x40x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 40, 3, "w"], [2, 40, 3, "w"]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x40x3x?xf32>) -> tensor<2x40x3x?xf32>
  mlopt.yield %0 : tensor<2x40x3x?xf32>
}
// TILE: {{^}}out_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_40(%a: tensor<2x40x3x?xf32>) -> tensor<2x40x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 40, 3, "w"], [2, 40, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x40x3x?xf32>) -> tensor<2x40x3x?xf32>
  mlopt.yield %0 : tensor<2x40x3x?xf32>
}
// TILE: {{^}}into_3 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_3(%a: tensor<2x3x3x?xf32>) -> tensor<2x3x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, 3, "w"], [2, 3, 3, "w"]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x3x3x?xf32>) -> tensor<2x3x3x?xf32>
  mlopt.yield %0 : tensor<2x3x3x?xf32>
}
// TILE: {{^}}out_3 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_3(%a: tensor<2x3x3x?xf32>) -> tensor<2x3x3x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3, 3, "w"], [2, 3, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x3x3x?xf32>) -> tensor<2x3x3x?xf32>
  mlopt.yield %0 : tensor<2x3x3x?xf32>
}
// TILE: {{^}}into_fixed_8 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_fixed_8(%a: tensor<2x8x4x4xf32>) -> tensor<2x8x4x4xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 8, 4, 4], [2, 8, 4, 4]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x8x4x4xf32>) -> tensor<2x8x4x4xf32>
  mlopt.yield %0 : tensor<2x8x4x4xf32>
}
// TILE: {{^}}out_fixed_8 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_fixed_8(%a: tensor<2x8x4x4xf32>) -> tensor<2x8x4x4xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 8, 4, 4], [2, 8, 4, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x8x4x4xf32>) -> tensor<2x8x4x4xf32>
  mlopt.yield %0 : tensor<2x8x4x4xf32>
}
// TILE: {{^}}into_fixed_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_fixed_40(%a: tensor<2x40x4x4xf32>) -> tensor<2x40x4x4xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 40, 4, 4], [2, 40, 4, 4]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<2x40x4x4xf32>) -> tensor<2x40x4x4xf32>
  mlopt.yield %0 : tensor<2x40x4x4xf32>
}
// TILE: {{^}}out_fixed_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_fixed_40(%a: tensor<2x40x4x4xf32>) -> tensor<2x40x4x4xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 40, 4, 4], [2, 40, 4, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x40x4x4xf32>) -> tensor<2x40x4x4xf32>
  mlopt.yield %0 : tensor<2x40x4x4xf32>
}
// TILE: {{^}}into_bf16 x86-64-v4: {{.*}}block tile
mlopt.kernel @into_bf16(%a: tensor<2x24x?xbf16>) -> tensor<2x24x?xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[2, 24, "w"], [2, 24, "w"]], layouts = [unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>} : (tensor<2x24x?xbf16>) -> tensor<2x24x?xbf16>
  mlopt.yield %0 : tensor<2x24x?xbf16>
}
// TILE: {{^}}out_f64 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_f64(%a: tensor<2x24x?xf64>) -> tensor<2x24x?xf64> attributes {hero = #mlopt.hero<copy>, dims = [[2, 24, "w"], [2, 24, "w"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x24x?xf64>) -> tensor<2x24x?xf64>
  mlopt.yield %0 : tensor<2x24x?xf64>
}
// TILE: {{^}}out_i8 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_i8(%a: tensor<2x24x?xi8>) -> tensor<2x24x?xi8> attributes {hero = #mlopt.hero<copy>, dims = [[2, 24, "w"], [2, 24, "w"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<2x24x?xi8>) -> tensor<2x24x?xi8>
  mlopt.yield %0 : tensor<2x24x?xi8>
}
// TILE: {{^}}into_samples x86-64-v4: {{.*}}block tile
mlopt.kernel @into_samples(%a: tensor<?x32x8x8xf32>) -> tensor<?x32x8x8xf32> attributes {hero = #mlopt.hero<copy>, dims = [["w", 32, 8, 8], ["w", 32, 8, 8]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<?x32x8x8xf32>) -> tensor<?x32x8x8xf32>
  mlopt.yield %0 : tensor<?x32x8x8xf32>
}
// TILE: {{^}}out_samples x86-64-v4: {{.*}}block tile
mlopt.kernel @out_samples(%a: tensor<?x32x8x8xf32>) -> tensor<?x32x8x8xf32> attributes {hero = #mlopt.hero<copy>, dims = [["w", 32, 8, 8], ["w", 32, 8, 8]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.relayout %a {mlopt.hero_op} : (tensor<?x32x8x8xf32>) -> tensor<?x32x8x8xf32>
  mlopt.yield %0 : tensor<?x32x8x8xf32>
}
// TILE: {{^}}filter_64_32 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_64_32(%a: tensor<64x32x3x3xf32>) -> tensor<64x32x3x3xf32> attributes {hero = #mlopt.hero<copy>, dims = [[64, 32, 3, 3], [64, 32, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>} : (tensor<64x32x3x3xf32>) -> tensor<64x32x3x3xf32>
  mlopt.yield %0 : tensor<64x32x3x3xf32>
}
// TILE: {{^}}filter_turned_64_32 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_turned_64_32(%a: tensor<32x64x3x3xf32>) -> tensor<64x32x3x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[32, 64, 3, 3], [64, 32, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<32x64x3x3xf32>) -> tensor<64x32x3x3xf32>
  mlopt.yield %0 : tensor<64x32x3x3xf32>
}
// TILE: {{^}}filter_24_20 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_24_20(%a: tensor<24x20x3x3xf32>) -> tensor<24x20x3x3xf32> attributes {hero = #mlopt.hero<copy>, dims = [[24, 20, 3, 3], [24, 20, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>} : (tensor<24x20x3x3xf32>) -> tensor<24x20x3x3xf32>
  mlopt.yield %0 : tensor<24x20x3x3xf32>
}
// TILE: {{^}}filter_turned_24_20 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_turned_24_20(%a: tensor<20x24x3x3xf32>) -> tensor<24x20x3x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[20, 24, 3, 3], [24, 20, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<20x24x3x3xf32>) -> tensor<24x20x3x3xf32>
  mlopt.yield %0 : tensor<24x20x3x3xf32>
}
// TILE: {{^}}filter_16_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_16_40(%a: tensor<16x40x3x3xf32>) -> tensor<16x40x3x3xf32> attributes {hero = #mlopt.hero<copy>, dims = [[16, 40, 3, 3], [16, 40, 3, 3]], layouts = [unit, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>} : (tensor<16x40x3x3xf32>) -> tensor<16x40x3x3xf32>
  mlopt.yield %0 : tensor<16x40x3x3xf32>
}
// TILE: {{^}}filter_turned_16_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_turned_16_40(%a: tensor<40x16x3x3xf32>) -> tensor<16x40x3x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[40, 16, 3, 3], [16, 40, 3, 3]], layouts = [unit, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<40x16x3x3xf32>) -> tensor<16x40x3x3xf32>
  mlopt.yield %0 : tensor<16x40x3x3xf32>
}
// TILE: {{^}}filter_20_3 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_20_3(%a: tensor<20x3x3x3xf32>) -> tensor<20x3x3x3xf32> attributes {hero = #mlopt.hero<copy>, dims = [[20, 3, 3, 3], [20, 3, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>} : (tensor<20x3x3x3xf32>) -> tensor<20x3x3x3xf32>
  mlopt.yield %0 : tensor<20x3x3x3xf32>
}
// TILE: {{^}}filter_turned_20_3 x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_turned_20_3(%a: tensor<3x20x3x3xf32>) -> tensor<20x3x3x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[3, 20, 3, 3], [20, 3, 3, 3]], layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32]>]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<3x20x3x3xf32>) -> tensor<20x3x3x3xf32>
  mlopt.yield %0 : tensor<20x3x3x3xf32>
}
// TILE: {{^}}filter_depthwise x86-64-v4: {{.*}}block tile
mlopt.kernel @filter_depthwise(%a: tensor<40x1x5xf32>) -> tensor<40x1x5xf32> attributes {hero = #mlopt.hero<copy>, dims = [[40, 1, 5], [40, 1, 5]], layouts = [unit, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>]} {
  %0 = mlopt.relayout %a {mlopt.hero_op, layout = #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>} : (tensor<40x1x5xf32>) -> tensor<40x1x5xf32>
  mlopt.yield %0 : tensor<40x1x5xf32>
}
// TILE: {{^}}out_turned_32 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_turned_32(%a: tensor<2x32x3x?xf32>) -> tensor<32x2x3x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 32, 3, "w"], [32, 2, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<2x32x3x?xf32>) -> tensor<32x2x3x?xf32>
  mlopt.yield %0 : tensor<32x2x3x?xf32>
}
// TILE: {{^}}out_turned_40 x86-64-v4: {{.*}}block tile
mlopt.kernel @out_turned_40(%a: tensor<2x40x3x?xf32>) -> tensor<40x2x3x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, 40, 3, "w"], [40, 2, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0, 2, 3>, mlopt.hero_op} : (tensor<2x40x3x?xf32>) -> tensor<40x2x3x?xf32>
  mlopt.yield %0 : tensor<40x2x3x?xf32>
}
