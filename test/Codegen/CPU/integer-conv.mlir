// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v3+vnni,x86-64-v4+vnni --size w=1 --size w=7 --size w=12 --size w=33 --tolerance=2e-7 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Convolutions of bytes over channels in blocks and stems: channels that fill no
// block, borders that count as a zero point which is none, a constant or known at
// run time, strides, dilations, groups of whole blocks, one to three axes, sizes
// known at run time; in i32, rounded back to bytes, with a residual, or in f32.

// CHECK: {{^}}odd_channels_5 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @odd_channels_5(%x: tensor<2x5x7x9xui8> {mlopt.range = [0,256]}, %f: tensor<17x5x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<2x17x7x9xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 5, 7, 9], [17, 5, 3, 3], [2, 17, 7, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x5x7x9xui8>, tensor<17x5x3x3xi8>, none, none) -> tensor<2x17x7x9xi32>
  mlopt.yield %0 : tensor<2x17x7x9xi32>
}

// CHECK: {{^}}odd_channels_17 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @odd_channels_17(%x: tensor<1x17x6x11xui8> {mlopt.range = [0,256]}, %f: tensor<33x17x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<33x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<33x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x33x6x11xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 17, 6, 11], [33, 17, 3, 3], [33, 1, 1], [33, 1, 1], [1, 33, 6, 11]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x17x6x11xui8>, tensor<33x17x3x3xi8>, tensor<ui8>, none) -> tensor<1x33x6x11xi32>
  %1 = mlopt.add %0, %c : (tensor<1x33x6x11xi32>, tensor<33x1x1xi32>) -> tensor<1x33x6x11xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x33x6x11xi32>) -> tensor<1x33x6x11xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x33x6x11xf32>, tensor<33x1x1xf32>) -> tensor<1x33x6x11xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x33x6x11xf32>, tensor<f32>) -> tensor<1x33x6x11xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x33x6x11xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x33x6x11xui8>
  mlopt.yield %6 : tensor<1x33x6x11xui8>
}

// CHECK: {{^}}odd_channels_20 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @odd_channels_20(%x: tensor<1x20x9x13xui8> {mlopt.range = [0,256]}, %f: tensor<20x20x3x3xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<20x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<20x1x1xf32> {mlopt.range = [0.0001,0.003]}, %r: tensor<1x20x5x7xui8> {mlopt.range = [0,256]}) -> tensor<1x20x5x7xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 9, 13], [20, 20, 3, 3], [], [20, 1, 1], [20, 1, 1], [1, 20, 5, 7], [1, 20, 5, 7]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x20x9x13xui8>, tensor<20x20x3x3xi8>, tensor<ui8>, none) -> tensor<1x20x5x7xi32>
  %1 = mlopt.add %0, %c : (tensor<1x20x5x7xi32>, tensor<20x1x1xi32>) -> tensor<1x20x5x7xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x20x5x7xi32>) -> tensor<1x20x5x7xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x20x5x7xf32>, tensor<20x1x1xf32>) -> tensor<1x20x5x7xf32>
  %rs = mlopt.constant dense<0.25> : tensor<f32>
  %rz = mlopt.constant dense<7> : tensor<ui8>
  %d = mlopt.dequantize %r, %rs, %rz : (tensor<1x20x5x7xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x20x5x7xf32>
  %4 = mlopt.add %3, %d : (tensor<1x20x5x7xf32>, tensor<1x20x5x7xf32>) -> tensor<1x20x5x7xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %4, %zero : (tensor<1x20x5x7xf32>, tensor<f32>) -> tensor<1x20x5x7xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x20x5x7xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x20x5x7xui8>
  mlopt.yield %6 : tensor<1x20x5x7xui8>
}

// CHECK: {{^}}odd_channels_33 x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @odd_channels_33(%x: tensor<1x33x5x29xui8> {mlopt.range = [0,256]}, %f: tensor<40x33x1x3xi8> {mlopt.range = [-128,128]}, %c: tensor<40x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<40x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x40x5x29xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 33, 5, 29], [40, 33, 1, 3], [40, 1, 1], [40, 1, 1], [1, 40, 5, 29]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<7> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x33x5x29xui8>, tensor<40x33x1x3xi8>, tensor<ui8>, none) -> tensor<1x40x5x29xi32>
  %1 = mlopt.add %0, %c : (tensor<1x40x5x29xi32>, tensor<40x1x1xi32>) -> tensor<1x40x5x29xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x40x5x29xi32>) -> tensor<1x40x5x29xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x40x5x29xf32>, tensor<40x1x1xf32>) -> tensor<1x40x5x29xf32>
  mlopt.yield %3 : tensor<1x40x5x29xf32>
}

