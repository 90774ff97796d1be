// gelu in the orders that exporters write.
// RUN: %mlopt-opt --mlopt-raise-patterns %s | FileCheck %s

// x / sqrt 2 -> erf -> + 1, x *, * 0.5
// CHECK-LABEL: @erf_last_half
// CHECK: mlopt.gelu %arg0 :
// CHECK-NEXT: return
func.func @erf_last_half(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %sqrt2 = mlopt.constant dense<1.41421354> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.div %x, %sqrt2 : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = mlopt.erf %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = mlopt.add %1, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = mlopt.mul %x, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = mlopt.mul %3, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %4 : tensor<4x8xf32>
}

// (0.5 * x) * (1 + erf(x * 0.7071))
// CHECK-LABEL: @erf_first_half
// CHECK: mlopt.gelu %arg0 :
// CHECK-NEXT: return
func.func @erf_first_half(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %r = mlopt.constant dense<0.707106769> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<1xf32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.mul %r, %x : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = mlopt.erf %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = mlopt.add %one, %1 : (tensor<1xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %3 = mlopt.mul %half, %x : (tensor<f32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = mlopt.mul %2, %3 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %4 : tensor<4x8xf32>
}

// CHECK-LABEL: @tanh_pow
// CHECK: mlopt.gelu %arg0 {tanh_approximation = true}
// CHECK-NEXT: return
func.func @tanh_pow(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %three = mlopt.constant dense<3.0> : tensor<f32>
  %a = mlopt.constant dense<0.044715> : tensor<f32>
  %b = mlopt.constant dense<0.797884583> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.mul %x, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = mlopt.pow %x, %three : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %2 = mlopt.mul %1, %a : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = mlopt.add %x, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = mlopt.mul %3, %b : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %5 = mlopt.tanh %4 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %6 = mlopt.add %5, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %7 = mlopt.mul %0, %6 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %7 : tensor<4x8xf32>
}

// x * 0.7978 * (1 + 0.0447 * x * x)
// CHECK-LABEL: @tanh_product
// CHECK: mlopt.gelu %arg0 {tanh_approximation = true}
// CHECK-NEXT: return
func.func @tanh_product(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %a = mlopt.constant dense<0.044715> : tensor<f32>
  %b = mlopt.constant dense<0.797884583> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.mul %x, %a : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = mlopt.mul %0, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = mlopt.add %1, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = mlopt.mul %x, %b : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %4 = mlopt.mul %3, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %5 = mlopt.tanh %4 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %6 = mlopt.add %5, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %7 = mlopt.mul %6, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %8 = mlopt.mul %x, %7 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %8 : tensor<4x8xf32>
}

// Another constant is another function.
// CHECK-LABEL: @not_gelu
// CHECK-NOT: gelu %
// CHECK: mlopt.erf
func.func @not_gelu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %r = mlopt.constant dense<0.707> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.mul %x, %r : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = mlopt.erf %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = mlopt.add %1, %one : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = mlopt.mul %x, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = mlopt.mul %3, %half : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %4 : tensor<4x8xf32>
}
