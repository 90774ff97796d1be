// The check itself: derivatives that are 1 % off are found, and a function that checks nothing.
// RUN: %mlopt-opt --mlopt-check-gradients="sizes=2,5" --split-input-file %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=GOOD
// RUN: not %mlopt-opt --mlopt-check-gradients="scale=1.01" --split-input-file %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=OFF
// RUN: not %mlopt-opt --mlopt-check-gradients="scale=1.00001" --split-input-file %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=OFF
// RUN: %mlopt-opt --mlopt-check-gradients="scale=1.01 tolerance=0.02" --split-input-file %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=GOOD

// GOOD: gradient ok: product
// OFF: error: gradient 0 of 'product n=3 m=4' by element 0 of variable 0 is {{.*}}, the difference quotient
// OFF: error: gradient 0 of 'product n=3 m=4' by element 0 of variable 1 is {{.*}}, the difference quotient
func.func @product(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [0.5, 1.0]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.mul %x, %w : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.sin %0 : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %1, %x, %w : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}
