//===- Checks.cpp - Conditions on sizes that kernels rely on --------------===//
//
// What no analysis could prove is checked by the host program before a run:
// what operations state through RunTimeCheckOpInterface (sizes that must agree,
// lie inside another one, or broadcast); sizes that could come out negative;
// tensors too large for 64-bit arithmetic. The host program refuses a check also
// where its own arithmetic overflows.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"
#include "mlopt/IR/RunTimeChecks.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

/// The conditions of the operations in a kernel's body, in its own symbols. Equal kernels are one:
/// the launch says which nodes a condition stands for.
std::vector<SizeCondition> collectConditions(KernelOp kernel) {
  ShapeAnalysis local(kernel);
  SizeConditions conditions(local);
  for (Operation &op : kernel.getBody().front()) {
    if (auto checked = dyn_cast<RunTimeCheckOpInterface>(op))
      checked.getSizeConditions(conditions);
    for (Value result : op.getResults())
      conditions.representable(result);
  }
  return conditions.takeList();
}

class Collector {
public:
  explicit Collector(Plan &plan) : plan(plan) {}

  void run() {
    // Views and other host operations; what launches compute is the kernels' to say.
    for (Operation &op : plan.function.getBody().front())
      if (auto checked = dyn_cast<RunTimeCheckOpInterface>(op)) {
        std::string nodes = nodeNames(op.getLoc());
        SizeConditions conditions(plan.shapes);
        checked.getSizeConditions(conditions);
        for (const SizeCondition &condition : conditions.getList())
          emit(condition, nodes);
        for (Value result : op.getResults())
          if (isa<RankedTensorType>(result.getType()))
            for (SymExpr size : plan.shapes.shapeOf(result))
              negative(size, nodes);
      }
    for (Item &item : plan.items)
      if (item.launch)
        checkLaunch(item);
    for (const Storage &storage : plan.storages)
      if (storage.region != Place::Weight && !storage.bytes.getConstant())
        emit({SizeCondition::LessEqual,
              storage.bytes,
              plan.constant(maxTensorBytes),
              "the bytes of a tensor",
              {}},
             storage.name, storage.region == Place::Input ? "input" : "node");
  }

private:
  void checkLaunch(Item &item) {
    KernelSignature signature(item.kernel);
    llvm::StringMap<SymExpr> bound;
    for (auto [name, size] : llvm::zip_equal(signature.symbols, item.sizes))
      bound[name] = size;
    auto global = [&](SymExpr size) {
      return size.substitute([&](StringRef name) { return bound.lookup(name); });
    };
    std::string launchNodes = nodeNames(item.loc);
    for (const SizeCondition &condition : conditionsOf(item.kernel)) {
      // A size that only the kernel knows cannot be checked before it runs.
      bool isKnown = true;
      for (SymExpr size : {condition.a, condition.b, condition.unlessZero})
        if (size)
          size.forEachSymbol([&](StringRef name) { isKnown &= bound.contains(name); });
      if (!isKnown)
        continue;
      SymExpr unless = condition.unlessZero ? global(condition.unlessZero) : SymExpr();
      emit({condition.kind, global(condition.a), global(condition.b), condition.what, unless},
           launchNodes);
    }
    for (Value result : item.launch.getOutputs())
      for (SymExpr size : plan.shapes.shapeOf(result))
        negative(size, launchNodes);
  }

  void negative(SymExpr size, const std::string &node) {
    if (!isProvablyAtLeast(size, 0))
      add(SymExpr::select(SymExpr::Compare::Lt, size, plan.constant(0), plan.constant(0),
                          plan.constant(1)),
          at(node) + "size '" + shortenExpression(size) + "' of its result would be negative");
  }

  void emit(const SizeCondition &condition, const std::string &node, const char *where = "node") {
    add(condition.getExpression(), at(node, where) + condition.getMessage());
  }

  static std::string at(const std::string &node, const char *where = "node") {
    return node.empty() ? std::string() : std::string(where) + " '" + node + "': ";
  }

  void add(SymExpr condition, std::string message) {
    if (condition.isConstant(1) || !seen.insert(condition.getAttr()))
      return;
    plan.checks.push_back({condition, std::move(message)});
  }

  /// Conditions of a kernel, in its local symbols.
  ArrayRef<SizeCondition> conditionsOf(KernelOp kernel) {
    auto [it, isNew] = conditions.try_emplace(kernel);
    if (isNew && !kernel.isExternal())
      it->second = collectConditions(kernel);
    return it->second;
  }

  Plan &plan;
  llvm::SetVector<Attribute> seen;
  llvm::DenseMap<Operation *, std::vector<SizeCondition>> conditions;
};

} // namespace

void plan::collectChecks(Plan &plan) { Collector(plan).run(); }
