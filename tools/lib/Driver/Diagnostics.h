//===- Diagnostics.h - Messages of the driver -------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_DIAGNOSTICS_H
#define MLOPT_TOOLS_LIB_DRIVER_DIAGNOSTICS_H

#include "Driver/CompileOptions.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/Twine.h"

#include <memory>
#include <mutex>

namespace mlopt {

/// Prints what goes wrong on standard error, as text or with --format=json as
/// one JSON object a line, and remembers the exit code that the first error asks for.
class Diagnostics {
public:
  /// Remarks are printed with `remarks`, warnings without `quiet`.
  Diagnostics(bool json, bool quiet, bool remarks);
  explicit Diagnostics(const CompileOptions &options);
  ~Diagnostics();

  /// Takes the diagnostics of a context until this object ends or attaches to another.
  void attach(mlir::MLIRContext &context);
  /// Stops taking them; needed before the context ends.
  void detach();

  /// An error that belongs to no operation. `code` 1010 prints as MLO1010 and
  /// gives the exit code; 0: none, and `exit` is taken. Returns the exit code.
  int error(unsigned code, const llvm::Twine &subject, const llvm::Twine &message, int exit = 0);
  /// A wrong command line: exit code 2.
  int usage(const llvm::Twine &message);
  void warning(const llvm::Twine &subject, const llvm::Twine &message);
  /// A line for -v.
  void note(const llvm::Twine &message);

  /// Whether an error was printed, and its exit code; errors without a code
  /// count as compile errors.
  bool hadError() const { return firstExit != 0; }
  int getExitCode() const { return firstExit; }
  /// The exit code of a step that failed: that of its message, or 70 if it failed silently.
  int failed();
  /// Whether the first error is none that a pass or an emitter reports on purpose: it has no
  /// code, or one of class MLO3xxx with exit code 70.
  bool isInternal() const { return firstExit == kExitInternal || (firstExit && !firstCode); }
  /// The first error as it was printed, without its notes.
  const std::string &getFirstError() const { return firstError; }
  /// What is being done, on one line of a terminal that the next status or message takes the place
  /// of; empty: nothing. Not with -q or --format=json. From any thread.
  void status(const llvm::Twine &text);
  /// Says where a report of an internal error lies.
  void reported(llvm::StringRef folder);

private:
  void handle(mlir::Diagnostic &diagnostic);
  void clearStatus() { status(""); }

  bool json, quiet, remarks;
  int firstExit = 0;
  unsigned firstCode = 0;
  std::string firstError;
  bool terminal; ///< a status can be shown
  bool statusShown = false;
  std::mutex statusMutex;
  mlir::MLIRContext *context = nullptr;
  mlir::DiagnosticEngine::HandlerID handler = 0;
};

/// A row of what `mlopt explain` knows; the importer's rows included.
struct ExplainedCode {
  unsigned code;
  llvm::StringRef title, explanation, remedy;
};
/// All codes, by rising number.
std::vector<ExplainedCode> getExplainedCodes();

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_DIAGNOSTICS_H
