//===- Weights.cpp - Large tensors leave the model before ONNX's passes ---===//
//
// Afterwards a large initialiser is a graph input of its type: the checker, the version converter
// and shape inference see what they need and copy nothing. A subgraph's large initialiser moves to
// the main graph, where its subgraph sees it too. Of a model that is to be trained all initialisers
// that can be trained leave, so that nothing folds one or gives it another name; and also of one
// whose weights come from another file, where they have the names that they had in training.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"
#include "llvm/Support/GlobPattern.h"

using namespace llvm;

namespace mlopt::onnx_import {

void makeInternal(onnx::TensorProto &tensor, ExternalData &external, const ImportLimits &limits,
                  const std::string &where) {
  if (tensor.data_location() != onnx::TensorProto_DataLocation_EXTERNAL)
    return;
  uint64_t count = checkedElementCount(tensor.dims(), limits, where);
  Bytes bytes = external.map(tensor, getStoredBytes(tensor.data_type(), count), where);
  tensor.set_raw_data(std::string(bytes.data.begin(), bytes.data.end()));
  tensor.clear_external_data();
  tensor.clear_data_location();
}

namespace {
class WeightTaker {
public:
  WeightTaker(onnx::ModelProto &model, ExternalData &external, Weights &weights,
              const ImportOptions &options, ImportReport &report, bool isOriginal)
      : main(*model.mutable_graph()), external(external), weights(weights), options(options),
        report(report),
        findsParameters(isOriginal && (options.training || !options.loadedWeights.empty())) {}

  void run() {
    collectNames(main);
    for (const onnx::ValueInfoProto &input : main.input())
      inputs.insert(input.name());
    if (findsParameters) {
      collectStructural(main);
      live = findLiveNames(main);
      for (const std::string &text : options.trainedScalars)
        scalarPatterns.push_back({text, parsePattern(text)});
    }
    hoistConstants(main);
    takeInitializers(main);
    for (onnx::NodeProto &node : *main.mutable_node())
      visitSubgraphs(node);
    if (findsParameters && !options.loadedWeights.empty())
      checkLoaded();
    if (findsParameters && options.training)
      checkScalars();
  }

private:
  /// A pattern of --train-scalar.
  struct Pattern {
    std::string text;
    GlobPattern glob;
    bool matched = false;
  };
  static GlobPattern parsePattern(const std::string &text) {
    Expected<GlobPattern> glob = GlobPattern::create(text);
    if (!glob)
      throw Failure(codes::PatternUnmatched, "--train-scalar=" + text + " is no pattern: " +
                                                 toString(glob.takeError()));
    return *glob;
  }
  bool isChosenScalar(const std::string &name) {
    bool chosen = false;
    for (Pattern &pattern : scalarPatterns)
      if (pattern.glob.match(name))
        chosen = pattern.matched = true;
    return chosen;
  }
  /// Each pattern of --train-scalar chose one; the rest is reported.
  void checkScalars() {
    std::vector<std::string> rest(scalars.begin(), scalars.end());
    for (const Pattern &pattern : scalarPatterns)
      if (!pattern.matched)
        throw Failure(codes::PatternUnmatched,
                      "--train-scalar=" + pattern.text + " matches no scalar initializer" +
                          (rest.empty() ? "; the model has no other that could be trained"
                                        : "; the model has " + listSome(rest)));
    report.constantScalars = std::move(rest);
  }

  void collectNames(const onnx::GraphProto &graph) {
    for (const onnx::ValueInfoProto &value : graph.input())
      names.insert(value.name());
    for (const onnx::TensorProto &tensor : graph.initializer())
      names.insert(tensor.name());
    for (const onnx::NodeProto &node : graph.node()) {
      names.insert(node.output().begin(), node.output().end());
      for (const onnx::AttributeProto &attr : node.attribute()) {
        if (attr.has_g())
          collectNames(attr.g());
        for (const onnx::GraphProto &inner : attr.graphs())
          collectNames(inner);
      }
    }
  }

