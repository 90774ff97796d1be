//===- ElementwiseOps.td - Operations on each element -------*- tablegen -*-===//
#ifndef MLOPT_IR_ELEMENTWISE_TD
#define MLOPT_IR_ELEMENTWISE_TD

include "mlopt/IR/ElementwiseBase.td"

class Mlopt_UnaryOp<string mnemonic, string what, Type type, list<Trait> traits = []>
    : Mlopt_ElementwiseOp<mnemonic, traits> {
  let summary = what;
  let description = "Result element = " # what # [{ of the operand's element.

    Constraints: (C1) the result has the operand's shape and element type.

    Example: `%1 = mlopt.}] # mnemonic # [{ %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins type:$input);
  let results = (outs type:$result);
  let extraClassDefinition = broadcastDefinition # firstElementDefinition;
}

class Mlopt_BinaryOp<string mnemonic, string what, Type type, list<Trait> traits = []>
    : Mlopt_ElementwiseOp<mnemonic, traits> {
  let summary = what;
  let description = "Result element = " # what # [{ of the operands' elements, shapes broadcast as NumPy does.

    Constraints: (C1) both operands have the same element type; (C2) sizes are
    equal or 1.

    Example: `%2 = mlopt.}] # mnemonic # [{ %0, %1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
  let hasVerifier = 1;
  let extraClassDefinition = broadcastDefinition # firstElementDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { // (C1)
      return ::mlopt::detail::verifySameElementType(*this, (*this)->getOperands());
    }
  }];
}

// Any number.
def Mlopt_AbsOp : Mlopt_UnaryOp<"abs", "absolute value", Mlopt_NumberTensor>;
def Mlopt_NegOp : Mlopt_UnaryOp<"neg", "negation", Mlopt_NumberTensor>;
def Mlopt_SignOp : Mlopt_UnaryOp<"sign", "sign (-1, 0 or 1)", Mlopt_NumberTensor>;
// Floating point.
def Mlopt_CeilOp : Mlopt_UnaryOp<"ceil", "smallest integer not below", Mlopt_FloatTensor>;
def Mlopt_FloorOp : Mlopt_UnaryOp<"floor", "largest integer not above", Mlopt_FloatTensor>;
def Mlopt_RoundOp : Mlopt_UnaryOp<"round", "nearest integer, halves to even", Mlopt_FloatTensor>;
def Mlopt_TruncOp : Mlopt_UnaryOp<"trunc", "integer part", Mlopt_FloatTensor>;
def Mlopt_SqrtOp : Mlopt_UnaryOp<"sqrt", "square root", Mlopt_FloatTensor>;
def Mlopt_ExpOp : Mlopt_UnaryOp<"exp", "exponential", Mlopt_FloatTensor>;
def Mlopt_LogOp : Mlopt_UnaryOp<"log", "natural logarithm", Mlopt_FloatTensor>;
def Mlopt_SinOp : Mlopt_UnaryOp<"sin", "sine", Mlopt_FloatTensor>;
def Mlopt_CosOp : Mlopt_UnaryOp<"cos", "cosine", Mlopt_FloatTensor>;
def Mlopt_TanOp : Mlopt_UnaryOp<"tan", "tangent", Mlopt_FloatTensor>;
def Mlopt_AsinOp : Mlopt_UnaryOp<"asin", "arc sine", Mlopt_FloatTensor>;
def Mlopt_AcosOp : Mlopt_UnaryOp<"acos", "arc cosine", Mlopt_FloatTensor>;
def Mlopt_AtanOp : Mlopt_UnaryOp<"atan", "arc tangent", Mlopt_FloatTensor>;
def Mlopt_SinhOp : Mlopt_UnaryOp<"sinh", "hyperbolic sine", Mlopt_FloatTensor>;
def Mlopt_CoshOp : Mlopt_UnaryOp<"cosh", "hyperbolic cosine", Mlopt_FloatTensor>;
def Mlopt_TanhOp : Mlopt_UnaryOp<"tanh", "hyperbolic tangent", Mlopt_FloatTensor>;
def Mlopt_AsinhOp : Mlopt_UnaryOp<"asinh", "inverse hyperbolic sine", Mlopt_FloatTensor>;
def Mlopt_AcoshOp : Mlopt_UnaryOp<"acosh", "inverse hyperbolic cosine", Mlopt_FloatTensor>;
def Mlopt_AtanhOp : Mlopt_UnaryOp<"atanh", "inverse hyperbolic tangent", Mlopt_FloatTensor>;
def Mlopt_ErfOp : Mlopt_UnaryOp<"erf", "error function", Mlopt_FloatTensor>;
def Mlopt_SigmoidOp : Mlopt_UnaryOp<"sigmoid", "1 / (1 + exp(-x))", Mlopt_FloatTensor>;
def Mlopt_SoftplusOp : Mlopt_UnaryOp<"softplus", "log(1 + exp(x)) without overflow", Mlopt_FloatTensor>;
// Bool or integer.
def Mlopt_NotOp : Mlopt_UnaryOp<"not", "negation of each bit", Mlopt_IntOrBoolTensor>;

