// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // Nearest: one gather of pixels, weighted by 1 inside and 0 outside.
  // CHECK-LABEL: func.func @grid_sample
  func.func @grid_sample(%x: tensor<2x3x4x5xf32>, %g: tensor<2x6x7x2xf32>) -> tensor<2x3x6x7xf32> {
    // CHECK: mlopt.transpose %arg0 {permutation = array<i64: 0, 2, 3, 1>}
    // CHECK: mlopt.gather_nd %{{.*}}, %{{.*}} {batch_dims = 1 : i64} : (tensor<2x20x3xf32>, tensor<2x42x1xi64>) -> tensor<2x42x3xf32>
    // CHECK-NOT: mlopt.gather_nd
    // CHECK: mlopt.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>}
    %0 = "onnx.GridSample"(%x, %g) {mode = "nearest"} : (tensor<2x3x4x5xf32>, tensor<2x6x7x2xf32>) -> tensor<2x3x6x7xf32>
    return %0 : tensor<2x3x6x7xf32>
  }
  // CHECK-LABEL: func.func @max_unpool
  func.func @max_unpool(%x: tensor<1x1x2x2xf32>, %i: tensor<1x1x2x2xi64>) -> tensor<1x1x4x4xf32> {
    // CHECK: mlopt.scatter_elements {{.*}} {axis = 0 : i64, reduction = #mlopt<scatter_reduction none>}
    // CHECK: mlopt.reshape %{{.*}} {static_sizes = array<i64: 1, 1, 4, 4>}
    %0 = "onnx.MaxUnpool"(%x, %i) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>) -> tensor<1x1x4x4xf32>
    return %0 : tensor<1x1x4x4xf32>
  }
}
