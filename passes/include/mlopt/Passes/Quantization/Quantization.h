//===- Quantization.h - The `quantize` phase --------------------*- C++ -*-===//
//
// What holds after the phase: products of dequantized tensors are products of
// ui8 by i8 without zero points, followed by integer sums, one multiplier and
// `quantize`; weights that meet floating point are `dequantized_matmul`; what is
// left of stored integers is floating point. Each pass stands in Passes.td.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_QUANTIZATION_QUANTIZATION_H
#define MLOPT_PASSES_QUANTIZATION_QUANTIZATION_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlopt/IR/Mlopt.h"
#include <memory>

namespace mlopt {

/// Adds the passes of the phase, in order, to a pass manager of modules.
void buildQuantizePipeline(mlir::OpPassManager &pm);

// createMoveDequantizePass, ..., and registerMloptQuantizationPasses().
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "mlopt/Passes/Quantization/Passes.h.inc"

/// Registers the pipeline as `mlopt-quantize-pipeline`.
void registerQuantizePipeline();

} // namespace mlopt

#endif // MLOPT_PASSES_QUANTIZATION_QUANTIZATION_H
