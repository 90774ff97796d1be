//===- CommandLine.h - Reading the command line ---------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_COMMANDLINE_H
#define MLOPT_TOOLS_LIB_DRIVER_COMMANDLINE_H

#include "Driver/CompileOptions.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace mlopt {

/// The verbs' names in the order of Verb, and one line on each.
struct VerbInfo {
  llvm::StringRef name, argument, description;
};
llvm::ArrayRef<VerbInfo> getVerbs();

/// Reads arguments (without the program's name). A missing verb is `compile`.
/// No global state: may be called any number of times. On failure `error` says
/// what is wrong and with what it could be replaced.
std::optional<CommandLine> parseCommandLine(llvm::ArrayRef<const char *> arguments,
                                            std::string &error);

/// `mlopt VERB --help`, or `mlopt --help` where `verb` is none.
void printHelp(llvm::raw_ostream &os, std::optional<Verb> verb, bool showHidden);

/// A script for bash, made from the table of options.
void printBashCompletion(llvm::raw_ostream &os);

/// A line of --batch as words, quoted as in a POSIX shell; failure: a quote is not closed.
std::optional<std::vector<std::string>> splitShellWords(llvm::StringRef line);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_COMMANDLINE_H
