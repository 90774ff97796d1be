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
#include "Epilogue.h"
#include "Panels.h"

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

Type elementOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getElementType(); }

LayoutAttr weightLayout(MatmulOp op) {
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  return getPanelLayout(op.getContext(), type.getRank(), panelWidth, op.getTransposeB());
}

/// Sizes of a product. Where all batch items share B, their rows are rows of
/// one product.
struct Problem {
  SymShape batch, rowDims; ///< of the result, outermost first; its columns are n
  SymExpr items, m, n, k;
  bool merged;

  Problem(MatmulOp op, ShapeAnalysis &shapes) {
    MLIRContext *context = op.getContext();
    SymShape a = shapes.shapeOf(op.getLhs()), b = shapes.shapeOf(op.getRhs()), out = shapes.shapeOf(op.getResult());
    k = a[a.size() - (op.getTransposeA() ? 2 : 1)];
    n = out.back();
    bool sharedB = llvm::all_of(ArrayRef(b).drop_back(2), [](SymExpr s) { return s.isConstant(1); });
    merged = sharedB && (!op.getTransposeA() || out.size() == 2);
    batch.assign(out.begin(), out.end() - (merged ? out.size() : 2));
    rowDims.assign(out.begin() + batch.size(), out.end() - 1);
    items = numElements(context, batch);
    m = numElements(context, rowDims);
  }
};

Form formOf(KernelOp kernel, MatmulOp op, const Problem &p, const ContractionBlocking &b,
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
int64_t unitWidth(Form form, const ContractionBlocking &b) {
  return form == Form::Weights || form == Form::Extended ? std::max(b.width(), panelWidth) : b.width();
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

class ContractionBody {
public:
  ContractionBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : k(kernel, target, module), e(k), op(cast<MatmulOp>(kernel.getHeroOp())),
        problem(op, k.shapes), blocking(ContractionBlocking::parse(kernel.getScheduleAttr().getParams())),
        element(elementOf(op.getLhs())), sum(sumType(element)), sumBytes(getElementBytes(sum)),
        micro(k, e.math, blocking, sum), form(formOf(kernel, op, problem, blocking, target)), width(blocking.width()),
        after(e, op.getResult(), problem.n, blocking.lanes, width) {
    a = k.operandPtr(cast<BlockArgument>(op.getLhs()).getArgNumber());
    b = k.operandPtr(cast<BlockArgument>(op.getRhs()).getArgNumber());
    rows = k.size(problem.m);
    columns = k.size(problem.n);
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    plain = yield.getValues().size() == 1 && yield.getValues()[0] == op.getResult() && element == sum;
    depth = k.size(problem.k);
    park = k.threadScratch();
    wide = k.bytePtr(park, k.index(parkBytes(blocking, sumBytes)));
    wideStride = k.size(wideRow(problem.k, blocking));
  }

  LogicalResult run() {
    int64_t groupWidth = unitWidth(form, blocking);
    Value groups = k.size(problem.n.ceilDiv(groupWidth)), parts = k.size(partsOfRows());
    Value units = k.mul(k.mul(k.size(problem.items), groups), parts);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      Value part = k.rem(unit, parts), rest = k.floorDiv(unit, parts);
      Value column = k.mul(k.rem(rest, groups), groupWidth);
      item = e.delinearize(k.floorDiv(rest, groups), valuesOf(problem.batch));
      LeftMatrix left = leftMatrix();
      Value from = k.floorDiv(k.mul(rows, part), parts), to = k.floorDiv(k.mul(rows, k.add(part, 1)), parts);
      if (form == Form::Packed && !blocking.rounds)
        pack(column, k.index(0), depth);
      else if (form == Form::Extended)
        extend(column);
      // Columns [first, first + width) of the group, if there are any.
      auto eachTile = [&](llvm::function_ref<void(Value)> body) {
        for (int64_t at = 0; at < groupWidth; at += width) {
          Value first = k.add(column, at);
          auto tiles = [&] {
            ElementAt::Scope inner(e);
            body(first);
          };
          if (at == 0 || problem.n.isMultipleOf(groupWidth))
            tiles();
          else
            k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, first, columns), tiles);
        }
      };
      if (element == sum || blocking.kc)
        return eachTile([&](Value first) { overRows(left, rightColumns(first), first, from, to); });
      // Narrow rows are extended once for all columns of the group.
      micro.overTiles(from, to, heights(), [&](Value row, int64_t height) {
        ElementAt::Scope inner(e);
        LeftMatrix tile = wideRows(left, row, height, k.index(0), depth);
        eachTile([&](Value first) { parkedTile(tile, rightColumns(first), row, height, first); });
      });
    });
    k.finish();
    return after.getResult();
  }

