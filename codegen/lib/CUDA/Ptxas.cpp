//===- Ptxas.cpp - NVIDIA's assembler as a program ------------------------===//
#include "Ptxas.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"

using namespace mlir;
using namespace mlopt;

std::string mlopt::findPtxas(StringRef given) {
  auto program = [](StringRef name, ArrayRef<StringRef> folders = {}) -> std::string {
    llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name, folders);
    return path && llvm::sys::fs::can_execute(*path) ? *path : std::string();
  };
  // What is asked for by name is never replaced by another one.
  if (!given.empty())
    return program(given);
  if (std::optional<std::string> path = llvm::sys::Process::GetEnv("MLOPT_PTXAS"); path && !path->empty())
    return program(*path);
  if (std::string path = program("ptxas"); !path.empty())
    return path;
  for (const char *variable : {"CUDA_HOME", "CUDA_PATH"})
    if (std::optional<std::string> root = llvm::sys::Process::GetEnv(variable); root && !root->empty()) {
      llvm::SmallString<128> folder(*root);
      llvm::sys::path::append(folder, "bin");
      if (std::string path = program("ptxas", {folder.str()}); !path.empty())
        return path;
    }
  return {};
}

void mlopt::readPtxasReport(StringRef report, std::vector<GpuFunction> &functions) {
  // ptxas info    : Compiling entry function 'k' for 'sm_90'
  // ptxas info    : Function properties for k
  //     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
  // ptxas info    : Used 10 registers, used 0 barriers, 400 bytes cmem[0]
  GpuFunction *current = nullptr;
  auto number = [](StringRef text) {
    uint32_t value = 0;
    text.rtrim().rsplit(' ').second.getAsInteger(10, value);
    if (!text.contains(' '))
      text.trim().getAsInteger(10, value);
    return value;
  };
  for (StringRef rest = report; !rest.empty();) {
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    auto [before, after] = line.split("Compiling entry function '");
    if (!after.empty()) {
      StringRef name = after.split('\'').first;
      current = nullptr;
      for (GpuFunction &f : functions)
        if (f.name == name)
          current = &f;
    }
    if (!current)
      continue;
    if (size_t at = line.find(" bytes spill stores"); at != StringRef::npos) {
      uint32_t bytes = number(line.take_front(at));
      if (size_t loads = line.find(" bytes spill loads"); loads != StringRef::npos)
        bytes += number(line.take_front(loads));
      current->spillBytes = bytes;
    }
    auto [head, used] = line.split(": Used ");
    if (size_t at = used.find(" registers"); at != StringRef::npos)
      current->registers = number(used.take_front(at));
  }
}

namespace {
/// An empty file of this process's own, removed at the end and on a signal.
class TemporaryFile {
public:
  explicit TemporaryFile(StringRef suffix) {
    llvm::SmallString<128> made;
    error = llvm::sys::fs::createTemporaryFile("mlopt", suffix, made);
    if (error)
      return;
    path = made.str().str();
    llvm::sys::RemoveFileOnSignal(path);
  }
  ~TemporaryFile() {
    if (path.empty())
      return;
    llvm::sys::fs::remove(path);
    llvm::sys::DontRemoveFileOnSignal(path);
  }
  TemporaryFile(const TemporaryFile &) = delete;

  std::string read() const {
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return buffer ? (*buffer)->getBuffer().str() : std::string();
  }

  std::string path;
  std::error_code error;
};
} // namespace

LogicalResult mlopt::assembleImage(Location loc, StringRef ptxas, StringRef architecture, unsigned optLevel,
                                   GpuImage &image) {
  TemporaryFile text("ptx"), code("cubin"), log("log");
  for (const TemporaryFile *file : {&text, &code, &log})
    if (file->error)
      return emitError(loc) << "MLO4004: cannot make a temporary file for ptxas: " << file->error.message();
  if (llvm::Error error = llvm::writeToOutput(text.path, [&](llvm::raw_ostream &os) {
        os << image.ptx;
        return llvm::Error::success();
      }))
    return emitError(loc) << "MLO4004: cannot write '" << text.path
                          << "' for ptxas: " << llvm::toString(std::move(error));
  // Sums and products carry their rounding in PTX; the option says it once more.
  std::string arch = ("-arch=" + architecture).str(), level = optLevel == 0 ? "-O1" : "-O3";
  SmallVector<StringRef> arguments = {ptxas, arch, level, "--fmad=false", "-v", text.path, "-o", code.path};
  std::optional<StringRef> redirects[3] = {StringRef(), StringRef(log.path), StringRef(log.path)};
  std::string error;
  bool notRun = false;
  int status = llvm::sys::ExecuteAndWait(ptxas, arguments, std::nullopt, redirects, 0, 0, &error, &notRun);
  if (notRun)
    return emitError(loc) << "MLO4004: cannot run '" << ptxas << "': " << error;
  std::string report = log.read();
  if (status != 0) {
    // The name of the temporary file says nothing to anyone.
    std::string said = error.empty() ? report : error;
    for (size_t at; (at = said.find(text.path)) != std::string::npos;)
      said.replace(at, text.path.size(), "kernels.ptx");
    return emitError(loc) << "MLO4004: ptxas does not accept the code for " << architecture << " (exit code "
                          << status << "):\n" << StringRef(said).rtrim();
  }
  image.cubin = code.read();
  readPtxasReport(report, image.functions);
  return success();
}
