//===- Report.cpp - What a plan takes, for people and programs ------------===//
#include "mlopt/Passes/Memory/Memory.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlopt;

MemoryReport mlopt::reportMemory(rt::ProgramOp program, int64_t threads,
                                 llvm::function_ref<int64_t(rt::SymbolAttr)> symbol) {
  auto usual = [](rt::SymbolAttr s) { return s.getUsual(); };
  llvm::StringMap<int64_t> values = rt::evaluateSteps(
      program, symbol ? symbol : llvm::function_ref<int64_t(rt::SymbolAttr)>(usual), threads);
  MemoryReport report;
  Block &body = program.getBody().front();
  rt::ReturnOp ret = program.getReturn();
  report.arenaBytes = rt::evaluateSize(ret.getArenaBytes(), values);
  report.lowerBound = rt::evaluateSize(ret.getLowerBound(), values);
  report.arenaFormula = SymExpr(ret.getArenaBytes()).str();
  report.lowerBoundFormula = SymExpr(ret.getLowerBound()).str();
  for (auto step : body.getOps<rt::StepOp>())
    report.steps.emplace_back(step.getName().str(), SymExpr(step.getValueAttr()).str());
  for (Operation &op : body) {
    report.launches += isa<rt::LaunchOp>(op);
    report.barriers += isa<rt::BarrierOp>(op);
    report.copies += isa<rt::CopyOp>(op);
    auto arena = dyn_cast<rt::ArenaOp>(op);
    if (!arena)
      continue;
    PlacedTensor tensor;
    tensor.name = arena.getTensor().value_or("").str();
    tensor.scratch = arena.getScratch();
    tensor.offset = rt::evaluateSize(arena.getOffset(), values);
    tensor.bytes = rt::evaluateSize(arena.getBytes(), values);
    tensor.offsetFormula = SymExpr(arena.getOffset()).str();
    tensor.bytesFormula = SymExpr(arena.getBytes()).str();
    tensor.first = arena.getLive()[0];
    tensor.last = arena.getLive()[1];
    report.tensors.push_back(tensor);
  }
  return report;
}

void mlopt::printMemoryReport(const MemoryReport &report, llvm::raw_ostream &os) {
  double ratio = report.lowerBound ? double(report.arenaBytes) / double(report.lowerBound) : 1.0;
  os << llvm::formatv(
      "arena {0} bytes, lower bound {1} ({2:f2} times), {3} launches, {4} barriers, {5} copies\n",
      report.arenaBytes, report.lowerBound, ratio, report.launches, report.barriers, report.copies);
  os << "      offset       bytes      live  tensor\n";
  for (const PlacedTensor &tensor : report.tensors)
    os << llvm::formatv("{0,12}{1,12}{2,6}-{3,-4} {4}\n", tensor.offset, tensor.bytes, tensor.first,
                        tensor.last, tensor.scratch ? "(scratch)" : tensor.name);
}

llvm::json::Object mlopt::toJson(const MemoryReport &report) {
  llvm::json::Array tensors;
  for (const PlacedTensor &tensor : report.tensors)
    tensors.push_back(llvm::json::Object{{"tensor", tensor.name},
                                         {"scratch", tensor.scratch},
                                         {"offset", tensor.offset},
                                         {"bytes", tensor.bytes},
                                         {"offset_formula", tensor.offsetFormula},
                                         {"bytes_formula", tensor.bytesFormula},
                                         {"first", tensor.first},
                                         {"last", tensor.last}});
  llvm::json::Array steps;
  for (const auto &[name, formula] : report.steps)
    steps.push_back(llvm::json::Object{{"name", name}, {"formula", formula}});
  return llvm::json::Object{
      {"arena_bytes", report.arenaBytes},     {"lower_bound", report.lowerBound},
      {"arena_formula", report.arenaFormula}, {"lower_bound_formula", report.lowerBoundFormula},
      {"steps", std::move(steps)},            {"launches", report.launches},
      {"barriers", report.barriers},          {"copies", report.copies},
      {"tensors", std::move(tensors)}};
}
