// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,host --size m=1,b=1 --size m=3,b=2 --size m=8,b=1 --size m=9,b=1 --size m=33,b=3 --size m=0,b=2 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Products of f32 rows with constant weights of 4 and 8 bits, against the reference: blocks of 16
// steps up to all of them, sizes that are not multiples of anything, rows around the limits of the
// forms and counted at run time, rows that only floats can hold.

// CHECK: {{^}}i4_1_100x70_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_1_100x70_b32(%x: tensor<1x100xf32>, %w: tensor<100x70xi4> {mlopt.range = [-8, 8]}, %s: tensor<4x70xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<1x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 100], [100, 70], [4, 70], [1, 70]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<1x100xf32>, tensor<100x70xi4>, tensor<4x70xf32>, none) -> tensor<1x70xf32>
  mlopt.yield %0 : tensor<1x70xf32>
}

// CHECK: {{^}}i4_2_64x33_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_2_64x33_b16(%x: tensor<2x64xf32>, %w: tensor<64x33xi4> {mlopt.range = [-8, 8]}, %s: tensor<4x33xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [64, 33], [4, 33], [2, 33]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<2x64xf32>, tensor<64x33xi4>, tensor<4x33xf32>, none) -> tensor<2x33xf32>
  mlopt.yield %0 : tensor<2x33xf32>
}

// CHECK: {{^}}i4_t_7_83x45_b83 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_t_7_83x45_b83(%x: tensor<7x83xf32>, %w: tensor<45x83xi4> {mlopt.range = [-8, 8]}, %s: tensor<45x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<7x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 83], [45, 83], [45, 1], [7, 45]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 83 : i64, transpose_b = true} : (tensor<7x83xf32>, tensor<45x83xi4>, tensor<45x1xf32>, none) -> tensor<7x45xf32>
  mlopt.yield %0 : tensor<7x45xf32>
}

// CHECK: {{^}}i4_t_16_130x70_b64 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_t_16_130x70_b64(%x: tensor<16x130xf32>, %w: tensor<70x130xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<16x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [70, 130], [70, 3], [16, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64, transpose_b = true} : (tensor<16x130xf32>, tensor<70x130xi4>, tensor<70x3xf32>, none) -> tensor<16x70xf32>
  mlopt.yield %0 : tensor<16x70xf32>
}

// CHECK: {{^}}i4_zero_33_160x31_b128 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_zero_33_160x31_b128(%x: tensor<33x160xf32>, %w: tensor<160x31xi4> {mlopt.range = [-8, 8]}, %s: tensor<2x31xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<2x31xi4> {mlopt.range = [-4, 4]}) -> tensor<33x31xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 160], [160, 31], [2, 31], [2, 31], [33, 31]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 128 : i64} : (tensor<33x160xf32>, tensor<160x31xi4>, tensor<2x31xf32>, tensor<2x31xi4>) -> tensor<33x31xf32>
  mlopt.yield %0 : tensor<33x31xf32>
}

// CHECK: {{^}}i4_zero_8_96x64_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_zero_8_96x64_b32(%x: tensor<8x96xf32>, %w: tensor<96x64xi4> {mlopt.range = [-8, 8]}, %s: tensor<3x64xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x64xi4> {mlopt.range = [-4, 4]}) -> tensor<8x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[8, 96], [96, 64], [3, 64], [3, 64], [8, 64]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<8x96xf32>, tensor<96x64xi4>, tensor<3x64xf32>, tensor<3x64xi4>) -> tensor<8x64xf32>
  mlopt.yield %0 : tensor<8x64xf32>
}

// CHECK: {{^}}i4_zero_t_9_40x37_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_zero_t_9_40x37_b16(%x: tensor<9x40xf32>, %w: tensor<37x40xi4> {mlopt.range = [-8, 8]}, %s: tensor<37x3xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<37x3xi4> {mlopt.range = [-4, 4]}) -> tensor<9x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[9, 40], [37, 40], [37, 3], [37, 3], [9, 37]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<9x40xf32>, tensor<37x40xi4>, tensor<37x3xf32>, tensor<37x3xi4>) -> tensor<9x37xf32>
  mlopt.yield %0 : tensor<9x37xf32>
}

