//===- StridedMap.cpp - Strided kernels in the order of the result --------===//
#include "StridedMap.h"
#include "StridedBody.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

/// Elements in 16 bytes of the widest type that the kernel reads or writes, at most 8.
static int64_t mapLanes(KernelOp kernel) {
  int64_t bytes = 2;
  auto count = [&](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    // One element for all: its width is of no matter.
    if (tensor && !(tensor.hasStaticShape() && tensor.getNumElements() == 1))
      bytes = std::max(bytes, getElementBytes(tensor.getElementType()));
  };
  for (Type t : kernel.getFunctionType().getInputs())
    count(t);
  for (Type t : kernel.getFunctionType().getResults())
    count(t);
  return std::clamp<int64_t>(16 / bytes, 1, 8);
}

std::optional<StridedMap> cuda::planStridedMap(KernelOp kernel, ShapeAnalysis &shapes,
                                               const TargetDescription &target, std::string &reason) {
  std::optional<StridedKernel> strided = analyzeStrided(kernel, shapes, reason);
  if (!strided)
    return std::nullopt;
  StridedMap map;
  map.kernel = std::move(*strided);
  const StridedKernel &s = map.kernel;
  map.total = s.total(kernel.getContext());
  size_t rank = s.sizes.size();
  if (rank > 0)
    map.lanes = mapLanes(kernel);
  SmallVector<SymExpr> whole;
  if (rank > 1)
    whole.push_back(s.sizes.back());
  for (const StridedRead &r : s.reads) {
    if (r.isUniform())
      continue;
    if (r.strides.back().isConstant(0))
      continue;
    if (!r.strides.back().isConstant(1)) {
      map.lanes = 1;
      break;
    }
    whole.push_back(r.offset);
    for (size_t d = 0; d + 1 < rank; ++d)
      whole.push_back(r.strides[d]);
  }
  map.acrossRows = rank > 1 && llvm::all_of(s.reads, [&](const StridedRead &r) {
    // A broadcast operand is smaller than the result, and stays in the cache.
    return s.isDense(r) || llvm::any_of(r.strides, [](SymExpr e) { return e.isConstant(0); });
  });
  int64_t most = map.lanes;
  for (SymExpr e : whole)
    if (std::optional<int64_t> c = e.getConstant())
      while (map.lanes > 1 && *c % map.lanes != 0)
        map.lanes /= 2;
  if (map.lanes < most && map.acrossRows) {
    map.lanes = most;
  } else {
    for (SymExpr e : whole)
      if (!e.isMultipleOf(map.lanes) && !llvm::is_contained(map.checks, e))
        map.checks.push_back(e);
    map.acrossRows &= !map.checks.empty();
  }
  map.walk = planWalk(map.total.floorDiv(map.lanes), map.total, s.countOps() * map.lanes, target);
  return map;
}

namespace {
class StridedEmitter {
public:
  StridedEmitter(GpuBuilder &g, const StridedMap &map) : g(g), map(map), s(map.kernel), body(g, s) {}

