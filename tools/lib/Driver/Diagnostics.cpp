//===- Diagnostics.cpp - Messages of the driver ---------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Diagnostics.h"

#include "mlir/IR/MLIRContext.h"
#include "mlopt/Frontend/ErrorCodes.h"
#include "mlopt/Frontend/Locations.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

namespace mlopt {

Diagnostics::Diagnostics(bool json, bool quiet, bool remarks)
    : json(json), quiet(quiet), remarks(remarks),
      terminal(!quiet && !json && llvm::sys::Process::StandardErrIsDisplayed()) {}
Diagnostics::Diagnostics(const CompileOptions &options)
    : Diagnostics(options.json, options.quiet, options.verbose || options.reportFusion) {}

Diagnostics::~Diagnostics() {
  detach();
  clearStatus();
}

void Diagnostics::attach(mlir::MLIRContext &newContext) {
  detach();
  context = &newContext;
  handler = context->getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
    handle(diagnostic);
    return mlir::success();
  });
}

void Diagnostics::detach() {
  if (context)
    context->getDiagEngine().eraseHandler(handler);
  context = nullptr;
}

void Diagnostics::status(const llvm::Twine &text) {
  if (!terminal)
    return;
  std::lock_guard<std::mutex> lock(statusMutex);
  std::string line = text.str();
  if (statusShown || !line.empty())
    llvm::errs() << "\r\033[K" + line;
  statusShown = !line.empty();
}

static llvm::StringRef severityName(mlir::DiagnosticSeverity severity) {
  switch (severity) {
  case mlir::DiagnosticSeverity::Error:
    return "error";
  case mlir::DiagnosticSeverity::Warning:
    return "warning";
  case mlir::DiagnosticSeverity::Remark:
    return "remark";
  case mlir::DiagnosticSeverity::Note:
    return "note";
  }
  return "error";
}

/// What an error without a code is: MLIR's own verifiers and passes give none, and only a fault of
/// the compiler lets them speak.
static constexpr unsigned fallbackCode = 3001;

/// "MLO1010" and the text behind it; no code for what is no error.
static std::pair<std::string, std::string> splitCode(llvm::StringRef text, bool isError) {
  unsigned code = parseErrorCode(text);
  if (!code)
    return {isError ? formatErrorCode(fallbackCode) : "", text.str()};
  return {formatErrorCode(code), text.split(':').second.ltrim().str()};
}

static llvm::json::Object describe(mlir::Diagnostic &diagnostic) {
  NodeLocation where = splitLocation(diagnostic.getLocation());
  auto [code, message] =
      splitCode(diagnostic.str(), diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error);
  llvm::json::Object object{{"severity", severityName(diagnostic.getSeverity())},
                            {"code", code},
                            {"file", where.file},
                            {"node", where.name},
                            {"operator", where.opType},
                            {"message", message}};
  if (where.line)
    object["line"] = where.line;
  return object;
}

void Diagnostics::handle(mlir::Diagnostic &diagnostic) {
  mlir::DiagnosticSeverity severity = diagnostic.getSeverity();
  if (severity == mlir::DiagnosticSeverity::Remark && !remarks)
    return;
  if (severity == mlir::DiagnosticSeverity::Warning && quiet)
    return;
  if (severity == mlir::DiagnosticSeverity::Error && !firstExit) {
    firstCode = parseErrorCode(diagnostic.str());
    if (!firstCode)
      firstCode = fallbackCode;
    firstExit = mlopt::getExitCode(firstCode);
    firstError = diagnostic.str();
  }
  std::string text;
  if (json) {
    llvm::json::Object object = describe(diagnostic);
    llvm::json::Array notes;
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      notes.push_back(describe(note));
    object["notes"] = std::move(notes);
    llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object)) << "\n";
  } else {
    text = formatDiagnostic(diagnostic, fallbackCode);
  }
  clearStatus();
  llvm::errs() << text; // one write a message: kernels are compiled on several threads
}

int Diagnostics::error(unsigned code, const llvm::Twine &subject, const llvm::Twine &message,
                       int exit) {
  if (code)
    exit = mlopt::getExitCode(code);
  if (!firstExit) {
    firstExit = exit;
    firstCode = code;
    firstError = (subject + ": " + message).str();
  }
  std::string number = code ? formatErrorCode(code) : "";
  clearStatus();
  if (json) {
    llvm::errs() << llvm::json::Value(llvm::json::Object{{"severity", "error"},
                                                         {"code", number},
                                                         {"file", subject.str()},
                                                         {"message", message.str()}})
                 << "\n";
    return exit;
  }
  llvm::errs() << subject << ": error: " << number << (code ? ": " : "") << message << "\n";
  return exit;
}

int Diagnostics::usage(const llvm::Twine &message) {
  int exit = error(0, "mlopt", message, kExitUsage);
  if (!json)
    llvm::errs() << "Try 'mlopt --help'.\n";
  return exit;
}

void Diagnostics::warning(const llvm::Twine &subject, const llvm::Twine &message) {
  if (quiet || json)
    return;
  clearStatus();
  llvm::errs() << subject << ": warning: " << message << "\n";
}

void Diagnostics::note(const llvm::Twine &message) {
  if (!remarks || json)
    return;
  clearStatus();
  llvm::errs() << "mlopt: " << message << "\n";
}

void Diagnostics::reported(llvm::StringRef folder) {
  clearStatus();
  if (json)
    llvm::errs() << llvm::json::Value(llvm::json::Object{
                        {"severity", "note"},
                        {"reproducer", folder},
                        {"message", "what is needed to find the fault lies in " + folder.str()}})
                 << "\n";
  else
    llvm::errs() << "mlopt: note: what is needed to find the fault lies in " << folder << "\n";
}

int Diagnostics::failed() {
  if (!firstExit)
    error(fallbackCode, "mlopt", "a step failed without saying why: please report this");
  return firstExit;
}

} // namespace mlopt
