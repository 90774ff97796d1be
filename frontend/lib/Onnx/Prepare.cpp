//===- Prepare.cpp - What ONNX's library does to a model ------------------===//
#include "Importer.h"

#include "onnx/checker.h"
#include "onnx/inliner/inliner.h"
#include "onnx/version_converter/convert.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace mlopt::onnx_import {

int64_t getOpset(const onnx::ModelProto &model, const std::string &domain) {
  for (const onnx::OperatorSetIdProto &opset : model.opset_import())
    if (opset.domain() == domain)
      return opset.version();
  return 0;
}

static void setOpset(onnx::ModelProto &model, const std::string &domain, int64_t version) {
  for (onnx::OperatorSetIdProto &opset : *model.mutable_opset_import())
    if (opset.domain() == domain)
      return opset.set_version(version);
  onnx::OperatorSetIdProto *added = model.add_opset_import();
  added->set_domain(domain);
  added->set_version(version);
}

//===- --dim and --shape
//---------------------------------------------------------------------------------------------===//

static std::string listNames(const std::set<std::string> &names) {
  return names.empty() ? "it has none" : "it has " + llvm::join(names, ", ");
}

static void setDims(onnx::GraphProto &graph, const std::map<std::string, int64_t> &dims) {
  auto apply = [&](onnx::ValueInfoProto &value) {
    if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape())
      return;
    for (auto &dim : *value.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim())
      if (auto it = dim.has_dim_param() ? dims.find(dim.dim_param()) : dims.end(); it != dims.end())
        dim.set_dim_value(it->second);
  };
  llvm::for_each(*graph.mutable_input(), apply);
  llvm::for_each(*graph.mutable_output(), apply);
  llvm::for_each(*graph.mutable_value_info(), apply);
  for (onnx::NodeProto &node : *graph.mutable_node())
    for (onnx::AttributeProto &attr : *node.mutable_attribute())
      if (attr.has_g())
        setDims(*attr.mutable_g(), dims);
}

void applyShapeOptions(onnx::ModelProto &model, const ImportOptions &options) {
  onnx::GraphProto &graph = *model.mutable_graph();
  std::set<std::string> initializers, inputNames, dimNames;
  for (const onnx::TensorProto &tensor : graph.initializer())
    initializers.insert(tensor.name());
  bool changed = false;
  for (onnx::ValueInfoProto &input : *graph.mutable_input()) {
    if (initializers.count(input.name()))
      continue;
    inputNames.insert(input.name());
    if (auto it = options.shapes.find(input.name()); it != options.shapes.end()) {
      if (!input.type().has_tensor_type())
        throw Failure(codes::ShapeMismatch,
                      "--shape names the input '" + input.name() + "', which is not a tensor")
            .at(input.name(), "Input");
      onnx::TypeProto::Tensor &type = *input.mutable_type()->mutable_tensor_type();
      if (type.has_shape() && size_t(type.shape().dim_size()) != it->second.size())
        throw Failure(codes::ShapeMismatch, "--shape gives " + std::to_string(it->second.size()) +
                                                " dimensions; the input has " +
                                                std::to_string(type.shape().dim_size()))
            .at(input.name(), "Input");
      bool hadShape = type.has_shape();
      onnx::TensorShapeProto old = type.shape();
      type.mutable_shape()->clear_dim();
      for (size_t i = 0; i < it->second.size(); ++i) {
        const DimSpec &spec = it->second[i];
        auto *dim = type.mutable_shape()->add_dim();
        bool fixed = hadShape && old.dim(i).has_dim_value() &&
                     old.dim(i).dim_value() > 0; // 0 and -1 stand for unknown in old exporters
        if (spec.size >= 0 && spec.size < 1)
          throw Failure(codes::DimValue, "--shape gives dimension " + std::to_string(i) +
                                             " the size 0; it must be at least 1")
              .at(input.name(), "Input");
        if (spec.size >= 0 && fixed && old.dim(i).dim_value() != spec.size)
          throw Failure(codes::ShapeMismatch, "--shape gives dimension " + std::to_string(i) +
                                                  " the size " + std::to_string(spec.size) +
                                                  "; the model fixes it at " +
                                                  std::to_string(old.dim(i).dim_value()))
              .at(input.name(), "Input");
        if (spec.size >= 0)
          dim->set_dim_value(spec.size);
        else if (!spec.name.empty())
          dim->set_dim_param(spec.name);
        else if (fixed || (hadShape && old.dim(i).has_dim_param()))
          *dim = old.dim(i);
      }
      changed = true;
    }
    if (input.type().has_tensor_type())
      for (const auto &dim : input.type().tensor_type().shape().dim())
        if (dim.has_dim_param() && !dim.dim_param().empty())
          dimNames.insert(dim.dim_param());
  }
  for (auto &[name, dims] : options.shapes)
    if (!inputNames.count(name))
      throw Failure(codes::ShapeUnknown, "--shape names the input '" + name +
                                             "', which the model does not have; " +
                                             listNames(inputNames));
  for (auto &[name, size] : options.dims) {
    if (!dimNames.count(name))
      throw Failure(codes::DimUnknown, "--dim names the dimension '" + name +
                                           "', which no input of the model has; " +
                                           listNames(dimNames));
    if (size < 1)
      throw Failure(codes::DimValue, "--dim gives '" + name + "' the size " + std::to_string(size) +
                                         "; it must be at least 1");
  }
  if (!options.dims.empty())
    setDims(graph, options.dims);
  if (changed) {
    // What the exporter noted about inner shapes may no longer hold; inference finds it again.
    graph.clear_value_info();
    for (onnx::ValueInfoProto &output : *graph.mutable_output())
      if (output.type().has_tensor_type() && output.type().tensor_type().has_shape())
        for (auto &dim :
             *output.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim())
          dim.clear_value(); // the rank stays: the checker asks for a shape
  }
}