// CHECK: {{^}}one_output x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @one_output(%x: tensor<1x16x5x5xui8> {mlopt.range = [0,256]}, %f: tensor<1x16x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x1x5x5xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 16, 5, 5], [1, 16, 3, 3], [1, 1, 5, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<255> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 0>, pads_end = array<i64: 0, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x5x5xui8>, tensor<1x16x3x3xi8>, tensor<ui8>, none) -> tensor<1x1x5x5xi32>
  mlopt.yield %0 : tensor<1x1x5x5xi32>
}

// CHECK: {{^}}dilated x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @dilated(%x: tensor<1x24x11x17xui8> {mlopt.range = [0,256]}, %f: tensor<32x24x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<32x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<32x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x32x11x17xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 24, 11, 17], [32, 24, 3, 3], [32, 1, 1], [32, 1, 1], [1, 32, 11, 17]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 3>, pads_end = array<i64: 2, 3>, dilations = array<i64: 2, 3>, groups = 1 : i64} : (tensor<1x24x11x17xui8>, tensor<32x24x3x3xi8>, tensor<ui8>, none) -> tensor<1x32x11x17xi32>
  %1 = mlopt.add %0, %c : (tensor<1x32x11x17xi32>, tensor<32x1x1xi32>) -> tensor<1x32x11x17xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x32x11x17xi32>) -> tensor<1x32x11x17xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x32x11x17xf32>, tensor<32x1x1xf32>) -> tensor<1x32x11x17xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x32x11x17xf32>, tensor<f32>) -> tensor<1x32x11x17xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x32x11x17xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x32x11x17xui8>
  mlopt.yield %6 : tensor<1x32x11x17xui8>
}

// CHECK: {{^}}strided x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @strided(%x: tensor<1x20x12x31xui8> {mlopt.range = [0,256]}, %f: tensor<48x20x5x4xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}) -> tensor<1x48x4x15xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 12, 31], [48, 20, 5, 4], [], [1, 48, 4, 15]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 3, 2>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 3, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x20x12x31xui8>, tensor<48x20x5x4xi8>, tensor<ui8>, none) -> tensor<1x48x4x15xi32>
  mlopt.yield %0 : tensor<1x48x4x15xi32>
}

// CHECK: {{^}}no_padding x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @no_padding(%x: tensor<1x40x7x30xui8> {mlopt.range = [0,256]}, %f: tensor<64x40x3x2xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<64x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<64x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x64x5x29xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 40, 7, 30], [64, 40, 3, 2], [], [64, 1, 1], [64, 1, 1], [1, 64, 5, 29]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x40x7x30xui8>, tensor<64x40x3x2xi8>, tensor<ui8>, none) -> tensor<1x64x5x29xi32>
  %1 = mlopt.add %0, %c : (tensor<1x64x5x29xi32>, tensor<64x1x1xi32>) -> tensor<1x64x5x29xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x64x5x29xi32>) -> tensor<1x64x5x29xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x64x5x29xf32>, tensor<64x1x1xf32>) -> tensor<1x64x5x29xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x64x5x29xf32>, tensor<f32>) -> tensor<1x64x5x29xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x64x5x29xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x64x5x29xui8>
  mlopt.yield %6 : tensor<1x64x5x29xui8>
}

// CHECK: {{^}}known_zero x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @known_zero(%x: tensor<1x32x6x20xui8> {mlopt.range = [0,256]}, %f: tensor<64x32x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<64x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<64x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x64x6x20xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 6, 20], [64, 32, 3, 3], [64, 1, 1], [64, 1, 1], [1, 64, 6, 20]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<0> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x6x20xui8>, tensor<64x32x3x3xi8>, tensor<ui8>, none) -> tensor<1x64x6x20xi32>
  %1 = mlopt.add %0, %c : (tensor<1x64x6x20xi32>, tensor<64x1x1xi32>) -> tensor<1x64x6x20xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x64x6x20xi32>) -> tensor<1x64x6x20xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x64x6x20xf32>, tensor<64x1x1xf32>) -> tensor<1x64x6x20xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x64x6x20xf32>, tensor<f32>) -> tensor<1x64x6x20xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x64x6x20xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x64x6x20xui8>
  mlopt.yield %6 : tensor<1x64x6x20xui8>
}

