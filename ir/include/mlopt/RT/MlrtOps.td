//===- MlrtOps.td - Operations of host programs -------------*- tablegen -*-===//
#ifndef MLOPT_RT_OPS_TD
#define MLOPT_RT_OPS_TD

include "mlopt/RT/MlrtDialect.td"
include "mlopt/IR/MloptAttrs.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Mlrt_Op<string mnemonic, list<Trait> traits = []> : Op<Mlrt_Dialect, mnemonic, traits>;
class Mlrt_InProgram<string mnemonic, list<Trait> traits = []>
    : Mlrt_Op<mnemonic, !listconcat(traits, [HasParent<"ProgramOp">])>;

def Mlrt_ProgramOp : Mlrt_Op<"program", [IsolatedFromAbove, Symbol, SingleBlock, NoRegionArguments]> {
  let summary = "the host program of an entry point";
  let description = [{
    All threads of a run execute it (architecture.md section 10, ir.md section 5). `symbols`
    are `#mlrt.symbol`, `inputs` and `outputs` are `#mlrt.tensor`.

    Constraints: (C1) symbols, steps and `.threads` have distinct names, and a
    size uses only symbols and steps that stand before it; (C2) launches and
    copies are numbered 0, 1, 2, ... in order; (C3) `after` names earlier
    numbers; (C4) it ends with `mlrt.return`.

    Example:
    ```mlir
    mlrt.program @main attributes {symbols = [...], inputs = [...], outputs = [...]} {
      %0 = mlrt.input 0
      %1 = mlrt.output 0
      %2 = mlrt.arena offset(0) bytes(4096) live [0, 1]
      mlrt.launch 0 @gelu_0 ins(%0) outs(%2) sizes("n") after()
      mlrt.barrier
      mlrt.launch 1 @sum_0 ins(%2) outs(%1) sizes("n") after(all 0)
      mlrt.return arena_bytes(4096) lower_bound(4096)
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ArrayAttr:$symbols, ArrayAttr:$inputs,
                       ArrayAttr:$outputs, OptionalAttr<StrAttr>:$sym_visibility);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::SmallVector<SymbolAttr> getSymbolList();
    ::llvm::SmallVector<TensorAttr> getInputList();
    ::llvm::SmallVector<TensorAttr> getOutputList();
    ReturnOp getReturn();
  }];
}

def Mlrt_StepOp : Mlrt_InProgram<"step"> {
  let summary = "names a size for the expressions that follow";
  let description = "Example: `mlrt.step \"b0\" = \"ceildiv(n * 3, 16) * 64\"`";
  let arguments = (ins StrAttr:$name, Mlopt_SymExprAttr:$value);
  let assemblyFormat = "$name `=` custom<Size>($value) attr-dict";
}

def Mlrt_CheckOp : Mlrt_InProgram<"check"> {
  let summary = "a condition on sizes that a run needs";
  let description = [{
    The run is refused with `message` where `condition` is 0. Evaluated before
    memory is reserved.

    Example: `mlrt.check "select(a == b, 1, 0)", "node 'Add_3': sizes 'a' and 'b' must be equal"`
  }];
  let arguments = (ins Mlopt_SymExprAttr:$condition, StrAttr:$message);
  let assemblyFormat = "custom<Size>($condition) `,` $message attr-dict";
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

def Mlrt_InputOp : Mlrt_InProgram<"input", [Pure]> {
  let summary = "the caller's memory of an input";
  let description = [{
    Constraints: (C1) the program has that input.

    Example: `%0 = mlrt.input 0`
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs Mlrt_BufferType:$result);
  let assemblyFormat = "$index attr-dict";
  let hasVerifier = 1;
}

def Mlrt_OutputOp : Mlrt_InProgram<"output", [Pure]> {
  let summary = "the caller's memory of an output";
  let description = [{
    Constraints: (C1) the program has that output.

    Example: `%0 = mlrt.output 1`
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs Mlrt_BufferType:$result);
  let assemblyFormat = "$index attr-dict";
  let hasVerifier = 1;
}

def Mlrt_WeightOp : Mlrt_InProgram<"weight", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a parameter or a constant in its layout";
  let description = [{
    The weights writer stores the elements of `parameter` (or `constant`) in
    `layout` (row-major where absent); equal ones are stored once. `offset` is
    its place, set when all weights of the artefact are known.

    Constraints: (C1) one of `parameter` and `constant` is given; (C2) the
    parameter exists.

    Example: `%0 = mlrt.weight @conv1.weight bytes(37632)`
  }];
  let arguments = (ins OptionalAttr<FlatSymbolRefAttr>:$parameter, OptionalAttr<ElementsAttr>:$constant,
                       OptionalAttr<Mlopt_LayoutAttr>:$layout, I64Attr:$bytes, OptionalAttr<I64Attr>:$offset);
  let results = (outs Mlrt_BufferType:$result);
  let assemblyFormat = "($parameter^)? (`constant` `(` $constant^ `)`)? `bytes` `(` $bytes `)` attr-dict";
  let hasVerifier = 1;
}

def Mlrt_ArenaOp : Mlrt_InProgram<"arena", [Pure]> {
  let summary = "a part of the arena";
  let description = [{
    `bytes` is a multiple of 64, and so is `offset`. `live` are the numbers of
    the first and last launch that touch it. `scratch` marks scratch memory of
    one launch.

    Constraints: (C1) constant offsets and bytes are multiples of 64 and not negative.

    Example: `%0 = mlrt.arena offset(128) bytes("b0") live [0, 3] {tensor = "/layer1/Relu"}`
  }];
  let arguments = (ins Mlopt_SymExprAttr:$offset, Mlopt_SymExprAttr:$bytes, DenseI64ArrayAttr:$live,
                       OptionalAttr<StrAttr>:$tensor, UnitAttr:$scratch);
  let results = (outs Mlrt_BufferType:$result);
  let assemblyFormat = [{
    `offset` `(` custom<Size>($offset) `)` `bytes` `(` custom<Size>($bytes) `)` `live` $live attr-dict
  }];
  let hasVerifier = 1;
}

def Mlrt_PieceOp : Mlrt_InProgram<"piece", [Pure]> {
  let summary = "a buffer from some byte on";
  let description = [{
    For a tensor that is a contiguous piece of another one: an operand of a
    concatenation, or a slice.

    Constraints: (C1) a constant offset is not negative.

    Example: `%1 = mlrt.piece %0 offset("n * 64")`
  }];
  let arguments = (ins Mlrt_BufferType:$source, Mlopt_SymExprAttr:$offset);
  let results = (outs Mlrt_BufferType:$result);
  let assemblyFormat = "$source `offset` `(` custom<Size>($offset) `)` attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// What runs
//===----------------------------------------------------------------------===//

def Mlrt_LaunchOp : Mlrt_InProgram<"launch", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a launch of a kernel";
  let description = [{
    Operands go to the kernel's function in the order of the calling convention
    (KernelSignature.h). `number` counts launches and copies; `nodes` are the
    names of the model's nodes that it stands for. `after` lists the earlier
    numbers that it must follow: `own n`, the same thread's part of n; `all n`,
    all threads' of n. What follows from others is left out.

    Constraints: (C1) the kernel exists and has as many tensor operands,
    results, symbols and outer strides.

    Example: `mlrt.launch 2 @dense_0 ins(%0, %1) outs(%2) scratch(%3) sizes("n") after(own 0, all 1) {nodes = "MatMul_4"}`
  }];
  let arguments = (ins I64Attr:$number, FlatSymbolRefAttr:$kernel, Variadic<Mlrt_BufferType>:$ins,
                       Variadic<Mlrt_BufferType>:$outs, Optional<Mlrt_BufferType>:$scratch,
                       ArrayAttr:$sizes, ArrayAttr:$strides,
                       DenseI64ArrayAttr:$after_own, DenseI64ArrayAttr:$after_all,
                       OptionalAttr<StrAttr>:$nodes);
  let assemblyFormat = [{
    $number $kernel `ins` `(` $ins `)` `outs` `(` $outs `)` (`scratch` `(` $scratch^ `)`)?
    `sizes` `(` custom<Sizes>($sizes) `)` `strides` `(` custom<Sizes>($strides) `)`
    `after` `(` custom<After>($after_own, $after_all) `)` attr-dict
  }];
}

def Mlrt_CopyOp : Mlrt_InProgram<"copy"> {
  let summary = "a copy between buffers";
  let description = [{
    Counts as a launch; the threads share it.

    Example: `mlrt.copy 4 %0 to %1 bytes("n * 4") after(all 3)`
  }];
  let arguments = (ins I64Attr:$number, Mlrt_BufferType:$source, Mlrt_BufferType:$target,
                       Mlopt_SymExprAttr:$bytes, DenseI64ArrayAttr:$after_own,
                       DenseI64ArrayAttr:$after_all, OptionalAttr<StrAttr>:$nodes);
  let assemblyFormat = [{
    $number $source `to` $target `bytes` `(` custom<Size>($bytes) `)`
    `after` `(` custom<After>($after_own, $after_all) `)` attr-dict
  }];
}

def Mlrt_BarrierOp : Mlrt_InProgram<"barrier"> {
  let summary = "all threads meet";
  let description = "Example: `mlrt.barrier`";
  let assemblyFormat = "attr-dict";
}

def Mlrt_ReturnOp : Mlrt_InProgram<"return", [Terminator]> {
  let summary = "the end of the program, and what its arena takes";
  let description = [{
    `lower_bound` is the largest sum over launches of the bytes alive (aliases
    once, scratch for all threads included): no placement needs less.
    `threads` is the number of threads for which a run of these sizes has work
    (absent: no bound); results do not depend on it.

    Example: `mlrt.return arena_bytes("o9") lower_bound(4096)`
  }];
  let arguments = (ins Mlopt_SymExprAttr:$arena_bytes, Mlopt_SymExprAttr:$lower_bound,
                       OptionalAttr<Mlopt_SymExprAttr>:$threads);
  let assemblyFormat = [{
    `arena_bytes` `(` custom<Size>($arena_bytes) `)` `lower_bound` `(` custom<Size>($lower_bound) `)`
    (`threads` `(` custom<Size>($threads)^ `)`)? attr-dict
  }];
}

#endif // MLOPT_RT_OPS_TD
