// RUN: mlopt-eval %s | FileCheck %s
//
// Numbers computed by hand: halves to even, saturation, NaN, zero points, scales
// per tensor and per channel, sums modulo 2^32.

func.func @quantize_ui8() -> tensor<10xui8> {
  // 0.5 and 1.5 and 2.5 are halves; the last two lie outside.
  %x = mlopt.constant dense<[-3.0, -0.25, 0.0, 0.25, 0.75, 1.25, 1.0, 100.0, 0x7FC00000, 0xFF800000]> : tensor<10xf32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %r = mlopt.quantize %x, %s, %z {to = ui8} : (tensor<10xf32>, tensor<f32>, tensor<ui8>) -> tensor<10xui8>
  return %r : tensor<10xui8>
}
// CHECK: quantize_ui8 exact 0: tensor<10xui8> = [0, 3, 3, 3, 5, 5, 5, 203, 0, 0]
// CHECK: quantize_ui8 typed 0: tensor<10xui8> = [0, 3, 3, 3, 5, 5, 5, 203, 0, 0]

func.func @quantize_i8_channels() -> tensor<2x3xi8> {
  %x = mlopt.constant dense<[[1.0, -2.5, 200.0], [1.0, -2.5, 200.0]]> : tensor<2x3xf32>
  %s = mlopt.constant dense<[[1.0], [0.25]]> : tensor<2x1xf32>
  %z = mlopt.constant dense<[[0], [-7]]> : tensor<2x1xi8>
  %r = mlopt.quantize %x, %s, %z {to = i8} : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x1xi8>) -> tensor<2x3xi8>
  return %r : tensor<2x3xi8>
}
// CHECK: quantize_i8_channels exact 0: tensor<2x3xi8> = [1, -2, 127, -3, -17, 127]

func.func @quantize_saturates() -> (tensor<3xi8>, tensor<3xui16>, tensor<3xi16>, tensor<3xi4>, tensor<3xui4>, tensor<3xi2>, tensor<3xui2>) {
  %x = mlopt.constant dense<[-1.0e30, 1.0e30, 0x7FC00000]> : tensor<3xf32>
  %s = mlopt.constant dense<1.0> : tensor<f32>
  %n = mlopt.none : none
  %0 = mlopt.quantize %x, %s, %n {to = i8} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xi8>
  %1 = mlopt.quantize %x, %s, %n {to = ui16} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xui16>
  %2 = mlopt.quantize %x, %s, %n {to = i16} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xi16>
  %3 = mlopt.quantize %x, %s, %n {to = i4} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xi4>
  %4 = mlopt.quantize %x, %s, %n {to = ui4} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xui4>
  %5 = mlopt.quantize %x, %s, %n {to = i2} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xi2>
  %6 = mlopt.quantize %x, %s, %n {to = ui2} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xui2>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<3xi8>, tensor<3xui16>, tensor<3xi16>, tensor<3xi4>, tensor<3xui4>, tensor<3xi2>, tensor<3xui2>
}
// CHECK: quantize_saturates exact 0: tensor<3xi8> = [-128, 127, -128]
// CHECK: quantize_saturates exact 1: tensor<3xui16> = [0, 65535, 0]
// CHECK: quantize_saturates exact 2: tensor<3xi16> = [-32768, 32767, -32768]
// CHECK: quantize_saturates exact 3: tensor<3xi4> = [-8, 7, -8]
// CHECK: quantize_saturates exact 4: tensor<3xui4> = [0, 15, 0]
// CHECK: quantize_saturates exact 5: tensor<3xi2> = [-2, 1, -2]
// CHECK: quantize_saturates exact 6: tensor<3xui2> = [0, 3, 0]

