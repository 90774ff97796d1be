// Unfold and fold are the adjoints of each other.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @unfold(%x: tensor<?x2x5x4xf32> {mlopt.dims = ["n", 2, 5, 4]}, %r: tensor<?x2x3x2x2x3xf32> {mlopt.dims = ["n", 2, 3, 2, 2, 3]}) -> tensor<?x2x5x4xf32> {
  %y = mlopt.unfold %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 2>} : (tensor<?x2x5x4xf32>) -> tensor<?x2x3x2x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3x2x2x3xf32>, tensor<?x2x3x2x2x3xf32>) -> tensor<?x2x3x2x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x3x2x2x3xf32>, tensor<?x2x5x4xf32>) -> (tensor<?x2x5x4xf32>)
  return %g : tensor<?x2x5x4xf32>
}
// CHECK: gradient ok: unfold n=3
// CHECK: gradient ok: unfold n=1
// CHECK: gradient ok: unfold n=0

func.func @unfold_one_dimension(%x: tensor<1x1x7xf32>, %r: tensor<1x1x3x2xf32>) -> tensor<1x1x7xf32> {
  %y = mlopt.unfold %x {kernel = array<i64: 3>, strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x7xf32>) -> tensor<1x1x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x3x2xf32>, tensor<1x1x7xf32>) -> (tensor<1x1x7xf32>)
  return %g : tensor<1x1x7xf32>
}
// CHECK: gradient ok: unfold_one_dimension: 

func.func @fold(%x: tensor<?x2x3x2x2x3xf32> {mlopt.dims = ["n", 2, 3, 2, 2, 3]}, %r: tensor<?x2x5x4xf32> {mlopt.dims = ["n", 2, 5, 4]}) -> tensor<?x2x3x2x2x3xf32> {
  %y = mlopt.fold %x {static_sizes = array<i64: 5, 4>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 2>} : (tensor<?x2x3x2x2x3xf32>) -> tensor<?x2x5x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>) -> tensor<?x2x5x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x5x4xf32>, tensor<?x2x3x2x2x3xf32>) -> (tensor<?x2x3x2x2x3xf32>)
  return %g : tensor<?x2x3x2x2x3xf32>
}
// CHECK: gradient ok: fold n=3
// CHECK: gradient ok: fold n=1
// CHECK: gradient ok: fold n=0

func.func @fold_one_dimension(%x: tensor<1x1x3x2xf32>, %r: tensor<1x1x7xf32>) -> tensor<1x1x3x2xf32> {
  %y = mlopt.fold %x {static_sizes = array<i64: 7>, strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x3x2xf32>) -> tensor<1x1x7xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x7xf32>, tensor<1x1x7xf32>) -> tensor<1x1x7xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x7xf32>, tensor<1x1x3x2xf32>) -> (tensor<1x1x3x2xf32>)
  return %g : tensor<1x1x3x2xf32>
}
// CHECK: gradient ok: fold_one_dimension: 
