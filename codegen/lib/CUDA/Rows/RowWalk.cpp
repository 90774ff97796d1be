//===- RowWalk.cpp - Visits rows and takes their statistics ---------------===//
#include "RowWalk.h"

using namespace mlir;
using namespace mlopt;

RowWalk::RowWalk(const RowPlan &plan, ElementAt &e, GpuBuilder &g, int64_t lanes)
    : m(e.scalarMath()), lanes(lanes), plan(plan), e(e), g(g), sizes(e.sizesOf(plan.input)) {
  place();
  if (plan.turns)
    hold();
}

static Value isLess(GpuBuilder &g, Value a, Value b) {
  return arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::slt, a, b);
}

static Value both(GpuBuilder &g, Value a, Value b) {
  return !a ? b : !b ? a : Value(arith::AndIOp::create(g.b, g.loc, a, b));
}

/// Finds the thread's row and its accesses.
void RowWalk::place() {
  Value thread = g.threadIdx(), block = g.toI64(g.blockIdx());
  SmallVector<Value> outer;
  Value rows = g.index(1);
  for (int64_t d : plan.kept) {
    Value size = sizes[d];
    if (plan.across && d == plan.laneDim)
      size = g.floorDiv(size, g.index(lanes));
    outer.push_back(size);
  }
  Value length = g.size(plan.length);
  if (plan.groupAxis >= 0) {
    Value groups = plan.groups ? g.index(plan.groups) : sizes[plan.groupAxis];
    groupChannels = g.floorDiv(sizes[plan.groupAxis], groups);
    outer.push_back(groups);
  }
  for (Value size : outer)
    rows = g.mul(rows, size);
  if (plan.part) {
    Value parts = g.size(plan.parts);
    part = g.rem(block, parts);
    block = g.floorDiv(block, parts);
    begin = g.mul(part, plan.part);
    end = g.min(g.add(begin, plan.part), length);
  } else {
    begin = g.index(0);
    end = length;
  }

  Value along, row;
  if (plan.across) {
    Value column = g.rem(thread, g.i32(plan.width));
    along = g.toI64(g.floorDiv(thread, g.i32(plan.width)));
    row = g.add(g.mul(block, plan.width), g.toI64(column));
    first = g.add(begin, along);
    stride = g.index(plan.height);
  } else if (plan.height == 1) {
    row = block;
    along = g.toI64(thread);
    first = g.add(begin, g.mul(along, lanes));
    stride = g.index(plan.width * lanes);
  } else {
    along = g.toI64(g.rem(thread, g.i32(plan.width)));
    row = g.add(g.mul(block, plan.height), g.toI64(g.floorDiv(thread, g.i32(plan.width))));
    first = g.add(begin, g.mul(along, lanes));
    stride = g.index(plan.width * lanes);
  }
  // Threads without a row read the last one: they take part in shuffles and barriers.
  if (plan.across || plan.height > 1) {
    inRange = isLess(g, row, rows);
    row = g.min(row, g.sub(rows, g.index(1)));
  }
  Value isFirst = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, along, g.index(0));
  own = both(g, inRange, isFirst);
  number = plan.across ? g.mul(row, lanes) : row;

  SmallVector<Value> at = outer.empty() ? SmallVector<Value>() : e.delinearize(row, outer);
  if (plan.groupAxis >= 0)
    groupFirst = g.mul(at.pop_back_val(), groupChannels);
  for (auto [d, v] : llvm::zip_equal(plan.kept, at)) {
    bool isLane = plan.across && d == plan.laneDim;
    keptIndex.push_back(isLane ? Coord{g.mul(v, lanes), lanes > 1 ? 1 : 0} : Coord{v, 0});
  }
}

Coords RowWalk::indexOf(Value j) {
  Coords index(plan.shape.size(), Coord{g.index(0), 0});
  for (auto [d, c] : llvm::zip_equal(plan.kept, keptIndex))
    index[d] = c;
  SmallVector<Value> rowSizes;
  for (int64_t d : plan.axes)
    rowSizes.push_back(d == plan.groupAxis ? groupChannels : sizes[d]);
  if (plan.merged || plan.axes.size() == 1) {
    index[plan.axes.back()].base = j;
  } else {
    for (auto [d, v] : llvm::zip_equal(plan.axes, e.delinearize(j, rowSizes)))
      index[d].base = v;
  }
  if (groupFirst)
    index[plan.groupAxis].base = g.add(groupFirst, index[plan.groupAxis].base);
  if (!plan.across && lanes > 1)
    index[plan.laneDim].step = 1;
  return index;
}

std::pair<Value, Value> RowWalk::turn(int64_t i) {
  Value j = g.add(first, g.mul(stride, i));
  int64_t step = plan.across ? plan.height : plan.width * lanes;
  bool whole = plan.length.getConstant().value_or(0) >= (i + 1) * step;
  return {j, whole ? Value() : isLess(g, j, end)};
}

