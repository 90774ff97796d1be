// What the rules build, compiled: gradients through one operation each that leads to kernels of its
// own kind, against the reference, with one thread and several.
// RUN: %mlopt-opt --mlopt-differentiate %s -o %t.mlir
// RUN: %mlopt verify %t.mlir --threads=1 | FileCheck %s
// RUN: %mlopt verify %t.mlir --threads=4 --input=x:5x6xf32=rand --input=i:3xi64=rand | FileCheck %s
// RUN: %mlopt verify %t.mlir --input=x:1x6xf32=rand --input=i:0xi64=rand | FileCheck %s
// CHECK-COUNT-7: ok
// CHECK-NOT: {{differs|error:}}
func.func @main(%x: tensor<?x6xf32> {mlopt.name = "x", mlopt.dims = ["n", 6]},
                %i: tensor<?xi64> {mlopt.name = "i", mlopt.dims = ["k"]},
                %w: tensor<6xf32> {mlopt.name = "w"})
    -> (tensor<?x6xf32> {mlopt.name = "slice"}, tensor<?x6xf32> {mlopt.name = "gather"},
        tensor<?x6xf32> {mlopt.name = "pad"}, tensor<?x6xf32> {mlopt.name = "softmax"},
        tensor<?x6xf32> {mlopt.name = "top"}, tensor<?x6xf32> {mlopt.name = "product"},
        tensor<6xf32> {mlopt.name = "weights"}) {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x6xf32>) -> index
  %a = mlopt.mul %x, %w : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  // Every second column from the last one on.
  %0 = mlopt.slice %x, %n {static_starts = array<i64: 0, 5>, static_sizes = array<i64: -9223372036854775808, 3>, strides = array<i64: 1, -2>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x3xf32>
  %1 = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g0 = mlopt.gradient %1, %x : (tensor<?x3xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %2 = mlopt.gather %a, %i {axis = 0 : i64} : (tensor<?x6xf32>, tensor<?xi64>) -> tensor<?x6xf32>
  %3 = mlopt.exp %2 : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %g1 = mlopt.gradient %3, %x : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %4 = mlopt.pad %a, %zero {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 3>, static_high = array<i64: 0, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x6xf32>, tensor<f32>) -> tensor<?x11xf32>
  %5 = mlopt.cumulative %4 {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64} : (tensor<?x11xf32>) -> tensor<?x11xf32>
  %6 = mlopt.mul %5, %4 : (tensor<?x11xf32>, tensor<?x11xf32>) -> tensor<?x11xf32>
  %g2 = mlopt.gradient %6, %x : (tensor<?x11xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %7 = mlopt.softmax %a {axis = 1 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %8 = mlopt.softmax %x {axis = 0 : i64, log = true} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %9 = mlopt.mul %7, %8 : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %g3 = mlopt.gradient %9, %x : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %v, %p = mlopt.top_k %a {axis = 1 : i64, static_k = 2 : i64} : (tensor<?x6xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  %10 = mlopt.reduce %a {kind = #mlopt<reduce_kind max>, axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %11 = mlopt.reduce %v {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0, 1>} : (tensor<?x2xf32>) -> tensor<f32>
  %12 = mlopt.mul %10, %11 : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
  %g4 = mlopt.gradient %12, %x : (tensor<6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %13 = mlopt.reduce %a {kind = #mlopt<reduce_kind prod>, axes = array<i64: 1>} : (tensor<?x6xf32>) -> tensor<?xf32>
  %g5:2 = mlopt.gradient %13, %x, %w : (tensor<?xf32>, tensor<?x6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>)
  return %g0, %g1, %g2, %g3, %g4, %g5#0, %g5#1 : tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>, tensor<6xf32>
}
