//===- Batch.cpp - One process for each command line ----------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/CommandLine.h"
#include "Driver/Diagnostics.h"
#include "Driver/Model.h"
#include "Driver/Verbs.h"

#include "llvm/Support/Errno.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <istream>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mlopt {

namespace {

/// What a line's process did.
struct Answer {
  int exit = kExitInternal;
  std::string out, err;
};

using Clock = std::chrono::steady_clock;

/// Reads both pipes until they close or the time is over. False: time is over.
bool drain(int outFd, int errFd, double seconds, Answer &answer) {
  pollfd fds[2] = {{outFd, POLLIN, 0}, {errFd, POLLIN, 0}};
  std::string *targets[2] = {&answer.out, &answer.err};
  auto end = Clock::now() + std::chrono::duration<double>(seconds);
  int open = 2;
  char buffer[1 << 14];
  while (open) {
    int wait = -1;
    if (seconds > 0) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
      if (left <= 0)
        return false;
      wait = int(std::min<int64_t>(left + 1, 1 << 30));
    }
    if (poll(fds, 2, wait) < 0 && errno != EINTR)
      return true;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || !fds[i].revents)
        continue;
      ssize_t n = read(fds[i].fd, buffer, sizeof(buffer));
      if (n > 0) {
        targets[i]->append(buffer, size_t(n));
      } else if (n == 0 || errno != EINTR) {
        fds[i].fd = -1;
        --open;
      }
    }
  }
  return true;
}

/// Asks a process to end, so that it removes its files, and insists after two seconds.
void endChild(pid_t child) {
  kill(child, SIGTERM);
  for (int i = 0; i < 200; ++i) {
    siginfo_t info = {};
    if (waitid(P_PID, id_t(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child)
      return;
    usleep(10000);
  }
  kill(child, SIGKILL);
}

/// Runs one command line in a forked process.
Answer runForked(const CommandLine &line, double seconds) {
  Answer answer;
  int outPipe[2], errPipe[2];
  if (pipe2(outPipe, O_CLOEXEC) || pipe2(errPipe, O_CLOEXEC)) {
    answer.err = "mlopt: error: no pipe: " + llvm::sys::StrError() + "\n";
    return answer;
  }
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
    // A batch that is ended must not leave its line running.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
      _exit(kExitInternal);
    dup2(outPipe[1], 1);
    dup2(errPipe[1], 2);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0)
      dup2(null, 0);
    int exit = runVerb(line);
    llvm::outs().flush();
    llvm::errs().flush();
    _exit(exit);
  }
  close(outPipe[1]);
  close(errPipe[1]);
  if (child < 0) {
    answer.err = "mlopt: error: cannot start a process: " + llvm::sys::StrError() + "\n";
  } else {
    bool inTime = drain(outPipe[0], errPipe[0], seconds, answer);
    if (!inTime)
      endChild(child);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!inTime) {
      llvm::raw_string_ostream(answer.err)
          << "mlopt: error: the line did not end within " << llvm::format("%g", seconds) << " s\n";
    } else if (WIFEXITED(status)) {
      answer.exit = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
      answer.err +=
          std::string("mlopt: error: ended by signal: ") + strsignal(WTERMSIG(status)) + "\n";
    }
  }
  close(outPipe[0]);
  close(errPipe[0]);
  return answer;
}

Answer runLine(Verb verb, llvm::StringRef text, double seconds) {
  Answer answer;
  answer.exit = kExitUsage;
  auto words = splitShellWords(text);
  if (!words) {
    answer.err = "mlopt: error: a quote is not closed\n";
    return answer;
  }
  std::string name = getVerbs()[static_cast<size_t>(verb)].name.str();
  std::vector<const char *> arguments = {name.c_str()};
  for (const std::string &word : *words)
    arguments.push_back(word.c_str());
  if (arguments.size() > 1 && name == arguments[1])
    arguments.erase(arguments.begin());
  std::string error;
  auto line = parseCommandLine(arguments, error);
  if (line && !line->batch.empty()) {
    line.reset();
    error = "--batch within a batch";
  }
  if (!line) {
    answer.err = "mlopt: error: " + error + "\n";
    return answer;
  }
  return runForked(*line, seconds);
}

} // namespace

int runBatch(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  if (!line.positional.empty())
    return diagnostics.usage("--batch takes its models from the lines, not '" +
                             llvm::Twine(line.positional[0]) + "'");
  std::ifstream file;
  std::istream *input = &std::cin;
  if (line.batch != "-") {
    file.open(line.batch);
    if (!file)
      return diagnostics.error(1001, line.batch, "the file of command lines cannot be read");
    input = &file;
  }
  warmUp();
  std::string text;
  for (int64_t number = 1; std::getline(*input, text); ++number) {
    if (llvm::StringRef(text).trim().empty())
      continue;
    Answer answer = runLine(line.verb, text, line.timeout);
    llvm::json::Object object{
        {"line", number}, {"exit", answer.exit}, {"stderr", llvm::json::fixUTF8(answer.err)}};
    if (!answer.out.empty())
      object["stdout"] = llvm::json::fixUTF8(answer.out);
    llvm::outs() << llvm::json::Value(std::move(object)) << "\n";
    llvm::outs().flush();
  }
  return kExitOk;
}

} // namespace mlopt
