//===- Plan.cpp - Which tensors are integers ------------------------------===//
//
// A layer asks for integers at its inputs. The request goes backward through nodes that can work on
// integers (residual additions, pools, data movement) as far as there is a layer that makes
// integers, never into parts of the model that compute in float: nothing there would be saved. A
// pair stands behind the activation of a layer, and behind a layer only where somebody asks for
// integers.
//
// Where data is only moved, input and output share one range, so that moving is all that happens.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

namespace {
/// What a node besides layers does with integers.
enum class Kind { None, Move, Join, Pool, Add };

class Planner {
public:
  Planner(const Impl &impl, bool onlyEnabled)
      : impl(impl), graph(impl.model.graph()), index(graph) {
    for (size_t i = 0; i < impl.layers.size(); ++i)
      if (!onlyEnabled || impl.layers[i].enabled)
        layerOf[impl.layers[i].node] = &impl.layers[i];
    for (const auto &[node, layer] : layerOf) {
      ofLayers.insert(layer->biasAdd);
      ofLayers.insert(layer->activationNode);
    }
  }

  void run() {
    findIntegers();
    for (int i = graph.node_size() - 1; i >= 0; --i)
      visit(i);
  }

  Plan makePlan() {
    Plan plan;
    plan.joined = joined;
    auto add = [&](const std::string &tensor) {
      if (demanded.count(tensor))
        plan.tensors.push_back({tensor, getOwner(tensor), isIntegerMade(tensor)});
    };
    for (const onnx::ValueInfoProto &input : graph.input())
      add(input.name());
    for (const onnx::NodeProto &node : graph.node())
      for (const std::string &output : node.output())
        add(output);
    return plan;
  }

  /// Ranges of all tensors of `plan` and what to observe for them.
  void findRanges(Plan &plan) {
    std::map<std::string, std::string> first; // of a class
    std::map<std::string, std::set<std::string>> readers;
    for (const Plan::Tensor &tensor : plan.tensors) {
      std::string root = find(tensor.name);
      plan.range[tensor.name] = first.emplace(root, tensor.name).first->second;
      for (const auto &[node, layer] : layerOf)
        if (layer->input == tensor.name || layer->otherInput == tensor.name ||
            getResult(*layer) == tensor.name)
          readers[root].insert(layer->name);
    }
    for (const Plan::Tensor &tensor : plan.tensors) {
      if (moved.count(tensor.name))
        continue;
      ObservedTensor observed;
      observed.tensor = tensor.name;
      observed.range = plan.range[tensor.name];
      observed.shape = impl.shape(tensor.name);
      for (const Layer &layer : impl.layers)
        if (readers[find(tensor.name)].count(layer.name))
          observed.layers.push_back(layer.name);
      plan.observed.push_back(std::move(observed));
    }
  }

private:
  Kind getKind(const onnx::NodeProto &node) const {
    if (!node.domain().empty() || node.output_size() == 0 || !isFloatTensor(node.output(0)))
      return Kind::None;
    StringRef op = node.op_type();
    if (op == "Add")
      return Kind::Add;
    if (op == "AveragePool" || op == "GlobalAveragePool" || isSpatialMean(node))
      return Kind::Pool;
    if (op == "Concat")
      return Kind::Join;
    for (StringRef name :
         {"Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", "Identity",
          "DepthToSpace", "SpaceToDepth", "Expand", "Tile", "Gather", "GlobalMaxPool"})
      if (op == name)
        return Kind::Move;
    if (op == "MaxPool")
      return node.output_size() == 1 ? Kind::Move : Kind::None;
    if (op == "Resize") {
      const onnx::AttributeProto *mode = findAttr(node, "mode");
      return !mode || mode->s() == "nearest" ? Kind::Move : Kind::None;
    }
    if (op == "Pad") {
      // The value put around must be exact: zero is.
      const onnx::AttributeProto *mode = findAttr(node, "mode");
      if (mode && mode->s() != "constant")
        return Kind::Move;
      if (inputOf(node, 2).empty())
        return Kind::Move;
      const onnx::TensorProto *value = impl.constants.find(inputOf(node, 2));
      return value && isFloat(*value) && readFloats(*value) == std::vector<float>{0.0f}
                 ? Kind::Move
                 : Kind::None;
    }
    return Kind::None;
  }

  /// A ReduceMean that exporters write for a global pool: over axes behind the channels.
  bool isSpatialMean(const onnx::NodeProto &node) const {
    if (node.op_type() != "ReduceMean")
      return false;
    int64_t rank = static_cast<int64_t>(impl.shape(inputOf(node, 0)).size());
    std::vector<int64_t> axes;
    if (const onnx::AttributeProto *attr = findAttr(node, "axes"))
      axes.assign(attr->ints().begin(), attr->ints().end());
    else if (const onnx::TensorProto *tensor = impl.constants.find(inputOf(node, 1)))
      axes = readIndices(*tensor);
    return rank >= 4 && !axes.empty() &&
           llvm::all_of(axes, [&](int64_t axis) { return (axis < 0 ? axis + rank : axis) >= 2; });
  }

  bool isFloatTensor(const std::string &tensor) const { return impl.isFloatTensor(tensor); }

  /// What a layer hands on: behind its bias Add and activation.
  std::string getResult(const Layer &layer) const {
    int last = layer.activationNode >= 0 ? layer.activationNode
               : layer.biasAdd >= 0      ? layer.biasAdd
                                         : layer.node;
    return graph.node(last).output(0);
  }

