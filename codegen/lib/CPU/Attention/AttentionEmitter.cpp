//===- AttentionEmitter.cpp - Attention -----------------------------------===//
//
// A unit of work is one head of one batch item (and some of its queries where
// there are few heads). Its keys and values are packed into panels once; then
// blocks of queries: scores by the tiles of the contraction, an exact softmax
// along the keys without its division, and the product with the values, whose
// rows are divided by their sums on the way out. Scores beyond the last key, or
// beyond what a query may see, are -inf, so that nothing after them needs masks.
//
//===----------------------------------------------------------------------===//
#include "AttentionEmitter.h"
#include "../Contraction/Epilogue.h"
#include "../Contraction/MicroKernel.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// Queries of a unit where heads alone do not keep threads busy.
constexpr int64_t queriesPerUnit = 128;
constexpr int64_t fewHeads = 8;

struct Sizes {
  SymExpr batch, heads, keyHeads, queries, keys, depth, valueDepth;

  Sizes(AttentionOp op, ShapeAnalysis &shapes) {
    auto logical = [&](Value v, unsigned which) {
      SymShape s = shapes.shapeOf(v);
      if (op.isSequenceMajor(which))
        std::swap(s[1], s[2]);
      return s;
    };
    SymShape q = logical(op.getQuery(), 0), k = logical(op.getKey(), 1), v = logical(op.getValue(), 2);
    batch = q[0];
    heads = q[1];
    queries = q[2];
    depth = q[3];
    keyHeads = k[1];
    keys = k[2];
    valueDepth = v[3];
  }
};

/// Elements from one row of scores to the next. Rows a multiple of 4 KiB apart
/// would share sets of the first-level cache: a cache line more keeps them apart.
SymExpr scoreRow(const Sizes &s, const ContractionBlocking &b) {
  return s.keys.ceilDiv(b.width()) * b.width() + 16;
}

/// A thread's scratch, in elements.
struct Scratch {
  SymExpr keyPanels, valuePanels, scores, sums, park, wide;

  Scratch(const Sizes &s, const ContractionBlocking &b, int64_t queryBlock, Type element) {
    MLIRContext *context = s.keys.getContext();
    int64_t w = b.width();
    keyPanels = s.keys.ceilDiv(w) * w * s.depth;
    valuePanels = s.valueDepth.ceilDiv(w) * w * s.keys;
    scores = scoreRow(s, b) * queryBlock;
    sums = SymExpr::constant(context, llvm::alignTo(queryBlock, 16));
    park = SymExpr::constant(context, llvm::alignTo(b.rows * w, 16));
    // A block of queries in f32, where they are narrow.
    wide = element.isF32() ? SymExpr::constant(context, 0) : wideRow(s) * queryBlock;
  }
  static SymExpr wideRow(const Sizes &s) { return s.depth.ceilDiv(16) * 16 + 16; }
  SymExpr total() const { return park + wide + sums + scores + keyPanels + valuePanels; }
};

Type elementOf(AttentionOp op) { return cast<RankedTensorType>(op.getQuery().getType()).getElementType(); }

class AttentionBody {
public:
  AttentionBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : k(kernel, target, module), e(k), m(e.scalarMath()),
        op(cast<AttentionOp>(kernel.getHeroOp())), sizes(op, k.shapes),
        params(kernel.getScheduleAttr().getParams()), blocking(ContractionBlocking::parse(params)),
        micro(k, e.math, blocking, k.b.getF32Type()), lanes(blocking.lanes), width(blocking.width()),
        after(e, op.getResult(), sizes.valueDepth, lanes, width) {
    queryBlock = params.getAs<IntegerAttr>("query_block").getInt();
    unitQueries = params.getAs<IntegerAttr>("unit_queries").getInt();
    f32 = k.b.getF32Type();
    queries = k.size(sizes.queries);
    keys = k.size(sizes.keys);
    depth = k.size(sizes.depth);
    valueDepth = k.size(sizes.valueDepth);
    scoreStride = k.size(scoreRow(sizes, blocking));
    element = elementOf(op);
    Scratch scratch(sizes, blocking, queryBlock, element);
    auto next = [&](Value from, SymExpr elements) { return k.elementPtr(from, k.size(elements), f32); };
    park = k.threadScratch();
    wide = next(park, scratch.park);
    sums = next(wide, scratch.wide);
    scores = next(sums, scratch.sums);
    keyPanels = next(scores, scratch.scores);
    valuePanels = next(keyPanels, scratch.keyPanels);
    lowest = arith::ConstantOp::create(k.b, k.loc, k.b.getF32FloatAttr(-std::numeric_limits<float>::infinity()));
  }

