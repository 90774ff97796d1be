// The straight-through estimate: 1 where nothing saturates, 0 elsewhere, as PyTorch's fake_quantize has it.
// RUN: %mlopt-opt --mlopt-differentiate %s | mlopt-eval --mode=exact - | FileCheck %s

// Steps -130, -128.4, -1, 0, 127.4 and 128 of i8.
// CHECK: signed exact 0: tensor<6xf32> = [0, 1, 1, 1, 1, 0]
func.func @signed() -> tensor<6xf32> {
  %x = mlopt.constant dense<[-65.0, -64.2, -0.5, 0.0, 63.7, 64.0]> : tensor<6xf32>
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %none = mlopt.none : none
  %q = mlopt.quantize %x, %s, %none {to = i8} : (tensor<6xf32>, tensor<f32>, none) -> tensor<6xi8>
  %y = mlopt.dequantize %q, %s, %none : (tensor<6xi8>, tensor<f32>, none) -> tensor<6xf32>
  %g = mlopt.gradient %y, %x : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
  return %g : tensor<6xf32>
}

// One scale per channel, zero point 10: y = x^2 behind the pair has the slope 2 dequantize(quantize(x)).
// CHECK: unsigned exact 0: tensor<2x2xf32> = [2, 0, 0, 8]
func.func @unsigned() -> tensor<2x2xf32> {
  %x = mlopt.constant dense<[[1.2, -20.0], [600.0, 4.1]]> : tensor<2x2xf32>
  %s = mlopt.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %z = mlopt.constant dense<10> : tensor<ui8>
  %q = mlopt.quantize %x, %s, %z {to = ui8} : (tensor<2x2xf32>, tensor<2x1xf32>, tensor<ui8>) -> tensor<2x2xui8>
  %d = mlopt.dequantize %q, %s, %z : (tensor<2x2xui8>, tensor<2x1xf32>, tensor<ui8>) -> tensor<2x2xf32>
  %y = mlopt.mul %d, %d : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %g : tensor<2x2xf32>
}
