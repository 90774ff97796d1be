//===- MloptDialect.td - The mlopt dialect ------------------*- tablegen -*-===//
#ifndef MLOPT_IR_DIALECT_TD
#define MLOPT_IR_DIALECT_TD

include "mlir/IR/DialectBase.td"

def Mlopt_Dialect : Dialect {
  let name = "mlopt";
  let cppNamespace = "::mlopt";
  let summary = "Machine-learning models as value-semantic operations on tensors";
  let description = [{
    The graph dialect of mlopt. Operations take and return builtin ranked
    tensors; `?` dimensions are sizes known at run time only, whose symbolic
    value `ShapeAnalysis` gives. Element types: f64, f32, f16, bf16, signless
    integers (signed), `uiN` (unsigned) and i1 (bool). An omitted operand is a
    value of type `none`, made by `mlopt.none`.

    Attributes on a `func.func`: arguments carry `mlopt.name` (the model's name
    of the input) and `mlopt.dims` (one integer or symbol name per dimension),
    results carry `mlopt.name`.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    /// Names of the discardable attributes of entry functions.
    static ::llvm::StringRef getNameAttrName() { return "mlopt.name"; }
    static ::llvm::StringRef getDimsAttrName() { return "mlopt.dims"; }
    void registerAttributes();
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif // MLOPT_IR_DIALECT_TD
