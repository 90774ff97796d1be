//===- Warp.h - the state of running warps and blocks -----------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_WARP_H
#define MLOPT_TEST_CUDA_EMULATOR_WARP_H

#include "AsyncCopy.h"
#include "GlobalShadow.h"
#include "Ptx.h"
#include "Shadow.h"

#include <array>
#include <cstdlib>
#include <new>

namespace ptxemu {

/// Bytes aligned for whole-warp loops.
class AlignedBytes {
public:
  AlignedBytes() = default;
  AlignedBytes(AlignedBytes &&other) noexcept { std::swap(bytes, other.bytes); }
  AlignedBytes &operator=(AlignedBytes &&other) noexcept {
    std::swap(bytes, other.bytes);
    std::swap(capacity, other.capacity);
    return *this;
  }
  ~AlignedBytes() { std::free(bytes); }
  /// At least `size` bytes, zeroed.
  void reset(size_t size);
  uint8_t *data() { return bytes; }

private:
  uint8_t *bytes = nullptr;
  size_t capacity = 0;
};

/// Lanes of one warp that run together, until `pc` comes to `reconverge`.
struct StackEntry {
  uint32_t pc, reconverge, mask;
  bool isFrame; ///< the first entry of a function's frame
};

struct Frame {
  const Function *function = nullptr;
  const CallSite *site = nullptr; ///< null for the kernel
  uint8_t *registers = nullptr;
  AlignedBytes owned;          ///< registers of a called function
  std::vector<uint8_t> params; ///< function->paramBytes for every lane
  uint32_t localBase = 0;
};

struct Block;

struct Warp {
  enum State : uint8_t { Ready, Waiting, Done };

  // What instructions touch.
  uint8_t *banks[3] = {};
  uint32_t active = 0; ///< lanes that execute the current instruction
  uint32_t live = 0;   ///< lanes that have not exited
  Block *block = nullptr;
  unsigned index = 0;
  State state = Ready;
  bool released = false;     ///< from the barrier at which the warp waited
  uint32_t barrier = 0;      ///< at which it waits
  uint32_t barrierValue = 0; ///< result of bar.red
  uint32_t waitLine = 0;
  uint32_t clock = 1; ///< see Shadow.h
  std::array<uint32_t, 32> seen{};
  AsyncCopies async;
  std::vector<uint8_t> local; ///< Block::localStride for every lane
  std::vector<Frame> frames;
  std::vector<StackEntry> stack;

  template <class T> T *out(const Inst &inst, unsigned index) {
    return reinterpret_cast<T *>(banks[kRegisters] + inst.ops[index].offset);
  }
  template <class T> const T *in(const Inst &inst, unsigned index) {
    const Operand &operand = inst.ops[index];
    return reinterpret_cast<const T *>(banks[operand.bank] + operand.offset);
  }
  /// The lanes for which a predicate operand holds.
  uint32_t predicate(const Inst &inst, unsigned index) {
    const Operand &operand = inst.ops[index];
    uint32_t bits = *reinterpret_cast<const uint32_t *>(banks[operand.bank] + operand.offset);
    return operand.negate ? ~bits : bits;
  }
  void setPredicate(const Inst &inst, unsigned index, uint32_t bits) {
    auto *to = reinterpret_cast<uint32_t *>(banks[kRegisters] + inst.ops[index].offset);
    *to = (*to & ~active) | (bits & active);
  }

  /// Executes up to `slice` instructions; returns early when it waits, ends, yields or fails.
  void run(uint64_t slice);
  void start(Block &owner, unsigned number);
  void fail(ErrorKind kind, const Inst &inst, unsigned lane, const std::string &message);

private:
  void call(const Inst &inst, uint32_t mask);
  void pop();
  void exitLanes(uint32_t mask);
  void diverge(const Inst &inst, uint32_t first, uint32_t firstMask, uint32_t second,
               uint32_t secondMask);
  void branchIndexed(const Inst &inst, uint32_t mask);
  void enter(const Function &function, Frame &frame);
};

/// A hardware barrier of a block.
struct Barrier {
  uint32_t threads = 0;  ///< that must arrive; 0: all that live
  uint32_t arrived = 0;  ///< threads
  uint32_t warps = 0;    ///< mask of the warps that arrived, waiting or not
  uint32_t ones = 0;     ///< threads whose predicate of bar.red held
  uint32_t voters = 0;   ///< threads that took part in a bar.red
  uint8_t operation = 0; ///< of bar.red: 0 none, 1 popc, 2 and, 3 or
  std::array<uint32_t, 32> seen{};
};

/// What all blocks of a launch share.
struct Grid {
  const Launch *launch = nullptr;
  const KernelCode *kernel = nullptr;
  const Program *program = nullptr;
  const Options *options = nullptr;
  Memory *memory = nullptr;
  GlobalShadow *shadow = nullptr; ///< null unless Options::globalRaces
  uint64_t id = 0;
};

/// A thread block with its warps; used again for one block after another by one host thread.
struct Block {
  const Grid *grid = nullptr;
  std::array<uint32_t, 3> index{};
  uint64_t linear = 0;
  unsigned threads = 0, warpCount = 0;
  uint32_t localStride = 0;
  std::vector<uint8_t> shared;
  SharedShadow shadow;
  std::array<Barrier, 16> barriers;
  uint32_t generation = 1; ///< the newest clock
  std::vector<Warp> warps;
  AlignedBytes registers, specials;
  Counters counters;
  std::vector<LineExcess> lines; ///< by line of the text
  uint64_t instructionsLeft = 0;
  uint64_t random = 1;
  Result result;
  unsigned turn = 0; ///< the warp that runs next
  /// Allocations that were found last.
  struct Found {
    uint64_t begin = 0, size = 0;
    Allocation *allocation = nullptr;
    uint8_t *data = nullptr;
  };
  std::array<Found, 4> found;
  unsigned foundNext = 0;

  void start(const Grid &owner, uint64_t linearIndex);
  /// Runs until all warps are done (true), the slice is used up (false), or `result` is an error
  /// (true).
  bool run(uint64_t slice);
  void arrive(Warp &warp, const Inst &inst, unsigned number, uint32_t expected, uint32_t threads,
              bool waits);
  void complete(unsigned number);
  void warpDone();
  uint32_t nextRandom() {
    random = random * 6364136223846793005ull + 1442695040888963407ull;
    return random >> 33;
  }
  /// The allocation around `address`, or null.
  Found *findAllocation(uint64_t address, uint64_t bytes);

private:
  void reportDeadlock();
};

} // namespace ptxemu

#endif
