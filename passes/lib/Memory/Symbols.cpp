//===- Symbols.cpp - Symbols, inputs and outputs of a program -------------===//
#include "Plan.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

/// Sizes that plans are made for where nobody says otherwise.
constexpr int64_t defaultUsual = 64;

class SymbolCollector {
public:
  explicit SymbolCollector(Plan &plan)
      : plan(plan), bounds(plan.function->getAttrOfType<DictionaryAttr>("mlopt.symbols")) {}

  LogicalResult run() {
    for (const std::string &name : plan.shapes.getSymbols())
      if (failed(add(name, plan.function)))
        return failure();
    for (BlockArgument argument : plan.function.getArguments())
      plan.inputs.push_back(input(argument));
    // Elements of integer inputs count only where something uses them.
    for (Item &item : plan.items) {
      Operation *at = item.launch ? item.launch.getOperation() : plan.function.getOperation();
      for (unsigned id : item.outs)
        if (failed(use(plan.storages[id].bytes, at)))
          return failure();
      if (item.scratch && failed(use(plan.storages[*item.scratch].bytes, at)))
        return failure();
      for (SymExpr size : llvm::concat<SymExpr>(item.sizes, item.strides))
        if (failed(use(size, at)))
          return failure();
    }
    for (const Check &check : plan.checks)
      if (failed(use(check.condition, plan.function)))
        return failure();
    Operation *ret = plan.function.getBody().front().getTerminator();
    for (auto [i, value] : llvm::enumerate(ret->getOperands())) {
      SmallVector<Attribute> dims;
      for (SymExpr size : plan.shapes.shapeOf(value)) {
        if (failed(use(size, ret)))
          return failure();
        dims.push_back(toAttr(size));
      }
      std::string name = "output" + std::to_string(i);
      if (auto given = plan.function.getResultAttrOfType<StringAttr>(i, "mlopt.name"))
        name = given.str();
      plan.outputs.push_back(tensor(name, value, dims, plan.donated[i]));
    }
    return success();
  }

private:
  Attribute toAttr(SymExpr size) {
    if (std::optional<int64_t> c = size.getConstant())
      return Builder(plan.getContext()).getI64IntegerAttr(*c);
    return size.getAttr();
  }

  rt::TensorAttr tensor(StringRef name, Value value, ArrayRef<Attribute> dims,
                        int64_t donated = -1) {
    return rt::TensorAttr::get(plan.getContext(), name, cast<RankedTensorType>(value.getType()),
                               ArrayAttr::get(plan.getContext(), dims), donated);
  }

  std::string inputName(unsigned i) {
    auto given = plan.function.getArgAttrOfType<StringAttr>(i, "mlopt.name");
    return given ? given.str() : "arg" + std::to_string(i);
  }

  rt::TensorAttr input(BlockArgument argument) {
    SmallVector<Attribute> dims;
    unsigned i = argument.getArgNumber();
    for (auto [axis, size] : llvm::enumerate(plan.shapes.shapeOf(argument))) {
      if (!size.getConstant() && size.getKind() != SymExpr::Kind::Symbol) {
        // An input whose size follows from another's: it has a symbol of its own
        // and must agree.
        std::string name = inputName(i) + "." + std::to_string(axis);
        SymExpr own = SymExpr::symbol(plan.getContext(), name);
        insert(name, false, i, axis);
        plan.checks.push_back(
            {SymExpr::select(SymExpr::Compare::Eq, own, size, plan.constant(1), plan.constant(0)),
             "input '" + inputName(i) + "': dimension " + std::to_string(axis) + " must be '" +
                 size.str() + "'"});
        size = own;
      }
      dims.push_back(toAttr(size));
    }
    return tensor(inputName(i), argument, dims);
  }

  void insert(StringRef name, bool element, int64_t input, int64_t position) {
    if (!known.insert(name).second)
      return;
    int64_t minimum = element ? INT64_MIN : 0, maximum = INT64_MAX, usual = defaultUsual;
    if (bounds)
      if (auto given = bounds.getAs<DenseI64ArrayAttr>(name); given && given.size() == 3) {
        minimum = given[0];
        maximum = given[1];
        usual = given[2];
      }
    usual = std::clamp(usual, minimum, maximum);
    plan.symbols.push_back(rt::SymbolAttr::get(plan.getContext(), name, element, input, position,
                                               minimum, maximum, usual));
  }

  LogicalResult add(StringRef name, Operation *at) {
    if (known.contains(name) || name == rt::MlrtDialect::getThreadsSymbol())
      return success();
    std::optional<SymbolSource> source = plan.shapes.getSymbol(name);
    auto argument = source ? dyn_cast<BlockArgument>(source->argument) : BlockArgument();
    if (!argument || (source->axis < 0 && source->element < 0))
      return at->emitError("MLO2005: a size ('")
             << name << "') is decided by data that a kernel computes, which is not supported";
    bool element = source->axis < 0;
    insert(name, element, argument.getArgNumber(), element ? source->element : source->axis);
    return success();
  }

  LogicalResult use(SymExpr size, Operation *at) {
    LogicalResult result = success();
    size.forEachSymbol([&](StringRef name) {
      if (succeeded(result))
        result = add(name, at);
    });
    return result;
  }

  Plan &plan;
  DictionaryAttr bounds;
  llvm::StringSet<> known;
};

} // namespace

LogicalResult plan::collectSymbols(Plan &plan) { return SymbolCollector(plan).run(); }
