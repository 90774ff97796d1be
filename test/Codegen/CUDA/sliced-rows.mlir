// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_90 | FileCheck %s --implicit-check-not=FAILED
//
// Vectors of a slice that lie across those of its input: accesses of 16 bytes would be misaligned,
// which the emulator reports.

// CHECK: softmax_of_slice sm_90{{.*}}: cuda-rows
mlopt.kernel @softmax_of_slice(%x: tensor<5x9xf32>) -> tensor<5x8xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[5, 9], [5, 8]]} {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 5, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<5x9xf32>) -> tensor<5x8xf32>
  %1 = mlopt.exp %0 : (tensor<5x8xf32>) -> tensor<5x8xf32>
  %2 = mlopt.softmax %1 {axis = 1 : i64, mlopt.hero_op} : (tensor<5x8xf32>) -> tensor<5x8xf32>
  mlopt.yield %2 : tensor<5x8xf32>
}

// Rows of 13 elements: the first of a row may be anywhere, though the slice begins at 0.
// CHECK: sum_of_slice sm_90{{.*}}: cuda-rows
mlopt.kernel @sum_of_slice(%x: tensor<6x13xf16>) -> tensor<6xf16> attributes {hero = #mlopt.hero<reduction>, dims = [[6, 13], [6]]} {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 6, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<6x13xf16>) -> tensor<6x8xf16>
  %1 = mlopt.reduce %0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<6x8xf16>) -> tensor<6xf16>
  mlopt.yield %1 : tensor<6xf16>
}

// CHECK: sum_across_slice sm_90{{.*}}: cuda-rows
mlopt.kernel @sum_across_slice(%x: tensor<30x9xf32>) -> tensor<8xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[30, 9], [8]]} {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 30, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<30x9xf32>) -> tensor<30x8xf32>
  %1 = mlopt.reduce %0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<30x8xf32>) -> tensor<8xf32>
  mlopt.yield %1 : tensor<8xf32>
}

// What follows a product, read at an odd place.
// CHECK: product_and_slice sm_90{{.*}}: cuda-contraction
mlopt.kernel @product_and_slice(%x: tensor<9x16xf32>, %w: tensor<16x8xf32>, %r: tensor<9x9xf32>) -> tensor<9x8xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[9, 16], [16, 8], [9, 9], [9, 8]]} {
  %0 = mlopt.matmul %x, %w {mlopt.hero_op} : (tensor<9x16xf32>, tensor<16x8xf32>) -> tensor<9x8xf32>
  %1 = mlopt.slice %r {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 9, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<9x9xf32>) -> tensor<9x8xf32>
  %2 = mlopt.add %0, %1 : (tensor<9x8xf32>, tensor<9x8xf32>) -> tensor<9x8xf32>
  mlopt.yield %2 : tensor<9x8xf32>
}