//===- Steps
//---------------------------------------------------------------------------------------------------------===//

static void densify(onnx::GraphProto &graph, ExternalData &external, const ImportLimits &limits);

static void densify(onnx::NodeProto &node, ExternalData &external, const ImportLimits &limits) {
  for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
    if (attr.has_sparse_tensor() && node.op_type() == "Constant" && node.domain().empty() &&
        attr.name() == "sparse_value") {
      std::string where = "sparse_value of node '" + getNodeName(node) + "'";
      onnx::SparseTensorProto &sparse = *attr.mutable_sparse_tensor();
      makeInternal(*sparse.mutable_values(), external, limits, where);
      makeInternal(*sparse.mutable_indices(), external, limits, where);
      onnx::TensorProto dense = makeDense(sparse, limits, where);
      attr.clear_sparse_tensor();
      attr.set_name("value");
      attr.set_type(onnx::AttributeProto::TENSOR);
      attr.mutable_t()->Swap(&dense);
    }
    if (attr.has_g())
      densify(*attr.mutable_g(), external, limits);
    for (onnx::GraphProto &inner : *attr.mutable_graphs())
      densify(inner, external, limits);
  }
}

static void densify(onnx::GraphProto &graph, ExternalData &external, const ImportLimits &limits) {
  for (onnx::SparseTensorProto &sparse : *graph.mutable_sparse_initializer()) {
    std::string where = "sparse initializer '" + sparse.values().name() + "'";
    makeInternal(*sparse.mutable_values(), external, limits, where);
    makeInternal(*sparse.mutable_indices(), external, limits, where);
    onnx::TensorProto dense = makeDense(sparse, limits, where);
    graph.add_initializer()->Swap(&dense);
  }
  graph.clear_sparse_initializer();
  for (onnx::NodeProto &node : *graph.mutable_node())
    densify(node, external, limits);
}

/// Calls `fn` for each node of `nodes` and of their subgraphs, in order.
template <typename Nodes, typename Fn> static void forEachNode(const Nodes &nodes, const Fn &fn) {
  for (const onnx::NodeProto &node : nodes) {
    fn(node);
    for (const onnx::AttributeProto &attr : node.attribute()) {
      forEachNode(attr.g().node(), fn);
      for (const onnx::GraphProto &inner : attr.graphs())
        forEachNode(inner.node(), fn);
    }
  }
}

