//===- PoolingOps.td - Pooling and resizing -----------------*- tablegen -*-===//
#ifndef MLOPT_IR_POOLING_TD
#define MLOPT_IR_POOLING_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_PoolOp : Mlopt_SameElementOp<"pool"> {
  let summary = "pooling over spatial axes";
  let description = [{
    Input [N, C, D1..Dk], result [N, C, O1..Ok]. `extra_end` is padding at the
    end that `ceil_mode` adds: it counts for the result's size and never for the
    divisor of an average. An average divides by the number of elements in the
    window that lie in the input, or with `count_include_pad` in input or
    `pads_begin`/`pads_end`. `lp` is (sum |x|^p)^(1/p) with p = `p`.
    O = floorDiv(D + pads_begin + pads_end + extra_end - ((K - 1) * dilation + 1), stride) + 1.

    Constraints: (C1) rank >= 3; (C2) attributes have one entry per spatial axis,
    kernel, strides, dilations > 0, pads >= 0.

    Example: `%1 = mlopt.pool %0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, Mlopt_PoolKindAttr:$kind, DenseI64ArrayAttr:$kernel,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                       DenseI64ArrayAttr:$extra_end, DenseI64ArrayAttr:$dilations,
                       DefaultValuedAttr<BoolAttr, "false">:$count_include_pad,
                       DefaultValuedAttr<I64Attr, "2">:$p);
  let results = (outs Mlopt_NumberTensor:$result);
  let hasVerifier = 1;
}

def Mlopt_MaxPoolWithIndicesOp : Mlopt_Op<"max_pool_with_indices"> {
  let summary = "maximum pooling that also gives where the maximum was";
  let description = [{
    As `mlopt.pool` with kind max; the second result holds the flat index of the
    maximum in the whole input tensor (i64), spatial axes counted column-major
    with `column_major`.

    Example: see `mlopt.pool`.
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, DenseI64ArrayAttr:$kernel,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                       DenseI64ArrayAttr:$extra_end, DenseI64ArrayAttr:$dilations,
                       DefaultValuedAttr<BoolAttr, "false">:$column_major);
  let results = (outs Mlopt_NumberTensor:$result, RankedTensorOf<[I64]>:$indices);
  let hasVerifier = 1;
}

def Mlopt_ResizeOp : Mlopt_SameElementOp<"resize"> {
  let summary = "interpolation to another size";
  let description = [{
    Every axis has a scale (`scales`, 1.0 where the size stays; ONNX Resize
    semantics) and a result size: `static_sizes` with `sizes` where it is
    unknown. Crop start and end per axis for `tf_crop_and_resize` in `roi`
    (2 * rank values, else empty).

    Constraints: (C1) one scale and one size per axis.

    Example: `%1 = mlopt.resize %0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 3, 16, 16>, roi = array<f64>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, Variadic<Index>:$sizes, Mlopt_ResizeModeAttr:$mode,
                       Mlopt_CoordinateModeAttr:$coordinate, Mlopt_NearestModeAttr:$nearest,
                       DenseF64ArrayAttr:$scales, DenseI64ArrayAttr:$static_sizes, DenseF64ArrayAttr:$roi,
                       DefaultValuedAttr<F64Attr, "-0.75">:$cubic_coeff,
                       DefaultValuedAttr<BoolAttr, "false">:$exclude_outside,
                       DefaultValuedAttr<BoolAttr, "false">:$antialias,
                       DefaultValuedAttr<F64Attr, "0.0">:$extrapolation_value);
  let results = (outs Mlopt_NumberTensor:$result);
}

#endif // MLOPT_IR_POOLING_TD
