//===- RunTimeChecks.h - Conditions on sizes of operations ------*- C++ -*-===//
//
// Each family of operations states in its own file what its operations need of
// sizes that are known only at run time (RunTimeCheckOpInterface). A pass asks
// through the interface and need not know the operations.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_RUNTIMECHECKS_H
#define MLOPT_IR_RUNTIMECHECKS_H

#include "mlopt/IR/ShapeInference.h"
#include "mlir/IR/OpDefinition.h"

namespace mlopt {

/// No tensor is larger (64 TiB): sums and differences of bytes stay far from 2^63.
constexpr int64_t maxTensorBytes = int64_t(1) << 46;

/// A condition on two sizes, in the symbols of the source that made it.
struct SizeCondition {
  enum Kind {
    Equal,     ///< a == b
    Broadcast, ///< a == b, or one of them is 1
    Expands,   ///< a == b, or a is 1
    LessEqual, ///< a <= b
  } kind;
  SymExpr a, b;
  /// What the sizes are, for messages: in the plural for Equal and Broadcast, what `a` is
  /// otherwise. Static text.
  llvm::StringRef what = "sizes";
  /// Waived where this is 0 (nothing is read then); null: never.
  SymExpr unlessZero;

  bool operator==(const SizeCondition &o) const {
    return kind == o.kind && a == o.a && b == o.b && unlessZero == o.unlessZero;
  }
  /// 1 where the condition holds, else 0.
  SymExpr getExpression() const;
  /// "sizes 'n' and 'm' must be equal"; long expressions are cut off.
  std::string getMessage() const;
};

/// Whether `size` is `bound` or more whatever the symbols are.
bool isProvablyAtLeast(SymExpr size, int64_t bound);

/// At most about 80 characters of an expression's text, for messages.
std::string shortenExpression(SymExpr expr);

/// Collects conditions. Those that hold whatever the symbols are, and repeated ones, are left out;
/// so are those that constants decide, which are the verifiers' work.
class SizeConditions {
public:
  explicit SizeConditions(ShapeSource &source) : source(source) {}

  llvm::ArrayRef<SizeCondition> getList() const { return list; }
  std::vector<SizeCondition> takeList() { return std::move(list); }

  /// Sizes of a ranked tensor; empty for `none`.
  SymShape shape(mlir::Value value);
  SymExpr constant(int64_t value);
  /// Product of the sizes.
  SymExpr count(llvm::ArrayRef<SymExpr> shape);
  /// Entries of a mixed list of constants and `index` operands; null where an operand is missing.
  llvm::SmallVector<SymExpr> mixed(llvm::ArrayRef<int64_t> fixed, mlir::ValueRange operands);

  void add(SizeCondition condition);
  /// Null sizes are unknown: nothing is added.
  void equal(SymExpr a, SymExpr b, llvm::StringRef what = "sizes");
  void broadcast(SymExpr a, SymExpr b);
  /// From the last axes on, as NumPy broadcasts.
  void broadcast(llvm::ArrayRef<SymExpr> a, llvm::ArrayRef<SymExpr> b);
  /// `a` broadcasts to `b`, not the other way round.
  void expands(SymExpr a, SymExpr b);
  void lessEqual(SymExpr a, SymExpr b, llvm::StringRef what, SymExpr unlessZero = {});
  /// `vector` has shape [size], or is `none`.
  void vectorOf(mlir::Value vector, SymExpr size, llvm::StringRef what);
  /// `value` has exactly this shape, or is `none`, or has another rank.
  void exactly(mlir::Value value, llvm::ArrayRef<SymExpr> wanted, llvm::StringRef what);
  /// No size of `result` is negative, and its bytes stay below maxTensorBytes.
  void representable(mlir::Value result);

private:
  ShapeSource &source;
  std::vector<SizeCondition> list;
};

} // namespace mlopt

#include "mlopt/IR/RunTimeChecks.h.inc"

#endif // MLOPT_IR_RUNTIMECHECKS_H
