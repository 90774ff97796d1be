// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,host --size m=1 --size m=9 | FileCheck %s --implicit-check-not=FAILED
//
// Products with weights of 4 bits, two to a byte, where columns share scales and zero points: one for
// all weights, and one column. What the packed form's emitter does not take, the generic one reads
// from the same bytes.

// CHECK: {{^}}i4_scalar x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_scalar(%x: tensor<1x64xf32>, %w: tensor<64x16xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<1x16xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 64], [64, 16], [1, 1], [1, 16]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 64 : i64} : (tensor<1x64xf32>, tensor<64x16xi4>, tensor<1x1xf32>, none) -> tensor<1x16xf32>
  mlopt.yield %0 : tensor<1x16xf32>
}

// CHECK: {{^}}ui4_scalar_zero x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_scalar_zero(%x: tensor<3x300xf32>, %w: tensor<300x33xui4> {mlopt.range = [0, 16]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x1xui4> {mlopt.range = [4, 12]}) -> tensor<3x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 300], [300, 33], [1, 1], [1, 1], [3, 33]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 300 : i64} : (tensor<3x300xf32>, tensor<300x33xui4>, tensor<1x1xf32>, tensor<1x1xui4>) -> tensor<3x33xf32>
  mlopt.yield %0 : tensor<3x33xf32>
}

// CHECK: {{^}}i4_scalar_zero_t x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_scalar_zero_t(%x: tensor<20x16xf32>, %w: tensor<2x16xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x1xi4> {mlopt.range = [-4, 4]}) -> tensor<20x2xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 16], [2, 16], [1, 1], [1, 1], [20, 2]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 16 : i64, transpose_b = true} : (tensor<20x16xf32>, tensor<2x16xi4>, tensor<1x1xf32>, tensor<1x1xi4>) -> tensor<20x2xf32>
  mlopt.yield %0 : tensor<20x2xf32>
}

// CHECK: {{^}}ui4_scalar_t x86-64-v2 m=1: dequantized_contraction error
mlopt.kernel @ui4_scalar_t(%x: tensor<?x128xf32>, %w: tensor<70x128xui4> {mlopt.range = [0, 16]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 128], [70, 128], [1, 1], ["m", 70]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 128 : i64, transpose_b = true} : (tensor<?x128xf32>, tensor<70x128xui4>, tensor<1x1xf32>, none) -> tensor<?x70xf32>
  mlopt.yield %0 : tensor<?x70xf32>
}

// CHECK: {{^}}i4_column_blocks x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_column_blocks(%x: tensor<2x128xf32>, %w: tensor<128x1xi4> {mlopt.range = [-8, 8]}, %s: tensor<4x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 128], [128, 1], [4, 1], [2, 1]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64} : (tensor<2x128xf32>, tensor<128x1xi4>, tensor<4x1xf32>, none) -> tensor<2x1xf32>
  mlopt.yield %0 : tensor<2x1xf32>
}

// CHECK: {{^}}ui4_column_blocks_zero_t x86-64-v2 m=1: dequantized_contraction error
mlopt.kernel @ui4_column_blocks_zero_t(%x: tensor<?x100xf32>, %w: tensor<1x100xui4> {mlopt.range = [0, 16]}, %s: tensor<1x4xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x4xui4> {mlopt.range = [4, 12]}) -> tensor<?x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 100], [1, 100], [1, 4], [1, 4], ["m", 1]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x100xf32>, tensor<1x100xui4>, tensor<1x4xf32>, tensor<1x4xui4>) -> tensor<?x1xf32>
  mlopt.yield %0 : tensor<?x1xf32>
}

// CHECK: {{^}}i4_column_block x86-64-v2: dequantized_contraction error
mlopt.kernel @i4_column_block(%x: tensor<5x24xf32>, %w: tensor<24x1xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x1xi4> {mlopt.range = [-4, 4]}) -> tensor<5x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[5, 24], [24, 1], [1, 1], [1, 1], [5, 1]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 24 : i64} : (tensor<5x24xf32>, tensor<24x1xi4>, tensor<1x1xf32>, tensor<1x1xi4>) -> tensor<5x1xf32>
  mlopt.yield %0 : tensor<5x1xf32>
}

