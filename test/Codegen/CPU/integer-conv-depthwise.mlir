// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size w=3 --size w=7 --size w=12 --size w=33 --tolerance=2e-7 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Depthwise convolutions of bytes without a permutation of bytes: every pixel
// is widened to f32, in which all sums are exact, or to i32 where the kernel has too
// many elements for that.

// CHECK: {{^}}depthwise_3 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_3(%x: tensor<1x20x6x17xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x20x6x17xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 6, 17], [20, 1, 3, 3], [1, 20, 6, 17]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 20 : i64} : (tensor<1x20x6x17xui8>, tensor<20x1x3x3xi8>, none, none) -> tensor<1x20x6x17xi32>
  mlopt.yield %0 : tensor<1x20x6x17xi32>
}

// CHECK: {{^}}depthwise_3_zero x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_3_zero(%x: tensor<2x33x5x29xui8> {mlopt.range = [0,256]}, %f: tensor<33x1x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<33x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<33x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<2x33x5x29xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 33, 5, 29], [33, 1, 3, 3], [33, 1, 1], [33, 1, 1], [2, 33, 5, 29]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 33 : i64} : (tensor<2x33x5x29xui8>, tensor<33x1x3x3xi8>, tensor<ui8>, none) -> tensor<2x33x5x29xi32>
  %1 = mlopt.add %0, %c : (tensor<2x33x5x29xi32>, tensor<33x1x1xi32>) -> tensor<2x33x5x29xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<2x33x5x29xi32>) -> tensor<2x33x5x29xf32>
  %3 = mlopt.mul %2, %s : (tensor<2x33x5x29xf32>, tensor<33x1x1xf32>) -> tensor<2x33x5x29xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<2x33x5x29xf32>, tensor<f32>) -> tensor<2x33x5x29xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<2x33x5x29xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x33x5x29xui8>
  mlopt.yield %6 : tensor<2x33x5x29xui8>
}

// CHECK: {{^}}depthwise_strided x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_strided(%x: tensor<1x32x13x15xui8> {mlopt.range = [0,256]}, %f: tensor<32x1x3x3xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<32x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<32x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x32x7x8xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 13, 15], [32, 1, 3, 3], [], [32, 1, 1], [32, 1, 1], [1, 32, 7, 8]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 32 : i64} : (tensor<1x32x13x15xui8>, tensor<32x1x3x3xi8>, tensor<ui8>, none) -> tensor<1x32x7x8xi32>
  %1 = mlopt.add %0, %c : (tensor<1x32x7x8xi32>, tensor<32x1x1xi32>) -> tensor<1x32x7x8xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x32x7x8xi32>) -> tensor<1x32x7x8xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x32x7x8xf32>, tensor<32x1x1xf32>) -> tensor<1x32x7x8xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x32x7x8xf32>, tensor<f32>) -> tensor<1x32x7x8xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x32x7x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x32x7x8xui8>
  mlopt.yield %6 : tensor<1x32x7x8xui8>
}

// CHECK: {{^}}depthwise_no_padding x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_no_padding(%x: tensor<1x17x5x11xui8> {mlopt.range = [0,256]}, %f: tensor<17x1x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<17x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<17x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x17x3x9xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 17, 5, 11], [17, 1, 3, 3], [17, 1, 1], [17, 1, 1], [1, 17, 3, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 17 : i64} : (tensor<1x17x5x11xui8>, tensor<17x1x3x3xi8>, none, none) -> tensor<1x17x3x9xi32>
  %1 = mlopt.add %0, %c : (tensor<1x17x3x9xi32>, tensor<17x1x1xi32>) -> tensor<1x17x3x9xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x17x3x9xi32>) -> tensor<1x17x3x9xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x17x3x9xf32>, tensor<17x1x1xf32>) -> tensor<1x17x3x9xf32>
  mlopt.yield %3 : tensor<1x17x3x9xf32>
}

// CHECK: {{^}}depthwise_narrow x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_narrow(%x: tensor<1x16x4x2xui8> {mlopt.range = [0,256]}, %f: tensor<16x1x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x4x2xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, 4, 2], [16, 1, 3, 3], [1, 16, 4, 2]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<9> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (tensor<1x16x4x2xui8>, tensor<16x1x3x3xi8>, tensor<ui8>, none) -> tensor<1x16x4x2xi32>
  mlopt.yield %0 : tensor<1x16x4x2xi32>
}

