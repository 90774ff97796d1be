//===- State.h - the objects of the fake driver -----------------*- C++ -*-===//
//
// Devices, contexts, streams, events, modules and graphs, and the one State that owns them. Every
// call of the API runs with State::lock held (Call.h), so nothing here locks by itself.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_STATE_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_STATE_H

#include "../Machine.h"
#include "CudaApi.h"
#include "Settings.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fakecuda {

struct Context;
struct Stream;

enum class Kind {
  Context,
  Stream,
  Event,
  Module,
  Function,
  Library,
  Kernel,
  Graph,
  Node,
  Exec,
  Pool
};

/// What a handle of the API points to. `number` counts the objects of one kind from 1.
struct Object {
  Kind kind;
  unsigned number;
  explicit Object(Kind kind);
  virtual ~Object();
  std::string name() const; ///< e.g. "stream #2"
};

/// Properties of a compute capability; see Devices.cpp.
struct Model {
  unsigned arch; ///< 10 major + minor
  int processors, threadsPerProcessor, blocksPerProcessor;
  int sharedPerBlock, sharedPerProcessor, l2Bytes; ///< bytes; the first with opt-in
};

/// Null for a compute capability that the driver does not know.
const Model *findModel(unsigned arch);

/// A memory pool of a device: only the default one exists.
struct Pool : Object {
  int device;
  uint64_t releaseThreshold = 0, used = 0, usedHigh = 0;
  int reuse[3] = {1, 1, 1}; ///< the three reuse attributes; stored, without effect
  explicit Pool(int device) : Object(Kind::Pool), device(device) {}
};

/// A live range of device memory that a program asked for.
struct Block {
  uint64_t address, bytes;
  Context *context;
  Pool *pool; ///< null unless stream-ordered
  unsigned number;
  bool freeing = false; ///< cuMemFreeAsync was called, its turn has not come
};

struct Device {
  int ordinal;
  const Model *model;
  ptxemu::Memory memory;
  ptxemu::Options options;
  Pool pool;
  unsigned contextFlags = 0;
  std::unique_ptr<Context> primary; ///< null when nobody has retained it
  Device(int ordinal, const Model *model, uint64_t bytes, uint64_t base);
};

/// Work that a stream executes: `run` is called once, after everything in `after` is done.
struct Work {
  std::function<CUresult()> run;
  std::vector<std::shared_ptr<Work>> after;
  Stream *stream;
  bool done = false;
  double finished = 0; ///< milliseconds on the host's steady clock
};
using WorkRef = std::shared_ptr<Work>;

struct Stream : Object {
  Context *context;
  unsigned flags;
  int priority;
  std::deque<WorkRef> queue; ///< not done yet, oldest first
  WorkRef last;              ///< the newest work, done or not; null before the first
  Stream(Context *context, unsigned flags, int priority)
      : Object(Kind::Stream), context(context), flags(flags), priority(priority) {}
};

struct Event : Object {
  Context *context;
  unsigned flags;
  WorkRef work; ///< what cuEventRecord put into a stream; null before
  Event(Context *context, unsigned flags) : Object(Kind::Event), context(context), flags(flags) {}
};

struct ModuleObject;

/// A CUfunction. `maxDynamicShared` < 0: not set, so static + dynamic may be 48 KiB.
struct Function : Object {
  ModuleObject *module;
  const ptxemu::Kernel *kernel;
  int maxDynamicShared = -1;
  int carveout = -1;
  Function(ModuleObject *module, const ptxemu::Kernel *kernel)
      : Object(Kind::Function), module(module), kernel(kernel) {}
};

struct ModuleObject : Object {
  Context *context;
  std::unique_ptr<ptxemu::Module> module;
  int ptxVersion = 0;     ///< 10 major + minor of .version
  bool ofLibrary = false; ///< a cuLibrary owns it
  std::map<std::string, std::unique_ptr<Function>> functions;
  explicit ModuleObject(Context *context) : Object(Kind::Module), context(context) {}
};

/// A CUkernel: the function of that name in the library's module of whatever context is current.
struct KernelObject : Object {
  struct LibraryObject *library;
  std::string function;
  KernelObject(LibraryObject *library, std::string function)
      : Object(Kind::Kernel), library(library), function(std::move(function)) {}
};

