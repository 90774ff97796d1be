//===- Blocked.cpp - Weight-only quantization -----------------------------===//
//
// A blocked DequantizeLinear (operator set 21) in front of a MatMul with weights [K, N], blocks
// along K: the form that ONNX Runtime turns into MatMulNBits. A last block may be shorter; the
// standard allows it.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

using Data = onnx::TensorProto;

static void checkOptions(const Impl &impl, const WeightOnlyOptions &options) {
  if (options.bits != 4 && options.bits != 8)
    throw Failure(codes::BadScheme, "weights of " + std::to_string(options.bits) +
                                        " bits are asked for; 4 and 8 are possible");
  if (options.group != 0 && (options.group < 16 || options.group > 256 ||
                             !isPowerOf2_64(static_cast<uint64_t>(options.group))))
    throw Failure(codes::BadScheme, "groups of " + std::to_string(options.group) +
                                        " weights are asked for; 16, 32, 64, 128, 256 and 0 (one "
                                        "scale per column) are possible");
  if (!(options.damping >= 0) || options.damping > 1)
    throw Failure(codes::BadScheme, "the damping of GPTQ must be between 0 and 1");
  int64_t opset = onnx_import::getOpset(impl.model, "");
  if (opset < 21)
    throw Failure(codes::OpsetTooOld, "the model has operator set " + std::to_string(opset) +
                                          "; weight-only quantization needs 21, so the model must "
                                          "be loaded for it");
}

/// A layer's weights as [K, N].
static onnx::TensorProto getMatrix(const Impl &impl, const Layer &layer) {
  const onnx::TensorProto &weight = *impl.constants.find(layer.weight);
  return layer.weightAxis == 0 ? transposeMatrix(weight, weight.name()) : weight;
}

static BlockedWeights codeLayer(const Layer &layer, const onnx::TensorProto &matrix,
                                const WeightOnlyOptions &options, const Hessian *hessian) {
  int64_t k = matrix.dims(0), group = options.group == 0 ? k : std::min(options.group, k);
  try {
    return codeBlocked(readFloats(matrix), k, matrix.dims(1), options, group, hessian);
  } catch (Failure &failure) {
    throw failure.at(layer.name, layer.op);
  }
}

void roundWithActivations(Impl &impl, const WeightOnlyOptions &options) {
  checkOptions(impl, options);
  for (const Layer &layer : impl.layers) {
    if (layer.op == "Conv" || layer.weightShape.size() != 2 || !layer.enabled)
      continue;
    auto it = impl.hessians.find(layer.input);
    if (it == impl.hessians.end())
      continue;
    onnx::TensorProto matrix = getMatrix(impl, layer);
    if (it->second.depth == matrix.dims(0))
      impl.rounded[layer.name] = codeLayer(layer, matrix, options, &it->second);
  }
  impl.hessians.clear();
}

namespace {
class BlockedWriter {
public:
  BlockedWriter(const Impl &impl, const WeightOnlyOptions &options)
      : impl(impl), options(options), writer(impl) {}

