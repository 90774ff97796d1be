//===- Quantization.h - Scales and zero points of ONNX ----------*- C++ -*-===//
//
// What the conversions of quantized operators share (docs/rfcs/20261121-quantized-values.md).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_ONNX_CONVERT_QUANTIZATION_H
#define MLOPT_LIB_ONNX_CONVERT_QUANTIZATION_H

#include "Conversion.h"

namespace mlopt::onnx {

/// A type as messages name it: "ui8", "f32".
std::string getTypeText(mlir::Type type);

/// A scale or zero point: operand i, where one element of rank 1 is a scalar. Null after an error.
mlir::Value parameterInput(Node &n, unsigned i);
/// The same, `mlopt.none` where the operand is omitted.
mlir::Value parameterInputOrNone(Node &n, unsigned i);
/// A scale per tensor: a float scalar. Null after an error.
mlir::Value scalarScaleInput(Node &n, unsigned i, llvm::StringRef what);

/// The zero point (or none) has the element type of what it belongs to; failure after a diagnostic.
llvm::LogicalResult checkZeroType(Node &n, mlir::Value zero, mlir::Type of,
                                  llvm::StringRef what = "operand");
/// The zero point (or none) is a scalar of that type; failure after a diagnostic.
llvm::LogicalResult checkScalarZero(Node &n, mlir::Value zero, mlir::Type of, llvm::StringRef what);
/// The vector has `count` elements, as far as both are known; failure after a diagnostic.
llvm::LogicalResult checkVector(Node &n, mlir::Value v, SymExpr count, llvm::StringRef what,
                                llvm::StringRef counted);

/// `mlopt.quantize` and `mlopt.dequantize`; a null operand gives null.
mlir::Value quantizeTo(Node &n, mlir::Value x, mlir::Value scale, mlir::Value zero, mlir::Type to);
mlir::Value dequantizeBy(Node &n, mlir::Value x, mlir::Value scale, mlir::Value zero);

/// ONNX's DynamicQuantizeLinear: ui8 elements with the scale and the zero point (scalars) of the
/// range of x and 0.
struct Quantized {
  mlir::Value value, scale, zero;
};
Quantized quantizeDynamically(Node &n, mlir::Value x);

/// A quantized tensor with its parameters per tensor, read from operands i, i + 1 and i + 2 (the
/// zero point may be omitted); null values after an error.
Quantized quantizedInput(Node &n, unsigned i);
/// The float value of quantizedInput(i), in f32 at least.
mlir::Value dequantizedInput(Node &n, unsigned i);
/// Finishes with y quantized by the scale and zero point of operands i and i + 1. Without a zero
/// point the result has the element type `otherwise`.
llvm::LogicalResult finishQuantized(Node &n, mlir::Value y, unsigned i, mlir::Type otherwise);

} // namespace mlopt::onnx

#endif // MLOPT_LIB_ONNX_CONVERT_QUANTIZATION_H
