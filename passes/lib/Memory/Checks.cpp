//===- Checks.cpp - Conditions on sizes that kernels rely on --------------===//
//
// What no analysis could prove is checked by the host program before a run:
// sizes that must agree, lie inside another one, or broadcast; sizes that could
// come out negative; tensors too large for 64-bit arithmetic. The host program
// refuses a check also where its own arithmetic overflows.
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

/// No tensor is larger (64 TiB): sums and differences of bytes stay far from 2^63.
constexpr int64_t maxTensorBytes = int64_t(1) << 46;

/// A condition on two sizes, in the symbols of a kernel or of the program.
struct Rule {
  enum Kind { Equal, Broadcast, LessEqual } kind;
  SymExpr a, b;
  /// What the sizes are, in the plural for Equal and Broadcast.
  StringRef what = "sizes";
  /// Waived where this is 0 (nothing is read then); null: never.
  SymExpr unlessZero;
  bool operator==(const Rule &o) const {
    return kind == o.kind && a == o.a && b == o.b && unlessZero == o.unlessZero;
  }
};

/// Entries of a mixed list of constants and `index` operands.
SmallVector<SymExpr> mixed(ShapeAnalysis &shapes, ArrayRef<int64_t> fixed, ValueRange operands) {
  SmallVector<SymExpr> result;
  for (int64_t value : fixed) {
    if (!ShapedType::isDynamic(value)) {
      result.push_back(SymExpr::constant(shapes.getContext(), value));
      continue;
    }
    result.push_back(operands.empty() ? SymExpr() : shapes.sizeOf(operands.front()));
    operands = operands.drop_front(operands.empty() ? 0 : 1);
  }
  return result;
}

bool isProvablyAtLeast(SymExpr size, int64_t bound) {
  std::optional<int64_t> lower = size.getLowerBound();
  return lower && *lower >= bound;
}

/// The conditions of the operations in a kernel's body, in its own symbols.
class KernelRules {
public:
  explicit KernelRules(KernelOp kernel) : local(kernel), context(kernel.getContext()) {
    for (Operation &op : kernel.getBody().front()) {
      visit(&op);
      for (Value result : op.getResults())
        visitResult(result);
    }
  }
  std::vector<Rule> list;

private:
  SymShape shape(Value v) {
    return isa<RankedTensorType>(v.getType()) ? local.shapeOf(v) : SymShape();
  }
  SymExpr constant(int64_t value) { return SymExpr::constant(context, value); }

  // Equal kernels are one: the launch says which nodes a rule stands for.
  void add(Rule rule) {
    if (rule.a && rule.b && rule.a != rule.b && !llvm::is_contained(list, rule))
      list.push_back(rule);
  }
  void equal(SymExpr a, SymExpr b, StringRef what = "sizes") {
    if (a && b && !(a.getConstant() && b.getConstant()))
      add({Rule::Equal, a, b, what, {}});
  }
  void broadcast(SymExpr a, SymExpr b) {
    if (!(a.getConstant() && b.getConstant()) && !a.isConstant(1) && !b.isConstant(1))
      add({Rule::Broadcast, a, b, "sizes", {}});
  }
  void broadcast(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
    for (size_t i = 1; i <= std::min(a.size(), b.size()); ++i)
      broadcast(a[a.size() - i], b[b.size() - i]);
  }
  void lessEqual(SymExpr a, SymExpr b, StringRef what, SymExpr unlessZero = {}) {
    if (a && b && !isProvablyAtLeast(b - a, 0))
      add({Rule::LessEqual, a, b, what, unlessZero});
  }
  /// `vector` of shape [size], or none.
  void vectorOf(Value vector, SymExpr size, StringRef what) {
    if (SymShape s = shape(vector); s.size() == 1)
      equal(s[0], size, what);
  }
  /// `value` of exactly this shape, or none.
  void exactly(Value value, ArrayRef<SymExpr> wanted, StringRef what) {
    SymShape s = shape(value);
    if (s.size() == wanted.size())
      for (auto [a, b] : llvm::zip_equal(s, wanted))
        equal(a, b, what);
  }

