// RUN: not mlopt-opt %s --convert-onnx-to-mlopt 2>&1 | FileCheck %s
// All nodes are reported at once, and what depends on them says nothing of its own.
// CHECK: error: MLO2001: unsupported ONNX operator 'NonZero' (domain 'ai.onnx', opset 21): mlopt has no conversion for it
// CHECK: error: MLO2001: unsupported ONNX operator 'Fancy' (domain 'com.example', opset 3): mlopt has no conversion for it
// CHECK: error: MLO2005: unsupported ONNX operator 'ReduceSum' (domain 'ai.onnx', opset 21): axes that are known only at run time
// CHECK: error: MLO2002: unsupported ONNX operator 'Cast' (domain 'ai.onnx', opset 21): a cast to data type 17
// CHECK-NOT: error
module attributes {onnx.opset = {ai.onnx = 21 : i64, com.example = 3 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %axes: tensor<1xi64>) -> (tensor<?x?xf32>, tensor<*xf32>, tensor<?x?xf32>, tensor<2x3xf32>) {
    %0 = "onnx.NonZero"(%x) : (tensor<2x3xf32>) -> tensor<2x?xi64>
    %1 = "onnx.Cast"(%0) {to = 1 : i64} : (tensor<2x?xi64>) -> tensor<?x?xf32>
    %2 = "onnx.com.example.Fancy"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
    %3 = "onnx.ReduceSum"(%x, %axes) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<?x?xf32>
    %4 = "onnx.Cast"(%x) {to = 17 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    return %1, %2, %3, %4 : tensor<?x?xf32>, tensor<*xf32>, tensor<?x?xf32>, tensor<2x3xf32>
  }
}
