#include "Report.h"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace ptxemu;

Counters &Counters::operator+=(const Counters &other) {
  static_assert(sizeof(Counters) % sizeof(uint64_t) == 0, "only counts");
  auto *to = reinterpret_cast<uint64_t *>(this);
  auto *from = reinterpret_cast<const uint64_t *>(&other);
  for (size_t i = 0; i < sizeof(Counters) / sizeof(uint64_t); ++i)
    to[i] += from[i];
  return *this;
}

double Report::bankConflictFactor() const {
  return counters.sharedMinimum ? double(counters.sharedTransactions) / counters.sharedMinimum : 1;
}

static std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (unsigned char c : text) {
    char code[8];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += char(c);
    } else if (c < 0x20) {
      std::snprintf(code, sizeof code, "\\u%04x", c);
      result += code;
    } else {
      result += char(c);
    }
  }
  return result + "\"";
}

std::string Report::json() const {
  std::string text = "{";
  auto field = [&](const char *name, const std::string &value) {
    text += (text.size() > 1 ? ", " : "") + quoted(name) + ": " + value;
  };
  auto number = [&](const char *name, uint64_t value) { field(name, std::to_string(value)); };
  auto triple = [](const std::array<uint32_t, 3> &size) {
    return "[" + std::to_string(size[0]) + ", " + std::to_string(size[1]) + ", " +
           std::to_string(size[2]) + "]";
  };
  field("kernel", quoted(kernel));
  field("grid", triple(grid));
  field("block", triple(block));
  number("dynamic_shared", dynamicShared);
  number("static_shared", staticShared);
  number("instructions", counters.instructions);
  number("lane_instructions", counters.laneInstructions);
  number("load_requests", counters.loadRequests);
  number("load_sectors", counters.loadSectors);
  number("load_excess_sectors", counters.loadExcessSectors);
  number("load_bytes", counters.loadBytes);
  number("store_requests", counters.storeRequests);
  number("store_sectors", counters.storeSectors);
  number("store_excess_sectors", counters.storeExcessSectors);
  number("store_bytes", counters.storeBytes);
  number("atomic_requests", counters.atomicRequests);
  number("local_requests", counters.localRequests);
  number("shared_requests", counters.sharedRequests);
  number("shared_transactions", counters.sharedTransactions);
  number("shared_minimum", counters.sharedMinimum);
  char factor[32];
  std::snprintf(factor, sizeof factor, "%.4g", bankConflictFactor());
  field("bank_conflict_factor", factor);
  number("divergent_branches", counters.divergentBranches);
  number("barriers", counters.barriers);
  number("mma", counters.mma);
  number("async_copies", counters.asyncCopies);
  number("uninitialized_shared", counters.uninitializedShared);
  number("uninitialized_global", counters.uninitializedGlobal);
  if (!lines.empty()) {
    std::string list = "{";
    for (const auto &[line, excess] : lines)
      list += (list.size() > 1 ? ", " : "") + quoted(std::to_string(line)) +
              ": {\"requests\": " + std::to_string(excess.requests) +
              ", \"excess_sectors\": " + std::to_string(excess.excessSectors) +
              ", \"excess_transactions\": " + std::to_string(excess.excessTransactions) + "}";
    field("lines", list + "}");
  }
  if (!error.empty())
    field("error", quoted(error));
  return text + "}";
}

bool Report::append(const std::string &path) const {
  std::string line = json() + "\n";
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0)
    return false;
  bool good = ::write(file, line.data(), line.size()) == ssize_t(line.size());
  ::close(file);
  return good;
}
