// RUN: %mlopt-opt --mlopt-move-dequantize --canonicalize --cse %s | FileCheck %s

// Between two tensors with the same parameters nothing is left of the pairs.
// CHECK-LABEL: @views
// CHECK-NOT: quantize
// CHECK: %[[T:.*]] = mlopt.transpose %arg0 {{.*}} : (tensor<?x4x6xui8>) -> tensor<?x6x4xui8>
// CHECK-NEXT: %[[S:.*]] = mlopt.slice %[[T]]
// CHECK-NEXT: return %[[S]] : tensor<?x2x4xui8>
func.func @views(%x: tensor<?x4x6xui8>) -> tensor<?x2x4xui8> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %c0 = arith.constant 0 : index
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x4x6xui8>) -> index
  %0 = mlopt.dequantize %x, %s, %z : (tensor<?x4x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x4x6xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 0, 2, 1>} : (tensor<?x4x6xf32>) -> tensor<?x6x4xf32>
  %2 = mlopt.slice %1, %n {operandSegmentSizes = array<i32: 1, 0, 1>, static_starts = array<i64: 0, 1, 0>, static_sizes = array<i64: -9223372036854775808, 2, 4>, strides = array<i64: 1, 1, 1>} : (tensor<?x6x4xf32>, index) -> tensor<?x2x4xf32>
  %3 = mlopt.quantize %2, %s, %z {to = ui8} : (tensor<?x2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x2x4xui8>
  return %3 : tensor<?x2x4xui8>
}

// The largest of the integers; the pool's padding is below all of them.
// CHECK-LABEL: @max_pool
// CHECK-NEXT: %[[P:.*]] = mlopt.pool %arg0 {{.*}} : (tensor<1x3x8x8xui8>) -> tensor<1x3x4x4xui8>
// CHECK-NEXT: return %[[P]]
func.func @max_pool(%x: tensor<1x3x8x8xui8>) -> tensor<1x3x4x4xui8> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x3x8x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8x8xf32>
  %1 = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  %2 = mlopt.quantize %1, %s, %z {to = ui8} : (tensor<1x3x4x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x3x4x4xui8>
  return %2 : tensor<1x3x4x4xui8>
}

// An average is no integer.
// CHECK-LABEL: @average_pool
// CHECK: mlopt.dequantize
// CHECK: mlopt.pool
// CHECK: mlopt.quantize
func.func @average_pool(%x: tensor<1x3x8x8xui8>) -> tensor<1x3x4x4xui8> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x3x8x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x3x8x8xf32>
  %1 = mlopt.pool %0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  %2 = mlopt.quantize %1, %s, %z {to = ui8} : (tensor<1x3x4x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x3x4x4xui8>
  return %2 : tensor<1x3x4x4xui8>
}

