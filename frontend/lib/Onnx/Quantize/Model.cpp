//===- Model.cpp - The quantizer's interface ------------------------------===//
#include "Quantizer.h"

#include <cmath>
#include <new>

using namespace llvm;

namespace mlopt {

using namespace onnx_quantize;

//===- Errors
//-----------------------------------------------------------------------------------===//

/// "MLO2501: node 'a' (Conv): text".
static std::string format(const Failure &failure) {
  std::string text = formatErrorCode(failure.code) + ": ";
  if (!failure.name.empty() || !failure.opType.empty())
    text += "node '" + failure.name + "' (" + failure.opType + "): ";
  if (failure.line)
    text += "line " + std::to_string(failure.line) + ": ";
  text += failure.what();
  for (const std::string &note : failure.notes)
    text += "; " + note;
  for (const Failure &other : failure.others)
    text += "\n" + format(other);
  return text;
}

/// Runs `fn`; whatever it throws becomes an error.
template <typename Fn> static Error guard(Fn fn) {
  try {
    fn();
    return Error::success();
  } catch (const Failure &failure) {
    return createStringError(format(failure));
  } catch (const std::bad_alloc &) {
    return createStringError(formatErrorCode(codes::LimitExceeded) +
                             ": not enough memory to quantize the model");
  } catch (const std::exception &error) {
    return createStringError(formatErrorCode(codes::InternalOnnx) +
                             ": the ONNX library rejects the model: " + error.what());
  }
}

//===- Impl
//-------------------------------------------------------------------------------------===//

static Failure unknownLayer(StringRef name) {
  return Failure(codes::UnknownLayer,
                 "the model has no layer '" + name.str() + "' that can be quantized");
}

Layer &QuantizableModel::Impl::layer(StringRef name) {
  for (Layer &layer : layers)
    if (layer.name == name)
      return layer;
  throw unknownLayer(name);
}

const Layer &QuantizableModel::Impl::layer(StringRef name) const {
  for (const Layer &layer : layers)
    if (layer.name == name)
      return layer;
  throw unknownLayer(name);
}

std::vector<int64_t> QuantizableModel::Impl::shape(const std::string &tensor) const {
  if (const onnx::TensorProto *constant = constants.find(tensor))
    return getDims(*constant);
  std::vector<int64_t> shape;
  auto it = types.find(tensor);
  if (it == types.end() || !it->second.type().has_tensor_type())
    return shape;
  for (const auto &dim : it->second.type().tensor_type().shape().dim())
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  return shape;
}

bool QuantizableModel::Impl::isFloatTensor(const std::string &tensor) const {
  if (const onnx::TensorProto *constant = constants.find(tensor))
    return isFloat(*constant);
  auto it = types.find(tensor);
  return it != types.end() && it->second.type().has_tensor_type() &&
         it->second.type().tensor_type().elem_type() == onnx::TensorProto::FLOAT;
}

//===- Loading
//----------------------------------------------------------------------------------===//

/// What the importer marks for its own conversion goes back to what it was.
static void removeMarks(onnx::GraphProto &graph) {
  size_t prefix = StringRef(onnx_import::unregisteredPrefix).size();
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    if (StringRef(node.domain()).starts_with(onnx_import::unregisteredPrefix))
      node.set_domain(node.domain().substr(prefix));
    auto &attrs = *node.mutable_attribute();
    for (int i = attrs.size() - 1; i >= 0; --i) {
      if (attrs[i].name() == onnx_import::equalPartsAttr) {
        attrs.DeleteSubrange(i, 1);
        continue;
      }
      if (attrs[i].has_g())
        removeMarks(*attrs[i].mutable_g());
      for (onnx::GraphProto &inner : *attrs[i].mutable_graphs())
        removeMarks(inner);
    }
  }
}

/// Takes the initializers out, those that the importer took included, and removes inputs of their
/// names: an initializer that is an input too is a constant here as it is to the compiler.
static void takeConstants(onnx::GraphProto &graph, onnx_import::Weights &weights,
                          Constants &constants) {
  for (onnx::TensorProto &tensor : *graph.mutable_initializer())
    constants.set(std::move(tensor));
  graph.clear_initializer();
  for (auto &[name, weight] : weights) {
    onnx::TensorProto tensor;
    tensor.set_name(name);
    tensor.set_data_type(weight.dataType);
    for (int64_t dim : weight.dims)
      tensor.add_dims(dim);
    tensor.set_raw_data(weight.stored.data.data(), weight.stored.data.size());
    weight.stored = {};
    constants.set(std::move(tensor));
  }
  auto &inputs = *graph.mutable_input();
  for (int i = inputs.size() - 1; i >= 0; --i)
    if (constants.has(inputs[i].name()))
      inputs.DeleteSubrange(i, 1);
}