  LogicalResult run() {
    Value parts = unitQueries ? k.size(sizes.queries.ceilDiv(unitQueries)) : k.index(1);
    Value heads = k.size(sizes.heads);
    Value units = k.mul(k.mul(k.size(sizes.batch), heads), parts);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      Value part = k.rem(unit, parts), rest = k.floorDiv(unit, parts);
      batch = k.floorDiv(rest, heads);
      head = k.rem(rest, heads);
      Value keyHead = head;
      if (sizes.heads != sizes.keyHeads)
        keyHead = k.floorDiv(head, k.floorDiv(heads, k.size(sizes.keyHeads)));
      packKeys(keyHead);
      packValues(keyHead);
      Matrix q = matrix(op.getQuery(), 0, head, heads, queries, depth);
      Value from = k.floorDiv(k.mul(queries, part), parts), to = k.floorDiv(k.mul(queries, k.add(part, 1)), parts);
      Value count = k.sub(to, from);
      Value blocks = k.floorDiv(k.add(count, queryBlock - 1), k.index(queryBlock));
      k.forLoop(k.index(0), blocks, 1, [&](Value block) {
        ElementAt::Scope inner(e);
        Value first = k.add(from, k.floorDiv(k.mul(count, block), blocks));
        Value last = k.add(from, k.floorDiv(k.mul(count, k.add(block, 1)), blocks));
        queryRows(q, first, last);
      });
    });
    k.finish();
    return after.getResult();
  }