// CHECK: {{^}}i4_zero_t_1_100x70_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_zero_t_1_100x70_b32(%x: tensor<1x100xf32>, %w: tensor<70x100xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x4xi4> {mlopt.range = [-4, 4]}) -> tensor<1x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 100], [70, 100], [70, 4], [70, 4], [1, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<1x100xf32>, tensor<70x100xi4>, tensor<70x4xf32>, tensor<70x4xi4>) -> tensor<1x70xf32>
  mlopt.yield %0 : tensor<1x70xf32>
}

// CHECK: {{^}}ui4_2_64x33_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_2_64x33_b16(%x: tensor<2x64xf32>, %w: tensor<64x33xui4> {mlopt.range = [0, 16]}, %s: tensor<4x33xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [64, 33], [4, 33], [2, 33]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<2x64xf32>, tensor<64x33xui4>, tensor<4x33xf32>, none) -> tensor<2x33xf32>
  mlopt.yield %0 : tensor<2x33xf32>
}

// CHECK: {{^}}ui4_7_83x45_b83 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_7_83x45_b83(%x: tensor<7x83xf32>, %w: tensor<83x45xui4> {mlopt.range = [0, 16]}, %s: tensor<1x45xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<7x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 83], [83, 45], [1, 45], [7, 45]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 83 : i64} : (tensor<7x83xf32>, tensor<83x45xui4>, tensor<1x45xf32>, none) -> tensor<7x45xf32>
  mlopt.yield %0 : tensor<7x45xf32>
}

// CHECK: {{^}}ui4_t_16_130x70_b64 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_t_16_130x70_b64(%x: tensor<16x130xf32>, %w: tensor<70x130xui4> {mlopt.range = [0, 16]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<16x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [70, 130], [70, 3], [16, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64, transpose_b = true} : (tensor<16x130xf32>, tensor<70x130xui4>, tensor<70x3xf32>, none) -> tensor<16x70xf32>
  mlopt.yield %0 : tensor<16x70xf32>
}

// CHECK: {{^}}ui4_t_33_160x31_b128 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_t_33_160x31_b128(%x: tensor<33x160xf32>, %w: tensor<31x160xui4> {mlopt.range = [0, 16]}, %s: tensor<31x2xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<33x31xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 160], [31, 160], [31, 2], [33, 31]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 128 : i64, transpose_b = true} : (tensor<33x160xf32>, tensor<31x160xui4>, tensor<31x2xf32>, none) -> tensor<33x31xf32>
  mlopt.yield %0 : tensor<33x31xf32>
}

// CHECK: {{^}}ui4_zero_8_96x64_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_zero_8_96x64_b32(%x: tensor<8x96xf32>, %w: tensor<96x64xui4> {mlopt.range = [0, 16]}, %s: tensor<3x64xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x64xui4> {mlopt.range = [4, 12]}) -> tensor<8x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[8, 96], [96, 64], [3, 64], [3, 64], [8, 64]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<8x96xf32>, tensor<96x64xui4>, tensor<3x64xf32>, tensor<3x64xui4>) -> tensor<8x64xf32>
  mlopt.yield %0 : tensor<8x64xf32>
}

// CHECK: {{^}}ui4_zero_9_40x37_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_zero_9_40x37_b16(%x: tensor<9x40xf32>, %w: tensor<40x37xui4> {mlopt.range = [0, 16]}, %s: tensor<3x37xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x37xui4> {mlopt.range = [4, 12]}) -> tensor<9x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[9, 40], [40, 37], [3, 37], [3, 37], [9, 37]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<9x40xf32>, tensor<40x37xui4>, tensor<3x37xf32>, tensor<3x37xui4>) -> tensor<9x37xf32>
  mlopt.yield %0 : tensor<9x37xf32>
}

// CHECK: {{^}}ui4_zero_t_1_100x70_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_zero_t_1_100x70_b32(%x: tensor<1x100xf32>, %w: tensor<70x100xui4> {mlopt.range = [0, 16]}, %s: tensor<70x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x4xui4> {mlopt.range = [4, 12]}) -> tensor<1x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 100], [70, 100], [70, 4], [70, 4], [1, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<1x100xf32>, tensor<70x100xui4>, tensor<70x4xf32>, tensor<70x4xui4>) -> tensor<1x70xf32>
  mlopt.yield %0 : tensor<1x70xf32>
}

