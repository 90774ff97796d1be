// RUN: mlopt-eval %s | FileCheck %s

func.func @reshape() -> tensor<3x1x2xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %r = mlopt.reshape %0 {static_sizes = array<i64: 3, 1, 2>} : (tensor<2x3xf32>) -> tensor<3x1x2xf32>
  return %r : tensor<3x1x2xf32>
}
// CHECK: reshape exact 0: tensor<3x1x2xf32> = [0, 1, 2, 3, 4, 5]

func.func @reshape_dynamic() -> tensor<?x2xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %n0 = arith.constant 3 : index
  %r = mlopt.reshape %0, %n0 {static_sizes = array<i64: -9223372036854775808, 2>} : (tensor<2x3xf32>, index) -> tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}
// CHECK: reshape_dynamic exact 0: tensor<3x2xf32> = [0, 1, 2, 3, 4, 5]

func.func @reshape_scalar() -> tensor<i64> {
  %0 = mlopt.constant dense<[[5]]> : tensor<1x1xi64>
  %r = mlopt.reshape %0 {static_sizes = array<i64>} : (tensor<1x1xi64>) -> tensor<i64>
  return %r : tensor<i64>
}
// CHECK: reshape_scalar exact 0: tensor<i64> = [5]

func.func @transpose() -> tensor<4x2x3xi32> {
  %0 = mlopt.constant dense<[[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]]> : tensor<2x3x4xi32>
  %r = mlopt.transpose %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xi32>) -> tensor<4x2x3xi32>
  return %r : tensor<4x2x3xi32>
}
// CHECK: transpose exact 0: tensor<4x2x3xi32> = [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23]

func.func @transpose_bool() -> tensor<3x1xi1> {
  %0 = mlopt.constant dense<[[true, false, false]]> : tensor<1x3xi1>
  %r = mlopt.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<1x3xi1>) -> tensor<3x1xi1>
  return %r : tensor<3x1xi1>
}
// CHECK: transpose_bool exact 0: tensor<3x1xi1> = [1, 0, 0]

func.func @transpose_scalar() -> tensor<f32> {
  %0 = mlopt.constant dense<3.0> : tensor<f32>
  %r = mlopt.transpose %0 {permutation = array<i64>} : (tensor<f32>) -> tensor<f32>
  return %r : tensor<f32>
}
// CHECK: transpose_scalar exact 0: tensor<f32> = [3]

func.func @broadcast() -> tensor<2x2x3xf32> {
  %0 = mlopt.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %r = mlopt.broadcast %0 {static_sizes = array<i64: 2, 2, 3>} : (tensor<2x1xf32>) -> tensor<2x2x3xf32>
  return %r : tensor<2x2x3xf32>
}
// CHECK: broadcast exact 0: tensor<2x2x3xf32> = [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]

func.func @broadcast_dynamic() -> tensor<?xui8> {
  %0 = mlopt.constant dense<7> : tensor<ui8>
  %n0 = arith.constant 3 : index
  %r = mlopt.broadcast %0, %n0 {static_sizes = array<i64: -9223372036854775808>} : (tensor<ui8>, index) -> tensor<?xui8>
  return %r : tensor<?xui8>
}
// CHECK: broadcast_dynamic exact 0: tensor<3xui8> = [7, 7, 7]

func.func @broadcast_to_empty() -> tensor<0xf32> {
  %0 = mlopt.constant dense<[1.0]> : tensor<1xf32>
  %r = mlopt.broadcast %0 {static_sizes = array<i64: 0>} : (tensor<1xf32>) -> tensor<0xf32>
  return %r : tensor<0xf32>
}
// CHECK: broadcast_to_empty exact 0: tensor<0xf32> = []

func.func @slice() -> tensor<2x2x2xi32> {
  %0 = mlopt.constant dense<[[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]]> : tensor<2x3x4xi32>
  %r = mlopt.slice %0 {static_starts = array<i64: 0, 1, 0>, static_sizes = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x3x4xi32>) -> tensor<2x2x2xi32>
  return %r : tensor<2x2x2xi32>
}
// CHECK: slice exact 0: tensor<2x2x2xi32> = [4, 6, 8, 10, 16, 18, 20, 22]

func.func @slice_negative() -> tensor<2x2x2xi32> {
  %0 = mlopt.constant dense<[[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]]> : tensor<2x3x4xi32>
  %r = mlopt.slice %0 {static_starts = array<i64: 1, 2, 3>, static_sizes = array<i64: 2, 2, 2>, strides = array<i64: -1, -2, -3>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x3x4xi32>) -> tensor<2x2x2xi32>
  return %r : tensor<2x2x2xi32>
}
// CHECK: slice_negative exact 0: tensor<2x2x2xi32> = [23, 20, 15, 12, 11, 8, 3, 0]

func.func @slice_dynamic() -> tensor<?x3x1xi32> {
  %0 = mlopt.constant dense<[[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]]> : tensor<2x3x4xi32>
  %n0 = arith.constant 1 : index
  %n1 = arith.constant 1 : index
  %r = mlopt.slice %0, %n0, %n1 {static_starts = array<i64: -9223372036854775808, 0, 0>, static_sizes = array<i64: -9223372036854775808, 3, 1>, strides = array<i64: 1, 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<2x3x4xi32>, index, index) -> tensor<?x3x1xi32>
  return %r : tensor<?x3x1xi32>
}
// CHECK: slice_dynamic exact 0: tensor<1x3x1xi32> = [12, 16, 20]

