// What the options change in the signatures and regions.
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=adamw lr=input clip-norm=input target=wanted' %s | FileCheck %s
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=mse freeze=*bias' %s | FileCheck --check-prefix=FREEZE %s
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=mse train-only=*bias init=random' %s | FileCheck --check-prefix=ONLY %s
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=mse init=random' %s | FileCheck --check-prefix=RANDOM %s
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=output:total optimizer=adagrad initial-accumulator=0.5' %s | FileCheck --check-prefix=OUTPUT %s
// RUN: %mlopt-opt --split-input-file --mlopt-build-training='loss=cross_entropy prediction=y' %s | FileCheck --check-prefix=SHAPE %s

mlopt.parameter @layer.weight = dense<0.5> : tensor<4x16xf32>
mlopt.parameter @layer.bias = dense<0.25> : tensor<16xf32>
mlopt.parameter @table = dense<[0, 2]> : tensor<2xi64>
mlopt.parameter @scalar = dense<2.0> : tensor<f32>

// A size that is a formula: the target takes the name of its own axis and is brought to the shape.
func.func @main(%x: tensor<?x3x4xf32> {mlopt.name = "x", mlopt.dims = ["n", 3, 4]})
    -> (tensor<?x16xf32> {mlopt.name = "y"}, tensor<f32> {mlopt.name = "total"}) {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x3x4xf32>) -> index
  %c3 = arith.constant 3 : index
  %rows = arith.muli %n, %c3 : index
  %flat = mlopt.reshape %x, %rows {static_sizes = array<i64: -9223372036854775808, 4>} : (tensor<?x3x4xf32>, index) -> tensor<?x4xf32>
  %w = mlopt.get_parameter @layer.weight : tensor<4x16xf32>
  %b = mlopt.get_parameter @layer.bias : tensor<16xf32>
  %s = mlopt.get_parameter @scalar : tensor<f32>
  %0 = mlopt.matmul %flat, %w : (tensor<?x4xf32>, tensor<4x16xf32>) -> tensor<?x16xf32>
  %1 = mlopt.add %0, %b : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %2 = mlopt.mul %1, %s : (tensor<?x16xf32>, tensor<f32>) -> tensor<?x16xf32>
  %3 = mlopt.reduce %2 {axes = array<i64: 0, 1>, kind = #mlopt<reduce_kind sum>} : (tensor<?x16xf32>) -> tensor<f32>
  return %2, %3 : tensor<?x16xf32>, tensor<f32>
}

// CHECK: slots = ["exp_avg", "exp_avg_sq"], targets = ["wanted"]
// CHECK: func.func @train_step
// CHECK-SAME: mlopt.name = "mlopt.state.exp_avg"}, {{.*}}mlopt.name = "mlopt.state.exp_avg_sq"}, {{.*}}mlopt.name = "x"},
// CHECK-SAME: tensor<?x16xf32> {mlopt.dims = ["wanted.0", 16], mlopt.name = "wanted"},
// CHECK-SAME: mlopt.name = "mlopt.step"}, {{.*}}: tensor<f32> {mlopt.dims = [], mlopt.name = "mlopt.lr"}, {{.*}}: tensor<f32> {mlopt.dims = [], mlopt.name = "mlopt.clip_norm"})
// CHECK-SAME: mlopt.name = "mlopt.loss"}, tensor<f32> {mlopt.name = "mlopt.grad_norm"})
// CHECK: func.func @step_grad
// CHECK-NOT: mlopt.lr
// CHECK: func.func @step_update
// CHECK-SAME: mlopt.name = "mlopt.grad_norm"})
// Scalars in f64, rounded once.
// CHECK: mlopt.pow {{.*}} : (tensor<f64>, tensor<f64>) -> tensor<f64>

// A parameter of rank 0 is one too: the importer makes none unless it is asked to.
// FREEZE: tensors = [{name = "layer.weight", offset = 0 : i64, region = "parameters", shape = array<i64: 4, 16>}, {name = "scalar", offset = 64 : i64, region = "parameters", shape = array<i64>}]
// FREEZE: func.func @train_step(%{{.*}}: tensor<80xf32>
// FREEZE: mlopt.get_parameter @layer.bias

// Nothing of rank 2 is left to draw.
// ONLY: tensors = [{name = "layer.bias", offset = 0 : i64
// ONLY: func.func @init() ->

// RANDOM: func.func @init(%{{.*}}: tensor<i64> {mlopt.dims = [], mlopt.name = "mlopt.seed"})
// RANDOM-NOT: mlopt.get_parameter @layer.weight
// RANDOM: mlopt.get_parameter @layer.bias
// Nothing else is random.
// RANDOM: func.func @train_step
// RANDOM-NOT: mlopt.seed

// OUTPUT: mlopt.training = {batch = array<i64: 0>, inputs = ["x"], loss = "output:total", optimizer = "adagrad lr=0.01 lr-decay=0 initial-accumulator=0.5 eps=1e-10
// OUTPUT-SAME: targets = []
// OUTPUT: func.func @init()
// OUTPUT: mlopt.constant dense<5.000000e-01>
// OUTPUT: func.func @eval
// OUTPUT-SAME: -> (tensor<f32> {mlopt.name = "mlopt.loss"}, tensor<?x16xf32> {mlopt.name = "y"}, tensor<f32> {mlopt.name = "total"})

// SHAPE: func.func @step_grad
// SHAPE-SAME: tensor<?xi64> {mlopt.dims = ["target.0"], mlopt.name = "target"}
// SHAPE: mlopt.reshape %{{.*}}, %{{.*}} : (tensor<?xi64>, index) -> tensor<?xi64>