// CHECK: {{^}}ui4_zero_t_2_64x33_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_zero_t_2_64x33_b16(%x: tensor<2x64xf32>, %w: tensor<33x64xui4> {mlopt.range = [0, 16]}, %s: tensor<33x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<33x4xui4> {mlopt.range = [4, 12]}) -> tensor<2x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [33, 64], [33, 4], [33, 4], [2, 33]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<2x64xf32>, tensor<33x64xui4>, tensor<33x4xf32>, tensor<33x4xui4>) -> tensor<2x33xf32>
  mlopt.yield %0 : tensor<2x33xf32>
}

// CHECK: {{^}}i8_7_83x45_b83 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_7_83x45_b83(%x: tensor<7x83xf32>, %w: tensor<83x45xi8> {mlopt.range = [-128, 128]}, %s: tensor<1x45xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<7x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 83], [83, 45], [1, 45], [7, 45]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 83 : i64} : (tensor<7x83xf32>, tensor<83x45xi8>, tensor<1x45xf32>, none) -> tensor<7x45xf32>
  mlopt.yield %0 : tensor<7x45xf32>
}

// CHECK: {{^}}i8_16_130x70_b64 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_16_130x70_b64(%x: tensor<16x130xf32>, %w: tensor<130x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<3x70xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<16x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [130, 70], [3, 70], [16, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64} : (tensor<16x130xf32>, tensor<130x70xi8>, tensor<3x70xf32>, none) -> tensor<16x70xf32>
  mlopt.yield %0 : tensor<16x70xf32>
}

// CHECK: {{^}}i8_t_33_160x31_b128 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_t_33_160x31_b128(%x: tensor<33x160xf32>, %w: tensor<31x160xi8> {mlopt.range = [-128, 128]}, %s: tensor<31x2xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<33x31xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 160], [31, 160], [31, 2], [33, 31]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 128 : i64, transpose_b = true} : (tensor<33x160xf32>, tensor<31x160xi8>, tensor<31x2xf32>, none) -> tensor<33x31xf32>
  mlopt.yield %0 : tensor<33x31xf32>
}

// CHECK: {{^}}i8_t_8_96x64_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_t_8_96x64_b32(%x: tensor<8x96xf32>, %w: tensor<64x96xi8> {mlopt.range = [-128, 128]}, %s: tensor<64x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<8x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[8, 96], [64, 96], [64, 3], [8, 64]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<8x96xf32>, tensor<64x96xi8>, tensor<64x3xf32>, none) -> tensor<8x64xf32>
  mlopt.yield %0 : tensor<8x64xf32>
}

// CHECK: {{^}}i8_zero_9_40x37_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_zero_9_40x37_b16(%x: tensor<9x40xf32>, %w: tensor<40x37xi8> {mlopt.range = [-128, 128]}, %s: tensor<3x37xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x37xi8> {mlopt.range = [-64, 64]}) -> tensor<9x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[9, 40], [40, 37], [3, 37], [3, 37], [9, 37]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<9x40xf32>, tensor<40x37xi8>, tensor<3x37xf32>, tensor<3x37xi8>) -> tensor<9x37xf32>
  mlopt.yield %0 : tensor<9x37xf32>
}

// CHECK: {{^}}i8_zero_1_100x70_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_zero_1_100x70_b32(%x: tensor<1x100xf32>, %w: tensor<100x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<4x70xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<4x70xi8> {mlopt.range = [-64, 64]}) -> tensor<1x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 100], [100, 70], [4, 70], [4, 70], [1, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<1x100xf32>, tensor<100x70xi8>, tensor<4x70xf32>, tensor<4x70xi8>) -> tensor<1x70xf32>
  mlopt.yield %0 : tensor<1x70xf32>
}

// CHECK: {{^}}i8_zero_t_2_64x33_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_zero_t_2_64x33_b16(%x: tensor<2x64xf32>, %w: tensor<33x64xi8> {mlopt.range = [-128, 128]}, %s: tensor<33x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<33x4xi8> {mlopt.range = [-64, 64]}) -> tensor<2x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [33, 64], [33, 4], [33, 4], [2, 33]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<2x64xf32>, tensor<33x64xi8>, tensor<33x4xf32>, tensor<33x4xi8>) -> tensor<2x33xf32>
  mlopt.yield %0 : tensor<2x33xf32>
}

