//===- Link.cpp - From objects to files -----------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Link.h"

#include "Driver/Process.h"
#include "Driver/Verbs.h"
#include "lld/Common/Driver.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

namespace mlopt {

std::string findRuntimeCore(Diagnostics &diagnostics) {
  std::string path = findInstalled("lib", "mlopt_rt_core.o");
  if (path.empty())
    diagnostics.error(
        4003, "mlopt",
        "lib/mlopt_rt_core.o is not beside the compiler: the installation is incomplete");
  return path;
}

/// Runs LLD in this process. It keeps global state, so calls take turns.
static int runLld(llvm::ArrayRef<std::string> arguments, llvm::StringRef output,
                  Diagnostics &diagnostics) {
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return diagnostics.error(4002, output, "the linker failed before and cannot run again");
  std::vector<const char *> raw = {"ld.lld"};
  for (const std::string &argument : arguments)
    raw.push_back(argument.c_str());
  std::string out, err;
  llvm::raw_string_ostream outStream(out), errStream(err);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}};
  lld::Result result = lld::lldMain(raw, outStream, errStream, drivers);
  usable = result.canRunAgain;
  if (result.retCode == 0)
    return kExitOk;
  return diagnostics.error(4002, output, "linking failed: " + llvm::StringRef(err).trim());
}

int linkSharedLibrary(const LinkJob &job, Diagnostics &diagnostics) {
  std::string libc = findInstalled("lib/mlopt_stubs", "libc.so.6");
  std::string libm = findInstalled("lib/mlopt_stubs", "libm.so.6");
  if (libc.empty() || libm.empty())
    return diagnostics.error(
        4003, "mlopt",
        "lib/mlopt_stubs is not beside the compiler: the installation is incomplete");
  ScratchFolder scratch;
  if (scratch.getPath().empty())
    return diagnostics.error(3003, "mlopt", scratch.getError());
  std::string script = scratch.file("exports.map");
  std::error_code error;
  {
    llvm::raw_fd_ostream os(script, error);
    if (error)
      return diagnostics.error(3003, script, error.message());
    os << "{\n  global:\n";
    for (const std::string &name : job.exports)
      os << "    " << name << ";\n";
    os << "  local: *;\n};\n";
  }
  std::vector<std::string> arguments = {
      "-shared", "-m", "elf_x86_64", "--strip-all", "--build-id=none", "--hash-style=gnu",
      "--no-undefined", "-z", "noexecstack", "-z", "relro", "-z", "now", "-z", "text",
      // Artefacts are loaded by explicit code: pages of data must not be executable.
      "-z", "separate-code", "--threads=1", "--version-script=" + script, "-soname=" + job.soname,
      "-o", job.output};
  arguments.insert(arguments.end(), job.objects.begin(), job.objects.end());
  // libm only if something uses it.
  arguments.insert(arguments.end(), {"--as-needed", libc, libm});
  return runLld(arguments, job.soname, diagnostics);
}

int linkRelocatable(const LinkJob &job, Diagnostics &diagnostics) {
  std::vector<std::string> arguments = {"-r", "-m", "elf_x86_64", "--threads=1", "-o", job.output};
  arguments.insert(arguments.end(), job.objects.begin(), job.objects.end());
  return runLld(arguments, job.output, diagnostics);
}

int writeStaticLibrary(const LinkJob &job, Diagnostics &diagnostics) {
  std::vector<llvm::NewArchiveMember> members;
  for (const std::string &object : job.objects) {
    auto member = llvm::NewArchiveMember::getFile(object, /*Deterministic=*/true);
    if (!member)
      return diagnostics.error(4002, object, llvm::toString(member.takeError()));
    member->MemberName = llvm::sys::path::filename(object);
    members.push_back(std::move(*member));
  }
  if (llvm::Error error =
          llvm::writeArchive(job.output, members, llvm::SymtabWritingMode::NormalSymtab,
                             llvm::object::Archive::K_GNU, /*Deterministic=*/true,
                             /*Thin=*/false))
    return diagnostics.error(4002, job.output, llvm::toString(std::move(error)));
  return kExitOk;
}

int linkExecutable(const LinkJob &job, Diagnostics &diagnostics) {
  std::string runner = findInstalled("lib", "libmlopt_exe.a");
  if (runner.empty())
    return diagnostics.error(
        4003, "mlopt",
        "lib/libmlopt_exe.a is not beside the compiler: the installation is incomplete");
  std::string compiler;
  for (const char *name : {"c++", "g++", "clang++", "clang++-22"})
    if (auto found = llvm::sys::findProgramByName(name)) {
      compiler = *found;
      break;
    }
  if (compiler.empty())
    return diagnostics.error(4003, "mlopt",
                             "--emit=exe needs a C++ compiler (c++, g++ or clang++) in PATH; "
                             "--emit=so and --emit=obj need none");
  std::vector<std::string> arguments = {"-o", job.output};
  arguments.insert(arguments.end(), job.objects.begin(), job.objects.end());
  arguments.insert(arguments.end(),
                   {runner, "-lz", "-lpthread", "-ldl", "-lm", "-Wl,--build-id=none", "-s"});
  std::string error;
  int code = runProgram(compiler, arguments, error);
  if (code)
    return diagnostics.error(4002, job.output,
                             "'" + compiler + "' failed" + (error.empty() ? "" : ": " + error));
  return kExitOk;
}

} // namespace mlopt