// Equal parameters: one concatenation of bytes. Other ones: each part is brought to the result's.
// CHECK-LABEL: @concat
// CHECK: %[[C:.*]] = mlopt.concat %arg0, %arg1 {axis = 1 : i64} : (tensor<?x2xui8>, tensor<?x2xui8>) -> tensor<?x4xui8>
// CHECK: %[[D:.*]] = mlopt.dequantize %arg1
// CHECK: %[[Q:.*]] = mlopt.quantize %[[D]]
// CHECK: %[[E:.*]] = mlopt.concat %arg0, %[[Q]]
// CHECK: return %[[C]], %[[E]]
func.func @concat(%x: tensor<?x2xui8>, %y: tensor<?x2xui8>) -> (tensor<?x4xui8>, tensor<?x4xui8>) {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %t = mlopt.constant dense<0.75> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<?x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x2xf32>
  %1 = mlopt.dequantize %y, %s, %z : (tensor<?x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x2xf32>
  %2 = mlopt.concat %0, %1 {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
  %3 = mlopt.quantize %2, %s, %z {to = ui8} : (tensor<?x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x4xui8>
  %4 = mlopt.dequantize %y, %t, %z : (tensor<?x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x2xf32>
  %5 = mlopt.concat %0, %4 {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
  %6 = mlopt.quantize %5, %s, %z {to = ui8} : (tensor<?x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x4xui8>
  return %3, %6 : tensor<?x4xui8>, tensor<?x4xui8>
}

// Rows of an embedding and their scales, not the whole table in floating point.
// CHECK-LABEL: @embedding
// CHECK-DAG: %[[G:.*]] = mlopt.gather %{{.*}}, %arg0 {axis = 0 : i64} : (tensor<3x2xi8>, tensor<?xi64>) -> tensor<?x2xi8>
// CHECK-DAG: %[[S:.*]] = mlopt.gather %{{.*}}, %arg0 {axis = 0 : i64} : (tensor<3x1xf32>, tensor<?xi64>) -> tensor<?x1xf32>
// CHECK: mlopt.dequantize %[[G]], %[[S]]
func.func @embedding(%i: tensor<?xi64>) -> tensor<?x2xf32> {
  %t = mlopt.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8>
  %s = mlopt.constant dense<[[0.5], [0.25], [1.0]]> : tensor<3x1xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %t, %s, %none : (tensor<3x2xi8>, tensor<3x1xf32>, none) -> tensor<3x2xf32>
  %1 = mlopt.gather %0, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<?xi64>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// CHECK-LABEL: @blocked_embedding
// CHECK-DAG: %[[G:.*]] = mlopt.gather %{{.*}}, %arg0 {axis = 0 : i64} : (tensor<3x4xi4>, tensor<?x2xi64>) -> tensor<?x2x4xi4>
// CHECK-DAG: %[[S:.*]] = mlopt.gather %{{.*}}, %arg0 {axis = 0 : i64} : (tensor<3x2xf32>, tensor<?x2xi64>) -> tensor<?x2x2xf32>
// CHECK: mlopt.dequantize_blocked %[[G]], %[[S]], %{{.*}} {axis = 2 : i64, block = 2 : i64}
func.func @blocked_embedding(%i: tensor<?x2xi64>) -> tensor<?x2x4xf32> {
  %t = mlopt.constant dense<[[1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, -8]]> : tensor<3x4xi4>
  %s = mlopt.constant dense<[[0.5, 1.0], [0.25, 2.0], [1.0, 4.0]]> : tensor<3x2xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize_blocked %t, %s, %none {axis = 1 : i64, block = 2 : i64} : (tensor<3x4xi4>, tensor<3x2xf32>, none) -> tensor<3x4xf32>
  %1 = mlopt.gather %0, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<?x2xi64>) -> tensor<?x2x4xf32>
  return %1 : tensor<?x2x4xf32>
}

// A relu between equal parameters compares integers; other parameters round anew.
// CHECK-LABEL: @clamp
// CHECK-DAG: %[[M:.*]] = mlopt.max %arg0, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
// CHECK-DAG: %[[D:.*]] = mlopt.dequantize %arg0
// CHECK: %[[R:.*]] = mlopt.max %[[D]]
// CHECK: %[[Q:.*]] = mlopt.quantize %[[R]]
// CHECK: return %[[M]], %[[Q]]
func.func @clamp(%x: tensor<?xui8>) -> (tensor<?xui8>, tensor<?xui8>) {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %t = mlopt.constant dense<0.75> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<?xui8>, tensor<f32>, tensor<ui8>) -> tensor<?xf32>
  %1 = mlopt.max %0, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.quantize %1, %s, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  %3 = mlopt.max %0, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %4 = mlopt.quantize %3, %t, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  return %2, %4 : tensor<?xui8>, tensor<?xui8>
}

// A zero is the zero point; 0.3 is no multiple of the scale.
// CHECK-LABEL: @pad
// CHECK-DAG: %[[Z:.*]] = mlopt.constant dense<3> : tensor<ui8>
// CHECK: mlopt.pad %arg0, %[[Z]]
// CHECK: mlopt.dequantize
// CHECK: mlopt.pad {{.*}}tensor<f32>) -> tensor<6xf32>
func.func @pad(%x: tensor<4xui8>) -> (tensor<6xf32>, tensor<6xf32>) {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %other = mlopt.constant dense<0.3> : tensor<f32>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = mlopt.pad %0, %zero {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1>, static_high = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<4xf32>, tensor<f32>) -> tensor<6xf32>
  %2 = mlopt.pad %0, %other {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1>, static_high = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<4xf32>, tensor<f32>) -> tensor<6xf32>
  return %1, %2 : tensor<6xf32>, tensor<6xf32>
}

// Scales per channel go along with a transpose, not through a merge of axes.
// CHECK-LABEL: @per_channel
// CHECK-DAG: %[[T:.*]] = mlopt.transpose %arg0
// CHECK-DAG: mlopt.dequantize %[[T]], %{{.*}} : (tensor<2x?xi8>, tensor<2x1xf32>, none) -> tensor<2x?xf32>
// CHECK-DAG: %[[D:.*]] = mlopt.dequantize %arg0
// CHECK: mlopt.reshape %[[D]]
func.func @per_channel(%x: tensor<?x2xi8>) -> (tensor<2x?xf32>, tensor<?xf32>) {
  %s = mlopt.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %none = mlopt.none : none
  %c2 = arith.constant 2 : index
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xi8>) -> index
  %m = arith.muli %n, %c2 : index
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x2xi8>, tensor<2xf32>, none) -> tensor<?x2xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<?x2xf32>) -> tensor<2x?xf32>
  %2 = mlopt.reshape %0, %m {static_sizes = array<i64: -9223372036854775808>} : (tensor<?x2xf32>, index) -> tensor<?xf32>
  return %1, %2 : tensor<2x?xf32>, tensor<?xf32>
}

// 255 * 1000 is infinite in f16, not in f32; and products may leave f32.
// CHECK-LABEL: @is_infinite
// CHECK: mlopt.is_inf
// CHECK: mlopt.is_inf
// CHECK-NOT: mlopt.is_inf
func.func @is_infinite(%x: tensor<4xui8>) -> (tensor<4xi1>, tensor<4xi1>, tensor<4xi1>) {
  %none = mlopt.none : none
  %h = mlopt.constant dense<1.000000e+03> : tensor<f16>
  %s = mlopt.constant dense<1.000000e+03> : tensor<f32>
  %l = mlopt.constant dense<1.000000e+37> : tensor<f32>
  %0 = mlopt.dequantize %x, %h, %none : (tensor<4xui8>, tensor<f16>, none) -> tensor<4xf16>
  %1 = mlopt.is_inf %0 : (tensor<4xf16>) -> tensor<4xi1>
  %2 = mlopt.dequantize %x, %l, %none : (tensor<4xui8>, tensor<f32>, none) -> tensor<4xf32>
  %3 = mlopt.is_inf %2 : (tensor<4xf32>) -> tensor<4xi1>
  %4 = mlopt.dequantize %x, %s, %none : (tensor<4xui8>, tensor<f32>, none) -> tensor<4xf32>
  %5 = mlopt.is_inf %4 : (tensor<4xf32>) -> tensor<4xi1>
  return %1, %3, %5 : tensor<4xi1>, tensor<4xi1>, tensor<4xi1>
}

// Scales a tenth of a percent apart count as one in f32; bf16 rounds by more than that.
// CHECK-LABEL: @near_scales
// CHECK: mlopt.dequantize %{{.*}}bf16
// CHECK: mlopt.quantize
// CHECK: return %{{.*}}, %arg0
func.func @near_scales(%x: tensor<4xui8>) -> (tensor<4xui8>, tensor<4xui8>) {
  %none = mlopt.none : none
  %n = mlopt.constant dense<1.023440e-01> : tensor<bf16>
  %m = mlopt.constant dense<1.025390e-01> : tensor<f32>
  %k = mlopt.constant dense<1.025000e-01> : tensor<f32>
  %b = mlopt.constant dense<1.028000e-01> : tensor<bf16>
  %0 = mlopt.dequantize %x, %n, %none : (tensor<4xui8>, tensor<bf16>, none) -> tensor<4xbf16>
  %1 = mlopt.quantize %0, %b, %none {to = ui8} : (tensor<4xbf16>, tensor<bf16>, none) -> tensor<4xui8>
  %2 = mlopt.dequantize %x, %m, %none : (tensor<4xui8>, tensor<f32>, none) -> tensor<4xf32>
  %3 = mlopt.quantize %2, %k, %none {to = ui8} : (tensor<4xf32>, tensor<f32>, none) -> tensor<4xui8>
  return %1, %3 : tensor<4xui8>, tensor<4xui8>
}

// One scale gives back the integers where its type holds them and no product is infinite: 8 bits in f16, not 16, and
// not with a scale of 1000.
// CHECK-LABEL: @narrow_scales
// CHECK-COUNT-2: mlopt.dequantize
// CHECK-NOT: mlopt.dequantize
// CHECK: return %arg0, %{{.*}}, %{{.*}} : tensor<4xui8>, tensor<4xui8>, tensor<4xi16>
func.func @narrow_scales(%x: tensor<4xui8>, %y: tensor<4xi16>) -> (tensor<4xui8>, tensor<4xui8>, tensor<4xi16>) {
  %none = mlopt.none : none
  %s = mlopt.constant dense<0.5> : tensor<f16>
  %l = mlopt.constant dense<1.000000e+03> : tensor<f16>
  %0 = mlopt.dequantize %x, %s, %none : (tensor<4xui8>, tensor<f16>, none) -> tensor<4xf16>
  %1 = mlopt.quantize %0, %s, %none {to = ui8} : (tensor<4xf16>, tensor<f16>, none) -> tensor<4xui8>
  %2 = mlopt.dequantize %x, %l, %none : (tensor<4xui8>, tensor<f16>, none) -> tensor<4xf16>
  %3 = mlopt.quantize %2, %l, %none {to = ui8} : (tensor<4xf16>, tensor<f16>, none) -> tensor<4xui8>
  %4 = mlopt.dequantize %y, %s, %none : (tensor<4xi16>, tensor<f16>, none) -> tensor<4xf16>
  %5 = mlopt.quantize %4, %s, %none {to = i16} : (tensor<4xf16>, tensor<f16>, none) -> tensor<4xi16>
  return %1, %3, %5 : tensor<4xui8>, tensor<4xui8>, tensor<4xi16>
}