  bool isLarge(const onnx::TensorProto &tensor) const {
    uint64_t count = 1;
    for (int64_t dim : tensor.dims()) // checked against overflow before
      count *= dim;
    return isSupportedElement(tensor.data_type()) &&
           getStoredBytes(tensor.data_type(), count) > options.largeTensorBytes;
  }

  /// Names of tensors whose elements the conversion must know, so that they cannot be trained.
  void collectStructural(const onnx::GraphProto &graph) {
    static const struct {
      StringRef op;
      int index;
    } positions[] = {{"Dropout", 1}, {"OneHot", 1}, {"OneHot", 2}, {"Range", 0},   {"Range", 1},
                     {"Range", 2},   {"Resize", 1}, {"Resize", 2}, {"Upsample", 1}};
    for (const onnx::NodeProto &node : graph.node()) {
      if (node.domain().empty())
        for (const auto &position : positions)
          if (position.op == node.op_type() && position.index < node.input_size())
            structural.insert(node.input(position.index));
      for (const onnx::AttributeProto &attr : node.attribute()) {
        if (attr.has_g())
          collectStructural(attr.g());
        for (const onnx::GraphProto &inner : attr.graphs())
          collectStructural(inner);
      }
    }
  }

  bool isParameter(const onnx::TensorProto &tensor) {
    switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::DOUBLE:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
      if (!findsParameters || structural.count(tensor.name()) || hoisted.count(tensor.name()))
        return false;
      if (tensor.dims_size() > 0 || isChosenScalar(tensor.name()))
        return true;
      if (live.count(tensor.name()))
        scalars.insert(tensor.name());
      return false;
    default:
      return false;
    }
  }

  /// A Constant node with a large tensor becomes an initialiser of the same name.
  void hoistConstants(onnx::GraphProto &graph) {
    auto &nodes = *graph.mutable_node();
    int kept = 0;
    for (int i = 0; i < nodes.size(); ++i) {
      onnx::NodeProto &node = nodes[i];
      onnx::TensorProto *value = nullptr;
      if (node.op_type() == "Constant" && node.domain().empty() && node.output_size() == 1 &&
          node.attribute_size() == 1 && node.attribute(0).name() == "value" &&
          node.attribute(0).has_t())
        value = node.mutable_attribute(0)->mutable_t();
      if (value && isLarge(*value)) {
        onnx::TensorProto *tensor = graph.add_initializer();
        tensor->Swap(value);
        tensor->set_name(node.output(0));
        hoisted.insert(node.output(0));
        continue;
      }
      if (kept != i)
        nodes.SwapElements(kept, i);
      ++kept;
    }
    nodes.DeleteSubrange(kept, nodes.size() - kept);
  }

  void takeInitializers(onnx::GraphProto &graph) {
    bool isMain = &graph == &main;
    auto &tensors = *graph.mutable_initializer();
    int kept = 0;
    for (int i = 0; i < tensors.size(); ++i) {
      onnx::TensorProto &tensor = tensors[i];
      bool trained = isParameter(tensor);
      bool leaves = (trained || isLarge(tensor)) && !tensor.name().empty() &&
                    (isMain || !isOutput(graph, tensor.name()));
      if (leaves) {
        std::string name = tensor.name();
        if (!isMain) { // names of sibling subgraphs may be equal
          std::string unique = name;
          for (int n = 0;
               weights.count(unique) || (n == 0 ? mainNames().count(unique) : names.count(unique));
               ++n)
            unique = name + "_" + std::to_string(n);
          if (unique != name)
            renameUses(graph, name, unique);
          name = unique;
          names.insert(name);
        }
        take(tensor, name, trained);
        continue;
      }
      if (const LoadedWeight *weight = isMain ? findLoaded(tensor, tensor.name()) : nullptr)
        replaceElements(tensor, *weight);
      if (tensor.data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
        makeInternal(tensor, external, options.limits, "initializer '" + tensor.name() + "'");
      if (kept != i)
        tensors.SwapElements(kept, i);
      ++kept;
    }
    tensors.DeleteSubrange(kept, tensors.size() - kept);
  }

  static bool isOutput(const onnx::GraphProto &graph, const std::string &name) {
    return llvm::any_of(graph.output(),
                        [&](const onnx::ValueInfoProto &value) { return value.name() == name; });
  }

  const std::set<std::string> &mainNames() {
    if (mainNameCache.empty()) {
      for (const onnx::ValueInfoProto &value : main.input())
        mainNameCache.insert(value.name());
      for (const onnx::TensorProto &tensor : main.initializer())
        mainNameCache.insert(tensor.name());
      for (const onnx::NodeProto &node : main.node())
        mainNameCache.insert(node.output().begin(), node.output().end());
    }
    return mainNameCache;
  }

  static void renameUses(onnx::GraphProto &graph, const std::string &from, const std::string &to) {
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      for (std::string &input : *node.mutable_input())
        if (input == from)
          input = to;
      for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
        if (attr.has_g())
          renameUses(*attr.mutable_g(), from, to);
        for (onnx::GraphProto &inner : *attr.mutable_graphs())
          renameUses(inner, from, to);
      }
    }
  }

