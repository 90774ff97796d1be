// RUN: %mlopt-opt --mlopt-resolve-weights --canonicalize %s | FileCheck %s

// CHECK-LABEL: @blocked
// CHECK: mlopt.dequantized_matmul %arg0, %{{.*}}, %{{.*}}, %{{.*}} {block = 2 : i64} : (tensor<?x4xf32>, tensor<4x2xui4>, tensor<2x2xf32>, tensor<2x2xui4>) -> tensor<?x2xf32>
// CHECK-NEXT: return
func.func @blocked(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %w = mlopt.constant dense<[[1, 2], [3, 4], [5, 6], [7, 15]]> : tensor<4x2xui4>
  %s = mlopt.constant dense<[[0.5, 0.25], [1.0, 2.0]]> : tensor<2x2xf32>
  %z = mlopt.constant dense<[[8, 7], [6, 5]]> : tensor<2x2xui4>
  %0 = mlopt.dequantize_blocked %w, %s, %z {axis = 0 : i64, block = 2 : i64} : (tensor<4x2xui4>, tensor<2x2xf32>, tensor<2x2xui4>) -> tensor<4x2xf32>
  %1 = mlopt.matmul %x, %0 : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// One scale per column of transposed weights is one block.
// CHECK-LABEL: @per_column
// CHECK: mlopt.dequantized_matmul %arg0, %{{.*}}, %{{.*}}, %{{.*}} {block = 4 : i64, transpose_b = true} : (tensor<2x?x4xf32>, tensor<2x4xi8>, tensor<2x1xf32>, none) -> tensor<2x?x2xf32>
func.func @per_column(%x: tensor<2x?x4xf32>) -> tensor<2x?x2xf32> {
  %w = mlopt.constant dense<[[1, 2, 3, 4], [5, 6, 7, 15]]> : tensor<2x4xi8>
  %s = mlopt.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %w, %s, %none : (tensor<2x4xi8>, tensor<2x1xf32>, none) -> tensor<2x4xf32>
  %1 = mlopt.matmul %x, %0 {transpose_b = true} : (tensor<2x?x4xf32>, tensor<2x4xf32>) -> tensor<2x?x2xf32>
  return %1 : tensor<2x?x2xf32>
}

// Blocks along the columns, scales per row, weights of the run: left alone.
// CHECK-LABEL: @left
// CHECK-NOT: mlopt.dequantized_matmul
// CHECK: return
func.func @left(%x: tensor<?x4xf32>, %v: tensor<4x2xi8>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = mlopt.constant dense<[[1, 2], [3, 4], [5, 6], [7, 15]]> : tensor<4x2xi8>
  %s = mlopt.constant dense<[[0.5], [0.25], [1.0], [2.0]]> : tensor<4x1xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize_blocked %w, %s, %none {axis = 1 : i64, block = 2 : i64} : (tensor<4x2xi8>, tensor<4x1xf32>, none) -> tensor<4x2xf32>
  %1 = mlopt.matmul %x, %0 : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  %2 = mlopt.dequantize %w, %s, %none : (tensor<4x2xi8>, tensor<4x1xf32>, none) -> tensor<4x2xf32>
  %3 = mlopt.matmul %x, %2 : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  %t = mlopt.constant dense<0.5> : tensor<f32>
  %4 = mlopt.dequantize %v, %t, %none : (tensor<4x2xi8>, tensor<f32>, none) -> tensor<4x2xf32>
  %5 = mlopt.matmul %x, %4 : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %1, %3, %5 : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}
