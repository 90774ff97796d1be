// The functions of a small model: names, order, regions, storage.
// RUN: %mlopt-opt --mlopt-build-training='loss=cross_entropy lr=0.1 momentum=0.9' %s | FileCheck %s
// The same behind the pass that makes arguments of parameters.
// RUN: %mlopt-opt --mlopt-open-parameters --canonicalize --cse \
// RUN:   --mlopt-build-training='loss=cross_entropy lr=0.1 momentum=0.9' %s | FileCheck %s
// No gradient is left after differentiation.
// RUN: %mlopt-opt --mlopt-build-training='loss=cross_entropy' --mlopt-differentiate %s \
// RUN:   | FileCheck --check-prefix=DONE --implicit-check-not='= mlopt.gradient' %s
// DONE: func.func @train_step

// CHECK: module attributes {mlopt.training = {batch = array<i64: 0, 0>, inputs = ["x"],
// CHECK-SAME: loss = "cross_entropy ignore-index=-100",
// CHECK-SAME: optimizer = "sgd lr=0.1 momentum=0.9 nesterov=false weight-decay=0 schedule=constant",
// CHECK-SAME: slots = ["momentum_buffer"], targets = ["target"],
// CHECK-SAME: tensors = [{name = "w1", offset = 0 : i64, region = "parameters", shape = array<i64: 8, 4>},
// CHECK-SAME: {name = "b1", offset = 32 : i64, region = "parameters", shape = array<i64: 8>},
// CHECK-SAME: {name = "w2", offset = 48 : i64, region = "parameters", shape = array<i64: 3, 8>}]}}
mlopt.parameter @w1 = dense<0.5> : tensor<8x4xf32>
mlopt.parameter @b1 = dense<0.25> : tensor<8xf32>
mlopt.parameter @w2 = dense<0.125> : tensor<3x8xf32>
mlopt.parameter @unused = dense<1.0> : tensor<3xf32>

// In the order of first use, not of reading.
func.func @main(%x: tensor<?x4xf32> {mlopt.name = "x", mlopt.dims = ["batch", 4]})
    -> (tensor<?x3xf32> {mlopt.name = "logits"}) {
  %w2 = mlopt.get_parameter @w2 : tensor<3x8xf32>
  %b1 = mlopt.get_parameter @b1 : tensor<8xf32>
  %w1 = mlopt.get_parameter @w1 : tensor<8x4xf32>
  %0 = mlopt.matmul %x, %w1 {transpose_b = true} : (tensor<?x4xf32>, tensor<8x4xf32>) -> tensor<?x8xf32>
  %1 = mlopt.add %0, %b1 : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %2 = mlopt.tanh %1 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %3 = mlopt.matmul %2, %w2 {transpose_b = true} : (tensor<?x8xf32>, tensor<3x8xf32>) -> tensor<?x3xf32>
  return %3 : tensor<?x3xf32>
}

// CHECK-NOT: @main
// CHECK-LABEL: func.func @init()
// CHECK-SAME: -> (tensor<80xf32> {mlopt.name = "mlopt.parameters"}, tensor<80xf32> {mlopt.name = "mlopt.state.momentum_buffer"})
// CHECK: %[[W1:.*]] = mlopt.get_parameter @w1
// CHECK: %[[B1:.*]] = mlopt.get_parameter @b1
// CHECK: mlopt.pad %[[B1]]{{.*}} -> tensor<16xf32>
// CHECK: mlopt.concat {{.*}} (tensor<32xf32>, tensor<16xf32>, tensor<32xf32>) -> tensor<80xf32>

// CHECK-LABEL: func.func @train_step
// CHECK-SAME: (%[[P:[^ ]*]]: tensor<80xf32> {mlopt.dims = [80], mlopt.name = "mlopt.parameters"},
// CHECK-SAME: %[[M:[^ ]*]]: tensor<80xf32> {mlopt.dims = [80], mlopt.name = "mlopt.state.momentum_buffer"},
// CHECK-SAME: %[[X:[^ ]*]]: tensor<?x4xf32> {mlopt.dims = ["batch", 4], mlopt.name = "x"},
// CHECK-SAME: %[[T:[^ ]*]]: tensor<?xi64> {mlopt.dims = ["batch"], mlopt.name = "target"},
// CHECK-SAME: %{{.*}}: tensor<i64> {mlopt.dims = [], mlopt.name = "mlopt.step"})
// CHECK-SAME: -> (tensor<80xf32> {mlopt.donated = 0 : i64, mlopt.name = "mlopt.parameters"},
// CHECK-SAME: tensor<80xf32> {mlopt.donated = 1 : i64, mlopt.name = "mlopt.state.momentum_buffer"},
// CHECK-SAME: tensor<f32> {mlopt.name = "mlopt.loss"})
// CHECK: %[[S:.*]] = mlopt.slice %[[P]] {{.*}}static_sizes = array<i64: 32>, static_starts = array<i64: 0>
// CHECK: %[[V1:.*]] = mlopt.reshape %[[S]] {static_sizes = array<i64: 8, 4>}
// CHECK: %[[V2:.*]] = mlopt.slice %[[P]] {{.*}}static_sizes = array<i64: 8>, static_starts = array<i64: 32>
// CHECK: mlopt.matmul %[[X]], %[[V1]]
// CHECK: %[[G:.*]]:3 = mlopt.gradient %[[L:[^,]*]], %[[V1]], %[[V2]],
// CHECK: %[[FLAT:.*]] = mlopt.concat
// CHECK: %[[OLD:.*]] = mlopt.mul %[[M]],
// CHECK: %[[NEW:.*]] = mlopt.add %[[OLD]], %[[FLAT]]
// CHECK: %[[D:.*]] = mlopt.mul %[[NEW]],
// CHECK: %[[R:.*]] = mlopt.sub %[[P]], %[[D]]
// CHECK: return %[[R]], %[[NEW]], %[[L]]

// CHECK-LABEL: func.func @step_grad
// CHECK-SAME: mlopt.name = "mlopt.parameters"}, {{.*}}mlopt.name = "x"}, {{.*}}mlopt.name = "target"}, {{.*}}mlopt.name = "mlopt.step"})
// CHECK-SAME: -> (tensor<80xf32> {mlopt.name = "mlopt.gradients"}, tensor<f32> {mlopt.name = "mlopt.loss"})

// CHECK-LABEL: func.func @step_update
// CHECK-SAME: mlopt.name = "mlopt.parameters"}, {{.*}}mlopt.name = "mlopt.state.momentum_buffer"}, {{.*}}mlopt.name = "mlopt.gradients"}, {{.*}}mlopt.name = "mlopt.step"})
// CHECK-SAME: -> (tensor<80xf32> {mlopt.donated = 0 : i64, mlopt.name = "mlopt.parameters"}, tensor<80xf32> {mlopt.donated = 1 : i64, mlopt.name = "mlopt.state.momentum_buffer"})

// CHECK-LABEL: func.func @eval
// CHECK-SAME: mlopt.name = "mlopt.parameters"}, {{.*}}mlopt.name = "x"}, {{.*}}mlopt.name = "target"})
// CHECK-SAME: -> (tensor<f32> {mlopt.name = "mlopt.loss"}, tensor<i64> {mlopt.name = "mlopt.correct"}, tensor<i64> {mlopt.name = "mlopt.count"}, tensor<?x3xf32> {mlopt.name = "logits"})
// CHECK-NOT: mlopt.gradient
