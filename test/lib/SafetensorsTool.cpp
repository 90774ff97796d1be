//===- SafetensorsTool.cpp - .safetensors files by hand ---------------------===//
//
//   mlopt-safetensors-test print FILE...      what each holds, or what is wrong with it
//   mlopt-safetensors-test print -            the same for the names on standard input
//   mlopt-safetensors-test copy IN OUT [keep] writes OUT with what IN holds, in reverse order
//
//===----------------------------------------------------------------------===//
#include "TensorIO/Safetensors.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <iostream>

using namespace mlopt::tensorio;

static void print(const std::string &path) {
  SafetensorsFile file;
  if (Error error = file.open(path); !error.empty()) {
    std::printf("%s: error: %s\n", path.c_str(), error.c_str());
    return;
  }
  std::printf("%s: %zu tensors\n", path.c_str(), file.getTensors().size());
  for (const auto &[key, value] : file.getMetadata())
    std::printf("  metadata %s = %s\n", key.c_str(), value.c_str());
  for (const TensorView &view : file.getTensors()) {
    HostTensor tensor;
    tensor.dtype = view.dtype;
    tensor.dims = view.dims;
    tensor.data.assign(view.data, view.data + view.bytes); // elements need not be aligned
    std::printf("  %s: %s %s =", quoteName(view.name).c_str(), dtypeName(view.dtype),
                dimsToString(view.dims).c_str());
    for (int64_t i = 0; i < std::min<int64_t>(tensor.elementCount(), 4); ++i)
      std::printf(" %g", elementAsDouble(tensor, i));
    std::printf(file.find(view.name) == &view ? "\n" : " NOT FOUND\n");
  }
}

static int copy(const char *from, const char *to, bool keep) {
  SafetensorsFile file;
  Error error = file.open(from);
  if (error.empty()) {
    std::vector<TensorView> reversed(file.getTensors().rbegin(), file.getTensors().rend());
    error = writeSafetensors(to, reversed, file.getMetadata(), keep);
  }
  if (error.empty())
    return 0;
  std::printf("error: %s\n", error.c_str());
  return 1;
}

int main(int argc, char **argv) {
  std::string verb = argc > 2 ? argv[1] : "";
  if (verb == "copy" && argc >= 4)
    return copy(argv[2], argv[3], argc > 4 && !std::strcmp(argv[4], "keep"));
  if (verb != "print")
    return 2;
  if (!std::strcmp(argv[2], "-")) {
    for (std::string path; std::getline(std::cin, path);)
      print(path);
    return 0;
  }
  for (int i = 2; i < argc; ++i)
    print(argv[i]);
  return 0;
}
