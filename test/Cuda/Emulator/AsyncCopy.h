//===- AsyncCopy.h - cp.async in flight -------------------------------------------------*- C++
//-*-===//
//
// The bytes of a copy are taken at once and put into shared memory when the thread waits, so that a
// reader that does not wait finds the old ones.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_ASYNCCOPY_H
#define MLOPT_TEST_CUDA_EMULATOR_ASYNCCOPY_H

#include <array>
#include <cstdint>
#include <vector>

namespace ptxemu {

struct Inst;

struct AsyncCopies {
  struct Copy {
    const Inst *inst;
    uint32_t offset; ///< in shared memory
    uint32_t group;  ///< of its lane
    uint8_t lane, bytes;
    uint8_t data[16];
  };
  std::vector<Copy> pending;
  std::array<uint32_t, 32> committed{}; ///< groups that each lane has committed

  void reset() {
    pending.clear();
    committed.fill(0);
  }
};

} // namespace ptxemu

#endif