// CHECK: {{^}}i8_zero_t_7_83x45_b83 x86-64-v2: dequantized_contraction error
mlopt.kernel @i8_zero_t_7_83x45_b83(%x: tensor<7x83xf32>, %w: tensor<45x83xi8> {mlopt.range = [-128, 128]}, %s: tensor<45x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<45x1xi8> {mlopt.range = [-64, 64]}) -> tensor<7x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 83], [45, 83], [45, 1], [45, 1], [7, 45]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 83 : i64, transpose_b = true} : (tensor<7x83xf32>, tensor<45x83xi8>, tensor<45x1xf32>, tensor<45x1xi8>) -> tensor<7x45xf32>
  mlopt.yield %0 : tensor<7x45xf32>
}

// CHECK: {{^}}ui8_16_130x70_b64 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_16_130x70_b64(%x: tensor<16x130xf32>, %w: tensor<130x70xui8> {mlopt.range = [0, 256]}, %s: tensor<3x70xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<16x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [130, 70], [3, 70], [16, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64} : (tensor<16x130xf32>, tensor<130x70xui8>, tensor<3x70xf32>, none) -> tensor<16x70xf32>
  mlopt.yield %0 : tensor<16x70xf32>
}

// CHECK: {{^}}ui8_33_160x31_b128 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_33_160x31_b128(%x: tensor<33x160xf32>, %w: tensor<160x31xui8> {mlopt.range = [0, 256]}, %s: tensor<2x31xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<33x31xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 160], [160, 31], [2, 31], [33, 31]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 128 : i64} : (tensor<33x160xf32>, tensor<160x31xui8>, tensor<2x31xf32>, none) -> tensor<33x31xf32>
  mlopt.yield %0 : tensor<33x31xf32>
}

// CHECK: {{^}}ui8_t_8_96x64_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_t_8_96x64_b32(%x: tensor<8x96xf32>, %w: tensor<64x96xui8> {mlopt.range = [0, 256]}, %s: tensor<64x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<8x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[8, 96], [64, 96], [64, 3], [8, 64]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<8x96xf32>, tensor<64x96xui8>, tensor<64x3xf32>, none) -> tensor<8x64xf32>
  mlopt.yield %0 : tensor<8x64xf32>
}

// CHECK: {{^}}ui8_t_9_40x37_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_t_9_40x37_b16(%x: tensor<9x40xf32>, %w: tensor<37x40xui8> {mlopt.range = [0, 256]}, %s: tensor<37x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<9x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[9, 40], [37, 40], [37, 3], [9, 37]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<9x40xf32>, tensor<37x40xui8>, tensor<37x3xf32>, none) -> tensor<9x37xf32>
  mlopt.yield %0 : tensor<9x37xf32>
}

// CHECK: {{^}}ui8_zero_1_100x70_b32 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_zero_1_100x70_b32(%x: tensor<1x100xf32>, %w: tensor<100x70xui8> {mlopt.range = [0, 256]}, %s: tensor<4x70xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<4x70xui8> {mlopt.range = [64, 192]}) -> tensor<1x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 100], [100, 70], [4, 70], [4, 70], [1, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<1x100xf32>, tensor<100x70xui8>, tensor<4x70xf32>, tensor<4x70xui8>) -> tensor<1x70xf32>
  mlopt.yield %0 : tensor<1x70xf32>
}

// CHECK: {{^}}ui8_zero_2_64x33_b16 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_zero_2_64x33_b16(%x: tensor<2x64xf32>, %w: tensor<64x33xui8> {mlopt.range = [0, 256]}, %s: tensor<4x33xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<4x33xui8> {mlopt.range = [64, 192]}) -> tensor<2x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [64, 33], [4, 33], [4, 33], [2, 33]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<2x64xf32>, tensor<64x33xui8>, tensor<4x33xf32>, tensor<4x33xui8>) -> tensor<2x33xf32>
  mlopt.yield %0 : tensor<2x33xf32>
}