/// Adds to `failure`, which ends the import before operators are looked at, those that no version
/// of mlopt's table has and that neither the model nor ONNX defines as a function.
static void listUnknownOperators(const onnx::ModelProto &model, const ImportOptions &options,
                                 Failure &failure) {
  if (!options.isSupported)
    return;
  std::set<std::pair<std::string, std::string>> local;
  for (const onnx::FunctionProto &function : model.functions())
    local.insert({function.domain(), function.name()});
  auto visit = [&](const onnx::NodeProto &node) {
    std::string domain = node.domain() == "ai.onnx" ? "" : node.domain();
    const onnx::OpSchema *schema = onnx::OpSchemaRegistry::Schema(node.op_type(), domain);
    if (local.count({domain, node.op_type()}) ||
        options.isSupported(domain, node.op_type(), INT64_MAX) ||
        (schema && (schema->HasFunction() || schema->HasContextDependentFunction())))
      return;
    std::string qualified = domain.empty() ? node.op_type() : domain + "." + node.op_type();
    failure.also(Failure(codes::UnsupportedOperator,
                         "unsupported ONNX operator '" + node.op_type() + "' (domain '" +
                             (domain.empty() ? "ai.onnx" : domain) + "', opset " +
                             std::to_string(std::max(getOpset(model, domain),
                                                     getOpset(model, node.domain()))) +
                             "): mlopt has no conversion for it")
                     .at(getNodeName(node), qualified));
  };
  forEachNode(model.graph().node(), visit);
  for (const onnx::FunctionProto &function : model.functions())
    forEachNode(function.node(), visit);
}

/// A newer format may hold anything: this comes before what else is wrong with the model.
static void checkIRVersion(const onnx::ModelProto &model, const ImportOptions &options) {
  if (model.ir_version() <= onnx::IR_VERSION)
    return;
  Failure failure(codes::UnsupportedIRVersion,
                  "the model has ir_version " + std::to_string(model.ir_version()) +
                      "; the newest known is " + std::to_string(int(onnx::IR_VERSION)));
  listUnknownOperators(model, options, failure);
  throw failure;
}

/// Known domains may not be newer than the library; a domain that only functions of the model
/// define takes any version.
static void checkOpsets(onnx::ModelProto &model, const ImportOptions &options,
                        ImportReport &report) {
  if (model.ir_version() < 3 && model.opset_import_size() == 0) {
    setOpset(model, "", 1);
    model.set_ir_version(3);
  }
  auto &known = onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map();
  auto check = [&](const auto &opsets) {
    for (const onnx::OperatorSetIdProto &opset : opsets)
      if (auto it = known.find(opset.domain());
          it != known.end() && opset.version() > it->second.second) {
        Failure failure(codes::UnsupportedOpset,
                        "the model uses operator set " +
                            (opset.domain().empty() ? "ai.onnx" : opset.domain()) + " version " +
                            std::to_string(opset.version()) + "; the newest known is " +
                            std::to_string(it->second.second));
        listUnknownOperators(model, options, failure);
        throw failure;
      }
  };
  check(model.opset_import());
  for (onnx::FunctionProto &function : *model.mutable_functions()) {
    check(function.opset_import());
    for (onnx::OperatorSetIdProto &opset : *function.mutable_opset_import()) {
      int64_t version = getOpset(model, opset.domain());
      if (version == 0)
        setOpset(model, opset.domain(), opset.version());
      else if (version != opset.version() && !known.count(opset.domain()))
        opset.set_version(version); // versions of private domains say nothing; the inliner would
                                    // refuse a mismatch
    }
    if (getOpset(model, function.domain()) == 0)
      setOpset(model, function.domain(), 1);
  }
  if (model.opset_import_size() == 0)
    throw Failure(codes::BadOpset, "the model imports no operator set");
  report.modelOpset = getOpset(model, "");
}

/// Operators that ONNX's version converter changes the meaning of on the way to version `fixed`:
/// it keeps Resize 10 and Upsample without their coordinate transformation (asymmetric, where later
/// versions default to half_pixel), and Hardmax without its flattening to a matrix.
static const struct {
  StringRef name;
  int64_t fixed;
} faultyAdapters[] = {{"Hardmax", 13}, {"Resize", 11}, {"Upsample", 10}};

/// Name of an operator in `nodes` or their subgraphs whose meaning the converter would change from
/// `version` on; empty if there is none.
template <typename Nodes> static StringRef findFaultyAdapter(const Nodes &nodes, int64_t version) {
  for (const onnx::NodeProto &node : nodes) {
    if (node.domain().empty() || node.domain() == "ai.onnx")
      for (const auto &row : faultyAdapters)
        if (row.name == node.op_type() && version < row.fixed)
          return row.name;
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (StringRef found = findFaultyAdapter(attr.g().node(), version); !found.empty())
        return found;
      for (const onnx::GraphProto &inner : attr.graphs())
        if (StringRef found = findFaultyAdapter(inner.node(), version); !found.empty())
          return found;
    }
  }
  return {};
}

