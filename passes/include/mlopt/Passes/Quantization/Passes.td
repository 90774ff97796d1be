//===- Passes.td - Passes of the quantize phase -------------*- tablegen -*-===//
#ifndef MLOPT_PASSES_QUANTIZATION_PASSES_TD
#define MLOPT_PASSES_QUANTIZATION_PASSES_TD

include "mlir/Pass/PassBase.td"

class Mlopt_QuantizationPass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::mlopt::MloptDialect", "::mlir::arith::ArithDialect"];
}

def MoveDequantizePass : Mlopt_QuantizationPass<"mlopt-move-dequantize"> {
  let summary = "run data movement on integers, cancel quantize behind dequantize";
  let description = [{
    Views, transposes, slices, gathers, pads, concatenations, maximum pools and
    nearest resizes of dequantized tensors run on the integers where one scale and zero point
    hold for all elements (a gather of rows also gathers their scales); a
    quantization behind a view or maximum pool goes in front of it. `quantize` of
    `dequantize` with equal parameters vanishes, also around a maximum with a constant. Every
    value stays the same.
  }];
}

def ResolveProductsPass : Mlopt_QuantizationPass<"mlopt-resolve-products"> {
  let summary = "products and convolutions of dequantized tensors become integer ones";
  let description = [{
    `matmul` and `conv` whose operands are dequantized from 8 bits (constant
    weights: at most 8) become `integer_matmul` and `integer_conv`, a cast to
    float and products with the scales. Scales and zero points are constants or values of the run; they
    may not change along what is summed. A bias that is dequantized from i32 with the product of the
    scales is added to the sums. A sum that may overflow i32 stays in floating point.
    A refusal is a remark of the category `quantize`.
  }];
}

def NormalizeProductsPass : Mlopt_QuantizationPass<"mlopt-normalize-products"> {
  let summary = "integer products of ui8 by i8 without zero points";
  let description = [{
    The left operand of an integer product, and the input of an integer
    convolution, become ui8, the other operand i8: a `quantize` that makes one
    is rebuilt, constants are computed, other values move by 128. Zero points become sums that are
    subtracted from the product: constants where weights and zero points are.
    Convolutions become raw. The result is the same modulo 2^32.
  }];
}

def ResolveWeightsPass : Mlopt_QuantizationPass<"mlopt-resolve-weights"> {
  let summary = "products of floating point by dequantized constants keep their weights as integers";
  let description = [{
    `matmul(x, dequantize(w))` with constant w becomes `dequantized_matmul` where
    the scale is one per tensor, per column, or per block of rows.
  }];
}

def SimplifyRequantizationPass : Mlopt_QuantizationPass<"mlopt-simplify-requantization"> {
  let summary = "one multiplier between an integer sum and the integers that follow";
  let description = [{
    Constants behind integer sums are joined: biases in i32, multipliers in
    floating point across sums, maxima and minima with constants, and the scales
    of `dequantize`. `quantize` by a constant scale of a value that was computed becomes a product by
    the inverse and a `quantize` with scale 1 (at most one step apart). A clamp
    at or beyond what `quantize` saturates to vanishes.
  }];
}

#endif // MLOPT_PASSES_QUANTIZATION_PASSES_TD
