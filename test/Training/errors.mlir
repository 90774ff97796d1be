// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=cross_entropy' %s 2>&1 | FileCheck %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse freeze=nothing*' %s 2>&1 | FileCheck --check-prefix=GLOB %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse freeze=w' %s 2>&1 | FileCheck --check-prefix=FROZEN %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse target=x' %s 2>&1 | FileCheck --check-prefix=TARGET %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse prediction=z' %s 2>&1 | FileCheck --check-prefix=NAME %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=output:y' %s 2>&1 | FileCheck --check-prefix=OUTPUT %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse prediction=i' %s 2>&1 | FileCheck --check-prefix=INTEGER %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse prediction=h' %s 2>&1 | FileCheck --check-prefix=HALF %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse prediction=i2' %s 2>&1 | FileCheck --check-prefix=NOGRAD %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=rmsprop' %s 2>&1 | FileCheck --check-prefix=OPT1 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=adam momentum=0.5' %s 2>&1 | FileCheck --check-prefix=OPT2 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse schedule=cosine warmup-steps=5 total-steps=5' %s 2>&1 | FileCheck --check-prefix=OPT3 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse lr=fast' %s 2>&1 | FileCheck --check-prefix=OPT4 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse prediction=norm' %s 2>&1 | FileCheck --check-prefix=MERGED %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=adam eps=1e-50' %s 2>&1 | FileCheck --check-prefix=NUM1 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse lr=1e39' %s 2>&1 | FileCheck --check-prefix=NUM2 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=adamw weight-decay=1e300' %s 2>&1 | FileCheck --check-prefix=NUM3 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse optimizer=adagrad eps=-1' %s 2>&1 | FileCheck --check-prefix=NUM4 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=mse lr=-1' %s 2>&1 | FileCheck --check-prefix=NUM5 %s
// RUN: not %mlopt-opt --split-input-file --mlopt-build-training='loss=huber huber-delta=1e-60' %s 2>&1 | FileCheck --check-prefix=NUM6 %s

// CHECK: error: MLO2404: --loss=cross_entropy cannot take the output 'y' of type 'tensor<4xf32>', expected rank 2 or more: [samples, classes, ...]
// GLOB: error: MLO2406: --freeze=nothing* matches no parameter; the model has 'w', 'half'
// FROZEN: error: MLO2402: the loss, made of the output 'y', depends on no parameter that may be trained
// TARGET: error: MLO2403: the model has an input or parameter 'x' already; give the target another name with --target=NAME
// NAME: error: MLO2403: the model has no output 'z' for the loss; its outputs are 'y', 'i', 'h', 'i2', 'norm'
// OUTPUT: error: MLO2404: --loss=output:y cannot take the output 'y' of type 'tensor<4xf32>', expected one element; name a scalar output, or a loss
// INTEGER: error: MLO2404: --loss=mse cannot take the output 'i' of type 'tensor<4xi64>', expected floating point; name another output
// HALF: error: MLO2405: the parameter 'half' of type 'tensor<4xf16>' cannot be trained, expected f32; keep it as it is with --freeze=half, or convert the model to f32
// NOGRAD: error: MLO2402: the loss, made of the output 'i2', depends on no parameter that may be trained
// OPT1: error: MLO2407: --optimizer is 'rmsprop', expected one of sgd, adam, adamw, adagrad
// OPT2: error: MLO2407: --momentum is an option of sgd; adam has --betas
// OPT3: error: MLO2407: --schedule=cosine needs --total-steps greater than --warmup-steps
// OPT4: error: MLO2407: --lr is 'fast', expected a number
// MERGED: error: MLO2405: the parameter 'zeros' is read here and holds the running statistics of a batch normalization
// NUM1: error: MLO2407: --eps is 1e-50, expected a number that f32 can hold, from 1.18e-38 to 3.4e+38
// NUM2: error: MLO2407: --lr is 1e+39, expected a number that f32 can hold, at most 3.4e+38
// NUM3: error: MLO2407: --weight-decay is 1e+300, expected a number that f32 can hold
// NUM4: error: MLO2407: --eps is -1, expected more than 0
// NUM5: error: MLO2407: --lr is -1, expected at least 0
// NUM6: error: MLO2407: --huber-delta is 1e-60, expected a number that f32 can hold

mlopt.parameter @w = dense<0.5> : tensor<4xf32>
mlopt.parameter @half = dense<0.5> : tensor<4xf16>
mlopt.parameter @zeros = dense<0.0> : tensor<4xf32>
mlopt.parameter @ones = dense<1.0> : tensor<4xf32>

func.func @main(%x: tensor<4xf32> {mlopt.name = "x"})
    -> (tensor<4xf32> {mlopt.name = "y"}, tensor<4xi64> {mlopt.name = "i"}, tensor<4xf16> {mlopt.name = "h"},
        tensor<4xf32> {mlopt.name = "i2"}, tensor<2x4xf32> {mlopt.name = "norm"}) {
  %w = mlopt.get_parameter @w : tensor<4xf32>
  %half = mlopt.get_parameter @half : tensor<4xf16>
  %zeros = mlopt.get_parameter @zeros : tensor<4xf32>
  %ones = mlopt.get_parameter @ones : tensor<4xf32>
  %y = mlopt.mul %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %i = mlopt.cast %y {to = i64} : (tensor<4xf32>) -> tensor<4xi64>
  %xh = mlopt.cast %x {to = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %h = mlopt.mul %xh, %half : (tensor<4xf16>, tensor<4xf16>) -> tensor<4xf16>
  %i2 = mlopt.cast %i {to = f32} : (tensor<4xi64>) -> tensor<4xf32>
  %two = mlopt.broadcast %y {static_sizes = array<i64: 2, 4>} : (tensor<4xf32>) -> tensor<2x4xf32>
  %norm = mlopt.batch_norm %two, %ones, %zeros, %zeros, %ones {epsilon = 1.0e-3 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y, %i, %h, %i2, %norm : tensor<4xf32>, tensor<4xi64>, tensor<4xf16>, tensor<4xf32>, tensor<2x4xf32>
}
