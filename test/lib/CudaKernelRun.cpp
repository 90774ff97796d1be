//===- CudaKernelRun.cpp - Runs one GPU kernel by the driver API ----------===//
#include "CudaKernelRun.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

/// The few entries of the driver API that one launch needs.
struct CudaKernelRun::Driver {
  using Address = unsigned long long;
  void *library = nullptr, *context = nullptr, *module = nullptr;
  int (*init)(unsigned);
  int (*deviceGet)(int *, int);
  int (*retain)(void **, int);
  int (*release)(int);
  int (*setCurrent)(void *);
  int (*synchronize)();
  int (*load)(void **, const void *);
  int (*unload)(void *);
  int (*getFunction)(void **, void *, const char *);
  int (*setAttribute)(void *, int, int);
  int (*allocate)(Address *, size_t);
  int (*free)(Address);
  int (*toDevice)(Address, const void *, size_t);
  int (*toHost)(void *, Address, size_t);
  int (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **);
  int (*errorName)(int, const char **);
  ~Driver() {
    if (module)
      unload(module);
    if (context)
      release(0);
  }
};

/// The file that the emulator reports to, one for the process: the emulator reads its name when it is loaded.
static const std::string &reportFile() {
  struct File {
    File() {
      llvm::SmallString<128> made;
      if (llvm::sys::fs::createTemporaryFile("mlopt-report", "json", made))
        return;
      path = made.str().str();
      ::setenv("MLOPT_FAKE_CUDA_REPORT", path.c_str(), 1);
    }
    ~File() { llvm::sys::fs::remove(path); }
    std::string path;
  };
  static File file;
  return file.path;
}

bool CudaKernelRun::ok(int code, const char *call, std::string &message) {
  if (code == 0)
    return true;
  const char *name = nullptr;
  driver->errorName(code, &name);
  message = std::string(call) + " returns " + std::to_string(code) + " (" + (name ? name : "?") + ")";
  return false;
}

CudaKernelRun::CudaKernelRun(KernelOp kernel, const GpuImage &image)
    : kernel(kernel), signature(kernel), driver(std::make_unique<Driver>()) {
  reportFile();
  driver->library = ::dlopen("libcuda.so.1", RTLD_NOW);
  if (!driver->library) {
    error = std::string("no libcuda.so.1: ") + ::dlerror();
    return;
  }
  auto entry = [&](auto &pointer, const char *name) {
    void *address = ::dlsym(driver->library, name);
    if (!address && error.empty())
      error = std::string("libcuda.so.1 has no ") + name;
    pointer = reinterpret_cast<std::remove_reference_t<decltype(pointer)>>(address);
  };
  entry(driver->init, "cuInit");
  entry(driver->deviceGet, "cuDeviceGet");
  entry(driver->retain, "cuDevicePrimaryCtxRetain");
  entry(driver->release, "cuDevicePrimaryCtxRelease_v2");
  entry(driver->setCurrent, "cuCtxSetCurrent");
  entry(driver->synchronize, "cuCtxSynchronize");
  entry(driver->load, "cuModuleLoadData");
  entry(driver->unload, "cuModuleUnload");
  entry(driver->getFunction, "cuModuleGetFunction");
  entry(driver->setAttribute, "cuFuncSetAttribute");
  entry(driver->allocate, "cuMemAlloc_v2");
  entry(driver->free, "cuMemFree_v2");
  entry(driver->toDevice, "cuMemcpyHtoD_v2");
  entry(driver->toHost, "cuMemcpyDtoH_v2");
  entry(driver->launch, "cuLaunchKernel");
  entry(driver->errorName, "cuGetErrorName");
  int device = 0;
  void *context = nullptr;
  if (!error.empty() || !ok(driver->init(0), "cuInit", error) ||
      !ok(driver->deviceGet(&device, 0), "cuDeviceGet", error) ||
      !ok(driver->retain(&context, device), "cuDevicePrimaryCtxRetain", error))
    return;
  driver->context = context;
  if (!ok(driver->setCurrent(context), "cuCtxSetCurrent", error) ||
      !ok(driver->load(&driver->module, image.ptx.c_str()), "cuModuleLoadData", error))
    return;
  SmallVector<GpuLaunch> launches = readGpuLaunches(kernel.getScheduleAttr());
  for (auto [phase, launch] : llvm::enumerate(launches)) {
    const std::string &name = image.functions[phase].name;
    void *function = nullptr;
    if (!ok(driver->getFunction(&function, driver->module, name.c_str()), "cuModuleGetFunction", error))
      return;
    // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
    if (launch.sharedBytes > 48 * 1024 &&
        !ok(driver->setAttribute(function, 8, launch.sharedBytes), "cuFuncSetAttribute", error))
      return;
    functions.push_back(function);
  }
}