  void take(onnx::TensorProto &tensor, const std::string &name, bool trained) {
    if (weights.count(name))
      throw Failure(codes::BadName, "two initializers have the name '" + name + "'");
    Weight weight;
    weight.dataType = tensor.data_type();
    weight.isParameter = options.training && trained;
    weight.dims.assign(tensor.dims().begin(), tensor.dims().end());
    if (const LoadedWeight *loaded = findLoaded(tensor, name)) {
      weight.stored = {loaded->bytes, loaded->owner};
    } else {
      if (trained && live.count(tensor.name()))
        missing.push_back(name);
      weight.stored = getBytes(tensor, "initializer '" + name + "'");
    }
    if (inputs.insert(name).second) {
      onnx::ValueInfoProto *input = main.add_input();
      input->set_name(name);
      onnx::TypeProto::Tensor *type = input->mutable_type()->mutable_tensor_type();
      type->set_elem_type(weight.dataType);
      type->mutable_shape();
      for (int64_t dim : weight.dims)
        type->mutable_shape()->add_dim()->set_dim_value(dim);
    }
    weights.emplace(name, std::move(weight));
  }

  Bytes getBytes(onnx::TensorProto &tensor, const std::string &where) {
    if (tensor.data_location() != onnx::TensorProto_DataLocation_EXTERNAL)
      return takeStoredBytes(tensor, options.limits);
    uint64_t count = checkedElementCount(tensor.dims(), options.limits, where);
    return external.map(tensor, getStoredBytes(tensor.data_type(), count), where);
  }

  /// What the options give for the initialiser `tensor`, which is called `name` from here on; null
  /// for nothing. Failure where it does not fit.
  const LoadedWeight *findLoaded(const onnx::TensorProto &tensor, const std::string &name) {
    auto it = findsParameters && !hoisted.count(tensor.name()) ? options.loadedWeights.find(name)
                                                               : options.loadedWeights.end();
    if (it == options.loadedWeights.end())
      return nullptr;
    const LoadedWeight &weight = it->second;
    std::string theirs = describeType(weight.dataType, weight.dims);
    std::string ours = describeType(
        tensor.data_type(), std::vector<int64_t>(tensor.dims().begin(), tensor.dims().end()));
    if (theirs != ours)
      throw Failure(codes::LoadedMismatch, options.loadedWeightsName + " holds '" + name + "' as " +
                                               theirs + ", the model has it as " + ours)
          .at(name, "Initializer");
    replaced.insert(name);
    return &weight;
  }

  /// "float [2, 3]".
  static std::string describeType(int32_t dataType, const std::vector<int64_t> &dims) {
    std::string text = getTypeName(dataType) + " [";
    for (size_t i = 0; i < dims.size(); ++i)
      text += (i ? ", " : "") + std::to_string(dims[i]);
    return text + "]";
  }

  static void replaceElements(onnx::TensorProto &tensor, const LoadedWeight &weight) {
    onnx::TensorProto filled;
    filled.set_name(tensor.name());
    filled.set_data_type(tensor.data_type());
    *filled.mutable_dims() = tensor.dims();
    filled.set_raw_data(std::string(weight.bytes.begin(), weight.bytes.end()));
    tensor.Swap(&filled);
  }

