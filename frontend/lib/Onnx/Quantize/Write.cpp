//===- Write.cpp - Putting a file's model together ------------------------===//
#include "Quantizer.h"

#include "llvm/Support/Alignment.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace llvm;

namespace mlopt::onnx_quantize {

Writer::Writer(const Impl &impl)
    : impl(impl), names(impl.model.graph(), impl.constants),
      nodes(impl.model.graph().node().begin(), impl.model.graph().node().end()) {}

void Writer::addOutput(const std::string &tensor) {
  const onnx::GraphProto &graph = impl.model.graph();
  auto isNamed = [&](const onnx::ValueInfoProto &value) { return value.name() == tensor; };
  if (llvm::any_of(graph.input(), isNamed) || llvm::any_of(graph.output(), isNamed) ||
      llvm::is_contained(outputs, tensor))
    return;
  bool isMade = llvm::any_of(graph.node(), [&](const onnx::NodeProto &node) {
    return llvm::is_contained(node.output(), tensor);
  });
  if (!isMade || !impl.types.count(tensor))
    throw Failure(codes::UnknownLayer, "the model computes no tensor '" + tensor +
                                           "' of known type that could be an output");
  outputs.push_back(tensor);
}

namespace {
/// A stream of Protobuf into one of LLVM.
class CopyingStream : public google::protobuf::io::CopyingOutputStream {
public:
  explicit CopyingStream(raw_ostream &out) : out(out) {}
  bool Write(const void *data, int size) override {
    out.write(static_cast<const char *>(data), size);
    return true;
  }

private:
  raw_ostream &out;
};
} // namespace

/// Moves the elements of large tensors to a file beside `path`.
static void moveElements(onnx::ModelProto &model, StringRef path) {
  constexpr size_t least = 1024, alignment = 64;
  std::string file = path.str() + ".data";
  Error error = writeToOutput(file, [&](raw_ostream &out) {
    for (onnx::TensorProto &tensor : *model.mutable_graph()->mutable_initializer()) {
      size_t size = tensor.raw_data().size();
      if (size < least)
        continue;
      out.write_zeros(static_cast<unsigned>(offsetToAlignment(out.tell(), Align(alignment))));
      auto say = [&](const char *key, const std::string &value) {
        onnx::StringStringEntryProto &entry = *tensor.add_external_data();
        entry.set_key(key);
        entry.set_value(value);
      };
      say("location", sys::path::filename(file).str());
      say("offset", std::to_string(out.tell()));
      say("length", std::to_string(size));
      out << tensor.raw_data();
      tensor.clear_raw_data();
      tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    }
    return Error::success();
  });
  if (error)
    throw Failure(codes::OutputNotWritable,
                  "cannot write '" + file + "': " + toString(std::move(error)));
}

static void writeFile(onnx::ModelProto &model, const Impl &impl, StringRef path) {
  if (model.ByteSizeLong() > impl.maxFileBytes && impl.usesExternalData)
    moveElements(model, path);
  if (size_t size = model.ByteSizeLong(); size > impl.maxFileBytes)
    throw Failure(codes::OutputNotWritable,
                  "the result has " + std::to_string(size) + " bytes; one ONNX file holds at most " +
                      std::to_string(impl.maxFileBytes) +
                      " (2 GiB): quantize more layers or with fewer bits, or go straight to code "
                      "(-o OUT.so), which has no such limit");
  Error error = writeToOutput(path, [&](raw_ostream &out) {
    CopyingStream copying(out);
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&copying);
    google::protobuf::io::CodedOutputStream coded(&adaptor);
    coded.SetSerializationDeterministic(true);
    model.SerializeToCodedStream(&coded);
    return Error::success();
  });
  if (error)
    throw Failure(codes::OutputNotWritable,
                  "cannot write '" + path.str() + "': " + toString(std::move(error)));
}

void Writer::renameResult(int index, const std::string &from, const std::string &to) {
  auto rename = [&](onnx::NodeProto &node) {
    for (std::string &output : *node.mutable_output())
      if (output == from)
        output = to;
  };
  rename(nodes[index]);
  for (onnx::NodeProto &node : after[index])
    rename(node);
}