// CHECK: {{^}}ui8_zero_t_7_83x45_b83 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_zero_t_7_83x45_b83(%x: tensor<7x83xf32>, %w: tensor<45x83xui8> {mlopt.range = [0, 256]}, %s: tensor<45x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<45x1xui8> {mlopt.range = [64, 192]}) -> tensor<7x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 83], [45, 83], [45, 1], [45, 1], [7, 45]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 83 : i64, transpose_b = true} : (tensor<7x83xf32>, tensor<45x83xui8>, tensor<45x1xf32>, tensor<45x1xui8>) -> tensor<7x45xf32>
  mlopt.yield %0 : tensor<7x45xf32>
}

// CHECK: {{^}}ui8_zero_t_16_130x70_b64 x86-64-v2: dequantized_contraction error
mlopt.kernel @ui8_zero_t_16_130x70_b64(%x: tensor<16x130xf32>, %w: tensor<70x130xui8> {mlopt.range = [0, 256]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x3xui8> {mlopt.range = [64, 192]}) -> tensor<16x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 130], [70, 130], [70, 3], [70, 3], [16, 70]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64, transpose_b = true} : (tensor<16x130xf32>, tensor<70x130xui8>, tensor<70x3xf32>, tensor<70x3xui8>) -> tensor<16x70xf32>
  mlopt.yield %0 : tensor<16x70xf32>
}

// CHECK: {{^}}symbolic_i4_t x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_i4_t(%x: tensor<?x75xf32>, %w: tensor<70x75xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}, %bias: tensor<70xf32>, %res: tensor<?x70xf32>) -> tensor<?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [70, 75], [70, 3], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x75xf32>, tensor<70x75xi4>, tensor<70x3xf32>, none) -> tensor<?x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf32>, tensor<70xf32>) -> tensor<?x70xf32>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf32>) -> tensor<?x70xf32>
  %3 = mlopt.add %2, %res : (tensor<?x70xf32>, tensor<?x70xf32>) -> tensor<?x70xf32>
  mlopt.yield %3 : tensor<?x70xf32>
}

// CHECK: {{^}}symbolic_ui4_zero_t x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_ui4_zero_t(%x: tensor<?x75xf32>, %w: tensor<70x75xui4> {mlopt.range = [0, 16]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x3xui4> {mlopt.range = [4, 12]}, %bias: tensor<70xf32>, %res: tensor<?x70xf32>) -> tensor<?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [70, 75], [70, 3], [70, 3], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x75xf32>, tensor<70x75xui4>, tensor<70x3xf32>, tensor<70x3xui4>) -> tensor<?x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf32>, tensor<70xf32>) -> tensor<?x70xf32>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf32>) -> tensor<?x70xf32>
  %3 = mlopt.add %2, %res : (tensor<?x70xf32>, tensor<?x70xf32>) -> tensor<?x70xf32>
  mlopt.yield %3 : tensor<?x70xf32>
}

// CHECK: {{^}}symbolic_i8_zero x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_i8_zero(%x: tensor<?x75xf32>, %w: tensor<75x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<3x70xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x70xi8> {mlopt.range = [-64, 64]}, %bias: tensor<70xf32>, %res: tensor<?x70xf32>) -> tensor<?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [75, 70], [3, 70], [3, 70], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<?x75xf32>, tensor<75x70xi8>, tensor<3x70xf32>, tensor<3x70xi8>) -> tensor<?x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf32>, tensor<70xf32>) -> tensor<?x70xf32>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf32>) -> tensor<?x70xf32>
  %3 = mlopt.add %2, %res : (tensor<?x70xf32>, tensor<?x70xf32>) -> tensor<?x70xf32>
  mlopt.yield %3 : tensor<?x70xf32>
}

// CHECK: {{^}}symbolic_ui8_t x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @symbolic_ui8_t(%x: tensor<?x75xf32>, %w: tensor<70x75xui8> {mlopt.range = [0, 256]}, %s: tensor<70x3xf32> {mlopt.range = [0.01, 0.1]}, %bias: tensor<70xf32>, %res: tensor<?x70xf32>) -> tensor<?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 75], [70, 75], [70, 3], [70], ["m", 70], ["m", 70]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x75xf32>, tensor<70x75xui8>, tensor<70x3xf32>, none) -> tensor<?x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x70xf32>, tensor<70xf32>) -> tensor<?x70xf32>
  %2 = mlopt.sigmoid %1 : (tensor<?x70xf32>) -> tensor<?x70xf32>
  %3 = mlopt.add %2, %res : (tensor<?x70xf32>, tensor<?x70xf32>) -> tensor<?x70xf32>
  mlopt.yield %3 : tensor<?x70xf32>
}

