// What the derivatives of large operations are made of: each line is a pass over memory.
// RUN: %mlopt-opt --mlopt-differentiate %s | FileCheck %s

// A matrix that all rows of a batch share: batch and rows are one contracted dimension.
// CHECK-LABEL: func.func @shared_right
// CHECK-DAG: %[[A:.*]] = mlopt.reshape %arg0 {{.*}} -> tensor<6x4xf32>
// CHECK-DAG: %[[G:.*]] = mlopt.reshape %{{.*}} -> tensor<6x5xf32>
// CHECK: mlopt.matmul %[[A]], %[[G]] {transpose_a = true} : (tensor<6x4xf32>, tensor<6x5xf32>) -> tensor<4x5xf32>
// CHECK-NOT: mlopt.reduce
func.func @shared_right(%a: tensor<2x3x4xf32>, %b: tensor<4x5xf32>, %r: tensor<2x3x5xf32>) -> tensor<4x5xf32> {
  %y = mlopt.matmul %a, %b : (tensor<2x3x4xf32>, tensor<4x5xf32>) -> tensor<2x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %g = mlopt.gradient %p, %b : (tensor<2x3x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// Flags in place of transposes.
// CHECK-LABEL: func.func @transposed
// CHECK-NOT: mlopt.transpose
func.func @transposed(%a: tensor<2x4x3xf32>, %b: tensor<2x5x4xf32>, %r: tensor<2x3x5xf32>) -> (tensor<2x4x3xf32>, tensor<2x5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true, transpose_b = true} : (tensor<2x4x3xf32>, tensor<2x5x4xf32>) -> tensor<2x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x3x5xf32>, tensor<2x4x3xf32>, tensor<2x5x4xf32>) -> (tensor<2x4x3xf32>, tensor<2x5x4xf32>)
  return %g#0, %g#1 : tensor<2x4x3xf32>, tensor<2x5x4xf32>
}

// Stride 1: a convolution with the reversed filter; by the filter one product with the windows,
// in which the batch is one more spatial axis.
// CHECK-LABEL: func.func @conv_by_image
// CHECK: mlopt.slice %arg1 {{.*}}strides = array<i64: 1, 1, -1, -1>
// CHECK: mlopt.conv {{.*}}pads_begin = array<i64: 1, 2>, pads_end = array<i64: 2, 0>{{.*}} : (tensor<2x4x6x6xf32>, tensor<3x4x3x3xf32>, none) -> tensor<2x3x7x6xf32>
// CHECK: %[[U:.*]] = mlopt.unfold {{.*}} : (tensor<1x3x2x7x6xf32>) -> tensor<1x3x1x3x3x2x6x6xf32>
// CHECK: %[[C:.*]] = mlopt.reshape %[[U]] {{.*}} -> tensor<27x72xf32>
// CHECK: mlopt.matmul {{.*}}, %[[C]] {transpose_b = true} : (tensor<4x72xf32>, tensor<27x72xf32>) -> tensor<4x27xf32>
func.func @conv_by_image(%x: tensor<2x3x7x6xf32>, %w: tensor<4x3x3x3xf32>, %r: tensor<2x4x6x6xf32>) -> (tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>, none) -> tensor<2x4x6x6xf32>
  %p = mlopt.mul %y, %r : (tensor<2x4x6x6xf32>, tensor<2x4x6x6xf32>) -> tensor<2x4x6x6xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<2x4x6x6xf32>, tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>) -> (tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>)
  return %g#0, %g#1 : tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>
}

// Stride 2: one convolution for the four remainders of the index, no windows.
// CHECK-LABEL: func.func @strided_by_image
// CHECK: mlopt.conv {{.*}}strides = array<i64: 1, 1>{{.*}} : (tensor<2x4x4x3xf32>, tensor<12x4x2x2xf32>, none) -> tensor<2x12x4x4xf32>
// CHECK: mlopt.transpose {{.*}} : (tensor<2x3x2x2x4x4xf32>) -> tensor<2x3x4x2x4x2xf32>
// CHECK-NOT: mlopt.fold
func.func @strided_by_image(%x: tensor<2x3x7x6xf32>, %w: tensor<4x3x3x3xf32>, %r: tensor<2x4x4x3xf32>) -> tensor<2x3x7x6xf32> {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x3x7x6xf32>, tensor<4x3x3x3xf32>, none) -> tensor<2x4x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x4x4x3xf32>, tensor<2x3x7x6xf32>) -> tensor<2x3x7x6xf32>
  return %g : tensor<2x3x7x6xf32>
}

// A filter of one place needs no windows.
// CHECK-LABEL: func.func @pointwise
// CHECK-NOT: mlopt.unfold
// CHECK: mlopt.matmul {{.*}} {transpose_b = true} : (tensor<5x24xf32>, tensor<3x24xf32>) -> tensor<5x3xf32>
func.func @pointwise(%x: tensor<2x3x4x3xf32>, %w: tensor<5x3x1x1xf32>, %r: tensor<2x5x4x3xf32>) -> tensor<5x3x1x1xf32> {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x3x4x3xf32>, tensor<5x3x1x1xf32>, none) -> tensor<2x5x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x5x4x3xf32>, tensor<2x5x4x3xf32>) -> tensor<2x5x4x3xf32>
  %g = mlopt.gradient %p, %w : (tensor<2x5x4x3xf32>, tensor<5x3x1x1xf32>) -> tensor<5x3x1x1xf32>
  return %g : tensor<5x3x1x1xf32>
}

// The first maximum of windows side by side is found by comparing slices, and what flows to it needs
// no windows.
// CHECK-LABEL: func.func @pool_tiled
// CHECK-COUNT-3: mlopt.slice
// CHECK-NOT: mlopt.slice
// CHECK-NOT: mlopt.max_pool_with_indices
// CHECK-NOT: mlopt.unfold
// CHECK-NOT: mlopt.fold
func.func @pool_tiled(%x: tensor<2x3x4x6xf32>, %r: tensor<2x3x2x3xf32>) -> tensor<2x3x4x6xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x3x4x6xf32>) -> tensor<2x3x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x2x3xf32>, tensor<2x3x2x3xf32>) -> tensor<2x3x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x3x2x3xf32>, tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return %g : tensor<2x3x4x6xf32>
}

// The probabilities once, and four products for three derivatives.
// CHECK-LABEL: func.func @attention
// CHECK: mlopt.softmax
// CHECK-NOT: mlopt.softmax
// CHECK-COUNT-4: mlopt.matmul
// CHECK-NOT: mlopt.matmul
func.func @attention(%q: tensor<2x3x4x5xf32>, %k: tensor<2x3x4x5xf32>, %v: tensor<2x3x4x5xf32>, %r: tensor<2x3x4x5xf32>) -> (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, none) -> tensor<2x3x4x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) -> (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>
}