// CHECK: {{^}}depthwise_5 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_5(%x: tensor<1x24x9x19xui8> {mlopt.range = [0,256]}, %f: tensor<24x1x5x5xi8> {mlopt.range = [-128,128]}, %c: tensor<24x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<24x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x24x9x19xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 9, 19], [24, 1, 5, 5], [24, 1, 1], [24, 1, 1], [1, 24, 9, 19]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<30> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 24 : i64} : (tensor<1x24x9x19xui8>, tensor<24x1x5x5xi8>, tensor<ui8>, none) -> tensor<1x24x9x19xi32>
  %1 = mlopt.add %0, %c : (tensor<1x24x9x19xi32>, tensor<24x1x1xi32>) -> tensor<1x24x9x19xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x24x9x19xi32>) -> tensor<1x24x9x19xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x24x9x19xf32>, tensor<24x1x1xf32>) -> tensor<1x24x9x19xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x24x9x19xf32>, tensor<f32>) -> tensor<1x24x9x19xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x24x9x19xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x24x9x19xui8>
  mlopt.yield %6 : tensor<1x24x9x19xui8>
}

// CHECK: {{^}}depthwise_7 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_7(%x: tensor<1x16x9x15xui8> {mlopt.range = [0,256]}, %f: tensor<16x1x7x7xi8> {mlopt.range = [-128,128]}, %c: tensor<16x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<16x1x1xf32> {mlopt.range = [0.0001,0.003]}, %r: tensor<1x16x9x15xui8> {mlopt.range = [0,256]}) -> tensor<1x16x9x15xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, 9, 15], [16, 1, 7, 7], [16, 1, 1], [16, 1, 1], [1, 16, 9, 15], [1, 16, 9, 15]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<250> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (tensor<1x16x9x15xui8>, tensor<16x1x7x7xi8>, tensor<ui8>, none) -> tensor<1x16x9x15xi32>
  %1 = mlopt.add %0, %c : (tensor<1x16x9x15xi32>, tensor<16x1x1xi32>) -> tensor<1x16x9x15xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x16x9x15xi32>) -> tensor<1x16x9x15xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x16x9x15xf32>, tensor<16x1x1xf32>) -> tensor<1x16x9x15xf32>
  %rs = mlopt.constant dense<0.25> : tensor<f32>
  %rz = mlopt.constant dense<7> : tensor<ui8>
  %d = mlopt.dequantize %r, %rs, %rz : (tensor<1x16x9x15xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x16x9x15xf32>
  %4 = mlopt.add %3, %d : (tensor<1x16x9x15xf32>, tensor<1x16x9x15xf32>) -> tensor<1x16x9x15xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %4, %zero : (tensor<1x16x9x15xf32>, tensor<f32>) -> tensor<1x16x9x15xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x16x9x15xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x16x9x15xui8>
  mlopt.yield %6 : tensor<1x16x9x15xui8>
}

// CHECK: {{^}}depthwise_2 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_2(%x: tensor<1x18x5x8xui8> {mlopt.range = [0,256]}, %f: tensor<18x1x2x2xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}) -> tensor<1x18x3x4xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 18, 5, 8], [18, 1, 2, 2], [], [1, 18, 3, 4]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 18 : i64} : (tensor<1x18x5x8xui8>, tensor<18x1x2x2xi8>, tensor<ui8>, none) -> tensor<1x18x3x4xi32>
  mlopt.yield %0 : tensor<1x18x3x4xi32>
}

// CHECK: {{^}}depthwise_even x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_even(%x: tensor<1x18x5x21xui8> {mlopt.range = [0,256]}, %f: tensor<18x1x4x4xi8> {mlopt.range = [-128,128]}) -> tensor<1x18x5x21xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 18, 5, 21], [18, 1, 4, 4], [1, 18, 5, 21]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<12> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 18 : i64} : (tensor<1x18x5x21xui8>, tensor<18x1x4x4xi8>, tensor<ui8>, none) -> tensor<1x18x5x21xi32>
  mlopt.yield %0 : tensor<1x18x5x21xi32>
}

// CHECK: {{^}}depthwise_run x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_run(%x: tensor<1x20x?x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x3x3xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<20x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<20x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x20x?x?xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, "w", "w"], [20, 1, 3, 3], [], [20, 1, 1], [20, 1, 1], [1, 20, "w", "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 20 : i64} : (tensor<1x20x?x?xui8>, tensor<20x1x3x3xi8>, tensor<ui8>, none) -> tensor<1x20x?x?xi32>
  %1 = mlopt.add %0, %c : (tensor<1x20x?x?xi32>, tensor<20x1x1xi32>) -> tensor<1x20x?x?xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x20x?x?xi32>) -> tensor<1x20x?x?xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x20x?x?xf32>, tensor<20x1x1xf32>) -> tensor<1x20x?x?xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x20x?x?xf32>, tensor<f32>) -> tensor<1x20x?x?xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x20x?x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x20x?x?xui8>
  mlopt.yield %6 : tensor<1x20x?x?xui8>
}

// CHECK: {{^}}depthwise_run_zero x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_run_zero(%x: tensor<1x20x3x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x5x5xi8> {mlopt.range = [-128,128]}) -> tensor<1x20x3x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 3, "w"], [20, 1, 5, 5], [1, 20, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 20 : i64} : (tensor<1x20x3x?xui8>, tensor<20x1x5x5xi8>, none, none) -> tensor<1x20x3x?xi32>
  mlopt.yield %0 : tensor<1x20x3x?xi32>
}

