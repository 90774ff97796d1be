//===- MlrtDialect.td - The mlrt dialect, its types and attributes -*- tablegen -*-===//
#ifndef MLOPT_RT_DIALECT_TD
#define MLOPT_RT_DIALECT_TD

include "mlir/IR/DialectBase.td"
include "mlir/IR/AttrTypeBase.td"

def Mlrt_Dialect : Dialect {
  let name = "mlrt";
  let cppNamespace = "::mlopt::rt";
  let summary = "Host programs after memory planning";
  let description = [{
    What runs around the kernels: buffers with their places, launches in order,
    copies, barriers and checks. A `mlrt.program` replaces the function that was
    planned. Sizes are not values but expressions (`mlopt::SymExpr`) in the
    program's symbols, in `.threads` (the number of threads of the run) and in
    the names of earlier `mlrt.step` operations: a straight-line program that
    every thread evaluates for itself. They print as an integer or as text in
    quotes: `bytes(256)`, `bytes("batch * 12")`.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::mlopt::MloptDialect"];
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerTypes();
    /// The symbol that stands for the number of threads of a run.
    static ::llvm::StringRef getThreadsSymbol() { return ".threads"; }
  }];
}

def Mlrt_BufferType : TypeDef<Mlrt_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "address of the first byte of a buffer";
  let description = "Example: `!mlrt.buffer`";
}

def Mlrt_SymbolAttr : AttrDef<Mlrt_Dialect, "Symbol"> {
  let mnemonic = "symbol";
  let summary = "a size that is known when a run begins, and where it is read";
  let description = [{
    `element` false: the size of axis `position` of input `input`; true: element
    `position` (flat) of that input, an integer tensor. The runtime checks the
    bounds (both inclusive). The plan was made for `usual`.

    Example: `#mlrt.symbol<name = "batch", element = false, input = 0, position = 0, minimum = 0, maximum = 64, usual = 8>`
  }];
  let parameters = (ins StringRefParameter<>:$name, "bool":$element, "int64_t":$input,
                        "int64_t":$position, "int64_t":$minimum, "int64_t":$maximum, "int64_t":$usual);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Mlrt_TensorAttr : AttrDef<Mlrt_Dialect, "Tensor"> {
  let mnemonic = "tensor";
  let summary = "an input or output of a program";
  let description = [{
    `dims` has one integer or `#mlopt.sym` per axis, in the program's symbols;
    those of an input are constants or plain symbols. `donated` is the input
    whose storage an output shares, or -1.

    Example: `#mlrt.tensor<name = "x", type = tensor<?x3xf32>, dims = [#mlopt.sym<"batch">, 3], donated = -1>`
  }];
  let parameters = (ins StringRefParameter<>:$name, "::mlir::RankedTensorType":$type,
                        "::mlir::ArrayAttr":$dims, "int64_t":$donated);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// `dims` as expressions.
    ::mlopt::SymShape getShape() const;
  }];
}

#endif // MLOPT_RT_DIALECT_TD