static void collectTypes(const onnx::GraphProto &graph,
                         std::map<std::string, onnx::ValueInfoProto> &types) {
  for (const auto *values : {&graph.value_info(), &graph.input(), &graph.output()})
    for (const onnx::ValueInfoProto &value : *values)
      types[value.name()] = value;
}

static void loadInto(QuantizableModel::Impl &impl, const OnnxSource &source,
                     const QuantizeLoadOptions &options) {
  ImportOptions import;
  if (options.import)
    import = *options.import;
  import.targetOpset = options.minimumOpset;
  import.isSupported = nullptr;
  import.training = false;
  impl.options = options;
  impl.options.import = nullptr;
  {
    onnx_import::SourceBytes bytes = onnx_import::readSource(source, import.limits);
    onnx_import::parseModel(bytes, import.limits, impl.model);
  }
  for (const onnx::ValueInfoProto &value : impl.model.graph().value_info())
    impl.declared.insert(value.name());
  ImportReport report;
  onnx_import::ExternalData external(source.folder);
  onnx_import::Weights weights;
  onnx_import::prepareModel(impl.model, external, weights, import, report);
  impl.notes = std::move(report.notes);
  if (report.opset < options.minimumOpset)
    throw Failure(codes::OpsetTooOld,
                  "the model has operator set " + std::to_string(report.opset) + "; " +
                      std::to_string(options.minimumOpset) +
                      " is needed and it cannot be converted; export it again with a newer one");
  onnx::GraphProto &graph = *impl.model.mutable_graph();
  removeMarks(graph);
  auto &opsets = *impl.model.mutable_opset_import();
  for (int i = opsets.size() - 1; i >= 0; --i)
    if (StringRef(opsets[i].domain()).starts_with(onnx_import::unregisteredPrefix))
      opsets.DeleteSubrange(i, 1);
  takeConstants(graph, weights, impl.constants);
  simplify(impl);
  collectTypes(graph, impl.types);
  graph.clear_value_info();
  findLayers(impl);
  if (impl.layers.empty()) {
    Failure failure(codes::NoQuantizableLayer,
                    "the model has no layer that can be quantized: no Conv, MatMul or Gemm with "
                    "constant float32 weights and a float32 activation");
    for (size_t i = 0; i < std::min<size_t>(impl.skipped.size(), 4); ++i)
      failure.note("'" + impl.skipped[i].name + "' (" + impl.skipped[i].op +
                   "): " + impl.skipped[i].reason);
    throw failure;
  }
}

static void collectRanges(QuantizableModel::Impl &impl) {
  impl.rangeNames.clear();
  for (const ObservedTensor &tensor : makePlan(impl, /*onlyEnabled=*/false).observed)
    impl.rangeNames.insert(tensor.range);
}

Expected<QuantizableModel> QuantizableModel::load(const OnnxSource &source,
                                                  const QuantizeLoadOptions &options) {
  auto impl = std::make_unique<Impl>();
  if (Error error = guard([&] {
        loadInto(*impl, source, options);
        collectRanges(*impl);
      }))
    return std::move(error);
  return QuantizableModel(std::move(impl));
}

QuantizableModel::QuantizableModel(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
QuantizableModel::QuantizableModel(QuantizableModel &&) = default;
QuantizableModel &QuantizableModel::operator=(QuantizableModel &&) = default;
QuantizableModel::~QuantizableModel() = default;

//===- Questions
//--------------------------------------------------------------------------------===//

ArrayRef<QuantizableLayer> QuantizableModel::layers() const { return impl->publicLayers; }
ArrayRef<SkippedNode> QuantizableModel::skipped() const { return impl->skipped; }
ArrayRef<std::string> QuantizableModel::notes() const { return impl->notes; }

std::vector<std::string> QuantizableModel::inputs() const {
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto &value : impl->model.graph().input())
    names.push_back(value.name());
  return names;
}

std::vector<std::string> QuantizableModel::outputs() const {
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto &value : impl->model.graph().output())
    names.push_back(value.name());
  return names;
}

