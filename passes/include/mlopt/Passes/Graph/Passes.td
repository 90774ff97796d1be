//===- Passes.td - Passes of the graph phase ----------------*- tablegen -*-===//
#ifndef MLOPT_PASSES_GRAPH_PASSES_TD
#define MLOPT_PASSES_GRAPH_PASSES_TD

include "mlir/Pass/PassBase.td"

class Mlopt_GraphPass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::mlopt::MloptDialect", "::mlir::arith::ArithDialect"];
}

def FoldConstantsPass : Mlopt_GraphPass<"mlopt-fold-constants"> {
  let summary = "evaluate operations on constants and parameters";
  let description = [{
    An operation whose operands are constants or parameters is evaluated with
    the reference in mode typed. Results of at most 1 KiB become
    `mlopt.constant`, larger ones a new `mlopt.parameter`. What would make the
    program larger (a broadcast, an `iota`) or take long (a large product) is left to the kernels.
    Parameters that nothing uses any more are erased.
  }];
  let options = [
    Option<"maxGrowth", "max-growth", "int64_t", "1048576",
           "most bytes by which one result may be larger than its operands">,
    Option<"widen", "widen", "bool", "false",
           "fold dequantizations, and casts, differences and products of constants that keep the number of "
           "elements, however much wider they get: dequantized weights">,
    Option<"quantize", "quantize", "bool", "false", "fold quantizations">];
}

def SimplifyGraphPass : Mlopt_GraphPass<"mlopt-simplify-graph"> {
  let summary = "cancel and move views and transposes, drop operations without effect";
  let description = [{
    Rewrites that keep each value bit for bit: chains of reshapes, transposes
    and slices become one; transposes meet and cancel, or become reshapes where
    only axes of size 1 move; reshapes and transposes sink through elementwise
    operations and normalizations; broadcasts vanish where their consumer
    broadcasts anyway; a gather at a constant position is a slice; selects and
    logical operations with constant conditions go; a transposed matrix operand becomes a flag of `mlopt.matmul`.
  }];
}

def FoldBatchNormPass : Mlopt_GraphPass<"mlopt-fold-batch-norm"> {
  let summary = "fold batch normalizations and constant affine maps into convolutions and products";
  let description = [{
    A batch normalization, or a product or sum with one constant (one element,
    or one per channel), behind a convolution or a matrix product with constant
    weights is folded into weights and bias; a product in front of one too, and
    a sum in front of one where the convolution does not pad. New weights are
    computed in f64 and rounded once. Other batch normalizations become a product and a sum.
  }];
}

def NormalizeConvolutionsPass : Mlopt_GraphPass<"mlopt-normalize-convolutions"> {
  let summary = "transposed and grouped convolutions in the forms that have fast kernels";
  let description = [{
    A transposed convolution with a constant filter becomes a convolution of
    stride 1 with a result channel for each remainder of the output index, whose
    results are interleaved and cut (refused for a stride with a dilation). With
    a filter of the run it becomes a product and a fold. A grouped convolution takes groups together until their channels fill blocks
    of 16, with zeros in the filter between them (at most 32 groups together);
    an infinite or NaN input therefore makes NaN in neighbouring groups too.
    Depthwise convolutions stay.
  }];
}

def RaisePatternsPass : Mlopt_GraphPass<"mlopt-raise-patterns"> {
  let summary = "find layer_norm, rms_norm, gelu, softmax and attention in their decomposed forms";
  let description = [{
    Where a composition computes what one operation of the dialect does, that
    operation takes its place. An attention takes transposes between
    sequence-major and head-major tensors into its `layouts`. A refusal is an
    optimization remark (category `graph`) with its reason.
  }];
  let options = [
    Option<"attention", "attention", "bool", "true", "whether attention is raised">];
}

def RefineTypesPass : Mlopt_GraphPass<"mlopt-refine-types"> {
  let summary = "replace unknown sizes in types by sizes that are provably constant";
  let description = [{
    Types of values, and of the function's results, get the constant sizes that
    the analysis of symbolic shapes finds.
  }];
}

def DecomposeTrainingPass : Mlopt_GraphPass<"mlopt-decompose-training"> {
  let summary = "compose batch normalization with the batch's statistics of reductions";
  let description = [{
    `mlopt.batch_norm_training` becomes the mean, the mean of the squares around
    it, and elementwise operations, once derivatives are taken.
  }];
}

#endif // MLOPT_PASSES_GRAPH_PASSES_TD
