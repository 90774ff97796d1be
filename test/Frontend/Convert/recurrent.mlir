// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 22 : i64}} {
  // CHECK-LABEL: func.func @lstm
  func.func @lstm(%x: tensor<5x2x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>) -> tensor<5x1x2x4xf32> {
    // CHECK: mlopt.lstm %arg0, %arg1, %arg2, {{.*}}activations = ["Sigmoid", "Tanh", "Tanh"]{{.*}}direction = #mlopt<direction forward>, hidden_size = 4 : i64
    %y, %h, %c = "onnx.LSTM"(%x, %w, %r) {hidden_size = 4 : i64} : (tensor<5x2x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> (tensor<5x1x2x4xf32>, tensor<1x2x4xf32>, tensor<1x2x4xf32>)
    return %y : tensor<5x1x2x4xf32>
  }
  // CHECK-LABEL: func.func @batch_first
  func.func @batch_first(%x: tensor<2x5x3xf32>, %w: tensor<1x12x3xf32>, %r: tensor<1x12x4xf32>) -> tensor<2x5x1x4xf32> {
    // CHECK: %[[X:.*]] = mlopt.transpose %arg0 {permutation = array<i64: 1, 0, 2>}
    // CHECK: %[[Y:.*]], %{{.*}} = mlopt.gru %[[X]]
    // CHECK: mlopt.transpose %[[Y]] {permutation = array<i64: 2, 0, 1, 3>}
    %y, %h = "onnx.GRU"(%x, %w, %r) {layout = 1 : i64} : (tensor<2x5x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> (tensor<2x5x1x4xf32>, tensor<2x1x4xf32>)
    return %y : tensor<2x5x1x4xf32>
  }
}
