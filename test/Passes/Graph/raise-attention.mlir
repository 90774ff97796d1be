// RUN: %mlopt-opt --mlopt-simplify-graph --mlopt-raise-patterns --canonicalize %s | FileCheck %s

// PyTorch's export: both factors scaled, K merged around its transpose, a guard
// for rows without keys, which a finite mask makes needless.
// CHECK-LABEL: @torch_sdpa
// CHECK-SAME: %[[Q:.*]]: tensor<2x13x48xf32>, %[[K:.*]]: tensor<2x13x48xf32>, %[[V:.*]]: tensor<2x13x48xf32>, %[[M:.*]]: tensor<2x1x13x13xi1>
// CHECK-DAG: %[[V4:.*]] = mlopt.reshape %[[V]] {static_sizes = array<i64: 2, 13, 3, 16>}
// CHECK-DAG: %[[Q4:.*]] = mlopt.reshape %[[Q]] {static_sizes = array<i64: 2, 13, 3, 16>}
// CHECK-DAG: %[[K4:.*]] = mlopt.reshape %[[K]] {static_sizes = array<i64: 2, 13, 3, 16>}
// CHECK-DAG: %[[S:.*]] = mlopt.select %[[M]]
// CHECK: %[[A:.*]] = mlopt.attention %[[Q4]], %[[K4]], %[[V4]], %[[S]] {layouts = ["bshd", "bshd", "bshd", "bshd"], scale = 2.500000e-01 : f64}
// CHECK-NEXT: %[[R:.*]] = mlopt.reshape %[[A]] {static_sizes = array<i64: 2, 13, 48>}
// CHECK-NEXT: return %[[R]]
func.func @torch_sdpa(%q: tensor<2x13x48xf32>, %k: tensor<2x13x48xf32>, %v: tensor<2x13x48xf32>, %m: tensor<2x1x13x13xi1>) -> tensor<2x13x48xf32> {
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %low = mlopt.constant dense<-3.40282347E+38> : tensor<f32>
  %0 = mlopt.reshape %q {static_sizes = array<i64: 2, 13, 3, 16>} : (tensor<2x13x48xf32>) -> tensor<2x13x3x16xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x13x3x16xf32>) -> tensor<2x3x13x16xf32>
  %2 = mlopt.reshape %k {static_sizes = array<i64: 2, 13, 3, 16>} : (tensor<2x13x48xf32>) -> tensor<2x13x3x16xf32>
  %3 = mlopt.transpose %2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x13x3x16xf32>) -> tensor<2x3x13x16xf32>
  %4 = mlopt.reshape %v {static_sizes = array<i64: 2, 13, 3, 16>} : (tensor<2x13x48xf32>) -> tensor<2x13x3x16xf32>
  %5 = mlopt.transpose %4 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x13x3x16xf32>) -> tensor<2x3x13x16xf32>
  %6 = mlopt.reshape %3 {static_sizes = array<i64: 6, 13, 16>} : (tensor<2x3x13x16xf32>) -> tensor<6x13x16xf32>
  %7 = mlopt.transpose %6 {permutation = array<i64: 0, 2, 1>} : (tensor<6x13x16xf32>) -> tensor<6x16x13xf32>
  %8 = mlopt.reshape %7 {static_sizes = array<i64: 2, 3, 16, 13>} : (tensor<6x16x13xf32>) -> tensor<2x3x16x13xf32>
  %9 = mlopt.mul %1, %half : (tensor<2x3x13x16xf32>, tensor<f32>) -> tensor<2x3x13x16xf32>
  %10 = mlopt.mul %8, %half : (tensor<2x3x16x13xf32>, tensor<f32>) -> tensor<2x3x16x13xf32>
  %11 = mlopt.select %m, %zero, %low : (tensor<2x1x13x13xi1>, tensor<f32>, tensor<f32>) -> tensor<2x1x13x13xf32>
  %12 = mlopt.matmul %9, %10 : (tensor<2x3x13x16xf32>, tensor<2x3x16x13xf32>) -> tensor<2x3x13x13xf32>
  %13 = mlopt.add %12, %11 : (tensor<2x3x13x13xf32>, tensor<2x1x13x13xf32>) -> tensor<2x3x13x13xf32>
  %14 = mlopt.softmax %13 {axis = 3 : i64} : (tensor<2x3x13x13xf32>) -> tensor<2x3x13x13xf32>
  %15 = mlopt.is_nan %14 : (tensor<2x3x13x13xf32>) -> tensor<2x3x13x13xi1>
  %16 = mlopt.select %15, %zero, %14 : (tensor<2x3x13x13xi1>, tensor<f32>, tensor<2x3x13x13xf32>) -> tensor<2x3x13x13xf32>
  %17 = mlopt.matmul %16, %5 : (tensor<2x3x13x13xf32>, tensor<2x3x13x16xf32>) -> tensor<2x3x13x16xf32>
  %18 = mlopt.transpose %17 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x3x13x16xf32>) -> tensor<2x13x3x16xf32>
  %19 = mlopt.reshape %18 {static_sizes = array<i64: 2, 13, 48>} : (tensor<2x13x3x16xf32>) -> tensor<2x13x48xf32>
  return %19 : tensor<2x13x48xf32>
}

