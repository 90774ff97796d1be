// RUN: %mlopt-opt --mlopt-fold-constants %s | FileCheck %s

// Large results become parameters; a parameter that nobody uses any more goes.
// CHECK: mlopt.parameter @w.folded = dense_resource<w.folded> : tensor<30x20xf32>
// CHECK-NOT: mlopt.parameter @w =
mlopt.parameter @w = dense<0.5> : tensor<20x30xf32>

// CHECK-LABEL: @transposed
// CHECK: mlopt.get_parameter @w.folded : tensor<30x20xf32>
// CHECK-NEXT: return
func.func @transposed() -> tensor<30x20xf32> {
  %w = mlopt.get_parameter @w : tensor<20x30xf32>
  %0 = mlopt.transpose %w {permutation = array<i64: 1, 0>} : (tensor<20x30xf32>) -> tensor<30x20xf32>
  return %0 : tensor<30x20xf32>
}

// Each result is rounded to its type.
// CHECK-LABEL: @rounded
// CHECK: mlopt.constant dense<0.333333343> : tensor<f32>
// CHECK-NEXT: return
func.func @rounded() -> tensor<f32> {
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %three = mlopt.constant dense<3.0> : tensor<f32>
  %0 = mlopt.div %one, %three : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// CHECK-LABEL: @chain
// CHECK: mlopt.constant dense<[0, 1, 4, 9]> : tensor<4xi64>
// CHECK-NEXT: return
func.func @chain() -> tensor<4xi64> {
  %i = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 4>, to = i64} : () -> tensor<4xi64>
  %0 = mlopt.mul %i, %i : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// A repeated scalar stays one.
// CHECK-LABEL: @broadcast
// CHECK: mlopt.broadcast
func.func @broadcast() -> tensor<1000x1000xf32> {
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %0 = mlopt.broadcast %one {static_sizes = array<i64: 1000, 1000>} : (tensor<f32>) -> tensor<1000x1000xf32>
  return %0 : tensor<1000x1000xf32>
}

// 4 MB of indices are computed, not stored.
// CHECK-LABEL: @large_iota
// CHECK: mlopt.iota
func.func @large_iota() -> tensor<1048576xi32> {
  %0 = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 1048576>, to = i32} : () -> tensor<1048576xi32>
  return %0 : tensor<1048576xi32>
}

// What fails stays for the run to report.
// CHECK-LABEL: @out_of_range
// CHECK: mlopt.gather
func.func @out_of_range() -> tensor<f32> {
  %t = mlopt.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %i = mlopt.constant dense<7> : tensor<i64>
  %0 = mlopt.gather %t, %i {axis = 0 : i64} : (tensor<2xf32>, tensor<i64>) -> tensor<f32>
  return %0 : tensor<f32>
}
