// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1,m=2 --size n=0,m=5 --size n=37,m=40 --size n=5,m=133 | FileCheck %s --implicit-check-not=FAILED
//
// Rows quantized by their own largest magnitude: one kernel writes the integers
// of a row and the row's scale. Rows of any length, along with a producer, with
// rows of zeros, with statistics of another kind, and as signed bytes.
// CHECK: {{^}}rows_u8 x86-64-v2 n=1{{.*}}: generic
// CHECK: {{^}}rows_half x86-64-v4 n=5{{.*}}: generic

mlopt.kernel @rows_u8(%x: tensor<?x3x?xf32> {mlopt.range = [-40.0, 40.0]}, %z: tensor<ui8> {mlopt.range = [0, 256]}) -> (tensor<?x3x1xf32>, tensor<?x3x?xui8>) attributes {hero = #mlopt.hero<reduction>, dims = [["n", 3, "m"], [], ["n", 3, 1], ["n", 3, "m"]]} {
  %a = mlopt.abs %x : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %m = mlopt.reduce %a {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind max>, mlopt.hero_op} : (tensor<?x3x?xf32>) -> tensor<?x3x1xf32>
  %least = mlopt.constant dense<1.0e-30> : tensor<f32>
  %b = mlopt.max %m, %least : (tensor<?x3x1xf32>, tensor<f32>) -> tensor<?x3x1xf32>
  %step = mlopt.constant dense<0.0078125> : tensor<f32>
  %s = mlopt.mul %b, %step : (tensor<?x3x1xf32>, tensor<f32>) -> tensor<?x3x1xf32>
  %steps = mlopt.constant dense<128.0> : tensor<f32>
  %f = mlopt.div %steps, %b : (tensor<f32>, tensor<?x3x1xf32>) -> tensor<?x3x1xf32>
  %y = mlopt.mul %x, %f : (tensor<?x3x?xf32>, tensor<?x3x1xf32>) -> tensor<?x3x?xf32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %q = mlopt.quantize %y, %one, %z {to = ui8} : (tensor<?x3x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x3x?xui8>
  mlopt.yield %s, %q : tensor<?x3x1xf32>, tensor<?x3x?xui8>
}
// The results in the other order; a producer, whose values are made twice; no zero point.
mlopt.kernel @rows_i8(%x: tensor<?x?xf32> {mlopt.range = [-4.0, 4.0]}, %c: tensor<?xf32>) -> (tensor<?x?xi8>, tensor<?x1xf32>) attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["m"], ["n", "m"], ["n", 1]]} {
  %p = mlopt.add %x, %c : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %a = mlopt.abs %p : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x1xf32>
  %step = mlopt.constant dense<0.0078125> : tensor<f32>
  %s = mlopt.mul %m, %step : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %none = mlopt.none : none
  %q = mlopt.quantize %p, %s, %none {to = i8} : (tensor<?x?xf32>, tensor<?x1xf32>, none) -> tensor<?x?xi8>
  mlopt.yield %q, %s : tensor<?x?xi8>, tensor<?x1xf32>
}
// Every row is 0: its integers are the zero point.
mlopt.kernel @rows_zero(%x: tensor<?x?xf32> {mlopt.range = [0.0, 0.0]}) -> (tensor<?x1xf32>, tensor<?x?xui8>) attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n", 1], ["n", "m"]]} {
  %a = mlopt.abs %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x1xf32>
  %least = mlopt.constant dense<1.0e-30> : tensor<f32>
  %b = mlopt.max %m, %least : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %steps = mlopt.constant dense<127.0> : tensor<f32>
  %f = mlopt.div %steps, %b : (tensor<f32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %y = mlopt.mul %x, %f : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %z = mlopt.constant dense<128> : tensor<ui8>
  %q = mlopt.quantize %y, %one, %z {to = ui8} : (tensor<?x?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8>
  mlopt.yield %b, %q : tensor<?x1xf32>, tensor<?x?xui8>
}
// A statistic that nobody else reads.
mlopt.kernel @rows_half(%x: tensor<?x3x?xf16> {mlopt.range = [0.5, 8.0]}) -> tensor<?x3x?xui8> attributes {hero = #mlopt.hero<reduction>, dims = [["n", 3, "m"], ["n", 3, "m"]]} {
  %m = mlopt.reduce %x {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind max>, mlopt.hero_op} : (tensor<?x3x?xf16>) -> tensor<?x3x1xf16>
  %step = mlopt.constant dense<0.0078125> : tensor<f16>
  %s = mlopt.mul %m, %step : (tensor<?x3x1xf16>, tensor<f16>) -> tensor<?x3x1xf16>
  %none = mlopt.none : none
  %q = mlopt.quantize %x, %s, %none {to = ui8} : (tensor<?x3x?xf16>, tensor<?x3x1xf16>, none) -> tensor<?x3x?xui8>
  mlopt.yield %q : tensor<?x3x?xui8>
}
