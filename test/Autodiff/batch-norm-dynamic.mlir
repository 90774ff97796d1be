// Batch normalization with a batch of unknown size (at least 1: no element has no variance).
// RUN: %mlopt-opt --mlopt-check-gradients=sizes=3,1 %s -o /dev/null | FileCheck %s

func.func @batch_norm_training(%x: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}, %s: tensor<2xf32>, %b: tensor<2xf32>, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> (tensor<?x2x3xf32>, tensor<2xf32>) {
  %y, %m, %v = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<?x2x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<?x2x3xf32>, tensor<2xf32>, tensor<2xf32>)
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<2xf32>) -> (tensor<?x2x3xf32>, tensor<2xf32>)
  return %g#0, %g#1 : tensor<?x2x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: batch_norm_training n=3
// CHECK: gradient ok: batch_norm_training n=1
