//===- ContractionOps.td - Matrix products ------------------*- tablegen -*-===//
#ifndef MLOPT_IR_CONTRACTION_TD
#define MLOPT_IR_CONTRACTION_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_MatmulOp : Mlopt_SameElementOp<"matmul"> {
  let summary = "matrix product with broadcast batch dimensions";
  let description = [{
    The last two axes are a matrix (swapped first where `transpose_a`,
    `transpose_b`), all others are batch and broadcast as NumPy does. Integers
    wrap. f16 and bf16 accumulate in f32.

    Constraints: (C1) both ranks are at least 2; (C2) element types agree;
    (C3) the contracted sizes agree.

    Example: `%2 = mlopt.matmul %0, %1 {transpose_b = true} : (tensor<2x3x4xf32>, tensor<5x4xf32>) -> tensor<2x3x5xf32>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$lhs, Mlopt_NumberTensor:$rhs,
                       DefaultValuedAttr<BoolAttr, "false">:$transpose_a,
                       DefaultValuedAttr<BoolAttr, "false">:$transpose_b);
  let results = (outs Mlopt_NumberTensor:$result);
  let hasVerifier = 1;
}

#endif // MLOPT_IR_CONTRACTION_TD
