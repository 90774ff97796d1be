//===- Checks.cpp - Conditions on sizes that kernels rely on --------------===//
//
// What no analysis could prove is checked by the host program before a run:
// sizes that broadcast, contracted sizes, joined sizes, reshapes, and sizes that
// could come out negative.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

using Compare = SymExpr::Compare;

/// A condition on two sizes, in the symbols of a kernel or of the program.
struct Rule {
  enum Kind { Equal, Broadcast } kind;
  SymExpr a, b;
  std::string node;
  bool operator==(const Rule &o) const { return kind == o.kind && a == o.a && b == o.b; }
};

class Collector {
public:
  explicit Collector(Plan &plan) : plan(plan), context(plan.getContext()) {}

  void run() {
    for (Operation &op : plan.function.getBody().front())
      if (auto reshape = dyn_cast<ReshapeOp>(op)) {
        SymExpr in = numElements(context, plan.shapes.shapeOf(reshape.getInput()));
        SymExpr out = numElements(context, plan.shapes.shapeOf(reshape.getResult()));
        emit({Rule::Equal, in, out, nodeNames(op.getLoc())}, "numbers of elements");
      }
    for (Item &item : plan.items)
      if (item.launch)
        checkLaunch(item);
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
    for (const Rule &rule : rulesOf(item.kernel)) {
      std::string node = rule.node.empty() ? launchNodes : rule.node;
      emit({rule.kind, global(rule.a), global(rule.b), node}, "sizes");
    }
    for (Value result : item.launch.getOutputs())
      for (SymExpr size : plan.shapes.shapeOf(result)) {
        std::optional<int64_t> lower = size.getLowerBound();
        if (lower && *lower >= 0)
          continue;
        add(SymExpr::select(Compare::Lt, size, plan.constant(0), plan.constant(0),
                            plan.constant(1)),
            at(launchNodes) + "size '" + size.str() + "' of its result would be negative");
      }
  }

  void emit(const Rule &rule, StringRef what) {
    SymExpr one = plan.constant(1), zero = plan.constant(0);
    SymExpr otherwise = zero;
    if (rule.kind == Rule::Broadcast)
      otherwise = SymExpr::select(Compare::Eq, rule.a, one, one,
                                  SymExpr::select(Compare::Eq, rule.b, one, one, zero));
    add(SymExpr::select(Compare::Eq, rule.a, rule.b, one, otherwise),
        at(rule.node) + what.str() + " '" + rule.a.str() + "' and '" + rule.b.str() +
            "' must be equal" + (rule.kind == Rule::Broadcast ? " or 1" : ""));
  }

  static std::string at(const std::string &node) {
    return node.empty() ? std::string() : "node '" + node + "': ";
  }

  void add(SymExpr condition, std::string message) {
    if (condition.isConstant(1) || !seen.insert(condition.getAttr()))
      return;
    plan.checks.push_back({condition, std::move(message)});
  }

  /// Rules of a kernel, in its local symbols.
  ArrayRef<Rule> rulesOf(KernelOp kernel) {
    auto [it, isNew] = rules.try_emplace(kernel);
    if (!isNew || kernel.isExternal())
      return it->second;
    std::vector<Rule> list;
    ShapeAnalysis local(kernel);
    auto add = [&](Rule::Kind kind, SymExpr a, SymExpr b) {
      if (!a || !b || a == b || (a.getConstant() && b.getConstant()))
        return;
      if (kind == Rule::Broadcast && (a.isConstant(1) || b.isConstant(1)))
        return;
      // Equal kernels are one: the launch says which nodes it stands for.
      Rule rule{kind, a, b, ""};
      if (!llvm::is_contained(list, rule))
        list.push_back(rule);
    };
    auto broadcast = [&](ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
      for (size_t i = 1; i <= std::min(a.size(), b.size()); ++i)
        add(Rule::Broadcast, a[a.size() - i], b[b.size() - i]);
    };
    auto equal = [&](SymExpr a, SymExpr b) { add(Rule::Equal, a, b); };
    for (Operation &op : kernel.getBody().front()) {
      auto shape = [&](Value v) {
        return isa<RankedTensorType>(v.getType()) ? local.shapeOf(v) : SymShape();
      };
      llvm::TypeSwitch<Operation *>(&op)
          .Case<MatmulOp>([&](MatmulOp matmul) {
            SymShape a = shape(matmul.getLhs()), b = shape(matmul.getRhs());
            if (a.size() < 2 || b.size() < 2)
              return;
            equal(a[a.size() - (matmul.getTransposeA() ? 2 : 1)],
                  b[b.size() - (matmul.getTransposeB() ? 1 : 2)]);
            broadcast(ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2));
          })
          .Case<AttentionOp>([&](AttentionOp attention) {
            SymShape q = shape(attention.getQuery()), k = shape(attention.getKey()),
                     v = shape(attention.getValue());
            auto axis = [&](unsigned which, unsigned logical) {
              return attention.isSequenceMajor(which) && (logical == 1 || logical == 2)
                         ? 3 - logical
                         : logical;
            };
            equal(q[0], k[0]);
            equal(k[0], v[0]);
            equal(q[3], k[3]);
            equal(k[axis(1, 1)], v[axis(2, 1)]);
            equal(k[axis(1, 2)], v[axis(2, 2)]);
            SymShape scores = {q[0], q[axis(0, 1)], q[axis(0, 2)], k[axis(1, 2)]};
            broadcast(shape(attention.getMask()), scores);
          })
          .Case<ConcatOp>([&](ConcatOp concat) {
            SymShape first = shape(concat.getInputs()[0]);
            for (Value input : concat.getInputs().drop_front()) {
              SymShape other = shape(input);
              for (size_t i = 0; i < first.size() && i < other.size(); ++i)
                if (static_cast<int64_t>(i) != static_cast<int64_t>(concat.getAxis()))
                  equal(first[i], other[i]);
            }
          })
          .Case<BroadcastOp>([&](BroadcastOp b) {
            SymShape in = shape(b.getInput()), out = shape(b.getResult());
            for (size_t i = 1; i <= std::min(in.size(), out.size()); ++i)
              if (!in[in.size() - i].isConstant(1))
                add(Rule::Broadcast, in[in.size() - i], out[out.size() - i]);
          })
          .Default([&](Operation *op) {
            if (!op->hasTrait<mlopt::OpTrait::Elementwise>())
              return;
            SmallVector<SymShape> known;
            for (Value operand : op->getOperands()) {
              SymShape s = shape(operand);
              for (const SymShape &other : known)
                broadcast(other, s);
              known.push_back(s);
            }
          });
    }
    return rules[kernel] = std::move(list);
  }

  Plan &plan;
  MLIRContext *context;
  llvm::SetVector<Attribute> seen;
  llvm::DenseMap<Operation *, std::vector<Rule>> rules;
};

} // namespace

void plan::collectChecks(Plan &plan) { Collector(plan).run(); }