// CHECK: {{^}}pointwise x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @pointwise(%x: tensor<2x33x5x7xui8> {mlopt.range = [0,256]}, %f: tensor<64x33x1x1xi8> {mlopt.range = [-128,128]}, %c: tensor<64x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<64x1x1xf32> {mlopt.range = [0.0001,0.003]}, %r: tensor<2x64x5x7xui8> {mlopt.range = [0,256]}) -> tensor<2x64x5x7xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[2, 33, 5, 7], [64, 33, 1, 1], [64, 1, 1], [64, 1, 1], [2, 64, 5, 7], [2, 64, 5, 7]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x33x5x7xui8>, tensor<64x33x1x1xi8>, none, none) -> tensor<2x64x5x7xi32>
  %1 = mlopt.add %0, %c : (tensor<2x64x5x7xi32>, tensor<64x1x1xi32>) -> tensor<2x64x5x7xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<2x64x5x7xi32>) -> tensor<2x64x5x7xf32>
  %3 = mlopt.mul %2, %s : (tensor<2x64x5x7xf32>, tensor<64x1x1xf32>) -> tensor<2x64x5x7xf32>
  %rs = mlopt.constant dense<0.25> : tensor<f32>
  %rz = mlopt.constant dense<7> : tensor<ui8>
  %d = mlopt.dequantize %r, %rs, %rz : (tensor<2x64x5x7xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x64x5x7xf32>
  %4 = mlopt.add %3, %d : (tensor<2x64x5x7xf32>, tensor<2x64x5x7xf32>) -> tensor<2x64x5x7xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %4, %zero : (tensor<2x64x5x7xf32>, tensor<f32>) -> tensor<2x64x5x7xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<2x64x5x7xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x64x5x7xui8>
  mlopt.yield %6 : tensor<2x64x5x7xui8>
}

// CHECK: {{^}}pointwise_strided x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @pointwise_strided(%x: tensor<1x32x7x9xui8> {mlopt.range = [0,256]}, %f: tensor<18x32x1x1xi8> {mlopt.range = [-128,128]}, %c: tensor<18x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<18x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x18x4x5xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, 7, 9], [18, 32, 1, 1], [18, 1, 1], [18, 1, 1], [1, 18, 4, 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x7x9xui8>, tensor<18x32x1x1xi8>, none, none) -> tensor<1x18x4x5xi32>
  %1 = mlopt.add %0, %c : (tensor<1x18x4x5xi32>, tensor<18x1x1xi32>) -> tensor<1x18x4x5xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x18x4x5xi32>) -> tensor<1x18x4x5xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x18x4x5xf32>, tensor<18x1x1xf32>) -> tensor<1x18x4x5xf32>
  mlopt.yield %3 : tensor<1x18x4x5xf32>
}

// CHECK: {{^}}groups x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @groups(%x: tensor<1x64x5x9xui8> {mlopt.range = [0,256]}, %f: tensor<96x32x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<96x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<96x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x96x5x9xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 64, 5, 9], [96, 32, 3, 3], [96, 1, 1], [96, 1, 1], [1, 96, 5, 9]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x64x5x9xui8>, tensor<96x32x3x3xi8>, tensor<ui8>, none) -> tensor<1x96x5x9xi32>
  %1 = mlopt.add %0, %c : (tensor<1x96x5x9xi32>, tensor<96x1x1xi32>) -> tensor<1x96x5x9xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x96x5x9xi32>) -> tensor<1x96x5x9xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x96x5x9xf32>, tensor<96x1x1xf32>) -> tensor<1x96x5x9xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x96x5x9xf32>, tensor<f32>) -> tensor<1x96x5x9xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x96x5x9xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x96x5x9xui8>
  mlopt.yield %6 : tensor<1x96x5x9xui8>
}

