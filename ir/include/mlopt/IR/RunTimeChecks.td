//===- RunTimeChecks.td - Sizes an operation relies on ------*- tablegen -*-===//
#ifndef MLOPT_IR_RUNTIMECHECKS_TD
#define MLOPT_IR_RUNTIMECHECKS_TD

include "mlir/IR/OpBase.td"

def RunTimeCheckOpInterface : OpInterface<"RunTimeCheckOpInterface"> {
  let cppNamespace = "::mlopt";
  let description = [{
    An operation that is defined only for some combinations of sizes. What type
    inference could not decide (sizes known only at run time) it states here as
    conditions on size expressions; the host program checks those that nothing
    proves before a run. Operations without it are defined for all sizes.
  }];
  let methods = [
    InterfaceMethod<"Adds the conditions under which the operation is defined.",
      "void", "getSizeConditions", (ins "::mlopt::SizeConditions &":$conditions)>
  ];
}

#endif // MLOPT_IR_RUNTIMECHECKS_TD
