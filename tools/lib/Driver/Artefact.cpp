//===- Artefact.cpp - Kinds of output and their files ---------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Artefact.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <csignal>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

namespace mlopt {

static const struct {
  Emit emit;
  llvm::StringRef name, suffix;
} emitKinds[] = {
    {Emit::SharedLibrary, "so", ".so"}, {Emit::Object, "obj", ".o"},
    {Emit::Archive, "archive", ".a"},   {Emit::Executable, "exe", ""},
    {Emit::Mlir, "mlir", ".mlir"},      {Emit::Llvm, "llvm", ".ll"},
    {Emit::Assembly, "asm", ".s"},      {Emit::Ptx, "ptx", ".ptx"},
};

llvm::StringRef getEmitName(Emit emit) { return emitKinds[static_cast<size_t>(emit)].name; }

bool isTextual(Emit emit) {
  return emit == Emit::Mlir || emit == Emit::Llvm || emit == Emit::Assembly || emit == Emit::Ptx;
}

/// A C identifier close to `name`.
static std::string makeIdentifier(llvm::StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result[0]))
    result = "m" + result;
  return result;
}

/// A device, a pipe or the like: written to, never replaced, and nothing is laid beside it.
static bool isSpecialFile(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) && !llvm::sys::fs::is_regular_file(status) &&
         !llvm::sys::fs::is_directory(status);
}

static std::error_code copyInto(llvm::StringRef from, llvm::StringRef to) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> bytes = llvm::MemoryBuffer::getFile(from);
  if (!bytes)
    return bytes.getError();
  std::error_code code;
  llvm::raw_fd_ostream os(to, code, llvm::sys::fs::CD_OpenExisting, llvm::sys::fs::FA_Write,
                          llvm::sys::fs::OF_None);
  if (code)
    return code;
  os << (*bytes)->getBuffer();
  os.close();
  code = os.error();
  os.clear_error();
  return code;
}

std::optional<OutputPlan> planOutput(const CompileOptions &options, Diagnostics &diagnostics) {
  OutputPlan plan;
  plan.path = options.output;
  bool stops = options.stopAfter && *options.stopAfter < Phase::Object; // text comes out
  llvm::StringRef suffix = llvm::sys::path::extension(plan.path);
  if (options.emit) {
    plan.emit = *options.emit;
  } else if (!plan.path.empty() && plan.path != "-") {
    std::optional<Emit> found;
    for (const auto &kind : emitKinds)
      if (!suffix.empty() && suffix == kind.suffix)
        found = kind.emit;
    if (!found && !stops) {
      diagnostics.usage("the suffix of '" + plan.path +
                        "' names no kind of output; give --emit=so|obj|archive|exe|mlir|llvm|asm|ptx");
      return std::nullopt;
    }
    plan.emit = found.value_or(Emit::Mlir);
  } else if (plan.path == "-") {
    plan.emit = Emit::Mlir;
  }
  if (options.stopAfter == Phase::Kernels && !isTextual(plan.emit))
    plan.emit = Emit::Llvm;
  if (plan.emit == Emit::Ptx && options.gpus.empty()) {
    diagnostics.usage("--emit=ptx needs --gpu=ARCHITECTURE, such as --gpu=sm_90");
    return std::nullopt;
  }
  bool text = isTextual(plan.emit) || stops;
  if (plan.path.empty()) {
    if (stops) {
      plan.path = "-";
    } else if (options.model == "-") {
      diagnostics.usage("a model from standard input needs -o OUT");
      return std::nullopt;
    } else {
      plan.path = llvm::sys::path::stem(options.model).str() +
                  emitKinds[static_cast<size_t>(plan.emit)].suffix.str();
    }
  }
  if (plan.path == "-" && !text) {
    diagnostics.usage("--emit=" + getEmitName(plan.emit) +
                      " cannot go to standard output; give -o OUT");
    return std::nullopt;
  }
  if (plan.path != "-" && options.model != "-" &&
      llvm::sys::fs::equivalent(plan.path, options.model)) {
    diagnostics.usage("the output '" + plan.path + "' is the model itself");
    return std::nullopt;
  }
  llvm::StringRef stem = llvm::sys::path::stem(plan.path == "-" ? options.model : plan.path);
  if ((plan.emit == Emit::SharedLibrary || plan.emit == Emit::Archive) && stem.starts_with("lib") &&
      stem.size() > 3)
    stem = stem.drop_front(3);
  plan.prefix = options.prefix.empty() ? makeIdentifier(stem) : options.prefix;
  bool binary = !text && plan.emit != Emit::Executable;
  if (options.header != "none" && binary && !(options.header.empty() && isSpecialFile(plan.path))) {
    llvm::SmallString<256> header(plan.path);
    llvm::sys::path::replace_extension(header, ".h");
    plan.header = options.header.empty() ? header.str().str() : options.header;
  }
  if (options.depfile && plan.path != "-")
    plan.depfile = options.depfileName.empty() ? plan.path + ".d" : options.depfileName;
  return plan;
}

