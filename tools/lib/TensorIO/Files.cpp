//===- Files.cpp - Plain files --------------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/TensorIO.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mlopt::tensorio {

Error readFile(const std::string &path, std::vector<uint8_t> &bytes) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return std::string("cannot open: ") + std::strerror(errno);
  struct stat info;
  if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    ::close(fd);
    return "is a folder, expected a file";
  }
  bytes.clear();
  bytes.reserve(S_ISREG(info.st_mode) ? size_t(info.st_size) + 1 : 1 << 16);
  for (;;) {
    size_t used = bytes.size();
    bytes.resize(std::max<size_t>(bytes.capacity(), used + (1 << 16)));
    ssize_t got = ::read(fd, bytes.data() + used, bytes.size() - used);
    bytes.resize(used + (got > 0 ? size_t(got) : 0));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      Error error = std::string("cannot read: ") + std::strerror(errno);
      ::close(fd);
      return error;
    }
    if (got == 0)
      break;
  }
  ::close(fd);
  return {};
}

/// The name of the file that is being written, for a handler of signals; null where none is.
static std::atomic<const char *> unfinished;

void removeUnfinishedFile() {
  if (const char *path = unfinished.load())
    ::unlink(path);
}

namespace {

struct Mark { // holds as long as `path`
  explicit Mark(const char *path) { unfinished = path; }
  ~Mark() { unfinished = nullptr; }
};

/// A device or a pipe is written to, never replaced.
bool isSpecial(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

std::string temporaryName(const std::string &path) {
  return path + ".tmp" + std::to_string(::getpid());
}

Error describe(const char *what) { return std::string(what) + ": " + std::strerror(errno); }

/// Lets a write beyond the limit on file sizes (RLIMIT_FSIZE) fail with EFBIG as others fail,
/// instead of ending the process: holds SIGXFSZ back in this thread and drops it.
class HoldSizeSignal {
public:
  HoldSizeSignal() {
    sigemptyset(&held);
    sigaddset(&held, SIGXFSZ);
    sigset_t pending;
    wasPending = ::sigpending(&pending) == 0 && sigismember(&pending, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &held, &before);
  }
  ~HoldSizeSignal() {
    int saved = errno;
    timespec none = {};
    if (!wasPending)
      ::sigtimedwait(&held, nullptr, &none);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = saved;
  }

private:
  sigset_t held, before;
  bool wasPending;
};

bool writeAll(int fd, std::string_view piece) {
  while (!piece.empty()) {
    // Linux writes at most 2 GiB at once.
    ssize_t done = ::write(fd, piece.data(), std::min<size_t>(piece.size(), 1u << 30));
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return false;
    piece.remove_prefix(size_t(done));
  }
  return true;
}

/// Writes `pieces` to a new file, whose bytes are on the disk afterwards where it is a plain one.
Error writeNew(const std::string &path, const std::vector<std::string_view> &pieces, bool special) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    return describe("cannot create");
  if (!special) // until it is closed: tells those who clear away that somebody is at work
    (void)::flock(fd, LOCK_EX | LOCK_NB);
  HoldSizeSignal hold;
  for (std::string_view piece : pieces)
    if (!writeAll(fd, piece)) {
      Error error = describe("cannot write");
      ::close(fd);
      return error;
    }
  // File systems that defer the allocation report a full disk here, network ones at the end.
  bool good = special || ::fsync(fd) == 0;
  Error error = good ? Error() : describe("cannot write");
  if (::close(fd) != 0 && good)
    error = describe("cannot write");
  return error;
}

/// Makes the entries of the folder of `path` last. Not every file system can: no error.
void syncFolder(const std::string &path) {
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  ::fsync(fd);
  ::close(fd);
}

/// Gives `path`, where there is such a file, the second name PATH.previous. At every moment both
/// names have a whole file, or PATH.previous none yet.
Error keepAsPrevious(const std::string &path) {
  std::string previous = path + ".previous", link = temporaryName(previous);
  ::unlink(link.c_str());
  if (::link(path.c_str(), link.c_str()) == 0) {
    if (::rename(link.c_str(), previous.c_str()) == 0) {
      ::unlink(link.c_str()); // rename leaves both where they are the same file already
      return {};
    }
    Error error = describe("cannot keep the previous file");
    ::unlink(link.c_str());
    return error;
  }
  if (errno == ENOENT)
    return {};
  // No hard links here: for a moment only PATH.previous is there.
  return ::rename(path.c_str(), previous.c_str()) == 0 ? Error()
                                                       : describe("cannot keep the previous file");
}

} // namespace

Error writeFile(const std::string &path, const std::vector<std::string_view> &pieces) {
  bool special = isSpecial(path);
  std::string temporary = special ? path : temporaryName(path);
  Mark mark(special ? nullptr : temporary.c_str());
  FILE *file = std::fopen(temporary.c_str(), "wbe");
  if (!file)
    return std::string("cannot create: ") + std::strerror(errno);
  bool good = true;
  for (std::string_view piece : pieces)
    good = good && std::fwrite(piece.data(), 1, piece.size(), file) == piece.size();
  good = std::fclose(file) == 0 && good;
  if (good && (special || std::rename(temporary.c_str(), path.c_str()) == 0))
    return {};
  Error error = std::string("cannot write: ") + std::strerror(errno);
  if (!special)
    std::remove(temporary.c_str());
  return error;
}

Error writeFileDurably(const std::string &path, const std::vector<std::string_view> &pieces,
                       bool keepPrevious) {
  if (isSpecial(path))
    return writeNew(path, pieces, /*special=*/true);
  std::string temporary = temporaryName(path);
  Mark mark(temporary.c_str());
  Error error = writeNew(temporary, pieces, /*special=*/false);
  if (error.empty() && keepPrevious)
    error = keepAsPrevious(path);
  if (error.empty() && ::rename(temporary.c_str(), path.c_str()) != 0)
    error = describe("cannot write");
  if (!error.empty()) {
    ::unlink(temporary.c_str());
    return error;
  }
  syncFolder(path);
  return {};
}

Error tryWriteBeside(const std::string &path) {
  std::string temporary = temporaryName(path);
  Mark mark(temporary.c_str());
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    return std::strerror(errno);
  ::close(fd);
  ::unlink(temporary.c_str());
  return {};
}

} // namespace mlopt::tensorio
