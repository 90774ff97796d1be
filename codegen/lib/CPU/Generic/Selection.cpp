//===- Selection.cpp - The first k of a line, in order --------------------===//
#include "Selection.h"
#include "TransposeTiles.h"

using namespace mlir;
using namespace mlopt;

/// Room for more candidates than are wanted, so that few wanted ones are not
/// sorted again with each that comes.
static constexpr int64_t kSpare = 32;
/// Up to this many wanted ones are kept in order, each put in its place as it comes.
static constexpr int64_t kInserted = 16;
/// Candidates that a block of vectors sorts: runs of eight, eight at once.
static constexpr int64_t kRun = 8, kBlock = kRun * kRun;

static SymExpr capacityOf(TopKOp op, ShapeAnalysis &shapes) {
  SymExpr size = shapes.shapeOf(op.getInput())[op.getAxis()];
  SymExpr wanted = shapes.shapeOf(op.getValues())[op.getAxis()];
  return SymExpr::min(size, wanted * 2 + kSpare).ceilDiv(kBlock) * kBlock;
}

SymExpr mlopt::selectionScratch(TopKOp op, ShapeAnalysis &shapes) {
  SymExpr size = shapes.shapeOf(op.getInput())[op.getAxis()];
  return capacityOf(op, shapes) * int64_t(2 * candidateBits(op, size) / 8);
}

Selection::Selection(ElementAt &e, TopKOp op) : e(e), k(e.k), m(e.scalarMath()), op(op) {
  SymExpr sizeExpr = k.shapes.shapeOf(op.getInput())[op.getAxis()];
  type = k.b.getIntegerType(candidateBits(op, sizeExpr));
  size = k.size(sizeExpr);
  wanted = k.size(k.shapes.shapeOf(op.getValues())[op.getAxis()]);
  capacity = k.size(capacityOf(op, k.shapes));
  buffers[0] = k.threadScratch();
  buffers[1] = k.bytePtr(buffers[0], k.mul(capacity, type.getWidth() / 8));
}

bool Selection::inserts(TopKOp op, ShapeAnalysis &shapes) {
  return shapes.shapeOf(op.getValues())[op.getAxis()].getConstant().value_or(kInserted + 1) <=
         kInserted;
}

Value Selection::compare(arith::CmpIPredicate p, Value a, Value b) {
  return arith::CmpIOp::create(k.b, k.loc, p, a, b);
}

void Selection::merge(Value from, Value to, Value low, Value middle, Value high) {
  Value left = k.sub(middle, low), right = k.sub(high, middle);
  k.ifThen(
      compare(arith::CmpIPredicate::eq, left, right),
      [&] { mergeEqual(from, to, low, middle, high); },
      [&] { mergeAny(from, to, low, middle, high); });
}

void Selection::mergeEqual(Value from, Value to, Value low, Value middle, Value high) {
  // From both ends at once, half the result each: neither meets the end of a run,
  // and the two chains of loads overlap.
  Value one = k.index(1), last = k.sub(high, one);
  Value leftEnd = k.sub(middle, one);
  k.forLoop(k.index(0), k.sub(middle, low), 1, ValueRange{low, middle, leftEnd, last},
            [&](Value o, ValueRange carried) -> SmallVector<Value> {
              auto step = [&](Value a, Value b) -> Value { // 1 where b comes first
                return arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(),
                                              compare(arith::CmpIPredicate::ult, b, a));
              };
              Value a = k.load(from, carried[0], type), b = k.load(from, carried[1], type);
              Value c = k.load(from, carried[2], type), d = k.load(from, carried[3], type);
              Value front = step(a, b), back = step(c, d);
              k.store(arith::MinUIOp::create(k.b, k.loc, a, b), to, k.add(low, o));
              k.store(arith::MaxUIOp::create(k.b, k.loc, c, d), to, k.sub(last, o));
              return {k.add(carried[0], k.sub(one, front)), k.add(carried[1], front),
                      k.sub(carried[2], back), k.sub(carried[3], k.sub(one, back))};
            });
}