int64_t QuantizableModel::opset() const { return onnx_import::getOpset(impl->model, ""); }

std::vector<ObservedTensor> QuantizableModel::observed() const {
  return makePlan(*impl, /*onlyEnabled=*/false).observed;
}

std::vector<std::string> QuantizableModel::joinedNodes() const {
  std::vector<std::string> names;
  for (int node : makePlan(*impl, /*onlyEnabled=*/true).joined)
    names.push_back(impl->model.graph().node(node).name());
  return names;
}

bool QuantizableModel::isEnabled(StringRef name) const {
  for (const Layer &layer : impl->layers)
    if (layer.name == name)
      return layer.enabled;
  return false;
}

std::string QuantizableModel::getRangeOf(StringRef tensor) const {
  onnx_quantize::Plan plan = onnx_quantize::makePlan(*impl, /*onlyEnabled=*/false);
  auto found = plan.range.find(tensor.str());
  return found == plan.range.end() ? std::string() : found->second;
}

const ActivationScheme *QuantizableModel::getRange(StringRef range) const {
  auto it = impl->ranges.find(range.str());
  return it == impl->ranges.end() ? nullptr : &it->second;
}

Expected<double> QuantizableModel::getWeightError(StringRef name) const {
  double result = 0;
  if (Error error = guard([&] {
        const Layer &layer = impl->layer(name);
        if (layer.weight.empty())
          return;
        std::vector<float> values = readFloats(*impl->constants.find(layer.weight));
        CodedWeights coded =
            codeWeights(values, layer.weightShape, layer.weightAxis, layer.weightScheme);
        result = getRelativeError(values, coded, layer.weightShape, layer.weightAxis);
      }))
    return std::move(error);
  return result;
}

std::vector<SmoothGroup> QuantizableModel::smoothGroups() const { return getSmoothGroups(*impl); }

//===- Choices
//----------------------------------------------------------------------------------===//

Error QuantizableModel::setRange(StringRef range, const ActivationScheme &scheme) {
  return guard([&] {
    int32_t least = scheme.isSigned ? -128 : 0;
    if (!(scheme.scale > 0) || !std::isnormal(scheme.scale) || scheme.zero < least ||
        scheme.zero > least + 255)
      throw Failure(codes::BadScheme, "the range of '" + range.str() + "' has the scale " +
                                          std::to_string(scheme.scale) + " and the zero point " +
                                          std::to_string(scheme.zero) +
                                          "; the scale must be positive and finite and the zero "
                                          "point within the type");
    if (!impl->rangeNames.count(range.str()))
      throw Failure(codes::UnknownLayer, "'" + range.str() +
                                             "' is not the range of a tensor that calibration "
                                             "observes");
    impl->ranges[range.str()] = scheme;
  });
}

Error QuantizableModel::setWeightScheme(StringRef name, const WeightScheme &scheme) {
  return guard([&] { impl->layer(name).weightScheme = scheme; });
}

Error QuantizableModel::setEnabled(StringRef name, bool enabled) {
  return guard([&] { impl->layer(name).enabled = enabled; });
}

void QuantizableModel::setAllEnabled(bool enabled) {
  for (Layer &layer : impl->layers)
    layer.enabled = enabled;
}

Error QuantizableModel::correctBias(StringRef name, ArrayRef<float> delta) {
  return guard([&] {
    Layer &layer = impl->layer(name);
    if (!delta.empty() && (layer.weight.empty() || int64_t(delta.size()) != layer.channels))
      throw Failure(codes::BadScheme,
                    std::to_string(delta.size()) + " corrections of the bias are given; " +
                        (layer.weight.empty() ? "a product of two activations has no bias"
                                              : "the layer has " + std::to_string(layer.channels) +
                                                    " output channels"))
          .at(layer.name, layer.op);
    if (!llvm::all_of(delta, [](float value) { return std::isfinite(value); }))
      throw Failure(codes::BadScheme, "a correction of the bias is not finite")
          .at(layer.name, layer.op);
    layer.biasDelta.assign(delta.begin(), delta.end());
  });
}

Error QuantizableModel::smooth(StringRef input, ArrayRef<float> inputMaxima, double alpha) {
  return guard([&] {
    onnx_quantize::smooth(*impl, input.str(), inputMaxima, alpha);
    std::map<std::string, std::pair<bool, WeightScheme>> kept;
    for (const Layer &layer : impl->layers)
      kept[layer.name] = {layer.enabled, layer.weightScheme};
    findLayers(*impl);
    for (Layer &layer : impl->layers)
      if (auto it = kept.find(layer.name); it != kept.end())
        std::tie(layer.enabled, layer.weightScheme) = it->second;
    collectRanges(*impl);
    impl->ranges.clear();
    impl->hessians.clear();
    impl->rounded.clear();
  });
}