/// Reads the row once.
void RowWalk::hold() {
  Value zero = m.zero(g.vectorOf(computeType(plan.element), lanes));
  for (int64_t i = 0; i < plan.turns; ++i) {
    auto [j, exists] = turn(i);
    Coords index = indexOf(j);
    Value x;
    if (!exists) {
      x = read(index);
    } else {
      auto branch = scf::IfOp::create(g.b, g.loc, zero.getType(), exists, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(g.b);
      {
        ElementAt::Scope scope(e);
        g.b.setInsertionPointToStart(branch.thenBlock());
        scf::YieldOp::create(g.b, g.loc, read(index));
      }
      g.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(g.b, g.loc, zero);
      x = branch.getResult(0);
    }
    held.push_back(x);
    places.push_back({index, exists});
  }
}

Value RowWalk::statistic(ReduceKind kind, Term term) {
  Value neutral = reductionNeutral(m, kind, plan.element, lanes), sum = neutral;
  if (plan.turns) {
    for (auto [x, place] : llvm::zip_equal(held, places)) {
      Value t = term(place.first, x);
      if (place.second)
        t = arith::SelectOp::create(g.b, g.loc, place.second, t, neutral);
      sum = step(kind, sum, t);
    }
  } else {
    sum = g.stridedLoop(first, end, stride, neutral, [&](Value j, ValueRange carried) -> SmallVector<Value> {
      ElementAt::Scope scope(e);
      Coords index = indexOf(j);
      return {step(kind, carried[0], term(index, read(index)))};
    })[0];
  }
  return plan.across ? combineAcross(kind, sum) : combineAlong(kind, sum);
}

Value RowWalk::combineAlong(ReduceKind kind, Value v) {
  if (lanes > 1)
    v = reduceLanes(g, m, kind, plan.element, v);
  for (int64_t mask = std::min<int64_t>(32, plan.width) / 2; mask >= 1; mask /= 2)
    v = step(kind, v, g.shuffleXor(v, mask));
  int64_t warps = plan.width / 32;
  if (warps <= 1)
    return v;
  // One value of each warp through shared memory, then the same in every warp.
  Type type = v.getType();
  int64_t bytes = std::max<int64_t>(4, getElementBytes(type)), base = slot++ * 32 * bytes;
  auto place = [&](Value i) { return g.sharedPtr(g.add(g.mul(i, bytes), base)); };
  Value lane = g.lane(), warp = g.warp();
  Value leads = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, lane, g.i32(0));
  g.ifThen(leads, [&] { g.storeAligned(v, place(warp)); });
  g.barrier();
  Value mine = g.loadAligned(place(g.min(lane, g.i32(warps - 1))), type, 1);
  Value isOne = g.less(lane, g.i32(warps));
  v = arith::SelectOp::create(g.b, g.loc, isOne, mine, reductionNeutral(m, kind, plan.element, 1));
  for (int64_t mask = 16; mask >= 1; mask /= 2)
    v = step(kind, v, g.shuffleXor(v, mask));
  return v;
}

Value RowWalk::combineAcross(ReduceKind kind, Value v) {
  if (plan.height == 1)
    return v;
  Type type = computeType(plan.element);
  int64_t bytes = std::max<int64_t>(4, getElementBytes(type));
  int64_t base = slot++ * plan.threads() * lanes * bytes;
  Value thread = g.threadIdx(), column = g.rem(thread, g.i32(plan.width));
  // Accesses of 16 bytes at most.
  int64_t piece = std::min<int64_t>(lanes, 16 / bytes);
  auto place = [&](Value t, int64_t from) {
    int64_t offset = base + from / piece * plan.threads() * piece * bytes;
    return g.sharedPtr(g.add(g.mul(t, piece * bytes), offset));
  };
  auto join = [&](Value a, Value b) -> Value {
    int64_t n = cast<VectorType>(a.getType()).getNumElements(), all = n + piece;
    SmallVector<int64_t> taken = llvm::to_vector(llvm::seq<int64_t>(0, all));
    // A shuffle wants operands of one length or not: it counts on through both.
    return vector::ShuffleOp::create(g.b, g.loc, a, b, taken);
  };
  auto slice = [&](Value whole, int64_t from) -> Value {
    if (lanes == piece)
      return whole;
    SmallVector<int64_t> taken = llvm::to_vector(llvm::seq<int64_t>(from, from + piece));
    return vector::ShuffleOp::create(g.b, g.loc, whole, whole, taken);
  };
  for (int64_t from = 0; from < lanes; from += piece)
    g.storeAligned(slice(v, from), place(thread, from));
  g.barrier();
  Value sum;
  for (int64_t s = 0; s < plan.height; ++s) {
    Value part, from = g.add(column, s * plan.width);
    for (int64_t at = 0; at < lanes; at += piece) {
      Value x = g.loadAligned(place(from, at), type, piece);
      part = part ? join(part, x) : x;
    }
    sum = sum ? step(kind, sum, part) : part;
  }
  return sum;
}

void RowWalk::forEach(function_ref<void(ArrayRef<Coord>, int64_t, Value)> visit) {
  auto guarded = [&](Value condition, function_ref<void()> body) {
    ElementAt::Scope scope(e);
    if (condition)
      g.ifThen(condition, body);
    else
      body();
  };
  if (plan.turns) {
    for (auto [x, place] : llvm::zip_equal(held, places)) {
      Value value = x;
      ArrayRef<Coord> index = place.first;
      guarded(both(g, inRange, place.second), [&] { visit(index, lanes, value); });
    }
    return;
  }
  guarded(inRange, [&] {
    g.stridedLoop(first, end, stride, {}, [&](Value j, ValueRange) -> SmallVector<Value> {
      ElementAt::Scope scope(e);
      Coords index = indexOf(j);
      visit(index, lanes, read(index));
      return {};
    });
  });
}

void RowWalk::onceInRow(function_ref<void()> body) {
  ElementAt::Scope scope(e);
  g.ifThen(own, body);
}

Value RowWalk::spread(Value v) { return isa<VectorType>(v.getType()) ? v : g.splat(v, lanes); }