struct LibraryObject : Object {
  std::string text;
  std::map<Context *, std::unique_ptr<ModuleObject>> modules; ///< loaded when first needed
  std::map<std::string, std::unique_ptr<KernelObject>> kernels;
  LibraryObject() : Object(Kind::Library) {}
};

/// The primary context of a device: others cannot be made.
struct Context : Object {
  Device *device;
  unsigned references = 0;
  CUresult error = CUDA_SUCCESS; ///< of a kernel: every later call returns it
  Stream legacy, perThread;      ///< CU_STREAM_LEGACY (null), CU_STREAM_PER_THREAD
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<std::unique_ptr<Event>> events;
  std::vector<std::unique_ptr<ModuleObject>> modules;
  /// Streams that cuStreamDestroy was called for with work pending; gone when they are empty.
  std::vector<std::unique_ptr<Stream>> dying;
  explicit Context(Device *device);
  ~Context() override;
  std::vector<Stream *> allStreams();
};

/// Page-locked host memory by its address. `owned`: from cuMemHostAlloc, else registered.
struct HostRange {
  size_t bytes;
  unsigned flags;
  bool owned;
  Context *context;
  unsigned number;
};

struct Graph;
struct Exec;

struct State {
  std::recursive_mutex lock;
  Settings settings;
  bool initialized = false;
  std::vector<std::unique_ptr<Device>> devices;
  std::map<uint64_t, Block> blocks;          ///< by address
  std::map<uintptr_t, HostRange> hostRanges; ///< by address
  std::set<std::unique_ptr<LibraryObject>> libraries;
  std::set<const Object *> objects; ///< alive, so that a stale handle is an error, not a crash
  std::map<Kind, unsigned> counts;
  unsigned blockCount = 0, hostCount = 0;
  std::mt19937_64 random;
  /// Things that were alive when their context went: they are leaks too.
  std::vector<std::string> lost;

  static State &get(); ///< never destroyed
};

/// The context that is current to the calling thread; null when none is, or it was destroyed.
Context *currentContext();
/// The thread's stack of contexts; the last is current.
std::vector<Context *> &contextStack();

/// The live object of that kind behind a handle, or null.
template <typename T, typename Handle> T *lookUp(Handle handle, Kind kind) {
  auto *object = reinterpret_cast<const Object *>(handle);
  auto &objects = State::get().objects;
  auto found = objects.find(object);
  if (found == objects.end() || (*found)->kind != kind)
    return nullptr;
  return static_cast<T *>(const_cast<Object *>(object));
}
template <typename Handle> Handle toHandle(Object *object) {
  return reinterpret_cast<Handle>(object);
}

Device *findDevice(CUdevice ordinal);
/// The device whose addresses hold `address`, allocated or not; null for a host address.
Device *deviceOf(uint64_t address);
Context *findContext(CUcontext handle);
/// Null (of the current context), legacy and per-thread handles included.
Stream *findStream(CUstream handle);
Event *findEvent(CUevent handle);
/// A CUfunction, or a CUkernel that was cast to one.
Function *findFunction(CUfunction handle);
Function *functionOf(KernelObject &kernel, CUresult &result);
/// The allocation of the program that holds `address`, or null.
Block *findBlock(uint64_t address);
HostRange *findHost(const void *pointer, uintptr_t *base = nullptr);

/// Appends work to a stream. Without MLOPT_FAKE_CUDA_DEFER it runs at once. Its error becomes the
/// error of the context; the result is what the caller returns: an error of the context that was
/// there before, else success.
CUresult enqueue(Stream &stream, std::function<CUresult()> run, std::vector<WorkRef> after = {},
                 WorkRef *made = nullptr);
/// Runs what has to be done for `work` to be done.
void finish(const WorkRef &work);
void finish(Stream &stream);
void finish(Context &context);
/// One step towards `work`: so that loops that only query come to an end.
void advance(const WorkRef &work);

CUresult freeBlock(Block block);
/// Prints "fake CUDA: ..." on stderr.
void complain(const std::string &message);

} // namespace fakecuda

#endif
