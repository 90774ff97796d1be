// One mean of two layers, which an exporter merged: training would mix them up. A layer that is
// applied twice is the same layer, frozen or not.
// RUN: not %mlopt-opt --mlopt-build-training='loss=mse' %s 2>&1 | FileCheck %s
// RUN: not %mlopt-opt --mlopt-build-training='loss=mse freeze=s*' %s 2>&1 | FileCheck %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse batch-norm=frozen' %s -o /dev/null
// RUN: sed 's/get_parameter @s2/get_parameter @s1/' %s > %t.mlir
// RUN: %mlopt-opt --mlopt-build-training='loss=mse' %t.mlir | FileCheck --check-prefix=TWICE %s
// RUN: %mlopt-opt --mlopt-build-training='loss=mse freeze=s*' %t.mlir | FileCheck --check-prefix=TWICE %s

// CHECK: error: MLO2405: the parameter 'm' holds the running statistics of two batch normalizations with different parameters, which training tells apart; export the model without merging equal initializers, or use --batch-norm=frozen
// TWICE: func.func @train_step
// TWICE-COUNT-2: mlopt.batch_norm_training
// TWICE: func.func @step_grad
mlopt.parameter @s1 = dense<1.5> : tensor<3xf32>
mlopt.parameter @s2 = dense<0.5> : tensor<3xf32>
mlopt.parameter @b = dense<0.25> : tensor<3xf32>
mlopt.parameter @m = dense<0.0> : tensor<3xf32>
mlopt.parameter @v = dense<1.0> : tensor<3xf32>

func.func @main(%x: tensor<7x3xf32> {mlopt.name = "x"})
    -> (tensor<7x3xf32> {mlopt.name = "y"}) {
  %s1 = mlopt.get_parameter @s1 : tensor<3xf32>
  %s2 = mlopt.get_parameter @s2 : tensor<3xf32>
  %b = mlopt.get_parameter @b : tensor<3xf32>
  %m = mlopt.get_parameter @m : tensor<3xf32>
  %v = mlopt.get_parameter @v : tensor<3xf32>
  %0 = mlopt.batch_norm %x, %s1, %b, %m, %v {epsilon = 1.0e-3 : f64} : (tensor<7x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<7x3xf32>
  %1 = mlopt.tanh %0 : (tensor<7x3xf32>) -> tensor<7x3xf32>
  %2 = mlopt.batch_norm %1, %s2, %b, %m, %v {epsilon = 1.0e-3 : f64} : (tensor<7x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<7x3xf32>
  return %2 : tensor<7x3xf32>
}
