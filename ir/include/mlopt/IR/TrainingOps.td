//===- TrainingOps.td - Gradients and what only training runs -*- tablegen -*-===//
#ifndef MLOPT_IR_TRAINING_TD
#define MLOPT_IR_TRAINING_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_GradientOp : Mlopt_Op<"gradient"> {
  let summary = "derivatives of the sum of a tensor's elements";
  let description = [{
    Result i is the derivative of the sum of all elements of `y` by `xs[i]`, with
    the shape and type of `xs[i]`: zeros where `y` does not depend on it. Each of
    `xs` counts as an independent variable: what follows it depends on it, what
    it was made from does not. The pass `mlopt-differentiate` replaces the
    operation by the operations that compute it; nothing else evaluates it.
    ONNX `ai.onnx.preview.training.Gradient`.

    Constraints: (C1) y and xs are floating point, of one element type.

    Example: `%g:2 = mlopt.gradient %loss, %w, %b : (tensor<f32>, tensor<3x4xf32>, tensor<4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>)`
  }];
  let arguments = (ins Mlopt_FloatTensor:$y, Variadic<Mlopt_FloatTensor>:$xs);
  let results = (outs Variadic<Mlopt_FloatTensor>:$results);
  let hasVerifier = 1;
}

def Mlopt_DropoutOp : Mlopt_SameElementOp<"dropout"> {
  let summary = "in training: elements set to zero at random; else the identity";
  let description = [{
    A mark that a model carries from its import to where its training step is
    built: there each element becomes 0 with probability `ratio`, the others are
    multiplied by 1 / (1 - ratio), from a counter-based generator keyed by seed,
    step, operation and element. Everywhere else it is the identity.

    Constraints: (C1) 0 <= ratio < 1.

    Example: `%1 = mlopt.dropout %0 {ratio = 0.1 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, F64Attr:$ratio);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

def Mlopt_BatchNormTrainingOp : Mlopt_Op<"batch_norm_training"> {
  let summary = "batch normalization with the statistics of the batch";
  let description = [{
    Input [N, C, ...]; mean and (biased) variance of each channel over all other
    axes; result (x - mean) / sqrt(variance + epsilon) * scale + bias, and the two
    statistics, of shape [C]. The graph phase composes it of reductions once
    derivatives are taken.

    Constraints: (C1) rank >= 2; (C2) scale and bias have shape [C].

    Example: `%y, %m, %v = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-5 : f64} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>)`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$scale, Mlopt_FloatTensor:$bias, F64Attr:$epsilon);
  let results = (outs Mlopt_FloatTensor:$result, Mlopt_FloatTensor:$mean, Mlopt_FloatTensor:$variance);
  let hasVerifier = 1;
}

def Mlopt_UnfoldOp : Mlopt_SameElementOp<"unfold"> {
  let summary = "the windows of a convolution or pooling side by side";
  let description = [{
    Input [N, C, D1..Dk], result [N, C, K1..Kk, O1..Ok]: element (n, c, i, o) is
    the input at (n, c, o * stride + i * dilation - pads_begin), 0 outside of it.
    O = floorDiv(D + pads_begin + pads_end - ((K - 1) * dilation + 1), stride) + 1.
    Known as im2col; with it the gradients of convolutions are matrix products.

    Constraints: (C1) rank >= 3; (C2) attributes have one entry per spatial axis,
    kernel, strides, dilations > 0, pads >= 0.

    Example: `%1 = mlopt.unfold %0 {kernel = array<i64: 3>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>} : (tensor<1x2x8xf32>) -> tensor<1x2x3x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end, DenseI64ArrayAttr:$dilations);
  let results = (outs Mlopt_FloatTensor:$result);
}

def Mlopt_FoldOp : Mlopt_SameElementOp<"fold"> {
  let summary = "windows added up where they came from: the adjoint of unfold";
  let description = [{
    Input [N, C, K1..Kk, O1..Ok], result [N, C, D1..Dk] with the spatial sizes
    `static_sizes` (`sizes` where they are unknown): each element is the sum of the
    window elements that `mlopt.unfold` with the same attributes takes from it, in
    row-major order of their place in the window. Known as col2im.

    Constraints: (C1) the input has rank 2 + 2 k for k sizes; (C2) as unfold; (C3) the input's last k
    sizes are those that unfold gives for a tensor of the result's shape.

    Example: `%1 = mlopt.fold %0 {static_sizes = array<i64: 8>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>} : (tensor<1x2x3x8xf32>) -> tensor<1x2x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin,
                       DenseI64ArrayAttr:$pads_end, DenseI64ArrayAttr:$dilations);
  let results = (outs Mlopt_FloatTensor:$result);
}

#endif // MLOPT_IR_TRAINING_TD
