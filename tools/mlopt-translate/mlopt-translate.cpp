//===- mlopt-translate.cpp - Model formats <-> MLIR, for tests ------------===//
#include "mlopt/Frontend/ErrorCodes.h"
#include "mlopt/Frontend/Locations.h"
#include "mlopt/Frontend/Onnx.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;
using namespace mlopt;

static cl::OptionCategory category("mlopt-translate options");
static cl::list<std::string> inputs(cl::Positional, cl::desc("<model>..."), cl::OneOrMore,
                                    cl::cat(category));
static cl::opt<bool>
    importOnnxFlag("import-onnx",
                   cl::desc("Import ONNX (binary or text) and print the onnx source dialect"),
                   cl::cat(category));
static cl::opt<bool> listExternal("list-external-files",
                                  cl::desc("Print the external data files that a model refers to"),
                                  cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("Output file"), cl::value_desc("file"),
                                   cl::init("-"), cl::cat(category));
static cl::list<std::string> dims("dim", cl::desc("Fix a named dimension"),
                                  cl::value_desc("NAME=SIZE"), cl::cat(category));
static cl::list<std::string> shapes("shape", cl::desc("Set an input's shape, ? is unknown"),
                                    cl::value_desc("INPUT=1x3x?"), cl::cat(category));
static cl::opt<int64_t>
    targetOpset("target-opset",
                cl::desc("Convert models below it up to this operator set; 0 keeps the model's"),
                cl::init(27), cl::cat(category));
static cl::list<std::string>
    expand("expand",
           cl::desc("Operators to replace by their ONNX function, * for all that have one"),
           cl::CommaSeparated, cl::value_desc("Op,..."), cl::cat(category));
static cl::opt<bool> training("training",
                              cl::desc("Import for training: initializers are parameters"),
                              cl::cat(category));
static cl::opt<bool> printLocations("print-locations", cl::desc("Print locations"),
                                    cl::cat(category));
static cl::opt<bool> printResources("print-resources",
                                    cl::desc("Print the bytes of large constants"),
                                    cl::cat(category));
static cl::opt<bool> quiet("quiet",
                           cl::desc("Print no module, only say for each file whether it imports"),
                           cl::cat(category));
static cl::opt<bool> verbose("v", cl::desc("Print what the importer adapted"), cl::cat(category));

static bool parseShapeOptions(ImportOptions &options) {
  for (const std::string &text : dims) {
    auto [name, value] = StringRef(text).rsplit('=');
    int64_t size;
    if (name.empty() || value.getAsInteger(10, size)) {
      errs() << "error: --dim wants NAME=SIZE, not '" << text << "'\n";
      return false;
    }
    options.dims[name.str()] = size;
  }
  for (const std::string &text : shapes) {
    auto [name, value] = StringRef(text).rsplit('=');
    std::vector<DimSpec> spec;
    SmallVector<StringRef> parts;
    if (!value.empty())
      value.split(parts, 'x');
    for (StringRef part : parts) {
      DimSpec dim;
      if (part != "?" && part.getAsInteger(10, dim.size)) {
        errs() << "error: --shape wants INPUT=1x3x?, not '" << text << "'\n";
        return false;
      }
      spec.push_back(dim);
    }
    options.shapes[name.str()] = spec;
  }
  return true;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Translates model formats for tests.\n");
  ImportOptions options;
  if (!parseShapeOptions(options))
    return 2;
  if (!importOnnxFlag && !listExternal) {
    errs() << "error: nothing to do; give --import-onnx\n";
    return 2;
  }
  options.targetOpset = targetOpset;
  options.training = training;
  if (!expand.empty())
    options.isSupported = [](StringRef, StringRef opType, int64_t) {
      return !is_contained(expand, "*") && !is_contained(expand, opType.str());
    };
  std::string message;
  std::unique_ptr<ToolOutputFile> out = mlir::openOutputFile(output, &message);
  if (!out) {
    errs() << message << "\n";
    return 2;
  }
  int status = 0;
  for (const std::string &input : inputs) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    int exitCode = 0;
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error && !exitCode)
        exitCode = getExitCode(parseErrorCode(diagnostic.str()));
      errs() << formatDiagnostic(diagnostic);
      return mlir::success();
    });
    OnnxSource source = OnnxSource::fromFile(input);
    if (listExternal) {
      if (auto files = listExternalFiles(source, options.limits, context); mlir::succeeded(files))
        for (const std::string &file : *files)
          out->os() << file << "\n";
    } else {
      ImportReport report;
      mlir::OwningOpRef<mlir::ModuleOp> module = importOnnx(source, options, context, &report);
      if (verbose)
        for (const std::string &note : report.notes)
          errs() << input << ": remark: " << note << "\n";
      if (!module && !exitCode)
        exitCode = 70;
      if (quiet) {
        out->os() << (module ? "ok " : "failed ") << input << "\n";
      } else if (module) {
        mlir::OpPrintingFlags flags;
        if (printLocations)
          flags.enableDebugInfo(true, false);
        if (!printResources)
          flags.elideLargeResourceString(32);
        module->print(out->os(), flags);
        out->os() << "\n";
      }
    }
    status = std::max(status, exitCode);
  }
  out->keep();
  return status;
}
