//===- Quantized.h - Values stored as integers ------------------*- C++ -*-===//
//
// What the passes of the phase `quantize` ask about dequantized values, and
// arithmetic on constants. Private to the phase.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_QUANTIZATION_QUANTIZED_H
#define MLOPT_LIB_QUANTIZATION_QUANTIZED_H

#include "mlopt/Passes/Graph/GraphRewriter.h"

namespace mlopt {

/// The float value (integers - zero) * scale.
struct Dequantized {
  mlir::Value integers, scale, zero; ///< zero null: 0
};
/// What a `dequantize` dequantizes; none for other values.
std::optional<Dequantized> dequantizedOf(mlir::Value v);
/// A zero point, null where the operand is none.
mlir::Value zeroOf(mlir::Value operand);

mlir::Type integersOf(mlir::Value v); ///< element type
bool isByte(mlir::Type element);      ///< i8 or ui8
/// Lowest and highest value of a storage type.
std::pair<int64_t, int64_t> rangeOf(mlir::Type element);

/// Lowest and highest integer of a constant, or of the element type where the run gives them.
std::pair<int64_t, int64_t> rangeOf(mlir::Value integers, GraphRewriter &rewriter);
/// A bound of a size in the symbols of `function`, whose attribute `mlopt.symbols` bounds them;
/// none where there is none.
std::optional<int64_t> upperBound(SymExpr size, mlir::func::FuncOp function);

/// Size of a parameter along axis `axis` of a tensor of rank `rank` that it broadcasts to (1 where
/// it has no such axis).
SymExpr sizeAlong(llvm::ArrayRef<SymExpr> parameter, int64_t rank, int64_t axis,
                  mlir::MLIRContext *context);
/// Whether the parameter has one element.
bool isUniform(mlir::Value parameter, GraphRewriter &rewriter);
/// A parameter with the last two axes swapped, one of which has size 1 (a scalar where all have):
/// as a reshape, at compile time where it is constant. Null stays null.
mlir::Value swapLastAxes(mlir::Value parameter, ComposeBuilder &b, GraphRewriter &rewriter);
/// In another shape of as many elements, at compile time where it is constant.
mlir::Value reshaped(mlir::Value v, llvm::ArrayRef<SymExpr> shape, ComposeBuilder &b,
                     GraphRewriter &rewriter);
/// A constant of one or `size` elements, or a value of the run of such a shape, as [size, 1, ...]
/// of rank `rank`, or a scalar.
mlir::Value perChannel(mlir::Value v, int64_t rank, ComposeBuilder &b, GraphRewriter &rewriter);

/// `fn` of the elements of two tensors that broadcast as NumPy does, as wide numbers that are not
/// rounded.
HostTensor combine(const HostTensor &a, const HostTensor &b, mlir::Type element,
                   llvm::function_ref<double(double, double)> fn);
/// Likewise of integers, modulo the element type.
HostTensor combineIntegers(const HostTensor &a, const HostTensor &b, mlir::Type element,
                           llvm::function_ref<int64_t(int64_t, int64_t)> fn);
/// `fn` of each integer.
HostTensor mapIntegers(const HostTensor &a, mlir::Type element,
                       llvm::function_ref<int64_t(int64_t)> fn);
/// A constant or parameter of the tensor, rounded to its element type.
mlir::Value write(HostTensor tensor, mlir::Value like, llvm::StringRef suffix, ComposeBuilder &b,
                  GraphRewriter &rewriter);
/// Whether an operation of two such shapes has a result larger than both, as of a row and a column.
bool growsTogether(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);
/// a + b, a - b, a * b: at compile time where both are constants, unless the result is larger than
/// both. In i32.
enum class Arithmetic { Add, Sub, Mul };
mlir::Value arithmetic(Arithmetic what, mlir::Value a, mlir::Value b, ComposeBuilder &builder,
                       GraphRewriter &rewriter);
/// In i32, at compile time where it is constant.
mlir::Value toI32(mlir::Value v, ComposeBuilder &b, GraphRewriter &rewriter);
/// Whether two parameters hold the same numbers (both null counts).
bool areEqual(mlir::Value a, mlir::Value b, GraphRewriter &rewriter);
/// Whether every element of an integer is `value`; null counts as 0.
bool isAll(mlir::Value v, int64_t value, GraphRewriter &rewriter);

/// The elements of an 8-bit tensor in the type of the other sign: i8 and 128 more, or ui8 and 128
/// less. A `quantize` is rebuilt, also behind views, and constants are computed; null where that
/// costs an operation on each element, unless `force`.
mlir::Value flipSign(mlir::Value v, bool force, ComposeBuilder &b, GraphRewriter &rewriter);

/// Rule: quantize(dequantize(x)) with equal parameters is x, or x in the other sign; also around a
/// maximum or minimum with a constant. The integers are the same.
bool cancelPair(mlir::Operation *op, GraphRewriter &rewriter);

/// A missed-optimization remark of the phase.
void refuseQuantized(mlir::Operation *op, llvm::StringRef what, const llvm::Twine &reason);

} // namespace mlopt

#endif // MLOPT_LIB_QUANTIZATION_QUANTIZED_H
