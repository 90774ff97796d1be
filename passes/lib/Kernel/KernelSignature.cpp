//===- KernelSignature.cpp - Arguments of a kernel's functions ------------===//
#include "mlopt/Passes/KernelSignature.h"

using namespace mlir;
using namespace mlopt;

KernelSignature::KernelSignature(KernelOp kernel) {
  FunctionType type = kernel.getFunctionType();
  numResults = type.getNumResults();
  for (auto [i, input] : llvm::enumerate(type.getInputs())) {
    bool tensor = isa<RankedTensorType>(input);
    pointerOf.push_back(tensor ? static_cast<int>(numTensorOperands) : -1);
    if (!tensor)
      continue;
    ++numTensorOperands;
    tensorOperands.push_back(i);
  }
  // Operands name the symbols; results only use them.
  if (ArrayAttr dims = kernel.getDimsAttr()) {
    for (unsigned i = 0; i < type.getNumInputs() && i < dims.size(); ++i)
      for (auto [axis, entry] : llvm::enumerate(cast<ArrayAttr>(dims[i]))) {
        auto name = dyn_cast<StringAttr>(entry);
        if (!name || llvm::is_contained(symbols, name.getValue()))
          continue;
        symbols.push_back(name.str());
        bool index = type.getInput(i).isIndex();
        origins.push_back({i, index ? -1 : static_cast<int64_t>(axis)});
      }
  }
  if (ScheduleAttr schedule = kernel.getScheduleAttr()) {
    phases = schedule.getPhases();
    repeat = schedule.getRepeat();
    repeatFrom = schedule.getRepeatFrom();
    numOuterStrides = schedule.getOuterStride().size();
  }
}

std::string KernelSignature::getFunctionName(KernelOp kernel, int64_t phase) {
  ScheduleAttr schedule = kernel.getScheduleAttr();
  std::string name = kernel.getSymName().str();
  if (schedule && schedule.getPhases() > 1)
    name += "." + std::to_string(phase);
  return name;
}

LayoutAttr mlopt::layoutAt(KernelOp kernel, unsigned i) {
  ArrayAttr layouts = kernel.getLayoutsAttr();
  return layouts && i < layouts.size() ? dyn_cast<LayoutAttr>(layouts[i]) : LayoutAttr();
}