  void visitResult(Value result) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || type.hasStaticShape())
      return;
    SymShape sizes = local.shapeOf(result);
    for (SymExpr size : sizes)
      lessEqual(constant(0), size, "a size of its result");
    if (!type.getElementType().isIntOrFloat())
      return;
    int64_t bytes = (type.getElementTypeBitWidth() + 7) / 8;
    add({Rule::LessEqual, numElements(context, sizes), constant(maxTensorBytes / bytes),
         "the number of elements of its result", {}});
  }

  void normalized(Value input, Value parameter) {
    SymShape in = shape(input), s = shape(parameter);
    for (size_t i = 1; i <= std::min(in.size(), s.size()); ++i)
      if (!s[s.size() - i].isConstant(1))
        equal(s[s.size() - i], in[in.size() - i], "sizes of the input and its scale or bias");
  }

  /// Input [S, B, I], weights [dirs, gates, I], recurrence [dirs, gates, H].
  template <typename OpTy> void recurrent(OpTy op, int64_t gates) {
    SymShape x = shape(op.getInput()), w = shape(op.getWeights());
    if (x.size() != 3 || w.size() != 3)
      return;
    int64_t hidden = op.getHiddenSize();
    SymExpr dirs = constant(op.getDirection() == RecurrentDirection::bidirectional ? 2 : 1);
    exactly(op.getWeights(), {dirs, constant(gates * hidden), x[2]}, "input sizes and weights");
    exactly(op.getRecurrence(), {dirs, constant(gates * hidden), constant(hidden)},
            "hidden sizes and weights");
    exactly(op.getBias(), {dirs, constant(2 * gates * hidden)}, "bias sizes");
    exactly(op.getSequenceLengths(), {x[1]}, "batch sizes of the sequence lengths and the input");
    exactly(op.getInitialH(), {dirs, x[1], constant(hidden)}, "sizes of the initial state");
    if constexpr (std::is_same_v<OpTy, LstmOp>) {
      exactly(op.getInitialC(), {dirs, x[1], constant(hidden)}, "sizes of the initial cell");
      exactly(op.getPeepholes(), {dirs, constant(3 * hidden)}, "sizes of the peepholes");
    }
  }

  void visit(Operation *op);

  ShapeAnalysis local;
  MLIRContext *context;
};