private:
  SymExpr partsOfRows() {
    return blocking.unitRows ? problem.m.ceilDiv(blocking.unitRows) : SymExpr::constant(k.b.getContext(), 1);
  }

  SmallVector<Value> valuesOf(ArrayRef<SymExpr> shape) {
    SmallVector<Value> values;
    for (SymExpr s : shape)
      values.push_back(k.size(s));
    return values;
  }

  /// Offset of the current batch item in an operand, given the elements of one matrix.
  Value itemOffset(Value operand, Value matrixElements) {
    SymShape shape = k.shapes.shapeOf(operand);
    ArrayRef<SymExpr> own = ArrayRef<SymExpr>(shape).drop_back(2);
    Value offset = k.index(0);
    for (size_t i = 0; i < own.size(); ++i) {
      // Aligned at the end; merged rows have no batch.
      int64_t j = static_cast<int64_t>(problem.batch.size()) + i - own.size();
      Value at = j < 0 || own[i].isConstant(1) || problem.merged ? k.index(0) : item[j];
      if (j >= 0 && !problem.merged && !own[i].getConstant() && own[i] != problem.batch[j]) {
        Value one = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(own[i]), k.index(1));
        at = arith::SelectOp::create(k.b, k.loc, one, k.index(0), at);
      }
      offset = k.add(k.mul(offset, k.size(own[i])), at);
    }
    return k.mul(offset, matrixElements);
  }

  LeftMatrix leftMatrix() {
    Value base = k.elementPtr(a, problem.merged ? k.index(0) : itemOffset(op.getLhs(), k.mul(rows, depth)), element);
    if (op.getTransposeA())
      return {base, k.index(1), rows};
    return {base, depth, k.index(1)};
  }

  /// Packs steps [begin, begin + steps) of the unit's panel of a run-time B.
  void pack(Value column, Value begin, Value steps) {
    Value base = k.elementPtr(b, itemOffset(op.getRhs(), k.mul(depth, columns)), element);
    Value valid = k.min(k.sub(columns, column), k.index(width));
    bool all = problem.n.isMultipleOf(width);
    if (op.getTransposeB()) {
      Value from = k.elementPtr(base, k.add(k.mul(column, depth), begin), element);
      micro.packPanel(element, from, steps, valid, all, k.index(1), depth, false, panel(), width);
    } else {
      Value from = k.elementPtr(base, k.add(k.mul(begin, columns), column), element);
      micro.packPanel(element, from, steps, valid, all, columns, k.index(1), true, panel(), width);
    }
  }

  /// The unit's panel of weights, in the type of the accumulators.
  void extend(Value column) {
    Value elements = k.mul(depth, panelWidth), number = k.floorDiv(column, k.index(panelWidth));
    LeftMatrix whole{k.elementPtr(weights(), k.mul(number, elements), element), k.index(0), k.index(1)};
    micro.widen(element, whole, k.index(1), k.index(0), elements, panel(), k.index(0));
  }

  /// Panels of the current batch item: [item][N / 32][K][32].
  Value weights() {
    Value elements = k.mul(k.size(problem.n.ceilDiv(panelWidth)), k.mul(depth, panelWidth));
    return k.elementPtr(b, itemOffset(op.getRhs(), elements), element);
  }

  Value panel() {
    return element == sum ? wide : k.bytePtr(wide, k.size(wideRow(problem.k, blocking) * (blocking.rows * sumBytes)));
  }

public:
  // A thread's scratch: parked accumulators, rows of a narrow A, the packed panel.

  /// Bytes of parked accumulators.
  static int64_t parkBytes(const ContractionBlocking &b, int64_t sumBytes) {
    return llvm::alignTo(std::max(b.rows, b.rowBlock) * b.width() * sumBytes, 64);
  }
  /// Elements from one extended row of A to the next: whole cache lines, and not
  /// a multiple of 4 KiB (such rows fall into the same sets of the first level).
  static SymExpr wideRow(SymExpr k, const ContractionBlocking &b) {
    SymExpr steps = b.kc ? SymExpr::constant(k.getContext(), b.kc) : k;
    return steps.ceilDiv(16) * 16 + 16;
  }

