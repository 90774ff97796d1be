//===- ChooseLayouts.cpp - Memory layouts of activations and weights ------===//
//
// Heroes whose emitter wishes layouts get `mlopt.relayout` around them; then
// islands grow: operations that can work in a blocked layout take it over from
// their operands, and a relayout that undoes another disappears. What is left
// stands at the islands' borders and on parameters, where it is packing. At last
// what reads a packed parameter row by row takes it packed, where it can.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// Marks the layout in which an operation writes its result.
constexpr StringLiteral resultLayout = "mlopt.result_layout";

class LayoutChooser {
public:
  LayoutChooser(func::FuncOp function, const EmitterList &emitters, const TargetDescription &target)
      : function(function), emitters(emitters), target(target), shapes(function) {}

  void run() {
    SmallVector<Operation *> order;
    for (Operation &op : function.getBody().front())
      order.push_back(&op);
    for (Operation *op : order)
      grantWish(op);
    // Program order: an operation sees its operands' islands.
    order.clear();
    for (Operation &op : function.getBody().front())
      order.push_back(&op);
    for (Operation *op : order)
      if (!op->hasAttr(resultLayout) && !isa<RelayoutOp>(op))
        joinIsland(op);
    cancel();
    shareConstants();
  }

private:
  /// Asks the emitters about a hero and puts relayouts around it.
  void grantWish(Operation *op) {
    if (classify(op) != OpRole::Hero)
      return;
    // Small weights are constants: they are packed as parameters are.
    auto isParameter = [&](unsigned i) {
      return i < op->getNumOperands() &&
             isa_and_nonnull<GetParameterOp, ConstantOp>(op->getOperand(i).getDefiningOp());
    };
    for (const std::unique_ptr<KernelEmitter> &emitter : emitters) {
      std::optional<LayoutWish> wish = emitter->wishLayouts(op, isParameter, target);
      if (!wish)
        continue;
      OpBuilder builder(op);
      for (auto [i, layout] : llvm::enumerate(wish->operands))
        if (layout)
          op->setOperand(i, RelayoutOp::create(builder, op->getLoc(), op->getOperand(i), layout));
      if (wish->result)
        leaveIsland(op, wish->result);
      return;
    }
  }

  /// The result is written in `layout`; users see it row-major.
  void leaveIsland(Operation *op, LayoutAttr layout) {
    op->setAttr(resultLayout, layout);
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    Value result = op->getResult(0);
    auto back = RelayoutOp::create(builder, op->getLoc(), result, LayoutAttr());
    result.replaceAllUsesExcept(back, back);
  }

  /// The value inside its island if `v` is one seen from outside.
  Value insideOf(Value v, LayoutAttr *layout) {
    auto relayout = v.getDefiningOp<RelayoutOp>();
    if (!relayout || relayout.getLayoutAttr())
      return {};
    Operation *maker = relayout.getInput().getDefiningOp();
    auto attr = maker ? maker->getAttrOfType<LayoutAttr>(resultLayout) : LayoutAttr();
    if (!attr)
      return {};
    *layout = attr;
    return relayout.getInput();
  }