static void collectReads(const onnx::GraphProto &graph, std::set<std::string> &names) {
  for (const onnx::ValueInfoProto &output : graph.output())
    names.insert(output.name());
  for (const onnx::NodeProto &node : graph.node()) {
    names.insert(node.input().begin(), node.input().end());
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        collectReads(attr.g(), names);
      for (const onnx::GraphProto &inner : attr.graphs())
        collectReads(inner, names);
    }
  }
}

void Writer::write(StringRef path) {
  onnx::ModelProto out = impl.model;
  onnx::GraphProto &graph = *out.mutable_graph();
  graph.clear_node();
  auto put = [&](std::vector<onnx::NodeProto> &list) {
    for (onnx::NodeProto &node : list)
      graph.add_node()->Swap(&node);
  };
  put(start);
  for (size_t i = 0; i <= nodes.size(); ++i) {
    put(inFront[static_cast<int>(i)]);
    if (i < nodes.size() && !nodes[i].op_type().empty())
      graph.add_node()->Swap(&nodes[i]);
    put(after[static_cast<int>(i)]);
  }
  if (!replaced.empty()) {
    graph.clear_output();
    for (onnx::ValueInfoProto &value : replaced)
      graph.add_output()->Swap(&value);
  }
  for (const std::string &output : outputs)
    *graph.add_output() = impl.types.find(output)->second;
  std::set<std::string> used;
  collectReads(graph, used);
  for (const onnx::TensorProto &tensor : impl.constants.all())
    if (used.count(tensor.name()))
      *graph.add_initializer() = tensor;
  for (onnx::TensorProto &tensor : added)
    graph.add_initializer()->Swap(&tensor);
  // What the file declared, as far as it still exists.
  graph.clear_value_info();
  for (const onnx::NodeProto &node : graph.node())
    for (const std::string &output : node.output())
      if (impl.declared.count(output) && impl.types.count(output))
        *graph.add_value_info() = impl.types.find(output)->second;
  int64_t format = onnx_import::getOpset(out, "") >= 21 ? 10 : 8;
  out.set_ir_version(std::max<int64_t>(out.ir_version(), format));
  writeFile(out, impl, path);
}

//===- Biases
//-----------------------------------------------------------------------------------===//

static bool hasNodeBias(const Impl &impl, const Layer &layer) {
  const onnx::NodeProto &node = impl.model.graph().node(layer.node);
  return layer.op == "Conv" ||
         (layer.op == "Gemm" && (inputOf(node, 2).empty() || !layer.bias.empty()));
}

std::vector<float> getNodeBias(const Impl &impl, const Layer &layer) {
  if (!hasNodeBias(impl, layer))
    return {};
  std::vector<float> bias;
  if (!layer.bias.empty())
    bias = readFloats(*impl.constants.find(layer.bias));
  if (!layer.biasDelta.empty()) {
    bias.resize(layer.channels);
    for (int64_t c = 0; c < layer.channels; ++c)
      bias[c] += layer.biasDelta[c];
  }
  return bias;
}

std::vector<float> getBiasBehind(const Impl &impl, const Layer &layer) {
  std::vector<float> bias = readFloats(*impl.constants.find(layer.bias));
  for (size_t c = 0; c < layer.biasDelta.size(); ++c)
    bias[c] += layer.biasDelta[c];
  return bias;
}

void correctBehind(Writer &writer, const Impl &impl, const Layer &layer) {
  if (layer.biasDelta.empty() || hasNodeBias(impl, layer))
    return;
  std::string name = writer.unique(layer.name + ".corrected_bias");
  if (layer.biasAdd >= 0) {
    const onnx::TensorProto &old = *impl.constants.find(layer.bias);
    writer.add(makeFloats(name, getDims(old), getBiasBehind(impl, layer)));
    for (std::string &input : *writer.node(layer.biasAdd).mutable_input())
      if (input == layer.bias)
        input = name;
    return;
  }
  writer.add(makeFloats(name, {layer.channels}, layer.biasDelta));
  std::string plain = writer.unique(layer.output + ".uncorrected");
  writer.node(layer.node).set_output(0, plain);
  writer.behindFirst(layer.node, {makeNode("Add", writer.unique(layer.name + ".correct"),
                                           {plain, name}, {layer.output})});
}

} // namespace mlopt::onnx_quantize
