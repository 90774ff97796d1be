//===- Shadow.h - who touched which byte of shared memory -------------------------------*- C++
//-*-===//
//
// Finds two accesses to the same byte by different warps, one of them a write, that no barrier
// orders. Every warp has a clock that moves when it passes a barrier or a fence; `seen[r]` of a
// warp tells up to which clock (exclusive) it knows what warp r did. An access by r at clock c
// happened before one by w if seen_w[r] > c. Words are tracked as wholes until somebody touches a
// part.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_SHADOW_H
#define MLOPT_TEST_CUDA_EMULATOR_SHADOW_H

#include <cstdint>
#include <string>
#include <vector>

namespace ptxemu {

struct Warp;
struct Inst;

enum class Access : uint8_t {
  Read,
  Write,
  StrongRead,
  StrongWrite, ///< strong: volatile, relaxed, acquire, release
  Atomic,      ///< read and write
  CopyIssue,
  CopyArrive ///< cp.async
};

class SharedShadow {
public:
  void reset(uint32_t bytes, bool checkRaces);
  /// Notes an access to [offset, offset + bytes), aligned to its size or to 16 bytes. Fails the
  /// warp on a race.
  void access(Warp &warp, const Inst &inst, unsigned lane, uint32_t offset, uint32_t bytes,
              Access kind);
  /// The same for all lanes of `mask`.
  void access(Warp &warp, const Inst &inst, uint32_t mask, const uint64_t *offsets, uint32_t bytes,
              Access kind);

private:
  struct Entry {
    uint32_t readMask = 0, readClock = 0; ///< warps that read since the last write
    uint32_t writeClock = 0;
    uint32_t readLine = 0, writeLine = 0;
    uint8_t writeWarp = 0;
    uint8_t flags = 0;
    uint16_t pendingCount = 0;
  };
  enum Flag : uint8_t {
    kWritten = 1,
    kInitialized = 2,
    kStrongWrite = 4,
    kStrongRead = 8,
    kSplit = 16
  };
  void touch(Entry &entry, Warp &warp, const Inst &inst, unsigned lane, uint32_t offset,
             Access kind);

  std::vector<Entry> words;
  std::vector<Entry> parts; ///< four for each split word, whose readMask is their index
  bool races = true;
};

} // namespace ptxemu

#endif
