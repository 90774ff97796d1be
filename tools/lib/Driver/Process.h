//===- Process.h - Other programs and temporary folders ---------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_PROCESS_H
#define MLOPT_TOOLS_LIB_DRIVER_PROCESS_H

#include "Driver/Diagnostics.h"

#include <string>

namespace mlopt {

/// A folder of this process's own in the system's temporary folder (or in
/// `parent`), removed with all in it at the end of the object and on a signal.
class ScratchFolder {
public:
  explicit ScratchFolder(llvm::StringRef parent = "");
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;

  /// Empty if it could not be made; `getError` then says why.
  const std::string &getPath() const { return path; }
  const std::string &getError() const { return error; }
  /// Path of a file in it. The file is removed when the process is interrupted.
  std::string file(llvm::StringRef name);

private:
  std::string path, error;
  std::vector<std::string> files;
};

/// Removes the folders of all objects alive, empty by then: for signal handlers.
void removeScratchFolders();

/// Runs a program and waits; its exit code, or -1 with a reason in `error`. Its standard
/// output goes to the file `output`, if one is named.
int runProgram(llvm::StringRef program, llvm::ArrayRef<std::string> arguments, std::string &error,
               llvm::StringRef output = "");

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_PROCESS_H
