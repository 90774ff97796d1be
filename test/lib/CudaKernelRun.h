//===- CudaKernelRun.h - Runs one GPU kernel by the driver API --*- C++ -*-===//
#ifndef MLOPT_TEST_LIB_CUDAKERNELRUN_H
#define MLOPT_TEST_LIB_CUDAKERNELRUN_H

#include "KernelData.h"
#include "mlopt/Codegen/CudaBackend.h"
#include "mlopt/Codegen/GpuLaunch.h"

namespace mlopt::test {

/// What the emulator counts (test/Cuda/Emulator), summed over the launches of a run.
struct CudaCounts {
  bool known = false; ///< whether a report was written: by the emulator only
  int64_t launches = 0, excessSectors = 0, instructions = 0, localRequests = 0, blocks = 0;
  int64_t bytes = 0; ///< read and written
  double conflictFactor = 1; ///< the worst launch's
};

class CudaKernelRun {
public:
  /// Loads the image with the driver that is found as libcuda.so.1. `getError`
  /// says what went wrong.
  CudaKernelRun(KernelOp kernel, const GpuImage &image);
  ~CudaKernelRun();
  const std::string &getError() const { return error; }

  /// Runs on random data and compares with the reference. Buffers have the size of
  /// the tensors, so that the emulator sees what is touched beyond. What the kernel
  /// may write in place of an operand runs once more that way.
  RunResult check(const SizeMap &sizes, double atol = 1e-4);
  const CudaCounts &getCounts() const { return counts; }

private:
  struct Driver;
  /// `overwrite`: the operand whose memory is given as the first result's, or -1.
  bool run(KernelData &data, const SizeMap &sizes, int64_t overwrite, std::vector<std::vector<char>> &results,
           std::string &message);
  bool ok(int code, const char *call, std::string &message);

  KernelOp kernel;
  KernelSignature signature;
  std::unique_ptr<Driver> driver;
  std::vector<void *> functions;
  std::string error;
  CudaCounts counts;
};

} // namespace mlopt::test

#endif // MLOPT_TEST_LIB_CUDAKERNELRUN_H
