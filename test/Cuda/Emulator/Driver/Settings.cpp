//===- Settings.cpp - reads the environment -------------------------------===//
#include "Settings.h"

#include <cstdio>
#include <cstdlib>

using namespace fakecuda;

static std::string text(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

[[noreturn]] static void refuse(const char *name, const std::string &value, const char *expected) {
  std::fprintf(stderr, "fake CUDA: %s is '%s', expected %s\n", name, value.c_str(), expected);
  std::_Exit(2); // nothing is set up that the end of a process could look at
}

static uint64_t number(const char *name, const std::string &value) {
  char *end = nullptr;
  uint64_t result = std::strtoull(value.c_str(), &end, 0);
  if (value.empty() || *end)
    refuse(name, value, "a number");
  return result;
}

static uint64_t numberOr(const char *name, uint64_t otherwise) {
  std::string value = text(name);
  return value.empty() ? otherwise : number(name, value);
}

static std::vector<std::string> split(const std::string &list, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= list.size() && !list.empty()) {
    size_t end = list.find(separator, begin);
    if (end == std::string::npos)
      end = list.size();
    parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Settings Settings::fromEnvironment() {
  Settings settings;
  std::string archs = text("MLOPT_FAKE_CUDA_ARCH");
  for (const std::string &arch : split(archs.empty() ? "90" : archs, ','))
    settings.archs.push_back(unsigned(number("MLOPT_FAKE_CUDA_ARCH", arch)));
  settings.driver = int(numberOr("MLOPT_FAKE_CUDA_DRIVER", 13000));
  settings.memory = numberOr("MLOPT_FAKE_CUDA_MEMORY", settings.memory);
  settings.seed = numberOr("MLOPT_FAKE_CUDA_SEED", 0);
  settings.defer = numberOr("MLOPT_FAKE_CUDA_DEFER", 0);
  settings.trackWritten = numberOr("MLOPT_FAKE_CUDA_UNINIT", 0);
  for (const std::string &clause : split(text("MLOPT_FAKE_CUDA_FAIL"), ',')) {
    std::vector<std::string> parts = split(clause, ':');
    if (parts.empty() || parts.size() > 3)
      refuse("MLOPT_FAKE_CUDA_FAIL", clause, "name[:call[:code]]");
    Failure failure;
    failure.function = parts[0];
    if (parts.size() > 1)
      failure.call = parts[1] == "*" ? 0 : number("MLOPT_FAKE_CUDA_FAIL", parts[1]);
    if (parts.size() > 2)
      failure.result = CUresult(number("MLOPT_FAKE_CUDA_FAIL", parts[2]));
    settings.failures.push_back(failure);
  }
  for (const std::string &name : split(text("MLOPT_FAKE_CUDA_HIDE"), ','))
    settings.hidden.insert(name);
  settings.trace = text("MLOPT_FAKE_CUDA_TRACE");
  settings.leaks = text("MLOPT_FAKE_CUDA_LEAKS");
  return settings;
}
