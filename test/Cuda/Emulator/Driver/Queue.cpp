//===- Queue.cpp - in what order streams do their work --------------------===//
//
// By itself a stream does its work when it is given. With MLOPT_FAKE_CUDA_DEFER=1 it does it only
// when somebody waits, and then only what must be done for that: a program that forgot to wait, or
// to make one stream wait for the other, reads what was there before.
//
//===----------------------------------------------------------------------===//
#include "Call.h"

#include <algorithm>
#include <chrono>

using namespace fakecuda;

static void perform(Work &work) {
  Context &context = *work.stream->context;
  // After an error of a kernel nothing runs any more.
  if (!context.error)
    if (CUresult result = work.run())
      context.error = result;
  work.done = true;
  work.run = nullptr;
  work.after.clear();
  using namespace std::chrono;
  work.finished = duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
  auto &queue = work.stream->queue;
  while (!queue.empty() && queue.front()->done)
    queue.pop_front();
}

/// Work that `work` waits for and that is not done; null when there is none.
static WorkRef waitsFor(const Work &work) {
  auto found = std::find_if(work.after.begin(), work.after.end(),
                            [](const WorkRef &ref) { return !ref->done; });
  return found == work.after.end() ? nullptr : *found;
}

void fakecuda::finish(const WorkRef &work) {
  // Not recursive: a stream may hold many thousands of operations.
  std::vector<WorkRef> path;
  if (work && !work->done)
    path.push_back(work);
  while (!path.empty()) {
    if (WorkRef first = waitsFor(*path.back())) {
      path.push_back(std::move(first));
      continue;
    }
    perform(*path.back());
    path.pop_back();
  }
}

void fakecuda::finish(Stream &stream) { finish(WorkRef(stream.last)); }

void fakecuda::finish(Context &context) {
  std::vector<WorkRef> ends;
  for (Stream *stream : context.allStreams())
    if (stream->last)
      ends.push_back(stream->last);
  std::shuffle(ends.begin(), ends.end(), State::get().random);
  for (const WorkRef &end : ends)
    finish(end);
  auto &dying = context.dying;
  dying.erase(std::remove_if(dying.begin(), dying.end(),
                             [](const std::unique_ptr<Stream> &s) { return s->queue.empty(); }),
              dying.end());
}

void fakecuda::advance(const WorkRef &work) {
  if (!work || work->done)
    return;
  WorkRef ready = work;
  while (WorkRef first = waitsFor(*ready))
    ready = std::move(first);
  perform(*ready);
}

CUresult fakecuda::enqueue(Stream &stream, std::function<CUresult()> run,
                           std::vector<WorkRef> after, WorkRef *made) {
  Context &context = *stream.context;
  CUresult before = context.error;
  auto work = std::make_shared<Work>();
  work->run = std::move(run);
  work->after = std::move(after);
  work->stream = &stream;
  if (stream.last)
    work->after.push_back(stream.last);
  // The legacy stream and the blocking streams wait for each other.
  if (&stream == &context.legacy) {
    for (Stream *other : context.allStreams())
      if (other != &stream && !(other->flags & CU_STREAM_NON_BLOCKING) && other->last)
        work->after.push_back(other->last);
  } else if (!(stream.flags & CU_STREAM_NON_BLOCKING) && context.legacy.last) {
    work->after.push_back(context.legacy.last);
  }
  work->after.erase(std::remove_if(work->after.begin(), work->after.end(),
                                   [](const WorkRef &ref) { return !ref || ref->done; }),
                    work->after.end());
  stream.queue.push_back(work);
  stream.last = work;
  if (made)
    *made = work;
  if (!State::get().settings.defer)
    finish(work);
  return before;
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

CUresult api::cuStreamCreate(CUstream *stream, unsigned flags) {
  return api::cuStreamCreateWithPriority(stream, flags, 0);
}

CUresult api::cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
  if (!stream || flags > CU_STREAM_NON_BLOCKING)
    return CUDA_ERROR_INVALID_VALUE;
  Context &context = *currentContext();
  // Outside the range of cuCtxGetStreamPriorityRange the driver takes the nearest.
  priority = std::clamp(priority, -5, 0);
  context.streams.push_back(std::make_unique<Stream>(&context, flags, priority));
  *stream = toHandle<CUstream>(context.streams.back().get());
  note(context.streams.back()->name());
  return CUDA_SUCCESS;
}

