// RUN: mlopt-opt %s --convert-onnx-to-mlopt --split-input-file | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // CHECK-LABEL: func.func @axes_operand
  func.func @axes_operand(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
    // CHECK-NEXT: mlopt.reduce %arg0 {axes = array<i64: 1>, kind = #mlopt<reduce_kind sum>}
    %a = "onnx.Constant"() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
    %0 = "onnx.ReduceSum"(%x, %a) {keepdims = 0 : i64} : (tensor<2x3x4xf32>, tensor<1xi64>) -> tensor<2x4xf32>
    return %0 : tensor<2x4xf32>
  }
  // CHECK-LABEL: func.func @no_axes
  func.func @no_axes(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    // CHECK-NEXT: return %arg0
    %0 = "onnx.ReduceMean"(%x) {noop_with_empty_axes = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    return %0 : tensor<2x3xf32>
  }
  // CHECK-LABEL: func.func @log_sum_exp
  func.func @log_sum_exp(%x: tensor<2x3xf32>) -> tensor<1x1xf32> {
    // CHECK: mlopt.reduce %arg0 {axes = array<i64: 0, 1>, keepdims = true, kind = #mlopt<reduce_kind max>}
    // CHECK: mlopt.exp
    // CHECK: mlopt.log
    %0 = "onnx.ReduceLogSumExp"(%x) : (tensor<2x3xf32>) -> tensor<1x1xf32>
    return %0 : tensor<1x1xf32>
  }
  // CHECK-LABEL: func.func @top_k
  func.func @top_k(%x: tensor<2x8xf32>, %k: tensor<1xi64> {onnx.name = "k"}) -> tensor<2x?xi64> {
    // CHECK: %[[K:.*]] = mlopt.element %arg1 {position = 0 : i64}
    // CHECK: mlopt.top_k %arg0, %[[K]]
    %v, %i = "onnx.TopK"(%x, %k) : (tensor<2x8xf32>, tensor<1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>)
    return %i : tensor<2x?xi64>
  }
  // CHECK-LABEL: func.func @hardmax
  func.func @hardmax(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
    // CHECK: mlopt.arg_reduce %arg0
    // CHECK: mlopt.compare
    // CHECK: mlopt.cast %{{.*}} {to = f32}
    %0 = "onnx.Hardmax"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
    return %0 : tensor<2x8xf32>
  }
}

// -----

module attributes {onnx.opset = {ai.onnx = 11 : i64}} {
  // Before opset 13 softmax works on a matrix.
  // CHECK-LABEL: func.func @old_softmax
  func.func @old_softmax(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
    // CHECK-NEXT: %[[M:.*]] = mlopt.reshape %arg0 {static_sizes = array<i64: 2, 12>}
    // CHECK-NEXT: %[[S:.*]] = mlopt.softmax %[[M]] {axis = 1 : i64
    // CHECK-NEXT: mlopt.reshape %[[S]] {static_sizes = array<i64: 2, 3, 4>}
    %0 = "onnx.Softmax"(%x) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
    return %0 : tensor<2x3x4xf32>
  }
  // CHECK-LABEL: func.func @axes_attribute
  func.func @axes_attribute(%x: tensor<2x3x4xf32>) -> tensor<2x1x1xf32> {
    // CHECK-NEXT: mlopt.reduce %arg0 {axes = array<i64: 1, 2>, keepdims = true, kind = #mlopt<reduce_kind mean>}
    %0 = "onnx.ReduceMean"(%x) {axes = array<i64: -1, 1>} : (tensor<2x3x4xf32>) -> tensor<2x1x1xf32>
    return %0 : tensor<2x1x1xf32>
  }
}
