// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1,m=1 --size n=0,m=1 --size n=37,m=1 | FileCheck %s --implicit-check-not=FAILED
// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=70,m=70 | FileCheck %s --check-prefix=SAME --implicit-check-not=FAILED
//
// Storage integers where no emitter of their own takes them: the elementwise
// conversions of every type, scales that broadcast or may, layouts, and the
// definitions of the products.
// CHECK: {{^}}q_u8 x86-64-v2 n=1{{.*}}: generic
// CHECK: {{^}}dqb_rows x86-64-v4 n=37{{.*}}: generic
// SAME: {{^}}q_maybe x86-64-v2 n=70{{.*}}: generic

mlopt.kernel @q_u8(%x: tensor<3x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<f32> {mlopt.range = [0.1, 0.4]}, %z: tensor<ui8> {mlopt.range = [0, 256]}) -> tensor<3x?xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<3x?xui8>
  mlopt.yield %r : tensor<3x?xui8>
}
mlopt.kernel @q_i8_none(%x: tensor<3x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<f32> {mlopt.range = [0.1, 0.4]}) -> tensor<3x?xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [3, "n"]]} {
  %n = mlopt.none : none
  %r = mlopt.quantize %x, %s, %n {to = i8, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>, none) -> tensor<3x?xi8>
  mlopt.yield %r : tensor<3x?xi8>
}
mlopt.kernel @q_u16(%x: tensor<3x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<f32> {mlopt.range = [0.0005, 0.001]}, %z: tensor<ui16>) -> tensor<3x?xui16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = ui16, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>, tensor<ui16>) -> tensor<3x?xui16>
  mlopt.yield %r : tensor<3x?xui16>
}
mlopt.kernel @q_i4(%x: tensor<3x?xf32> {mlopt.range = [-4.0, 4.0]}, %s: tensor<f32> {mlopt.range = [0.1, 0.4]}, %z: tensor<i4>) -> tensor<3x?xi4> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = i4, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>, tensor<i4>) -> tensor<3x?xi4>
  mlopt.yield %r : tensor<3x?xi4>
}
mlopt.kernel @q_u2(%x: tensor<3x?xf32> {mlopt.range = [-1.0, 1.0]}, %s: tensor<f32> {mlopt.range = [0.1, 0.4]}, %z: tensor<ui2> {mlopt.range = [0, 4]}) -> tensor<3x?xui2> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = ui2, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>, tensor<ui2>) -> tensor<3x?xui2>
  mlopt.yield %r : tensor<3x?xui2>
}
mlopt.kernel @q_f16(%x: tensor<3x?xf16> {mlopt.range = [-40.0, 40.0]}, %s: tensor<f16> {mlopt.range = [0.1, 0.4]}, %z: tensor<i8>) -> tensor<3x?xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = i8, mlopt.hero_op} : (tensor<3x?xf16>, tensor<f16>, tensor<i8>) -> tensor<3x?xi8>
  mlopt.yield %r : tensor<3x?xi8>
}
mlopt.kernel @q_f64(%x: tensor<3x?xf64> {mlopt.range = [-40.0, 40.0]}, %s: tensor<f64> {mlopt.range = [0.1, 0.4]}, %z: tensor<i16>) -> tensor<3x?xi16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = i16, mlopt.hero_op} : (tensor<3x?xf64>, tensor<f64>, tensor<i16>) -> tensor<3x?xi16>
  mlopt.yield %r : tensor<3x?xi16>
}
mlopt.kernel @q_channels(%x: tensor<2x5x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<5x1xf32> {mlopt.range = [0.1, 0.4]}, %z: tensor<5x1xui8> {mlopt.range = [0, 256]}) -> tensor<2x5x?xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, 5, "n"], [5, 1], [5, 1], [2, 5, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<2x5x?xf32>, tensor<5x1xf32>, tensor<5x1xui8>) -> tensor<2x5x?xui8>
  mlopt.yield %r : tensor<2x5x?xui8>
}
mlopt.kernel @q_last(%x: tensor<2x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<?xf32> {mlopt.range = [0.1, 0.4]}, %z: tensor<?xi8> {mlopt.range = [-128, 128]}) -> tensor<2x?xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, "n"], ["n"], ["n"], [2, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = i8, mlopt.hero_op} : (tensor<2x?xf32>, tensor<?xf32>, tensor<?xi8>) -> tensor<2x?xi8>
  mlopt.yield %r : tensor<2x?xi8>
}
mlopt.kernel @q_maybe(%x: tensor<2x?xf32> {mlopt.range = [-40.0, 40.0]}, %s: tensor<?xf32> {mlopt.range = [0.1, 0.4]}, %z: tensor<?xi8> {mlopt.range = [-128, 128]}) -> tensor<2x?xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, "n"], ["m"], ["m"], [2, "n"]]} {
  %r = mlopt.quantize %x, %s, %z {to = i8, mlopt.hero_op} : (tensor<2x?xf32>, tensor<?xf32>, tensor<?xi8>) -> tensor<2x?xi8>
  mlopt.yield %r : tensor<2x?xi8>
}
mlopt.kernel @q_static(%x: tensor<7x33xf32>) -> tensor<7x33xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 33], [7, 33]]} {
  %s = mlopt.constant dense<0.0125> : tensor<f32>
  %z = mlopt.constant dense<131> : tensor<ui8>
  %r = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<7x33xf32>, tensor<f32>, tensor<ui8>) -> tensor<7x33xui8>
  mlopt.yield %r : tensor<7x33xui8>
}
mlopt.kernel @q_empty(%x: tensor<0x33xf32>) -> tensor<0x33xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[0, 33], [0, 33]]} {
  %s = mlopt.constant dense<0.0125> : tensor<f32>
  %n = mlopt.none : none
  %r = mlopt.quantize %x, %s, %n {to = ui8, mlopt.hero_op} : (tensor<0x33xf32>, tensor<f32>, none) -> tensor<0x33xui8>
  mlopt.yield %r : tensor<0x33xui8>
}
mlopt.kernel @requantize(%x: tensor<?x40xi32> {mlopt.range = [-40000, 40000]}, %b: tensor<40xi32>, %m: tensor<40xf32> {mlopt.range = [0.001, 0.01]}) -> tensor<?x40xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 40], [40], [40], ["n", 40]]} {
  %n = mlopt.none : none
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %z = mlopt.constant dense<7> : tensor<ui8>
  %0 = mlopt.add %x, %b : (tensor<?x40xi32>, tensor<40xi32>) -> tensor<?x40xi32>
  %1 = mlopt.cast %0 {to = f32} : (tensor<?x40xi32>) -> tensor<?x40xf32>
  %2 = mlopt.mul %1, %m : (tensor<?x40xf32>, tensor<40xf32>) -> tensor<?x40xf32>
  %3 = mlopt.quantize %2, %one, %z {to = ui8, mlopt.hero_op} : (tensor<?x40xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x40xui8>
  mlopt.yield %3 : tensor<?x40xui8>
}
mlopt.kernel @q_computed(%x: tensor<?x40xf32>) -> tensor<?x40xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 40], ["n", 40]]} {
  %s = mlopt.constant dense<0.0117> : tensor<f32>
  %z = mlopt.constant dense<100> : tensor<ui8>
  %0 = mlopt.sigmoid %x : (tensor<?x40xf32>) -> tensor<?x40xf32>
  %1 = mlopt.quantize %0, %s, %z {to = ui8, mlopt.hero_op} : (tensor<?x40xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x40xui8>
  mlopt.yield %1 : tensor<?x40xui8>
}
mlopt.kernel @q_blocked(%x: tensor<?x20x5x6xf32>, %s: tensor<20x1x1xf32> {mlopt.range = [0.01, 0.02]}, %z: tensor<20x1x1xui8> {mlopt.range = [0, 256]}) -> tensor<?x20x5x6xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 20, 5, 6], [20, 1, 1], [20, 1, 1], ["n", 20, 5, 6]], layouts = [#mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<?x20x5x6xf32>, tensor<20x1x1xf32>, tensor<20x1x1xui8>) -> tensor<?x20x5x6xui8>
  mlopt.yield %0 : tensor<?x20x5x6xui8>
}
mlopt.kernel @dq_blocked_layout(%x: tensor<?x20x5x6xui8>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<?x20x5x6xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 20, 5, 6], [], [], ["n", 20, 5, 6]], layouts = [#mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit, #mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<?x20x5x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x20x5x6xf32>
  mlopt.yield %0 : tensor<?x20x5x6xf32>
}
mlopt.kernel @dq_u8(%x: tensor<3x?xui8> {mlopt.range = [0, 256]}, %s: tensor<f32>, %z: tensor<ui8> {mlopt.range = [0, 256]}) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<3x?xui8>, tensor<f32>, tensor<ui8>) -> tensor<3x?xf32>
  mlopt.yield %r : tensor<3x?xf32>
}
mlopt.kernel @dq_i8_none(%x: tensor<3x?xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [3, "n"]]} {
  %n = mlopt.none : none
  %r = mlopt.dequantize %x, %s, %n {mlopt.hero_op} : (tensor<3x?xi8>, tensor<f32>, none) -> tensor<3x?xf32>
  mlopt.yield %r : tensor<3x?xf32>
}
mlopt.kernel @dq_i32(%x: tensor<3x?xi32> {mlopt.range = [-2000000000, 2000000000]}, %s: tensor<f32>, %z: tensor<i32> {mlopt.range = [-2000000000, 2000000000]}) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<3x?xi32>, tensor<f32>, tensor<i32>) -> tensor<3x?xf32>
  mlopt.yield %r : tensor<3x?xf32>
}
mlopt.kernel @dq_i16_f64(%x: tensor<3x?xi16>, %s: tensor<f64>, %z: tensor<i16>) -> tensor<3x?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<3x?xi16>, tensor<f64>, tensor<i16>) -> tensor<3x?xf64>
  mlopt.yield %r : tensor<3x?xf64>
}
mlopt.kernel @dq_i4_f16(%x: tensor<3x?xi4>, %s: tensor<f16>, %z: tensor<i4>) -> tensor<3x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<3x?xi4>, tensor<f16>, tensor<i4>) -> tensor<3x?xf16>
  mlopt.yield %r : tensor<3x?xf16>
}
mlopt.kernel @dq_u2(%x: tensor<3x?xui2> {mlopt.range = [0, 4]}, %s: tensor<f32>, %z: tensor<ui2> {mlopt.range = [0, 4]}) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [], [], [3, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<3x?xui2>, tensor<f32>, tensor<ui2>) -> tensor<3x?xf32>
  mlopt.yield %r : tensor<3x?xf32>
}
mlopt.kernel @dq_channels(%x: tensor<2x5x?xui8> {mlopt.range = [0, 256]}, %s: tensor<5x1xf32>, %z: tensor<5x1xui8> {mlopt.range = [0, 256]}) -> tensor<2x5x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, 5, "n"], [5, 1], [5, 1], [2, 5, "n"]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<2x5x?xui8>, tensor<5x1xf32>, tensor<5x1xui8>) -> tensor<2x5x?xf32>
  mlopt.yield %r : tensor<2x5x?xf32>
}
mlopt.kernel @dqb_rows(%x: tensor<70x?xi4>, %s: tensor<3x?xf32>, %z: tensor<3x?xi4>) -> tensor<70x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[70, "n"], [3, "n"], [3, "n"], [70, "n"]]} {
  %r = mlopt.dequantize_blocked %x, %s, %z {axis = 0 : i64, block = 32 : i64, mlopt.hero_op} : (tensor<70x?xi4>, tensor<3x?xf32>, tensor<3x?xi4>) -> tensor<70x?xf32>
  mlopt.yield %r : tensor<70x?xf32>
}
mlopt.kernel @dqb_lanes(%x: tensor<3x70xui8>, %s: tensor<3x5xf32>, %z: tensor<3x5xui8>) -> tensor<3x70xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 70], [3, 5], [3, 5], [3, 70]]} {
  %r = mlopt.dequantize_blocked %x, %s, %z {axis = 1 : i64, block = 16 : i64, mlopt.hero_op} : (tensor<3x70xui8>, tensor<3x5xf32>, tensor<3x5xui8>) -> tensor<3x70xf32>
  mlopt.yield %r : tensor<3x70xf32>
}
mlopt.kernel @dqb_odd(%x: tensor<3x40xi8>, %s: tensor<3x6xf32>) -> tensor<3x40xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 40], [3, 6], [3, 40]]} {
  %n = mlopt.none : none
  %r = mlopt.dequantize_blocked %x, %s, %n {axis = 1 : i64, block = 7 : i64, mlopt.hero_op} : (tensor<3x40xi8>, tensor<3x6xf32>, none) -> tensor<3x40xf32>
  mlopt.yield %r : tensor<3x40xf32>
}
mlopt.kernel @dqb_middle(%x: tensor<2x5x?xui4>, %s: tensor<2x3x?xf16>, %z: tensor<2x3x?xui4>) -> tensor<2x5x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, 5, "n"], [2, 3, "n"], [2, 3, "n"], [2, 5, "n"]]} {
  %r = mlopt.dequantize_blocked %x, %s, %z {axis = 1 : i64, block = 2 : i64, mlopt.hero_op} : (tensor<2x5x?xui4>, tensor<2x3x?xf16>, tensor<2x3x?xui4>) -> tensor<2x5x?xf16>
  mlopt.yield %r : tensor<2x5x?xf16>
}
mlopt.kernel @im_plain(%a: tensor<?x37xui8> {mlopt.range = [0, 256]}, %b: tensor<37x50xi8> {mlopt.range = [-128, 128]}) -> tensor<?x50xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 37], [37, 50], ["n", 50]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_matmul %a, %b, %n, %n {mlopt.hero_op} : (tensor<?x37xui8>, tensor<37x50xi8>, none, none) -> tensor<?x50xi32>
  mlopt.yield %r : tensor<?x50xi32>
}
mlopt.kernel @im_zeros(%a: tensor<?x37xui8>, %b: tensor<37x50xui8>, %za: tensor<ui8>, %zb: tensor<50xui8>) -> tensor<?x50xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 37], [37, 50], [], [50], ["n", 50]]} {
  %r = mlopt.integer_matmul %a, %b, %za, %zb {mlopt.hero_op} : (tensor<?x37xui8>, tensor<37x50xui8>, tensor<ui8>, tensor<50xui8>) -> tensor<?x50xi32>
  mlopt.yield %r : tensor<?x50xi32>
}
mlopt.kernel @im_rows(%a: tensor<?x19xi8>, %b: tensor<19x?xi8>, %za: tensor<?x1xi8>, %zb: tensor<1x?xi8>) -> tensor<?x?xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 19], [19, "m"], ["n", 1], [1, "m"], ["n", "m"]]} {
  %r = mlopt.integer_matmul %a, %b, %za, %zb {mlopt.hero_op} : (tensor<?x19xi8>, tensor<19x?xi8>, tensor<?x1xi8>, tensor<1x?xi8>) -> tensor<?x?xi32>
  mlopt.yield %r : tensor<?x?xi32>
}
mlopt.kernel @im_turned(%a: tensor<?x37xi8>, %b: tensor<50x37xui8>, %zb: tensor<50x1xui8>) -> tensor<?x50xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 37], [50, 37], [50, 1], ["n", 50]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_matmul %a, %b, %n, %zb {transpose_b = true, mlopt.hero_op} : (tensor<?x37xi8>, tensor<50x37xui8>, none, tensor<50x1xui8>) -> tensor<?x50xi32>
  mlopt.yield %r : tensor<?x50xi32>
}
mlopt.kernel @im_batch(%a: tensor<2x1x?x9xui8>, %b: tensor<3x9x20xi8>, %za: tensor<ui8>, %zb: tensor<3x1x20xi8>) -> tensor<2x3x?x20xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 1, "n", 9], [3, 9, 20], [], [3, 1, 20], [2, 3, "n", 20]]} {
  %r = mlopt.integer_matmul %a, %b, %za, %zb {mlopt.hero_op} : (tensor<2x1x?x9xui8>, tensor<3x9x20xi8>, tensor<ui8>, tensor<3x1x20xi8>) -> tensor<2x3x?x20xi32>
  mlopt.yield %r : tensor<2x3x?x20xi32>
}
mlopt.kernel @im_no_sum(%a: tensor<?x0xui8>, %b: tensor<0x20xi8>, %za: tensor<ui8>) -> tensor<?x20xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 0], [0, 20], [], ["n", 20]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_matmul %a, %b, %za, %n {mlopt.hero_op} : (tensor<?x0xui8>, tensor<0x20xi8>, tensor<ui8>, none) -> tensor<?x20xi32>
  mlopt.yield %r : tensor<?x20xi32>
}
mlopt.kernel @ic_3x3(%x: tensor<?x3x9x8xui8>, %w: tensor<5x3x3x3xi8>, %zx: tensor<ui8>, %zw: tensor<5xi8>) -> tensor<?x5x9x8xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 3, 9, 8], [5, 3, 3, 3], [], [5], ["n", 5, 9, 8]]} {
  %r = mlopt.integer_conv %x, %w, %zx, %zw {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, mlopt.hero_op} : (tensor<?x3x9x8xui8>, tensor<5x3x3x3xi8>, tensor<ui8>, tensor<5xi8>) -> tensor<?x5x9x8xi32>
  mlopt.yield %r : tensor<?x5x9x8xi32>
}
mlopt.kernel @ic_raw(%x: tensor<?x3x9x8xui8>, %w: tensor<5x3x3x3xi8>, %zx: tensor<ui8>) -> tensor<?x5x9x8xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 3, 9, 8], [5, 3, 3, 3], [], ["n", 5, 9, 8]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_conv %x, %w, %zx, %n {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, raw, mlopt.hero_op} : (tensor<?x3x9x8xui8>, tensor<5x3x3x3xi8>, tensor<ui8>, none) -> tensor<?x5x9x8xi32>
  mlopt.yield %r : tensor<?x5x9x8xi32>
}
mlopt.kernel @ic_raw_no_zero(%x: tensor<?x3x9x8xui8>, %w: tensor<5x3x3x3xi8>) -> tensor<?x5x9x8xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 3, 9, 8], [5, 3, 3, 3], ["n", 5, 9, 8]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_conv %x, %w, %n, %n {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, raw, mlopt.hero_op} : (tensor<?x3x9x8xui8>, tensor<5x3x3x3xi8>, none, none) -> tensor<?x5x9x8xi32>
  mlopt.yield %r : tensor<?x5x9x8xi32>
}
mlopt.kernel @ic_groups(%x: tensor<?x4x9x8xi8>, %w: tensor<6x2x3x2xui8>, %zx: tensor<i8>, %zw: tensor<ui8>) -> tensor<?x6x4x4xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 4, 9, 8], [6, 2, 3, 2], [], [], ["n", 6, 4, 4]]} {
  %r = mlopt.integer_conv %x, %w, %zx, %zw {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, mlopt.hero_op} : (tensor<?x4x9x8xi8>, tensor<6x2x3x2xui8>, tensor<i8>, tensor<ui8>) -> tensor<?x6x4x4xi32>
  mlopt.yield %r : tensor<?x6x4x4xi32>
}
mlopt.kernel @ic_depthwise(%x: tensor<?x4x17xui8>, %w: tensor<4x1x3xi8>, %zx: tensor<ui8>) -> tensor<?x4x15xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 4, 17], [4, 1, 3], [], ["n", 4, 15]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_conv %x, %w, %zx, %n {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 2>, groups = 4 : i64, raw, mlopt.hero_op} : (tensor<?x4x17xui8>, tensor<4x1x3xi8>, tensor<ui8>, none) -> tensor<?x4x15xi32>
  mlopt.yield %r : tensor<?x4x15xi32>
}
mlopt.kernel @ic_3d(%x: tensor<1x2x4x5x6xui8>, %w: tensor<3x2x2x2x2xi8>) -> tensor<1x3x3x4x5xi32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 2, 4, 5, 6], [3, 2, 2, 2, 2], [1, 3, 3, 4, 5]]} {
  %n = mlopt.none : none
  %r = mlopt.integer_conv %x, %w, %n, %n {strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 0, 0, 0>, pads_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64, mlopt.hero_op} : (tensor<1x2x4x5x6xui8>, tensor<3x2x2x2x2xi8>, none, none) -> tensor<1x3x3x4x5xi32>
  mlopt.yield %r : tensor<1x3x3x4x5xi32>
}
mlopt.kernel @dm_u4(%x: tensor<?x70xf32>, %w: tensor<70x40xui4> {mlopt.range = [0, 16]}, %s: tensor<3x40xf32> {mlopt.range = [0.1, 1.0]}, %z: tensor<3x40xui4>) -> tensor<?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 70], [70, 40], [3, 40], [3, 40], ["n", 40]]} {
  %r = mlopt.dequantized_matmul %x, %w, %s, %z {block = 32 : i64, mlopt.hero_op} : (tensor<?x70xf32>, tensor<70x40xui4>, tensor<3x40xf32>, tensor<3x40xui4>) -> tensor<?x40xf32>
  mlopt.yield %r : tensor<?x40xf32>
}
mlopt.kernel @dm_i4_turned(%x: tensor<?x70xf32>, %w: tensor<40x70xi4>, %s: tensor<40x3xf32> {mlopt.range = [0.1, 1.0]}, %z: tensor<40x3xi4>) -> tensor<?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 70], [40, 70], [40, 3], [40, 3], ["n", 40]]} {
  %r = mlopt.dequantized_matmul %x, %w, %s, %z {block = 32 : i64, transpose_b = true, mlopt.hero_op} : (tensor<?x70xf32>, tensor<40x70xi4>, tensor<40x3xf32>, tensor<40x3xi4>) -> tensor<?x40xf32>
  mlopt.yield %r : tensor<?x40xf32>
}
mlopt.kernel @dm_i8_columns(%x: tensor<2x?x33xf32>, %w: tensor<33x40xi8>, %s: tensor<1x40xf32> {mlopt.range = [0.1, 1.0]}) -> tensor<2x?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "n", 33], [33, 40], [1, 40], [2, "n", 40]]} {
  %n = mlopt.none : none
  %r = mlopt.dequantized_matmul %x, %w, %s, %n {block = 33 : i64, mlopt.hero_op} : (tensor<2x?x33xf32>, tensor<33x40xi8>, tensor<1x40xf32>, none) -> tensor<2x?x40xf32>
  mlopt.yield %r : tensor<2x?x40xf32>
}
mlopt.kernel @dm_one_scale(%x: tensor<?x33xf32>, %w: tensor<33x40xi8>, %s: tensor<1x1xf32> {mlopt.range = [0.1, 1.0]}, %z: tensor<1x1xi8>) -> tensor<?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 33], [33, 40], [1, 1], [1, 1], ["n", 40]]} {
  %r = mlopt.dequantized_matmul %x, %w, %s, %z {block = 33 : i64, mlopt.hero_op} : (tensor<?x33xf32>, tensor<33x40xi8>, tensor<1x1xf32>, tensor<1x1xi8>) -> tensor<?x40xf32>
  mlopt.yield %r : tensor<?x40xf32>
}
mlopt.kernel @dm_f16(%x: tensor<?x33xf16>, %w: tensor<33x20xui8>, %s: tensor<3x20xf16> {mlopt.range = [0.1, 1.0]}, %z: tensor<3x20xui8>) -> tensor<?x20xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 33], [33, 20], [3, 20], [3, 20], ["n", 20]]} {
  %r = mlopt.dequantized_matmul %x, %w, %s, %z {block = 16 : i64, mlopt.hero_op} : (tensor<?x33xf16>, tensor<33x20xui8>, tensor<3x20xf16>, tensor<3x20xui8>) -> tensor<?x20xf16>
  mlopt.yield %r : tensor<?x20xf16>
}
mlopt.kernel @dm_f64(%x: tensor<?x33xf64>, %w: tensor<33x20xi8>, %s: tensor<3x20xf64> {mlopt.range = [0.1, 1.0]}) -> tensor<?x20xf64> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 33], [33, 20], [3, 20], ["n", 20]]} {
  %n = mlopt.none : none
  %r = mlopt.dequantized_matmul %x, %w, %s, %n {block = 16 : i64, mlopt.hero_op} : (tensor<?x33xf64>, tensor<33x20xi8>, tensor<3x20xf64>, none) -> tensor<?x20xf64>
  mlopt.yield %r : tensor<?x20xf64>
}
