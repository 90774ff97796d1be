//===- ContractionEmitter.cpp - Matrix products ---------------------------===//
//
// A unit of work is a group of columns (of one batch item, of some rows where
// there are few columns). Its rows are walked in balanced tiles; a tile's
// accumulators live in SSA values over the whole loop on k, are parked in a
// buffer of a few KiB, and what follows the product in the kernel is applied on
// the way from there to the result: one epilogue for all heights of tiles.
// No sum is divided among threads, and each adds its terms in ascending order.
// f16 and bf16 are summed in f32: constants stay narrow in memory and are
// extended where they are loaded, run-time factors on their way into scratch.
//
//===----------------------------------------------------------------------===//
#include "ContractionEmitter.h"
#include "Panels.h"
#include "ProductBody.h"

using namespace mlir;
using namespace mlopt;

namespace {

enum class Form {
  Weights,  ///< B in panels, packed when compiling
  Extended, ///< narrow B in panels, each extended into scratch
  Packed,   ///< B packed into scratch, panel by panel
  Direct    ///< B read where it lies: one tile of rows
};
constexpr StringLiteral formNames[] = {"weights", "extended", "packed", "direct"};

ProductValues productOf(MatmulOp op) {
  return {op.getResult(), op.getLhs(), op.getRhs(), op.getTransposeA(), op.getTransposeB()};
}

LayoutAttr weightLayout(MatmulOp op) {
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  return getPanelLayout(op.getContext(), type.getRank(), panelWidth, op.getTransposeB());
}

Form formOf(KernelOp kernel, MatmulOp op, const ProductSizes &p, const ContractionBlocking &b,
            const TargetDescription &target) {
  std::optional<int64_t> m = p.m.getConstant();
  if (layoutAt(kernel, cast<BlockArgument>(op.getRhs()).getArgNumber())) {
    // A panel that several tiles of rows read is extended once. Of how many rows
    // there are at run time is not known: one would make it a second trip through
    // memory, unless the extension takes many instructions.
    Type element = elementOf(op.getRhs());
    bool slow = element.isF16() && !target.hasF16C;
    bool several = m ? *m > (slow ? 1 : 2) * b.rows : slow;
    return element != sumType(element) && several && b.width() <= panelWidth ? Form::Extended : Form::Weights;
  }
  bool wholeVectors = p.n.isMultipleOf(b.width());
  return m && *m <= b.rows && !op.getTransposeB() && (target.hasMasks || wholeVectors) ? Form::Direct : Form::Packed;
}

/// Columns of a unit.
int64_t groupWidth(Form form, const ContractionBlocking &b) {
  return form == Form::Weights || form == Form::Extended ? std::max(b.width(), panelWidth) : b.width();
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

class ContractionBody : public ProductBody {
public:
  ContractionBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : ContractionBody(kernel, cast<MatmulOp>(kernel.getHeroOp()), target, module) {}
  ContractionBody(KernelOp kernel, MatmulOp op, const TargetDescription &target, ModuleOp module)
      : ProductBody(kernel, productOf(op), target, module, sumType(elementOf(op.getLhs())), 1),
        tiles(k, e.math, blocking, sum), form(formOf(kernel, op, problem, blocking, target)) {
    wide = k.bytePtr(park, k.index(parkBytes(blocking, sumBytes)));
    wideStride = k.size(wideRow(problem.k, blocking));
  }

  // A thread's scratch: parked accumulators, rows of a narrow A, the packed panel.

  /// Elements from one extended row of A to the next: whole cache lines, and not
  /// a multiple of 4 KiB (such rows fall into the same sets of the first level).
  static SymExpr wideRow(SymExpr k, const ContractionBlocking &b) {
    SymExpr steps = b.kc ? SymExpr::constant(k.getContext(), b.kc) : k;
    return steps.ceilDiv(16) * 16 + 16;
  }

private:
  MicroKernel &micro() override { return tiles; }
  int64_t unitWidth() const override { return groupWidth(form, blocking); }
  bool preparesRows() const override { return element != sum; }

  LeftMatrix leftMatrix() override {
    Value base = k.elementPtr(a, problem.merged ? k.index(0) : itemOffset(values.lhs, k.mul(rows, depth)), element);
    if (values.transposeA)
      return {base, k.index(1), rows};
    return {base, depth, k.index(1)};
  }

  void beginUnit(Value column) override {
    if (form == Form::Packed && !blocking.rounds)
      pack(column, k.index(0), depth);
    else if (form == Form::Extended)
      extend(column);
  }

  void pack(Value column, Value begin, Value steps) override {
    Value base = k.elementPtr(b, itemOffset(values.rhs, k.mul(depth, columns)), element);
    Value valid = k.min(k.sub(columns, column), k.index(width));
    bool all = problem.n.isMultipleOf(width);
    if (values.transposeB) {
      Value from = k.elementPtr(base, k.add(k.mul(column, depth), begin), element);
      micro().packPanel(element, from, steps, valid, all, k.index(1), depth, false, panel(), width);
    } else {
      Value from = k.elementPtr(base, k.add(k.mul(begin, columns), column), element);
      micro().packPanel(element, from, steps, valid, all, columns, k.index(1), true, panel(), width);
    }
  }

  /// The unit's panel of weights, in the type of the accumulators.
  void extend(Value column) {
    Value elements = k.mul(depth, panelWidth), number = k.floorDiv(column, k.index(panelWidth));
    LeftMatrix whole{k.elementPtr(weights(), k.mul(number, elements), element), k.index(0), k.index(1)};
    micro().widen(element, whole, k.index(1), k.index(0), elements, panel(), k.index(0));
  }

  /// Panels of the current batch item: [item][N / 32][K][32].
  Value weights() {
    Value elements = k.mul(k.size(problem.n.ceilDiv(panelWidth)), k.mul(depth, panelWidth));
    return k.elementPtr(b, itemOffset(values.rhs, elements), element);
  }

  Value panel() {
    return element == sum ? wide : k.bytePtr(wide, k.size(wideRow(problem.k, blocking) * (blocking.rows * sumBytes)));
  }

  RightColumns rightColumns(Value first) override {
    RightColumns right;
    int64_t lanes = blocking.lanes;
    right.element = form == Form::Packed || form == Form::Extended ? sum : element;
    right.prefetchBytes = blocking.prefetchBytes;
    for (int64_t v = 0; v < blocking.vectors; ++v)
      right.offset.push_back(v * lanes);
    switch (form) {
    case Form::Packed:
      right.ptr.assign(blocking.vectors, panel());
      right.stepStride = k.index(width);
      return right;
    case Form::Extended:
      right.ptr.assign(blocking.vectors, k.elementPtr(panel(), k.rem(first, k.index(panelWidth)), sum));
      right.stepStride = k.index(panelWidth);
      right.prefetchBytes = 0;
      return right;
    case Form::Direct: {
      Value base = k.elementPtr(b, itemOffset(values.rhs, k.mul(depth, columns)), element);
      right.ptr.assign(blocking.vectors, k.elementPtr(base, first, element));
      right.stepStride = columns;
      if (!problem.n.isMultipleOf(width))
        for (int64_t v = 0; v < blocking.vectors; ++v)
          right.limit.push_back(lanesLeft(first, v));
      return right;
    }
    case Form::Weights:
      break;
    }
    return panelColumns(k, blocking, element, weights(), problem.n, depth, first);
  }

  Value lanesLeft(Value first, int64_t v) {
    Value left = k.sub(columns, k.add(first, v * blocking.lanes));
    return k.max(k.index(0), k.min(left, k.index(blocking.lanes)));
  }

  /// Narrow rows are extended into scratch.
  LeftMatrix tileRows(const LeftMatrix &left, Value row, int64_t height, Value begin, Value end) override {
    LeftMatrix tile = rowsFrom(left, row);
    if (element == sum)
      return tile;
    micro().widen(element, tile, k.index(height), begin, end, wide, wideStride);
    return {k.elementPtr(wide, k.sub(k.index(0), begin), sum), wideStride, k.index(1)};
  }

  MicroKernel tiles;
  Form form;
  Value wide, wideStride;
};

//===----------------------------------------------------------------------===//
// The emitter
//===----------------------------------------------------------------------===//

class ContractionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "contraction"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero, llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<MatmulOp>(hero);
    if (!op || !sumType(elementOf(op.getLhs())) || !isParameter(1))
      return std::nullopt;
    LayoutWish wish;
    wish.operands = {LayoutAttr(), weightLayout(op)};
    return wish;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<MatmulOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no matrix product";
      return false;
    }
    if (!sumType(elementOf(op.getLhs()))) {
      reason = "expects f32, f64, f16 or bf16 operands";
      return false;
    }
    auto a = dyn_cast<BlockArgument>(op.getLhs()), b = dyn_cast<BlockArgument>(op.getRhs());
    if (!a || !b) {
      reason = "expects both factors to be operands of the kernel";
      return false;
    }
    Attribute layout = layoutAt(kernel, b.getArgNumber());
    if (layoutAt(kernel, a.getArgNumber()) || (layout && layout != Attribute(weightLayout(op)))) {
      reason = "expects a row-major first factor and a row-major or panel-packed second one";
      return false;
    }
    return Epilogue::suits(kernel, reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    auto op = cast<MatmulOp>(kernel.getHeroOp());
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    ProductSizes p(productOf(op), shapes);
    ContractionSizes sizes{p.m.getConstant(), p.n.getConstant(), p.k.getConstant()};
    if (layoutAt(kernel, cast<BlockArgument>(op.getRhs()).getArgNumber()))
      sizes.panelWidth = panelWidth;
    Type element = elementOf(op.getLhs()), sum = sumType(element);
    sizes.sumBytes = getElementBytes(sum);
    sizes.rightBytes = getElementBytes(element);
    ContractionBlocking blocking = chooseBlocking(sizes, target);
    Form form = formOf(kernel, op, p, blocking, target);
    if (form == Form::Packed)
      choosePackedBlocking(blocking, sizes, target);

    SymExpr scratch = SymExpr::constant(context, ContractionBody::parkBytes(blocking, sizes.sumBytes));
    if (element != sum)
      scratch = scratch + ContractionBody::wideRow(p.k, blocking) * (blocking.rows * sizes.sumBytes);
    if (form == Form::Packed)
      scratch = scratch + (blocking.rounds ? SymExpr::constant(context, blocking.kc) : p.k) *
                              (blocking.width() * sizes.sumBytes);
    if (form == Form::Extended)
      scratch = scratch + p.k * (panelWidth * sizes.sumBytes);
    return productSchedule(kernel, name(), p, blocking, formNames[static_cast<int>(form)], groupWidth(form, blocking),
                           scratch);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    return ContractionBody(kernel, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createContractionEmitter() { return std::make_unique<ContractionEmitter>(); }
