// RUN: mlopt-opt --mlopt-form-kernels --mlopt-check-finite %s | FileCheck %s

// The result of a kernel is checked in the kernel, as what it gives, not what it passes through.
// CHECK-LABEL: mlopt.kernel @matmul_0
// CHECK: %[[M:.*]] = mlopt.matmul
// CHECK: %[[R:.*]] = mlopt.max %[[M]]
// CHECK: %[[C:.*]] = mlopt.check_finite %[[R]]
// CHECK: mlopt.yield %[[C]]
// CHECK-LABEL: func.func @product
// CHECK: mlopt.launch @matmul_0
// CHECK-NEXT: return
func.func @product(%x: tensor<3x4xf32>, %w: tensor<4x5xf32>, %b: tensor<f32>) -> tensor<3x5xf32> {
  %0 = mlopt.matmul %x, %w : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  %1 = mlopt.max %0, %b : (tensor<3x5xf32>, tensor<f32>) -> tensor<3x5xf32>
  return %1 : tensor<3x5xf32>
}

// A mask of -inf is moved, never computed: the sum is checked where it is selected, the mask is not.
// CHECK-LABEL: mlopt.kernel @select_0
// CHECK: %[[A:.*]] = mlopt.add
// CHECK: %[[ZERO:.*]] = mlopt.constant dense<0.000000e+00>
// CHECK: %[[P:.*]] = mlopt.select %[[MASK:.*]], %[[A]], %[[ZERO]]
// CHECK: %[[C:.*]] = mlopt.check_finite %[[P]]
// CHECK: %[[S:.*]] = mlopt.select %[[MASK]], %[[C]]
// CHECK: mlopt.yield %[[S]]
// CHECK-LABEL: func.func @masked
func.func @masked(%m: tensor<3x4xi1>, %x: tensor<3x4xf32>, %y: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %inf = mlopt.constant dense<0xFF800000> : tensor<f32>
  %0 = mlopt.add %x, %y : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %1 = mlopt.select %m, %0, %inf : (tensor<3x4xi1>, tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// Kernels that only move, and integers, are left alone.
// CHECK-LABEL: mlopt.kernel @transpose_0
// CHECK-NOT: check_finite
// CHECK-LABEL: mlopt.kernel @mul_0
// CHECK-NOT: check_finite
// CHECK-LABEL: func.func @moved
// CHECK: return
func.func @moved(%x: tensor<3x4xf32>, %n: tensor<7xi64>) -> (tensor<4x3xf32>, tensor<7xi64>) {
  %0 = mlopt.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = mlopt.mul %n, %n : (tensor<7xi64>, tensor<7xi64>) -> tensor<7xi64>
  return %0, %1 : tensor<4x3xf32>, tensor<7xi64>
}

// Nothing may follow a scan in its kernel: its result gets a kernel that checks.
// CHECK-LABEL: mlopt.kernel @check_finite
// CHECK-SAME: dims = {{\[}}["s0", 4], ["s0", 4]]
// CHECK: mlopt.check_finite
// CHECK-LABEL: mlopt.kernel @cumulative_0
// CHECK: %[[S:.*]] = mlopt.cumulative
// CHECK: mlopt.yield %[[S]]
// CHECK-LABEL: func.func @scanned
// CHECK: %[[L:.*]] = mlopt.launch @cumulative_0
// CHECK: %[[C:.*]] = mlopt.launch @check_finite(%[[L]])
// CHECK: return %[[C]]
func.func @scanned(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = mlopt.cumulative %x {axis = 1 : i64, kind = #mlopt<cumulative_kind sum>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
