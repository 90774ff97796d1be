//===- Settings.h - the environment of the fake driver ----------*- C++ -*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_SETTINGS_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_SETTINGS_H

#include "CudaApi.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace fakecuda {

/// One clause of MLOPT_FAKE_CUDA_FAIL. `call` 0 means every call.
struct Failure {
  std::string function;
  uint64_t call = 1, seen = 0;
  CUresult result = CUDA_ERROR_UNKNOWN;
};

/// What the environment asks for; a value that cannot be read ends the process with a message,
/// because a test would otherwise test something else than it says.
struct Settings {
  std::vector<unsigned> archs;         ///< MLOPT_FAKE_CUDA_ARCH=90,80: one device each; default 90
  int driver = 13000;                  ///< MLOPT_FAKE_CUDA_DRIVER: version; 0 means no device
  uint64_t memory = uint64_t(2) << 30; ///< MLOPT_FAKE_CUDA_MEMORY: bytes per device
  uint64_t seed = 0;                   ///< MLOPT_FAKE_CUDA_SEED: order of graph nodes and streams
  bool defer = false;        ///< MLOPT_FAKE_CUDA_DEFER=1: work runs when somebody waits for it
  bool trackWritten = false; ///< MLOPT_FAKE_CUDA_UNINIT=1: count reads of unwritten device memory
  std::vector<Failure> failures; ///< MLOPT_FAKE_CUDA_FAIL=name[:n|*[:code]],...
  std::set<std::string> hidden;  ///< MLOPT_FAKE_CUDA_HIDE=name,...
  std::string trace;             ///< MLOPT_FAKE_CUDA_TRACE: file, one line per call
  std::string leaks;             ///< MLOPT_FAKE_CUDA_LEAKS: file, one line per leak at exit

  static Settings fromEnvironment();
};

} // namespace fakecuda

#endif
