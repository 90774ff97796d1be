// Where the derivative is a convention: PyTorch's values, evaluated.
// RUN: %mlopt-opt --mlopt-differentiate %s | mlopt-eval --mode=exact - | FileCheck %s

// relu: 0 at 0. NaN passes the derivative on.
// CHECK: relu exact 0: tensor<5xf32> = [0, 0, 0, 1, 1]
func.func @relu() -> tensor<5xf32> {
  %x = mlopt.constant dense<[-1.0, -0.0, 0.0, 2.0, 0x7FC00000]> : tensor<5xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.max %x, %zero : (tensor<5xf32>, tensor<f32>) -> tensor<5xf32>
  %g = mlopt.gradient %0, %x : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %g : tensor<5xf32>
}

// torch.maximum, torch.minimum: equal elements share.
// CHECK: maximum exact 0: tensor<3xf32> = [0, 0.5, 1]
// CHECK: maximum exact 1: tensor<3xf32> = [1, 0.5, 0]
func.func @maximum() -> (tensor<3xf32>, tensor<3xf32>) {
  %a = mlopt.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %b = mlopt.constant dense<[3.0, 2.0, 1.0]> : tensor<3xf32>
  %x = mlopt.sqrt %a : (tensor<3xf32>) -> tensor<3xf32>
  %y = mlopt.sqrt %b : (tensor<3xf32>) -> tensor<3xf32>
  %0 = mlopt.max %x, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %g:2 = mlopt.gradient %0, %x, %y : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1 : tensor<3xf32>, tensor<3xf32>
}

// torch.amax: equal maxima share evenly.
// CHECK: amax exact 0: tensor<2x4xf32> = [0, 0.5, 0.5, 0, 0.25, 0.25, 0.25, 0.25]
func.func @amax() -> tensor<2x4xf32> {
  %x = mlopt.constant dense<[[1.0, 3.0, 3.0, 2.0], [5.0, 5.0, 5.0, 5.0]]> : tensor<2x4xf32>
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>} : (tensor<2x4xf32>) -> tensor<2xf32>
  %g = mlopt.gradient %0, %x : (tensor<2xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %g : tensor<2x4xf32>
}

// CHECK: abs exact 0: tensor<3xf32> = [-1, 0, 1]
func.func @abs() -> tensor<3xf32> {
  %x = mlopt.constant dense<[-2.0, 0.0, 3.0]> : tensor<3xf32>
  %0 = mlopt.abs %x : (tensor<3xf32>) -> tensor<3xf32>
  %g = mlopt.gradient %0, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %g : tensor<3xf32>
}

// CHECK: sqrt exact 0: tensor<2xf32> = [inf, 0.25]
func.func @sqrt() -> tensor<2xf32> {
  %x = mlopt.constant dense<[0.0, 4.0]> : tensor<2xf32>
  %0 = mlopt.sqrt %x : (tensor<2xf32>) -> tensor<2xf32>
  %g = mlopt.gradient %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %g : tensor<2xf32>
}

// By the base 0 where the exponent is 0, by the exponent 0 where the base is 0.
// CHECK: pow exact 0: tensor<4xf32> = [0, 1, 0, 12]
// CHECK: pow exact 1: tensor<4xf32> = [0, 0, 0.69314{{[0-9]*}}, 5.5451{{[0-9]*}}]
func.func @pow() -> (tensor<4xf32>, tensor<4xf32>) {
  %a = mlopt.constant dense<[0.0, 0.0, 2.0, 2.0]> : tensor<4xf32>
  %b = mlopt.constant dense<[0.0, 1.0, 0.0, 3.0]> : tensor<4xf32>
  %x = mlopt.abs %a : (tensor<4xf32>) -> tensor<4xf32>
  %y = mlopt.abs %b : (tensor<4xf32>) -> tensor<4xf32>
  %0 = mlopt.pow %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g:2 = mlopt.gradient %0, %x, %y : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %g#0, %g#1 : tensor<4xf32>, tensor<4xf32>
}

// The choice itself mixes no NaN into what it leaves out.
// CHECK: select exact 0: tensor<2xf32> = [0, 1]
func.func @select() -> tensor<2xf32> {
  %x = mlopt.constant dense<[0x7FC00000, 1.0]> : tensor<2xf32>
  %c = mlopt.constant dense<[false, true]> : tensor<2xi1>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %0 = mlopt.select %c, %x, %one : (tensor<2xi1>, tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %g = mlopt.gradient %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %g : tensor<2xf32>
}

// f16 and f32 meet: each derivative has its operand's type.
// CHECK: cast exact 0: tensor<2xf32> = [1.5, 2.5]
func.func @cast() -> tensor<2xf32> {
  %x = mlopt.constant dense<[0.5, 1.0]> : tensor<2xf32>
  %h = mlopt.constant dense<[1.5, 2.5]> : tensor<2xf16>
  %0 = mlopt.cast %x {to = f16} : (tensor<2xf32>) -> tensor<2xf16>
  %1 = mlopt.mul %0, %h : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  %2 = mlopt.cast %1 {to = f32} : (tensor<2xf16>) -> tensor<2xf32>
  %g = mlopt.gradient %2, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %g : tensor<2xf32>
}
