//===- SymExpr.h - Sizes as expressions in named symbols --------*- C++ -*-===//
//
// A size that is not known when compiling is an expression in named symbols
// ("batch", "seq"). Expressions are kept in one canonical form, so that "the
// same size as" is pointer equality (ir.md section 1).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_SYMEXPR_H
#define MLOPT_IR_SYMEXPR_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace mlopt {
class SymExprAttr;

/// A value handle on a canonical, uniqued size expression over int64.
///
/// Canonical form: sums of products of atoms with integer coefficients, terms
/// and factors in a fixed order independent of addresses; an atom is a symbol,
/// floorDiv, ceilDiv, mod, min, max or select. Division, mod, min, max, select
/// fold where operands are constants or the result is provable for sizes >= 0
/// (for instance (4*n) floorDiv 2 = 2*n, min(n, n) = n, (8*n) mod 4 = 0).
/// ceilDiv(a, b) is stored as an atom of its own; for a constant c > 0 it is also
/// the form of (a + c - 1) floorDiv c. Arithmetic that overflows int64 stays as
/// written. A symbol is a size (>= 0) unless its name ends with "]": that is an
/// element of an integer input, which may be negative.
class SymExpr {
public:
  enum class Kind : uint32_t { Constant, Symbol, Add, Mul, FloorDiv, CeilDiv, Mod, Min, Max, Select };
  /// The comparison of a Select.
  enum class Compare : int64_t { Eq, Lt };

  SymExpr() = default;
  /*implicit*/ SymExpr(SymExprAttr attr);
  static SymExpr constant(mlir::MLIRContext *context, int64_t value);
  static SymExpr symbol(mlir::MLIRContext *context, llvm::StringRef name);
  /// Parses the printed form; none on a syntax error.
  static std::optional<SymExpr> parse(mlir::MLIRContext *context, llvm::StringRef text);

  explicit operator bool() const { return static_cast<bool>(attr); }
  bool operator==(SymExpr o) const { return attr == o.attr; }
  bool operator!=(SymExpr o) const { return attr != o.attr; }
  mlir::MLIRContext *getContext() const;
  SymExprAttr getAttr() const;

  Kind getKind() const;
  /// The value if constant.
  std::optional<int64_t> getConstant() const;
  bool isConstant(int64_t value) const { return getConstant() == value; }
  /// Name of a Symbol.
  llvm::StringRef getSymbolName() const;
  /// Operands of any compound kind. Add: terms. Mul: factors (a constant
  /// coefficient other than 1 comes first). Select(a, b, x, y).
  llvm::SmallVector<SymExpr, 4> getOperands() const;
  Compare getCompare() const;

  SymExpr operator+(SymExpr o) const;
  SymExpr operator-(SymExpr o) const;
  SymExpr operator*(SymExpr o) const;
  SymExpr operator+(int64_t o) const;
  SymExpr operator-(int64_t o) const;
  SymExpr operator*(int64_t o) const;
  SymExpr floorDiv(SymExpr o) const;
  SymExpr ceilDiv(SymExpr o) const;
  SymExpr mod(SymExpr o) const;
  SymExpr floorDiv(int64_t o) const;
  SymExpr ceilDiv(int64_t o) const;
  static SymExpr min(SymExpr a, SymExpr b);
  static SymExpr max(SymExpr a, SymExpr b);
  /// a == b (or a < b) ? x : y.
  static SymExpr select(Compare compare, SymExpr a, SymExpr b, SymExpr x, SymExpr y);

  /// Replaces symbols; names without a replacement (null SymExpr) stay.
  SymExpr substitute(llvm::function_ref<SymExpr(llvm::StringRef)> replacement) const;
  /// Value for given symbols, none if one is missing or a division by 0 occurs.
  std::optional<int64_t> evaluate(llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> value) const;
  /// Calls `fn` for each distinct symbol in order of first appearance.
  void forEachSymbol(llvm::function_ref<void(llvm::StringRef)> fn) const;
  /// Whether the expression is provably a multiple of `factor` (> 0).
  bool isMultipleOf(int64_t factor) const;
  /// A provable lower bound, taking each symbol to be >= 0 (sizes), or >= 1 where `atLeastOne`.
  std::optional<int64_t> getLowerBound(bool symbolsAtLeastOne = false) const;

  std::string str() const;

private:
  mlir::Attribute attr;
};

/// Sizes of one tensor, outermost first.
using SymShape = llvm::SmallVector<SymExpr, 4>;

/// Product of all sizes (1 for rank 0).
SymExpr numElements(mlir::MLIRContext *context, llvm::ArrayRef<SymExpr> shape);

llvm::raw_ostream &operator<<(llvm::raw_ostream &os, SymExpr e);
mlir::Diagnostic &operator<<(mlir::Diagnostic &diagnostic, SymExpr e);

} // namespace mlopt

#endif // MLOPT_IR_SYMEXPR_H
