// Weights of MatMulNBits are unpacked, the low bits first; without zero points they become signed.
// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64, com.microsoft = 1 : i64}} {
  // 0x98 are the weights 8 and 9: 0 and 1. Of the last block only what K has.
  // CHECK-LABEL: func.func @signed
  func.func @signed(%x: tensor<5x3xf32>, %s: tensor<4xf32>) -> tensor<5x2xf32> {
    %w = "onnx.Constant"() {value = dense<[[[152], [15]], [[240], [247]]]> : tensor<2x2x1xui8>} : () -> tensor<2x2x1xui8>
    // CHECK-DAG: %[[W:.*]] = mlopt.constant dense<{{\[}}[0, 1, 7], [-8, 7, -1]]> : tensor<2x3xi4>
    // CHECK-DAG: %[[S:.*]] = mlopt.reshape %arg1 {{.*}} -> tensor<2x2xf32>
    // CHECK-DAG: %[[NONE:.*]] = mlopt.none
    // CHECK: mlopt.dequantized_matmul %arg0, %[[W]], %[[S]], %{{.*}} {block = 2 : i64, transpose_b = true} : (tensor<5x3xf32>, tensor<2x3xi4>, tensor<2x2xf32>, none) -> tensor<5x2xf32>
    %0 = "onnx.com.microsoft.MatMulNBits"(%x, %w, %s) {K = 3 : i64, N = 2 : i64, bits = 4 : i64, block_size = 2 : i64, accuracy_level = 4 : i64} : (tensor<5x3xf32>, tensor<2x2x1xui8>, tensor<4xf32>) -> tensor<5x2xf32>
    return %0 : tensor<5x2xf32>
  }
  // A row of zero points ends at a byte; three blocks are two bytes.
  // CHECK-LABEL: func.func @packed_zeros
  func.func @packed_zeros(%x: tensor<5x6xf32>, %s: tensor<1x3xf32>, %b: tensor<1xf32>) -> tensor<5x1xf32> {
    %w = "onnx.Constant"() {value = dense<[[[16], [50], [84]]]> : tensor<1x3x1xui8>} : () -> tensor<1x3x1xui8>
    %z = "onnx.Constant"() {value = dense<[[33, 3]]> : tensor<1x2xui8>} : () -> tensor<1x2xui8>
    %none = "onnx.NoValue"() : () -> none
    // CHECK-DAG: %[[Z:.*]] = mlopt.constant dense<{{\[}}[1, 2, 3]]> : tensor<1x3xui4>
    // CHECK-DAG: %[[W:.*]] = mlopt.constant dense<{{\[}}[0, 1, 2, 3, 4, 5]]> : tensor<1x6xui4>
    // CHECK: %[[Y:.*]] = mlopt.dequantized_matmul %arg0, %[[W]], %arg1, %[[Z]] {block = 2 : i64, transpose_b = true}
    // CHECK-NEXT: mlopt.add %[[Y]], %arg2
    %0 = "onnx.com.microsoft.MatMulNBits"(%x, %w, %s, %z, %none, %b) {K = 6 : i64, N = 1 : i64, bits = 4 : i64, block_size = 2 : i64} : (tensor<5x6xf32>, tensor<1x3x1xui8>, tensor<1x3xf32>, tensor<1x2xui8>, none, tensor<1xf32>) -> tensor<5x1xf32>
    return %0 : tensor<5x1xf32>
  }
  // Zero points that are floats are taken off the dequantized weights.
  // CHECK-LABEL: func.func @float_zeros
  func.func @float_zeros(%x: tensor<5x4xf32>, %s: tensor<1x1xf32>, %z: tensor<1xf32>) -> tensor<5x1xf32> {
    %w = "onnx.Constant"() {value = dense<[[[228]]]> : tensor<1x1x1xui8>} : () -> tensor<1x1x1xui8>
    // CHECK-DAG: %[[W:.*]] = mlopt.constant dense<{{\[}}[0, 1, 2, 3]]> : tensor<1x4xui2>
    // CHECK: %[[Q:.*]] = mlopt.dequantize_blocked %[[W]], %arg1, %{{.*}} {axis = 1 : i64, block = 4 : i64}
    // CHECK: %[[B:.*]] = mlopt.sub %[[Q]], %{{.*}} : (tensor<1x4xf32>, tensor<1x4xf32>)
    // CHECK: mlopt.matmul %arg0, %[[B]] {{.*}}transpose_b = true
    %0 = "onnx.com.microsoft.MatMulNBits"(%x, %w, %s, %z) {K = 4 : i64, N = 1 : i64, bits = 2 : i64, block_size = 4 : i64} : (tensor<5x4xf32>, tensor<1x1x1xui8>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<5x1xf32>
    return %0 : tensor<5x1xf32>
  }
}