  /// Lets an operation with operands in one island work inside it.
  void joinIsland(Operation *op) {
    if (op->getNumResults() != 1 || !isa<RankedTensorType>(op->getResult(0).getType()))
      return;
    LayoutAttr layout;
    SmallVector<std::pair<unsigned, Value>> inside;
    for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
      LayoutAttr here;
      Value v = insideOf(operand, &here);
      if (!v)
        continue;
      if (layout && here != layout && !isa<ConcatOp>(op))
        return;
      layout = here;
      inside.push_back({static_cast<unsigned>(i), v});
    }
    if (!layout)
      return;
    SymShape result = shapes.shapeOf(op->getResult(0));
    OpBuilder builder(op);
    if (op->hasTrait<mlopt::OpTrait::Elementwise>()) {
      // Full-sized operands from outside would need a reorder of their own:
      // worth it only beside a full-sized one that is inside already.
      bool fullInside = llvm::any_of(inside, [&](auto &p) { return shapes.shapeOf(p.second) == result; });
      if (!fullInside)
        return;
      for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
        bool known = llvm::any_of(inside, [&, i = i](auto &p) { return p.first == i; });
        if (!known && shapes.shapeOf(operand) == result && !operand.getDefiningOp<ConstantOp>())
          op->setOperand(i, RelayoutOp::create(builder, op->getLoc(), operand, layout));
      }
      enter(op, inside, layout);
      return;
    }
    llvm::TypeSwitch<Operation *>(op)
        .Case<PoolOp>([&](PoolOp) { enter(op, inside, layout); })
        .Case<ReduceOp>([&](ReduceOp reduce) {
          // The channels stay where they are: sums over samples too leave one element of each,
          // which lie in a row.
          ArrayRef<int64_t> axes = reduce.getAxes();
          bool spatial = llvm::all_of(axes, [](int64_t a) { return a >= 2; });
          bool perChannel = axes.size() + 1 == shapes.shapeOf(reduce.getInput()).size() &&
                            !llvm::is_contained(axes, 1);
          if (!spatial && !perChannel)
            return;
          // Nobody reads blocks where all that follows is another shape.
          bool reshaped = target.gpu && llvm::all_of(op->getUsers(), [](Operation *user) {
                            return isa<ReshapeOp>(user);
                          });
          if (spatial && reduce.getKeepdims() && !reshaped)
            enter(op, inside, layout);
          else
            op->setOperand(inside[0].first, inside[0].second);
        })
        // Reading through the layout saves the reorder; lanes stay in a block.
        .Case<TransposeOp>([&](TransposeOp) { op->setOperand(inside[0].first, inside[0].second); })
        .Case<ConcatOp>([&](ConcatOp concat) {
          // Whole blocks of every operand, and all of them inside.
          if (concat.getAxis() != 1 || inside.size() != op->getNumOperands())
            return;
          bool channelsLast = target.gpu && isChannelsLast(inside);
          int64_t block = channelsLast ? 8 : getPhysicalDims(layout).back().modulus;
          for (Value v : op->getOperands())
            if (!shapes.shapeOf(v)[1].isMultipleOf(block))
              return;
          // The one block of all channels has grown.
          if (channelsLast)
            enter(op, inside,
                  getChannelsLastLayout(op->getContext(), result.size(), *result[1].getConstant()));
          else if (llvm::all_of(inside, [&](auto &p) { return layoutOf(p.second) == layout; }))
            enter(op, inside, layout);
        });
  }

  static LayoutAttr layoutOf(Value v) {
    return v.getDefiningOp()->getAttrOfType<LayoutAttr>(resultLayout);
  }

  /// Whether each value has all its channels in one block.
  bool isChannelsLast(ArrayRef<std::pair<unsigned, Value>> inside) {
    return llvm::all_of(inside, [&](auto &p) {
      SymShape shape = shapes.shapeOf(p.second);
      std::optional<int64_t> channels = shape.size() > 1 ? shape[1].getConstant() : std::nullopt;
      return channels && layoutOf(p.second) == getChannelsLastLayout(function.getContext(),
                                                                     shape.size(), *channels);
    });
  }

  void enter(Operation *op, ArrayRef<std::pair<unsigned, Value>> inside, LayoutAttr layout) {
    for (auto &[i, v] : inside)
      op->setOperand(i, v);
    leaveIsland(op, layout);
  }

  /// Whether an operation that reads a relayout's operand could as well read its result: the relayout itself,
  /// and elementwise operations in that layout.
  static bool readsWithin(Operation *user, RelayoutOp relayout) {
    return user == relayout || (user->hasTrait<mlopt::OpTrait::Elementwise>() &&
                                user->getAttrOfType<LayoutAttr>(resultLayout) == relayout.getLayoutAttr());
  }

  /// relayout to L of a value that is in L already; relayouts nobody uses.
  void cancel() {
    SmallVector<RelayoutOp> relayouts;
    function.walk([&](RelayoutOp op) { relayouts.push_back(op); });
    for (RelayoutOp op : relayouts) {
      LayoutAttr layout;
      Value v = insideOf(op.getInput(), &layout);
      if (v && op.getLayoutAttr() == layout)
        op.getResult().replaceAllUsesWith(v);
    }
    // A value that is needed in L only is written in L by its maker.
    for (RelayoutOp op : relayouts) {
      Operation *maker = op.getInput().getDefiningOp();
      if (op.getResult().use_empty() || !op.getLayoutAttr() || !maker || maker->hasAttr(resultLayout) ||
          !llvm::all_of(op.getInput().getUsers(), [&](Operation *user) { return readsWithin(user, op); }) ||
          !(isa<TransposeOp>(maker) || maker->hasTrait<mlopt::OpTrait::Elementwise>()))
        continue;
      maker->setAttr(resultLayout, op.getLayoutAttr());
      op.getResult().replaceAllUsesWith(op.getInput());
    }
    // One reorder serves all users of a value.
    llvm::MapVector<std::pair<Value, Attribute>, RelayoutOp> first;
    for (RelayoutOp op : relayouts) {
      if (op.getResult().use_empty())
        continue;
      auto [it, inserted] = first.try_emplace({op.getInput(), op.getLayoutAttr()}, op);
      if (!inserted && it->second->isBeforeInBlock(op))
        op.getResult().replaceAllUsesWith(it->second.getResult());
    }
    for (RelayoutOp op : llvm::reverse(relayouts))
      if (op.getResult().use_empty())
        op.erase();
  }

  /// A constant that is packed for one operation and read row by row by others
  /// would be stored twice: the others read the packed form where all of them can.
  void shareConstants() {
    struct Uses {
      SmallVector<LayoutAttr> packed;
      SmallVector<OpOperand *> plain;
    };
    llvm::MapVector<Attribute, Uses> constants;
    for (Operation &op : function.getBody().front()) {
      Attribute what;
      if (auto get = dyn_cast<GetParameterOp>(op))
        what = get.getNameAttr();
      else if (auto constant = dyn_cast<ConstantOp>(op))
        what = constant.getValue();
      else
        continue;
      Uses &uses = constants[what];
      for (OpOperand &use : op.getUses()) {
        auto relayout = dyn_cast<RelayoutOp>(use.getOwner());
        if (relayout && relayout.getLayoutAttr())
          uses.packed.push_back(relayout.getLayoutAttr());
        else
          uses.plain.push_back(&use);
      }
    }
    for (auto &[what, uses] : constants) {
      if (uses.plain.empty())
        continue;
      auto readable = [&](LayoutAttr layout) {
        return llvm::all_of(uses.plain, [&](OpOperand *use) {
          return llvm::any_of(emitters, [&](const std::unique_ptr<KernelEmitter> &emitter) {
            return emitter->readsLayout(use->getOwner(), use->getOperandNumber(), layout);
          });
        });
      };
      auto layout = llvm::find_if(uses.packed, readable);
      if (layout == uses.packed.end())
        continue;
      for (OpOperand *use : uses.plain) {
        OpBuilder builder(use->getOwner());
        use->set(RelayoutOp::create(builder, use->get().getLoc(), use->get(), *layout));
      }
    }
  }

  func::FuncOp function;
  const EmitterList &emitters;
  const TargetDescription &target;
  ShapeAnalysis shapes;
};

struct ChooseLayoutsPass : PassWrapper<ChooseLayoutsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ChooseLayoutsPass)
  ChooseLayoutsPass(const EmitterList &emitters, const TargetDescription &target)
      : emitters(emitters), target(target) {}
  StringRef getArgument() const override { return "mlopt-choose-layouts"; }
  StringRef getDescription() const override {
    return "Choose memory layouts of activations and weights as the emitters wish";
  }
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      LayoutChooser(function, emitters, target).run();
  }
  const EmitterList &emitters;
  const TargetDescription &target;
};

} // namespace

std::unique_ptr<Pass> mlopt::createChooseLayoutsPass(const EmitterList &emitters,
                                                     const TargetDescription &target) {
  return std::make_unique<ChooseLayoutsPass>(emitters, target);
}
