// RUN: %mlopt-opt --mlopt-resolve-products --canonicalize %s 2> %t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=WARN < %t.err

// One warning for all sums without a bound, with the least of their limits: 2^31 / (2 * 255 * 128).
// WARN: warning: 2 product(s) of quantized tensors stay in floating point: sums over a size without a bound may overflow 32 bits; bound the size by 32896 or less (--dim <name>=<low>..<high>)
// WARN-NOT: warning

// One scale and zero point each; the number of rows is known at run time only.
// CHECK-LABEL: @per_tensor
// CHECK: %[[S:.*]] = mlopt.integer_matmul %arg0, %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x4xui8>, tensor<4x3xi8>, tensor<ui8>, none) -> tensor<?x3xi32>
// CHECK: %[[F:.*]] = mlopt.cast %[[S]] {to = f32}
// CHECK: %[[R:.*]] = mlopt.mul %[[F]], %{{.*}} : (tensor<?x3xf32>, tensor<f32>)
// CHECK: return %[[R]]
func.func @per_tensor(%x: tensor<?x4xui8>) -> tensor<?x3xf32> {
  %w = mlopt.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [1, 1, 1]]> : tensor<4x3xi8>
  %sx = mlopt.constant dense<0.5> : tensor<f32>
  %sw = mlopt.constant dense<0.25> : tensor<f32>
  %zx = mlopt.constant dense<3> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %sx, %zx : (tensor<?x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x4xf32>
  %1 = mlopt.dequantize %w, %sw, %none : (tensor<4x3xi8>, tensor<f32>, none) -> tensor<4x3xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<?x4xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
  return %2 : tensor<?x3xf32>
}

// A scale per column of transposed weights, one per row of the left operand that the run gives.
// CHECK-LABEL: @per_column_and_row
// CHECK: %[[S:.*]] = mlopt.integer_matmul %arg0, %{{.*}} {transpose_b = true}
// CHECK: %[[F:.*]] = mlopt.cast %[[S]]
// CHECK: %[[G:.*]] = mlopt.mul %[[F]], %arg1 : (tensor<?x3xf32>, tensor<?x1xf32>)
// CHECK: mlopt.mul %[[G]], %{{.*}} : (tensor<?x3xf32>, tensor<1x3xf32>)
func.func @per_column_and_row(%x: tensor<?x4xui8>, %sx: tensor<?x1xf32>, %zx: tensor<?x1xui8>) -> tensor<?x3xf32> {
  %w = mlopt.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]]> : tensor<3x4xi8>
  %sw = mlopt.constant dense<[[0.5], [0.25], [0.125]]> : tensor<3x1xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %sx, %zx : (tensor<?x4xui8>, tensor<?x1xf32>, tensor<?x1xui8>) -> tensor<?x4xf32>
  %1 = mlopt.dequantize %w, %sw, %none : (tensor<3x4xi8>, tensor<3x1xf32>, none) -> tensor<3x4xf32>
  %2 = mlopt.matmul %0, %1 {transpose_b = true} : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x3xf32>
  return %2 : tensor<?x3xf32>
}

// A scale for each summed element cannot leave the sum.
// CHECK-LABEL: @scale_along_sum
// CHECK-NOT: integer_matmul
// CHECK: mlopt.matmul
func.func @scale_along_sum(%x: tensor<?x4xui8>) -> tensor<?x3xf32> {
  %w = mlopt.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [1, 1, 1]]> : tensor<4x3xi8>
  %sx = mlopt.constant dense<[0.5, 0.25, 0.5, 1.0]> : tensor<4xf32>
  %sw = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %sx, %none : (tensor<?x4xui8>, tensor<4xf32>, none) -> tensor<?x4xf32>
  %1 = mlopt.dequantize %w, %sw, %none : (tensor<4x3xi8>, tensor<f32>, none) -> tensor<4x3xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<?x4xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
  return %2 : tensor<?x3xf32>
}