// A mask of which nothing is known may hide a whole row: the guard becomes a flag.
// CHECK-LABEL: @guarded
// CHECK: mlopt.attention %arg0, %arg1, %arg2, %arg3 {layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], scale = 1.250000e-01 : f64, zero_masked_rows = true}
// CHECK-NEXT: return
func.func @guarded(%q: tensor<2x3x5x8xf32>, %k: tensor<2x3x7x8xf32>, %v: tensor<2x3x7x4xf32>, %m: tensor<5x7xf32>) -> tensor<2x3x5x4xf32> {
  %eight = mlopt.constant dense<8.0> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<2x3x5x8xf32>, tensor<2x3x7x8xf32>) -> tensor<2x3x5x7xf32>
  %1 = mlopt.div %0, %eight : (tensor<2x3x5x7xf32>, tensor<f32>) -> tensor<2x3x5x7xf32>
  %2 = mlopt.add %m, %1 : (tensor<5x7xf32>, tensor<2x3x5x7xf32>) -> tensor<2x3x5x7xf32>
  %3 = mlopt.softmax %2 {axis = 3 : i64} : (tensor<2x3x5x7xf32>) -> tensor<2x3x5x7xf32>
  %4 = mlopt.is_nan %3 : (tensor<2x3x5x7xf32>) -> tensor<2x3x5x7xi1>
  %5 = mlopt.select %4, %zero, %3 : (tensor<2x3x5x7xi1>, tensor<f32>, tensor<2x3x5x7xf32>) -> tensor<2x3x5x7xf32>
  %6 = mlopt.matmul %5, %v : (tensor<2x3x5x7xf32>, tensor<2x3x7x4xf32>) -> tensor<2x3x5x4xf32>
  return %6 : tensor<2x3x5x4xf32>
}

// A constant mask that hides the future is the attribute.
// CHECK-LABEL: @causal
// CHECK: mlopt.attention %arg0, %arg1, %arg2, %{{.*}} {causal = true, layouts = {{.*}}, scale = 1.000000e+00 : f64} : ({{.*}}, none)
func.func @causal(%q: tensor<1x2x3x8xf32>, %k: tensor<1x2x3x8xf32>, %v: tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32> {
  %m = mlopt.constant dense<[[0.0, 0xFF800000, 0xFF800000], [0.0, 0.0, 0xFF800000], [0.0, 0.0, 0.0]]> : tensor<3x3xf32>
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<1x2x3x8xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x3xf32>
  %1 = mlopt.add %0, %m : (tensor<1x2x3x3xf32>, tensor<3x3xf32>) -> tensor<1x2x3x3xf32>
  %2 = mlopt.softmax %1 {axis = 3 : i64} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %3 = mlopt.matmul %2, %v : (tensor<1x2x3x3xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  return %3 : tensor<1x2x3x8xf32>
}

// where(visible, scores, -inf) is a bool mask.
// CHECK-LABEL: @bool_mask
// CHECK: mlopt.attention %arg0, %arg1, %arg2, %arg3 {{.*}}tensor<3x3xi1>
func.func @bool_mask(%q: tensor<1x2x3x8xf32>, %k: tensor<1x2x3x8xf32>, %v: tensor<1x2x3x8xf32>, %m: tensor<3x3xi1>) -> tensor<1x2x3x8xf32> {
  %inf = mlopt.constant dense<0xFF800000> : tensor<f32>
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<1x2x3x8xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x3xf32>
  %1 = mlopt.select %m, %0, %inf : (tensor<3x3xi1>, tensor<1x2x3x3xf32>, tensor<f32>) -> tensor<1x2x3x3xf32>
  %2 = mlopt.softmax %1 {axis = 3 : i64} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %3 = mlopt.matmul %2, %v : (tensor<1x2x3x3xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  return %3 : tensor<1x2x3x8xf32>
}

// Batch and heads in one axis.
// CHECK-LABEL: @rank_three
// CHECK: mlopt.attention {{.*}} -> tensor<6x1x5x4xf32>
func.func @rank_three(%q: tensor<6x5x8xf32>, %k: tensor<6x7x8xf32>, %v: tensor<6x7x4xf32>) -> tensor<6x5x4xf32> {
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<6x5x8xf32>, tensor<6x7x8xf32>) -> tensor<6x5x7xf32>
  %1 = mlopt.softmax %0 {axis = 2 : i64} : (tensor<6x5x7xf32>) -> tensor<6x5x7xf32>
  %2 = mlopt.matmul %1, %v : (tensor<6x5x7xf32>, tensor<6x7x4xf32>) -> tensor<6x5x4xf32>
  return %2 : tensor<6x5x4xf32>
}

// The probabilities are a result: they have to be computed anyway.
// CHECK-LABEL: @probabilities_used
// CHECK-NOT: mlopt.attention
// CHECK: mlopt.softmax
func.func @probabilities_used(%q: tensor<1x2x3x8xf32>, %k: tensor<1x2x3x8xf32>, %v: tensor<1x2x3x8xf32>) -> (tensor<1x2x3x8xf32>, tensor<1x2x3x3xf32>) {
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<1x2x3x8xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x3xf32>
  %1 = mlopt.softmax %0 {axis = 3 : i64} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %2 = mlopt.matmul %1, %v : (tensor<1x2x3x3xf32>, tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  return %2, %1 : tensor<1x2x3x8xf32>, tensor<1x2x3x3xf32>
}

// What is refused says why.
// RUN: %mlopt-opt --mlopt-raise-patterns --remarks-filter=graph --remark-format=emitRemark %s -o %t 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK: attention not raised: the probabilities have other uses
