// RUN: not mlopt-opt %s --convert-onnx-to-mlopt 2>&1 | FileCheck %s --implicit-check-not=error:
module attributes {onnx.opset = {ai.onnx = 25 : i64, com.microsoft = 1 : i64}} {
  func.func @scales(%x: tensor<4x3xf32>, %q: tensor<4x3xui8>, %s: tensor<2xf32>, %s1: tensor<3xf32>, %s2: tensor<2x3xf32>, %one: tensor<f32>, %z: tensor<i8>, %z1: tensor<4xui8>) {
    // CHECK: error: MLO1201: invalid ONNX operator 'QuantizeLinear' (domain 'ai.onnx', opset 25): the scale has 2 elements, axis 1 of the operand has 3; expected one scale, or one per index of the axis
    %0 = "onnx.QuantizeLinear"(%x, %s) : (tensor<4x3xf32>, tensor<2xf32>) -> tensor<4x3xui8>
    // CHECK: error: MLO1201: {{.*}}: the scale has rank 2, expected one number, one per index of an axis, or the attribute block_size
    %1 = "onnx.QuantizeLinear"(%x, %s2) : (tensor<4x3xf32>, tensor<2x3xf32>) -> tensor<4x3xui8>
    // CHECK: error: MLO1201: {{.*}}: the scale has shape [2, 3]; blocks of 3 along axis 1 of an operand of shape [4, 3] need [4, 1]
    %2 = "onnx.DequantizeLinear"(%q, %s2) {block_size = 3 : i64} : (tensor<4x3xui8>, tensor<2x3xf32>) -> tensor<4x3xf32>
    // CHECK: error: MLO1201: {{.*}}: the zero point has the element type i8, the operand ui8; expected the same type
    %3 = "onnx.DequantizeLinear"(%q, %one, %z) : (tensor<4x3xui8>, tensor<f32>, tensor<i8>) -> tensor<4x3xf32>
    // CHECK: error: MLO1201: {{.*}}: the zero point has shape [4], the scale [3]; expected the same shape
    %4 = "onnx.DequantizeLinear"(%q, %s1, %z1) : (tensor<4x3xui8>, tensor<3xf32>, tensor<4xui8>) -> tensor<4x3xf32>
    // CHECK: error: MLO1201: {{.*}}: output_dtype names the type ui8, the zero point has i8; expected the same type
    %5 = "onnx.QuantizeLinear"(%x, %one, %z) {output_dtype = 2 : i64} : (tensor<4x3xf32>, tensor<f32>, tensor<i8>) -> tensor<4x3xi8>
    // CHECK: error: MLO2002: unsupported ONNX operator 'QuantizeLinear' {{.*}}: quantization to data type 17; mlopt quantizes to integers of 2, 4, 8 and 16 bits
    %6 = "onnx.QuantizeLinear"(%x, %one) {output_dtype = 17 : i64} : (tensor<4x3xf32>, tensor<f32>) -> tensor<4x3xf32>
    // CHECK: error: MLO1201: {{.*}}: block_size is -1, expected a positive number, or 0 for none
    %7 = "onnx.QuantizeLinear"(%x, %s2) {block_size = -1 : i64} : (tensor<4x3xf32>, tensor<2x3xf32>) -> tensor<4x3xui8>
    // CHECK: error: MLO1201: {{.*}}: axis 2 is outside [-2, 2)
    %8 = "onnx.QuantizeLinear"(%x, %s1) {axis = 2 : i64} : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xui8>
    return
  }
  func.func @float8(%x: tensor<4x3xf32>, %s: tensor<f32>) {
    %z = "onnx.Constant"() {onnx.unsupported = ["MLO2002: the element type float8e4m3fn is not supported"]} : () -> !onnx<"tensor<float8e4m3fn>">
    // CHECK: error: MLO2002: unsupported ONNX operator 'Constant' {{.*}}the element type float8e4m3fn is not supported
    %0 = "onnx.QuantizeLinear"(%x, %s, %z) : (tensor<4x3xf32>, tensor<f32>, !onnx<"tensor<float8e4m3fn>">) -> tensor<4x3xf32>
    return
  }
  func.func @products(%a: tensor<2x3xui8>, %b: tensor<3x4xi8>, %za: tensor<3xui8>, %zb: tensor<4xui8>, %f: tensor<2x3xf32>, %x: tensor<1x2x5x5xui8>, %w: tensor<3x2x3x3xi8>, %zx: tensor<2xui8>, %s: tensor<f32>, %z: tensor<ui8>, %sw: tensor<2xf32>, %zw: tensor<i8>, %bias: tensor<3xf32>) {
    // CHECK: error: MLO1201: invalid ONNX operator 'MatMulInteger' {{.*}}: the zero point of the left operand has shape [3], expected one number or 2 (one per row)
    %0 = "onnx.MatMulInteger"(%a, %b, %za) : (tensor<2x3xui8>, tensor<3x4xi8>, tensor<3xui8>) -> tensor<2x4xi32>
    // CHECK: error: MLO1201: {{.*}}: the zero point has the element type ui8, the right operand i8; expected the same type
    %none = "onnx.NoValue"() : () -> none
    %1 = "onnx.MatMulInteger"(%a, %b, %none, %zb) : (tensor<2x3xui8>, tensor<3x4xi8>, none, tensor<4xui8>) -> tensor<2x4xi32>
    // CHECK: error: MLO2002: {{.*}}: operand 0 has the element type f32, expected int8 or uint8
    %2 = "onnx.MatMulInteger"(%f, %b) : (tensor<2x3xf32>, tensor<3x4xi8>) -> tensor<2x4xi32>
    // CHECK: error: MLO1201: invalid ONNX operator 'ConvInteger' {{.*}}: the zero point of the input has shape [2], expected one number
    %3 = "onnx.ConvInteger"(%x, %w, %zx) : (tensor<1x2x5x5xui8>, tensor<3x2x3x3xi8>, tensor<2xui8>) -> tensor<1x3x3x3xi32>
    // CHECK: error: MLO1201: invalid ONNX operator 'QLinearConv' {{.*}}: the scale of the filter has shape [2], expected one number or 3 (one per output channel)
    %4 = "onnx.QLinearConv"(%x, %s, %z, %w, %sw, %zw, %s, %z) : (tensor<1x2x5x5xui8>, tensor<f32>, tensor<ui8>, tensor<3x2x3x3xi8>, tensor<2xf32>, tensor<i8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x3x3xui8>
    // CHECK: error: MLO1201: {{.*}}: the bias has the element type f32, expected int32
    %5 = "onnx.QLinearConv"(%x, %s, %z, %w, %s, %zw, %s, %z, %bias) : (tensor<1x2x5x5xui8>, tensor<f32>, tensor<ui8>, tensor<3x2x3x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>, tensor<3xf32>) -> tensor<1x3x3x3xui8>
    return
  }
  func.func @packed(%x: tensor<5x32xf32>, %w: tensor<2x2x8xui8>, %s: tensor<4xf32>, %order: tensor<32xi32>) {
    %none = "onnx.NoValue"() : () -> none
    %c = "onnx.Constant"() {value = dense<152> : tensor<2x2x8xui8>} : () -> tensor<2x2x8xui8>
    // CHECK: error: MLO2005: unsupported ONNX operator 'MatMulNBits' (domain 'com.microsoft', opset 1): the weights are no constant; make them an initializer of the model
    %0 = "onnx.com.microsoft.MatMulNBits"(%x, %w, %s) {K = 32 : i64, N = 2 : i64, block_size = 16 : i64} : (tensor<5x32xf32>, tensor<2x2x8xui8>, tensor<4xf32>) -> tensor<5x2xf32>
    // CHECK: error: MLO2005: {{.*}}: g_idx (weights whose columns are in another order); export the model without it
    %1 = "onnx.com.microsoft.MatMulNBits"(%x, %c, %s, %none, %order) {K = 32 : i64, N = 2 : i64, block_size = 16 : i64} : (tensor<5x32xf32>, tensor<2x2x8xui8>, tensor<4xf32>, none, tensor<32xi32>) -> tensor<5x2xf32>
    // CHECK: error: MLO1201: {{.*}}: the weights have type tensor<2x2x8xui8>; K, N, bits and block_size ask for 64 bytes
    %2 = "onnx.com.microsoft.MatMulNBits"(%x, %c, %s) {K = 32 : i64, N = 2 : i64, bits = 8 : i64, block_size = 16 : i64} : (tensor<5x32xf32>, tensor<2x2x8xui8>, tensor<4xf32>) -> tensor<5x2xf32>
    // CHECK: error: MLO1201: {{.*}}: the scales have type tensor<4xf32>, expected floats of shape [2, 1]
    %3 = "onnx.com.microsoft.MatMulNBits"(%x, %c, %s) {K = 32 : i64, N = 2 : i64, block_size = 32 : i64} : (tensor<5x32xf32>, tensor<2x2x8xui8>, tensor<4xf32>) -> tensor<5x2xf32>
    // CHECK: error: MLO2005: {{.*}}: weights of 3 bits; supported are 2, 4 and 8
    %4 = "onnx.com.microsoft.MatMulNBits"(%x, %c, %s) {K = 32 : i64, N = 2 : i64, bits = 3 : i64, block_size = 16 : i64} : (tensor<5x32xf32>, tensor<2x2x8xui8>, tensor<4xf32>) -> tensor<5x2xf32>
    return
  }
}
