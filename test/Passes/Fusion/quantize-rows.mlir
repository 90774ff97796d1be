// RUN: %mlopt-opt --mlopt-form-kernels %s --split-input-file | FileCheck %s

// The largest magnitude of a row, what is made of it, and the row quantized by it: one kernel that reads the row
// from memory once, with the scale and the integers as results.
// CHECK-LABEL: mlopt.kernel @reduce_0(%arg0: tensor<?x8xf32>
// CHECK-SAME: -> (tensor<?x1xf32>, tensor<?x8xui8>)
// CHECK: mlopt.abs
// CHECK: mlopt.reduce
// CHECK: mlopt.div
// CHECK: mlopt.quantize
// CHECK: mlopt.yield
// CHECK-NOT: mlopt.kernel @{{(mul|div|quantize)}}
// CHECK-LABEL: func.func @rows
// CHECK: %[[Q:.*]]:2 = mlopt.launch @reduce_0(
// CHECK: mlopt.launch @integer_matmul_0(%[[Q]]#1, {{.*}}, %[[Q]]#0
func.func @rows(%x: tensor<?x8xf32>, %w: tensor<8x8xi8>) -> tensor<?x8xf32> {
  %none = mlopt.none : none
  %steps = mlopt.constant dense<127.0> : tensor<f32>
  %step = mlopt.constant dense<0.0078125> : tensor<f32>
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %z = mlopt.constant dense<128> : tensor<ui8>
  %a = mlopt.abs %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>} : (tensor<?x8xf32>) -> tensor<?x1xf32>
  %s = mlopt.mul %m, %step : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %f = mlopt.div %steps, %m : (tensor<f32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %y = mlopt.mul %x, %f : (tensor<?x8xf32>, tensor<?x1xf32>) -> tensor<?x8xf32>
  %q = mlopt.quantize %y, %one, %z {to = ui8} : (tensor<?x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x8xui8>
  %p = mlopt.integer_matmul %q, %w, %none, %none : (tensor<?x8xui8>, tensor<8x8xi8>, none, none) -> tensor<?x8xi32>
  %c = mlopt.cast %p {to = f32} : (tensor<?x8xi32>) -> tensor<?x8xf32>
  %r = mlopt.mul %c, %s : (tensor<?x8xf32>, tensor<?x1xf32>) -> tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}

// -----

// The scale is read before the row is quantized: the kernel cannot run both before and after that.
// CHECK-LABEL: mlopt.kernel @reduce_0
// CHECK-SAME: -> tensor<?x1xf32>
// CHECK-LABEL: func.func @early
func.func @early(%x: tensor<?x8xf32>) -> (tensor<?x8xui8>, tensor<?x1xf32>) {
  %none = mlopt.none : none
  %a = mlopt.abs %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>} : (tensor<?x8xf32>) -> tensor<?x1xf32>
  %t = mlopt.softmax %m {axis = 0 : i64} : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %q = mlopt.quantize %x, %m, %none {to = ui8} : (tensor<?x8xf32>, tensor<?x1xf32>, none) -> tensor<?x8xui8>
  return %q, %t : tensor<?x8xui8>, tensor<?x1xf32>
}

// -----

// The scaled rows are read as floating point, too: nothing is won.
// CHECK-LABEL: mlopt.kernel @reduce_0
// CHECK-SAME: -> tensor<?x1xf32>
// CHECK-LABEL: func.func @floats
func.func @floats(%x: tensor<?x8xf32>) -> (tensor<?x8xui8>, tensor<?x8xf32>) {
  %none = mlopt.none : none
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %a = mlopt.abs %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>} : (tensor<?x8xf32>) -> tensor<?x1xf32>
  %y = mlopt.div %x, %m : (tensor<?x8xf32>, tensor<?x1xf32>) -> tensor<?x8xf32>
  %q = mlopt.quantize %y, %one, %none {to = ui8} : (tensor<?x8xf32>, tensor<f32>, none) -> tensor<?x8xui8>
  return %q, %y : tensor<?x8xui8>, tensor<?x8xf32>
}

// -----

// The second input of the scaling is not there when the statistic is taken.
// CHECK-LABEL: mlopt.kernel @reduce_0
// CHECK-SAME: -> tensor<?x1xf32>
// CHECK-LABEL: func.func @other
func.func @other(%x: tensor<?x8xf32>) -> tensor<?x8xui8> {
  %none = mlopt.none : none
  %a = mlopt.abs %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %m = mlopt.reduce %a {axes = array<i64: 1>, keepdims = true, kind = #mlopt<reduce_kind max>} : (tensor<?x8xf32>) -> tensor<?x1xf32>
  %t = mlopt.softmax %x {axis = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %q = mlopt.quantize %t, %m, %none {to = ui8} : (tensor<?x8xf32>, tensor<?x1xf32>, none) -> tensor<?x8xui8>
  return %q : tensor<?x8xui8>
}
