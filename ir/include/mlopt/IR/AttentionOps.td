//===- AttentionOps.td - Attention --------------------------*- tablegen -*-===//
#ifndef MLOPT_IR_ATTENTION_TD
#define MLOPT_IR_ATTENTION_TD

include "mlopt/IR/MloptBase.td"

def Mlopt_AttentionOp : Mlopt_SameElementOp<"attention"> {
  let summary = "scaled dot-product attention";
  let description = [{
    softmax(scale * Q K^T + mask) V per batch and head. Logical shapes: Q
    [B, H, Sq, D], K [B, Hk, Sk, D], V [B, Hk, Sk, Dv], result [B, H, Sq, Dv];
    Hk divides H (grouped queries). `layouts` gives, for q, k, v and the result,
    "bhsd" (as above) or "bshd" (axes 1 and 2 swapped), so that the transposes
    around an attention disappear. The mask is none, or a float tensor added to
    the scores, or a bool tensor (false: -inf), and broadcasts to [B, H, Sq, Sk].
    With `causal` a query at i sees keys up to i + Sk - Sq. A row that sees no key gives NaN
    as softmax does; with `zero_masked_rows` probabilities that are NaN count as 0, so that
    such a row of the result is 0.

    Constraints: (C1) q, k, v have rank 4; (C2) sizes agree as above.

    Example: `%1 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x5x8xf32>, tensor<1x2x5x8xf32>, tensor<1x2x5x8xf32>, none) -> tensor<1x2x5x8xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$query, Mlopt_FloatTensor:$key, Mlopt_FloatTensor:$value,
                       Mlopt_OptionalTensor:$mask, F64Attr:$scale, StrArrayAttr:$layouts,
                       DefaultValuedAttr<BoolAttr, "false">:$causal,
                       DefaultValuedAttr<BoolAttr, "false">:$zero_masked_rows);
  let results = (outs Mlopt_FloatTensor:$result);
  let hasVerifier = 1;
  let extraClassDeclaration = shapeDeclaration # [{
    /// Whether operand 0..2 or result (3) has layout "bshd".
    bool isSequenceMajor(unsigned which) {
      return ::llvm::cast<::mlir::StringAttr>(getLayouts()[which]).getValue() == "bshd";
    }
  }];
}

#endif // MLOPT_IR_ATTENTION_TD
