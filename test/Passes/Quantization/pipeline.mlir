// RUN: %mlopt-opt --mlopt-graph-pipeline --mlopt-quantize-pipeline %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-graph-pipeline %s | FileCheck %s --check-prefix=GRAPH

// The phase before leaves what is stored as it is.
// GRAPH-LABEL: @block
// GRAPH-COUNT-2: mlopt.quantize
// GRAPH: mlopt.conv

// A residual block as quantizers write it: no pair is left but the one whose rounding the model asks for.
// CHECK-LABEL: @block
// CHECK: %[[X:.*]] = mlopt.quantize %arg0, %{{.*}} {to = ui8}
// CHECK: mlopt.integer_conv %[[X]], {{.*}}raw
// CHECK-NEXT: mlopt.add
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK-NEXT: %[[Y:.*]] = mlopt.quantize
// CHECK-NEXT: mlopt.integer_conv %[[Y]], {{.*}}raw
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK-NEXT: %[[A:.*]] = mlopt.quantize
// CHECK-DAG: mlopt.dequantize %[[A]]
// CHECK-DAG: mlopt.dequantize %[[X]]
// CHECK: mlopt.add
// CHECK-NEXT: %[[R:.*]] = mlopt.quantize
// CHECK-NEXT: return %[[R]]
func.func @block(%x: tensor<?x16x8x8xf32>) -> tensor<?x16x8x8xi8> {
  %none = mlopt.none : none
  %w = mlopt.constant dense<0.25> : tensor<16x16x1x1xf32>
  %sx = mlopt.constant dense<0.02> : tensor<f32>
  %s1 = mlopt.constant dense<0.03> : tensor<f32>
  %s2 = mlopt.constant dense<0.05> : tensor<f32>
  %s3 = mlopt.constant dense<0.07> : tensor<f32>
  %sw = mlopt.constant dense<0.01> : tensor<f32>
  %z = mlopt.constant dense<-8> : tensor<i8>
  %low = mlopt.constant dense<-128> : tensor<i8>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  // Weights that the model quantizes itself.
  %qw = mlopt.quantize %w, %sw, %none {to = i8} : (tensor<16x16x1x1xf32>, tensor<f32>, none) -> tensor<16x16x1x1xi8>
  %dw = mlopt.dequantize %qw, %sw, %none : (tensor<16x16x1x1xi8>, tensor<f32>, none) -> tensor<16x16x1x1xf32>
  %qx = mlopt.quantize %x, %sx, %z {to = i8} : (tensor<?x16x8x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xi8>
  %dx = mlopt.dequantize %qx, %sx, %z : (tensor<?x16x8x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xf32>
  %c1 = mlopt.conv %dx, %dw, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x8x8xf32>, tensor<16x16x1x1xf32>, none) -> tensor<?x16x8x8xf32>
  %r1 = mlopt.max %c1, %zero : (tensor<?x16x8x8xf32>, tensor<f32>) -> tensor<?x16x8x8xf32>
  %q1 = mlopt.quantize %r1, %s1, %low {to = i8} : (tensor<?x16x8x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xi8>
  %d1 = mlopt.dequantize %q1, %s1, %low : (tensor<?x16x8x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xf32>
  %c2 = mlopt.conv %d1, %dw, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x8x8xf32>, tensor<16x16x1x1xf32>, none) -> tensor<?x16x8x8xf32>
  %q2 = mlopt.quantize %c2, %s2, %z {to = i8} : (tensor<?x16x8x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xi8>
  %d2 = mlopt.dequantize %q2, %s2, %z : (tensor<?x16x8x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xf32>
  %a = mlopt.add %d2, %dx : (tensor<?x16x8x8xf32>, tensor<?x16x8x8xf32>) -> tensor<?x16x8x8xf32>
  %r2 = mlopt.max %a, %zero : (tensor<?x16x8x8xf32>, tensor<f32>) -> tensor<?x16x8x8xf32>
  %q3 = mlopt.quantize %r2, %s3, %low {to = i8} : (tensor<?x16x8x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x16x8x8xi8>
  return %q3 : tensor<?x16x8x8xi8>
}

// Weights that meet floating point stay stored in a product; elsewhere they are widened.
// CHECK-LABEL: @weights_only
// CHECK-DAG: mlopt.constant dense<5.000000e-01> : tensor<4x1x1x1xf32>
// CHECK: mlopt.dequantized_matmul
// CHECK: mlopt.conv
// CHECK-NOT: mlopt.dequantize %
// CHECK: return
func.func @weights_only(%x: tensor<?x4xf32>, %y: tensor<?x1x4x4xf32>) -> (tensor<?x2xf32>, tensor<?x4x4x4xf32>) {
  %none = mlopt.none : none
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %w = mlopt.constant dense<[[1, 2], [3, 4], [5, 6], [7, 8]]> : tensor<4x2xi8>
  %f = mlopt.constant dense<2> : tensor<4x1x1x1xi8>
  %0 = mlopt.dequantize %w, %s, %none : (tensor<4x2xi8>, tensor<f32>, none) -> tensor<4x2xf32>
  %1 = mlopt.matmul %x, %0 : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  %2 = mlopt.dequantize %f, %s, %none : (tensor<4x1x1x1xi8>, tensor<f32>, none) -> tensor<4x1x1x1xf32>
  %3 = mlopt.conv %y, %2, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xf32>, tensor<4x1x1x1xf32>, none) -> tensor<?x4x4x4xf32>
  return %1, %3 : tensor<?x2xf32>, tensor<?x4x4x4xf32>
}
