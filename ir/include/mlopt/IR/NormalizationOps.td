//===- NormalizationOps.td - Normalizations -----------------*- tablegen -*-===//
#ifndef MLOPT_IR_NORMALIZATION_TD
#define MLOPT_IR_NORMALIZATION_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_BatchNormOp : Mlopt_SameElementOp<"batch_norm"> {
  let summary = "batch normalization with given statistics";
  let description = [{
    (x - mean) / sqrt(variance + epsilon) * scale + bias, the four of shape [C]
    along axis 1.

    Constraints: (C1) rank >= 2; (C2) the four operands have shape [C].

    Example: `%1 = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-5 : f64} : (tensor<1x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$scale, Mlopt_FloatTensor:$bias,
                       Mlopt_FloatTensor:$mean, Mlopt_FloatTensor:$variance, F64Attr:$epsilon);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

def Mlopt_LayerNormOp : Mlopt_SameElementOp<"layer_norm"> {
  let summary = "layer normalization over the axes from `axis` on";
  let description = [{
    (x - mean) / sqrt(variance + epsilon) * scale + bias, mean and (biased)
    variance over the axes `axis`..rank-1; scale and bias broadcast to the
    input's shape, or are none.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%1 = mlopt.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<2x8xf32>, tensor<8xf32>, none) -> tensor<2x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_OptionalFloatTensor:$scale, Mlopt_OptionalFloatTensor:$bias,
                       I64Attr:$axis, F64Attr:$epsilon);
  let results = (outs Mlopt_FloatTensor:$result);
}

def Mlopt_RmsNormOp : Mlopt_SameElementOp<"rms_norm"> {
  let summary = "root-mean-square normalization over the axes from `axis` on";
  let description = [{
    x / sqrt(mean(x^2) + epsilon) * scale; scale broadcasts or is none.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%1 = mlopt.rms_norm %x, %s {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_OptionalFloatTensor:$scale, I64Attr:$axis, F64Attr:$epsilon);
  let results = (outs Mlopt_FloatTensor:$result);
}

def Mlopt_GroupNormOp : Mlopt_SameElementOp<"group_norm"> {
  let summary = "normalization over groups of channels and all spatial axes";
  let description = [{
    Input [N, C, ...]; mean and (biased) variance per sample and group of
    C/groups channels; scale and bias of shape [C], or none. Instance
    normalization has groups = C.

    Constraints: (C1) rank >= 2; (C2) groups divides C; 0 means groups = C.

    Example: `%1 = mlopt.group_norm %x, %s, %b {groups = 2 : i64, epsilon = 1.0e-5 : f64} : (tensor<1x4x6xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x6xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_OptionalFloatTensor:$scale, Mlopt_OptionalFloatTensor:$bias,
                       I64Attr:$groups, F64Attr:$epsilon);
  let results = (outs Mlopt_FloatTensor:$result);
}

def Mlopt_LrnOp : Mlopt_SameElementOp<"lrn"> {
  let summary = "local response normalization across channels";
  let description = [{
    x / (bias + alpha/size * sum of x^2 over the channels c - floor((size-1)/2) to
    c + ceil((size-1)/2))^beta; input [N, C, ...].

    Constraints: (C1) rank >= 2; (C2) size > 0.

    Example: `%1 = mlopt.lrn %x {size = 3 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : (tensor<1x4x6xf32>) -> tensor<1x4x6xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta, F64Attr:$bias);
  let results = (outs Mlopt_FloatTensor:$result);
}

#endif // MLOPT_IR_NORMALIZATION_TD
