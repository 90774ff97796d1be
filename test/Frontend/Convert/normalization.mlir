// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 20 : i64}} {
  // CHECK-LABEL: func.func @batch_norm
  func.func @batch_norm(%x: tensor<1x3x4xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<1x3x4xf32> {
    // CHECK-NEXT: mlopt.batch_norm %arg0, %arg1, %arg2, %arg3, %arg4 {epsilon = 1.000000e-03 : f64}
    %0 = "onnx.BatchNormalization"(%x, %s, %b, %m, %v) {epsilon = 0.001 : f64} : (tensor<1x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4xf32>
    return %0 : tensor<1x3x4xf32>
  }
  // CHECK-LABEL: func.func @layer_norm
  func.func @layer_norm(%x: tensor<?x8xf32>, %s: tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?x1xf32>) {
    // CHECK: mlopt.layer_norm %arg0, %arg1, %{{.*}} {axis = 1 : i64
    // CHECK: mlopt.reduce %arg0 {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind mean>}
    %0, %1 = "onnx.LayerNormalization"(%x, %s) : (tensor<?x8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?x1xf32>)
    return %0, %1 : tensor<?x8xf32>, tensor<?x1xf32>
  }
  // Before opset 21 a scale belongs to a group.
  // CHECK-LABEL: func.func @group_norm
  func.func @group_norm(%x: tensor<1x6x4xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<1x6x4xf32> {
    // CHECK: mlopt.broadcast %{{.*}} {static_sizes = array<i64: 2, 3>}
    // CHECK: mlopt.group_norm %arg0, %{{.*}}, %{{.*}} {{{.*}}groups = 2 : i64}
    %0 = "onnx.GroupNormalization"(%x, %s, %b) {num_groups = 2 : i64} : (tensor<1x6x4xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x6x4xf32>
    return %0 : tensor<1x6x4xf32>
  }
}
