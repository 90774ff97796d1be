//===- ScheduleKernel.cpp - Choosing an emitter for a kernel --------------===//
#include "mlopt/Passes/KernelEmitter.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlopt;

LogicalResult mlopt::scheduleKernel(KernelOp kernel, const EmitterList &emitters,
                                    const TargetDescription &target) {
  std::string refusals;
  for (const std::unique_ptr<KernelEmitter> &emitter : emitters) {
    std::string reason;
    if (!emitter->accept(kernel, target, reason)) {
      refusals += "\n  " + emitter->name().str() + ": " + reason;
      remark::missed(kernel.getLoc(), remark::RemarkOpts::name("emitter").category("fuse"))
          << kernel.getSymName().str() << " not taken by " << emitter->name().str() << ": " << reason;
      continue;
    }
    FailureOr<ScheduleAttr> schedule = emitter->schedule(kernel, target);
    if (failed(schedule))
      return failure();
    kernel.setScheduleAttr(*schedule);
    return success();
  }
  return kernel.emitError("MLO3010: no emitter takes kernel '") << kernel.getSymName() << "':" << refusals;
}
