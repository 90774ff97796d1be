//===- ImportOnnx.cpp - ONNX models -> the onnx source dialect ------------===//
#include "mlopt/Frontend/Onnx.h"

#include "Importer.h"

#include "mlopt/Frontend/Locations.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Path.h"

#include <new>

using namespace mlir;

namespace mlopt {

using namespace onnx_import;

static void report(const Failure &failure, StringRef fileName, MLIRContext &context) {
  Location loc = failure.name.empty() && failure.opType.empty()
                     ? getFileLocation(&context, fileName, failure.line, failure.column)
                     : getNodeLocation(&context, fileName, failure.name, failure.opType, 0);
  InFlightDiagnostic diagnostic = emitError(loc)
                                  << formatErrorCode(failure.code) << ": " << failure.what();
  for (const std::string &note : failure.notes)
    diagnostic.attachNote() << note;
  diagnostic.report();
  for (const Failure &other : failure.others)
    report(other, fileName, context);
}

/// Runs `fn`; whatever it throws becomes one diagnostic. The only place where the frontend's
/// exceptions end.
template <typename Fn> static bool guard(StringRef fileName, MLIRContext &context, Fn fn) {
  try {
    fn();
    return true;
  } catch (const Failure &failure) {
    report(failure, fileName, context);
  } catch (const std::bad_alloc &) {
    report(Failure(codes::LimitExceeded, "not enough memory to import the model"), fileName,
           context);
  } catch (const std::exception &error) {
    report(Failure(codes::InternalOnnx,
                   std::string("the ONNX library rejects the model: ") + error.what()),
           fileName, context);
  }
  return false;
}

OwningOpRef<ModuleOp> importOnnx(const OnnxSource &source, const ImportOptions &options,
                                 MLIRContext &context, ImportReport *reportOut) {
  ImportReport local;
  ImportReport &importReport = reportOut ? *reportOut : local;
  OwningOpRef<ModuleOp> module;
  ExternalData external(source.folder);
  guard(source.name, context, [&] {
    onnx::ModelProto model;
    {
      SourceBytes bytes = readSource(source, options.limits);
      parseModel(bytes, options.limits, model);
    } // the file is unmapped here: the model holds its own copy
    Weights weights;
    prepareModel(model, external, weights, options, importReport);
    module = buildModule(model, source.name, weights, options, context);
  });
  importReport.externalFiles = external.getFiles();
  return module;
}

FailureOr<std::vector<std::string>>
listExternalFiles(const OnnxSource &source, const ImportLimits &limits, MLIRContext &context) {
  std::set<std::string> paths;
  bool ok = guard(source.name, context, [&] {
    onnx::ModelProto model;
    SourceBytes bytes = readSource(source, limits);
    parseModel(bytes, limits, model);
    checkLimits(model, limits);
    forEachTensor(model, [&](onnx::TensorProto &tensor, const std::string &where) {
      if (tensor.data_location() != onnx::TensorProto_DataLocation_EXTERNAL)
        return;
      llvm::SmallString<128> path(bytes.folder == "." ? "" : bytes.folder);
      llvm::sys::path::append(path, ExternalData::getLocation(tensor, where));
      paths.insert(path.str().str());
    });
  });
  if (!ok)
    return failure();
  return std::vector<std::string>(paths.begin(), paths.end());
}

} // namespace mlopt