void KernelRules::visit(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
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
        broadcast(shape(b.getInput()), shape(b.getResult()));
      })
      .Case<ConvOp>([&](ConvOp conv) {
        SymShape in = shape(conv.getInput()), filter = shape(conv.getFilter());
        if (in.size() < 3 || filter.size() < 3)
          return;
        int64_t groups = conv.getGroups();
        equal(in[1], filter[1] * groups, "channels of the input and of the filter");
        equal(filter[0].mod(constant(groups)), constant(0), "channels outside of the groups");
        vectorOf(conv.getBias(), filter[0], "lengths of the bias and of the filter");
      })
      .Case<ConvTransposeOp>([&](ConvTransposeOp conv) {
        SymShape in = shape(conv.getInput()), filter = shape(conv.getFilter());
        if (in.size() < 3 || filter.size() < 3)
          return;
        int64_t groups = conv.getGroups();
        equal(in[1], filter[0], "channels of the input and of the filter");
        equal(in[1].mod(constant(groups)), constant(0), "channels outside of the groups");
        vectorOf(conv.getBias(), filter[1] * groups, "lengths of the bias and of the filter");
      })
      .Case<BatchNormOp>([&](BatchNormOp norm) {
        SymShape in = shape(norm.getInput());
        for (Value v : {norm.getScale(), norm.getBias(), norm.getMean(), norm.getVariance()})
          vectorOf(v, in[1], "lengths of a parameter and of the channels");
      })
      .Case<GroupNormOp>([&](GroupNormOp norm) {
        SymShape in = shape(norm.getInput());
        for (Value v : {norm.getScale(), norm.getBias()})
          vectorOf(v, in[1], "lengths of a parameter and of the channels");
        if (norm.getGroups() > 0)
          equal(in[1].mod(constant(norm.getGroups())), constant(0),
                "channels outside of the groups");
      })
      .Case<LayerNormOp>([&](LayerNormOp norm) {
        normalized(norm.getInput(), norm.getScale());
        normalized(norm.getInput(), norm.getBias());
      })
      .Case<RmsNormOp>([&](RmsNormOp norm) { normalized(norm.getInput(), norm.getScale()); })
      .Case<GatherElementsOp>([&](GatherElementsOp gather) {
        SymShape data = shape(gather.getData()), indices = shape(gather.getIndices());
        for (size_t i = 0; i < std::min(data.size(), indices.size()); ++i)
          if (static_cast<int64_t>(i) != static_cast<int64_t>(gather.getAxis()))
            lessEqual(indices[i], data[i], "a size of the indices",
                      numElements(context, indices));
      })
      .Case<ScatterElementsOp>([&](ScatterElementsOp scatter) {
        SymShape data = shape(scatter.getData()), indices = shape(scatter.getIndices());
        for (size_t i = 0; i < std::min(data.size(), indices.size()); ++i)
          if (static_cast<int64_t>(i) != static_cast<int64_t>(scatter.getAxis()))
            lessEqual(indices[i], data[i], "a size of the indices",
                      numElements(context, indices));
        exactly(scatter.getUpdates(), indices, "sizes of the updates and of the indices");
      })
      .Case<GatherNdOp>([&](GatherNdOp gather) {
        SymShape data = shape(gather.getData()), indices = shape(gather.getIndices());
        for (size_t i = 0; i < static_cast<size_t>(gather.getBatchDims()) && i < data.size() &&
                           i < indices.size();
             ++i)
          equal(data[i], indices[i], "batch sizes of the data and of the indices");
      })
      .Case<ScatterNdOp>([&](ScatterNdOp scatter) {
        SymShape data = shape(scatter.getData()), indices = shape(scatter.getIndices());
        if (indices.empty())
          return;
        int64_t tuple = indices.back().getConstant().value_or(-1);
        if (tuple < 0 || tuple > static_cast<int64_t>(data.size()))
          return;
        SymShape wanted(indices.begin(), indices.end() - 1);
        wanted.append(data.begin() + tuple, data.end());
        exactly(scatter.getUpdates(), wanted, "sizes of the updates and of what they replace");
      })
      .Case<TopKOp>([&](TopKOp top) {
        SymShape in = shape(top.getInput());
        SymExpr k = mixed(local, {static_cast<int64_t>(top.getStaticK())}, top.getDynamicK())[0];
        lessEqual(constant(0), k, "the smallest k");
        lessEqual(k, in[top.getAxis()], "k");
      })
      .Case<SliceOp>([&](SliceOp slice) {
        SymShape in = shape(slice.getInput());
        auto starts = mixed(local, slice.getStaticStarts(), slice.getStarts());
        auto sizes = mixed(local, slice.getStaticSizes(), slice.getSizes());
        for (auto [i, stride] : llvm::enumerate(slice.getStrides())) {
          if (i >= in.size() || !starts[i] || !sizes[i] || sizes[i].isConstant(0))
            continue;
          SymExpr first = starts[i], last = first + (sizes[i] - 1) * stride;
          if (stride < 0)
            std::swap(first, last);
          SymExpr unless = isProvablyAtLeast(sizes[i], 1) ? SymExpr() : sizes[i];
          lessEqual(constant(0), first, "the first position of the slice", unless);
          lessEqual(last + 1, in[i], "the end of the slice", unless);
        }
      })
      .Case<PadOp>([&](PadOp pad) {
        if (pad.getMode() == PadMode::constant)
          return;
        SymShape in = shape(pad.getInput());
        SymExpr any = numElements(context, shape(pad.getResult()));
        auto low = mixed(local, pad.getStaticLow(), pad.getLow());
        auto high = mixed(local, pad.getStaticHigh(), pad.getHigh());
        for (size_t i = 0; i < in.size(); ++i)
          for (SymExpr amount : {low[i], high[i]}) {
            if (!amount || (amount.getConstant() && *amount.getConstant() <= 0))
              continue;
            if (pad.getMode() == PadMode::reflect)
              lessEqual(amount, SymExpr::max(in[i] - 1, constant(0)), "the reflected padding", any);
            else
              lessEqual(SymExpr::min(amount, constant(1)), in[i], "the padding of an empty axis",
                        any);
          }
      })
      .Case<ArgReduceOp>([&](ArgReduceOp reduce) {
        lessEqual(constant(1), shape(reduce.getInput())[reduce.getAxis()],
                  "the smallest size of the reduced axis",
                  numElements(context, shape(reduce.getResult())));
      })
      .Case<MaxPoolWithIndicesOp>([&](MaxPoolWithIndicesOp pool) {
        SymExpr any = numElements(context, shape(pool.getResult()));
        SymShape in = shape(pool.getInput());
        for (SymExpr size : ArrayRef(in).drop_front(2))
          lessEqual(constant(1), size, "the smallest size of a pooled axis", any);
      })
      .Case<ResizeOp>([&](ResizeOp resize) {
        SymExpr any = numElements(context, shape(resize.getResult()));
        for (SymExpr size : shape(resize.getInput()))
          lessEqual(constant(1), size, "the smallest size of a resized axis", any);
      })
      .Case<LstmOp>([&](LstmOp op) { recurrent(op, 4); })
      .Case<GruOp>([&](GruOp op) { recurrent(op, 3); })
      .Case<RnnOp>([&](RnnOp op) { recurrent(op, 1); })
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