private:
  /// One head: element (position, depth) at ptr + position * stride + depth.
  struct Matrix {
    Value ptr, stride;
  };

  Matrix matrix(Value operand, unsigned which, Value h, Value heads, Value positions, Value d) {
    Value ptr = k.operandPtr(cast<BlockArgument>(operand).getArgNumber());
    bool sequenceMajor = op.isSequenceMajor(which);
    Value offset = sequenceMajor ? k.add(k.mul(k.mul(batch, positions), heads), h)
                                 : k.mul(k.add(k.mul(batch, heads), h), positions);
    return {k.elementPtr(ptr, k.mul(offset, d), element), sequenceMajor ? k.mul(heads, d) : d};
  }

  void packKeys(Value keyHead) {
    Matrix from = matrix(op.getKey(), 1, keyHead, k.size(sizes.keyHeads), keys, depth);
    k.forLoop(k.index(0), keys, width, [&](Value first) {
      Value count = k.min(k.sub(keys, first), k.index(width));
      micro.packPanel(element, k.elementPtr(from.ptr, k.mul(first, from.stride), element), depth, count,
                      sizes.keys.isMultipleOf(width), k.index(1), from.stride, /*columnsContiguous=*/false,
                      k.elementPtr(keyPanels, k.mul(first, depth), f32), width);
    });
  }

  void packValues(Value keyHead) {
    Matrix from = matrix(op.getValue(), 2, keyHead, k.size(sizes.keyHeads), keys, valueDepth);
    k.forLoop(k.index(0), valueDepth, width, [&](Value first) {
      Value count = k.min(k.sub(valueDepth, first), k.index(width));
      micro.packPanel(element, k.elementPtr(from.ptr, first, element), keys, count, sizes.valueDepth.isMultipleOf(width),
                      from.stride, k.index(1), /*columnsContiguous=*/true,
                      k.elementPtr(valuePanels, k.mul(first, keys), f32), width);
    });
  }

  RightColumns panel(Value base, Value first, Value steps) {
    RightColumns right;
    right.element = f32;
    right.ptr.assign(blocking.vectors, k.elementPtr(base, k.mul(first, steps), f32));
    for (int64_t v = 0; v < blocking.vectors; ++v)
      right.offset.push_back(v * lanes);
    right.stepStride = k.index(width);
    return right;
  }

  /// Heights of tiles in a block of queries.
  SmallVector<int64_t> heights() {
    std::optional<int64_t> all = sizes.queries.getConstant();
    llvm::SetVector<int64_t> set;
    if (all) {
      int64_t parts = unitQueries ? llvm::divideCeil(*all, unitQueries) : 1;
      for (int64_t p = 0; p < parts; ++p) {
        int64_t part = *all * (p + 1) / parts - *all * p / parts, blocks = llvm::divideCeil(part, queryBlock);
        for (int64_t i = 0; i < blocks; ++i)
          for (int64_t h : tileHeights(part * (i + 1) / blocks - part * i / blocks, blocking.rows))
            set.insert(h);
      }
    } else {
      for (int64_t h = 1; h <= blocking.rows; ++h)
        set.insert(h);
    }
    SmallVector<int64_t> sorted(set.begin(), set.end());
    llvm::sort(sorted);
    return sorted;
  }

  void queryRows(const Matrix &q, Value first, Value last) {
    // With `causal` the block's last query sees most: keys behind that are skipped.
    Value visible = keys;
    if (op.getCausal()) {
      visible = k.add(last, k.sub(keys, queries));
      visible = k.min(keys, k.max(visible, k.index(1)));
    }
    Value padded = k.mul(k.floorDiv(k.add(visible, width - 1), k.index(width)), width);
    LeftMatrix rows{k.elementPtr(q.ptr, k.mul(first, q.stride), element), q.stride, k.index(1)};
    if (element != f32) {
      Value stride = k.size(Scratch::wideRow(sizes));
      micro.widen(element, rows, k.sub(last, first), k.index(0), depth, wide, stride);
      rows = {wide, stride, k.index(1)};
    }
    k.forLoop(k.index(0), visible, width, [&](Value key) {
      RightColumns right = panel(keyPanels, key, depth);
      micro.overTiles(first, last, heights(), [&](Value row, int64_t height) {
        Value local = k.sub(row, first);
        LeftMatrix left{k.elementPtr(rows.ptr, k.mul(local, rows.rowStride), f32), rows.rowStride, k.index(1)};
        Value out = k.elementPtr(scores, k.add(k.mul(local, scoreStride), key), f32);
        micro.tile(height, left, right, k.index(0), depth, out, scoreStride, /*add=*/false);
      });
    });
    k.forLoop(first, last, 1, [&](Value row) {
      ElementAt::Scope scope(e);
      softmaxRow(row, k.sub(row, first), padded);
    });
    k.forLoop(k.index(0), valueDepth, width, [&](Value column) {
      RightColumns right = panel(valuePanels, column, keys);
      micro.overTiles(first, last, heights(), [&](Value row, int64_t height) {
        Value local = k.sub(row, first);
        LeftMatrix left{k.elementPtr(scores, k.mul(local, scoreStride), f32), scoreStride, k.index(1)};
        micro.tile(height, left, right, k.index(0), visible, park, k.index(width), /*add=*/false);
        k.forLoop(k.index(0), k.index(height), 1, [&](Value i) { storeRow(k.add(row, i), k.add(local, i), i, column); });
      });
    });
  }

  void storeRow(Value row, Value local, Value inTile, Value column) {
    ElementAt::Scope scope(e);
    Value inverse = k.load(sums, local, f32);
    SmallVector<Value> place = {batch, head, row};
    if (op.isSequenceMajor(3))
      std::swap(place[1], place[2]);
    after.storeRow(place, column, [&](Value c, int64_t count) {
      Value x = k.load(park, k.add(k.mul(inTile, width), c), f32, count);
      return m.mul(x, k.splat(inverse, count));
    });
  }

  //--- softmax ---------------------------------------------------------------//

  /// The larger of the two, or b where one is NaN: NaN scores come through the
  /// exponential, not the maximum.
  Value larger(Value a, Value b) { return m.select(m.cmpF(FPred::OGT, a, b), a, b); }

  void softmaxRow(Value row, Value local, Value padded) {
    Value base = k.mul(local, scoreStride);
    Value seen = keys;
    if (op.getCausal())
      seen = k.max(k.index(0), k.min(keys, k.add(k.add(row, 1), k.sub(keys, queries))));
    Value whole = k.mul(k.floorDiv(seen, k.index(lanes)), lanes);
    Value none = k.splat(lowest, lanes);
    // Scale and mask in place, the maximum beside it.
    SmallVector<Value> top = k.forLoop(k.index(0), whole, lanes, ValueRange{none}, [&](Value key, ValueRange c) -> SmallVector<Value> {
      ElementAt::Scope scope(e);
      Value s = score(base, row, key);
      k.store(s, scores, k.add(base, key));
      return {larger(s, c[0])};
    });
    Value rest = k.sub(seen, whole);
    if (op.getCausal() || !sizes.keys.isMultipleOf(lanes)) {
      Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, rest, k.index(0));
      auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{none.getType()}, some, true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      {
        ElementAt::Scope scope(e);
        e.setLaneLimit(rest);
        Value s = m.select(k.firstLanes(lanes, rest), score(base, row, whole), none);
        e.setLaneLimit({});
        k.store(s, scores, k.add(base, whole));
        scf::YieldOp::create(k.b, k.loc, larger(s, top[0]));
      }
      k.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(k.b, k.loc, top[0]);
      top[0] = branch.getResult(0);
    }
    Value behind = k.mul(k.floorDiv(k.add(seen, lanes - 1), k.index(lanes)), lanes);
    k.forLoop(behind, padded, lanes, [&](Value key) { k.store(none, scores, k.add(base, key)); });

    Value largest = top[0];
    for (int64_t half = lanes / 2; half >= 1; half /= 2)
      largest = larger(halfOf(largest, half, 0), halfOf(largest, half, half));
    largest = k.splat(vector::ExtractOp::create(k.b, k.loc, largest, ArrayRef<int64_t>{0}), lanes);
    Value zero = k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getF32FloatAttr(0)), lanes);
    Value sum = k.forLoop(k.index(0), padded, lanes, ValueRange{zero}, [&](Value key, ValueRange c) -> SmallVector<Value> {
      Value at = k.add(base, key);
      Value p = m.exp(m.sub(k.load(scores, at, f32, lanes), largest));
      k.store(p, scores, at);
      return {m.add(c[0], p)};
    })[0];
    Value total = reduceLanes(k, m, ReduceKind::sum, f32, sum);
    if (op.getZeroMaskedRows()) {
      // A row that sees no key has NaN probabilities, which count as 0.
      Value none = m.isNan(total);
      auto masked = scf::IfOp::create(k.b, k.loc, none, /*withElseRegion=*/false);
      {
        OpBuilder::InsertionGuard guard(k.b);
        k.b.setInsertionPointToStart(masked.thenBlock());
        k.forLoop(k.index(0), padded, lanes, [&](Value key) { k.store(zero, scores, k.add(base, key)); });
      }
      total = m.select(none, m.constF(total, 1.0), total);
    }
    // No keys at all: the sum of nothing.
    Value empty = m.cmpF(FPred::OEQ, total, 0.0);
    Value inverse = m.select(empty, m.constF(total, 0.0), m.div(m.constF(total, 1.0), total));
    k.store(inverse, sums, local);
  }

  /// Lanes [from, from + half) as a vector of `half` lanes (at least one).
  Value halfOf(Value v, int64_t half, int64_t from) {
    return vector::ShuffleOp::create(k.b, k.loc, v, v, llvm::to_vector(llvm::seq<int64_t>(from, from + half)));
  }

  Value score(Value base, Value row, Value key) {
    Value s = k.load(scores, k.add(base, key), f32, lanes);
    s = m.mul(s, m.constF(s, op.getScale().convertToDouble()));
    auto type = dyn_cast<RankedTensorType>(op.getMask().getType());
    if (!type)
      return s;
    Value mask = maskAt(row, key);
    if (type.getElementType().isInteger(1))
      return m.select(mask, s, k.splat(lowest, lanes));
    return m.add(s, mask);
  }

  Value maskAt(Value row, Value key) {
    Value mask = op.getMask();
    SymShape shape = k.shapes.shapeOf(mask), full = {sizes.batch, sizes.heads, sizes.queries, sizes.keys};
    Value place[] = {batch, head, row, key};
    Coords index;
    Value broadcastKeys;
    for (size_t i = 0; i < shape.size(); ++i) {
      size_t j = i + 4 - shape.size();
      Coord at{place[j], j == 3 ? 1 : 0};
      if (shape[i].isConstant(1)) {
        at = {k.index(0), 0};
      } else if (shape[i] != full[j] && !shape[i].getConstant()) {
        Value one = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(shape[i]), k.index(1));
        at.base = arith::SelectOp::create(k.b, k.loc, one, k.index(0), at.base);
        if (j == 3)
          broadcastKeys = one;
      }
      index.push_back(at);
    }
    if (!broadcastKeys)
      return e.at(mask, index, lanes);
    Type type = k.vectorOf(computeType(cast<RankedTensorType>(mask.getType()).getElementType()), lanes);
    auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, broadcastKeys, true);
    for (bool same : {true, false}) {
      OpBuilder::InsertionGuard guard(k.b);
      ElementAt::Scope scope(e);
      k.b.setInsertionPointToStart(same ? branch.thenBlock() : branch.elseBlock());
      Coords here = index;
      here.back().step = same ? 0 : 1;
      scf::YieldOp::create(k.b, k.loc, e.at(mask, here, lanes));
    }
    return branch.getResult(0);
  }

  using FPred = arith::CmpFPredicate;

  KernelBuilder k;
  ElementAt e;
  ScalarMath m;
  AttentionOp op;
  Sizes sizes;
  DictionaryAttr params;
  ContractionBlocking blocking;
  MicroKernel micro;
  int64_t lanes, width, queryBlock, unitQueries;
  Epilogue after;
  Type f32, element; ///< what is computed in, and what queries, keys and values are
  Value queries, keys, depth, valueDepth, scoreStride, park, wide, sums, scores, keyPanels, valuePanels, lowest;
  Value batch, head; ///< of the current unit
};

class AttentionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "attention"; }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<AttentionOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no attention";
      return false;
    }
    Type element = elementOf(op);
    if (!element.isF32() && !element.isF16() && !element.isBF16()) {
      reason = "expects f32, f16 or bf16 operands";
      return false;
    }
    ArrayAttr layouts = kernel.getLayoutsAttr();
    for (Value v : {op.getQuery(), op.getKey(), op.getValue()}) {
      auto argument = dyn_cast<BlockArgument>(v);
      if (!argument || (layouts && isa<LayoutAttr>(layouts[argument.getArgNumber()]))) {
        reason = "expects row-major queries, keys and values from outside the kernel";
        return false;
      }
    }
    if (auto mask = dyn_cast<RankedTensorType>(op.getMask().getType()))
      if (mask.getElementType() != element && !mask.getElementType().isInteger(1)) {
        reason = "expects a mask of the operands' type or bool";
        return false;
      }
    return Epilogue::suits(kernel, reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    auto op = cast<AttentionOp>(kernel.getHeroOp());
    MLIRContext *context = kernel.getContext();
    Builder builder(context);
    ShapeAnalysis shapes(kernel);
    Sizes sizes(op, shapes);
    ContractionSizes product;
    product.k = sizes.depth.getConstant();
    ContractionBlocking blocking = chooseBlocking(product, target);
    blocking.kc = blocking.rowBlock = 0;
    // Scores, keys and values of a head share L2.
    int64_t queryBlock = 4 * blocking.rows;
    if (std::optional<int64_t> keys = sizes.keys.getConstant())
      while (queryBlock > blocking.rows && queryBlock * *keys * 4 > target.l2Bytes / 4)
        queryBlock -= blocking.rows;
    std::optional<int64_t> heads = (sizes.batch * sizes.heads).getConstant();
    bool few = heads ? *heads < fewHeads : sizes.heads.getConstant().value_or(1) < fewHeads;
    int64_t unitQueries = few && sizes.queries.getConstant().value_or(queriesPerUnit + 1) > queriesPerUnit ? queriesPerUnit : 0;

    SmallVector<NamedAttribute> params;
    blocking.print(context, params);
    params.push_back(builder.getNamedAttr("query_block", builder.getI64IntegerAttr(queryBlock)));
    params.push_back(builder.getNamedAttr("unit_queries", builder.getI64IntegerAttr(unitQueries)));
    SymExpr units = sizes.batch * sizes.heads;
    if (unitQueries)
      units = units * sizes.queries.ceilDiv(unitQueries);
    SymExpr scratch = Scratch(sizes, blocking, queryBlock, elementOf(op)).total() * 4;
    return ScheduleAttr::get(context, name(), 1, SymExpr::constant(context, 0).getAttr(), scratch.getAttr(),
                             Epilogue::overwritable(kernel), {}, {}, {}, units.getAttr(), {},
                             builder.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    return AttentionBody(kernel, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createAttentionEmitter() { return std::make_unique<AttentionEmitter>(); }
