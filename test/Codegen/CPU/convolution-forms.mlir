// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size w=7 --size w=12 --size w=33 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Convolutions over one, two and three axes in blocked layouts, grouped ones of
// whole blocks among them, with borders, strides and dilations.

// CHECK: {{^}}blocked_1d x86-64-v2 {{.*}}: convolution
mlopt.kernel @blocked_1d(%arg0: tensor<1x40x?xf32>, %arg1: tensor<24x40x5xf32>, %arg2: tensor<24xf32>) -> tensor<1x24x?xf32> attributes {dims = [[1, 40, "w"], [24, 40, 5], [24], [1, 24, #mlopt.sym<"floordiv(w, 2) - 2">]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 2>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 2>, pads_end = array<i64: 1>, strides = array<i64: 2>} : (tensor<1x40x?xf32>, tensor<24x40x5xf32>, tensor<24xf32>) -> tensor<1x24x?xf32>
  mlopt.yield %0 : tensor<1x24x?xf32>
}

// CHECK: {{^}}groups_1d x86-64-v2 {{.*}}: convolution
mlopt.kernel @groups_1d(%arg0: tensor<2x32x?xf32>, %arg1: tensor<64x16x3xf32>, %arg2: tensor<64xf32>) -> tensor<2x64x?xf32> attributes {dims = [[2, 32, "w"], [64, 16, 3], [64], [2, 64, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1>, groups = 2 : i64, mlopt.hero_op, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, strides = array<i64: 1>} : (tensor<2x32x?xf32>, tensor<64x16x3xf32>, tensor<64xf32>) -> tensor<2x64x?xf32>
  mlopt.yield %0 : tensor<2x64x?xf32>
}

// CHECK: {{^}}stem_1d x86-64-v2 {{.*}}: convolution
mlopt.kernel @stem_1d(%arg0: tensor<1x3x?xf32>, %arg1: tensor<20x3x4xf32>, %arg2: tensor<20xf32>) -> tensor<1x20x?xf32> attributes {dims = [[1, 3, "w"], [20, 3, 4], [20], [1, 20, #mlopt.sym<"floordiv(w, 3) + 1">]], hero = #mlopt.hero<convolution>, layouts = [unit, #mlopt.layout<"filter32o1i", [0, 32, 0, 1, 1, 0, 2, 1, 0, 0, 1, 32]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 2>, pads_end = array<i64: 2>, strides = array<i64: 3>} : (tensor<1x3x?xf32>, tensor<20x3x4xf32>, tensor<20xf32>) -> tensor<1x20x?xf32>
  mlopt.yield %0 : tensor<1x20x?xf32>
}

// CHECK: {{^}}depthwise_1d x86-64-v2 {{.*}}: convolution
mlopt.kernel @depthwise_1d(%arg0: tensor<1x24x?xf32>, %arg1: tensor<24x1x3xf32>, %arg2: tensor<24xf32>) -> tensor<1x24x?xf32> attributes {dims = [[1, 24, "w"], [24, 1, 3], [24], [1, 24, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1>, groups = 24 : i64, mlopt.hero_op, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, strides = array<i64: 1>} : (tensor<1x24x?xf32>, tensor<24x1x3xf32>, tensor<24xf32>) -> tensor<1x24x?xf32>
  mlopt.yield %0 : tensor<1x24x?xf32>
}

// CHECK: {{^}}pointwise_1d x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_1d(%arg0: tensor<1x17x?xf32>, %arg1: tensor<33x17x1xf32>, %arg2: tensor<33xf32>) -> tensor<1x33x?xf32> attributes {dims = [[1, 17, "w"], [33, 17, 1], [33], [1, 33, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, strides = array<i64: 1>} : (tensor<1x17x?xf32>, tensor<33x17x1xf32>, tensor<33xf32>) -> tensor<1x33x?xf32>
  mlopt.yield %0 : tensor<1x33x?xf32>
}

// CHECK: {{^}}groups_2d x86-64-v2 {{.*}}: convolution
mlopt.kernel @groups_2d(%arg0: tensor<1x96x5x?xf32>, %arg1: tensor<96x32x3x3xf32>, %arg2: tensor<96xf32>) -> tensor<1x96x5x?xf32> attributes {dims = [[1, 96, 5, "w"], [96, 32, 3, 3], [96], [1, 96, 5, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 1>, groups = 3 : i64, mlopt.hero_op, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x96x5x?xf32>, tensor<96x32x3x3xf32>, tensor<96xf32>) -> tensor<1x96x5x?xf32>
  mlopt.yield %0 : tensor<1x96x5x?xf32>
}

// CHECK: {{^}}blocked_3d x86-64-v2 {{.*}}: convolution
mlopt.kernel @blocked_3d(%arg0: tensor<1x20x4x5x?xf32>, %arg1: tensor<18x20x3x2x3xf32>, %arg2: tensor<18xf32>) -> tensor<1x18x2x4x?xf32> attributes {dims = [[1, 20, 4, 5, "w"], [18, 20, 3, 2, 3], [18], [1, 18, 2, 4, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16, 0, 1, 32]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 2, 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 1, 1, 1>, strides = array<i64: 2, 1, 1>} : (tensor<1x20x4x5x?xf32>, tensor<18x20x3x2x3xf32>, tensor<18xf32>) -> tensor<1x18x2x4x?xf32>
  mlopt.yield %0 : tensor<1x18x2x4x?xf32>
}

// CHECK: {{^}}stem_3d x86-64-v2 {{.*}}: convolution
mlopt.kernel @stem_3d(%arg0: tensor<1x2x5x6x?xf32>, %arg1: tensor<16x2x3x3x3xf32>, %arg2: tensor<16xf32>) -> tensor<1x16x5x3x?xf32> attributes {dims = [[1, 2, 5, 6, "w"], [16, 2, 3, 3, 3], [16], [1, 16, 5, 3, #mlopt.sym<"ceildiv(w, 2)">]], hero = #mlopt.hero<convolution>, layouts = [unit, #mlopt.layout<"filter16o1i", [0, 16, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 1, 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, strides = array<i64: 1, 2, 2>} : (tensor<1x2x5x6x?xf32>, tensor<16x2x3x3x3xf32>, tensor<16xf32>) -> tensor<1x16x5x3x?xf32>
  mlopt.yield %0 : tensor<1x16x5x3x?xf32>
}

// CHECK: {{^}}depthwise_3d x86-64-v2 {{.*}}: convolution
mlopt.kernel @depthwise_3d(%arg0: tensor<1x20x4x5x?xf32>, %arg1: tensor<20x1x3x3x3xf32>, %arg2: tensor<20xf32>) -> tensor<1x20x4x5x?xf32> attributes {dims = [[1, 20, 4, 5, "w"], [20, 1, 3, 3, 3], [20], [1, 20, 4, 5, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 1, 1>, groups = 20 : i64, mlopt.hero_op, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, strides = array<i64: 1, 1, 1>} : (tensor<1x20x4x5x?xf32>, tensor<20x1x3x3x3xf32>, tensor<20xf32>) -> tensor<1x20x4x5x?xf32>
  mlopt.yield %0 : tensor<1x20x4x5x?xf32>
}

// CHECK: {{^}}long_sums x86-64-v2 {{.*}}: convolution
mlopt.kernel @long_sums(%arg0: tensor<1x300x2x?xf32>, %arg1: tensor<40x300x1x1xf32>, %arg2: tensor<40xf32>) -> tensor<1x40x3x?xf32> attributes {dims = [[1, 300, 2, "w"], [40, 300, 1, 1], [40], [1, 40, 3, #mlopt.sym<"w + 1">]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 1, 0>, strides = array<i64: 1, 1>} : (tensor<1x300x2x?xf32>, tensor<40x300x1x1xf32>, tensor<40xf32>) -> tensor<1x40x3x?xf32>
  mlopt.yield %0 : tensor<1x40x3x?xf32>
}

// CHECK: {{^}}pointwise_3d x86-64-v2 {{.*}}: convolution
mlopt.kernel @pointwise_3d(%arg0: tensor<2x16x3x4x?xf32>, %arg1: tensor<16x16x1x1x1xf32>, %arg2: tensor<16xf32>) -> tensor<2x16x3x4x?xf32> attributes {dims = [[2, 16, 3, 4, "w"], [16, 16, 1, 1, 1], [16], [2, 16, 3, 4, "w"]], hero = #mlopt.hero<convolution>, layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"filter16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16, 0, 1, 16]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %arg0, %arg1, %arg2 {dilations = array<i64: 1, 1, 1>, groups = 1 : i64, mlopt.hero_op, pads_begin = array<i64: 0, 0, 0>, pads_end = array<i64: 0, 0, 0>, strides = array<i64: 1, 1, 1>} : (tensor<2x16x3x4x?xf32>, tensor<16x16x1x1x1xf32>, tensor<16xf32>) -> tensor<2x16x3x4x?xf32>
  mlopt.yield %0 : tensor<2x16x3x4x?xf32>
}
