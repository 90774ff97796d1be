//===- ScalarTable.h - The table of scalar semantics ------------*- C++ -*-===//
//
// One row per elementwise operation: what it computes for one element, how far
// an f32 result may be from that, and how to emit it at any width. Every
// backend's prologues, epilogues and generic route go through it.
//
// Values in it are of *compute type*: f16 and bf16 are f32, uiN is iN, all else
// is itself. In memory they are of *storage type*: i1 is a byte of 0 or 1, uiN
// is iN. Integers of 2 and 4 bits are i8 in both, sign- or zero-extended.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_SCALARTABLE_H
#define MLOPT_CODEGEN_SCALARTABLE_H

#include "mlopt/Codegen/ScalarMath.h"
#include "mlopt/IR/Mlopt.h"

namespace mlopt {

/// One element's worth of an operation: its operands in compute type (null for
/// one that is none), the element types of its tensors, and the attributes that
/// change the scalar semantics.
struct ScalarCall {
  llvm::SmallVector<mlir::Value, 3> operands;
  llvm::SmallVector<mlir::Type, 3> operandElements;
  mlir::Type resultElement;
  bool tanhApproximation = false;
  bool fmod = false;
  bool detectNegative = true, detectPositive = true;
  ComparePredicate predicate = ComparePredicate::eq;
  /// What is quantized is computed in the kernel: a constant scale is multiplied by.
  bool computedInput = false;
};

/// What an f32 error bound is relative to.
enum class UlpScale {
  Result,  ///< one unit in the last place of the exact result
  Operand, ///< of the larger of result and operand (where 1 + g(x) cancels)
};

/// A row of the table.
struct ScalarRow {
  llvm::StringRef name;       ///< the operation's mnemonic
  llvm::StringRef definition; ///< of one element
  double maxUlp;              ///< bound for f32 results, at every level; 0.5 is correctly rounded
  UlpScale scale;
  mlir::Value (*emit)(ScalarMath &, const ScalarCall &);
};

/// All rows.
llvm::ArrayRef<ScalarRow> getScalarRows();

/// The row of an operation by its mnemonic ("exp"), or null.
const ScalarRow *findScalarRow(llvm::StringRef name);

/// Whether `op` has a row.
bool isScalarOp(mlir::Operation *op);

/// Emits one element (or one vector of elements) of `op`. `operands` are in
/// compute type and of one shape (null: none); so is the result. Emits a diagnostic at `op`
/// and fails if the table has no row for it.
mlir::FailureOr<mlir::Value> emitScalarOp(mlir::OpBuilder &builder, mlir::Location loc,
                                          mlir::Operation *op, mlir::ValueRange operands,
                                          const MathOptions &options);

/// Type of an element in a register; see the head of this file.
mlir::Type computeType(mlir::Type element);

/// Type of an element in memory.
mlir::Type storageType(mlir::Type element);

/// Whether it is an integer of 2 or 4 bits.
bool isSmallInteger(mlir::Type element);

/// A loaded value of storage type to compute type, and back (rounding to
/// `element`). `element` is the tensor's element type.
mlir::Value fromStorage(ScalarMath &math, mlir::Value value, mlir::Type element);
mlir::Value toStorage(ScalarMath &math, mlir::Value value, mlir::Type element);

/// Conversion between element types, both sides in compute type.
mlir::Value emitCast(ScalarMath &math, mlir::Value value, mlir::Type from, mlir::Type to);

} // namespace mlopt

#endif // MLOPT_CODEGEN_SCALARTABLE_H
