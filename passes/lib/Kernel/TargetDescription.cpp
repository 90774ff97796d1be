//===- TargetDescription.cpp - The table of CPU levels --------------------===//
#include "mlopt/Passes/TargetDescription.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Host.h"

using namespace mlopt;

// Bits as in `mlopt_cpu_feature` of runtime/abi/module_abi.h, in its order: v2 is
// the first 7, v3 the first 15, v4 the first 20, then vnni and bf16. The layering
// keeps that header out of passes; the code generator checks the two against each other.
static uint64_t maskOf(unsigned count) { return (uint64_t(1) << count) - 1; }

static TargetDescription makeLevel(llvm::StringRef name) {
  TargetDescription t;
  t.name = t.cpu = name.str();
  // One tuning model everywhere: others reschedule hand-placed accumulators
  // into spills (cpu-zen5.md section 6).
  t.tuneCpu = "sapphirerapids";
  t.requiredFeatures = maskOf(7);
  if (name == "x86-64-v3" || name == "x86-64-v4") {
    t.vectorBytes = 32;
    t.hasFMA = t.hasF16C = true;
    t.requiredFeatures = maskOf(15);
  }
  if (name == "x86-64-v4") {
    t.vectorBytes = 64;
    t.vectorRegisters = 32;
    t.hasMasks = true;
    t.requiredFeatures = maskOf(20);
  }
  return t;
}

/// Bytes of a cache of this machine from the kernel's tables, or `fallback`.
static int64_t readCacheBytes(int index, int64_t fallback) {
  std::string path = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/size";
  auto buffer = llvm::MemoryBuffer::getFileAsStream(path);
  if (!buffer)
    return fallback;
  llvm::StringRef text = (*buffer)->getBuffer().trim();
  int64_t scale = text.consume_back("K") ? 1024 : text.consume_back("M") ? 1024 * 1024 : 1, value;
  return text.getAsInteger(10, value) || value <= 0 ? fallback : value * scale;
}

static TargetDescription makeHost() {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  auto has = [&](llvm::StringRef f) { return features.lookup(f); };
  bool v4 = has("avx512f") && has("avx512bw") && has("avx512cd") && has("avx512dq") && has("avx512vl");
  bool v3 = has("avx2") && has("fma") && has("bmi2") && has("f16c") && has("lzcnt") && has("movbe");
  TargetDescription t = makeLevel(v4 ? "x86-64-v4" : v3 ? "x86-64-v3" : "x86-64-v2");
  // The level's features and what emitters know beyond them, not the host's
  // whole list: two hosts of one kind give the same bytes.
  t.name = "host";
  t.hasVNNI = v4 && has("avx512vnni");
  t.hasBF16 = v4 && has("avx512bf16");
  if (t.hasVNNI) {
    t.features += "+avx512vnni";
    t.requiredFeatures |= uint64_t(1) << 20;
  }
  if (t.hasBF16) {
    t.features += t.features.empty() ? "+avx512bf16" : ",+avx512bf16";
    t.requiredFeatures |= uint64_t(1) << 21;
  }
  t.l1Bytes = readCacheBytes(0, t.l1Bytes);
  t.l2Bytes = readCacheBytes(2, t.l2Bytes);
  t.l3Bytes = readCacheBytes(3, t.l3Bytes);
  return t;
}

std::vector<std::string> mlopt::listTargets() {
  return {"x86-64-v2", "x86-64-v3", "x86-64-v4", "host"};
}

std::optional<TargetDescription> mlopt::getTarget(llvm::StringRef name) {
  if (name == "host")
    return makeHost();
  if (name == "x86-64-v2" || name == "x86-64-v3" || name == "x86-64-v4")
    return makeLevel(name);
  return std::nullopt;
}
