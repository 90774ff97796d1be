//===- Passes.td - Differentiation --------------------------*- tablegen -*-===//
#ifndef MLOPT_PASSES_AUTODIFF_PASSES_TD
#define MLOPT_PASSES_AUTODIFF_PASSES_TD

include "mlir/Pass/PassBase.td"

def DifferentiatePass : Pass<"mlopt-differentiate", "::mlir::ModuleOp"> {
  let summary = "replace `mlopt.gradient` by the operations that compute it";
  let description = [{
    Reverse mode on the values of one function. Each operation between what is
    differentiated and the variables gives its part by its own rule (interface
    `DifferentiableOpInterface`); what several users of a value give is added in
    reverse program order. Derivatives are ordinary operations of the dialect, so a gradient may be
    differentiated again. All operations without a rule are reported at
    once, each with node, operation and reason, and nothing is changed.
  }];
  let dependentDialects = ["::mlopt::MloptDialect", "::mlir::arith::ArithDialect"];
  let options = [
    Option<"spoil", "spoil", "std::string", [{""}],
           "for tests: an operation whose rule gives derivatives that are 1 % too large">];
}

#endif // MLOPT_PASSES_AUTODIFF_PASSES_TD
