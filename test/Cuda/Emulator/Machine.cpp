//===- Machine.cpp - launches: checks, blocks on host threads, the report
//-----------------------===//

#include "Warp.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>

using namespace ptxemu;

Options Options::fromEnvironment() {
  Options options;
  auto number = [](const char *name, uint64_t otherwise) {
    const char *text = std::getenv(name);
    return text && *text ? std::strtoull(text, nullptr, 0) : otherwise;
  };
  options.threads = std::clamp<uint64_t>(number("MLOPT_FAKE_CUDA_THREADS", options.threads), 1, 64);
  options.seed = number("MLOPT_FAKE_CUDA_SEED", options.seed);
  options.instructionLimit = number("MLOPT_FAKE_CUDA_LIMIT", options.instructionLimit);
  options.strict = number("MLOPT_FAKE_CUDA_STRICT", 0);
  options.sharedRaces = number("MLOPT_FAKE_CUDA_RACES", 1);
  options.globalRaces = number("MLOPT_FAKE_CUDA_GLOBAL_RACES", 0);
  options.metrics = number("MLOPT_FAKE_CUDA_METRICS", 1);
  if (const char *file = std::getenv("MLOPT_FAKE_CUDA_REPORT"))
    options.reportFile = file;
  return options;
}

static Result checkLaunch(const Launch &launch, const KernelCode &kernel, const Options &options) {
  auto fail = [&](ErrorKind kind, const std::string &text) {
    return Result{kind, "kernel " + launch.kernel->name + ": " + text};
  };
  const Kernel &host = *launch.kernel;
  if (launch.parameterBytes != host.parameterBytes)
    return fail(ErrorKind::InvalidValue, std::to_string(launch.parameterBytes) +
                                             " bytes of parameters, expected " +
                                             std::to_string(host.parameterBytes));
  uint64_t threads = 1;
  const uint32_t gridLimit[3] = {0x7fffffff, 65535, 65535}, blockLimit[3] = {1024, 1024, 64};
  for (unsigned i = 0; i < 3; ++i) {
    if (launch.grid[i] == 0 || launch.block[i] == 0 || launch.grid[i] > gridLimit[i] ||
        launch.block[i] > blockLimit[i])
      return fail(ErrorKind::InvalidValue, "grid or block size " + std::to_string(launch.grid[i]) +
                                               ", " + std::to_string(launch.block[i]) +
                                               " in dimension " + std::to_string(i) +
                                               " is 0 or over the limit");
    threads *= launch.block[i];
    if (host.requiredBlock[0] && host.requiredBlock[i] != launch.block[i])
      return fail(ErrorKind::InvalidValue, "block size differs from .reqntid");
  }
  if (threads > 1024)
    return fail(ErrorKind::InvalidValue, std::to_string(threads) + " threads, at most 1024");
  if (threads > host.maxThreads)
    return fail(ErrorKind::OutOfResources, std::to_string(threads) + " threads, .maxntid allows " +
                                               std::to_string(host.maxThreads));
  uint64_t shared = uint64_t(kernel.staticShared) + launch.dynamicShared;
  if (kernel.staticShared > 49152)
    return fail(ErrorKind::OutOfResources, std::to_string(kernel.staticShared) +
                                               " bytes of static shared memory, at most 49152");
  if (shared > options.maxSharedPerBlock)
    return fail(ErrorKind::InvalidValue, std::to_string(shared) +
                                             " bytes of shared memory, at most " +
                                             std::to_string(options.maxSharedPerBlock));
  return {};
}

namespace {
/// What several host threads share while they run one launch.
struct Progress {
  std::atomic<uint64_t> next{0};
  /// The lowest block that failed; blocks above it need not run.
  std::atomic<uint64_t> failed{~uint64_t(0)};
  std::atomic<uint64_t> instructions{0};
};
} // namespace

