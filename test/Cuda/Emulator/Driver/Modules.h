//===- Modules.h - limits of functions --------------------------*- C++ -*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_MODULES_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_MODULES_H

#include "State.h"

namespace fakecuda {

/// Bytes of dynamic shared memory that a launch may ask for: what
/// CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES was set to, else 48 KiB less the static ones.
int dynamicSharedLimit(const Function &function);

} // namespace fakecuda

#endif
