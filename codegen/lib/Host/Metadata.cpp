//===- Metadata.cpp - What `inspect` shows of a module --------------------===//
#include "mlopt/Codegen/HostImage.h"
#include "mlopt/Passes/Memory/Memory.h"
#include "mlopt/runtime/abi/module_abi.h"

using namespace mlir;
using namespace mlopt;

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << attribute;
  return text;
}

/// The functions of a kernel for a GPU, with what ptxas says of them.
static llvm::json::Array describeFunctions(StringRef kernel, ArrayRef<GpuImage> images) {
  llvm::json::Array functions;
  for (const GpuImage &image : images)
    for (const GpuFunction &function : image.functions) {
      if (function.kernel != kernel)
        continue;
      llvm::json::Object o{{"name", function.name}, {"shared_bytes", function.sharedBytes}};
      if (function.registers)
        o["registers"] = *function.registers;
      if (function.spillBytes)
        o["spill_bytes"] = *function.spillBytes;
      functions.push_back(std::move(o));
    }
  return functions;
}

llvm::json::Object mlopt::describeModule(ModuleOp module, StringRef device,
                                         ArrayRef<GpuImage> images) {
  llvm::json::Array kernels;
  for (auto kernel : module.getOps<KernelOp>()) {
    llvm::json::Object o{{"name", kernel.getSymName()}, {"hero", stringifyHero(kernel.getHero())}};
    if (ScheduleAttr schedule = kernel.getScheduleAttr()) {
      o["emitter"] = schedule.getEmitter();
      o["schedule"] = print(schedule);
    }
    if (!images.empty())
      o["functions"] = describeFunctions(kernel.getSymName(), images);
    kernels.push_back(std::move(o));
  }
  llvm::json::Array programs;
  for (auto program : module.getOps<rt::ProgramOp>()) {
    llvm::json::Array launches;
    auto add = [&](StringRef kernel, std::optional<StringRef> nodes) {
      launches.push_back(llvm::json::Object{
          {"kernel", kernel}, {"nodes", nodes.value_or("")}, {"device", device}});
    };
    for (Operation &op : program.getBody().front()) {
      if (auto launch = dyn_cast<rt::LaunchOp>(op))
        add(launch.getKernel(), launch.getNodes());
      else if (auto copy = dyn_cast<rt::CopyOp>(op))
        add("copy", copy.getNodes());
    }
    programs.push_back(llvm::json::Object{{"name", program.getSymName()},
                                          {"launches", std::move(launches)},
                                          {"memory", toJson(reportMemory(program))}});
  }
  return llvm::json::Object{{"kernels", std::move(kernels)}, {"programs", std::move(programs)}};
}

/// Bytes of the flat region `name` as the programs know it, 0 where there is none.
static int64_t regionBytes(ModuleOp module, StringRef name) {
  for (auto program : module.getOps<rt::ProgramOp>())
    for (rt::TensorAttr tensor :
         llvm::concat<const rt::TensorAttr>(program.getInputList(), program.getOutputList()))
      if (tensor.getName() == name && tensor.getType().hasStaticShape())
        return llvm::divideCeil(tensor.getType().getNumElements() *
                                    tensor.getType().getElementTypeBitWidth() / 8,
                                MLOPT_ALIGNMENT) *
               MLOPT_ALIGNMENT;
  return 0;
}

llvm::json::Object mlopt::describeTraining(ModuleOp module) {
  auto training = module->getAttrOfType<DictionaryAttr>("mlopt.training");
  if (!training)
    return {};
  llvm::json::Object object;
  for (StringRef key : {"loss", "optimizer"})
    if (auto text = training.getAs<StringAttr>(key))
      object[key] = text.getValue();
  for (StringRef key : {"slots", "inputs", "targets"}) {
    llvm::json::Array names;
    if (auto list = training.getAs<ArrayAttr>(key))
      for (auto name : list.getAsRange<StringAttr>())
        names.push_back(name.getValue());
    object[key] = std::move(names);
  }
  struct Sum {
    int64_t tensors = 0, elements = 0;
  } parameters, buffers;
  if (auto list = training.getAs<ArrayAttr>("tensors"))
    for (auto tensor : list.getAsRange<DictionaryAttr>()) {
      auto region = tensor.getAs<StringAttr>("region");
      auto shape = tensor.getAs<DenseI64ArrayAttr>("shape");
      Sum &sum = region && region == "buffers" ? buffers : parameters;
      int64_t elements = 1;
      for (int64_t size : shape ? shape.asArrayRef() : ArrayRef<int64_t>())
        elements *= size;
      sum.tensors += 1;
      sum.elements += elements;
    }
  auto describe = [](const Sum &sum, int64_t bytes) {
    return llvm::json::Object{
        {"tensors", sum.tensors}, {"elements", sum.elements}, {"bytes", bytes}};
  };
  object["parameters"] = describe(parameters, regionBytes(module, MLOPT_TRAIN_PARAMETERS));
  object["buffers"] = describe(buffers, regionBytes(module, MLOPT_TRAIN_BUFFERS));
  int64_t state = 0;
  if (auto slots = training.getAs<ArrayAttr>("slots"))
    for (auto slot : slots.getAsRange<StringAttr>())
      state += regionBytes(module, (MLOPT_TRAIN_STATE + slot.getValue()).str());
  object["state_bytes"] = state;
  return object;
}