class Collector {
public:
  explicit Collector(Plan &plan) : plan(plan), context(plan.getContext()) {}

  void run() {
    for (Operation &op : plan.function.getBody().front())
      if (auto reshape = dyn_cast<ReshapeOp>(op)) {
        SymExpr in = numElements(context, plan.shapes.shapeOf(reshape.getInput()));
        SymExpr out = numElements(context, plan.shapes.shapeOf(reshape.getResult()));
        emit({Rule::Equal, in, out, "numbers of elements", {}}, nodeNames(op.getLoc()));
        for (SymExpr size : plan.shapes.shapeOf(reshape.getResult()))
          negative(size, nodeNames(op.getLoc()));
      }
    for (Item &item : plan.items)
      if (item.launch)
        checkLaunch(item);
    for (const Storage &storage : plan.storages)
      if (storage.region != Place::Weight && !storage.bytes.getConstant())
        emit({Rule::LessEqual, storage.bytes, plan.constant(maxTensorBytes), "the bytes of a tensor",
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
    for (const Rule &rule : rulesOf(item.kernel)) {
      // A size that only the kernel knows cannot be checked before it runs.
      bool isKnown = true;
      for (SymExpr size : {rule.a, rule.b, rule.unlessZero})
        if (size)
          size.forEachSymbol([&](StringRef name) { isKnown &= bound.contains(name); });
      if (!isKnown)
        continue;
      SymExpr unless = rule.unlessZero ? global(rule.unlessZero) : SymExpr();
      emit({rule.kind, global(rule.a), global(rule.b), rule.what, unless}, launchNodes);
    }
    for (Value result : item.launch.getOutputs())
      for (SymExpr size : plan.shapes.shapeOf(result))
        negative(size, launchNodes);
  }

  void negative(SymExpr size, const std::string &node) {
    if (!isProvablyAtLeast(size, 0))
      add(SymExpr::select(Compare::Lt, size, plan.constant(0), plan.constant(0), plan.constant(1)),
          at(node) + "size '" + size.str() + "' of its result would be negative");
  }

  void emit(const Rule &rule, const std::string &node, const char *where = "node") {
    SymExpr one = plan.constant(1), zero = plan.constant(0);
    SymExpr condition;
    std::string message = at(node, where) + rule.what.str() + " '" + rule.a.str();
    switch (rule.kind) {
    case Rule::Equal:
      condition = SymExpr::select(Compare::Eq, rule.a, rule.b, one, zero);
      message += "' and '" + rule.b.str() + "' must be equal";
      break;
    case Rule::Broadcast:
      condition = SymExpr::select(Compare::Eq, rule.a, one, one,
                                  SymExpr::select(Compare::Eq, rule.b, one, one, zero));
      condition = SymExpr::select(Compare::Eq, rule.a, rule.b, one, condition);
      message += "' and '" + rule.b.str() + "' must be equal or 1";
      break;
    case Rule::LessEqual:
      condition = SymExpr::select(Compare::Lt, rule.b, rule.a, zero, one);
      message += "' must not exceed '" + rule.b.str() + "'";
      break;
    }
    if (rule.unlessZero)
      condition = SymExpr::select(Compare::Eq, rule.unlessZero, zero, one, condition);
    add(condition, std::move(message));
  }

  static std::string at(const std::string &node, const char *where = "node") {
    return node.empty() ? std::string() : std::string(where) + " '" + node + "': ";
  }

  void add(SymExpr condition, std::string message) {
    if (condition.isConstant(1) || !seen.insert(condition.getAttr()))
      return;
    plan.checks.push_back({condition, std::move(message)});
  }

  /// Rules of a kernel, in its local symbols.
  ArrayRef<Rule> rulesOf(KernelOp kernel) {
    auto [it, isNew] = rules.try_emplace(kernel);
    if (isNew && !kernel.isExternal())
      it->second = KernelRules(kernel).list;
    return it->second;
  }

  Plan &plan;
  MLIRContext *context;
  llvm::SetVector<Attribute> seen;
  llvm::DenseMap<Operation *, std::vector<Rule>> rules;
};

} // namespace

void plan::collectChecks(Plan &plan) { Collector(plan).run(); }
