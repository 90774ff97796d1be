//===- QuantizeOps.td - Quantization and integer products ---*- tablegen -*-===//
#ifndef MLOPT_IR_QUANTIZE_TD
#define MLOPT_IR_QUANTIZE_TD

include "mlopt/IR/ElementwiseBase.td"

//===----------------------------------------------------------------------===//
// Between float and storage integers
//===----------------------------------------------------------------------===//

def Mlopt_QuantizeOp : Mlopt_ElementwiseOp<"quantize"> {
  let summary = "float to storage integers";
  let description = [{
    saturate(round(input / scale) + zero), halves to even. The quotient is formed
    in the scale's type (in f32 where that is narrower), the sum without overflow;
    `saturate` clamps to the range of `to`, NaN becomes its lowest value. A zero
    point that is none counts as 0. Scale and zero point broadcast against the
    input as NumPy does: a scalar is a scale per tensor, [C, 1, 1] one per channel.

    Constraints: (C1) `to` is i2, i4, i8, i16 or their unsigned forms; (C2) a
    zero point has the element type `to`; (C3) scale and zero point broadcast
    to the input's shape.

    Example: `%2 = mlopt.quantize %x, %s, %z {to = ui8} : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$scale, Mlopt_OptionalStorageTensor:$zero,
                       TypeAttr:$to);
  let results = (outs Mlopt_StorageTensor:$result);
  let extraClassDefinition = shapeDefinition;
  let hasVerifier = 1;
}

def Mlopt_DequantizeOp : Mlopt_ElementwiseOp<"dequantize"> {
  let summary = "storage integers to float";
  let description = [{
    (input - zero) * scale, the difference exact, the product in the scale's type (in f32
    where that is narrower, then rounded to it). A zero point that is none
    counts as 0. Scale and zero point broadcast against the input as NumPy does.

    Constraints: (C1) a zero point has the input's element type; (C2) scale and
    zero point broadcast to the input's shape.

    Example: `%2 = mlopt.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins Mlopt_WideStorageTensor:$input, Mlopt_FloatTensor:$scale, Mlopt_OptionalWideStorageTensor:$zero);
  let results = (outs Mlopt_FloatTensor:$result);
  let extraClassDefinition = shapeDefinition;
  let hasVerifier = 1;
}

def Mlopt_DequantizeBlockedOp : Mlopt_Op<"dequantize_blocked"> {
  let summary = "storage integers to float, one scale per block along an axis";
  let description = [{
    (input - zero) * scale[..., i / block, ...] for index i along `axis`; the
    last block may be shorter. A zero point that is none counts as 0.

    Constraints: (C1) scale and zero point have the input's rank and sizes, but
    ceil(size / block) along `axis`; (C2) a zero point has the input's element
    type; (C3) `block` > 0, 0 <= `axis` < rank.

    Example: `%2 = mlopt.dequantize_blocked %q, %s, %z {axis = 0 : i64, block = 32 : i64} : (tensor<64x8xi4>, tensor<2x8xf32>, tensor<2x8xi4>) -> tensor<64x8xf32>`
  }];
  let arguments = (ins Mlopt_StorageTensor:$input, Mlopt_FloatTensor:$scale, Mlopt_OptionalStorageTensor:$zero,
                       I64Attr:$axis, I64Attr:$block);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Products of integers
//===----------------------------------------------------------------------===//

def Mlopt_IntegerMatmulOp : Mlopt_Op<"integer_matmul"> {
  let summary = "matrix product of 8-bit integers, summed in i32";
  let description = [{
    sum over k of (lhs[m, k] - lhs_zero) * (rhs[k, n] - rhs_zero), exact modulo
    2^32. The last two axes are a matrix (rhs swapped first where `transpose_b`),
    all others are batch and broadcast as NumPy does. Zero points broadcast
    against their operand as NumPy does (before the swap); one that is none
    counts as 0. After the phase `quantize` the operands of a product that an
    emitter takes are ui8 and i8, and it has no zero points.

    Constraints: (C1) both ranks are at least 2; (C2) a zero point has its
    operand's element type; (C3) the contracted sizes agree.

    Example: `%2 = mlopt.integer_matmul %a, %b, %za, %zb : (tensor<2x3xui8>, tensor<3x4xi8>, tensor<ui8>, none) -> tensor<2x4xi32>`
  }];
  let arguments = (ins Mlopt_ByteTensor:$lhs, Mlopt_ByteTensor:$rhs, Mlopt_OptionalByteTensor:$lhs_zero,
                       Mlopt_OptionalByteTensor:$rhs_zero, DefaultValuedAttr<BoolAttr, "false">:$transpose_b);
  let results = (outs RankedTensorOf<[I32]>:$result);
  let hasVerifier = 1;
}

def Mlopt_IntegerConvOp : Mlopt_Op<"integer_conv"> {
  let summary = "convolution of 8-bit integers, summed in i32";
  let description = [{
    As `mlopt.conv` on (input - input_zero) and (filter - filter_zero), exact
    modulo 2^32; padding counts as 0 after the subtraction. The zero point of
    the input is a scalar, that of the filter a scalar or has shape [M]; one that is
    none counts as 0. With `raw` the zero point of the input is not subtracted, and
    padding counts as the zero point: raw - input_zero * (the filter's sum)
    is the same convolution without borders being different. The phase
    `quantize` leaves raw convolutions without a filter_zero.

    Constraints: (C1) to (C3) of `mlopt.conv`; (C4) a zero point has its
    operand's element type.

    Example: `%3 = mlopt.integer_conv %x, %w, %zx, %zw {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xui8>, tensor<4x3x3x3xi8>, tensor<ui8>, none) -> tensor<1x4x8x8xi32>`
  }];
  let arguments = (ins Mlopt_ByteTensor:$input, Mlopt_ByteTensor:$filter, Mlopt_OptionalByteTensor:$input_zero,
                       Mlopt_OptionalByteTensor:$filter_zero,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                       DenseI64ArrayAttr:$dilations, I64Attr:$groups, UnitAttr:$raw);
  let results = (outs RankedTensorOf<[I32]>:$result);
  let hasVerifier = 1;
}

def Mlopt_DequantizedMatmulOp : Mlopt_SameElementOp<"dequantized_matmul"> {
  let summary = "matrix product with quantized weights";
  let description = [{
    lhs times the float matrix (weights[k, n] - zero[k / block, n]) * scale[k / block, n].
    lhs has any rank >= 2, weights [K, N] ([N, K] where `transpose_b`, scale and
    zero point then [N, K / block]). Sums are formed in f32 (f64 for f64). A zero point
    that is none counts as 0. One scale per column has block = K, one per tensor
    has sizes 1 along both axes of scale.

    Constraints: (C1) weights have rank 2, lhs rank >= 2; (C2) scale has shape
    [ceil(K / block), N or 1] (swapped where `transpose_b`) and so has a zero
    point; (C3) a zero point has the weights' element type; (C4) `block` > 0.

    Example: `%2 = mlopt.dequantized_matmul %x, %w, %s, %z {block = 32 : i64} : (tensor<2x64xf32>, tensor<64x8xui4>, tensor<2x8xf32>, tensor<2x8xui4>) -> tensor<2x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$lhs, Mlopt_StorageTensor:$weights, Mlopt_FloatTensor:$scale,
                       Mlopt_OptionalStorageTensor:$zero, I64Attr:$block,
                       DefaultValuedAttr<BoolAttr, "false">:$transpose_b);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
}

#endif // MLOPT_IR_QUANTIZE_TD