// CHECK: {{^}}run_width x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @run_width(%x: tensor<1x20x4x?xui8> {mlopt.range = [0,256]}, %f: tensor<24x20x3x3xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<24x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<24x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x24x4x?xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 4, "w"], [24, 20, 3, 3], [], [24, 1, 1], [24, 1, 1], [1, 24, 4, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x20x4x?xui8>, tensor<24x20x3x3xi8>, tensor<ui8>, none) -> tensor<1x24x4x?xi32>
  %1 = mlopt.add %0, %c : (tensor<1x24x4x?xi32>, tensor<24x1x1xi32>) -> tensor<1x24x4x?xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x24x4x?xi32>) -> tensor<1x24x4x?xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x24x4x?xf32>, tensor<24x1x1xf32>) -> tensor<1x24x4x?xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x24x4x?xf32>, tensor<f32>) -> tensor<1x24x4x?xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x24x4x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x24x4x?xui8>
  mlopt.yield %6 : tensor<1x24x4x?xui8>
}

// CHECK: {{^}}run_width_zero x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @run_width_zero(%x: tensor<1x20x4x?xui8> {mlopt.range = [0,256]}, %f: tensor<40x20x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x40x4x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, 4, "w"], [40, 20, 3, 3], [1, 40, 4, "w"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x20x4x?xui8>, tensor<40x20x3x3xi8>, none, none) -> tensor<1x40x4x?xi32>
  mlopt.yield %0 : tensor<1x40x4x?xi32>
}

// CHECK: {{^}}run_width_strided x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @run_width_strided(%x: tensor<1x32x?x3xui8> {mlopt.range = [0,256]}, %f: tensor<16x32x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x?x3xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 32, "w", 3], [16, 32, 3, 3], [1, 16, #mlopt.sym<"ceildiv(w, 2)">, 3]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<9> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x?x3xui8>, tensor<16x32x3x3xi8>, tensor<ui8>, none) -> tensor<1x16x?x3xi32>
  mlopt.yield %0 : tensor<1x16x?x3xi32>
}

// CHECK: {{^}}run_pointwise x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @run_pointwise(%x: tensor<1x17x?x5xui8> {mlopt.range = [0,256]}, %f: tensor<33x17x1x1xi8> {mlopt.range = [-128,128]}, %c: tensor<33x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<33x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x33x?x5xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 17, "w", 5], [33, 17, 1, 1], [33, 1, 1], [33, 1, 1], [1, 33, "w", 5]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x17x?x5xui8>, tensor<33x17x1x1xi8>, none, none) -> tensor<1x33x?x5xi32>
  %1 = mlopt.add %0, %c : (tensor<1x33x?x5xi32>, tensor<33x1x1xi32>) -> tensor<1x33x?x5xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x33x?x5xi32>) -> tensor<1x33x?x5xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x33x?x5xf32>, tensor<33x1x1xf32>) -> tensor<1x33x?x5xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x33x?x5xf32>, tensor<f32>) -> tensor<1x33x?x5xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x33x?x5xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x33x?x5xui8>
  mlopt.yield %6 : tensor<1x33x?x5xui8>
}

// CHECK: {{^}}run_batch x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @run_batch(%x: tensor<?x16x5x6xui8> {mlopt.range = [0,256]}, %f: tensor<32x16x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<32x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<32x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<?x32x5x6xui8> attributes {hero = #mlopt.hero<convolution>, dims = [["w", 16, 5, 6], [32, 16, 3, 3], [32, 1, 1], [32, 1, 1], ["w", 32, 5, 6]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<1> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x5x6xui8>, tensor<32x16x3x3xi8>, tensor<ui8>, none) -> tensor<?x32x5x6xi32>
  %1 = mlopt.add %0, %c : (tensor<?x32x5x6xi32>, tensor<32x1x1xi32>) -> tensor<?x32x5x6xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<?x32x5x6xi32>) -> tensor<?x32x5x6xf32>
  %3 = mlopt.mul %2, %s : (tensor<?x32x5x6xf32>, tensor<32x1x1xf32>) -> tensor<?x32x5x6xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<?x32x5x6xf32>, tensor<f32>) -> tensor<?x32x5x6xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<?x32x5x6xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x32x5x6xui8>
  mlopt.yield %6 : tensor<?x32x5x6xui8>
}