// 70000 * 255 * 127 is beyond i32.
// CHECK-LABEL: @overflow
// CHECK-NOT: integer_matmul
// CHECK: mlopt.matmul
func.func @overflow(%x: tensor<1x70000xui8>) -> tensor<1x1xf32> {
  %w = mlopt.constant dense<127> : tensor<70000x1xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<1x70000xui8>, tensor<f32>, none) -> tensor<1x70000xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<70000x1xi8>, tensor<f32>, none) -> tensor<70000x1xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<1x70000xf32>, tensor<70000x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// Weights of 4 bits beside activations of 8 bits are bytes.
// CHECK-LABEL: @four_bits
// CHECK: mlopt.constant dense<{{\[\[}}1, -2], [7, -8]]> : tensor<2x2xi8>
// CHECK: mlopt.integer_matmul
func.func @four_bits(%x: tensor<?x2xui8>) -> tensor<?x2xf32> {
  %w = mlopt.constant dense<[[1, -2], [7, -8]]> : tensor<2x2xi4>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x2xui8>, tensor<f32>, none) -> tensor<?x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x2xi4>, tensor<f32>, none) -> tensor<2x2xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// Two values of the run, in batches, the first one transposed.
// CHECK-LABEL: @attention_scores
// CHECK: %[[T:.*]] = mlopt.transpose %arg0 {permutation = array<i64: 0, 2, 1>} : (tensor<?x8x4xui8>) -> tensor<?x4x8xui8>
// CHECK: mlopt.integer_matmul %[[T]], %arg1
func.func @attention_scores(%q: tensor<?x8x4xui8>, %k: tensor<?x8x5xui8>) -> tensor<?x4x5xf32> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<7> : tensor<ui8>
  %0 = mlopt.dequantize %q, %s, %z : (tensor<?x8x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x8x4xf32>
  %1 = mlopt.dequantize %k, %s, %z : (tensor<?x8x5xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x8x5xf32>
  %2 = mlopt.matmul %0, %1 {transpose_a = true} : (tensor<?x8x4xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  return %2 : tensor<?x4x5xf32>
}

// The bias has the scale 0.5 * 0.25, per channel 0.5 * 0.5: it is part of the sums.
// CHECK-LABEL: @convolution
// CHECK: %[[B:.*]] = mlopt.constant dense<{{\[\[\[}}100]], {{\[\[}}-7]]]> : tensor<2x1x1xi32>
// CHECK: %[[S:.*]] = mlopt.integer_conv
// CHECK: %[[A:.*]] = mlopt.add %[[S]], %[[B]] : (tensor<?x2x4x4xi32>, tensor<2x1x1xi32>)
// CHECK: %[[F:.*]] = mlopt.cast %[[A]]
// CHECK: mlopt.mul %[[F]], %{{.*}} : (tensor<?x2x4x4xf32>, tensor<2x1x1xf32>)
func.func @convolution(%x: tensor<?x1x4x4xui8>) -> tensor<?x2x4x4xf32> {
  %w = mlopt.constant dense<[[[[3]]], [[[-4]]]]> : tensor<2x1x1x1xi8>
  %b = mlopt.constant dense<[100, -7]> : tensor<2xi32>
  %sx = mlopt.constant dense<0.5> : tensor<f32>
  %sw = mlopt.constant dense<[[[[0.25]]], [[[0.5]]]]> : tensor<2x1x1x1xf32>
  %sb = mlopt.constant dense<[0.125, 0.25]> : tensor<2xf32>
  %z = mlopt.constant dense<9> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %sx, %z : (tensor<?x1x4x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x1x4x4xf32>
  %1 = mlopt.dequantize %w, %sw, %none : (tensor<2x1x1x1xi8>, tensor<2x1x1x1xf32>, none) -> tensor<2x1x1x1xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<2xf32>, none) -> tensor<2xf32>
  %3 = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x2x4x4xf32>
  return %3 : tensor<?x2x4x4xf32>
}

// Another scale: the bias is added in floating point.
// CHECK-LABEL: @other_bias
// CHECK: %[[B:.*]] = mlopt.dequantize
// CHECK: mlopt.integer_conv
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK: mlopt.add
func.func @other_bias(%x: tensor<?x1x4x4xui8>) -> tensor<?x2x4x4xf32> {
  %w = mlopt.constant dense<[[[[3]]], [[[-4]]]]> : tensor<2x1x1x1xi8>
  %b = mlopt.constant dense<[100, -7]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x1x4x4xui8>, tensor<f32>, none) -> tensor<?x1x4x4xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x1x1x1xi8>, tensor<f32>, none) -> tensor<2x1x1x1xf32>
  %2 = mlopt.dequantize %b, %s, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x2x4x4xf32>
  return %3 : tensor<?x2x4x4xf32>
}