CUresult api::cuStreamDestroy_v2(CUstream handle) {
  Stream *stream = lookUp<Stream>(handle, Kind::Stream);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  Context &context = *stream->context;
  auto &streams = context.streams;
  auto found = std::find_if(streams.begin(), streams.end(),
                            [&](const std::unique_ptr<Stream> &s) { return s.get() == stream; });
  if (found == streams.end()) // a default stream
    return CUDA_ERROR_INVALID_HANDLE;
  // Its work goes on; only the handle is gone.
  if (!stream->queue.empty()) {
    State::get().objects.erase(stream);
    context.dying.push_back(std::move(*found));
  }
  streams.erase(found);
  return CUDA_SUCCESS;
}

CUresult api::cuStreamSynchronize(CUstream handle) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  finish(*stream);
  return stream->context->error;
}

CUresult api::cuStreamQuery(CUstream handle) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (stream->queue.empty())
    return stream->context->error;
  advance(WorkRef(stream->last));
  return CUDA_ERROR_NOT_READY;
}

CUresult api::cuStreamWaitEvent(CUstream handle, CUevent eventHandle, unsigned flags) {
  Stream *stream = findStream(handle);
  Event *event = findEvent(eventHandle);
  if (!stream || !event)
    return CUDA_ERROR_INVALID_HANDLE;
  if (flags > 1)
    return CUDA_ERROR_INVALID_VALUE;
  if (!event->work || event->work->done)
    return CUDA_SUCCESS;
  return enqueue(*stream, [] { return CUDA_SUCCESS; }, {event->work});
}

CUresult api::cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus *status) {
  if (!status)
    return CUDA_ERROR_INVALID_VALUE;
  if (!findStream(handle))
    return CUDA_ERROR_INVALID_HANDLE;
  *status = CU_STREAM_CAPTURE_STATUS_NONE;
  return CUDA_SUCCESS;
}

CUresult api::cuStreamGetCtx(CUstream handle, CUcontext *context) {
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  *context = toHandle<CUcontext>(stream->context);
  return CUDA_SUCCESS;
}

CUresult api::cuStreamGetFlags(CUstream handle, unsigned *flags) {
  if (!flags)
    return CUDA_ERROR_INVALID_VALUE;
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  *flags = stream->flags;
  return CUDA_SUCCESS;
}

CUresult api::cuStreamGetPriority(CUstream handle, int *priority) {
  if (!priority)
    return CUDA_ERROR_INVALID_VALUE;
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  *priority = stream->priority;
  return CUDA_SUCCESS;
}

CUresult api::cuLaunchHostFunc(CUstream handle, CUhostFn function, void *data) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!function)
    return CUDA_ERROR_INVALID_VALUE;
  return enqueue(*stream, [=] {
    inHostFunction() = true; // it must not call the driver
    function(data);
    inHostFunction() = false;
    return CUDA_SUCCESS;
  });
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

CUresult api::cuEventCreate(CUevent *event, unsigned flags) {
  if (!event || flags > 7)
    return CUDA_ERROR_INVALID_VALUE;
  Context &context = *currentContext();
  context.events.push_back(std::make_unique<Event>(&context, flags));
  *event = toHandle<CUevent>(context.events.back().get());
  note(context.events.back()->name());
  return CUDA_SUCCESS;
}

CUresult api::cuEventRecord(CUevent eventHandle, CUstream handle) {
  Event *event = findEvent(eventHandle);
  Stream *stream = findStream(handle);
  if (!event || !stream || event->context != stream->context)
    return CUDA_ERROR_INVALID_HANDLE;
  return enqueue(*stream, [] { return CUDA_SUCCESS; }, {}, &event->work);
}

CUresult api::cuEventQuery(CUevent handle) {
  Event *event = findEvent(handle);
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!event->work || event->work->done)
    return event->context->error;
  advance(event->work);
  return CUDA_ERROR_NOT_READY;
}

CUresult api::cuEventSynchronize(CUevent handle) {
  Event *event = findEvent(handle);
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  finish(event->work);
  return event->context->error;
}

CUresult api::cuEventElapsedTime(float *milliseconds, CUevent startHandle, CUevent endHandle) {
  Event *start = findEvent(startHandle), *end = findEvent(endHandle);
  if (!milliseconds)
    return CUDA_ERROR_INVALID_VALUE;
  if (!start || !end || !start->work || !end->work ||
      (start->flags | end->flags) & CU_EVENT_DISABLE_TIMING)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!start->work->done || !end->work->done)
    return CUDA_ERROR_NOT_READY;
  *milliseconds = float(end->work->finished - start->work->finished);
  return CUDA_SUCCESS;
}

CUresult api::cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end) {
  return api::cuEventElapsedTime(milliseconds, start, end);
}

CUresult api::cuEventDestroy_v2(CUevent handle) {
  Event *event = findEvent(handle);
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  auto &events = event->context->events;
  events.erase(std::find_if(events.begin(), events.end(),
                            [&](const std::unique_ptr<Event> &e) { return e.get() == event; }));
  return CUDA_SUCCESS;
}
