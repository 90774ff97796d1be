// RUN: %mlopt-opt --mlopt-choose-layouts --mlopt-form-kernels %s | FileCheck %s
//
// What training adds to kernels: a fold computes the elementwise operations before it, a
// scatter into one number everywhere writes that number itself, a filter of the run is
// packed in the run, and sums of each channel read blocks as they lie.

// CHECK-LABEL: mlopt.kernel @fold_0
// CHECK: mlopt.compare
// CHECK: mlopt.select
// CHECK: mlopt.fold
// CHECK: mlopt.yield
// CHECK-LABEL: func.func @fold_select
// CHECK: mlopt.launch @fold_0
// CHECK-NOT: mlopt.launch
func.func @fold_select(%p: tensor<2x3x2x2x4x4xf32>, %g: tensor<2x3x2x2x4x4xf32>) -> tensor<2x3x8x8xf32> {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %c = mlopt.compare %p, %z {predicate = #mlopt<predicate gt>} : (tensor<2x3x2x2x4x4xf32>, tensor<f32>) -> tensor<2x3x2x2x4x4xi1>
  %s = mlopt.select %c, %g, %z : (tensor<2x3x2x2x4x4xi1>, tensor<2x3x2x2x4x4xf32>, tensor<f32>) -> tensor<2x3x2x2x4x4xf32>
  %0 = mlopt.fold %s {static_sizes = array<i64: 8, 8>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x3x2x2x4x4xf32>) -> tensor<2x3x8x8xf32>
  return %0 : tensor<2x3x8x8xf32>
}

// CHECK-LABEL: mlopt.kernel @scatter_nd_0
// CHECK: mlopt.broadcast
// CHECK: mlopt.scatter_nd
// CHECK-LABEL: func.func @embedding
// CHECK: mlopt.launch @scatter_nd_0
// CHECK-NOT: mlopt.launch
func.func @embedding(%i: tensor<5x1xi64>, %g: tensor<5x16xf32>) -> tensor<100x16xf32> {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %d = mlopt.broadcast %z {static_sizes = array<i64: 100, 16>} : (tensor<f32>) -> tensor<100x16xf32>
  %0 = mlopt.scatter_nd %d, %i, %g {reduction = #mlopt<scatter_reduction add>} : (tensor<100x16xf32>, tensor<5x1xi64>, tensor<5x16xf32>) -> tensor<100x16xf32>
  return %0 : tensor<100x16xf32>
}

// CHECK-LABEL: func.func @filter_of_the_run
// CHECK: mlopt.launch @relayout
// CHECK: mlopt.launch @relayout
// CHECK: %[[Y:.*]] = mlopt.launch @conv
// CHECK: mlopt.launch @reduce{{.*}}(%[[Y]])
// CHECK-NOT: mlopt.launch
func.func @filter_of_the_run(%x: tensor<2x16x6x6xf32>, %w: tensor<32x16x3x3xf32>) -> tensor<32xf32> {
  %b = mlopt.none : none
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x16x6x6xf32>, tensor<32x16x3x3xf32>, none) -> tensor<2x32x6x6xf32>
  %0 = mlopt.reduce %y {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2, 3>, keepdims = false} : (tensor<2x32x6x6xf32>) -> tensor<32xf32>
  return %0 : tensor<32xf32>
}