def Mlopt_GeluOp : Mlopt_ElementwiseOp<"gelu"> {
  let summary = "Gaussian error linear unit";
  let description = [{
    x/2 * (1 + erf(x / sqrt 2)), or with `tanh_approximation`
    x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))).

    Example: `%1 = mlopt.gelu %0 {tanh_approximation = true} : (tensor<4xf32>) -> tensor<4xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input, DefaultValuedAttr<BoolAttr, "false">:$tanh_approximation);
  let results = (outs Mlopt_FloatTensor:$result);
  let extraClassDefinition = broadcastDefinition # firstElementDefinition;
}

def Mlopt_IsNanOp : Mlopt_ElementwiseOp<"is_nan"> {
  let summary = "whether an element is not a number";
  let description = "Example: `%1 = mlopt.is_nan %0 : (tensor<4xf32>) -> tensor<4xi1>`";
  let arguments = (ins Mlopt_FloatTensor:$input);
  let results = (outs Mlopt_BoolTensor:$result);
  let extraClassDefinition = broadcastDefinition # boolElementDefinition;
}

def Mlopt_IsInfOp : Mlopt_ElementwiseOp<"is_inf"> {
  let summary = "whether an element is infinite";
  let description = "Example: `%1 = mlopt.is_inf %0 {detect_negative = false} : (tensor<4xf32>) -> tensor<4xi1>`";
  let arguments = (ins Mlopt_FloatTensor:$input, DefaultValuedAttr<BoolAttr, "true">:$detect_negative,
                       DefaultValuedAttr<BoolAttr, "true">:$detect_positive);
  let results = (outs Mlopt_BoolTensor:$result);
  let extraClassDefinition = broadcastDefinition # boolElementDefinition;
}

def Mlopt_AddOp : Mlopt_BinaryOp<"add", "sum", Mlopt_NumberTensor, [Commutative]> { let hasFolder = 1; }
def Mlopt_SubOp : Mlopt_BinaryOp<"sub", "difference", Mlopt_NumberTensor> { let hasFolder = 1; }
def Mlopt_MulOp : Mlopt_BinaryOp<"mul", "product", Mlopt_NumberTensor, [Commutative]> { let hasFolder = 1; }
def Mlopt_DivOp : Mlopt_BinaryOp<"div", "quotient (integers: truncated, x / 0 = 0)", Mlopt_NumberTensor> { let hasFolder = 1; }
def Mlopt_PowOp : Mlopt_ElementwiseOp<"pow"> {
  let summary = "power";
  let description = [{
    base ^ exponent. The exponent may have another element type; the result has the base's.

    Example: `%2 = mlopt.pow %0, %1 : (tensor<4xf32>, tensor<i64>) -> tensor<4xf32>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$lhs, Mlopt_NumberTensor:$rhs);
  let results = (outs Mlopt_NumberTensor:$result);
  let extraClassDefinition = broadcastDefinition # firstElementDefinition;
}
def Mlopt_MaxOp : Mlopt_BinaryOp<"max", "maximum, NaN if either is", Mlopt_NumberTensor, [Commutative]>;
def Mlopt_MinOp : Mlopt_BinaryOp<"min", "minimum, NaN if either is", Mlopt_NumberTensor, [Commutative]>;
def Mlopt_AndOp : Mlopt_BinaryOp<"and", "bitwise and", Mlopt_IntOrBoolTensor, [Commutative]>;
def Mlopt_OrOp : Mlopt_BinaryOp<"or", "bitwise or", Mlopt_IntOrBoolTensor, [Commutative]>;
def Mlopt_XorOp : Mlopt_BinaryOp<"xor", "bitwise exclusive or", Mlopt_IntOrBoolTensor, [Commutative]>;
def Mlopt_ShiftLeftOp : Mlopt_BinaryOp<"shift_left", "left shift (over-wide: 0)", Mlopt_IntTensor>;
def Mlopt_ShiftRightOp : Mlopt_BinaryOp<"shift_right", "logical right shift (over-wide: 0)", Mlopt_IntTensor>;

