// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // Above 1 KiB a constant is a parameter, named after the initialiser.
  // CHECK: mlopt.parameter @layer_0.weight = dense<1.000000e+00> : tensor<300xf32>
  // CHECK-NOT: mlopt.parameter
  // CHECK-LABEL: func.func @weights
  func.func @weights(%x: tensor<300xf32>) -> tensor<300xf32> {
    // CHECK: %[[W:.*]] = mlopt.get_parameter @layer_0.weight : tensor<300xf32>
    // CHECK: mlopt.add %arg0, %[[W]]
    %w = "onnx.Constant"() {value = dense<1.0> : tensor<300xf32>} : () -> tensor<300xf32> loc("layer/0.weight")
    %unused = "onnx.Constant"() {value = dense<2.0> : tensor<300xf32>} : () -> tensor<300xf32> loc("unused")
    %0 = "onnx.Add"(%x, %w) : (tensor<300xf32>, tensor<300xf32>) -> tensor<300xf32>
    return %0 : tensor<300xf32>
  }
  // Operations on small constants are evaluated.
  // CHECK-LABEL: func.func @fold
  func.func @fold() -> tensor<2xf32> {
    // CHECK-NEXT: %[[C:.*]] = mlopt.constant dense<[4.000000e+00, 6.000000e+00]> : tensor<2xf32>
    // CHECK-NEXT: return %[[C]]
    %a = "onnx.Constant"() {value_floats = [1.0 : f32, 2.0 : f32]} : () -> tensor<2xf32>
    %b = "onnx.Constant"() {value = dense<[1, 1]> : tensor<2xi64>} : () -> tensor<2xi64>
    %c = "onnx.Cast"(%b) {to = 1 : i64} : (tensor<2xi64>) -> tensor<2xf32>
    %d = "onnx.Add"(%a, %c) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %two = "onnx.Constant"() {value_float = 2.0 : f32} : () -> tensor<f32>
    %e = "onnx.Mul"(%d, %two) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    return %e : tensor<2xf32>
  }
}
