//===- Process.cpp - Other programs and temporary folders -----------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Process.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace mlopt {

/// Paths of the folders that exist now, for signal handlers. A slot is taken and given back whole.
static std::atomic<char *> liveFolders[16];

void removeScratchFolders() {
  // LLVM has removed the files by now; rmdir is safe in a handler.
  for (std::atomic<char *> &slot : liveFolders)
    if (const char *path = slot.load())
      ::rmdir(path);
}

static void rememberFolder(llvm::StringRef path) {
  char *copy = ::strdup(path.str().c_str());
  for (std::atomic<char *> &slot : liveFolders) {
    char *expected = nullptr;
    if (slot.compare_exchange_strong(expected, copy))
      return;
  }
  std::free(copy);
}

static void forgetFolder(llvm::StringRef path) {
  for (std::atomic<char *> &slot : liveFolders) {
    char *found = slot.load();
    if (found && path == found && slot.compare_exchange_strong(found, nullptr))
      std::free(found);
  }
}

ScratchFolder::ScratchFolder(llvm::StringRef parent) {
  llvm::SmallString<128> made;
  llvm::SmallString<128> prefix(parent);
  if (parent.empty())
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, prefix);
  llvm::sys::path::append(prefix, "mlopt");
  if (std::error_code code = llvm::sys::fs::createUniqueDirectory(prefix, made))
    error = "cannot make a temporary folder in " + llvm::sys::path::parent_path(prefix).str() +
            ": " + code.message();
  else
    rememberFolder(path = made.str().str());
}

ScratchFolder::~ScratchFolder() {
  if (path.empty())
    return;
  llvm::sys::fs::remove_directories(path);
  forgetFolder(path);
  for (const std::string &name : files)
    llvm::sys::DontRemoveFileOnSignal(name);
}

std::string ScratchFolder::file(llvm::StringRef name) {
  llvm::SmallString<256> full(path);
  llvm::sys::path::append(full, name);
  if (!llvm::is_contained(files, full)) {
    files.push_back(full.str().str());
    llvm::sys::RemoveFileOnSignal(full);
  }
  return full.str().str();
}

int runProgram(llvm::StringRef program, llvm::ArrayRef<std::string> arguments, std::string &error,
               llvm::StringRef output) {
  std::vector<llvm::StringRef> all = {program};
  all.insert(all.end(), arguments.begin(), arguments.end());
  bool failed = false;
  std::optional<llvm::StringRef> redirects[3];
  if (!output.empty())
    redirects[1] = output;
  int code =
      llvm::sys::ExecuteAndWait(program, all, std::nullopt, redirects, 0, 0, &error, &failed);
  return failed ? -1 : code;
}

} // namespace mlopt
