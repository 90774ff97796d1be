//===- ExternalData.cpp - The one place that opens external data ----------===//
//
// A model may name files. Only files below the model's own folder are opened, by relative paths
// without "..", through no symbolic link; only regular files with one name; and what is read is
// checked against the size of the file.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Path.h"

#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace llvm;

namespace mlopt::onnx_import {

/// A file mapped whole, for reading.
struct ExternalData::File {
  std::string path;
  const char *data = nullptr;
  uint64_t size = 0;
  ~File() {
    if (data)
      ::munmap(const_cast<char *>(data), size);
  }
};

namespace {
struct Entry {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};
} // namespace

static uint64_t parseSize(const std::string &key, const std::string &value,
                          const std::string &where) {
  uint64_t number = 0;
  if (value.empty() || StringRef(value).getAsInteger(10, number) || number > uint64_t(INT64_MAX))
    throw Failure(codes::ExternalKeys, where + ": external data has the " + key + " '" + value +
                                           "', which is not a number of bytes");
  return number;
}

static Entry readEntry(const onnx::TensorProto &tensor, const std::string &where) {
  Entry entry;
  std::set<StringRef> seen;
  for (const onnx::StringStringEntryProto &item : tensor.external_data()) {
    if (!seen.insert(item.key()).second)
      throw Failure(codes::ExternalKeys,
                    where + ": external data gives the key '" + item.key() + "' twice");
    if (item.key() == "location")
      entry.location = item.value();
    else if (item.key() == "offset")
      entry.offset = parseSize("offset", item.value(), where);
    else if (item.key() == "length")
      entry.length = parseSize("length", item.value(), where);
    else if (item.key() != "checksum" && !StringRef(item.key()).starts_with("prepacked"))
      throw Failure(codes::ExternalKeys,
                    where + ": external data has the unknown key '" + item.key() + "'");
  }
  StringRef location = entry.location;
  if (location.empty())
    throw Failure(codes::ExternalKeys, where + ": external data has no location");
  if (location.contains('\0') || location.contains('\\') || sys::path::is_absolute(location))
    throw Failure(codes::ExternalPath, where + ": external data location '" + location.str() +
                                           "' is not a relative path");
  SmallVector<StringRef> parts;
  location.split(parts, '/');
  if (llvm::is_contained(parts, ".."))
    throw Failure(codes::ExternalPath, where + ": external data location '" + location.str() +
                                           "' leaves the model's folder");
  return entry;
}

std::string ExternalData::getLocation(const onnx::TensorProto &tensor, const std::string &where) {
  return readEntry(tensor, where).location;
}

/// openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, or the same by hand on kernels without it.
/// Returns -1 with errno.
static int openBeneath(int folder, StringRef location) {
  open_how how;
  std::memset(&how, 0, sizeof how);
  // O_NONBLOCK: a pipe without a writer must not hang; it is refused below.
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  std::string path = location.str();
  int fd = static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != E2BIG))
    return fd;
  SmallVector<StringRef> parts;
  location.split(parts, '/', -1, false);
  int at = ::dup(folder);
  for (size_t i = 0; i < parts.size() && at >= 0; ++i) {
    int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
                (i + 1 < parts.size() ? O_DIRECTORY : 0);
    int next = ::openat(at, parts[i].str().c_str(), flags);
    int saved = errno;
    ::close(at);
    errno = saved;
    at = next;
  }
  return at;
}

std::shared_ptr<ExternalData::File> ExternalData::open(const std::string &location,
                                                       const std::string &where) {
  if (auto it = files.find(location); it != files.end())
    return it->second;
  if (folder.empty())
    throw Failure(codes::ExternalNoFolder,
                  where + " is in the external file '" + location +
                      "', but the model was not read from a file, so its folder is not known");
  int base = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (base < 0)
    throw Failure(codes::ExternalOpen, where + ": cannot open the model's folder '" + folder +
                                           "': " + std::strerror(errno));
  int fd = openBeneath(base, location);
  int error = errno;
  ::close(base);
  std::string shown = "external data file '" + location + "'";
  if (fd < 0 && (error == ELOOP || error == EXDEV))
    throw Failure(codes::ExternalPath,
                  where + ": " + shown +
                      " is reached through a symbolic link or lies outside the model's folder");
  if (fd < 0)
    throw Failure(codes::ExternalOpen, where + ": cannot open " + shown + " in '" + folder +
                                           "': " + std::strerror(error));
  llvm::scope_exit close([&] { ::close(fd); });
  struct stat status;
  if (::fstat(fd, &status) != 0)
    throw Failure(codes::ExternalOpen,
                  where + ": cannot read " + shown + ": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    throw Failure(codes::ExternalNotRegular, where + ": " + shown + " is not a regular file");
  if (status.st_nlink != 1)
    throw Failure(codes::ExternalNotRegular, where + ": " + shown + " has " +
                                                 std::to_string(status.st_nlink) +
                                                 " hard links; copy it");
  auto file = std::make_shared<File>();
  SmallString<128> path(folder == "." ? "" : folder);
  sys::path::append(path, location);
  file->path = path.str().str();
  file->size = status.st_size;
  if (file->size) {
    void *data = ::mmap(nullptr, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
      throw Failure(codes::ExternalOpen,
                    where + ": cannot map " + shown + ": " + std::strerror(errno));
    file->data = static_cast<const char *>(data);
  }
  files[location] = file;
  return file;
}

Bytes ExternalData::map(const onnx::TensorProto &tensor, uint64_t expected,
                        const std::string &where) {
  Entry entry = readEntry(tensor, where);
  if (entry.length && *entry.length != expected)
    throw Failure(codes::ExternalRange,
                  where + ": external data has the length " + std::to_string(*entry.length) +
                      "; the shape and type ask for " + std::to_string(expected) + " bytes");
  std::shared_ptr<File> file = open(entry.location, where);
  if (entry.offset > file->size || expected > file->size - entry.offset)
    throw Failure(codes::ExternalRange, where + ": bytes " + std::to_string(entry.offset) + " to " +
                                            std::to_string(entry.offset + expected) +
                                            " are asked of external data file '" + entry.location +
                                            "', which has " + std::to_string(file->size));
  return {ArrayRef<char>(file->data + entry.offset, expected), file};
}

std::vector<std::string> ExternalData::getFiles() const {
  std::set<std::string> paths;
  for (auto &[location, file] : files)
    paths.insert(file->path);
  return {paths.begin(), paths.end()};
}

} // namespace mlopt::onnx_import