/// Blocks of a kernel that orders them by atomics: each in turn, but one that waits for a later
/// one (it does not end within its slice) lets the later ones run.
static void runOrdered(const Grid &grid, uint64_t count,
                       std::vector<std::unique_ptr<Block>> &blocks, Progress &progress) {
  constexpr uint64_t kSlice = 1 << 18;
  constexpr size_t kResident = 264;
  std::vector<std::unique_ptr<Block>> running, idle;
  uint64_t started = 0;
  while (started < count || !running.empty()) {
    while (started < count && running.size() < kResident) {
      std::unique_ptr<Block> block;
      if (idle.empty()) {
        block = std::make_unique<Block>();
      } else {
        block = std::move(idle.back());
        idle.pop_back();
      }
      block->start(grid, started++);
      running.push_back(std::move(block));
      // Those before it first: most blocks end within one slice.
      Block &newest = *running.back();
      newest.instructionsLeft = grid.options->instructionLimit - progress.instructions;
      uint64_t before = newest.counters.instructions;
      bool ended = newest.run(kSlice);
      progress.instructions += newest.counters.instructions - before;
      if (newest.result.kind != ErrorKind::None) {
        progress.failed = newest.linear;
        started = count;
        break;
      }
      if (ended) {
        idle.push_back(std::move(running.back()));
        running.pop_back();
      }
    }
    if (progress.failed != ~uint64_t(0))
      break;
    for (size_t i = 0; i < running.size();) {
      Block &block = *running[i];
      uint64_t used = progress.instructions, limit = grid.options->instructionLimit;
      block.instructionsLeft = used < limit ? limit - used : 0;
      uint64_t before = block.counters.instructions;
      bool ended = block.run(kSlice);
      progress.instructions += block.counters.instructions - before;
      if (block.result.kind != ErrorKind::None) {
        progress.failed = block.linear;
        break;
      }
      if (ended) {
        idle.push_back(std::move(running[i]));
        running.erase(running.begin() + i);
      } else {
        ++i;
      }
    }
    if (progress.failed != ~uint64_t(0))
      break;
  }
  for (auto *list : {&running, &idle})
    for (auto &block : *list)
      blocks.push_back(std::move(block));
}

static void runParallel(const Grid &grid, uint64_t count, Block &block, Progress &progress) {
  for (;;) {
    uint64_t index = progress.next++;
    if (index >= count || index > progress.failed)
      return;
    block.start(grid, index);
    // The limit is one for the launch: what other threads use at this moment does not count, so
    // that the outcome does not depend on their speed.
    block.instructionsLeft = grid.options->instructionLimit;
    uint64_t before = block.counters.instructions;
    block.run(~uint64_t(0));
    progress.instructions += block.counters.instructions - before;
    if (block.result.kind == ErrorKind::None &&
        progress.instructions > grid.options->instructionLimit)
      block.result = {ErrorKind::Timeout, "kernel " + grid.launch->kernel->name + ": more than " +
                                              std::to_string(grid.options->instructionLimit) +
                                              " warp instructions"};
    if (block.result.kind != ErrorKind::None) {
      uint64_t lowest = progress.failed;
      while (index < lowest && !progress.failed.compare_exchange_weak(lowest, index)) {
      }
      return;
    }
  }
}

Result Machine::launch(const Launch &launch, Report &report) {
  static std::atomic<uint64_t> launches{0};
  const Program &program = launch.module->program();
  const KernelCode &kernel = program.kernels[launch.kernel->function];
  report = Report();
  report.kernel = launch.kernel->name;
  report.grid = launch.grid;
  report.block = launch.block;
  report.dynamicShared = launch.dynamicShared;
  report.staticShared = kernel.staticShared;
  Result result = checkLaunch(launch, kernel, options);
  std::vector<std::unique_ptr<Block>> blocks;
  Progress progress;
  if (result) {
    Grid grid;
    grid.launch = &launch;
    grid.kernel = &kernel;
    grid.program = &program;
    grid.options = &options;
    grid.memory = &memory;
    grid.id = launches++;
    uint64_t count = uint64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
    GlobalShadow shadow;
    if (options.globalRaces)
      grid.shadow = &shadow;
    if (kernel.ordered || options.globalRaces) {
      runOrdered(grid, count, blocks, progress);
    } else {
      unsigned threadCount = std::min<uint64_t>(options.threads, count);
      for (unsigned i = 0; i < threadCount; ++i)
        blocks.push_back(std::make_unique<Block>());
      std::vector<std::thread> others;
      for (unsigned i = 1; i < threadCount; ++i)
        others.emplace_back([&, i] { runParallel(grid, count, *blocks[i], progress); });
      runParallel(grid, count, *blocks[0], progress);
      for (std::thread &thread : others)
        thread.join();
    }
    std::vector<LineExcess> lines(program.lines.size() + 1);
    for (const auto &block : blocks) {
      report.counters += block->counters;
      for (size_t i = 0; i < block->lines.size(); ++i) {
        lines[i].excessSectors += block->lines[i].excessSectors;
        lines[i].excessTransactions += block->lines[i].excessTransactions;
        lines[i].requests += block->lines[i].requests;
      }
      if (block->result.kind != ErrorKind::None && block->linear == progress.failed)
        result = block->result;
    }
    for (size_t i = 0; i < lines.size(); ++i)
      if (lines[i].excessSectors || lines[i].excessTransactions)
        report.lines[i] = lines[i];
  }
  report.error = result.message;
  if (!options.reportFile.empty())
    report.append(options.reportFile);
  return result;
}