// CHECK: {{^}}depthwise_run_strided x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_run_strided(%x: tensor<1x20x4x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x2x3xi8> {mlopt.range = [-128,128]}, %c: tensor<20x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<20x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x20x3x?xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 4, "w"], [20, 1, 2, 3], [20, 1, 1], [20, 1, 1], [1, 20, 3, #mlopt.sym<"ceildiv(w, 2)">]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<200> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 20 : i64} : (tensor<1x20x4x?xui8>, tensor<20x1x2x3xi8>, tensor<ui8>, none) -> tensor<1x20x3x?xi32>
  %1 = mlopt.add %0, %c : (tensor<1x20x3x?xi32>, tensor<20x1x1xi32>) -> tensor<1x20x3x?xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x20x3x?xi32>) -> tensor<1x20x3x?xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x20x3x?xf32>, tensor<20x1x1xf32>) -> tensor<1x20x3x?xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x20x3x?xf32>, tensor<f32>) -> tensor<1x20x3x?xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x20x3x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x20x3x?xui8>
  mlopt.yield %6 : tensor<1x20x3x?xui8>
}

// CHECK: {{^}}depthwise_run_no_padding x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_run_no_padding(%x: tensor<1x20x4x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x2x1xi8> {mlopt.range = [-128,128]}) -> tensor<1x20x3x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 4, "w"], [20, 1, 2, 1], [1, 20, 3, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 20 : i64} : (tensor<1x20x4x?xui8>, tensor<20x1x2x1xi8>, none, none) -> tensor<1x20x3x?xi32>
  mlopt.yield %0 : tensor<1x20x3x?xi32>
}

// CHECK: {{^}}depthwise_line x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_line(%x: tensor<1x24x?xui8> {mlopt.range = [0,256]}, %f: tensor<24x1x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x24x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, "w"], [24, 1, 3], [1, 24, "w"]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 24 : i64} : (tensor<1x24x?xui8>, tensor<24x1x3xi8>, tensor<ui8>, none) -> tensor<1x24x?xi32>
  mlopt.yield %0 : tensor<1x24x?xi32>
}

// CHECK: {{^}}depthwise_volume x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_volume(%x: tensor<1x20x4x5x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x1x3x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x20x4x5x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 4, 5, "w"], [20, 1, 3, 3, 3], [1, 20, 4, 5, "w"]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 20 : i64} : (tensor<1x20x4x5x?xui8>, tensor<20x1x3x3x3xi8>, tensor<ui8>, none) -> tensor<1x20x4x5x?xi32>
  mlopt.yield %0 : tensor<1x20x4x5x?xi32>
}

// CHECK: {{^}}depthwise_dilated x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_dilated(%x: tensor<1x24x9x23xui8> {mlopt.range = [0,256]}, %f: tensor<24x1x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<24x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<24x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x24x9x23xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 9, 23], [24, 1, 3, 3], [24, 1, 1], [24, 1, 1], [1, 24, 9, 23]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 2, 2>, groups = 24 : i64} : (tensor<1x24x9x23xui8>, tensor<24x1x3x3xi8>, tensor<ui8>, none) -> tensor<1x24x9x23xi32>
  %1 = mlopt.add %0, %c : (tensor<1x24x9x23xi32>, tensor<24x1x1xi32>) -> tensor<1x24x9x23xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x24x9x23xi32>) -> tensor<1x24x9x23xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x24x9x23xf32>, tensor<24x1x1xf32>) -> tensor<1x24x9x23xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x24x9x23xf32>, tensor<f32>) -> tensor<1x24x9x23xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x24x9x23xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x24x9x23xui8>
  mlopt.yield %6 : tensor<1x24x9x23xui8>
}

// CHECK: {{^}}depthwise_dilated_run x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_dilated_run(%x: tensor<1x24x5x?xui8> {mlopt.range = [0,256]}, %f: tensor<24x1x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x24x5x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 5, "w"], [24, 1, 3, 3], [1, 24, 5, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 3, 3>, groups = 24 : i64} : (tensor<1x24x5x?xui8>, tensor<24x1x3x3xi8>, tensor<ui8>, none) -> tensor<1x24x5x?xi32>
  mlopt.yield %0 : tensor<1x24x5x?xi32>
}

// CHECK: {{^}}depthwise_words x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @depthwise_words(%x: tensor<1x16x3x27xui8> {mlopt.range = [0,256]}, %f: tensor<16x1x23x23xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x3x27xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, 3, 27], [16, 1, 23, 23], [1, 16, 3, 27]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"depthwise16", [0, 16, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<255> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 11, 22>, pads_end = array<i64: 11, 22>, dilations = array<i64: 1, 2>, groups = 16 : i64} : (tensor<1x16x3x27xui8>, tensor<16x1x23x23xi8>, tensor<ui8>, none) -> tensor<1x16x3x27xi32>
  mlopt.yield %0 : tensor<1x16x3x27xi32>
}
