// Images: PTX, fat binaries, machine code, garbage; the logs of a failed compilation; libraries;
// variables; versions of PTX.
// RUN: %cc -std=c11 -Wall -Wextra -Werror %s -o %t -ldl
// RUN: %t %obj_root/test/Cuda/lib/libcuda.so.1 2>&1 | FileCheck %s
// RUN: env MLOPT_FAKE_CUDA_ARCH=80 MLOPT_FAKE_CUDA_DRIVER=12000 \
// RUN:   %t %obj_root/test/Cuda/lib/libcuda.so.1 old 2>&1 | FileCheck %s --check-prefix=OLD
// OLD: the PTX is for sm_90, which sm_80 does not run
// OLD: PTX .version 8.3 is newer than a driver of CUDA 12.0 reads
// OLD: done
#include "Inputs/Harness.h"

#define ENTRY_OF(NAME, VALUE)                                                                      \
  ".visible .entry " NAME "(.param .u64 p)\n{\n  .reg .b64 %rd<2>;\n  .reg .b32 %r<2>;\n"          \
  "  ld.param.u64 %rd1, [p];\n  mov.u32 %r1, " VALUE                                               \
  ";\n  st.global.u32 [%rd1], %r1;\n  ret;\n}\n"
#define FOR(TARGET, VALUE)                                                                         \
  ".version 7.8\n.target " TARGET "\n.address_size 64\n" ENTRY_OF("which", VALUE)

static const char kGlobal[] =
    PTX_HEADER ".visible .global .align 4 .u32 table[4] = {1, 2, 3, 4};\n"
               ".visible .const .align 4 .u32 scale = 6;\n" ENTRY_OF("which", "1");

static char *put(char *at, const void *bytes, size_t count) {
  memcpy(at, bytes, count);
  return at + count;
}

/// A part of a fat binary: kind 1 is PTX, 2 is ELF. Written from the layout alone: 64 bytes of
/// header, then the payload padded to 8 bytes.
static char *putPart(char *at, unsigned short kind, unsigned arch, unsigned long long flags,
                     const void *payload, size_t count) {
  char header[64] = {0};
  size_t padded = (count + 7) / 8 * 8;
  unsigned headerBytes = 64;
  unsigned short version = 0x101;
  memcpy(header, &kind, 2);
  memcpy(header + 2, &version, 2);
  memcpy(header + 4, &headerBytes, 4);
  memcpy(header + 8, &padded, 8);
  memcpy(header + 28, &arch, 4);
  memcpy(header + 40, &flags, 8);
  at = put(at, header, 64);
  memset(at, 0, padded);
  memcpy(at, payload, count);
  return at + padded;
}

static char *beginFatbin(char *at) {
  unsigned magic = 0xba55ed50;
  unsigned short version = 1, headerBytes = 16;
  at = put(at, &magic, 4);
  at = put(at, &version, 2);
  at = put(at, &headerBytes, 2);
  return at + 8;
}

static void endFatbin(char *image, const char *end) {
  size_t bytes = (size_t)(end - image) - 16;
  memcpy(image + 8, &bytes, 8);
}

/// The value that kernel `which` of the image writes.
static unsigned valueOf(const void *image) {
  CUmodule module;
  CUfunction function;
  CUdeviceptr out = allocate(4);
  unsigned value = 0;
  void *arguments[] = {&out};
  OK(cu.cuModuleLoadFatBinary(&module, image));
  OK(cu.cuModuleGetFunction(&function, module, "which"));
  OK(cu.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, arguments, NULL));
  OK(cu.cuMemcpyDtoH_v2(&value, out, 4));
  OK(cu.cuModuleUnload(module));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuModuleUnload(module));
  OK(cu.cuMemFree_v2(out));
  return value;
}

static void old(void) {
  CUmodule module;
  EXPECT(CUDA_ERROR_INVALID_PTX, cu.cuModuleLoadData(&module, FOR("sm_90", "1")));
  EXPECT(CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
         cu.cuModuleLoadData(&module, ".version 8.3\n.target sm_80\n.address_size 64\n"));
  OK(cu.cuModuleLoadData(&module, ".version 8.0\n.target sm_80\n.address_size 64\n"));
}

