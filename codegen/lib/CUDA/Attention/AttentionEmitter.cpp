//===- AttentionEmitter.cpp - Attention on GPUs ---------------------------===//
//
// One pass over the keys with a running maximum and sum (Dao, FlashAttention-2,
// arXiv 2307.08691): the scores of a tile of keys never leave the registers, and
// what was summed before a new maximum is scaled down. Probabilities of f16 and
// bf16 are rounded to that type for their product, as their fragments want it;
// sums stay in f32.
//
//===----------------------------------------------------------------------===//
#include "AttentionEmitter.h"
#include "../Reciprocal.h"
#include "AttentionProducts.h"
#include "Generic/ElementAt.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

namespace {

using FPred = arith::CmpFPredicate;
using IPred = arith::CmpIPredicate;

class AttentionKernel {
public:
  AttentionKernel(const AttentionPlan &plan, ElementAt &e, GpuBuilder &g)
      : plan(plan), e(e), g(g), m(e.scalarMath()), op(cast<AttentionOp>(g.kernel.getHeroOp())),
        products(plan.tensorCores ? createTensorCoreProducts(plan, g) : createFmaProducts(plan, g)) {
    f32 = g.b.getF32Type();
    lowest = constant(-std::numeric_limits<float>::infinity());
    zero = constant(0);
    queries = g.size(plan.queries);
    keys = g.size(plan.keys);
    heads = g.size(plan.heads);
  }

  LogicalResult run() {
    place();
    loadTile(op.getQuery(), 0, head, heads, queries, plan.depth, g.i32(0), plan.keyRowBytes(), plan.paddedDepth(),
             plan.queryTile(), firstQuery);
    Value tiles = visibleTiles();
    fetch(g.index(0), tiles);
    g.waitCopies(0);
    g.barrier();
    products->loadQueries();

    // Sums, then maxima and sums of probabilities of rows g and g + 8.
    SmallVector<Value> state(products->sumCount(), zero);
    state.append({lowest, lowest, zero, zero});
    state = g.stridedLoop(g.index(0), tiles, g.index(1), state, [&](Value tile, ValueRange carried) {
      ElementAt::Scope scope(e);
      fetch(g.add(tile, 1), tiles);
      g.waitCopies(1);
      g.barrier();
      SmallVector<Value> next = oneTile(tile, carried);
      g.barrier();
      return next;
    });
    store(state);
    return result;
  }

private:
  Value constant(double v) { return arith::ConstantOp::create(g.b, g.loc, g.b.getF32FloatAttr(v)); }
  Value isLess(Value a, Value b) { return arith::CmpIOp::create(g.b, g.loc, IPred::slt, a, b); }

  /// Finds the block's head and queries.
  void place() {
    Value parts = g.size(plan.queries.ceilDiv(plan.queryTile())), block = g.toI64(g.blockIdx());
    Value rest = g.floorDiv(block, parts);
    firstQuery = g.mul(g.rem(block, parts), plan.queryTile());
    batch = g.floorDiv(rest, heads);
    head = g.rem(rest, heads);
    keyHead = head;
    if (plan.heads != plan.keyHeads)
      keyHead = g.floorDiv(head, g.floorDiv(heads, g.size(plan.keyHeads)));
    Value row = g.add(g.add(g.mul(g.toI64(g.warp()), 16), g.toI64(g.shiftRight(g.lane(), 2))), firstQuery);
    rows[0] = row;
    rows[1] = g.add(row, 8);
    inGroup = g.bitAnd(g.lane(), 3);
  }

  /// With `causal` the block's last query sees most: tiles behind that are left out.
  Value visibleTiles() {
    Value visible = keys;
    if (op.getCausal()) {
      visible = g.add(g.add(firstQuery, plan.queryTile()), g.sub(keys, queries));
      visible = g.min(keys, g.max(visible, g.index(0)));
    }
    return g.floorDiv(g.add(visible, plan.keyTile - 1), g.index(plan.keyTile));
  }

  //--- tiles ------------------------------------------------------------------//

  /// Starts the copies of a tile of keys and values, where there is one.
  void fetch(Value tile, Value tiles) {
    g.ifThen(isLess(tile, tiles), [&] {
      Value stage = g.toI32(g.rem(tile, g.index(2))), first = g.mul(tile, plan.keyTile), keyHeads = g.size(plan.keyHeads);
      auto at = [&](int64_t base, int64_t rowBytes) { return g.add(g.mul(stage, plan.keyTile * rowBytes), base); };
      loadTile(op.getKey(), 1, keyHead, keyHeads, keys, plan.depth, at(plan.keyPlace(0), plan.keyRowBytes()),
               plan.keyRowBytes(), plan.paddedDepth(), plan.keyTile, first);
      loadTile(op.getValue(), 2, keyHead, keyHeads, keys, plan.valueDepth, at(plan.valuePlace(0), plan.valueRowBytes()),
               plan.valueRowBytes(), plan.paddedValueDepth(), plan.keyTile, first);
    });
    g.commitCopies();
  }