/// The same for the model's functions whose operator set is not the model's: the inliner would
/// convert them.
static StringRef findFaultyAdapterOfFunctions(const onnx::ModelProto &model) {
  for (const onnx::FunctionProto &function : model.functions())
    for (const onnx::OperatorSetIdProto &opset : function.opset_import())
      if ((opset.domain().empty() || opset.domain() == "ai.onnx") &&
          opset.version() != getOpset(model, ""))
        if (StringRef found = findFaultyAdapter(function.node(), opset.version()); !found.empty())
          return found;
  return {};
}

static void inlineLocalFunctions(onnx::ModelProto &model, ImportReport &report) {
  if (model.functions_size() == 0)
    return;
  onnx::ModelProto copy = model; // cheap: the weights are out
  try {
    if (StringRef name = findFaultyAdapterOfFunctions(model); !name.empty())
      throw std::runtime_error("the converter would change what " + name.str() + " means");
    onnx::inliner::InlineLocalFunctions(model, /*convert_version=*/true);
  } catch (const std::exception &error) {
    model.Swap(&copy);
    report.notes.push_back(
        std::string("functions are inlined without converting their operator set: ") +
        error.what());
    onnx::inliner::InlineLocalFunctions(model, /*convert_version=*/false);
  }
  for (const onnx::FunctionProto &function : model.functions())
    report.notes.push_back("function '" + function.domain() + "." + function.name() +
                           "' could not be inlined: its operator sets differ from the model's");
}

/// Operators of a known domain that the library does not know move to a domain that it leaves
/// alone.
static void markUnregistered(onnx::ModelProto &model, onnx::GraphProto &graph) {
  auto &known = onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map();
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      if (attr.has_g())
        markUnregistered(model, *attr.mutable_g());
      for (onnx::GraphProto &inner : *attr.mutable_graphs())
        markUnregistered(model, inner);
    }
    int64_t version = getOpset(model, node.domain());
    if (version == 0 && node.domain().empty()) {
      throw failAt(
          node, codes::BadOpset,
          "the model imports no version of the operator set ai.onnx, which this node needs");
    }
    if (version == 0)
      setOpset(model, node.domain(), 1); // a forgotten import of a custom domain is harmless
    else if (known.count(node.domain()) &&
             !onnx::OpSchemaRegistry::Schema(node.op_type(), static_cast<int>(version),
                                             node.domain())) {
      node.set_domain(unregisteredPrefix + node.domain());
      setOpset(model, node.domain(), 1);
    }
  }
}

/// An exception's text on one line, without the source positions that ONNX puts in front.
static std::string firstLines(StringRef text) {
  if (size_t at = text.find("` failed: "); at != StringRef::npos)
    text = text.substr(at + 10);
  std::string result;
  for (StringRef part : llvm::split(text.trim(), '\n')) {
    if (part.trim().empty())
      continue;
    result += (result.empty() ? "" : " ") + part.trim().str();
  }
  return result.size() > 600 ? result.substr(0, 600) + "..." : result;
}

static void check(onnx::ModelProto model) { // a copy without weights
  // The checker wants a shape on every input and output. Outputs get theirs by inference, and
  // inputs without rank are reported, all of them, when the function's signature is made.
  for (auto *values :
       {model.mutable_graph()->mutable_input(), model.mutable_graph()->mutable_output()})
    for (onnx::ValueInfoProto &value : *values) {
      if (value.type().value_case() == onnx::TypeProto::VALUE_NOT_SET)
        value.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
      if (value.type().has_tensor_type())
        value.mutable_type()->mutable_tensor_type()->mutable_shape();
    }
  try {
    onnx::checker::check_model(model, /*full_check=*/false,
                               /*skip_opset_compatibility_check=*/true);
  } catch (const std::exception &error) {
    std::string message = firstLines(error.what());
    // "... ==> Context: Bad node spec for node. Name: N OpType: T" tells the node.
    StringRef context = StringRef(message).rsplit("Bad node spec for node. Name: ").second;
    auto [name, rest] = context.split(" OpType: ");
    Failure failure(codes::CheckFailed, StringRef(message).split(" ==> Context:").first.str());
    if (!rest.empty())
      failure.at(name.empty() ? "?" : name, rest.split(' ').first);
    throw failure;
  }
}

/// Many adapters ask for shapes; most models need no adapter that does, so inference runs only when
/// one complained.
static onnx::ModelProto convertWithShapes(const onnx::ModelProto &model, int target) {
  try {
    return onnx::version_conversion::ConvertVersion(model, target);
  } catch (const std::exception &) {
    onnx::ModelProto inferred = model;
    inferShapes(inferred);
    return onnx::version_conversion::ConvertVersion(inferred, target);
  }
}

