//===- ReductionOps.td - Reductions, softmax, scans, sorting -*- tablegen -*-===//
#ifndef MLOPT_IR_REDUCTION_TD
#define MLOPT_IR_REDUCTION_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_ReduceOp : Mlopt_SameElementOp<"reduce"> {
  let summary = "reduction over axes";
  let description = [{
    Axes are non-negative, sorted, without repetition; with `keepdims` a reduced
    axis stays with size 1. Over no elements: sum 0, prod 1, max -inf (or the
    lowest integer, false for bool), min +inf, mean NaN. max and min give NaN if
    an element is NaN. Sums of f16 and bf16 run in f32. An empty `axes` reduces nothing.

    Constraints: (C1) axes lie in [0, rank), sorted, distinct.

    Example: `%1 = mlopt.reduce %0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, Mlopt_ReduceKindAttr:$kind, DenseI64ArrayAttr:$axes,
                       DefaultValuedAttr<BoolAttr, "false">:$keepdims);
  let results = (outs Mlopt_Tensor:$result);
}

def Mlopt_ArgReduceOp : Mlopt_Op<"arg_reduce"> {
  let summary = "index of the largest or smallest element along an axis";
  let description = [{
    The first such index, or the last with `select_last_index`. i64.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%1 = mlopt.arg_reduce %0 {kind = #mlopt<arg_reduce_kind max>, axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2xi64>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, Mlopt_ArgReduceKindAttr:$kind, I64Attr:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$keepdims,
                       DefaultValuedAttr<BoolAttr, "false">:$select_last_index);
  let results = (outs RankedTensorOf<[I64]>:$result);
}

def Mlopt_SoftmaxOp : Mlopt_SameElementOp<"softmax"> {
  let summary = "softmax or its logarithm along one axis";
  let description = [{
    exp(x - max) / sum(exp(x - max)); with `log` its logarithm.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%1 = mlopt.softmax %0 {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, I64Attr:$axis, DefaultValuedAttr<BoolAttr, "false">:$log);
  let results = (outs Mlopt_FloatTensor:$result);
}

def Mlopt_CumulativeOp : Mlopt_SameElementOp<"cumulative"> {
  let summary = "running sum or product along an axis";
  let description = [{
    `exclusive` leaves out the element itself; `reverse` runs from the end.

    Constraints: (C1) axis lies in [0, rank).

    Example: `%1 = mlopt.cumulative %0 {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64} : (tensor<5xf32>) -> tensor<5xf32>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, Mlopt_CumulativeKindAttr:$kind, I64Attr:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$exclusive, DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs Mlopt_NumberTensor:$result);
}

def Mlopt_TopKOp : Mlopt_Op<"top_k"> {
  let summary = "the k largest or smallest elements along an axis, sorted";
  let description = [{
    Equal elements keep the order of their indices; NaN counts as larger than
    every number. Results: values, and indices as i64.

    Constraints: (C1) axis lies in [0, rank); (C2) 0 <= k <= the axis' size.

    Example: `%v, %i = mlopt.top_k %0 {axis = 1 : i64, static_k = 2 : i64} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)`
  }];
  let arguments = (ins Mlopt_NumberTensor:$input, Variadic<Index>:$dynamic_k, I64Attr:$axis, I64Attr:$static_k,
                       DefaultValuedAttr<BoolAttr, "true">:$largest);
  let results = (outs Mlopt_NumberTensor:$values, RankedTensorOf<[I64]>:$indices);
}

#endif // MLOPT_IR_REDUCTION_TD
