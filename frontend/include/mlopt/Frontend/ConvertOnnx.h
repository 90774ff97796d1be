//===- ConvertOnnx.h - The onnx source dialect -> mlopt ---------*- C++ -*-===//
//
// Step two of the ONNX frontend (architecture.md section 3). No ONNX or
// Protobuf header is needed to include this.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_CONVERTONNX_H
#define MLOPT_FRONTEND_CONVERTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include <functional>
#include <memory>

namespace mlopt {

struct ConvertOnnxOptions {
  /// Constants of more bytes become `mlopt.parameter` of the module.
  int64_t largeConstantBytes = 1024;
  /// Whether operations on small constants are evaluated.
  bool fold = true;
  /// Whether the model is to be trained: Dropout becomes `mlopt.dropout` and BatchNormalization
  /// `mlopt.batch_norm` with the attribute `mlopt.momentum`, whatever their training_mode says.
  bool training = false;
  /// Whether a model that was exported in training mode is to be converted as it is used afterwards:
  /// BatchNormalization uses its statistics and Dropout is the identity, whatever their
  /// training_mode says. Without it and without `training`, a warning counts the batch
  /// normalizations that use the statistics of the batch.
  bool inference = false;
};

/// Converts the functions of a module that `importOnnx` made (or hand-written
/// text of the same form) to mlopt operations, in place.
///
/// All nodes that cannot be converted are reported at once, each at its node
/// (MLO2001: unsupported operator, MLO2002: type, MLO2005: attribute or form;
/// MLO1201: the node breaks the operator's rules). On failure the module is
/// in no usable state.
mlir::LogicalResult convertOnnxToMlopt(mlir::ModuleOp module,
                                       const ConvertOnnxOptions &options = {});

/// Whether the table has an entry for the operator ("" or "ai.onnx" is the
/// standard domain) at a version of its domain's operator set.
bool isOnnxOperatorSupported(llvm::StringRef domain, llvm::StringRef opType, int64_t opset);

/// Number of distinct operators in the table.
unsigned getNumSupportedOnnxOperators();

/// Pass `convert-onnx-to-mlopt` on a module.
std::unique_ptr<mlir::Pass> createConvertOnnxToMloptPass(const ConvertOnnxOptions &options = {});
void registerConvertOnnxToMloptPass();

} // namespace mlopt

#endif // MLOPT_FRONTEND_CONVERTONNX_H