void Selection::mergeAny(Value from, Value to, Value low, Value middle, Value high) {
  Value one = k.index(1), lastLeft = k.sub(middle, one), lastRight = k.sub(high, one);
  k.forLoop(low, high, 1, ValueRange{low, middle},
            [&](Value o, ValueRange carried) -> SmallVector<Value> {
              // No branch depends on the elements: it would be mispredicted half the time.
              Value i = carried[0], j = carried[1];
              Value a = k.load(from, k.min(i, lastLeft), type),
                    b = k.load(from, k.min(j, lastRight), type);
              Value leftDone = compare(arith::CmpIPredicate::sgt, i, lastLeft);
              Value rightLeft = compare(arith::CmpIPredicate::sle, j, lastRight);
              Value smaller = arith::OrIOp::create(k.b, k.loc, leftDone,
                                                   compare(arith::CmpIPredicate::ult, b, a));
              Value right = arith::AndIOp::create(k.b, k.loc, rightLeft, smaller);
              k.store(arith::SelectOp::create(k.b, k.loc, right, b, a), to, o);
              Value step = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), right);
              return {k.add(i, k.sub(one, step)), k.add(j, step)};
            });
}

/// Sorts eight vectors lane by lane (Batcher's odd-even merge sort, 19 comparisons).
static void sortLanes(KernelBuilder &k, MutableArrayRef<Value> v) {
  static constexpr int pairs[][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6},
                                     {5, 7}, {1, 2}, {5, 6}, {0, 4}, {1, 5}, {2, 6}, {3, 7},
                                     {2, 4}, {3, 5}, {1, 2}, {3, 4}, {5, 6}};
  for (auto &pair : pairs) {
    Value a = v[pair[0]], b = v[pair[1]];
    v[pair[0]] = arith::MinUIOp::create(k.b, k.loc, a, b);
    v[pair[1]] = arith::MaxUIOp::create(k.b, k.loc, a, b);
  }
}

Value Selection::sortRuns(Value buffer, Value count) {
  // The last block is filled up with what comes after every candidate; that goes to
  // the end of runs, and of all when they are merged.
  Value none = arith::ConstantOp::create(
      k.b, k.loc, IntegerAttr::get(type, APInt::getAllOnes(type.getWidth())));
  Value end = k.mul(k.floorDiv(k.add(count, kBlock - 1), k.index(kBlock)), kBlock);
  k.forLoop(count, end, 1, [&](Value iv) { k.store(none, buffer, iv); });
  k.forLoop(k.index(0), end, kBlock, [&](Value iv) {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < kRun; ++i)
      rows.push_back(k.load(buffer, k.add(iv, i * kRun), type, kRun));
    sortLanes(k, rows);
    turnOver(k, rows);
    for (int64_t i = 0; i < kRun; ++i)
      k.store(rows[i], buffer, k.add(iv, i * kRun));
  });
  return end;
}

std::pair<Value, Value> Selection::sort(Value from, Value other, Value count) {
  Value one = k.index(1), first = one;
  // Wider candidates have no vectors to speak of.
  if (type.getWidth() == 64) {
    count = sortRuns(from, count);
    first = k.index(kRun);
  }
  auto loop = scf::WhileOp::create(
      k.b, k.loc, TypeRange{from.getType(), from.getType(), one.getType()},
      ValueRange{from, other, first},
      [&](OpBuilder &, Location, ValueRange args) {
        scf::ConditionOp::create(k.b, k.loc, compare(arith::CmpIPredicate::slt, args[2], count),
                                 args);
      },
      [&](OpBuilder &, Location, ValueRange args) {
        ElementAt::Scope scope(e);
        Value run = args[2], both = k.mul(run, 2);
        Value pairs = k.floorDiv(k.add(count, k.sub(both, one)), both);
        k.forLoop(k.index(0), pairs, 1, [&](Value pair) {
          Value low = k.mul(pair, both), middle = k.min(k.add(low, run), count);
          merge(args[0], args[1], low, middle, k.min(k.add(low, both), count));
        });
        scf::YieldOp::create(k.b, k.loc, ValueRange{args[1], args[0], both});
      });
  k.b.setInsertionPointAfter(loop);
  return {loop.getResult(0), loop.getResult(1)};
}

