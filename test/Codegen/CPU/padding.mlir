// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1 --size n=37 | FileCheck %s --implicit-check-not=FAILED
//
// Padding along the run: what lies inside by vectors; sizes below a vector, cut
// ends, several reflections, runs of several chunks.
// CHECK: {{^}}constant_f32_2 x86-64-v2{{.*}}: generic
// CHECK: {{^}}wrap_rows x86-64-v4 n=37: generic

mlopt.kernel @constant_f32_2(%a: tensor<3x5x2xf32>, %v: tensor<f32>) -> tensor<3x8x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 2], [], [3, 8, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x2xf32>, tensor<f32>) -> tensor<3x8x9xf32>
  mlopt.yield %0 : tensor<3x8x9xf32>
}
mlopt.kernel @constant_above_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @constant_cut_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @constant_f32_5(%a: tensor<3x5x5xf32>, %v: tensor<f32>) -> tensor<3x8x12xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 5], [], [3, 8, 12]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x5xf32>, tensor<f32>) -> tensor<3x8x12xf32>
  mlopt.yield %0 : tensor<3x8x12xf32>
}
mlopt.kernel @constant_above_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @constant_cut_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @constant_f32_16(%a: tensor<3x5x16xf32>, %v: tensor<f32>) -> tensor<3x8x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 16], [], [3, 8, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x16xf32>, tensor<f32>) -> tensor<3x8x23xf32>
  mlopt.yield %0 : tensor<3x8x23xf32>
}
mlopt.kernel @constant_above_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @constant_cut_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @constant_f32_77(%a: tensor<3x5x77xf32>, %v: tensor<f32>) -> tensor<3x8x84xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 77], [], [3, 8, 84]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x77xf32>, tensor<f32>) -> tensor<3x8x84xf32>
  mlopt.yield %0 : tensor<3x8x84xf32>
}
mlopt.kernel @constant_above_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @constant_cut_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @constant_i8(%a: tensor<3x5x37xi8>, %v: tensor<i8>) -> tensor<3x8x44xi8> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xi8>, tensor<i8>) -> tensor<3x8x44xi8>
  mlopt.yield %0 : tensor<3x8x44xi8>
}
mlopt.kernel @constant_f64(%a: tensor<3x5x37xf64>, %v: tensor<f64>, %b: tensor<3x8x44xf64>) -> tensor<3x8x44xf64> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xf64>, tensor<f64>) -> tensor<3x8x44xf64>
  %1 = mlopt.mul %0, %b : (tensor<3x8x44xf64>, tensor<3x8x44xf64>) -> tensor<3x8x44xf64>
  mlopt.yield %1 : tensor<3x8x44xf64>
}
mlopt.kernel @constant_bf16(%a: tensor<3x5x37xbf16>, %v: tensor<bf16>) -> tensor<3x8x44xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xbf16>, tensor<bf16>) -> tensor<3x8x44xbf16>
  mlopt.yield %0 : tensor<3x8x44xbf16>
}
mlopt.kernel @constant_twice(%a: tensor<2x3xf32>, %v: tensor<f32>) -> tensor<2x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3], [], [2, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 10>, static_high = array<i64: 0, 10>, mlopt.hero_op} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x23xf32>
  mlopt.yield %0 : tensor<2x23xf32>
}
mlopt.kernel @constant_long(%a: tensor<2x3000xf32>, %v: tensor<f32>) -> tensor<2x6000xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3000], [], [2, 6000]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1400>, static_high = array<i64: 0, 1600>, mlopt.hero_op} : (tensor<2x3000xf32>, tensor<f32>) -> tensor<2x6000xf32>
  mlopt.yield %0 : tensor<2x6000xf32>
}
mlopt.kernel @constant_rows(%a: tensor<3x?xf32>, %v: tensor<f32>) -> tensor<6x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, "n"], [], [6, "n"]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 0>, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>) -> tensor<6x?xf32>
  mlopt.yield %0 : tensor<6x?xf32>
}
mlopt.kernel @edge_f32_2(%a: tensor<3x5x2xf32>, %v: tensor<f32>) -> tensor<3x8x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 2], [], [3, 8, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x2xf32>, tensor<f32>) -> tensor<3x8x9xf32>
  mlopt.yield %0 : tensor<3x8x9xf32>
}
mlopt.kernel @edge_above_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @edge_cut_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @edge_f32_5(%a: tensor<3x5x5xf32>, %v: tensor<f32>) -> tensor<3x8x12xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 5], [], [3, 8, 12]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x5xf32>, tensor<f32>) -> tensor<3x8x12xf32>
  mlopt.yield %0 : tensor<3x8x12xf32>
}
mlopt.kernel @edge_above_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @edge_cut_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @edge_f32_16(%a: tensor<3x5x16xf32>, %v: tensor<f32>) -> tensor<3x8x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 16], [], [3, 8, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x16xf32>, tensor<f32>) -> tensor<3x8x23xf32>
  mlopt.yield %0 : tensor<3x8x23xf32>
}
mlopt.kernel @edge_above_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @edge_cut_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @edge_f32_77(%a: tensor<3x5x77xf32>, %v: tensor<f32>) -> tensor<3x8x84xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 77], [], [3, 8, 84]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x77xf32>, tensor<f32>) -> tensor<3x8x84xf32>
  mlopt.yield %0 : tensor<3x8x84xf32>
}
mlopt.kernel @edge_above_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @edge_cut_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @edge_i8(%a: tensor<3x5x37xi8>, %v: tensor<i8>) -> tensor<3x8x44xi8> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xi8>, tensor<i8>) -> tensor<3x8x44xi8>
  mlopt.yield %0 : tensor<3x8x44xi8>
}
mlopt.kernel @edge_f64(%a: tensor<3x5x37xf64>, %v: tensor<f64>, %b: tensor<3x8x44xf64>) -> tensor<3x8x44xf64> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xf64>, tensor<f64>) -> tensor<3x8x44xf64>
  %1 = mlopt.mul %0, %b : (tensor<3x8x44xf64>, tensor<3x8x44xf64>) -> tensor<3x8x44xf64>
  mlopt.yield %1 : tensor<3x8x44xf64>
}
mlopt.kernel @edge_bf16(%a: tensor<3x5x37xbf16>, %v: tensor<bf16>) -> tensor<3x8x44xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xbf16>, tensor<bf16>) -> tensor<3x8x44xbf16>
  mlopt.yield %0 : tensor<3x8x44xbf16>
}
mlopt.kernel @edge_twice(%a: tensor<2x3xf32>, %v: tensor<f32>) -> tensor<2x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3], [], [2, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 10>, static_high = array<i64: 0, 10>, mlopt.hero_op} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x23xf32>
  mlopt.yield %0 : tensor<2x23xf32>
}
mlopt.kernel @edge_long(%a: tensor<2x3000xf32>, %v: tensor<f32>) -> tensor<2x6000xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3000], [], [2, 6000]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 0, 1400>, static_high = array<i64: 0, 1600>, mlopt.hero_op} : (tensor<2x3000xf32>, tensor<f32>) -> tensor<2x6000xf32>
  mlopt.yield %0 : tensor<2x6000xf32>
}
mlopt.kernel @edge_rows(%a: tensor<3x?xf32>, %v: tensor<f32>) -> tensor<6x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, "n"], [], [6, "n"]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode edge>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 0>, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>) -> tensor<6x?xf32>
  mlopt.yield %0 : tensor<6x?xf32>
}
mlopt.kernel @reflect_f32_2(%a: tensor<3x5x2xf32>, %v: tensor<f32>) -> tensor<3x8x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 2], [], [3, 8, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x2xf32>, tensor<f32>) -> tensor<3x8x9xf32>
  mlopt.yield %0 : tensor<3x8x9xf32>
}
mlopt.kernel @reflect_above_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @reflect_cut_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @reflect_f32_5(%a: tensor<3x5x5xf32>, %v: tensor<f32>) -> tensor<3x8x12xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 5], [], [3, 8, 12]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x5xf32>, tensor<f32>) -> tensor<3x8x12xf32>
  mlopt.yield %0 : tensor<3x8x12xf32>
}
mlopt.kernel @reflect_above_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @reflect_cut_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @reflect_f32_16(%a: tensor<3x5x16xf32>, %v: tensor<f32>) -> tensor<3x8x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 16], [], [3, 8, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x16xf32>, tensor<f32>) -> tensor<3x8x23xf32>
  mlopt.yield %0 : tensor<3x8x23xf32>
}
mlopt.kernel @reflect_above_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @reflect_cut_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @reflect_f32_77(%a: tensor<3x5x77xf32>, %v: tensor<f32>) -> tensor<3x8x84xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 77], [], [3, 8, 84]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x77xf32>, tensor<f32>) -> tensor<3x8x84xf32>
  mlopt.yield %0 : tensor<3x8x84xf32>
}
mlopt.kernel @reflect_above_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @reflect_cut_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @reflect_i8(%a: tensor<3x5x37xi8>, %v: tensor<i8>) -> tensor<3x8x44xi8> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xi8>, tensor<i8>) -> tensor<3x8x44xi8>
  mlopt.yield %0 : tensor<3x8x44xi8>
}
mlopt.kernel @reflect_f64(%a: tensor<3x5x37xf64>, %v: tensor<f64>, %b: tensor<3x8x44xf64>) -> tensor<3x8x44xf64> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xf64>, tensor<f64>) -> tensor<3x8x44xf64>
  %1 = mlopt.mul %0, %b : (tensor<3x8x44xf64>, tensor<3x8x44xf64>) -> tensor<3x8x44xf64>
  mlopt.yield %1 : tensor<3x8x44xf64>
}
mlopt.kernel @reflect_bf16(%a: tensor<3x5x37xbf16>, %v: tensor<bf16>) -> tensor<3x8x44xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xbf16>, tensor<bf16>) -> tensor<3x8x44xbf16>
  mlopt.yield %0 : tensor<3x8x44xbf16>
}
mlopt.kernel @reflect_twice(%a: tensor<2x3xf32>, %v: tensor<f32>) -> tensor<2x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3], [], [2, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 10>, static_high = array<i64: 0, 10>, mlopt.hero_op} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x23xf32>
  mlopt.yield %0 : tensor<2x23xf32>
}
mlopt.kernel @reflect_long(%a: tensor<2x3000xf32>, %v: tensor<f32>) -> tensor<2x6000xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3000], [], [2, 6000]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1400>, static_high = array<i64: 0, 1600>, mlopt.hero_op} : (tensor<2x3000xf32>, tensor<f32>) -> tensor<2x6000xf32>
  mlopt.yield %0 : tensor<2x6000xf32>
}
mlopt.kernel @reflect_rows(%a: tensor<3x?xf32>, %v: tensor<f32>) -> tensor<6x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, "n"], [], [6, "n"]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 0>, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>) -> tensor<6x?xf32>
  mlopt.yield %0 : tensor<6x?xf32>
}
mlopt.kernel @wrap_f32_2(%a: tensor<3x5x2xf32>, %v: tensor<f32>) -> tensor<3x8x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 2], [], [3, 8, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x2xf32>, tensor<f32>) -> tensor<3x8x9xf32>
  mlopt.yield %0 : tensor<3x8x9xf32>
}
mlopt.kernel @wrap_above_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @wrap_cut_2(%a: tensor<3x2xf32>, %v: tensor<f32>) -> tensor<3x6xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 2], [], [3, 6]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x6xf32>
  mlopt.yield %0 : tensor<3x6xf32>
}
mlopt.kernel @wrap_f32_5(%a: tensor<3x5x5xf32>, %v: tensor<f32>) -> tensor<3x8x12xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 5], [], [3, 8, 12]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x5xf32>, tensor<f32>) -> tensor<3x8x12xf32>
  mlopt.yield %0 : tensor<3x8x12xf32>
}
mlopt.kernel @wrap_above_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @wrap_cut_5(%a: tensor<3x5xf32>, %v: tensor<f32>) -> tensor<3x9xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [], [3, 9]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x9xf32>
  mlopt.yield %0 : tensor<3x9xf32>
}
mlopt.kernel @wrap_f32_16(%a: tensor<3x5x16xf32>, %v: tensor<f32>) -> tensor<3x8x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 16], [], [3, 8, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x16xf32>, tensor<f32>) -> tensor<3x8x23xf32>
  mlopt.yield %0 : tensor<3x8x23xf32>
}
mlopt.kernel @wrap_above_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @wrap_cut_16(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}
mlopt.kernel @wrap_f32_77(%a: tensor<3x5x77xf32>, %v: tensor<f32>) -> tensor<3x8x84xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 77], [], [3, 8, 84]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x77xf32>, tensor<f32>) -> tensor<3x8x84xf32>
  mlopt.yield %0 : tensor<3x8x84xf32>
}
mlopt.kernel @wrap_above_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 0>, static_high = array<i64: 0, 4>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @wrap_cut_77(%a: tensor<3x77xf32>, %v: tensor<f32>) -> tensor<3x81xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 77], [], [3, 81]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, -1>, static_high = array<i64: 0, 5>, mlopt.hero_op} : (tensor<3x77xf32>, tensor<f32>) -> tensor<3x81xf32>
  mlopt.yield %0 : tensor<3x81xf32>
}
mlopt.kernel @wrap_i8(%a: tensor<3x5x37xi8>, %v: tensor<i8>) -> tensor<3x8x44xi8> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xi8>, tensor<i8>) -> tensor<3x8x44xi8>
  mlopt.yield %0 : tensor<3x8x44xi8>
}
mlopt.kernel @wrap_f64(%a: tensor<3x5x37xf64>, %v: tensor<f64>, %b: tensor<3x8x44xf64>) -> tensor<3x8x44xf64> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xf64>, tensor<f64>) -> tensor<3x8x44xf64>
  %1 = mlopt.mul %0, %b : (tensor<3x8x44xf64>, tensor<3x8x44xf64>) -> tensor<3x8x44xf64>
  mlopt.yield %1 : tensor<3x8x44xf64>
}
mlopt.kernel @wrap_bf16(%a: tensor<3x5x37xbf16>, %v: tensor<bf16>) -> tensor<3x8x44xbf16> attributes {hero = #mlopt.hero<copy>, dims = [[3, 5, 37], [], [3, 8, 44]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1, 3>, static_high = array<i64: 0, 2, 4>, mlopt.hero_op} : (tensor<3x5x37xbf16>, tensor<bf16>) -> tensor<3x8x44xbf16>
  mlopt.yield %0 : tensor<3x8x44xbf16>
}
mlopt.kernel @wrap_twice(%a: tensor<2x3xf32>, %v: tensor<f32>) -> tensor<2x23xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3], [], [2, 23]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 10>, static_high = array<i64: 0, 10>, mlopt.hero_op} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x23xf32>
  mlopt.yield %0 : tensor<2x23xf32>
}
mlopt.kernel @wrap_long(%a: tensor<2x3000xf32>, %v: tensor<f32>) -> tensor<2x6000xf32> attributes {hero = #mlopt.hero<copy>, dims = [[2, 3000], [], [2, 6000]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 0, 1400>, static_high = array<i64: 0, 1600>, mlopt.hero_op} : (tensor<2x3000xf32>, tensor<f32>) -> tensor<2x6000xf32>
  mlopt.yield %0 : tensor<2x6000xf32>
}
mlopt.kernel @wrap_rows(%a: tensor<3x?xf32>, %v: tensor<f32>) -> tensor<6x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, "n"], [], [6, "n"]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode wrap>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 0>, mlopt.hero_op} : (tensor<3x?xf32>, tensor<f32>) -> tensor<6x?xf32>
  mlopt.yield %0 : tensor<6x?xf32>
}