func.func @quantize_quotient_in_f32() -> tensor<1xi8> {
  // 2.5000000001 / 1 is a half in f32 only: exact arithmetic rounds up.
  %x = mlopt.constant dense<2.5000000001> : tensor<1xf64>
  %s = mlopt.constant dense<1.0> : tensor<f32>
  %n = mlopt.none : none
  %r = mlopt.quantize %x, %s, %n {to = i8} : (tensor<1xf64>, tensor<f32>, none) -> tensor<1xi8>
  return %r : tensor<1xi8>
}
// CHECK: quantize_quotient_in_f32 exact 0: tensor<1xi8> = [3]
// CHECK: quantize_quotient_in_f32 typed 0: tensor<1xi8> = [2]

func.func @dequantize_ui8() -> tensor<4xf32> {
  %x = mlopt.constant dense<[0, 3, 128, 255]> : tensor<4xui8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<128> : tensor<ui8>
  %r = mlopt.dequantize %x, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: dequantize_ui8 exact 0: tensor<4xf32> = [-64, -62.5, 0, 63.5]

func.func @dequantize_channels() -> tensor<2x2xf16> {
  %x = mlopt.constant dense<[[-8, 7], [1, 3]]> : tensor<2x2xi4>
  %s = mlopt.constant dense<[2.0, 0.25]> : tensor<2xf16>
  %z = mlopt.constant dense<[1, -2]> : tensor<2xi4>
  %r = mlopt.dequantize %x, %s, %z : (tensor<2x2xi4>, tensor<2xf16>, tensor<2xi4>) -> tensor<2x2xf16>
  return %r : tensor<2x2xf16>
}
// CHECK: dequantize_channels exact 0: tensor<2x2xf16> = [-18, 2.25, 0, 1.25]
// CHECK: dequantize_channels typed 0: tensor<2x2xf16> = [-18, 2.25, 0, 1.25]

func.func @dequantize_i32() -> tensor<2xf64> {
  %x = mlopt.constant dense<[2147483647, -2147483648]> : tensor<2xi32>
  %s = mlopt.constant dense<1.0> : tensor<f64>
  %z = mlopt.constant dense<-1> : tensor<i32>
  %r = mlopt.dequantize %x, %s, %z : (tensor<2xi32>, tensor<f64>, tensor<i32>) -> tensor<2xf64>
  return %r : tensor<2xf64>
}
// CHECK: dequantize_i32 exact 0: tensor<2xf64> = [2147483648, -2147483647]

func.func @dequantize_blocked() -> tensor<3x2xf32> {
  // Blocks of two along axis 0; the last one is shorter.
  %x = mlopt.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8>
  %s = mlopt.constant dense<[[1.0, 10.0], [0.5, 2.0]]> : tensor<2x2xf32>
  %z = mlopt.constant dense<[[0, 1], [-1, 6]]> : tensor<2x2xi8>
  %r = mlopt.dequantize_blocked %x, %s, %z {axis = 0 : i64, block = 2 : i64} : (tensor<3x2xi8>, tensor<2x2xf32>, tensor<2x2xi8>) -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}
// CHECK: dequantize_blocked exact 0: tensor<3x2xf32> = [1, 10, 3, 30, 3, 0]

func.func @integer_matmul() -> tensor<2x2xi32> {
  %a = mlopt.constant dense<[[255, 1, 2], [0, 10, 20]]> : tensor<2x3xui8>
  %b = mlopt.constant dense<[[1, -128], [2, 127], [-3, 0]]> : tensor<3x2xi8>
  %za = mlopt.constant dense<[[5], [10]]> : tensor<2x1xui8>
  %zb = mlopt.constant dense<[1, -1]> : tensor<2xi8>
  %r = mlopt.integer_matmul %a, %b, %za, %zb : (tensor<2x3xui8>, tensor<3x2xi8>, tensor<2x1xui8>, tensor<2xi8>) -> tensor<2x2xi32>
  return %r : tensor<2x2xi32>
}
// a - za = [250, -4, -3], [-10, 0, 10]; b - zb = [0, -127], [1, 128], [-4, 1]
// CHECK: integer_matmul exact 0: tensor<2x2xi32> = [8, -32265, -40, 1280]

func.func @integer_matmul_transposed() -> tensor<2x1x1xi32> {
  %a = mlopt.constant dense<[[[1, 2]], [[3, 4]]]> : tensor<2x1x2xi8>
  %b = mlopt.constant dense<[[10, 20]]> : tensor<1x2xui8>
  %n = mlopt.none : none
  %zb = mlopt.constant dense<10> : tensor<ui8>
  %r = mlopt.integer_matmul %a, %b, %n, %zb {transpose_b = true} : (tensor<2x1x2xi8>, tensor<1x2xui8>, none, tensor<ui8>) -> tensor<2x1x1xi32>
  return %r : tensor<2x1x1xi32>
}
// CHECK: integer_matmul_transposed exact 0: tensor<2x1x1xi32> = [20, 40]

func.func @integer_matmul_wraps() -> tensor<1x1xi32> {
  // 255 * 255 * 33026 = 2147515650 is 2^31 + 32002.
  %a = mlopt.constant dense<255> : tensor<1x33026xui8>
  %b = mlopt.constant dense<255> : tensor<33026x1xui8>
  %n = mlopt.none : none
  %r = mlopt.integer_matmul %a, %b, %n, %n : (tensor<1x33026xui8>, tensor<33026x1xui8>, none, none) -> tensor<1x1xi32>
  return %r : tensor<1x1xi32>
}
// CHECK: integer_matmul_wraps exact 0: tensor<1x1xi32> = [-2147451646]

func.func @integer_conv() -> (tensor<1x2x1x3xi32>, tensor<1x2x1x3xi32>) {
  %x = mlopt.constant dense<[[[[7, 8, 9]]]]> : tensor<1x1x1x3xui8>
  %w = mlopt.constant dense<[[[[1, 2, 3]]], [[[-1, 0, 5]]]]> : tensor<2x1x1x3xi8>
  %zx = mlopt.constant dense<5> : tensor<ui8>
  %zw = mlopt.constant dense<[1, -1]> : tensor<2xi8>
  %n = mlopt.none : none
  // x - zx = [2, 3, 4]; w - zw = [0, 1, 2], [0, 1, 6]; padding is 0.
  %r = mlopt.integer_conv %x, %w, %zx, %zw {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x1x3xui8>, tensor<2x1x1x3xi8>, tensor<ui8>, tensor<2xi8>) -> tensor<1x2x1x3xi32>
  // Without the subtraction padding counts as 5.
  %s = mlopt.integer_conv %x, %w, %zx, %n {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, raw} : (tensor<1x1x1x3xui8>, tensor<2x1x1x3xi8>, tensor<ui8>, none) -> tensor<1x2x1x3xi32>
  return %r, %s : tensor<1x2x1x3xi32>, tensor<1x2x1x3xi32>
}
// CHECK: integer_conv exact 0: tensor<1x2x1x3xi32> = [8, 11, 4, 20, 27, 4]
// CHECK: integer_conv exact 1: tensor<1x2x1x3xi32> = [43, 50, 41, 35, 38, 17]

func.func @integer_conv_groups() -> tensor<1x2x2xi32> {
  %x = mlopt.constant dense<[[[1, 2, 3], [10, 20, 30]]]> : tensor<1x2x3xi8>
  %w = mlopt.constant dense<[[[1, 2]], [[3, -4]]]> : tensor<2x1x2xi8>
  %n = mlopt.none : none
  %r = mlopt.integer_conv %x, %w, %n, %n {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64} : (tensor<1x2x3xi8>, tensor<2x1x2xi8>, none, none) -> tensor<1x2x2xi32>
  return %r : tensor<1x2x2xi32>
}
// CHECK: integer_conv_groups exact 0: tensor<1x2x2xi32> = [5, 8, -50, -60]

func.func @dequantized_matmul() -> tensor<1x2xf32> {
  %x = mlopt.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %w = mlopt.constant dense<[[0, 15], [8, 9], [1, 7]]> : tensor<3x2xui4>
  %s = mlopt.constant dense<[[0.5, 1.0], [2.0, 0.25]]> : tensor<2x2xf32>
  %z = mlopt.constant dense<[[8, 8], [0, 3]]> : tensor<2x2xui4>
  %r = mlopt.dequantized_matmul %x, %w, %s, %z {block = 2 : i64} : (tensor<1x3xf32>, tensor<3x2xui4>, tensor<2x2xf32>, tensor<2x2xui4>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
// weights: [-4, 7], [0, 1], [2, 1]
// CHECK: dequantized_matmul exact 0: tensor<1x2xf32> = [2, 12]

func.func @dequantized_matmul_transposed() -> tensor<1x2xf32> {
  %x = mlopt.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %w = mlopt.constant dense<[[-8, 0, -7], [7, 1, -1]]> : tensor<2x3xi4>
  %s = mlopt.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %n = mlopt.none : none
  %r = mlopt.dequantized_matmul %x, %w, %s, %n {block = 3 : i64, transpose_b = true} : (tensor<1x3xf32>, tensor<2x3xi4>, tensor<2x1xf32>, none) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
// CHECK: dequantized_matmul_transposed exact 0: tensor<1x2xf32> = [-14.5, 1.5]

func.func @cast_small() -> (tensor<6xi4>, tensor<6xui4>, tensor<6xi2>, tensor<6xui2>, tensor<6xf32>) {
  // What the type does not hold wraps, as ONNX's Cast has it.
  %x = mlopt.constant dense<[-9.5, -8.0, -1.9, 7.9, 8.0, 0x7FC00000]> : tensor<6xf32>
  %0 = mlopt.cast %x {to = i4} : (tensor<6xf32>) -> tensor<6xi4>
  %1 = mlopt.cast %x {to = ui4} : (tensor<6xf32>) -> tensor<6xui4>
  %2 = mlopt.cast %x {to = i2} : (tensor<6xf32>) -> tensor<6xi2>
  %3 = mlopt.cast %x {to = ui2} : (tensor<6xf32>) -> tensor<6xui2>
  %4 = mlopt.cast %0 {to = f32} : (tensor<6xi4>) -> tensor<6xf32>
  return %0, %1, %2, %3, %4 : tensor<6xi4>, tensor<6xui4>, tensor<6xi2>, tensor<6xui2>, tensor<6xf32>
}
// CHECK: cast_small exact 0: tensor<6xi4> = [7, -8, -1, 7, -8, 0]
// CHECK: cast_small exact 1: tensor<6xui4> = [7, 8, 15, 7, 8, 0]
// CHECK: cast_small exact 2: tensor<6xi2> = [-1, 0, -1, -1, 0, 0]
// CHECK: cast_small exact 3: tensor<6xui2> = [3, 0, 3, 3, 0, 0]
// CHECK: cast_small exact 4: tensor<6xf32> = [7, -8, -1, 7, -8, 0]

func.func @empty() -> (tensor<0xui8>, tensor<0xf32>, tensor<2x2xi32>) {
  %x = mlopt.constant dense<> : tensor<0xf32>
  %s = mlopt.constant dense<1.0> : tensor<f32>
  %n = mlopt.none : none
  %0 = mlopt.quantize %x, %s, %n {to = ui8} : (tensor<0xf32>, tensor<f32>, none) -> tensor<0xui8>
  %1 = mlopt.dequantize %0, %s, %n : (tensor<0xui8>, tensor<f32>, none) -> tensor<0xf32>
  %a = mlopt.constant dense<> : tensor<2x0xui8>
  %b = mlopt.constant dense<> : tensor<0x2xi8>
  %2 = mlopt.integer_matmul %a, %b, %n, %n : (tensor<2x0xui8>, tensor<0x2xi8>, none, none) -> tensor<2x2xi32>
  return %0, %1, %2 : tensor<0xui8>, tensor<0xf32>, tensor<2x2xi32>
}
// CHECK: empty exact 0: tensor<0xui8> = []
// CHECK: empty exact 1: tensor<0xf32> = []
// CHECK: empty exact 2: tensor<2x2xi32> = [0, 0, 0, 0]
