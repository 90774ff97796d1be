//===- QuantizeVerb.cpp - mlopt quantize MODEL ----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calibrates, quantizes and proves. The model stays ONNX until the end, so that everything that is
// measured on the way (statistics, errors, accuracy, times) goes through the same compilation as
// what is deployed.
//
//===----------------------------------------------------------------------===//
#include "Driver/Artefact.h"
#include "Driver/Compile.h"
#include "Driver/Model.h"
#include "Driver/Verbs.h"
#include "Quantize/Job.h"

#include "mlopt/Frontend/ErrorCodes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace mlopt {

namespace quantize {

/// Gives an error of the graph half, "MLO2501: reason", its exit code.
int QuantizeJob::report(Error error) {
  if (!error)
    return kExitOk;
  std::string message = toString(std::move(error));
  unsigned code = parseErrorCode(message);
  StringRef text = message;
  if (code)
    text = text.split(':').second.ltrim();
  return diagnostics.error(code ? code : 3001u, options.model, text);
}

int QuantizeJob::checkOutput() {
  StringRef suffix = sys::path::extension(options.output);
  onnxOutput = !options.emit && !options.stopAfter && (options.output.empty() || suffix == ".onnx");
  if (!onnxOutput) {
    std::optional<OutputPlan> plan = planOutput(options, diagnostics);
    if (!plan)
      return diagnostics.failed();
    output = plan->path;
    return kExitOk;
  }
  output = options.output;
  if (output.empty()) {
    if (options.model == "-")
      return diagnostics.usage("a model from standard input needs -o OUT");
    output = sys::path::stem(options.model).str() + "-quantized.onnx";
  }
  if (options.model != "-" && sys::fs::equivalent(output, options.model))
    return diagnostics.usage("the output '" + output + "' is the model itself");
  // Better now than after minutes of work.
  if (tensorio::Error error = tensorio::tryWriteBeside(output); !error.empty())
    return diagnostics.error(3003, output, "cannot write: " + error);
  return kExitOk;
}

int QuantizeJob::loadModel() {
  if (StringRef(options.model).ends_with(".mlir"))
    return diagnostics.usage("quantize takes an ONNX model, '" + options.model + "' is MLIR text");
  diagnostics.status("reading " + options.model);
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  diagnostics.attach(*context);
  ImportOptions import;
  bool ok = succeeded(makeImportOptions(options, *context, import));
  diagnostics.detach();
  if (!ok)
    return diagnostics.failed();
  QuantizeLoadOptions load;
  load.import = &import;
  load.minimumOpset = asked.form == QuantizationForm::WeightOnly ? 21 : 13;
  load.includeProducts = asked.products;
  load.includeConv = asked.form != QuantizationForm::WeightOnly;
  Expected<QuantizableModel> loaded =
      QuantizableModel::load(OnnxSource::fromFile(options.model), load);
  if (!loaded)
    return report(loaded.takeError());
  model.emplace(std::move(*loaded));
  model->setExternalData(true); // scratch files only
  for (const std::string &note : model->notes())
    diagnostics.note(note);
  // Sizes and weights are in the model now.
  scratchOptions = options;
  scratchOptions.dims.clear();
  scratchOptions.shapes.clear();
  scratchOptions.loadWeights.clear();
  scratchOptions.allowMissingWeights = false;
  applyKeepFloat();
  if (candidates().empty())
    return diagnostics.error(codes::NoQuantizableLayer, options.model,
                             "--keep-float names every layer that could be quantized");
  return kExitOk;
}

void QuantizeJob::applyKeepFloat() {
  model->setAllEnabled(true);
  for (StringRef pattern : asked.keepFloat) {
    Regex regex(pattern);
    bool any = false;
    for (const QuantizableLayer &layer : model->layers())
      if (regex.match(layer.name)) {
        cantFail(model->setEnabled(layer.name, false));
        any = true;
      }
    if (!any)
      diagnostics.warning(options.model, "--keep-float: no layer's name holds a match of '" + pattern +
                                             "'; --report=quantization lists the names");
  }
}

std::vector<std::string> QuantizeJob::candidates() const {
  std::vector<std::string> names;
  for (const QuantizableLayer &layer : model->layers())
    if (none_of(asked.keepFloat,
                [&](StringRef pattern) { return Regex(pattern).match(layer.name); }))
      names.push_back(layer.name);
  return names;
}

int QuantizeJob::write(const std::string &path, bool isSideBySide) {
  switch (asked.form) {
  case QuantizationForm::Static:
    return report(model->write(path));
  case QuantizationForm::Dynamic:
    return report(
        model->writeDynamic(path, asked.rowRanges ? DynamicRange::Row : DynamicRange::Tensor,
                            isSideBySide));
  case QuantizationForm::WeightOnly:
    break;
  }
  Expected<std::vector<WeightOnlyResult>> results = model->writeWeightOnly(path, getWeightOptions(), isSideBySide);
  if (!results)
    return report(results.takeError());
  for (WeightOnlyResult &one : *results)
    weightResults[one.layer] = std::move(one);
  return kExitOk;
}

void QuantizeJob::fillRows() {
  static const StringRef forms[] = {"static", "dynamic", "weight-only"};
  result.model = sys::path::filename(options.model).str();
  result.form = forms[size_t(asked.form)].str();
  std::vector<std::string> names = candidates();
  for (const QuantizableLayer &layer : model->layers()) {
    LayerRow row;
    row.name = json::fixUTF8(layer.name);
    row.op = layer.op;
    std::string weights = asked.asymmetricWeights ? "u8" : "s8";
    weights += asked.perTensor ? " per tensor" : " per channel";
    if (layer.weight.empty())
      weights = asked.symmetricActivations ? "s8" : "u8";
    if (isStatic())
      row.scheme = (asked.symmetricActivations ? "s8 x " : "u8 x ") + weights;
    else if (asked.form == QuantizationForm::Dynamic)
      row.scheme = (asked.rowRanges && layer.op != "Conv" ? "u8 per row x " : "u8 at run time x ") +
                   weights;
    std::string range = isStatic() ? model->getRangeOf(layer.input) : "";
    for (const RangeStatistics &entry : statistics)
      if (entry.range == range) {
        const ActivationScheme &s = entry.scheme;
        double low = s.isSigned ? -127 : 0, high = s.isSigned ? 127 : 255;
        row.range = {(low - s.zero) * s.scale, (high - s.zero) * s.scale};
        row.clipped = clippedShare(entry.histogram, s);
        row.method = std::string(getMethodName(entry.method));
      }
    if (auto found = weightResults.find(layer.name); found != weightResults.end()) {
      row.scheme = found->second.form;
      row.why = found->second.note;
    }
    if (auto found = layerErrors.find(layer.name); found != layerErrors.end())
      row.error = found->second;
    auto found = find(names, layer.name);
    if (found == names.end()) {
      row.quantized = false;
      row.why = "named by --keep-float";
    } else {
      size_t index = size_t(found - names.begin());
      row.quantized = search.quantized[index];
      row.floatTime = search.floatTime[index];
      row.integerTime = search.integerTime[index];
      if (!search.why[index].empty())
        row.why = search.why[index];
    }
    result.rows.push_back(std::move(row));
  }
  for (const SkippedNode &node : model->skipped()) {
    LayerRow row;
    row.name = json::fixUTF8(node.name);
    row.op = node.op;
    row.why = node.reason;
    row.quantized = false;
    result.skipped.push_back(std::move(row));
  }
  if (!hasKernelErrors)
    result.notes.push_back("SQNR is that of the weights; --data measures the kernels");
}

int QuantizeJob::writeReports() {
  bool printed = false;
  for (const std::string &file : asked.reports) {
    StringRef suffix = sys::path::extension(file);
    int code = writeText(
        file.empty() ? "-" : file,
        [&](raw_ostream &os) {
          if (suffix == ".svg")
            result.printSvg(os);
          else if (suffix == ".json" || options.json)
            result.printJson(os);
          else
            result.printTable(os);
        },
        diagnostics);
    printed |= file.empty();
    if (code)
      return code;
  }
  if (!printed && !search.reached)
    result.printTable(outs());
  else if (!printed && evaluation && !options.quiet && !options.json)
    outs() << result.describeDrop() << "\n";
  return kExitOk;
}

int QuantizeJob::finish() {
  // First, so that what cannot be reported is not written either.
  if (int code = writeReports())
    return code;
  if (search.nothingPays)
    return diagnostics.error(6003, options.model,
                             "no layer is faster as integers than in float on this machine, so there "
                             "is nothing to quantize and no output; --no-timing leaves times out of "
                             "the choice, without --max-drop every layer is quantized");
  if (!search.reached)
    return diagnostics.error(6002, options.model,
                             "no choice of layers keeps the drop within --max-drop: with all layers "
                             "quantized, " +
                                 result.describeDrop() + "; there is no output");
  std::string made = scratch->file((sys::path::stem(options.model) + ".onnx").str());
  int code;
  if (onnxOutput) {
    OutputFiles files;
    std::string error, temporary = files.reserve(output, false, error);
    if (temporary.empty())
      return diagnostics.error(3003, output, "cannot write: " + error);
    model->setExternalData(false);
    code = write(temporary);
    if (!code && !files.commit(error))
      code = diagnostics.error(3003, output, "cannot write: " + error);
  } else {
    code = write(made);
    if (!code) {
      CompileOptions last = scratchOptions;
      last.model = made;
      last.output = output;
      last.depfile = false; // it depends on other files
      code = compileModel(last, diagnostics);
    }
  }
  return code ? code : writeDepfile();
}

/// What the output depends on: the model with its external data, and the samples.
int QuantizeJob::writeDepfile() {
  if (!options.depfile || output == "-")
    return kExitOk;
  std::vector<std::string> inputs;
  if (options.model != "-") {
    inputs.push_back(options.model);
    std::unique_ptr<mlir::MLIRContext> context = makeContext();
    mlir::FailureOr<std::vector<std::string>> external =
        listExternalFiles(OnnxSource::fromFile(options.model), ImportLimits(), *context);
    if (succeeded(external))
      inputs.insert(inputs.end(), external->begin(), external->end());
  }
  std::vector<std::string> read = {options.loadWeights};
  for (const std::optional<DataSet> *data : {&calibration, &evaluationData})
    if (*data)
      append_range(read, (*data)->getFiles());
  for (const std::string &file : read)
    if (!file.empty() && !is_contained(inputs, file))
      inputs.push_back(file);
  return writeText(
      options.depfileName.empty() ? output + ".d" : options.depfileName,
      [&](raw_ostream &os) { os << makeDepfile(output, inputs); }, diagnostics);
}

int QuantizeJob::run() {
  if (int code = checkOutput())
    return code;
  scratch.emplace();
  if (scratch->getPath().empty())
    return diagnostics.error(3003, "mlopt", scratch->getError());
  if (int code = loadModel())
    return code;
  bool needsRuns = isStatic() || asked.gptq || !asked.data.empty() || wantsReport();
  if (needsRuns)
    if (int code = openCalibration())
      return code;
  // Wrong data are found before the long work.
  if (int code = prepareEvaluation())
    return code;
  if (isStatic()) {
    if (asked.smooth)
      if (int code = smooth())
        return code;
    if (int code = observe())
      return code;
    if (int code = chooseRanges())
      return code;
    if (asked.biasCorrection)
      if (int code = correctBias())
        return code;
  }
  if (asked.form == QuantizationForm::Dynamic)
    if (int code = setWeightSchemes())
      return code;
  if (asked.gptq)
    if (int code = roundWithActivations())
      return code;
  if (asked.maxDrop || wantsReport())
    if (int code = measureSensitivity())
      return code;
  if (int code = choose())
    return code;
  fillRows();
  return finish();
}

} // namespace quantize

int runQuantize(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  QuantizeOptions asked;
  std::string error = readQuantizeOptions(line.quantizeArguments, asked);
  if (!error.empty())
    return diagnostics.usage(error);
  return quantize::QuantizeJob(line, asked, diagnostics).run();
}

} // namespace mlopt
