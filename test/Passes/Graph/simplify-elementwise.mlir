// Elementwise operations with constants, transposed matrix operands.
// RUN: %mlopt-opt --mlopt-simplify-graph %s | FileCheck %s

// CHECK-LABEL: @select_constant
// CHECK-NEXT: return %arg0
func.func @select_constant(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %c = mlopt.constant dense<true> : tensor<4xi1>
  %0 = mlopt.select %c, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The mask of an export: and with true, a comparison that always holds.
// CHECK-LABEL: @mask
// CHECK-NEXT: return %arg0
func.func @mask(%m: tensor<2x1x5x5xi1>) -> tensor<2x1x5x5xi1> {
  %zero = mlopt.constant dense<0> : tensor<i64>
  %i = mlopt.iota {axis = 2 : i64, static_sizes = array<i64: 1, 1, 5, 1>, to = i64} : () -> tensor<1x1x5x1xi64>
  %0 = mlopt.compare %i, %zero {predicate = #mlopt<predicate ge>} : (tensor<1x1x5x1xi64>, tensor<i64>) -> tensor<1x1x5x1xi1>
  %1 = mlopt.and %0, %m : (tensor<1x1x5x1xi1>, tensor<2x1x5x5xi1>) -> tensor<2x1x5x5xi1>
  return %1 : tensor<2x1x5x5xi1>
}

// CHECK-LABEL: @powers
// CHECK-NEXT: %[[A:.*]] = mlopt.mul %arg0, %arg0
// CHECK-NEXT: return %[[A]], %arg0
func.func @powers(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %two = mlopt.constant dense<2.0> : tensor<f32>
  %0 = mlopt.pow %x, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = mlopt.pow %x, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// A division by a power of two is exact as a product; one by 6 is not.
// CHECK-LABEL: @divisions
// CHECK: %[[C:.*]] = mlopt.constant dense<1.250000e-01> : tensor<f32>
// CHECK-NEXT: mlopt.mul %arg0, %[[C]]
// CHECK-NEXT: mlopt.div %arg0
func.func @divisions(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %eight = mlopt.constant dense<8.0> : tensor<f32>
  %six = mlopt.constant dense<6.0> : tensor<f32>
  %0 = mlopt.div %x, %eight : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = mlopt.div %x, %six : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// x + 0.0 changes -0.0, x + (-0.0) and x - 0.0 change nothing.
// CHECK-LABEL: @neutral
// CHECK: %[[S:.*]] = mlopt.add %arg0
// CHECK: return %[[S]], %arg0, %arg0
func.func @neutral(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = mlopt.constant dense<0.0> : tensor<1xf32>
  %minus = mlopt.constant dense<-0.0> : tensor<1xf32>
  %0 = mlopt.add %x, %zero : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %1 = mlopt.add %x, %minus : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %2 = mlopt.sub %x, %zero : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @transposed_weight
// CHECK-NEXT: mlopt.matmul %arg0, %arg1 {transpose_b = true} : (tensor<2x3xf32>, tensor<5x3xf32>)
// CHECK-NEXT: return
func.func @transposed_weight(%x: tensor<2x3xf32>, %w: tensor<5x3xf32>) -> tensor<2x5xf32> {
  %0 = mlopt.transpose %w {permutation = array<i64: 1, 0>} : (tensor<5x3xf32>) -> tensor<3x5xf32>
  %1 = mlopt.matmul %x, %0 : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %1 : tensor<2x5xf32>
}

// A cast back from a wider type gives the value; one from a narrower does not.
// CHECK-LABEL: @casts
// CHECK-NEXT: mlopt.cast {{.*}}to = bf16
// CHECK-NEXT: %[[B:.*]] = mlopt.cast {{.*}}to = f16
// CHECK-NEXT: return %arg0, %[[B]]
func.func @casts(%x: tensor<4xf16>) -> (tensor<4xf16>, tensor<4xf16>) {
  %0 = mlopt.cast %x {to = f32} : (tensor<4xf16>) -> tensor<4xf32>
  %1 = mlopt.cast %0 {to = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %2 = mlopt.cast %x {to = bf16} : (tensor<4xf16>) -> tensor<4xbf16>
  %3 = mlopt.cast %2 {to = f16} : (tensor<4xbf16>) -> tensor<4xf16>
  return %1, %3 : tensor<4xf16>, tensor<4xf16>
}

// 0 beside -0 is no one number: x + (-0) is x, x + 0 is not where x is -0.
mlopt.parameter @mixed = dense<[-0.0, 0.0]> : tensor<2xf32>
mlopt.parameter @same = dense<[-0.0, -0.0]> : tensor<2xf32>
// CHECK-LABEL: @signed_zeros
// CHECK: %[[A:.*]] = mlopt.add %arg0
// CHECK-NEXT: return %[[A]], %arg0
func.func @signed_zeros(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %mixed = mlopt.get_parameter @mixed : tensor<2xf32>
  %same = mlopt.get_parameter @same : tensor<2xf32>
  %0 = mlopt.add %x, %mixed : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = mlopt.add %x, %same : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// Comparisons of indices hold where they are exact: a double takes 2^53 + 1 for 2^53.
mlopt.parameter @large = dense<[9007199254740992, 9007199254740993]> : tensor<2xi64>
// CHECK-LABEL: @large_integers
// CHECK: mlopt.compare
func.func @large_integers() -> tensor<2xi1> {
  %zero = mlopt.constant dense<0> : tensor<i64>
  %large = mlopt.get_parameter @large : tensor<2xi64>
  %0 = mlopt.compare %large, %zero {predicate = #mlopt<predicate ge>} : (tensor<2xi64>, tensor<i64>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
