// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 27 : i64}} {
  // Broadcasting, names of arguments and results.
  // CHECK-LABEL: func.func @add
  // CHECK-SAME: mlopt.dims = ["batch", 3], mlopt.name = "x"
  // CHECK-SAME: -> (tensor<?x3xf32> {mlopt.name = "y"})
  func.func @add(%x: tensor<?x3xf32> {onnx.name = "x", mlopt.dims = ["batch", 3]}, %b: tensor<3xf32> {onnx.name = "b"}) -> (tensor<?x3xf32> {onnx.name = "y", mlopt.dims = ["batch", 3]}) {
    // CHECK-NEXT: %[[Y:.*]] = mlopt.add %arg0, %arg1 : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    // CHECK-NEXT: return %[[Y]] : tensor<?x3xf32>
    %0 = "onnx.Add"(%x, %b) : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    return %0 : tensor<?x3xf32>
  }
  // CHECK-LABEL: func.func @clip_without_low
  func.func @clip_without_low(%x: tensor<4xf32>, %high: tensor<f32>) -> tensor<4xf32> {
    // CHECK-NEXT: mlopt.min %arg0, %arg1
    %n = "onnx.NoValue"() : () -> none
    %0 = "onnx.Clip"(%x, %n, %high) : (tensor<4xf32>, none, tensor<f32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  // CHECK-LABEL: func.func @mean
  func.func @mean(%x: tensor<4xf32>, %y: tensor<f32>) -> tensor<4xf32> {
    // CHECK-NEXT: %[[S:.*]] = mlopt.add %arg0, %arg1
    // CHECK-NEXT: %[[N:.*]] = mlopt.constant dense<2.000000e+00> : tensor<f32>
    // CHECK-NEXT: mlopt.div %[[S]], %[[N]]
    %0 = "onnx.Mean"(%x, %y) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  // CHECK-LABEL: func.func @cast
  func.func @cast(%x: tensor<4xf32>) -> tensor<4xf16> {
    // CHECK-NEXT: mlopt.cast %arg0 {to = f16}
    %0 = "onnx.Cast"(%x) {to = 10 : i64} : (tensor<4xf32>) -> tensor<4xf16>
    return %0 : tensor<4xf16>
  }
  // CHECK-LABEL: func.func @leaky_relu
  func.func @leaky_relu(%x: tensor<4xf32>) -> tensor<4xf32> {
    // CHECK: %[[NEGATIVE:.*]] = mlopt.compare %arg0, %{{.*}} {predicate = #mlopt<predicate le>}
    // CHECK: %[[SCALED:.*]] = mlopt.mul %arg0,
    // CHECK: mlopt.select %[[NEGATIVE]], %[[SCALED]], %arg0
    %0 = "onnx.LeakyRelu"(%x) {alpha = 0.1 : f32} : (tensor<4xf32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  // CHECK-LABEL: func.func @bitshift
  func.func @bitshift(%x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xui8> {
    // CHECK-NEXT: mlopt.shift_right %arg0, %arg1
    %0 = "onnx.BitShift"(%x, %y) {direction = "RIGHT"} : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
    return %0 : tensor<4xui8>
  }
}
