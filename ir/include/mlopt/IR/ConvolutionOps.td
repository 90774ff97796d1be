//===- ConvolutionOps.td - Convolutions ---------------------*- tablegen -*-===//
#ifndef MLOPT_IR_CONVOLUTION_TD
#define MLOPT_IR_CONVOLUTION_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_ConvOp : Mlopt_SameElementOp<"conv"> {
  let summary = "convolution (cross-correlation) over spatial axes";
  let description = [{
    Input [N, C, D1..Dk], filter [M, C/groups, K1..Kk], bias [M] or none,
    result [N, M, O1..Ok] with
    O = floorDiv(D + pads_begin + pads_end - ((K - 1) * dilation + 1), stride) + 1.

    Constraints: (C1) input and filter have the same rank >= 3; (C2) attributes
    have one entry per spatial axis, strides and dilations > 0, pads >= 0;
    (C3) C = groups * filter's second size, groups divides M; (C4) bias has shape [M].

    Example: `%3 = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, none) -> tensor<1x4x4x4xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$filter, Mlopt_OptionalFloatTensor:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                       DenseI64ArrayAttr:$dilations, I64Attr:$groups);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

def Mlopt_ConvTransposeOp : Mlopt_SameElementOp<"conv_transpose"> {
  let summary = "transposed convolution";
  let description = [{
    Input [N, C, D1..Dk], filter [C, M/groups, K1..Kk], bias [M] or none,
    result [N, M, O1..Ok] with
    O = stride * (D - 1) + output_padding + (K - 1) * dilation + 1 - pads_begin - pads_end.

    Constraints: as `mlopt.conv`, (C3) C equals the filter's first size and
    groups divides it. Pads may be negative (a larger result).

    Example: `%3 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x3x8xf32>, tensor<3x4x3xf32>, none) -> tensor<1x4x17xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$filter, Mlopt_OptionalFloatTensor:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                       DenseI64ArrayAttr:$output_padding, DenseI64ArrayAttr:$dilations, I64Attr:$groups);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

#endif // MLOPT_IR_CONVOLUTION_TD