// CHECK: {{^}}batch x86-64-v2{{.*}}: dequantized_contraction error
mlopt.kernel @batch(%x: tensor<?x?x48xf32>, %w: tensor<40x48xui4> {mlopt.range = [0, 16]}, %s: tensor<40x3xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<40x3xui4> {mlopt.range = [4, 12]}, %bias: tensor<40xf32>, %res: tensor<?x?x40xf32>) -> tensor<?x?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 48], [40, 48], [40, 3], [40, 3], [40], ["b", "m", 40], ["b", "m", 40]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<?x?x48xf32>, tensor<40x48xui4>, tensor<40x3xf32>, tensor<40x3xui4>) -> tensor<?x?x40xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x?x40xf32>, tensor<40xf32>) -> tensor<?x?x40xf32>
  %2 = mlopt.sigmoid %1 : (tensor<?x?x40xf32>) -> tensor<?x?x40xf32>
  %3 = mlopt.add %2, %res : (tensor<?x?x40xf32>, tensor<?x?x40xf32>) -> tensor<?x?x40xf32>
  mlopt.yield %3 : tensor<?x?x40xf32>
}

// CHECK: {{^}}one_scale x86-64-v2: dequantized_contraction error
mlopt.kernel @one_scale(%x: tensor<3x50xf32>, %w: tensor<50x70xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x1xi4> {mlopt.range = [-4, 4]}) -> tensor<3x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 50], [50, 70], [1, 1], [1, 1], [3, 70]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 50 : i64} : (tensor<3x50xf32>, tensor<50x70xi4>, tensor<1x1xf32>, tensor<1x1xi4>) -> tensor<3x70xf32>
  mlopt.yield %0 : tensor<3x70xf32>
}

// CHECK: {{^}}row_scales x86-64-v2: dequantized_contraction error
mlopt.kernel @row_scales(%x: tensor<3x64xf32>, %w: tensor<70x64xui4> {mlopt.range = [0, 16]}, %s: tensor<1x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x4xui4> {mlopt.range = [4, 12]}) -> tensor<3x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 64], [70, 64], [1, 4], [1, 4], [3, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<3x64xf32>, tensor<70x64xui4>, tensor<1x4xf32>, tensor<1x4xui4>) -> tensor<3x70xf32>
  mlopt.yield %0 : tensor<3x70xf32>
}

// CHECK: {{^}}column_scales x86-64-v2: dequantized_contraction error
mlopt.kernel @column_scales(%x: tensor<17x64xf32>, %w: tensor<64x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<1x70xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<17x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 64], [64, 70], [1, 70], [17, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64} : (tensor<17x64xf32>, tensor<64x70xi8>, tensor<1x70xf32>, none) -> tensor<17x70xf32>
  mlopt.yield %0 : tensor<17x70xf32>
}

// CHECK: {{^}}mixed_scales x86-64-v2: dequantized_contraction error
mlopt.kernel @mixed_scales(%x: tensor<20x64xf32>, %w: tensor<70x64xui8> {mlopt.range = [0, 256]}, %s: tensor<70x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x1xui8> {mlopt.range = [64, 192]}) -> tensor<20x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 64], [70, 64], [70, 4], [1, 1], [20, 70]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<20x64xf32>, tensor<70x64xui8>, tensor<70x4xf32>, tensor<1x1xui8>) -> tensor<20x70xf32>
  mlopt.yield %0 : tensor<20x70xf32>
}

// CHECK: {{^}}one_column x86-64-v2: dequantized_contraction error
mlopt.kernel @one_column(%x: tensor<2x64xf32>, %w: tensor<1x64xui4> {mlopt.range = [0, 16]}, %s: tensor<1x2xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x2xui4> {mlopt.range = [4, 12]}) -> tensor<2x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [1, 64], [1, 2], [1, 2], [2, 1]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<2x64xf32>, tensor<1x64xui4>, tensor<1x2xf32>, tensor<1x2xui4>) -> tensor<2x1xf32>
  mlopt.yield %0 : tensor<2x1xf32>
}

