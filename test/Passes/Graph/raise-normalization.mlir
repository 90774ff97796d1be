// RUN: %mlopt-opt --mlopt-raise-patterns %s | FileCheck %s

// CHECK-LABEL: @layer_norm
// CHECK: mlopt.layer_norm %arg0, %arg1, %arg2 {axis = 2 : i64, epsilon = {{9.99.*E-6}} : f64}
// CHECK-NEXT: return
func.func @layer_norm(%x: tensor<?x7x8xf32>, %s: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<?x7x8xf32> {
  %eps = mlopt.constant dense<1.0e-5> : tensor<f32>
  %two = mlopt.constant dense<2.0> : tensor<f32>
  %0 = mlopt.reduce %x {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<?x7x8xf32>) -> tensor<?x7x1xf32>
  %1 = mlopt.sub %x, %0 : (tensor<?x7x8xf32>, tensor<?x7x1xf32>) -> tensor<?x7x8xf32>
  %2 = mlopt.pow %1, %two : (tensor<?x7x8xf32>, tensor<f32>) -> tensor<?x7x8xf32>
  %3 = mlopt.reduce %2 {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<?x7x8xf32>) -> tensor<?x7x1xf32>
  %4 = mlopt.add %3, %eps : (tensor<?x7x1xf32>, tensor<f32>) -> tensor<?x7x1xf32>
  %5 = mlopt.sqrt %4 : (tensor<?x7x1xf32>) -> tensor<?x7x1xf32>
  %6 = mlopt.div %1, %5 : (tensor<?x7x8xf32>, tensor<?x7x1xf32>) -> tensor<?x7x8xf32>
  %7 = mlopt.mul %6, %s : (tensor<?x7x8xf32>, tensor<8xf32>) -> tensor<?x7x8xf32>
  %8 = mlopt.add %b, %7 : (tensor<8xf32>, tensor<?x7x8xf32>) -> tensor<?x7x8xf32>
  return %8 : tensor<?x7x8xf32>
}

// CHECK-LABEL: @rms_norm
// CHECK: mlopt.rms_norm %arg0, %arg1 {axis = 1 : i64
// CHECK-NEXT: return
func.func @rms_norm(%x: tensor<7x8xf32>, %s: tensor<8xf32>) -> tensor<7x8xf32> {
  %eps = mlopt.constant dense<1.0e-6> : tensor<1xf32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %0 = mlopt.mul %x, %x : (tensor<7x8xf32>, tensor<7x8xf32>) -> tensor<7x8xf32>
  %1 = mlopt.reduce %0 {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<7x8xf32>) -> tensor<7x1xf32>
  %2 = mlopt.add %1, %eps : (tensor<7x1xf32>, tensor<1xf32>) -> tensor<7x1xf32>
  %3 = mlopt.sqrt %2 : (tensor<7x1xf32>) -> tensor<7x1xf32>
  %4 = mlopt.div %one, %3 : (tensor<f32>, tensor<7x1xf32>) -> tensor<7x1xf32>
  %5 = mlopt.mul %x, %4 : (tensor<7x8xf32>, tensor<7x1xf32>) -> tensor<7x8xf32>
  %6 = mlopt.mul %s, %5 : (tensor<8xf32>, tensor<7x8xf32>) -> tensor<7x8xf32>
  return %6 : tensor<7x8xf32>
}

// The mean over another axis is no layer_norm.
// CHECK-LABEL: @not_last_axis
// CHECK-NOT: norm
func.func @not_last_axis(%x: tensor<7x8xf32>) -> tensor<7x8xf32> {
  %eps = mlopt.constant dense<1.0e-6> : tensor<f32>
  %0 = mlopt.mul %x, %x : (tensor<7x8xf32>, tensor<7x8xf32>) -> tensor<7x8xf32>
  %1 = mlopt.reduce %0 {axes = array<i64: 0>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<7x8xf32>) -> tensor<1x8xf32>
  %2 = mlopt.add %1, %eps : (tensor<1x8xf32>, tensor<f32>) -> tensor<1x8xf32>
  %3 = mlopt.sqrt %2 : (tensor<1x8xf32>) -> tensor<1x8xf32>
  %4 = mlopt.div %x, %3 : (tensor<7x8xf32>, tensor<1x8xf32>) -> tensor<7x8xf32>
  return %4 : tensor<7x8xf32>
}

// CHECK-LABEL: @softmax
// CHECK: mlopt.softmax %arg0 {axis = 1 : i64}
// CHECK-NEXT: return
func.func @softmax(%x: tensor<7x8xf32>) -> tensor<7x8xf32> {
  %0 = mlopt.reduce %x {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>} : (tensor<7x8xf32>) -> tensor<7x1xf32>
  %1 = mlopt.sub %x, %0 : (tensor<7x8xf32>, tensor<7x1xf32>) -> tensor<7x8xf32>
  %2 = mlopt.exp %1 : (tensor<7x8xf32>) -> tensor<7x8xf32>
  %3 = mlopt.reduce %2 {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind sum>} : (tensor<7x8xf32>) -> tensor<7x1xf32>
  %4 = mlopt.div %2, %3 : (tensor<7x8xf32>, tensor<7x1xf32>) -> tensor<7x8xf32>
  return %4 : tensor<7x8xf32>
}
