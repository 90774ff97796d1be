// RUN: %mlopt-opt --mlopt-build-training='loss=mse' %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse batch-norm=frozen' %s | FileCheck --check-prefix=FROZEN %s
// Patterns say nothing of running statistics: a frozen layer keeps those of the batch. Its scale is a constant.
// RUN: %mlopt-opt --mlopt-build-training='loss=mse train-only=b' %s | FileCheck --check-prefix=PATTERN %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse freeze=s,m,v' %s | FileCheck --check-prefix=PATTERN %s
// RUN: %mlopt-opt --mlopt-open-parameters='train-only=b' --canonicalize --cse --mlopt-build-training='loss=mse train-only=b' %s | FileCheck --check-prefix=PATTERN %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse train-only=b batch-norm=frozen' %s | FileCheck --check-prefix=FROZEN %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse' --mlopt-differentiate --mlopt-decompose-training %s \
// RUN:   | FileCheck --check-prefix=PLAIN --implicit-check-not=batch_norm_training %s

mlopt.parameter @s = dense<1.5> : tensor<3xf32>
mlopt.parameter @b = dense<0.25> : tensor<3xf32>
mlopt.parameter @m = dense<0.5> : tensor<3xf32>
mlopt.parameter @v = dense<2.0> : tensor<3xf32>

func.func @main(%x: tensor<?x3x5xf32> {mlopt.name = "x", mlopt.dims = ["n", 3, 5]})
    -> (tensor<?x3x5xf32> {mlopt.name = "y"}) {
  %s = mlopt.get_parameter @s : tensor<3xf32>
  %b = mlopt.get_parameter @b : tensor<3xf32>
  %m = mlopt.get_parameter @m : tensor<3xf32>
  %v = mlopt.get_parameter @v : tensor<3xf32>
  %0 = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-3 : f64, mlopt.momentum = 0.75 : f64} : (tensor<?x3x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x5xf32>
  return %0 : tensor<?x3x5xf32>
}

// CHECK: {name = "m", offset = 0 : i64, region = "buffers", shape = array<i64: 3>}, {name = "v", offset = 16 : i64, region = "buffers", shape = array<i64: 3>}
// CHECK: func.func @init() -> (tensor<32xf32> {mlopt.name = "mlopt.parameters"}, tensor<32xf32> {mlopt.name = "mlopt.buffers"})
// CHECK: func.func @train_step
// CHECK-SAME: %[[P:[^ ]*]]: tensor<32xf32> {mlopt.dims = [32], mlopt.name = "mlopt.parameters"}, %[[B:[^ ]*]]: tensor<32xf32> {mlopt.dims = [32], mlopt.name = "mlopt.buffers"},
// CHECK-SAME: tensor<32xf32> {mlopt.donated = 1 : i64, mlopt.name = "mlopt.buffers"}
// CHECK: %{{.*}}, %[[MEAN:.*]], %[[VARIANCE:.*]] = mlopt.batch_norm_training
// running = old * 3/4 + batch * 1/4, the variance times n / (n - 1).
// CHECK-DAG: %[[N:.*]] = arith.muli
// CHECK: mlopt.mul %[[VARIANCE]],
// CHECK: mlopt.constant dense<7.500000e-01>
// CHECK: mlopt.constant dense<2.500000e-01>
// CHECK: mlopt.mul %[[MEAN]],
// CHECK: func.func @step_grad
// CHECK-SAME: -> (tensor<32xf32> {mlopt.name = "mlopt.gradients"}, tensor<32xf32> {mlopt.donated = 1 : i64, mlopt.name = "mlopt.buffers"}, tensor<f32> {mlopt.name = "mlopt.loss"})
// CHECK: func.func @step_update
// CHECK-NOT: mlopt.buffers
// CHECK: func.func @eval
// CHECK-SAME: %[[EB:[^ ]*]]: tensor<32xf32> {mlopt.dims = [32], mlopt.name = "mlopt.buffers"}
// CHECK: %[[EM:.*]] = mlopt.slice %[[EB]] {{.*}}static_starts = array<i64: 0>
// CHECK: %[[EV:.*]] = mlopt.slice %[[EB]] {{.*}}static_starts = array<i64: 16>
// CHECK: mlopt.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %[[EM]], %[[EV]]

// PATTERN: tensors = [{name = "b", offset = 0 : i64, region = "parameters", shape = array<i64: 3>}, {name = "m", offset = 0 : i64, region = "buffers", shape = array<i64: 3>}, {name = "v", offset = 16 : i64, region = "buffers", shape = array<i64: 3>}]
// PATTERN: func.func @train_step(%[[P:[^ ]*]]: tensor<16xf32> {{.*}}"mlopt.parameters"}, %{{.*}}: tensor<32xf32> {{.*}}"mlopt.buffers"}
// PATTERN-DAG: %[[S:.*]] = mlopt.get_parameter @s
// PATTERN-DAG: %[[BIAS:.*]] = mlopt.slice %[[P]]
// PATTERN: mlopt.batch_norm_training %{{.*}}, %[[S]], %[[BIAS]]
// PATTERN-NOT: mlopt.get_parameter @{{[mv]}}
// PATTERN: func.func @step_grad

// FROZEN-NOT: mlopt.buffers
// FROZEN: func.func @train_step
// FROZEN: %[[M:.*]] = mlopt.get_parameter @m
// FROZEN: %[[V:.*]] = mlopt.get_parameter @v
// FROZEN: mlopt.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %[[M]], %[[V]]
// FROZEN-NOT: batch_norm_training

// The mean first, then the squares around it.
// PLAIN: func.func @train_step
// PLAIN: %[[MEAN:.*]] = mlopt.reduce %[[X:.*]] {axes = array<i64: 0, 2>, kind = #mlopt<reduce_kind mean>}
// PLAIN: %[[SIDE:.*]] = mlopt.reshape %[[MEAN]] {static_sizes = array<i64: 3, 1>}
// PLAIN: %[[C:.*]] = mlopt.sub %[[X]], %[[SIDE]]
// PLAIN: %[[Q:.*]] = mlopt.mul %[[C]], %[[C]]
// PLAIN: mlopt.reduce %[[Q]] {axes = array<i64: 0, 2>, kind = #mlopt<reduce_kind mean>}
