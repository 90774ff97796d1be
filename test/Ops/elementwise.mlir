// RUN: mlopt-eval %s | FileCheck %s

func.func @abs() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.abs %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: abs exact 0: tensor<7xf32> = [2.5, 1, 0.5, 0, 0.5, 1.5, 3]

func.func @neg() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.neg %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: neg exact 0: tensor<7xf32> = [2.5, 1, 0.5, -0, -0.5, -1.5, -3]

func.func @sign() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.sign %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: sign exact 0: tensor<7xf32> = [-1, -1, -1, 0, 1, 1, 1]

func.func @ceil() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.ceil %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: ceil exact 0: tensor<7xf32> = [-2, -1, -0, 0, 1, 2, 3]

func.func @floor() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.floor %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: floor exact 0: tensor<7xf32> = [-3, -1, -1, 0, 0, 1, 3]

func.func @round() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.round %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: round exact 0: tensor<7xf32> = [-2, -1, -0, 0, 0, 2, 3]

func.func @trunc() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.trunc %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: trunc exact 0: tensor<7xf32> = [-2, -1, -0, 0, 0, 1, 3]

func.func @exp() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.exp %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: exp exact 0: tensor<7xf32> = [0.082084998{{[0-9]*}}, 0.36787944{{[0-9]*}}, 0.60653065{{[0-9]*}}, 1, 1.6487212{{[0-9]*}}, 4.4816890{{[0-9]*}}, 20.085536{{[0-9]*}}]

func.func @sin() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.sin %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: sin exact 0: tensor<7xf32> = [-0.59847214{{[0-9]*}}, -0.84147098{{[0-9]*}}, -0.47942553{{[0-9]*}}, 0, 0.47942553{{[0-9]*}}, 0.99749498{{[0-9]*}}, 0.14112000{{[0-9]*}}]

func.func @cos() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.cos %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: cos exact 0: tensor<7xf32> = [-0.80114361{{[0-9]*}}, 0.54030230{{[0-9]*}}, 0.87758256{{[0-9]*}}, 1, 0.87758256{{[0-9]*}}, 0.070737201{{[0-9]*}}, -0.98999249{{[0-9]*}}]

func.func @tan() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.tan %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: tan exact 0: tensor<7xf32> = [0.74702229{{[0-9]*}}, -1.5574077{{[0-9]*}}, -0.54630248{{[0-9]*}}, 0, 0.54630248{{[0-9]*}}, 14.101419{{[0-9]*}}, -0.14254654{{[0-9]*}}]

func.func @atan() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.atan %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: atan exact 0: tensor<7xf32> = [-1.1902899{{[0-9]*}}, -0.78539816{{[0-9]*}}, -0.46364760{{[0-9]*}}, 0, 0.46364760{{[0-9]*}}, 0.98279372{{[0-9]*}}, 1.2490457{{[0-9]*}}]

func.func @sinh() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.sinh %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: sinh exact 0: tensor<7xf32> = [-6.0502044{{[0-9]*}}, -1.1752011{{[0-9]*}}, -0.52109530{{[0-9]*}}, 0, 0.52109530{{[0-9]*}}, 2.1292794{{[0-9]*}}, 10.017874{{[0-9]*}}]

func.func @cosh() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.cosh %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: cosh exact 0: tensor<7xf32> = [6.1322894{{[0-9]*}}, 1.5430806{{[0-9]*}}, 1.1276259{{[0-9]*}}, 1, 1.1276259{{[0-9]*}}, 2.3524096{{[0-9]*}}, 10.067661{{[0-9]*}}]

func.func @tanh() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.tanh %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: tanh exact 0: tensor<7xf32> = [-0.98661429{{[0-9]*}}, -0.76159415{{[0-9]*}}, -0.46211715{{[0-9]*}}, 0, 0.46211715{{[0-9]*}}, 0.90514825{{[0-9]*}}, 0.99505475{{[0-9]*}}]

func.func @asinh() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.asinh %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: asinh exact 0: tensor<7xf32> = [-1.6472311{{[0-9]*}}, -0.88137358{{[0-9]*}}, -0.48121182{{[0-9]*}}, 0, 0.48121182{{[0-9]*}}, 1.1947632{{[0-9]*}}, 1.8184464{{[0-9]*}}]

func.func @erf() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.erf %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: erf exact 0: tensor<7xf32> = [-0.99959304{{[0-9]*}}, -0.84270079{{[0-9]*}}, -0.52049987{{[0-9]*}}, 0, 0.52049987{{[0-9]*}}, 0.96610514{{[0-9]*}}, 0.99997790{{[0-9]*}}]

