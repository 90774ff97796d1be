// RUN: not mlopt-eval %s --mode=exact 2>&1 | FileCheck %s
// RUN: not mlopt-eval %s --mode=exact --function=too_large --max-elements=5 2>&1 | FileCheck %s --check-prefix=LIMIT
// RUN: mlopt-eval --list-missing | FileCheck %s --check-prefix=MISSING

// What cannot be evaluated fails at its operation and says why.

// Every operation of the dialect has reference semantics.
// MISSING-NOT: missing:
// MISSING: checked

// LIMIT: error: 'mlopt.broadcast' op result of shape [2, 3] has more than 5 elements, the evaluator's limit
func.func @too_large() -> tensor<2x3xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<f32>
  %1 = mlopt.broadcast %0 {static_sizes = array<i64: 2, 3>} : (tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK: error: 'mlopt.gather' op index 3 at [1, 0] of the indices lies outside axis 0 of size 3: expected a value in [-3, 3)
func.func @gather() -> tensor<2x1x2xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<3x2xf32>
  %1 = mlopt.constant dense<[[0], [3]]> : tensor<2x1xi64>
  %2 = mlopt.gather %0, %1 {axis = 0 : i64} : (tensor<3x2xf32>, tensor<2x1xi64>) -> tensor<2x1x2xf32>
  return %2 : tensor<2x1x2xf32>
}

// CHECK: error: 'mlopt.gather_nd' op index -3 at [0, 1] of the indices lies outside axis 1 of size 2
func.func @gather_nd() -> tensor<1xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<3x2xf32>
  %1 = mlopt.constant dense<[[0, -3]]> : tensor<1x2xi64>
  %2 = mlopt.gather_nd %0, %1 {batch_dims = 0 : i64} : (tensor<3x2xf32>, tensor<1x2xi64>) -> tensor<1xf32>
  return %2 : tensor<1xf32>
}

// CHECK: error: 'mlopt.scatter_nd' op index 2 at [0, 0] of the indices lies outside axis 0 of size 2
func.func @scatter_nd() -> tensor<2xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<2xf32>
  %1 = mlopt.constant dense<[[2]]> : tensor<1x1xi64>
  %2 = mlopt.constant dense<1.0> : tensor<1xf32>
  %3 = mlopt.scatter_nd %0, %1, %2 {reduction = #mlopt<scatter_reduction none>} : (tensor<2xf32>, tensor<1x1xi64>, tensor<1xf32>) -> tensor<2xf32>
  return %3 : tensor<2xf32>
}

// CHECK: error: 'mlopt.reshape' op cannot reshape [2, 3] to [4, 2]: expected as many elements
func.func @reshape() -> tensor<?x2xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<2x3xf32>
  %n_tensor = mlopt.constant dense<4> : tensor<1xi64>
  %n = mlopt.element %n_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %1 = mlopt.reshape %0, %n {static_sizes = array<i64: -9223372036854775808, 2>} : (tensor<2x3xf32>, index) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// CHECK: error: 'mlopt.slice' op start 1, size 2, stride 1 leave axis 0 of size 2
func.func @slice() -> tensor<2xf32> {
  %0 = mlopt.constant dense<1.0> : tensor<2xf32>
  %s_tensor = mlopt.constant dense<1> : tensor<1xi64>
  %s = mlopt.element %s_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %1 = mlopt.slice %0, %s {static_starts = array<i64: -9223372036854775808>, static_sizes = array<i64: 2>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2xf32>, index) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK: error: 'mlopt.iota' op result has a negative size: [-1]
func.func @iota() -> tensor<?xi64> {
  %n_tensor = mlopt.constant dense<-1> : tensor<1xi64>
  %n = mlopt.element %n_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %0 = mlopt.iota %n {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// CHECK: error: 'mlopt.add' op shapes [2] and [3] do not broadcast: expected equal sizes or 1
func.func @broadcast() -> tensor<?xi64> {
  %a_tensor = mlopt.constant dense<2> : tensor<1xi64>
  %a = mlopt.element %a_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %b_tensor = mlopt.constant dense<3> : tensor<1xi64>
  %b = mlopt.element %b_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %0 = mlopt.iota %a {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  %1 = mlopt.iota %b {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  %2 = mlopt.add %0, %1 : (tensor<?xi64>, tensor<?xi64>) -> tensor<?xi64>
  return %2 : tensor<?xi64>
}

// CHECK: error: 'mlopt.quantize' op a scale or zero point of shape [3] does not broadcast to its operand's shape [2]
func.func @quantize() -> tensor<2xui8> {
  %a_tensor = mlopt.constant dense<3> : tensor<1xi64>
  %a = mlopt.element %a_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %x = mlopt.constant dense<1.0> : tensor<2xf32>
  %0 = mlopt.iota %a {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = f32} : (index) -> tensor<?xf32>
  %n = mlopt.none : none
  %1 = mlopt.quantize %x, %0, %n {to = ui8} : (tensor<2xf32>, tensor<?xf32>, none) -> tensor<2xui8>
  return %1 : tensor<2xui8>
}

// CHECK: error: 'mlopt.dequantize_blocked' op a scale or zero point has shape [3], expected [2]
func.func @dequantize_blocked() -> tensor<3xf32> {
  %a_tensor = mlopt.constant dense<3> : tensor<1xi64>
  %a = mlopt.element %a_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %x = mlopt.constant dense<1> : tensor<3xi8>
  %0 = mlopt.iota %a {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = f32} : (index) -> tensor<?xf32>
  %n = mlopt.none : none
  %1 = mlopt.dequantize_blocked %x, %0, %n {axis = 0 : i64, block = 2 : i64} : (tensor<3xi8>, tensor<?xf32>, none) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK: error: 'mlopt.integer_matmul' op the contracted sizes 2 and 3 differ
func.func @integer_matmul() -> tensor<1x1xi32> {
  %a_tensor = mlopt.constant dense<3> : tensor<1xi64>
  %a = mlopt.element %a_tensor {position = 0 : i64} : (tensor<1xi64>) -> index
  %x = mlopt.constant dense<1> : tensor<1x2xui8>
  %0 = mlopt.iota %a {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808, 1>, to = i8} : (index) -> tensor<?x1xi8>
  %n = mlopt.none : none
  %1 = mlopt.integer_matmul %x, %0, %n, %n : (tensor<1x2xui8>, tensor<?x1xi8>, none, none) -> tensor<1x1xi32>
  return %1 : tensor<1x1xi32>
}

// CHECK: error: 'arith.shli' op operation arith.shli has no reference semantics
func.func @unknown() -> index {
  %0 = arith.constant 1 : index
  %1 = arith.shli %0, %0 : index
  return %1 : index
}
