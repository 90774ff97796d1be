//===- Report.h - what one kernel launch did --------------------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_REPORT_H
#define MLOPT_TEST_CUDA_EMULATOR_REPORT_H

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace ptxemu {

/// Counts of one launch. A request is one memory instruction of one warp; a sector is 32 bytes of
/// global memory; a transaction is one pass over the 32 banks of shared memory.
struct Counters {
  uint64_t instructions = 0;     ///< executed by a warp with at least one active lane
  uint64_t laneInstructions = 0; ///< the same, times the active lanes
  uint64_t loadRequests = 0, loadSectors = 0, loadExcessSectors = 0, loadBytes = 0;
  uint64_t storeRequests = 0, storeSectors = 0, storeExcessSectors = 0, storeBytes = 0;
  uint64_t atomicRequests = 0;
  uint64_t localRequests = 0; ///< loads and stores of local memory: spills, indexed local arrays
  uint64_t sharedRequests = 0, sharedTransactions = 0, sharedMinimum = 0;
  uint64_t divergentBranches = 0;
  uint64_t barriers = 0;    ///< times a warp arrived at a block barrier
  uint64_t mma = 0;         ///< matrix instructions of warps
  uint64_t asyncCopies = 0; ///< cp.async requests of warps
  /// Reads of words of shared memory that nobody wrote; lanes that read the same count once.
  uint64_t uninitializedShared = 0;
  /// Lanes that read device memory that nobody wrote; 0 unless Memory tracks it.
  uint64_t uninitializedGlobal = 0;

  Counters &operator+=(const Counters &other);
};

/// What one PTX instruction did beyond the necessary; only kept for instructions with an excess.
struct LineExcess {
  uint64_t excessSectors = 0, excessTransactions = 0, requests = 0;
};

struct Report {
  std::string kernel;
  std::array<uint32_t, 3> grid{1, 1, 1}, block{1, 1, 1};
  uint32_t dynamicShared = 0, staticShared = 0;
  Counters counters;
  /// By line of the PTX text.
  std::map<unsigned, LineExcess> lines;
  /// Why the launch failed; empty when it did not.
  std::string error;

  /// Shared-memory transactions over their minimum: 1 without conflicts, and without requests.
  double bankConflictFactor() const;
  /// One JSON object on one line, without the newline.
  std::string json() const;
  /// Appends json() and a newline to the file (whole lines, also from several processes).
  bool append(const std::string &path) const;
};

} // namespace ptxemu

#endif
