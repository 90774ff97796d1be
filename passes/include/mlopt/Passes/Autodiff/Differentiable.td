//===- Differentiable.td - Gradient rules -------------------*- tablegen -*-===//
#ifndef MLOPT_PASSES_DIFFERENTIABLE_TD
#define MLOPT_PASSES_DIFFERENTIABLE_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::mlopt";
  let description = [{
    An operation with a gradient rule. The rules stand in lib/Autodiff, one file
    per family of the dialect, and are attached to the operations by
    `registerGradientRules`. An operation without one cannot stand between a
    value and what it is differentiated by.
  }];
  let methods = [
    InterfaceMethod<[{
      Builds, in mlopt operations, what the operation contributes to the
      derivatives of its operands. Failure after `adjoint.refuse`.
    }], "::llvm::LogicalResult", "buildAdjoint", (ins "::mlopt::Adjoint &":$adjoint)>,
    InterfaceMethod<[{
      Whether every derivative is zero or undefined (comparisons, rounding,
      indices): nothing flows through the operation.
    }], "bool", "isConstantAlmostEverywhere", (ins), "", "return false;">
  ];
}

#endif // MLOPT_PASSES_DIFFERENTIABLE_TD
