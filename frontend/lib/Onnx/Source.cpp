//===- Source.cpp - Reading and parsing a model ---------------------------===//
#include "Importer.h"

#include "onnx/defs/parser.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <fcntl.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace mlopt {

OnnxSource OnnxSource::fromFile(std::string path) {
  OnnxSource source;
  source.name = path == "-" ? "<stdin>" : path;
  source.folder = path == "-" ? std::string() : sys::path::parent_path(path).str();
  if (source.folder.empty() && path != "-")
    source.folder = ".";
  source.path = std::move(path);
  return source;
}

OnnxSource OnnxSource::fromMemory(StringRef bytes, std::string name, std::string folder) {
  OnnxSource source;
  source.bytes = bytes;
  source.name = std::move(name);
  source.folder = std::move(folder);
  source.inMemory = true;
  return source;
}

namespace onnx_import {

static Failure tooLarge(const ImportLimits &limits) {
  return Failure(codes::FileTooLarge,
                 "the model has more than " + std::to_string(limits.maxFileBytes) +
                     " bytes; Protobuf ends at 2 GiB: save the weights as external data");
}

/// Reads a pipe to its end, at most the limit.
static Bytes readStream(int fd, const ImportLimits &limits) {
  auto text = std::make_shared<std::string>();
  char buffer[1 << 16];
  while (true) {
    ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      throw Failure(codes::FileNotReadable,
                    std::string("cannot read the model: ") + std::strerror(errno));
    if (got == 0)
      break;
    if (text->size() + got > limits.maxFileBytes)
      throw tooLarge(limits);
    text->append(buffer, got);
  }
  return {ArrayRef<char>(text->data(), text->size()), text};
}

static Bytes readFile(const OnnxSource &source, const ImportLimits &limits, bool &isMapped) {
  if (source.path == "-")
    return readStream(STDIN_FILENO, limits);
  int fd = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    throw Failure(codes::FileNotFound, "the model file does not exist");
  if (fd < 0)
    throw Failure(codes::FileNotReadable,
                  std::string("cannot open the model: ") + std::strerror(errno));
  llvm::scope_exit close([&] { ::close(fd); });
  struct stat status;
  if (::fstat(fd, &status) != 0)
    throw Failure(codes::FileNotReadable,
                  std::string("cannot read the model: ") + std::strerror(errno));
  if (S_ISFIFO(status.st_mode))
    return readStream(fd, limits);
  if (!S_ISREG(status.st_mode))
    throw Failure(codes::FileNotReadable, S_ISDIR(status.st_mode)
                                              ? "the model is a folder, not a file"
                                              : "the model is a device, not a file");
  if (uint64_t(status.st_size) > limits.maxFileBytes)
    throw tooLarge(limits);
  if (status.st_size == 0)
    return {};
  size_t size = status.st_size;
  void *data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED)
    throw Failure(codes::FileNotReadable,
                  std::string("cannot map the model: ") + std::strerror(errno));
  isMapped = true;
  return {ArrayRef<char>(static_cast<const char *>(data), size),
          std::shared_ptr<void>(data, [size](void *p) { ::munmap(p, size); })};
}

namespace {
/// A mapped file in pieces; pieces that Protobuf has copied are given back to the system, so that a
/// model's weights are in memory once and not twice.
class MappedStream : public google::protobuf::io::ZeroCopyInputStream {
public:
  explicit MappedStream(ArrayRef<char> data) : data(data) {}
  bool Next(const void **piece, int *size) override {
    if (at == data.size())
      return false;
    if (at >= pieceBytes)
      ::madvise(const_cast<char *>(data.data()) + (at / pieceBytes - 1) * pieceBytes, pieceBytes,
                MADV_DONTNEED);
    *piece = data.data() + at;
    *size = static_cast<int>(std::min(pieceBytes - at % pieceBytes, data.size() - at));
    at += *size;
    return true;
  }
  void BackUp(int count) override { at -= count; }
  bool Skip(int count) override {
    size_t left = data.size() - at;
    at += std::min<size_t>(count, left);
    return size_t(count) <= left;
  }
  int64_t ByteCount() const override { return static_cast<int64_t>(at); }

private:
  static constexpr size_t pieceBytes = size_t(4) << 20; // a multiple of any page size
  ArrayRef<char> data;
  size_t at = 0;
};
} // namespace

