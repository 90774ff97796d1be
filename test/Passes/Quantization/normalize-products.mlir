// RUN: %mlopt-opt --mlopt-normalize-products --canonicalize --cse %s | FileCheck %s

// -3 * (1 + 4, -2 + 5) is known now.
// CHECK-LABEL: @constant_zero
// CHECK-DAG: %[[C:.*]] = mlopt.constant dense<[-15, -9]> : tensor<2xi32>
// CHECK: %[[S:.*]] = mlopt.integer_matmul %arg0, %{{.*}} : (tensor<?x2xui8>, tensor<2x2xi8>, none, none) -> tensor<?x2xi32>
// CHECK: mlopt.add %[[S]], %[[C]]
func.func @constant_zero(%x: tensor<?x2xui8>) -> tensor<?x2xi32> {
  %w = mlopt.constant dense<[[1, -2], [4, 5]]> : tensor<2x2xi8>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %z, %none : (tensor<?x2xui8>, tensor<2x2xi8>, tensor<ui8>, none) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Nothing to do.
// CHECK-LABEL: @normal
// CHECK: mlopt.integer_matmul
// CHECK-NEXT: return
func.func @normal(%x: tensor<?x2xui8>, %w: tensor<2x?xi8>) -> tensor<?x?xi32> {
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %none, %none : (tensor<?x2xui8>, tensor<2x?xi8>, none, none) -> tensor<?x?xi32>
  return %0 : tensor<?x?xi32>
}

// The quantization makes ui8: its zero point and the sums change by 128. The other reader reads the same integers.
// CHECK-LABEL: @signed_activation
// CHECK-DAG: %[[C:.*]] = mlopt.constant dense<[-640, -384]> : tensor<2xi32>
// CHECK-DAG: %[[Z:.*]] = mlopt.constant dense<128> : tensor<ui8>
// CHECK: %[[Q:.*]] = mlopt.quantize %arg0, %{{.*}}, %[[Z]] {to = ui8}
// CHECK-NOT: mlopt.quantize
// CHECK: %[[S:.*]] = mlopt.integer_matmul %[[Q]]
// CHECK: mlopt.add %[[S]], %[[C]]
// CHECK: mlopt.dequantize %[[Q]], %{{.*}}, %[[Z]]
func.func @signed_activation(%x: tensor<?x2xf32>) -> (tensor<?x2xi32>, tensor<?x2xf32>) {
  %w = mlopt.constant dense<[[1, -2], [4, 5]]> : tensor<2x2xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %q = mlopt.quantize %x, %s, %none {to = i8} : (tensor<?x2xf32>, tensor<f32>, none) -> tensor<?x2xi8>
  %0 = mlopt.integer_matmul %q, %w, %none, %none : (tensor<?x2xi8>, tensor<2x2xi8>, none, none) -> tensor<?x2xi32>
  %1 = mlopt.dequantize %q, %s, %none : (tensor<?x2xi8>, tensor<f32>, none) -> tensor<?x2xf32>
  return %0, %1 : tensor<?x2xi32>, tensor<?x2xf32>
}

// Integers of the run move by 128.
// CHECK-LABEL: @signed_argument
// CHECK: %[[C:.*]] = mlopt.cast %arg0 {to = ui8}
// CHECK: %[[U:.*]] = mlopt.add %[[C]], %{{.*}} : (tensor<?x2xui8>, tensor<ui8>)
// CHECK: mlopt.integer_matmul %[[U]]
func.func @signed_argument(%x: tensor<?x2xi8>) -> tensor<?x2xi32> {
  %w = mlopt.constant dense<[[1, -2], [4, 5]]> : tensor<2x2xi8>
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %none, %none : (tensor<?x2xi8>, tensor<2x2xi8>, none, none) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Weights around 128 lose their zero point.
// CHECK-LABEL: @unsigned_weights
// CHECK: mlopt.constant dense<{{\[\[}}-127, 2], [0, 127]]> : tensor<2x2xi8>
// CHECK: mlopt.integer_matmul
// CHECK-NEXT: return
func.func @unsigned_weights(%x: tensor<?x2xui8>) -> tensor<?x2xi32> {
  %w = mlopt.constant dense<[[1, 130], [128, 255]]> : tensor<2x2xui8>
  %z = mlopt.constant dense<128> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %none, %z : (tensor<?x2xui8>, tensor<2x2xui8>, none, tensor<ui8>) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Others need the sums of the rows.
// CHECK-LABEL: @asymmetric_weights
// CHECK: %[[S:.*]] = mlopt.integer_matmul
// CHECK: %[[W:.*]] = mlopt.cast %arg0 {to = i32}
// CHECK: %[[R:.*]] = mlopt.reduce %[[W]] {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind sum>}
// CHECK: %[[P:.*]] = mlopt.mul %[[R]]
// CHECK: mlopt.sub %[[S]], %[[P]]
func.func @asymmetric_weights(%x: tensor<?x2xui8>) -> tensor<?x2xi32> {
  %w = mlopt.constant dense<[[1, 130], [128, 255]]> : tensor<2x2xui8>
  %z = mlopt.constant dense<10> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %none, %z : (tensor<?x2xui8>, tensor<2x2xui8>, none, tensor<ui8>) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Padding counts as the zero point, so that borders are like the rest.
// CHECK-LABEL: @convolution
// CHECK-DAG: %[[C:.*]] = mlopt.constant dense<-135> : tensor<i32>
// CHECK: %[[S:.*]] = mlopt.integer_conv %arg0, %{{.*}}, %{{.*}}, %{{.*}} {{{.*}}raw{{.*}}} : (tensor<?x1x4x4xui8>, tensor<1x1x3x3xi8>, tensor<ui8>, none)
// CHECK: mlopt.add %[[S]], %[[C]]
func.func @convolution(%x: tensor<?x1x4x4xui8>) -> tensor<?x1x4x4xi32> {
  %w = mlopt.constant dense<3> : tensor<1x1x3x3xi8>
  %z = mlopt.constant dense<5> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %w, %z, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xui8>, tensor<1x1x3x3xi8>, tensor<ui8>, none) -> tensor<?x1x4x4xi32>
  return %0 : tensor<?x1x4x4xi32>
}

// A zero point of the filter: what lies under each window, times it.
// CHECK-LABEL: @asymmetric_filter
// CHECK: mlopt.integer_conv
// CHECK: mlopt.integer_conv
// CHECK: mlopt.mul
// CHECK: mlopt.sub
func.func @asymmetric_filter(%x: tensor<?x1x4x4xui8>) -> tensor<?x2x4x4xi32> {
  %w = mlopt.constant dense<[[[[3]]], [[[255]]]]> : tensor<2x1x1x1xui8>
  %z = mlopt.constant dense<[5, 6]> : tensor<2xui8>
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %w, %none, %z {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xui8>, tensor<2x1x1x1xui8>, none, tensor<2xui8>) -> tensor<?x2x4x4xi32>
  return %0 : tensor<?x2x4x4xi32>
}