OutputFiles::OutputFiles() = default;

OutputFiles::~OutputFiles() {
  for (const Entry &entry : entries) {
    llvm::sys::fs::remove(entry.temporary);
    llvm::sys::DontRemoveFileOnSignal(entry.temporary);
  }
}

namespace {

std::atomic<int> reservations{0};
std::atomic<bool> ending{false};

/// Between the making of a file and its registration no handler of a signal may
/// end the process: on this thread it has to wait, on another one it looks here.
class Reservation {
public:
  Reservation() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int number : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    ++reservations;
    if (ending) {
      --reservations;
      while (true)
        ::pause();
    }
  }
  ~Reservation() {
    --reservations;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

private:
  sigset_t before;
};

} // namespace

void OutputFiles::removeAllAtSignal() {
  ending = true;
  while (reservations)
    ::sched_yield();
  llvm::sys::RunInterruptHandlers(); // removes what is registered
}

std::string OutputFiles::reserve(llvm::StringRef path, bool executable, std::string &error) {
  llvm::SmallString<256> temporary;
  Reservation reservation;
  int fd = -1;
  std::error_code code =
      isSpecialFile(path)
          ? llvm::sys::fs::createTemporaryFile("mlopt", "tmp", fd, temporary)
          : llvm::sys::fs::createUniqueFile(path + ".tmp%%%%%%%%", fd, temporary,
                                            llvm::sys::fs::OF_None, executable ? 0777 : 0666);
  if (code) {
    error = code.message();
    return "";
  }
  ::close(fd);
  llvm::sys::RemoveFileOnSignal(temporary);
  entries.push_back({path.str(), temporary.str().str()});
  return temporary.str().str();
}

bool OutputFiles::write(llvm::StringRef path, llvm::StringRef bytes, std::string &error) {
  std::string temporary = reserve(path, false, error);
  if (temporary.empty())
    return false;
  std::error_code code;
  llvm::raw_fd_ostream os(temporary, code);
  if (!code) {
    os << bytes;
    os.close();
    code = os.error();
    os.clear_error();
  }
  if (code)
    error = code.message();
  return !code;
}

bool OutputFiles::commit(std::string &error) {
  while (!entries.empty()) {
    Entry &entry = entries.front();
    bool special = isSpecialFile(entry.path);
    if (std::error_code code = special ? copyInto(entry.temporary, entry.path)
                                       : llvm::sys::fs::rename(entry.temporary, entry.path)) {
      error = code.message();
      return false;
    }
    if (special)
      llvm::sys::fs::remove(entry.temporary);
    llvm::sys::DontRemoveFileOnSignal(entry.temporary);
    entries.erase(entries.begin());
  }
  return true;
}

int writeText(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> print,
              Diagnostics &diagnostics) {
  if (path == "-") {
    print(llvm::outs());
    llvm::outs().flush();
    return kExitOk;
  }
  std::string text, error;
  llvm::raw_string_ostream os(text);
  print(os);
  OutputFiles files;
  if (!files.write(path, text, error) || !files.commit(error))
    return diagnostics.error(3003, path, "cannot write: " + error);
  return kExitOk;
}

std::string makeDepfile(llvm::StringRef target, llvm::ArrayRef<std::string> inputs) {
  auto escape = [](llvm::StringRef path) {
    std::string text;
    for (char c : path) {
      if (c == ' ' || c == '#')
        text += '\\';
      text += c;
      if (c == '$')
        text += c;
    }
    return text;
  };
  std::string text = escape(target) + ":";
  for (const std::string &input : inputs)
    text += " \\\n  " + escape(input);
  return text + "\n";
}

} // namespace mlopt
