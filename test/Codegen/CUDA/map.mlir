// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas none --size m=8,n=64 --size m=5,n=33 --size m=1,n=1 --size m=3,n=0 --size m=70,n=24 | FileCheck %s --implicit-check-not=FAILED
//
// Elementwise kernels, copies and picked elements in the emulator. Where rows are multiples
// of 16 bytes, no sector is read or written beyond those that hold what is asked for.
// CHECK: {{^}}flat_f32 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_f64 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_f16 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_bf16 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_i8 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_i64 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_i1 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}fixed sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}large sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}row_f32 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}row_f16 sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}row_fixed sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}row_six sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}column sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}column_fixed sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}outer sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}channel sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}between sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}one sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}rank_six sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}scalar sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}mixed sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}doubles sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}slice_whole sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}slice_back sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}heads sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}channels_last sm_80 m=8,n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}concat_outer sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}concat_last sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}pad_whole sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}pad_outer sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}pad_edge sm_80: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}embedding sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}embedding_f32 sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}embedding_sum sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}gather_nd sm_80 m=8: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}concat_cl sm_80 m=8,n=64: cuda-map
// CHECK: {{^}}pad_cl sm_80 n=64: cuda-map excess=0 conflicts=1.00
// CHECK: {{^}}flat_f32 sm_90 m=8,n=64: cuda-map excess=0
// CHECK: {{^}}gather_nd sm_90 m=70: cuda-map

// Every shape the same: one run of memory, with a rest at its end.
mlopt.kernel @flat_f32(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @flat_f64(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>) -> tensor<?x?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf64>, tensor<?x?xf64>) -> tensor<?x?xf64>
  mlopt.yield %0 : tensor<?x?xf64>
}
mlopt.kernel @flat_f16(%a: tensor<?x?xf16>, %b: tensor<?x?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf16>, tensor<?x?xf16>) -> tensor<?x?xf16>
  mlopt.yield %0 : tensor<?x?xf16>
}
mlopt.kernel @flat_bf16(%a: tensor<?x?xbf16>, %b: tensor<?x?xbf16>) -> tensor<?x?xbf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xbf16>, tensor<?x?xbf16>) -> tensor<?x?xbf16>
  mlopt.yield %0 : tensor<?x?xbf16>
}
mlopt.kernel @flat_i8(%a: tensor<?x?xi8>, %b: tensor<?x?xi8>) -> tensor<?x?xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xi8>, tensor<?x?xi8>) -> tensor<?x?xi8>
  mlopt.yield %0 : tensor<?x?xi8>
}
mlopt.kernel @flat_i64(%a: tensor<?x?xi64>, %b: tensor<?x?xi64>) -> tensor<?x?xi64> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xi64>, tensor<?x?xi64>) -> tensor<?x?xi64>
  mlopt.yield %0 : tensor<?x?xi64>
}
mlopt.kernel @flat_i1(%a: tensor<?x?xi1>, %b: tensor<?x?xi1>) -> tensor<?x?xi1> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.and %a, %b {mlopt.hero_op} : (tensor<?x?xi1>, tensor<?x?xi1>) -> tensor<?x?xi1>
  mlopt.yield %0 : tensor<?x?xi1>
}
mlopt.kernel @fixed(%a: tensor<3x5x7xf32>, %b: tensor<3x5x7xf32>) -> tensor<3x5x7xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 5, 7], [3, 5, 7], [3, 5, 7]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<3x5x7xf32>, tensor<3x5x7xf32>) -> tensor<3x5x7xf32>
  mlopt.yield %0 : tensor<3x5x7xf32>
}
mlopt.kernel @large(%a: tensor<64x96x50xf32>, %b: tensor<64x96x50xf32>) -> tensor<64x96x50xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[64, 96, 50], [64, 96, 50], [64, 96, 50]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<64x96x50xf32>, tensor<64x96x50xf32>) -> tensor<64x96x50xf32>
  mlopt.yield %0 : tensor<64x96x50xf32>
}
// Broadcasts: rows, columns, both, a dimension in between, one element.
mlopt.kernel @row_f32(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @row_f16(%a: tensor<?x?xf16>, %b: tensor<?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf16>, tensor<?xf16>) -> tensor<?x?xf16>
  mlopt.yield %0 : tensor<?x?xf16>
}
mlopt.kernel @row_fixed(%a: tensor<3x5x768xbf16>, %b: tensor<768xbf16>) -> tensor<3x5x768xbf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 5, 768], [768], [3, 5, 768]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<3x5x768xbf16>, tensor<768xbf16>) -> tensor<3x5x768xbf16>
  mlopt.yield %0 : tensor<3x5x768xbf16>
}
mlopt.kernel @row_odd(%a: tensor<6x33xf16>, %b: tensor<33xf16>) -> tensor<6x33xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[6, 33], [33], [6, 33]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<6x33xf16>, tensor<33xf16>) -> tensor<6x33xf16>
  mlopt.yield %0 : tensor<6x33xf16>
}
mlopt.kernel @row_six(%a: tensor<5x6xf32>, %b: tensor<6xf32>) -> tensor<5x6xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, 6], [6], [5, 6]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<5x6xf32>, tensor<6xf32>) -> tensor<5x6xf32>
  mlopt.yield %0 : tensor<5x6xf32>
}
mlopt.kernel @column(%a: tensor<?x?xf32>, %b: tensor<?x1xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", 1], ["m", "n"]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @column_fixed(%a: tensor<7x64xf16>, %b: tensor<7x1xf16>) -> tensor<7x64xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 64], [7, 1], [7, 64]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<7x64xf16>, tensor<7x1xf16>) -> tensor<7x64xf16>
  mlopt.yield %0 : tensor<7x64xf16>
}
mlopt.kernel @outer(%a: tensor<?x1xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", 1], ["n"], ["m", "n"]]} {
  %0 = mlopt.sub %a, %b {mlopt.hero_op} : (tensor<?x1xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @channel(%a: tensor<2x?x5x8xf32>, %b: tensor<?x1x1xf32>) -> tensor<2x?x5x8xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, "m", 5, 8], ["m", 1, 1], [2, "m", 5, 8]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<2x?x5x8xf32>, tensor<?x1x1xf32>) -> tensor<2x?x5x8xf32>
  mlopt.yield %0 : tensor<2x?x5x8xf32>
}
mlopt.kernel @between(%a: tensor<2x?x5x8xf16>, %b: tensor<2x1x1x8xf16>) -> tensor<2x?x5x8xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, "m", 5, 8], [2, 1, 1, 8], [2, "m", 5, 8]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<2x?x5x8xf16>, tensor<2x1x1x8xf16>) -> tensor<2x?x5x8xf16>
  mlopt.yield %0 : tensor<2x?x5x8xf16>
}
mlopt.kernel @one(%a: tensor<?x?xf32>, %b: tensor<f32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], [], ["m", "n"]]} {
  %0 = mlopt.mul %a, %b {mlopt.hero_op} : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}
