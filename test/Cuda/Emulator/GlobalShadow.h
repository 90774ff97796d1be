//===- GlobalShadow.h - who touched which word of device memory in one launch -----------*- C++
//-*-===//
//
// Finds accesses to the same bytes of device memory by different threads of one launch that nothing
// orders, one of them a plain write. Threads of a block are ordered by its barriers (see Shadow.h);
// blocks only by atomics: who touches a location atomically after another block did knows all that
// the other did before. Two writes of equal values are let pass. Costs much: off by default.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_GLOBALSHADOW_H
#define MLOPT_TEST_CUDA_EMULATOR_GLOBALSHADOW_H

#include "Shadow.h"

#include <unordered_map>

namespace ptxemu {

class GlobalShadow {
public:
  /// Notes an access of `bytes` by one lane. `same`: a write that changes nothing.
  void access(Warp &warp, const Inst &inst, unsigned lane, uint64_t address, unsigned bytes,
              Access kind, bool same);

private:
  /// The times at which blocks were known to act: block -> its clock, exclusive.
  using Knowledge = std::unordered_map<uint64_t, uint64_t>;
  struct Touch {
    uint64_t block = ~uint64_t(0);
    uint64_t blockClock = 0; ///< atomics that the block had done
    uint32_t warpClock = 0, line = 0;
    uint8_t warp = 0, lane = 0;
    uint8_t bytes = 0; ///< mask within the word
    bool strong = false;
  };
  struct Word {
    Touch write;
    Touch reads[3]; ///< a few readers are enough to find most races, and never find a false one
    uint8_t nextRead = 0;
  };
  bool ordered(Warp &warp, const Touch &touch) const;

  std::unordered_map<uint64_t, Word> words;
  std::unordered_map<uint64_t, Knowledge> known; ///< by block
  std::unordered_map<uint64_t, Knowledge> given; ///< by location of an atomic
};

} // namespace ptxemu

#endif