/// First results of the nodes of `graph` and its subgraphs that split an axis into equal parts, as
/// Split without sizes did before version 18.
static void collectEqualSplits(const onnx::GraphProto &graph, std::set<std::string> &results) {
  forEachNode(graph.node(), [&](const onnx::NodeProto &node) {
    if (node.op_type() == "Split" && node.domain().empty() && node.output_size() &&
        (node.input_size() < 2 || node.input(1).empty()) &&
        llvm::none_of(node.attribute(), [](const onnx::AttributeProto &attr) {
          return attr.name() == "split";
        }))
      results.insert(node.output(0));
  });
}

/// Version 18 lets the last part be smaller; the converter forgets that these nodes do not.
static void markEqualSplits(onnx::GraphProto &graph, const std::set<std::string> &results) {
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      if (attr.has_g())
        markEqualSplits(*attr.mutable_g(), results);
      for (onnx::GraphProto &inner : *attr.mutable_graphs())
        markEqualSplits(inner, results);
    }
    if (node.op_type() != "Split" || !node.domain().empty() || !node.output_size() ||
        !results.count(node.output(0)))
      continue;
    onnx::AttributeProto *mark = node.add_attribute();
    mark->set_name(equalPartsAttr);
    mark->set_type(onnx::AttributeProto::INT);
    mark->set_i(1);
  }
}

static void convertVersion(onnx::ModelProto &model, const ImportOptions &options,
                           ImportReport &report) {
  // Adapters add initialisers that are no inputs, which older files may not have. Only now: the
  // checker has judged the file by its own rules.
  model.set_ir_version(std::max<int64_t>(model.ir_version(), 8));
  int64_t version = getOpset(model, "");
  if (version == 0 || options.targetOpset == 0 || version >= options.targetOpset)
    return;
  try {
    if (StringRef name = findFaultyAdapter(model.graph().node(), version); !name.empty())
      throw std::runtime_error("the converter would change what " + name.str() + " means");
    std::set<std::string> equalSplits;
    if (version < 18 && options.targetOpset >= 18)
      collectEqualSplits(model.graph(), equalSplits);
    onnx::ModelProto converted = convertWithShapes(model, static_cast<int>(options.targetOpset));
    if (converted.graph().output_size() != model.graph().output_size())
      throw std::runtime_error("the converter lost outputs");
    model.Swap(&converted);
    if (!equalSplits.empty())
      markEqualSplits(*model.mutable_graph(), equalSplits);
  } catch (const std::exception &error) {
    report.notes.push_back("the model keeps operator set " + std::to_string(version) + ": " +
                           firstLines(error.what()));
  }
}

void prepareModel(onnx::ModelProto &model, ExternalData &external, Weights &weights,
                  const ImportOptions &options, ImportReport &report) {
  if (!model.has_graph())
    throw Failure(codes::NoGraph, "the model has no graph");
  checkIRVersion(model, options);
  applyShapeOptions(model, options);
  checkLimits(model, options.limits);
  checkFunctions(model, options.limits);
  if (model.training_info_size()) {
    report.notes.push_back("the model's training information is not used");
    model.clear_training_info();
  }
  checkOpsets(model, options, report);
  densify(*model.mutable_graph(), external, options.limits);
  for (onnx::FunctionProto &function : *model.mutable_functions())
    for (onnx::NodeProto &node : *function.mutable_node())
      densify(node, external, options.limits);
  takeWeights(model, external, weights, options, report, /*isOriginal=*/true);
  // What is external still is an attribute of a function's node.
  forEachTensor(model, [&](onnx::TensorProto &tensor, const std::string &where) {
    makeInternal(tensor, external, options.limits, where);
  });
  inlineLocalFunctions(model, report);
  takeWeights(model, external, weights, options, report);
  markUnregistered(model, *model.mutable_graph());
  check(model);
  convertVersion(model, options, report);
  inferShapes(model);
  for (int round = 0; options.isSupported && round < 16; ++round) {
    if (!inlineSchemaFunctions(model, options, report))
      break;
    if (countNodes(model.graph()) > options.limits.maxNodes)
      throw Failure(codes::LimitExceeded, "the model has more than " +
                                              std::to_string(options.limits.maxNodes) +
                                              " nodes once its functions are expanded");
    takeWeights(model, external, weights, options, report);
    inferShapes(model);
  }
  report.opset = getOpset(model, "");
}

} // namespace mlopt::onnx_import
