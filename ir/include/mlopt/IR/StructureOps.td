//===- StructureOps.td - Constants, parameters, kernels -----*- tablegen -*-===//
#ifndef MLOPT_IR_STRUCTURE_TD
#define MLOPT_IR_STRUCTURE_TD

include "mlopt/IR/MloptBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/IR/OpAsmInterface.td"

def Mlopt_NoneOp : Mlopt_BaseOp<"none", [Pure, ConstantLike]> {
  let summary = "an omitted operand";
  let description = "Example: `%0 = mlopt.none : none`";
  let results = (outs NoneType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let builders = [OpBuilder<(ins), [{ $_state.addTypes($_builder.getNoneType()); }]>];
  let hasFolder = 1;
}

def Mlopt_ConstantOp : Mlopt_BaseOp<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "a small constant tensor";
  let description = [{
    Large constants are parameters (`mlopt.get_parameter`), never constants.

    Example: `%0 = mlopt.constant dense<1.0> : tensor<4xf32>`
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Mlopt_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Mlopt_ParameterOp : Mlopt_BaseOp<"parameter", [Symbol]> {
  let summary = "a named weight of the model";
  let description = [{
    A symbol of the module. Its value is an elements attribute, usually a
    `dense_resource` over the mapped model file. Preparations (batch-norm
    folding, packing) are steps that the weights writer runs once, in
    `preparation`: an array of strings for the reader of the IR and the key of
    the prepared blob.

    Example: `mlopt.parameter @conv1.weight = dense_resource<w0> : tensor<64x3x7x7xf32>`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value,
                       OptionalAttr<StrAttr>:$sym_visibility);
  let assemblyFormat = "$sym_name `=` $value attr-dict";
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() { return ::llvm::cast<::mlir::RankedTensorType>(getValue().getType()); }
  }];
}

def Mlopt_GetParameterOp : Mlopt_BaseOp<"get_parameter", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "value of a parameter";
  let description = [{
    Constraints: (C1) the parameter exists and has the result's type.

    Example: `%w = mlopt.get_parameter @conv1.weight : tensor<64x3x7x7xf32>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Mlopt_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

//===----------------------------------------------------------------------===//
// Kernels and launches (ir.md section 2)
//===----------------------------------------------------------------------===//

def Mlopt_KernelOp : Mlopt_BaseOp<"kernel", [IsolatedFromAbove, FunctionOpInterface, Symbol]> {
  let summary = "a kernel: one hero with its producers and consumers";
  let description = [{
    A symbol, isolated from above, whose body is in the graph dialect and ends
    with `mlopt.yield`. `hero` says which emitters may take it, `dims` names the
    sizes of operands then results (integers or local symbols, expressions as
    `#mlopt.sym`), `layouts` gives each operand's and result's layout
    (`#mlopt.layout` or unit for row-major; absent: all row-major), and
    `schedule` is set by the emitter that takes the kernel. One operation of the body carries the unit attribute
    `mlopt.hero_op`.

    Example:
    ```mlir
    mlopt.kernel @gelu_0(%x: tensor<?x768xf32>) -> tensor<?x768xf32>
        attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 768], ["n", 768]]} {
      %0 = mlopt.gelu %x : (tensor<?x768xf32>) -> tensor<?x768xf32>
      mlopt.yield %0 : tensor<?x768xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       Mlopt_HeroAttr:$hero, OptionalAttr<ArrayAttr>:$dims,
                       OptionalAttr<ArrayAttr>:$layouts, OptionalAttr<Mlopt_ScheduleAttr>:$schedule,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs,
                       OptionalAttr<StrAttr>:$sym_visibility);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::FunctionType":$type, "::mlopt::Hero":$hero)>];
  let extraClassDeclaration = [{
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    /// The operation marked `mlopt.hero_op`, or null.
    ::mlir::Operation *getHeroOp();
  }];
}

def Mlopt_YieldOp : Mlopt_BaseOp<"yield", [Pure, Terminator, ParentOneOf<["KernelOp"]>]> {
  let summary = "results of a kernel";
  let description = "Example: `mlopt.yield %0 : tensor<4xf32>`";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Mlopt_LaunchOp : Mlopt_BaseOp<"launch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a launch of a kernel";
  let description = [{
    Constraints: (C1) the kernel exists and takes and gives compatible types.

    Example: `%1 = mlopt.launch @gelu_0(%0) : (tensor<?x768xf32>) -> tensor<?x768xf32>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let assemblyFormat = "$kernel `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)";
}

def Mlopt_RelayoutOp : Mlopt_SameElementOp<"relayout"> {
  let summary = "the same tensor in another memory layout";
  let description = [{
    The identity for the reference; the value's layout becomes `layout`
    (row-major where absent). On a parameter it is packing, done once by the
    weights writer.

    Example: `%1 = mlopt.relayout %0 {layout = #mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, OptionalAttr<Mlopt_LayoutAttr>:$layout);
  let results = (outs Mlopt_Tensor:$result);
}

#endif // MLOPT_IR_STRUCTURE_TD
