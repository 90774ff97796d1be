//===- Launches.h - launches of kernels -------------------------*- C++ -*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_LAUNCHES_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_LAUNCHES_H

#include "State.h"

#include <array>

namespace fakecuda {

/// A launch with its arguments copied, as the driver does at the call.
struct KernelLaunch {
  Function *function = nullptr;
  unsigned functionNumber = 0; ///< to notice that the module has gone
  std::array<uint32_t, 3> grid, block;
  unsigned dynamicShared = 0;
  std::vector<char> parameters;

  bool isAlive() const;
};

/// Copies the arguments and checks the limits of the device and of the function:
/// CUDA_ERROR_INVALID_VALUE, or CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES for more threads than the kernel
/// says it takes.
CUresult prepareLaunch(KernelLaunch &launch, CUfunction function, std::array<uint32_t, 3> grid,
                       std::array<uint32_t, 3> block, unsigned dynamicShared, void **parameters,
                       void **extra);
/// Runs it. An error of the kernel is printed and becomes the result.
CUresult performLaunch(const KernelLaunch &launch);

} // namespace fakecuda

#endif