  LogicalResult run() {
    if (map.checks.empty()) {
      vectors(map.acrossRows);
      return result;
    }
    Value odd;
    for (SymExpr e : map.checks) {
      Value rest = g.bitAnd(g.size(e), map.lanes - 1);
      odd = odd ? arith::OrIOp::create(g.b, g.loc, odd, rest).getResult() : rest;
    }
    Value even = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, odd, g.index(0));
    g.ifThen(
        even, [&] { vectors(/*acrossRows=*/false); },
        [&] {
          if (map.acrossRows)
            vectors(/*acrossRows=*/true);
          else
            singles();
        });
    return result;
  }

private:
  /// Whole vectors, and what is left at the end one by one.
  void vectors(bool acrossRows) {
    Value total = walkSize(g, map.walk, map.total), count = g.floorDiv(total, g.constantLike(total, map.lanes));
    emitWalk(g, map.walk, count, [&](ArrayRef<Value> items) {
      // All loads first: they go out together, and a result may lie where an operand does.
      SmallVector<SmallVector<Value>> values;
      for (Value item : items)
        values.push_back(acrossRows ? computeAcross(item) : compute(item, map.lanes));
      for (auto [item, v] : llvm::zip_equal(items, values))
        body.store(v, g.toI64(g.mul(item, map.lanes)));
    });
    // Whole rows of whole vectors leave nothing.
    if (map.lanes == 1 || map.total.isMultipleOf(map.lanes) || (s.sizes.size() > 1 && !acrossRows))
      return;
    Value done = g.toI64(g.mul(count, map.lanes));
    Value thread = g.add(g.mul(g.toI64(g.blockIdx()), map.walk.block), g.toI64(g.threadIdx()));
    Value element = g.add(done, thread);
    Value left = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::ult, element, g.size(map.total));
    g.ifThen(left, [&] { single(map.walk.narrow ? g.toI32(element) : element); });
  }

  void singles() {
    emitGridLoop(g, map.walk, walkSize(g, map.walk, map.total), [&](Value element) { single(element); });
  }

  void single(Value element) { body.store(compute(element, 1), g.toI64(element)); }

  /// Results of vector number `item`, which may begin in one row and end in another.
  SmallVector<Value> computeAcross(Value item) {
    Value first = g.mul(item, map.lanes), element = g.toI64(first);
    SmallVector<Value> sizes;
    for (SymExpr size : s.sizes)
      sizes.push_back(walkSize(g, map.walk, size));
    SmallVector<SmallVector<Value>> positions{positionOf(g, first, sizes)};
    while (static_cast<int64_t>(positions.size()) < map.lanes) {
      SmallVector<Value> next = positions.back();
      Value carry;
      for (size_t d = next.size(); d-- > 0;) {
        Value moved = g.add(next[d], 1);
        next[d] = carry ? arith::SelectOp::create(g.b, g.loc, carry, moved, next[d]).getResult() : moved;
        if (d == 0)
          break;
        Value end = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, next[d], sizes[d]);
        next[d] = arith::SelectOp::create(g.b, g.loc, end, g.constantLike(next[d], 0), next[d]);
        carry = end;
      }
      positions.push_back(std::move(next));
    }
    SmallVector<Value> values = body.compute(map.lanes, [&](int i) -> Value {
      const StridedRead &r = s.reads[i];
      if (s.isDense(r))
        return body.load(i, element, map.lanes, 1);
      SmallVector<Value> lanes;
      for (ArrayRef<Value> position : positions)
        lanes.push_back(body.load(i, addressOf(r, position, 1), 1, 0));
      return vector::FromElementsOp::create(g.b, g.loc, g.vectorOf(lanes[0].getType(), map.lanes), lanes);
    });
    if (values.empty())
      result = failure();
    return values;
  }

  /// Element number of a read at a position of which the last coordinate counts vectors.
  Value addressOf(const StridedRead &r, ArrayRef<Value> position, int64_t lanes) {
    Value address = g.size(r.offset);
    for (size_t d = 0; d < position.size(); ++d) {
      if (r.strides[d].isConstant(0))
        continue;
      Value stride = g.mul(g.size(r.strides[d]), d + 1 == position.size() ? lanes : 1);
      address = g.add(address, g.mul(g.toI64(position[d]), stride));
    }
    return address;
  }

  /// Results of vector number `item` of that many lanes, in one row.
  SmallVector<Value> compute(Value item, int64_t lanes) {
    size_t rank = s.sizes.size();
    Value element = g.toI64(g.mul(item, lanes));
    SmallVector<Value> sizes, position;
    for (SymExpr size : s.sizes)
      sizes.push_back(walkSize(g, map.walk, size));
    if (rank > 1) {
      sizes.back() = g.floorDiv(sizes.back(), g.constantLike(item, lanes));
      position = positionOf(g, item, sizes);
    } else if (rank == 1) {
      position = {item};
    }
    SmallVector<Value> values = body.compute(lanes, [&](int i) {
      const StridedRead &r = s.reads[i];
      int64_t step = r.strides.back().getConstant().value_or(1);
      if (s.isDense(r))
        return body.load(i, element, lanes, step);
      return body.load(i, addressOf(r, position, lanes), lanes, step);
    });
    if (values.empty())
      result = failure();
    return values;
  }

  GpuBuilder &g;
  const StridedMap &map;
  const StridedKernel &s;
  StridedBody body;
  LogicalResult result = success();
};
} // namespace

LogicalResult cuda::emitStridedMap(GpuBuilder &g, const StridedMap &map) {
  if (!map.kernel.sizes.empty())
    return StridedEmitter(g, map).run();
  // One element: the thread that writes it is the only one that reads, for the result may lie where an operand does.
  LogicalResult result = success();
  Value first = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, g.threadIdx(), g.i32(0));
  g.ifThen(first, [&] { result = StridedEmitter(g, map).run(); });
  return result;
}