// CHECK: {{^}}line x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @line(%x: tensor<1x20x?xui8> {mlopt.range = [0,256]}, %f: tensor<24x20x5xi8> {mlopt.range = [-128,128]}) -> tensor<1x24x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 20, "w"], [24, 20, 5], [1, 24, #mlopt.sym<"ceildiv(w, 2)">]], layouts = [#mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes32o16i", [0, 32, 0, 1, 16, 0, 2, 1, 0, 1, 4, 4, 0, 1, 32, 1, 1, 4]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<77> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2>, pads_begin = array<i64: 2>, pads_end = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x20x?xui8>, tensor<24x20x5xi8>, tensor<ui8>, none) -> tensor<1x24x?xi32>
  mlopt.yield %0 : tensor<1x24x?xi32>
}

// CHECK: {{^}}volume x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @volume(%x: tensor<1x18x4x5x?xui8> {mlopt.range = [0,256]}, %f: tensor<34x18x3x2x3xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}) -> tensor<1x34x2x4x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 18, 4, 5, "w"], [34, 18, 3, 2, 3], [], [1, 34, 2, 4, "w"]], layouts = [#mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>, #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>, unit, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 1, 1>, pads_begin = array<i64: 1, 0, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 2, 1>, groups = 1 : i64} : (tensor<1x18x4x5x?xui8>, tensor<34x18x3x2x3xi8>, tensor<ui8>, none) -> tensor<1x34x2x4x?xi32>
  mlopt.yield %0 : tensor<1x34x2x4x?xi32>
}

// CHECK: {{^}}stem_one x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_one(%x: tensor<1x1x9x13xui8> {mlopt.range = [0,256]}, %f: tensor<16x1x5x5xi8> {mlopt.range = [-128,128]}, %c: tensor<16x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<16x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x16x9x13xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 1, 9, 13], [16, 1, 5, 5], [16, 1, 1], [16, 1, 1], [1, 16, 9, 13]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes16o4i", [0, 16, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<128> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x9x13xui8>, tensor<16x1x5x5xi8>, tensor<ui8>, none) -> tensor<1x16x9x13xi32>
  %1 = mlopt.add %0, %c : (tensor<1x16x9x13xi32>, tensor<16x1x1xi32>) -> tensor<1x16x9x13xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x16x9x13xi32>) -> tensor<1x16x9x13xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x16x9x13xf32>, tensor<16x1x1xf32>) -> tensor<1x16x9x13xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x16x9x13xf32>, tensor<f32>) -> tensor<1x16x9x13xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x16x9x13xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x16x9x13xui8>
  mlopt.yield %6 : tensor<1x16x9x13xui8>
}

// CHECK: {{^}}stem_three x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_three(%x: tensor<1x3x11x23xui8> {mlopt.range = [0,256]}, %f: tensor<24x3x7x7xi8> {mlopt.range = [-128,128]}, %z: tensor<ui8> {mlopt.range = [0,256]}, %c: tensor<24x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<24x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x24x6x12xui8> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 11, 23], [24, 3, 7, 7], [], [24, 1, 1], [24, 1, 1], [1, 24, 6, 12]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes32o4i", [0, 32, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 3>, pads_end = array<i64: 3, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x11x23xui8>, tensor<24x3x7x7xi8>, tensor<ui8>, none) -> tensor<1x24x6x12xi32>
  %1 = mlopt.add %0, %c : (tensor<1x24x6x12xi32>, tensor<24x1x1xi32>) -> tensor<1x24x6x12xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x24x6x12xi32>) -> tensor<1x24x6x12xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x24x6x12xf32>, tensor<24x1x1xf32>) -> tensor<1x24x6x12xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %5 = mlopt.max %3, %zero : (tensor<1x24x6x12xf32>, tensor<f32>) -> tensor<1x24x6x12xf32>
  %qs = mlopt.constant dense<1.0> : tensor<f32>
  %qz = mlopt.constant dense<3> : tensor<ui8>
  %6 = mlopt.quantize %5, %qs, %qz {to = ui8} : (tensor<1x24x6x12xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x24x6x12xui8>
  mlopt.yield %6 : tensor<1x24x6x12xui8>
}