private:
  RightColumns rightColumns(Value first) {
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
      Value base = k.elementPtr(b, itemOffset(op.getRhs(), k.mul(depth, columns)), element);
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

  /// Heights that tiles of rows can have.
  SmallVector<int64_t> heights() {
    std::optional<int64_t> m = problem.m.getConstant();
    if (!m)
      return llvm::to_vector(llvm::seq_inclusive<int64_t>(1, blocking.rows));
    llvm::SetVector<int64_t> all;
    int64_t parts = blocking.unitRows ? llvm::divideCeil(*m, blocking.unitRows) : 1;
    for (int64_t p = 0; p < parts; ++p) {
      int64_t part = *m * (p + 1) / parts - *m * p / parts;
      int64_t blocks = blocking.kc ? llvm::divideCeil(part, blocking.rowBlock) : 1;
      for (int64_t i = 0; i < blocks; ++i)
        for (int64_t h : tileHeights(part * (i + 1) / blocks - part * i / blocks, blocking.rows))
          all.insert(h);
    }
    SmallVector<int64_t> sorted(all.begin(), all.end());
    llvm::sort(sorted);
    return sorted;
  }

  LeftMatrix rowsFrom(const LeftMatrix &left, Value row) {
    LeftMatrix tile = left;
    tile.ptr = k.elementPtr(left.ptr, k.mul(row, left.rowStride), element);
    return tile;
  }

  /// Rows of A for a tile and steps [begin, end) of k, extended into scratch if
  /// they are narrow.
  LeftMatrix wideRows(const LeftMatrix &left, Value row, int64_t height, Value begin, Value end) {
    LeftMatrix tile = rowsFrom(left, row);
    if (element == sum)
      return tile;
    micro.widen(element, tile, k.index(height), begin, end, wide, wideStride);
    return {k.elementPtr(wide, k.sub(k.index(0), begin), sum), wideStride, k.index(1)};
  }

  /// A tile over all of k by way of the park.
  void parkedTile(const LeftMatrix &tile, const RightColumns &right, Value row, int64_t height, Value column) {
    ElementAt::Scope scope(e);
    micro.tile(height, tile, right, k.index(0), depth, park, k.index(width), /*add=*/false);
    epilogue(row, k.index(height), column);
  }

  void overRows(const LeftMatrix &left, const RightColumns &right, Value column, Value from, Value to) {
    Value stride = k.index(width);
    if (!blocking.kc) {
      micro.overTiles(from, to, heights(), [&](Value row, int64_t height) {
        auto parked = [&] { parkedTile(rowsFrom(left, row), right, row, height, column); };
        auto direct = [&] {
          Value at0 = k.add(k.mul(k.add(k.mul(e.linearize(item, valuesOf(problem.batch)), rows), row), columns), column);
          Value out = k.elementPtr(k.resultPtr(0), at0, sum);
          micro.tile(height, rowsFrom(left, row), right, k.index(0), depth, out, columns, /*add=*/false);
        };
        if (!plain)
          return parked();
        if (problem.n.isMultipleOf(width))
          return direct();
        Value full = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle, k.add(column, width), columns);
        k.ifThen(full, direct, parked);
      });
      return;
    }
    // Blocks of k inside blocks of rows, the sums going on in the park.
    Value count = k.sub(to, from);
    Value blocks = k.floorDiv(k.add(count, blocking.rowBlock - 1), k.index(blocking.rowBlock));
    k.forLoop(k.index(0), blocks, 1, [&](Value block) {
      Value first = k.add(from, k.floorDiv(k.mul(count, block), blocks));
      Value last = k.add(from, k.floorDiv(k.mul(count, k.add(block, 1)), blocks));
      Value zero = k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sum)), blocking.lanes);
      k.forLoop(k.index(0), k.mul(k.sub(last, first), width), blocking.lanes,
                [&](Value i) { k.store(zero, park, i); });
      k.forLoop(k.index(0), depth, blocking.kc, [&](Value step) {
        Value until = k.min(k.add(step, blocking.kc), depth);
        RightColumns part = right;
        if (blocking.rounds) {
          pack(column, step, k.sub(until, step));
          for (Value &ptr : part.ptr)
            ptr = k.elementPtr(ptr, k.sub(k.index(0), k.mul(step, width)), sum);
        }
        micro.overTiles(first, last, heights(), [&](Value row, int64_t height) {
          Value out = k.elementPtr(park, k.mul(k.sub(row, first), width), sum);
          micro.tile(height, wideRows(left, row, height, step, until), part, step, until, out, stride, /*add=*/true);
        });
      });
      epilogue(first, k.sub(last, first), column);
    });
  }

  //--- from the park to the result ----------------------------------------//

  void epilogue(Value firstRow, Value count, Value column) {
    ElementAt::Scope scope(e);
    // Coordinates of the first row; later ones by counting up.
    SmallVector<Value> sizes = valuesOf(problem.rowDims);
    SmallVector<Value> row = coordinates(firstRow, sizes);
    k.forLoop(k.index(0), count, 1, row, [&](Value i, ValueRange at) {
      ElementAt::Scope inner(e);
      SmallVector<Value> here(at);
      Value offset = k.mul(i, width);
      SmallVector<Value> place(item);
      place.append(here);
      after.storeRow(place, column, [&](Value c, int64_t lanes) {
        return k.load(park, k.add(offset, c), sum, lanes);
      });
      return nextRow(here, sizes);
    });
  }

  /// As delinearize, but sizes of 1 cost nothing.
  SmallVector<Value> coordinates(Value linear, ArrayRef<Value> sizes) {
    SmallVector<Value> at(sizes.size(), k.index(0)), some, where;
    SmallVector<size_t> axes;
    for (size_t i = 0; i < sizes.size(); ++i)
      if (!problem.rowDims[i].isConstant(1)) {
        axes.push_back(i);
        some.push_back(sizes[i]);
      }
    for (auto [axis, v] : llvm::zip_equal(axes, e.delinearize(linear, some)))
      at[axis] = v;
    return at;
  }

  SmallVector<Value> nextRow(ArrayRef<Value> row, ArrayRef<Value> sizes) {
    SmallVector<Value> next(row);
    Value carry = k.index(1);
    for (size_t i = sizes.size(); i-- > 0;) {
      if (problem.rowDims[i].isConstant(1))
        continue;
      Value up = k.add(row[i], carry);
      if (i == 0) {
        next[i] = up;
        break;
      }
      Value over = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, up, sizes[i]);
      next[i] = arith::SelectOp::create(k.b, k.loc, over, k.index(0), up);
      carry = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), over);
    }
    return next;
  }

  KernelBuilder k;
  ElementAt e;
  MatmulOp op;
  Problem problem;
  ContractionBlocking blocking;
  Type element, sum; ///< of the factors, and of the accumulators
  int64_t sumBytes;
  MicroKernel micro;
  Form form;
  int64_t width;
  Epilogue after;
  bool plain = false; ///< nothing follows the product: tiles go straight to the result
  Value a, b, rows, columns, depth, park, wide, wideStride;
  SmallVector<Value> item; ///< coordinates of the current batch item
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
    Builder builder(context);
    ShapeAnalysis shapes(kernel);
    Problem p(op, shapes);
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

    SmallVector<NamedAttribute> params;
    blocking.print(context, params);
    params.push_back(builder.getNamedAttr("form", builder.getStringAttr(formNames[static_cast<int>(form)])));
    SymExpr zero = SymExpr::constant(context, 0);
    SymExpr scratch = SymExpr::constant(context, ContractionBody::parkBytes(blocking, sizes.sumBytes));
    if (element != sum)
      scratch = scratch + ContractionBody::wideRow(p.k, blocking) * (blocking.rows * sizes.sumBytes);
    if (form == Form::Packed)
      scratch = scratch + (blocking.rounds ? SymExpr::constant(context, blocking.kc) : p.k) *
                              (blocking.width() * sizes.sumBytes);
    if (form == Form::Extended)
      scratch = scratch + p.k * (panelWidth * sizes.sumBytes);
    SymExpr units = p.items * p.n.ceilDiv(unitWidth(form, blocking));
    if (blocking.unitRows)
      units = units * p.m.ceilDiv(blocking.unitRows);
    return ScheduleAttr::get(context, name(), 1, zero.getAttr(), scratch.getAttr(), Epilogue::overwritable(kernel), {}, {},
                             {}, units.getAttr(), {}, builder.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    return ContractionBody(kernel, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createContractionEmitter() { return std::make_unique<ContractionEmitter>(); }