mlopt.kernel @rank_six(%a: tensor<2x3x2x?x2x4xf32>, %b: tensor<2x1x2x?x1x4xf32>) -> tensor<2x3x2x?x2x4xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, 3, 2, "m", 2, 4], [2, 1, 2, "m", 1, 4], [2, 3, 2, "m", 2, 4]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<2x3x2x?x2x4xf32>, tensor<2x1x2x?x1x4xf32>) -> tensor<2x3x2x?x2x4xf32>
  mlopt.yield %0 : tensor<2x3x2x?x2x4xf32>
}
mlopt.kernel @scalar(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> attributes {hero = #mlopt.hero<elementwise>, dims = [[], [], []]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  mlopt.yield %0 : tensor<f32>
}
// Several operations, element types and results.
mlopt.kernel @mixed(%a: tensor<?x?xf32>, %b: tensor<?x?xf16>, %c: tensor<?xf32>, %s: tensor<f32>) -> (tensor<?x?xf16>, tensor<?x?xi1>) attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"], ["n"], [], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.cast %b {to = f32} : (tensor<?x?xf16>) -> tensor<?x?xf32>
  %1 = mlopt.mul %0, %s : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %2 = mlopt.add %a, %1 {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %3 = mlopt.add %2, %c : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %4 = mlopt.gelu %3 : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %5 = mlopt.compare %4, %a {predicate = #mlopt<predicate lt>} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xi1>
  %6 = mlopt.cast %4 {to = f16} : (tensor<?x?xf32>) -> tensor<?x?xf16>
  mlopt.yield %6, %5 : tensor<?x?xf16>, tensor<?x?xi1>
}
mlopt.kernel @doubles(%a: tensor<?x?xf64>) -> tensor<?x?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["m", "n"], ["m", "n"]]} {
  %0 = mlopt.tanh %a {mlopt.hero_op} : (tensor<?x?xf64>) -> tensor<?x?xf64>
  mlopt.yield %0 : tensor<?x?xf64>
}
// Copies.
mlopt.kernel @slice_whole(%a: tensor<9x64xf16>) -> tensor<5x32xf16> attributes {hero = #mlopt.hero<copy>, dims = [[9, 64], [5, 32]]} {
  %0 = mlopt.slice %a {static_starts = array<i64: 2, 16>, static_sizes = array<i64: 5, 32>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<9x64xf16>) -> tensor<5x32xf16>
  mlopt.yield %0 : tensor<5x32xf16>
}
mlopt.kernel @slice_odd(%a: tensor<9x64xf16>) -> tensor<5x33xf16> attributes {hero = #mlopt.hero<copy>, dims = [[9, 64], [5, 33]]} {
  %0 = mlopt.slice %a {static_starts = array<i64: 2, 3>, static_sizes = array<i64: 5, 33>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<9x64xf16>) -> tensor<5x33xf16>
  mlopt.yield %0 : tensor<5x33xf16>
}
mlopt.kernel @slice_apart(%a: tensor<9x64xf32>) -> tensor<5x13xf32> attributes {hero = #mlopt.hero<copy>, dims = [[9, 64], [5, 13]]} {
  %0 = mlopt.slice %a {static_starts = array<i64: 2, 3>, static_sizes = array<i64: 5, 13>, strides = array<i64: 1, 4>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<9x64xf32>) -> tensor<5x13xf32>
  mlopt.yield %0 : tensor<5x13xf32>
}
mlopt.kernel @slice_back(%a: tensor<9x64xf32>) -> tensor<9x64xf32> attributes {hero = #mlopt.hero<copy>, dims = [[9, 64], [9, 64]]} {
  %0 = mlopt.slice %a {static_starts = array<i64: 8, 63>, static_sizes = array<i64: 9, 64>, strides = array<i64: -1, -1>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<9x64xf32>) -> tensor<9x64xf32>
  mlopt.yield %0 : tensor<9x64xf32>
}
mlopt.kernel @heads(%a: tensor<2x?x4x16xf16>) -> tensor<2x4x?x16xf16> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "m", 4, 16], [2, 4, "m", 16]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 1, 3>, mlopt.hero_op} : (tensor<2x?x4x16xf16>) -> tensor<2x4x?x16xf16>
  mlopt.yield %0 : tensor<2x4x?x16xf16>
}
mlopt.kernel @channels_last(%a: tensor<2x16x?x?xf16>, %b: tensor<16x1x1xf16>) -> tensor<2x16x?x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[2, 16, "m", "n"], [16, 1, 1], [2, 16, "m", "n"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<2x16x?x?xf16>, tensor<16x1x1xf16>) -> tensor<2x16x?x?xf16>
  mlopt.yield %0 : tensor<2x16x?x?xf16>
}
// Concatenations and pads.
mlopt.kernel @concat_outer(%a0: tensor<3x?x16xf16>, %a1: tensor<2x?x16xf16>) -> tensor<5x?x16xf16> attributes {hero = #mlopt.hero<copy>, dims = [[3, "m", 16], [2, "m", 16], [5, "m", 16]]} {
  %0 = mlopt.concat %a0, %a1 {axis = 0 : i64, mlopt.hero_op} : (tensor<3x?x16xf16>, tensor<2x?x16xf16>) -> tensor<5x?x16xf16>
  mlopt.yield %0 : tensor<5x?x16xf16>
}
mlopt.kernel @concat_last(%a0: tensor<?x16xf16>, %a1: tensor<?x8xf16>, %a2: tensor<?x40xf16>) -> tensor<?x64xf16> attributes {hero = #mlopt.hero<copy>, dims = [["m", 16], ["m", 8], ["m", 40], ["m", 64]]} {
  %0 = mlopt.concat %a0, %a1, %a2 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x16xf16>, tensor<?x8xf16>, tensor<?x40xf16>) -> tensor<?x64xf16>
  mlopt.yield %0 : tensor<?x64xf16>
}
mlopt.kernel @concat_odd(%a0: tensor<?x3xf32>, %a1: tensor<?x20xf32>, %a2: tensor<?x1xf32>) -> tensor<?x24xf32> attributes {hero = #mlopt.hero<copy>, dims = [["m", 3], ["m", 20], ["m", 1], ["m", 24]]} {
  %0 = mlopt.concat %a0, %a1, %a2 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x3xf32>, tensor<?x20xf32>, tensor<?x1xf32>) -> tensor<?x24xf32>
  mlopt.yield %0 : tensor<?x24xf32>
}
mlopt.kernel @pad_whole(%a: tensor<5x16xf16>, %v: tensor<f16>) -> tensor<8x32xf16> attributes {hero = #mlopt.hero<copy>, dims = [[5, 16], [], [8, 32]]} {
  %0 = mlopt.pad %a, %v {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 8>, static_high = array<i64: 2, 8>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x16xf16>, tensor<f16>) -> tensor<8x32xf16>
  mlopt.yield %0 : tensor<8x32xf16>
}
mlopt.kernel @pad_outer(%a: tensor<5x16xf32>, %v: tensor<f32>) -> tensor<8x16xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 16], [], [8, 16]]} {
  %0 = mlopt.pad %a, %v {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 0>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x16xf32>, tensor<f32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @pad_odd(%a: tensor<5x9xf32>, %v: tensor<f32>) -> tensor<7x14xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 9], [], [7, 14]]} {
  %0 = mlopt.pad %a, %v {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x9xf32>, tensor<f32>) -> tensor<7x14xf32>
  mlopt.yield %0 : tensor<7x14xf32>
}
mlopt.kernel @pad_edge(%a: tensor<5x16xf16>, %v: tensor<f16>) -> tensor<8x32xf16> attributes {hero = #mlopt.hero<copy>, dims = [[5, 16], [], [8, 32]]} {
  %0 = mlopt.pad %a, %v {mode = #mlopt<pad_mode edge>, static_low = array<i64: 1, 8>, static_high = array<i64: 2, 8>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x16xf16>, tensor<f16>) -> tensor<8x32xf16>
  mlopt.yield %0 : tensor<8x32xf16>
}
// Picked elements.
mlopt.kernel @embedding(%d: tensor<10x768xf16>, %i: tensor<2x?xi64> {mlopt.range = [-10, 10]}) -> tensor<2x?x768xf16> attributes {hero = #mlopt.hero<gather>, dims = [[10, 768], [2, "m"], [2, "m", 768]]} {
  %0 = mlopt.gather %d, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<10x768xf16>, tensor<2x?xi64>) -> tensor<2x?x768xf16>
  mlopt.yield %0 : tensor<2x?x768xf16>
}
mlopt.kernel @embedding_f32(%d: tensor<10x128xf32>, %i: tensor<?xi32> {mlopt.range = [0, 10]}) -> tensor<?x128xf32> attributes {hero = #mlopt.hero<gather>, dims = [[10, 128], ["m"], ["m", 128]]} {
  %0 = mlopt.gather %d, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<10x128xf32>, tensor<?xi32>) -> tensor<?x128xf32>
  mlopt.yield %0 : tensor<?x128xf32>
}
mlopt.kernel @gather_last(%d: tensor<?x10xf32>, %i: tensor<2x3xi64> {mlopt.range = [-10, 10]}) -> tensor<?x2x3xf32> attributes {hero = #mlopt.hero<gather>, dims = [["m", 10], [2, 3], ["m", 2, 3]]} {
  %0 = mlopt.gather %d, %i {axis = 1 : i64, mlopt.hero_op} : (tensor<?x10xf32>, tensor<2x3xi64>) -> tensor<?x2x3xf32>
  mlopt.yield %0 : tensor<?x2x3xf32>
}
mlopt.kernel @gather_between(%d: tensor<?x10x8xf16>, %i: tensor<6xi64> {mlopt.range = [-10, 10]}) -> tensor<?x6x8xf16> attributes {hero = #mlopt.hero<gather>, dims = [["m", 10, 8], [6], ["m", 6, 8]]} {
  %0 = mlopt.gather %d, %i {axis = 1 : i64, mlopt.hero_op} : (tensor<?x10x8xf16>, tensor<6xi64>) -> tensor<?x6x8xf16>
  mlopt.yield %0 : tensor<?x6x8xf16>
}
mlopt.kernel @embedding_sum(%d: tensor<10x64xf16>, %i: tensor<2x?xi64> {mlopt.range = [0, 10]}, %p: tensor<?x64xf16>) -> tensor<2x?x64xf16> attributes {hero = #mlopt.hero<gather>, dims = [[10, 64], [2, "m"], ["m", 64], [2, "m", 64]]} {
  %0 = mlopt.gather %d, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<10x64xf16>, tensor<2x?xi64>) -> tensor<2x?x64xf16>
  %1 = mlopt.add %0, %p : (tensor<2x?x64xf16>, tensor<?x64xf16>) -> tensor<2x?x64xf16>
  mlopt.yield %1 : tensor<2x?x64xf16>
}
mlopt.kernel @gather_elements(%d: tensor<?x10xf32>, %i: tensor<?x4xi64> {mlopt.range = [0, 10]}) -> tensor<?x4xf32> attributes {hero = #mlopt.hero<gather>, dims = [["m", 10], ["m", 4], ["m", 4]]} {
  %0 = mlopt.gather_elements %d, %i {axis = 1 : i64, mlopt.hero_op} : (tensor<?x10xf32>, tensor<?x4xi64>) -> tensor<?x4xf32>
  mlopt.yield %0 : tensor<?x4xf32>
}
mlopt.kernel @gather_nd(%d: tensor<4x4x16xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 4]}) -> tensor<?x16xf32> attributes {hero = #mlopt.hero<gather>, dims = [[4, 4, 16], ["m", 2], ["m", 16]]} {
  %0 = mlopt.gather_nd %d, %i {batch_dims = 0 : i64, mlopt.hero_op} : (tensor<4x4x16xf32>, tensor<?x2xi64>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}
// Images with their channels innermost: the concatenation is along them.
mlopt.kernel @concat_cl(%a: tensor<2x16x?x?xf16>, %b: tensor<2x8x?x?xf16>) -> tensor<2x24x?x?xf16> attributes {hero = #mlopt.hero<copy>, dims = [[2, 16, "m", "n"], [2, 8, "m", "n"], [2, 24, "m", "n"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d8c", [0, 1, 0, 1, 8, 0, 2, 1, 0, 3, 1, 0, 1, 1, 8]>, #mlopt.layout<"nc2d24c", [0, 1, 0, 1, 24, 0, 2, 1, 0, 3, 1, 0, 1, 1, 24]>]} {
  %0 = mlopt.concat %a, %b {axis = 1 : i64, mlopt.hero_op} : (tensor<2x16x?x?xf16>, tensor<2x8x?x?xf16>) -> tensor<2x24x?x?xf16>
  mlopt.yield %0 : tensor<2x24x?x?xf16>
}
mlopt.kernel @pad_cl(%a: tensor<2x16x6x?xf16>, %v: tensor<f16>) -> tensor<2x16x8x?xf16> attributes {hero = #mlopt.hero<copy>, dims = [[2, 16, 6, "n"], [], [2, 16, 8, "n"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.pad %a, %v {mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 0, 1, 0>, static_high = array<i64: 0, 0, 1, 0>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<2x16x6x?xf16>, tensor<f16>) -> tensor<2x16x8x?xf16>
  mlopt.yield %0 : tensor<2x16x8x?xf16>
}

// Whole vectors fill the blocks of which one more is there for the last element.
mlopt.kernel @one_behind(%x: tensor<129xf32>) -> tensor<129xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[129], [129]]} {
  %0 = mlopt.tanh %x {mlopt.hero_op} : (tensor<129xf32>) -> tensor<129xf32>
  mlopt.yield %0 : tensor<129xf32>
}

mlopt.kernel @one_behind_wide(%x: tensor<257xf64>) -> tensor<257xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [[257], [257]]} {
  %0 = mlopt.neg %x {mlopt.hero_op} : (tensor<257xf64>) -> tensor<257xf64>
  mlopt.yield %0 : tensor<257xf64>
}

mlopt.kernel @less_than_a_vector(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3], [3], [3]]} {
  %0 = mlopt.div %x, %y {mlopt.hero_op} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  mlopt.yield %0 : tensor<3xf32>
}