// With saturated integers, as quantizers write for a channel with a tiny scale, the sums would leave 32 bits.
// CHECK-LABEL: @saturated_bias
// CHECK: %[[B:.*]] = mlopt.dequantize
// CHECK: mlopt.integer_conv
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK: mlopt.add
func.func @saturated_bias(%x: tensor<?x1x4x4xui8>) -> tensor<?x2x4x4xf32> {
  %w = mlopt.constant dense<[[[[3]]], [[[-4]]]]> : tensor<2x1x1x1xi8>
  %b = mlopt.constant dense<[2147483647, -7]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %sb = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x1x4x4xui8>, tensor<f32>, none) -> tensor<?x1x4x4xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x1x1x1xi8>, tensor<f32>, none) -> tensor<2x1x1x1xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.conv %0, %1, %2 {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x2x4x4xf32>
  return %3 : tensor<?x2x4x4xf32>
}

// The bias of a product: within 32 bits it joins the sums (2147483647 - 2 * 255 * 9), else not.
// CHECK-LABEL: @bias_within
// CHECK: %[[S:.*]] = mlopt.integer_matmul
// CHECK: %[[A:.*]] = mlopt.add %[[S]], %{{.*}} : (tensor<?x2xi32>, tensor<2xi32>)
// CHECK: mlopt.cast %[[A]]
func.func @bias_within(%x: tensor<?x2xui8>) -> tensor<?x2xf32> {
  %w = mlopt.constant dense<[[1, -2], [9, -9]]> : tensor<2x2xi8>
  %b = mlopt.constant dense<[2147479057, -7]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %sb = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x2xui8>, tensor<f32>, none) -> tensor<?x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x2xi8>, tensor<f32>, none) -> tensor<2x2xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.matmul %0, %1 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %4 = mlopt.add %3, %2 : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// CHECK-LABEL: @bias_beyond
// CHECK: mlopt.integer_matmul
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK-NEXT: mlopt.add
func.func @bias_beyond(%x: tensor<?x2xui8>) -> tensor<?x2xf32> {
  %w = mlopt.constant dense<[[1, -2], [9, -9]]> : tensor<2x2xi8>
  %b = mlopt.constant dense<[2147479058, -7]> : tensor<2xi32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %sb = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x2xui8>, tensor<f32>, none) -> tensor<?x2xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<2x2xi8>, tensor<f32>, none) -> tensor<2x2xf32>
  %2 = mlopt.dequantize %b, %sb, %none : (tensor<2xi32>, tensor<f32>, none) -> tensor<2xf32>
  %3 = mlopt.matmul %0, %1 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %4 = mlopt.add %3, %2 : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// What corrects the sums for a zero point counts: 45000 * (255 + 128) * 127 leaves 32 bits, without it they would not.
// CHECK-LABEL: @correction
// CHECK-NOT: integer_matmul
// CHECK: mlopt.matmul
func.func @correction(%x: tensor<1x45000xui8>, %w: tensor<45000x1xi8>) -> tensor<1x1xf32> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %z = mlopt.constant dense<128> : tensor<ui8>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x45000xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x45000xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<45000x1xi8>, tensor<f32>, none) -> tensor<45000x1xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<1x45000xf32>, tensor<45000x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// A size that the run knows may be any: without a bound the product stays as it is.
// CHECK-LABEL: @unbounded
// CHECK-NOT: integer_matmul
// CHECK: mlopt.matmul
// CHECK: mlopt.matmul
// CHECK-NOT: unbounded_sum
func.func @unbounded(%x: tensor<2x?xui8>, %w: tensor<?x3xi8>, %v: tensor<?x3xui8>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<2x?xui8>, tensor<f32>, none) -> tensor<2x?xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<?x3xi8>, tensor<f32>, none) -> tensor<?x3xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  %3 = mlopt.dequantize %v, %s, %none : (tensor<?x3xui8>, tensor<f32>, none) -> tensor<?x3xf32>
  %4 = mlopt.matmul %0, %3 : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  return %2, %4 : tensor<2x3xf32>, tensor<2x3xf32>
}

