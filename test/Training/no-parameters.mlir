// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse' %s 2>&1 | FileCheck %s

// CHECK: error: MLO2401: the model has no parameter to train
func.func @main(%x: tensor<4xf32> {mlopt.name = "x"}) -> (tensor<4xf32> {mlopt.name = "y"}) {
  return %x : tensor<4xf32>
}

// -----

// CHECK: error: MLO2407: the module has no function @main with one block
func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