  std::vector<WeightOnlyResult> run(StringRef path, bool isSideBySide) {
    std::vector<WeightOnlyResult> results;
    for (const Layer &layer : impl.layers)
      if (layer.enabled && !layer.weight.empty())
        results.push_back(writeLayer(layer));
    if (llvm::none_of(results, [](const WeightOnlyResult &r) { return r.form != "float"; }))
      throw Failure(
          codes::NoQuantizableLayer,
          "no enabled layer is a MatMul or Gemm with a weight matrix, so there is nothing "
          "to quantize");
    if (isSideBySide)
      compareLayers(writer, impl);
    writer.write(path);
    return results;
  }

private:
  WeightOnlyResult writeLayer(const Layer &layer) {
    WeightOnlyResult result;
    result.layer = layer.name;
    result.form = "float";
    if (layer.op == "Conv" || layer.weightShape.size() != 2) {
      result.note = layer.op == "Conv" ? "convolutions are not memory bound: their weights stay"
                                       : "its weights have more than two dimensions";
      return result;
    }
    correctBehind(writer, impl, layer);
    onnx::TensorProto weight = getMatrix(impl, layer);
    int64_t k = weight.dims(0), n = weight.dims(1);
    int64_t group = options.group == 0 ? k : options.group;
    bool isBlocked = group < k;
    if (!isBlocked && options.group != 0)
      result.note = "its " + std::to_string(k) + " rows are one group";
    const Hessian *hessian = nullptr;
    auto rounded = impl.rounded.find(layer.name);
    bool isRounded = options.useGptq && rounded != impl.rounded.end();
    if (options.useGptq && !isRounded) {
      auto it = impl.hessians.find(layer.input);
      if (it != impl.hessians.end() && it->second.depth == k)
        hessian = &it->second;
      else
        result.note += std::string(result.note.empty() ? "" : "; ") +
                       "no activations for GPTQ: rounded to nearest";
    }
    BlockedWeights coded =
        isRounded ? rounded->second : codeLayer(layer, weight, options, hessian);
    if ((hessian || isRounded) && !coded.usedGptq)
      result.note += std::string(result.note.empty() ? "" : "; ") +
                     "the activations are all zero or not finite: rounded to nearest";
    result.usedGptq = coded.usedGptq;
    result.relativeError = coded.relativeError;
    result.form = std::string(options.isSymmetric ? "int" : "uint") + std::to_string(options.bits) +
                  (isBlocked ? " group " + std::to_string(group) : " per column");
    addDequantize(layer, coded, k, n, isBlocked ? group : 0);
    return result;
  }

  void addDequantize(const Layer &layer, const BlockedWeights &coded, int64_t k, int64_t n,
                     int64_t block) {
    int32_t type = options.bits == 4 ? (options.isSymmetric ? Data::INT4 : Data::UINT4)
                                     : (options.isSymmetric ? Data::INT8 : Data::UINT8);
    std::vector<int64_t> dims = {n};
    if (block)
      dims.insert(dims.begin(), (k + block - 1) / block);
    std::string base = layer.name + ".weight";
    std::string values = writer.unique(base + ".quantized"), scale = writer.unique(base + ".scale"),
                back = writer.unique(base);
    writer.add(makeIntegers(values, type, {k, n}, coded.values));
    writer.add(makeFloats(scale, dims, coded.scales));
    std::vector<std::string> inputs = {values, scale};
    if (!coded.zeros.empty()) {
      inputs.push_back(writer.unique(base + ".zero"));
      writer.add(makeIntegers(inputs.back(), type, dims, coded.zeros));
    }
    onnx::NodeProto dq =
        makeNode("DequantizeLinear", writer.unique(base + ".dequantize"), inputs, {back});
    setInt(dq, "axis", block ? 0 : 1);
    if (block)
      setInt(dq, "block_size", block);
    writer.before(layer.node, std::move(dq));
    onnx::NodeProto &node = writer.node(layer.node);
    if (layer.op == "MatMul") {
      node.set_input(1, back);
      return;
    }
    // A Gemm becomes a MatMul and an Add: the form that is recognized.
    std::string result = node.output(0);
    std::vector<float> bias = getNodeBias(impl, layer);
    std::string biasName = inputOf(node, 2);
    if (!bias.empty()) {
      biasName = writer.unique(layer.name + ".bias");
      writer.add(makeFloats(biasName, {layer.channels}, bias));
    }
    std::string product = biasName.empty() ? result : writer.unique(layer.name + ".product");
    node = makeNode("MatMul", layer.name, {layer.input, back}, {product});
    if (!biasName.empty())
      writer.behindFirst(layer.node, {makeNode("Add", writer.unique(layer.name + ".add"),
                                               {product, biasName}, {result})});
  }

  const Impl &impl;
  const WeightOnlyOptions &options;
  Writer writer;
};
} // namespace

std::vector<WeightOnlyResult> writeWeightOnly(const Impl &impl, StringRef path,
                                              const WeightOnlyOptions &options, bool isSideBySide) {
  checkOptions(impl, options);
  return BlockedWriter(impl, options).run(path, isSideBySide);
}

} // namespace mlopt::onnx_quantize
