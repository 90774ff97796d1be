// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // CHECK-LABEL: func.func @upscale
  func.func @upscale(%x: tensor<1x3x?x8xf32> {onnx.name = "x", mlopt.dims = [1, 3, "h", 8]}) -> tensor<1x3x?x16xf32> {
    // CHECK: mlopt.resize %arg0, %{{.*}} {{.*}}coordinate = #mlopt<coordinate_mode asymmetric>{{.*}}mode = #mlopt<resize_mode nearest>, nearest = #mlopt<nearest_mode floor>{{.*}}scales = array<f64: 1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00>, static_sizes = array<i64: 1, 3, -9223372036854775808, 16>
    %n = "onnx.NoValue"() : () -> none
    %s = "onnx.Constant"() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
    %0 = "onnx.Resize"(%x, %n, %s) {coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"} : (tensor<1x3x?x8xf32>, none, tensor<4xf32>) -> tensor<1x3x?x16xf32>
    return %0 : tensor<1x3x?x16xf32>
  }
  // CHECK-LABEL: func.func @gather
  func.func @gather(%d: tensor<10x4xf32>, %i: tensor<2x3xi64>) -> tensor<10x2x3xf32> {
    // CHECK-NEXT: mlopt.gather %arg0, %arg1 {axis = 1 : i64}
    %0 = "onnx.Gather"(%d, %i) {axis = -1 : i64} : (tensor<10x4xf32>, tensor<2x3xi64>) -> tensor<10x2x3xf32>
    return %0 : tensor<10x2x3xf32>
  }
  // CHECK-LABEL: func.func @scatter_nd
  func.func @scatter_nd(%d: tensor<8xf32>, %i: tensor<4x1xi64>, %u: tensor<4xf32>) -> tensor<8xf32> {
    // CHECK-NEXT: mlopt.scatter_nd %arg0, %arg1, %arg2 {reduction = #mlopt<scatter_reduction add>}
    %0 = "onnx.ScatterND"(%d, %i, %u) {reduction = "add"} : (tensor<8xf32>, tensor<4x1xi64>, tensor<4xf32>) -> tensor<8xf32>
    return %0 : tensor<8xf32>
  }
}