/// A binary model starts with a field tag and holds control characters within its first bytes; text
/// never does.
static bool looksLikeText(ArrayRef<char> data) {
  ArrayRef<char> head = data.take_front(512);
  return llvm::all_of(head,
                      [](char c) {
                        return isPrint(c) || c == '\n' || c == '\t' || c == '\r' || (c & 0x80);
                      }) &&
         llvm::any_of(head, [](char c) { return c == '<' || c == '('; });
}

SourceBytes readSource(const OnnxSource &source, const ImportLimits &limits) {
  SourceBytes result;
  result.name = source.name;
  result.folder = source.folder;
  if (source.inMemory) {
    result.bytes.data = ArrayRef<char>(source.bytes.data(), source.bytes.size());
    if (source.bytes.size() > limits.maxFileBytes)
      throw tooLarge(limits);
  } else {
    result.bytes = readFile(source, limits, result.isMapped);
  }
  if (result.bytes.data.empty())
    throw Failure(codes::FileEmpty, "the model is empty (0 bytes)");
  result.isText = StringRef(source.name).ends_with(".onnxtxt") || looksLikeText(result.bytes.data);
  return result;
}

/// ONNX's text parser is recursive: bound the depth before it runs. Strings and comments do not
/// count.
static void checkNesting(StringRef text, const ImportLimits &limits) {
  unsigned depth = 0, line = 1;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n')
      ++line;
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
      continue;
    }
    if (c == '"')
      inString = true;
    else if (c == '#')
      while (i + 1 < text.size() && text[i + 1] != '\n')
        ++i;
    else if (c == '(' || c == '{' || c == '[' || c == '<')
      ++depth;
    else if ((c == ')' || c == '}' || c == ']' || c == '>') && depth)
      --depth;
    if (depth > limits.maxTextNesting)
      throw Failure(codes::LimitExceeded, "brackets are nested more than " +
                                              std::to_string(limits.maxTextNesting) + " deep")
          .atLine(line, 1);
  }
}

static void parseText(StringRef text, const ImportLimits &limits, onnx::ModelProto &model) {
  if (text.contains('\0'))
    throw Failure(codes::TextSyntax, "ONNX text holds a zero byte");
  checkNesting(text, limits);
  std::string copy = text.str(); // the parser wants a terminated string
  onnx::Common::Status status;
  try {
    status = onnx::OnnxParser::Parse(model, copy.c_str());
  } catch (const std::out_of_range &) { // std::stoll and friends
    throw Failure(codes::TextSyntax, "a number in the text is out of range");
  } catch (const std::exception &error) {
    throw Failure(codes::TextSyntax, error.what());
  }
  if (status.IsOK())
    return;
  // "[ParseError at position (line: 3 column: 5)]\nError context: ...\nreason"
  StringRef message = status.ErrorMessage();
  unsigned line = 0, column = 0;
  if (size_t at = message.find("(line: "); at != StringRef::npos) {
    StringRef rest = message.substr(at + 7);
    if (!rest.consumeInteger(10, line) && rest.consume_front(" column: "))
      (void)rest.consumeInteger(10, column);
  }
  SmallVector<StringRef> lines;
  message.rtrim().split(lines, '\n', -1, false);
  StringRef reason = lines.empty() ? StringRef("syntax error") : lines.back();
  throw Failure(codes::TextSyntax, "ONNX text: " + reason.str()).atLine(line, column);
}

void parseModel(const SourceBytes &source, const ImportLimits &limits, onnx::ModelProto &model) {
  if (source.isText)
    return parseText(StringRef(source.bytes.data.data(), source.bytes.data.size()), limits, model);
  google::protobuf::LogSilencer silence; // what is wrong is said below
  MappedStream mapped(source.bytes.data);
  google::protobuf::io::ArrayInputStream plain(source.bytes.data.data(),
                                               static_cast<int>(source.bytes.data.size()));
  google::protobuf::io::ZeroCopyInputStream *input = &plain;
  if (source.isMapped)
    input = &mapped;
  google::protobuf::io::CodedInputStream stream(input);
  stream.SetTotalBytesLimit(INT32_MAX);
  if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    throw Failure(codes::NotOnnx, "the file is not a complete ONNX model: its " +
                                      std::to_string(source.bytes.data.size()) +
                                      " bytes are not a Protobuf ModelProto");
}

} // namespace onnx_import
} // namespace mlopt
