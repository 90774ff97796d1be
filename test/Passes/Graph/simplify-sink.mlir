// Views sink below elementwise operations, so that kernels go on and transposes meet.
// RUN: %mlopt-opt --mlopt-simplify-graph %s | FileCheck %s

// CHECK-LABEL: @transposes_meet
// CHECK-NEXT: %[[A:.*]] = mlopt.abs %arg0
// CHECK-NEXT: mlopt.add %[[A]], %arg1
// CHECK-NEXT: return
func.func @transposes_meet(%x: tensor<2x3x4xf32>, %y: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %1 = mlopt.abs %0 : (tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %2 = mlopt.transpose %1 {permutation = array<i64: 0, 2, 1>} : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  %3 = mlopt.add %2, %y : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %3 : tensor<2x3x4xf32>
}

// A constant for the last axis becomes one for the middle axis.
// CHECK-LABEL: @transpose_and_constant
// CHECK: %[[C:.*]] = mlopt.reshape {{.*}} -> tensor<1x3x1xf32>
// CHECK-NEXT: %[[M:.*]] = mlopt.mul %arg0, %[[C]]
// CHECK-NEXT: mlopt.transpose %[[M]]
func.func @transpose_and_constant(%x: tensor<2x3x4xf32>) -> tensor<2x4x3xf32> {
  %c = mlopt.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0 = mlopt.transpose %x {permutation = array<i64: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %1 = mlopt.mul %0, %c : (tensor<2x4x3xf32>, tensor<3xf32>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// The other operand has no transpose: nothing would cancel.
// CHECK-LABEL: @transpose_stays
// CHECK-NEXT: mlopt.transpose
// CHECK-NEXT: mlopt.add
func.func @transpose_stays(%x: tensor<3x4xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = mlopt.add %0, %y : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// Gemm as exporters write it: the residual and the norm stand behind the product.
// CHECK-LABEL: @residual_behind_gemm
// CHECK-SAME: %[[X:.*]]: tensor<26x48xf32>, %[[W:.*]]: tensor<48x48xf32>, %[[Y:.*]]: tensor<2x13x48xf32>, %[[S:.*]]: tensor<48xf32>
// CHECK-NEXT: %[[M:.*]] = mlopt.matmul %[[X]], %[[W]]
// CHECK-NEXT: %[[R:.*]] = mlopt.reshape %[[Y]] {{.*}} -> tensor<26x48xf32>
// CHECK-NEXT: %[[A:.*]] = mlopt.add %[[M]], %[[R]]
// CHECK-NEXT: %[[N:.*]] = mlopt.layer_norm %[[A]], %[[S]], %[[S]] {axis = 1 : i64
// CHECK-NEXT: mlopt.matmul %[[N]], %[[W]]
// CHECK-NEXT: return
func.func @residual_behind_gemm(%x: tensor<26x48xf32>, %w: tensor<48x48xf32>, %y: tensor<2x13x48xf32>, %s: tensor<48xf32>) -> tensor<26x48xf32> {
  %0 = mlopt.matmul %x, %w : (tensor<26x48xf32>, tensor<48x48xf32>) -> tensor<26x48xf32>
  %1 = mlopt.reshape %0 {static_sizes = array<i64: 2, 13, 48>} : (tensor<26x48xf32>) -> tensor<2x13x48xf32>
  %2 = mlopt.add %1, %y : (tensor<2x13x48xf32>, tensor<2x13x48xf32>) -> tensor<2x13x48xf32>
  %3 = mlopt.layer_norm %2, %s, %s {axis = 2 : i64, epsilon = 1.0e-5 : f64} : (tensor<2x13x48xf32>, tensor<48xf32>, tensor<48xf32>) -> tensor<2x13x48xf32>
  %4 = mlopt.reshape %3 {static_sizes = array<i64: 26, 48>} : (tensor<2x13x48xf32>) -> tensor<26x48xf32>
  %5 = mlopt.matmul %4, %w : (tensor<26x48xf32>, tensor<48x48xf32>) -> tensor<26x48xf32>
  return %5 : tensor<26x48xf32>
}

// CHECK-LABEL: @softmax_goes_to_its_scores
// CHECK-NEXT: mlopt.softmax %arg0 {axis = 3 : i64}
// CHECK-NEXT: return
func.func @softmax_goes_to_its_scores(%x: tensor<2x3x5x5xf32>) -> tensor<2x3x5x5xf32> {
  %0 = mlopt.reshape %x {static_sizes = array<i64: 30, 5>} : (tensor<2x3x5x5xf32>) -> tensor<30x5xf32>
  %1 = mlopt.softmax %0 {axis = 1 : i64} : (tensor<30x5xf32>) -> tensor<30x5xf32>
  %2 = mlopt.reshape %1 {static_sizes = array<i64: 2, 3, 5, 5>} : (tensor<30x5xf32>) -> tensor<2x3x5x5xf32>
  return %2 : tensor<2x3x5x5xf32>
}

// CHECK-LABEL: @broadcast_goes
// CHECK-NEXT: mlopt.add %arg0, %arg1
// CHECK-NEXT: return
func.func @broadcast_goes(%x: tensor<4x3xf32>, %y: tensor<3xf32>) -> tensor<4x3xf32> {
  %0 = mlopt.broadcast %y {static_sizes = array<i64: 4, 3>} : (tensor<3xf32>) -> tensor<4x3xf32>
  %1 = mlopt.add %x, %0 : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// CHECK-LABEL: @broadcast_sinks
// CHECK: %[[E:.*]] = mlopt.exp %arg0 : (tensor<3xf32>)
// CHECK-NEXT: mlopt.broadcast %[[E]]
func.func @broadcast_sinks(%y: tensor<3xf32>) -> tensor<4x3xf32> {
  %0 = mlopt.broadcast %y {static_sizes = array<i64: 4, 3>} : (tensor<3xf32>) -> tensor<4x3xf32>
  %1 = mlopt.exp %0 : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// Here the broadcast gives the result its shape: it stays.
// CHECK-LABEL: @broadcast_stays
// CHECK: mlopt.broadcast
func.func @broadcast_stays(%x: tensor<1x3xf32>, %y: tensor<3xf32>) -> tensor<4x3xf32> {
  %0 = mlopt.broadcast %y {static_sizes = array<i64: 4, 3>} : (tensor<3xf32>) -> tensor<4x3xf32>
  %1 = mlopt.add %x, %0 : (tensor<1x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}
