// Dropouts of one operand and one ratio with different numbers stay apart, each with its own stream;
// one without a number takes the first that is free. train_step and step_grad take the same.
// RUN: %mlopt-opt --mlopt-open-parameters --canonicalize --cse --mlopt-build-training='loss=mse' %s | FileCheck %s
// Without numbers they are one operation.
// RUN: sed 's/mlopt.stream = -*[0-9]* : i64, //' %s | %mlopt-opt --cse - | FileCheck --check-prefix=ONE %s

mlopt.parameter @w = dense<0.5> : tensor<4xf32>

// Streams are summands of the counter; 0 makes one, too.
// CHECK: func.func @train_step
// CHECK: mlopt.iota
// CHECK: %[[S1:.*]] = mlopt.constant dense<1> : tensor<ui64>
// CHECK-NEXT: mlopt.add %{{.*}}, %[[S1]]
// CHECK: mlopt.iota
// CHECK: %[[S0:.*]] = mlopt.constant dense<0> : tensor<ui64>
// CHECK-NEXT: mlopt.add %{{.*}}, %[[S0]]
// CHECK: mlopt.iota
// CHECK: %[[S2:.*]] = mlopt.constant dense<2> : tensor<ui64>
// CHECK-NEXT: mlopt.add %{{.*}}, %[[S2]]
// CHECK: mlopt.iota
// CHECK: %[[S3:.*]] = mlopt.constant dense<3> : tensor<ui64>
// CHECK-NEXT: mlopt.add %{{.*}}, %[[S3]]
// CHECK-NOT: mlopt.iota
// CHECK: func.func @step_grad
// CHECK: mlopt.iota
// CHECK: dense<1> : tensor<ui64>
// CHECK: mlopt.iota
// CHECK: dense<0> : tensor<ui64>
// CHECK: mlopt.iota
// CHECK: dense<2> : tensor<ui64>
// CHECK: mlopt.iota
// CHECK: dense<3> : tensor<ui64>

// ONE: mlopt.dropout
// ONE-NOT: mlopt.dropout
func.func @main(%x: tensor<?x4xf32> {mlopt.name = "x", mlopt.dims = ["n", 4]})
    -> (tensor<?x4xf32> {mlopt.name = "y"}) {
  %w = mlopt.get_parameter @w : tensor<4xf32>
  %0 = mlopt.mul %x, %w : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = mlopt.dropout %0 {mlopt.stream = 1 : i64, ratio = 0.25 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = mlopt.dropout %0 {ratio = 0.25 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = mlopt.dropout %0 {mlopt.stream = 2 : i64, ratio = 0.25 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // Out of range: as if it had none.
  %4 = mlopt.dropout %0 {mlopt.stream = -7 : i64, ratio = 0.25 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %5 = mlopt.add %1, %2 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %6 = mlopt.add %3, %4 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %7 = mlopt.sub %5, %6 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %7 : tensor<?x4xf32>
}