  /// Tensors that come out of an integer computation if they are asked for.
  void findIntegers() {
    for (int i = 0; i < graph.node_size(); ++i) {
      const onnx::NodeProto &node = graph.node(i);
      if (auto it = layerOf.find(i); it != layerOf.end()) {
        made.emplace(node.output(0), it->second->name);
        if (it->second->biasAdd >= 0)
          made.emplace(graph.node(it->second->biasAdd).output(0), it->second->name);
        made.emplace(getResult(*it->second), it->second->name);
        continue;
      }
      if (node.output_size() == 0 || made.count(node.output(0)))
        continue;
      Kind kind = getKind(node);
      int operands = kind == Kind::None                        ? 0
                     : kind == Kind::Add || kind == Kind::Join ? node.input_size()
                                                               : 1;
      bool any = false;
      for (int k = 0; k < operands; ++k) {
        any |= made.count(inputOf(node, k)) > 0;
        if (impl.constants.has(inputOf(node, k)))
          operands = 0, any = false; // a constant would need a range of its own
      }
      if (!any)
        continue;
      for (const std::string &output : node.output())
        made.emplace(output, node.name());
      // The activation behind a residual addition or a pool.
      int user = index.onlyUser(node.output(0));
      if (kind != Kind::Move && user >= 0 && isActivation(graph.node(user))) {
        behind[node.output(0)] = graph.node(user).output(0);
        made.emplace(graph.node(user).output(0), node.name());
      }
    }
  }

  bool isActivation(const onnx::NodeProto &node) const {
    if (isOp(node, "Relu"))
      return true;
    auto known = [&](int i) {
      return inputOf(node, i).empty() || impl.constants.has(inputOf(node, i));
    };
    return isOp(node, "Clip") && known(1) && known(2);
  }

  void visit(int i) {
    const onnx::NodeProto &node = graph.node(i);
    if (auto it = layerOf.find(i); it != layerOf.end()) {
      demanded.insert(it->second->input);
      if (!it->second->otherInput.empty())
        demanded.insert(it->second->otherInput);
      return;
    }
    if (node.output_size() == 0 || !made.count(node.output(0)))
      return;
    bool wanted = false;
    for (const std::string &output : node.output()) {
      wanted |= demanded.count(output) > 0;
      if (auto it = behind.find(output); it != behind.end())
        wanted |= demanded.count(it->second) > 0;
    }
    Kind kind = getKind(node);
    // What is computed behind a layer (its bias Add) is the layer's.
    if (!wanted || kind == Kind::None || isOfLayer(i))
      return;
    joined.insert(i);
    switch (kind) {
    case Kind::Add:
    case Kind::Join:
      for (const std::string &input : node.input()) {
        demanded.insert(input);
        if (kind == Kind::Join && !behind.count(node.output(0)))
          unite(input, node.output(0));
      }
      if (kind == Kind::Join && !behind.count(node.output(0)))
        moved.insert(node.output(0));
      break;
    case Kind::Pool:
      demanded.insert(node.input(0));
      break;
    case Kind::Move:
      demanded.insert(node.input(0));
      for (const std::string &output : node.output()) {
        unite(node.input(0), output);
        moved.insert(output);
        demanded.insert(output);
      }
      break;
    case Kind::None:
      break;
    }
  }

  bool isOfLayer(int node) const { return ofLayers.count(node); }

  /// Whether the node that makes `tensor` works on integers in this plan.
  bool isIntegerMade(const std::string &tensor) const {
    int producer = index.producer(tensor);
    if (producer < 0)
      return false;
    if (layerOf.count(producer) || joined.count(producer) || isOfLayer(producer))
      return true;
    // The activation behind a joined node.
    const std::string &input = inputOf(graph.node(producer), 0);
    auto it = behind.find(input);
    return it != behind.end() && it->second == tensor && joined.count(index.producer(input));
  }

  std::string getOwner(const std::string &tensor) const {
    if (isIntegerMade(tensor))
      return made.find(tensor)->second + ".output";
    for (const GraphIndex::Use &use : index.uses(tensor))
      if (layerOf.count(use.node) || joined.count(use.node))
        return graph.node(use.node).name() + ".input";
    return tensor;
  }

  const std::string &find(const std::string &name) {
    auto it = parent.find(name);
    return it == parent.end() ? name : find(it->second);
  }

  void unite(const std::string &a, const std::string &b) {
    std::string left = find(a), right = find(b);
    if (left != right)
      parent[right] = left;
  }

  const Impl &impl;
  const onnx::GraphProto &graph;
  GraphIndex index;
  std::map<int, const Layer *> layerOf;
  std::set<int> ofLayers;                  // their bias Adds and activations
  std::map<std::string, std::string> made; // tensor -> node that is asked
  std::map<std::string, std::string> behind;
  std::set<std::string> demanded, moved;
  std::set<int> joined;
  std::map<std::string, std::string> parent;
};
} // namespace

Plan makePlan(const Impl &impl, bool onlyEnabled) {
  Planner all(impl, false);
  all.run();
  Plan full = all.makePlan();
  all.findRanges(full);
  if (!onlyEnabled)
    return full;
  Planner some(impl, true);
  some.run();
  Plan plan = some.makePlan();
  plan.range = std::move(full.range);
  plan.observed = std::move(full.observed);
  return plan;
}

} // namespace mlopt::onnx_quantize