// CHECK: {{^}}few_steps x86-64-v2: dequantized_contraction error
mlopt.kernel @few_steps(%x: tensor<5x3xf32>, %w: tensor<3x40xui4> {mlopt.range = [0, 16]}, %s: tensor<1x40xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x40xui4> {mlopt.range = [4, 12]}) -> tensor<5x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[5, 3], [3, 40], [1, 40], [1, 40], [5, 40]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64} : (tensor<5x3xf32>, tensor<3x40xui4>, tensor<1x40xf32>, tensor<1x40xui4>) -> tensor<5x40xf32>
  mlopt.yield %0 : tensor<5x40xf32>
}

// CHECK: {{^}}long x86-64-v2: dequantized_contraction error
mlopt.kernel @long(%x: tensor<20x3500xf32>, %w: tensor<40x3500xi4> {mlopt.range = [-8, 8]}, %s: tensor<40x110xf32> {mlopt.range = [0.01, 0.1]}, %bias: tensor<40xf32>, %res: tensor<20x40xf32>) -> tensor<20x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40, 110], [40], [20, 40], [20, 40]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<20x3500xf32>, tensor<40x3500xi4>, tensor<40x110xf32>, none) -> tensor<20x40xf32>
  %1 = mlopt.add %0, %bias : (tensor<20x40xf32>, tensor<40xf32>) -> tensor<20x40xf32>
  %2 = mlopt.sigmoid %1 : (tensor<20x40xf32>) -> tensor<20x40xf32>
  %3 = mlopt.add %2, %res : (tensor<20x40xf32>, tensor<20x40xf32>) -> tensor<20x40xf32>
  mlopt.yield %3 : tensor<20x40xf32>
}

// CHECK: {{^}}few_columns x86-64-v2: dequantized_contraction error
mlopt.kernel @few_columns(%x: tensor<150x64xf32>, %w: tensor<20x64xui4> {mlopt.range = [0, 16]}, %s: tensor<20x2xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<20x2xui4> {mlopt.range = [4, 12]}) -> tensor<150x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[150, 64], [20, 64], [20, 2], [20, 2], [150, 20]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<150x64xf32>, tensor<20x64xui4>, tensor<20x2xf32>, tensor<20x2xui4>) -> tensor<150x20xf32>
  mlopt.yield %0 : tensor<150x20xf32>
}

// CHECK: {{^}}huge_rows x86-64-v2: dequantized_contraction error
mlopt.kernel @huge_rows(%x: tensor<4x64xf32> {mlopt.range = [1.0e+34, 1.0e+35]}, %w: tensor<70x64xui4> {mlopt.range = [0, 16]}, %s: tensor<70x2xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<4x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 64], [70, 64], [70, 2], [4, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<4x64xf32>, tensor<70x64xui4>, tensor<70x2xf32>, none) -> tensor<4x70xf32>
  mlopt.yield %0 : tensor<4x70xf32>
}

// CHECK: {{^}}tiny_rows x86-64-v2: dequantized_contraction error
mlopt.kernel @tiny_rows(%x: tensor<3x64xf32> {mlopt.range = [1.0e-30, 1.0e-29]}, %w: tensor<70x64xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x2xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<3x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 64], [70, 64], [70, 2], [3, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<3x64xf32>, tensor<70x64xi4>, tensor<70x2xf32>, none) -> tensor<3x70xf32>
  mlopt.yield %0 : tensor<3x70xf32>
}

// CHECK: {{^}}zero_rows x86-64-v2: dequantized_contraction error
mlopt.kernel @zero_rows(%x: tensor<2x64xf32> {mlopt.range = [0.0, 0.0]}, %w: tensor<70x64xi4> {mlopt.range = [-8, 8]}, %s: tensor<70x2xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<70x2xi4> {mlopt.range = [-4, 4]}) -> tensor<2x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 64], [70, 64], [70, 2], [70, 2], [2, 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<2x64xf32>, tensor<70x64xi4>, tensor<70x2xf32>, tensor<70x2xi4>) -> tensor<2x70xf32>
  mlopt.yield %0 : tensor<2x70xf32>
}