  /// Rows first .. first + count - 1 of one head to `target` (bytes in shared memory); zeros where there
  /// is no such row, and behind its end.
  void loadTile(Value operand, unsigned which, Value h, Value allHeads, Value positions, int64_t depth, Value target,
                int64_t rowBytes, int64_t padded, int64_t count, Value first) {
    bool sequenceMajor = op.isSequenceMajor(which);
    Value base = g.operandPtr(cast<BlockArgument>(operand).getArgNumber());
    Value offset = sequenceMajor ? g.add(g.mul(g.mul(batch, positions), allHeads), h)
                                 : g.mul(g.add(g.mul(batch, allHeads), h), positions);
    base = g.elementPtr(base, g.mul(offset, depth), plan.element);
    Value stride = sequenceMajor ? g.mul(allHeads, depth) : g.index(depth);
    int64_t copied = plan.copyBytes(depth), bytes = copied ? copied : plan.elementBytes;
    int64_t inRow = padded * plan.elementBytes / bytes, total = inRow * count, threads = plan.threads();
    auto one = [&](Value i) {
      Value row = g.floorDiv(i, g.i32(inRow)), piece = g.rem(i, g.i32(inRow));
      Value position = g.add(first, g.toI64(row));
      Value exists = isLess(position, positions);
      if (depth != padded)
        exists = arith::AndIOp::create(g.b, g.loc, exists, g.less(g.mul(piece, bytes), g.i32(depth * plan.elementBytes)));
      Value source = g.elementPtr(base, g.mul(position, stride), plan.element);
      source = g.bytePtr(source, g.mul(g.toI64(piece), bytes));
      Value to = g.sharedPtr(g.add(target, g.add(g.mul(row, rowBytes), g.mul(piece, bytes))));
      if (copied)
        return g.copyAsync(to, source, bytes, exists);
      // Rows of an odd number of f16: element by element.
      Value none = m.zero(plan.element);
      auto branch = scf::IfOp::create(g.b, g.loc, TypeRange{plan.element}, exists, /*withElseRegion=*/true);
      {
        OpBuilder::InsertionGuard guard(g.b);
        g.b.setInsertionPointToStart(branch.thenBlock());
        scf::YieldOp::create(g.b, g.loc, g.load(source, g.index(0), plan.element));
        g.b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(g.b, g.loc, none);
      }
      g.storeAligned(branch.getResult(0), to);
    };
    Value thread = g.threadIdx();
    if (total % threads == 0 && total / threads <= 16) {
      for (int64_t i = 0; i < total; i += threads)
        one(g.add(thread, i));
      return;
    }
    g.stridedLoop(thread, g.i32(total), g.i32(threads), {}, [&](Value i, ValueRange) -> SmallVector<Value> {
      one(i);
      return {};
    });
  }

  //--- softmax ----------------------------------------------------------------//

  /// The larger of the two, or b where a is NaN: NaN scores come through the exponential, not the maximum.
  Value larger(Value a, Value b) { return m.select(m.cmpF(FPred::OGT, a, b), a, b); }

  /// exp(x - top).
  Value exponential(Value x, Value top) {
    if (!plan.tensorCores)
      return m.exp(m.sub(x, top));
    // ex2.approx is good to 2 ulp of f32: far below the rounding of probabilities.
    Value log2e = constant(1.4426950408889634);
    Value scaled = LLVM::FMAOp::create(g.b, g.loc, x, log2e, m.neg(m.mul(top, log2e)));
    return LLVM::CallIntrinsicOp::create(g.b, g.loc, f32, g.b.getStringAttr("llvm.nvvm.ex2.approx.ftz.f32"),
                                         ValueRange{scaled})
        ->getResult(0);
  }

  /// Score `lane` of the pieces at key tile + 8 j, of row g or g + 8.
  Value finish(Value score, Value key, int64_t row) {
    Value s = m.mul(score, constant(op.getScale().convertToDouble()));
    if (auto type = dyn_cast<RankedTensorType>(op.getMask().getType())) {
      Value mask = maskAt(rows[row], key);
      s = type.getElementType().isInteger(1) ? m.select(mask, s, lowest) : m.add(s, mask);
    }
    Value seen;
    if (!plan.keys.isMultipleOf(plan.keyTile))
      seen = isLess(key, keys);
    if (op.getCausal()) {
      Value before = isLess(key, g.add(g.add(rows[row], 1), g.sub(keys, queries)));
      seen = seen ? Value(arith::AndIOp::create(g.b, g.loc, seen, before)) : before;
    }
    return seen ? m.select(seen, s, lowest) : s;
  }

