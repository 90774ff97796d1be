// RUN: %mlopt-opt --mlopt-refine-types %s | FileCheck %s

// The last size is a constant that the type does not say; n stays unknown.
// CHECK-LABEL: @refine
// CHECK-SAME: -> tensor<?x3x4xf32>
// CHECK: mlopt.reshape {{.*}} -> tensor<?x3x4xf32>
// CHECK: mlopt.abs {{.*}} -> tensor<?x3x4xf32>
func.func @refine(%x: tensor<?x12xf32> {mlopt.dims = ["n", 12], mlopt.name = "x"}) -> tensor<?x3x?xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x12xf32>) -> index
  %c4 = arith.constant 4 : index
  %0 = mlopt.reshape %x, %n, %c4 {static_sizes = array<i64: -9223372036854775808, 3, -9223372036854775808>} : (tensor<?x12xf32>, index, index) -> tensor<?x3x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %1 : tensor<?x3x?xf32>
}
