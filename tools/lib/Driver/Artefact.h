//===- Artefact.h - Kinds of output and their files -------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_ARTEFACT_H
#define MLOPT_TOOLS_LIB_DRIVER_ARTEFACT_H

#include "Driver/Diagnostics.h"

#include <functional>

namespace llvm {
class raw_ostream;
}

namespace mlopt {

/// What is written and where, derived from the command line.
struct OutputPlan {
  Emit emit = Emit::SharedLibrary;
  std::string path;   ///< "-": standard output
  std::string prefix; ///< of exported C names, a C identifier
  std::string header; ///< empty: none is written
  std::string depfile;
};

/// Decides kind, names and prefix. Empty after a usage error.
std::optional<OutputPlan> planOutput(const CompileOptions &options, Diagnostics &diagnostics);

/// "so", "obj", ...
llvm::StringRef getEmitName(Emit emit);
bool isTextual(Emit emit);

/// Files that appear together: each is written under a temporary name in its own
/// folder and renamed by `commit`. Without a commit, and on a signal, nothing is left.
class OutputFiles {
public:
  OutputFiles();
  ~OutputFiles();
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;

  /// Reserves a temporary file for `path`; its name, or empty with `error` set.
  /// `executable`: mode 0777 less the umask.
  std::string reserve(llvm::StringRef path, bool executable, std::string &error);
  /// Writes bytes for `path`. False with `error` set.
  bool write(llvm::StringRef path, llvm::StringRef bytes, std::string &error);
  /// Gives every file its name. False with `error` set; files renamed before stay.
  bool commit(std::string &error);
  /// For a handler that is about to end the process: removes every temporary file, also one that
  /// another thread is making at this moment.
  static void removeAllAtSignal();

private:
  struct Entry {
    std::string path, temporary;
  };
  std::vector<Entry> entries;
};

/// Prints to the file (through a rename) or, for "-", to standard output. Returns an exit code.
int writeText(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> print,
              Diagnostics &diagnostics);

/// A depfile in make's syntax: `target` depends on `inputs`.
std::string makeDepfile(llvm::StringRef target, llvm::ArrayRef<std::string> inputs);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_ARTEFACT_H
