//===- Images.h - what cuModuleLoadData and its kin accept ------*- C++ -*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_IMAGES_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_IMAGES_H

#include "CudaApi.h"

#include <string>

namespace fakecuda {

/// The PTX text of an image: PTX itself, a fat binary, or the wrapper that nvcc puts around one. Of
/// several PTX parts the one for the highest compute capability that the device (`arch`) has.
/// CUDA_ERROR_NO_BINARY_FOR_GPU for machine code alone, since there is no such machine, so that
/// callers are seen to fall back to PTX; CUDA_ERROR_INVALID_IMAGE for anything else. `message` says
/// why.
CUresult ptxOf(const void *image, unsigned arch, std::string &text, std::string &message);

/// 10 major + minor of the .version directive; 0 without one.
int ptxVersionOf(const std::string &text);
/// The newest .version that a driver of this CUDA version compiles, as ptxVersionOf counts.
int newestPtx(int driver);

} // namespace fakecuda

#endif
