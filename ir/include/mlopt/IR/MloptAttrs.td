//===- MloptAttrs.td - Attributes and enums of the mlopt dialect -*- tablegen -*-===//
#ifndef MLOPT_IR_ATTRS_TD
#define MLOPT_IR_ATTRS_TD

include "mlopt/IR/MloptDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Mlopt_Attr<string name, string mnem> : AttrDef<Mlopt_Dialect, name> {
  let mnemonic = mnem;
}

//===----------------------------------------------------------------------===//
// Symbolic sizes
//===----------------------------------------------------------------------===//

def Mlopt_SymExprAttr : Mlopt_Attr<"SymExpr", "sym"> {
  let summary = "a size as an expression in named symbols, in canonical form";
  let description = [{
    Uniqued by the context, so equality of canonical expressions is pointer
    equality. Built only through `mlopt::SymExpr` (SymExpr.h). Printed and
    parsed as text: `#mlopt.sym<"batch * 12 + 1">`.
  }];
  // kind: SymExpr::Kind. value: the constant, a product's coefficient or a
  // select's comparison. name: the symbol's.
  let parameters = (ins "uint32_t":$kind, "int64_t":$value, "::mlir::StringAttr":$name,
                        ArrayRefParameter<"::mlir::Attribute">:$operands);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Enums
//===----------------------------------------------------------------------===//

class Mlopt_EnumAttr<string name, string summary, list<I32EnumCase> cases>
    : I32Enum<name, summary, cases> {
  let cppNamespace = "::mlopt";
}

def Mlopt_ComparePredicate : Mlopt_EnumAttr<"ComparePredicate", "predicate of a comparison", [
  I32EnumCase<"eq", 0>, I32EnumCase<"ne", 1>, I32EnumCase<"lt", 2>,
  I32EnumCase<"le", 3>, I32EnumCase<"gt", 4>, I32EnumCase<"ge", 5>]>;
def Mlopt_ComparePredicateAttr : EnumAttr<Mlopt_Dialect, Mlopt_ComparePredicate, "predicate">;

def Mlopt_ReduceKind : Mlopt_EnumAttr<"ReduceKind", "kind of a reduction", [
  I32EnumCase<"sum", 0>, I32EnumCase<"mean", 1>, I32EnumCase<"prod", 2>,
  I32EnumCase<"max", 3>, I32EnumCase<"min", 4>]>;
def Mlopt_ReduceKindAttr : EnumAttr<Mlopt_Dialect, Mlopt_ReduceKind, "reduce_kind">;

def Mlopt_ArgReduceKind : Mlopt_EnumAttr<"ArgReduceKind", "kind of an index reduction", [
  I32EnumCase<"max", 0>, I32EnumCase<"min", 1>]>;
def Mlopt_ArgReduceKindAttr : EnumAttr<Mlopt_Dialect, Mlopt_ArgReduceKind, "arg_reduce_kind">;

def Mlopt_CumulativeKind : Mlopt_EnumAttr<"CumulativeKind", "kind of a running reduction", [
  I32EnumCase<"sum", 0>, I32EnumCase<"prod", 1>]>;
def Mlopt_CumulativeKindAttr : EnumAttr<Mlopt_Dialect, Mlopt_CumulativeKind, "cumulative_kind">;

def Mlopt_PoolKind : Mlopt_EnumAttr<"PoolKind", "kind of a pooling", [
  I32EnumCase<"max", 0>, I32EnumCase<"average", 1>, I32EnumCase<"lp", 2>]>;
def Mlopt_PoolKindAttr : EnumAttr<Mlopt_Dialect, Mlopt_PoolKind, "pool_kind">;

def Mlopt_PadMode : Mlopt_EnumAttr<"PadMode", "what stands in the padding", [
  I32EnumCase<"constant", 0>, I32EnumCase<"reflect", 1>, I32EnumCase<"edge", 2>,
  I32EnumCase<"wrap", 3>]>;
def Mlopt_PadModeAttr : EnumAttr<Mlopt_Dialect, Mlopt_PadMode, "pad_mode">;

def Mlopt_ScatterReduction : Mlopt_EnumAttr<"ScatterReduction", "how updates meet the old value", [
  I32EnumCase<"none", 0>, I32EnumCase<"add", 1>, I32EnumCase<"mul", 2>,
  I32EnumCase<"max", 3>, I32EnumCase<"min", 4>]>;
def Mlopt_ScatterReductionAttr : EnumAttr<Mlopt_Dialect, Mlopt_ScatterReduction, "scatter_reduction">;

def Mlopt_ResizeMode : Mlopt_EnumAttr<"ResizeMode", "interpolation of a resize", [
  I32EnumCase<"nearest", 0>, I32EnumCase<"linear", 1>, I32EnumCase<"cubic", 2>]>;
def Mlopt_ResizeModeAttr : EnumAttr<Mlopt_Dialect, Mlopt_ResizeMode, "resize_mode">;

def Mlopt_CoordinateMode : Mlopt_EnumAttr<"CoordinateMode", "how a resize maps output to input coordinates", [
  I32EnumCase<"half_pixel", 0>, I32EnumCase<"half_pixel_symmetric", 1>,
  I32EnumCase<"pytorch_half_pixel", 2>, I32EnumCase<"align_corners", 3>,
  I32EnumCase<"asymmetric", 4>, I32EnumCase<"tf_crop_and_resize", 5>]>;
def Mlopt_CoordinateModeAttr : EnumAttr<Mlopt_Dialect, Mlopt_CoordinateMode, "coordinate_mode">;

def Mlopt_NearestMode : Mlopt_EnumAttr<"NearestMode", "rounding of a nearest resize", [
  I32EnumCase<"round_prefer_floor", 0>, I32EnumCase<"round_prefer_ceil", 1>,
  I32EnumCase<"floor", 2>, I32EnumCase<"ceil", 3>]>;
def Mlopt_NearestModeAttr : EnumAttr<Mlopt_Dialect, Mlopt_NearestMode, "nearest_mode">;

def Mlopt_RecurrentDirection : Mlopt_EnumAttr<"RecurrentDirection", "direction of a recurrent layer", [
  I32EnumCase<"forward", 0>, I32EnumCase<"reverse", 1>, I32EnumCase<"bidirectional", 2>]>;
def Mlopt_RecurrentDirectionAttr : EnumAttr<Mlopt_Dialect, Mlopt_RecurrentDirection, "direction">;

/// What decides how a kernel is generated (ir.md section 2).
def Mlopt_Hero : Mlopt_EnumAttr<"Hero", "the operation that decides how a kernel is generated", [
  I32EnumCase<"elementwise", 0>, I32EnumCase<"contraction", 1>, I32EnumCase<"convolution", 2>,
  I32EnumCase<"pool", 3>, I32EnumCase<"reduction", 4>, I32EnumCase<"normalization", 5>,
  I32EnumCase<"softmax", 6>, I32EnumCase<"attention", 7>, I32EnumCase<"transpose", 8>,
  I32EnumCase<"copy", 9>, I32EnumCase<"gather", 10>, I32EnumCase<"scatter", 11>,
  I32EnumCase<"scan", 12>, I32EnumCase<"sort", 13>, I32EnumCase<"recurrent", 14>,
  I32EnumCase<"resize", 15>]>;
def Mlopt_HeroAttr : EnumAttr<Mlopt_Dialect, Mlopt_Hero, "hero"> {
  let assemblyFormat = "`<` $value `>`";
}

//===----------------------------------------------------------------------===//
// Layouts and schedules (ir.md sections 2 and 3)
//===----------------------------------------------------------------------===//

def Mlopt_LayoutAttr : Mlopt_Attr<"Layout", "layout"> {
  let summary = "how the elements of a tensor lie in memory";
  let description = [{
    A list of physical dimensions, outermost first, as triples (logical
    dimension d, divisor v, modulus m): the physical index is
    (index[d] / v) mod m, without the mod where m = 0. The physical size is m,
    or ceil(size[d] / v) where m = 0. Elements of the padding are zero. No
    attribute means row-major. Layouts are made by name in Layout.h only.
    With `per_byte` = 2, for weights of 4 bits only, neighbours in memory share a
    byte, the first in its low half; the innermost physical size is even.

    Example: NCHW with 16 channels innermost:
    `#mlopt.layout<"nchw16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>`
  }];
  let parameters = (ins StringRefParameter<>:$name, ArrayRefParameter<"int64_t">:$triples,
                        DefaultValuedParameter<"int64_t", "1">:$perByte);
  let builders = [
    AttrBuilder<(ins "::llvm::StringRef":$name, "::llvm::ArrayRef<int64_t>":$triples), [{
      return $_get($_ctxt, name, triples, int64_t(1));
    }]>
  ];
  let assemblyFormat = "`<` $name `,` `[` $triples `]` (`,` `per_byte` `=` $perByte^)? `>`";
}

/// A list of integers in brackets, so that a field may follow it.
def Mlopt_IntList : OptionalArrayRefParameter<"int64_t"> {
  let parser = "parseIntList($_parser)";
  let printer = "printIntList($_printer, $_self)";
}

def Mlopt_ScheduleAttr : Mlopt_Attr<"Schedule", "schedule"> {
  let summary = "what an emitter decided for a kernel";
  let description = [{
    `emitter` names the emitter. `params` holds its own choices (tile sizes).
    The planner reads: `phases` (functions with a barrier between them),
    `scratch_shared` and `scratch_per_thread` (bytes as expressions in the
    kernel's local symbols), `may_overwrite` (operands whose memory the first
    result may take, if layouts and bytes are equal), `tied` (operand, result
    pairs flattened: must be the same memory), `outer_stride` (operands, then
    results as num_operands + i, that take an outer stride argument: the
    operand is n dense runs of r bytes at a stride of s bytes, and r covers the
    dimensions from `outer_stride_axis[i]` on), `units` and `part`: the kernel's work is divided into
    `units` equal pieces, thread t of T owns pieces floor(t*U/T) up to
    floor((t+1)*U/T), and the operands and results listed in `part` are touched
    only in the thread's own contiguous share (bytes / units each).

    With `repeat`, an expression in the same symbols, the phases from number
    `repeatFrom` (at least 1) on run in order that many times, a barrier before
    each: the steps of a recurrence. All functions of such a kernel take the
    number of the step as a last argument (0 before the first).
  }];
  let parameters = (ins StringRefParameter<>:$emitter, "int64_t":$phases,
      "::mlopt::SymExprAttr":$scratchShared, "::mlopt::SymExprAttr":$scratchPerThread,
      Mlopt_IntList:$mayOverwrite, Mlopt_IntList:$tied,
      Mlopt_IntList:$outerStride, Mlopt_IntList:$outerStrideAxis,
      "::mlopt::SymExprAttr":$units, Mlopt_IntList:$part,
      "::mlir::DictionaryAttr":$params,
      OptionalParameter<"::mlopt::SymExprAttr">:$repeat,
      DefaultValuedParameter<"int64_t", "0">:$repeatFrom);
  let builders = [
    /// Without repeated phases.
    AttrBuilder<(ins "::llvm::StringRef":$emitter, "int64_t":$phases,
        "::mlopt::SymExprAttr":$scratchShared, "::mlopt::SymExprAttr":$scratchPerThread,
        "::llvm::ArrayRef<int64_t>":$mayOverwrite, "::llvm::ArrayRef<int64_t>":$tied,
        "::llvm::ArrayRef<int64_t>":$outerStride, "::llvm::ArrayRef<int64_t>":$outerStrideAxis,
        "::mlopt::SymExprAttr":$units, "::llvm::ArrayRef<int64_t>":$part,
        "::mlir::DictionaryAttr":$params), [{
      return $_get($_ctxt, emitter, phases, scratchShared, scratchPerThread, mayOverwrite, tied,
                   outerStride, outerStrideAxis, units, part, params, ::mlopt::SymExprAttr(),
                   int64_t(0));
    }]>
  ];
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // MLOPT_IR_ATTRS_TD
