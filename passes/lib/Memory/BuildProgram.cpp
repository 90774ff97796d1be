//===- BuildProgram.cpp - The plan as an mlrt.program ---------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

class ProgramBuilder {
public:
  explicit ProgramBuilder(Plan &plan) : plan(plan), b(plan.getContext()) {}

  void run() {
    b.setInsertionPoint(plan.function);
    auto program = rt::ProgramOp::create(b, plan.function.getLoc(), plan.function.getSymNameAttr(),
                                         array(plan.symbols), array(plan.inputs),
                                         array(plan.outputs), StringAttr());
    b.createBlock(&program.getBody());
    Location loc = program.getLoc();
    for (const Check &check : plan.checks)
      rt::CheckOp::create(b, loc, check.condition.getAttr(), b.getStringAttr(check.message));
    for (const Item &item : plan.items)
      for (unsigned id : llvm::concat<const unsigned>(item.ins, item.outs))
        if (SymExpr shift = plan.shiftOf(id); !shift.isConstant(0))
          shifts[id] = plan.name(shift, "p");
    for (auto &[name, value] : plan.steps)
      rt::StepOp::create(b, loc, b.getStringAttr(name), value.getAttr());
    for (auto [number, item] : llvm::enumerate(plan.items))
      build(item, number);
    rt::ReturnOp::create(b, loc, plan.arenaBytes.getAttr(), plan.lowerBound.getAttr(),
                         usefulThreads(plan).getAttr());
    plan.function.erase();
  }

private:
  template <typename AttrTy> ArrayAttr array(const SmallVector<AttrTy> &list) {
    return b.getArrayAttr(SmallVector<Attribute>(list.begin(), list.end()));
  }

  ArrayAttr sizes(ArrayRef<SymExpr> list) {
    return b.getArrayAttr(
        llvm::map_to_vector(list, [](SymExpr e) { return Attribute(e.getAttr()); }));
  }

  /// The buffer of a storage, made where it is first used.
  Value buffer(unsigned id) {
    Value whole = rootBuffer(plan.find(id));
    SymExpr shift = shifts.lookup(id);
    if (!shift)
      return whole;
    Value &value = pieces[{whole, shift.getAttr()}];
    if (!value)
      value = rt::PieceOp::create(b, b.getUnknownLoc(), whole.getType(), whole, shift.getAttr());
    return value;
  }

  Value rootBuffer(unsigned root) {
    Value &value = buffers[root];
    if (value)
      return value;
    const Storage &s = plan.storages[root];
    Location loc = b.getUnknownLoc();
    Type type = rt::BufferType::get(b.getContext());
    switch (s.region) {
    case Place::Input:
      return value = rt::InputOp::create(b, loc, type, b.getI64IntegerAttr(s.index));
    case Place::Output:
      return value = rt::OutputOp::create(b, loc, type, b.getI64IntegerAttr(s.index));
    case Place::Weight:
      return value = rt::WeightOp::create(
                 b, loc, type,
                 s.parameter ? FlatSymbolRefAttr::get(s.parameter) : FlatSymbolRefAttr(),
                 s.constant, s.layout, b.getI64IntegerAttr(s.bytes.getConstant().value_or(0)),
                 IntegerAttr());
    case Place::Arena:
      break;
    }
    return value = rt::ArenaOp::create(b, loc, type, s.offset.getAttr(), s.rounded.getAttr(),
                                       b.getDenseI64ArrayAttr({s.first, s.last}),
                                       s.name.empty() ? StringAttr() : b.getStringAttr(s.name),
                                       s.scratch ? b.getUnitAttr() : UnitAttr());
  }

  void build(Item &item, int64_t number) {
    SmallVector<Value> ins, outs;
    for (unsigned id : item.ins)
      ins.push_back(buffer(id));
    for (unsigned id : item.outs)
      outs.push_back(buffer(id));
    Value scratch = item.scratch ? buffer(*item.scratch) : Value();
    if (item.barrierBefore)
      rt::BarrierOp::create(b, item.loc);
    std::string names = nodeNames(item.loc);
    StringAttr nodes = names.empty() ? StringAttr() : b.getStringAttr(names);
    IntegerAttr numberAttr = b.getI64IntegerAttr(number);
    auto own = b.getDenseI64ArrayAttr(item.afterOwn), all = b.getDenseI64ArrayAttr(item.afterAll);
    if (item.launch)
      rt::LaunchOp::create(b, item.loc, numberAttr,
                           FlatSymbolRefAttr::get(item.kernel.getSymNameAttr()), ins, outs, scratch,
                           sizes(item.sizes), sizes(item.strides), own, all, nodes);
    else
      rt::CopyOp::create(b, item.loc, numberAttr, ins[0], outs[0],
                         plan.storages[item.ins[0]].bytes.getAttr(), own, all, nodes);
  }

  Plan &plan;
  OpBuilder b;
  llvm::DenseMap<unsigned, SymExpr> shifts; ///< of storages inside of another one
  llvm::DenseMap<unsigned, Value> buffers;  ///< of roots
  llvm::DenseMap<std::pair<Value, Attribute>, Value> pieces;
};

} // namespace

void plan::buildProgram(Plan &plan) { ProgramBuilder(plan).run(); }
