// Chains of reshapes, transposes, slices and concatenations become one or vanish.
// RUN: %mlopt-opt --mlopt-simplify-graph %s | FileCheck %s

// CHECK-LABEL: @transposes_cancel
// CHECK-NEXT: return %arg0
func.func @transposes_cancel(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 2, 0>} : (tensor<4x2x3xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: @unit_transpose
// CHECK: mlopt.reshape %arg0 {{.*}} -> tensor<1x7x5xf32>
// CHECK-NOT: transpose
func.func @unit_transpose(%x: tensor<7x1x5xf32>) -> tensor<1x7x5xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<7x1x5xf32>) -> tensor<1x7x5xf32>
  return %0 : tensor<1x7x5xf32>
}

// The export of K^T in an attention: batch and heads are merged around a transpose.
// CHECK-LABEL: @transpose_through_merge
// CHECK-NEXT: mlopt.transpose %arg0 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<2x13x3x16xf32>) -> tensor<2x3x16x13xf32>
// CHECK-NEXT: return
func.func @transpose_through_merge(%x: tensor<2x13x3x16xf32>) -> tensor<2x3x16x13xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x13x3x16xf32>) -> tensor<2x3x13x16xf32>
  %1 = mlopt.reshape %0 {static_sizes = array<i64: 6, 13, 16>} : (tensor<2x3x13x16xf32>) -> tensor<6x13x16xf32>
  %2 = mlopt.transpose %1 {permutation = array<i64: 0, 2, 1>} : (tensor<6x13x16xf32>) -> tensor<6x16x13xf32>
  %3 = mlopt.reshape %2 {static_sizes = array<i64: 2, 3, 16, 13>} : (tensor<6x16x13xf32>) -> tensor<2x3x16x13xf32>
  return %3 : tensor<2x3x16x13xf32>
}

// The same with a batch of one, where the merge only drops an axis.
// CHECK-LABEL: @transpose_through_squeeze
// CHECK-NEXT: mlopt.transpose %arg0 {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: return
func.func @transpose_through_squeeze(%x: tensor<1x13x3x16xf32>) -> tensor<1x3x16x13xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x13x3x16xf32>) -> tensor<1x3x13x16xf32>
  %1 = mlopt.reshape %0 {static_sizes = array<i64: 3, 13, 16>} : (tensor<1x3x13x16xf32>) -> tensor<3x13x16xf32>
  %2 = mlopt.transpose %1 {permutation = array<i64: 0, 2, 1>} : (tensor<3x13x16xf32>) -> tensor<3x16x13xf32>
  %3 = mlopt.reshape %2 {static_sizes = array<i64: 1, 3, 16, 13>} : (tensor<3x16x13xf32>) -> tensor<1x3x16x13xf32>
  return %3 : tensor<1x3x16x13xf32>
}

// One of q, k, v of a joint projection: a run of the last axis, then a transpose.
// CHECK-LABEL: @slice_of_projection
// CHECK-NEXT: %[[S:.*]] = mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 2, 9, 120>, static_starts = array<i64: 0, 0, 120>
// CHECK-NEXT: %[[R:.*]] = mlopt.reshape %[[S]] {static_sizes = array<i64: 2, 9, 8, 15>}
// CHECK-NEXT: mlopt.transpose %[[R]] {permutation = array<i64: 0, 2, 1, 3>}
// CHECK-NEXT: return
func.func @slice_of_projection(%x: tensor<2x9x360xf32>) -> tensor<2x8x9x15xf32> {
  %0 = mlopt.reshape %x {static_sizes = array<i64: 2, 9, 3, 8, 15>} : (tensor<2x9x360xf32>) -> tensor<2x9x3x8x15xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 2, 0, 3, 1, 4>} : (tensor<2x9x3x8x15xf32>) -> tensor<3x2x8x9x15xf32>
  %2 = mlopt.slice %1 {static_starts = array<i64: 1, 0, 0, 0, 0>, static_sizes = array<i64: 1, 2, 8, 9, 15>, strides = array<i64: 1, 1, 1, 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<3x2x8x9x15xf32>) -> tensor<1x2x8x9x15xf32>
  %3 = mlopt.reshape %2 {static_sizes = array<i64: 2, 8, 9, 15>} : (tensor<1x2x8x9x15xf32>) -> tensor<2x8x9x15xf32>
  return %3 : tensor<2x8x9x15xf32>
}

// CHECK-LABEL: @concat_of_slices
// CHECK-NEXT: return %arg0
func.func @concat_of_slices(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 4, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x6xf32>) -> tensor<4x2xf32>
  %1 = mlopt.slice %x {static_starts = array<i64: 0, 2>, static_sizes = array<i64: 4, 4>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x6xf32>) -> tensor<4x4xf32>
  %2 = mlopt.concat %0, %1 {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x4xf32>) -> tensor<4x6xf32>
  return %2 : tensor<4x6xf32>
}

// Slices in another order are no view.
// CHECK-LABEL: @concat_swaps
// CHECK: mlopt.concat
func.func @concat_swaps(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 4, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x6xf32>) -> tensor<4x2xf32>
  %1 = mlopt.slice %x {static_starts = array<i64: 0, 2>, static_sizes = array<i64: 4, 4>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x6xf32>) -> tensor<4x4xf32>
  %2 = mlopt.concat %1, %0 {axis = 1 : i64} : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x6xf32>
  return %2 : tensor<4x6xf32>
}

// CHECK-LABEL: @slice_of_concat
// CHECK-NEXT: return %arg1
func.func @slice_of_concat(%x: tensor<4x2xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = mlopt.concat %x, %y {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<4x5xf32>
  %1 = mlopt.slice %0 {static_starts = array<i64: 0, 2>, static_sizes = array<i64: 4, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// Slices compose: 1 + 2 * 1 with stride 2 * 3.
// CHECK-LABEL: @slice_of_slice
// CHECK-NEXT: mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 2>, static_starts = array<i64: 3>, strides = array<i64: 6>
// CHECK-NEXT: return
func.func @slice_of_slice(%x: tensor<20xf32>) -> tensor<2xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 1>, static_sizes = array<i64: 8>, strides = array<i64: 2>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<20xf32>) -> tensor<8xf32>
  %1 = mlopt.slice %0 {static_starts = array<i64: 1>, static_sizes = array<i64: 2>, strides = array<i64: 3>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<8xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// With symbols: the reshape restores what is there.
// CHECK-LABEL: @symbolic_reshape
// CHECK-NEXT: return %arg0
func.func @symbolic_reshape(%x: tensor<?x12xf32> {mlopt.dims = ["n", 12], mlopt.name = "x"}) -> tensor<?x12xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x12xf32>) -> index
  %0 = mlopt.reshape %x, %n {static_sizes = array<i64: -9223372036854775808, 3, 4>} : (tensor<?x12xf32>, index) -> tensor<?x3x4xf32>
  %1 = mlopt.reshape %0, %n {static_sizes = array<i64: -9223372036854775808, 12>} : (tensor<?x3x4xf32>, index) -> tensor<?x12xf32>
  return %1 : tensor<?x12xf32>
}
