//===- MathJit.h - Compiles rows of the table to loops over arrays -*- C++ -*-===//
#ifndef MLOPT_TEST_CODEGEN_MATH_MATHJIT_H
#define MLOPT_TEST_CODEGEN_MATH_MATHJIT_H

#include "mlopt/Codegen/ScalarTable.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <string>
#include <vector>

namespace mlopt::test {

/// Elements that one call of a compiled loop works on.
constexpr int64_t kChunk = 4096;

/// One instruction-set level.
struct Level {
  const char *name;
  const char *cpu; ///< LLVM's name
  MathOptions options;
};

/// The levels that this machine can run.
std::vector<Level> availableLevels();

/// A row at given element types and attributes; `call.operands` is unused.
struct RowInstance {
  std::string symbol;
  const ScalarRow *row;
  ScalarCall call;
  int64_t width; ///< 1 for scalars, else the vector's length
};

/// Compiled loops of one level. Symbols resolve to nothing but `fmod` and `pow`
/// (f64), and with MathOptions::gpu to its conversion to bf16 alone, so that a
/// call to any other function fails to link.
class MathJit {
public:
  /// Compiles all instances; exits with a message on failure.
  MathJit(mlir::MLIRContext &context, const Level &level, llvm::ArrayRef<RowInstance> instances);
  /// Applies the loop `symbol` to arrays of kChunk elements of storage type,
  /// the result last.
  void run(llvm::StringRef symbol, llvm::ArrayRef<void *> arrays) const;
  /// Address of the loop for timing.
  void *lookup(llvm::StringRef symbol) const;

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// Calls a loop by the number of its arrays.
void invoke(void *loop, llvm::ArrayRef<void *> arrays);

/// Checks integer, bool, conversion and mixed rows at every level and width;
/// returns the number of failures after printing each.
int checkTypedRows(mlir::MLIRContext &context);

/// Holds the f64 rows of a GPU to their bounds, against libm's long double functions;
/// returns whether they keep them. `samples` for each operand pattern.
bool checkDoubleRows(mlir::MLIRContext &context, size_t samples, llvm::StringRef only);

} // namespace mlopt::test

#endif // MLOPT_TEST_CODEGEN_MATH_MATHJIT_H