func.func @slice_empty() -> tensor<0x3xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %r = mlopt.slice %0 {static_starts = array<i64: 2, 0>, static_sizes = array<i64: 0, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}
// CHECK: slice_empty exact 0: tensor<0x3xf32> = []

func.func @concat() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<[[0.0, 1.0, 2.0]]> : tensor<1x3xf32>
  %r = mlopt.concat %0, %1 {axis = 0 : i64} : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: concat exact 0: tensor<3x3xf32> = [0, 1, 2, 3, 4, 5, 0, 1, 2]

func.func @concat_axis1() -> tensor<2x4xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<> : tensor<2x0xf32>
  %2 = mlopt.constant dense<[[0.0], [3.0]]> : tensor<2x1xf32>
  %r = mlopt.concat %0, %1, %2 {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
// CHECK: concat_axis1 exact 0: tensor<2x4xf32> = [0, 1, 2, 0, 3, 4, 5, 3]

func.func @pad_constant() -> tensor<3x5xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<9.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 0>, static_high = array<i64: 0, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x5xf32>
  return %r : tensor<3x5xf32>
}
// CHECK: pad_constant exact 0: tensor<3x5xf32> = [9, 9, 9, 9, 9, 0, 1, 2, 9, 9, 3, 4, 5, 9, 9]

func.func @pad_reflect() -> tensor<4x7xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %r : tensor<4x7xf32>
}
// CHECK: pad_reflect exact 0: tensor<4x7xf32> = [5, 4, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 1, 0, 5, 4, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 1, 0]

func.func @pad_edge() -> tensor<4x7xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode edge>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %r : tensor<4x7xf32>
}
// CHECK: pad_edge exact 0: tensor<4x7xf32> = [0, 0, 0, 1, 2, 2, 2, 0, 0, 0, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 5, 3, 3, 3, 4, 5, 5, 5]

func.func @pad_wrap() -> tensor<4x7xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode wrap>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %r : tensor<4x7xf32>
}
// CHECK: pad_wrap exact 0: tensor<4x7xf32> = [4, 5, 3, 4, 5, 3, 4, 1, 2, 0, 1, 2, 0, 1, 4, 5, 3, 4, 5, 3, 4, 1, 2, 0, 1, 2, 0, 1]

// More than the axis has: back and forth.
func.func @pad_reflect_far() -> tensor<14xf32> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 5>, static_high = array<i64: 6>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<3xf32>, tensor<f32>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}
// CHECK: pad_reflect_far exact 0: tensor<14xf32> = [2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1]

func.func @pad_wrap_far() -> tensor<12xf32> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode wrap>, static_low = array<i64: 5>, static_high = array<i64: 4>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<3xf32>, tensor<f32>) -> tensor<12xf32>
  return %r : tensor<12xf32>
}
// CHECK: pad_wrap_far exact 0: tensor<12xf32> = [2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]

func.func @pad_reflect_one() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[4.0]> : tensor<1xf32>
  %1 = mlopt.constant dense<0.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 2>, static_high = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<1xf32>, tensor<f32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: pad_reflect_one exact 0: tensor<4xf32> = [4, 4, 4, 4]

// Negative: cropping.
func.func @pad_crop() -> tensor<1x2xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %1 = mlopt.constant dense<9.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode constant>, static_low = array<i64: -1, 1>, static_high = array<i64: 0, -2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
// CHECK: pad_crop exact 0: tensor<1x2xf32> = [9, 3]

func.func @pad_dynamic() -> tensor<?xi64> {
  %0 = mlopt.constant dense<[1, 2]> : tensor<2xi64>
  %1 = mlopt.constant dense<0> : tensor<i64>
  %n0 = arith.constant 1 : index
  %n1 = arith.constant 2 : index
  %r = mlopt.pad %0, %1, %n0, %n1 {mode = #mlopt<pad_mode constant>, static_low = array<i64: -9223372036854775808>, static_high = array<i64: -9223372036854775808>, operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<2xi64>, tensor<i64>, index, index) -> tensor<?xi64>
  return %r : tensor<?xi64>
}
// CHECK: pad_dynamic exact 0: tensor<5xi64> = [0, 1, 2, 0, 0]

func.func @pad_empty() -> tensor<2xf32> {
  %0 = mlopt.constant dense<> : tensor<0xf32>
  %1 = mlopt.constant dense<3.0> : tensor<f32>
  %r = mlopt.pad %0, %1 {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1>, static_high = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<0xf32>, tensor<f32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
// CHECK: pad_empty exact 0: tensor<2xf32> = [3, 3]

func.func @iota() -> tensor<2x3xi32> {
  %r = mlopt.iota  {axis = 1 : i64, static_sizes = array<i64: 2, 3>, to = i32} : () -> tensor<2x3xi32>
  return %r : tensor<2x3xi32>
}
// CHECK: iota exact 0: tensor<2x3xi32> = [0, 1, 2, 0, 1, 2]

func.func @iota_float() -> tensor<?xf32> {
  %n0 = arith.constant 3 : index
  %r = mlopt.iota %n0 {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = f32} : (index) -> tensor<?xf32>
  return %r : tensor<?xf32>
}
// CHECK: iota_float exact 0: tensor<3xf32> = [0, 1, 2]

func.func @from_sizes() -> tensor<2xi64> {
  %n0 = arith.constant 3 : index
  %n1 = arith.constant -1 : index
  %r = mlopt.from_sizes %n0, %n1 : (index, index) -> tensor<2xi64>
  return %r : tensor<2xi64>
}
// CHECK: from_sizes exact 0: tensor<2xi64> = [3, -1]