  Value maskAt(Value row, Value key) {
    Value mask = op.getMask();
    SymShape shape = g.shapes.shapeOf(mask), full = {plan.batch, plan.heads, plan.queries, plan.keys};
    // Beyond the last query or key the last one is read.
    Value safeRow = plan.queries.isMultipleOf(plan.queryTile()) ? row : g.min(row, g.sub(queries, g.index(1)));
    Value safeKey = plan.keys.isMultipleOf(plan.keyTile) ? key : g.min(key, g.sub(keys, g.index(1)));
    Value place[] = {batch, head, safeRow, safeKey};
    Coords index;
    for (size_t i = 0; i < shape.size(); ++i) {
      size_t j = i + 4 - shape.size();
      Value at = place[j];
      if (shape[i].isConstant(1)) {
        at = g.index(0);
      } else if (shape[i] != full[j] && !shape[i].getConstant()) {
        Value one = arith::CmpIOp::create(g.b, g.loc, IPred::eq, g.size(shape[i]), g.index(1));
        at = arith::SelectOp::create(g.b, g.loc, one, g.index(0), at);
      }
      index.push_back({at, 0});
    }
    return e.at(mask, index, 1);
  }

  SmallVector<Value> oneTile(Value tile, ValueRange carried) {
    int64_t count = products->sumCount();
    Value stage = g.toI32(g.rem(tile, g.index(2)));
    auto at = [&](int64_t base, int64_t rowBytes) { return g.add(g.mul(stage, plan.keyTile * rowBytes), base); };
    SmallVector<Value> scores = products->scores(at(plan.keyPlace(0), plan.keyRowBytes()));
    Value firstKey = g.add(g.mul(tile, plan.keyTile), g.toI64(g.mul(inGroup, 2)));
    Value tops[2] = {lowest, lowest};
    for (int64_t j = 0; j < plan.keyTile / 8; ++j)
      for (int64_t lane = 0; lane < 2; ++lane) {
        Value key = g.add(firstKey, j * 8 + lane);
        for (int64_t row = 0; row < 2; ++row) {
          Value &s = scores[j * 4 + row * 2 + lane];
          s = finish(s, key, row);
          tops[row] = larger(s, tops[row]);
        }
      }
    SmallVector<Value> state(carried.take_front(count));
    Value maxima[2], totals[2];
    for (int64_t row = 0; row < 2; ++row) {
      // The four threads of a group share a row.
      Value top = tops[row], before = carried[count + row];
      for (int64_t mask : {1, 2})
        top = larger(top, g.shuffleXor(top, mask));
      maxima[row] = larger(top, before);
      // Of a row that has seen no key yet everything is exp(-inf).
      Value base = m.select(m.cmpF(FPred::OEQ, maxima[row], lowest), zero, maxima[row]);
      Value shrink = exponential(before, base), sum = zero;
      for (int64_t j = 0; j < plan.keyTile / 8; ++j)
        for (int64_t lane = 0; lane < 2; ++lane) {
          Value &p = scores[j * 4 + row * 2 + lane];
          p = exponential(p, base);
          sum = m.add(sum, p);
        }
      totals[row] = LLVM::FMAOp::create(g.b, g.loc, carried[count + 2 + row], shrink, sum);
      for (int64_t i = 0; i < products->pieces(); ++i)
        for (int64_t lane = 0; lane < products->pieceLanes(); ++lane) {
          Value &s = state[products->sumIndex(i, row, lane)];
          s = m.mul(s, shrink);
        }
    }
    state = products->weigh(scores, at(plan.valuePlace(0), plan.valueRowBytes()), state);
    state.append({maxima[0], maxima[1], totals[0], totals[1]});
    return state;
  }

  //--- results ----------------------------------------------------------------//

  /// 1 / the sum of a row's probabilities.
  Value inverse(Value total) {
    for (int64_t mask : {1, 2})
      total = m.add(total, g.shuffleXor(total, mask));
    // A row that sees no key is NaN, as softmax has it; without any keys it is the sum of nothing.
    Value unseen = m.cmpF(FPred::OEQ, total, 0.0), nothing;
    if (op.getZeroMaskedRows()) {
      unseen = arith::OrIOp::create(g.b, g.loc, unseen, m.isNan(total));
      nothing = zero;
    } else {
      Value noKeys = arith::CmpIOp::create(g.b, g.loc, IPred::eq, keys, g.index(0));
      nothing = m.select(noKeys, zero, constant(std::numeric_limits<float>::quiet_NaN()));
    }
    return m.select(unseen, nothing, reciprocal(g, m, total));
  }