// CHECK: {{^}}stem_four x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_four(%x: tensor<1x4x8x9xui8> {mlopt.range = [0,256]}, %f: tensor<33x4x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x33x4x4xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 4, 8, 9], [33, 4, 3, 3], [1, 33, 4, 4]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes16o4i", [0, 16, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<255> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x4x8x9xui8>, tensor<33x4x3x3xi8>, tensor<ui8>, none) -> tensor<1x33x4x4xi32>
  mlopt.yield %0 : tensor<1x33x4x4xi32>
}

// CHECK: {{^}}stem_run x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_run(%x: tensor<1x3x?x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x3x3x3xi8> {mlopt.range = [-128,128]}, %c: tensor<20x1x1xi32> {mlopt.range = [-30000,30000]}, %s: tensor<20x1x1xf32> {mlopt.range = [0.0001,0.003]}) -> tensor<1x20x?x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, "w", "w"], [20, 3, 3, 3], [20, 1, 1], [20, 1, 1], [1, 20, "w", "w"]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes32o4i", [0, 32, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<5> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x?x?xui8>, tensor<20x3x3x3xi8>, tensor<ui8>, none) -> tensor<1x20x?x?xi32>
  %1 = mlopt.add %0, %c : (tensor<1x20x?x?xi32>, tensor<20x1x1xi32>) -> tensor<1x20x?x?xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x20x?x?xi32>) -> tensor<1x20x?x?xf32>
  %3 = mlopt.mul %2, %s : (tensor<1x20x?x?xf32>, tensor<20x1x1xf32>) -> tensor<1x20x?x?xf32>
  mlopt.yield %3 : tensor<1x20x?x?xf32>
}

// CHECK: {{^}}stem_zero x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_zero(%x: tensor<1x2x6x40xui8> {mlopt.range = [0,256]}, %f: tensor<16x2x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x4x38xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 6, 40], [16, 2, 3, 3], [1, 16, 4, 38]], layouts = [#mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes16o4i", [0, 16, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %f, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 2, 2>, groups = 1 : i64} : (tensor<1x2x6x40xui8>, tensor<16x2x3x3xi8>, none, none) -> tensor<1x16x4x38xi32>
  mlopt.yield %0 : tensor<1x16x4x38xi32>
}

// CHECK: {{^}}stem_line x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_line(%x: tensor<1x3x?xui8> {mlopt.range = [0,256]}, %f: tensor<20x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x20x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, "w"], [20, 3, 3], [1, 20, "w"]], layouts = [#mlopt.layout<"nc1d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes32o4i", [0, 32, 0, 1, 4, 0, 2, 1, 0, 0, 1, 32, 1, 1, 4]>, #mlopt.layout<"nc1d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<100> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x3x?xui8>, tensor<20x3x3xi8>, tensor<ui8>, none) -> tensor<1x20x?xi32>
  mlopt.yield %0 : tensor<1x20x?xi32>
}

// CHECK: {{^}}stem_volume x86-64-v2{{.*}}: integer_convolution
mlopt.kernel @stem_volume(%x: tensor<1x2x5x6x?xui8> {mlopt.range = [0,256]}, %f: tensor<16x2x3x3x3xi8> {mlopt.range = [-128,128]}) -> tensor<1x16x5x3x?xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 5, 6, "w"], [16, 2, 3, 3, 3], [1, 16, 5, 3, "w"]], layouts = [#mlopt.layout<"nc3d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 4]>, #mlopt.layout<"bytes16o4i", [0, 16, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 0, 1, 16, 1, 1, 4]>, #mlopt.layout<"nc3d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 1, 1, 16]>]} {
  %none = mlopt.none : none
  %z = mlopt.constant dense<50> : tensor<ui8>
  %0 = mlopt.integer_conv %x, %f, %z, %none {mlopt.hero_op, raw, strides = array<i64: 1, 2, 1>, pads_begin = array<i64: 1, 1, 1>, pads_end = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x5x6x?xui8>, tensor<16x2x3x3x3xi8>, tensor<ui8>, none) -> tensor<1x16x5x3x?xi32>
  mlopt.yield %0 : tensor<1x16x5x3x?xi32>
}