CudaKernelRun::~CudaKernelRun() = default;

bool CudaKernelRun::run(KernelData &data, const SizeMap &sizes, int64_t overwrite,
                        std::vector<std::vector<char>> &results, std::string &message) {
  Driver &d = *driver;
  auto value = [&](StringRef name) -> std::optional<int64_t> {
    if (name == "threads")
      return 1;
    return sizes.lookup(name);
  };
  ScheduleAttr schedule = kernel.getScheduleAttr();
  std::vector<Driver::Address> memory;
  auto allocate = [&](size_t bytes, const void *from) {
    Driver::Address address = 0;
    if (bytes && !ok(d.allocate(&address, bytes), "cuMemAlloc", message))
      return false;
    memory.push_back(address);
    return !bytes || !from || ok(d.toDevice(address, from, bytes), "cuMemcpyHtoD", message);
  };
  bool good = true;
  for (const std::vector<char> &bytes : data.operandBytes)
    good = good && allocate(bytes.size(), bytes.data());
  for (int64_t bytes : data.resultBytes) {
    std::vector<char> nothing(bytes, '\xCD');
    good = good && allocate(bytes, nothing.data());
  }
  int64_t scratchBytes = SymExpr(schedule.getScratchShared()).evaluate(value).value_or(0);
  std::vector<char> nan(scratchBytes, '\xFF');
  int64_t noError = -1;
  good = good && allocate(scratchBytes, nan.data()) && allocate(sizeof noError, &noError);
  if (!good)
    return false;
  size_t firstResult = data.operandBytes.size();
  std::vector<Driver::Address> pointers(memory.begin(), memory.begin() + firstResult + data.resultBytes.size());
  ArrayRef<int64_t> tied = schedule.getTied();
  for (size_t i = 0; i + 1 < tied.size(); i += 2)
    pointers[firstResult + tied[i + 1]] = pointers[signature.pointerOf[tied[i]]];
  if (overwrite >= 0)
    pointers[firstResult] = pointers[signature.pointerOf[overwrite]];

  std::vector<int64_t> arguments(pointers.begin(), pointers.end());
  for (int64_t s : data.symbols)
    arguments.push_back(s);
  unsigned inputs = kernel.getFunctionType().getNumInputs();
  for (auto [which, axis] : llvm::zip_equal(schedule.getOuterStride(), schedule.getOuterStrideAxis())) {
    bool isInput = which < static_cast<int64_t>(inputs);
    ArrayRef<int64_t> shape = isInput ? data.inputs[which].getShape() : ArrayRef(data.resultShapes[which - inputs]);
    Type t = isInput ? kernel.getFunctionType().getInput(which) : kernel.getFunctionType().getResult(which - inputs);
    arguments.push_back(product(shape.drop_front(axis)) *
                        getElementBytes(cast<RankedTensorType>(t).getElementType()));
  }
  Driver::Address errorSlot = memory.back();
  arguments.push_back(memory[memory.size() - 2]);
  arguments.push_back(0);
  arguments.push_back(1);
  arguments.push_back(errorSlot);
  arguments.push_back(0);
  if (signature.repeat)
    arguments.push_back(0);
  std::vector<void *> places;
  for (int64_t &argument : arguments)
    places.push_back(&argument);

  SmallVector<GpuLaunch> launches = readGpuLaunches(schedule);
  auto launch = [&](size_t phase) {
    unsigned grid[3];
    for (int dim = 0; dim < 3; ++dim) {
      int64_t size = launches[phase].grid[dim].evaluate(value).value_or(-1);
      if (size == 0)
        return true;
      if (size < 0 || size > (dim == 0 ? INT64_C(0x7fffffff) : 65535)) {
        message = "the grid of phase " + std::to_string(phase) + " has " + std::to_string(size) + " blocks";
        return false;
      }
      grid[dim] = size;
    }
    const int64_t *block = launches[phase].block;
    return ok(d.launch(functions[phase], grid[0], grid[1], grid[2], block[0], block[1], block[2],
                       launches[phase].sharedBytes, nullptr, places.data(), nullptr),
              "cuLaunchKernel", message);
  };
  size_t once = signature.repeat ? signature.repeatFrom : functions.size();
  for (size_t phase = 0; good && phase < once; ++phase)
    good = launch(phase);
  int64_t steps = signature.repeat ? SymExpr(signature.repeat).evaluate(value).value_or(0) : 0;
  for (int64_t step = 0; good && step < steps; ++step) {
    arguments.back() = step;
    for (size_t phase = once; good && phase < functions.size(); ++phase)
      good = launch(phase);
  }
  good = good && ok(d.synchronize(), "cuCtxSynchronize", message);
  int64_t recorded = -1;
  good = good && ok(d.toHost(&recorded, errorSlot, sizeof recorded), "cuMemcpyDtoH", message);
  if (good && recorded != -1) {
    message = "an error was recorded at element " + std::to_string(recorded & ((int64_t(1) << 40) - 1));
    good = false;
  }
  results.clear();
  for (auto [r, bytes] : llvm::enumerate(data.resultBytes)) {
    results.emplace_back(bytes);
    if (bytes && good)
      good = ok(d.toHost(results.back().data(), pointers[firstResult + r], bytes), "cuMemcpyDtoH", message);
  }
  for (Driver::Address address : memory)
    if (address)
      d.free(address);
  return good;
}

