// The mask is one value: forward and backward see the same. In eval nothing is left of it.
// RUN: %mlopt-opt --mlopt-build-training='loss=mse' --mlopt-differentiate --cse %s | FileCheck %s

mlopt.parameter @w = dense<0.5> : tensor<4x8xf32>

// CHECK: func.func @train_step
// CHECK-SAME: %[[STEP:[^ ]*]]: tensor<i64> {mlopt.dims = [], mlopt.name = "mlopt.step"}, %[[SEED:[^ ]*]]: tensor<i64> {mlopt.dims = [], mlopt.name = "mlopt.seed"})
// CHECK: mlopt.cast %[[SEED]] {to = ui64}
// CHECK: mlopt.cast %[[STEP]] {to = ui64}
// Ten rounds of Philox on a flat index.
// CHECK: mlopt.iota {{.*}}to = ui64
// CHECK: mlopt.constant dense<3528905107> : tensor<ui64>
// CHECK-COUNT-10: mlopt.mul {{.*}} : (tensor<?xui64>, tensor<ui64>) -> tensor<?xui64>
// CHECK: %[[FLAT:.*]] = mlopt.compare {{.*}}predicate ge
// CHECK: %[[MASK:.*]] = mlopt.reshape %[[FLAT]]
// CHECK-NOT: mlopt.iota
// CHECK: mlopt.select %[[MASK]],
// CHECK: mlopt.select %[[MASK]],
// CHECK: func.func @step_grad
// CHECK-SAME: mlopt.name = "mlopt.seed"
// CHECK: func.func @step_update
// CHECK-NOT: mlopt.seed
// CHECK: func.func @eval
// CHECK-NOT: {{mlopt.seed|ui64|mlopt.dropout}}
func.func @main(%x: tensor<?x4xf32> {mlopt.name = "x", mlopt.dims = ["n", 4]})
    -> (tensor<?x8xf32> {mlopt.name = "y"}) {
  %w = mlopt.get_parameter @w : tensor<4x8xf32>
  %0 = mlopt.matmul %x, %w : (tensor<?x4xf32>, tensor<4x8xf32>) -> tensor<?x8xf32>
  %1 = mlopt.dropout %0 {ratio = 0.25 : f64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // Nothing random.
  %2 = mlopt.dropout %1 {ratio = 0.0 : f64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}
