//===- ShapeOps.td - Shapes, views, data movement -----------*- tablegen -*-===//
#ifndef MLOPT_IR_SHAPE_TD
#define MLOPT_IR_SHAPE_TD

include "mlopt/IR/MloptBase.td"

// Mixed sizes: a `static_*` array holds each value, or ShapedType::kDynamic
// where the next of the `index` operands stands.

def Mlopt_DimOp : Mlopt_BaseOp<"dim", [Pure]> {
  let summary = "size of a dimension";
  let description = "Constraints: (C1) axis lies in [0, rank).\n\nExample: `%n = mlopt.dim %0 {axis = 0 : i64} : (tensor<?x3xf32>) -> index`";
  let arguments = (ins Mlopt_Tensor:$input, I64Attr:$axis);
  let results = (outs Index:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "int64_t":$axis), [{
    build($_builder, $_state, $_builder.getIndexType(), input, $_builder.getI64IntegerAttr(axis)); }]>];
}

def Mlopt_ElementOp : Mlopt_BaseOp<"element", [Pure]> {
  let summary = "element of a small integer tensor as a size";
  let description = "Constraints: (C1) position lies in [0, number of elements).\n\nExample: `%n = mlopt.element %shape {position = 2 : i64} : (tensor<4xi64>) -> index`";
  let arguments = (ins RankedTensorOf<[I32, I64]>:$input, I64Attr:$position);
  let results = (outs Index:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "int64_t":$position), [{
    build($_builder, $_state, $_builder.getIndexType(), input, $_builder.getI64IntegerAttr(position)); }]>];
}

def Mlopt_FromSizesOp : Mlopt_Op<"from_sizes"> {
  let summary = "sizes as a 1-D tensor of i64";
  let description = "Example: `%t = mlopt.from_sizes %n, %m : (index, index) -> tensor<2xi64>`";
  let arguments = (ins Variadic<Index>:$sizes);
  let results = (outs RankedTensorOf<[I64]>:$result);
}

def Mlopt_ReshapeOp : Mlopt_SameElementOp<"reshape"> {
  let summary = "the same elements in another shape";
  let description = [{
    Row-major order stays. All sizes are given (no -1).

    Constraints: (C1) the number of elements stays where both are static;
    (C2) one index operand per dynamic entry of `static_sizes`.

    Example: `%1 = mlopt.reshape %0, %n {static_sizes = array<i64: -9223372036854775808, 6>} : (tensor<?x2x3xf32>, index) -> tensor<?x6xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Mlopt_TransposeOp : Mlopt_SameElementOp<"transpose"> {
  let summary = "permutation of the axes";
  let description = [{
    Result axis i is the input's axis permutation[i].

    Constraints: (C1) `permutation` is one of 0..rank-1.

    Example: `%1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
}

def Mlopt_BroadcastOp : Mlopt_SameElementOp<"broadcast"> {
  let summary = "repetition of size-1 axes";
  let description = [{
    NumPy's broadcast_to: the input's axes are aligned at the end; each has the
    result's size or 1.

    Constraints: (C1) the result's rank is not smaller; (C2) sizes agree or are 1.

    Example: `%1 = mlopt.broadcast %0 {static_sizes = array<i64: 4, 3>} : (tensor<3xf32>) -> tensor<4x3xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
}

def Mlopt_SliceOp : Mlopt_SameElementOp<"slice", [AttrSizedOperandSegments]> {
  let summary = "a rectangular part";
  let description = [{
    Result element i along an axis is the input's start + i * stride. Strides
    may be negative, not 0. Starts and sizes are already clamped: every element
    read lies inside.

    Constraints: (C1) one start, size and stride per axis; (C2) static parts lie inside.

    Example: `%1 = mlopt.slice %0 {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 2, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2x3xf32>) -> tensor<2x2xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, Variadic<Index>:$starts, Variadic<Index>:$sizes,
                       DenseI64ArrayAttr:$static_starts, DenseI64ArrayAttr:$static_sizes, DenseI64ArrayAttr:$strides);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Mlopt_ConcatOp : Mlopt_SameElementOp<"concat"> {
  let summary = "concatenation along an axis";
  let description = [{
    Constraints: (C1) at least one operand, all of one rank and element type;
    (C2) axis lies in [0, rank); (C3) all other sizes agree.

    Example: `%2 = mlopt.concat %0, %1 {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>`
  }];
  let arguments = (ins Variadic<Mlopt_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Mlopt_PadOp : Mlopt_SameElementOp<"pad", [AttrSizedOperandSegments]> {
  let summary = "padding (negative: cropping) of each axis";
  let description = [{
    `value` is a scalar tensor (mode constant). Modes as ONNX Pad.

    Constraints: (C1) one low and one high per axis; (C2) value is a scalar of the input's element type.

    Example: `%1 = mlopt.pad %0, %c {mode = #mlopt<pad_mode constant>, static_low = array<i64: 0, 1>, static_high = array<i64: 0, 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x5xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, Mlopt_Tensor:$value, Variadic<Index>:$low, Variadic<Index>:$high,
                       Mlopt_PadModeAttr:$mode, DenseI64ArrayAttr:$static_low, DenseI64ArrayAttr:$static_high);
  let results = (outs Mlopt_Tensor:$result);
  let hasVerifier = 1;
}

def Mlopt_IotaOp : Mlopt_Op<"iota"> {
  let summary = "the index along an axis";
  let description = [{
    Element = its coordinate along `axis`, as element type `to`.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%0 = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 4>, to = i64} : () -> tensor<4xi64>`
  }];
  let arguments = (ins Variadic<Index>:$sizes, I64Attr:$axis, DenseI64ArrayAttr:$static_sizes, TypeAttr:$to);
  let results = (outs Mlopt_NumberTensor:$result);
}

#endif // MLOPT_IR_SHAPE_TD
