//===- OnnxDialect.h - The source dialect of imported ONNX ------*- C++ -*-===//
//
// Has no operator list: every "onnx.X" is allowed, printed and parsed in generic form. An operator
// of another domain D is "onnx.D.X" ("onnx.com.microsoft.BiasGelu"). What an operator means is
// known only to the conversion.
//
// Four operations are not from the standard:
//   "onnx.Constant"() {value = ...}   an initialiser (or an ONNX Constant; large values are
//   dense_resource) "onnx.NoValue"() : () -> none     an omitted optional operand "onnx.Yield"(%a,
//   ...)             ends a subgraph's block
// and a node with subgraphs has the attribute `onnx.regions`, the names of its graph attributes in
// region order.
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

  /// Checks the discardable attributes that the importer sets on modules (`onnx.opset` is a
  /// dictionary of integers).
  mlir::LogicalResult verifyOperationAttribute(mlir::Operation *op,
                                               mlir::NamedAttribute attribute) override;
};

} // namespace mlopt

MLIR_DECLARE_EXPLICIT_TYPE_ID(mlopt::OnnxDialect)

#endif // MLOPT_FRONTEND_ONNXDIALECT_H
