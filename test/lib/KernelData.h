//===- KernelData.h - Data and expected results of one kernel ---*- C++ -*-===//
#ifndef MLOPT_TEST_LIB_KERNELDATA_H
#define MLOPT_TEST_LIB_KERNELDATA_H

#include "mlopt/Passes/KernelSignature.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/ADT/StringMap.h"

namespace mlopt::test {

/// Values of a kernel's symbols.
using SizeMap = llvm::StringMap<int64_t>;

/// Reads "m=5,n=3".
SizeMap parseSizes(llvm::StringRef text);

struct RunResult {
  double error = 0;    ///< largest over the results, relative to the largest expected element
  double rounding = 0; ///< of the results' element types, where f16 or bf16
  std::string message; ///< empty, or what went wrong
};

/// Random operands, the same ones for the same kernel and sizes, and the results' room.
struct KernelData {
  KernelData(KernelOp kernel, const SizeMap &sizes);

  KernelOp kernel;
  llvm::SmallVector<HostTensor> inputs;        ///< logical, for the reference; empty for `none`
  std::vector<std::vector<char>> operandBytes; ///< per tensor operand, in its layout
  std::vector<llvm::SmallVector<int64_t>> resultShapes;
  std::vector<int64_t> resultBytes;            ///< in the results' layouts
  llvm::SmallVector<int64_t> symbols;          ///< in the signature's order

  /// What the reference computes; on failure `message` says why.
  llvm::FailureOr<Evaluator::Tensors> evaluateReference(std::string &message);
  /// Compares the results' bytes, in their layouts, with the expected ones. `atol`: what an element may differ by
  /// beside a thousandth of itself and the rounding of its type.
  RunResult compare(llvm::ArrayRef<std::vector<char>> results, const Evaluator::Tensors &expected, double atol = 1e-4);
};

int64_t product(llvm::ArrayRef<int64_t> shape);

} // namespace mlopt::test

#endif // MLOPT_TEST_LIB_KERNELDATA_H
