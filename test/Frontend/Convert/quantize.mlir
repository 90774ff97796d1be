// Scales and zero points are operands from import on: one form per operator.
// RUN: mlopt-opt %s --convert-onnx-to-mlopt | FileCheck %s
module attributes {onnx.opset = {ai.onnx = 25 : i64, com.microsoft = 1 : i64}} {
  // A scale of one element is a scalar; without a zero point there is none.
  // CHECK-LABEL: func.func @per_tensor
  func.func @per_tensor(%x: tensor<2x3xf32>, %s: tensor<1xf32>, %z: tensor<1xi8>) -> (tensor<2x3xi8>, tensor<2x3xui8>) {
    // CHECK-NEXT: %[[S:.*]] = mlopt.reshape %arg1 {{.*}} -> tensor<f32>
    // CHECK-NEXT: %[[Z:.*]] = mlopt.reshape %arg2 {{.*}} -> tensor<i8>
    // CHECK-NEXT: mlopt.quantize %arg0, %[[S]], %[[Z]] {to = i8} : (tensor<2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<2x3xi8>
    %0 = "onnx.QuantizeLinear"(%x, %s, %z) : (tensor<2x3xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<2x3xi8>
    // CHECK: %[[NONE:.*]] = mlopt.none
    // CHECK-NEXT: mlopt.quantize %arg0, %{{.*}}, %[[NONE]] {to = ui8} : (tensor<2x3xf32>, tensor<f32>, none) -> tensor<2x3xui8>
    %1 = "onnx.QuantizeLinear"(%x, %s) : (tensor<2x3xf32>, tensor<1xf32>) -> tensor<2x3xui8>
    return %0, %1 : tensor<2x3xi8>, tensor<2x3xui8>
  }
  // CHECK-LABEL: func.func @per_channel
  func.func @per_channel(%x: tensor<2x3x4x4xf32>, %s: tensor<3xf32>, %z: tensor<3xui16>) -> tensor<2x3x4x4xf32> {
    // CHECK: %[[Q:.*]] = mlopt.quantize %arg0, %{{.*}}, %{{.*}} {to = ui16} : (tensor<2x3x4x4xf32>, tensor<1x3x1x1xf32>, tensor<1x3x1x1xui16>) -> tensor<2x3x4x4xui16>
    %0 = "onnx.QuantizeLinear"(%x, %s, %z) : (tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xui16>) -> tensor<2x3x4x4xui16>
    // CHECK: mlopt.dequantize %[[Q]], %{{.*}}, %{{.*}} : (tensor<2x3x4x4xui16>, tensor<1x3x1x1xf32>, tensor<1x3x1x1xui16>) -> tensor<2x3x4x4xf32>
    %1 = "onnx.DequantizeLinear"(%0, %s, %z) {axis = -3 : i64} : (tensor<2x3x4x4xui16>, tensor<3xf32>, tensor<3xui16>) -> tensor<2x3x4x4xf32>
    return %1 : tensor<2x3x4x4xf32>
  }
  // Blocks: an operation of their own to dequantize; to quantize, views repeat the scale.
  // CHECK-LABEL: func.func @blocked
  func.func @blocked(%x: tensor<10x3xf32>, %s: tensor<3x3xf32>, %z: tensor<3x3xui4>) -> tensor<10x3xf32> {
    // CHECK: %[[WIDE:.*]] = mlopt.broadcast %{{.*}} : (tensor<3x1x3xf32>) -> tensor<3x4x3xf32>
    // CHECK: %[[FLAT:.*]] = mlopt.reshape %[[WIDE]] {{.*}} -> tensor<12x3xf32>
    // CHECK: %[[S:.*]] = mlopt.slice %[[FLAT]] {{.*}} -> tensor<10x3xf32>
    // CHECK: %[[Q:.*]] = mlopt.quantize %arg0, %[[S]], %{{.*}} {to = ui4} : (tensor<10x3xf32>, tensor<10x3xf32>, tensor<10x3xui4>) -> tensor<10x3xui4>
    %0 = "onnx.QuantizeLinear"(%x, %s, %z) {axis = 0 : i64, block_size = 4 : i64} : (tensor<10x3xf32>, tensor<3x3xf32>, tensor<3x3xui4>) -> tensor<10x3xui4>
    // CHECK: mlopt.dequantize_blocked %[[Q]], %arg1, %arg2 {axis = 0 : i64, block = 4 : i64} : (tensor<10x3xui4>, tensor<3x3xf32>, tensor<3x3xui4>) -> tensor<10x3xf32>
    %1 = "onnx.DequantizeLinear"(%0, %s, %z) {axis = 0 : i64, block_size = 4 : i64} : (tensor<10x3xui4>, tensor<3x3xf32>, tensor<3x3xui4>) -> tensor<10x3xf32>
    return %1 : tensor<10x3xf32>
  }
  // Small weights stay integers too.
  // CHECK-LABEL: func.func @weights
  func.func @weights() -> tensor<2xf32> {
    %q = "onnx.Constant"() {value = dense<[1, 2]> : tensor<2xi8>} : () -> tensor<2xi8>
    %s = "onnx.Constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
    // CHECK: mlopt.dequantize
    %0 = "onnx.DequantizeLinear"(%q, %s) : (tensor<2xi8>, tensor<f32>) -> tensor<2xf32>
    return %0 : tensor<2xf32>
  }
  // output_dtype names the result where there is no zero point, precision the type of the quotient.
  // CHECK-LABEL: func.func @types
  func.func @types(%x: tensor<4xf16>, %i: tensor<4xi32>, %s: tensor<f16>) -> (tensor<4xi2>, tensor<4xi4>, tensor<4xf32>) {
    // CHECK: %[[X:.*]] = mlopt.cast %arg0 {to = f32}
    // CHECK: %[[S:.*]] = mlopt.cast %arg2 {to = f32}
    // CHECK: mlopt.quantize %[[X]], %[[S]], %{{.*}} {to = i2} : (tensor<4xf32>, tensor<f32>, none) -> tensor<4xi2>
    %0 = "onnx.QuantizeLinear"(%x, %s) {output_dtype = 26 : i64, precision = 1 : i64} : (tensor<4xf16>, tensor<f16>) -> tensor<4xi2>
    // CHECK: %[[I:.*]] = mlopt.cast %arg1 {to = f16}
    // CHECK: mlopt.quantize %[[I]], %arg2, %{{.*}} {to = i4} : (tensor<4xf16>, tensor<f16>, none) -> tensor<4xi4>
    %1 = "onnx.QuantizeLinear"(%i, %s) {output_dtype = 22 : i64} : (tensor<4xi32>, tensor<f16>) -> tensor<4xi4>
    // The product is rounded once.
    // CHECK: %[[WIDE:.*]] = mlopt.cast %arg2 {to = f32}
    // CHECK: mlopt.dequantize %arg1, %[[WIDE]], %{{.*}} : (tensor<4xi32>, tensor<f32>, none) -> tensor<4xf32>
    %2 = "onnx.DequantizeLinear"(%i, %s) {output_dtype = 1 : i64} : (tensor<4xi32>, tensor<f16>) -> tensor<4xf32>
    return %0, %1, %2 : tensor<4xi2>, tensor<4xi4>, tensor<4xf32>
  }
  // CHECK-LABEL: func.func @dynamic
  func.func @dynamic(%x: tensor<2x3xf32>) -> (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) {
    // CHECK-DAG: mlopt.reduce %arg0 {{.*}}max
    // CHECK-DAG: mlopt.reduce %arg0 {{.*}}min
    // CHECK: %[[Z:.*]] = mlopt.quantize %{{.*}}, %[[S:.*]], %{{.*}} {to = ui8} : (tensor<f32>, tensor<f32>, none) -> tensor<ui8>
    // CHECK: mlopt.quantize %arg0, %[[S]], %[[Z]] {to = ui8} : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
    %0:3 = "onnx.DynamicQuantizeLinear"(%x) : (tensor<2x3xf32>) -> (tensor<2x3xui8>, tensor<f32>, tensor<ui8>)
    return %0#0, %0#1, %0#2 : tensor<2x3xui8>, tensor<f32>, tensor<ui8>
  }
  // Zero points of rank 1 belong to the rows of the left operand and the columns of the right one.
  // CHECK-LABEL: func.func @matmul
  func.func @matmul(%a: tensor<2x3xui8>, %b: tensor<3x4xi8>, %za: tensor<2xui8>, %zb: tensor<4xi8>) -> (tensor<2x4xi32>, tensor<2x4xi32>) {
    // CHECK: %[[ZA:.*]] = mlopt.reshape %arg2 {{.*}} -> tensor<2x1xui8>
    // CHECK-NEXT: mlopt.integer_matmul %arg0, %arg1, %[[ZA]], %arg3 : (tensor<2x3xui8>, tensor<3x4xi8>, tensor<2x1xui8>, tensor<4xi8>) -> tensor<2x4xi32>
    %0 = "onnx.MatMulInteger"(%a, %b, %za, %zb) : (tensor<2x3xui8>, tensor<3x4xi8>, tensor<2xui8>, tensor<4xi8>) -> tensor<2x4xi32>
    // CHECK: mlopt.integer_matmul %arg0, %arg1, %{{.*}}, %{{.*}} : (tensor<2x3xui8>, tensor<3x4xi8>, none, none) -> tensor<2x4xi32>
    %1 = "onnx.MatMulInteger"(%a, %b) : (tensor<2x3xui8>, tensor<3x4xi8>) -> tensor<2x4xi32>
    return %0, %1 : tensor<2x4xi32>, tensor<2x4xi32>
  }
  // CHECK-LABEL: func.func @conv
  func.func @conv(%x: tensor<1x2x5x5xui8>, %w: tensor<3x2x3x3xi8>, %zx: tensor<ui8>, %zw: tensor<3xi8>) -> tensor<1x3x5x5xi32> {
    // CHECK: mlopt.integer_conv %arg0, %arg1, %arg2, %arg3 {dilations = array<i64: 1, 1>, groups = 1 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 1, 1>}
    // CHECK-NOT: raw
    %0 = "onnx.ConvInteger"(%x, %w, %zx, %zw) {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x2x5x5xui8>, tensor<3x2x3x3xi8>, tensor<ui8>, tensor<3xi8>) -> tensor<1x3x5x5xi32>
    return %0 : tensor<1x3x5x5xi32>
  }
  // The bias joins the sum in i32; one multiplier per output channel.
  // CHECK-LABEL: func.func @qlinear_conv
  func.func @qlinear_conv(%x: tensor<1x2x5x5xui8>, %s: tensor<f32>, %z: tensor<ui8>, %w: tensor<3x2x3x3xi8>, %sw: tensor<3xf32>, %zw: tensor<3xi8>, %b: tensor<3xi32>) -> tensor<1x3x3x3xui8> {
    // CHECK: %[[SUM:.*]] = mlopt.integer_conv %arg0, %arg3, %arg2, %arg5
    // CHECK: %[[B:.*]] = mlopt.reshape %arg6 {{.*}} -> tensor<3x1x1xi32>
    // CHECK: %[[ACC:.*]] = mlopt.add %[[SUM]], %[[B]]
    // CHECK-DAG: %[[S:.*]] = mlopt.mul %arg1, %arg4 : (tensor<f32>, tensor<3xf32>)
    // CHECK-DAG: %[[OVER:.*]] = mlopt.reshape %[[S]] {{.*}} -> tensor<3x1x1xf32>
    // CHECK-DAG: %[[F:.*]] = mlopt.cast %[[ACC]] {to = f32}
    // CHECK: %[[Y:.*]] = mlopt.mul %[[F]], %[[OVER]]
    // CHECK: mlopt.quantize %[[Y]], %arg1, %arg2 {to = ui8}
    %0 = "onnx.QLinearConv"(%x, %s, %z, %w, %sw, %zw, %s, %z, %b) : (tensor<1x2x5x5xui8>, tensor<f32>, tensor<ui8>, tensor<3x2x3x3xi8>, tensor<3xf32>, tensor<3xi8>, tensor<f32>, tensor<ui8>, tensor<3xi32>) -> tensor<1x3x3x3xui8>
    return %0 : tensor<1x3x3x3xui8>
  }
  // CHECK-LABEL: func.func @qlinear_matmul
  func.func @qlinear_matmul(%a: tensor<2x3xui8>, %s: tensor<f32>, %z: tensor<ui8>, %b: tensor<3x4xi8>, %sb: tensor<4xf32>, %zb: tensor<4xi8>) -> tensor<2x4xui8> {
    // CHECK: %[[SUM:.*]] = mlopt.integer_matmul %arg0, %arg3, %arg2, %arg5
    // CHECK-DAG: %[[F:.*]] = mlopt.cast %[[SUM]] {to = f32}
    // CHECK-DAG: %[[S:.*]] = mlopt.mul %arg1, %arg4
    // CHECK: %[[Y:.*]] = mlopt.mul %[[F]], %[[S]]
    // CHECK: mlopt.quantize %[[Y]], %arg1, %arg2 {to = ui8}
    %0 = "onnx.QLinearMatMul"(%a, %s, %z, %b, %sb, %zb, %s, %z) : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>, tensor<3x4xi8>, tensor<4xf32>, tensor<4xi8>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
    return %0 : tensor<2x4xui8>
  }
}