/// Adds up the lines of the emulator's report, and empties it.
static CudaCounts takeReport() {
  CudaCounts counts;
  auto buffer = llvm::MemoryBuffer::getFile(reportFile(), /*IsText=*/true, /*RequiresNullTerminator=*/true,
                                            /*IsVolatile=*/true);
  if (!buffer)
    return counts;
  std::error_code error;
  llvm::raw_fd_ostream(reportFile(), error);
  for (StringRef line : llvm::split((*buffer)->getBuffer(), '\n')) {
    llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(line);
    if (!parsed) {
      llvm::consumeError(parsed.takeError());
      continue;
    }
    const llvm::json::Object *launch = parsed->getAsObject();
    if (!launch)
      continue;
    auto number = [&](StringRef key) { return launch->getInteger(key).value_or(0); };
    counts.known = true;
    ++counts.launches;
    counts.excessSectors += number("load_excess_sectors") + number("store_excess_sectors");
    counts.instructions += number("instructions");
    counts.localRequests += number("local_requests");
    counts.bytes += number("load_bytes") + number("store_bytes");
    if (const llvm::json::Array *grid = launch->getArray("grid"))
      counts.blocks += (*grid)[0].getAsInteger().value_or(0) * (*grid)[1].getAsInteger().value_or(1) *
                       (*grid)[2].getAsInteger().value_or(1);
    counts.conflictFactor = std::max(counts.conflictFactor, launch->getNumber("bank_conflict_factor").value_or(1));
  }
  return counts;
}

RunResult CudaKernelRun::check(const SizeMap &sizes, double atol) {
  RunResult result;
  KernelData data(kernel, sizes);
  FailureOr<Evaluator::Tensors> expected = data.evaluateReference(result.message);
  if (failed(expected))
    return result;
  std::vector<std::vector<char>> results, again;
  takeReport();
  if (!run(data, sizes, -1, results, result.message))
    return result;
  counts = takeReport();
  for (int64_t operand : kernel.getScheduleAttr().getMayOverwrite()) {
    int pointer = signature.pointerOf[operand];
    if (pointer < 0 || data.operandBytes[pointer].size() != results[0].size())
      continue;
    if (!run(data, sizes, operand, again, result.message))
      return result;
    if (again != results)
      result.message = "other bits in the memory of operand " + std::to_string(operand);
  }
  RunResult compared = data.compare(results, *expected, atol);
  if (!result.message.empty())
    compared.message = result.message;
  return compared;
}
