//===- ptx-run.cpp - mlopt-ptx-run: runs a PTX file as its comments say
//-------------------------===//
//
// Usage: mlopt-ptx-run FILE. Lines of the file that begin with `//#` are commands:
//   buffer NAME TYPE COUNT [zero | iota | fill VALUE | random SEED | values V V ...]
//   launch KERNEL grid X[,Y[,Z]] block X[,Y[,Z]] [shared BYTES] args ARG...
//     ARG is a buffer's name, NAME+BYTES, or TYPE:VALUE
//   print NAME [FIRST COUNT]
//   free NAME
//   report          the counts of the last launch, as JSON
// TYPE is u8 s8 u16 s16 u32 s32 u64 s64 f16 bf16 f32 f64, or b8 to b64, which print as hexadecimal.
// An error of a launch is printed as "error: KIND: MESSAGE"; the commands behind it run all the
// same, and the exit code is 1.
//
//===----------------------------------------------------------------------------------------------===//

#include "Half.h"
#include "Machine.h"
#include "Ptx.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

using namespace ptxemu;

namespace {

struct Buffer {
  Type type;
  uint64_t address, count;
};

Type typeNamed(const std::string &name) {
  for (Type type :
       {Type::B8, Type::B16, Type::B32, Type::B64, Type::U8, Type::U16, Type::U32, Type::U64,
        Type::S8, Type::S16, Type::S32, Type::S64, Type::F16, Type::BF16, Type::F32, Type::F64})
    if (name == nameOf(type))
      return type;
  return Type::None;
}

/// The bytes of one value as written in a command.
uint64_t encode(Type type, const std::string &text) {
  bool bits = text.compare(0, 2, "0x") == 0;
  if (bits || !isFloat(type))
    return text[0] == '-' ? uint64_t(std::strtoll(text.c_str(), nullptr, 0))
                          : std::strtoull(text.c_str(), nullptr, 0);
  double value = std::strtod(text.c_str(), nullptr);
  uint64_t result = 0;
  float single = float(value);
  switch (type) {
  case Type::F16:
    return F16::down(value, Rounding::Nearest);
  case Type::BF16:
    return BF16::down(value, Rounding::Nearest);
  case Type::F32:
    std::memcpy(&result, &single, 4);
    return result;
  default:
    std::memcpy(&result, &value, 8);
    return result;
  }
}

std::string decode(Type type, uint64_t bits) {
  char text[64];
  double value;
  float single;
  switch (type) {
  case Type::F16:
    value = F16::up(bits);
    break;
  case Type::BF16:
    value = BF16::up(bits);
    break;
  case Type::F32:
    std::memcpy(&single, &bits, 4);
    value = single;
    break;
  case Type::F64:
    std::memcpy(&value, &bits, 8);
    break;
  case Type::S8:
    return std::to_string(int8_t(bits));
  case Type::S16:
    return std::to_string(int16_t(bits));
  case Type::S32:
    return std::to_string(int32_t(bits));
  case Type::S64:
    return std::to_string(int64_t(bits));
  case Type::U8:
  case Type::U16:
  case Type::U32:
  case Type::U64:
    return std::to_string(bits);
  default:
    std::snprintf(text, sizeof text, "0x%0*" PRIx64, int(bytesOf(type) * 2), bits);
    return text;
  }
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

class Session {
public:
  explicit Session(std::string text)
      : text(std::move(text)), memory(uint64_t(1) << 30, 0x7f0000000000ull, true) {}
  int run();

private:
  bool command(const std::string &line);
  bool buffer(std::istringstream &in);
  bool launch(std::istringstream &in);
  bool print(std::istringstream &in);
  bool usage(const std::string &message) {
    std::cout << "bad command: " << message << "\n";
    return false;
  }

  std::string text;
  Memory memory;
  std::unique_ptr<Module> module;
  std::map<std::string, Buffer> buffers;
  Report report;
  bool failed = false;
};

bool Session::buffer(std::istringstream &in) {
  std::string name, typeName, how;
  uint64_t count = 0;
  in >> name >> typeName >> count;
  Type type = typeNamed(typeName);
  unsigned bytes = bytesOf(type);
  if (!count || !bytes)
    return usage("buffer " + name);
  Buffer made{type, memory.allocate(count * bytes, name), count};
  if (!made.address)
    return usage("no memory");
  std::vector<uint8_t> host(count * bytes);
  bool written = bool(in >> how);
  uint64_t state = 1;
  std::string value;
  if (how == "random" || how == "fill")
    in >> value;
  if (how == "random")
    state = std::strtoull(value.c_str(), nullptr, 0) * 2 + 1;
  for (uint64_t i = 0; written && i < count; ++i) {
    uint64_t bits = 0;
    if (how == "iota") {
      bits = encode(type, std::to_string(i));
    } else if (how == "fill") {
      bits = encode(type, value);
    } else if (how == "random") { // small multiples of 1/8: exact in every type
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      int64_t number = int64_t(state >> 40) % 33 - 16;
      bits = isFloat(type) ? encode(type, std::to_string(number / 8.0)) : uint64_t(number);
    } else if (how == "values") {
      if (!(in >> value))
        return usage("too few values for " + name);
      bits = encode(type, value);
    }
    std::memcpy(&host[i * bytes], &bits, bytes);
  }
  std::string error;
  if (written && !memory.write(made.address, host.data(), host.size(), error))
    return usage(error);
  buffers[name] = made;
  return true;
}

bool Session::launch(std::istringstream &in) {
  std::string name, word;
  in >> name;
  const Kernel *kernel = module->findKernel(name);
  if (!kernel)
    return usage("no kernel " + name);
  Launch launch;
  launch.module = module.get();
  launch.kernel = kernel;
  std::vector<uint8_t> block(kernel->parameterBytes);
  auto triple = [&](std::array<uint32_t, 3> &size) {
    in >> word;
    std::sscanf(word.c_str(), "%u,%u,%u", &size[0], &size[1], &size[2]);
  };
  while (in >> word && word != "args") {
    if (word == "grid")
      triple(launch.grid);
    else if (word == "block")
      triple(launch.block);
    else if (word == "shared")
      in >> launch.dynamicShared;
    else
      return usage(word);
  }
  size_t index = 0;
  for (; in >> word; ++index) {
    if (index >= kernel->parameters.size())
      return usage("too many arguments");
    const Parameter &parameter = kernel->parameters[index];
    uint64_t bits = 0;
    size_t colon = word.find(':'), plus = word.find('+');
    if (colon != std::string::npos) {
      bits = encode(typeNamed(word.substr(0, colon)), word.substr(colon + 1));
    } else {
      auto found = buffers.find(word.substr(0, plus));
      if (found == buffers.end())
        return usage("no buffer " + word);
      bits = found->second.address;
      if (plus != std::string::npos)
        bits += std::strtoull(word.c_str() + plus + 1, nullptr, 0);
    }
    std::memcpy(&block[parameter.offset], &bits, std::min<size_t>(parameter.size, 8));
  }
  if (index != kernel->parameters.size())
    return usage("too few arguments");
  launch.parameters = block.data();
  launch.parameterBytes = block.size();
  Machine machine(memory);
  Result result = machine.launch(launch, report);
  if (result)
    return true;
  static const char *names[] = {
      "none",       "invalid value", "out of resources", "illegal address",
      "misaligned", "launch failed", "timeout"};
  std::cout << "error: " << names[int(result.kind)] << ": " << result.message << "\n";
  failed = true;
  return true;
}

bool Session::print(std::istringstream &in) {
  std::string name;
  in >> name;
  auto found = buffers.find(name);
  if (found == buffers.end())
    return usage("no buffer " + name);
  const Buffer &buffer = found->second;
  uint64_t first = 0, count = buffer.count;
  if (!(in >> first >> count)) {
    first = 0;
    count = buffer.count;
  }
  unsigned bytes = bytesOf(buffer.type);
  std::cout << name << ":";
  for (uint64_t i = first; i < first + count && i < buffer.count; ++i) {
    uint64_t bits = 0;
    std::string error;
    memory.read(buffer.address + i * bytes, &bits, bytes, error);
    std::cout << " " << decode(buffer.type, bits);
  }
  std::cout << "\n";
  return true;
}

bool Session::command(const std::string &line) {
  std::istringstream in(line);
  std::string word;
  in >> word;
  if (word == "buffer")
    return buffer(in);
  if (word == "launch")
    return launch(in);
  if (word == "print")
    return print(in);
  if (word == "report") {
    std::cout << report.json() << "\n";
    return true;
  }
  if (word == "free") {
    in >> word;
    return memory.free(buffers[word].address) || usage("free " + word);
  }
  return usage(word);
}

int Session::run() {
  std::string error;
  module = Module::load(text, memory, 120, error);
  if (!module) {
    std::cout << "error: module: " << error << "\n";
    return 1;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.compare(0, 3, "//#") == 0 && !command(line.substr(3)))
      return 2;
  return failed;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: mlopt-ptx-run FILE\n";
    return 2;
  }
  std::ifstream file(argv[1]);
  if (!file) {
    std::cerr << "cannot read " << argv[1] << "\n";
    return 2;
  }
  std::stringstream text;
  text << file.rdbuf();
  return Session(text.str()).run();
}