void Selection::insertAll(llvm::function_ref<Value(Value)> valueAt) {
  Value none = arith::ConstantOp::create(
      k.b, k.loc, IntegerAttr::get(type, APInt::getAllOnes(type.getWidth())));
  Value buffer = buffers[0], one = k.index(1), last = k.sub(wanted, one);
  k.forLoop(k.index(0), wanted, 1, [&](Value iv) { k.store(none, buffer, iv); });
  e.loop(k.index(0), size, ValueRange{none},
         [&](Value iv, ValueRange carried) -> SmallVector<Value> {
           Value mine = candidateOf(k, m, op, type, valueAt(iv), iv);
           Value better = compare(arith::CmpIPredicate::ult, mine, carried[0]);
           auto taken = scf::IfOp::create(k.b, k.loc, carried.getTypes(), better, true);
           OpBuilder::InsertionGuard guard(k.b);
           k.b.setInsertionPointToStart(taken.elseBlock());
           scf::YieldOp::create(k.b, k.loc, carried);
           k.b.setInsertionPointToStart(taken.thenBlock());
           // What is smaller stays in the lower place, the other goes on upwards.
           k.forLoop(k.index(0), wanted, 1, ValueRange{mine},
                     [&](Value place, ValueRange moving) -> SmallVector<Value> {
                       Value there = k.load(buffer, place, type);
                       k.store(arith::MinUIOp::create(k.b, k.loc, there, moving[0]), buffer, place);
                       return {arith::MaxUIOp::create(k.b, k.loc, there, moving[0])};
                     });
           scf::YieldOp::create(k.b, k.loc, k.load(buffer, last, type));
           return {taken.getResult(0)};
         });
}

Value Selection::gatherAll(llvm::function_ref<Value(Value)> valueAt) {
  Value none = arith::ConstantOp::create(
      k.b, k.loc, IntegerAttr::get(type, APInt::getAllOnes(type.getWidth())));
  // Carried: how many there are, the last that still counts, the two buffers.
  SmallVector<Value> state =
      e.loop(k.index(0), size, ValueRange{k.index(0), none, buffers[0], buffers[1]},
             [&](Value iv, ValueRange carried) -> SmallVector<Value> {
               Value mine = candidateOf(k, m, op, type, valueAt(iv), iv);
               Value better = compare(arith::CmpIPredicate::ult, mine, carried[1]);
               auto taken = scf::IfOp::create(k.b, k.loc, carried.getTypes(), better, true);
               OpBuilder::InsertionGuard guard(k.b);
               k.b.setInsertionPointToStart(taken.elseBlock());
               scf::YieldOp::create(k.b, k.loc, carried);
               k.b.setInsertionPointToStart(taken.thenBlock());
               Value isFull = compare(arith::CmpIPredicate::eq, carried[0], capacity);
               auto cut = scf::IfOp::create(k.b, k.loc, carried.getTypes(), isFull, true);
               {
                 OpBuilder::InsertionGuard inner(k.b);
                 k.b.setInsertionPointToStart(cut.elseBlock());
                 scf::YieldOp::create(k.b, k.loc, carried);
                 k.b.setInsertionPointToStart(cut.thenBlock());
                 auto [sorted, other] = sort(carried[2], carried[3], capacity);
                 Value last = k.load(sorted, k.sub(wanted, k.index(1)), type);
                 scf::YieldOp::create(k.b, k.loc, ValueRange{wanted, last, sorted, other});
               }
               Value count = cut.getResult(0);
               k.store(mine, cut.getResult(2), count);
               scf::YieldOp::create(k.b, k.loc,
                                    ValueRange{k.add(count, 1), cut.getResult(1), cut.getResult(2),
                                               cut.getResult(3)});
               return SmallVector<Value>(taken.getResults());
             });
  return sort(state[2], state[3], state[0]).first;
}

void Selection::line(llvm::function_ref<Value(Value)> valueAt,
                     llvm::function_ref<void(Value, Value)> store) {
  bool inserted = inserts(op, k.shapes);
  Value some = compare(arith::CmpIPredicate::sgt, wanted, k.index(0));
  k.ifThen(some, [&] {
    ElementAt::Scope scope(e);
    Value sorted = buffers[0];
    if (inserted)
      insertAll(valueAt);
    else
      sorted = gatherAll(valueAt);
    k.forLoop(k.index(0), wanted, 1, [&](Value iv) {
      ElementAt::Scope inner(e);
      Value found = k.load(sorted, iv, type);
      Value position =
          type.getWidth() == 64
              ? arith::AndIOp::create(k.b, k.loc, found, k.index((int64_t(1) << 32) - 1))
                    .getResult()
              : arith::TruncIOp::create(k.b, k.loc, k.b.getI64Type(), found).getResult();
      store(iv, position);
    });
  });
}