  void store(ArrayRef<Value> state) {
    int64_t count = products->sumCount(), lanes = products->pieceLanes();
    for (int64_t row = 0; row < 2; ++row) {
      Value scale = inverse(state[count + 2 + row]);
      Value hidden = op.getZeroMaskedRows() ? m.cmpF(FPred::OEQ, scale, 0.0) : Value();
      ElementAt::Scope scope(e);
      g.ifThen(isLess(rows[row], queries), [&] {
        for (int64_t i = 0; i < products->pieces(); ++i) {
          SmallVector<Value> piece;
          for (int64_t lane = 0; lane < lanes; ++lane) {
            Value v = m.mul(state[products->sumIndex(i, row, lane)], scale);
            piece.push_back(hidden ? m.select(hidden, zero, v) : v);
          }
          storePiece(rows[row], g.toI64(products->pieceColumn(i)), piece);
        }
      });
    }
  }

  void storePiece(Value row, Value column, ArrayRef<Value> piece) {
    int64_t lanes = piece.size();
    bool whole = plan.valueDepth % lanes == 0;
    auto write = [&](Value at, Value v, int64_t n) {
      ElementAt::Scope scope(e);
      auto body = [&] { storeElements(row, at, v, n); };
      if (plan.valueDepth == plan.paddedValueDepth())
        body();
      else
        g.ifThen(isLess(at, g.index(plan.valueDepth)), body);
    };
    if (whole)
      return write(column, vector::FromElementsOp::create(g.b, g.loc, VectorType::get({lanes}, f32), piece), lanes);
    for (int64_t i = 0; i < lanes; ++i)
      write(g.add(column, i), piece[i], 1);
  }

  void storeElements(Value row, Value column, Value v, int64_t lanes) {
    e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return v; });
    Coords index = {{batch, 0}, {head, 0}, {row, 0}, {column, lanes > 1 ? 1 : 0}};
    if (op.isSequenceMajor(3))
      std::swap(index[1], index[2]);
    for (auto [r, out] : llvm::enumerate(g.kernel.getBody().front().getTerminator()->getOperands())) {
      if (Value y = e.at(out, index, lanes))
        e.storeResult(r, y, index, lanes);
      else
        result = failure();
    }
    e.clearOverride(op.getResult());
  }

  const AttentionPlan &plan;
  ElementAt &e;
  GpuBuilder &g;
  ScalarMath m;
  AttentionOp op;
  std::unique_ptr<AttentionProducts> products;
  Type f32;
  Value lowest, zero, queries, keys, heads;
  Value batch, head, keyHead, firstQuery, inGroup;
  Value rows[2]; ///< of this thread
  LogicalResult result = success();
};

class CudaAttentionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-attention"; }

  bool accept(KernelOp kernel, const TargetDescription &target, std::string &reason) const override {
    ShapeAnalysis shapes(kernel);
    return planAttention(kernel, shapes, target, reason).has_value();
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    ShapeAnalysis shapes(kernel);
    std::string reason;
    std::optional<AttentionPlan> plan = planAttention(kernel, shapes, target, reason);
    if (!plan)
      return failure();
    MLIRContext *context = kernel.getContext();
    Builder b(context);
    SmallVector<NamedAttribute> params;
    auto param = [&](StringRef name, Attribute value) { params.push_back(b.getNamedAttr(name, value)); };
    param("form", b.getStringAttr(plan->tensorCores ? "mma" : "fma"));
    param("query_tile", b.getI64IntegerAttr(plan->queryTile()));
    param("key_tile", b.getI64IntegerAttr(plan->keyTile));
    param("launch", encodeGpuLaunches(context, plan->launch));
    SymExpr zero = SymExpr::constant(context, 0);
    return ScheduleAttr::get(context, name(), 1, zero.getAttr(), zero.getAttr(), {}, {}, {}, {},
                             plan->launch.grid[0].getAttr(), {}, b.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    ShapeAnalysis shapes(kernel);
    std::string reason;
    std::optional<AttentionPlan> plan = planAttention(kernel, shapes, target, reason);
    if (!plan)
      return kernel.emitError("is no attention for this emitter: ") << reason;
    GpuBuilder g(kernel, target, module);
    // Else ptxas spills a few values to fit one block more.
    g.function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                        g.b.getI32IntegerAttr(plan->blocksPerProcessor(*target.gpu)));
    g.alignedLanes = true;
    ElementAt e(g);
    e.computeScalars();
    LogicalResult result = AttentionKernel(*plan, e, g).run();
    g.finish();
    return result;
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaAttentionEmitter() { return std::make_unique<CudaAttentionEmitter>(); }
