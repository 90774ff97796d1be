// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 21 : i64}} {
  // Shape -> Gather -> Concat -> Reshape becomes sizes; nothing of the chain is left.
  // CHECK-LABEL: func.func @chain
  func.func @chain(%x: tensor<?x?x768xf32> {onnx.name = "x", mlopt.dims = ["batch", "seq", 768]}) -> tensor<?x?x12x64xf32> {
    // CHECK-DAG: %[[B:.*]] = mlopt.dim %arg0 {axis = 0 : i64}
    // CHECK-DAG: %[[S:.*]] = mlopt.dim %arg0 {axis = 1 : i64}
    // CHECK: mlopt.reshape %arg0, %[[B]], %[[S]] {static_sizes = array<i64: -9223372036854775808, -9223372036854775808, 12, 64>}
    // CHECK-NEXT: return
    %zero = "onnx.Constant"() {value = dense<0> : tensor<i64>} : () -> tensor<i64>
    %one = "onnx.Constant"() {value = dense<1> : tensor<i64>} : () -> tensor<i64>
    %heads = "onnx.Constant"() {value = dense<[12, 64]> : tensor<2xi64>} : () -> tensor<2xi64>
    %axis = "onnx.Constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %s = "onnx.Shape"(%x) : (tensor<?x?x768xf32>) -> tensor<3xi64>
    %b = "onnx.Gather"(%s, %zero) : (tensor<3xi64>, tensor<i64>) -> tensor<i64>
    %n = "onnx.Gather"(%s, %one) : (tensor<3xi64>, tensor<i64>) -> tensor<i64>
    %b1 = "onnx.Unsqueeze"(%b, %axis) : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
    %n1 = "onnx.Unsqueeze"(%n, %axis) : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
    %t = "onnx.Concat"(%b1, %n1, %heads) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<2xi64>) -> tensor<4xi64>
    %y = "onnx.Reshape"(%x, %t) : (tensor<?x?x768xf32>, tensor<4xi64>) -> tensor<?x?x12x64xf32>
    return %y : tensor<?x?x12x64xf32>
  }
  // CHECK-LABEL: func.func @flatten_rest
  func.func @flatten_rest(%x: tensor<?x8x4xf32> {onnx.name = "x", mlopt.dims = ["n", 8, 4]}) -> tensor<?x?xf32> {
    // CHECK: mlopt.reshape %arg0, %{{.*}} {static_sizes = array<i64: -9223372036854775808, 32>}
    %t = "onnx.Constant"() {value = dense<[0, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
    %y = "onnx.Reshape"(%x, %t) : (tensor<?x8x4xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    return %y : tensor<?x?xf32>
  }
  // A target shape that the caller gives: 0 and -1 keep their meaning.
  // CHECK-LABEL: func.func @run_time_shape
  func.func @run_time_shape(%x: tensor<2x3x4xf32> {onnx.name = "x"}, %t: tensor<2xi64> {onnx.name = "t"}) -> tensor<?x?xf32> {
    // CHECK: mlopt.element %arg1 {position = 0 : i64}
    // CHECK: mlopt.reshape %arg0
    %y = "onnx.Reshape"(%x, %t) : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    return %y : tensor<?x?xf32>
  }
  // CHECK-LABEL: func.func @slice_from_end
  func.func @slice_from_end(%x: tensor<5x6xf32>) -> tensor<5x2xf32> {
    // CHECK-NEXT: mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 5, 2>, static_starts = array<i64: 0, 4>, strides = array<i64: 1, 1>
    %s = "onnx.Constant"() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
    %e = "onnx.Constant"() {value = dense<9223372036854775807> : tensor<1xi64>} : () -> tensor<1xi64>
    %a = "onnx.Constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.Slice"(%x, %s, %e, %a) : (tensor<5x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<5x2xf32>
    return %y : tensor<5x2xf32>
  }
  // CHECK-LABEL: func.func @reverse
  func.func @reverse(%x: tensor<5xf32>) -> tensor<5xf32> {
    // CHECK-NEXT: mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 5>, static_starts = array<i64: 4>, strides = array<i64: -1>
    %s = "onnx.Constant"() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
    %e = "onnx.Constant"() {value = dense<-9223372036854775808> : tensor<1xi64>} : () -> tensor<1xi64>
    %a = "onnx.Constant"() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
    %y = "onnx.Slice"(%x, %s, %e, %a, %s) : (tensor<5xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<5xf32>
    return %y : tensor<5xf32>
  }
  // CHECK-LABEL: func.func @expand
  func.func @expand(%x: tensor<?x1xf32> {onnx.name = "x", mlopt.dims = ["n", 1]}) -> tensor<2x?x6xf32> {
    // CHECK: mlopt.broadcast %arg0, %{{.*}} {static_sizes = array<i64: 2, -9223372036854775808, 6>}
    %t = "onnx.Constant"() {value = dense<[2, 1, 6]> : tensor<3xi64>} : () -> tensor<3xi64>
    %y = "onnx.Expand"(%x, %t) : (tensor<?x1xf32>, tensor<3xi64>) -> tensor<2x?x6xf32>
    return %y : tensor<2x?x6xf32>
  }
  // The last part is smaller.
  // CHECK-LABEL: func.func @split
  func.func @split(%x: tensor<7xf32>) -> (tensor<3xf32>, tensor<1xf32>) {
    // CHECK: mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 3>, static_starts = array<i64: 0>
    // CHECK: mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 1>, static_starts = array<i64: 6>
    %a, %b, %c = "onnx.Split"(%x) {num_outputs = 3 : i64} : (tensor<7xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<1xf32>)
    return %a, %c : tensor<3xf32>, tensor<1xf32>
  }
}
