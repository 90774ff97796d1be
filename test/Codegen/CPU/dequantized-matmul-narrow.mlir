// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,host --size m=1,b=1 --size m=8,b=1 --size m=33,b=3 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Products of f16 and bf16 rows with constant weights of 4 and 8 bits whose scales are as narrow:
// both become f32.

// CHECK: {{^}}i4_2_64x33_b16_f16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_2_64x33_b16_f16(%x: tensor<2x64xf16>, %w: tensor<64x33xi4> {mlopt.range = [-8, 8]}, %s: tensor<4x33xf16> {mlopt.range = [0.01, 0.1]}) -> tensor<2x33xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [64, 33], [4, 33], [2, 33]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<2x64xf16>, tensor<64x33xi4>, tensor<4x33xf16>, none) -> tensor<2x33xf16>
  mlopt.yield %0 : tensor<2x33xf16>
}

// CHECK: {{^}}i4_t_16_130x70_b64_bf16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_t_16_130x70_b64_bf16(%x: tensor<16x130xbf16>, %w: tensor<70x130xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x3xbf16> {mlopt.range = [0.01, 0.1]}) -> tensor<16x70xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [70, 130], [70, 3], [16, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64, transpose_b = true} : (tensor<16x130xbf16>, tensor<70x130xi4>, tensor<70x3xbf16>, none) -> tensor<16x70xbf16>
  mlopt.yield %0 : tensor<16x70xbf16>
}

// CHECK: {{^}}symbolic_ui4_zero_t_f16 x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_ui4_zero_t_f16(%x: tensor<?x75xf16>, %w: tensor<70x75xui4> {mlopt.range = [0, 16]}, %s: tensor<70x3xf16> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x3xui4> {mlopt.range = [4, 12]}, %bias: tensor<70xf16>, %res: tensor<?x70xf16>) -> tensor<?x70xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [70, 75], [70, 3], [70, 3], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x75xf16>, tensor<70x75xui4>, tensor<70x3xf16>, tensor<70x3xui4>) -> tensor<?x70xf16>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf16>, tensor<70xf16>) -> tensor<?x70xf16>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf16>) -> tensor<?x70xf16>
  %3 = mlopt.add %2, %res : (tensor<?x70xf16>, tensor<?x70xf16>) -> tensor<?x70xf16>
  mlopt.yield %3 : tensor<?x70xf16>
}

// CHECK: {{^}}batch_bf16 x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @batch_bf16(%x: tensor<?x?x48xbf16>, %w: tensor<40x48xui4> {mlopt.range = [0, 16]}, %s: tensor<40x3xbf16> {mlopt.range = [0.01, 0.1]}, %z: tensor<40x3xui4> {mlopt.range = [4, 12]}, %bias: tensor<40xbf16>, %res: tensor<?x?x40xbf16>) -> tensor<?x?x40xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 48], [40, 48], [40, 3], [40, 3], [40], ["b", "m", 40], ["b", "m", 40]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<?x?x48xbf16>, tensor<40x48xui4>, tensor<40x3xbf16>, tensor<40x3xui4>) -> tensor<?x?x40xbf16>
  %1 = mlopt.add %0, %bias : (tensor<?x?x40xbf16>, tensor<40xbf16>) -> tensor<?x?x40xbf16>
  %2 = mlopt.sigmoid %1 : (tensor<?x?x40xbf16>) -> tensor<?x?x40xbf16>
  %3 = mlopt.add %2, %res : (tensor<?x?x40xbf16>, tensor<?x?x40xbf16>) -> tensor<?x?x40xbf16>
  mlopt.yield %3 : tensor<?x?x40xbf16>
}

// CHECK: {{^}}long_f16 x86-64-v2: dequantized_contraction error
mlopt.kernel @long_f16(%x: tensor<20x3500xf16>, %w: tensor<40x3500xi4> {mlopt.range = [-8, 8]}, %s: tensor<40x110xf16> {mlopt.range = [0.01, 0.1]}, %bias: tensor<40xf16>, %res: tensor<20x40xf16>) -> tensor<20x40xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40, 110], [40], [20, 40], [20, 40]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<20x3500xf16>, tensor<40x3500xi4>, tensor<40x110xf16>, none) -> tensor<20x40xf16>
  %1 = mlopt.add %0, %bias : (tensor<20x40xf16>, tensor<40xf16>) -> tensor<20x40xf16>
  %2 = mlopt.sigmoid %1 : (tensor<20x40xf16>) -> tensor<20x40xf16>
  %3 = mlopt.add %2, %res : (tensor<20x40xf16>, tensor<20x40xf16>) -> tensor<20x40xf16>
  mlopt.yield %3 : tensor<20x40xf16>
}

// CHECK: {{^}}symbolic_i8_zero_f16 x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_i8_zero_f16(%x: tensor<?x75xf16>, %w: tensor<75x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<3x70xf16> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x70xi8> {mlopt.range = [-64, 64]}, %bias: tensor<70xf16>, %res: tensor<?x70xf16>) -> tensor<?x70xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [75, 70], [3, 70], [3, 70], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<?x75xf16>, tensor<75x70xi8>, tensor<3x70xf16>, tensor<3x70xi8>) -> tensor<?x70xf16>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf16>, tensor<70xf16>) -> tensor<?x70xf16>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf16>) -> tensor<?x70xf16>
  %3 = mlopt.add %2, %res : (tensor<?x70xf16>, tensor<?x70xf16>) -> tensor<?x70xf16>
  mlopt.yield %3 : tensor<?x70xf16>
}