// CHECK: {{^}}ui4_column_block_t x86-64-v2: dequantized_contraction error
mlopt.kernel @ui4_column_block_t(%x: tensor<1x31xf32>, %w: tensor<1x31xui4> {mlopt.range = [0, 16]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<1x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 31], [1, 31], [1, 1], [1, 1]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 31 : i64, transpose_b = true} : (tensor<1x31xf32>, tensor<1x31xui4>, tensor<1x1xf32>, none) -> tensor<1x1xf32>
  mlopt.yield %0 : tensor<1x1xf32>
}

// CHECK: {{^}}i4_generic x86-64-v2: generic error
mlopt.kernel @i4_generic(%x: tensor<3x60xf32>, %w: tensor<60x37xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<3x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 60], [60, 37], [1, 1], [3, 37]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 20 : i64} : (tensor<3x60xf32>, tensor<60x37xi4>, tensor<1x1xf32>, none) -> tensor<3x37xf32>
  mlopt.yield %0 : tensor<3x37xf32>
}

// CHECK: {{^}}i4_generic_zero_t x86-64-v2 m=1: generic error
mlopt.kernel @i4_generic_zero_t(%x: tensor<?x60xf32>, %w: tensor<37x60xi4> {mlopt.range = [-8, 8]}, %s: tensor<1x3xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<1x3xi4> {mlopt.range = [-4, 4]}) -> tensor<?x37xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 60], [37, 60], [1, 3], [1, 3], ["m", 37]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 20 : i64, transpose_b = true} : (tensor<?x60xf32>, tensor<37x60xi4>, tensor<1x3xf32>, tensor<1x3xi4>) -> tensor<?x37xf32>
  mlopt.yield %0 : tensor<?x37xf32>
}

// CHECK: {{^}}ui4_generic_zero x86-64-v2 m=1: generic error
mlopt.kernel @ui4_generic_zero(%x: tensor<?x50xf32>, %w: tensor<50x40xui4> {mlopt.range = [0, 16]}, %s: tensor<3x1xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<3x1xui4> {mlopt.range = [4, 12]}) -> tensor<?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 50], [50, 40], [3, 1], [3, 1], ["m", 40]], layouts = [unit, #mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 20 : i64} : (tensor<?x50xf32>, tensor<50x40xui4>, tensor<3x1xf32>, tensor<3x1xui4>) -> tensor<?x40xf32>
  mlopt.yield %0 : tensor<?x40xf32>
}

// CHECK: {{^}}ui4_generic_t x86-64-v2: generic error
mlopt.kernel @ui4_generic_t(%x: tensor<2x33xf32>, %w: tensor<1x33xui4> {mlopt.range = [0, 16]}, %s: tensor<1x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 33], [1, 33], [1, 3], [2, 1]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 11 : i64, transpose_b = true} : (tensor<2x33xf32>, tensor<1x33xui4>, tensor<1x3xf32>, none) -> tensor<2x1xf32>
  mlopt.yield %0 : tensor<2x1xf32>
}

// Rows of a table that is packed for a product.
// CHECK: {{^}}ui4_rows x86-64-v2: generic error
mlopt.kernel @ui4_rows(%t: tensor<70x43xui4> {mlopt.range = [0, 16]}, %i: tensor<5xi64> {mlopt.range = [0, 70]}) -> tensor<5x43xf32> attributes {hero = #mlopt.hero<gather>, dims = [[70, 43], [5], [5, 43]], layouts = [#mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, unit, unit]} {
  %0 = mlopt.gather %t, %i {mlopt.hero_op, axis = 0 : i64} : (tensor<70x43xui4>, tensor<5xi64>) -> tensor<5x43xui4>
  %1 = mlopt.cast %0 {to = f32} : (tensor<5x43xui4>) -> tensor<5x43xf32>
  mlopt.yield %1 : tensor<5x43xf32>
}

// CHECK: {{^}}i4_rows x86-64-v2: generic error
mlopt.kernel @i4_rows(%t: tensor<48x70xi4> {mlopt.range = [-8, 8]}, %i: tensor<5xi64> {mlopt.range = [0, 48]}) -> tensor<5x70xi4> attributes {hero = #mlopt.hero<gather>, dims = [[48, 70], [5], [5, 70]], layouts = [#mlopt.layout<"nibbles32", [1, 32, 0, 0, 8, 0, 1, 1, 32, 0, 1, 8], per_byte = 2>, unit, unit]} {
  %0 = mlopt.gather %t, %i {mlopt.hero_op, axis = 0 : i64} : (tensor<48x70xi4>, tensor<5xi64>) -> tensor<5x70xi4>
  mlopt.yield %0 : tensor<5x70xi4>
}