Error QuantizableModel::addActivations(StringRef name, int64_t rows, int64_t depth,
                                       const float *values) {
  return guard([&] {
    const Layer &layer = impl->layer(name);
    if (layer.weight.empty() || layer.op == "Conv" || depth != layer.depth || rows < 0)
      throw Failure(codes::BadScheme, "rows of " + std::to_string(depth) +
                                          " activations are given; a MatMul or Gemm "
                                          "with weights and rows of " +
                                          std::to_string(layer.depth) + " is wanted")
          .at(layer.name, layer.op);
    uint64_t held = 0;
    for (const auto &[input, hessian] : impl->hessians)
      held += hessian.sums.size() * sizeof(double);
    auto [it, inserted] = impl->hessians.try_emplace(layer.input);
    Hessian &hessian = it->second;
    if (inserted) {
      uint64_t needed = uint64_t(depth) * uint64_t(depth) * sizeof(double);
      if (needed > maxHessianBytes || held > maxHessianBytes - needed) {
        impl->hessians.erase(it);
        throw Failure(codes::BadScheme, "its Hessian needs " + std::to_string(needed) +
                                            " bytes beside " + std::to_string(held) +
                                            " that are held; at most " +
                                            std::to_string(maxHessianBytes) +
                                            " are allowed: leave the layer out, or round it to "
                                            "nearest")
            .at(layer.name, layer.op);
      }
      hessian.depth = depth;
      hessian.sums.assign(depth * depth, 0.0);
    }
    if (!llvm::all_of(ArrayRef<float>(values, rows * depth),
                      [](float value) { return std::isfinite(value); }))
      throw Failure(codes::BadScheme, "an activation is not finite").at(layer.name, layer.op);
    for (int64_t r = 0; r < rows; ++r) {
      const float *x = values + r * depth;
      for (int64_t i = 0; i < depth; ++i) {
        double xi = 2.0 * x[i];
        double *sums = hessian.sums.data() + i * depth;
        for (int64_t j = i; j < depth; ++j)
          sums[j] += xi * x[j];
      }
    }
    hessian.rows += double(rows);
  });
}

Error QuantizableModel::roundWithActivations(const WeightOnlyOptions &options) {
  return guard([&] { onnx_quantize::roundWithActivations(*impl, options); });
}

void QuantizableModel::setExternalData(bool isAllowed, uint64_t maxFileBytes) {
  impl->usesExternalData = isAllowed;
  impl->maxFileBytes = maxFileBytes;
}

//===- Writing
//----------------------------------------------------------------------------------===//

Error QuantizableModel::writeObserved(StringRef path, ArrayRef<std::string> more,
                                      bool withObserved) const {
  return guard([&] {
    Writer writer(*impl);
    if (withObserved)
      for (const ObservedTensor &tensor : observed())
        writer.addOutput(tensor.tensor);
    for (const std::string &tensor : more)
      writer.addOutput(tensor);
    writer.write(path);
  });
}

Error QuantizableModel::writeFloat(StringRef path) const {
  return guard([&] { Writer(*impl).write(path); });
}

Error QuantizableModel::write(StringRef path, ArrayRef<std::string> more) const {
  return guard([&] { writeStatic(*impl, path, more); });
}

Error QuantizableModel::writeSideBySide(StringRef path, bool withOutputs) const {
  return guard([&] { onnx_quantize::writeSideBySide(*impl, path, withOutputs); });
}

Error QuantizableModel::writeDynamic(StringRef path, DynamicRange range, bool isSideBySide) const {
  return guard([&] { onnx_quantize::writeDynamic(*impl, path, range, isSideBySide); });
}

Expected<std::vector<WeightOnlyResult>>
QuantizableModel::writeWeightOnly(StringRef path, const WeightOnlyOptions &options,
                                  bool isSideBySide) const {
  std::vector<WeightOnlyResult> results;
  if (Error error = guard(
          [&] { results = onnx_quantize::writeWeightOnly(*impl, path, options, isSideBySide); }))
    return std::move(error);
  return results;
}

} // namespace mlopt
