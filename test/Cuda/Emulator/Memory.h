//===- Memory.h - virtual device memory of the PTX emulator -----------------------------*- C++
//-*-===//
//
// Device addresses are not host addresses: every allocation lies at a virtual address far from
// anything that a host process maps, with an unmapped gap (the redzone) behind it, and its bytes
// live in a separate backing store. A freed range is never handed out again while address space is
// left, so that a use after free can be told from an access that is merely out of bounds.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_MEMORY_H
#define MLOPT_TEST_CUDA_EMULATOR_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ptxemu {

/// One range of device memory. `data` holds `size` bytes, zero pages until written.
struct Allocation {
  uint64_t address = 0;
  uint64_t size = 0;
  uint8_t *data = nullptr;
  /// One bit for every byte that was ever written; empty when Memory does not track this.
  std::vector<uint64_t> written;
  /// What the owner said it is, e.g. "cuMemAlloc #3" or "variable table of module 1".
  std::string name;
  bool live = true;

  uint64_t end() const { return address + size; }
  bool contains(uint64_t at, uint64_t bytes) const {
    return at >= address && bytes <= size && at - address <= size - bytes;
  }
  bool isWritten(uint64_t offset) const { return written[offset / 64] >> (offset % 64) & 1; }
  void markWritten(uint64_t offset, uint64_t bytes);
};

/// The memory of one device. All members may be called from several threads, except that nobody may
/// free what a running launch uses. Addresses and sizes are in bytes.
class Memory {
public:
  /// `total`: capacity in bytes. `base`: the first address, different for every device.
  /// `trackWritten`: keep a bit per byte that tells whether it was ever written.
  explicit Memory(uint64_t total = uint64_t(2) << 30, uint64_t base = 0x7f0000000000ull,
                  bool trackWritten = false);
  ~Memory();
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;

  /// Returns the address of `bytes` (> 0) bytes aligned to `alignment` (a power of two, at least
  /// 256 is used), or 0 when the capacity is exceeded.
  uint64_t allocate(uint64_t bytes, std::string name = {}, uint64_t alignment = 512);
  /// False when `address` is not the start of a live allocation.
  bool free(uint64_t address);

  /// Copies; false with a message when a byte of the device range is not in one live allocation.
  bool read(uint64_t address, void *host, uint64_t bytes, std::string &error) const;
  bool write(uint64_t address, const void *host, uint64_t bytes, std::string &error);
  bool copy(uint64_t to, uint64_t from, uint64_t bytes, std::string &error);
  /// Repeats the `width` (1, 2 or 4) low bytes of `value` `count` times.
  bool fill(uint64_t address, uint32_t value, unsigned width, uint64_t count, std::string &error);
  /// True when [address, address + bytes) lies in one live allocation, else `error` says what is
  /// there: a freed allocation, the nearest live one and the distance, or nothing.
  bool check(uint64_t address, uint64_t bytes, std::string &error) const;

  /// The live allocation that holds `address`, or null. Valid until it is freed.
  const Allocation *find(uint64_t address) const;
  Allocation *find(uint64_t address);
  /// In words: what lies at or near `address`.
  std::string describe(uint64_t address) const;

  uint64_t total() const { return capacity; }
  uint64_t used() const;
  bool tracksWritten() const { return track; }
  /// Live allocations in the order of their addresses.
  std::vector<const Allocation *> live() const;

private:
  const Allocation *locate(uint64_t address) const;

  uint64_t capacity, next, inUse = 0;
  bool track;
  mutable std::mutex lock;
  /// Sorted by address; freed ones stay, without their data, for messages.
  std::vector<std::unique_ptr<Allocation>> ranges;
};

} // namespace ptxemu

#endif
