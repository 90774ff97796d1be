// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // CHECK-LABEL: func.func @conv
  func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32> {
    // CHECK-NEXT: %[[NONE:.*]] = mlopt.none
    // CHECK-NEXT: mlopt.conv %arg0, %arg1, %[[NONE]] {dilations = array<i64: 1, 1>, groups = 1 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>}
    %0 = "onnx.Conv"(%x, %w) {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
    return %0 : tensor<1x4x4x4xf32>
  }
  // SAME_UPPER puts the odd element at the end.
  // CHECK-LABEL: func.func @same_upper
  func.func @same_upper(%x: tensor<1x3x8x9xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x4x5xf32> {
    // CHECK: pads_begin = array<i64: 0, 1>, pads_end = array<i64: 1, 1>
    %0 = "onnx.Conv"(%x, %w) {strides = array<i64: 2, 2>, auto_pad = "SAME_UPPER"} : (tensor<1x3x8x9xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x5xf32>
    return %0 : tensor<1x4x4x5xf32>
  }
  // CHECK-LABEL: func.func @output_shape
  func.func @output_shape(%x: tensor<1x1x3x3xf32>, %w: tensor<1x2x3x3xf32>) -> tensor<1x2x10x8xf32> {
    // CHECK: mlopt.conv_transpose {{.*}}output_padding = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>
    %0 = "onnx.ConvTranspose"(%x, %w) {strides = array<i64: 3, 2>, output_padding = array<i64: 1, 1>, output_shape = array<i64: 10, 8>} : (tensor<1x1x3x3xf32>, tensor<1x2x3x3xf32>) -> tensor<1x2x10x8xf32>
    return %0 : tensor<1x2x10x8xf32>
  }
  // CHECK-LABEL: func.func @ceil_mode
  func.func @ceil_mode(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32> {
    // CHECK: mlopt.pool %arg0 {{.*}}extra_end = array<i64: 1, 1>, kernel = array<i64: 3, 3>, kind = #mlopt<pool_kind max>
    %0 = "onnx.MaxPool"(%x) {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>, ceil_mode = 1 : i64} : (tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32>
    return %0 : tensor<1x1x2x2xf32>
  }
  // CHECK-LABEL: func.func @indices
  func.func @indices(%x: tensor<1x1x4x4xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>) {
    // CHECK: mlopt.max_pool_with_indices %arg0
    %0, %1 = "onnx.MaxPool"(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>)
    return %0, %1 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>
  }
  // CHECK-LABEL: func.func @global_average
  func.func @global_average(%x: tensor<?x3x4x4xf32>) -> tensor<?x3x1x1xf32> {
    // CHECK-NEXT: mlopt.reduce %arg0 {axes = array<i64: 2, 3>, keepdims = true, kind = #mlopt<reduce_kind mean>}
    %0 = "onnx.GlobalAveragePool"(%x) : (tensor<?x3x4x4xf32>) -> tensor<?x3x1x1xf32>
    return %0 : tensor<?x3x1x1xf32>
  }
}
