// Asks the driver what the environment made of it and prints the answers, one per line:
// PROGRAM LIBRARY QUESTION...
#include "Harness.h"

static const char *nameOf(CUresult result) {
  const char *name = "?";
  cu.cuGetErrorName(result, &name);
  return name;
}

/// What cuGetProcAddress_v2 says about a function for a CUDA version.
static void askFunction(const char *name, int version) {
  CUdriverProcAddressQueryResult status = (CUdriverProcAddressQueryResult)9;
  void *address = NULL;
  CUresult result = cu.cuGetProcAddress_v2(name, &address, version, 0, &status);
  // Which function that is: the one that dlsym finds by this name.
  const char *found = address ? "unknown" : "null";
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS)                                    \
  if (address && !memcmp(&address, &cu.NAME##SUFFIX, sizeof address))                              \
    found = #NAME #SUFFIX;
#include "../Entries.def"
  printf("%s at %d: %s, status %d, %s\n", name, version, nameOf(result), (int)status, found);
}

int main(int argc, char **argv) {
  openDriver(argv[1]);
  for (int i = 2; i < argc; ++i) {
    const char *question = argv[i];
    if (!strcmp(question, "init")) {
      CUresult result = cu.cuInit(0);
      printf("cuInit: %s\n", nameOf(result));
    } else if (!strcmp(question, "version")) {
      int version = -1;
      CUresult result = cu.cuDriverGetVersion(&version);
      printf("version: %s %d\n", nameOf(result), version);
    } else if (!strcmp(question, "devices")) {
      int count = -1;
      CUresult result = cu.cuDeviceGetCount(&count);
      printf("devices: %s %d\n", nameOf(result), count);
      for (int device = 0; device < count; ++device) {
        int major, minor, shared, processors;
        size_t bytes;
        char name[64];
        OK(cu.cuDeviceGetAttribute(&major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device));
        OK(cu.cuDeviceGetAttribute(&minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device));
        OK(cu.cuDeviceGetAttribute(&shared, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN,
                                   device));
        OK(cu.cuDeviceGetAttribute(&processors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device));
        OK(cu.cuDeviceTotalMem_v2(&bytes, device));
        OK(cu.cuDeviceGetName(name, sizeof name, device));
        printf("device %d: %d.%d, %d shared, %d processors, %zu bytes, %s\n", device, major, minor,
               shared, processors, bytes, name);
      }
    } else if (!strcmp(question, "symbols")) {
      int missing = 0;
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS)                                    \
  if (!cu.NAME##SUFFIX) {                                                                          \
    printf("no %s\n", #NAME #SUFFIX);                                                              \
    ++missing;                                                                                     \
  }
#include "../Entries.def"
      printf("%d missing\n", missing);
    } else if (!strncmp(question, "address=", 8)) {
      char name[64] = {0};
      int version = 0;
      THAT(sscanf(question + 8, "%63[^@]@%d", name, &version) == 2);
      askFunction(name, version);
    } else if (!strcmp(question, "context")) {
      CUcontext context;
      CUresult result = cu.cuDevicePrimaryCtxRetain(&context, 0);
      printf("context: %s\n", nameOf(result));
      if (!result)
        OK(cu.cuCtxSetCurrent(context));
    } else if (!strcmp(question, "release")) {
      CUresult result = cu.cuDevicePrimaryCtxRelease_v2(0);
      printf("release: %s\n", nameOf(result));
    } else if (!strncmp(question, "alloc=", 6)) {
      CUdeviceptr address = 0;
      CUresult result = cu.cuMemAlloc_v2(&address, strtoull(question + 6, NULL, 0));
      printf("alloc: %s\n", nameOf(result));
    } else if (!strcmp(question, "graph")) {
      CUgraph graph;
      CUresult result = cu.cuGraphCreate(&graph, 0);
      printf("graph: %s\n", nameOf(result));
    } else if (!strcmp(question, "stream")) {
      CUstream stream;
      CUresult result = cu.cuStreamCreate(&stream, 0);
      printf("stream: %s\n", nameOf(result));
      if (!result)
        OK(cu.cuMemsetD8Async(0x1000000000000ull, 1, 0, stream));
    } else if (!strcmp(question, "hostfree")) {
      // A host address where the driver wants one of the device.
      printf("free: %s\n", nameOf(cu.cuMemFree_v2((CUdeviceptr)(uintptr_t)question)));
    } else {
      fprintf(stderr, "unknown question %s\n", question);
      return 1;
    }
  }
  return 0;
}
