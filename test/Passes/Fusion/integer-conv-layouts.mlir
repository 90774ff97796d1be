// RUN: mlopt-opt --mlopt-choose-layouts %s | FileCheck %s

// Bytes stay in blocks between convolutions of integers: the stem reads blocks of 4 channels, which the
// operation that makes the bytes writes; filters are packed by fours of input channels.

// CHECK-LABEL: @stem
// CHECK: %[[X:.*]] = mlopt.quantize %{{.*}} {mlopt.result_layout = #mlopt.layout<"nc2d4c", [0, 1, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 1, 1, 4]>
// CHECK: %[[W:.*]] = mlopt.relayout %{{.*}} {layout = #mlopt.layout<"bytes32o4i", [0, 32, 0, 1, 4, 0, 2, 1, 0, 3, 1, 0, 0, 1, 32, 1, 1, 4]>}
// CHECK: mlopt.integer_conv %[[X]], %[[W]], {{.*}}mlopt.result_layout = #mlopt.layout<"nc2d16c"
// CHECK: %[[Q:.*]] = mlopt.quantize {{.*}}mlopt.result_layout = #mlopt.layout<"nc2d16c"
// CHECK: %[[V:.*]] = mlopt.relayout %{{.*}} {layout = #mlopt.layout<"bytes16o16i", [0, 16, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 4, 4, 0, 1, 16, 1, 1, 4]>}
// CHECK: mlopt.integer_conv %[[Q]], %[[V]],
// CHECK: return
mlopt.parameter @w = dense<1> : tensor<32x3x3x3xi8>
mlopt.parameter @v = dense<2> : tensor<16x32x1x1xi8>
func.func @stem(%x: tensor<1x3x8x8xf32>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<1x16x8x8xi32> {
  %none = mlopt.none : none
  %w = mlopt.get_parameter @w : tensor<32x3x3x3xi8>
  %v = mlopt.get_parameter @v : tensor<16x32x1x1xi8>
  %0 = mlopt.quantize %x, %s, %z {to = ui8} : (tensor<1x3x8x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8x8xui8>
  %1 = mlopt.integer_conv %0, %w, %z, %none {raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xui8>, tensor<32x3x3x3xi8>, tensor<ui8>, none) -> tensor<1x32x8x8xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<1x32x8x8xi32>) -> tensor<1x32x8x8xf32>
  %3 = mlopt.quantize %2, %s, %z {to = ui8} : (tensor<1x32x8x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x32x8x8xui8>
  %4 = mlopt.integer_conv %3, %v, %none, %none {raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x8x8xui8>, tensor<16x32x1x1xi8>, none, none) -> tensor<1x16x8x8xi32>
  return %4 : tensor<1x16x8x8xi32>
}

// A convolution that is not raw and has a zero point is left as it is, and so is one with a zero point of the filter.
// CHECK-LABEL: @unresolved
// CHECK-NOT: mlopt.relayout
// CHECK: return
func.func @unresolved(%x: tensor<1x16x8x8xui8>, %w: tensor<16x16x1x1xi8>, %z: tensor<ui8>, %zw: tensor<i8>) -> (tensor<1x16x8x8xi32>, tensor<1x16x8x8xi32>) {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %w, %z, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xui8>, tensor<16x16x1x1xi8>, tensor<ui8>, none) -> tensor<1x16x8x8xi32>
  %1 = mlopt.integer_conv %x, %w, %none, %zw {raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x8x8xui8>, tensor<16x16x1x1xi8>, none, tensor<i8>) -> tensor<1x16x8x8xi32>
  return %0, %1 : tensor<1x16x8x8xi32>, tensor<1x16x8x8xi32>
}
