//===- RecurrentOps.td - Recurrent layers -------------------*- tablegen -*-===//
#ifndef MLOPT_IR_RECURRENT_TD
#define MLOPT_IR_RECURRENT_TD

include "mlopt/IR/MloptBase.td"

// Layout as ONNX layout = 0: X [S, B, I], W [dirs, G*H, I], R [dirs, G*H, H],
// bias [dirs, 2*G*H] or none, sequence_lengths [B] (i32) or none,
// initial_h / initial_c [dirs, B, H] or none. Results: Y [S, dirs, B, H],
// Y_h [dirs, B, H] (and Y_c). `activations`: names per direction as ONNX.

class Mlopt_RecurrentOp<string mnemonic> : Mlopt_Op<mnemonic> {
  let description = "ONNX semantics with layout 0; see RecurrentOps.td for shapes.\n\n" #
      "Constraints: (C1) ranks and sizes agree as above.\n\nExample: in the operation's test file.";
}

def Mlopt_LstmOp : Mlopt_RecurrentOp<"lstm"> {
  let summary = "long short-term memory layer (gates i, o, f, c; peepholes or none)";
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$weights, Mlopt_FloatTensor:$recurrence,
                       Mlopt_OptionalFloatTensor:$bias, Mlopt_OptionalTensor:$sequence_lengths,
                       Mlopt_OptionalFloatTensor:$initial_h, Mlopt_OptionalFloatTensor:$initial_c,
                       Mlopt_OptionalFloatTensor:$peepholes, Mlopt_RecurrentDirectionAttr:$direction,
                       I64Attr:$hidden_size, StrArrayAttr:$activations,
                       DenseF64ArrayAttr:$activation_alpha, DenseF64ArrayAttr:$activation_beta,
                       DefaultValuedAttr<F64Attr, "0.0">:$clip,
                       DefaultValuedAttr<BoolAttr, "false">:$input_forget);
  let results = (outs Mlopt_FloatTensor:$output, Mlopt_FloatTensor:$last_h, Mlopt_FloatTensor:$last_c);
}

def Mlopt_GruOp : Mlopt_RecurrentOp<"gru"> {
  let summary = "gated recurrent unit layer (gates z, r, h)";
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$weights, Mlopt_FloatTensor:$recurrence,
                       Mlopt_OptionalFloatTensor:$bias, Mlopt_OptionalTensor:$sequence_lengths,
                       Mlopt_OptionalFloatTensor:$initial_h, Mlopt_RecurrentDirectionAttr:$direction,
                       I64Attr:$hidden_size, StrArrayAttr:$activations,
                       DenseF64ArrayAttr:$activation_alpha, DenseF64ArrayAttr:$activation_beta,
                       DefaultValuedAttr<F64Attr, "0.0">:$clip,
                       DefaultValuedAttr<BoolAttr, "false">:$linear_before_reset);
  let results = (outs Mlopt_FloatTensor:$output, Mlopt_FloatTensor:$last_h);
}

def Mlopt_RnnOp : Mlopt_RecurrentOp<"rnn"> {
  let summary = "simple recurrent layer";
  let arguments = (ins Mlopt_FloatTensor:$input, Mlopt_FloatTensor:$weights, Mlopt_FloatTensor:$recurrence,
                       Mlopt_OptionalFloatTensor:$bias, Mlopt_OptionalTensor:$sequence_lengths,
                       Mlopt_OptionalFloatTensor:$initial_h, Mlopt_RecurrentDirectionAttr:$direction,
                       I64Attr:$hidden_size, StrArrayAttr:$activations,
                       DenseF64ArrayAttr:$activation_alpha, DenseF64ArrayAttr:$activation_beta,
                       DefaultValuedAttr<F64Attr, "0.0">:$clip);
  let results = (outs Mlopt_FloatTensor:$output, Mlopt_FloatTensor:$last_h);
}

#endif // MLOPT_IR_RECURRENT_TD
