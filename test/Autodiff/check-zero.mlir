// A check that could not fail is refused: the elements of a softmax add up to 1 whatever they are of.
// RUN: not %mlopt-opt --mlopt-check-gradients %s -o /dev/null 2>&1 | FileCheck %s
// CHECK: error: all derivatives are 0: the function checks nothing
func.func @softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = mlopt.softmax %x {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %g = mlopt.gradient %0, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}
