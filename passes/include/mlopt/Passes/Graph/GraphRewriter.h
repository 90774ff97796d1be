//===- GraphRewriter.h - Rewriting one function of the graph ----*- C++ -*-===//
//
// For the phases that work on graphs (`graph`, `quantize`). Rules are plain functions that look at one
// operation and may replace it. A sweep visits a function's operations in
// program order; replaced operations are erased at its end, so that the shapes
// cached for them stay valid until then.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_PASSES_GRAPH_GRAPHREWRITER_H
#define MLOPT_PASSES_GRAPH_GRAPHREWRITER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlopt/IR/Compose/ComposeBuilder.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Reference/HostTensor.h"

namespace mlopt {

/// Parameters of a module: lookup by name, and new ones.
class ParameterTable {
public:
  explicit ParameterTable(mlir::ModuleOp module) : module(module), symbols(module) {}

  /// Value of a constant or parameter that `v` is; none for anything else, and
  /// where the bytes are not at hand.
  std::optional<HostTensor> read(mlir::Value v);
  /// A constant (at most 1 KiB) or a new parameter named after `hint`.
  mlir::Value write(mlir::OpBuilder &builder, mlir::Location loc, const HostTensor &tensor,
                    llvm::StringRef hint);
  /// Name of the parameter that `v` reads, else `otherwise`.
  std::string nameOf(mlir::Value v, llvm::StringRef otherwise);
  /// Erases the parameters that nothing uses.
  static void eraseUnused(mlir::ModuleOp module);

private:
  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
};

/// What a rule works with.
class GraphRewriter {
public:
  GraphRewriter(mlir::func::FuncOp function, ParameterTable &parameters)
      : function(function), parameters(parameters), shapes(function),
        opBuilder(function.getContext()) {}

  ShapeAnalysis &getShapes() { return shapes; }
  SymShape shapeOf(mlir::Value v) { return shapes.shapeOf(v); }
  SymExpr size(int64_t v) { return SymExpr::constant(function.getContext(), v); }
  mlir::OpBuilder &getBuilder() { return opBuilder; }
  ParameterTable &getParameters() { return parameters; }

  /// A builder before `anchor` whose operations carry the locations of
  /// `replaced` (of `anchor` if empty).
  ComposeBuilder before(mlir::Operation *anchor, llvm::ArrayRef<mlir::Operation *> replaced = {});

  /// Replaces all uses of an operation's only result. False, and nothing
  /// changed, where a use needs the exact type and the new value has another
  /// that cannot be changed.
  bool replace(mlir::Operation *op, mlir::Value value);
  /// `create` null or of failed inference: nothing is replaced.
  bool replace(mlir::Operation *op, const ComposeBuilder &builder, mlir::Value value) {
    return value && builder.getError().empty() && replace(op, value);
  }

  /// The number that every element of a constant (also behind casts of shape) is; none for 0 beside
  /// -0, for NaN, and for an integer beyond 2^53.
  std::optional<double> splatOf(mlir::Value v);
  /// Likewise, and the tensor has one element.
  std::optional<double> scalarOf(mlir::Value v);
  std::optional<HostTensor> constantOf(mlir::Value v) { return parameters.read(v); }

private:
  mlir::func::FuncOp function;
  ParameterTable &parameters;
  ShapeAnalysis shapes;
  mlir::OpBuilder opBuilder;
};

/// True if it changed something.
using GraphRule = bool (*)(mlir::Operation *op, GraphRewriter &rewriter);

/// Applies the first rule that fires to each operation, in program order, until
/// nothing changes any more. Whether anything changed.
bool applyRules(mlir::ModuleOp module, llvm::ArrayRef<GraphRule> rules);

// Small questions that several rules ask.

/// The operation of type OpTy that defines `v` if nothing else uses `v`.
template <typename OpTy> OpTy singleUse(mlir::Value v) {
  auto op = v.getDefiningOp<OpTy>();
  return op && v.hasOneUse() ? op : OpTy();
}
bool isConstant(mlir::Value v);
bool isElementwise(mlir::Operation *op);
inline bool isUnit(SymExpr size) { return size.isConstant(1); }
/// Whether all sizes of the shape are 1.
bool isOneElement(llvm::ArrayRef<SymExpr> shape);
llvm::SmallVector<int64_t> invert(llvm::ArrayRef<int64_t> permutation);
/// Whether a transpose changes the places of axes of size 1 only.
bool movesUnitsOnly(llvm::ArrayRef<SymExpr> shape, llvm::ArrayRef<int64_t> permutation);
/// Whether the reshape adds and removes axes of size 1 only. `map` gives, for
/// each other input axis, its result axis (-1 for axes of size 1).
bool isUnitReshape(llvm::ArrayRef<SymExpr> from, llvm::ArrayRef<SymExpr> to,
                   llvm::SmallVectorImpl<int64_t> *map = nullptr);
bool isFloat(mlir::Value v);
/// |a - b| within the rounding of the value's element type (relative).
bool isNear(double a, double b, mlir::Type element);
/// A missed-optimization remark of the graph phase: "<what>: <reason>", `what` as "gelu not
/// raised".
void refuse(mlir::Operation *op, llvm::StringRef what, const llvm::Twine &reason);

} // namespace mlopt

#endif // MLOPT_PASSES_GRAPH_GRAPHREWRITER_H
