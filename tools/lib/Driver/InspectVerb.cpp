//===- InspectVerb.cpp - mlopt inspect FILE -------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"
#include "Driver/Model.h"
#include "Driver/Process.h"
#include "Driver/Verbs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlopt/Frontend/ConvertOnnx.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace mlopt {

namespace {

/// What is worth saying of a model that was imported but not converted.
struct ModelInfo {
  std::map<std::string, unsigned> operators;   ///< how often each occurs
  std::map<std::string, unsigned> unsupported; ///< those without a conversion
  uint64_t weightBytes = 0;
  unsigned weights = 0;
};

ModelInfo collect(ModuleOp module) {
  ModelInfo info;
  auto opsets = module->getAttrOfType<DictionaryAttr>("onnx.opset");
  module->walk([&](Operation *op) {
    if (op->getName().getDialectNamespace() != "onnx")
      return;
    llvm::StringRef name = op->getName().stripDialect();
    if (name == "Yield" || name == "NoValue")
      return;
    if (name == "UnsupportedValue") {
      ++info.weights;
      return;
    }
    if (name == "Constant") {
      if (auto type = dyn_cast<ShapedType>(op->getResult(0).getType());
          type && type.hasStaticShape()) {
        ++info.weights;
        unsigned bits = type.getElementType().isIntOrFloat() ? type.getElementTypeBitWidth() : 64;
        info.weightBytes += uint64_t(type.getNumElements()) * std::max(1u, bits / 8);
      }
      return;
    }
    ++info.operators[name.str()];
    llvm::StringRef domain, type = name;
    if (name.contains('.'))
      std::tie(domain, type) = name.rsplit('.');
    auto version =
        opsets ? opsets.getAs<IntegerAttr>(domain.empty() ? "ai.onnx" : domain) : IntegerAttr();
    if (!isOnnxOperatorSupported(domain, type, version ? version.getInt() : 1))
      ++info.unsupported[name.str()];
  });
  return info;
}

std::string typeName(Type type) {
  std::string text;
  if (auto shaped = dyn_cast<ShapedType>(type))
    type = shaped.getElementType();
  if (auto opaque = dyn_cast<OpaqueType>(type)) // a type that mlopt does not compile
    return opaque.getTypeData().str();
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// "[1, n, 3]", "[...]" for an unknown rank; nothing for what is no tensor.
std::string shapeText(Type type, const std::vector<std::string> &dims) {
  if (isa<UnrankedTensorType>(type))
    return " [...]";
  return isa<RankedTensorType>(type) ? " [" + llvm::join(dims, ", ") + "]" : "";
}

std::vector<std::string> resultDims(func::FuncOp function, unsigned index) {
  std::vector<std::string> dims;
  auto type = dyn_cast<RankedTensorType>(function.getResultTypes()[index]);
  auto names = function.getResultAttrOfType<ArrayAttr>(index, "mlopt.dims");
  for (int64_t i = 0; type && i < type.getRank(); ++i) {
    StringAttr name;
    if (names && i < int64_t(names.size()))
      name = dyn_cast<StringAttr>(names[i]);
    dims.push_back(!type.isDynamicDim(i)   ? std::to_string(type.getDimSize(i))
                   : name && !name.empty() ? name.str()
                                           : "?");
  }
  return dims;
}

llvm::json::Object describeTensor(const std::string &name, Type type,
                                  const std::vector<std::string> &dims) {
  llvm::json::Array shape;
  for (const std::string &dim : dims) {
    int64_t size;
    if (llvm::StringRef(dim).getAsInteger(10, size))
      shape.push_back(dim);
    else
      shape.push_back(size);
  }
  llvm::json::Value sizes = nullptr; // the rank is not known, or it is no tensor
  if (isa<RankedTensorType>(type))
    sizes = std::move(shape);
  return llvm::json::Object{{"name", name}, {"type", typeName(type)}, {"shape", std::move(sizes)}};
}

void printJson(const CommandLine &line, ModuleOp module, func::FuncOp function,
               const ImportReport &report, const ModelInfo &info) {
  llvm::json::Array inputs, outputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    inputs.push_back(describeTensor(getArgumentName(function, i), function.getArgumentTypes()[i],
                                    getArgumentDims(function, i)));
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    outputs.push_back(describeTensor(getResultName(function, i), function.getResultTypes()[i],
                                     resultDims(function, i)));
  llvm::json::Object operators, unsupported, metadata;
  for (const auto &[name, count] : info.operators)
    operators[name] = count;
  for (const auto &[name, count] : info.unsupported)
    unsupported[name] = count;
  if (auto entries = module->getAttrOfType<DictionaryAttr>("onnx.metadata"))
    for (NamedAttribute entry : entries)
      if (auto text = dyn_cast<StringAttr>(entry.getValue()))
        metadata[entry.getName().str()] = llvm::json::fixUTF8(text.getValue());
  llvm::json::Object object{{"kind", "model"},
                            {"model", line.compile.model},
                            {"opset", report.modelOpset},
                            {"inputs", std::move(inputs)},
                            {"outputs", std::move(outputs)},
                            {"operators", std::move(operators)},
                            {"unsupported", std::move(unsupported)},
                            {"constants", info.weights},
                            {"constant_bytes", int64_t(info.weightBytes)},
                            {"metadata", std::move(metadata)}};
  if (auto name = module->getAttrOfType<StringAttr>("onnx.graph_name"))
    object["graph"] = llvm::json::fixUTF8(name.getValue());
  if (auto producer = module->getAttrOfType<StringAttr>("onnx.producer"))
    object["producer"] = llvm::json::fixUTF8(producer.getValue());
  llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(object))) << "\n";
}

