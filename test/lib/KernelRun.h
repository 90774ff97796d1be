//===- KernelRun.h - Runs one compiled kernel ----------------------*- C++ -*-===//
#ifndef MLOPT_TEST_LIB_KERNELRUN_H
#define MLOPT_TEST_LIB_KERNELRUN_H

#include "KernelData.h"
#include "mlopt/Codegen/CpuBackend.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <functional>

namespace mlopt::test {

struct BenchResult {
  double seconds = 0; ///< median of one launch on one thread
  double best = 0;    ///< the shortest
  double gflops = 0;  ///< of the hero's products
  double peak = 0;    ///< of a loop of fused products, timed in between
};

class KernelRun {
public:
  /// Loads the object. Exits the process if it refers to an f32 function of
  /// libm or to anything else that a kernel must not call.
  KernelRun(KernelOp kernel, const ObjectBuffer &object);
  /// Runs on random data at 1 to `maxThreads` threads and compares.
  RunResult check(const SizeMap &sizes, unsigned maxThreads);
  /// Times one thread. `cold`: the operands with a layout (weights) move
  /// through memory, so that they come from DRAM.
  BenchResult time(const SizeMap &sizes, bool cold);

private:
  struct Buffers;
  void prepare(const SizeMap &sizes, Buffers &buffers);
  /// `overwrite`: an operand whose memory is given as the first result's, or -1.
  void launch(Buffers &buffers, unsigned threads, int64_t overwrite = -1);

  KernelOp kernel;
  KernelSignature signature;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<void *> functions;
};

} // namespace mlopt::test

#endif // MLOPT_TEST_LIB_KERNELRUN_H
