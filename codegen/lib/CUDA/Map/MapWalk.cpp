//===- MapWalk.cpp - Threads, vectors and blocks of a map -----------------===//
#include "MapWalk.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

/// Code of one thread's items that are emitted side by side, in scalar operations.
static constexpr int64_t kMostOps = 96;

MapWalk cuda::planWalk(SymExpr items, SymExpr elements, int64_t ops, const TargetDescription &target) {
  MapWalk walk;
  walk.items = items;
  std::optional<int64_t> count = elements.getConstant(), known = items.getConstant();
  // A block beyond the last element still has numbers that fit.
  walk.narrow = count && *count < INT32_MAX - (1 << 20);
  // A size that is only known later may be small: fewer items for each thread then.
  walk.unroll = known ? 4 : 2;
  while (walk.unroll > 1 && walk.unroll * std::max<int64_t>(ops, 1) > kMostOps)
    walk.unroll /= 2;
  if (!known)
    return walk;
  // Every multiprocessor is to have blocks enough to hide what memory takes (2048 threads).
  int64_t threads = target.gpu->processors * 2048;
  while (walk.unroll > 1 && *known < threads * walk.unroll)
    walk.unroll /= 2;
  while (walk.block > 64 && *known < target.gpu->processors * walk.block)
    walk.block /= 2;
  walk.block = std::clamp<int64_t>(llvm::alignTo(*known, 32), 32, walk.block);
  return walk;
}

Value cuda::walkSize(GpuBuilder &g, const MapWalk &walk, SymExpr size) {
  return walk.narrow ? g.i32(*size.getConstant()) : g.size(size);
}

static Value numberOf(GpuBuilder &g, const MapWalk &walk, Value v) { return walk.narrow ? v : g.toI64(v); }

void cuda::emitWalk(GpuBuilder &g, const MapWalk &walk, Value count,
                    llvm::function_ref<void(ArrayRef<Value>)> body) {
  Value block = numberOf(g, walk, g.blockIdx()), thread = numberOf(g, walk, g.threadIdx());
  Value begin = g.mul(block, walk.block * walk.unroll), first = g.add(begin, thread);
  std::optional<int64_t> known = walk.items.getConstant();
  auto below = [&](Value v) { return arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::ult, v, count); };
  auto together = [&] {
    SmallVector<Value> items;
    for (int64_t k = 0; k < walk.unroll; ++k)
      items.push_back(g.add(first, k * walk.block));
    body(items);
  };
  // A grid may have a block more, for elements behind the last whole item.
  int64_t perBlock = walk.block * walk.unroll;
  if (known && *known > 0 && *known % perBlock == 0 && g.launch.grid[0].isConstant(*known / perBlock))
    return together();
  if (walk.unroll == 1)
    return g.ifThen(below(first), together);
  Value full = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::ule,
                                     g.add(begin, walk.block * walk.unroll), count);
  g.ifThen(full, together, [&] {
    auto loop = scf::ForOp::create(g.b, g.loc, first, count, g.constantLike(first, walk.block));
    OpBuilder::InsertionGuard guard(g.b);
    g.b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  });
}

void cuda::emitGridLoop(GpuBuilder &g, const MapWalk &walk, Value count, llvm::function_ref<void(Value)> body) {
  Value block = numberOf(g, walk, g.blockIdx()), thread = numberOf(g, walk, g.threadIdx());
  Value first = g.add(g.mul(block, walk.block), thread);
  Value step = g.mul(numberOf(g, walk, g.gridDim()), walk.block);
  auto loop = scf::ForOp::create(g.b, g.loc, first, count, step);
  OpBuilder::InsertionGuard guard(g.b);
  g.b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value> cuda::positionOf(GpuBuilder &g, Value item, ArrayRef<Value> sizes) {
  SmallVector<Value> position(sizes.size());
  for (size_t d = sizes.size(); d-- > 0;) {
    if (d == 0) {
      position[0] = item;
      break;
    }
    // The quotient is needed as well: a product is cheaper than a second division.
    Value q = g.floorDiv(item, sizes[d]);
    position[d] = g.sub(item, g.mul(q, sizes[d]));
    item = q;
  }
  return position;
}
