//===- QuantizeTool.cpp - Drives the quantizer from lit tests -------------===//
//
// mlopt-quantize-test MODEL [--opset=N] [--products] < commands: one command per line, words apart
// by tabs; see run(). Tables go to stdout; the first error ends the program with code 1, except
// after
// `!`, which wants one and prints it.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Frontend/Onnx.h"
#include "mlopt/Frontend/Quantize.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>

using namespace llvm;
using namespace mlopt;

static cl::opt<std::string> modelPath(cl::Positional, cl::Required, cl::desc("MODEL"));
static cl::opt<int64_t> opset("opset", cl::init(13), cl::desc("lowest operator set"));
static cl::opt<bool> products("products", cl::desc("products of two activations too"));

static Error fail(const Twine &message) { return createStringError(message); }

/// A file of float32.
static Expected<std::vector<float>> readFloats(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("cannot read " + path);
  std::vector<float> values((*buffer)->getBufferSize() / sizeof(float));
  std::memcpy(values.data(), (*buffer)->getBufferStart(), values.size() * sizeof(float));
  return values;
}

static void printShape(ArrayRef<int64_t> shape) {
  outs() << '[';
  interleave(shape, outs(), "x");
  outs() << ']';
}

static void printLayers(const QuantizableModel &model) {
  for (const QuantizableLayer &layer : model.layers()) {
    outs() << "layer\t" << layer.name << '\t' << layer.op << '\t' << layer.input << '\t'
           << (layer.weight.empty() ? layer.otherInput : layer.weight) << '\t' << layer.bias << '\t'
           << layer.output << '\t' << layer.activation << '\t' << layer.channels << '\t'
           << layer.depth << '\t';
    printShape(layer.inputShape);
    printShape(layer.weightShape);
    printShape(layer.outputShape);
    outs() << '\n';
  }
  for (const SkippedNode &node : model.skipped())
    outs() << "skipped\t" << node.name << '\t' << node.op << '\t' << node.reason << '\n';
  for (const std::string &note : model.notes())
    outs() << "note\t" << note << '\n';
}

