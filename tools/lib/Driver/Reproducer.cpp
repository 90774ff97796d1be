//===- Reproducer.cpp - What is left for a report of a fault --------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Reproducer.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace mlir;

namespace mlopt {

/// Models up to this size are copied, and weights up to this size printed.
static constexpr uint64_t smallBytes = 16 << 20;

static std::atomic<Reproducer *> newest;

/// Before each pass on the whole module: a copy of it. Passes on parts of the module run
/// within an adaptor that is itself such a pass.
class SnapshotBeforePass : public PassInstrumentation {
public:
  explicit SnapshotBeforePass(Reproducer &reproducer) : reproducer(reproducer) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    auto top = dyn_cast<ModuleOp>(op);
    if (!top || top->getParentOp())
      return;
    reproducer.module = {};
    reproducer.snapshot = top.clone();
    reproducer.module = *reproducer.snapshot;
    reproducer.pass = pass->getArgument().str();
    reproducer.pipeline = "builtin.module(";
    llvm::raw_string_ostream os(reproducer.pipeline);
    pass->printAsTextualPipeline(os);
    os << ")";
  }

private:
  Reproducer &reproducer;
};

Reproducer::Reproducer(const CompileOptions &options, llvm::StringRef output)
    : options(options), previous(newest) {
  llvm::StringRef name = output;
  bool scratch = options.temporaryOutput || output == "-" || output.empty();
  if (scratch)
    name = options.model == "-" ? "stdin" : llvm::sys::path::filename(options.model);
  llvm::SmallString<256> path(name);
  if (!options.reproducerDir.empty()) {
    path = options.reproducerDir;
    llvm::sys::path::append(path, llvm::sys::path::filename(name));
  }
  folder = (path + ".mlopt-repro").str();
  newest = this;
}

Reproducer::~Reproducer() { newest = previous; }

void Reproducer::watch(PassManager &pm) {
  pm.addInstrumentation(std::make_unique<SnapshotBeforePass>(*this));
}

void Reproducer::enter(Phase next, ModuleOp unchanged) {
  drop();
  phase = getPhaseInfo(next).name.str();
  module = unchanged;
}

void Reproducer::drop() {
  module = {};
  snapshot = {};
  pass.clear();
  pipeline.clear();
}

/// A word as a shell takes it.
static std::string quote(llvm::StringRef word) {
  if (!word.empty() && llvm::all_of(word, [](char c) {
        return llvm::isAlnum(c) || llvm::StringRef("_-./=:,@+%").contains(c);
      }))
    return word.str();
  std::string text = "'";
  for (char c : word)
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

bool Reproducer::writeReport(llvm::StringRef error) {
  if (llvm::sys::fs::create_directories(folder))
    return false;
  auto path = [&](llvm::StringRef name) { return folder + "/" + name.str(); };
  // Nothing of an earlier report may be taken for a part of this one.
  for (llvm::StringRef name : {"before.mlir", "stack.txt", "model.onnx", "model.onnxtxt"})
    llvm::sys::fs::remove(path(name));
  std::error_code code;
  llvm::raw_fd_ostream os(path("report.txt"), code);
  if (code)
    return false;
  llvm::SmallString<256> where;
  (void)llvm::sys::fs::current_path(where);
  os << "version  mlopt " << MLOPT_VERSION << " (LLVM " << LLVM_VERSION_STRING
     << ")\ncommand  mlopt";
  for (const std::string &word : options.arguments)
    os << " " << quote(word);
  os << "\nfolder   " << where << "\nmodel    " << options.model << "\nphase    " << phase << "\n";
  if (!pass.empty() || !pipeline.empty())
    os << "pass     " << (pass.empty() ? pipeline : pass) << "\n";
  if (!error.empty())
    os << "error    " << error.rtrim() << "\n";
  os.close();
  bool good = !os.has_error();
  os.clear_error();
  return good;
}

void Reproducer::copyModel() {
  uint64_t bytes = 0;
  if (options.model == "-" || llvm::sys::fs::file_size(options.model, bytes) ||
      bytes > smallBytes || !llvm::sys::fs::is_regular_file(options.model))
    return;
  llvm::StringRef suffix = llvm::sys::path::extension(options.model);
  if (suffix == ".onnx" || suffix == ".onnxtxt")
    (void)llvm::sys::fs::copy_file(options.model, folder + "/model" + suffix.str());
}

void Reproducer::writeModule() {
  if (!module)
    return;
  std::error_code code;
  llvm::raw_fd_ostream os(folder + "/before.mlir", code);
  if (code)
    return;
  OpPrintingFlags flags;
  flags.elideLargeResourceString(2 * smallBytes); // printed as hexadecimal digits
  AsmState state(module, flags);
  if (!pipeline.empty())
    state.attachResourcePrinter("mlir_reproducer", [&](Operation *, AsmResourceBuilder &builder) {
      builder.buildString("pipeline", pipeline);
      builder.buildBool("disable_threading", true);
      builder.buildBool("verify_each", true);
    });
  module->print(os, state);
  os << "\n";
  os.close();
  os.clear_error();
}

std::string Reproducer::write(llvm::StringRef error) {
  if (!writeReport(error))
    return "";
  copyModel();
  writeModule();
  return folder;
}

static std::atomic<pid_t> crashedThread, writerThread;

/// A second crash, or the time is over. Another compiling thread waits for the end instead.
static void endOrWait(int number) {
  pid_t self = gettid();
  if (number == SIGALRM || self == crashedThread || self == writerThread)
    _exit(kExitInternal);
  while (true)
    pause();
}

/// Writes to standard error without a buffer or a lock.
static void say(llvm::StringRef text) {
  ssize_t ignored = ::write(2, text.data(), text.size());
  (void)ignored;
}

void Reproducer::writeAfterCrash() {
  Reproducer *self = newest;
  if (!self)
    return;
  crashedThread = gettid();
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGALRM})
    std::signal(number, endOrWait);
  sigset_t all;
  sigemptyset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  alarm(30);
  // What is sure to succeed comes first. The handler's stack is too small for the printer.
  bool written = false;
  auto work = [&] {
    writerThread = gettid();
    if (!self->writeReport("the compiler crashed"))
      return;
    written = true;
    say(("mlopt: note: what is needed to find the fault lies in " + self->folder + "\n"));
    self->copyModel();
  };
  std::thread(work).join();
  if (!written)
    return;
  std::error_code code;
  llvm::raw_fd_ostream stack(self->folder + "/stack.txt", code);
  if (!code) {
    llvm::sys::PrintStackTrace(stack);
    stack.close();
    stack.clear_error();
  }
  std::thread([&] {
    writerThread = gettid();
    self->writeModule();
  }).join();
}

} // namespace mlopt
