//===- MemoryAccess.h - from addresses of lanes to host bytes, with all checks ----------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_MEMORYACCESS_H
#define MLOPT_TEST_CUDA_EMULATOR_MEMORYACCESS_H

#include "Warp.h"

namespace ptxemu {

/// The addresses of all lanes: op `operand` (8 or 4 bytes) + inst.imm.
void computeAddresses(Warp &warp, const Inst &inst, unsigned operand, uint64_t *addresses);

/// Host bytes of `bytes` at the address of every lane of `mask`; `pointers` of other lanes stay as
/// they are. Checks bounds, alignment (to `alignment`, or to `bytes` when it is 0) and races, and
/// counts requests, sectors and conflicts. False, after Warp::fail, when a lane may not.
bool resolve(Warp &warp, const Inst &inst, Space space, uint32_t mask, const uint64_t *addresses,
             unsigned bytes, Access kind, uint8_t **pointers, unsigned alignment = 0);

/// Adds one request of `bytes` per lane of `mask` to the counts.
void countGlobal(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *addresses,
                 unsigned bytes, bool isStore);
/// `offsets` in shared memory.
void countShared(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets,
                 unsigned bytes);

} // namespace ptxemu

#endif
