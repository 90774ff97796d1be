// RUN: not mlopt-opt %s --convert-onnx-to-mlopt 2>&1 | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  func.func @main(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
    // CHECK: error: MLO1201: invalid ONNX operator 'Add' (domain 'ai.onnx', opset 21): sizes {{.*}} do not broadcast
    %0 = "onnx.Add"(%x, %y) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x3xf32>
    // CHECK: error: MLO1201: invalid ONNX operator 'Relu' {{.*}}: operand 0 is missing
    %1 = "onnx.Relu"() : () -> tensor<2x3xf32>
    // CHECK: error: MLO1201: invalid ONNX operator 'Softmax' {{.*}}: axis 7 is outside [-2, 2)
    %2 = "onnx.Softmax"(%x) {axis = 7 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    // CHECK: error: MLO1201: invalid ONNX operator 'Transpose'
    %3 = "onnx.Transpose"(%x) {perm = array<i64: 0, 5>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    // CHECK: error: MLO1201: invalid ONNX operator 'MatMul'
    %4 = "onnx.MatMul"(%x, %y) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x3xf32>
    return %0, %1, %2, %3, %4 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
  }
}
