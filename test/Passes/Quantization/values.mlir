// Biases that saturate, and groups that are joined: the reference gives the same before and after. All scales are
// powers of two, so that no product is rounded.
// RUN: mlopt-eval --mode=exact %s > %t.before
// RUN: %mlopt-opt --mlopt-resolve-products --mlopt-normalize-products --mlopt-normalize-convolutions --mlopt-simplify-requantization %s > %t.mlir
// RUN: mlopt-eval --mode=exact %t.mlir > %t.after
// RUN: diff %t.before %t.after
// RUN: FileCheck %s < %t.mlir
// RUN: FileCheck %s --check-prefix=VALUES < %t.after

// CHECK-LABEL: @convolution_bias
// CHECK: mlopt.integer_conv
// Above 2^31 / 4, and not wrapped round below 0.
// VALUES: convolution_bias{{.*}}53687
func.func @convolution_bias() -> tensor<1x2x2x1xf32> {
  %x = mlopt.constant dense<[[[[200], [100]]]]> : tensor<1x1x2x1xui8>
  %w = mlopt.constant dense<[[[[3]]], [[[-4]]]]> : tensor<2x1x1x1xi8>
  %b = mlopt.constant dense<[2147483647, -2147483648]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %sb = mlopt.constant dense<0.25> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x1x2x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x2x1xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x1x1x1xi8>, tensor<f32>, none) -> tensor<2x1x1x1xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x1xf32>
  return %3 : tensor<1x2x2x1xf32>
}

// CHECK-LABEL: @product_bias
// CHECK: mlopt.integer_matmul
func.func @product_bias() -> tensor<2x2xf32> {
  %x = mlopt.constant dense<[[200, 7], [1, 255]]> : tensor<2x2xui8>
  %w = mlopt.constant dense<[[1, -2], [9, -9]]> : tensor<2x2xi8>
  %b = mlopt.constant dense<[2147483647, -2147483648]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %sb = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<2x2xui8>, tensor<f32>, none) -> tensor<2x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x2xi8>, tensor<f32>, none) -> tensor<2x2xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %4 = mlopt.add %3, %2 : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %4 : tensor<2x2xf32>
}

// Eight groups of two channels are one block; padding counts as the zero point.
// CHECK-LABEL: @groups
// CHECK: mlopt.integer_conv {{.*}}groups = 1 : i64{{.*}}raw{{.*}}tensor<16x16x1x1xi8>
func.func @groups() -> tensor<1x16x3x2xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 32>, to = f32} : () -> tensor<32xf32>
  %xq = mlopt.cast %xi {to = ui8} : (tensor<32xf32>) -> tensor<32xui8>
  %x = mlopt.reshape %xq {static_sizes = array<i64: 1, 16, 1, 2>} : (tensor<32xui8>) -> tensor<1x16x1x2xui8>
  %w = mlopt.constant dense<[[[[-127]], [[-90]]], [[[-53]], [[-16]]], [[[21]], [[58]]], [[[95]], [[-123]]], [[[-86]], [[-49]]], [[[-12]], [[25]]], [[[62]], [[99]]], [[[-119]], [[-82]]], [[[-45]], [[-8]]], [[[29]], [[66]]], [[[103]], [[-115]]], [[[-78]], [[-41]]], [[[-4]], [[33]]], [[[70]], [[107]]], [[[-111]], [[-74]]], [[[-37]], [[0]]]]> : tensor<16x2x1x1xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x16x1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x16x1x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<16x2x1x1xi8>, tensor<f32>, none) -> tensor<16x2x1x1xf32>
  %2 = mlopt.conv %0, %1, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 8 : i64} : (tensor<1x16x1x2xf32>, tensor<16x2x1x1xf32>, none) -> tensor<1x16x3x2xf32>
  return %2 : tensor<1x16x3x2xf32>
}

// Two results for each channel, a zero point of the filter: no sum over zeros counts.
// CHECK-LABEL: @channel_multiplier
// CHECK: mlopt.integer_conv {{.*}}groups = 1 : i64{{.*}}raw{{.*}}tensor<32x16x2x1xi8>
// CHECK-NOT: groups = 16
func.func @channel_multiplier() -> tensor<1x32x3x1xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 32>, to = f32} : () -> tensor<32xf32>
  %xq = mlopt.cast %xi {to = ui8} : (tensor<32xf32>) -> tensor<32xui8>
  %x = mlopt.reshape %xq {static_sizes = array<i64: 1, 16, 2, 1>} : (tensor<32xui8>) -> tensor<1x16x2x1xui8>
  %w = mlopt.constant dense<[[[[-127], [-74]]], [[[-21], [32]]], [[[85], [-117]]], [[[-64], [-11]]], [[[42], [95]]], [[[-107], [-54]]], [[[-1], [52]]], [[[105], [-97]]], [[[-44], [9]]], [[[62], [115]]], [[[-87], [-34]]], [[[19], [72]]], [[[125], [-77]]], [[[-24], [29]]], [[[82], [-120]]], [[[-67], [-14]]], [[[39], [92]]], [[[-110], [-57]]], [[[-4], [49]]], [[[102], [-100]]], [[[-47], [6]]], [[[59], [112]]], [[[-90], [-37]]], [[[16], [69]]], [[[122], [-80]]], [[[-27], [26]]], [[[79], [-123]]], [[[-70], [-17]]], [[[36], [89]]], [[[-113], [-60]]], [[[-7], [46]]], [[[99], [-103]]]]> : tensor<32x1x2x1xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %zw = mlopt.constant dense<-100> : tensor<i8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x16x2x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x16x2x1xf32>
  %1 = mlopt.dequantize %w, %s, %zw : (tensor<32x1x2x1xi8>, tensor<f32>, tensor<i8>) -> tensor<32x1x2x1xf32>
  %2 = mlopt.conv %0, %1, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 16 : i64} : (tensor<1x16x2x1xf32>, tensor<32x1x2x1xf32>, none) -> tensor<1x32x3x1xf32>
  return %2 : tensor<1x32x3x1xf32>
}

// The same of weights that the run gives.
// CHECK-LABEL: @groups_of_the_run
// CHECK: mlopt.select {{.*}}tensor<1x4x3x4x8xi8>
// CHECK: mlopt.integer_conv {{.*}}groups = 1 : i64{{.*}}raw{{.*}}tensor<12x32x1xi8>
func.func @groups_of_the_run() -> tensor<1x12x2xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 64>, to = f32} : () -> tensor<64xf32>
  %xq = mlopt.cast %xi {to = ui8} : (tensor<64xf32>) -> tensor<64xui8>
  %x = mlopt.reshape %xq {static_sizes = array<i64: 1, 32, 2>} : (tensor<64xui8>) -> tensor<1x32x2xui8>
  %wi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 96>, to = f32} : () -> tensor<96xf32>
  %wq = mlopt.cast %wi {to = i8} : (tensor<96xf32>) -> tensor<96xi8>
  %w = mlopt.reshape %wq {static_sizes = array<i64: 12, 8, 1>} : (tensor<96xi8>) -> tensor<12x8x1xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x32x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x32x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<12x8x1xi8>, tensor<f32>, none) -> tensor<12x8x1xf32>
  %2 = mlopt.conv %0, %1, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 4 : i64} : (tensor<1x32x2xf32>, tensor<12x8x1xf32>, none) -> tensor<1x12x2xf32>
  return %2 : tensor<1x12x2xf32>
}