void printText(const CommandLine &line, ModuleOp module, func::FuncOp function,
               const ImportReport &report, const ModelInfo &info) {
  llvm::raw_ostream &os = llvm::outs();
  os << "model       " << line.compile.model << "\n";
  if (auto name = module->getAttrOfType<StringAttr>("onnx.graph_name"))
    os << "graph       " << name.getValue() << "\n";
  if (auto producer = module->getAttrOfType<StringAttr>("onnx.producer"))
    os << "producer    " << producer.getValue() << "\n";
  os << "opset       " << report.modelOpset << "\n";
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    os << "input       " << getArgumentName(function, i) << ": "
       << typeName(function.getArgumentTypes()[i])
       << shapeText(function.getArgumentTypes()[i], getArgumentDims(function, i)) << "\n";
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    os << "output      " << getResultName(function, i) << ": "
       << typeName(function.getResultTypes()[i])
       << shapeText(function.getResultTypes()[i], resultDims(function, i)) << "\n";
  os << "constants   " << info.weights << ", " << info.weightBytes << " bytes\n";
  unsigned total = 0;
  for (const auto &[name, count] : info.operators)
    total += count;
  os << "operators   " << total << "\n";
  for (const auto &[name, count] : info.operators)
    os << "  " << llvm::right_justify(std::to_string(count), 6) << " " << name
       << (info.unsupported.count(name) ? "  (not supported)" : "") << "\n";
}

int inspectArtefact(const CommandLine &line, Diagnostics &diagnostics) {
  std::string runner = findRunner(), error;
  if (runner.empty())
    return diagnostics.error(4003, "mlopt",
                             "mlopt-run is not beside mlopt: the installation is incomplete");
  std::vector<std::string> arguments = {"inspect", line.compile.model};
  arguments.insert(arguments.end(), line.runnerArguments.begin(), line.runnerArguments.end());
  for (const auto &[name, size] : line.compile.dims)
    arguments.push_back("--dim=" + name + "=" + std::to_string(size));
  int code = runProgram(runner, arguments, error);
  return code < 0 ? diagnostics.error(4003, runner, "cannot be run: " + error) : code;
}

} // namespace

int runInspect(const CommandLine &line) {
  std::unique_ptr<MLIRContext> context; // outlives what is attached to it
  Diagnostics diagnostics(line.compile);
  if (looksLikeArtefact(line.compile.model))
    return inspectArtefact(line, diagnostics);
  context = makeContext();
  diagnostics.attach(*context);
  ImportReport report;
  OwningOpRef<ModuleOp> module = importModel(line.compile, *context, &report);
  func::FuncOp function = module ? findEntry(*module) : func::FuncOp();
  if (!function)
    return diagnostics.failed();
  ModelInfo info = collect(*module);
  if (line.compile.json)
    printJson(line, *module, function, report, info);
  else
    printText(line, *module, function, report, info);
  return kExitOk;
}

} // namespace mlopt
