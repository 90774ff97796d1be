//===- State.cpp - handles, look-up, leaks --------------------------------===//
#include "State.h"

#include <cstdio>
#include <cstdlib>

using namespace fakecuda;

static const char *kindName(Kind kind) {
  switch (kind) {
  case Kind::Context:
    return "context";
  case Kind::Stream:
    return "stream";
  case Kind::Event:
    return "event";
  case Kind::Module:
    return "module";
  case Kind::Function:
    return "function";
  case Kind::Library:
    return "library";
  case Kind::Kernel:
    return "kernel";
  case Kind::Graph:
    return "graph";
  case Kind::Node:
    return "node";
  case Kind::Exec:
    return "graph exec";
  case Kind::Pool:
    return "pool";
  }
  return "object";
}

Object::Object(Kind kind) : kind(kind) {
  State &state = State::get();
  number = ++state.counts[kind];
  state.objects.insert(this);
}

Object::~Object() { State::get().objects.erase(this); }

std::string Object::name() const {
  return std::string(kindName(kind)) + " #" + std::to_string(number);
}

State &State::get() {
  static State *state = [] {
    auto *made = new State;
    made->settings = Settings::fromEnvironment();
    made->random.seed(made->settings.seed);
    return made;
  }();
  return *state;
}

Context::Context(Device *device)
    : Object(Kind::Context), device(device), legacy(this, 0, 0), perThread(this, 0, 0) {}

static std::string describe(const Block &block) {
  return "allocation #" + std::to_string(block.number) + " of " + std::to_string(block.bytes) +
         " bytes on device " + std::to_string(block.context->device->ordinal);
}

static std::string describe(const HostRange &range) {
  return std::string(range.owned ? "host allocation #" : "registered host memory #") +
         std::to_string(range.number) + " of " + std::to_string(range.bytes) + " bytes";
}

/// What the program has not given back of one context.
static std::vector<std::string> leftBehind(Context &context) {
  State &state = State::get();
  std::vector<std::string> lines;
  for (auto &[address, block] : state.blocks)
    if (block.context == &context && !block.freeing)
      lines.push_back(describe(block));
  for (auto &[address, range] : state.hostRanges)
    if (range.context == &context)
      lines.push_back(describe(range));
  for (auto &object : context.modules)
    lines.push_back(object->name());
  for (auto &object : context.streams)
    lines.push_back(object->name());
  for (auto &object : context.events)
    lines.push_back(object->name());
  for (Stream *stream : context.allStreams())
    if (!stream->queue.empty())
      lines.push_back(std::to_string(stream->queue.size()) + " operations of " + stream->name() +
                      " that nobody waited for");
  return lines;
}

Context::~Context() {
  State &state = State::get();
  for (std::string &line : leftBehind(*this))
    state.lost.push_back(line + ", when its context was destroyed");
  // Work that an event still refers to must not reach for a stream that is gone.
  for (Stream *stream : allStreams())
    for (const WorkRef &work : stream->queue)
      work->done = true;
  for (auto &library : state.libraries)
    library->modules.erase(this);
  modules.clear();
  for (auto at = state.blocks.begin(); at != state.blocks.end();)
    if (at->second.context == this) {
      Block block = at->second;
      at = state.blocks.erase(at);
      freeBlock(block);
    } else {
      ++at;
    }
  for (auto at = state.hostRanges.begin(); at != state.hostRanges.end();)
    if (at->second.context == this) {
      if (at->second.owned)
        std::free(reinterpret_cast<void *>(at->first));
      at = state.hostRanges.erase(at);
    } else {
      ++at;
    }
}

std::vector<Stream *> Context::allStreams() {
  std::vector<Stream *> all{&legacy, &perThread};
  for (auto &stream : streams)
    all.push_back(stream.get());
  for (auto &stream : dying)
    all.push_back(stream.get());
  return all;
}

std::vector<Context *> &fakecuda::contextStack() {
  static thread_local std::vector<Context *> stack;
  return stack;
}

Context *fakecuda::currentContext() {
  auto &stack = contextStack();
  return stack.empty() || !State::get().objects.count(stack.back()) ? nullptr : stack.back();
}

Device *fakecuda::findDevice(CUdevice ordinal) {
  auto &devices = State::get().devices;
  return ordinal >= 0 && size_t(ordinal) < devices.size() ? devices[ordinal].get() : nullptr;
}

Context *fakecuda::findContext(CUcontext handle) { return lookUp<Context>(handle, Kind::Context); }

Stream *fakecuda::findStream(CUstream handle) {
  Context *context = currentContext();
  if (!handle || handle == CU_STREAM_LEGACY)
    return context ? &context->legacy : nullptr;
  if (handle == CU_STREAM_PER_THREAD)
    return context ? &context->perThread : nullptr;
  return lookUp<Stream>(handle, Kind::Stream);
}

Event *fakecuda::findEvent(CUevent handle) { return lookUp<Event>(handle, Kind::Event); }

Block *fakecuda::findBlock(uint64_t address) {
  auto &blocks = State::get().blocks;
  auto after = blocks.upper_bound(address);
  if (after == blocks.begin())
    return nullptr;
  Block &block = std::prev(after)->second;
  return address - block.address < block.bytes ? &block : nullptr;
}

HostRange *fakecuda::findHost(const void *pointer, uintptr_t *base) {
  auto &ranges = State::get().hostRanges;
  auto address = reinterpret_cast<uintptr_t>(pointer);
  auto after = ranges.upper_bound(address);
  if (after == ranges.begin())
    return nullptr;
  auto found = std::prev(after);
  if (address - found->first >= found->second.bytes)
    return nullptr;
  if (base)
    *base = found->first;
  return &found->second;
}

CUresult fakecuda::freeBlock(Block block) {
  if (block.pool)
    block.pool->used -= block.bytes;
  return block.context->device->memory.free(block.address) ? CUDA_SUCCESS
                                                           : CUDA_ERROR_INVALID_VALUE;
}

void fakecuda::complain(const std::string &message) {
  std::fprintf(stderr, "fake CUDA: %s\n", message.c_str());
}

/// Writes the leak report when the library goes: at exit, or with dlclose.
__attribute__((destructor)) static void reportLeaks() {
  State &state = State::get();
  if (state.settings.leaks.empty())
    return;
  std::vector<std::string> lines = state.lost;
  for (auto &device : state.devices)
    if (Context *context = device->primary.get()) {
      std::vector<std::string> left = leftBehind(*context);
      lines.insert(lines.end(), left.begin(), left.end());
      lines.push_back(std::to_string(context->references) +
                      " references to the primary context of " + "device " +
                      std::to_string(device->ordinal));
    }
  for (auto &library : state.libraries)
    lines.push_back(library->name());
  for (const Object *object : state.objects)
    if (object->kind == Kind::Graph || object->kind == Kind::Exec)
      lines.push_back(object->name());
  std::FILE *file = std::fopen(state.settings.leaks.c_str(), "a");
  if (!file)
    return complain("cannot write " + state.settings.leaks);
  for (const std::string &line : lines)
    std::fprintf(file, "%s\n", line.c_str());
  std::fprintf(file, "%zu leaks\n", lines.size());
  std::fclose(file);
}
