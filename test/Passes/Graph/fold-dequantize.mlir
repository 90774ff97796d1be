// RUN: %mlopt-opt "--mlopt-fold-constants=max-growth=0 widen=true" %s | FileCheck %s
// RUN: %mlopt-opt "--mlopt-fold-constants=max-growth=0" %s | FileCheck %s --check-prefix=OFF

// (w - 2) * scale for each column, four times as wide as w.
// CHECK-LABEL: @weights
// CHECK: %[[W:.*]] = mlopt.constant dense<{{\[}}[-5.000000e-01, 2.500000e-01, 0.000000e+00], [1.000000e+00, -1.000000e+00, 1.250000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT: mlopt.matmul %arg0, %[[W]]
// OFF-LABEL: @weights
// OFF: mlopt.cast
// OFF: mlopt.sub
// OFF: mlopt.mul
func.func @weights(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
  %q = mlopt.constant dense<[[1, 3, 2], [4, -2, 7]]> : tensor<2x3xi8>
  %z = mlopt.constant dense<2> : tensor<i8>
  %s = mlopt.constant dense<[0.5, 0.25, 0.25]> : tensor<3xf32>
  %0 = mlopt.cast %q {to = f32} : (tensor<2x3xi8>) -> tensor<2x3xf32>
  %1 = mlopt.cast %z {to = f32} : (tensor<i8>) -> tensor<f32>
  %2 = mlopt.sub %0, %1 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = mlopt.mul %2, %s : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %4 = mlopt.matmul %x, %3 : (tensor<?x2xf32>, tensor<2x3xf32>) -> tensor<?x3xf32>
  return %4 : tensor<?x3xf32>
}

// More elements than any operand has: stays.
// CHECK-LABEL: @outer
// CHECK: mlopt.mul
func.func @outer() -> tensor<4x4xf32> {
  %a = mlopt.constant dense<[[1.0], [2.0], [3.0], [4.0]]> : tensor<4x1xf32>
  %b = mlopt.constant dense<[5.0, 6.0, 7.0, 8.0]> : tensor<4xf32>
  %0 = mlopt.mul %a, %b : (tensor<4x1xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}
