//===- Metadata.cpp - What `inspect` shows of a module --------------------===//
#include "mlopt/Codegen/HostImage.h"
#include "mlopt/Passes/Memory/Memory.h"

using namespace mlir;
using namespace mlopt;

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << attribute;
  return text;
}

llvm::json::Object mlopt::describeModule(ModuleOp module) {
  llvm::json::Array kernels;
  for (auto kernel : module.getOps<KernelOp>()) {
    llvm::json::Object o{{"name", kernel.getSymName()}, {"hero", stringifyHero(kernel.getHero())}};
    if (ScheduleAttr schedule = kernel.getScheduleAttr()) {
      o["emitter"] = schedule.getEmitter();
      o["schedule"] = print(schedule);
    }
    kernels.push_back(std::move(o));
  }
  llvm::json::Array programs;
  for (auto program : module.getOps<rt::ProgramOp>()) {
    llvm::json::Array launches;
    for (Operation &op : program.getBody().front()) {
      if (auto launch = dyn_cast<rt::LaunchOp>(op))
        launches.push_back(llvm::json::Object{{"kernel", launch.getKernel()},
                                              {"nodes", launch.getNodes().value_or("")}});
      else if (auto copy = dyn_cast<rt::CopyOp>(op))
        launches.push_back(
            llvm::json::Object{{"kernel", "copy"}, {"nodes", copy.getNodes().value_or("")}});
    }
    programs.push_back(llvm::json::Object{{"name", program.getSymName()},
                                          {"launches", std::move(launches)},
                                          {"memory", toJson(reportMemory(program))}});
  }
  return llvm::json::Object{{"kernels", std::move(kernels)}, {"programs", std::move(programs)}};
}
