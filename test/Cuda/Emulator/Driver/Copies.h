//===- Copies.h - copies and fills of device memory -------------*- C++ -*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_COPIES_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_COPIES_H

#include "State.h"

namespace fakecuda {

/// A copy of `bytes` bytes between two addresses, each of a device or of the host.
CUDA_MEMCPY3D linearCopy(uint64_t to, uint64_t from, size_t bytes);

/// CUDA_ERROR_INVALID_VALUE when a row of the box is not in one allocation, or the description
/// contradicts itself; arrays are not supported.
CUresult checkCopy(const CUDA_MEMCPY3D &copy);
/// Does it; CUDA_ERROR_ILLEGAL_ADDRESS when the memory has gone since it was checked.
CUresult performCopy(const CUDA_MEMCPY3D &copy);

CUresult checkFill(const CUDA_MEMSET_NODE_PARAMS &fill);
CUresult performFill(const CUDA_MEMSET_NODE_PARAMS &fill);

} // namespace fakecuda

#endif
