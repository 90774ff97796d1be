//===- Model.cpp - From a model file to the input phase -------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Model.h"

#include "Driver/Registration.h"
#include "TensorIO/Safetensors.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlopt/Frontend/ConvertOnnx.h"
#include "mlopt/Frontend/Locations.h"
#include "mlopt/Passes/Autodiff/Autodiff.h"
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
  import.training = options.training;
  import.trainedScalars = options.trainedScalars;
  return import;
}

/// The TensorProto.DataType of a type.
static int32_t getOnnxType(mlopt_dtype dtype) {
  switch (dtype) {
  case MLOPT_DTYPE_F64:
    return 11;
  case MLOPT_DTYPE_F32:
    return 1;
  case MLOPT_DTYPE_F16:
    return 10;
  case MLOPT_DTYPE_BF16:
    return 16;
  case MLOPT_DTYPE_BOOL:
    return 9;
  case MLOPT_DTYPE_I8:
    return 3;
  case MLOPT_DTYPE_I16:
    return 5;
  case MLOPT_DTYPE_I32:
    return 6;
  case MLOPT_DTYPE_I64:
    return 7;
  case MLOPT_DTYPE_UI8:
    return 2;
  case MLOPT_DTYPE_UI16:
    return 4;
  case MLOPT_DTYPE_UI32:
    return 12;
  case MLOPT_DTYPE_UI64:
    return 13;
  case MLOPT_DTYPE_F8E4M3FN:
    return 17;
  case MLOPT_DTYPE_F8E4M3FNUZ:
    return 18;
  case MLOPT_DTYPE_F8E5M2:
    return 19;
  case MLOPT_DTYPE_F8E5M2FNUZ:
    return 20;
  case MLOPT_DTYPE_UI4:
    return 21;
  case MLOPT_DTYPE_I4:
    return 22;
  case MLOPT_DTYPE_UI2:
    return 25;
  case MLOPT_DTYPE_I2:
    return 26;
  default:
    return 0;
  }
}

/// --load-weights: the file is mapped, and stays so as long as a module refers to it.
static LogicalResult loadWeights(const CompileOptions &options, MLIRContext &context,
                                 ImportOptions &import) {
  if (options.loadWeights.empty())
    return success();
  import.loadedWeightsName = options.loadWeights;
  import.allowMissingWeights = options.allowMissingWeights;
  tensorio::SafetensorsFile file;
  if (tensorio::Error error = file.open(options.loadWeights); !error.empty())
    return emitError(getFileLocation(&context, options.loadWeights)) << "MLO1060: " << error;
  if (file.getTensors().empty())
    return emitError(getFileLocation(&context, options.loadWeights))
           << "MLO1060: holds no tensors, expected the weights of a model";
  auto owner = std::const_pointer_cast<void>(file.getOwner());
  for (const tensorio::TensorView &tensor : file.getTensors())
    import.loadedWeights[tensor.name] = {
        getOnnxType(tensor.dtype),
        tensor.dims,
        {reinterpret_cast<const char *>(tensor.data), size_t(tensor.bytes)},
        owner};
  return success();
}

LogicalResult makeImportOptions(const CompileOptions &options, MLIRContext &context,
                                ImportOptions &import) {
  import = makeImportOptions(options);
  return loadWeights(options, context, import);
}

OwningOpRef<ModuleOp> importModel(const CompileOptions &options, MLIRContext &context,
                                  ImportReport *report) {
  ImportOptions import;
  if (failed(makeImportOptions(options, context, import)))
    return {};
  OwningOpRef<ModuleOp> module =
      importOnnx(OnnxSource::fromFile(options.model), import, context, report);
  if (report && !options.loadWeights.empty()) {
    report->externalFiles.push_back(options.loadWeights);
    llvm::sort(report->externalFiles);
    report->externalFiles.erase(llvm::unique(report->externalFiles), report->externalFiles.end());
  }
  return module;
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
    if (!options.loadWeights.empty()) {
      emitError(getFileLocation(&context, options.model))
          << "MLO1061: --load-weights takes the place of an ONNX model's initializers, and this is "
             "MLIR text";
      return {};
    }
    return parseText(options.model, context);
  }
  OwningOpRef<ModuleOp> module = importModel(options, context, report);
  ConvertOnnxOptions convert;
  convert.training = options.training;
  // Weights from a checkpoint are there to be used: what else is the file of a training for?
  convert.inference = !options.training && (options.inference || !options.loadWeights.empty());
  if (!module || failed(convertOnnxToMlopt(*module, convert)))
    return {};
  return module;
}

LogicalResult prepareForEvaluation(ModuleOp module) {
  if (!module.walk([](GradientOp) { return WalkResult::interrupt(); }).wasInterrupted())
    return success();
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  pm.addPass(createDifferentiatePass());
  return pm.run(module);
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
