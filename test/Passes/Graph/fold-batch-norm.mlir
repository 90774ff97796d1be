// RUN: %mlopt-opt --mlopt-fold-batch-norm %s | FileCheck %s

// scale / sqrt(variance + epsilon) = 2, 0.5; bias - mean * that.
// CHECK-LABEL: @batch_norm
// CHECK-DAG: %[[W:.*]] = mlopt.constant dense<{{.*}}2.000000e+00{{.*}}1.500000e+00{{.*}}> : tensor<2x1x1xf32>
// CHECK-DAG: %[[B:.*]] = mlopt.constant dense<[1.000000e+00, -1.500000e+00]> : tensor<2xf32>
// CHECK: mlopt.conv %arg0, %[[W]], %[[B]]
// CHECK-NEXT: return
func.func @batch_norm(%x: tensor<1x1x5xf32>) -> tensor<1x2x5xf32> {
  %w = mlopt.constant dense<[[[1.0]], [[3.0]]]> : tensor<2x1x1xf32>
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %w, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x5xf32>, tensor<2x1x1xf32>, none) -> tensor<1x2x5xf32>
  %s = mlopt.constant dense<[4.0, 1.0]> : tensor<2xf32>
  %b = mlopt.constant dense<[3.0, -1.0]> : tensor<2xf32>
  %m = mlopt.constant dense<1.0> : tensor<2xf32>
  %v = mlopt.constant dense<3.0> : tensor<2xf32>
  %1 = mlopt.batch_norm %0, %s, %b, %m, %v {epsilon = 1.0 : f64} : (tensor<1x2x5xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x5xf32>
  return %1 : tensor<1x2x5xf32>
}

// As PaddleOCR writes it: one-element weight and bias behind a convolution and
// behind the hard-swish that follows; a division by 6. All of it goes into the
// two convolutions, for the second one only as its padding is none.
// CHECK-LABEL: @affine_chain
// CHECK: %[[C0:.*]] = mlopt.conv %arg0
// CHECK-NEXT: %[[R:.*]] = mlopt.sigmoid %[[C0]]
// CHECK-DAG: %[[W:.*]] = mlopt.constant dense<{{.*}}1.000000e+00{{.*}}2.000000e+00{{.*}}> : tensor<1x2x1xf32>
// CHECK-DAG: %[[B:.*]] = mlopt.constant dense<9.000000e+00> : tensor<1xf32>
// CHECK: %[[C1:.*]] = mlopt.conv %[[R]], %[[W]], %[[B]]
// CHECK-NEXT: return %[[C1]]
func.func @affine_chain(%x: tensor<?x1x?xf32>) -> tensor<?x1x?xf32> {
  %w0 = mlopt.constant dense<1.0> : tensor<2x1x3xf32>
  %b0 = mlopt.constant dense<1.0> : tensor<2xf32>
  %w1 = mlopt.constant dense<[[[3.0], [6.0]]]> : tensor<1x2x1xf32>
  %two = mlopt.constant dense<2.0> : tensor<1xf32>
  %one = mlopt.constant dense<1.0> : tensor<1xf32>
  %six = mlopt.constant dense<6.0> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %w0, %b0 {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<?x1x?xf32>, tensor<2x1x3xf32>, tensor<2xf32>) -> tensor<?x2x?xf32>
  %1 = mlopt.mul %two, %0 : (tensor<1xf32>, tensor<?x2x?xf32>) -> tensor<?x2x?xf32>
  %2 = mlopt.add %1, %one : (tensor<?x2x?xf32>, tensor<1xf32>) -> tensor<?x2x?xf32>
  %3 = mlopt.sigmoid %2 : (tensor<?x2x?xf32>) -> tensor<?x2x?xf32>
  %4 = mlopt.div %3, %six : (tensor<?x2x?xf32>, tensor<f32>) -> tensor<?x2x?xf32>
  %5 = mlopt.mul %4, %two : (tensor<?x2x?xf32>, tensor<1xf32>) -> tensor<?x2x?xf32>
  %6 = mlopt.add %5, %one : (tensor<?x2x?xf32>, tensor<1xf32>) -> tensor<?x2x?xf32>
  %7 = mlopt.conv %6, %w1, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<?x2x?xf32>, tensor<1x2x1xf32>, none) -> tensor<?x1x?xf32>
  return %7 : tensor<?x1x?xf32>
}

// In front of a convolution that pads, the sum stays (and with it the product).
// CHECK-LABEL: @padding_keeps_the_sum
// CHECK: mlopt.add
// CHECK-NEXT: mlopt.conv
func.func @padding_keeps_the_sum(%x: tensor<1x1x5xf32>) -> tensor<1x1x5xf32> {
  %w = mlopt.constant dense<1.0> : tensor<1x1x3xf32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.add %x, %one : (tensor<1x1x5xf32>, tensor<f32>) -> tensor<1x1x5xf32>
  %1 = mlopt.conv %0, %w, %none {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x5xf32>, tensor<1x1x3xf32>, none) -> tensor<1x1x5xf32>
  return %1 : tensor<1x1x5xf32>
}

// A result that something else reads too keeps its values.
// CHECK-LABEL: @shared
// CHECK: mlopt.conv
// CHECK: mlopt.mul
func.func @shared(%x: tensor<1x1x5xf32>) -> (tensor<1x1x5xf32>, tensor<1x1x5xf32>) {
  %w = mlopt.constant dense<1.0> : tensor<1x1x1xf32>
  %two = mlopt.constant dense<2.0> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.conv %x, %w, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x5xf32>, tensor<1x1x1xf32>, none) -> tensor<1x1x5xf32>
  %1 = mlopt.mul %0, %two : (tensor<1x1x5xf32>, tensor<f32>) -> tensor<1x1x5xf32>
  return %0, %1 : tensor<1x1x5xf32>, tensor<1x1x5xf32>
}

// One alone becomes a product and a sum.
// CHECK-LABEL: @standalone
// CHECK: %[[S:.*]] = mlopt.constant dense<{{.*}}2.000000e+00{{.*}}5.000000e-01{{.*}}> : tensor<2x1xf32>
// CHECK: %[[M:.*]] = mlopt.mul %arg0, %[[S]]
// CHECK: %[[B:.*]] = mlopt.constant dense<{{.*}}1.000000e+00{{.*}}-1.500000e+00{{.*}}> : tensor<2x1xf32>
// CHECK: mlopt.add %[[M]], %[[B]]
func.func @standalone(%x: tensor<1x2x5xf32>) -> tensor<1x2x5xf32> {
  %s = mlopt.constant dense<[4.0, 1.0]> : tensor<2xf32>
  %b = mlopt.constant dense<[3.0, -1.0]> : tensor<2xf32>
  %m = mlopt.constant dense<1.0> : tensor<2xf32>
  %v = mlopt.constant dense<3.0> : tensor<2xf32>
  %1 = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0 : f64} : (tensor<1x2x5xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x5xf32>
  return %1 : tensor<1x2x5xf32>
}
