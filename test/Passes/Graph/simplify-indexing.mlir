// Gathers that take a view.
// RUN: %mlopt-opt --mlopt-simplify-graph %s | FileCheck %s

// The first token of a sequence.
// CHECK-LABEL: @first_token
// CHECK-NEXT: %[[S:.*]] = mlopt.slice %arg0 {{.*}}static_sizes = array<i64: 2, 1, 8>, static_starts = array<i64: 0, 0, 0>
// CHECK-NEXT: mlopt.reshape %[[S]] {static_sizes = array<i64: 2, 8>}
// CHECK-NEXT: return
func.func @first_token(%x: tensor<2x13x8xf32>) -> tensor<2x8xf32> {
  %zero = mlopt.constant dense<0> : tensor<i64>
  %0 = mlopt.gather %x, %zero {axis = 1 : i64} : (tensor<2x13x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Of a sequence that may be empty there may be no first token: the run reports it.
// CHECK-LABEL: @maybe_empty
// CHECK: mlopt.gather
func.func @maybe_empty(%x: tensor<2x?x8xf32>) -> tensor<2x8xf32> {
  %zero = mlopt.constant dense<0> : tensor<i64>
  %0 = mlopt.gather %x, %zero {axis = 1 : i64} : (tensor<2x?x8xf32>, tensor<i64>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Position embeddings: a table cut to the length of the sequence.
// CHECK-LABEL: @positions
// CHECK: %[[N:.*]] = arith.minsi
// CHECK: %[[S:.*]] = mlopt.slice %arg1, %{{.*}} {{.*}}static_starts = array<i64: 0, 0>{{.*}} : (tensor<5x8xf32>, index) -> tensor<?x8xf32>
// CHECK: mlopt.reshape %[[S]]
// CHECK-NOT: gather
func.func @positions(%x: tensor<?xf32> {mlopt.dims = ["n"], mlopt.name = "x"}, %table: tensor<5x8xf32>) -> tensor<1x?x8xf32> {
  %ids = mlopt.constant dense<[[0, 1, 2, 3, 4]]> : tensor<1x5xi64>
  %c5 = arith.constant 5 : index
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?xf32>) -> index
  %m = arith.minsi %n, %c5 : index
  %0 = mlopt.slice %ids, %m {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 1, -9223372036854775808>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<1x5xi64>, index) -> tensor<1x?xi64>
  %1 = mlopt.gather %table, %0 {axis = 0 : i64} : (tensor<5x8xf32>, tensor<1x?xi64>) -> tensor<1x?x8xf32>
  return %1 : tensor<1x?x8xf32>
}

// Every element in order, by a constant and by counted indices.
// CHECK-LABEL: @gather_all
// CHECK-NEXT: mlopt.reshape %arg0 {static_sizes = array<i64: 2, 1, 3>}
// CHECK-NEXT: return
func.func @gather_all(%x: tensor<2x3xi1>) -> tensor<2x1x3xi1> {
  %i = mlopt.constant dense<[[[[0, 0], [0, 1], [0, 2]]], [[[1, 0], [1, 1], [1, 2]]]]> : tensor<2x1x3x2xi64>
  %0 = mlopt.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<2x3xi1>, tensor<2x1x3x2xi64>) -> tensor<2x1x3xi1>
  return %0 : tensor<2x1x3xi1>
}

// CHECK-LABEL: @gather_counted
// CHECK-NOT: gather_nd
// CHECK: mlopt.reshape %arg0
// CHECK-NEXT: return
func.func @gather_counted(%x: tensor<?x?xi1> {mlopt.dims = ["a", "b"], mlopt.name = "x"}) -> tensor<?x1x?xi1> {
  %a = mlopt.dim %x {axis = 0 : i64} : (tensor<?x?xi1>) -> index
  %b = mlopt.dim %x {axis = 1 : i64} : (tensor<?x?xi1>) -> index
  %i = mlopt.iota %a {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  %j = mlopt.iota %b {axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  %i0 = mlopt.reshape %i, %a {static_sizes = array<i64: -9223372036854775808, 1, 1>} : (tensor<?xi64>, index) -> tensor<?x1x1xi64>
  %i1 = mlopt.broadcast %i0, %a, %b {static_sizes = array<i64: -9223372036854775808, 1, -9223372036854775808>} : (tensor<?x1x1xi64>, index, index) -> tensor<?x1x?xi64>
  %i2 = mlopt.reshape %i1, %a, %b {static_sizes = array<i64: -9223372036854775808, 1, -9223372036854775808, 1>} : (tensor<?x1x?xi64>, index, index) -> tensor<?x1x?x1xi64>
  %j1 = mlopt.broadcast %j, %a, %b {static_sizes = array<i64: -9223372036854775808, 1, -9223372036854775808>} : (tensor<?xi64>, index, index) -> tensor<?x1x?xi64>
  %j2 = mlopt.reshape %j1, %a, %b {static_sizes = array<i64: -9223372036854775808, 1, -9223372036854775808, 1>} : (tensor<?x1x?xi64>, index, index) -> tensor<?x1x?x1xi64>
  %c = mlopt.concat %i2, %j2 {axis = 3 : i64} : (tensor<?x1x?x1xi64>, tensor<?x1x?x1xi64>) -> tensor<?x1x?x2xi64>
  %0 = mlopt.gather_nd %x, %c {batch_dims = 0 : i64} : (tensor<?x?xi1>, tensor<?x1x?x2xi64>) -> tensor<?x1x?xi1>
  return %0 : tensor<?x1x?xi1>
}

// Indices in another order are a real gather.
// CHECK-LABEL: @gather_permuted
// CHECK: mlopt.gather_nd
func.func @gather_permuted(%x: tensor<2x2xf32>) -> tensor<4xf32> {
  %i = mlopt.constant dense<[[0, 0], [1, 0], [0, 1], [1, 1]]> : tensor<4x2xi64>
  %0 = mlopt.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<2x2xf32>, tensor<4x2xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