def Mlopt_ModOp : Mlopt_ElementwiseOp<"mod"> {
  let summary = "remainder";
  let description = [{
    With `fmod` the sign is the dividend's (C's fmod and integer %), else the
    divisor's (NumPy's mod). x mod 0 = 0 for integers, NaN for floats.

    Constraints: (C1) both operands have the same element type.

    Example: `%2 = mlopt.mod %0, %1 : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64>`
  }];
  let arguments = (ins Mlopt_NumberTensor:$lhs, Mlopt_NumberTensor:$rhs, DefaultValuedAttr<BoolAttr, "false">:$fmod);
  let results = (outs Mlopt_NumberTensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = broadcastDefinition # firstElementDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { // (C1)
      return ::mlopt::detail::verifySameElementType(*this, (*this)->getOperands());
    }
  }];
}

def Mlopt_CompareOp : Mlopt_ElementwiseOp<"compare"> {
  let summary = "comparison";
  let description = [{
    Ordered comparison (`ne` is true for NaN). Shapes broadcast.

    Constraints: (C1) both operands have the same element type.

    Example: `%2 = mlopt.compare %0, %1 {predicate = #mlopt<predicate lt>} : (tensor<4xf32>, tensor<f32>) -> tensor<4xi1>`
  }];
  let arguments = (ins Mlopt_Tensor:$lhs, Mlopt_Tensor:$rhs, Mlopt_ComparePredicateAttr:$predicate);
  let results = (outs Mlopt_BoolTensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = broadcastDefinition # boolElementDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { // (C1)
      return ::mlopt::detail::verifySameElementType(*this, (*this)->getOperands());
    }
  }];
}

def Mlopt_SelectOp : Mlopt_ElementwiseOp<"select"> {
  let summary = "choice by a condition";
  let description = [{
    Result element = condition ? on_true : on_false; all three broadcast.

    Constraints: (C1) on_true and on_false have the same element type.

    Example: `%3 = mlopt.select %0, %1, %2 : (tensor<4xi1>, tensor<f32>, tensor<4xf32>) -> tensor<4xf32>`
  }];
  let arguments = (ins Mlopt_BoolTensor:$condition, Mlopt_Tensor:$on_true, Mlopt_Tensor:$on_false);
  let results = (outs Mlopt_Tensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = broadcastDefinition # [{
    ::llvm::LogicalResult $cppClass::inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.assign(1, ::mlir::getElementTypeOrSelf(adaptor.getOperands()[1].getType()));
      return ::mlir::success();
    }
    ::llvm::LogicalResult $cppClass::verify() { // (C1)
      return ::mlopt::detail::verifySameElementType(*this, (*this)->getOperands().drop_front());
    }
  }];
}

def Mlopt_CastOp : Mlopt_ElementwiseOp<"cast"> {
  let summary = "conversion to another element type";
  let description = [{
    Float to float rounds to nearest even; float to integer truncates, NaN
    gives 0 and values out of range saturate; integer to integer keeps the low
    bits; anything to bool is `!= 0`.

    Example: `%1 = mlopt.cast %0 {to = f16} : (tensor<4xf32>) -> tensor<4xf16>`
  }];
  let arguments = (ins Mlopt_Tensor:$input, TypeAttr:$to);
  let results = (outs Mlopt_Tensor:$result);
  let hasFolder = 1;
  let extraClassDefinition = broadcastDefinition # [{
    ::llvm::LogicalResult $cppClass::inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.assign(1, adaptor.getTo());
      return ::mlir::success();
    }
  }];
}

def Mlopt_CheckFiniteOp : Mlopt_ElementwiseOp<"check_finite"> {
  let summary = "the identity, which ends the run where an element is infinite or no number";
  let description = [{
    Records the first such element as an error of the run (ir.md section 4), with
    the launch whose results it is in; the element itself passes unchanged.
    Inserted by `--check-finite`; the identity for the reference.

    Constraints: (C1) the result has the operand's shape and element type.

    Example: `%1 = mlopt.check_finite %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>`
  }];
  let arguments = (ins Mlopt_FloatTensor:$input);
  let results = (outs Mlopt_FloatTensor:$result);
  let extraClassDefinition = broadcastDefinition # firstElementDefinition;
}

#endif // MLOPT_IR_ELEMENTWISE_TD