func.func @sigmoid() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.sigmoid %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: sigmoid exact 0: tensor<7xf32> = [0.075858180{{[0-9]*}}, 0.26894142{{[0-9]*}}, 0.37754066{{[0-9]*}}, 0.5, 0.62245933{{[0-9]*}}, 0.81757447{{[0-9]*}}, 0.95257412{{[0-9]*}}]

func.func @softplus() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.softplus %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: softplus exact 0: tensor<7xf32> = [0.078889734{{[0-9]*}}, 0.31326168{{[0-9]*}}, 0.47407698{{[0-9]*}}, 0.69314718{{[0-9]*}}, 0.97407698{{[0-9]*}}, 1.7014132{{[0-9]*}}, 3.0485873{{[0-9]*}}]

func.func @sqrt() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.sqrt %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: sqrt exact 0: tensor<6xf32> = [nan, nan, 0, 0.5, 1, 1.4142135{{[0-9]*}}]

func.func @log() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.log %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: log exact 0: tensor<6xf32> = [nan, nan, -inf, -1.3862943{{[0-9]*}}, 0, 0.69314718{{[0-9]*}}]

func.func @asin() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.asin %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: asin exact 0: tensor<6xf32> = [-1.5707963{{[0-9]*}}, -0.52359877{{[0-9]*}}, 0, 0.25268025{{[0-9]*}}, 1.5707963{{[0-9]*}}, nan]

func.func @acos() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.acos %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: acos exact 0: tensor<6xf32> = [3.1415926{{[0-9]*}}, 2.0943951{{[0-9]*}}, 1.5707963{{[0-9]*}}, 1.3181160{{[0-9]*}}, 0, nan]

func.func @acosh() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.acosh %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: acosh exact 0: tensor<6xf32> = [nan, nan, nan, nan, 0, 1.3169578{{[0-9]*}}]

