//===- Harness.h - one launch of a kernel k(in, out) ------------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_TESTS_HARNESS_H
#define MLOPT_TEST_CUDA_EMULATOR_TESTS_HARNESS_H

#include "Machine.h"

#include <cstdio>
#include <string>
#include <vector>

namespace ptxtest {

/// Runs one block of `threads` of the kernel with this body; in it, %in and %out are the addresses
/// of the vectors, %tid the thread; %r0 ... and %d0 ... and %w0 ... are registers of 32 bits, f64
/// and 64 bits, %p0 ... predicates. Prints and returns false when it fails.
template <class In, class Out>
bool runBody(const std::string &body, const std::vector<In> &in, std::vector<Out> &out,
             unsigned threads = 32) {
  using namespace ptxemu;
  std::string text = ".version 8.3\n.target sm_90\n.address_size 64\n"
                     ".entry k(.param .u64 p, .param .u64 q) {\n"
                     ".reg .b64 %in, %out, %w<32>; .reg .b32 %tid, %r<64>; .reg .f64 %d<32>;\n"
                     ".reg .pred %p<8>;\n"
                     "ld.param.u64 %in, [p]; ld.param.u64 %out, [q]; mov.u32 %tid, %tid.x;\n" +
                     body + "\nret;\n}\n";
  Memory memory;
  std::string error;
  auto module = Module::load(text, memory, 90, error);
  if (!module) {
    std::printf("%s\n", error.c_str());
    return false;
  }
  uint64_t arguments[2] = {memory.allocate(in.size() * sizeof(In)),
                           memory.allocate(out.size() * sizeof(Out))};
  memory.write(arguments[0], in.data(), in.size() * sizeof(In), error);
  memory.write(arguments[1], out.data(), out.size() * sizeof(Out), error);
  Launch launch;
  launch.module = module.get();
  launch.kernel = module->findKernel("k");
  launch.block = {threads, 1, 1};
  launch.parameters = arguments;
  launch.parameterBytes = sizeof arguments;
  Report report;
  Options options;
  options.threads = 1;
  Result result = Machine(memory, options).launch(launch, report);
  if (!result)
    std::printf("%s\n", result.message.c_str());
  return bool(result) && memory.read(arguments[1], out.data(), out.size() * sizeof(Out), error);
}

} // namespace ptxtest

#endif