// With a bound it is known what fits: 32768 * 255 * 128 do, three times as many do not.
// CHECK-LABEL: @bounded
// CHECK: mlopt.integer_matmul %arg0, %arg1
// CHECK-NOT: integer_matmul
// CHECK: mlopt.matmul
func.func @bounded(%x: tensor<2x?xui8> {mlopt.dims = [2, "K"]}, %w: tensor<?x3xi8> {mlopt.dims = ["K", 3]}) -> (tensor<2x3xf32>, tensor<2x3xf32>) attributes {mlopt.symbols = {K = array<i64: 1, 32768, 64>}} {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %u = mlopt.concat %x, %x, %x {axis = 1 : i64} : (tensor<2x?xui8>, tensor<2x?xui8>, tensor<2x?xui8>) -> tensor<2x?xui8>
  %v = mlopt.concat %w, %w, %w {axis = 0 : i64} : (tensor<?x3xi8>, tensor<?x3xi8>, tensor<?x3xi8>) -> tensor<?x3xi8>
  %0 = mlopt.dequantize %x, %s, %none : (tensor<2x?xui8>, tensor<f32>, none) -> tensor<2x?xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<?x3xi8>, tensor<f32>, none) -> tensor<?x3xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  %3 = mlopt.dequantize %u, %s, %none : (tensor<2x?xui8>, tensor<f32>, none) -> tensor<2x?xf32>
  %4 = mlopt.dequantize %v, %s, %none : (tensor<?x3xi8>, tensor<f32>, none) -> tensor<?x3xf32>
  %5 = mlopt.matmul %3, %4 : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  return %2, %5 : tensor<2x3xf32>, tensor<2x3xf32>
}

// Constant scales per row and per column: two products, no constant of the result's size.
// CHECK-LABEL: @constant_rows_and_columns
// CHECK: mlopt.integer_matmul
// CHECK: mlopt.mul %{{.*}} : (tensor<2x3xf32>, tensor<2x1xf32>)
// CHECK: mlopt.mul %{{.*}} : (tensor<2x3xf32>, tensor<1x3xf32>)
func.func @constant_rows_and_columns(%x: tensor<2x2xui8>) -> tensor<2x3xf32> {
  %w = mlopt.constant dense<[[1, -2, 3], [4, 5, -6]]> : tensor<2x3xi8>
  %sx = mlopt.constant dense<[[0.5], [0.25]]> : tensor<2x1xf32>
  %sw = mlopt.constant dense<[[0.5, 0.25, 0.125]]> : tensor<1x3xf32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %sx, %none : (tensor<2x2xui8>, tensor<2x1xf32>, none) -> tensor<2x2xf32>
  %1 = mlopt.dequantize %w, %sw, %none : (tensor<2x3xi8>, tensor<1x3xf32>, none) -> tensor<2x3xf32>
  %2 = mlopt.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// 37 groups of 3 channels never fill whole blocks of 16: no kernel for integers would be faster.
// CHECK-LABEL: @unfit_groups
// CHECK-NOT: integer_conv
// CHECK: mlopt.conv
func.func @unfit_groups(%x: tensor<?x111x4xui8>) -> tensor<?x111x4xf32> {
  %w = mlopt.constant dense<3> : tensor<111x3x1xi8>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.dequantize %x, %s, %none : (tensor<?x111x4xui8>, tensor<f32>, none) -> tensor<?x111x4xf32>
  %1 = mlopt.dequantize %w, %s, %none : (tensor<111x3x1xi8>, tensor<f32>, none) -> tensor<111x3x1xf32>
  %2 = mlopt.conv %0, %1, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 37 : i64} : (tensor<?x111x4xf32>, tensor<111x3x1xf32>, none) -> tensor<?x111x4xf32>
  return %2 : tensor<?x111x4xf32>
}
