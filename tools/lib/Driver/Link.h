//===- Link.h - From objects to files ---------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TOOLS_LIB_DRIVER_LINK_H
#define MLOPT_TOOLS_LIB_DRIVER_LINK_H

#include "Driver/Diagnostics.h"

namespace mlopt {

/// What goes into an artefact, as files.
struct LinkJob {
  std::vector<std::string> objects;
  std::vector<std::string> exports; ///< symbols that a shared library keeps
  std::string soname;
  std::string output;
};

/// The runtime's core that artefacts carry; empty after an error (MLO4003).
std::string findRuntimeCore(Diagnostics &diagnostics);

/// A shared library that needs libc and libm only. Exit code.
int linkSharedLibrary(const LinkJob &job, Diagnostics &diagnostics);
/// One relocatable object.
int linkRelocatable(const LinkJob &job, Diagnostics &diagnostics);
/// A static library with the objects as members, without times or owners.
int writeStaticLibrary(const LinkJob &job, Diagnostics &diagnostics);
/// A program with the runner and the model, through the system's C++ compiler.
int linkExecutable(const LinkJob &job, Diagnostics &diagnostics);

} // namespace mlopt

#endif // MLOPT_TOOLS_LIB_DRIVER_LINK_H