int main(int argc, char **argv) {
  THAT(argc >= 2);
  CUcontext context = start(argv[1]);
  CUmodule module;
  if (argc > 2) {
    old();
    fprintf(stderr, "done\n");
    return 0;
  }

  // A fat binary: the newest PTX that the device runs; not that of a later one, nor of another
  // architecture's own features, nor machine code.
  static char image[16384];
  const char elf[] = "\177ELF\2\1\1";
  char *end = beginFatbin(image);
  end = putPart(end, 2, 90, 0x11, elf, sizeof elf);
  end = putPart(end, 1, 80, 0x11, FOR("sm_80", "80"), sizeof FOR("sm_80", "80"));
  end = putPart(end, 1, 90, 0x11, FOR("sm_90a", "901"), sizeof FOR("sm_90a", "901"));
  end = putPart(end, 1, 75, 0x11, FOR("sm_75", "75"), sizeof FOR("sm_75", "75"));
  end = putPart(end, 1, 100, 0x11, FOR("sm_100", "100"), sizeof FOR("sm_100", "100"));
  end = putPart(end, 1, 80, 0x11, FOR("sm_80a", "801"), sizeof FOR("sm_80a", "801"));
  endFatbin(image, end);
  THAT(valueOf(image) == 901);
  // The wrapper that host compilers emit around one.
  struct {
    unsigned magic, version;
    const void *data, *more;
  } wrapper = {0x466243b1, 1, image, NULL};
  THAT(valueOf(&wrapper) == 901);

  // Nothing that the device could run: machine code alone, compressed PTX.
  end = beginFatbin(image);
  end = putPart(end, 2, 90, 0x11, elf, sizeof elf);
  endFatbin(image, end);
  // CHECK: a fat binary with 1 parts, none of them PTX for sm_90 or older
  EXPECT(CUDA_ERROR_NO_BINARY_FOR_GPU, cu.cuModuleLoadData(&module, image));
  end = putPart(end, 1, 80, 0x2011, "compressed", 10);
  endFatbin(image, end);
  // CHECK: 1 parts are compressed PTX
  EXPECT(CUDA_ERROR_NO_BINARY_FOR_GPU, cu.cuModuleLoadData(&module, image));
  // CHECK: machine code, which this device does not have: load the PTX
  EXPECT(CUDA_ERROR_NO_BINARY_FOR_GPU, cu.cuModuleLoadData(&module, elf));
  // CHECK: neither PTX nor a fat binary nor ELF
  EXPECT(CUDA_ERROR_INVALID_IMAGE, cu.cuModuleLoadData(&module, "garbage"));
  EXPECT(CUDA_ERROR_INVALID_IMAGE, cu.cuModuleLoadData(&module, ""));
  memset(image + 16 + 8, 0x7f, 8); // a part longer than all
  // CHECK: a fat binary whose part 0 exceeds it
  EXPECT(CUDA_ERROR_INVALID_IMAGE, cu.cuModuleLoadData(&module, image));

  // The logs of a compilation; the sizes are in the option values, before and after.
  char log[200], tiny[8], info[16] = "untouched";
  CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
                            CU_JIT_INFO_LOG_BUFFER, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES,
                            CU_JIT_OPTIMIZATION_LEVEL};
  void *values[] = {log, (void *)sizeof log, info, (void *)sizeof info, (void *)4};
  static const char wrong[] = PTX_HEADER ".visible .entry bad()\n{\n  .reg .b32 %r<2>;\n"
                                         "  frobnicate.u32 %r1;\n}\n";
  EXPECT(CUDA_ERROR_INVALID_PTX, cu.cuModuleLoadDataEx(&module, wrong, 5, options, values));
  fprintf(stderr, "log: %s\n", log);
  // CHECK: log: {{.*}}7{{.*}}frobnicate
  THAT((size_t)values[1] == strlen(log) && info[0] == 0 && values[3] == NULL);
  values[0] = tiny;
  values[1] = (void *)sizeof tiny;
  values[3] = (void *)sizeof info;
  EXPECT(CUDA_ERROR_INVALID_PTX, cu.cuModuleLoadDataEx(&module, wrong, 5, options, values));
  THAT(strlen(tiny) == 7 && !strncmp(tiny, log, 7));
  values[1] = (void *)sizeof tiny;
  OK(cu.cuModuleLoadDataEx(&module, kGlobal, 5, options, values));
  THAT(tiny[0] == 0);
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuModuleLoadDataEx(&module, kGlobal, 1, options, values));

  // Variables.
  CUdeviceptr table, scale;
  size_t bytes;
  unsigned got[4];
  OK(cu.cuModuleGetGlobal_v2(&table, &bytes, module, "table"));
  THAT(bytes == 16);
  OK(cu.cuMemcpyDtoH_v2(got, table, 16));
  THAT(got[0] == 1 && got[3] == 4);
  OK(cu.cuModuleGetGlobal_v2(&scale, NULL, module, "scale"));
  OK(cu.cuMemcpyDtoH_v2(got, scale, 4));
  THAT(got[0] == 6);
  EXPECT(CUDA_ERROR_NOT_FOUND, cu.cuModuleGetGlobal_v2(&table, &bytes, module, "missing"));
  OK(cu.cuModuleUnload(module));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyDtoH_v2(got, table, 4)); // went with the module
  // CHECK: source of a copy: {{.*}}freed

  // Libraries: no context is needed to load one; its kernels may be launched as they are.
  CUlibrary library;
  CUkernel kernel;
  CUfunction function;
  OK(cu.cuCtxSetCurrent(NULL));
  OK(cu.cuLibraryLoadData(&library, kGlobal, NULL, NULL, 0, NULL, NULL, 0));
  OK(cu.cuLibraryGetKernel(&kernel, library, "which"));
  EXPECT(CUDA_ERROR_NOT_FOUND, cu.cuLibraryGetKernel(&kernel, library, "missing"));
  EXPECT(CUDA_ERROR_INVALID_CONTEXT, cu.cuKernelGetFunction(&function, kernel));
  OK(cu.cuCtxSetCurrent(context));
  OK(cu.cuKernelGetFunction(&function, kernel));
  const char *name = NULL;
  OK(cu.cuFuncGetName(&name, function));
  THAT(!strcmp(name, "which"));
  CUdeviceptr out = allocate(4);
  void *arguments[] = {&out};
  OK(cu.cuLaunchKernel((CUfunction)kernel, 1, 1, 1, 1, 1, 1, 0, NULL, arguments, NULL));
  OK(cu.cuMemcpyDtoH_v2(got, out, 4));
  THAT(got[0] == 1);
  OK(cu.cuLibraryGetModule(&module, library));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuModuleUnload(module)); // the library's own
  OK(cu.cuLibraryGetGlobal(&table, &bytes, library, "table"));
  OK(cu.cuMemcpyDtoH_v2(got, table, 16));
  THAT(got[1] == 2);
  OK(cu.cuLibraryUnload(library));
  EXPECT(CUDA_ERROR_INVALID_HANDLE,
         cu.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, arguments, NULL));
  fprintf(stderr, "done\n");
  // CHECK: done
  return 0;
}
