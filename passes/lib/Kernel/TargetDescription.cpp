//===- TargetDescription.cpp - The table of CPU levels --------------------===//
#include "mlopt/Passes/TargetDescription.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Host.h"
#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace mlopt;

// Bits as in `mlopt_cpu_feature` of runtime/abi/module_abi.h, in its order: v2 is
// the first 7, v3 the first 15, v4 the first 20. The layering keeps that header out of
// passes; test/Tools/processor-levels.test checks the two against each other.
static uint64_t maskOf(unsigned count) { return (uint64_t(1) << count) - 1; }

namespace {
/// An instruction set beyond a psABI level: LLVM's name and the bit.
struct Extension {
  const char *name;
  unsigned bit;
};
} // namespace

static constexpr Extension vnni = {"avx512vnni", 20}, bf16 = {"avx512bf16", 21},
                           vbmi = {"avx512vbmi", 24}, avxVnni = {"avxvnni", 28},
                           amxTile = {"amx-tile", 35}, amxInt8 = {"amx-int8", 36};

/// The code of a target may use these. Emitters read flags, so those follow.
static void extend(TargetDescription &t, llvm::ArrayRef<Extension> extensions) {
  for (const Extension &e : extensions) {
    t.features += (t.features.empty() ? "+" : ",+") + std::string(e.name);
    t.requiredFeatures |= uint64_t(1) << e.bit;
    t.hasVNNI |= e.bit == vnni.bit || e.bit == avxVnni.bit;
    t.hasVBMI |= e.bit == vbmi.bit;
    t.hasBF16 |= e.bit == bf16.bit;
    t.hasAMX |= e.bit == amxInt8.bit;
  }
}

/// One of the psABI's levels.
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

namespace {
/// A kind of CPUs: a psABI level, extensions of it, and caches of a core. Only what the emitters
/// use is asked for, so that code for one kind also runs on others that have as much.
struct Processor {
  const char *name, *base;
  std::vector<Extension> extensions;
  int64_t l1KiB, l2KiB;
};
} // namespace

/// Weakest first.
static const std::vector<Processor> &processors() {
  static const std::vector<Processor> all = {
      {"alderlake", "x86-64-v3", {avxVnni}, 48, 1280},
      {"icelake-server", "x86-64-v4", {vnni, vbmi}, 48, 1280},
      {"znver4", "x86-64-v4", {vnni, vbmi, bf16}, 32, 1024},
      {"znver5", "x86-64-v4", {vnni, vbmi, bf16}, 48, 1024},
      {"sapphirerapids", "x86-64-v4", {vnni, vbmi, bf16, amxTile, amxInt8}, 48, 2048},
  };
  return all;
}

/// `emulateTiles`: tile operations become loops, so tile units are not asked for.
static TargetDescription makeProcessor(const Processor &p, bool emulateTiles) {
  TargetDescription t = makeLevel(p.base);
  t.name = p.name;
  for (const Extension &e : p.extensions)
    if (!emulateTiles || (e.bit != amxTile.bit && e.bit != amxInt8.bit))
      extend(t, e);
  t.hasAMX |= emulateTiles;
  t.emulateTiles = emulateTiles;
  t.l1Bytes = p.l1KiB * 1024;
  t.l2Bytes = p.l2KiB * 1024;
  return t;
}

/// Whether the kernel lets programs of this machine use tile registers.
static bool permitsTiles() {
#if defined(__linux__) && defined(__x86_64__)
  uint64_t states = 0;
  return syscall(SYS_arch_prctl, 0x1021 /* ARCH_GET_XCOMP_SUPP */, &states) == 0 &&
         states >> 18 & 1;
#else
  return false;
#endif
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
  bool v4 =
      has("avx512f") && has("avx512bw") && has("avx512cd") && has("avx512dq") && has("avx512vl");
  bool v3 = has("avx2") && has("fma") && has("bmi2") && has("f16c") && has("lzcnt") && has("movbe");
  TargetDescription t = makeLevel(v4 ? "x86-64-v4" : v3 ? "x86-64-v3" : "x86-64-v2");
  // The level's features and what emitters know beyond them, not the host's
  // whole list: two hosts of one kind give the same bytes.
  t.name = "host";
  if (v4)
    for (const Extension &e : {vnni, bf16, vbmi})
      if (has(e.name))
        extend(t, e);
  if (v3 && !v4 && has(avxVnni.name))
    extend(t, avxVnni);
  if (t.hasVNNI && t.hasMasks && has(amxTile.name) && has(amxInt8.name) && permitsTiles())
    extend(t, {amxTile, amxInt8});
  t.l1Bytes = readCacheBytes(0, t.l1Bytes);
  t.l2Bytes = readCacheBytes(2, t.l2Bytes);
  t.l3Bytes = readCacheBytes(3, t.l3Bytes);
  return t;
}

std::vector<std::string> mlopt::listTargets() {
  std::vector<std::string> names = {"x86-64-v2", "x86-64-v3", "x86-64-v4", "host"};
  for (const Processor &p : processors())
    names.insert(llvm::StringRef(p.base) == "x86-64-v3" ? names.end() - 2 : names.end() - 1,
                 p.name);
  return names;
}

/// Data-center chips of their families: A100, H100/H200, B200.
static std::optional<TargetDescription> makeGpu(llvm::StringRef name) {
  TargetDescription t;
  t.name = t.cpu = name.str();
  t.triple = "nvptx64-nvidia-cuda";
  t.vectorBytes = 16; // of one thread's widest access
  t.hasFMA = t.hasF16C = true;
  GpuDescription gpu;
  // The lowest PTX version that has the architecture's instructions: older drivers take it.
  if (name == "sm_80") {
    t.features = "+ptx70";
  } else if (name == "sm_90") {
    t.features = "+ptx78";
    gpu = {90, 132, 227 * 1024, 228 * 1024, 65536, 50 * 1024 * 1024, 3350, 67000, 989000};
  } else if (name == "sm_100") {
    t.features = "+ptx86";
    gpu = {100, 148, 227 * 1024, 228 * 1024, 65536, 126 * 1024 * 1024, 8000, 75000, 2250000};
  } else {
    return std::nullopt;
  }
  t.gpu = gpu;
  t.l2Bytes = gpu.l2Bytes;
  return t;
}

std::vector<std::string> mlopt::listGpuTargets() { return {"sm_80", "sm_90", "sm_100"}; }

std::optional<TargetDescription> mlopt::getTarget(llvm::StringRef name) {
  if (name == "host")
    return makeHost();
  if (name.starts_with("sm_"))
    return makeGpu(name);
  if (name == "x86-64-v2" || name == "x86-64-v3" || name == "x86-64-v4")
    return makeLevel(name);
  llvm::StringRef plain = name;
  // For tests (docs/Testing.md): not listed.
  bool emulateTiles = plain.consume_back("+emulated-tiles");
  for (const Processor &p : processors()) {
    if (plain != p.name)
      continue;
    TargetDescription t = makeProcessor(p, /*emulateTiles=*/false);
    if (!emulateTiles)
      return t;
    if (!t.hasAMX)
      return std::nullopt;
    t = makeProcessor(p, /*emulateTiles=*/true);
    t.name = name.str();
    return t;
  }
  return std::nullopt;
}
