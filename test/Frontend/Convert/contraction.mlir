// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // CHECK-LABEL: func.func @gemm
  func.func @gemm(%a: tensor<4x2xf32>, %b: tensor<3x4xf32>, %c: tensor<3xf32>) -> tensor<2x3xf32> {
    // CHECK-NEXT: %[[P:.*]] = mlopt.matmul %arg0, %arg1 {transpose_a = true, transpose_b = true}
    // CHECK-NEXT: %[[ALPHA:.*]] = mlopt.constant dense<5.000000e-01>
    // CHECK-NEXT: %[[S:.*]] = mlopt.mul %[[P]], %[[ALPHA]]
    // CHECK-NEXT: mlopt.add %[[S]], %arg2
    %0 = "onnx.Gemm"(%a, %b, %c) {alpha = 0.5 : f32, transA = 1 : i64, transB = 1 : i64} : (tensor<4x2xf32>, tensor<3x4xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    return %0 : tensor<2x3xf32>
  }
  // CHECK-LABEL: func.func @row_times_batch
  func.func @row_times_batch(%a: tensor<4xf32>, %b: tensor<5x4x3xf32>) -> tensor<5x3xf32> {
    // CHECK-NEXT: %[[R:.*]] = mlopt.reshape %arg0 {static_sizes = array<i64: 1, 4>}
    // CHECK-NEXT: %[[P:.*]] = mlopt.matmul %[[R]], %arg1
    // CHECK-NEXT: mlopt.reshape %[[P]] {static_sizes = array<i64: 5, 3>}
    %0 = "onnx.MatMul"(%a, %b) : (tensor<4xf32>, tensor<5x4x3xf32>) -> tensor<5x3xf32>
    return %0 : tensor<5x3xf32>
  }
  // CHECK-LABEL: func.func @einsum
  func.func @einsum(%a: tensor<2x3x4xf32>, %b: tensor<2x5x4xf32>) -> tensor<2x3x5xf32> {
    // CHECK-NEXT: %[[T:.*]] = mlopt.transpose %arg1 {permutation = array<i64: 0, 2, 1>}
    // CHECK-NEXT: mlopt.matmul %arg0, %[[T]]
    %0 = "onnx.Einsum"(%a, %b) {equation = "bik, bjk -> bij"} : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> tensor<2x3x5xf32>
    return %0 : tensor<2x3x5xf32>
  }
}