static Error run(QuantizableModel &model, ArrayRef<std::string> words) {
  StringRef command = words[0];
  auto word = [&](size_t i) { return i < words.size() ? words[i] : std::string(); };
  auto rest = [&](size_t i) {
    return words.size() > i ? words.drop_front(i) : words.take_front(0);
  };
  if (command == "layers") {
    printLayers(model);
  } else if (command == "observed") {
    for (const ObservedTensor &tensor : model.observed())
      outs() << "observed\t" << tensor.tensor << '\t' << tensor.range << '\t'
             << llvm::join(tensor.layers, ",") << '\n';
  } else if (command == "joined") {
    outs() << "joined\t" << llvm::join(model.joinedNodes(), ",") << '\n';
  } else if (command == "groups") {
    for (const SmoothGroup &group : model.smoothGroups())
      outs() << "group\t" << group.input << '\t' << llvm::join(group.layers, ",") << '\t'
             << group.channels << '\t' << group.channelAxis << '\t'
             << (group.isExact ? "exact" : "node") << '\n';
  } else if (command == "write-observed") {
    return model.writeObserved(word(1), rest(2));
  } else if (command == "write-outputs") {
    return model.writeObserved(word(1), rest(2), /*withObserved=*/false);
  } else if (command == "write-float") {
    return model.writeFloat(word(1));
  } else if (command == "range") { // NAME LOW HIGH [s8]
    return model.setRange(word(1),
                          makeActivationScheme(std::atof(word(2).c_str()),
                                               std::atof(word(3).c_str()), word(4) == "s8"));
  } else if (command == "scheme") { // LAYER [tensor] [u8] [search]
    WeightScheme scheme;
    scheme.perChannel = !is_contained(rest(2), "tensor");
    scheme.isAsymmetric = is_contained(rest(2), "u8");
    scheme.searchesScale = is_contained(rest(2), "search");
    return model.setWeightScheme(word(1), scheme);
  } else if (command == "weight-error") {
    Expected<double> error = model.getWeightError(word(1));
    if (!error)
      return error.takeError();
    outs() << "weight-error\t" << word(1) << '\t' << *error << '\n';
  } else if (command == "enable" || command == "disable") {
    return model.setEnabled(word(1), command == "enable");
  } else if (command == "disable-all") {
    model.setAllEnabled(false);
  } else if (command == "smooth") { // INPUT FILE ALPHA
    Expected<std::vector<float>> maxima = readFloats(word(2));
    if (!maxima)
      return maxima.takeError();
    return model.smooth(word(1), *maxima, std::atof(word(3).c_str()));
  } else if (command == "correct") { // LAYER FILE
    Expected<std::vector<float>> delta = readFloats(word(2));
    if (!delta)
      return delta.takeError();
    return model.correctBias(word(1), *delta);
  } else if (command == "activations") { // LAYER FILE DEPTH
    Expected<std::vector<float>> values = readFloats(word(2));
    if (!values)
      return values.takeError();
    int64_t depth = std::atoll(word(3).c_str());
    return model.addActivations(word(1), static_cast<int64_t>(values->size()) / depth, depth,
                                values->data());
  } else if (command == "round") { // BITS GROUP
    WeightOnlyOptions options;
    options.bits = std::atoi(word(1).c_str());
    options.group = std::atoll(word(2).c_str());
    options.useGptq = true;
    return model.roundWithActivations(options);
  } else if (command == "file-limit") { // BYTES [external]
    model.setExternalData(is_contained(rest(2), "external"),
                          std::strtoull(word(1).c_str(), nullptr, 10));
  } else if (command == "hessian-limit") {
    model.maxHessianBytes = std::strtoull(word(1).c_str(), nullptr, 10);
  } else if (command == "write") {
    return model.write(word(1), rest(2));
  } else if (command == "beside") { // PATH [outputs]
    return model.writeSideBySide(word(1), is_contained(rest(2), "outputs"));
  } else if (command == "dynamic") { // PATH [tensor]
    return model.writeDynamic(word(1), is_contained(rest(2), "tensor") ? DynamicRange::Tensor
                                                                       : DynamicRange::Row);
  } else if (command == "weight-only") { // PATH BITS GROUP [u] [gptq]
    WeightOnlyOptions options;
    options.bits = std::atoi(word(2).c_str());
    options.group = std::atoll(word(3).c_str());
    options.isSymmetric = !is_contained(rest(4), "u");
    options.useGptq = is_contained(rest(4), "gptq");
    Expected<std::vector<WeightOnlyResult>> results = model.writeWeightOnly(word(1), options);
    if (!results)
      return results.takeError();
    for (const WeightOnlyResult &result : *results)
      outs() << "result\t" << result.layer << '\t' << result.form << '\t' << result.note << '\t'
             << (result.usedGptq ? "gptq" : "nearest") << '\t' << result.relativeError << '\n';
  } else {
    return fail("no command " + command);
  }
  return Error::success();
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  QuantizeLoadOptions options;
  options.minimumOpset = opset;
  options.includeProducts = products;
  Expected<QuantizableModel> model =
      QuantizableModel::load(OnnxSource::fromFile(modelPath), options);
  if (!model) {
    outs() << "error\t" << toString(model.takeError()) << '\n';
    return 1;
  }
  auto input = MemoryBuffer::getSTDIN();
  if (!input)
    return 2;
  for (StringRef line : split((*input)->getBuffer(), '\n')) {
    if (line.empty())
      continue;
    bool isWanted = line.consume_front("!");
    std::vector<std::string> words;
    for (StringRef part : split(line, '\t'))
      words.push_back(part.str());
    std::string message = toString(run(*model, words));
    if (!message.empty())
      outs() << "error\t" << message << '\n';
    if (message.empty() == isWanted)
      return 1;
  }
  return 0;
}