func.func @atanh() -> tensor<6xf32> {
  %0 = mlopt.constant dense<[-1.0, -0.5, 0.0, 0.25, 1.0, 2.0]> : tensor<6xf32>
  %r = mlopt.atanh %0 : (tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
// CHECK: atanh exact 0: tensor<6xf32> = [-inf, -0.54930614{{[0-9]*}}, 0, 0.25541281{{[0-9]*}}, inf, nan]

func.func @sign_nan() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[0x7FC00000, -0.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %r = mlopt.sign %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: sign_nan exact 0: tensor<4xf32> = [nan, 0, 1, -1]

// No overflow.
func.func @softplus_large() -> tensor<3xf32> {
  %0 = mlopt.constant dense<[1000.0, -1000.0, 0x7FC00000]> : tensor<3xf32>
  %r = mlopt.softplus %0 : (tensor<3xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
// CHECK: softplus_large exact 0: tensor<3xf32> = [1000, 0, nan]

func.func @sigmoid_large() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[1000.0, -1000.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %r = mlopt.sigmoid %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: sigmoid_large exact 0: tensor<4xf32> = [1, 0, 1, 0]

func.func @neg_empty() -> tensor<0x3xf32> {
  %0 = mlopt.constant dense<> : tensor<0x3xf32>
  %r = mlopt.neg %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %r : tensor<0x3xf32>
}
// CHECK: neg_empty exact 0: tensor<0x3xf32> = []

// The lowest integer wraps.
func.func @abs_i8() -> tensor<3xi8> {
  %0 = mlopt.constant dense<[-128, -5, 7]> : tensor<3xi8>
  %r = mlopt.abs %0 : (tensor<3xi8>) -> tensor<3xi8>
  return %r : tensor<3xi8>
}
// CHECK: abs_i8 exact 0: tensor<3xi8> = [-128, 5, 7]

func.func @neg_ui8() -> tensor<3xui8> {
  %0 = mlopt.constant dense<[0, 1, 255]> : tensor<3xui8>
  %r = mlopt.neg %0 : (tensor<3xui8>) -> tensor<3xui8>
  return %r : tensor<3xui8>
}
// CHECK: neg_ui8 exact 0: tensor<3xui8> = [0, 255, 1]

func.func @sign_ui64() -> tensor<2xui64> {
  %0 = mlopt.constant dense<[0, 9223372036854775809]> : tensor<2xui64>
  %r = mlopt.sign %0 : (tensor<2xui64>) -> tensor<2xui64>
  return %r : tensor<2xui64>
}
// CHECK: sign_ui64 exact 0: tensor<2xui64> = [0, 1]

func.func @not_bool() -> tensor<2xi1> {
  %0 = mlopt.constant dense<[true, false]> : tensor<2xi1>
  %r = mlopt.not %0 : (tensor<2xi1>) -> tensor<2xi1>
  return %r : tensor<2xi1>
}
// CHECK: not_bool exact 0: tensor<2xi1> = [0, 1]

func.func @not_i32() -> tensor<2xi32> {
  %0 = mlopt.constant dense<[0, 5]> : tensor<2xi32>
  %r = mlopt.not %0 : (tensor<2xi32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}
// CHECK: not_i32 exact 0: tensor<2xi32> = [-1, -6]

func.func @not_ui8() -> tensor<2xui8> {
  %0 = mlopt.constant dense<[0, 5]> : tensor<2xui8>
  %r = mlopt.not %0 : (tensor<2xui8>) -> tensor<2xui8>
  return %r : tensor<2xui8>
}
// CHECK: not_ui8 exact 0: tensor<2xui8> = [255, 250]

func.func @gelu() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.gelu %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: gelu exact 0: tensor<7xf32> = [-0.015524163{{[0-9]*}}, -0.15865525{{[0-9]*}}, -0.15426876{{[0-9]*}}, 0, 0.34573123{{[0-9]*}}, 1.3997891{{[0-9]*}}, 2.9959503{{[0-9]*}}]

func.func @gelu_tanh() -> tensor<7xf32> {
  %0 = mlopt.constant dense<[-2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 3.0]> : tensor<7xf32>
  %r = mlopt.gelu %0 {tanh_approximation = true} : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
// CHECK: gelu_tanh exact 0: tensor<7xf32> = [-0.015084266{{[0-9]*}}, -0.15880800{{[0-9]*}}, -0.15428599{{[0-9]*}}, 0, 0.34571400{{[0-9]*}}, 1.3995715{{[0-9]*}}, 2.9963626{{[0-9]*}}]

func.func @is_nan() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, 0.0]> : tensor<4xf32>
  %r = mlopt.is_nan %0 : (tensor<4xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: is_nan exact 0: tensor<4xi1> = [1, 0, 0, 0]

func.func @is_inf() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, 0.0]> : tensor<4xf32>
  %r = mlopt.is_inf %0 : (tensor<4xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: is_inf exact 0: tensor<4xi1> = [0, 1, 1, 0]

func.func @is_inf_positive() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, 0.0]> : tensor<4xf32>
  %r = mlopt.is_inf %0 {detect_negative = false} : (tensor<4xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: is_inf_positive exact 0: tensor<4xi1> = [0, 1, 0, 0]

func.func @add_broadcast() -> tensor<2x4x3xf32> {
  %0 = mlopt.constant dense<[[[1.0, 1.75, -2.0]], [[-1.25, -1.25, -0.25]]]> : tensor<2x1x3xf32>
  %1 = mlopt.constant dense<[[0.25], [-1.0], [-0.5], [1.0]]> : tensor<4x1xf32>
  %r = mlopt.add %0, %1 : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return %r : tensor<2x4x3xf32>
}
// CHECK: add_broadcast exact 0: tensor<2x4x3xf32> = [1.25, 2, -1.75, 0, 0.75, -3, 0.5, 1.25, -2.5, 2, 2.75, -1, -1, -1, 0, -2.25, -2.25, -1.25, -1.75, -1.75, -0.75, -0.25, -0.25, 0.75]

func.func @sub_broadcast() -> tensor<2x4x3xf32> {
  %0 = mlopt.constant dense<[[[1.0, 1.75, -2.0]], [[-1.25, -1.25, -0.25]]]> : tensor<2x1x3xf32>
  %1 = mlopt.constant dense<[[0.25], [-1.0], [-0.5], [1.0]]> : tensor<4x1xf32>
  %r = mlopt.sub %0, %1 : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return %r : tensor<2x4x3xf32>
}
// CHECK: sub_broadcast exact 0: tensor<2x4x3xf32> = [0.75, 1.5, -2.25, 2, 2.75, -1, 1.5, 2.25, -1.5, 0, 0.75, -3, -1.5, -1.5, -0.5, -0.25, -0.25, 0.75, -0.75, -0.75, 0.25, -2.25, -2.25, -1.25]

func.func @mul_broadcast() -> tensor<2x4x3xf32> {
  %0 = mlopt.constant dense<[[[1.0, 1.75, -2.0]], [[-1.25, -1.25, -0.25]]]> : tensor<2x1x3xf32>
  %1 = mlopt.constant dense<[[0.25], [-1.0], [-0.5], [1.0]]> : tensor<4x1xf32>
  %r = mlopt.mul %0, %1 : (tensor<2x1x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return %r : tensor<2x4x3xf32>
}
// CHECK: mul_broadcast exact 0: tensor<2x4x3xf32> = [0.25, 0.4375, -0.5, -1, -1.75, 2, -0.5, -0.875, 1, 1, 1.75, -2, -0.3125, -0.3125, -0.0625, 1.25, 1.25, 0.25, 0.625, 0.625, 0.125, -1.25, -1.25, -0.25]

func.func @div() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[1.0, -1.0, 0.0, 5.0]> : tensor<4xf32>
  %1 = mlopt.constant dense<[0.0, 0.0, 0.0, 2.0]> : tensor<4xf32>
  %r = mlopt.div %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: div exact 0: tensor<4xf32> = [inf, -inf, nan, 2.5]

// Truncated; x / 0 = 0; the lowest integer by -1 wraps.
func.func @div_i32() -> tensor<5xi32> {
  %0 = mlopt.constant dense<[7, -7, 7, 5, -2147483648]> : tensor<5xi32>
  %1 = mlopt.constant dense<[2, 2, -2, 0, -1]> : tensor<5xi32>
  %r = mlopt.div %0, %1 : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}
// CHECK: div_i32 exact 0: tensor<5xi32> = [3, -3, -3, 0, -2147483648]

func.func @div_i64_lowest() -> tensor<1xi64> {
  %0 = mlopt.constant dense<[-9223372036854775808]> : tensor<1xi64>
  %1 = mlopt.constant dense<[-1]> : tensor<1xi64>
  %r = mlopt.div %0, %1 : (tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>
  return %r : tensor<1xi64>
}
// CHECK: div_i64_lowest exact 0: tensor<1xi64> = [-9223372036854775808]

func.func @div_ui64() -> tensor<2xui64> {
  %0 = mlopt.constant dense<[18446744073709551615, 5]> : tensor<2xui64>
  %1 = mlopt.constant dense<[2, 0]> : tensor<2xui64>
  %r = mlopt.div %0, %1 : (tensor<2xui64>, tensor<2xui64>) -> tensor<2xui64>
  return %r : tensor<2xui64>
}
// CHECK: div_ui64 exact 0: tensor<2xui64> = [9223372036854775807, 0]

func.func @add_i8_wraps() -> tensor<2xi8> {
  %0 = mlopt.constant dense<[127, -128]> : tensor<2xi8>
  %1 = mlopt.constant dense<[1, -1]> : tensor<2xi8>
  %r = mlopt.add %0, %1 : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}
// CHECK: add_i8_wraps exact 0: tensor<2xi8> = [-128, 127]

func.func @mul_ui8_wraps() -> tensor<2xui8> {
  %0 = mlopt.constant dense<[16, 255]> : tensor<2xui8>
  %1 = mlopt.constant dense<[16, 255]> : tensor<2xui8>
  %r = mlopt.mul %0, %1 : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return %r : tensor<2xui8>
}
// CHECK: mul_ui8_wraps exact 0: tensor<2xui8> = [0, 1]

func.func @add_scalar_empty() -> tensor<0x2xf32> {
  %0 = mlopt.constant dense<> : tensor<0x2xf32>
  %1 = mlopt.constant dense<1.0> : tensor<f32>
  %r = mlopt.add %0, %1 : (tensor<0x2xf32>, tensor<f32>) -> tensor<0x2xf32>
  return %r : tensor<0x2xf32>
}
// CHECK: add_scalar_empty exact 0: tensor<0x2xf32> = []

func.func @pow() -> tensor<5xf32> {
  %0 = mlopt.constant dense<[2.0, -2.0, 0.0, 4.0, -8.0]> : tensor<5xf32>
  %1 = mlopt.constant dense<[0.5, 3.0, 0.0, -1.0, 0.3333333432674408]> : tensor<5xf32>
  %r = mlopt.pow %0, %1 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}
// CHECK: pow exact 0: tensor<5xf32> = [1.4142135{{[0-9]*}}, -8, 1, 0.25, nan]

func.func @pow_int_exponent() -> tensor<3xf32> {
  %0 = mlopt.constant dense<[2.0, -3.0, 0.5]> : tensor<3xf32>
  %1 = mlopt.constant dense<[3, 2, -2]> : tensor<3xi64>
  %r = mlopt.pow %0, %1 : (tensor<3xf32>, tensor<3xi64>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
// CHECK: pow_int_exponent exact 0: tensor<3xf32> = [8, 9, 4]

func.func @pow_i32() -> tensor<6xi32> {
  %0 = mlopt.constant dense<[3, 2, -1, -1, 2, 0]> : tensor<6xi32>
  %1 = mlopt.constant dense<[4, 31, -3, -2, -1, -1]> : tensor<6xi32>
  %r = mlopt.pow %0, %1 : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  return %r : tensor<6xi32>
}
// CHECK: pow_i32 exact 0: tensor<6xi32> = [81, -2147483648, -1, 1, 0, 0]

func.func @pow_i32_float() -> tensor<2xi32> {
  %0 = mlopt.constant dense<[4, 10]> : tensor<2xi32>
  %1 = mlopt.constant dense<[0.5, 20.0]> : tensor<2xf32>
  %r = mlopt.pow %0, %1 : (tensor<2xi32>, tensor<2xf32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}
// CHECK: pow_i32_float exact 0: tensor<2xi32> = [2, 2147483647]

func.func @max_nan() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[1.0, 0x7FC00000, 3.0, 0xFF800000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0, 0.0, 0x7FC00000, 5.0]> : tensor<4xf32>
  %r = mlopt.max %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: max_nan exact 0: tensor<4xf32> = [2, nan, nan, 5]

func.func @min_nan() -> tensor<4xf32> {
  %0 = mlopt.constant dense<[1.0, 0x7FC00000, 3.0, 0xFF800000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0, 0.0, 0x7FC00000, 5.0]> : tensor<4xf32>
  %r = mlopt.min %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// CHECK: min_nan exact 0: tensor<4xf32> = [1, nan, nan, -inf]

func.func @max_ui64() -> tensor<2xui64> {
  %0 = mlopt.constant dense<[9223372036854775808, 1]> : tensor<2xui64>
  %1 = mlopt.constant dense<[1, 2]> : tensor<2xui64>
  %r = mlopt.max %0, %1 : (tensor<2xui64>, tensor<2xui64>) -> tensor<2xui64>
  return %r : tensor<2xui64>
}
// CHECK: max_ui64 exact 0: tensor<2xui64> = [9223372036854775808, 2]

func.func @min_i16() -> tensor<2xi16> {
  %0 = mlopt.constant dense<[-5, 5]> : tensor<2xi16>
  %1 = mlopt.constant dense<[3]> : tensor<1xi16>
  %r = mlopt.min %0, %1 : (tensor<2xi16>, tensor<1xi16>) -> tensor<2xi16>
  return %r : tensor<2xi16>
}
// CHECK: min_i16 exact 0: tensor<2xi16> = [-5, 3]

func.func @and_bool() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[true, true, false, false]> : tensor<4xi1>
  %1 = mlopt.constant dense<[true, false, true, false]> : tensor<4xi1>
  %r = mlopt.and %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: and_bool exact 0: tensor<4xi1> = [1, 0, 0, 0]

func.func @or_bool() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[true, true, false, false]> : tensor<4xi1>
  %1 = mlopt.constant dense<[true, false, true, false]> : tensor<4xi1>
  %r = mlopt.or %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: or_bool exact 0: tensor<4xi1> = [1, 1, 1, 0]

func.func @xor_bool() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[true, true, false, false]> : tensor<4xi1>
  %1 = mlopt.constant dense<[true, false, true, false]> : tensor<4xi1>
  %r = mlopt.xor %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: xor_bool exact 0: tensor<4xi1> = [0, 1, 1, 0]

func.func @and_i32() -> tensor<2xi32> {
  %0 = mlopt.constant dense<[12, -1]> : tensor<2xi32>
  %1 = mlopt.constant dense<[10, 7]> : tensor<2xi32>
  %r = mlopt.and %0, %1 : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}
// CHECK: and_i32 exact 0: tensor<2xi32> = [8, 7]

func.func @or_i32() -> tensor<2xi32> {
  %0 = mlopt.constant dense<[12, -1]> : tensor<2xi32>
  %1 = mlopt.constant dense<[10, 7]> : tensor<2xi32>
  %r = mlopt.or %0, %1 : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}
// CHECK: or_i32 exact 0: tensor<2xi32> = [14, -1]

func.func @xor_i32() -> tensor<2xi32> {
  %0 = mlopt.constant dense<[12, -1]> : tensor<2xi32>
  %1 = mlopt.constant dense<[10, 7]> : tensor<2xi32>
  %r = mlopt.xor %0, %1 : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}
// CHECK: xor_i32 exact 0: tensor<2xi32> = [6, -8]

func.func @shift_left() -> tensor<4xui8> {
  %0 = mlopt.constant dense<[1, 1, 200, 1]> : tensor<4xui8>
  %1 = mlopt.constant dense<[0, 7, 1, 8]> : tensor<4xui8>
  %r = mlopt.shift_left %0, %1 : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %r : tensor<4xui8>
}
// CHECK: shift_left exact 0: tensor<4xui8> = [1, 128, 144, 0]

// Logical, also on signed types.
func.func @shift_right() -> tensor<4xi8> {
  %0 = mlopt.constant dense<[-1, -8, 64, 1]> : tensor<4xi8>
  %1 = mlopt.constant dense<[1, 2, 6, 8]> : tensor<4xi8>
  %r = mlopt.shift_right %0, %1 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}
// CHECK: shift_right exact 0: tensor<4xi8> = [127, 62, 1, 0]

func.func @mod_float() -> tensor<5xf32> {
  %0 = mlopt.constant dense<[5.5, -5.5, 5.5, -5.5, 1.0]> : tensor<5xf32>
  %1 = mlopt.constant dense<[3.0, 3.0, -3.0, -3.0, 0.0]> : tensor<5xf32>
  %r = mlopt.mod %0, %1 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}
// CHECK: mod_float exact 0: tensor<5xf32> = [2.5, 0.5, -0.5, -2.5, nan]

func.func @mod_fmod() -> tensor<5xf32> {
  %0 = mlopt.constant dense<[5.5, -5.5, 5.5, -5.5, 1.0]> : tensor<5xf32>
  %1 = mlopt.constant dense<[3.0, 3.0, -3.0, -3.0, 0.0]> : tensor<5xf32>
  %r = mlopt.mod %0, %1 {fmod = true} : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}
// CHECK: mod_fmod exact 0: tensor<5xf32> = [2.5, -2.5, 2.5, -2.5, nan]

func.func @mod_i64() -> tensor<5xi64> {
  %0 = mlopt.constant dense<[7, -7, 7, -7, 3]> : tensor<5xi64>
  %1 = mlopt.constant dense<[3, 3, -3, -3, 0]> : tensor<5xi64>
  %r = mlopt.mod %0, %1 : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}
// CHECK: mod_i64 exact 0: tensor<5xi64> = [1, 2, -2, -1, 0]

func.func @mod_i64_fmod() -> tensor<5xi64> {
  %0 = mlopt.constant dense<[7, -7, 7, -7, 3]> : tensor<5xi64>
  %1 = mlopt.constant dense<[3, 3, -3, -3, 0]> : tensor<5xi64>
  %r = mlopt.mod %0, %1 {fmod = true} : (tensor<5xi64>, tensor<5xi64>) -> tensor<5xi64>
  return %r : tensor<5xi64>
}
// CHECK: mod_i64_fmod exact 0: tensor<5xi64> = [1, -1, 1, -1, 0]

func.func @compare_eq() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate eq>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_eq exact 0: tensor<4xi1> = [0, 1, 0, 0]

func.func @compare_ne() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate ne>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_ne exact 0: tensor<4xi1> = [1, 0, 1, 1]

func.func @compare_lt() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate lt>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_lt exact 0: tensor<4xi1> = [1, 0, 0, 0]

func.func @compare_le() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate le>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_le exact 0: tensor<4xi1> = [1, 1, 0, 0]

func.func @compare_gt() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate gt>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_gt exact 0: tensor<4xi1> = [0, 0, 1, 0]

func.func @compare_ge() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>
  %1 = mlopt.constant dense<[2.0]> : tensor<1xf32>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate ge>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_ge exact 0: tensor<4xi1> = [0, 1, 1, 0]

func.func @compare_ui64() -> tensor<2xi1> {
  %0 = mlopt.constant dense<[9223372036854775808, 1]> : tensor<2xui64>
  %1 = mlopt.constant dense<[1, 2]> : tensor<2xui64>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate gt>} : (tensor<2xui64>, tensor<2xui64>) -> tensor<2xi1>
  return %r : tensor<2xi1>
}
// CHECK: compare_ui64 exact 0: tensor<2xi1> = [1, 0]

func.func @compare_bool() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[true, true, false, false]> : tensor<4xi1>
  %1 = mlopt.constant dense<[true, false, true, false]> : tensor<4xi1>
  %r = mlopt.compare %0, %1 {predicate = #mlopt<predicate eq>} : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: compare_bool exact 0: tensor<4xi1> = [1, 0, 0, 1]

func.func @select() -> tensor<2x3xf32> {
  %0 = mlopt.constant dense<[[true], [false]]> : tensor<2x1xi1>
  %1 = mlopt.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %2 = mlopt.constant dense<9.0> : tensor<f32>
  %r = mlopt.select %0, %1, %2 : (tensor<2x1xi1>, tensor<3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
// CHECK: select exact 0: tensor<2x3xf32> = [1, 2, 3, 9, 9, 9]

// Mode exact rounds here, too.
func.func @cast_f32_f16() -> tensor<6xf16> {
  %0 = mlopt.constant dense<[0.3333333432674408, 65520.0, 65519.0, 9.99999993922529e-09, 5.99999978589949e-08, 0x7FC00000]> : tensor<6xf32>
  %r = mlopt.cast %0 {to = f16} : (tensor<6xf32>) -> tensor<6xf16>
  return %r : tensor<6xf16>
}
// CHECK: cast_f32_f16 exact 0: tensor<6xf16> = [0.33325195{{[0-9]*}}, inf, 65504, 0, 5.9604644{{[0-9]*}}e-08, nan]
// CHECK: cast_f32_f16 typed 0: tensor<6xf16> = [0.33325195{{[0-9]*}}, inf, 65504, 0, 5.9604644{{[0-9]*}}e-08, nan]

// Halves go to even.
func.func @cast_f32_bf16() -> tensor<4xbf16> {
  %0 = mlopt.constant dense<[0.3333333432674408, 1.00390625, 1.01171875, 3.3999999521443642e+38]> : tensor<4xf32>
  %r = mlopt.cast %0 {to = bf16} : (tensor<4xf32>) -> tensor<4xbf16>
  return %r : tensor<4xbf16>
}
// CHECK: cast_f32_bf16 exact 0: tensor<4xbf16> = [0.33398437{{[0-9]*}}, 1, 1.015625, inf]
// CHECK: cast_f32_bf16 typed 0: tensor<4xbf16> = [0.33398437{{[0-9]*}}, 1, 1.015625, inf]

func.func @cast_f64_f32() -> tensor<1xf32> {
  %0 = mlopt.constant dense<[0.1]> : tensor<1xf64>
  %r = mlopt.cast %0 {to = f32} : (tensor<1xf64>) -> tensor<1xf32>
  return %r : tensor<1xf32>
}
// CHECK: cast_f64_f32 exact 0: tensor<1xf32> = [0.10000000{{[0-9]*}}]

func.func @cast_f32_i8() -> tensor<6xi8> {
  %0 = mlopt.constant dense<[1.899999976158142, -1.899999976158142, 300.0, -300.0, 0x7FC00000, 0x7F800000]> : tensor<6xf32>
  %r = mlopt.cast %0 {to = i8} : (tensor<6xf32>) -> tensor<6xi8>
  return %r : tensor<6xi8>
}
// CHECK: cast_f32_i8 exact 0: tensor<6xi8> = [1, -1, 127, -128, 0, 127]

func.func @cast_f32_ui8() -> tensor<3xui8> {
  %0 = mlopt.constant dense<[1.899999976158142, -1.899999976158142, 300.0]> : tensor<3xf32>
  %r = mlopt.cast %0 {to = ui8} : (tensor<3xf32>) -> tensor<3xui8>
  return %r : tensor<3xui8>
}
// CHECK: cast_f32_ui8 exact 0: tensor<3xui8> = [1, 0, 255]

func.func @cast_f64_i64() -> tensor<3xi64> {
  %0 = mlopt.constant dense<[1.0e+30, -1.0e+30, -9.223372036854776e+18]> : tensor<3xf64>
  %r = mlopt.cast %0 {to = i64} : (tensor<3xf64>) -> tensor<3xi64>
  return %r : tensor<3xi64>
}
// CHECK: cast_f64_i64 exact 0: tensor<3xi64> = [9223372036854775807, -9223372036854775808, -9223372036854775808]

func.func @cast_f64_ui64() -> tensor<2xui64> {
  %0 = mlopt.constant dense<[1.0e+30, 9.223372036854776e+18]> : tensor<2xf64>
  %r = mlopt.cast %0 {to = ui64} : (tensor<2xf64>) -> tensor<2xui64>
  return %r : tensor<2xui64>
}
// CHECK: cast_f64_ui64 exact 0: tensor<2xui64> = [18446744073709551615, 9223372036854775808]

func.func @cast_i32_i8() -> tensor<2xi8> {
  %0 = mlopt.constant dense<[300, -129]> : tensor<2xi32>
  %r = mlopt.cast %0 {to = i8} : (tensor<2xi32>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}
// CHECK: cast_i32_i8 exact 0: tensor<2xi8> = [44, 127]

func.func @cast_i32_ui8() -> tensor<2xui8> {
  %0 = mlopt.constant dense<[300, -1]> : tensor<2xi32>
  %r = mlopt.cast %0 {to = ui8} : (tensor<2xi32>) -> tensor<2xui8>
  return %r : tensor<2xui8>
}
// CHECK: cast_i32_ui8 exact 0: tensor<2xui8> = [44, 255]

// One rounding: 2^62 + 2^38 + 1 lies above the middle of two floats.
func.func @cast_i64_f32() -> tensor<3xf32> {
  %0 = mlopt.constant dense<[16777217, 4611686293305294849, -3]> : tensor<3xi64>
  %r = mlopt.cast %0 {to = f32} : (tensor<3xi64>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
// CHECK: cast_i64_f32 exact 0: tensor<3xf32> = [16777216, 4.6116865{{[0-9]*}}e+18, -3]

func.func @cast_ui64_f64() -> tensor<1xf64> {
  %0 = mlopt.constant dense<[18446744073709551615]> : tensor<1xui64>
  %r = mlopt.cast %0 {to = f64} : (tensor<1xui64>) -> tensor<1xf64>
  return %r : tensor<1xf64>
}
// CHECK: cast_ui64_f64 exact 0: tensor<1xf64> = [1.8446744{{[0-9]*}}e+19]

func.func @cast_f32_bool() -> tensor<4xi1> {
  %0 = mlopt.constant dense<[0.0, -0.0, 0.10000000149011612, 0x7FC00000]> : tensor<4xf32>
  %r = mlopt.cast %0 {to = i1} : (tensor<4xf32>) -> tensor<4xi1>
  return %r : tensor<4xi1>
}
// CHECK: cast_f32_bool exact 0: tensor<4xi1> = [0, 0, 1, 1]

func.func @cast_bool_f32() -> tensor<2xf32> {
  %0 = mlopt.constant dense<[true, false]> : tensor<2xi1>
  %r = mlopt.cast %0 {to = f32} : (tensor<2xi1>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
// CHECK: cast_bool_f32 exact 0: tensor<2xf32> = [1, 0]

func.func @typed_rounds() -> tensor<1xf32> {
  %0 = mlopt.constant dense<[0.3333333432674408]> : tensor<1xf32>
  %1 = mlopt.constant dense<[3.0]> : tensor<1xf32>
  %r = mlopt.mul %0, %1 : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  return %r : tensor<1xf32>
}
// CHECK: typed_rounds typed 0: tensor<1xf32> = [1]

func.func @typed_f16_overflow() -> tensor<2xf16> {
  %0 = mlopt.constant dense<[256.0, 2.0]> : tensor<2xf16>
  %1 = mlopt.constant dense<[256.0, 0.0999755859375]> : tensor<2xf16>
  %r = mlopt.mul %0, %1 : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  return %r : tensor<2xf16>
}
// CHECK: typed_f16_overflow typed 0: tensor<2xf16> = [inf, 0.19995117{{[0-9]*}}]

// Mode exact does not round to f16.
func.func @exact_f16_keeps() -> tensor<1xf16> {
  %0 = mlopt.constant dense<[256.0]> : tensor<1xf16>
  %1 = mlopt.constant dense<[256.0]> : tensor<1xf16>
  %r = mlopt.mul %0, %1 : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  return %r : tensor<1xf16>
}
// CHECK: exact_f16_keeps exact 0: tensor<1xf16> = [65536]

func.func @add_bf16() -> tensor<2xbf16> {
  %0 = mlopt.constant dense<[1.0, 256.0]> : tensor<2xbf16>
  %1 = mlopt.constant dense<[0.001953125, 1.0]> : tensor<2xbf16>
  %r = mlopt.add %0, %1 : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  return %r : tensor<2xbf16>
}
// CHECK: add_bf16 typed 0: tensor<2xbf16> = [1, 256]
