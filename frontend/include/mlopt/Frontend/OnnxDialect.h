//===- OnnxDialect.h - The source dialect of imported ONNX ------*- C++ -*-===//
//
// Has no operator list: every "onnx.X" is allowed, printed and parsed in generic form. An operator
// of another domain D is "onnx.D.X" ("onnx.com.microsoft.BiasGelu"). What an operator means is
// known only to the conversion.
//
// Four operations are not from the standard:
//   "onnx.Constant"() {value = ...}    an initialiser (or an ONNX Constant; large values are
//                                      dense_resource)
//   "onnx.NoValue"() : () -> none      an omitted optional operand
//   "onnx.UnsupportedValue"()          an initialiser of an element type that mlopt lacks
//   "onnx.Yield"(%a, ...)              ends a subgraph's block
// A node with subgraphs has the attribute `onnx.regions`, the names of its graph attributes in
// region order. Where mlopt lacks the type of a result or the kind of an attribute, the attribute
// `onnx.unsupported` holds the diagnostics ("MLO2002: the result 'y' has ...") that the conversion
// reports. `onnx.parameter` on an onnx.Constant is the name of the initializer that it is, where
// the model is to be trained. A Split of equal parts only (before version 18) has
// `mlopt.equal_parts`.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_ONNXDIALECT_H
#define MLOPT_FRONTEND_ONNXDIALECT_H

#include "mlir/IR/Dialect.h"

namespace mlopt {

class OnnxDialect : public mlir::Dialect {
public:
  explicit OnnxDialect(mlir::MLIRContext *context);
  static constexpr llvm::StringLiteral getDialectNamespace() { return llvm::StringLiteral("onnx"); }

  static constexpr llvm::StringLiteral getUnsupportedAttrName() {
    return llvm::StringLiteral("onnx.unsupported");
  }

  /// ONNX's Gradient: the importer appends the values that its attributes xs, zs and y name to its
  /// operands, which are the values of xs and zs.
  static constexpr llvm::StringLiteral getGradientOpName() {
    return llvm::StringLiteral("onnx.ai.onnx.preview.training.Gradient");
  }

  static constexpr llvm::StringLiteral getParameterAttrName() {
    return llvm::StringLiteral("onnx.parameter");
  }

  /// Checks the discardable attributes that the importer sets on modules (`onnx.opset` is a
  /// dictionary of integers, `onnx.unsupported` a list of strings, `onnx.parameter` a string).
  mlir::LogicalResult verifyOperationAttribute(mlir::Operation *op,
                                               mlir::NamedAttribute attribute) override;
};

} // namespace mlopt

MLIR_DECLARE_EXPLICIT_TYPE_ID(mlopt::OnnxDialect)

#endif // MLOPT_FRONTEND_ONNXDIALECT_H
