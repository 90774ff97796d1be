//===- SizeEmitter.h - Sizes as code of the host program --------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_LIB_HOST_SIZEEMITTER_H
#define MLOPT_CODEGEN_LIB_HOST_SIZEEMITTER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "mlopt/IR/SymExpr.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace mlopt {

/// Builds i64 arithmetic for sizes at the builder's insertion point, each
/// expression once. A divisor of 0 counts as 1: the host must not trap.
/// With `checked`, `overflows` says whether a value left 64 bits on the way; a
/// branch of a select that is not taken does not count.
class SizeEmitter {
public:
  SizeEmitter(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}
  /// Where a symbol comes from; called once per name.
  std::function<mlir::Value(llvm::StringRef)> symbol;
  /// Sizes that have names.
  llvm::StringMap<SymExpr> steps;

  bool checked = false;

  mlir::Value emit(SymExpr e);
  /// An i1, or null where the value of `e` cannot have overflowed (or `checked` is off).
  mlir::Value overflows(SymExpr e);
  mlir::Value constant(int64_t value);
  /// Forgets what is built: another function begins.
  void reset() {
    done.clear();
    overflowOf.clear();
  }

private:
  /// a or b, either may be null.
  mlir::Value either(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, mlir::Value b, mlir::Value &overflow);
  mlir::Value multiply(mlir::Value a, mlir::Value b, mlir::Value &overflow);
  mlir::Value build(SymExpr e, mlir::Value &overflow);
  mlir::Value divisor(SymExpr e);
  mlir::Value floorDiv(SymExpr a, SymExpr b, bool up, mlir::Value &overflow);

  mlir::OpBuilder &b;
  mlir::Location loc;
  llvm::DenseMap<mlir::Attribute, mlir::Value> done, overflowOf;
};

} // namespace mlopt

#endif // MLOPT_CODEGEN_LIB_HOST_SIZEEMITTER_H
