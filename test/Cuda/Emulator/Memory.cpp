#include "Memory.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>

using namespace ptxemu;

/// Address space left free behind every allocation.
static constexpr uint64_t kRedzone = 4096;

static std::string hex(uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

void Allocation::markWritten(uint64_t offset, uint64_t bytes) {
  for (uint64_t at = offset; at < offset + bytes;) {
    uint64_t bit = at % 64, run = std::min<uint64_t>(64 - bit, offset + bytes - at);
    uint64_t ones = run == 64 ? ~0ull : (uint64_t(1) << run) - 1;
    __atomic_fetch_or(&written[at / 64], ones << bit, __ATOMIC_RELAXED);
    at += run;
  }
}

Memory::Memory(uint64_t total, uint64_t base, bool trackWritten)
    : capacity(total), next(base), track(trackWritten) {}

Memory::~Memory() {
  for (const auto &range : ranges)
    if (range->data)
      munmap(range->data, range->size);
}

uint64_t Memory::allocate(uint64_t bytes, std::string name, uint64_t alignment) {
  std::lock_guard<std::mutex> guard(lock);
  if (bytes == 0 || bytes > capacity - inUse)
    return 0;
  alignment = std::max<uint64_t>(alignment, 256);
  // Pages of zeros that the host provides when they are first touched.
  void *data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED)
    return 0;
  auto range = std::make_unique<Allocation>();
  range->address = (next + alignment - 1) / alignment * alignment;
  range->size = bytes;
  range->data = static_cast<uint8_t *>(data);
  range->name = std::move(name);
  if (track)
    range->written.resize((bytes + 63) / 64);
  next = range->end() + kRedzone;
  inUse += bytes;
  ranges.push_back(std::move(range));
  return ranges.back()->address;
}

bool Memory::free(uint64_t address) {
  std::lock_guard<std::mutex> guard(lock);
  auto *range = const_cast<Allocation *>(locate(address));
  if (!range || range->address != address || !range->live)
    return false;
  munmap(range->data, range->size);
  range->data = nullptr;
  range->live = false;
  range->written = {};
  inUse -= range->size;
  // Long runs must not collect dead ranges without end; the oldest are forgotten first.
  if (ranges.size() > 65536)
    ranges.erase(std::remove_if(ranges.begin(), ranges.end() - 4096,
                                [](const auto &old) { return !old->live; }),
                 ranges.end() - 4096);
  return true;
}

/// The range with the greatest start that is not above `address`, live or not; null without one.
const Allocation *Memory::locate(uint64_t address) const {
  auto above =
      std::upper_bound(ranges.begin(), ranges.end(), address,
                       [](uint64_t value, const auto &range) { return value < range->address; });
  return above == ranges.begin() ? nullptr : std::prev(above)->get();
}

const Allocation *Memory::find(uint64_t address) const {
  std::lock_guard<std::mutex> guard(lock);
  const Allocation *range = locate(address);
  return range && range->live && address < range->end() ? range : nullptr;
}

Allocation *Memory::find(uint64_t address) {
  return const_cast<Allocation *>(static_cast<const Memory *>(this)->find(address));
}

std::string Memory::describe(uint64_t address) const {
  std::lock_guard<std::mutex> guard(lock);
  auto text = [](const Allocation &range) {
    return (range.name.empty() ? std::string("allocation") : "allocation '" + range.name + "'") +
           " [" + hex(range.address) + ", " + hex(range.end()) + ") of " +
           std::to_string(range.size) + " bytes";
  };
  const Allocation *below = locate(address);
  if (below && address < below->end())
    return (below->live ? "inside " : "inside freed ") + text(*below);
  auto after =
      std::upper_bound(ranges.begin(), ranges.end(), address,
                       [](uint64_t value, const auto &range) { return value < range->address; });
  const Allocation *above = after == ranges.end() ? nullptr : after->get();
  if (below && (!above || address - below->end() <= above->address - address))
    return std::to_string(address - below->end()) + " bytes behind the end of " +
           (below->live ? "" : "freed ") + text(*below);
  if (above && above->address - address < kRedzone * 16)
    return std::to_string(above->address - address) + " bytes before " +
           (above->live ? "" : "freed ") + text(*above);
  return address < 65536 ? "no device address (a null pointer and a small offset?)"
                         : "no device address: nothing is allocated there";
}

bool Memory::check(uint64_t address, uint64_t bytes, std::string &error) const {
  if (bytes == 0)
    return true;
  const Allocation *range = find(address);
  if (range && range->contains(address, bytes))
    return true;
  uint64_t at = range ? range->end() : address;
  error =
      hex(address) + " + " + std::to_string(bytes) + " bytes: " + hex(at) + " is " + describe(at);
  return false;
}

bool Memory::read(uint64_t address, void *host, uint64_t bytes, std::string &error) const {
  if (!check(address, bytes, error))
    return false;
  if (bytes) {
    const Allocation *range = find(address);
    std::memcpy(host, range->data + (address - range->address), bytes);
  }
  return true;
}

bool Memory::write(uint64_t address, const void *host, uint64_t bytes, std::string &error) {
  if (!check(address, bytes, error))
    return false;
  if (bytes) {
    Allocation *range = find(address);
    std::memcpy(range->data + (address - range->address), host, bytes);
    if (track)
      range->markWritten(address - range->address, bytes);
  }
  return true;
}

bool Memory::copy(uint64_t to, uint64_t from, uint64_t bytes, std::string &error) {
  if (!check(from, bytes, error) || !check(to, bytes, error))
    return false;
  if (bytes == 0)
    return true;
  const Allocation *source = find(from);
  Allocation *target = find(to);
  std::memmove(target->data + (to - target->address), source->data + (from - source->address),
               bytes);
  if (track)
    for (uint64_t i = 0; i < bytes; ++i)
      if (source->isWritten(from - source->address + i))
        target->markWritten(to - target->address + i, 1);
  return true;
}

bool Memory::fill(uint64_t address, uint32_t value, unsigned width, uint64_t count,
                  std::string &error) {
  if (!check(address, width * count, error))
    return false;
  if (count == 0)
    return true;
  Allocation *range = find(address);
  uint8_t *data = range->data + (address - range->address);
  for (uint64_t i = 0; i < count; ++i)
    std::memcpy(data + i * width, &value, width);
  if (track)
    range->markWritten(address - range->address, width * count);
  return true;
}

uint64_t Memory::used() const {
  std::lock_guard<std::mutex> guard(lock);
  return inUse;
}

std::vector<const Allocation *> Memory::live() const {
  std::lock_guard<std::mutex> guard(lock);
  std::vector<const Allocation *> result;
  for (const auto &range : ranges)
    if (range->live)
      result.push_back(range.get());
  return result;
}