  /// "a, b, c and 12 more".
  static std::string listSome(const std::vector<std::string> &names) {
    constexpr size_t shown = 8;
    std::string text;
    for (size_t i = 0; i < std::min(names.size(), shown); ++i)
      text += (i ? ", '" : "'") + names[i] + "'";
    return names.size() > shown ? text + " and " + std::to_string(names.size() - shown) + " more"
                                : text;
  }

  /// Both sides of the options' weights are used up.
  void checkLoaded() {
    std::vector<std::string> unknown;
    for (const auto &[name, weight] : options.loadedWeights)
      if (!replaced.count(name) && !StringRef(name).starts_with("optimizer."))
        unknown.push_back(name);
    if (!unknown.empty())
      throw Failure(codes::LoadedUnknown, options.loadedWeightsName + " holds " +
                                              listSome(unknown) +
                                              ", which the model does not have as initializers");
    llvm::sort(missing);
    if (!missing.empty() && !options.allowMissingWeights)
      throw Failure(codes::LoadedMissing,
                    options.loadedWeightsName + " lacks " + listSome(missing) +
                        ", which the model uses; with --allow-missing-weights its own stay");
  }

  void visitSubgraphs(onnx::NodeProto &node) {
    auto visit = [&](onnx::GraphProto &graph) {
      hoistConstants(graph);
      takeInitializers(graph);
      for (onnx::NodeProto &inner : *graph.mutable_node())
        visitSubgraphs(inner);
    };
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      std::string where = "attribute '" + attr.name() + "' of node '" + getNodeName(node) + "'";
      if (attr.has_g())
        visit(*attr.mutable_g());
      for (onnx::GraphProto &inner : *attr.mutable_graphs())
        visit(inner);
      if (attr.has_t() && attr.t().data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
        makeInternal(*attr.mutable_t(), external, options.limits, where);
      for (onnx::TensorProto &tensor : *attr.mutable_tensors())
        if (tensor.data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
          makeInternal(tensor, external, options.limits, where);
    }
  }

  onnx::GraphProto &main;
  ExternalData &external;
  Weights &weights;
  const ImportOptions &options;
  ImportReport &report;
  bool findsParameters;
  /// Names: all, the main graph's inputs, see mainNames() and collectStructural(), those of
  /// initialisers that were Constant nodes, those that the outputs need, and initialisers that got
  /// the elements of the options.
  std::set<std::string> names, inputs, mainNameCache, structural, hoisted, live, replaced;
  /// Scalars that could be trained and are not, and the patterns of those that are.
  std::set<std::string> scalars;
  std::vector<Pattern> scalarPatterns;
  std::vector<std::string> missing; // parameters that the options' weights lack
};

/// Adds what a node reads, in its subgraphs too.
void addReadNames(const onnx::NodeProto &node, std::set<std::string> &names) {
  names.insert(node.input().begin(), node.input().end());
  auto visit = [&](const onnx::GraphProto &graph) {
    for (const onnx::ValueInfoProto &output : graph.output())
      names.insert(output.name());
    for (const onnx::NodeProto &inner : graph.node())
      addReadNames(inner, names);
  };
  for (const onnx::AttributeProto &attr : node.attribute()) {
    names.insert(attr.strings().begin(), attr.strings().end()); // Gradient names tensors so
    if (attr.has_g())
      visit(attr.g());
    llvm::for_each(attr.graphs(), visit);
  }
}
} // namespace

std::set<std::string> findLiveNames(const onnx::GraphProto &main) {
  std::set<std::string> live;
  for (const onnx::ValueInfoProto &output : main.output())
    live.insert(output.name());
  for (const onnx::NodeProto &node : llvm::reverse(main.node())) // in topological order
    if (llvm::any_of(node.output(), [&](const std::string &name) { return live.count(name); }))
      addReadNames(node, live);
  return live;
}

void takeWeights(onnx::ModelProto &model, ExternalData &external, Weights &weights,
                 const ImportOptions &options, ImportReport &report, bool isOriginal) {
  WeightTaker(model, external, weights, options, report, isOriginal).run();
}

} // namespace mlopt::onnx_import
