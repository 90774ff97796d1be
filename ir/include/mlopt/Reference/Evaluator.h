//===- Evaluator.h - Reference semantics of the mlopt dialect -----*- C++ -*-===//
#ifndef MLOPT_REFERENCE_EVALUATOR_H
#define MLOPT_REFERENCE_EVALUATOR_H

#include "mlir/IR/SymbolTable.h"
#include "mlopt/Reference/HostTensor.h"
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace mlir::func {
class FuncOp;
}

namespace mlopt {

enum class EvaluationMode {
  /// Floating point is carried as f64; only `mlopt.cast` rounds. Integers are
  /// exact and wrap to their type.
  Exact,
  /// Each result is rounded to its element type, once. In the body of a kernel
  /// f16 and bf16 are rounded to f32, to their own type by casts and the yield.
  Typed
};

struct EvaluatorOptions {
  /// Called before each operation of a function body with its position and their number.
  std::function<void(mlir::Operation *, size_t, size_t)> progress;
  /// A tensor with more elements is an error.
  int64_t maxElements = int64_t(1) << 31;
  /// Time for one call of `evaluate` in seconds, checked between operations; 0: none.
  double maxSeconds = 0;
  /// Whether errors are emitted as diagnostics (else only kept for `getError`).
  bool emitErrors = true;
};

/// Evaluates mlopt programs plainly and slowly: the oracle of `mlopt verify`,
/// constant folding and tests. Shares no code with lowerings.
class Evaluator {
public:
  using Tensors = llvm::SmallVector<HostTensor>;

  explicit Evaluator(EvaluationMode mode, EvaluatorOptions options = {});

  /// Results of `function` for `inputs` (any form; types and shapes are
  /// checked). In mode Exact results are wide, in mode Typed native. Failure
  /// after an error at the operation that failed.
  llvm::FailureOr<Tensors> evaluate(mlir::func::FuncOp function, llvm::ArrayRef<HostTensor> inputs);

  /// Results of one operation. `operands` are the values of its operands that
  /// are no index, in order (an omitted operand: HostTensor()), `indexOperands`
  /// those of the others. Results as `evaluate`.
  llvm::FailureOr<Tensors> evaluateOp(mlir::Operation *op, llvm::ArrayRef<HostTensor> operands,
                                      llvm::ArrayRef<int64_t> indexOperands = {});

  /// Whether the operation of this name can be evaluated.
  static bool hasSemantics(llvm::StringRef operationName);

  /// Text of the last error.
  llvm::StringRef getError() const { return error; }

private:
  llvm::FailureOr<Tensors> evaluateBody(mlir::Region &body, llvm::ArrayRef<HostTensor> inputs,
                                        mlir::TypeRange resultTypes, bool inKernel);
  llvm::FailureOr<Tensors> evaluateOperation(mlir::Operation *op,
                                             llvm::ArrayRef<HostTensor> operands, bool inKernel);
  llvm::LogicalResult fail(mlir::Operation *op, const llvm::Twine &message);
  void beginRun();

  EvaluationMode mode;
  EvaluatorOptions options;
  std::string error;
  std::optional<mlir::SymbolTableCollection> symbols;
  std::chrono::steady_clock::time_point deadline;
  unsigned depth = 0;
};

} // namespace mlopt

#endif // MLOPT_REFERENCE_EVALUATOR_H
