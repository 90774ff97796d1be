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
#include "llvm/Support/raw_ostream.h"

namespace mlopt {

Diagnostics::Diagnostics(bool json, bool quiet, bool remarks)
    : json(json), quiet(quiet), remarks(remarks) {}
Diagnostics::Diagnostics(const CompileOptions &options)
    : Diagnostics(options.json, options.quiet, options.verbose || options.reportFusion) {}

Diagnostics::~Diagnostics() { detach(); }

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

/// "MLO1010" and the text behind it, or no code.
static std::pair<std::string, std::string> splitCode(llvm::StringRef text) {
  unsigned code = parseErrorCode(text);
  if (!code)
    return {"", text.str()};
  return {formatErrorCode(code), text.split(':').second.ltrim().str()};
}

static llvm::json::Object describe(mlir::Diagnostic &diagnostic) {
  NodeLocation where = splitLocation(diagnostic.getLocation());
  auto [code, message] = splitCode(diagnostic.str());
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
    unsigned code = parseErrorCode(diagnostic.str());
    firstExit = code ? mlopt::getExitCode(code) : int(kExitCompile);
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
    text = formatDiagnostic(diagnostic);
  }
  llvm::errs() << text; // one write a message: kernels are compiled on several threads
}

int Diagnostics::error(unsigned code, const llvm::Twine &subject, const llvm::Twine &message,
                       int exit) {
  if (code)
    exit = mlopt::getExitCode(code);
  if (!firstExit)
    firstExit = exit;
  std::string number = code ? formatErrorCode(code) : "";
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
  if (!quiet && !json)
    llvm::errs() << subject << ": warning: " << message << "\n";
}

void Diagnostics::note(const llvm::Twine &message) {
  if (remarks && !json)
    llvm::errs() << "mlopt: " << message << "\n";
}

int Diagnostics::failed() {
  if (!firstExit)
    error(0, "mlopt", "a step failed without saying why: please report this", kExitInternal);
  return firstExit;
}

} // namespace mlopt
