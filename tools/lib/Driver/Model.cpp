//===- Model.cpp - From a model file to the input phase -------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Model.h"

#include "Driver/Registration.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlopt/Frontend/ConvertOnnx.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace mlopt {

std::unique_ptr<MLIRContext> makeContext(unsigned threads) {
  DialectRegistry registry;
  registerDialects(registry);
  auto context = std::make_unique<MLIRContext>(
      registry, threads == 1 ? MLIRContext::Threading::DISABLED : MLIRContext::Threading::ENABLED);
  context->loadAllAvailableDialects();
  context->printOpOnDiagnostic(false);
  return context;
}

static ImportOptions makeImportOptions(const CompileOptions &options) {
  ImportOptions import;
  import.dims = options.dims;
  for (const auto &[name, dims] : options.shapes) {
    std::vector<DimSpec> &spec = import.shapes[name];
    for (llvm::StringRef text : dims) {
      DimSpec dim;
      if (text != "?" && text.getAsInteger(10, dim.size))
        dim.name = text.str();
      spec.push_back(dim);
    }
  }
  import.isSupported = isOnnxOperatorSupported;
  return import;
}

OwningOpRef<ModuleOp> importModel(const CompileOptions &options, MLIRContext &context,
                                  ImportReport *report) {
  return importOnnx(OnnxSource::fromFile(options.model), makeImportOptions(options), context,
                    report);
}

/// Parses MLIR text. What the parser and the verifiers say gets the code MLO1052 here: they give
/// none, and the file is not the compiler's work.
static OwningOpRef<ModuleOp> parseText(llvm::StringRef path, MLIRContext &context) {
  std::vector<Diagnostic> errors;
  OwningOpRef<ModuleOp> module;
  {
    ScopedDiagnosticHandler collect(&context, [&](Diagnostic &diagnostic) {
      errors.push_back(std::move(diagnostic));
      return success();
    });
    module = parseSourceFile<ModuleOp>(path, &context);
  }
  for (Diagnostic &error : errors) {
    bool isError = error.getSeverity() == DiagnosticSeverity::Error;
    InFlightDiagnostic again = isError ? emitError(error.getLocation())
                                       : emitWarning(error.getLocation());
    again << (isError ? "MLO1052: " : "") << error.str();
    for (Diagnostic &note : error.getNotes())
      again.attachNote(note.getLocation()) << note.str();
  }
  return module;
}

OwningOpRef<ModuleOp> loadModel(const CompileOptions &options, MLIRContext &context,
                                ImportReport *report) {
  if (llvm::StringRef(options.model).ends_with(".mlir") && llvm::sys::fs::exists(options.model)) {
    return parseText(options.model, context);
  }
  OwningOpRef<ModuleOp> module = importModel(options, context, report);
  if (!module || failed(convertOnnxToMlopt(*module)))
    return {};
  return module;
}

func::FuncOp findEntry(ModuleOp module) {
  if (auto main = module.lookupSymbol<func::FuncOp>("main"))
    return main;
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      return function;
  return {};
}

std::string getArgumentName(func::FuncOp function, unsigned index) {
  for (llvm::StringRef key : {"mlopt.name", "onnx.name"})
    if (auto name = function.getArgAttrOfType<StringAttr>(index, key))
      return name.str();
  return "arg" + std::to_string(index);
}

std::string getResultName(func::FuncOp function, unsigned index) {
  for (llvm::StringRef key : {"mlopt.name", "onnx.name"})
    if (auto name = function.getResultAttrOfType<StringAttr>(index, key))
      return name.str();
  return "result" + std::to_string(index);
}

std::vector<std::string> getArgumentDims(func::FuncOp function, unsigned index) {
  std::vector<std::string> dims;
  auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[index]);
  if (!type)
    return dims;
  auto names = function.getArgAttrOfType<ArrayAttr>(index, "mlopt.dims");
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    StringAttr name;
    if (names && i < names.size())
      name = dyn_cast<StringAttr>(names[i]);
    dims.push_back(!ShapedType::isDynamic(size) ? std::to_string(size)
                   : name && !name.empty()      ? name.str()
                                                : "?");
  }
  return dims;
}

void warmUp() {
  std::unique_ptr<MLIRContext> context = makeContext();
  const char *text = "<ir_version: 8, opset_import: [\"\" : 17]>\n"
                     "g (float[2] x) => (float[2] y) { y = Add(x, x) }\n";
  ImportOptions options;
  options.isSupported = isOnnxOperatorSupported;
  OwningOpRef<ModuleOp> module =
      importOnnx(OnnxSource::fromMemory(text, "warm-up.onnxtxt"), options, *context);
  if (module)
    (void)convertOnnxToMlopt(*module);
}

} // namespace mlopt
