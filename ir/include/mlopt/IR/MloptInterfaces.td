//===- MloptInterfaces.td - Interfaces of the mlopt dialect -*- tablegen -*-===//
#ifndef MLOPT_IR_INTERFACES_TD
#define MLOPT_IR_INTERFACES_TD

include "mlir/IR/OpBase.td"

def SymbolicShapeOpInterface : OpInterface<"SymbolicShapeOpInterface"> {
  let cppNamespace = "::mlopt";
  let description = [{
    An operation whose result sizes are expressions in its operands' sizes and
    in its `index` operands. One function per operation serves type inference
    and `ShapeAnalysis`, so the two cannot disagree.
  }];
  let methods = [
    InterfaceMethod<"The symbolic shape of each result, or failure after a diagnostic.",
      "::llvm::LogicalResult", "reifySymbolicShapes",
      (ins "::mlopt::ShapeSource &":$source,
           "::llvm::SmallVectorImpl<::mlopt::SymShape> &":$shapes)>
  ];
}

#endif // MLOPT_IR_INTERFACES_TD
